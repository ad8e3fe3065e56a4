"""What an undated article says of the time in which it was written.

It cannot be earlier than the last day that it tells of as over, nor later than what it announces or than its
first comment. A weekday beside a day and month fits in few years.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.clean.published import MONTHS, full_dates

if TYPE_CHECKING:
    import pyarrow as pa

Row = dict[str, Any]
Span = tuple[dt.date | None, dt.date | None]

_YEARS = range(1900, 2101)
"""Years outside are misread numbers or another calendar's."""
_GRAINS = frozenset({"time", "day", "week", "weekend", "month", "quarter", "season", "half", "year"})
_WEEKDAY = re.compile(
    r"\b(?P<weekday>mon|tues|wednes|thurs|fri|satur|sun)day,? (?:the )?"
    r"(?:(?P<month>[a-z]{3,9})\.? (?P<day>\d{1,2})|(?P<day2>\d{1,2})(?:st|nd|rd|th)?(?: of)? (?P<month2>[a-z]{3,9}))(?:st|nd|rd|th)?\b",
    re.IGNORECASE,
)
_WEEKDAYS = ("mon", "tues", "wednes", "thurs", "fri", "satur", "sun")
_STAMP = re.compile(r"\d[:.]\d\d|\b(?:said|says|wrote)\b", re.IGNORECASE)
"""A stamp of a comment has the time of day or says who wrote it; a bare day may belong to anything."""
_COMMENT_YEAR = re.compile(
    r"\b(?:it['’]?s|it is|this is|we['’]?re in|we are in) (?P<year>20\d\d)\b(?! \w)", re.IGNORECASE
)
_YEAR = dt.timedelta(days=365)
_LATE = re.compile(r"(?:^|\W)(?:1[89]|20)\d\d(?:\W|$)")


@dataclass(frozen=True)
class Evidence:
    """The stretches of days that one thing an article tells leaves open, and why."""

    spans: tuple[Span, ...]
    reason: str


@dataclass(frozen=True)
class Date:
    """What counts here of a row of table ``dates``."""

    article_id: str
    sentence_id: str | None
    zone: str
    start: int
    end: int
    text: str
    start_date: dt.date | None
    end_date: dt.date | None
    grain: str | None
    anchor_basis: str | None
    tense: str | None
    confidence: str
    unresolved_reason: str | None


def rows_of(table: pa.Table, columns: Sequence[str], articles: Iterable[str]) -> list[Row]:
    """The rows of ``articles`` in ``table``, with ``columns`` only."""
    import pyarrow as pa
    import pyarrow.compute as pc

    chosen = pc.is_in(table["article_id"], value_set=pa.array(sorted(articles), pa.string()))
    rows: list[Row] = table.select(list(columns)).filter(chosen).to_pylist()
    return rows


def both(one: Span, other: Span) -> Span | None:
    """The days in both spans; None if there are none."""
    first = max((d for d in (one[0], other[0]) if d), default=None)
    last = min((d for d in (one[1], other[1]) if d), default=None)
    return None if first and last and first > last else (first, last)


def told(dates: Sequence[Date], quotes: Sequence[tuple[int, int]]) -> Iterator[Evidence]:
    """The last day told as over, and the first of those told as still to come; a quotation may be old."""
    over = [(d.start_date, d.text) for d in dates if _absolute(d) and d.start_date and is_over(d)]
    if over:
        day, words = max(over)
        yield Evidence(((day, None),), f'the latest time told of as over is "{words}"')
    coming = [d for d in dates if _absolute(d) and d.tense == "future"]
    ahead = [
        (d.end_date, d.text) for d in coming if d.end_date and not any(a <= d.start and d.end <= b for a, b in quotes)
    ]
    if ahead:
        day, words = min(ahead)
        yield Evidence(((None, day),), f'"{words}" is told of as still to come')


def _absolute(date: Date) -> bool:
    """Whether the words alone give the date, and a plausible one."""
    sound = date.anchor_basis == "none_needed" and date.confidence != "low" and date.grain in _GRAINS
    return sound and date.start_date is not None and date.start_date.year in _YEARS


def is_over(date: Date) -> bool:
    """Whether ``date`` is told of as over; the day in the dateline of a picture is."""
    return date.tense == "past" or (date.zone == "dateline" and date.grain == "day")


def comments(segments: pa.Table, undated: Iterable[str]) -> Iterator[tuple[str, Evidence]]:
    """What the comments below an article say of when they were written."""
    stamped: dict[str, list[dt.date]] = defaultdict(list)
    years: dict[str, list[int]] = defaultdict(list)
    for row in rows_of(segments, ("article_id", "zone", "text"), undated):
        if row["zone"] == "comment_meta" and _STAMP.search(row["text"]):
            stamped[row["article_id"]] += full_dates(row["text"])
        elif row["zone"] == "comment":
            years[row["article_id"]] += [int(match["year"]) for match in _COMMENT_YEAR.finditer(row["text"])]
    for article, days in stamped.items():
        if days:
            yield article, Evidence(((None, min(days)),), f"the first comment is of {min(days)}")
    for article, named in years.items():
        if named:
            yield article, Evidence(((None, dt.date(min(named), 12, 31)),), f"a comment says that it is {min(named)}")


def weekdays(dates: Sequence[Date], known: Sequence[Evidence]) -> Iterator[Evidence]:
    """A weekday with day and month but no year is of the year around publication; other evidence says roughly when."""
    firsts = [a for item in known for a, _ in item.spans[:1] if a]
    lasts = [b for item in known for _, b in item.spans[-1:] if b]
    if not firsts:
        return
    low, high = max(firsts), min(lasts, default=None)
    for date in dates:
        match = _WEEKDAY.search(date.text)
        if not match or date.start_date or date.unresolved_reason is None or _LATE.search(date.text):
            continue
        name, number = (match["month"] or match["month2"])[:3].lower(), int(match["day"] or match["day2"])
        if name not in MONTHS:
            continue
        weekday = _WEEKDAYS.index(match["weekday"].lower())
        spans: list[Span] = []
        for year in range(low.year - 1, (high or low).year + (2 if high else 30)):
            try:
                day = dt.date(year, MONTHS.index(name) + 1, number)
            except ValueError:
                continue
            first, last = (
                (day if date.tense == "past" else day - _YEAR),
                (day if date.tense == "future" else day + _YEAR),
            )
            if day.weekday() == weekday and both((low, high), (first, last)):
                spans.append((first, last if high else None))
        if spans:
            yield Evidence(tuple(spans), f'"{match[0]}" fits in few years')
