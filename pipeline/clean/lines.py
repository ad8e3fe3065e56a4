"""Raw text -> lines: the stretches that get a zone, each with its place in the raw text.

A line is what stands between two line breaks (any that Unicode knows), or, in a hard-wrapped text, a
whole paragraph. Its raw span reaches to the next line, so that blank lines belong to the line before
them, those on top of the text to the first line, and every raw character to exactly one line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.offsets import Folded, normalise

SENTENCE_END = re.compile(r"[.!?…。！？؟۔।][\"'”’»›)\]*]*$|[.!?…][\"'”’»)\]]*\s?\[\d{1,3}\]$")
"""Ends like a sentence: a full stop or its like, then at most closing quotes and brackets."""

_LIST_MARK = re.compile(r"([-–—*•▪◦·>#]|\d{1,2}[.)]|\(?[a-z]\))\s")
_WRAP_MIN, _WRAP_MAX = 45, 100
"""Code points per line of hard-wrapped text, from narrow newsletters to wide e-mails."""
_LEAST_WRAPPED = 6
"""Lines of a text from which blank lines between all of them may be the work of a tool."""


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

    Lists of headlines have the same lengths; in broken prose most lines go on in lower case, or, where all
    is in capitals, the last line ends like a sentence.
    """
    lengths = [len(piece.text) for piece in block]
    if len(block) < 2 or not _WRAP_MIN <= max(lengths[:-1]) <= _WRAP_MAX or lengths[-1] > _WRAP_MAX:
        return False
    width = max(lengths)
    inner = [(a, b) for a, b in pairwise(block) if _runs_on(a, b, width)]
    if len(inner) < 0.5 * (len(block) - 1):
        return False
    ended = sum(bool(SENTENCE_END.search(a.text[-12:])) for a, _ in inner)
    if all(piece.text.isupper() for piece in block):
        return ended <= 0.5 * len(inner) and bool(SENTENCE_END.search(block[-1].text[-12:]))
    lower = sum(b.text[0].islower() for _, b in inner)
    return ended <= 0.5 * len(inner) and lower >= 0.4 * len(inner)


def _blocks(pieces: Sequence[_Piece]) -> list[list[_Piece]]:
    """The lines between blank lines."""
    blocks: list[list[_Piece]] = []
    for piece in pieces:
        if piece.gap or not blocks:
            blocks.append([])
        blocks[-1].append(piece)
    return blocks


def _filled(block: Sequence[_Piece], width: int) -> bool:
    """Whether all lines of ``block`` but the last are as long as the lines of the text."""
    return len(block) > 1 and all(0.75 * width <= len(piece.text) <= width for piece in block[:-1])


def _joined(pieces: Sequence[_Piece]) -> Iterator[list[_Piece]]:
    """Paragraphs: the lines of a wrapped paragraph together, any other line by itself.

    Where most blocks of a text are broken at one width, so are those that alone would not show it.
    """
    blocks = _blocks(pieces)
    broken = [_wrapped(block) for block in blocks]
    text_width = max(
        (len(p.text) for block, is_broken in zip(blocks, broken, strict=True) if is_broken for p in block), default=0
    )
    usual = sum(broken) >= 2 and sum(broken) > 0.5 * sum(len(block) > 1 for block in blocks)
    for block, is_broken in zip(blocks, broken, strict=True):
        wrapped = is_broken or (usual and _filled(block, text_width))
        width, start = max(len(p.text) for p in block), 0
        for i, current in enumerate(block):
            if i + 1 == len(block) or not (wrapped and _runs_on(current, block[i + 1], width)):
                yield block[start : i + 1]
                start = i + 1


def _closed_up(pieces: Sequence[_Piece]) -> list[_Piece]:
    """``pieces`` without the blank line after each line of a wrapped text, if it has one after nearly each.

    Some tools make every line of a wrapped paragraph a paragraph. Such a text has no long lines, and its
    sentences run over the blank lines: most lines do not end like one, and the next begins in lower case.
    """
    single = sum(piece.gap == 1 for piece in pieces[1:])
    if len(pieces) < _LEAST_WRAPPED or single < 0.8 * (len(pieces) - 1):
        return list(pieces)
    closed = [replace(piece, gap=max(0, piece.gap - 1)) for piece in pieces]
    return closed if _wrapped(closed) else list(pieces)


def lines_of(raw: str, *, join_wrapped: bool) -> list[Line]:
    """The lines of ``raw``, covering it without gap; one wordless line if it holds white space only."""
    if not raw:
        return []
    pieces = list(_pieces(raw))
    if not pieces:
        return [Line(0, len(raw), normalise(raw))]
    paragraphs = list(_joined(_closed_up(pieces))) if join_wrapped else [[piece] for piece in pieces]
    starts = [0, *(paragraph[0].start for paragraph in paragraphs[1:]), len(raw)]
    return [
        Line(begin, stop, _folded(raw, paragraph), paragraph[0].gap)
        for (begin, stop), paragraph in zip(pairwise(starts), paragraphs, strict=True)
    ]


def _folded(raw: str, paragraph: Sequence[_Piece]) -> Folded:
    if len(paragraph) == 1:
        return paragraph[0].folded
    return normalise(raw[paragraph[0].start : paragraph[-1].end], paragraph[0].start)
