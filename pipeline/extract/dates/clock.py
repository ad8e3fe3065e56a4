"""Times of day."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.extract.dates import periods
from pipeline.extract.dates.meaning import NO_PUBLICATION, Meaning, OpenError, at_time, in_text, published
from pipeline.extract.dates.periods import ONE_DAY
from pipeline.extract.dates.words import value_of

if TYPE_CHECKING:
    from pipeline.extract.dates.grammar import Node
    from pipeline.extract.dates.meaning import Context


def _times(node: Node) -> tuple[str, ...]:
    """The times that a clock node can mean, 14:15 or 14:15Z: two for two o'clock, with nothing to tell which half."""
    word = node.word("word")
    if word:
        return ("00:00",) if word == "midnight" else ("12:00",)
    text = (node.word("clock") or node.word("hour") or "").replace(".", ":")
    if re.fullmatch(r"\d{4}", text):
        text = f"{text[:2]}:{text[2:]}"
    hour, *rest = text.split(":")
    number = int(hour) if hour.isdigit() else int(value_of("CARD", hour))
    part = value_of("PART", node.word("part"))
    half = (node.word("ampm") or "").replace(".", "").replace(" ", "") or {
        "AF": "pm",
        "EV": "pm",
        "MO": "am",
        "NI": "pm" if 6 <= number < 12 else "am",
    }.get(part or "")
    if till := node.word("till"):  # from 11 to 3 p.m.
        last = int(re.split(r"[:.]", till)[0])
        if number % 12 > last % 12:
            half = {"am": "pm", "pm": "am"}[half or "am"]
    hours = [number % 12 + (12 if half == "pm" else 0)] if half and number <= 12 else [number]
    if half is None and node.rule.name == "oclock" and number <= 12:
        hours = [number % 12, number % 12 + 12]
    zone = value_of("ZONE", node.word("zone")) or ""
    return tuple(":".join([f"{hour:02}", *(rest or ["00"])]) + zone for hour in hours)


def _timed(day: Meaning, node: Node, said: str = "") -> Meaning:
    """The day's meaning at the time of a clock node, the first after ``said``, an earlier time of that day."""
    times = _times(node)
    later = [time for time in times if re.match(r"\d", said) and time > said]
    if len(times) > 1 and not later:
        raise OpenError(
            "morning or afternoon is not said", alternatives=tuple(at_time(day, time).period.value for time in times)
        )
    meaning = at_time(day, (later or times)[0])
    mod = "APPROX" if node.word("about") else node.rule.args.get("mod")
    return replace(meaning, mod=mod, confidence="medium" if len(times) > 1 else meaning.confidence)


def clock(node: Node, context: Context) -> Meaning:
    """9 a.m., 16:30 UTC: on the day right behind it, else the day last named in the paragraph, else that of the story, else that of publication.

    The day of the story is the one last named in the week before publication, or after it if the clause does
    not tell of the past. An early hour after a night is that of the next day. In words without a verb it has none.
    """
    if context.day_ahead is not None:
        return _timed(context.resolve(context.day_ahead), node)
    reference = context.day_spoken_of()
    if (reference is None or reference.passage != context.passage) and context.published and not context.tense():
        raise OpenError("the day is not said")  # opening hours, programmes
    if reference is None:
        try:
            today = context.publication("day")
        except OpenError:
            reason = "the day is not said, and " + NO_PUBLICATION
            raise OpenError(reason, missing=True) from None
        return replace(_timed(published(periods.day(today), context), node), confidence="medium")
    assert reference.period.start
    date = reference.period.start
    if _times(node)[0] < "12" and (reference.time == "NI" or "21" <= reference.time < "24"):
        date += ONE_DAY
    return _timed(in_text(periods.day(date), reference, "medium"), node, reference.time)


def at_clock(node: Node, context: Context) -> Meaning:
    """2.15pm on 25 August 2017."""
    clock, outer = node.below("x"), node.below("y")
    day = context.resolve(outer)
    time = day if day.timex_type == "TIME" else _timed(day, clock)
    return replace(time, parts=(time, day) if clock.start < outer.start else (day, time))


def at_part(node: Node, context: Context) -> Meaning:
    """Tuesday morning, the night of 3 April."""
    outer = node.below("y")
    day = context.resolve(outer)
    if day.timex_type == "TIME":
        return day
    return replace(at_time(day, value_of("PART", node.word("part"))), mod=day.mod or value_of("EDGE", node.word("mod")))
