"""When an article was published: from what came with it, its byline, its dateline or its address.

A date is kept with the precision it was given in and never taken from running text, a copyright line
or the clock. ISO forms and plain English dates are read by the code below; other forms go through
dateparser, and only when every word of them belongs to a date and the year is spelled out, because
dateparser also makes dates of "we", "24" and "the 1990s", and swaps day and month silently.
"""

from __future__ import annotations

import calendar
import datetime as dt
import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dateparser.date import DateDataParser

    from pipeline.clean.lines import Line

MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR = r"(?P<year>(?:1[89]|20)\d\d)(?!\d)"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_FULL = (
    re.compile(
        r"(?<![\d/.-])(?P<year>(?:1[89]|20)\d\d)(?P<sep>[-/.])(?P<number>\d{1,2})(?P=sep)(?P<day>\d{1,2})(?!\d)"
    ),
    re.compile(rf"(?<![\d\w]){_DAY}(?:\s+of)?[\s-]+{_MONTH}[\s,-]+{_YEAR}", re.IGNORECASE),
    re.compile(
        rf"(?<!\w){_MONTH}[\s-]+{_DAY}[\s,-]+(?:\d\d?:\d\d(?::\d\d)?\s+(?:[+-]\d{{4}}\s+|[A-Z]{{3,4}}\s+)?)?{_YEAR}",
        re.IGNORECASE,
    ),
)
_ISO = re.compile(r"(?P<y>\d{4})(?:-(?P<m>\d\d)(?:-(?P<d>\d\d)(?P<time>[T ].*)?)?)?$")
_COMPACT = re.compile(r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)(?P<time>T?\d{4,6}.*)?$")
_TIME = re.compile(r"[T ]?\d\d:?\d\d(?::?\d\d(?:[.,]\d+)?)?\s?(?:Z|UTC|GMT|[+-]\d\d:?(?:\d\d)?)?(?:\[[\w/]+\])?$")
_EPOCH = re.compile(r"\d{10}(?:\d{3})?(?:\.\d+)?$")
_SLASHED = re.compile(r"(?P<a>\d{1,2})[/.-](?P<b>\d{1,2})[/.-](?P<year>(?:1[89]|20)\d\d)(?P<time>[ ,T].*)?$")
_MONTH_YEAR = re.compile(rf"{_MONTH}[\s,-]+{_YEAR}$", re.IGNORECASE)
_DATE_WORDS = """january february march april may june july august september october november december jan feb mar apr
jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs
fri sat sun am pm a m p at on of the st nd rd th published updated posted date utc gmt z t est edt cst cdt mst mdt pst
pdt et ct mt pt bst cet cest ist eat wat hkt sgt jst aest aedt hrs h"""
_WORDS = frozenset(_DATE_WORDS.split())
_RELATIVE_BASE = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - never shows: only strings with a year are asked
_URL = re.compile(
    r"/(?P<year>(?:19|20)\d\d)(?P<sep>[/-])(?P<month>\d\d?|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"(?:(?P=sep)(?P<day>\d\d?)(?=[/_.-]|$)|(?=/|$))|[/_-](?P<compact>(?:19|20)\d\d[01]\d[0-3]\d)(?=[/_.-]|$)",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"(?<![\d/.-])\d{1,2}[/.-]\d{1,2}[/.-](?:1[89]|20)\d\d(?![\d/.-])")
_CHANGED = re.compile(r"\b(?:last |page )?(?:updated|modified|reviewed)\b", re.IGNORECASE)
_LABEL = re.compile(
    r"(?:(?:first |originally )?(?:published|posted|issued)(?: on)?|(?:publication )?date)\s*[:|]?\s*", re.IGNORECASE
)
_CORRECTED = re.compile(r"\W*(?:correction|clarification|correct(?:ed|s)|update)\b[\s,:;(–—-]*(?:on\b)?", re.IGNORECASE)
_NEAR = 36
"""Characters behind the word correction in which its own date stands: "Correction, Dec. 4, 2015: ..."."""
_ABOVE_TITLE = 3
"""Lines above the headline that may still hold the article's own date."""


@dataclass(frozen=True)
class Published:
    """A publication date: first day, precision (day, month, year), and the window of days it can be.

    ``day`` is None when nothing, or nothing that could be read one way only, was given.
    """

    day: dt.date | None = None
    precision: str | None = None
    earliest: dt.date | None = None
    latest: dt.date | None = None


def _made(year: int, month: int | None = None, day: int | None = None) -> Published | None:
    if not 1600 <= year <= 2200:  # newspapers begin in 1605; year 1 is an empty field of some systems
        return None
    try:
        first = dt.date(year, month or 1, day or 1)
    except ValueError:
        return None
    if day:
        return Published(first, "day", first, first)
    if month:
        return Published(first, "month", first, dt.date(year, month, calendar.monthrange(year, month)[1]))
    return Published(first, "year", first, dt.date(year, 12, 31))


def _month(name: str) -> int:
    return int(name) if name.isdecimal() else MONTHS.index(name[:3].lower()) + 1


def full_dates(text: str) -> list[dt.date]:
    """The days with a year that ``text`` (a line of bylines or a dateline) names, in order."""
    found = []
    for pattern in _FULL:
        for match in pattern.finditer(text[:400]):
            groups = match.groupdict()
            month = _month(groups["month"]) if groups.get("month") else int(groups["number"])
            if made := _made(int(groups["year"]), month, int(groups["day"])):
                found.append((match.start(), made.day))
    return [day for _, day in sorted(found) if day]


def _iso(text: str) -> Published | None:
    match = _ISO.match(text) or _COMPACT.match(text)
    if not match or (match["time"] and not _TIME.match(match["time"])):
        return None
    return _made(int(match["y"]), int(match["m"]) if match["m"] else None, int(match["d"]) if match["d"] else None)


def _slashed(text: str) -> Published | None:
    """Day and month in numbers: one date if only one order is possible, else the window of both."""
    match = _SLASHED.match(text)
    if not match:
        return None
    a, b, year = int(match["a"]), int(match["b"]), int(match["year"])
    readings = [r for r in (_made(year, b, a), _made(year, a, b)) if r and r.day]
    days = sorted({r.day for r in readings if r.day})
    if len(days) == 1:
        return readings[0]
    return Published(None, None, days[0], days[-1]) if days else None


@functools.cache
def _parser() -> DateDataParser:
    from dateparser.date import DateDataParser

    settings: dict[str, Any] = {
        "RELATIVE_BASE": _RELATIVE_BASE,
        "PREFER_DAY_OF_MONTH": "first",
        "PREFER_MONTH_OF_YEAR": "first",
        "RETURN_AS_TIMEZONE_AWARE": False,
        "PARSERS": ["absolute-time"],
    }
    return DateDataParser(languages=["en"], settings=settings)


def _worded(text: str) -> Published | None:
    """A date in words that the patterns above do not know, read by dateparser."""
    if not re.search(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)", text) or len(text) > 80:
        return None
    words = set(re.findall(r"[^\W\d_]+", text.lower()))
    if words - _WORDS or not any(word[:3] in MONTHS for word in words):
        return None
    data = _parser().get_date_data(text)
    found, period = data.date_obj, data.period
    if not found or str(found.year) not in text or period not in ("day", "time", "month", "year"):
        return None
    if period == "year":
        return _made(found.year)
    return _made(found.year, found.month, None if period == "month" else found.day)


def parse(given: str) -> Published | None:
    """A publication date as given; None if it cannot be read as one.

    A date in numbers with two possible orders (03/04/2017) has no ``day`` but the window of both.
    """
    text = " ".join(given.split()).strip(" .,;|")
    if iso := _iso(text):
        return iso
    if _EPOCH.match(text):
        seconds = int(text[:10])
        day = (dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=seconds)).date()
        return _made(day.year, day.month, day.day)
    if slashed := _slashed(text):
        return slashed
    if match := _MONTH_YEAR.match(text):
        return _made(int(match["year"]), _month(match["month"]))
    days = set(full_dates(text)) if len(text) <= 80 else set()
    if len(days) == 1 and not (set(re.findall(r"[^\W\d_]+", text.lower())) - _WORDS):
        day = days.pop()
        return _made(day.year, day.month, day.day)
    return _worded(text)


