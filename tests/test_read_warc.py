"""Web archives: which records are pages, how they are named and decoded, and what damage costs."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("warcio")

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline.errors import ReadError
from pipeline.read import read_corpus
from pipeline.read.record import Record
from pipeline.read.warc import records
from pipeline.settings import ReadSettings

URL = "https://paper.example/story"
SECOND = "20230401093000"
STORY = "<html><head><title>A bridge closes</title></head><body><p>The bridge at Halm was closed, said Ana Bel.</p></body></html>"
WORDS = "The bridge at Halm was closed, said Ana Bel."


def block(
    body: bytes | str = STORY,
    url: str = URL,
    *,
    status: str = "200 OK",
    mime: str = "text/html; charset=utf-8",
    kind: str = "response",
    date: str = "2023-04-01T09:30:00Z",
    http: str = "",
    warc: str = "",
    length: int | None = None,
) -> bytes:
    """One record of an archive, uncompressed; ``http`` and ``warc`` are more header lines, ``length`` a wrong one."""
    body = body.encode() if isinstance(body, str) else body
    answer = kind in {"response", "revisit"}
    head = f"HTTP/1.1 {status}\r\nContent-Type: {mime}\r\n{http}\r\n".encode() if answer else b""
    content = "application/http; msgtype=response" if answer else mime
    size = len(head) + len(body) if length is None else length
    top = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: {date}\r\n"
        f"WARC-Target-URI: {url}\r\nContent-Type: {content}\r\n{warc}Content-Length: {size}\r\n\r\n"
    )
    return top.encode() + head + body + b"\r\n\r\n"


def page(number: int) -> bytes:
    return block(f"<html><body><p>Report number {number} from Halm.</p></body></html>", f"{URL}/{number}")


def read(folder: Path, data: bytes, name: str = "a.warc", megabytes: int = 1) -> tuple[list[Record], list[ReadError]]:
    path = folder / name
    path.write_bytes(data)
    found = list(records(path, name, ReadSettings(max_megabytes=megabytes)))
    return [x for x in found if isinstance(x, Record)], [x for x in found if isinstance(x, ReadError)]


def texts(found: list[Record]) -> list[str]:
    return [record.raw_text for record in found]


PACKINGS: dict[str, Callable[[list[bytes]], bytes]] = {
    "plain": b"".join,
    "a gzip member for each record": lambda blocks: b"".join(map(gzip.compress, blocks)),
    "one gzip stream": lambda blocks: gzip.compress(b"".join(blocks)),
}


def test_a_page_is_named_by_second_and_address(tmp_path: Path) -> None:
    """Its address is given; the day of the capture is not the day of publication."""
    [record], [] = read(tmp_path, block())
    assert record.place == f"a.warc#{SECOND}/{URL}"
    assert (record.raw_text, record.markup, record.format, record.encoding) == (WORDS, STORY, "warc", "utf-8")
    assert record.given == {"url": URL, "title": "A bridge closes"}


def test_the_address_that_a_page_gives_itself_wins(tmp_path: Path) -> None:
    """A canonical link names the article better than the address that was asked for."""
    own = '<html><head><link rel="canonical" href="https://paper.example/own"></head><body>Words.</body></html>'
    [record], [] = read(tmp_path, block(own, f"{URL}?from=feed"))
    assert record.given["url"] == "https://paper.example/own"


def test_an_archive_that_warcio_wrote(tmp_path: Path) -> None:
    """What the library writes is read, each record with its own name."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    for number in (1, 2):
        head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        body = io.BytesIO(f"<p>Report number {number}.</p>".encode())
        date = {"WARC-Date": f"2023-04-0{number}T09:30:00Z"}
        writer.write_record(writer.create_warc_record(URL, "response", payload=body, http_headers=head, warc_headers_dict=date))  # fmt: skip
    found, told = read(tmp_path, out.getvalue(), "a.warc.gz")
    assert [(x.place, x.raw_text) for x in found] == [
        (f"a.warc.gz#20230401093000/{URL}", "Report number 1."),
        (f"a.warc.gz#20230402093000/{URL}", "Report number 2."),
    ]
    assert not told


@pytest.mark.parametrize("packing", PACKINGS)
def test_all_packings_give_the_same_pages(tmp_path: Path, packing: str) -> None:
    """Uncompressed, a gzip member for each record (as the standard has it), or compressed as a whole."""
    found, told = read(tmp_path, PACKINGS[packing]([page(n) for n in range(50)]))
    assert texts(found) == [f"Report number {n} from Halm." for n in range(50)]
    assert not told


