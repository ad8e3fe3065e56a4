"""The builders: one function for each ``build`` of ``resources/dates.toml``, from a node to its meaning.

A builder raises :class:`OpenError` where the words or the anchor do not settle a value.
One file because it is one table: the builders by name, at its end.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pipeline.extract.dates import grammar, periods
from pipeline.extract.dates.grammar import Node
from pipeline.extract.dates.meaning import (
    NO_PUBLICATION,
    Context,
    Meaning,
    OpenError,
    Reference,
    in_text,
    published,
    timeless,
)
from pipeline.extract.dates.periods import GRAINS, ONE_DAY, Period

_BACKWARD = 1.3
_WEEKDAY_NAMES = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


def resolve(node: Node, context: Context) -> Meaning:
    """The meaning of ``node``.

    Raises:
        OpenError: it has none in this context.
    """
    return BUILDERS[node.rule.build](node, context)


# --- words -----------------------------------------------------------------------------------------------
def _value(kind: str, word: str | None) -> Any:
    """What the word list ``kind`` says of ``word``."""
    return grammar.load().values[kind].get(word.rstrip(" .")) if word else None


def _month(node: Node, slot: str = "month") -> int | None:
    word = node.word(slot)
    found = _value("MONTH", word) or _value("MONTH_SHORT", word) or node.rule.args.get("month")
    return int(found) if found else None


def _day(node: Node, slot: str = "day") -> int | None:
    word = node.word(slot)
    if word is None:
        return node.rule.args.get("day")
    digits = re.match(r"\d+", word)
    return int(digits[0]) if digits else int(_value("ORD", word))


def _weekday(node: Node) -> int | None:
    word = node.word("weekday")
    found = _value("WEEKDAY", word) or _value("WEEKDAY_SHORT", word) or _value("WEEKDAYS", word)
    return int(found) if found else None


def _ordinal(node: Node) -> int:
    word = node.word("n") or ""
    digits = re.match(r"\d+", word)
    if digits:
        return int(digits[0])
    found = _value("ORD", word) or _value("HALF", word) or _value("QUARTER_CODE", word) or _value("LAST", word)
    return int(found)


def _number(words: str | None) -> float | None:
    if not words:
        return None
    total = 0.0
    for word in words.replace(",", "").split():
        if re.fullmatch(r"\d+(\.\d+)?", word):
            total += float(word)
        elif (value := _value("CARD", word)) is not None:
            total = total * value if value == 100 and total else total + value
    return total or None


def _year(node: Node, context: Context, slot: str = "year") -> int | None:
    """The year written in the slot: four digits, or two behind an apostrophe."""
    word = node.word(slot)
    if not word:
        return None
    number = int(re.sub(r"\D", "", word))
    if len(re.sub(r"\D", "", word)) == 2 and not node.word("era"):
        return _full_year(number, context)
    return -number if node.word("era") else number


def _full_year(two_digits: int, context: Context) -> int:
    """The year meant by two digits: the latest up to publication, or the century of the last written year."""
    latest = context.published.year if context.published else None
    if latest is None and context.references:
        start = context.references[-1].period.start
        latest = start.year + 50 if start else None
    latest = latest or 2049
    return latest - (latest - two_digits) % 100


def _one_day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


# --- choosing a year ---------------------------------------------------------------------------------------
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
    tense = context.tense() if context.published else "past"
    if carrier and carrier.period.start and not (context.published and tense == "future"):
        found = _carried(make, carrier)
        if found:
            return found
    if context.published is None:
        raise OpenError("the year is not stated, and there is no publication date or earlier date to tell it")
    today = context.publication("month" if GRAINS.index(grain) <= GRAINS.index("month") else "year")
    if context.precision == "month" and grain == "day":
        today = periods.last_of_month(today.year, today.month)
    around = [p for y in range(today.year - 2, today.year + 3) if (p := make(y)) and p.start and p.end]
    if not around:  # a leap day, or a day that falls on the weekday named only in another year
        around = [p for y in range(today.year - 12, today.year + 6) if (p := make(y)) and p.start and p.end]
    past = [p for p in around if p.start and p.start <= today and (not context.not_after or p.start <= context.not_after)]
    coming = [p for p in around if p.end and p.end >= today]
    if not past and not coming:
        raise OpenError("there is no such day")
    if tense == "present" and past and coming:
        period = min(past[-1], coming[0], key=lambda p: abs((p.start - today).days) if p.start else 0)
    else:
        period = coming[0] if (tense == "future" and coming) or not past else past[-1]
    return replace(published(period, context), confidence="medium")


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
    return in_text(nearest, reference, "medium")


def _distance(period: Period, day: dt.date) -> float:
    """How far ``period`` begins from ``day``; a step back counts as longer than one forward."""
    assert period.start
    days = (period.start - day).days
    return days if days >= 0 else -_BACKWARD * days


# --- absolute ------------------------------------------------------------------------------------------------
def _iso(node: Node, _: Context) -> Meaning:
    text = node.word("day") or ""
    parts = [int(p) for p in re.findall(r"\d+", text[:10])]
    date = _one_day(*parts[:3])
    if date is None:
        raise OpenError("there is no such day")
    meaning = Meaning("DATE", periods.day(date), written_year=True)
    clock = re.search(r"t(\d\d:\d\d(?::\d\d)?)(z)?", text)
    return _at_time(meaning, clock[1] + (clock[2] or "").upper()) if clock else meaning


def _numeric(node: Node, context: Context) -> Meaning:
    one, two, last = (part for part in re.findall(r"\d+", node.word("day") or ""))
    year = _full_year(int(last), context) if len(last) == 2 else int(last)
    readings = {"DMY": _one_day(year, int(two), int(one)), "MDY": _one_day(year, int(one), int(two))}
    possible = {order: date for order, date in readings.items() if date}
    weekday = _weekday(node)
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


def _date(node: Node, context: Context) -> Meaning:
    month, day, weekday, year = _month(node), _day(node), _weekday(node), _year(node, context)
    if month is None:  # "Tuesday the 12th"
        reference = context.earlier("month")
        assert reference.period.start and day
        month = reference.period.start.month
    assert day
    if day > 31 or _one_day(2000, month, day) is None:
        raise OpenError("there is no such day")
    if year is not None:
        if year < 0:
            return Meaning("DATE", Period("day", f"BC{-year:04}-{month:02}-{day:02}", None, None, None), written_year=True)
        date = _one_day(year, month, day)
        if date is None:
            raise OpenError("there is no such day")
        fits = weekday is None or date.isoweekday() == weekday
        return Meaning("DATE", periods.day(date), written_year=True, confidence="high" if fits else "low")

    def make(y: int) -> Period | None:
        date = _one_day(y, month, day)
        return periods.day(date) if date and weekday in (None, date.isoweekday()) else None

    try:
        return _choose(make, "day", node, context)
    except OpenError as reason:
        if weekday and reason.reason == "there is no such day":
            raise OpenError(f"in no year near by is that day a {_WEEKDAY_NAMES[weekday - 1]}") from None
        raise


def _days(node: Node, context: Context) -> Meaning:
    month, first, last, year = _month(node), _day(node), _day(node, "last"), _year(node, context)
    assert month and first and last

    def make(y: int) -> Period | None:
        one, two = _one_day(y, month, first), _one_day(y, month, last)
        return periods.interval(periods.day(one), periods.day(two)) if one and two else None

    if year is None:
        return _choose(make, "day", node, context)
    period = make(year)
    if period is None:
        raise OpenError("there is no such stretch of days")
    return Meaning("DATE", period, written_year=True)


def _fixed_day(node: Node, _: Context) -> Meaning:
    return Meaning("DATE", periods.day(dt.date.fromisoformat(node.rule.args["date"])), written_year=True)


def _month_alone(node: Node, context: Context) -> Meaning:
    number, year, rel = _month(node), _year(node, context), node.word("rel")
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
    if rel.split()[-1] in ("that", "same", "following", "preceding", "subsequent"):
        reference = context.earlier("year")
        assert reference.period.start
        made = [make(reference.period.start.year + i) for i in (-1, 0, 1)]
        if "following" in rel or "subsequent" in rel:
            made = [p for p in made if p.start and p.start > reference.period.start] or made[2:]
            return in_text(made[0], reference, "medium")
        return in_text(made[1], reference, "medium")
    today = context.publication("month")
    made = [make(today.year + i) for i in (-2, -1, 0, 1, 2)]
    direction = _value("REL", rel.split()[-1]) or _value("TEXT_REL", rel.split()[-1]) or 0
    if direction < 0:
        past = [p for p in made if p.end and p.end < today]
        return replace(published(past[-1], context), alternatives=(past[-2].value,), confidence="medium")
    if direction > 0:
        coming = [p for p in made if p.start and p.start > today]
        return replace(published(coming[0], context), alternatives=(coming[1].value,), confidence="medium")
    return published(made[2], context)


def _months(node: Node, context: Context) -> Meaning:
    first, last, year = _month(node), _month(node, "last"), _year(node, context)
    assert first and last and year
    period = periods.interval(periods.month(year - (first > last), first), periods.month(year, last))
    assert period
    return Meaning("DATE", period, written_year=True)


def _year_alone(node: Node, context: Context) -> Meaning:
    number = _year(node, context)
    assert number is not None
    short = "year_short" == node.rule.name
    return Meaning("DATE", periods.year(number), confidence="medium" if short else "high", written_year=True)


def _years(node: Node, context: Context) -> Meaning:
    first, word = _year(node, context), re.sub(r"\D", "", node.word("last") or "")
    assert first
    if len(word) == 2 and 1 <= int(word) <= 12 and int(word) != (first + 1) % 100 and int(word) <= first % 100:
        return Meaning("DATE", periods.month(first, int(word)), confidence="medium", written_year=True)
    last = int(word) if len(word) == 4 else first - first % 100 + int(word) + (100 if int(word) < first % 100 else 0)
    period = periods.interval(periods.year(first), periods.year(last))
    if period is None:
        raise OpenError("the second year lies before the first")
    return Meaning("DATE", period, written_year=True)


def _decade(node: Node, context: Context) -> Meaning:
    word = node.word("decade") or ""
    digits = re.sub(r"\D", "", word) or f"{_value('DECADE_WORD', word)}0"
    if node.word("era"):
        return Meaning("DATE", periods.decade(-(int(digits) // 10)), written_year=True)
    if len(digits) == 4:
        return Meaning("DATE", periods.decade(int(digits) // 10), written_year=True)
    return Meaning("DATE", periods.decade(_full_year(int(digits), context) // 10), confidence="medium", written_year=True)


def _century(node: Node, _: Context) -> Meaning:
    number = _ordinal(node) - 1
    if not 0 <= number <= 29:
        raise OpenError("there is no such century")
    if node.word("era"):
        return Meaning("DATE", Period("century", f"BC{number:02}", None, None, None), written_year=True)
    return Meaning("DATE", periods.century(number), written_year=True)


def _season(node: Node, context: Context) -> Meaning:
    code, year = _value("SEASON", node.word("season")), _year(node, context)
    if year is not None:
        meaning = Meaning("DATE", periods.season(year, code), written_year=True)
    else:
        meaning = _relative(lambda y: periods.season(y, code), node.word("rel"), "season", node, context)
    mod = _value("EDGE", node.word("mod"))
    return meaning.narrowed(mod) if mod else meaning


def _quarter(node: Node, context: Context) -> Meaning:
    number, year = _ordinal(node), _year(node, context)
    number = 4 if number == -1 else number
    if not 1 <= number <= 4:
        raise OpenError("a year has four quarters")
    if year is not None:
        return Meaning("DATE", periods.quarter(year, number), written_year=True)
    return _choose(lambda y: periods.quarter(y, number), "quarter", node, context)


def _half(node: Node, context: Context) -> Meaning:
    return _choose(lambda y: periods.half(y, 1 if _ordinal(node) == 1 else 2), "half", node, context)


# --- relative to publication -----------------------------------------------------------------------------------
def _weekday_alone(node: Node, context: Context) -> Meaning:
    weekday, rel = _weekday(node), node.word("rel")
    assert weekday
    if node.rule.args.get("from") == "text" or rel == "following":
        reference = context.earlier("day")
        assert reference.period.start
        return in_text(periods.day(reference.period.start + dt.timedelta((weekday - reference.period.start.isoweekday() - 1) % 7 + 1)), reference)
    today = context.publication("day")
    back = (today.isoweekday() - weekday) % 7
    latest, coming = today - back * ONE_DAY, today + (-back % 7) * ONE_DAY
    direction = _value("REL", rel)
    if rel is None or rel == "current":
        if context.not_after:
            latest = context.not_after - dt.timedelta((context.not_after.isoweekday() - weekday) % 7)
            return replace(published(periods.day(latest), context), confidence="medium")
        if today == latest:
            return replace(published(periods.day(today), context), confidence="medium")
        forward = context.tense() != "past"
        return replace(published(periods.day(coming if forward else latest), context), confidence="medium")
    if direction == 0:
        return replace(published(periods.day(coming if context.tense() != "past" else latest), context), confidence="medium")
    if direction < 0:
        first = latest if back else latest - 7 * ONE_DAY
        # "last Tuesday" may skip the one of this week
        other = (str(first - 7 * ONE_DAY),) if rel == "last" and first.isocalendar()[1] == today.isocalendar()[1] else ()
        return replace(published(periods.day(first), context), alternatives=other, confidence="medium")
    first = coming if back else coming + 7 * ONE_DAY
    other = (str(first + 7 * ONE_DAY),) if rel == "next" and first.isocalendar()[1] == today.isocalendar()[1] else ()
    return replace(published(periods.day(first), context), alternatives=other, confidence="medium")


def _day_word(node: Node, context: Context) -> Meaning:
    word = node.word("day")
    date = context.publication("day") + _value("DAYWORD", word) * ONE_DAY
    meaning = published(periods.day(date), context, _value("EARLIER_LATER", node.word("earlier")))
    return _at_time(meaning, "NI") if word == "tonight" else meaning


def _offset(node: Node, context: Context) -> Meaning:
    date = context.publication("day") + node.rule.args["count"] * ONE_DAY
    return published(periods.day(date), context)


def _shifted(period: Period, count: int, grain: str) -> Period:
    moved = periods.shift(period, count, grain)
    if moved is None:
        raise OpenError("that lies outside the calendar")
    return moved


def _period(node: Node, context: Context) -> Meaning:
    grain = _value("PERIOD", node.word("unit"))
    if grain == "weekend" and node.word("rel") == "this":
        return _weekend(node, context)
    count = node.rule.args.get("rel", _value("REL", node.word("rel")))
    today = context.publication("day" if grain == "weekend" else grain if grain in GRAINS[:5] else "year")
    return published(_shifted(periods.containing(grain, today), count, grain), context)


def _weekend(node: Node, context: Context) -> Meaning:
    today = context.publication("day")
    back = 0 if today.isoweekday() >= 6 or context.tense() == "future" else -1
    return replace(published(_shifted(periods.weekend(today), back, "weekend"), context), confidence="medium")


def _day_part(node: Node, context: Context) -> Meaning:
    date = context.publication("day") + node.rule.args["count"] * ONE_DAY
    return _at_time(published(periods.day(date), context), _value("PART", node.word("part")))


def _ago(node: Node, context: Context) -> Meaning:
    inner = node.node("x")
    assert inner
    return _counted(inner, context, -1, None)


def _from_now(node: Node, context: Context) -> Meaning:
    inner = node.node("x")
    assert inner
    return _counted(inner, context, 1, None)


def _counted(inner: Node, context: Context, side: int, reference: Reference | None) -> Meaning:
    """So many units before (-1) or after (1) an anchor: a day for days and weeks, else the unit's period."""
    length = resolve(inner, context)
    amount = re.fullmatch(r"PT?(\d+(?:\.\d+)?|X)([YMWDHQ])(?:E)?", length.period.value)
    if amount is None or "E" in length.period.value:
        raise OpenError("how long is not said")
    timed = length.period.value.startswith("PT")
    count, unit = amount.groups()
    grain = "day" if timed else {"Y": "year", "M": "month", "W": "week", "D": "day", "Q": "quarter", "H": "day"}[unit]
    if count == "X":
        if reference is None and side < 0:
            anchor = context.publication("year") if context.published else None
            return replace(timeless("DATE", "PAST_REF"), basis="published" if anchor else "none_needed", anchor=anchor)
        raise OpenError("how many is not said")
    anchor_period = reference.period if reference else periods.day(context.publication(grain if grain in GRAINS[:5] else "year"))
    if anchor_period.start is None:
        moved = _shifted(anchor_period, side * int(float(count)), grain)
        assert reference
        return in_text(moved, reference)
    from_day = anchor_period.end if side > 0 and "/" in anchor_period.value and anchor_period.end else anchor_period.start
    if timed:
        hours = float(count) * (1 if unit == "H" else 1 / 60)
        if hours >= 24:
            there = periods.add(from_day, side * round(hours / 24), "day")
        elif reference is None or unit != "H":
            there = from_day
        else:
            raise OpenError("the hour it is counted from is not said")
    elif count.endswith(".5") and unit == "Y":
        there, grain = periods.add(from_day, side * round(float(count) * 12), "month"), "month"
    else:
        there = periods.add(from_day, side * round(float(count)), grain)
    if there is None:
        raise OpenError("that lies outside the calendar")
    stated = periods.containing(grain if grain in ("year", "month", "quarter") else "day", there)
    meaning = in_text(stated, reference) if reference else published(stated, context)
    if length.mod in ("MORE_THAN", "LESS_THAN", "EQUAL_OR_MORE", "EQUAL_OR_LESS") and inner.word("less") not in ("nearly", "almost"):
        far = (length.mod in ("MORE_THAN", "EQUAL_OR_MORE")) == (side < 0)
        return _bounded(replace(meaning, period=periods.day(there)), "BEFORE" if far else "AFTER", anchor_period)
    return replace(meaning, mod="APPROX") if length.mod else meaning


