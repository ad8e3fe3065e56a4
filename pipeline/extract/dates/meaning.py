"""What a resolved expression means, what it is counted from, and what to say when that is missing."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pipeline.extract.dates import periods
from pipeline.extract.dates.periods import GRAINS, ONE_DAY, Period

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pipeline.extract.dates.grammar import Node

REACH = 9
"""Sentences over which a written year carries in an article without a publication date.

Swept 3 to 20 on the WikiWars gold: value F 69.7 at 3, 76.2 at 9, 77.1 without a limit. News is no chronicle: there,
a year named further up is another story's as often as not, so the last point is given for fewer wrong dates.
"""

STORY = 7
"""Days between publication and a day named further up that a time of day may still belong to."""

NO_PUBLICATION = "there is no publication date to count from"
NO_YEAR = "the year is not stated, and there is no publication date or earlier date to tell it"
NOTHING_EARLIER = "there is no earlier date in the text to count from"


class OpenError(Exception):
    """The expression has no value here; the message is the reason in plain words."""

    def __init__(self, reason: str, *, missing: bool = False, alternatives: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.reason, self.missing, self.alternatives = reason, missing, alternatives


@dataclass(frozen=True)
class Meaning:
    """The value of one expression and where it comes from.

    ``period`` holds value, interval, grain and EDTF together. ``written_year`` says whether the year
    stands in the text, here or in the expression it was taken from. ``parts`` are the meanings of the
    expressions that it joins, where each of those is a row; ``within`` is then the stretch of time of
    which this one is an end.
    """

    timex_type: str
    period: Period
    mod: str | None = None
    basis: str = "none_needed"
    anchor: dt.date | None = None
    anchor_id: str | None = None
    alternatives: tuple[str, ...] = ()
    confidence: str = "high"
    written_year: bool = False
    parts: tuple[Meaning, ...] = ()
    within: Period | None = None

    def narrowed(self, mod: str) -> Meaning:
        """The START, MID or END of it."""
        start, end = periods.narrow(self.period, mod)
        edtf = self.period.edtf if (start, end) == (self.period.start, self.period.end) else f"{start}/{end}"
        return replace(self, mod=mod, period=replace(self.period, start=start, end=end, edtf=edtf))

    def counted_from(self, other: Meaning) -> Meaning:
        """The same, with the anchor of the expression it was built on."""
        order = ("high", "medium", "low")
        worse = max(self.confidence, other.confidence, key=order.index)
        basis = self if other.basis == "none_needed" else other
        return replace(
            self,
            basis=basis.basis,
            anchor=basis.anchor,
            anchor_id=basis.anchor_id,
            confidence=worse,
            written_year=self.written_year or other.written_year,
        )


@dataclass(frozen=True)
class Reference:
    """An earlier expression that a later one may be counted from."""

    date_id: str
    period: Period
    passage: int
    sentence: int
    written_year: bool
    opens: bool = False
    """Whether it stands at the head of its sentence or paragraph, and so sets the scene."""
    time: str = ""
    """The time of day that it states: 14:15, NI."""


@dataclass(frozen=True)
class Context:
    """What is known where an expression stands: publication, order of digits, the dates before it, tense."""

    published: dt.date | None
    precision: str
    order: str
    references: tuple[Reference, ...]
    passage: int
    sentence: int
    tense: Callable[[], str]
    year: int | None = None
    not_after: dt.date | None = None
    day_ahead: Node | None = None
    """The day that stands right behind a time of day."""
    said: bool = False
    """Whether ``published`` is not the day of publication, but when the words were spoken."""
    builders: Mapping[str, Callable[[Node, Context], Meaning]] = field(default_factory=dict)

    def resolve(self, node: Node) -> Meaning:
        """The meaning of ``node`` here.

        Raises:
            OpenError: it has none.
        """
        try:
            return self.builders[node.rule.build](node, self)
        except (ValueError, OverflowError):  # the calendar has the years 1 to 9999
            raise OpenError("that lies outside the calendar") from None

    def publication(self, grain: str) -> dt.date:
        """The day of publication, known at least to ``grain``.

        Raises:
            OpenError: there is none, or it is coarser.
        """
        if self.published is None:
            raise OpenError(NO_PUBLICATION, missing=True)
        if GRAINS.index(self.precision) > GRAINS.index(grain):
            what = "when it was said" if self.said else "the publication date"
            raise OpenError(f"{what} is known to the {self.precision} only", missing=True)
        return self.published

    def earlier(self, grain: str) -> Reference:
        """The nearest expression before this one that is stated to ``grain`` or finer.

        Raises:
            OpenError: there is none.
        """
        for reference in reversed(self.references):
            if GRAINS.index(reference.period.grain) <= GRAINS.index(grain):
                return reference
        raise OpenError(NOTHING_EARLIER, missing=True)

    def day_spoken_of(self) -> Reference | None:
        """The expression whose day a time of day shares: the day last named in the paragraph, else that of the story.

        The day of the story is the one last named that lies in the week before publication, or in the week
        after it if the clause does not tell of the past. An article without a publication date has no such day.
        """
        days = [r for r in self.references if r.period.grain == "day" and r.period.start and "/" not in r.period.value]
        if days and days[-1].passage == self.passage:
            return days[-1]
        if self.published is None or self.precision != "day":
            return None
        ahead = self.tense() != "past"
        for reference in reversed(days):
            assert reference.period.start
            away = (reference.period.start - self.published).days
            if 0 <= away <= STORY if ahead else -STORY <= away <= 0:
                return reference
        return None

    def carrier(self) -> Reference | None:
        """The earlier expression whose year a bare month or day clearly shares: a written year, close before.

        In an article without a publication date a written year counts over REACH sentences; with one, a date of
        month or day in this or the last sentence of the paragraph, or any in this sentence.
        """
        written = [r for r in self.references if r.written_year]
        if not written:
            return None
        last = written[-1]
        if self.published is None:
            written = [r for r in written if self.sentence - r.sentence <= REACH]
            fine = [
                r
                for r in written
                if GRAINS.index(r.period.grain) <= GRAINS.index("season") or r.opens or r.sentence == self.sentence
            ]
            return fine[-1] if fine else written[-1] if written else None
        if last is not self.references[-1] or last.passage != self.passage:
            return None
        near = self.sentence - last.sentence
        return last if near == 0 or (near == 1 and GRAINS.index(last.period.grain) <= GRAINS.index("month")) else None


def published(period: Period, context: Context, mod: str | None = None) -> Meaning:
    """``period`` as counted from the publication date."""
    return Meaning("DATE", period, mod, "published", context.published)


def in_text(period: Period, reference: Reference, confidence: str = "high") -> Meaning:
    """``period`` as counted from an earlier expression."""
    return Meaning(
        "DATE",
        period,
        None,
        "earlier_expression",
        reference.period.start,
        reference.date_id,
        confidence=confidence,
        written_year=reference.written_year,
    )


def timeless(timex_type: str, value: str, grain: str | None = None, mod: str | None = None) -> Meaning:
    """A value without days: a duration, a set, PRESENT_REF."""
    return Meaning(timex_type, Period(grain or "", value, None, None, None), mod)


def shifted(period: Period, count: int, grain: str) -> Period:
    """:func:`periods.shift`, or OpenError where that leaves the calendar."""
    moved = periods.shift(period, count, grain)
    if moved is None:
        raise OpenError("that lies outside the calendar")
    return moved


def bounded(meaning: Meaning, mod: str, anchor: Period | None = None) -> Meaning:
    """Everything before or after it; with an anchor, no further than that."""
    start, end = meaning.period.start, meaning.period.end
    if start is None or end is None:
        return replace(meaning, mod=mod)
    limit = anchor.start if anchor else None
    if mod == "BEFORE":
        period = from_to(meaning.period, limit if limit and limit < start else None, start - ONE_DAY)
    else:
        period = from_to(meaning.period, end + ONE_DAY, limit if limit and limit > end else None)
    return replace(meaning, mod=mod, period=period)


def from_to(period: Period, first: dt.date | None, last: dt.date | None) -> Period:
    """``period`` with another interval; None is open."""
    return replace(period, start=first, end=last, edtf=f"{first or '..'}/{last or '..'}")


def at_time(day: Meaning, time: str) -> Meaning:
    """The day's meaning as a time: 14:15, or MO, AF, EV, NI."""
    period = day.period
    if period.grain != "day" or "/" in period.value:
        raise OpenError("the day is not said")
    exact = re.match(r"\d\d:\d\d", time)
    edtf = f"{period.value}T{time if time.count(':') == 2 else time[:5] + ':00' + time[5:]}" if exact else None
    return replace(
        day, timex_type="TIME", period=replace(period, grain="time", value=f"{period.value}T{time}", edtf=edtf)
    )
