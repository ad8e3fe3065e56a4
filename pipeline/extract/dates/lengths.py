"""Durations, sets, and references such as now and recently."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.extract.dates import periods
from pipeline.extract.dates.meaning import Meaning, OpenError, timeless
from pipeline.extract.dates.periods import ONE_DAY
from pipeline.extract.dates.words import grain_of, length_value, month_of, number_of, unit_of, value_of, weekday_of

if TYPE_CHECKING:
    from pipeline.extract.dates.grammar import Node
    from pipeline.extract.dates.meaning import Context

_MODS = {
    "more": "MORE_THAN",
    "less": "LESS_THAN",
    "about": "APPROX",
    "at_least": "EQUAL_OR_MORE",
    "at_most": "EQUAL_OR_LESS",
}


def duration(node: Node, _: Context) -> Meaning:
    """Three days, a decade, several months; the number open (X) where it is not said."""
    number = number_of(node.word("n")) if node.word("n") else node.rule.args.get("n")
    if node.word("frac") and number:
        number += 0.5
    unit = unit_of(node)
    mod = next((value for slot, value in _MODS.items() if node.word(slot)), node.rule.args.get("mod"))
    return timeless("DURATION", length_value(number, unit), grain_of(unit), mod)


def compound(node: Node, context: Context) -> Meaning:
    """Four minutes and 12 seconds: one length if the units go down, else two."""
    first, last = context.resolve(node.below("x")), context.resolve(node.below("y"))
    value = _sum(first.period.value, last.period.value)
    return replace(first, period=replace(first.period, value=value)) if value else replace(first, parts=(first, last))


def _sum(first: str, last: str) -> str | None:
    """The duration of both together, PT4M12S; None where the second does not continue the first."""
    one, two = (re.fullmatch(r"P(T?)(\d+)([YMWDHS])", value) for value in (first, last))
    if one is None or two is None:
        return None
    order = ("Y", "M", "W", "D", "TH", "TM", "TS")
    if order.index(one[1] + one[3]) >= order.index(two[1] + two[3]):
        return None
    return first + (two[1] if not one[1] else "") + two[2] + two[3]


def duration_of(node: Node, context: Context) -> Meaning:
    """The first three days, of something that is no date."""
    inner = node.below("x")
    return context.resolve(inner)


def part_of(node: Node, context: Context) -> Meaning:
    """The first two weeks of May: a length, and the days it covers."""
    inner, outer, number = node.below("x"), node.below("y"), node.word("n")
    length = context.resolve(inner)
    amount = re.fullmatch(r"P(\d+)([YMWD])", length.period.value)
    try:
        whole = context.resolve(outer)
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
    return length.counted_from(whole)


def duration_range(node: Node, context: Context) -> Meaning:
    """Three days to three weeks."""
    right, left = node.below("y"), node.node("x")
    last = context.resolve(right)
    parts: tuple[Meaning, ...] = ()
    if left:
        parts = (context.resolve(left), last)
        first = parts[0].period.value
    else:
        number = number_of(node.word("n"))
        first = re.sub(r"(?<=[PT])[\dX.]+", f"{number:g}", last.period.value) if number else last.period.value
        if last.period.grain in ("decade", "century") and number:
            first = length_value(number, "10Y" if last.period.grain == "decade" else "100Y")
    return replace(timeless("DURATION", f"{first}/{last.period.value}", last.period.grain, last.mod), parts=parts)


def window(node: Node, context: Context) -> Meaning:
    """The past two weeks: a length, and the days it covers once its end is known."""
    inner, side = node.node("x"), node.rule.args["side"]
    if inner:
        length = context.resolve(inner)
    else:
        unit = unit_of(node)
        number = number_of(node.word("n")) or node.rule.args.get("n")
        length = timeless("DURATION", length_value(number, unit), grain_of(unit))
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


def repeated(node: Node, _: Context) -> Meaning:
    """Every Friday, twice a month, annually."""
    if adverb := node.word("adverb"):
        return timeless("SET", value_of("ADVERB_SET", adverb))
    part = value_of("PART", node.word("part")) or value_of("PARTS", node.word("part"))
    if weekday := weekday_of(node):
        return timeless("SET", f"XXXX-WXX-{weekday}" + (f"T{part}" if part else ""), "day")
    if part:
        return timeless("SET", f"XXXX-XX-XXT{part}", "time")
    if season := value_of("SEASON", node.word("season")):
        return timeless("SET", f"XXXX-{season}", "season")
    if month := month_of(node):
        return timeless("SET", f"XXXX-{month:02}", "month")
    number = 2.0 if node.word("n") == "other" else number_of(node.word("n"))
    unit = unit_of(node)
    if unit == "WE":
        return timeless("SET", "XXXX-WXX-WE", "weekend")
    return timeless("SET", length_value(None if node.word("vague") else number or 1, unit), grain_of(unit))


def indefinite(node: Node, _: Context) -> Meaning:
    """Now, recently, in the future."""
    return timeless("DATE", node.rule.args["value"])
