# mypy: allow-subclassing-any
"""pdfminer within bounds: the objects of a PDF file, its streams unpacked, its fonts.

A PDF is a program in a small language, so a hostile file can ask for endless work. What pdfminer does
without limit is limited here by counting, never by the clock, so that a file gives the same on every
machine: inflated bytes, instructions, objects fetched, entries of a font's tables.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from pdfminer.cmapdb import CMapParser, FileUnicodeMap
from pdfminer.lzw import LZWDecoder
from pdfminer.pdfdocument import PDFDocument, PDFNoPageLabels, PDFNoValidXRef
from pdfminer.pdfexceptions import PDFException, PDFObjectNotFound
from pdfminer.pdffont import PDFCIDFont, TrueTypeFont
from pdfminer.pdfinterp import PDFResourceManager
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import (
    LITERALS_CCITTFAX_DECODE,
    LITERALS_FLATE_DECODE,
    LITERALS_LZW_DECODE,
    LITERALS_RUNLENGTH_DECODE,
    PDFObjRef,
    PDFStream,
    dict_value,
    int_value,
    list_value,
    resolve1,
    stream_value,
)
from pdfminer.utils import apply_png_predictor

LIMITS = {
    "inflated bytes": 256_000_000,
    "instruction bytes": 24_000_000,
    "objects": 1_000_000,
    "font entries": 1_000_000,
}
"""For a whole file. News pages measured: 10 to 300 kB of instructions each; 48 MB are read in about a minute."""
_STREAM = 64_000_000
"""Bytes of one stream after inflating."""
_TOKEN = 65_536
"""Bytes of one string or name outside page content; pdfminer takes quadratic time over it."""


class TooMuch(PDFException):
    """A bound was reached; the message says which."""


class Spent:
    """What a file has cost so far."""

    def __init__(self) -> None:
        self._left = dict(LIMITS)

    def take(self, what: str, amount: int) -> None:
        """Count ``amount`` more of ``what``; raises TooMuch past the limit."""
        self._left[what] -= amount
        if self._left[what] < 0:
            raise TooMuch(f"more than {LIMITS[what]:,} {what}")

    def room(self, what: str) -> int:
        """How much of ``what`` is left."""
        return self._left[what]


class _Stream(PDFStream):
    """A stream that inflates no further than there is room for."""

    spent: Spent
    rawdata: bytes | None

    def decode(self) -> None:
        data: bytes = self.rawdata or b""
        if self.decipher and self.objid is not None and self.genno is not None:
            data = self.decipher(self.objid, self.genno, data, self.attrs)
        for kind, settings in self.get_filters():
            data = self._unpacked(data, kind, dict_value(settings))
            self.spent.take("inflated bytes", len(data))
        self.data, self.rawdata = data, None

    def _unpacked(self, data: bytes, kind: Any, settings: dict[str, Any]) -> bytes:
        limit = min(_STREAM, self.spent.room("inflated bytes"))
        if kind in LITERALS_FLATE_DECODE:
            data = _predicted(_inflated(data, limit), settings)
        elif kind in LITERALS_LZW_DECODE:
            pieces, size = [], 0
            for piece in LZWDecoder(io.BytesIO(data)).run():
                pieces.append(piece)
                size += len(piece)
                _check(size, limit)
            data = _predicted(b"".join(pieces), settings)
        elif kind in LITERALS_CCITTFAX_DECODE:
            data = b""
        else:
            if kind in LITERALS_RUNLENGTH_DECODE:
                _check(64 * len(data), limit)
            data = PDFStream({"Filter": kind}, data).get_data()
        return data


def _check(size: int, limit: int) -> None:
    if size > limit:
        raise TooMuch(f"a stream that unpacks to more than {limit:,} bytes")


def _inflated(data: bytes, limit: int) -> bytes:
    """What can be inflated; a stream cut short or with a wrong checksum gives what it holds up to there."""
    inflater = zlib.decompressobj()
    pieces, size = [], 0
    for start in range(0, len(data), 4096):
        try:
            pieces.append(inflater.decompress(data[start : start + 4096], limit + 1 - size))
        except zlib.error:
            break
        size += len(pieces[-1])
        _check(size, limit)
        if inflater.eof:
            break
    return b"".join(pieces)


def _predicted(data: bytes, settings: dict[str, Any]) -> bytes:
    """``data`` with the row prediction of PNG undone; cross-reference tables use it."""
    if int_value(settings.get("Predictor", 1)) < 10:
        return data
    colors, columns, bits = (
        int_value(settings.get(k, d)) for k, d in (("Colors", 1), ("Columns", 1), ("BitsPerComponent", 8))
    )
    if not 0 < colors * columns * bits <= 8 * max(len(data), 1):
        raise TooMuch("rows wider than the stream that holds them")
    return bytes(apply_png_predictor(15, colors, columns, bits, data))


class Parser(PDFParser):
    """Reads objects from the file's bytes."""

    def __init__(self, file: io.BytesIO, spent: Spent) -> None:
        super().__init__(file)
        self._spent = spent

    def do_keyword(self, pos: int, token: Any) -> None:
        """As the library does, with bounded streams."""
        super().do_keyword(pos, token)
        if token is self.KEYWORD_STREAM and self.curstack and isinstance(self.curstack[-1][1], PDFStream):
            where, plain = self.curstack[-1]
            stream = _Stream(plain.attrs, plain.rawdata or b"", plain.decipher)
            stream.spent = self._spent
            self.curstack[-1] = (where, stream)

    def fillbuf(self) -> bool:
        """As the library does, unless a token has grown past its limit."""
        token = getattr(self, "_curtoken", b"")
        if isinstance(token, bytes) and len(token) > _TOKEN:
            raise TooMuch(f"a string of more than {_TOKEN:,} bytes")
        return bool(super().fillbuf())