def _bounded(meaning: Meaning, mod: str, anchor: Period | None = None) -> Meaning:
    """Everything before or after it; with an anchor, no further than that."""
    start, end = meaning.period.start, meaning.period.end
    if start is None or end is None:
        return replace(meaning, mod=mod)
    limit = anchor.start if anchor else None
    if mod == "BEFORE":
        first = limit if limit and limit < start else None
        last = start - ONE_DAY
    else:
        first = end + ONE_DAY
        last = limit if limit and limit > end else None
    return replace(meaning, mod=mod, period=_from_to(meaning.period, first, last))


def _from_to(period: Period, first: dt.date | None, last: dt.date | None) -> Period:
    return replace(period, start=first, end=last, edtf=f"{first or '..'}/{last or '..'}")


# --- relative to the text --------------------------------------------------------------------------------------
def _text_period(node: Node, context: Context) -> Meaning:
    part = _value("PART", node.word("part"))
    grain = "day" if part else _value("PERIOD", node.word("unit"))
    rel = (node.word("rel") or "").split()
    count = node.rule.args.get("rel", _value("TEXT_REL", rel[-1]) if rel else 0)
    reference = context.earlier(grain)
    meaning = in_text(_text_shift(reference, count, grain), reference)
    return _at_time(meaning, part) if part else meaning


