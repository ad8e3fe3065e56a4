"""One article's dates or numbers in the terminal, a line each.

Of a date what is said, what that is, from where it is counted; of a number its value and bounds, what it counts, what
befell them, and what it is a part of.
"""

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
    others = f"other readings {', '.join(row['alternatives'])}" if row["alternatives"] else None
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
    rows = load(outputs, "dates", where={"article_id": [article_id]})
    by_id = {row["date_id"]: row for row in rows}
    _print([date_line(row, by_id) for row in rows], "no time expression", console)


def quantity_line(row: Row, by_id: dict[str, Row]) -> tuple[str, str, str]:
    """(expression, value with its bounds, what is known of it) of a row of ``quantities``.

    Args:
        row: the row.
        by_id: all rows of its article, for the number that it is a part of.
    """
    unit = row["unit"] or "unit unknown"
    counted = f"counts “{normalise(row['counted']).text}”" if row["counted"] and row["kind"] != "money" else None
    group = row["demographic"]
    event = row["event"] and f"{row['event']} (“{row['event_text']}”)"
    whole = by_id.get(row["subset_of_quantity_id"])
    told = [
        row["kind"] if row["kind"] in ("ratio", "ordinal", "rank") else f"{row['kind']} in {unit}",
        counted,
        group,
        event,
        row["polarity"] if row["polarity"] != "asserted" else None,
        row["modality"] if row["modality"] != "certain" else None,
        {True: "so far", False: "added"}.get(row["cumulative"]),
        f"part of “{normalise(whole['text']).text}”" if whole else None,
        row["unresolved_reason"],
        f"rule {row['rule']}",
        row["confidence"],
    ]
    return normalise(row["text"]).text, _amount(row), ", ".join(filter(None, told))


def _amount(row: Row) -> str:
    """Value and bounds: 12, 12 or more (at_least), 24 to 99 (dozens)."""
    value, low, high = (_figure(row[name]) for name in ("value", "low", "high"))
    name = "" if row["approximator"] in ("exact", None) else f" ({row['approximator']})"
    if value and low == high == value:
        return value + name
    ends = [
        f"{'from' if row['low_inclusive'] else 'above'} {low}" if low else "",
        f"{'to' if row['high_inclusive'] else 'below'} {high}" if high else "",
    ]
    bounds = " ".join(filter(None, ends))
    return f"{value or ''}{': ' if value and bounds else ''}{bounds}{name}" or "open"


def _figure(number: float | None) -> str:
    """A number without needless digits: 1,500,000 and 0.333."""
    if number is None:
        return ""
    return f"{int(number):,}" if number == int(number) else f"{number:,.4g}" if abs(number) < 1000 else f"{number:,.2f}"


def print_quantities(outputs: Path, article_id: str, console: Console) -> None:
    """Print the numbers of an article in the order of its text, one line each.

    Raises:
        UsageError: there are no tables.
    """
    rows = load(outputs, "quantities", where={"article_id": [article_id]})
    by_id = {row["quantity_id"]: row for row in rows}
    _print([quantity_line(row, by_id) for row in rows], "no number", console)


def _print(told: list[tuple[str, str, str]], none: str, console: Console) -> None:
    """Print the lines in columns: words, value in green, the rest dimmed."""
    from rich.text import Text

    widths = [min(30, max((len(line[i]) for line in told), default=0)) for i in (0, 1)]
    for words, value, how in told:
        line = Text.assemble(f"{words:<{widths[0]}}  ", (f"{value:<{widths[1]}}  ", "green"), (how, "dim"))
        console.print(line, soft_wrap=True, highlight=False)
    if not told:
        console.print(none, highlight=False)
