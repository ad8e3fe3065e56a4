"""Tables against gold, and tables against the tables of another run.

Gold is one JSON object per article. Its strings are looked up in the article's raw text, both folded
as in :mod:`pipeline.offsets`, and compared with ``raw_start`` and ``raw_end`` of the rows::

    {"article": "saved.txt", "published": "2022-04-03" or null, "complete": ["direct", "mixed"],
     "zones":      [{"text": "a line, or the first 40 characters of a paragraph or more", "zone": "title"}],
     "mentions":   [{"text": "Berg", "nth": 2, "label": "PERSON", "entity": "Anna Berg"}],
     "dates":      [{"text": "last March", "nth": 1, "type": "DATE", "value": null, "open": true}],
     "quantities": [{"text": "more than 100 men", "number": "100", "low": 100, "high": null, "event": "detained"}],
     "quotes":     [{"text": "We saw it", "kind": "direct", "speaker": "she", "speaker_entity": "Anna Berg"}]}

- ``article`` is any of the article's paths; ``nth`` counts the occurrences of ``text`` in the whole
  folded raw text from 1 (the default). A kind without a key is not annotated and not scored.
- ``complete`` names the kinds of quotes that are annotated in full, by default all. Of the others, rows
  that answer no annotation are left out of the count.
- Of dates, quantities and quotes any column of the table can be given (``type`` and ``value`` of a
  date are ``timex_type`` and ``timex_value``); what is not given is not scored, but a quantity without
  ``event`` or ``subset_of`` (the ``text`` of the quantity it is part of) has none. ``note`` is for people.

One file because it is one thing: what the two sides are, how they are paired, and what is counted.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
import tomllib
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipeline.errors import UsageError
from pipeline.offsets import Folded, normalise
from pipeline.report import load
from pipeline.schema import EXTRACTION_ZONES, MENTION_LABELS, TABLES, ZONES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

Row = dict[str, Any]
Span = tuple[int, int]

KINDS = ("zones", "mentions", "dates", "quantities", "quotes")
QUOTE_KINDS = ("direct", "indirect", "mixed", "scare")
MISS_KINDS = ("published", *KINDS[:2], "entities", *KINDS[2:])
_OWN_KEYS = {
    "zones": {"text", "nth", "zone", "note"},
    "mentions": {"text", "nth", "label", "entity", "note"},
    "dates": {"text", "nth", "type", "value", "open", "note"},
    "quantities": {"text", "nth", "number", "subset_of", "note"},
    "quotes": {"text", "nth", "speaker_entity", "note"},
}
_GOLD_KEY = {"timex_type": "type", "timex_value": "value"}
"""What the gold calls two columns of dates."""
_PREFIX = 40
"""So many characters are enough to name a line or paragraph; a shorter text stands for itself."""
_BLANK_LINE = re.compile(r"\n[^\S\n]*(?:\n|$)")


@dataclass(frozen=True)
class Score:
    """One measure of one kind.

    ``form`` is ``f`` (precision over ``rows``, recall over ``gold``), ``share`` (``right`` of ``gold``) or
    ``count`` (``right`` is a number of rows, the fewer the better).
    """

    kind: str
    measure: str
    form: str
    right: float
    gold: float
    right_rows: float = 0
    rows: float = 0

    @property
    def precision(self) -> float | None:
        """Share of the rows that are right, 0 to 1; None without rows."""
        return self.right_rows / self.rows if self.rows else None

    @property
    def recall(self) -> float | None:
        """Share of the gold that was found, or that is right, 0 to 1; None without gold."""
        return self.right / self.gold if self.gold else None

    @property
    def f(self) -> float | None:
        """Harmonic mean of precision and recall; None where one of them is."""
        if self.precision is None or self.recall is None:
            return None
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def as_dict(self) -> dict[str, float | None]:
        """The measure's figures; shares from 0 to 1."""
        if self.form == "count":
            return {"count": self.right, "of": self.gold}
        if self.form == "share":
            return {"share": self.recall, "right": self.right, "of": self.gold}
        sides = {"right": self.right, "gold": self.gold, "right_rows": self.right_rows, "rows": self.rows}
        return {"precision": self.precision, "recall": self.recall, "f": self.f, **sides}