def _text_shift(reference: Reference, count: int, grain: str) -> Period:
    base = reference.period
    if base.start is None:
        return _shifted(base, count, grain)
    if count > 0 and base.end and "/" in base.value:
        base = periods.day(base.end)
    assert base.start
    return _shifted(periods.containing(grain, base.start), count, grain)


def _text_part(node: Node, context: Context) -> Meaning:
    reference = context.earlier("day")
    return _at_time(in_text(_text_shift(reference, 0, "day"), reference), _value("PART", node.word("part")))


def _text_offset(node: Node, context: Context) -> Meaning:
    inner = node.node("x")
    assert inner
    unit = resolve(inner, context).period.value[-1]
    grain = {"Y": "year", "M": "month", "W": "day", "D": "day", "Q": "month"}.get(unit, "day")
    if resolve(inner, context).period.value.startswith("PT"):
        grain = "day"
    return _counted(inner, context, node.rule.args["side"], context.earlier(grain))


# --- put together ------------------------------------------------------------------------------------------------
def _of_year(node: Node, context: Context) -> Meaning:
    inner, outer = node.node("x"), node.node("y")
    assert inner and outer
    year = resolve(outer, context)
    number = re.fullmatch(r"(BC)?(\d{4})", year.period.value)
    if year.period.grain != "year" or number is None:
        raise OpenError("the words do not name a year")
    return resolve(inner, replace(context, year=int(number[2]) * (-1 if number[1] else 1))).counted_from(year)


