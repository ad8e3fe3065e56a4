# mypy: allow-subclassing-any
"""PDF file -> pages of placed characters.

Page content is run for its text alone: pictures are not decoded and drawings not built. A page that asks
for more than its share, or is broken, has a problem to tell, and the other pages go on.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple

from pdfminer.pdfdevice import PDFTextDevice
from pdfminer.pdffont import PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import (
    PDFStream,
    resolve1,
    stream_value,
)
from pdfminer.utils import apply_matrix_rect, decode_text

from pipeline.read.pdf.source import File, Fonts, Parser, Spent, TooMuch

UNKNOWN = "\N{REPLACEMENT CHARACTER}"
"""Stands for a character whose font does not say which letter it is."""

PAGES = 500
"""Pages that are read; the rest is told. A newspaper has fewer."""
_LIGATURES = {
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\ufb05": "st",
    "\ufb06": "st",
}
_LONG = 65_536
"""Bytes of page content from which drawing is taken out before the content is run."""
_DRAWING = re.compile(rb"(?<=\s)(?>(?>(?>[-+.\d]{1,24}\s{1,4}){0,6}+)(?>re|[fBbW]\*|[mlcvyhSsfFBbnW])\s{1,4}){32,}+")
_SHORT_TEXT = 4
"""Characters of an ActualText that stands for the glyphs it is tagged on (ligature, drop cap, soft hyphen)."""


class Glyph(NamedTuple):
    """One character as placed: ``y`` is its base line, both axes in points along the direction of reading."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    font: str


@dataclass
class Page:
    """What one page shows; ``glyphs`` by the angle, in degrees, at which they are read."""

    number: int
    height: float = 0.0
    glyphs: dict[int, list[Glyph]] = field(default_factory=dict)
    running: set[tuple[float, float]] = field(default_factory=set)
    """Where the characters stand that the file itself tags as page header or footer."""
    pictures: float = 0.0
    """Share of the page that pictures cover, at most 1."""
    drawn: bool = False
    hidden: int = 0
    """How many characters are there but not painted: the text layer that OCR lays over a scan."""
    unknown: int = 0
    problem: str = ""


@dataclass
class Document:
    """The pages that were read, how many there are, and the entries of the document information."""

    pages: list[Page]
    count: int
    info: dict[str, str]


def document(data: bytes) -> Document:
    """Everything that the file shows; a page that cannot be read has a ``problem``.

    Raises:
        PDFException: the file is locked, or so broken that no page can be found.
    """
    spent = Spent()
    file = File(Parser(io.BytesIO(data + b"\n"), spent), spent)
    shown = _Shown(Fonts(spent), spent)
    interpreter = _Interpreter(shown.rsrcmgr, shown)
    pages: list[Page] = []
    count = 0
    found = PDFPage.create_pages(file)
    for count, source in enumerate(islice(found, PAGES), 1):
        shown.page = Page(count)
        try:
            interpreter.process_page(source)
        except Exception as error:
            shown.page.problem = " ".join(f"{type(error).__name__}: {error}".split())[:120]
        shown.page.pictures = min(shown.page.pictures, 1.0)
        pages.append(shown.page)
    return Document(pages, count + sum(1 for _ in islice(found, 100 * PAGES)), _info(file))


def _info(file: File) -> dict[str, str]:
    """Text entries of the document information, the newest first."""
    told: dict[str, str] = {}
    for entries in file.info:
        for name, entry in entries.items():
            value = resolve1(entry)
            if isinstance(value, bytes):
                told.setdefault(str(name), " ".join(decode_text(value).replace("\x00", "").split()))
    return told