@pytest.mark.parametrize(
    ("record", "why"),
    [
        (block(status="404 Not Found"), "status 404"),
        (block(status="301 Moved"), "status 301"),
        (block(status="206 Partial Content"), "status 206"),
        (block(b"\x89PNG", mime="image/png"), "image/png"),
        (block("{}", mime="application/json"), "application/json"),
        (block("User-agent: *", "https://paper.example/robots.txt", mime="text/plain"), "for machines"),
        (block("var a;", "https://paper.example/a.js?v=1", mime="text/plain"), "for machines"),
        (block(kind="revisit"), "revisit"),
        (block(kind="continuation", mime="text/html"), "continuation"),
        (block("A log.", "metadata://tool.example/log", kind="resource", mime="text/plain"), "metadata"),
        (block("Words without a type", mime=""), "unknown type"),
    ],
)
def test_what_is_no_page_is_counted_once(tmp_path: Path, record: bytes, why: str) -> None:
    """One warning per archive says how many records gave nothing, and of which kinds they are."""
    found, [told] = read(tmp_path, record + page(1) + record)
    assert texts(found) == ["Report number 1 from Halm."]
    assert told.code == "no_page"
    assert "2 records are no page" in str(told)
    assert why in str(told)


def test_requests_and_descriptions_are_not_counted(tmp_path: Path) -> None:
    """Every page has a request beside it, and every archive a description: they need no words."""
    more = [
        block("GET / HTTP/1.1\r\n\r\n", kind="request"),
        block("software: x", kind="warcinfo"),
        block(kind="metadata"),
    ]
    found, told = read(tmp_path, b"".join([more[1], page(1), more[0], more[2]]))
    assert (len(found), told) == (1, [])


@pytest.mark.parametrize(
    ("record", "text"),
    [
        (block("A plain report.", mime="text/plain"), "A plain report."),
        (block(STORY, kind="resource", mime="text/html"), WORDS),
        (block("Converted words.", kind="conversion", mime="text/plain"), "Converted words."),
        (block(STORY, mime=""), WORDS),
        (block(STORY, mime="text/plain"), WORDS),
        (block(STORY, mime="application/xhtml+xml"), WORDS),
        (block(STORY, status="203 Non-Authoritative"), WORDS),
    ],
)
def test_pages_come_as_answers_resources_and_conversions(tmp_path: Path, record: bytes, text: str) -> None:
    """HTML and plain text of any of them; what has no type, or a wrong one, is HTML if it begins as HTML does."""
    [found], [] = read(tmp_path, record)
    assert found.raw_text == text


def chunks(data: bytes, size: int = 17) -> bytes:
    cut = [data[i : i + size] for i in range(0, len(data), size)]
    return b"".join(f"{len(c):x};x=1\r\n".encode() + c + b"\r\n" for c in cut) + b"0\r\n\r\n"


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PAGE = STORY.encode()
CHUNKED = "Transfer-Encoding: chunked\r\n"
BOTH = f"{CHUNKED}Content-Encoding: gzip\r\n"


@pytest.mark.parametrize(
    ("body", "http", "notes"),
    [
        (chunks(PAGE), CHUNKED, []),
        (PAGE, CHUNKED, []),
        (chunks(PAGE).removesuffix(b"0\r\n\r\n"), CHUNKED, ["page_cut_off"]),
        (gzip.compress(PAGE), "Content-Encoding: gzip\r\n", []),
        (gzip.compress(PAGE[:40]) + gzip.compress(PAGE[40:]), "Content-Encoding: x-gzip\r\n", []),
        (PAGE, "Content-Encoding: gzip\r\n", []),
        (zlib.compress(PAGE), "Content-Encoding: deflate\r\n", []),
        (raw_deflate(PAGE), "Content-Encoding: deflate\r\n", []),
        (PAGE, "Content-Encoding: deflate\r\n", []),
        (chunks(gzip.compress(PAGE)), BOTH, []),
        (gzip.compress(PAGE)[:-8], "Content-Encoding: gzip\r\n", ["page_cut_off"]),
        (PAGE, "Content-Encoding: br\r\n", []),
    ],
)
def test_bodies_are_unpacked(tmp_path: Path, body: bytes, http: str, notes: list[str]) -> None:
    """Chunks, gzip and deflate are undone; a body that a crawler undid before is taken as it is."""
    [found], [] = read(tmp_path, block(body, http=http))
    assert found.raw_text == WORDS
    assert [code for code, _ in found.notes] == notes


CAFE = "<html><body><p>The café’s owner, Zoë Bel, said “no”.</p></body></html>"


