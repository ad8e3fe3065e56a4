"""What an undated article refers back to, and when that was.

Where it says "last year" or "on Tuesday" of a happening that this or another article of the corpus dates, it
was published so long after it. Two articles tell of the same happening only if a rare name and a noun for a
happening of one day stand together in both, or a sentence is nearly the same, and if nothing else fits.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline import resources
from pipeline.clean.evidence import Date, Evidence, Row, Span, is_over, rows_of
from pipeline.clean.published import MONTHS

if TYPE_CHECKING:
    import pyarrow as pa

_FAR, _NEAR = 60, 40
"""Characters between a date and the noun of what it dates, where it is dated and where it is referred back to."""
_EXACT = ("time", "day", "month")
_ALIKE, _FEWEST = 0.5, 8
"""Two sentences tell the same if they share this part of all their longer words, and so many words at least."""


@dataclass(frozen=True)
class _Relative:
    """What a reference back says: publication lies ``least`` to ``most`` units after the event."""

    pattern: re.Pattern[str]
    unit: str
    least: int
    most: int
    same_month: bool = False

    def span(self, first: dt.date, last: dt.date) -> Span:
        if self.unit == "year":
            return dt.date(first.year + self.least, 1, 1), dt.date(last.year + self.most, 12, 31)
        return max(_month(first, self.least), first), _month(last, self.most + 1) - dt.timedelta(days=1)


def _month(day: dt.date, later: int) -> dt.date:
    """The first day of the month that lies so many after that of ``day``."""
    months = day.year * 12 + day.month - 1 + later
    return dt.date(months // 12, months % 12 + 1, 1)


@dataclass(frozen=True)
class _Rules:
    relative: tuple[_Relative, ...]
    near: re.Pattern[str]
    near_days: dt.timedelta
    nouns: re.Pattern[str]
    most_articles: int
    most_share: float


@functools.cache
def _rules() -> _Rules:
    data = resources.toml("windows.toml")
    nouns = sorted(data["event"]["nouns"], key=len, reverse=True)
    return _Rules(
        tuple(_Relative(**row | {"pattern": re.compile(row["pattern"], re.IGNORECASE)}) for row in data["relative"]),
        re.compile(data["near"]["pattern"], re.IGNORECASE),
        dt.timedelta(days=data["near"]["days"]),
        re.compile(rf"\b(?:{'|'.join(map(re.escape, nouns))})\b", re.IGNORECASE),
        data["event"]["most_articles"],
        data["event"]["most_share"],
    )


def references(
    tables: Mapping[str, pa.Table], dates: Sequence[Date], undated: Mapping[str, Row]
) -> dict[str, list[Evidence]]:
    """Evidence from happenings that an undated article refers back to and that this or another article dates."""
    sentences = {
        row["sentence_id"]: row
        for row in rows_of(
            tables["sentences"],
            ("article_id", "sentence_id", "paragraph", "start", "text"),
            {d.article_id for d in dates},
        )
    }
    place = [(d, sentences[d.sentence_id]) for d in dates if d.sentence_id in sentences]
    opened = [(d, s) for d, s in place if d.article_id in undated and d.unresolved_reason and d.tense != "future"]
    sure = [(d, s) for d, s in place if d.confidence != "low" and d.anchor_basis != "earlier_expression"]
    dated = [(d, s) for d, s in sure if d.start_date and d.end_date and d.grain in _EXACT and is_over(d)]
    found: dict[str, list[Evidence]] = defaultdict(list)
    for article, item in [*_happenings(tables, opened, dated), *_retold(opened, dated, undated)]:
        if item not in found[article]:
            found[article].append(item)
    return {article: sorted(items, key=lambda item: item.reason) for article, items in found.items()}


Placed = tuple[Date, Row]


def _happenings(
    tables: Mapping[str, pa.Table], opened: Sequence[Placed], dated: Sequence[Placed]
) -> Iterator[tuple[str, Evidence]]:
    """A person's press conference, referred to as "last year", that is dated once and only once."""
    rules = _rules()
    asked = [(d, s, nouns) for d, s in opened if (nouns := _nouns(d, s, _NEAR))]
    if not asked:
        return
    known = [(d, s, nouns) for d, s in dated if (nouns := _nouns(d, s, _FAR))]
    people = _rare_people(tables, {s["article_id"] for _, s, _ in (*asked, *known)})
    days: dict[tuple[str, str], list[tuple[dt.date, dt.date, str]]] = defaultdict(list)
    for date, sentence, nouns in known:
        for noun in nouns:
            for person in people.get((sentence["article_id"], sentence["paragraph"]), ()):
                assert date.start_date
                assert date.end_date
                days[noun, person].append((date.start_date, date.end_date, date.text))
    for date, sentence, nouns in asked:
        rule = next((r for r in rules.relative if r.pattern.fullmatch(date.text)), None)
        here = sorted(people.get((sentence["article_id"], sentence["paragraph"]), ()))
        hits = sorted({hit for noun in nouns for person in here for hit in days.get((noun, person), ())})
        if rule and rule.same_month:
            number = next(i for i, m in enumerate(MONTHS, 1) if re.search(rf"\b{m}", date.text, re.IGNORECASE))
            hits = [hit for hit in hits if hit[0].month == hit[1].month == number]
        if not rule or not hits or len({(a.year, a.month, b.year, b.month) for a, b, _ in hits}) > 1:
            continue
        first, words = hits[0][0], hits[0][2]
        span = rule.span(first, max(b for _, b, _ in hits))
        noun = min(nouns)
        yield date.article_id, Evidence((span,), f'the {noun} of "{date.text}" is dated "{words}" ({first}) elsewhere')