def _nth_of(node: Node, context: Context) -> Meaning:
    outer = node.node("y")
    assert outer
    whole = resolve(outer, context)
    start, end, number = whole.period.start, whole.period.end, _ordinal(node)
    if start is None or end is None:
        raise OpenError("the words do not say of when")
    weekday = _weekday(node)
    if weekday:
        days = [d for i in range((end - start).days + 1) if (d := start + i * ONE_DAY).isoweekday() == weekday]
        if number > len(days):
            raise OpenError("there are not so many")
        period = periods.day(days[number - 1 if number > 0 else -1])
    else:
        grain = _value("PERIOD", node.word("unit"))
        if number > 0:
            there = periods.add(start, number - 1, grain)
        else:
            there = end - 3 * ONE_DAY if grain in ("week", "weekend") else end
        if there is None or there > end:
            raise OpenError("there are not so many")
        period = periods.containing(grain, there)
    return Meaning("DATE", period).counted_from(whole)


def _weekday_of(node: Node, context: Context) -> Meaning:
    inner, outer = node.node("x"), node.node("y")
    assert inner and outer
    weekday, week = _weekday(inner), resolve(outer, context)
    if week.period.grain != "week" or week.period.start is None or weekday is None:
        raise OpenError("the words do not name a week")
    return Meaning("DATE", periods.day(week.period.start + (weekday - 1) * ONE_DAY)).counted_from(week)


