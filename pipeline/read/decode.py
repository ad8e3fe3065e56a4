"""Bytes -> text: UTF-8 where it is UTF-8, else what charset-normalizer finds."""

from __future__ import annotations

import codecs
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
