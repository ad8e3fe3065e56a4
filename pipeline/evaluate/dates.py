"""Time expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.evaluate.pairing import overlap, pair_up, row_span
from pipeline.evaluate.report import Report, Score

if TYPE_CHECKING:
    from pipeline.evaluate.gold import Text


def score_dates(report: Report, texts: list[Text]) -> None:
    """Time expressions: spans, values, intervals; and values where the gold says there can be none."""
    dates = pair_up(report, texts, "dates", ("type", "timex_type"))
    dates.f("span", lambda pair: pair.exact)
    dates.f("overlap", lambda _: True)
    dates.columns("start_date", "end_date")
    dates.interval("interval", "start_date", "end_date")
    settled = {pair.row["date_id"] for pair in dates.pairs if not pair.mark.says.get("open")}
    open_dates = [(text, mark) for text, mark in dates.marks if mark.says.get("open")]
    invented = 0
    for text, mark in open_dates:
        for row in text.rows["dates"]:
            valued = [row[key] for key in ("timex_value", "start_date", "end_date") if row[key] is not None]
            if valued and row["date_id"] not in settled and overlap(mark.span, row_span(text, row)):
                invented += 1
                report.differ("dates", text, mark, "invented", "open", valued[0])
    report.scores.append(Score("dates", "invented (must be 0), of open", "count", invented, len(open_dates)))
    for pair in dates.pairs:
        if not pair.exact:
            report.differ("dates", pair.text, pair.mark, "span", pair.mark.text, pair.row["text"])
    dates.leftovers("timex_type", "timex_value")
