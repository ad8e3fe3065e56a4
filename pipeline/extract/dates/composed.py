"""Expressions made of others: March of that year, late August 2017, from April to June."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.extract.dates import periods
from pipeline.extract.dates.grammar import Node, Token, tokens_of
from pipeline.extract.dates.meaning import Meaning, OpenError, bounded, from_to, in_text, published
from pipeline.extract.dates.periods import GRAINS, ONE_DAY
from pipeline.extract.dates.relative import text_shift
from pipeline.extract.dates.words import day_of, ordinal_of, valid_day, value_of, weekday_of

if TYPE_CHECKING:
    from pipeline.extract.dates.meaning import Context


_PARTS = ("month", "quarter", "half")
"""Grains of what "the same period last year" can mean."""


def of_year(node: Node, context: Context) -> Meaning:
    """March of that year, the third quarter of 2016."""
    inner, outer = node.below("x"), node.below("y")
    year = context.resolve(outer)
    number = re.fullmatch(r"(BC)?(\d{4})", year.period.value)
    if year.period.grain != "year" or number is None:
        raise OpenError("the words do not name a year")
    written = -int(number[2]) if number[1] else int(number[2])
    return replace(context, year=written).resolve(inner).counted_from(year)


def nth_of(node: Node, context: Context) -> Meaning:
    """The last week of March, the first Monday in May."""
    outer = node.below("y")
    whole = context.resolve(outer)
    start, end, number = whole.period.start, whole.period.end, ordinal_of(node)
    if start is None or end is None:
        raise OpenError("the words do not say of when")
    weekday = weekday_of(node)
    if weekday:
        days = [d for i in range((end - start).days + 1) if (d := start + i * ONE_DAY).isoweekday() == weekday]
        if number > len(days):
            raise OpenError("there are not so many")
        period = periods.day(days[number - 1 if number > 0 else -1])
    else:
        grain = value_of("PERIOD", node.word("unit"))
        if number > 0:  # the first week of a month is the first with most of its days in it
            there = periods.add(start + 3 * ONE_DAY if grain == "week" else start, number - 1, grain)
        else:
            there = end - 3 * ONE_DAY if grain in ("week", "weekend") else end
        if there is None or there > end:
            raise OpenError("there are not so many")
        period = periods.containing(grain, there)
    return Meaning("DATE", period).counted_from(whole)


def week_of(node: Node, context: Context) -> Meaning:
    """The week of 18 March."""
    day = context.resolve(node.below("y"))
    if day.period.start is None:
        raise OpenError("the words do not name a day")
    return Meaning("DATE", periods.week(day.period.start)).counted_from(day)


def the_period(node: Node, context: Context) -> Meaning:
    """The quarter, the year, the month: the one just spoken of, else that of publication; a quarter is never guessed."""
    grain = value_of("PERIOD", node.word("unit"))
    for reference in reversed(context.references):
        near = context.sentence - reference.sentence <= 1 and reference.passage == context.passage
        if not near and grain != "quarter":
            break
        if reference.period.grain == grain or (near and GRAINS.index(reference.period.grain) < GRAINS.index(grain)):
            return in_text(text_shift(reference, 0, grain), reference, "medium")
    if grain == "quarter":
        raise OpenError("which quarter is not said")
    today = context.publication(grain if grain in GRAINS[:5] else "year")
    return replace(published(periods.containing(grain, today), context), confidence="medium")


def weekday_of_period(node: Node, context: Context) -> Meaning:
    """Friday of last week."""
    inner, outer = node.below("x"), node.below("y")
    weekday, week = weekday_of(inner), context.resolve(outer)
    if week.period.grain != "week" or week.period.start is None or weekday is None:
        raise OpenError("the words do not name a week")
    return Meaning("DATE", periods.day(week.period.start + (weekday - 1) * ONE_DAY)).counted_from(week)


def day_of_period(node: Node, context: Context) -> Meaning:
    """The 28th of that month."""
    outer, day = node.below("y"), day_of(node)
    assert outer
    assert day
    whole = context.resolve(outer)
    start = whole.period.start
    date = valid_day(start.year, start.month, day) if start and whole.period.grain == "month" else None
    if date is None:
        raise OpenError("the words do not name a day of a month")
    return Meaning("DATE", periods.day(date)).counted_from(whole)


def same_period(node: Node, context: Context) -> Meaning:
    """The same month last year: as the month just named, else as that of publication."""
    inner, outer = node.node("x"), node.below("y")
    year, grain = context.resolve(outer), value_of("PERIOD", inner.word("unit") if inner else None)
    if year.period.grain == "year" and year.period.start:
        for reference in reversed(context.references):
            period = reference.period
            if context.sentence - reference.sentence > 1 or reference.passage != context.passage:
                break
            if period.start and "/" not in period.value and period.grain in ((grain,) if grain else _PARTS):
                moved = _moved_to(period.start, year.period.start.year)
                return in_text(periods.containing(period.grain, moved), reference, "medium")
    if grain is None or year.period.grain != "year" or year.period.start is None:
        raise OpenError("which part of the year is not said")
    today = context.publication(grain)
    return published(periods.containing(grain, _moved_to(today, year.period.start.year)), context)


def _moved_to(date: dt.date, year: int) -> dt.date:
    return periods.add(date, year - date.year, "year") or date


def edge(node: Node, context: Context) -> Meaning:
    """Late August 2017, mid-2016, the end of last year, earlier this month."""
    outer, word = node.below("y"), node.word("mod")
    assert outer
    assert word
    whole = context.resolve(outer)
    if word in ("earlier", "later"):
        return so_far(whole, word, context)
    mod = value_of("EDGE", word)
    return replace(whole, mod=mod) if whole.mod or whole.period.grain == "day" else whole.narrowed(mod)


def so_far(whole: Meaning, word: str, context: Context) -> Meaning:
    """Earlier this month: up to the day before the anchor; later this month: from the day after it."""
    mod, start, end, anchor = value_of("EARLIER_LATER", word), whole.period.start, whole.period.end, whole.anchor
    if start and end and anchor and start < anchor < end:
        period = whole.period
        edge = (start, anchor - ONE_DAY) if mod == "START" else (anchor + ONE_DAY, end)
        return replace(whole, mod=mod, period=replace(period, start=edge[0], end=edge[1], edtf=f"{edge[0]}/{edge[1]}"))
    return replace(whole, mod=mod)


def edge_this(node: Node, context: Context) -> Meaning:
    """The end of the year, later in the month."""
    grain, word = value_of("PERIOD", node.word("unit")), node.word("mod") or ""
    carrier = context.carrier()
    if context.published is None or (carrier and carrier.sentence == context.sentence):
        reference = context.earlier(grain)
        whole = in_text(text_shift(reference, 0, grain), reference, "medium")
    else:
        whole = published(
            periods.containing(grain, context.publication(grain if grain in GRAINS[:5] else "year")), context
        )
    if word in ("earlier", "later"):
        return so_far(whole, word, context)
    return whole.narrowed(value_of("EDGE", word))


def half_of(node: Node, context: Context) -> Meaning:
    """The first half of 2018."""
    inner, outer = node.below("x"), node.below("y")
    whole, number = context.resolve(outer), 1 if ordinal_of(inner) == 1 else 2
    start, end = whole.period.start, whole.period.end
    if whole.period.grain == "year" and start:
        return Meaning("DATE", periods.half(start.year, number)).counted_from(whole)
    if start is None or end is None:
        return replace(whole, mod="START" if number == 1 else "END")
    middle = start + ((end - start).days + 1) // 2 * ONE_DAY  # the first half of a long month has 15 days
    first, last = (start, middle - ONE_DAY) if number == 1 else (middle, end)
    mod = "START" if number == 1 else "END"
    return replace(whole, mod=mod, period=from_to(whole.period, first, last))


def rest_of(node: Node, context: Context) -> Meaning:
    """The rest of the year."""
    outer = node.below("y")
    whole = context.resolve(outer)
    return so_far(whole, "later", context)


def approximate(node: Node, context: Context) -> Meaning:
    """About 2010."""
    outer = node.below("y")
    whole = context.resolve(outer)
    edtf = whole.period.edtf
    if whole.mod or edtf is None or "/" in edtf:
        return whole if whole.mod else replace(whole, mod="APPROX")
    return replace(whole, mod="APPROX", period=replace(whole.period, edtf=f"{edtf}~"))


def signal(node: Node, context: Context) -> Meaning:
    """Since late August, until 2019, before 2010: one end is open."""
    outer, mod = node.below("y"), node.rule.args["mod"]
    if mod in ("BEFORE", "UNTIL") and context.tense() in ("", "present"):
        context = replace(context, tense=lambda: "future")  # no return before May: nobody says so of a May gone by
    whole = context.resolve(outer)
    period = whole.period
    if period.start is None or period.end is None or whole.timex_type != "DATE":
        return whole
    if mod == "SINCE":
        return replace(whole, period=from_to(period, period.start, None))
    if mod == "UNTIL":
        return replace(whole, period=from_to(period, None, period.end))
    return bounded(whole, mod) if whole.mod is None else whole


def joined(node: Node) -> tuple[Node, ...]:
    """The expressions that ``node`` joins and that are rows of their own, in text order; none if it is one.

    The ends of a stretch are two expressions: from May to July, April 3-5, August and September 2017. They are
    one where "between" names both ends at once (between 25 August and 24 September 2017) and where they share a
    unit (three to seven years). A time and its day are two if a word or comma stands between them.
    """
    if node.rule.build in _RUNS:
        return _run_ends(node)
    inner = tuple(item for item in node.items if isinstance(item, Node))
    if len(inner) != 2 or node.rule.build not in ("range", "duration_range", "compound", "at_clock"):
        return ()
    left, right = inner
    if node.rule.build == "range":
        shared = _bare(left) and (_says(right, "YEAR") or right.rule.build == "of_year")
        return () if shared and _opens_with(node, "between") else inner
    return inner if node.items.index(right) - node.items.index(left) > 1 else ()


_RUNS = ("days", "months", "years")
"""Builders of stretches in one run of words, whose ends share a month or a year."""


def _run_ends(node: Node) -> tuple[Node, ...]:
    """April 3 and 5, 2017 of April 3-5, 2017: nodes that ask the whole for their meaning."""
    last = node.slots["last"][0]
    cut = next(i for i, item in enumerate(node.items) if item is last)
    if _opens_with(node, "between") or not node.rule.args.get("ends", True) or _says(node.items[cut - 1], "SLASH"):
        return ()
    begin = 1 if _opens_with(node, "from") else 0
    sides = (node.items[begin : cut - 1], node.items[cut:])
    apart = not begin and _opens_with(node.items[cut - 1], "and", "or")
    return tuple(
        Node(replace(node.rule, build="end_of_run", args={"end": i, "apart": apart}), items, {"y": (node,)})
        for i, items in enumerate(sides)
    )


def end_of_run(node: Node, context: Context) -> Meaning:
    """One end of a run: 5, 2017 of April 3-5, 2017; with "and" between them, a day or month by itself."""
    whole = context.resolve(node.below("y"))
    if not whole.parts:
        return whole
    end: Meaning = whole.parts[node.rule.args["end"]]
    return replace(end, within=None) if node.rule.args["apart"] else end


def _opens_with(item: Node | Token, *words: str) -> bool:
    return next(tokens_of(item)).text.lower() in words


def _says(node: Node | Token, kind: str) -> bool:
    return any(name.startswith(kind) for token in tokens_of(node) for name in token.classes)


def _bare(node: Node) -> bool:
    """Whether it leaves its year out: 25 August, late August."""
    return "BARE" in node.classes or (node.rule.build == "edge" and _bare(node.below("y")))


def spanning(node: Node, context: Context) -> Meaning:
    """Between 25 August and 24 September 2017; the year of one end serves the other."""
    left, right = node.below("y"), node.below("z")
    last = context.resolve(right)
    if last.period.start is None or last.period.end is None:
        raise OpenError("one end of it has no date")
    year = last.period.start.year if _bare(left) and (last.written_year or _bare(right)) else None
    first = replace(context, year=year, not_after=last.period.start).resolve(left)
    if year and first.period.start and first.period.start > last.period.end:
        first = replace(context, year=year - 1).resolve(left)
    if year:
        first = first.counted_from(last)
    if first.period.start is None:
        raise OpenError("one end of it has no date")
    period = periods.interval(first.period, last.period)
    if period is None:
        raise OpenError("it would end before it begins")
    mod = first.mod if first.mod == last.mod else None
    return replace(
        Meaning("DATE", period, mod).counted_from(last),
        written_year=first.written_year or last.written_year,
        parts=(replace(first, within=period), replace(last, within=period)),
    )
