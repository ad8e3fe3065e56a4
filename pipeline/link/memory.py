"""What linking remembers between two runs, and how little of it new articles touch.

A run links anew only what could come out otherwise than last time. Every name is a node; nodes hang together
where the rules look at one to decide on the other: two names that are alike, an acronym and its name, one word
for two kinds of thing, a bare surname and its bearers, the names of one entity. A node is touched if an article
that has it came, went or changed, if it is compared with other names than before, or if the second signs around
it changed. Touched nodes and all that hangs together with them are judged by the same code that links a whole
corpus, and all else keeps its rows: so the result is that of linking all anew. The first run touches everything.

::

    units    a row per distinct name of each article, as linking within the article left it
    blocks   a row per key of each full name (blocks.py)
    pairs    a row per two full names that are the same or alike

One file because it is one argument: what may depend on what.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from pipeline.link.across import Entity, link_articles
from pipeline.link.alike import Pair, may_dominate
from pipeline.link.blocks import Blocks, number
from pipeline.link.likeness import Likeness, compare
from pipeline.link.nodes import Surroundings, telling_names
from pipeline.link.units import KIND_BITS, KIND_CODES, groups_of, node_number, replaced_in, unit_rows
from pipeline.schema import conform, filled

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from pipeline.link.names import Name, Reader
    from pipeline.link.within import Group, Link, NodeKey

    Numbers = NDArray[np.int64]
    Flags = NDArray[np.bool_]


class Memory(NamedTuple):
    """Tables ``link_units``, ``link_blocks`` and ``link_pairs`` of a run."""

    units: pa.Table
    blocks: pa.Table
    pairs: pa.Table

    @classmethod
    def empty(cls) -> Memory:
        """What a first run remembers."""
        return cls(*(conform(name, []) for name in ("link_units", "link_blocks", "link_pairs")))

    def decided(self) -> list[str]:
        """The articles with a name that a person had decided on."""
        return list(self.units["article_id"].filter(self.units["decided"]).unique().to_pylist())


class Relinked(NamedTuple):
    """What was linked anew: entities, links across articles, and what stands around them.

    ``rows`` are the mentions of these entities, ``replaced`` the entities that the rules made of them last time.
    """

    entities: list[Entity]
    links: list[Link]
    around: Surroundings
    rows: list[int]
    replaced: pa.Array
    memory: Memory


def relink(
    before: Memory,
    kept: pa.Array,
    fresh: Sequence[Group],
    mentions: pa.Table,
    decided: Collection[str],
    reader: Reader,
) -> Relinked:
    """Link the names of all articles, given how they were linked last time.

    Args:
        before: What the last run remembered; empty to link all anew.
        kept: The articles whose mentions are those of the last run.
        fresh: The groups of all other articles, in order of article.
        mentions: All mentions, the row numbers in ``fresh`` being theirs.
        decided: Those of the other articles that have a name on which a person decided.
        reader: Reads names.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    numbers = [node_number(group) for group in fresh]
    stay = pc.is_in(before.units["article_id"].combine_chunks(), value_set=kept)
    held = before.units if _flags(stay).all() else before.units.filter(stay)
    units = pa.concat_tables([held, unit_rows(fresh, numbers, decided)]).combine_chunks()
    then, now = _views(before.units, units)
    dirty = np.zeros(now.size, bool)
    dirty[then.at[~_flags(stay)]] = True
    dirty[now.index(np.array(numbers, np.int64))] = True
    names = _Names(now, reader)
    compared = _compare(before, then, now, dirty, names)
    told = now.telling()
    touched, sought = _touched(then, now, dirty, compared, told)

    rows = now.order[touched[now.at[now.order]]]
    of_kept = _flags(pc.is_in(units["article_id"].combine_chunks(), value_set=kept))
    groups = [*groups_of(units, rows[of_kept[rows]], mentions, reader), *zip(numbers, fresh, strict=True)]
    groups.sort(key=lambda one: one[1].article_id)
    around = _surroundings(now, told, np.unique(now.article[rows]), names)
    pairs = compared.pairs[touched[now.index(compared.pairs)].all(axis=1)]
    read = dict(names.read_all(np.unique(pairs)))
    alike: dict[Pair, Likeness] = {}
    for left, right in pairs.tolist():
        one, other = sorted((read[n].kind, read[n].key) for n in (left, right))
        alike[one, other] = compared.found.get((left, right)) or compare(read[left], read[right])
    entities, links = link_articles([g for _, g in groups], around, alike, lambda last: number(last) in sought)

    entity_of = {id(group): entity.entity_id for entity in entities for group in entity.groups}
    ids = [entity_of[id(group)] for _, group in groups for _ in group.units]
    memory = Memory(replaced_in(units, "entity_id", rows, ids), compared.blocks.table(), compared.table())
    replaced = pc.unique(before.units["entity_id"].filter(pa.array(touched[then.at])))
    mentioned = [m.row for _, group in groups for unit in group.units for m in unit.mentions]
    return Relinked(entities, links, around, mentioned, replaced, memory)