def _day_of(node: Node, context: Context) -> Meaning:
    outer, day = node.node("y"), _day(node)
    assert outer and day
    whole = resolve(outer, context)
    start = whole.period.start
    date = _one_day(start.year, start.month, day) if start and whole.period.grain == "month" else None
    if date is None:
        raise OpenError("the words do not name a day of a month")
    return Meaning("DATE", periods.day(date)).counted_from(whole)


def _same_period(node: Node, context: Context) -> Meaning:
    inner, outer = node.node("x"), node.node("y")
    assert outer
    year, grain = resolve(outer, context), _value("PERIOD", inner.word("unit") if inner else None)
    if grain is None or year.period.grain != "year" or year.period.start is None:
        raise OpenError("which part of the year is not said")
    today = context.publication(grain)
    return published(periods.containing(grain, _moved_to(today, year.period.start.year)), context)


def _moved_to(date: dt.date, year: int) -> dt.date:
    return periods.add(date, year - date.year, "year") or date


def _edge(node: Node, context: Context) -> Meaning:
    outer, word = node.node("y"), node.word("mod")
    assert outer and word
    whole = resolve(outer, context)
    if word in ("earlier", "later"):
        return _so_far(whole, word, context)
    mod = _value("EDGE", word)
    return replace(whole, mod=mod) if whole.mod or whole.period.grain == "day" else whole.narrowed(mod)


