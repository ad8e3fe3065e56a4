"""Dates as the calendar names them, and the year of those that leave it out."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.extract.dates import periods
from pipeline.extract.dates.meaning import NO_YEAR, Meaning, OpenError, at_time, in_text, published
from pipeline.extract.dates.periods import GRAINS, Period
from pipeline.extract.dates.words import (
    day_of,
    full_year,
    month_of,
    ordinal_of,
    valid_day,
    value_of,
    weekday_of,
    year_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.extract.dates.grammar import Node
    from pipeline.extract.dates.meaning import Context, Reference

_BACKWARD = 1.3
"""Swept 1.0 to 3.0 on the WikiWars gold: 1.3 gives the most right values."""
_FARTHEST = 250.0
"""Half a year, and a step back counting longer: without a weekday, no bare month or day lies farther off."""
_PLANS = 10
"""Years after publication that a fiscal year of two digits may lie."""
_WEEKDAY_NAMES = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def _choose(make: Callable[[int], Period | None], grain: str, node: Node, context: Context) -> Meaning:
    """The period that ``make`` gives for the year that is meant when none is written.

    In turn: the year of a clearly shared earlier date; by the publication date, the latest in the past,
    or the next to come where the clause looks forward; else open.
    """
    if context.year is not None and context.year < 0:
        period = make(2000)
        value = period.value.replace("2000", f"BC{-context.year:04}") if period else ""
        return Meaning("DATE", Period(grain, value, None, None, None))
    if context.year is not None:
        period = make(context.year)
        if period is None:
            raise OpenError(f"there is no such day in {context.year}")
        return Meaning("DATE", period)
    carrier = context.carrier()
    if carrier and grain == "season" and context.published is None and context.sentence - carrier.sentence > 1:
        carrier = None  # "the spring" alone names no year: it needs one at hand
    tense = context.tense() if context.published else "past"
    if carrier and carrier.period.start and not (context.published and tense == "future"):
        found = _carried(make, carrier)
        if found:
            return found
    if context.published is None:
        raise OpenError(NO_YEAR)
    today = context.publication("month" if GRAINS.index(grain) <= GRAINS.index("month") else "year")
    if context.precision == "month" and grain == "day":
        today = periods.last_of_month(today.year, today.month)
    around = [p for y in range(today.year - 2, today.year + 3) if (p := make(y)) and p.start and p.end]
    if not around:  # a leap day, or a day that falls on the weekday named only in another year
        around = [p for y in range(today.year - 12, today.year + 6) if (p := make(y)) and p.start and p.end]
    past = [
        p for p in around if p.start and p.start <= today and (not context.not_after or p.start <= context.not_after)
    ]
    coming = [p for p in around if p.end and p.end >= today]
    if not past and not coming:
        raise OpenError("there is no such day")
    if tense == "present" and past and coming:
        period = min(past[-1], coming[0], key=lambda p: abs((p.start - today).days) if p.start else 0)
    else:
        period = coming[0] if (tense == "future" and coming) or not past else past[-1]
    others = coming[:1] if period in past else past[-1:]
    unsure = tense in ("present", "") and not context.not_after
    alternatives = tuple(p.value for p in others if unsure and p != period)
    return replace(published(period, context), alternatives=alternatives, confidence="medium")


def _carried(make: Callable[[int], Period | None], reference: Reference) -> Meaning | None:
    """By an earlier date: the same year if that is all it says, else the period nearest to it, later rather than before."""
    start = reference.period.start
    assert start
    if GRAINS.index(reference.period.grain) >= GRAINS.index("year"):
        period = make(start.year)
        return in_text(period, reference, "medium") if period else None
    made = [p for y in (start.year - 1, start.year, start.year + 1) if (p := make(y)) and p.start]
    if not made:
        return None
    nearest = min(made, key=lambda p: _distance(p, start))
    if _distance(nearest, start) > _FARTHEST:
        return None  # a weekday that fits in no year near by tells of another story
    return in_text(nearest, reference, "medium")


def _distance(period: Period, day: dt.date) -> float:
    """How far ``period`` begins from ``day``; a step back counts as longer than one forward."""
    assert period.start
    days = (period.start - day).days
    return days if days >= 0 else -_BACKWARD * days


def iso(node: Node, _: Context) -> Meaning:
    """2017-04-21, 2017/04/21, 2017-04-21T14:15Z."""
    text = node.word("day") or ""
    parts = [int(p) for p in re.findall(r"\d+", text[:10])]
    date = valid_day(*parts[:3])
    if date is None:
        raise OpenError("there is no such day")
    meaning = Meaning("DATE", periods.day(date), written_year=True)
    clock = re.search(r"t(\d\d:\d\d(?::\d\d)?)(z)?", text)
    return at_time(meaning, clock[1] + (clock[2] or "").upper()) if clock else meaning


def numeric(node: Node, context: Context) -> Meaning:
    """25/08/2017: day first or month first, by what is possible and by the setting; else open with both readings."""
    one, two, last = (part for part in re.findall(r"\d+", node.word("day") or ""))
    year = full_year(int(last), context) if len(last) == 2 else int(last)
    readings = {"DMY": valid_day(year, int(two), int(one)), "MDY": valid_day(year, int(one), int(two))}
    possible = {order: date for order, date in readings.items() if date}
    weekday = weekday_of(node)
    if weekday:
        possible = {order: date for order, date in possible.items() if date.isoweekday() == weekday} or possible
    if not possible:
        raise OpenError("there is no such day")
    if len(set(possible.values())) > 1:
        if context.order in possible:
            possible = {context.order: possible[context.order]}
        else:
            raise OpenError(
                "day and month could be either; set extract.date_order to DMY or MDY",
                alternatives=tuple(str(date) for date in possible.values()),
            )
    return Meaning("DATE", periods.day(next(iter(possible.values()))), written_year=True)


def date(node: Node, context: Context) -> Meaning:
    """3 April 2017, April 3, Wednesday, April 12, Christmas Day."""
    month, day, weekday, year = month_of(node), day_of(node), weekday_of(node), year_of(node, context)
    if month is None:  # "Tuesday the 12th"
        reference = context.earlier("month")
        assert reference.period.start
        month = reference.period.start.month
    assert day
    if day > 31 or valid_day(2000, month, day) is None:
        raise OpenError("there is no such day")
    if year is not None:
        if year < 0:
            return Meaning(
                "DATE", Period("day", f"BC{-year:04}-{month:02}-{day:02}", None, None, None), written_year=True
            )
        date = valid_day(year, month, day)
        if date is None:
            raise OpenError("there is no such day")
        fits = weekday is None or date.isoweekday() == weekday
        return Meaning("DATE", periods.day(date), written_year=True, confidence="high" if fits else "low")

    def make(y: int) -> Period | None:
        date = valid_day(y, month, day)
        return periods.day(date) if date and weekday in (None, date.isoweekday()) else None

    try:
        return _choose(make, "day", node, context)
    except OpenError as reason:
        if weekday and reason.reason == "there is no such day":
            raise OpenError(f"in no year near by is that day a {_WEEKDAY_NAMES[weekday - 1]}") from None
        raise


def days(node: Node, context: Context) -> Meaning:
    """April 3-5, 2017."""
    month, first, last, year = month_of(node), day_of(node), day_of(node, "last"), year_of(node, context)
    assert month
    assert first
    assert last

    def make(y: int) -> Period | None:
        one, two = valid_day(y, month, first), valid_day(y, month, last)
        return periods.interval(periods.day(one), periods.day(two)) if one and two else None

    if year is None:
        meaning = _choose(make, "day", node, context)
    else:
        period = make(year)
        if period is None:
            raise OpenError("there is no such stretch of days")
        meaning = Meaning("DATE", period, written_year=True)
    start, end = meaning.period.start, meaning.period.end
    return with_ends(meaning, periods.day(start), periods.day(end)) if start and end else meaning


def with_ends(meaning: Meaning, first: Period, last: Period) -> Meaning:
    """The same, with the meanings of its two ends, each within the whole."""
    ends = tuple(replace(meaning, period=end, within=meaning.period) for end in (first, last))
    return replace(meaning, parts=ends)


def feast(node: Node, context: Context) -> Meaning:
    """Easter, Good Friday, Thanksgiving: a day that the calendar of its year sets."""
    args, year = node.rule.args, year_of(node, context)

    def make(y: int) -> Period | None:
        if "easter" in args:
            return periods.day(periods.easter(y) + args["easter"] * periods.ONE_DAY)
        first = dt.date(y, args["month"], 1)
        ahead = (args["weekday"] - first.isoweekday()) % 7 + 7 * (args["nth"] - 1)
        return periods.day(first + ahead * periods.ONE_DAY)

    if year is None:
        return _choose(make, "day", node, context)
    period = make(year)
    assert period
    return Meaning("DATE", period, written_year=True)


def fiscal(node: Node, context: Context) -> Meaning:
    """FY2019, fiscal 2019: a year by that name, whose first day each country and firm sets for itself."""
    year, rel = node.word("year"), node.word("rel")
    if year is None:
        step = value_of("REL", rel) or value_of("TEXT_REL", rel) or 0
        now = context.publication("year").year + step
        reason = "the months of a fiscal year are not the same everywhere"
        raise OpenError(reason, alternatives=(f"FY{now}", f"FY{now + 1}"))
    digits = re.sub(r"\D", "", year)
    number = int(digits)
    if len(digits) == 2:  # a plan reaches some years ahead
        ahead = full_year(int(digits), context) + 100
        number = ahead if context.published and ahead <= context.published.year + _PLANS else ahead - 100
    return Meaning("DATE", Period("year", f"FY{number}", None, None, None))


def fixed_day(node: Node, _: Context) -> Meaning:
    """A day with a name of its own, 9/11."""
    return Meaning("DATE", periods.day(dt.date.fromisoformat(node.rule.args["date"])), written_year=True)


def month_alone(node: Node, context: Context) -> Meaning:
    """June 2017, last June, June."""
    number, year, rel = month_of(node), year_of(node, context), node.word("rel")
    assert number
    if year is not None:
        if year < 0:
            return Meaning("DATE", Period("month", f"BC{-year:04}-{number:02}", None, None, None), written_year=True)
        return Meaning("DATE", periods.month(year, number), written_year=True)
    return _relative(lambda y: periods.month(y, number), rel, "month", node, context)


def _relative(make: Callable[[int], Period], rel: str | None, grain: str, node: Node, context: Context) -> Meaning:
    """A month or season with last, this or next before it, or nothing."""
    if rel is None:
        return _choose(make, grain, node, context)
    step = 0 if rel == "that" else value_of("TEXT_REL", rel)
    if step is not None and (node.word("definite") or rel == "that"):
        reference = context.earlier("year")
        start = reference.period.start
        if start is None:
            raise OpenError("it is counted from a year without days")
        made = [make(start.year + i) for i in (-2, -1, 0, 1, 2)]
        after = [p for p in made if p.start and p.start > start]
        before = [p for p in made if p.end and p.end < start]
        return in_text(after[0] if step > 0 else before[-1] if step < 0 else made[2], reference, "medium")
    today = context.publication("month")
    made = [make(today.year + i) for i in range(-3, 4)]
    direction = value_of("REL", rel.split()[-1]) or value_of("TEXT_REL", rel.split()[-1]) or 0
    if direction < 0:
        past = [p for p in made if p.end and p.end < today]
        return replace(published(past[-1], context), alternatives=(past[-2].value,), confidence="medium")
    if direction > 0:
        coming = [p for p in made if p.start and p.start > today]
        return replace(published(coming[0], context), alternatives=(coming[1].value,), confidence="medium")
    around = [p for p in made if p.start and p.end and p.start <= today <= p.end]
    return published(around[0] if around else made[3], context)


def months(node: Node, context: Context) -> Meaning:
    """June and July 2017."""
    first, last, year = month_of(node), month_of(node, "last"), year_of(node, context)
    assert first
    assert last
    assert year
    ends = periods.month(year - (first > last), first), periods.month(year, last)
    period = periods.interval(*ends)
    assert period
    return with_ends(Meaning("DATE", period, written_year=True), *ends)


def year_alone(node: Node, context: Context) -> Meaning:
    """2017, 493 BC, '98."""
    number = year_of(node, context)
    assert number is not None
    short = node.rule.name == "year_short"
    return Meaning("DATE", periods.year(number), confidence="medium" if short else "high", written_year=True)


