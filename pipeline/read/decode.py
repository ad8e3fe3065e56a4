"""Bytes -> text: UTF-8 where it is UTF-8, else the encoding that is declared, else what charset-normalizer finds."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from pipeline.errors import ReadError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 200_000
"""Bytes shown to the detector: enough to tell, and bounded in time."""


_WINDOWS = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949"}  # fmt: skip
"""Encodings that are named where a larger one is meant; browsers read them so."""
_WIDE = ("utf-16", "utf-32")
_IN_ASCII = (*_WIDE, "utf-7", "iso2022", "hz")
"""Beginnings of names of encodings whose bytes may all be ASCII and mean something else."""
_NO_CHARSETS = frozenset(["unicode-escape", "raw-unicode-escape", "idna", "punycode", "undefined"])
_META = re.compile(
    rb"(?i)<meta\b[^>]{0,500}?charset\s*=\s*[\"']?\s*([\w.:-]+)|^\s*<\?xml\b[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)"
)


@dataclass(frozen=True)
class Decoded:
    """The text, the name of the encoding, and what had to be mended on the way (code, message)."""

    text: str
    encoding: str
    notes: tuple[tuple[str, str], ...] = ()


def decode(data: bytes, place: str) -> Decoded:
    """The text in ``data``; line ends, NUL and invisible characters stay as they are.

    A text that is UTF-8 but for a few broken bytes stays UTF-8 with those bytes replaced; taking it
    for another encoding would spoil every accented name in it.

    Raises:
        ReadError: the bytes are no text in any known encoding.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return _replacing(data, name)
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    lenient = data.decode("utf-8", "replace")
    broken, multibyte = lenient.count("\ufffd"), sum(char > "\x7f" for char in lenient)
    if multibyte - broken > 4 * broken:
        return _replacing(data, "utf-8")
    detected = _detect(data)
    if detected is None:
        raise ReadError(
            "not_text", f"{place}: its bytes are no text in any known encoding; save it again as UTF-8 text"
        )
    return _replacing(data, detected)


def _detect(data: bytes) -> str | None:
    """The likeliest encoding; Windows-1252 where it reads the same characters, being the commonest."""
    from charset_normalizer import from_bytes

    sample = data[:_SAMPLE]
    best = from_bytes(sample).best()
    if best is None:
        return None
    try:
        if sample.decode("cp1252") == str(best):
            return "cp1252"
    except UnicodeDecodeError:
        pass
    return best.encoding


def _replacing(data: bytes, name: str) -> Decoded:
    text = data.decode(name, "replace")
    broken = text.count("\ufffd") - (data.count("\ufffd".encode(name)) if name == "utf-8" else 0)
    notes = (("bytes_replaced", f"{broken} broken byte(s) of {name} were replaced by U+FFFD"),) if broken else ()
    return Decoded(text, name, notes)


def decode_declared(data: bytes, place: str, declared: Iterable[str]) -> Decoded:
    """The text in ``data``, whose encoding is said to be one of ``declared`` (the likeliest first; may be wrong).

    A byte order mark comes first; then UTF-8 where the bytes can be nothing else; then the first declared encoding
    in which all bytes have a meaning; then what :func:`decode` finds.

    Raises:
        ReadError: the bytes are no text in any known encoding.
    """
    if data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return decode(data, place)
    named = [codec for codec in map(_codec, declared) if codec and (b"\x00" in data or not codec.startswith(_WIDE))]
    if _is_utf8(data) and not (data.isascii() and any(codec.startswith(_IN_ASCII) for codec in named)):
        return decode(data, place)
    for codec in named:
        try:
            return Decoded(data.decode(codec), codec)
        except UnicodeError:
            continue
    return decode(data, place)


def charset_in_page(data: bytes) -> tuple[str, ...]:
    """The encoding that a page names in its own head, if it does."""
    match = _META.search(data[:8192])
    if match is None:
        return ()
    named = (match[1] or match[2]).decode("ascii", "replace")
    # A page that can be searched for ASCII is not in UTF-16, whatever it says.
    return () if named.lower().startswith("utf-16") else (named,)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _codec(name: str) -> str:
    """The name by which Python decodes text in the encoding that ``name`` means; empty if there is none."""
    try:
        codec = codecs.lookup(name.strip().lower()).name
        with suppress(UnicodeError):
            b"two!".decode(codec)  # what decodes no text raises LookupError, but not for nothing
    except (LookupError, ValueError):
        return ""
    return "" if codec in _NO_CHARSETS else _WINDOWS.get(codec, codec)