def _so_far(whole: Meaning, word: str, context: Context) -> Meaning:
    """Earlier this month: up to the day before the anchor; later this month: from the day after it."""
    mod, start, end, anchor = _value("EARLIER_LATER", word), whole.period.start, whole.period.end, whole.anchor
    if start and end and anchor and start < anchor < end:
        period = whole.period
        edge = (start, anchor - ONE_DAY) if mod == "START" else (anchor + ONE_DAY, end)
        return replace(whole, mod=mod, period=replace(period, start=edge[0], end=edge[1], edtf=f"{edge[0]}/{edge[1]}"))
    return replace(whole, mod=mod)


def _edge_this(node: Node, context: Context) -> Meaning:
    grain, word = _value("PERIOD", node.word("unit")), node.word("mod") or ""
    carrier = context.carrier()
    if context.published is None or (carrier and carrier.sentence == context.sentence):
        reference = context.earlier(grain)
        whole = in_text(_text_shift(reference, 0, grain), reference, "medium")
    else:
        whole = published(periods.containing(grain, context.publication(grain if grain in GRAINS[:5] else "year")), context)
    if word in ("earlier", "later"):
        return _so_far(whole, word, context)
    return whole.narrowed(_value("EDGE", word))


def _half_of(node: Node, context: Context) -> Meaning:
    outer = node.node("y")
    assert outer
    whole, number = resolve(outer, context), 1 if _ordinal(node) == 1 else 2
    start, end = whole.period.start, whole.period.end
    if whole.period.grain == "year" and start:
        return Meaning("DATE", periods.half(start.year, number)).counted_from(whole)
    if start is None or end is None:
        return replace(whole, mod="START" if number == 1 else "END")
    middle = start + (end - start) // 2
    first, last = (start, middle) if number == 1 else (middle + ONE_DAY, end)
    mod = "START" if number == 1 else "END"
    return replace(whole, mod=mod, period=_from_to(whole.period, first, last))


def _rest_of(node: Node, context: Context) -> Meaning:
    outer = node.node("y")
    assert outer
    whole = resolve(outer, context)
    return _so_far(whole, "later", context)


def _approximate(node: Node, context: Context) -> Meaning:
    outer = node.node("y")
    assert outer
    whole = resolve(outer, context)
    edtf = whole.period.edtf
    if whole.mod or edtf is None or "/" in edtf:
        return whole if whole.mod else replace(whole, mod="APPROX")
    return replace(whole, mod="APPROX", period=replace(whole.period, edtf=f"{edtf}~"))


def _signal(node: Node, context: Context) -> Meaning:
    outer, mod = node.node("y"), node.rule.args["mod"]
    assert outer
    whole = resolve(outer, context)
    period = whole.period
    if period.start is None or period.end is None or whole.timex_type != "DATE":
        return whole
    if mod == "SINCE":
        return replace(whole, period=_from_to(period, period.start, None))
    if mod == "UNTIL":
        return replace(whole, period=_from_to(period, None, period.end))
    return _bounded(whole, mod) if whole.mod is None else whole


def _range(node: Node, context: Context) -> Meaning:
    left, right = node.node("y"), node.node("z")
    assert left and right
    last = resolve(right, context)
    if last.period.start is None or last.period.end is None:
        raise OpenError("one end of it has no date")
    year = last.period.start.year if "BARE" in left.classes and (last.written_year or "BARE" in right.classes) else None
    first = resolve(left, replace(context, year=year, not_after=last.period.start))
    if year and first.period.start and first.period.start > last.period.end:
        first = resolve(left, replace(context, year=year - 1))
    if year:
        first = first.counted_from(last)
    if first.period.start is None:
        raise OpenError("one end of it has no date")
    period = periods.interval(first.period, last.period)
    if period is None:
        raise OpenError("it would end before it begins")
    mod = first.mod if first.mod == last.mod else None
    return replace(Meaning("DATE", period, mod).counted_from(last), written_year=first.written_year or last.written_year)


# --- durations, sets, references ---------------------------------------------------------------------------------
_MODS = {"more": "MORE_THAN", "less": "LESS_THAN", "about": "APPROX", "at_least": "EQUAL_OR_MORE", "at_most": "EQUAL_OR_LESS"}


