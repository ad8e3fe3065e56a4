"""Mail and saved pages (``.eml``, ``.mht``, ``.mhtml``) -> records.

A saved page is its root HTML part. A mail is its text: the plain part where it carries the words of the HTML part,
else the HTML part; a mail that is attached to another is a record of its own. What is quoted in a mail stays as it
stands.

The subject is the title. Nothing else of a header is said of the article: the sender of a mail has not written what it
forwards, and the day on which it was sent, told in a note, need not be the day of publication.

Headers are read with the parser's older, lenient policy: the newer one understands a header before it gives it out and
raises on many that real mail programs write. One file, because a saved page is a mail: both are parts in parts, under
headers that must be mended, in encodings that may be named wrongly.
"""

from __future__ import annotations

import codecs
import dataclasses
import email
import email.errors
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from email.header import decode_header
from email.message import Message
from email.utils import parsedate_to_datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import ReadError
from pipeline.ids import article_id
from pipeline.read.decode import charset_in_page, decode_declared
from pipeline.read.formats import bounded
from pipeline.read.html import page_text
from pipeline.read.page import page_record
from pipeline.read.record import Record, storable

if TYPE_CHECKING:
    from pipeline.settings import ReadSettings

_MAX_DEPTH = 30
"""Parts inside parts; real mail has five or six."""
_MAX_MAILS = 5
"""Mails attached to attached mails."""
_MAX_PARTS = 5_000
_MAX_HEADER = 10_000
"""Characters of a header that are read: no title is longer, and the time to read encoded words grows with the square."""
_LEAST_SHARE = 0.5
"""Share of the HTML part's words from which the plain part is the text; a stub ("read this in your browser") has few."""
_EXAMPLES = 3
_HEADER_NAMES = re.compile(
    rb"(?im)^(?:from|to|cc|subject|date|sender|received|return-path|reply-to|delivered-to|message-id|mime-version"
    rb"|content-(?:type|transfer-encoding|location)|snapshot-content-location|x-[a-z0-9-]+)[ \t]*:"
)
_FIELD = re.compile(rb"[!-9;-~]+[ \t]*:|[ \t]")
_REPLY = re.compile(r"(?i)^(?:(?:re|fwd?|aw|wg)(?:\[\d+\])?\s*:\s*)+")
_BOUNDARY = re.compile(rb"(?im)\bboundary[ \t]*=[ \t]*[\"']?([^\"'\s;]{1,200})|^--([^\s]{1,200})")


def records(path: Path, place: str, settings: ReadSettings) -> Iterator[Record | ReadError]:
    """The text of a mail or saved page, and of the mails attached to it.

    Yields:
        the mail itself at ``place``, an attached one at ``place#message-id``; a ReadError for what is
        nested too deep.

    Raises:
        ReadError: the file is too large, or no text is in it.
    """
    data = bounded(path, place, settings)
    if not data.strip(b"\xef\xbb\xbf \t\r\n\x00"):
        raise ReadError("empty", f"{place}: there is no text in it; remove it or save it again", place)
    message = _parsed(data, place)
    if path.suffix.lower() != ".eml":
        yield _saved_page(message, place)
        return
    found = 0
    for record in _mails(message, place, place, 0):
        found += 1
        yield record
    if not found:
        held = ", ".join(sorted({part.get_content_type() for part in message.walk() if not part.is_multipart()}))
        raise ReadError(
            "no_text",
            f"{place}: no part of the mail holds text (parts: {held}); save what is attached as a file",
            place,
        )


class _Part(Message):
    """A part whose parameters are there or not, but never an error."""

    def get_param(self, *args: Any, **named: Any) -> Any:
        """As its parent's; what the standard library cannot put together is as good as not given."""
        try:
            return super().get_param(*args, **named)
        except (TypeError, ValueError, LookupError):
            return args[1] if len(args) > 1 else named.get("failobj")

    def get_content_charset(self, *args: Any, **named: Any) -> Any:
        """As its parent's, or none."""
        try:
            return super().get_content_charset(*args, **named)
        except ValueError:
            return None


# --- parsing -------------------------------------------------------------------------------------------------


def _parsed(data: bytes, place: str) -> Message:
    """The message in ``data``; what has no mail header is all text.

    Raises:
        ReadError: it has more parts, or deeper ones, than any mail.
    """
    parts, depth = _extent(data)
    if parts > _MAX_PARTS or depth > 2 * _MAX_DEPTH:
        what = f"{parts} parts are more than any mail has" if parts > _MAX_PARTS else "its parts are nested too deep"
        raise ReadError("too_many_parts", f"{place}: {what}; save its articles one by one", place)
    return email.message_from_bytes(_mended(data), _class=_Part)


