"""Dated sentences in the order of what they tell, across articles."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Any

from pipeline.report import load
from pipeline.report.find import find_entity

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from rich.console import Console

Row = dict[str, Any]

_PART_OF_DAY = re.compile(r"T[A-Z]{2}$")


def timeline(
    outputs: Path, entity: str | None = None, first: dt.date | None = None, last: dt.date | None = None
) -> list[Row]:
    """The sentences that tell of a day or period, in its order; one row per sentence and period.

    Args:
        outputs: the folder with the tables.
        entity: only sentences with a mention of this entity (a name or an entity_id).
        first: only what is told of this day or later.
        last: only what is told of this day or earlier.

    Returns:
        Rows with ``start_date, end_date`` (None: open), ``when`` (EDTF, else the TIMEX3 value), ``expression``,
        ``anchor_basis, confidence, article_id, path, outlet, published, sentence_id, sentence``.

    Raises:
        UsageError: there are no tables, or ``entity`` names none or several.
    """
    named: set[str] | None = None
    if entity is not None:
        wanted = find_entity(outputs, entity)["entity_id"]
        mentions = load(outputs, "mentions", ["entity_id", "sentence_id"])
        named = {row["sentence_id"] for row in mentions if row["entity_id"] == wanted}
    sentences = {row["sentence_id"]: row["text"] for row in load(outputs, "sentences", ["sentence_id", "text"])}
    articles = {
        row["article_id"]: row for row in load(outputs, "articles", ["article_id", "paths", "outlet", "published"])
    }
    columns = ["start", "timex_type", "timex_value", "edtf", "start_date", "end_date", "text"]
    dates = load(outputs, "dates", [*columns, "anchor_basis", "confidence", "article_id", "sentence_id"])
    found: dict[tuple[Any, ...], tuple[int, Row]] = {}
    for date in dates:
        start, end = date["start_date"], date["end_date"]
        if date["timex_type"] not in ("DATE", "TIME") or (start is None and end is None):
            continue
        if (named is not None and date["sentence_id"] not in named) or date["sentence_id"] not in sentences:
            continue
        if (first and end and end < first) or (last and start and start > last):
            continue
        article = articles[date["article_id"]]
        row = {
            "start_date": start,
            "end_date": end,
            "when": date["edtf"] or _PART_OF_DAY.sub("", date["timex_value"] or ""),
            "expression": date["text"],
            "anchor_basis": date["anchor_basis"],
            "confidence": date["confidence"],
            "article_id": date["article_id"],
            "path": article["paths"][0],
            "outlet": article["outlet"],
            "published": article["published"],
            "sentence_id": date["sentence_id"],
            "sentence": sentences[date["sentence_id"]],
        }
        # an end alone sorts by that end; of one sentence's two names for one day the first stays
        key = (start or end, end or start, date["article_id"], date["sentence_id"])
        if key not in found or found[key][0] > date["start"]:
            found[key] = (date["start"], row)
    return [row for _, (_, row) in sorted(found.items(), key=lambda one: (*one[0][:3], one[1][0]))]


def print_timeline(
    outputs: Path, entity: str | None, first: dt.date | None, last: dt.date | None, console: Console
) -> None:
    """Print :func:`timeline`: each period once, under it the sentences that tell of it, with their outlet.

    Raises:
        UsageError: as :func:`timeline`.
    """
    from rich.text import Text

    rows = timeline(outputs, entity, first, last)
    plain = console.color_system is None
    for when, told in groupby(rows, key=lambda row: row["when"]):
        console.print(Text(when, "bold green"), soft_wrap=plain, highlight=False)
        for row in told:
            where = (f"({row['outlet'] or row['path']})", "dim")
            console.print(Text.assemble("  ", row["sentence"], " ", where), soft_wrap=plain, highlight=False)
    if not rows:
        console.print("no dated sentence" + (" names it" if entity else ""), highlight=False)
