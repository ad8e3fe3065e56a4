"""Calendar periods: a stretch of days with its TIMEX3 value, its EDTF string and its grain.

A :class:`Period` is made by one function per grain, so that value and interval cannot disagree.
Seasons are those of the northern hemisphere by whole months; the winter of a year begins in its December.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

ONE_DAY = dt.timedelta(days=1)
SEASONS = {"SP": (3, 21), "SU": (6, 22), "FA": (9, 23), "WI": (12, 24)}
"""Season code: its first month, and its number in EDTF."""


@dataclass(frozen=True)
class Period:
    """A stretch of time: ``start`` and ``end`` are its first and last day, None where open or out of range."""

    grain: str
    value: str
    edtf: str | None
    start: dt.date | None
    end: dt.date | None


def day(date: dt.date) -> Period:
    """One day."""
    return Period("day", date.isoformat(), date.isoformat(), date, date)


def week(date: dt.date) -> Period:
    """The ISO week, Monday to Sunday, that holds ``date``; EDTF has no weeks, so it is given by its days."""
    year_, number, weekday = date.isocalendar()
    monday = date - dt.timedelta(days=weekday - 1)
    return _by_days("week", f"{year_:04}-W{number:02}", monday, monday + dt.timedelta(days=6))


def weekend(date: dt.date) -> Period:
    """The Saturday and Sunday of the week that holds ``date``."""
    this = week(date)
    assert this.end
    return _by_days("weekend", f"{this.value}-WE", this.end - ONE_DAY, this.end)


def month(year_: int, number: int) -> Period:
    """A calendar month."""
    value = f"{year_:04}-{number:02}"
    return Period("month", value, value, dt.date(year_, number, 1), last_of_month(year_, number))


def quarter(year_: int, number: int) -> Period:
    """A calendar quarter, 1 to 4."""
    return _months("quarter", year_, f"Q{number}", 32 + number, 3 * number - 2, 3)


def half(year_: int, number: int) -> Period:
    """A half-year, 1 or 2."""
    return _months("half", year_, f"H{number}", 39 + number, 6 * number - 5, 6)


def season(year_: int, code: str) -> Period:
    """A season: SP, SU, FA or WI."""
    first, edtf = SEASONS[code]
    return _months("season", year_, code, edtf, first, 3)


def year(number: int) -> Period:
    """A calendar year; a negative ``number`` is that many years BC, which have a value but no days."""
    if number < 0:
        return Period("year", f"BC{-number:04}", f"-{-number - 1:04}", None, None)
    return Period("year", f"{number:04}", f"{number:04}", dt.date(number, 1, 1), dt.date(number, 12, 31))


def decade(number: int) -> Period:
    """A decade by its first three digits: 199 is 1990 to 1999; BC if negative."""
    return _digits("decade", number, 3, 10)


def century(number: int) -> Period:
    """A century by its first two digits: 19 is 1900 to 1999; BC if negative."""
    return _digits("century", number, 2, 100)


def interval(first: Period, last: Period) -> Period | None:
    """From the start of ``first`` to the end of ``last``; None where that is no stretch of time."""
    if first.start and last.end and first.start > last.end:
        return None
    edtf = f"{first.edtf}/{last.edtf}" if first.edtf and last.edtf and "/" not in first.edtf + last.edtf else None
    if edtf is None and first.start and last.end:
        edtf = f"{first.start}/{last.end}"
    grain = first.grain if first.grain == last.grain else min((first.grain, last.grain), key=GRAINS.index)
    return Period(grain, f"{first.value}/{last.value}", edtf, first.start, last.end)


GRAINS = ("time", "day", "weekend", "week", "month", "quarter", "season", "half", "year", "decade", "century")
"""Every grain, from fine to coarse."""


def containing(grain: str, date: dt.date) -> Period:
    """The period of ``grain`` that holds ``date``."""
    match grain:
        case "day":
            return day(date)
        case "week":
            return week(date)
        case "weekend":
            return weekend(date)
        case "month":
            return month(date.year, date.month)
        case "quarter":
            return quarter(date.year, (date.month + 2) // 3)
        case "half":
            return half(date.year, 1 if date.month <= 6 else 2)
        case "season":
            code = ("WI", "SP", "SU", "FA")[date.month % 12 // 3]
            return season(date.year - (date.month <= 2), code)
        case "year":
            return year(date.year)
        case "decade":
            return decade(date.year // 10)
        case "century":
            return century(date.year // 100)
    raise ValueError(f"no period of grain {grain!r}")


_STEP = {"quarter": 3, "season": 3, "half": 6, "year": 12, "decade": 120, "century": 1200}


def add(date: dt.date, count: int, grain: str) -> dt.date | None:
    """``date`` moved by ``count`` periods of ``grain``; a day past the month's end becomes its last day.

    None where that leaves the years 1 to 9999.
    """
    try:
        if grain == "day":
            return date + dt.timedelta(days=count)
        if grain in ("week", "weekend"):
            return date + dt.timedelta(weeks=count)
        months = date.year * 12 + date.month - 1 + count * _STEP.get(grain, 1)
        year_, number = months // 12, months % 12 + 1
        return dt.date(year_, number, min(date.day, calendar.monthrange(year_, number)[1]))
    except (ValueError, OverflowError):
        return None


def shift(period: Period, count: int, grain: str) -> Period | None:
    """The period of ``grain`` that lies ``count`` of them after ``period``; BC only by years."""
    if period.start is None:
        return (
            year(-int(period.value[2:]) + count) if re.fullmatch(r"BC\d{4}", period.value) and grain == "year" else None
        )
    moved = add(period.start, count, grain)
    return containing(grain, moved) if moved else None


def narrow(period: Period, mod: str) -> tuple[dt.date | None, dt.date | None]:
    """First and last day of the START, MID or END of ``period``: by thirds, in the units people think in.

    Days 1-10, 11-20 and 21 on of a month; four months of a year; years 0-3, 4-6 and 7-9 of a decade.
    Any other ``mod`` narrows nothing.
    """
    start, end, third = period.start, period.end, {"START": 0, "MID": 1, "END": 2}.get(mod)
    if start is None or end is None or third is None or period.grain in ("day", "time"):
        return start, end
    if period.grain == "month":
        return start.replace(day=10 * third + 1), end if third == 2 else start.replace(day=10 * third + 10)
    if period.grain == "year" and start.year == end.year:
        return dt.date(start.year, 4 * third + 1, 1), last_of_month(start.year, 4 * third + 4)
    if period.grain in ("decade", "century"):
        first, last = ((0, 3), (4, 6), (7, 9))[third]
        scale = 1 if period.grain == "decade" else 10
        return (
            start.replace(year=start.year + first * scale),
            end.replace(year=start.year + last * scale + scale - 1),
        )
    length = (end - start).days + 1
    return start + third * length // 3 * ONE_DAY, start + ((third + 1) * length // 3 - 1) * ONE_DAY


def last_of_month(year_: int, number: int) -> dt.date:
    """The last day of a month."""
    return dt.date(year_, number, calendar.monthrange(year_, number)[1])


def _by_days(grain: str, value: str, start: dt.date, end: dt.date) -> Period:
    return Period(grain, value, f"{start}/{end}", start, end)


def _months(grain: str, year_: int, code: str, edtf: int, first: int, count: int) -> Period:
    start = dt.date(year_, first, 1)
    last = add(start, count - 1, "month")
    if last is None:
        raise ValueError("beyond the year 9999")
    return Period(grain, f"{year_:04}-{code}", f"{year_:04}-{edtf}", start, last_of_month(last.year, last.month))


def _digits(grain: str, number: int, digits: int, years: int) -> Period:
    if number < 0:
        return Period(grain, f"BC{-number:0{digits}}", None, None, None)
    value = f"{number:0{digits}}"
    first, last = max(1, number * years), number * years + years - 1
    return Period(grain, value, value + "X" * (4 - digits), dt.date(first, 1, 1), dt.date(last, 12, 31))


def easter(year_: int) -> dt.date:
    """Easter Sunday by the Gregorian calendar, as the western churches count it."""
    golden, century_ = year_ % 19 + 1, year_ // 100 + 1
    skipped, moon = 3 * century_ // 4 - 12, (8 * century_ + 5) // 25 - 5
    epact = (11 * golden + 20 + moon - skipped) % 30
    if epact == 24 or (epact == 25 and golden > 11):
        epact += 1
    full = 44 - epact if epact <= 23 else 74 - epact  # days from the last of February
    sunday = 5 * year_ // 4 - skipped - 10
    full += 7 - (sunday + full) % 7
    return dt.date(year_, 2, 1) + dt.timedelta(days=(dt.date(year_, 3, 1) - dt.date(year_, 2, 1)).days + full - 1)