def _length(number: float | None, unit: str) -> str:
    """The ISO 8601 duration of so many units (None: X); a unit such as 10Y counts tenfold."""
    match = re.fullmatch(r"(T?)(\d*)([A-Z]+)", unit)
    assert match
    time, factor, letter = match.groups()
    amount = "X" if number is None else f"{number * int(factor or 1):g}"
    if number is not None and number * int(factor or 1) >= 1e6:
        amount = str(int(number * int(factor or 1)))
    if number is None and factor:
        letter = {"10": "DE", "100": "CE"}.get(factor, letter)
    if letter == "NI":
        time, letter = "", "D"
    return f"P{time}{amount}{letter}"


def _unit(node: Node, slot: str = "unit") -> str:
    word = node.word(slot)
    return str(next(found for kind in ("UNIT", "UNITS", "LONG_UNITS", "QUARTERS") if (found := _value(kind, word))))


def _duration(node: Node, _: Context) -> Meaning:
    number = _number(node.word("n")) if node.word("n") else node.rule.args.get("n")
    if node.word("frac") and number:
        number += 0.5
    unit = _unit(node)
    mod = next((value for slot, value in _MODS.items() if node.word(slot)), node.rule.args.get("mod"))
    return timeless("DURATION", _length(number, unit), _grain(unit), mod)


def _grain(unit: str) -> str:
    letters = unit.lstrip("0123456789")
    if letters in ("TM", "TH", "TS"):
        return "time"
    if unit.startswith("100"):
        return "century"
    if unit.startswith("10Y"):
        return "decade"
    return {"D": "day", "W": "week", "M": "month", "Q": "quarter", "Y": "year", "S": "season", "WE": "weekend"}.get(letters, "day")


def _duration_of(node: Node, context: Context) -> Meaning:
    inner = node.node("x")
    assert inner
    return resolve(inner, context)


def _part_of(node: Node, context: Context) -> Meaning:
    """The first two weeks of May: a length, and the days it covers."""
    inner, outer, number = node.node("x"), node.node("y"), node.word("n")
    assert outer
    length = resolve(inner, context) if inner else timeless("DURATION", _length(1, _unit(node)), _grain(_unit(node)))
    amount = re.fullmatch(r"P(\d+)([YMWD])", length.period.value)
    try:
        whole = resolve(outer, context)
    except OpenError:
        return replace(length, basis="missing")
    start, end = whole.period.start, whole.period.end
    if amount and start and end:
        count, grain = int(amount[1]), {"Y": "year", "M": "month", "W": "week", "D": "day"}[amount[2]]
        from_start = number in ("first", "opening")
        far = periods.add(start, count, grain) if from_start else periods.add(end + ONE_DAY, -count, grain)
        if far:
            first, last = (start, far - ONE_DAY) if from_start else (far, end)
            length = replace(length, period=replace(length.period, start=first, end=last))
    return replace(length, mod=length.mod).counted_from(whole)


def _duration_range(node: Node, context: Context) -> Meaning:
    right, left = node.node("y"), node.node("x")
    assert right
    last = resolve(right, context)
    if left:
        first = resolve(left, context).period.value
    else:
        number = _number(node.word("n"))
        first = re.sub(r"(?<=[PT])[\dX.]+", f"{number:g}", last.period.value) if number else last.period.value
        if last.period.grain in ("decade", "century") and number:
            first = _length(number, "10Y" if last.period.grain == "decade" else "100Y")
    return timeless("DURATION", f"{first}/{last.period.value}", last.period.grain, last.mod)


def _window(node: Node, context: Context) -> Meaning:
    """The past two weeks: a length, and the days it covers once its end is known."""
    inner, side = node.node("x"), node.rule.args["side"]
    if inner:
        length = resolve(inner, context)
    else:
        unit = _unit(node)
        number = _number(node.word("n")) or node.rule.args.get("n")
        length = timeless("DURATION", _length(number, unit), _grain(unit))
    amount = re.fullmatch(r"P(\d+)([YMWD])", length.period.value)
    if context.published is None:
        return replace(length, basis="missing")
    today = context.published
    if amount is None or context.precision != "day":
        return replace(length, basis="published", anchor=today)
    far = periods.add(today, side * int(amount[1]), {"Y": "year", "M": "month", "W": "week", "D": "day"}[amount[2]])
    if far is None:
        return replace(length, basis="published", anchor=today)
    period = replace(length.period, start=min(far, today), end=max(far, today))
    return replace(length, basis="published", anchor=today, period=period)


