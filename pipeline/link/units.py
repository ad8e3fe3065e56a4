"""The distinct names of each article as rows, and back: how linking within an article outlives the run.

Nodes are numbers here: 60 bits of a hash of the fullest name's key (of a name that stays in its article, with
the article), and four for its kind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.link.alike import bare_surname, surname
from pipeline.link.blocks import number
from pipeline.link.names import KINDS, Reader, encoded
from pipeline.link.within import Group, Mention, Unit
from pipeline.schema import conform

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]

KIND_CODES = {kind: code for code, kind in enumerate((*dict.fromkeys(KINDS.values()), "other"))}
KIND_BITS = 4


def node_number(group: Group) -> int:
    """The number of a group's node; a group that stays in its article is a node of its own."""
    kind, key = group.node
    where = (group.article_id, group.root.gender if group.root.by_gender else "") if group.local else ()
    return (number(key, *where) & -(1 << KIND_BITS)) | KIND_CODES[kind]


def unit_rows(groups: Sequence[Group], numbers: Sequence[int], decided: Collection[str]) -> pa.Table:
    """Table ``link_units`` of ``groups``, whose nodes have ``numbers``; which entity they are of is not known yet.

    ``decided`` are the articles with a name on which a person decided.
    """
    rows: list[dict[str, Any]] = []
    ordinals: dict[str, int] = defaultdict(int)
    for group, node in zip(groups, numbers, strict=True):
        root, person = group.root, group.root.kind == "person"
        last = (bare_surname(group) if group.local else surname(root.name)) if person else None
        for unit in group.units:
            rows.append(
                {
                    "article_id": group.article_id,
                    "ordinal": ordinals[group.article_id],
                    "node": node,
                    "short": (number(unit.name.key) & -(1 << KIND_BITS)) | KIND_CODES[root.kind],
                    "name": encoded(unit.name),
                    "root": unit is root,
                    "local": group.local,
                    "stays": unit.local,
                    "known": root.name.known,
                    "last": number(last) if last else None,
                    "basis": unit.basis,
                    "confidence": unit.confidence,
                    "gender": unit.gender,
                    "words": unit.words,
                    "by_gender": unit.by_gender,
                    "doubtful": unit.doubtful,
                    "notes": unit.notes,
                    "decided": group.article_id in decided,
                    "mentions": [m.mention_id for m in unit.mentions],
                    "labels": [m.label for m in unit.mentions],
                    "names": [encoded(m.name) for m in unit.mentions],
                }
            )
            ordinals[group.article_id] += 1
    return conform("link_units", rows)


def groups_of(units: pa.Table, rows: Numbers, mentions: pa.Table, reader: Reader) -> list[tuple[int, Group]]:
    """The groups whose units are ``rows`` of ``units``, with their numbers, in order of article."""
    import pyarrow as pa
    import pyarrow.compute as pc

    chosen = units.take(pa.array(rows))
    flat = pc.list_flatten(chosen["mentions"].combine_chunks())
    where = pc.index_in(flat, value_set=mentions["mention_id"].combine_chunks())
    columns = (mentions[c].take(where).to_pylist() for c in ("end", "title", "role"))
    told = (pc.list_flatten(chosen[c].combine_chunks()).to_pylist() for c in ("mentions", "labels", "names"))
    found = zip(where.to_pylist(), *told, *columns, strict=True)
    groups = []
    for (article, node), members in groupby(chosen.to_pylist(), key=lambda row: (row["article_id"], row["node"])):
        made: list[Unit] = []
        root: Unit | None = None
        for row in members:
            held = [
                Mention(at, mention, end, label, reader.decode(name), title, role)
                for at, mention, label, name, end, title, role in islice(found, len(row["mentions"]))
            ]
            unit = Unit(reader.decode(row["name"]), held, row["gender"], row["words"])
            unit.basis, unit.confidence, unit.notes = row["basis"], row["confidence"], row["notes"]
            unit.local, unit.by_gender, unit.doubtful = row["stays"], row["by_gender"], row["doubtful"]
            made.append(unit)
            root = unit if row["root"] else root
        assert root
        for unit in made:
            unit.host = None if unit is root else root
        groups.append((node, Group(article, root, made)))
    return groups


def replaced_in(table: pa.Table, column: str, rows: Sequence[int] | Numbers, values: Sequence[str | None]) -> pa.Table:
    """``table`` with ``values`` in the ``rows`` of a column of strings; a null among them leaves what was there."""
    import pyarrow as pa
    import pyarrow.compute as pc

    source = np.full(table.num_rows, -1, np.int64)
    source[np.asarray(rows, np.int64)] = np.arange(len(values))
    made = pa.array(values, pa.string()).take(pa.array(source, mask=source < 0))
    at = table.schema.get_field_index(column)
    return table.set_column(at, table.schema.field(at), pc.coalesce(made, table[column].combine_chunks()))
