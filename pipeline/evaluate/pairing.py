"""Annotations and rows of one kind, paired one to one, and the scores that are made of the pairs."""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipeline.evaluate.gold import QUOTE_KINDS, Mark, Row, Span, Text, clip
from pipeline.evaluate.report import Report, Score
from pipeline.offsets import normalise
from pipeline.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_GOLD_KEY = {"timex_type": "type", "timex_value": "value"}
"""What the gold calls two columns of dates."""


def row_span(_: Text, row: Row) -> Span:
    """The raw span of a row."""
    return row["raw_start"], row["raw_end"]


def number_span(text: Text, row: Row) -> Span:
    """The raw span of the number alone; of the whole row where the two texts do not fold alike."""
    folded = normalise(text.article["raw_text"][row["raw_start"] : row["raw_end"]], row["raw_start"])
    start, end = row["number_start"], row["number_end"]
    if start is None or end is None or folded.text != row["text"] or not row["start"] <= start < end <= row["end"]:
        return row_span(text, row)
    return folded.raw_span(start - row["start"], end - row["start"])


def overlap(left: Span, right: Span) -> int:
    """How many characters two spans share."""
    return max(0, min(left[1], right[1]) - max(left[0], right[0]))


def same(want: Any, got: Any) -> bool:
    """Whether a column, or several, hold what the gold says; numbers within rounding to three decimals."""
    if isinstance(want, tuple) and isinstance(got, tuple):
        return all(map(same, want, got))
    if isinstance(want, int | float) and isinstance(got, int | float) and not isinstance(want, bool):
        return math.isclose(want, got, rel_tol=1e-9, abs_tol=6e-4)
    return bool(want == (got.isoformat() if isinstance(got, dt.date) else got))


_ARTICLES = re.compile(r"^(?:the|a|an|its|his|her|their) (?=.)")


def _words(name: str | None) -> str:
    """``name`` folded and in lower case, between spaces, without possessive and leading article."""
    plain = re.sub(r"['’]s\b", "", normalise(name or "").text.lower())
    words = re.findall(r"\w+", _ARTICLES.sub("", plain))
    return f" {' '.join(words)} " if words else ""


def same_words(want: str | None, got: str | None) -> bool:
    """Whether two names have the same words, but for case, possessive and article; nobody is like nobody only."""
    return _words(want) == _words(got)


def share_words(want: str | None, got: str | None) -> bool:
    """Whether the words of one are all in the other, in one piece; nobody is like nobody only."""
    left, right = _words(want), _words(got)
    return left in right or right in left if left and right else left == right


@dataclass(frozen=True)
class Pair:
    """An annotation and the row that answers it."""

    text: Text
    mark: Mark
    row: Row
    exact: bool
    """Whether the two have the same raw span."""


