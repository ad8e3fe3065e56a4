"""Web archives (``.warc``, ``.warc.gz``) -> records: the pages that a crawler or a browser kept.

warcio reads the headers of each record. The way from record to record is our own, because its iterator stops at the
first damage, cannot tell a file that was cut off from one that ends, holds what a record inflates to without limit,
and refuses an archive that was compressed as a whole.

Kept are captures of HTML and plain text that were answered with success. A page is named as web archives name it,
by the second of its capture and its address: ``file.warc.gz#20230401093000/https://paper.example/story``. The day of
the capture says nothing of the day of publication and is given nowhere else.

One file, read from the outside in: bytes of the archive, records, headers, the body of a page.
"""

from __future__ import annotations

import dataclasses
import io
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from warcio.recordloader import ArcWarcRecordLoader

from pipeline.errors import ReadError
from pipeline.read.decode import charset_in_page, decode_declared
from pipeline.read.page import page_record
from pipeline.read.record import Record, storable

if TYPE_CHECKING:
    from pipeline.settings import ReadSettings

_BLOCK = 65_536
_HEADER_BYTES = 1_000_000
"""Bytes of header lines in one record; real ones have a few thousand."""
_MEMBERS = 64
"""Compressed streams, one after the other, in one answer; servers send one."""
_RATIO, _FREE = 200, 1_000_000_000
"""An archive may inflate to a gigabyte, or to 200 times its bytes: pages shrink to a tenth, seldom to a fiftieth."""
_BOMB = "its gzip data inflate beyond measure, so that the rest of the archive is not read"
_REREADS = 20
"""Times the size limit that may be read a second time, for the records that one of wrong length swallowed."""
_TRIALS = 1_000
"""Places tried for the start of the next gzip member; in packed data hardly one looks like it and is none."""
_GZIP = b"\x1f\x8b\x08"
_BLANK = re.compile(rb"[\r\n]*")
_START = re.compile(rb"WARC/\d\.\d+\s*$")
_CAPTURES = frozenset(["response", "resource", "conversion"])
_WITHOUT_PAYLOAD = frozenset(["request", "metadata", "warcinfo"])
_HTML = frozenset(["text/html", "application/xhtml+xml"])
_NO_ARTICLE = re.compile(r"/(?:robots|ads|app-ads|humans|security|llms)\.txt$|\.(?:js|mjs|css|json|xml|csv)$")
"""Paths of what is served as plain text and is no text for readers."""
_EXAMPLES = 3

_TOLD = {
    "damaged_record": "{count} {records} cannot be read and {are} missing; save the archive again where you can",
    "too_large": "{count} {records} {are} larger than the limit of {limit} MB and left out; raise read.max_megabytes",
    "content_encoding": "{count} {records} {are} packed in a way that is not read; save the archive with gzip or unpacked",
    "not_text": "the text of {count} {records} is in no known encoding and left out",
    "page_without_text": "{count} {records} {are} left out: no text shows; such a page needs a browser to build it",
    "no_page": "{count} {records} {are} no page and left out",
}
"""What is said, once per archive, of records that gave no text."""


class _DamagedError(Exception):
    """A record that cannot be read; the message says why."""


class _PackedError(Exception):
    """A body in an encoding that is not read; the message names it."""


class _TooLargeError(Exception):
    """A record, or what it inflates to, is over the limit."""


def records(path: Path, place: str, settings: ReadSettings) -> Iterator[Record | ReadError]:
    """The pages of a web archive, one in memory at a time.

    Yields:
        a record for each page with text, then one ReadError for each kind of thing that was left out:
        ``no_page`` and ``page_without_text`` lose nothing; ``damaged_record``, ``too_large``,
        ``content_encoding`` and ``not_text`` do.

    Raises:
        ReadError: there is no page with text in it, and nothing that tells why.
    """
    limit = settings.max_megabytes * 1_000_000
    left = _LeftOut(place, settings.max_megabytes)
    pages = 0
    with path.open("rb") as file:
        for capture in _captures(_Stream(file, limit), limit, left):
            if record := _record(capture, place, limit, left):
                pages += 1
                yield record
    if not pages and not left.lost:
        told = left.message("no_page") or f"{place}: there is no record in it"
        raise ReadError("empty", f"{told}; an archive is read for its pages (HTML, plain text)", place)
    yield from left.issues()


