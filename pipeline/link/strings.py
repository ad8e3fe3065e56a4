"""Linking without a text: rows of names in, ids out; pairs of names in, scores out.

``link_names`` and ``match_names`` are the pipeline's own linking across articles on names that somebody
else has found: the same nodes, comparison and decisions, nothing of their own.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pipeline.errors import UsageError
from pipeline.link.likeness import Likeness, compare
from pipeline.link.memory import Memory, relink
from pipeline.link.names import KINDS, Reader, initials, read
from pipeline.link.within import Group, Mention, Unit
from pipeline.schema import conform

_UNREADABLE = Likeness("different", 0.0, ())
_EXAMPLE = '{"article": "a1", "label": "PERSON", "names": ["Ana Sol", "Sol"]}'
_KINDS = {
    "person": "person",
    "individual": "person",
    "per": "person",
    "location": "place",
    "place": "place",
    "address": "place",
}


def kind_of(label: str) -> str:
    """The kind of thing that a label names: ours, or a common one ("Person", "Company"); else a body."""
    return KINDS.get(label) or _KINDS.get(label.lower(), "organisation")


def match_names(pairs: Iterable[tuple[str, str, str]]) -> list[Likeness]:
    """Compare pairs of names.

    Args:
        pairs: Two names and the label of both.

    Returns:
        One likeness a pair; a score of 0.5 or more (verdict same or alike) means that they may be one bearer's.
    """
    found = []
    for left, right, label in pairs:
        kind = kind_of(label)
        one, other = read(left, kind), read(right, kind)
        found.append(compare(one, other) if one and other else _UNREADABLE)
    return found


def link_names(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Link rows of names across articles.

    Args:
        rows: Each with ``article``, ``label`` and ``names``: the names that one article has for one thing.

    Returns:
        One id a row; rows with the same id are taken for the same thing.
    """
    import pyarrow as pa

    groups: list[tuple[str, int, Group]] = []
    reader = Reader()
    times = Counter[tuple[str, str, str]]()
    for number, row in enumerate(rows):
        units = _units(number, row, reader)
        root, article = units[0], row["article"]
        times[article, root.kind, root.name.key] += 1
        if (again := times[article, root.kind, root.name.key]) > 1:
            article = f"{article} ({again})"
        groups.append((article, number, Group(article, root, units)))
    groups.sort(key=lambda g: (g[0], g[2].root.name.size, g[1]))
    made = relink(
        Memory.empty(),
        pa.array([], pa.string()),
        [group for _, _, group in groups],
        conform("mentions", []),
        (),
        reader,
    )
    ids = {id(group): entity.entity_id for entity in made.entities for group in entity.groups}
    return [ids[id(group)] for _, _, group in sorted(groups, key=lambda g: g[1])]


def match_lines(lines: Iterable[str], *, why: bool = False) -> Iterator[str]:
    """``match_names`` on lines of text, for ``concord match-names``.

    Args:
        lines: Two names and a label (PERSON, ORG, GPE, Company, ...), parted by tabs.
        why: Add the verdict and the reason, after tabs.

    Yields:
        The score of each pair, 0.00 to 1.00.

    Raises:
        UsageError: If a line has not three fields.
    """
    pairs = []
    for number, line in enumerate(lines, 1):
        fields = line.rstrip("\r\n").split("\t")
        if len(fields) != 3:
            raise UsageError(
                f"line {number}: {len(fields)} fields between tabs; a line is name<TAB>name<TAB>label, e.g. "
                "Ana Sol<TAB>Anna Sol<TAB>PERSON"
            )
        pairs.append((fields[0], fields[1], fields[2]))
    for found in match_names(pairs):
        yield f"{found.score:.2f}\t{found.verdict}\t{found.reason}" if why else f"{found.score:.2f}"


def link_lines(lines: Iterable[str]) -> list[str]:
    """``link_names`` on lines of text, for ``concord link-names``.

    Args:
        lines: JSON objects with ``article``, ``label`` and ``names``.

    Returns:
        One id a line.

    Raises:
        UsageError: If a line is no such object.
    """
    rows = []
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
        except json.JSONDecodeError as wrong:
            raise UsageError(f"line {number}: no JSON ({wrong.msg}); a line is one object: {_EXAMPLE}") from None
        fits = isinstance(row, dict) and all(isinstance(row.get(k), str) for k in ("article", "label"))
        names = row.get("names") if fits else None
        if not isinstance(names, list) or not names or not all(isinstance(n, str) for n in names):
            raise UsageError(f"line {number}: article, label or names is missing or empty; a line is {_EXAMPLE}")
        rows.append(row)
    return link_names(rows)


def _units(number: int, row: Mapping[str, Any], reader: Reader) -> list[Unit]:
    """The row's distinct names as units, the fullest first and the others hanging on it."""
    kind = kind_of(row["label"])
    units: dict[str, Unit] = {}
    for at, written in enumerate(row["names"]):
        name = reader.read(written, kind)
        mention = Mention(at, f"{number}:{at}", 0, row["label"], name)
        if unit := units.get(name.key):
            unit.mentions.append(mention)
            unit.words = min(unit.words, name.words)
        else:
            units[name.key] = Unit(name, [mention], "", name.words)
    root, *others = sorted(units.values(), key=lambda u: u.name.size)
    for unit in others:
        unit.host = root
        fits = unit.name.acronym and unit.name.key in initials(root.name.plain, root.name.key)
        unit.basis = "acronym" if fits else "alias"
    return [root, *others]