# --- which names are compared, and what came of it -----------------------------------------------------------
class _Compared(NamedTuple):
    """``pairs`` are alike now and ``earlier`` were; ``found`` says how those are alike that a node in ``anew`` is in."""

    blocks: Blocks
    pairs: Numbers
    earlier: Numbers
    found: dict[tuple[int, int], Likeness]
    anew: Flags
    rewritten: Flags

    def table(self) -> pa.Table:
        """The pairs as table ``link_pairs``."""
        return filled("link_pairs", left=self.pairs[:, 0], right=self.pairs[:, 1])


def _compare(before: Memory, then: _View, now: _View, dirty: Flags, names: _Names) -> _Compared:
    """Compare names that came, that are first written otherwise, or whose block is now cut otherwise, with others."""
    came, went = (now.articles > 0) & (then.articles == 0), (now.articles == 0) & (then.articles > 0)
    rewritten = _rewritten(then, now, dirty)
    gone = now.numbers[went]
    old = Blocks(*(before.blocks[c].combine_chunks() for c in before.blocks.column_names))
    more = Blocks.of(names.read_all(now.numbers[came]))
    blocks = old.changed(gone, more)
    earlier = np.stack([_ints(before.pairs[c]) for c in ("left", "right")], axis=1)
    fewer, others = blocks.recut(old, np.union1d(more.key, old.keys(gone)))
    parted = earlier[np.isin(earlier, np.array(sorted(fewer), np.int64)).all(axis=1)]
    anew = rewritten.copy()
    for numbers in (parted.ravel(), np.array(sorted(others), np.int64)):
        anew[now.index(numbers)] = True
    keys = np.union1d(more.key, Blocks.of(names.read_all(now.numbers[anew & ~came])).key)
    anew |= came
    candidates = blocks.candidates(now.numbers[anew], keys)
    read = dict(names.read_all(np.unique(candidates)))
    found: dict[tuple[int, int], Likeness] = {}
    for left, right in candidates.tolist():
        likeness = compare(read[left], read[right])
        if likeness.verdict != "different":
            found[left, right] = likeness
    still = ~np.isin(earlier, now.numbers[anew | went]).any(axis=1)
    pairs = np.concatenate([earlier[still], np.array(list(found), np.int64).reshape(-1, 2)])
    return _Compared(blocks, pairs, earlier, found, anew, rewritten)


def _rewritten(then: _View, now: _View, dirty: Flags) -> Flags:
    """Nodes that were there before and are now first written in another way."""
    both = np.flatnonzero(dirty & (then.first >= 0) & (now.first >= 0))
    one, other = (np.array(v.units["name"].take(_arrow(v.first[both])).to_pylist(), object) for v in (then, now))
    found = np.zeros(now.size, bool)
    found[both[one != other]] = True
    return found


@dataclass(frozen=True)
class _Names:
    """The name of a node, by number, as its first article writes it."""

    view: _View
    reader: Reader

    def read_all(self, nodes: Numbers) -> Iterator[tuple[int, Name]]:
        """Each of ``nodes`` with its name."""
        codes = self.view.units["name"].take(_arrow(self.view.first[self.view.index(nodes)]))
        yield from zip(nodes.tolist(), map(self.reader.decode, codes.to_pylist()), strict=True)


