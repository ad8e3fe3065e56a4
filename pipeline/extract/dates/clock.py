"""Times of day."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.extract.dates import periods
from pipeline.extract.dates.meaning import NO_PUBLICATION, Meaning, OpenError, at_time, in_text, published
from pipeline.extract.dates.words import value_of

if TYPE_CHECKING:
    from pipeline.extract.dates.grammar import Node
    from pipeline.extract.dates.meaning import Context


def clock_time(node: Node) -> str:
    """The time that a clock node names, 14:15 or 14:15Z."""
    word = node.word("word")
    if word:
        return "00:00" if word == "midnight" else "12:00"
    text = (node.word("clock") or node.word("hour") or "").replace(".", ":")
    if re.fullmatch(r"\d{4}", text):
        text = f"{text[:2]}:{text[2:]}"
    hour, *rest = text.split(":")
    number = int(hour) if hour.isdigit() else int(value_of("CARD", hour))
    half = (node.word("ampm") or "").replace(".", "").replace(" ", "") or {"AF": "pm", "EV": "pm", "MO": "am"}.get(
        value_of("PART", node.word("part")) or ""
    )
    if half == "pm" and number < 12:
        number += 12
    if half == "am" and number == 12:
        number = 0
    zone = value_of("ZONE", node.word("zone")) or ""
    return ":".join([f"{number:02}", *(rest or ["00"])]) + zone


def clock(node: Node, context: Context) -> Meaning:
    """9 a.m., 16:30 UTC: on the day last named in the paragraph, else the day of publication."""
    time = clock_time(node)
    for reference in reversed(context.references):
        if reference.passage != context.passage:
            break
        if reference.period.grain in ("day", "time") and reference.period.start and "/" not in reference.period.value:
            return at_time(in_text(periods.day(reference.period.start), reference, "medium"), time)
    try:
        today = context.publication("day")
    except OpenError:
        reason = "the day is not said, and " + NO_PUBLICATION
        raise OpenError(reason, missing=True) from None
    return replace(at_time(published(periods.day(today), context), time), confidence="medium")


def at_clock(node: Node, context: Context) -> Meaning:
    """2.15pm on 25 August 2017."""
    clock, outer = node.below("x"), node.below("y")
    day = context.resolve(outer)
    return day if day.timex_type == "TIME" else at_time(day, clock_time(clock))


def at_part(node: Node, context: Context) -> Meaning:
    """Tuesday morning, the night of 3 April."""
    outer = node.below("y")
    day = context.resolve(outer)
    return day if day.timex_type == "TIME" else at_time(day, value_of("PART", node.word("part")))