@pytest.mark.parametrize(
    ("body", "mime", "encoding"),
    [
        (CAFE.encode(), "text/html", "utf-8"),
        (CAFE.encode(), "text/html; charset=ISO-8859-1", "utf-8"),
        (CAFE.encode("cp1252"), 'text/html; charset="iso-8859-1"', "cp1252"),
        (CAFE.encode("cp1252"), "text/html; charset=utf-8", "cp1252"),
        (CAFE.encode("mac-roman"), "text/html;charset=macintosh", "mac-roman"),
        (CAFE.replace("<body>", "<meta charset=macintosh><body>").encode("mac-roman"), "text/html", "mac-roman"),
        (CAFE.encode("utf-16"), "text/html; charset=utf-8", "utf-16"),
        (CAFE.encode("utf-16-le"), "text/html; charset=utf-16le", "utf-16-le"),
        (CAFE.encode(), "text/html; charset=rot13", "utf-8"),
        (CAFE.encode("cp1252"), "text/html; charset=no-such", "cp1252"),
    ],
)
def test_the_encoding_is_what_header_page_and_bytes_agree_on(
    tmp_path: Path, body: bytes, mime: str, encoding: str
) -> None:
    """A byte order mark, then UTF-8 that can be nothing else, then the header, the page's own word, a guess."""
    [found], [] = read(tmp_path, block(body, mime=mime))
    assert found.raw_text == "The café’s owner, Zoë Bel, said “no”."
    assert found.encoding == encoding


def test_a_page_that_the_crawler_cut_off_says_so(tmp_path: Path) -> None:
    """Its text is kept."""
    [found], [] = read(tmp_path, block(warc="WARC-Truncated: length\r\n"))
    assert [code for code, _ in found.notes] == ["page_cut_off"]