# --- what hangs together, and what of it is touched ----------------------------------------------------------
def _touched(then: _View, now: _View, dirty: Flags, compared: _Compared, told: Numbers) -> tuple[Flags, frozenset[int]]:
    """Which nodes are linked anew, and the surnames by which somebody may be sought."""
    kinds = _stars(now.numbers >> KIND_BITS, np.arange(now.size), now.articles + then.articles > 0)
    pairs = (now.index(p) for p in (compared.earlier, compared.pairs))
    edges = np.concatenate([*pairs, _said(then), _said(now), kinds, then.together()])
    bearers, sought = _bearers(_components(now.size, edges), then, now)
    parts = _components(now.size, np.concatenate([edges, bearers]))
    dirty = dirty | compared.anew
    dirty[np.isin(parts, _with_other_signs(parts, then, now, told, compared.rewritten))] = True
    return np.isin(parts, parts[dirty]), sought


def _said(view: _View) -> Numbers:
    """Pairs of nodes of which an article uses the one for the other."""
    rows = np.flatnonzero(~view.root & ~view.local)
    short = _ints(view.units["short"])[rows]
    at = np.minimum(view.index(short), view.size - 1)
    there = view.numbers[at] == short if len(short) else np.zeros(0, bool)
    return np.stack([at[there], view.at[rows[there]]], axis=1)


def _stars(code: Numbers, node: Numbers, rows: Flags) -> Numbers:
    """Pairs that tie all nodes of one ``code`` together, each with the first of them; of ``rows`` alone."""
    code, node = code[rows], node[rows]
    _, first, inverse = np.unique(code, return_index=True, return_inverse=True)
    pairs: Numbers = np.stack([node[first][inverse], node], axis=1)
    apart = pairs[:, 0] != pairs[:, 1]
    return np.compress(apart, pairs, axis=0)


def _components(size: int, edges: Numbers) -> Numbers:
    """For each node the smallest node that it hangs together with."""
    least = np.arange(size)
    while True:
        low = np.minimum(least[edges[:, 0]], least[edges[:, 1]])
        after = least.copy()
        for side in (0, 1):
            np.minimum.at(after, least[edges[:, side]], low)
            np.minimum.at(after, edges[:, side], low)
        after = after[after]
        if (after == least).all():
            return least
        least = after


