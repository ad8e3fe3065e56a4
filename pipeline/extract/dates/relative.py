"""Expressions counted from the publication date, or from an earlier expression in the text."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.extract.dates import periods
from pipeline.extract.dates.grammar import tokens_of
from pipeline.extract.dates.meaning import Meaning, OpenError, at_time, bounded, in_text, published, shifted, timeless
from pipeline.extract.dates.periods import GRAINS, ONE_DAY, Period
from pipeline.extract.dates.words import value_of, weekday_of

if TYPE_CHECKING:
    from pipeline.extract.dates.grammar import Node
    from pipeline.extract.dates.meaning import Context, Reference


def weekday_alone(node: Node, context: Context) -> Meaning:
    """Tuesday, last Tuesday, next Tuesday, the following Tuesday; publication day itself if it is one."""
    weekday, rel = weekday_of(node), node.word("rel")
    assert weekday
    if node.rule.args.get("from") == "text" or rel == "following":
        reference = context.earlier("day")
        assert reference.period.start
        return in_text(
            periods.day(
                reference.period.start + dt.timedelta((weekday - reference.period.start.isoweekday() - 1) % 7 + 1)
            ),
            reference,
        )
    today = context.publication("day")
    if weeks := node.rule.args.get("weeks"):
        ahead = (weekday - today.isoweekday() - 1) % 7 + 1 + 7 * weeks
        return published(periods.day(today + ahead * ONE_DAY), context)
    back = (today.isoweekday() - weekday) % 7
    latest, coming = today - back * ONE_DAY, today + (-back % 7) * ONE_DAY
    direction = -1 if rel == "past" else value_of("REL", rel)
    if rel is None or rel == "current":
        if context.not_after:
            latest = context.not_after - dt.timedelta((context.not_after.isoweekday() - weekday) % 7)
            if context.not_after >= today:  # of a stretch that ends later, the day next to publication
                latest = min(latest, coming if context.tense() != "past" or today == coming else today - back * ONE_DAY)
            return replace(published(periods.day(latest), context), confidence="medium")
        if today == latest:
            return replace(published(periods.day(today), context), confidence="medium")
        tense = context.tense()
        here, there = (coming, latest) if tense in ("present", "future") else (latest, coming)
        other = (str(there),) if tense in ("present", "") else ()
        return replace(published(periods.day(here), context), alternatives=other, confidence="medium")
    if direction == 0:
        return replace(
            published(periods.day(coming if context.tense() in ("present", "future") else latest), context),
            confidence="medium",
        )
    if direction < 0:
        first = latest if back else latest - 7 * ONE_DAY
        # "last Tuesday" may skip the one of this week
        other = (
            (str(first - 7 * ONE_DAY),) if rel == "last" and first.isocalendar()[1] == today.isocalendar()[1] else ()
        )
        return replace(published(periods.day(first), context), alternatives=other, confidence="medium")
    first = coming if back else coming + 7 * ONE_DAY
    other = (str(first + 7 * ONE_DAY),) if rel == "next" and first.isocalendar()[1] == today.isocalendar()[1] else ()
    return replace(published(periods.day(first), context), alternatives=other, confidence="medium")


def day_word(node: Node, context: Context) -> Meaning:
    """Today, yesterday, tomorrow, tonight."""
    word = node.word("day")
    date = context.publication("day") + value_of("DAYWORD", word) * ONE_DAY
    meaning = published(periods.day(date), context, value_of("EARLIER_LATER", node.word("earlier")))
    return at_time(meaning, "NI") if word == "tonight" else meaning


def offset(node: Node, context: Context) -> Meaning:
    """The day before yesterday."""
    date = context.publication("day") + node.rule.args["count"] * ONE_DAY
    return published(periods.day(date), context)


def period(node: Node, context: Context) -> Meaning:
    """Last week, this month, next year."""
    grain = node.rule.args.get("grain") or value_of("PERIOD", node.word("unit"))
    if grain == "weekend" and node.word("rel") == "this":
        return weekend_near(node, context)
    count = node.rule.args.get("rel", value_of("REL", node.word("rel")))
    today = context.publication("day" if grain == "weekend" else grain if grain in GRAINS[:5] else "year")
    return published(shifted(periods.containing(grain, today), count, grain), context)


def weekend_near(node: Node, context: Context) -> Meaning:
    """The weekend, this weekend: the one past or to come, by the tense."""
    today = context.publication("day")
    back = 0 if today.isoweekday() >= 6 or context.tense() == "future" else -1
    return replace(published(shifted(periods.weekend(today), back, "weekend"), context), confidence="medium")


def day_part(node: Node, context: Context) -> Meaning:
    """This morning, last night."""
    date = context.publication("day") + node.rule.args["count"] * ONE_DAY
    return at_time(published(periods.day(date), context), value_of("PART", node.word("part")))


def ago(node: Node, context: Context) -> Meaning:
    """Two years ago."""
    inner = node.below("x")
    return counted(inner, context, -1, None)


def from_now(node: Node, context: Context) -> Meaning:
    """Two years from now."""
    inner = node.below("x")
    return counted(inner, context, 1, None)


def counted(inner: Node, context: Context, side: int, reference: Reference | None) -> Meaning:
    """So many units before (-1) or after (1) an anchor: a day for days and weeks, else the unit's period."""
    length = context.resolve(inner)
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
    anchor_period = (
        reference.period if reference else periods.day(context.publication(grain if grain in GRAINS[:5] else "year"))
    )
    if anchor_period.start is None:
        moved = shifted(anchor_period, side * int(float(count)), grain)
        assert reference
        return in_text(moved, reference)
    from_day = (
        anchor_period.end if side > 0 and "/" in anchor_period.value and anchor_period.end else anchor_period.start
    )
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
    if length.mod in ("MORE_THAN", "LESS_THAN", "EQUAL_OR_MORE", "EQUAL_OR_LESS") and inner.word("less") not in (
        "nearly",
        "almost",
    ):
        far = (length.mod in ("MORE_THAN", "EQUAL_OR_MORE")) == (side < 0)
        return bounded(replace(meaning, period=periods.day(there)), "BEFORE" if far else "AFTER", anchor_period)
    return replace(meaning, mod="APPROX") if length.mod else meaning


