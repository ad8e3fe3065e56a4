"""The two texts of an article and the way from one to the other.

``raw_text`` is what was saved. ``clean_text`` is made of the same words, folded: any run of white
space is one space, invisible characters (zero-width, direction marks, control characters) are gone,
a letter with combining marks is one letter where Unicode has it. :func:`normalise` folds one
stretch of raw text and remembers, for each character that is left, which raw characters it stands for.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_INVISIBLE = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"
)
_MARKS = "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f"
_FOLD = re.compile(
    rf"(?P<space>[{_INVISIBLE}]*\s[\s{_INVISIBLE}]*)|(?P<invisible>[{_INVISIBLE}]+)|(?P<marked>[^\s{_INVISIBLE}{_MARKS}][{_INVISIBLE}]*[{_MARKS}][{_MARKS}{_INVISIBLE}]*)"
)


def _composed(cluster: str) -> str:
    """A letter and its marks in as few characters as Unicode has for them, the invisible ones left out."""
    return unicodedata.normalize("NFC", re.sub(f"[{_INVISIBLE}]", "", cluster))


@dataclass(frozen=True)
class Folded:
    """Folded text; character ``i`` stands for the raw characters ``[starts[i], ends[i])``."""

    text: str
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """The raw span of the folded span ``[start, end)``, which must not be empty."""
        return int(self.starts[start]), int(self.ends[end - 1])


def normalise(raw: str, offset: int = 0) -> Folded:
    """Fold ``raw``, white space at both ends dropped; ``offset`` is added to every raw position."""
    pieces: list[str] = []
    starts: list[NDArray[np.int32]] = []
    ends: list[NDArray[np.int32]] = []

    def keep(begin: int, end: int) -> None:
        if begin < end:
            pieces.append(raw[begin:end])
            starts.append(np.arange(begin, end, dtype=np.int32))
            ends.append(np.arange(begin + 1, end + 1, dtype=np.int32))

    def replace(words: str, begin: int, end: int) -> None:
        pieces.append(words)
        starts.append(np.full(len(words), begin, dtype=np.int32))
        ends.append(np.full(len(words), end, dtype=np.int32))

    position = 0
    for match in _FOLD.finditer(raw):
        begin, end = match.span()
        found = match.group()
        if found == " ":
            continue
        keep(position, begin)
        position = end
        if match.lastgroup == "space":
            replace(" ", begin, end)
        elif match.lastgroup == "marked":
            replace(_composed(found), begin, end)
    keep(position, len(raw))
    text = "".join(pieces)
    if not text:
        empty = np.zeros(0, dtype=np.int32)
        return Folded("", empty, empty)
    left, right = len(text) - len(text.lstrip()), len(text.rstrip())
    return Folded(
        text[left:right], np.concatenate(starts)[left:right] + offset, np.concatenate(ends)[left:right] + offset
    )