class _Shown(PDFTextDevice):
    """Collects the characters of a page; shapes and pictures are only noticed."""

    def __init__(self, fonts: Fonts, spent: Spent) -> None:
        super().__init__(fonts)
        self.page = Page(0)
        self.spent = spent
        self._crop = (0.0, 0.0, 0.0, 0.0)
        self._hidden = False
        self._tags: list[tuple[str, str | None]] = []

    def begin_page(self, page: PDFPage, ctm: Any) -> None:
        self._crop = apply_matrix_rect(ctm, page.cropbox)
        self.page.height = abs(self._crop[3] - self._crop[1])
        self._tags = []

    def begin_tag(self, tag: Any, props: Any = None) -> None:
        told = props if isinstance(props, dict) else {}
        kind = ""
        if getattr(tag, "name", "") == "Artifact" and getattr(told.get("Type"), "name", "") == "Pagination":
            kind = "running"
        actual = resolve1(told.get("ActualText"))
        text = decode_text(actual) if isinstance(actual, bytes) else None
        self._tags.append((kind, text if text and len(text) <= _SHORT_TEXT else None))

    def end_tag(self) -> None:
        if self._tags:
            self._tags.pop()

    def paint_path(self, *args: Any) -> None:
        self.page.drawn = True

    def render_image(self, name: str, stream: PDFStream) -> None:
        """Only the size of a picture counts; it covers the unit square as the page transforms it."""
        x0, y0, x1, y1 = apply_matrix_rect(self.ctm or (1, 0, 0, 1, 0, 0), (0, 0, 1, 1))
        left, low, right, high = self._crop
        width, height = min(x1, right) - max(x0, left), min(y1, high) - max(y0, low)
        if width > 0 and height > 0 and right > left and high > low:
            self.page.pictures += width * height / ((right - left) * (high - low))

    def render_string(self, textstate: Any, seq: Any, ncs: Any, graphicstate: Any) -> None:
        if isinstance(seq, list) and textstate.font is not None:
            self._hidden = textstate.render in (3, 7)
            super().render_string(textstate, seq, ncs, graphicstate)

    def render_char(
        self, matrix: Any, font: Any, fontsize: Any, scaling: Any, rise: Any, cid: Any, ncs: Any, graphicstate: Any
    ) -> float:
        try:
            text = font.to_unichr(cid)
        except PDFUnicodeNotDefined:
            text = UNKNOWN
        advance = float(font.char_width(cid) * fontsize * scaling)
        a, b, c, d, e, f = matrix
        x, y = e + c * rise, f + d * rise
        left, low, right, high = self._crop
        size = abs(fontsize) * math.hypot(c, d)
        if not (left - 1 <= x <= right + 1 and low - 1 <= y <= high + 1 and size > 0):
            return advance
        running = False
        for index, (kind, actual) in enumerate(self._tags):
            running = running or kind == "running"
            if actual is not None:
                text = actual
                self._tags[index] = (kind, "")
        turn = -1 if fontsize < 0 else 1
        angle = round(math.degrees(math.atan2(b * turn, a * turn))) % 360
        if angle:
            cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
            x, y = x * cos + y * sin, y * cos - x * sin
        width = abs(advance) * math.hypot(a, b)
        text = "".join(
            _LIGATURES.get(char, char if char.isprintable() or char == "\xad" else " " if char.isspace() else UNKNOWN)
            for char in text
        )
        self.page.unknown += text.count(UNKNOWN)
        self.page.hidden += self._hidden
        if running:
            self.page.running.add((x, y))
        self.page.glyphs.setdefault(angle, []).append(Glyph(text, x, x + width, y, size, str(font.fontname)))
        return advance


def _undrawn(data: bytes) -> bytes:
    """Page content without its long runs of drawing: a map can hold megabytes of lines and no letter."""
    return _DRAWING.sub(b"\n", data) if len(data) > _LONG else data


class _Interpreter(PDFPageInterpreter):
    """Runs page content, counting it each time it is run: a form may be called by forms called by forms."""

    def execute(self, streams: Sequence[object]) -> None:
        spent: Spent = self.device.spent
        for stream in map(stream_value, streams):
            data = stream.get_data()
            stream.data = data = _undrawn(whole := data)
            self.device.page.drawn |= len(data) < len(whole)
            spent.take("instruction bytes", len(data) + 256)
            escapes, marks = data.count(b"\\"), data.count(b"E")
            if escapes > 300_000 or (marks * len(data) > 2e11 and re.search(rb"\sID\s", data)):
                raise TooMuch("instructions that take too long to take apart")
        super().execute(streams)

    def do_Do(self, xobjid_arg: Any) -> None:  # noqa: N802, the operator's name
        """Run a form or show a picture; the place on the page is then as before."""
        super().do_Do(xobjid_arg)
        self.device.set_ctm(self.ctm)

    def do_m(self, x: Any, y: Any) -> None:
        """Paths are not built."""

    def do_l(self, x: Any, y: Any) -> None:
        """Paths are not built."""

    def do_c(self, x1: Any, y1: Any, x2: Any, y2: Any, x3: Any, y3: Any) -> None:
        """Paths are not built."""

    def do_v(self, x2: Any, y2: Any, x3: Any, y3: Any) -> None:
        """Paths are not built."""

    def do_y(self, x1: Any, y1: Any, x3: Any, y3: Any) -> None:
        """Paths are not built."""

    def do_h(self) -> None:
        """Paths are not built."""

    def do_re(self, x: Any, y: Any, w: Any, h: Any) -> None:
        """Paths are not built."""