class _LeftOut:
    """Counts what gave no record, and keeps the first few of each kind to name."""

    def __init__(self, place: str, megabytes: int) -> None:
        self._place, self._megabytes = place, megabytes
        self._counts: Counter[str] = Counter()
        self._examples: dict[str, list[str]] = {}
        self._kinds: Counter[str] = Counter()

    @property
    def lost(self) -> bool:
        """Whether anything is to be told but pages that are none."""
        return any(code != "no_page" for code in self._counts)

    def add(self, code: str, what: str, *, first: bool = False) -> None:
        """Count one of ``code``; ``first``: it is named before the others."""
        self._counts[code] += 1
        if code == "no_page":
            self._kinds[what] += 1
        elif first:
            self._examples.setdefault(code, []).insert(0, what)
        elif len(examples := self._examples.setdefault(code, [])) < _EXAMPLES:
            examples.append(what)

    def message(self, code: str) -> str:
        """The sentence for ``code``; empty if nothing of the kind was met."""
        if not (count := self._counts[code]):
            return ""
        words = {"records": "record" if count == 1 else "records", "are": "is" if count == 1 else "are"}
        told = _TOLD[code].format(count=count, limit=self._megabytes, **words)
        examples = self._examples.get(code, [])
        if code == "no_page":
            kinds = sorted(self._kinds.items(), key=lambda kind: (-kind[1], kind[0]))
            examples = [f"{number} {kind}" for kind, number in kinds[:5]]
            more = sum(number for _, number in kinds[5:])
        else:
            more = count - len(examples)
        return storable(f"{self._place}: {told} ({'; '.join(examples)}{f'; and {more} more' if more else ''})")

    def issues(self) -> Iterator[ReadError]:
        for code in _TOLD:
            if message := self.message(code):
                yield ReadError(code, message, self._place)


@dataclasses.dataclass(frozen=True)
class _Capture:
    """One answer as it was kept: headers by name in small letters, and the bytes after them."""

    url: str
    identifier: str
    mime: str
    charset: str
    coding: tuple[str, ...]
    chunked: bool
    truncated: str
    payload: bytes