def from_url(url: str) -> Published | None:
    """The date in an address's path: /2017/04/21/, /2017/apr/21/, /20170421; with /2017/04/ the month."""
    path = re.sub(r"^[a-z]+://[^/]*", "", url.split("?", maxsplit=1)[0].split("#", maxsplit=1)[0])
    for match in _URL.finditer(path):
        if match["compact"]:
            made = _made(int(match["compact"][:4]), int(match["compact"][4:6]), int(match["compact"][6:]))
        else:
            made = _made(int(match["year"]), _month(match["month"]), int(match["day"]) if match["day"] else None)
        if made:
            return made
    return None


def from_lines(lines: Sequence[Line], datelines: Sequence[Line]) -> tuple[Published | None, str]:
    """(date, basis) that the lines around the headline or a dateline give; lines that name several days give none.

    A date whose numbers can be read in two orders comes without a day, with the window of both.
    """
    found: dict[Published, None] = {}
    for line in _signed(lines):
        if not _CHANGED.match(line.text):
            found |= dict.fromkeys(_stated(_CHANGED.split(line.text, maxsplit=1)[0])[:1])
    if len(found) == 1:
        return next(iter(found)), "byline"
    for line in datelines:
        if named := full_dates(line.text):
            return parse(named[0].isoformat()), "dateline"
    return None, "none"