def _extent(data: bytes) -> tuple[int, int]:
    """About how many parts ``data`` has and how deep they are nested, without parsing it.

    The parser holds every part, and compares every line with the boundary of every part around it.
    """
    inside: list[bytes] = []
    parts = depth = 0
    for match in _BOUNDARY.finditer(data):
        if match[1]:
            inside.append(match[1])
            depth = max(depth, len(inside))
            if depth > 2 * _MAX_DEPTH:
                break
        elif (mark := match[2]) in inside or (mark := mark.removesuffix(b"--")) in inside:
            parts += 1
            del inside[inside.index(mark) + 1 :]
    return parts, depth


def _mended(data: bytes) -> bytes:
    """``data`` with a header that the parser reads to its end.

    The parser takes the first line that is no field for the start of the text, and the fields after it for text.
    """
    data = data.removeprefix(codecs.BOM_UTF8).lstrip(b"\r\n")
    blank = re.search(rb"\r?\n[ \t]*\r?\n", data)
    end = blank.start() if blank else len(data)
    head = data[:end]
    if not _HEADER_NAMES.search(head) or not (_FIELD.match(head) or head.startswith((b"From ", b">From "))):
        return b"\n" + data
    lines = head.split(b"\n")
    if lines[0].startswith((b"From ", b">From ")):
        del lines[0]
    mended = [line if _FIELD.match(line) else b" " + line for line in lines]
    return b"\n".join(mended) + data[end:]


def _header(message: Message, name: str) -> str:
    """A header as a person reads it, on one line; empty if there is none."""
    raw = next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), "")[:_MAX_HEADER]
    text = _decoded(raw.encode("utf-8", "surrogateescape"), "")
    if "=?" in text:
        with suppress(ValueError, LookupError, email.errors.MessageError):
            text = "".join(_word(part, charset) for part, charset in decode_header(text))
    return storable(" ".join(text.split()))


def _word(part: bytes | str, charset: str | None) -> str:
    """A part of a header as the standard library parts it: in bytes where another part has a charset."""
    if isinstance(part, str):
        return part
    return _decoded(part, charset) if charset else part.decode("raw-unicode-escape", "replace")


def _decoded(data: bytes, charset: str) -> str:
    """A few words, too few to tell their encoding by: Windows-1252 where they are neither UTF-8 nor what they say."""
    try:
        return decode_declared(data, "", [charset, "cp1252"]).text
    except ReadError:
        return data.decode("utf-8", "replace")


# --- bodies --------------------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class _Piece:
    """One text of a mail, decoded."""

    text: str
    html: bool
    encoding: str
    notes: tuple[tuple[str, str], ...] = ()

    @cached_property
    def shown(self) -> str:
        """What a reader sees of it."""
        return page_text(self.text) if self.html else self.text


@dataclasses.dataclass
class _Body:
    """What was found in one mail on the way through its parts."""

    place: str
    pieces: list[_Piece] = dataclasses.field(default_factory=list)
    attached: list[str] = dataclasses.field(default_factory=list)
    mails: list[Message] = dataclasses.field(default_factory=list)
    deep: bool = False


def _mails(message: Message, place: str, here: str, depth: int) -> Iterator[Record | ReadError]:
    """The record of one mail, if it has text, and those of the mails attached to it."""
    body = _Body(here)
    body.pieces = _pieces(message, body, 0)
    if record := _mail_record(message, body):
        yield record
    if body.deep or (body.mails and depth >= _MAX_MAILS):
        yield ReadError(
            "nested_too_deep", f"{here}: mail inside mail is read {_MAX_MAILS} deep; save the rest by itself", place
        )
        return
    for mail in body.mails:
        yield from _mails(mail, place, f"{place}#{_identifier(mail)}", depth + 1)


def _identifier(mail: Message) -> str:
    """The id that a mail bears, or one made of its words; never its position."""
    named = _header(mail, "Message-ID").strip("<> ")
    body = _Body("")
    return named or article_id("\n".join(piece.text for piece in _pieces(mail, body, 0)))