class _Stream:
    """The bytes of an archive in order, inflated where they are gzip; reading stops where a gzip member ends.

    What was read since ``mark`` can be read again, unless it is more than ``limit`` bytes.
    """

    def __init__(self, file: BinaryIO, limit: int) -> None:
        self._file, self._limit = file, limit
        self._gzip = file.read(len(_GZIP)) == _GZIP
        file.seek(0)
        self._inflater: Any = None
        self._began = -1
        self._buffer = bytearray()
        self._at = 0
        self._marked = False
        self._header_left = _HEADER_BYTES
        self._size = 0
        self.gap = False
        self.damage = ""
        """Why the member ended before its end; empty if it did not."""

    def next_member(self) -> bool:
        """Go to the next gzip member, or to the start of a plain file; False when there is none.

        After a damaged member that is the next one that begins a record. ``gap`` says whether bytes that are
        no gzip lay between.
        """
        if not self._gzip:
            self._began += 1
            return self._began == 0
        self.gap = False
        if self.damage == _BOMB:
            return False
        at = 0
        if self._inflater is not None and self._inflater.eof:
            at = self._file.tell() - len(self._inflater.unused_data)
        elif self._inflater is not None:
            at = self._began + 1
        self._file.seek(at)
        ahead = self._file.read(_BLOCK)
        if not ahead.startswith(_GZIP):
            self.gap = not self.damage and bool(ahead.strip(b"\x00\r\n "))
            found = self._find_member(at)
            at = found if found is not None else self._file.seek(0, io.SEEK_END)
        self._file.seek(at)
        self._began, self._inflater = at, zlib.decompressobj(31)
        self._buffer.clear()
        self._at, self._marked, self.damage = 0, False, ""
        more = bool(self._file.read(1))
        self._file.seek(at)
        return more

    def _find_member(self, at: int) -> int | None:
        """Where, from ``at`` on, the next gzip member lies that begins with a WARC record."""
        self._file.seek(at)
        kept = b""
        trials = 0
        while data := self._file.read(_BLOCK):
            window = kept + data
            here = -1
            while (here := window.find(_GZIP, here + 1)) >= 0:
                trials += 1
                if trials > _TRIALS:
                    return None
                start = self._file.tell() - len(window) + here
                end = self._file.tell()
                self._file.seek(start)
                with suppress(zlib.error):
                    if zlib.decompressobj(31).decompress(self._file.read(4096), 5) == b"WARC/":
                        return start
                self._file.seek(end)
            kept = window[-len(_GZIP) + 1 :]
        return None

    def _more(self) -> bool:
        """Take in the next block; False at the end of the member."""
        if self._marked and self._at > self._limit:
            self._marked = False
        if not self._marked and self._at:
            del self._buffer[: self._at]
            self._at = 0
        data = self._inflated() if self._gzip else self._file.read(_BLOCK)
        self._buffer += data
        return bool(data)

    def _inflated(self) -> bytes:
        while not self._inflater.eof and not self.damage:
            packed = self._inflater.unconsumed_tail or self._file.read(_BLOCK)
            try:
                data: bytes = self._inflater.decompress(packed, _BLOCK)
            except zlib.error as error:
                self.damage = f"its gzip data are broken, with all that follows in the same stream ({error})"
                break
            self._size += len(data)
            if self._size > _FREE and self._size > _RATIO * self._file.tell():
                self.damage = _BOMB
                break
            if data:
                return data
            if not packed and not self._inflater.eof:
                self.damage = "the file ends in the middle of it"
        return b""

    def read(self, size: int) -> bytes:
        """At least one and at most ``size`` bytes; none at the end of the member."""
        if self._at == len(self._buffer) and not self._more():
            return b""
        data = bytes(self._buffer[self._at : self._at + size])
        self._at += len(data)
        return data

    def readline(self, size: int = _HEADER_BYTES) -> bytes:
        """The next line with its end, at most ``size`` bytes; only for headers.

        Raises:
            _DamagedError: the header is longer than any real one.
        """
        line = self._line(min(size, _HEADER_BYTES))
        self._header_left -= len(line)
        if self._header_left < 0:
            raise _DamagedError("its header does not end")
        return line

    def tell(self) -> int:
        """Bytes read since the mark; warcio asks where a record without length begins."""
        return self._at

    def _line(self, size: int) -> bytes:
        searched = 0
        while (end := self._buffer.find(b"\n", self._at + searched, self._at + size)) < 0:
            searched = len(self._buffer) - self._at
            if searched >= size or not self._more():
                return self.read(size) if searched else b""
        return self.read(end + 1 - self._at)

    def mark(self) -> None:
        """Remember this point for ``next_start``; a record's header begins here."""
        del self._buffer[: self._at]
        self._at, self._marked, self._header_left = 0, True, _HEADER_BYTES

    def at_record(self) -> bool:
        """Skip blank lines; whether a record begins here, or the member ends."""
        while self._at < len(self._buffer) or self._more():
            self._at = _BLANK.match(self._buffer, self._at).end()  # type: ignore[union-attr]  # matches the empty string
            if self._at < len(self._buffer):
                break
        return self.ended() or self._buffer.startswith(b"WARC/", self._at) or self._begins_in_next_block()

    def _begins_in_next_block(self) -> bool:
        short = b"WARC/".startswith(bytes(self._buffer[self._at : self._at + 5]))
        return short and self._more() and self._buffer.startswith(b"WARC/", self._at)

    def ended(self) -> bool:
        """Whether the member has no bytes left."""
        return self._at == len(self._buffer) and not self._more()

    def next_start(self, *, again: bool) -> None:
        """Go to the next line that begins a record, in this member; ``again``: from the mark on, if it is held."""
        if again and self._marked:
            self._at = 0
            self._line(_BLOCK)
        self._marked = False
        fresh = True
        while line := self._line(_BLOCK):
            if fresh and _START.match(line):
                self._at -= len(line)
                return
            fresh = line.endswith(b"\n")
            if self._at > _BLOCK:
                del self._buffer[: self._at]
                self._at = 0


def _captures(stream: _Stream, limit: int, left: _LeftOut) -> Iterator[_Capture]:
    """The captures whose bytes are whole, in order; the others go to ``left``."""
    loader = ArcWarcRecordLoader(verify_http=False)
    rereads = _REREADS * limit
    while stream.next_member():
        if stream.gap:
            left.add("damaged_record", "between two records: bytes that are no gzip")
        stream.at_record()
        told = False
        while not stream.ended():
            stream.mark()
            name = "a record without header"
            try:
                record = loader.parse_record_stream(stream, known_format="warc")
                name = _header(record, "WARC-Target-URI") or _header(record, "WARC-Record-ID") or "a record"
                capture, why = _capture(record, limit)
                _check_end(record, stream)
            except Exception as error:  # a broken header takes warcio anywhere
                left.add("damaged_record", f"{name}: {_reason(error, stream)}")
                told = True
                rereads -= stream.tell()
                stream.next_start(again=rereads > 0)
                if rereads <= 0 and stream.ended():
                    why = "too many records of wrong length: what stood behind them is missing"
                    left.add("damaged_record", why, first=True)
                continue
            if capture is not None:
                yield capture
            elif why:
                left.add("too_large" if why == "too large" else "no_page", name if why == "too large" else why)
        if stream.damage and not told:
            left.add("damaged_record", f"a record without header: {stream.damage}")
    if stream.gap:
        left.add("damaged_record", "at the end: bytes that are no gzip")


