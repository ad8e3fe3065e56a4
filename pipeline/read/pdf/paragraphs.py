"""Lines of all pages -> the text: paragraphs made whole over line, column and page breaks.

Every character that the pages show is kept. Page headers, footers and page numbers are lines of their
own after the paragraph that ends on, or runs over the end of, their page. Only a hyphen that the type
setting put in at a line's end is left out, and only where there is a reason to think that it did.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.read.pdf.layout import Line

_END = re.compile(r"[.!?…:;][\"'”’»)\]]*$")
_FULL_STOP = re.compile(r"[.!?…][\"'”’»)\]]*$")
_MARK = re.compile(r"([•▪◦·■●–—*‣-]|\(?\d{1,2}[.)]|\(?[a-z]\))\s")
_PAGE_NUMBER = re.compile(r"[-–—\s]*(page|p\.)?\s*(\d{1,4}|[ivxl]{1,6})(\s*(/|of)\s*\d{1,4})?[-–—\s]*", re.IGNORECASE)
_OF_PAGES = re.compile(r"(page\s*)?\d{1,4}\s*(/|of)\s*\d{1,4}", re.IGNORECASE)
_URL = re.compile(r"(https?://|www\.)\S+")
_PRINTED = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4},?\s+\d{1,2}[:.]\d{2}(\s*[AP]M)?(\s+.*)?", re.IGNORECASE)
_HYPHENS = "-\N{HYPHEN}"
_SOFT = "\N{SOFT HYPHEN}"
_LEFT = re.compile(rf"([^\W\d_]+)[{_HYPHENS}{_SOFT}]$")
_RIGHT = re.compile(r"[^\W\d_]+")
_WORD = re.compile(rf"[^\W\d_]+(?:[{_HYPHENS}][^\W\d_]+)*")

_MARGIN = 0.12
"""Share of a page's height in which headers and footers stand."""
_SHORT = 30
"""Characters below which a text is no paragraph that a box would interrupt."""
_EDGE_LINES = 3
"""Outermost lines of a page that are looked at as header or footer."""


@dataclass
class Paragraph:
    """Lines that are read as one; a running one is a page header or footer."""

    lines: list[Line]
    running: bool = False