def _set(node: Node, _: Context) -> Meaning:
    if adverb := node.word("adverb"):
        return timeless("SET", _value("ADVERB_SET", adverb))
    part = _value("PART", node.word("part")) or _value("PARTS", node.word("part"))
    if weekday := _weekday(node):
        return timeless("SET", f"XXXX-WXX-{weekday}" + (f"T{part}" if part else ""), "day")
    if part:
        return timeless("SET", f"XXXX-XX-XXT{part}", "time")
    if season := _value("SEASON", node.word("season")):
        return timeless("SET", f"XXXX-{season}", "season")
    if month := _month(node):
        return timeless("SET", f"XXXX-{month:02}", "month")
    number = 2.0 if node.word("n") == "other" else _number(node.word("n"))
    unit = _unit(node)
    if unit == "WE":
        return timeless("SET", "XXXX-WXX-WE", "weekend")
    return timeless("SET", _length(number or 1, unit), _grain(unit))


def _reference(node: Node, _: Context) -> Meaning:
    return timeless("DATE", node.rule.args["value"])


# --- times of day -------------------------------------------------------------------------------------------------
def _at_time(day: Meaning, time: str) -> Meaning:
    """The day's meaning as a time: 14:15, or MO, AF, EV, NI."""
    period = day.period
    if period.grain != "day" or "/" in period.value:
        raise OpenError("the day is not said")
    exact = re.match(r"\d\d:\d\d", time)
    edtf = f"{period.value}T{time if time.count(':') == 2 else time[:5] + ':00' + time[5:]}" if exact else None
    return replace(day, timex_type="TIME", period=replace(period, grain="time", value=f"{period.value}T{time}", edtf=edtf))


def _clock_time(node: Node) -> str:
    word = node.word("word")
    if word:
        return "00:00" if word == "midnight" else "12:00"
    text = (node.word("clock") or node.word("hour") or "").replace(".", ":")
    if re.fullmatch(r"\d{4}", text):
        text = f"{text[:2]}:{text[2:]}"
    hour, *rest = text.split(":")
    number = int(hour) if hour.isdigit() else int(_value("CARD", hour))
    half = (node.word("ampm") or "").replace(".", "").replace(" ", "") or {"AF": "pm", "EV": "pm", "MO": "am"}.get(
        _value("PART", node.word("part")) or ""
    )
    if half == "pm" and number < 12:
        number += 12
    if half == "am" and number == 12:
        number = 0
    zone = _value("ZONE", node.word("zone")) or ""
    return ":".join([f"{number:02}", *(rest or ["00"])]) + zone


def _clock(node: Node, context: Context) -> Meaning:
    time = _clock_time(node)
    for reference in reversed(context.references):
        if reference.passage != context.passage:
            break
        if reference.period.grain in ("day", "time") and reference.period.start and "/" not in reference.period.value:
            return _at_time(in_text(periods.day(reference.period.start), reference, "medium"), time)
    try:
        today = context.publication("day")
    except OpenError:
        reason = "the day is not said, and " + NO_PUBLICATION
        raise OpenError(reason, missing=True) from None
    return replace(_at_time(published(periods.day(today), context), time), confidence="medium")


def _at_clock(node: Node, context: Context) -> Meaning:
    clock, outer = node.node("x"), node.node("y")
    assert clock and outer
    day = resolve(outer, context)
    return day if day.timex_type == "TIME" else _at_time(day, _clock_time(clock))


def _at_part(node: Node, context: Context) -> Meaning:
    outer = node.node("y")
    assert outer
    day = resolve(outer, context)
    return day if day.timex_type == "TIME" else _at_time(day, _value("PART", node.word("part")))


BUILDERS: dict[str, Callable[[Node, Context], Meaning]] = {
    "ago": _ago,
    "approximate": _approximate,
    "at_clock": _at_clock,
    "at_part": _at_part,
    "century": _century,
    "clock": _clock,
    "date": _date,
    "day_of": _day_of,
    "day_part": _day_part,
    "day_word": _day_word,
    "days": _days,
    "decade": _decade,
    "duration": _duration,
    "duration_of": _duration_of,
    "duration_range": _duration_range,
    "edge": _edge,
    "edge_this": _edge_this,
    "fixed_day": _fixed_day,
    "from_now": _from_now,
    "half": _half,
    "half_of": _half_of,
    "iso": _iso,
    "month": _month_alone,
    "months": _months,
    "nth_of": _nth_of,
    "numeric": _numeric,
    "of_year": _of_year,
    "offset": _offset,
    "part_of": _part_of,
    "period": _period,
    "quarter": _quarter,
    "range": _range,
    "reference": _reference,
    "rest_of": _rest_of,
    "same_period": _same_period,
    "season": _season,
    "set": _set,
    "signal": _signal,
    "text_offset": _text_offset,
    "text_part": _text_part,
    "text_period": _text_period,
    "weekday": _weekday_alone,
    "weekday_of": _weekday_of,
    "weekend": _weekend,
    "window": _window,
    "year": _year_alone,
    "years": _years,
}