def _check_end(record: Any, stream: _Stream) -> None:
    """Go on to the next record after one that was read to its end.

    Raises:
        _DamagedError: the record does not end where it says.
    """
    if record.raw_stream.limit:
        raise _DamagedError("the file ends in the middle of it")
    if not stream.at_record():
        raise _DamagedError("its Content-Length is wrong")
    if stream.damage:
        raise _DamagedError(stream.damage)


def _reason(error: Exception, stream: _Stream) -> str:
    if stream.damage:
        return stream.damage
    return str(error) if isinstance(error, _DamagedError) else "its header is no WARC header"


def _header(record: Any, name: str) -> str:
    return (record.rec_headers.get_header(name) or "").strip()


def _capture(record: Any, limit: int) -> tuple[_Capture | None, str]:
    """Read a record to its end: the capture, or why it is none (empty where that needs no words).

    Raises:
        _DamagedError: nothing says how long the record is.
    """
    if not re.fullmatch(r"[0-9]{1,18}", _header(record, "Content-Length")):
        raise _DamagedError("it does not say its length")
    head = _wanted(record)
    parts: list[bytes] = []
    size = 0
    while data := record.raw_stream.read(_BLOCK):
        size += len(data)
        if isinstance(head, _Capture) and size <= limit:
            parts.append(data)
    if not isinstance(head, _Capture):
        return None, head
    if size > limit:
        return None, "too large"
    payload = b"".join(parts)
    if not head.mime:
        if not _looks_like_page(payload):
            return None, "of unknown type"
        head = dataclasses.replace(head, mime="text/html")
    return dataclasses.replace(head, payload=payload), ""


def _wanted(record: Any) -> _Capture | str:
    """What the headers say of a capture that may be a page; else in a word or two why it is none."""
    kind = _header(record, "WARC-Type").lower()
    if kind in _WITHOUT_PAYLOAD:
        return ""
    if kind not in _CAPTURES:
        return "revisit (it points to another capture)" if kind == "revisit" else f"of kind {kind[:40] or 'unknown'}"
    url = _header(record, "WARC-Target-URI")
    if not re.match(r"(?i)(?:https?|file|ftp):", url):
        return f"of {url.partition(':')[0][:40] or 'no address'}"
    http = record.http_headers
    if http is not None and (not (status := http.get_statuscode()).startswith("2") or status == "206"):
        return f"with status {status[:10] or 'unknown'}"

    def answered(name: str) -> str:
        return (http.get_header(name) or "").strip() if http is not None else ""

    content = answered("Content-Type") if http is not None else record.content_type or ""
    mime = content.partition(";")[0].strip().lower()
    if mime and mime not in _HTML and mime != "text/plain":
        return mime[:60]
    if mime == "text/plain" and _NO_ARTICLE.search(re.split(r"[?#]", url, maxsplit=1)[0].lower()):
        return "plain text for machines"
    charset = re.search(r"(?i)charset\s*=\s*[\"']?([^\s;\"']+)", content)
    return _Capture(
        url=url,
        identifier=_identifier(record, url),
        mime=mime,
        charset=charset[1] if charset else "",
        coding=tuple(c.strip() for c in answered("Content-Encoding").lower().split(",") if c.strip()),
        chunked="chunked" in answered("Transfer-Encoding").lower(),
        truncated=_header(record, "WARC-Truncated"),
        payload=b"",
    )


def _identifier(record: Any, url: str) -> str:
    """Second of capture and address, as web archives name a capture."""
    second = re.sub(r"\D", "", _header(record, "WARC-Date"))[:14]
    return f"{second}/{url}" if second else url


def _looks_like_page(payload: bytes) -> bool:
    return bool(
        re.match(rb"(?i)(?:\xef\xbb\xbf)?\s*(?:<!--.{0,2000}?-->\s*)?<(?:!doctype html|html)\b", payload[:4096])
    )