def text_of(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> str:
    """The text of a document, a blank line between paragraphs.

    Args:
        pages: the lines of each page in reading order; which are running is set here.
        heights: the height of each page, in points.
    """
    mark_running(pages, heights)
    lines = [line for page in pages for line in page]
    words = Words(lines)
    paragraphs: list[Paragraph] = []
    for page in pages:
        paragraphs += _paragraphs([line for line in page if not line.running])
        paragraphs += [Paragraph([line], running=True) for line in page if line.running]
    return "\n\n".join(words.joined(paragraph.lines) for paragraph in _whole(paragraphs))


def mark_running(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> None:
    """Tell the headers, footers and page numbers: at a page's edge, and at the same place on other pages.

    Numbers may differ; a headline, by its size, is none of them. What a browser prints around a page (date and title above, address and page of
    pages below) is told on a single page too.
    """
    seen: dict[tuple[str, int], set[int]] = defaultdict(set)
    usual = median([line.size for page in pages for line in page] or [0.0])
    edges = [
        [line for line in _edge(page, height) if line.size <= 1.3 * usual]
        for page, height in zip(pages, heights, strict=True)
    ]
    for number, lines in enumerate(edges):
        for line in lines:
            for near in (0, 1):
                seen[_place(line, near)].add(number)
    for lines in edges:
        browser = any(_OF_PAGES.fullmatch(line.text) for line in lines) and any(
            _URL.fullmatch(line.text) or _PRINTED.fullmatch(line.text) for line in lines
        )
        for line in lines:
            repeated = any(len(seen[_place(line, near)]) > 1 for near in (0, 1))
            alone = line in (lines[0], lines[-1]) and _PAGE_NUMBER.fullmatch(line.text)
            line.running = line.running or repeated or bool(alone)
        if browser:
            for line in lines:
                line.running = line.running or bool(
                    _OF_PAGES.fullmatch(line.text) or _URL.fullmatch(line.text) or _PRINTED.fullmatch(line.text)
                )
            dates = [line.y for line in lines if _PRINTED.fullmatch(line.text)]
            for line in lines:
                line.running = line.running or any(abs(line.y - y) < 2 for y in dates)


def _edge(page: Sequence[Line], height: float) -> list[Line]:
    """The outermost lines of a page that stand in its margins, from the top."""
    upright = sorted((line for line in page if not line.turned), key=lambda line: (-line.y, line.x0))
    outer = upright[:_EDGE_LINES] + upright[max(len(upright) - _EDGE_LINES, _EDGE_LINES) :]
    return [line for line in outer if not _MARGIN * height <= line.y <= (1 - _MARGIN) * height]


def _place(line: Line, near: int) -> tuple[str, int]:
    return re.sub(r"\d+", "0", line.text.casefold()), int(line.y / 6 + near / 2)


def _paragraphs(lines: Sequence[Line]) -> Iterator[Paragraph]:
    """The paragraphs of a page, none reaching over a column's end."""
    columns: dict[tuple[bool, int], list[Line]] = defaultdict(list)
    for line in lines:
        columns[line.turned, line.column].append(line)
    for column in columns.values():
        steps: dict[int, list[float]] = defaultdict(list)
        for above, below in pairwise(column):
            if above.size == below.size and above.y - below.y > 0.5 * above.size:
                steps[round(below.size)].append(above.y - below.y)
        pitch = {size: min(median(found), 2.2 * size) for size, found in steps.items()}
        usual = median(line.size for line in column)
        start = 0
        for i in range(1, len(column) + 1):
            if i == len(column) or _begins(column, i, pitch, usual):
                yield Paragraph(list(column[start:i]))
                start = i


def _begins(column: Sequence[Line], i: int, pitch: dict[int, float], body: float) -> bool:
    """Whether line ``i`` begins a paragraph: a gap, an indent, another size, a line that was left short."""
    above, line = column[i - 1], column[i]
    size = line.size
    step = above.y - line.y
    if max(above.size, size) > 1.12 * min(above.size, size) or step < 0.3 * size:
        return True
    usual = pitch.get(round(size), 1.25 * size)
    if step > max(1.3 * usual, usual + 0.3 * size):
        return True
    if _LEFT.search(above.text) and line.text[0].isalpha():
        return False
    if _MARK.match(line.text) and (_END.search(above.text) or _MARK.match(above.text)):
        return True
    indent = line.x0 - above.x0
    if 0.7 * size <= indent <= 6 * size and above.x0 - line.left < 0.5 * size and not _MARK.match(above.text):
        return not line.text[0].islower()
    if _indented(line) and _indented(above) and _FULL_STOP.search(above.text):
        neighbours = [column[k] for k in (i - 2, i + 1) if 0 <= k < len(column)]
        if not all(map(_indented, neighbours)):
            return True
    if line.text[0].islower() and not _FULL_STOP.search(above.text):
        return False
    if _bold(above) != _bold(line):
        return True
    around = column[max(i - 3, 0) : i + 3]
    if _bold(line) or size > 1.2 * body:
        return False
    edge = max(other.x1 for other in around if abs(other.size - size) < 0.12 * size)
    word = (line.x1 - line.x0) * len(line.text.split(" ", 1)[0]) / len(line.text)
    return edge - above.x1 > word + 0.8 * size


def _indented(line: Line) -> bool:
    return 0.7 * line.size <= line.x0 - line.left <= 6 * line.size


def _bold(line: Line) -> bool:
    return bool(re.search(r"bold|black|heavy|[-,]b[di]?$", line.font, re.IGNORECASE))


def _whole(paragraphs: list[Paragraph]) -> Iterator[Paragraph]:
    """The paragraphs, each with what continues it further on; what stood in between comes after it."""
    taken: set[int] = set()
    for i, paragraph in enumerate(paragraphs):
        if i in taken:
            continue
        last = i
        while not paragraph.running and (found := _continuation(paragraphs, last, taken)) is not None:
            paragraph.lines += paragraphs[found].lines
            taken.add(found)
            last = found
        yield paragraph


def _continuation(paragraphs: Sequence[Paragraph], at: int, taken: set[int]) -> int | None:
    """The paragraph that goes on with the one at ``at``, past captions, boxes, headers and footers.

    That one has no sentence's end. This one has its size and goes on in lower case, or after a comma at a
    column's end; or, at a column's end, it comes next and is not indented, though the other began with an
    indent or was filled to the edge.
    """
    before = paragraphs[at].lines
    end = before[-1]
    if end.turned or _END.search(end.text):
        return None
    short = sum(len(line.text) for line in before) < _SHORT
    skipped = 0
    for j in range(at + 1, min(at + 16, len(paragraphs))):
        other = paragraphs[j]
        if other.running or j in taken:
            continue
        first = other.lines[0]
        if first.turned or abs(first.size - end.size) > 0.08 * end.size or _bold(first) != _bold(end):
            skipped += 1
            if first.page > end.page + 1 or skipped > 6:
                return None
            continue
        elsewhere = (first.page, first.column) != (end.page, end.column)
        if short if skipped else not elsewhere:
            return None
        if first.text[0].islower() or (elsewhere and not skipped and end.text[-1] == ","):
            return j
        full = _indented(before[0]) or (end.right - end.x1 < 2 * end.size and len(before) > 1)
        plain = first.x0 - first.left < 0.5 * first.size and not _MARK.match(first.text)
        return j if full and plain and elsewhere and not skipped and len(other.lines) > 1 else None
    return None


class Words:
    """The words of a document, by which a hyphen at a line's end is judged.

    It is left out if it is a soft one, or the halves occur elsewhere as one word. It stays if they occur
    elsewhere with a hyphen, if what follows is no lower-case word, if what stands before it holds a
    figure or another hyphen or belongs to an address, or if both halves are words of this document
    ("five-person"). Else it is the type setting's: halves such as "demon" and "stration" are no words.
    """

    def __init__(self, lines: Iterable[Line]) -> None:
        self._count: Counter[str] = Counter()
        self._soft = True
        broken = False
        for line in lines:
            self._soft = self._soft and _SOFT not in line.text[:-1]
            words = [match[0].casefold() for match in _WORD.finditer(line.text)]
            if broken:
                words = words[1:]
            broken = line.text[-1:] in (*_HYPHENS, _SOFT)
            self._count.update(words[:-1] if broken else words)
            self._count.update(part for word in words[: len(words) - broken] if "-" in word for part in word.split("-"))

    def joined(self, lines: Sequence[Line]) -> str:
        """The lines as one paragraph."""
        text = lines[0].text
        for line in lines[1:]:
            text = self._join(text, line.text)
        return text.replace(_SOFT, "-")

    def _join(self, text: str, more: str) -> str:
        token = text.rsplit(" ", 1)[-1]
        if _URL.match(token) and token[-1] in "/-_=&?.":
            return text + more
        if token[-1:] in ("\N{EM DASH}", "\N{EN DASH}") and len(token) > 1 and token[-2].isalnum():
            return text + more
        left, right = _LEFT.search(text), _RIGHT.match(more)
        if not left or not right:
            split = len(token) > 1 and token[-1] in _HYPHENS and token[-2].isalnum() and more[0].isalnum()
            return text + more if split else f"{text} {more}"
        if not right[0][0].islower():
            return text + more
        if self._typeset(token, left[1].casefold(), right[0].casefold()):
            return text[:-1] + more
        return text + more

    def _typeset(self, token: str, left: str, right: str) -> bool:
        """Whether the hyphen at the end of ``token`` was put there by the type setting."""
        if token.endswith(_SOFT) and self._soft:
            return True
        if left + right in self._count:
            return True
        if f"{left}-{right}" in self._count or not token[:-1].strip("\"'“”‘’(").isalpha():
            return False
        return not (left in self._count and right in self._count)