def test_one_address_captured_twice_is_two_places(tmp_path: Path) -> None:
    """Whether text and time differ or not; equal texts become one article with both places."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    later = block("<p>The bridge at Halm is open.</p>", date="2023-05-02T10:00:00.123456Z")
    again = block(date="2023-06-03T10:00:00Z")
    (folder / "a.warc").write_bytes(block() + later + again)
    rows = read_corpus(folder, ReadSettings())[0]["raw_articles"].to_pylist()
    assert sorted(tuple(row["paths"]) for row in rows) == [
        (f"a.warc#{SECOND}/{URL}", f"a.warc#20230603100000/{URL}"),
        (f"a.warc#20230502100000/{URL}",),
    ]


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]


MEMBERS = [gzip.compress(page(n)) for n in range(5)]


@pytest.mark.parametrize(
    ("data", "kept", "reason"),
    [
        (b"".join(page(n) for n in range(5))[:-60], [0, 1, 2, 3], "the file ends in the middle"),
        (b"".join(MEMBERS)[:-30], [0, 1, 2, 3], "the file ends in the middle"),
        (gzip.compress(b"".join(page(n) for n in range(5)))[:-9], [0, 1, 2, 3], "the file ends in the middle"),
        (b"".join([*MEMBERS[:2], flipped(MEMBERS[2], 60), *MEMBERS[3:]]), [0, 1, 3, 4], "broken"),
        (b"".join([*MEMBERS[:2], flipped(MEMBERS[2], 0), *MEMBERS[3:]]), [0, 1, 3, 4], "no gzip"),
        (b"".join([*MEMBERS[:2], MEMBERS[2][:50], *MEMBERS[3:]]), [0, 1, 3, 4], "broken"),
        (b"".join([*MEMBERS[:2], flipped(MEMBERS[2], len(MEMBERS[2]) - 6), *MEMBERS[3:]]), [0, 1, 3, 4], "broken"),
        (page(0) + block(length=20) + page(2), [0, 2], "Content-Length is wrong"),
        (page(0) + block(length=400) + page(2) + page(3), [0, 2, 3], "Content-Length is wrong"),
        (page(0) + block(length=10**12) + page(2), [0, 2], "the file ends in the middle"),
        (gzip.compress(page(0) + block(length=400) + page(2) + page(3)), [0, 2, 3], "Content-Length is wrong"),
        (page(0) + block().replace(b"Content-Length: ", b"Content-Length: x") + page(2), [0, 2], "its length"),
        (page(0) + b"WARC/1.0\r\nno header\r\n\r\n" + page(2), [0, 2], "its length"),
        (page(0) + b"WARC/1.0\r\nWARC-Type: metadata\r\n\r\n" + page(2), [0, 2], "its length"),
        (b"".join(MEMBERS) + b"rubbish", [0, 1, 2, 3, 4], "at the end"),
        (b"".join(MEMBERS) + bytes(99), [0, 1, 2, 3, 4], None),
        (page(0) + b"rubbish\r\n" * 9 + page(2), [2], "Content-Length is wrong"),
        (b"rubbish\r\n" + page(1), [1], "no WARC header"),
        (page(0) + b"WARC/1.0\r\n" + b"x: y\r\n" * 200_000 + page(2), [0, 2], "does not end"),
        (page(0) + block().replace(b"WARC-Target-URI", b"X") + page(2), [0, 2], "no WARC header"),
    ],
)  # fmt: skip
def test_damage_costs_the_damaged_record_only(tmp_path: Path, data: bytes, kept: list[int], reason: str | None) -> None:
    """It is told with its address and reason; the records before and behind it are read."""
    found, told = read(tmp_path, data, "a.warc.gz")
    assert texts(found) == [f"Report number {n} from Halm." for n in kept]
    assert [error.code for error in told] == (["damaged_record"] if reason else [])
    assert (reason or "") in " ".join(map(str, told))


@pytest.mark.parametrize(
    ("record", "code"),
    [
        (block(b"<p>" + b"x" * 1_100_000), "too_large"),
        (block(gzip.compress(b"<p>" + b"x" * 1_100_000), http="Content-Encoding: gzip\r\n"), "too_large"),
        (block(zlib.compress(b"\0" * 50_000_000), http="Content-Encoding: deflate\r\n"), "too_large"),
        (block(b"\x1b\x96\x00\xf8\x8d", http="Content-Encoding: br\r\n"), "content_encoding"),
        (block(flipped(gzip.compress(PAGE), 30), http="Content-Encoding: gzip\r\n"), "damaged_record"),
        (block(gzip.compress(b"") * 99, http="Content-Encoding: gzip\r\n"), "damaged_record"),
        (block(bytes(range(256)) * 40), "not_text"),
        (block("<html><body><script>draw()</script></body></html>"), "page_without_text"),
        (block(" \r\n", mime="text/plain"), "page_without_text"),
    ],
)
@pytest.mark.parametrize("packing", PACKINGS)
def test_what_cannot_be_read_is_one_issue_by_kind(tmp_path: Path, record: bytes, code: str, packing: str) -> None:
    """Too large (as stored or unpacked), packed in another way, broken, or without text: the others go on."""
    found, [told] = read(tmp_path, PACKINGS[packing]([page(0), record, page(2), record, page(4)]))
    assert texts(found) == [f"Report number {n} from Halm." for n in (0, 2, 4)]
    assert told.code == code
    assert "2 records" in str(told)
    assert URL in str(told)


def test_many_of_a_kind_are_one_issue(tmp_path: Path) -> None:
    """It names the first three."""
    blank = [block("<p></p>", f"{URL}/{n}") for n in range(9)]
    _, [told] = read(tmp_path, page(1) + b"".join(blank))
    assert str(told).endswith(f"({URL}/0; {URL}/1; {URL}/2; and 6 more)")


@pytest.mark.parametrize("data", [b"", gzip.compress(b""), block(b"x", mime="image/gif")])
def test_an_archive_without_pages_is_refused(tmp_path: Path, data: bytes) -> None:
    """The refusal says what an archive is read for."""
    with pytest.raises(ReadError, match="read for its pages") as caught:
        read(tmp_path, data)
    assert caught.value.code == "empty"


def test_a_file_that_is_no_archive_is_told(tmp_path: Path) -> None:
    """Whatever its name says."""
    found, [told] = read(tmp_path, b"<html>A saved page</html>")
    assert (found, told.code) == ([], "damaged_record")


def test_an_archive_that_inflates_without_end_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands behind a member that grows beyond measure is not read; the pages before it are."""
    monkeypatch.setattr("pipeline.read.warc._FREE", 3_000_000)
    bomb = gzip.compress(block(b"\0" * 30_000_000, mime="video/mp4"))
    found, [told] = read(tmp_path, b"".join([MEMBERS[0], bomb, *[MEMBERS[3]] * 3]), "a.warc.gz")
    assert texts(found) == ["Report number 0 from Halm."]
    assert "beyond measure" in str(told)


def test_one_page_is_held_at_a_time(tmp_path: Path) -> None:
    """The records of an archive come one by one: the first is there before the last is read."""
    path = tmp_path / "a.warc"
    path.write_bytes(b"".join(page(n) for n in range(2_000)))
    found: Iterator[Record | ReadError] = records(path, "a.warc", ReadSettings())
    assert isinstance(next(found), Record)
    path.write_bytes(b"")
    assert sum(isinstance(one, Record) for one in found) < 1_000
