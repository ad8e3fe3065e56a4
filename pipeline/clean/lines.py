"""Raw text -> lines: the stretches that get a zone, each with its place in the raw text.

A line is what stands between two line breaks (any that Unicode knows), or, in a hard-wrapped text, a
whole paragraph. Its raw span reaches to the next line, so that blank lines belong to the line before
them, those on top of the text to the first line, and every raw character to exactly one line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.offsets import Folded, normalise

SENTENCE_END = re.compile(r"[.!?…。！？؟۔।][\"'”’»›)\]*]*$|[.!?…][\"'”’»)\]]*\s?\[\d{1,3}\]$")
"""Ends like a sentence: a full stop or its like, then at most closing quotes and brackets."""

_LIST_MARK = re.compile(r"([-–—*•▪◦·>#]|\d{1,2}[.)]|\(?[a-z]\))\s")
_WRAP_MIN, _WRAP_MAX = 45, 100
"""Code points per line of hard-wrapped text, from narrow newsletters to wide e-mails."""


@dataclass
class Line:
    """One line; ``zone`` is empty until a rule has decided."""

    raw_start: int
    raw_end: int
    folded: Folded
    gap: int = 0
    """Blank lines before it."""
    tag: str = ""
    """Name of the HTML element it comes from, if known."""
    block: tuple[int, int] = (-1, -1)
    """Numbers of the HTML block element that it stands in and of the element around that."""
    path: tuple[str, ...] = ()
    """Names of the HTML elements around it, innermost first."""
    zone: str = ""
    rule: str = ""
    confidence: str = ""

    def __post_init__(self) -> None:
        self.text = self.folded.text
        self.words = self.text.count(" ") + 1 if self.text else 0
        self.ends = bool(SENTENCE_END.search(self.text[-12:]))

    def decide(self, zone: str, rule: str, confidence: str) -> None:
        """Set zone, rule and confidence."""
        self.zone, self.rule, self.confidence = zone, rule, confidence

    def cut(self, at: int) -> tuple[Line, Line]:
        """Two lines: the words before code point ``at`` of the folded text, and those from it on.

        ``at`` must not be at either end, nor may one side be white space alone.
        """
        text, starts, ends = self.folded.text, self.folded.starts, self.folded.ends
        stop = len(text[:at].rstrip())
        at += len(text) - at - len(text[at:].lstrip())
        border = int(starts[at])
        left = Folded(text[:stop], starts[:stop], ends[:stop])
        right = Folded(text[at:], starts[at:], ends[at:])
        return (
            Line(self.raw_start, border, left, self.gap, self.tag, self.block, self.path),
            Line(border, self.raw_end, right, 0, self.tag, self.block, self.path),
        )


@dataclass(frozen=True)
class _Piece:
    start: int
    end: int
    folded: Folded
    gap: int
    indented: bool

    @property
    def text(self) -> str:
        return self.folded.text


def _pieces(raw: str) -> Iterator[_Piece]:
    """The lines of ``raw`` that have words."""
    position = gap = 0
    for piece in raw.splitlines(keepends=True):
        folded = None if piece.isspace() else normalise(piece, position)
        if folded and folded.text:
            yield _Piece(position, position + len(piece), folded, gap, piece[:1] in " \t\xa0\u3000")
            gap = 0
        else:
            gap += 1
        position += len(piece)


def _runs_on(before: _Piece, after: _Piece, width: int) -> bool:
    """Whether ``after`` continues the paragraph that ``before`` is a line of."""
    if after.gap or _LIST_MARK.match(after.text) or len(before.text) < 0.6 * width:
        return False
    if after.indented and not before.indented:
        return False
    return not (SENTENCE_END.search(before.text[-12:]) and len(before.text) < 0.85 * width)


def _wrapped(block: Sequence[_Piece]) -> bool:
    """Whether the lines of ``block`` (no blank line inside) look like one broken paragraph or more.

    Lists of headlines have the same lengths; in broken prose most lines go on in lower case.
    """
    lengths = [len(piece.text) for piece in block]
    if len(block) < 2 or not _WRAP_MIN <= max(lengths[:-1]) <= _WRAP_MAX or lengths[-1] > _WRAP_MAX:
        return False
    width = max(lengths)
    inner = [(a, b) for a, b in pairwise(block) if _runs_on(a, b, width)]
    if len(inner) < 0.5 * (len(block) - 1):
        return False
    ended = sum(bool(SENTENCE_END.search(a.text[-12:])) for a, _ in inner)
    lower = sum(b.text[0].islower() for _, b in inner)
    return ended <= 0.5 * len(inner) and lower >= 0.4 * len(inner)


def _joined(pieces: Sequence[_Piece]) -> Iterator[list[_Piece]]:
    """Paragraphs: the lines of a wrapped paragraph together, any other line by itself."""
    block: list[_Piece] = []
    for index, piece in enumerate(pieces):
        block.append(piece)
        if index + 1 < len(pieces) and not pieces[index + 1].gap:
            continue
        wrapped, width = _wrapped(block), max(len(p.text) for p in block)
        start = 0
        for i, current in enumerate(block):
            if i + 1 == len(block) or not (wrapped and _runs_on(current, block[i + 1], width)):
                yield block[start : i + 1]
                start = i + 1
        block = []


def lines_of(raw: str, *, join_wrapped: bool) -> list[Line]:
    """The lines of ``raw``, covering it without gap; one wordless line if it holds white space only."""
    if not raw:
        return []
    pieces = list(_pieces(raw))
    if not pieces:
        return [Line(0, len(raw), normalise(raw))]
    paragraphs = list(_joined(pieces)) if join_wrapped else [[piece] for piece in pieces]
    starts = [0, *(paragraph[0].start for paragraph in paragraphs[1:]), len(raw)]
    return [
        Line(begin, stop, _folded(raw, paragraph), paragraph[0].gap)
        for (begin, stop), paragraph in zip(pairwise(starts), paragraphs, strict=True)
    ]


def _folded(raw: str, paragraph: Sequence[_Piece]) -> Folded:
    if len(paragraph) == 1:
        return paragraph[0].folded
    return normalise(raw[paragraph[0].start : paragraph[-1].end], paragraph[0].start)