def _signed(lines: Sequence[Line]) -> list[Line]:
    """Timestamps and bylines around the headline, and lines below the story that say when it was published."""
    first = next((i for i, line in enumerate(lines) if line.zone == "body"), len(lines))
    title = max((i for i, line in enumerate(lines[:first]) if line.zone == "title"), default=first - _ABOVE_TITLE)
    top = [x for x in lines[max(0, title - _ABOVE_TITLE) : first] if x.zone in ("timestamp", "byline")]
    return top + [x for x in lines[first:] if x.rule == "timestamp.label" and "ublished" in x.text]


def _stated(text: str) -> list[Published]:
    """The dates in a line that says when: days in words or numbers; a month or year where a label says it is the date."""
    days = [made for day in full_dates(text) if (made := _made(day.year, day.month, day.day))]
    if days:
        return days
    if numbers := [made for match in _NUMBERS.findall(text[:400]) if (made := _slashed(match))]:
        return numbers
    label = _LABEL.match(text)
    whole = parse(text[label.end() :]) if label and label.end() else None
    return [whole] if whole else []


def latest_by_update(lines: Sequence[Line]) -> dt.date | None:
    """The latest day the article can have been published: that of its last update or of a correction below it.

    Below the story a lone stamp counts; several belong to the stories of a list.
    """
    top = [line for line in _signed(lines) if _CHANGED.search(line.text)]
    below = [line for line in lines if line.rule == "timestamp.label" and _CHANGED.match(line.text)]
    days = []
    for line in top or (below if len(below) == 1 else []):
        days += [read.latest for read in _stated(_CHANGED.split(line.text, maxsplit=1)[1]) if read.latest]
    for line, after in pairwise([*lines, *lines[-1:]]):
        if line.zone == "correction" and (match := _CORRECTED.match(line.text)):
            label_alone = match.end() == len(line.text) and after.zone == "timestamp"
            own = after.text if label_alone else line.text[match.end() :]
            days += full_dates(own[:_NEAR])[:1]
    return min(days, default=None)
