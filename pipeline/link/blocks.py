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
    """The keys of many names: three columns sorted by key, then node; a row says that a node has a key."""

    def __init__(self, key: Numbers | pa.Int64Array, finer: pa.StringArray, node: Numbers | pa.Int64Array) -> None:
        """Take rows in any order."""
        import pyarrow as pa

        key, node = np.asarray(key), np.asarray(node)
        order = np.lexsort((node, key))
        self.key, self.node, self.finer = key[order], node[order], finer.take(pa.array(order))

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

        stay = ~np.isin(self.node, gone) if len(gone) else np.ones(len(self.node), bool)
        finer = pa.concat_arrays([self.finer.filter(pa.array(stay)), more.finer])
        return Blocks(np.append(self.key[stay], more.key), finer, np.append(self.node[stay], more.node))

    def table(self) -> pa.Table:
        """The rows as table ``link_blocks``."""
        return filled("link_blocks", key=self.key, finer=self.finer, node=self.node)

    def candidates(self, wanted: Numbers | None = None) -> Numbers:
        """Pairs of nodes that may be two ways of writing one name, those with a node in ``wanted`` alone if given.

        Returns:
            Shape (n, 2): two different numbers in a row, the lesser first; rows sorted, each once.
        """
        begins = np.flatnonzero(np.diff(self.key, prepend=self.key[:1] - 1))
        sizes = np.diff(begins, append=len(self.key))
        several = sizes > 1
        if wanted is not None:
            several &= np.isin(self.key[begins], self.key[np.isin(self.node, wanted)])
        begins, sizes = begins[several], sizes[several]
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

    def recut(self, before: Blocks, keys: Numbers) -> set[int]:
        """Nodes that are compared with others than ``before``, because their block grew or shrank past the limit.

        Args:
            before: The blocks of the last run.
            keys: The blocks whose members are not the same.
        """
        large = np.zeros(len(keys), bool)
        for blocks in (before, self):
            first, last = np.searchsorted(blocks.key, keys), np.searchsorted(blocks.key, keys, "right")
            large |= last - first > _LARGEST_BLOCK
        found: set[int] = set()
        for key in keys[large].tolist():
            found.update(_recut(before._members(key), self._members(key)))
        return found

    def _members(self, key: int) -> _Block:
        return self._block(int(np.searchsorted(self.key, key)), int(np.searchsorted(self.key, key, "right")))

    def _block(self, begin: int, end: int) -> _Block:
        return list(zip(self.node[begin:end].tolist(), self.finer[begin:end].to_pylist(), strict=True))


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


def _recut(then: _Block, now: _Block, letters: int = 0) -> Iterator[int]:
    """Nodes of one block whose company changed; not those that came or went, nor their new company in a small block."""
    if then == now:
        return
    small = len(then) <= _LARGEST_BLOCK, len(now) <= _LARGEST_BLOCK
    if all(small):
        return
    if any(small):
        yield from (node for node, _ in now)
        return
    before, after = _parts(then, letters), _parts(now, letters)
    for letter in sorted(before.keys() | after.keys()):
        yield from _recut(before.get(letter, []), after.get(letter, []), letters + 1)