@dataclass
class Pairing:
    """Gold and rows of one kind in all articles, one to one, and the scores made of them."""

    report: Report
    kind: str
    pairs: list[Pair] = field(default_factory=list)
    missed: list[tuple[Text, Mark]] = field(default_factory=list)
    extra: list[tuple[Text, Row]] = field(default_factory=list)
    """Rows without gold, in articles where such rows are annotated in full."""

    @property
    def marks(self) -> list[tuple[Text, Mark]]:
        """Every annotation, with a row or without."""
        return [(pair.text, pair.mark) for pair in self.pairs] + self.missed

    def f(self, measure: str, right: Callable[[Pair], bool], counts: Callable[[Row], bool] = lambda _: True) -> None:
        """Score precision and recall of the pairs that are right, over the gold and the rows that count."""
        found = [pair for pair in self.pairs if right(pair)]
        rows = [pair.row for pair in self.pairs] + [row for _, row in self.extra]
        score = Score(
            self.kind,
            measure,
            "f",
            right=sum(counts(pair.mark.says) for pair in found),
            gold=sum(counts(mark.says) for _, mark in self.marks),
            right_rows=sum(counts(pair.row) for pair in found),
            rows=sum(map(counts, rows)),
        )
        self.report.scores.append(score)

    def share(
        self, measure: str, asked: Iterable[tuple[Pair, Any, Any]], right: Callable[[Any, Any], bool] = same
    ) -> None:
        """Score the share of pairs in which the table has what the gold wants; the others become misses."""
        answers = []
        for pair, want, got in asked:
            answers.append(right(want, got))
            if not answers[-1]:
                self.report.differ(self.kind, pair.text, pair.mark, measure, want, got)
        if answers:
            score = Score(self.kind, f"{measure}, of matched", "share", sum(answers), len(answers))
            self.report.scores.append(score)

    def columns(self, *skip: str) -> None:
        """The share that is right of each column that the gold gives, in the order of the table."""
        for column in TABLES[self.kind].names:
            key = _GOLD_KEY.get(column, column) if self.kind == "dates" else column
            if column not in ("text", *skip):
                given = (pair for pair in self.pairs if key in pair.mark.says and not pair.mark.says.get("open"))
                self.share(column, ((pair, pair.mark.says[key], pair.row[column]) for pair in given))

    def interval(self, measure: str, low: str, high: str) -> None:
        """The share of which both ends are right."""
        given = [pair for pair in self.pairs if low in pair.mark.says or high in pair.mark.says]
        self.share(measure, ((pair, _ends(pair.mark.says, low, high), _ends(pair.row, low, high)) for pair in given))

    def leftovers(self, *keys: str) -> None:
        """The misses on either side: gold without a row, and rows without gold."""

        def say(says: Row) -> str:
            values = (says.get(key, says.get(_GOLD_KEY.get(key, key))) for key in keys)
            return ", ".join([f"“{clip(says['text'])}”", *(clip(value) for value in values if value is not None)])

        lines = [(text.path, mark.span[0], f"gold {say(mark.says)} | table: none") for text, mark in self.missed]
        lines += [(text.path, row["raw_start"], f"gold: none | table {say(row)}") for text, row in self.extra]
        self.report.missed[self.kind] += [f"{path} @{start}: {words}" for path, start, words in sorted(lines)]


def _ends(says: Row, low: str, high: str) -> str:
    """Both ends of an interval in one string; numbers to three decimals, so that equal ones look alike."""

    def end(value: Any) -> str:
        number = isinstance(value, int | float)
        return "open" if value is None else f"{value:.3f}".rstrip("0").rstrip(".") if number else str(value)

    return f"{end(says.get(low))} to {end(says.get(high))}"


def pair_up(
    report: Report,
    texts: Iterable[Text],
    kind: str,
    tie: tuple[str, str],
    span_of: Callable[[Text, Row], Span] = row_span,
    floor: float = 0,
) -> Pairing:
    """Pair gold and rows one to one: those that share most of what either covers come first.

    A pair must overlap, by ``floor`` of the longer span at least. Of pairs that overlap equally well, those
    come first in which the gold's ``tie[0]`` is the row's ``tie[1]``.
    """
    pairing = Pairing(report, kind)
    for text in texts:
        if kind not in text.marks:
            continue
        marks, rows = text.marks[kind], text.rows[kind]
        spans = [span_of(text, row) for row in rows]
        ranked = []
        for i, mark in enumerate(marks):
            for j, span in enumerate(spans):
                common, lengths = overlap(mark.span, span), (mark.span[1] - mark.span[0], span[1] - span[0])
                if common and common >= floor * max(lengths):
                    other = mark.says.get(tie[0]) != rows[j][tie[1]]
                    ranked.append((-common / (sum(lengths) - common), other, i, j))
        partner, taken = dict[int, int](), set[int]()
        for _, _, i, j in sorted(ranked):
            if i not in partner and j not in taken:
                partner[i] = j
                taken.add(j)
        for i, mark in enumerate(marks):
            if i in partner:
                pairing.pairs.append(Pair(text, mark, rows[partner[i]], mark.span == spans[partner[i]]))
            else:
                pairing.missed.append((text, mark))
        complete = text.gold.get("complete", QUOTE_KINDS) if kind == "quotes" else None
        for j, row in enumerate(rows):
            judged = complete is None or row["kind"] in complete
            if j not in taken and judged and not any(overlap(spans[j], span) for span in text.unjudged):
                pairing.extra.append((text, row))
    return pairing