def years(node: Node, context: Context) -> Meaning:
    """2007-2008, 2007-08; 2017-04 is a month."""
    first, word = year_of(node, context), re.sub(r"\D", "", node.word("last") or "")
    assert first
    if len(word) == 2 and 1 <= int(word) <= 12 and int(word) != (first + 1) % 100 and int(word) <= first % 100:
        return Meaning("DATE", periods.month(first, int(word)), confidence="medium", written_year=True)
    last = int(word) if len(word) == 4 else first - first % 100 + int(word) + (100 if int(word) < first % 100 else 0)
    ends = periods.year(first), periods.year(last)
    period = periods.interval(*ends)
    if period is None:
        raise OpenError("the second year lies before the first")
    return with_ends(Meaning("DATE", period, written_year=True), *ends)


def decade(node: Node, context: Context) -> Meaning:
    """The 1990s, the '90s, the nineties."""
    word = node.word("decade") or ""
    digits = re.sub(r"\D", "", word) or f"{value_of('DECADE_WORD', word)}0"
    if node.word("era"):
        return Meaning("DATE", periods.decade(-(int(digits) // 10)), written_year=True)
    if len(digits) == 4:
        return Meaning("DATE", periods.decade(int(digits) // 10), written_year=True)
    return Meaning(
        "DATE", periods.decade(full_year(int(digits), context) // 10), confidence="medium", written_year=True
    )


def century(node: Node, _: Context) -> Meaning:
    """The 19th century."""
    number = ordinal_of(node) - 1
    if not 0 <= number <= 29:
        raise OpenError("there is no such century")
    if node.word("era"):
        return Meaning("DATE", Period("century", f"BC{number:02}", None, None, None), written_year=True)
    return Meaning("DATE", periods.century(number), written_year=True)


def season(node: Node, context: Context) -> Meaning:
    """Spring 2016, last winter, late autumn 2016."""
    code, year = value_of("SEASON", node.word("season")), year_of(node, context)
    if year is not None:
        meaning = Meaning("DATE", periods.season(year, code), written_year=True)
    else:
        meaning = _relative(lambda y: periods.season(y, code), node.word("rel"), "season", node, context)
    mod = value_of("EDGE", node.word("mod"))
    return meaning.narrowed(mod) if mod else meaning


def quarter(node: Node, context: Context) -> Meaning:
    """The second quarter, Q2 2018."""
    number, year = ordinal_of(node), year_of(node, context)
    number = 4 if number == -1 else number
    if not 1 <= number <= 4:
        raise OpenError("a year has four quarters")
    if year is not None:
        return Meaning("DATE", periods.quarter(year, number), written_year=True)
    return _choose(lambda y: periods.quarter(y, number), "quarter", node, context)


def half(node: Node, context: Context) -> Meaning:
    """The first half, of a year that another rule adds."""
    return _choose(lambda y: periods.half(y, 1 if ordinal_of(node) == 1 else 2), "half", node, context)
