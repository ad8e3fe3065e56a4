"""An article's numbers in the terminal, a line each."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from rich.console import Console

from pipeline.errors import UsageError
from pipeline.report.listing import print_quantities, quantity_line
from pipeline.schema import TABLES, conform

Row = dict[str, Any]

PLAIN: Row = {
    "quantity_id": "n1", "article_id": "a1", "text": "at least 12 women", "value": 12.0, "low": 12.0, "high": None,
    "low_inclusive": True, "high_inclusive": True, "approximator": "at_least", "kind": "count", "unit": "person",
    "counted": "women", "demographic": "women", "event": "killed", "event_text": "shot dead", "polarity": "asserted",
    "modality": "certain", "cumulative": None, "subset_of_quantity_id": None, "unresolved_reason": None,
    "rule": "counted_noun", "confidence": "high",
}  # fmt: skip


@pytest.mark.parametrize(
    ("columns", "value", "told"),
    [
        ({}, "12: from 12 (at_least)", "count in person, counts “women”, women, killed (“shot dead”), rule counted_noun, high"),
        ({"high": 12.0, "approximator": "exact"}, "12", "killed"),
        ({"value": None, "low": 24.0, "high": 99.0, "approximator": "dozens"}, "from 24 to 99 (dozens)", "killed"),
        ({"low": None, "high": 12.0, "high_inclusive": False, "approximator": "nearly"}, "12: below 12 (nearly)", ""),
        ({"low_inclusive": False, "approximator": "more_than"}, "12: above 12 (more_than)", ""),
        ({"low": None, "approximator": "about"}, "12 (about)", ""),
        ({"value": 1 / 3, "low": 1 / 3, "high": 1 / 3, "approximator": "exact", "kind": "ratio"}, "0.3333", "ratio, "),
        ({"value": 1.5e6, "low": 1.5e6, "high": 1.5e6, "approximator": "exact", "kind": "money", "unit": None, "unresolved_reason": "no country"}, "1,500,000", "money in unit unknown, women, killed (“shot dead”), no country, rule"),
        ({"polarity": "negated", "modality": "alleged", "cumulative": False}, "12", "negated, alleged, added"),
        ({"cumulative": True}, "12", "so far"),
        ({"subset_of_quantity_id": "n0"}, "12", "part of “40 people”"),
    ],
)  # fmt: skip
def test_line(columns: Row, value: str, told: str) -> None:
    """Words; value with bounds; what it counts, what befell them, what colours it, its whole, reason, rule, confidence."""
    words, amount, how = quantity_line(PLAIN | columns, {"n0": PLAIN | {"quantity_id": "n0", "text": "40 people"}})
    assert words == "at least 12 women"
    assert amount.startswith(value)
    assert told in how


def outputs(folder: Path, rows: list[Row]) -> Path:
    for name, some in {"quantities": rows, "articles": [{"article_id": "a1", "paths": ["a.txt"]}]}.items():
        schema = TABLES[name].schema
        pq.write_table(conform(name, [dict.fromkeys(schema.names) | row for row in some]), folder / f"{name}.parquet")
    return folder


def printed(folder: Path) -> list[str]:
    console = Console(file=io.StringIO(), width=200)
    print_quantities(folder, "a1", console)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    return str(text).splitlines()


def test_print(tmp_path: Path) -> None:
    """One line per number of the article, in columns; others' are left out."""
    rows = [
        PLAIN,
        PLAIN | {"quantity_id": "n2", "text": "40", "start": 9},
        PLAIN | {"quantity_id": "n3", "article_id": "a2"},
    ]
    first, second = printed(outputs(tmp_path, rows))
    assert first.startswith("at least 12 women  12: from 12 (at_least)  count in person")
    assert second.startswith("40                 12: from 12 (at_least)  ")


def test_nothing(tmp_path: Path) -> None:
    """An article without numbers says so, and without tables the command that makes them is named."""
    assert printed(outputs(tmp_path, [])) == ["no number"]
    with pytest.raises(UsageError, match="concord extract"):
        printed(tmp_path / "none")
