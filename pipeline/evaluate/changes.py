"""Tables against the tables of another run: what was won and lost."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from pipeline.evaluate.gold import Row, clip
from pipeline.report import load
from pipeline.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NAMED_BY = {"entity_id": "entities", "mention_id": "mentions", "quote_id": "quotes"}


_NAMED_BY |= {"quantity_id": "quantities", "date_id": "dates", "article_id": "articles"}


_SAID = {"entities": "name", "articles": "paths"}


_TAIL = {
    "articles": ("title",),
    "segments": ("zone", "text"),
    "sentences": ("text",),
    "mentions": ("label", "text"),
    "dates": ("text", "timex_value"),
    "quantities": ("text", "value", "unit", "event"),
    "quotes": ("kind", "text", "speaker"),
    "entities": ("label", "name"),
    "entity_history": ("entity_id", "event", "other_entity_id"),
    "links": ("judgement", "summary"),
    "figures": ("event", "value", "counted"),
    "figure_groups": ("summary",),
    "figure_pairs": ("relation", "reason"),
    "issues": ("code", "text", "message"),
}


_NOT_COMPARED = re.compile(r"^(?:sentence_id|group_id|content_sha256|(?!period)(?:\w+_)?(?:start|end)|ordinal)$")


def _names(outputs: Path) -> dict[str, str]:
    """Ids of every kind and the words they stand for, so that rows of two runs can be compared."""
    said = {}
    for key, table in _NAMED_BY.items():
        column = _SAID.get(table, "text")
        for row in load(outputs, table, [key, column]):
            said[row[key]] = min(row[column]) if table == "articles" else row[column]
    return said


def _keyed(outputs: Path, table: str, said: dict[str, str]) -> dict[tuple[Any, ...], tuple[str, Row]]:
    """Rows by natural key, each with a line that names it and the columns to compare."""
    keyed: dict[tuple[Any, ...], tuple[str, Row]] = {}
    seen: Counter[tuple[Any, ...]] = Counter()
    for row in load(outputs, table):
        place = said.get(row.get("article_id") or "", row.get("path") or "")
        row_id = next(iter(TABLES[table].key), None)
        columns = {
            name: said.get(value, value) if isinstance(value, str) and name.endswith("_id") else value
            for name, value in row.items()
            if name not in ("article_id", row_id) and not _NOT_COMPARED.match(name)
        }
        key: tuple[Any, ...]
        if "raw_start" in row:
            key = (place, row["raw_start"], row["raw_end"])
            place = f"{place} @{row['raw_start']}"
        elif table == "articles":
            key = (place,)
        elif TABLES[table].key:
            key = tuple(row[name] for name in TABLES[table].key)
        else:
            key = (place, *map(str, columns.values()))
        seen[key] += 1
        tail = ", ".join(clip(said.get(row[name], row[name])) for name in _TAIL[table] if row[name] is not None)
        keyed[*key, seen[key]] = (": ".join(part for part in (place, tail) if part), columns)
    return keyed


def _changes(table: str, old: Row, new: Row) -> Iterator[str]:
    for column in TABLES[table].names:
        if column in old and old[column] != new[column]:
            long = column in ("raw_text", "clean_text")
            yield column if long else f"{column} {clip(old[column], 40)} -> {clip(new[column], 40)}"


def compare(before: Path, after: Path, limit: int = 20) -> list[str]:
    """What the rows of two output folders gained and lost, table by table, with the strings.

    Rows of text are the same row if they stand at the same place of the same path, whatever their id; ids
    in other columns are compared by what they name. At most ``limit`` lines per table, then a count.

    Raises:
        UsageError: a folder lacks a table.
    """
    lines = []
    said = _names(before), _names(after)
    for table in TABLES:
        if table == "runs":
            continue
        old, new = (_keyed(folder, table, names) for folder, names in zip((before, after), said, strict=True))
        lost = [f"  - {words}" for key, (words, _) in old.items() if key not in new]
        won = [f"  + {words}" for key, (words, _) in new.items() if key not in old]
        moved = []
        for key, (words, row) in new.items():
            if key in old and (columns := "; ".join(_changes(table, old[key][1], row))):
                moved.append(f"  ~ {words}: {columns}")
        if not (lost or won or moved):
            lines.append(f"{table}: {len(new)} rows, no difference")
            continue
        found = won + lost + moved
        lines.append(f"{table}: {len(won)} added, {len(lost)} removed, {len(moved)} changed, {len(new)} rows")
        lines += found[:limit]
        if len(found) > limit:
            lines.append(f"  ... and {len(found) - limit} more")
    return lines
