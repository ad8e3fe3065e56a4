"""History: what became of the entities between two runs."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from pipeline.link.history import history
from pipeline.schema import check, conform

Clusters = dict[str, str]
"""Entity id -> one letter for each of its mentions, as "abc"."""


def make_run(clusters: Clusters, rows: tuple[dict[str, Any], ...] = (), articles: str = "a1") -> dict[str, pa.Table]:
    """The tables of a run: every entity's name is its id in capitals, all in the articles named."""
    mentions = [{"mention_id": m, "entity_id": e} for e, letters in clusters.items() for m in letters]
    entities = [{"entity_id": e, "name": e.upper(), "articles": articles.split()} for e in clusters]
    made = {"mentions": mentions, "entities": entities, "entity_history": rows}
    return {name: conform(name, table) for name, table in made.items()}


def events(made: pa.Table) -> list[tuple[str, str, str | None]]:
    return [(row["entity_id"], row["event"], row["other_entity_id"]) for row in made.to_pylist()]


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ({"p": "ab"}, {"p": "ab"}, []),
        ({"p": "ab"}, {"p": "abc"}, []),
        ({"p": "ab"}, {"p": "a"}, []),
        ({}, {"p": "ab"}, [("p", "created", None)]),
        ({"p": "ab"}, {"p": "ab", "q": "c"}, [("q", "created", None)]),
        ({"p": "ab"}, {}, [("p", "removed", None)]),
        ({"p": "ab"}, {"q": "ab"}, [("p", "renamed", "q")]),
        ({"p": "ab"}, {"q": "bcd"}, [("p", "renamed", "q")]),
        ({"p": "abc", "q": "d"}, {"p": "abcd"}, [("q", "merged_into", "p")]),
        ({"p": "abc", "q": "d"}, {"r": "abcd"}, [("p", "renamed", "r"), ("q", "merged_into", "r")]),
        ({"p": "abcd"}, {"p": "abc", "q": "d"}, [("q", "split_from", "p")]),
        ({"p": "abcd"}, {"p": "a", "q": "bcd"}, [("q", "split_from", "p")]),
        ({"p": "abcd"}, {"q": "abc", "r": "d"}, [("p", "renamed", "q"), ("r", "split_from", "p")]),
        ({"p": "abc", "q": "de"}, {"p": "ab", "q": "cde"}, []),
        ({"p": "ab", "q": "cd"}, {"p": "abc", "r": "d"}, [("q", "merged_into", "p"), ("r", "split_from", "q")]),
        (
            {"p": "abc", "q": "def"},
            {"r": "abd", "s": "cef"},
            [("p", "renamed", "r"), ("q", "renamed", "s")],
        ),
    ],
)
def test_events(before: Clusters, now: Clusters, expected: list[tuple[str, str, str | None]]) -> None:
    """Entities are followed by the mentions they share; mentions that move between two that stay are no event."""
    made = history(make_run(before), make_run(now))
    check("entity_history", made)
    assert events(made) == expected
    assert all(row["cause"] for row in made.to_pylist())


def test_first_run() -> None:
    """Without an earlier run nothing has happened."""
    made = history(None, make_run({"p": "ab"}))
    check("entity_history", made)
    assert made.num_rows == 0


def test_earlier_history_is_kept() -> None:
    """Rows of earlier runs stay; the same event happening again has one row, with its latest cause."""
    earlier = {"entity_id": "z", "event": "removed", "other_entity_id": None, "cause": "long ago"}
    again = {"entity_id": "p", "event": "created", "other_entity_id": None, "cause": "long ago"}
    made = history(make_run({}, (earlier, again)), make_run({"p": "a"}))
    check("entity_history", made)
    assert events(made) == [("p", "created", None), ("z", "removed", None)]
    assert [row["cause"] == "long ago" for row in made.to_pylist()] == [False, True]


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        (make_run({"p": "ab"}), make_run({"q": "ab"}), ("'P'", "'Q'", "2 of 2")),
        (make_run({"p": "ab"}), make_run({"q": "z"}, articles="a2"), ("no longer in the corpus",)),
        (make_run({"p": "ab"}), make_run({"q": "z"}), ("its mentions are gone",)),
        (make_run({"p": "abc", "q": "d"}), make_run({"p": "abcd"}), ("'Q' is now taken for 'P'", "1 of its 1")),
        (make_run({"p": "abcd"}), make_run({"p": "abc", "q": "d"}), ("1 mention of 'P' is", "'Q'")),
    ],
)
def test_causes(before: dict[str, pa.Table], now: dict[str, pa.Table], words: tuple[str, ...]) -> None:
    """A cause names both entities and says how many mentions speak for it."""
    causes = " ".join(history(before, now)["cause"].to_pylist())
    assert all(word in causes for word in words), causes


def test_order_of_rows_does_not_matter() -> None:
    """Tables in another order give the same history."""
    before, now = make_run({"p": "abcd", "q": "ef"}), make_run({"q": "abe", "r": "cd", "s": "f"})
    turned = [
        {name: t.take(pa.array(range(t.num_rows - 1, -1, -1), pa.int64())) for name, t in run.items()}
        for run in (before, now)
    ]
    assert history(before, now).equals(history(*turned))
