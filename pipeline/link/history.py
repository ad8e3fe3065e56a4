"""What happened to the entities since the last run.

An entity is followed by its mentions: what its mentions of last time belong to now is what became of it.
Two runs share a mention if it has the same id, that is, the same words at the same place of the same text.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pipeline.schema import conform, ordered

if TYPE_CHECKING:
    import pyarrow as pa

Shared = dict[str, Counter[str]]
Row = dict[str, str | None]


def history(before: Mapping[str, pa.Table] | None, now: Mapping[str, pa.Table]) -> pa.Table:
    """The history so far and what this run adds to it.

    Events, seen from ``entity_id``: created (none of its mentions was known), removed (none of its mentions is
    left), renamed (its mentions go on under another id, ``other_entity_id``, because its fullest name changed),
    merged_into (the same, but the other holds mentions of a larger entity or was there before), and split_from
    (a new entity whose mentions were part of ``other_entity_id``). Mentions that move between two entities that
    both remain make no event.

    Args:
        before: ``mentions``, ``entities`` and ``entity_history`` of the last run; None if there was none.
        now: ``mentions`` and ``entities`` of this run.

    Returns:
        ``entity_history``. Without an earlier run nothing has happened yet, and it is empty. An event that
        happens to the same entities again replaces its earlier row.
    """
    if before is None:
        return conform("entity_history", [])
    rows = {_key(row): row for row in before["entity_history"].to_pylist()}
    rows.update((_key(row), row) for row in _events(before, now))
    return ordered("entity_history", conform("entity_history", rows.values()))


def _key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["entity_id"], row["event"], row["other_entity_id"]


def _events(before: Mapping[str, pa.Table], now: Mapping[str, pa.Table]) -> Iterator[Row]:
    import pyarrow.compute as pc

    gone, come = (_missing(one["entities"], other["entities"]) for one, other in ((before, now), (now, before)))
    if not gone and not come:
        return
    became, came_from = _shared(before["mentions"], now["mentions"], gone, come)
    old, new = _entities(before["entities"], gone | became.keys()), _entities(now["entities"], come | came_from.keys())
    known, kept = (set(pc.list_flatten(t["entities"]["articles"]).unique().to_pylist()) for t in (before, now))
    for entity in gone:
        name, articles = old[entity]
        if not became[entity]:
            left = "its articles are no longer in the corpus" if not articles & kept else "its mentions are gone"
            yield _row(entity, "removed", None, f"nothing names this '{name}' any more: {left}")
            continue
        heir = _most(became[entity])
        n, total = became[entity][heir], sum(became[entity].values())
        if heir in come and _most(came_from[heir]) == entity:
            cause = f"its fullest name was '{name}' and is now '{new[heir][0]}' ({n} of {total} mentions shared)"
            yield _row(entity, "renamed", heir, cause)
        else:
            cause = f"'{name}' is now taken for '{new[heir][0]}': {n} of its {total} remaining mentions went there"
            yield _row(entity, "merged_into", heir, cause)
    for entity in come:
        name, articles = new[entity]
        if not came_from[entity]:
            where = "a new article" if articles - known else "an article that was read before, but not for this name"
            yield _row(entity, "created", None, f"this '{name}' is named for the first time, in {where}")
            continue
        source = _most(came_from[entity])
        if source not in gone or _most(became[source]) != entity:
            n = came_from[entity][source]
            some = f"{n} mentions of '{old[source][0]}' are" if n > 1 else f"1 mention of '{old[source][0]}' is"
            cause = f"{some} now taken for another, '{name}'"
            yield _row(entity, "split_from", source, cause)


def _row(entity: str, event: str, other: str | None, cause: str) -> Row:
    return {"entity_id": entity, "event": event, "other_entity_id": other, "cause": cause}


def _missing(entities: pa.Table, others: pa.Table) -> set[str]:
    """The ids of ``entities`` that are none of ``others``."""
    import pyarrow.compute as pc

    there = pc.is_in(entities["entity_id"], value_set=others["entity_id"].combine_chunks())
    return set(entities["entity_id"].filter(pc.invert(there)).to_pylist())


def _entities(table: pa.Table, wanted: Collection[str]) -> dict[str, tuple[str, frozenset[str]]]:
    """Entity id -> its name and articles, of the ``wanted`` ones."""
    chosen = table.filter(_in(table["entity_id"], wanted))
    columns = (chosen[c].to_pylist() for c in ("entity_id", "name", "articles"))
    return {entity: (name, frozenset(articles)) for entity, name, articles in zip(*columns, strict=True)}


def _in(column: pa.ChunkedArray, ids: Collection[str]) -> pa.ChunkedArray:
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.is_in(column, value_set=pa.array(sorted(ids), pa.string()))


def _shared(before: pa.Table, now: pa.Table, gone: set[str], come: set[str]) -> tuple[Shared, Shared]:
    """Number of shared mentions by old, then new entity; and by new, then old entity.

    All pairs of entities that share mentions with one of ``gone`` or ``come``, and all that share with those.
    """
    import pyarrow.compute as pc

    columns = ["mention_id", "entity_id"]
    both = before.select(columns).join(now.select(columns), "mention_id", join_type="inner", right_suffix="_now")
    counts = both.group_by(["entity_id", "entity_id_now"]).aggregate([("mention_id", "count")])
    for _ in range(2):
        some = counts.filter(pc.or_(_in(counts["entity_id"], gone), _in(counts["entity_id_now"], come)))
        gone, come = (
            gone | set(some["entity_id"].drop_null().to_pylist()),
            come | set(some["entity_id_now"].drop_null().to_pylist()),
        )
    became: Shared = defaultdict(Counter)
    came_from: Shared = defaultdict(Counter)
    for old, new, n in zip(
        *(some[c].to_pylist() for c in ("entity_id", "entity_id_now", "mention_id_count")), strict=True
    ):
        if old and new:
            became[old][new] = came_from[new][old] = n
    return became, came_from


def _most(counted: Counter[str]) -> str:
    """The entity that shares most mentions, the first by id among equals."""
    return min(counted, key=lambda entity: (-counted[entity], entity))
