"""The words of a rule's slots as numbers: months, days, years, units, lengths."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from pipeline.extract.dates import grammar

if TYPE_CHECKING:
    from pipeline.extract.dates.grammar import Node
    from pipeline.extract.dates.meaning import Context


def value_of(kind: str, word: str | None) -> Any:
    """What the word list ``kind`` says of ``word``."""
    return grammar.load().values[kind].get(word.rstrip(" .")) if word else None


def month_of(node: Node, slot: str = "month") -> int | None:
    """The month in a slot, 1 to 12, or the one its rule fixes."""
    word = node.word(slot)
    found = value_of("MONTH", word) or value_of("MONTH_SHORT", word) or node.rule.args.get("month")
    return int(found) if found else None


def day_of(node: Node, slot: str = "day") -> int | None:
    """The day of the month in a slot, or the one its rule fixes."""
    word = node.word(slot)
    if word is None:
        return node.rule.args.get("day")
    digits = re.match(r"\d+", word)
    return int(digits[0]) if digits else int(value_of("ORD", word))


def weekday_of(node: Node) -> int | None:
    """The weekday, 1 (Monday) to 7."""
    word = node.word("weekday")
    found = value_of("WEEKDAY", word) or value_of("WEEKDAY_SHORT", word) or value_of("WEEKDAYS", word)
    return int(found) if found else None


def ordinal_of(node: Node) -> int:
    """First is 1, 3rd is 3; last is -1."""
    word = node.word("n") or ""
    digits = re.match(r"\d+", word)
    if digits:
        return int(digits[0])
    kinds = ("ORD", "HALF", "QUARTER_CODE", "LAST") if "HALF_" in node.classes else ("ORD", "QUARTER_CODE", "LAST")
    found = next(value for kind in kinds if (value := value_of(kind, word)) is not None)
    return int(found)


def number_of(words: str | None) -> float | None:
    """The number in words or digits: twenty-one, 1,500."""
    if not words:
        return None
    total = 0.0
    for word in words.replace(",", "").split():
        if re.fullmatch(r"\d+(\.\d+)?", word):
            total += float(word)
        elif (value := value_of("CARD", word)) is not None:
            total = total * value if value == 100 and total else total + value
    return total or None


def year_of(node: Node, context: Context, slot: str = "year") -> int | None:
    """The year written in the slot: four digits, or two behind an apostrophe."""
    word = node.word(slot)
    if not word:
        return None
    number = int(re.sub(r"\D", "", word))
    era = node.word("era") or node.rule.args.get("era")
    if len(re.sub(r"\D", "", word)) == 2 and not era:
        return full_year(number, context)
    return -number if era else number


def full_year(two_digits: int, context: Context) -> int:
    """The year meant by two digits: the latest up to publication, or the century of the last written year."""
    latest = context.published.year if context.published else None
    if latest is None and context.references:
        start = context.references[-1].period.start
        latest = start.year + 50 if start else None
    latest = latest or 2049
    return latest - (latest - two_digits) % 100


def valid_day(year: int, month: int, day: int) -> dt.date | None:
    """The date, or None where there is no such day."""
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def unit_of(node: Node, slot: str = "unit") -> str:
    """The unit in a slot, as the word lists write it: Y, TM, 10Y."""
    word = node.word(slot) or "weekend"
    return str(
        next(found for kind in ("UNIT", "UNITS", "LONG_UNITS", "QUARTERS", "SECOND") if (found := value_of(kind, word)))
    )


def grain_of(unit: str) -> str:
    """The grain of a unit."""
    letters = unit.lstrip("0123456789")
    if letters in ("TM", "TH", "TS"):
        return "time"
    if unit.startswith("100"):
        return "century"
    if unit.startswith("10Y"):
        return "decade"
    return {"D": "day", "W": "week", "M": "month", "Q": "quarter", "Y": "year", "S": "season", "WE": "weekend"}.get(
        letters, "day"
    )


def length_value(number: float | None, unit: str) -> str:
    """The ISO 8601 duration of so many units (None: X); a unit such as 10Y counts tenfold."""
    match = re.fullmatch(r"(T?)(\d*)([A-Z]+)", unit)
    assert match
    time, factor, letter = match.groups()
    amount = "X" if number is None else f"{number * int(factor or 1):g}"
    if number is not None and number * int(factor or 1) >= 1e6:
        amount = str(int(number * int(factor or 1)))
    if number is None and factor:
        letter = {"10": "DE", "100": "CE"}.get(factor, letter)
    if letter == "NI":
        time, letter = "", "D"
    return f"P{time}{amount}{letter}"
