"""Who and what is named, by articles and mentions: a table on a terminal, tab-separated lines elsewhere."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from pipeline.link.likeness import compare
from pipeline.link.names import KINDS, fold, read
from pipeline.report import load
from pipeline.report.find import find_article

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

Row = dict[str, Any]

COLUMNS = ("articles", "mentions", "label", "name", "variants", "entity_id")


def who(
    outputs: Path,
    *,
    label: str | None = None,
    top: int | None = None,
    article: str | None = None,
    text: str | None = None,
) -> list[Row]:
    """The entities that are asked for: most articles first, then most mentions, then by name and id.

    Args:
        outputs: the folder with the tables.
        label: only entities of this label.
        top: at most so many.
        article: only those that this article names; ``mentions`` and ``variants`` are then counted in it alone, and
            come before the number of articles in the order.
        text: only those of which a form holds this text (case and accents aside), or may be another way of writing it.

    Returns:
        Rows with ``COLUMNS``; ``variants`` as ``Bell 3, A. Bell 1``.

    Raises:
        UsageError: there are no tables, or ``article`` names no article or several.
    """
    columns = ["entity_id", "label", "name", "variants", "variant_counts", "n_mentions", "n_articles"]
    if article is None:
        rows = load(outputs, "entities", columns)
    else:
        forms: dict[str, Counter[str]] = {}
        where = {"article_id": [find_article(outputs, article)]}
        for mention in load(outputs, "mentions", ["entity_id", "name", "text", "describes_mention_id"], where):
            if not mention["describes_mention_id"]:
                forms.setdefault(mention["entity_id"], Counter())[mention["name"] or mention["text"]] += 1
        rows = [
            row | _counted(forms[row["entity_id"]]) for row in load(outputs, "entities", columns, {"entity_id": forms})
        ]
    rows = [row for row in rows if (label in (None, row["label"])) and (text is None or _like(row, text))]
    first, second = ("n_articles", "n_mentions") if article is None else ("n_mentions", "n_articles")
    rows.sort(key=lambda row: (-row[first], -row[second], row["name"], row["entity_id"]))
    return [
        {
            "articles": row["n_articles"],
            "mentions": row["n_mentions"],
            "label": row["label"],
            "name": row["name"],
            "variants": ", ".join(f"{v} {n}" for v, n in zip(row["variants"], row["variant_counts"], strict=True)),
            "entity_id": row["entity_id"],
        }
        for row in rows[:top]
    ]


def _counted(forms: Counter[str]) -> Row:
    """The columns that count an entity's forms, for one article."""
    order = sorted(forms, key=lambda form: (-forms[form], form))
    return {"variants": order, "variant_counts": [forms[form] for form in order], "n_mentions": forms.total()}


def _like(row: Row, text: str) -> bool:
    """Whether a form of the entity holds ``text``, or is the same name or one like it."""
    wanted, kind = fold(text), KINDS.get(row["label"], "other")
    if any(wanted in fold(variant) for variant in row["variants"]):
        return True
    name = read(text, kind)
    forms = (read(variant, kind) for variant in row["variants"])
    return name is not None and any(form and compare(name, form).verdict != "different" for form in forms)


def print_who(
    outputs: Path,
    console: Console,
    *,
    label: str | None = None,
    top: int | None = None,
    article: str | None = None,
    text: str | None = None,
) -> None:
    """Print :func:`who`.

    Raises:
        UsageError: as :func:`who`.
    """
    rows = who(outputs, label=label, top=top, article=article, text=text)
    if not console.is_terminal:
        for cells in (COLUMNS, *(row.values() for row in rows)):
            console.file.write(
                "\t".join(" ".join(str(c).split()) for c in cells) + "\n"
            )  # rich would turn tabs to spaces
        return
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in COLUMNS:
        numbers = column in ("articles", "mentions")
        table.add_column(column, justify="right" if numbers else "left", no_wrap=column == "entity_id")
    for row in rows:
        cells = {**row, "name": Text(row["name"], "bold cyan"), "entity_id": Text(row["entity_id"], "dim")}
        table.add_row(*(cell if isinstance(cell, Text) else Text(str(cell)) for cell in cells.values()))
    console.print(table)
