"""Which names are compared at all: those that share a key. Near linear in the number of names.

A key is made of whole words in their common spelling, with one word left out or cut to its first letters
where a slip of the pen may be. A block too large to compare in pairs is cut finer by the letters after the
key; what cannot be cut finer is not compared, since a name that so many share tells nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import TYPE_CHECKING

from pipeline.link.likeness import body_words, business_word, person_words
from pipeline.link.spelling import full_forms, spell, spell_body, spell_given

if TYPE_CHECKING:
    from pipeline.link.names import Name
    from pipeline.link.nodes import Node, NodeKey

_LARGEST_BLOCK = 64
"""Names compared with each other; a larger block is cut finer, letter by letter."""
_LETTERS = 1
"""So many first letters of a word with a slip in it must be right."""
_MOST_WORDS = 8
"""Longer names are compared only if all words agree."""

_ONE_SOUND = {"j": "i"}
"""First letters that one sound is written with: Yelena, Jelena."""

_Key = tuple[str, ...]


def candidates(nodes: Iterable[Node]) -> Iterator[tuple[NodeKey, NodeKey]]:
    """Pairs of nodes of one kind that may be two ways of writing one name, each once and sorted."""
    blocks: dict[_Key, list[tuple[str, NodeKey]]] = defaultdict(list)
    for node in nodes:
        if not node.name.known and node.kind in ("person", "organisation", "place"):
            for key, finer in _keys(node.name):
                blocks[(node.kind, *key)].append((finer, node.id))
    seen: set[tuple[NodeKey, NodeKey]] = set()
    for block in blocks.values():
        for left, right in _pairs(block):
            pair = (left, right) if left < right else (right, left)
            if pair not in seen and left != right:
                seen.add(pair)
                yield pair


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


def _pairs(block: list[tuple[str, NodeKey]], letters: int = 0) -> Iterator[tuple[NodeKey, NodeKey]]:
    if len(block) < 2:
        return
    if len(block) <= _LARGEST_BLOCK:
        for (_, left), (_, right) in combinations(block, 2):
            yield left, right
        return
    finer: dict[str, list[tuple[str, NodeKey]]] = defaultdict(list)
    for rest, key in block:
        if len(rest) > letters:
            finer[rest[letters]].append((rest, key))
    for part in finer.values():
        yield from _pairs(part, letters + 1)