def text_period(node: Node, context: Context) -> Meaning:
    """The following day, that year, the same month: counted from an earlier expression."""
    part = value_of("PART", node.word("part"))
    grain = "day" if part else value_of("PERIOD", node.word("unit"))
    rel = (node.word("rel") or "").split()
    count = node.rule.args.get("rel", value_of("TEXT_REL", rel[-1]) if rel else 0)
    reference = context.earlier(grain)
    meaning = in_text(text_shift(reference, count, grain), reference)
    return at_time(meaning, part) if part else meaning


def text_shift(reference: Reference, count: int, grain: str) -> Period:
    """The period of ``grain`` so many after the earlier expression, or holding it for 0."""
    base = reference.period
    if base.start is None:
        return shifted(base, count, grain)
    if count > 0 and base.end and "/" in base.value:
        base = periods.day(base.end)
    assert base.start
    return shifted(periods.containing(grain, base.start), count, grain)


def text_part(node: Node, context: Context) -> Meaning:
    """That night, the night before."""
    reference = context.earlier("day")
    there = text_shift(reference, node.rule.args["rel"], "day")
    return at_time(in_text(there, reference), value_of("PART", node.word("part")))


def the_part(node: Node, context: Context) -> Meaning:
    """In the evening: of the day last spoken of in the paragraph; one morning is of no day that is said."""
    reference = context.day_spoken_of()
    if reference is None or reference.passage != context.passage or "one" in _words(node):
        raise OpenError("the day is not said")
    there = in_text(text_shift(reference, 0, "day"), reference, "medium")
    return at_time(there, value_of("PART", node.word("part")))


def _words(node: Node) -> list[str]:
    return [token.text.lower() for token in tokens_of(node)]


def the_day(node: Node, context: Context) -> Meaning:
    """Shares ended the day lower: the day last spoken of, else that of publication."""
    reference = context.day_spoken_of()
    if reference:
        return in_text(text_shift(reference, 0, "day"), reference, "medium")
    return replace(published(periods.day(context.publication("day")), context), confidence="medium")


def text_offset(node: Node, context: Context) -> Meaning:
    """Two weeks later, a year earlier; what is compared with an earlier time is news, if no other time is named."""
    inner = node.below("x")
    unit = context.resolve(inner).period.value[-1]
    grain = {"Y": "year", "M": "month", "W": "day", "D": "day", "Q": "month"}.get(unit, "day")
    if context.resolve(inner).period.value.startswith("PT"):
        grain = "day"
    if node.rule.args.get("compared") and not context.references and context.published:
        return replace(counted(inner, context, node.rule.args["side"], None), confidence="medium")
    return counted(inner, context, node.rule.args["side"], context.earlier(grain))


def year_ago(node: Node, context: Context) -> Meaning:
    """The year-ago quarter: that of the year before the one last named."""
    grain = value_of("PERIOD", node.word("unit")) or "quarter"
    for reference in reversed(context.references):
        if reference.period.grain == grain and reference.period.start:
            there = periods.add(reference.period.start, -1, "year")
            assert there
            return in_text(periods.containing(grain, there), reference, "medium")
    raise OpenError(f"which {node.word('unit')} is not said")
