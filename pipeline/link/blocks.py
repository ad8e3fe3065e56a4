"""Which names are compared at all: those that share a key. Near linear in the number of names.

A key is made of whole words in their common spelling, with one word left out or cut to its first letters
where a slip of the pen may be. A block too large to compare in pairs is cut finer by the letters after the
key; what cannot be cut finer is not compared, since a name that so many share tells nothing.

Keys and nodes are numbers (hashes of 64 bits), so that a run can keep the blocks of a million names in arrays
and look up the few that new names fall into.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from pipeline.link.likeness import body_words, business_word, person_words
from pipeline.link.spelling import full_forms, spell, spell_body, spell_given
from pipeline.schema import filled

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from pipeline.link.names import Name

    Numbers = NDArray[np.int64]

_LARGEST_BLOCK = 64
"""Names compared with each other; a larger block is cut finer, letter by letter."""
_LETTERS = 1
"""So many first letters of a word with a slip in it must be right."""
_MOST_WORDS = 8
"""Longer names are compared only if all words agree."""

_ONE_SOUND = {"j": "i"}
"""First letters that one sound is written with: Yelena, Jelena."""

_Key = tuple[str, ...]
_Block = list[tuple[int, str]]
"""Nodes that share a key, each with the letters that cut the block finer."""


def number(*words: str) -> int:
    """64 bits of a hash of ``words``, with a sign as int64 has it; the same on every machine."""
    return int.from_bytes(hashlib.blake2b("\x1f".join(words).encode(), digest_size=8).digest(), "big", signed=True)


class Blocks:
    """The keys of many names: three columns sorted by key; a row says that a node has a key."""

    def __init__(self, key: Numbers | pa.Int64Array, finer: pa.StringArray, node: Numbers | pa.Int64Array) -> None:
        """Take rows in any order."""
        import pyarrow as pa

        key, node = np.asarray(key), np.asarray(node)
        if (key[1:] < key[:-1]).any():
            order = np.argsort(key, kind="stable")
            key, node, finer = key[order], node[order], finer.take(pa.array(order))
        self.key, self.node, self.finer = key, node, finer

    @classmethod
    def of(cls, names: Iterable[tuple[int, Name]]) -> Blocks:
        """The keys of ``names``, each given with the number of its node."""
        import pyarrow as pa

        rows = [
            (number(name.kind, *key), finer, node)
            for node, name in names
            if not name.known and name.kind in ("person", "organisation", "place")
            for key, finer in _keys(name)
        ]
        key, finer, node = zip(*rows, strict=True) if rows else ((), (), ())
        return cls(np.array(key, np.int64), pa.array(finer, pa.string()), np.array(node, np.int64))

    def changed(self, gone: Numbers, more: Blocks) -> Blocks:
        """These blocks without the nodes ``gone`` and with the rows of ``more``."""
        import pyarrow as pa

        key, node, rows = self.key, self.node, np.arange(len(self.key))
        if len(gone):
            stay = ~np.isin(node, gone)
            key, node, rows = key[stay], node[stay], rows[stay]
        at = np.searchsorted(key, more.key)
        rows = np.insert(rows, at, len(self.key) + np.arange(len(more.key)))
        finer = pa.concat_arrays([self.finer, more.finer]).take(pa.array(rows))
        return Blocks(np.insert(key, at, more.key), finer, np.insert(node, at, more.node))

    def table(self) -> pa.Table:
        """The rows as table ``link_blocks``."""
        return filled("link_blocks", key=self.key, finer=self.finer, node=self.node)

    def keys(self, nodes: Numbers) -> Numbers:
        """The keys that one of ``nodes`` has."""
        return np.unique(self.key[np.isin(self.node, nodes)] if len(nodes) else self.key[:0])

    def candidates(self, wanted: Numbers | None = None, keys: Numbers | None = None) -> Numbers:
        """Pairs of nodes that may be two ways of writing one name.

        Args:
            wanted: Only pairs with one of these nodes.
            keys: The keys of these nodes, sorted and each once.

        Returns:
            Shape (n, 2): two different numbers in a row, the lesser first; rows sorted, each once.
        """
        if wanted is None:
            begins = np.flatnonzero(np.diff(self.key, prepend=self.key[:1] - 1))
            sizes = np.diff(begins, append=len(self.key))
        else:
            keys = self.keys(wanted) if keys is None else keys
            begins = np.searchsorted(self.key, keys)
            sizes = np.searchsorted(self.key, keys, "right") - begins
        begins, sizes = begins[sizes > 1], sizes[sizes > 1]
        found = [np.empty((0, 2), np.int64)]
        for size in np.unique(sizes[sizes <= _LARGEST_BLOCK]).tolist():
            members = self.node[begins[sizes == size][:, None] + np.arange(size)]
            one, other = np.triu_indices(size, 1)
            found.append(np.stack([members[:, one].ravel(), members[:, other].ravel()], axis=1))
        large = sizes > _LARGEST_BLOCK
        for begin, size in zip(begins[large].tolist(), sizes[large].tolist(), strict=True):
            for part in _cut(self._block(begin, begin + size)):
                one, other = np.triu_indices(len(part), 1)
                nodes = np.array(part, np.int64)
                found.append(np.stack([nodes[one], nodes[other]], axis=1))
        pairs = np.sort(np.concatenate(found), axis=1)
        if wanted is not None:
            pairs = pairs[np.isin(pairs, wanted).any(axis=1)]
        pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
        again = np.append(False, (pairs[1:] == pairs[:-1]).all(axis=1))[: len(pairs)]
        distinct: Numbers = pairs[~again & (pairs[:, 0] != pairs[:, 1])]
        return distinct

    def recut(self, before: Blocks, keys: Numbers) -> tuple[set[int], set[int]]:
        """Nodes that are compared with fewer, and with more others than ``before``, those that came and went aside.

        A block that grew past the limit is cut finer, so that some of its members are no longer compared; one that shrank
        below it is compared whole.

        Args:
            before: The blocks of the last run.
            keys: The blocks whose members are not the same.
        """
        large = np.zeros(len(keys), bool)
        for blocks in (before, self):
            first, last = np.searchsorted(blocks.key, keys), np.searchsorted(blocks.key, keys, "right")
            large |= last - first > _LARGEST_BLOCK
        fewer, more = set[int](), set[int]()
        for key in keys[large].tolist():
            for nodes, grew in _recut(before._members(key), self._members(key)):
                (fewer if grew else more).update(nodes)
        return fewer, more

    def _members(self, key: int) -> _Block:
        return self._block(int(np.searchsorted(self.key, key)), int(np.searchsorted(self.key, key, "right")))

    def _block(self, begin: int, end: int) -> _Block:
        return sorted(zip(self.node[begin:end].tolist(), self.finer[begin:end].to_pylist(), strict=True))


def _keys(name: Name) -> Iterator[tuple[_Key, str]]:
    """Keys of one name, each with the letters that cut its block finer."""
    if name.kind == "person":
        yield from _person_keys(name)
        return
    parts = name.tokens if name.kind == "place" else body_words(name.tokens)
    spelt = tuple(spell_body(t) for t in parts)
    yield ("=", *sorted(spelt)), ""
    yield ("+", spell("".join(parts))), ""
    if name.kind == "organisation":
        core = tuple(s for s, t in zip(spelt, parts, strict=True) if not business_word(t))
        yield ("firm", *(core or spelt)), ""
    if len(spelt) <= _MOST_WORDS:
        for i, word in enumerate(spelt):
            if len(word) >= 4 and (len(spelt) > 1 or len(word) >= 7):
                yield ("?", str(i), *spelt[:i], word[:_LETTERS], *spelt[i + 1 :]), word[_LETTERS:]


def _person_keys(name: Name) -> Iterator[tuple[_Key, str]]:
    parts = person_words(name.tokens)
    spelt = tuple(spell_given(t) for t in parts)
    first, last = spelt[0], spelt[-1]
    yield ("=", *sorted(spelt)), ""
    yield ("+", spell("".join(parts))), ""
    yield ("given", last, _ONE_SOUND.get(first[:1], first[:1])), first[1:]
    yield ("family", first, last[:_LETTERS]), last[_LETTERS:]
    for full in full_forms(parts[0]):
        yield ("short", last, full), ""


def _parts(block: _Block, letters: int) -> dict[str, _Block]:
    """``block`` cut by the letter behind ``letters``; members that have no more letters are left out."""
    parts: dict[str, _Block] = defaultdict(list)
    for node, rest in block:
        if len(rest) > letters:
            parts[rest[letters]].append((node, rest))
    return parts


def _cut(block: _Block, letters: int = 0) -> Iterator[Sequence[int]]:
    """The parts of a block that are compared in pairs."""
    if len(block) <= _LARGEST_BLOCK:
        yield [node for node, _ in block]
        return
    for part in _parts(block, letters).values():
        yield from _cut(part, letters + 1)


def _recut(then: _Block, now: _Block, letters: int = 0) -> Iterator[tuple[list[int], bool]]:
    """The members of the parts of one block that are cut now and were not, or were and are not; and whether it grew."""
    if then == now:
        return
    was_small, is_small = len(then) <= _LARGEST_BLOCK, len(now) <= _LARGEST_BLOCK
    if was_small and is_small:
        return
    if was_small or is_small:
        yield [node for node, _ in now], was_small
        return
    before, after = _parts(then, letters), _parts(now, letters)
    for letter in sorted(before.keys() | after.keys()):
        yield from _recut(before.get(letter, []), after.get(letter, []), letters + 1)
