"""One article's dates in the terminal, a line each: what is said, what that is, from where it is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.offsets import normalise
from pipeline.report import load

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

Row = dict[str, Any]


def date_line(row: Row, by_id: dict[str, Row]) -> tuple[str, str, str]:
    """(expression, value, how it was found) of a row of ``dates``.

    Args:
        row: the row.
        by_id: all rows of its article, for the expression that it is counted from.
    """
    value = " ".join(filter(None, (row["timex_value"], row["mod"]))) or "open"
    days = _days(row)
    if days and days != row["timex_value"]:
        value += f" = {days}"
    anchor = {
        "published": f"from the publication date {row['anchor_date']}",
        "dateline": f"from the dateline's {row['anchor_date']}",
        "inferred": f"from the inferred publication date {row['anchor_date']}",
    }.get(row["anchor_basis"])
    if row["anchor_basis"] == "earlier_expression":
        anchor = f"from “{by_id[row['anchor_date_id']]['text']}”" if row["anchor_date_id"] in by_id else "from the text"
    others = f"or {', '.join(row['alternatives'])}" if row["alternatives"] else None
    how = [anchor, row["unresolved_reason"], others, f"rule {row['rule']}", row["confidence"]]
    return normalise(row["text"]).text, value, ", ".join(filter(None, how))


def _days(row: Row) -> str:
    """The days of an expression: 2017-08-21 to 2017-08-31, with .. at an open end; empty if it names none."""
    start, end = row["start_date"], row["end_date"]
    if start is None and end is None:
        return ""
    return str(start) if start == end else f"{start or '..'} to {end or '..'}"


def print_dates(outputs: Path, article_id: str, console: Console) -> None:
    """Print the time expressions of an article in the order of its text, one line each.

    Raises:
        UsageError: there are no tables.
    """
    from rich.text import Text

    rows = load(outputs, "dates", article_ids=[article_id])
    by_id = {row["date_id"]: row for row in rows}
    told = [date_line(row, by_id) for row in rows]
    widths = [min(30, max((len(line[i]) for line in told), default=0)) for i in (0, 1)]
    for words, value, how in told:
        line = Text.assemble(f"{words:<{widths[0]}}  ", (f"{value:<{widths[1]}}  ", "green"), (how, "dim"))
        console.print(line, soft_wrap=True, highlight=False)
    if not told:
        console.print("no time expression", highlight=False)