@dataclass
class Report:
    """What :func:`evaluate` measured: scores in order, zones taken for others, and the misses in words."""

    articles: int
    scores: list[Score] = field(default_factory=list)
    confusion: list[tuple[str, str, int, int]] = field(default_factory=list)
    """Gold zone, zone in the table, lines, characters; most characters first; right ones left out."""
    missed: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def lines(self) -> list[str]:
        """The scores as a table to read: percentages, then the numbers they are made of."""
        head = f"{'':32}{'P':>7}{'R':>7}{'F':>7}{'share':>8}{'right':>9}{'of gold':>9}{'of rows':>9}"
        lines, kind = [f"{self.articles} articles with gold", head.rstrip()], ""
        for score in self.scores:
            if score.kind != kind:
                kind = score.kind
                lines.append(kind)
            p, r, f, share, rows = "", "", "", "", ""
            if score.form == "f":
                p, r, f, rows = (
                    _percent(score.precision),
                    _percent(score.recall),
                    _percent(score.f),
                    f"{score.rows:.0f}",
                )
            elif score.form == "share":
                share = _percent(score.recall)
            right = f"{score.right:.1f}" if score.right % 1 else f"{score.right:.0f}"
            numbers = f"{p:>7}{r:>7}{f:>7}{share:>8}{right:>9}{score.gold:>9.0f}{rows:>9}"
            lines.append(f"  {score.measure:30}{numbers}".rstrip())
        if self.confusion:
            lines.append("zones taken for others (lines, characters)")
            lines += [f"  {gold} -> {got}: {n}, {size}" for gold, got, n, size in self.confusion[:10]]
        return lines

    def misses(self, kind: str) -> list[str]:
        """One line per miss of ``kind``: where, what the gold has, what the table has.

        Raises:
            UsageError: there is no such kind.
        """
        if kind not in MISS_KINDS:
            raise UsageError(f"no misses of kind {kind!r}; known are {', '.join(MISS_KINDS)}")
        return list(self.missed.get(kind, ()))

    def differ(self, kind: str, text: Text, mark: Mark, what: str, want: object, got: object) -> None:
        """Note that gold and table have the same string, but say different things of it."""
        place = f"{text.path} @{mark.span[0]}: “{_clip(mark.text)}”"
        self.missed[kind].append(f"{place} {what}: gold {_clip(want)} | table {_clip(got)}")

    def as_dict(self) -> dict[str, Any]:
        """Scores as ``{kind: {measure: figures}}`` beside the number of articles and the confused zones."""
        kinds: dict[str, dict[str, Any]] = {}
        for score in self.scores:
            kinds.setdefault(score.kind, {})[score.measure] = score.as_dict()
        keys = ("gold", "table", "lines", "characters")
        return {
            "articles": self.articles,
            "scores": kinds,
            "confusion": [dict(zip(keys, row, strict=True)) for row in self.confusion],
        }