def _with_other_signs(parts: Numbers, then: _View, now: _View, told: Numbers, rewritten: Flags) -> Numbers:
    """The parts in which a second sign may have come or gone.

    A name is a sign where two articles of a part tell it: so its coming to, or going from, what one article tells
    matters only if another article of the part tells it too, now or last time.
    """
    size = now.size
    before, after = (rows[:, 0] * size + rows[:, 1] for rows in (then.telling(), told))
    moved = np.union1d(np.setxor1d(before, after), after[rewritten[told[:, 1]]])
    in_question = np.zeros(size, bool)
    in_question[parts[now.at[now.root & np.isin(now.article, moved // size)]]] = True
    held = []
    for view in (then, now):
        article, part = view.article[view.root], parts[view.at[view.root]]
        held.append((article * size + part)[in_question[part]])
    of_some = np.unique(np.concatenate(held))

    def signs(tells: Numbers) -> Numbers:
        """Part and name told, a row for every article of the part that tells it."""
        first, last = (np.searchsorted(tells, of_some // size * size + end) for end in (0, size))
        at = np.repeat(first - np.append(0, np.cumsum(last - first)[:-1]), last - first) + np.arange(
            (last - first).sum()
        )
        found: Numbers = np.repeat(of_some % size, last - first) * size + tells[at] % size
        return found

    sign, times = np.unique(signs(np.union1d(before, after)), return_counts=True)
    shared = np.intersect1d(sign[times > 1], signs(moved))
    changed: Numbers = np.unique(shared // size)
    return changed


def _bearers(parts: Numbers, then: _View, now: _View) -> tuple[Numbers, frozenset[int]]:
    """Pairs that tie a bare surname to all its bearers, and the surnames that have such: those that can mean one of them.

    By any other surname nobody is sought, now or last time, so that its many bearers need not be looked at.
    """
    lasts, members, sought = [], [], []
    for view in (then, now):
        rows = view.root & (view.last != 0)
        last, at, local = view.last[rows], view.at[rows], view.local[rows]
        total = np.bincount(parts, weights=view.articles, minlength=view.size)
        part = parts[at[~local]]
        dominated = may_dominate(last[~local], part, view.articles[at[~local]], total[part])
        sought.append(np.intersect1d(dominated, last[local]))
        lasts.append(last)
        members.append(at)
    last, chosen = np.concatenate(lasts), np.concatenate(sought)
    return _stars(last, np.concatenate(members), np.isin(last, chosen)), frozenset(chosen.tolist())


# --- columns as arrays ---------------------------------------------------------------------------------------
class _View:
    """Columns of ``link_units``, one element a row, with nodes and articles counted through."""

    def __init__(self, units: pa.Table, numbers: Numbers, articles: pa.Array) -> None:
        import pyarrow.compute as pc

        self.units, self.numbers, self.size = units, numbers, len(numbers)
        self.article_ids = articles
        self.article = _ints(pc.index_in(units["article_id"], value_set=articles))
        self.at = np.searchsorted(numbers, _ints(units["node"]))
        self.root, self.local, self.known = (_flags(units[c].combine_chunks()) for c in ("root", "local", "known"))
        self.last = _ints(units["last"])
        self.travels = self.root & ~self.local
        self.articles = np.bincount(self.at[self.travels], minlength=self.size)
        self.order = np.lexsort((_ints(units["ordinal"]), self.article))
        self.first = np.full(self.size, -1, np.int64)
        rows = self.order[self.root[self.order]][::-1]
        self.first[self.at[rows]] = rows

    def index(self, numbers: Numbers) -> Numbers:
        """Positions of ``numbers``, all of which are there."""
        return np.searchsorted(self.numbers, numbers)

    def telling(self) -> Numbers:
        """Rows (article, node): see :func:`pipeline.link.nodes.telling_names`."""
        rows = self.travels & ~self.known
        place = (self.numbers & (1 << KIND_BITS) - 1) == KIND_CODES["place"]
        return telling_names(self.article[rows], self.at[rows], place)

    def together(self) -> Numbers:
        """Pairs of nodes that are in one entity."""
        coded = self.units["entity_id"].combine_chunks().dictionary_encode()
        return _stars(_ints(coded.indices), self.at, self.root)


def _views(then: pa.Table, now: pa.Table) -> tuple[_View, _View]:
    """Both tables with nodes and articles counted in the same way, in order of number and of id."""
    import pyarrow as pa
    import pyarrow.compute as pc

    numbers = np.unique(np.concatenate([_ints(table["node"]) for table in (then, now)]))
    articles = pc.unique(pa.concat_tables([t.select(["article_id"]) for t in (then, now)])["article_id"]).sort()
    return _View(then, numbers, articles), _View(now, numbers, articles)


def _ints(column: Any) -> Numbers:
    """A column of whole numbers, 0 for null."""
    import pyarrow.compute as pc

    return np.asarray(pc.fill_null(column, 0).to_numpy(), np.int64)


def _flags(column: Any) -> Flags:
    return np.asarray(column.to_numpy(zero_copy_only=False), bool)


def _surroundings(view: _View, told: Numbers, articles: Numbers, names: _Names) -> Surroundings:
    """What stands around the names of ``articles``."""
    told = told[np.isin(told[:, 0], articles)]
    nodes = np.unique(told[:, 1])
    read = [name for _, name in names.read_all(view.numbers[nodes])]
    keys = {node: (name.kind, name.key) for node, name in zip(nodes.tolist(), read, strict=True)}
    ids = view.article_ids.to_pylist()
    telling: dict[str, set[NodeKey]] = defaultdict(set)
    for article, node in told.tolist():
        telling[ids[article]].add(keys[node])
    surfaces = {(name.kind, name.key): name.surface for name in read}
    return Surroundings({a: frozenset(t) for a, t in telling.items()}, surfaces)


def _arrow(numbers: Numbers) -> pa.Array:
    import pyarrow as pa

    return pa.array(numbers)
