"""The builders by name: each ``build`` of ``resources/dates.toml``, from a node to its meaning.

A builder raises :class:`~pipeline.extract.dates.meaning.OpenError` where the words or the anchor do not
settle a value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.extract.dates import absolute, clock, composed, lengths, relative

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.extract.dates.grammar import Node
    from pipeline.extract.dates.meaning import Context, Meaning

BUILDERS: dict[str, Callable[[Node, Context], Meaning]] = {
    "ago": relative.ago,
    "approximate": composed.approximate,
    "at_clock": clock.at_clock,
    "at_part": clock.at_part,
    "century": absolute.century,
    "clock": clock.clock,
    "compound": lengths.compound,
    "date": absolute.date,
    "day_of": composed.day_of_period,
    "day_part": relative.day_part,
    "day_word": relative.day_word,
    "days": absolute.days,
    "decade": absolute.decade,
    "duration": lengths.duration,
    "duration_of": lengths.duration_of,
    "duration_range": lengths.duration_range,
    "edge": composed.edge,
    "edge_this": composed.edge_this,
    "end_of_run": composed.end_of_run,
    "feast": absolute.feast,
    "fiscal": absolute.fiscal,
    "fixed_day": absolute.fixed_day,
    "from_now": relative.from_now,
    "half": absolute.half,
    "half_of": composed.half_of,
    "iso": absolute.iso,
    "month": absolute.month_alone,
    "months": absolute.months,
    "nth_of": composed.nth_of,
    "numeric": absolute.numeric,
    "of_year": composed.of_year,
    "offset": relative.offset,
    "part_of": lengths.part_of,
    "period": relative.period,
    "quarter": absolute.quarter,
    "range": composed.spanning,
    "reference": lengths.indefinite,
    "rest_of": composed.rest_of,
    "same_period": composed.same_period,
    "season": absolute.season,
    "set": lengths.repeated,
    "signal": composed.signal,
    "text_offset": relative.text_offset,
    "text_part": relative.text_part,
    "the_part": relative.the_part,
    "the_period": composed.the_period,
    "the_day": relative.the_day,
    "text_period": relative.text_period,
    "week_of": composed.week_of,
    "weekday": relative.weekday_alone,
    "weekday_of": composed.weekday_of_period,
    "weekend": relative.weekend_near,
    "window": lengths.window,
    "year": absolute.year_alone,
    "year_ago": relative.year_ago,
    "years": absolute.years,
}