def below(report: Report, floors: Path) -> list[str]:
    """One line for each measure of ``report`` that is worse than ``floors`` allows.

    ``floors`` is TOML: a table per kind, in it the measure's name and the least F or share in percent; of a measure
    that is a count (invented, wrong, missing), the most. Only a person lowers a floor.

    Raises:
        UsageError: not TOML, or a kind or measure that the report does not have.
    """
    try:
        wanted = tomllib.loads(floors.read_text("utf8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"floors {floors}: {error}") from error
    short, scores = [], report.as_dict()["scores"]
    for kind, measures in wanted.items():
        for measure, floor in measures.items():
            score = scores.get(kind, {}).get(measure)
            if score is None:
                raise UsageError(f"floors {floors}: the report has no [{kind}] {measure!r}; see `concord evaluate`")
            if "count" in score:
                if score["count"] > floor:
                    short.append(f"{kind}: {measure}: {score['count']}, at most {floor}")
            elif (got := 100 * (score.get("f") or score.get("share") or 0.0)) < floor:
                short.append(f"{kind}: {measure}: {got:.1f}, at least {floor}")
    return short


def _clip(words: object, size: int = 70) -> str:
    """``words`` on one line, cut after ``size`` characters."""
    line = normalise(str(words)).text
    return line if len(line) <= size else line[: size - 1] + "…"


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f}"


@dataclass(frozen=True)
class Mark:
    """One annotated string: its raw span, and what the gold says of it."""

    text: str
    span: Span
    says: Row


@dataclass
class Text:
    """One article with gold: the gold's marks by kind, and the tables' rows by kind."""

    path: str
    article: Row
    gold: Row
    marks: dict[str, list[Mark]]
    rows: dict[str, list[Row]] = field(default_factory=dict)


# --- gold ---------------------------------------------------------------------------------------


def _read_gold(gold: Path) -> list[tuple[Path, Row]]:
    """Every gold object with its file, in name order; checked for keys and values that cannot be."""
    files = sorted(gold.glob("*.json")) if gold.is_dir() else [gold]
    if not files:
        raise UsageError(f"{gold} holds no *.json file; gold is one JSON object per article")
    found = []
    for path in files:
        try:
            row = json.loads(path.read_text("utf8"))
        except (OSError, ValueError) as error:
            raise UsageError(f"gold {path}: {error}") from error
        if not isinstance(row, dict) or not isinstance(row.get("article"), str):
            raise UsageError(f"gold {path}: not a JSON object with the article's path as 'article'")
        if unknown := row.keys() - {"article", "published", "complete", "note", *KINDS}:
            raise UsageError(f"gold {path}: unknown key {', '.join(sorted(unknown))}; known are {', '.join(KINDS)}")
        if unknown := set(row.get("complete", ())) - set(QUOTE_KINDS):
            raise UsageError(f"gold {path}: 'complete' names {', '.join(sorted(unknown))}; known are {QUOTE_KINDS}")
        for kind in KINDS:
            for item in row.get(kind, ()):
                _check_item(path, kind, item)
        found.append((path, row))
    return found


def _check_item(path: Path, kind: str, item: Row) -> None:
    """Raise UsageError unless one annotation has a text, known keys, and a known zone or label."""
    if not isinstance(item, dict) or not isinstance(item.get("text"), str) or not item["text"].strip():
        raise UsageError(f"gold {path}: an entry of {kind} has no text: {item!r}")
    columns = () if kind in ("zones", "mentions") else TABLES[kind].names
    if unknown := item.keys() - _OWN_KEYS[kind] - set(columns):
        raise UsageError(f"gold {path}: {kind} {item['text']!r} has an unknown key {', '.join(sorted(unknown))}")
    for key, allowed in (("zone", ZONES), ("label", MENTION_LABELS)):
        if key in _OWN_KEYS[kind] and item.get(key) not in allowed:
            raise UsageError(f"gold {path}: {kind} {item['text']!r} has {key} {item.get(key)!r}; known are {allowed}")


def _locate(where: str, folded: Folded, text: str, nth: int = 1, span: Span | None = None) -> Span:
    """The raw span of the ``nth`` occurrence of ``text``, within the raw ``span`` if one is given."""
    words = normalise(text).text
    left, right = (0, len(folded.text)) if span is None else (_index(folded, span[0]), _index(folded, span[1]))
    position, end = -1, left
    for _ in range(nth):
        position = folded.text.find(words, end, right) if words else -1
        if position < 0:
            raise UsageError(f"{where}: {text!r} (nth {nth}) is not in the article's raw text")
        end = position + len(words)
    return folded.raw_span(position, position + len(words))


def _index(folded: Folded, raw: int) -> int:
    """The first folded character that starts at the raw offset or behind it."""
    return int(folded.starts.searchsorted(raw))


def _locate_line(where: str, raw: str, folded: Folded, item: Row, taken: set[int]) -> Span:
    """The raw span of the line that ``item`` names: the nth such line, or the first not named before.

    Whole lines come first, then lines that begin with the text, then lines that hold it. A text of 40 characters
    or more stands for its paragraph from there on; a shorter one for itself, at the beginning or end of a line.
    """
    words = normalise(item["text"]).text
    whole, begun, inside, position = list[Span](), list[Span](), list[Span](), folded.text.find(words)
    while position >= 0:
        start, end = folded.raw_span(position, position + len(words))
        position = folded.text.find(words, position + 1)
        before, behind = raw[raw.rfind("\n", 0, start) + 1 : start], raw[end:].split("\n", 1)[0]
        first, last = not normalise(before).text, not normalise(behind).text
        if len(words) >= _PREFIX:
            blank = _BLANK_LINE.search(raw, end)
            end = blank.start() if blank else len(raw)
        if first and last:
            whole.append((start, end))
        elif len(words) >= _PREFIX:
            (begun if first else inside).append((start, end))
        elif (first or last) and not re.match(r"\w", behind) and not re.search(r"\w$", before):
            inside.append((start, end))
    lines = whole or begun or inside
    nth = item.get("nth", 1 + sum(1 for line in lines if line[0] in taken))
    left = lines if "nth" in item else [line for line in lines if line[0] not in taken]
    left = left[item.get("nth", 1) - 1 :]
    if not left:
        raise UsageError(
            f"{where}: {item['text']!r} (nth {nth}) is no line of the article's raw text; under {_PREFIX} characters "
            "it must be a whole line, or stand at the beginning or end of one"
        )
    taken.add(left[0][0])
    return left[0]


def _texts(gold: Path, outputs: Path) -> list[Text]:
    """Every article with gold, its marks located and its rows at hand."""
    columns = ["article_id", "paths", "published", "published_precision"]
    by_path = {path: row for row in load(outputs, "articles", columns) for path in row["paths"]}
    texts: dict[str, Text] = {}
    for file, row in _read_gold(gold):
        if row["article"] not in by_path:
            raise UsageError(
                f"gold {file}: no article in {outputs} has the path {row['article']!r}; "
                f"extract the corpus that the gold was made for: concord extract CORPUS --output {outputs}"
            )
        article = by_path[row["article"]]
        if other := texts.get(article["article_id"]):
            raise UsageError(f"gold {file}: {other.path} and {row['article']} are the same text; keep one of them")
        texts[article["article_id"]] = Text(row["article"], {**article, "file": file}, row, {})
    ids = sorted(texts)
    for found in load(outputs, "articles", ["article_id", "raw_text"], ids):
        text = texts[found["article_id"]]
        text.article["raw_text"] = found["raw_text"]
        _mark(text)
    for kind in KINDS:
        for text in texts.values():
            text.rows[kind] = []
        for found in load(outputs, "segments" if kind == "zones" else kind, None, ids):
            texts[found["article_id"]].rows[kind].append(found)
    return list(texts.values())


def _mark(text: Text) -> None:
    """Locate every annotation of one article."""
    raw, where = text.article["raw_text"], f"gold {text.article['file']}"
    folded, taken = normalise(raw), set[int]()
    for kind in KINDS:
        if kind not in text.gold:
            continue
        text.marks[kind] = []
        for item in text.gold[kind]:
            if kind == "zones":
                span = _locate_line(where, raw, folded, item, taken)
            else:
                span = _locate(where, folded, item["text"], item.get("nth", 1))
            if kind == "quantities" and "number" in item:
                span = _locate(where, folded, item["number"], 1, span)
            for key in ("speaker", "cue"):
                if kind == "quotes" and item.get(key):
                    _locate(where, folded, item[key])
            text.marks[kind].append(Mark(item["text"], span, item))
    starts = sorted(mark.span[0] for mark in text.marks.get("zones", ()))
    for i, mark in enumerate(text.marks.get("zones", ())):  # a paragraph ends where the next annotated text begins
        end = min([start for start in starts if start > mark.span[0]] + [mark.span[1]])
        text.marks["zones"][i] = Mark(mark.text, (mark.span[0], end), mark.says)


# --- pairing ---------------------------------------------------------------------------------------


def _row_span(_: Text, row: Row) -> Span:
    return row["raw_start"], row["raw_end"]


def _number_span(text: Text, row: Row) -> Span:
    """The raw span of the number alone; of the whole row where the two texts do not fold alike."""
    folded = normalise(text.article["raw_text"][row["raw_start"] : row["raw_end"]], row["raw_start"])
    start, end = row["number_start"], row["number_end"]
    if start is None or end is None or folded.text != row["text"] or not row["start"] <= start < end <= row["end"]:
        return _row_span(text, row)
    return folded.raw_span(start - row["start"], end - row["start"])


def _overlap(left: Span, right: Span) -> int:
    return max(0, min(left[1], right[1]) - max(left[0], right[0]))


def _same(want: Any, got: Any) -> bool:
    """Whether a column holds what the gold says; numbers within rounding to three decimals."""
    if isinstance(want, int | float) and isinstance(got, int | float) and not isinstance(want, bool):
        return math.isclose(want, got, rel_tol=1e-9, abs_tol=6e-4)
    return bool(want == (got.isoformat() if isinstance(got, dt.date) else got))


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
        self, measure: str, asked: Iterable[tuple[Pair, Any, Any]], right: Callable[[Any, Any], bool] = _same
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
            return ", ".join([f"“{_clip(says['text'])}”", *(_clip(value) for value in values if value is not None)])

        lines = [(text.path, mark.span[0], f"gold {say(mark.says)} | table: none") for text, mark in self.missed]
        lines += [(text.path, row["raw_start"], f"gold: none | table {say(row)}") for text, row in self.extra]
        self.report.missed[self.kind] += [f"{path} @{start}: {words}" for path, start, words in sorted(lines)]


def _ends(says: Row, low: str, high: str) -> str:
    """Both ends of an interval in one string; numbers to three decimals, so that equal ones look alike."""

    def end(value: Any) -> str:
        number = isinstance(value, int | float)
        return "open" if value is None else f"{value:.3f}".rstrip("0").rstrip(".") if number else str(value)

    return f"{end(says.get(low))} to {end(says.get(high))}"


def _pair(
    report: Report,
    texts: Iterable[Text],
    kind: str,
    tie: tuple[str, str],
    span_of: Callable[[Text, Row], Span] = _row_span,
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
                common, lengths = _overlap(mark.span, span), (mark.span[1] - mark.span[0], span[1] - span[0])
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
        extra = (row for j, row in enumerate(rows) if j not in taken)
        pairing.extra += [(text, row) for row in extra if complete is None or row["kind"] in complete]
    return pairing


# --- what is counted -------------------------------------------------------------------------------


def _published(report: Report, texts: list[Text]) -> None:
    """Right, wrong and missing publication dates; a date where the gold has none is wrong."""
    answers: Counter[str] = Counter()
    for text in texts:
        if "published" not in text.gold:
            continue
        want, day = text.gold["published"], text.article["published"]
        size = {"year": 4, "month": 7}.get(text.article["published_precision"] or "", 10)
        got = day.isoformat()[:size] if day else None
        answer = "right" if got == want else "missing" if got is None else "wrong"
        answers[answer] += 1
        if answer != "right":
            report.missed["published"].append(f"{text.path}: gold {want or 'no date'} | table {got or 'no date'}")
    for answer, form in (("right", "share"), ("wrong", "count"), ("missing", "count")):
        if answers:
            report.scores.append(Score("published", answer, form, answers[answer], answers.total()))


def _zones(report: Report, texts: list[Text]) -> None:
    """Lines and characters with the right zone, and whether the words were read or left out as they should be."""
    lines, confused, sizes = Counter[bool](), Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for text in texts:
        raw = text.article["raw_text"]
        for mark in text.marks.get("zones", ()):
            zones: Counter[str] = Counter()
            for row in text.rows["zones"]:
                left, end = max(mark.span[0], row["raw_start"]), min(mark.span[1], row["raw_end"])
                zones[row["zone"]] += sum(not c.isspace() for c in raw[left:end]) if left < end else 0
            zones["none"] = sum(not c.isspace() for c in raw[slice(*mark.span)]) - zones.total()
            want, got = mark.says["zone"], zones.most_common(1)[0][0]
            lines[got == want] += 1
            sizes += Counter({(want, zone): n for zone, n in zones.items()})
            if got != want:
                confused[want, got] += 1
                report.differ("zones", text, mark, "zone", want, got)
    if not lines:
        return
    right = sum(n for (want, got), n in sizes.items() if want == got)
    read = Counter[tuple[bool, bool]]()
    for (want, got), n in sizes.items():
        read[want in EXTRACTION_ZONES, got in EXTRACTION_ZONES] += n
    both, left_out, kept = read[True, True], read[True, False], read[False, True]
    report.scores += [
        Score("zones", "lines", "share", lines[True], lines.total()),
        Score("zones", "characters", "share", right, sizes.total()),
        Score("zones", "characters to be read", "f", both, both + left_out, both, both + kept),
    ]
    report.confusion = [(*pair, confused[pair], n) for pair, n in sizes.most_common() if pair[0] != pair[1]]


def _has(key: str, value: str) -> Callable[[Row], bool]:
    return lambda says: bool(says[key] == value)


def _mentions(report: Report, texts: list[Text]) -> Pairing:
    """Names: span and label, each label, span alone."""
    names = _pair(report, texts, "mentions", ("label", "label"))

    def strict(pair: Pair) -> bool:
        return pair.exact and pair.mark.says["label"] == pair.row["label"]

    names.f("span and label", strict)
    labels = {mark.says["label"] for _, mark in names.marks} | {row["label"] for _, row in names.extra}
    labels |= {pair.row["label"] for pair in names.pairs}
    for label in filter(labels.__contains__, MENTION_LABELS):
        names.f(f"  {label}", strict, _has("label", label))
    names.f("span alone", lambda pair: pair.exact)
    for pair in names.pairs:
        if not strict(pair):
            want, got = (f"{says['label']} “{says['text']}”" for says in (pair.mark.says, pair.row))
            report.differ("mentions", pair.text, pair.mark, "name", want, got)
    names.leftovers("label")
    return names


def _entities(report: Report, names: Pairing) -> dict[str, str]:
    """B-cubed over the gold names that were found; the entity id that most names of each gold entity have.

    A name that the table links to nothing is an entity of its own.
    """
    cells, where = Counter[tuple[str, str]](), dict[tuple[str, str], str]()
    for pair in names.pairs:
        if entity := pair.mark.says.get("entity"):
            cell = entity, pair.row["entity_id"] or f"unlinked {pair.row['mention_id']}"
            cells[cell] += 1
            where.setdefault(cell, f"{pair.text.path} @{pair.mark.span[0]} “{_clip(pair.row['text'])}”")
    asked = sum(1 for _, mark in names.marks if mark.says.get("entity"))
    if not asked:
        return {}
    sizes: tuple[Counter[str], Counter[str]] = Counter(), Counter()
    for cell, n in cells.items():
        for side in (0, 1):
            sizes[side][cell[side]] += n
    recall, precision = (sum(n * n / sizes[side][cell[side]] for cell, n in cells.items()) for side in (0, 1))
    total = cells.total()
    report.scores.append(Score("entities", "B-cubed, of names found", "f", recall, total, precision, total))
    report.scores.append(Score("entities", "names found", "share", total, asked))
    for side, words in ((0, "gold entity {} is split over"), (1, "entity {} joins")):
        for one in sorted(sizes[side]):
            parts = [f"{cell[1 - side]} ({n}, {where[cell]})" for cell, n in cells.items() if cell[side] == one]
            if len(parts) > 1:
                report.missed["entities"].append(f"{words.format(one)} {len(parts)}: {'; '.join(parts)}")
    return {entity: max((n, cluster) for (e, cluster), n in cells.items() if e == entity)[1] for entity in sizes[0]}


def _dates(report: Report, texts: list[Text]) -> None:
    """Time expressions: spans, values, intervals; and values where the gold says there can be none."""
    dates = _pair(report, texts, "dates", ("type", "timex_type"))
    dates.f("span", lambda pair: pair.exact)
    dates.f("overlap", lambda _: True)
    dates.columns("start_date", "end_date")
    dates.interval("interval", "start_date", "end_date")
    settled = {pair.row["date_id"] for pair in dates.pairs if not pair.mark.says.get("open")}
    open_dates = [(text, mark) for text, mark in dates.marks if mark.says.get("open")]
    invented = 0
    for text, mark in open_dates:
        for row in text.rows["dates"]:
            valued = [row[key] for key in ("timex_value", "start_date", "end_date") if row[key] is not None]
            if valued and row["date_id"] not in settled and _overlap(mark.span, _row_span(text, row)):
                invented += 1
                report.differ("dates", text, mark, "invented", "open", valued[0])
    report.scores.append(Score("dates", "invented (must be 0), of open", "count", invented, len(open_dates)))
    for pair in dates.pairs:
        if not pair.exact:
            report.differ("dates", pair.text, pair.mark, "span", pair.mark.text, pair.row["text"])
    dates.leftovers("timex_type", "timex_value")


def _quantities(report: Report, texts: list[Text]) -> None:
    """Numbers: found, and what is said of those found; events once more as found and right over all."""
    numbers = _pair(report, texts, "quantities", ("kind", "kind"), _number_span)
    numbers.f("number found", lambda _: True)
    numbers.interval("bounds", "low", "high")
    numbers.columns("low", "high")
    numbers.f(
        "event, of all",
        lambda pair: pair.mark.says.get("event") == pair.row["event"],
        lambda says: says.get("event") not in (None, "other"),
    )
    wholes = {id(pair): _whole(pair, numbers.pairs) for pair in numbers.pairs}
    numbers.f(
        "part of which, of all",
        lambda pair: wholes[id(pair)] is not None and wholes[id(pair)] == pair.row["subset_of_quantity_id"],
        lambda says: bool(says.get("subset_of") or says.get("subset_of_quantity_id")),
    )
    texts_of = {row["quantity_id"]: row["text"] for text in texts for row in text.rows["quantities"]}
    for pair in numbers.pairs:
        want, got = pair.mark.says.get("subset_of"), pair.row["subset_of_quantity_id"]
        if (want or got) and (got is None or got != wholes[id(pair)]):
            report.differ("quantities", pair.text, pair.mark, "part of", want, texts_of.get(got))
    numbers.leftovers("kind", "value", "event")


def _whole(part: Pair, pairs: list[Pair]) -> str | None:
    """The id of the row that answers the gold quantity ``part`` is a part of: the nearest with that text."""
    text = part.mark.says.get("subset_of")
    found = [pair for pair in pairs if pair.text is part.text and pair.mark.text == text and pair is not part]
    nearest = min(found, key=lambda pair: abs(pair.mark.span[0] - part.mark.span[0]), default=None)
    return None if nearest is None else str(nearest.row["quantity_id"])


_ARTICLES = re.compile(r"^(?:the|a|an|its|his|her|their) (?=.)")


def _words(name: str | None) -> str:
    """``name`` folded and in lower case, between spaces, without possessive and leading article."""
    plain = re.sub(r"['’]s\b", "", normalise(name or "").text.lower())
    words = re.findall(r"\w+", _ARTICLES.sub("", plain))
    return f" {' '.join(words)} " if words else ""


def _same_words(want: str | None, got: str | None) -> bool:
    return _words(want) == _words(got)


def _share_words(want: str | None, got: str | None) -> bool:
    """Whether the words of one are all in the other, in one piece; nobody is like nobody only."""
    left, right = _words(want), _words(got)
    return left in right or right in left if left and right else left == right


def _quotes(report: Report, texts: list[Text], entity_ids: dict[str, str]) -> None:
    """Statements: content, kind, cue and speaker, as written and as linked."""
    quotes = _pair(report, texts, "quotes", ("kind", "kind"), floor=0.5)
    quotes.f("content (half overlap)", lambda _: True)
    quotes.columns("speaker", "cue")
    given = {key: [pair for pair in quotes.pairs if key in pair.mark.says] for key in ("speaker", "cue")}
    named = [pair for pair in given["speaker"] if pair.mark.says["speaker"]]
    nobody = [pair for pair in given["speaker"] if not pair.mark.says["speaker"]]
    quotes.share("cue", ((p, p.mark.says["cue"], p.row["cue"]) for p in given["cue"]), _same_words)
    quotes.share("speaker overlaps", ((p, p.mark.says["speaker"], p.row["speaker"]) for p in named), _share_words)
    alike = sum(_same_words(p.mark.says["speaker"], p.row["speaker"]) for p in named)
    if named:
        report.scores.append(Score("quotes", "speaker the same, of matched", "share", alike, len(named)))
    linked = [pair for pair in quotes.pairs if pair.mark.says.get("speaker_entity") in entity_ids]
    ids = ((p, entity_ids[p.mark.says["speaker_entity"]], p.row["speaker_entity_id"]) for p in linked)
    quotes.share("speaker's entity", ids)
    invented = [pair for pair in nobody if pair.row["speaker"] is not None]
    if nobody:
        report.scores.append(Score("quotes", "speaker invented, of nobody", "count", len(invented), len(nobody)))
    for pair in invented:
        report.differ("quotes", pair.text, pair.mark, "speaker", None, pair.row["speaker"])
    quotes.leftovers("kind", "speaker")


def evaluate(gold: Path, outputs: Path) -> Report:
    """Score the tables in ``outputs`` against ``gold``, a folder of ``*.json`` files or one such file.

    Pairs are one to one, best overlap first. P, R and F are over all gold and all rows of the
    annotated kinds; "of matched" is the share of the pairs that are right, of those for which the gold says it.

    Raises:
        UsageError: no gold or no tables; gold that names no article, or a string that is not in its raw text.
    """
    texts = _texts(gold, outputs)
    report = Report(len(texts))
    annotated = {kind: [text for text in texts if kind in text.marks] for kind in KINDS}
    entity_ids: dict[str, str] = {}
    _published(report, texts)
    _zones(report, annotated["zones"])
    if annotated["mentions"]:
        entity_ids = _entities(report, _mentions(report, annotated["mentions"]))
    if annotated["dates"]:
        _dates(report, annotated["dates"])
    if annotated["quantities"]:
        _quantities(report, annotated["quantities"])
    if annotated["quotes"]:
        _quotes(report, annotated["quotes"], entity_ids)
    return report


# --- gains and losses ---------------------------------------------------------------------------

_NAMED_BY = {"entity_id": "entities", "mention_id": "mentions", "quote_id": "quotes"}
_NAMED_BY |= {"quantity_id": "quantities", "date_id": "dates", "article_id": "articles"}
_SAID = {"entities": "name", "articles": "paths"}
_TAIL = {
    "articles": ("title",),
    "segments": ("zone", "text"),
    "sentences": ("text",),
    "mentions": ("label", "text"),
    "dates": ("text", "timex_value"),
    "quantities": ("text", "value", "unit", "event"),
    "quotes": ("kind", "text", "speaker"),
    "entities": ("label", "name"),
    "entity_history": ("entity_id", "event", "other_entity_id"),
    "links": ("judgement", "summary"),
    "figures": ("event", "value", "counted"),
    "figure_groups": ("summary",),
    "figure_pairs": ("relation", "reason"),
    "issues": ("code", "text", "message"),
}
_NOT_COMPARED = re.compile(r"^(?:sentence_id|group_id|content_sha256|(?!period)(?:\w+_)?(?:start|end)|ordinal)$")


def _names(outputs: Path) -> dict[str, str]:
    """Ids of every kind and the words they stand for, so that rows of two runs can be compared."""
    said = {}
    for key, table in _NAMED_BY.items():
        column = _SAID.get(table, "text")
        for row in load(outputs, table, [key, column]):
            said[row[key]] = min(row[column]) if table == "articles" else row[column]
    return said


def _keyed(outputs: Path, table: str, said: dict[str, str]) -> dict[tuple[Any, ...], tuple[str, Row]]:
    """Rows by natural key, each with a line that names it and the columns to compare."""
    keyed: dict[tuple[Any, ...], tuple[str, Row]] = {}
    seen: Counter[tuple[Any, ...]] = Counter()
    for row in load(outputs, table):
        place = said.get(row.get("article_id") or "", row.get("path") or "")
        row_id = next(iter(TABLES[table].key), None)
        columns = {
            name: said.get(value, value) if isinstance(value, str) and name.endswith("_id") else value
            for name, value in row.items()
            if name not in ("article_id", row_id) and not _NOT_COMPARED.match(name)
        }
        key: tuple[Any, ...]
        if "raw_start" in row:
            key = (place, row["raw_start"], row["raw_end"])
            place = f"{place} @{row['raw_start']}"
        elif table == "articles":
            key = (place,)
        elif TABLES[table].key:
            key = tuple(row[name] for name in TABLES[table].key)
        else:
            key = (place, *map(str, columns.values()))
        seen[key] += 1
        tail = ", ".join(_clip(said.get(row[name], row[name])) for name in _TAIL[table] if row[name] is not None)
        keyed[*key, seen[key]] = (": ".join(part for part in (place, tail) if part), columns)
    return keyed


def _changes(table: str, old: Row, new: Row) -> Iterator[str]:
    for column in TABLES[table].names:
        if column in old and old[column] != new[column]:
            long = column in ("raw_text", "clean_text")
            yield column if long else f"{column} {_clip(old[column], 40)} -> {_clip(new[column], 40)}"


def compare(before: Path, after: Path, limit: int = 20) -> list[str]:
    """What the rows of two output folders gained and lost, table by table, with the strings.

    Rows of text are the same row if they stand at the same place of the same path, whatever their id; ids
    in other columns are compared by what they name. At most ``limit`` lines per table, then a count.

    Raises:
        UsageError: a folder lacks a table.
    """
    lines = []
    said = _names(before), _names(after)
    for table in TABLES:
        if table == "runs":
            continue
        old, new = (_keyed(folder, table, names) for folder, names in zip((before, after), said, strict=True))
        lost = [f"  - {words}" for key, (words, _) in old.items() if key not in new]
        won = [f"  + {words}" for key, (words, _) in new.items() if key not in old]
        moved = []
        for key, (words, row) in new.items():
            if key in old and (columns := "; ".join(_changes(table, old[key][1], row))):
                moved.append(f"  ~ {words}: {columns}")
        if not (lost or won or moved):
            lines.append(f"{table}: {len(new)} rows, no difference")
            continue
        found = won + lost + moved
        lines.append(f"{table}: {len(won)} added, {len(lost)} removed, {len(moved)} changed, {len(new)} rows")
        lines += found[:limit]
        if len(found) > limit:
            lines.append(f"  ... and {len(found) - limit} more")
    return lines