class File(PDFDocument):
    """References that lead in a circle, and tables chained in one, end."""

    def __init__(self, parser: Parser, spent: Spent) -> None:
        self._spent = spent
        self._tables: set[int] = set()
        super().__init__(parser)

    def getobj(self, objid: int) -> object:
        """The object of this number, references from object to object followed a few times."""
        for _ in range(20):
            self._spent.take("objects", 1)
            found = super().getobj(objid)
            if not isinstance(found, PDFObjRef):
                return found
            objid = found.objid
        raise PDFObjectNotFound(objid)

    def read_xref_from(self, parser: PDFParser, start: int, xrefs: list[Any]) -> None:
        """Each cross-reference table once."""
        if start in self._tables or len(self._tables) > 200:
            return
        self._tables.add(start)
        super().read_xref_from(parser, start, xrefs)
        if any(len(getattr(xref, "ranges", ())) > 10_000 for xref in xrefs):
            raise PDFNoValidXRef("a cross-reference table in too many pieces")

    def get_page_labels(self) -> Iterator[str]:
        """None: what pages are called is not needed."""
        raise PDFNoPageLabels


class _Map(FileUnicodeMap):
    """The letters of a font's codes; a range may name four thousand million codes, so entries are counted."""

    def __init__(self, spent: Spent) -> None:
        super().__init__()
        self._spent = spent

    def add_cid2unichr(self, cid: int, code: Any) -> None:
        self._spent.take("font entries", 1)
        if isinstance(code, int) and not 0 <= code < 0x110000:
            return
        super().add_cid2unichr(cid, code)


class _Counted(dict[int, int]):
    def __init__(self, spent: Spent) -> None:
        self._spent = spent

    def __setitem__(self, key: int, value: int) -> None:
        self._spent.take("font entries", 1)
        super().__setitem__(key, value)


class _TrueType(TrueTypeFont):
    """The two tables of letters that hold ranges, counted."""

    spent: Spent

    def parse_cmap_format_4(self, fp: Any, char2gid: dict[int, int]) -> None:
        counted = _Counted(self.spent)
        super().parse_cmap_format_4(fp, counted)
        char2gid.update(counted)

    def parse_cmap_format_12(self, fp: Any, char2gid: dict[int, int]) -> None:
        counted = _Counted(self.spent)
        super().parse_cmap_format_12(fp, counted)
        char2gid.update(counted)


class Fonts(PDFResourceManager):
    """Fonts whose tables are counted; a font that cannot be read shows unknown characters."""

    def __init__(self, spent: Spent) -> None:
        super().__init__()
        self._spent = spent

    def get_font(self, objid: object, spec: Mapping[str, object]) -> Any:
        """The font of a specification, its tables counted as they are read."""
        if objid and objid in self._cached_fonts:
            return self._cached_fonts[objid]
        known = dict(spec)
        known.pop("W2", None)
        letters = resolve1(known.get("ToUnicode"))
        if isinstance(letters, PDFStream):
            del known["ToUnicode"]
        program: Any = None
        if "W" in known:
            known["W"] = self._widths(known["W"])
        if "FontDescriptor" in known:
            descriptor = dict(dict_value(known["FontDescriptor"]))
            program = descriptor.pop("FontFile2", None)
            known["FontDescriptor"] = descriptor
        try:
            font = super().get_font(None, known)
        except TooMuch:
            raise
        except Exception:
            font = super().get_font(None, {})
            font.cid2unicode = {}
        if isinstance(letters, PDFStream):
            font.unicode_map = _Map(self._spent)
            CMapParser(font.unicode_map, io.BytesIO(letters.get_data())).run()
        elif program is not None and isinstance(font, PDFCIDFont) and font.unicode_map is None:
            font.unicode_map = self._from_program(font, program)
        if objid:
            self._cached_fonts[objid] = font
        return font

    def _from_program(self, font: PDFCIDFont, program: object) -> Any:
        if font.cidcoding not in ("Adobe-Identity", "Adobe-UCS"):
            return None
        try:
            inside = _TrueType(font.basefont, io.BytesIO(stream_value(program).get_data()))
            inside.spent = self._spent
            return inside.create_unicode_map()
        except TooMuch:
            raise
        except Exception:
            return None

    def _widths(self, table: object) -> list[Any]:
        """A table of widths, its ranges counted; what follows an impossible range is left out."""
        kept: list[Any] = []
        run: list[Any] = []
        for value in map(resolve1, list_value(table)):
            run.append(value)
            if isinstance(value, list):
                self._spent.take("font entries", len(value))
            elif len(run) == 3:
                if not (isinstance(run[0], int) and isinstance(run[1], int) and 0 <= run[1] - run[0] < 65_536):
                    break
                self._spent.take("font entries", run[1] - run[0])
            else:
                continue
            kept += run
            run = []
        return kept
