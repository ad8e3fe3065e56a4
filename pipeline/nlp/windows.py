"""Running text -> the windows that the network reads, one at a time.

A stretch is what stands between two breaks (a paragraph, or a line of one Doc). Whole stretches are packed
into a window in order; one that is too long alone is cut into windows that overlap, and each of its words is
answered by the window in which it stands farther from the edge. All this depends on the texts that are read
together and on nothing else, so that the company in which they are processed cannot move an answer.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from pipeline.nlp.pieces import SHAPES

Floats = NDArray[np.floating]
Ints = NDArray[np.int64]

_MOST_WINDOWS = 16
"""A stretch is read whole up to this many windows, and longer ones in parts: memory must have a bound."""


@dataclass
class Text:
    """The words of some Docs as one running text; a word is a token that is not white space."""

    pieces: list[tuple[int, ...]] = field(default_factory=list)
    shapes: list[int] = field(default_factory=list)
    tokens: list[int] = field(default_factory=list)
    """The place of each word in its Doc."""
    edges: list[int] = field(default_factory=lambda: [0])
    """Behind the last word of each Doc."""
    breaks: list[int] = field(default_factory=list)
    """Words before which a paragraph or a line ends."""
    must: list[int] = field(default_factory=list)
    never: list[int] = field(default_factory=list)
    """Words at which a sentence must start, or must not, as the Docs say."""


@dataclass(frozen=True)
class Window:
    """The words ``[first, last)``, read in one run; it answers for ``[own_first, own_last)``."""

    first: int
    last: int
    own_first: int
    own_last: int


def plan(sizes: Sequence[int], breaks: Sequence[int], window: int, overlap: int) -> Iterator[list[Window]]:
    """Groups of windows over all words, in order. No stretch lies in two groups, unless it is a giant.

    Args:
        sizes: the number of pieces of each word.
        breaks: the words, in order, before which a break stands; the text's beginning is not among them.
        window: most pieces of a window, with the one at its start and the one behind each stretch.
        overlap: most pieces that two neighbouring windows of one stretch share.

    Raises:
        ValueError: a word and an overlap do not fit into a window.
    """
    if not sizes:
        return
    if max(sizes) + overlap > window - 2:
        raise ValueError(f"a word of {max(sizes)} pieces and an overlap of {overlap} do not fit a window of {window}")
    behind = [0, *accumulate(sizes)]
    first, filled = 0, 1
    for begin, end in pairwise([0, *breaks, len(sizes)]):
        size = behind[end] - behind[begin] + 1
        if filled + size > window and first < begin:
            yield [Window(first, begin, first, begin)]
            first, filled = begin, 1
        filled += size
        if filled > window:
            for part in _parts(behind, begin, end, _MOST_WINDOWS * (window - 2 - overlap)):
                yield _overlapping(behind, *part, window - 2, overlap)
            first, filled = end, 1
    if first < len(sizes):
        yield [Window(first, len(sizes), first, len(sizes))]


def _parts(behind: Sequence[int], begin: int, end: int, most: int) -> Iterator[tuple[int, int]]:
    """``[begin, end)`` in parts of at most ``most`` pieces."""
    start = begin
    for word in range(begin, end):
        if behind[word + 1] - behind[start] > most:
            yield start, word
            start = word
    yield start, end


def _overlapping(behind: Sequence[int], begin: int, end: int, most: int, overlap: int) -> list[Window]:
    """Windows over one stretch, each of at most ``most`` pieces, sharing at most ``overlap`` with the one before."""
    reads: list[tuple[int, int]] = []
    first = last = begin
    while True:
        while last < end and behind[last + 1] - behind[first] <= most:
            last += 1
        reads.append((first, last))
        if last == end:
            break
        first = last
        while behind[last] - behind[first - 1] <= overlap:
            first -= 1
    limits = [begin]
    for (_, left_end), (right_start, _) in pairwise(reads):
        middle = behind[right_start] + behind[left_end]
        limits.append(next((w for w in range(right_start, left_end) if behind[w] + behind[w + 1] > middle), left_end))
    return [Window(*read, *own) for read, own in zip(reads, pairwise([*limits, end]), strict=True)]


def feed(text: Text, window: Window, start: int, end: int) -> dict[str, Ints]:
    """What the network is given for one window.

    Returns:
        ``pieces`` and ``shapes``, ``int[n]``: ``start``, the pieces of the words with ``end`` at each break, ``end``;
        ``words``, ``int[w]``: the place of each word's first piece.
    """
    breaks = set(text.breaks[bisect_right(text.breaks, window.first) : bisect_left(text.breaks, window.last)])
    none = SHAPES.index("none")
    pieces, shapes, words = [start], [none], []
    for word in range(window.first, window.last):
        if word in breaks:
            pieces.append(end)
            shapes.append(none)
        words.append(len(pieces))
        own = text.pieces[word]
        pieces.extend(own)
        shapes.extend([text.shapes[word]] * len(own))
    pieces.append(end)
    shapes.append(none)
    fed = {"pieces": pieces, "shapes": shapes, "words": words}
    return {name: np.array(numbers, dtype=np.int64) for name, numbers in fed.items()}


def together(group: Sequence[Window], arcs: Sequence[Floats], first: int, last: int) -> Floats:
    """The scores ``float[w, w]`` of the words ``[first, last)``, -inf where no window answers for both.

    Args:
        group: the windows that answer for them.
        arcs: for each window its own words' scores, a column for each word that it read.
        first: the first word.
        last: behind the last word.
    """
    scores: Floats = np.full((last - first, last - first), -np.inf, dtype=np.float32)
    for window, rows in zip(group, arcs, strict=True):
        a, b = max(first, window.own_first), min(last, window.own_last)
        left, right = max(first, window.first), min(last, window.last)
        if a < b:
            area = rows[a - window.own_first : b - window.own_first, left - window.first : right - window.first]
            scores[a - first : b - first, left - first : right - first] = area
    return scores