def _mail_record(message: Message, body: _Body) -> Record | None:
    pieces = [piece for piece in body.pieces if _words(piece.shown)]
    if not pieces:
        return None
    notes: list[tuple[str, str]] = [note for piece in pieces for note in piece.notes]
    if len(pieces) == 1 and pieces[0].html:
        record = page_record(pieces[0].text, body.place, "eml")
    else:
        text = "\n\n".join(piece.shown.strip("\r\n") if len(pieces) > 1 else piece.shown for piece in pieces)
        record = Record(body.place, "eml", "", storable(text))
    given = dict(record.given)
    if title := _REPLY.sub("", _header(message, "Subject")):
        given["title"] = title
    if "published" not in given and (sent := _sent(message)):
        notes.append(("mail_sent", f"the mail was sent on {sent}; that is not taken for the day of publication"))
    if body.attached:
        names = sorted(body.attached)
        more = f" and {len(names) - _EXAMPLES} more" if len(names) > _EXAMPLES else ""
        told = f"{len(names)} attached file(s) are not read ({', '.join(names[:_EXAMPLES])}{more}); save what is an article"
        notes.append(("attachments_ignored", storable(told)))
    return dataclasses.replace(
        record, given=given, encoding=pieces[0].encoding, notes=(*record.notes, *dict.fromkeys(notes))
    )


def _sent(message: Message) -> str:
    """The day on which a mail was sent, in its sender's time zone, ISO 8601; empty if no header says it."""
    try:
        return parsedate_to_datetime(_header(message, "Date")).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""


def _pieces(part: Message, body: _Body, depth: int) -> list[_Piece]:
    """The texts of a part in order; attached files and mails go to ``body``."""
    kind = part.get_content_type()
    if depth > _MAX_DEPTH:
        body.deep = True
        return []
    if kind in {"message/rfc822", "message/global"}:
        body.mails.extend(_attached_mail(part))
        return []
    if part.get_content_maintype() == "multipart":
        parts = _parts(part)
        if kind == "multipart/related":
            root = _root(part, parts)
            # What hangs on the root is its pictures; a file that is marked as attached is told all the same.
            others = [p for p in parts if p is not root and p.get_content_disposition() == "attachment"]
            found = _pieces(root, body, depth + 1) if root is not None else []
            return found + [piece for other in others for piece in _pieces(other, body, depth + 1)]
        each = [_pieces(one, body, depth + 1) for one in parts]
        if kind == "multipart/alternative":
            return _chosen(each)
        return [piece for pieces in each for piece in pieces]
    if kind in {"text/plain", "text/html"} and not _is_file(part):
        return _text_piece(part, body)
    if kind not in {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}:
        name = part.get_filename()
        body.attached.append(_decoded_name(name) if name else kind)
    return []


def _decoded_name(name: str) -> str:
    carrier = _Part()
    carrier["name"] = name
    return _header(carrier, "name")[:80]


def _is_file(part: Message) -> bool:
    return part.get_content_disposition() == "attachment"


def _text_piece(part: Message, body: _Body) -> list[_Piece]:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes) or not data.strip():
        return []
    html = part.get_content_type() == "text/html"
    charset = part.get_content_charset() or ""
    try:
        decoded = decode_declared(data, body.place, [charset, *(charset_in_page(data) if html else ())])
    except ReadError:
        body.attached.append("a text in no known encoding")
        return []
    text = decoded.text
    if not html and str(part.get_param("format", "")).lower() == "flowed":
        text = _unflowed(text, delete=str(part.get_param("delsp", "")).lower() == "yes")
    return [_Piece(text, html, decoded.encoding, decoded.notes)]


def _unflowed(text: str, *, delete: bool) -> str:
    """Text of ``format=flowed`` (RFC 3676) with the lines joined that its program broke; quoted lines stay.

    ``delete``: the space before a break stands for nothing (``delsp=yes``).
    """
    joined: list[str] = []
    open_line = False
    for line in text.splitlines(keepends=True):
        words = line.rstrip("\r\n")
        end = line[len(words) :]
        quoted, signature = words.startswith(">"), words == "-- "
        if open_line and (quoted or signature):
            joined.append("\n")
        flows = words.endswith(" ") and bool(end) and not quoted and not signature
        words = words.removeprefix(" ")
        joined.append((words[:-1] if delete else words) if flows else words + end)
        open_line = flows
    return "".join(joined)


def _chosen(alternatives: Sequence[list[_Piece]]) -> list[_Piece]:
    """The plain alternative if it has the words of the HTML one, else the HTML one."""
    filled = [pieces for pieces in alternatives if any(_words(piece.shown) for piece in pieces)]
    plain = [pieces for pieces in filled if not any(piece.html for piece in pieces)]
    html = [pieces for pieces in filled if any(piece.html for piece in pieces)]
    if not plain or not html:
        return (plain or html or [[]])[-1]
    words = [sum(_words(piece.shown) for piece in pieces) for pieces in (plain[-1], html[-1])]
    return plain[-1] if words[0] >= _LEAST_SHARE * words[1] else html[-1]