def _record(capture: _Capture, place: str, limit: int, left: _LeftOut) -> Record | None:
    """The record of one capture, or None when ``left`` was told why there is none."""
    where = storable(f"{place}#{capture.identifier}")
    cut = capture.truncated
    try:
        body = capture.payload
        if capture.chunked:
            body, whole = _dechunked(body)
            cut = cut or ("" if whole else "its last chunk is missing")
        for coding in reversed(capture.coding):
            body, whole = _unpacked(body, coding, limit)
            cut = cut or ("" if whole else "its packed data end early")
        page = capture.mime in _HTML or _looks_like_page(body)
        decoded = decode_declared(body, where, [capture.charset, *(charset_in_page(body) if page else ())])
        if page:
            record = page_record(decoded.text, where, "warc")
        elif decoded.text.strip("\ufeff \t\r\n\x00"):
            record = Record(where, "warc", "", storable(decoded.text))
        else:
            left.add("page_without_text", capture.url)
            return None
    except _TooLargeError:
        left.add("too_large", capture.url)
    except _PackedError as error:
        left.add("content_encoding", f"{capture.url}: {error}")
    except _DamagedError as error:
        left.add("damaged_record", f"{capture.url}: {error}")
    except ReadError as error:
        left.add("not_text" if error.code == "not_text" else "page_without_text", capture.url)
    except Exception as error:  # one page, whatever is in it, must not cost the others
        left.add("damaged_record", f"{capture.url}: {type(error).__name__}: {str(error)[:100]}")
    else:
        notes = [*decoded.notes, *record.notes]
        if cut:
            notes.append(("page_cut_off", storable(f"the archive holds only the first part of the page ({cut})")))
        url = {"url": storable(capture.url)} if re.match(r"(?i)https?:", capture.url) else {}
        given = {**url, **record.given}
        return dataclasses.replace(record, encoding=decoded.encoding, given=given, notes=tuple(notes))
    return None


def _dechunked(body: bytes) -> tuple[bytes, bool]:
    """A body without the lengths of its chunks, and whether all chunks are there.

    Crawlers that join the chunks often keep the header: what has no first length is taken as it is.
    """
    parts: list[bytes] = []
    at = 0
    while True:
        length = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,1000})?\r?\n").match(body, at)
        if length is None:
            return (b"".join(parts), False) if at else (body, True)
        size = int(length[1], 16)
        if not size:
            return b"".join(parts), True
        parts.append(body[length.end() : length.end() + size])
        if length.end() + size > len(body):
            return b"".join(parts), False
        at = length.end() + size
        at += 2 if body.startswith(b"\r\n", at) else 1 if body.startswith(b"\n", at) else 0


def _unpacked(body: bytes, coding: str, limit: int) -> tuple[bytes, bool]:
    """A body without its content encoding, and whether its data came to their end.

    Crawlers that unpack often keep the header: what does not look packed is taken as it is.

    Raises:
        _TooLargeError: it inflates to more than ``limit`` bytes.
        _PackedError: it is packed in a way that is not read.
        _DamagedError: the data are broken.
    """
    if coding in {"identity", "none", "utf-8"} or not body:
        return body, True
    if coding in {"gzip", "x-gzip"}:
        return _inflate(body, 31, limit) if body.startswith(_GZIP) else (body, True)
    if coding == "deflate":
        zlib_header = body[0] & 0x0F == 8 and len(body) > 1 and int.from_bytes(body[:2]) % 31 == 0
        if not zlib_header and _is_text(body):
            return body, True
        return _inflate(body, 15 if zlib_header else -15, limit)
    if _is_text(body):
        return body, True
    raise _PackedError(f"packed as {coding[:20]}")


def _is_text(body: bytes) -> bool:
    try:
        return "\x00" not in body.decode("utf-8")
    except UnicodeDecodeError:
        return False


def _inflate(body: bytes, bits: int, limit: int) -> tuple[bytes, bool]:
    parts: list[bytes] = []
    size = 0
    for _ in range(_MEMBERS):
        inflater = zlib.decompressobj(bits)
        try:
            data = inflater.decompress(body, limit - size + 1)
        except zlib.error as error:
            raise _DamagedError(f"its data are broken ({error})") from error
        parts.append(data)
        size += len(data)
        if size > limit:
            raise _TooLargeError
        if not inflater.eof:
            return b"".join(parts), False
        body = inflater.unused_data
        if bits != 31 or not body.startswith(_GZIP):
            return b"".join(parts), True
    raise _DamagedError("its data are broken (too many parts)")
