"""Who is named: the order, what can be asked for, and the two ways in which it is printed."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from rich.console import Console

from pipeline.errors import UsageError
from pipeline.report.who import print_who, who
from pipeline.schema import TABLES, conform

Row = dict[str, Any]


def entity(identifier: str, label: str, articles: int, **forms: int) -> Row:
    names = [form.replace("_", " ") for form in forms]
    counts = {"variants": names, "variant_counts": list(forms.values())}
    return {
        "entity_id": identifier,
        "label": label,
        "name": names[0],
        "n_articles": articles,
        "n_mentions": sum(forms.values()),
        **counts,
    }


ENTITIES = [
    entity("e4", "PERSON", 2, Bo_Ferrán=4),
    entity("e1", "PERSON", 2, Mina_Holt=3, Holt=1),
    entity("e2", "PERSON", 2, Bo_Ferrán=4),
    entity("e3", "ORG", 3, Valley_Fund=3),
    entity("e0", "GPE", 2, Arvel=9),
]
MENTIONS = [("a1", "e1", "Holt"), ("a1", "e3", "Valley Fund"), ("a1", "e3", "the Fund"), ("a2", "e2", "Bo Ferrán")]


def outputs(folder: Path) -> Path:
    tables: dict[str, list[Row]] = {
        "articles": [{"article_id": "a1", "paths": ["one.txt"]}, {"article_id": "a2", "paths": ["two.txt"]}],
        "entities": ENTITIES,
        "mentions": [
            {"mention_id": f"m{i}", "article_id": a, "entity_id": e, "name": n, "text": n}
            for i, (a, e, n) in enumerate(MENTIONS)
        ]
        + [{"mention_id": "m9", "article_id": "a1", "entity_id": "e1", "text": "mayor", "describes_mention_id": "m0"}],
    }
    for name in TABLES:
        pq.write_table(conform(name, tables.get(name, [])), folder / f"{name}.parquet")
    return folder


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["e3", "e0", "e2", "e4", "e1"]),
        ({"top": 2}, ["e3", "e0"]),
        ({"label": "PERSON"}, ["e2", "e4", "e1"]),
        ({"label": "PERSON", "top": 1}, ["e2"]),
        ({"article": "one"}, ["e3", "e1"]),
        ({"article": "two.txt"}, ["e2"]),
        ({"text": "fund"}, ["e3"]),
        ({"text": "FERRAN"}, ["e2", "e4"]),
        ({"text": "Myna Holt"}, ["e1"]),
        ({"text": "Carl Jung"}, []),
    ],
)
def test_what_is_asked_for(tmp_path: Path, asked: Row, found: list[str]) -> None:
    """By articles, then mentions, then name and id; in one article by its own mentions; a text by its letters or sound."""
    assert [row["entity_id"] for row in who(outputs(tmp_path), **asked)] == found


def test_an_article_counts_its_own(tmp_path: Path) -> None:
    """Mentions and forms of that article; the number of articles stays that of all."""
    row = who(outputs(tmp_path), article="one")[0]
    assert (row["articles"], row["mentions"], row["variants"]) == (3, 2, "Valley Fund 1, the Fund 1")


def test_an_article_that_is_not_there(tmp_path: Path) -> None:
    """It is refused as `show` refuses it."""
    with pytest.raises(UsageError, match="names no article"):
        who(outputs(tmp_path), article="nine")


def printed(folder: Path, *, terminal: bool) -> list[str]:
    out = io.StringIO()
    print_who(folder, Console(file=out, force_terminal=terminal, color_system=None, width=100), label="PERSON")
    return out.getvalue().splitlines()


def test_piped_it_is_separated_by_tabs(tmp_path: Path) -> None:
    """A header and a line each, nothing cut."""
    assert printed(outputs(tmp_path), terminal=False) == [
        "articles\tmentions\tlabel\tname\tvariants\tentity_id",
        "2\t4\tPERSON\tBo Ferrán\tBo Ferrán 4\te2",
        "2\t4\tPERSON\tBo Ferrán\tBo Ferrán 4\te4",
        "2\t4\tPERSON\tMina Holt\tMina Holt 3, Holt 1\te1",
    ]


def test_on_a_terminal_it_is_a_table(tmp_path: Path) -> None:
    """Columns stand below each other."""
    header, first, *_ = printed(outputs(tmp_path), terminal=True)
    assert "\t" not in header
    assert header.index("name") == first.index("Bo Ferrán")


def test_words_beside_a_name_are_no_form_of_it(tmp_path: Path) -> None:
    """Of one article its names are counted, not what stands beside them."""
    (row,) = (row for row in who(outputs(tmp_path), article="one.txt") if row["entity_id"] == "e1")
    assert (row["mentions"], row["variants"]) == (1, "Holt 1")