def _words(text: str) -> int:
    """Words, addresses of links left out."""
    return len(re.findall(r"[^\W\d_]{2,}", re.sub(r"\b(?:https?://|www\.)\S+", " ", text)))


def _parts(part: Message) -> list[Message]:
    """The parts of a multipart part; where its boundary is not the one it names, the one that stands in it."""
    if part.is_multipart():
        return _held(part)
    held = part.get_payload()
    if not isinstance(held, str):
        return []
    boundary = re.search(r"(?m)^--(\S{1,200}?)[ \t]*\r?\n(?=[A-Za-z-]+[ \t]*:)", held)
    if boundary:
        head = f'Content-Type: multipart/mixed; boundary="{boundary[1]}"\n\n'
        again = email.message_from_bytes((head + held).encode("utf-8", "surrogateescape"), _class=_Part)
        if again.is_multipart():
            return _held(again)
    text = _Part()
    text.set_payload(held)
    return [text]


def _held(part: Message) -> list[Message]:
    held = part.get_payload()
    return [one for one in held if isinstance(one, Message)] if isinstance(held, list) else []


def _attached_mail(part: Message) -> list[Message]:
    """The mail in a part that holds one, also where its program packed it in base64, which no rule allows."""
    mails = _held(part)
    packed = str(part.get("Content-Transfer-Encoding", "")).strip().lower() == "base64"
    if packed and len(mails) == 1 and not mails[0].keys():
        carrier = _Part()
        carrier["Content-Transfer-Encoding"] = "base64"
        carrier.set_payload(mails[0].get_payload())
        data = carrier.get_payload(decode=True)
        return [email.message_from_bytes(_mended(data), _class=_Part)] if isinstance(data, bytes) else []
    return mails


# --- saved pages ---------------------------------------------------------------------------------------------


def _root(part: Message, parts: Sequence[Message]) -> Message | None:
    """The part of ``multipart/related`` that the others belong to: the one it names, else the first with a page."""
    start = str(part.get_param("start", "")).strip("<> ")
    named = [one for one in parts if start and _header(one, "Content-ID").strip("<> ") == start]
    pages = [one for one in parts if one.get_content_maintype() == "multipart" or one.get_content_type() == "text/html"]
    texts = [one for one in parts if one.get_content_maintype() == "text"]
    return next(iter([*named, *pages, *texts]), None)


def _saved_page(message: Message, place: str) -> Record:
    """The record of a page that a browser saved with all that belongs to it.

    Raises:
        ReadError: no part of it is a page, or the page shows no text.
    """
    leaf, address = _page_part(message, 0)
    body = _Body(place)
    pieces = _text_piece(leaf, body) if leaf is not None else []
    if not pieces or leaf is None:
        raise ReadError("no_text", f"{place}: no part of it is a page with text; save the page again", place)
    piece = pieces[0]
    if piece.html:
        record = page_record(piece.text, place, "mhtml")
    else:
        if not piece.text.strip():
            raise ReadError("empty", f"{place}: there is no text in it; remove it or save it again", place)
        record = Record(place, "mhtml", "", storable(piece.text))
    given = dict(record.given)
    for url in (_header(message, "Snapshot-Content-Location"), _header(leaf, "Content-Location"), address):
        if re.match(r"(?i)https?://", url):
            given.setdefault("url", url)
    if title := _header(message, "Subject"):
        given.setdefault("title", title)
    return dataclasses.replace(record, given=given, encoding=piece.encoding, notes=(*piece.notes, *record.notes))


def _page_part(part: Message, depth: int) -> tuple[Message | None, str]:
    """The part that holds the page, and the address that a part around it gives."""
    if part.get_content_maintype() != "multipart":
        return (part if part.get_content_type() in {"text/html", "text/plain"} else None), ""
    parts = _parts(part)
    ordered = [root] if (root := _root(part, parts)) is not None else []
    ordered += [one for one in parts if one is not root]
    fallback: tuple[Message | None, str] = (None, "")
    for one in ordered if depth < _MAX_DEPTH else []:
        leaf, address = _page_part(one, depth + 1)
        if leaf is not None:
            found = (leaf, address or _header(one, "Content-Location") or _header(part, "Content-Location"))
            if leaf.get_content_type() == "text/html":
                return found
            fallback = fallback if fallback[0] is not None else found
    return fallback