def _nouns(date: Date, sentence: Row, reach: int) -> set[str]:
    """The nouns for happenings close to ``date`` in its sentence."""
    start, end = date.start - sentence["start"], date.end - sentence["start"]
    return {match.lower() for match in _rules().nouns.findall(sentence["text"][max(0, start - reach) : end + reach])}


def _rare_people(tables: Mapping[str, pa.Table], articles: set[str]) -> dict[tuple[str, int], set[str]]:
    """The surnames in each paragraph of ``articles`` that few articles of the corpus have."""
    columns = tables["mentions"].select(["article_id", "label", "name"]).to_pydict()
    holders: dict[str, set[str]] = defaultdict(set)
    for article, label, name in zip(columns["article_id"], columns["label"], columns["name"], strict=True):
        if label == "PERSON" and name:
            holders[_surname(name)].add(article)
    most = _rules().most_articles + _rules().most_share * tables["articles"].num_rows
    paragraph = {
        r["sentence_id"]: r["paragraph"] for r in rows_of(tables["sentences"], ("sentence_id", "paragraph"), articles)
    }
    rare = {name for name, named_in in holders.items() if len(named_in) <= most}
    people: dict[tuple[str, int], set[str]] = defaultdict(set)
    for row in rows_of(tables["mentions"], ("article_id", "sentence_id", "label", "name"), articles):
        if row["label"] == "PERSON" and row["name"] and row["sentence_id"] in paragraph:
            people[row["article_id"], paragraph[row["sentence_id"]]] |= rare & {_surname(row["name"])}
    return people


def _surname(name: str) -> str:
    return name.rpartition(" ")[2].casefold()


def _retold(
    opened: Sequence[Placed], dated: Sequence[Placed], undated: Mapping[str, Row]
) -> Iterator[tuple[str, Evidence]]:
    """A sentence that a dated article has nearly word for word: its "on Tuesday" is the same Tuesday."""
    rules = _rules()
    asked = [(d, _words(s["text"])) for d, s in opened if d.tense == "past" and rules.near.fullmatch(d.text)]
    wanted: dict[frozenset[str], list[int]] = defaultdict(list)
    for i, (_, words) in enumerate(asked):
        for run in _runs(words):
            wanted[run].append(i)
    hits: dict[int, set[dt.date]] = defaultdict(set)
    for date, sentence in dated if wanted else ():
        if date.article_id in undated or date.grain not in ("time", "day"):
            continue
        words = _words(sentence["text"])
        for i in {i for run in _runs(words) for i in wanted.get(run, ())}:
            if date.start_date and _alike(asked[i][1], words):
                hits[i].add(date.start_date)
    for i, days in sorted(hits.items()):
        if len(days) == 1:
            date, day = asked[i][0], min(days)
            reason = f'another article has the sentence of "{date.text}" and dates it {day}'
            yield date.article_id, Evidence(((day, day + rules.near_days),), reason)


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in re.findall(r"\w+", text.casefold()) if len(word) > 3 or word.isdecimal())


def _runs(words: Sequence[str]) -> Iterator[frozenset[str]]:
    """Sets of four words that follow each other."""
    return (frozenset(words[i : i + 4]) for i in range(len(words) - 3))


def _alike(one: Sequence[str], other: Sequence[str]) -> bool:
    left, right = set(one), set(other)
    shared = len(left & right)
    return shared >= _FEWEST and shared >= _ALIKE * len(left | right)
