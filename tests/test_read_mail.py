"""Mail and saved pages: which part is the text, what headers say, and that bad ones lose nothing."""

from __future__ import annotations

import base64
import quopri
from email.message import EmailMessage
from pathlib import Path

import pytest

from pipeline.errors import ReadError
from pipeline.ids import article_id
from pipeline.read import read_corpus
from pipeline.read.decode import decode_declared
from pipeline.read.html import page_text
from pipeline.read.mail import records
from pipeline.read.record import Record
from pipeline.settings import ReadSettings

WORDS = "The bridge at Halm was closed on Sunday, said Ana Bel of the council.\n"
PAGE = f"<html><body><h1>A bridge closes</h1><p>{WORDS.strip()}</p></body></html>"
HEAD = "From: News <news@paper.example>\nTo: me@home.example\nSubject: A bridge closes\nDate: Mon, 3 Apr 2023 23:30:00 -0500\n"
MIXED = f"{HEAD}MIME-Version: 1.0\nContent-Type: multipart/{{}}; boundary=cut\n\n"


def part(body: str | bytes, head: str = "Content-Type: text/plain; charset=utf-8\n", boundary: str = "cut") -> bytes:
    data = body.encode() if isinstance(body, str) else body
    return f"--{boundary}\n{head}\n".encode() + data + b"\n"


def multipart(kind: str, *parts: bytes, head: str = MIXED) -> bytes:
    return head.replace("{}", kind).encode() + b"".join(parts) + b"--cut--\n"


HTML = "Content-Type: text/html; charset=utf-8\n"
PDF = "Content-Type: application/pdf; name=report.pdf\nContent-Disposition: attachment; filename=report.pdf\n"
PNG = "Content-Type: image/png\nContent-ID: <pic>\n"


def read(folder: Path, data: bytes | str, name: str = "a.eml") -> list[Record | ReadError]:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return list(records(path, name, ReadSettings(max_megabytes=1)))


def one(folder: Path, data: bytes | str, name: str = "a.eml") -> Record:
    [record] = read(folder, data, name)
    assert isinstance(record, Record)
    return record


def codes(record: Record) -> list[str]:
    return [code for code, _ in record.notes]


def test_a_mail_is_its_text_and_its_subject(tmp_path: Path) -> None:
    """Its sender is no author; the day it was sent is told and not taken for the day of publication."""
    record = one(tmp_path, f"{HEAD}\n{WORDS}")
    assert (record.place, record.format, record.raw_text, record.markup) == ("a.eml", "eml", WORDS, None)
    assert record.given == {"title": "A bridge closes"}
    [(code, message)] = record.notes
    assert (code, "2023-04-03" in message) == ("mail_sent", True)


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        ("Fwd: Re: FW: A bridge closes", "A bridge closes"),
        ("Re[2]: A bridge closes", "A bridge closes"),
        ("Reports: a bridge closes", "Reports: a bridge closes"),
        ("=?utf-8?q?Zo=C3=AB?= =?utf-8?q?_Bel?= speaks", "Zoë Bel speaks"),
        ("=?iso-8859-1?B?Wm/r?= speaks", "Zoë speaks"),
        ("=?no-such?q?Zo=EB?= speaks", "Zoë speaks"),
        ("=?utf-8?b?not base64?= speaks", "=?utf-8?b?not base64?= speaks"),
        ("A bridge\n closes", "A bridge closes"),
        ("Zoë speaks", "Zoë speaks"),
        (b"Zo\xeb speaks", "Zoë speaks"),
        ("", None),
        ("Fwd:", None),
    ],
)
def test_the_subject_is_the_title(tmp_path: Path, subject: str | bytes, title: str | None) -> None:
    """Without marks of replies; encoded words are read, and what cannot be read stays as it stands."""
    raw = subject.encode() if isinstance(subject, str) else subject
    record = one(tmp_path, b"Subject: " + raw + f"\n\n{WORDS}".encode())
    assert record.given.get("title") == title


def test_a_header_without_end_is_read_to_a_measure(tmp_path: Path) -> None:
    """No title is as long, and encoded words take time."""
    title = one(tmp_path, b"Subject: " + b"=?utf-8?q?Zo=C3=AB?= " * 20_000 + b"\n\nWords of a report.").given["title"]
    assert title.startswith("ZoëZoë")
    assert len(title) < 2_000


STUB = "Read this in your browser: https://paper.example/a/very/long/address/that/has/many/words/in/it\n"


@pytest.mark.parametrize(
    ("parts", "text", "html"),
    [
        ([part(WORDS), part(PAGE, HTML)], WORDS, False),
        ([part(STUB), part(PAGE, HTML)], page_text(PAGE), True),
        ([part(" \n"), part(PAGE, HTML)], page_text(PAGE), True),
        ([part(WORDS), part("<html><body><img src=x></body></html>", HTML)], WORDS, False),
        ([part(WORDS)], WORDS, False),
        ([part(PAGE, HTML)], page_text(PAGE), True),
    ],
)
def test_the_plain_part_is_the_text_if_it_has_the_words(
    tmp_path: Path, parts: list[bytes], text: str, html: bool
) -> None:
    """At least half of those of the HTML part, addresses not counted; else the HTML part is read as a page."""
    record = one(tmp_path, multipart("alternative", *parts))
    assert record.raw_text.strip() == text.strip()
    assert (record.markup is not None) == html
    assert record.given["title"] == "A bridge closes"


def test_an_html_mail_is_a_page_with_its_pictures_around_it(tmp_path: Path) -> None:
    """Pictures that belong to the page are not told; a file that was attached is."""
    inner = part(PAGE, HTML, "in") + part("x", PNG, "in") + part("x", PDF, "in") + b"--in--\n"
    related = part(inner, 'Content-Type: multipart/related; boundary="in"\n')
    record = one(tmp_path, multipart("mixed", related))
    assert (record.markup, codes(record)) == (PAGE, ["mail_sent", "attachments_ignored"])


@pytest.mark.parametrize(
    ("others", "told"),
    [
        ([part("x", PDF)], "1 attached file(s) are not read (report.pdf)"),
        ([part("x", PDF)] * 5, "5 attached file(s) are not read (report.pdf, report.pdf, report.pdf and 2 more)"),
        ([part("x", "Content-Type: image/png\n")], "(image/png)"),
        ([part("x", "Content-Type: application/pdf; name*=utf-8''Zo%C3%AB.pdf\n")], "(Zoë.pdf)"),
        ([part("An attached text.", "Content-Disposition: attachment; filename=a.txt\n")], "(a.txt)"),
        ([part("x", "Content-Type: application/pgp-signature\n")], None),
    ],
)
def test_attached_files_are_counted(tmp_path: Path, others: list[bytes], told: str | None) -> None:
    """One note names the first of them; a signature is none."""
    record = one(tmp_path, multipart("mixed", part(WORDS), *others))
    assert record.raw_text.strip() == WORDS.strip()
    notes = [message for code, message in record.notes if code == "attachments_ignored"]
    assert (told in notes[0]) if told else not notes


def test_texts_around_a_picture_are_one_text(tmp_path: Path) -> None:
    """Programs cut a mail where a picture stands; the order stays, and HTML among plain text is read as text."""
    record = one(tmp_path, multipart("mixed", part("First part."), part("x", PNG), part("<p>Second part.</p>", HTML)))
    assert (record.raw_text, record.markup) == ("First part.\n\nSecond part.", None)


CAFE = "The café’s owner, Zoë Bel, said “no”.\n"


@pytest.mark.parametrize(
    ("head", "body", "encoding"),
    [
        ("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable", quopri.encodestring(CAFE.encode()), "utf-8"),
        ("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64", base64.encodebytes(CAFE.encode()), "utf-8"),
        ("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64", base64.encodebytes(CAFE.encode()).rstrip(b"=\n"), "utf-8"),
        ("Content-Type: text/plain; charset=windows-1252", CAFE.encode("cp1252"), "cp1252"),
        ("Content-Type: text/plain; charset=iso-8859-1", CAFE.encode("cp1252"), "cp1252"),
        ("Content-Type: text/plain; charset=us-ascii", CAFE.encode(), "utf-8"),
        ("Content-Type: text/plain; charset=no-such", CAFE.encode(), "utf-8"),
        ("Content-Type: text/plain; charset=unicode_escape", CAFE.encode(), "utf-8"),
        ("Content-Type: text/plain; charset=utf-8", CAFE.encode("cp1252"), "cp1252"),
        ("Content-Type: text/plain; charset=utf-7", CAFE.encode("utf-7"), "utf-7"),
        ("Content-Type: text/plain; charset=utf-16", CAFE.encode("utf-16"), "utf-16"),
        ("Content-Type: text/plain; charset=utf-16le", CAFE.encode(), "utf-8"),
        ("Content-Type: text/plain; name*0*=utf-8''x; name*=y", CAFE.encode(), "utf-8"),
        ("Content-Type: text/plain; charset*=\x00''x", CAFE.encode(), "utf-8"),
        ("Content-Type: ; ; =", CAFE.encode(), "utf-8"),
        ("Content-Transfer-Encoding: no-such", CAFE.encode(), "utf-8"),
        ("X-Mailer: one that says no type", CAFE.encode(), "utf-8"),
    ],
)  # fmt: skip
def test_bodies_are_decoded(tmp_path: Path, head: str, body: bytes, encoding: str) -> None:
    """Whatever they are packed in, and whatever encoding they say they have."""
    record = one(tmp_path, head.encode() + b"\n\n" + body)
    assert record.raw_text.strip("\ufeff\r\n") == CAFE.strip()
    assert record.encoding == encoding


@pytest.mark.parametrize("name", ["unicode_escape", "idna", "rot13", "zlib", "no-such", "\x00", "", "utf-16"])
def test_what_is_no_encoding_of_text_is_not_tried(name: str) -> None:
    """Codecs that compress, escape or name hosts are none; nor is one that does not fit the bytes."""
    decoded = decode_declared(("The café’s owner said “no” – twice.\r\n" * 20).encode("cp1252"), "a.eml", [name])
    assert (decoded.encoding, decoded.text[:8]) == ("cp1252", "The café")


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (f"\ufeff\r\n{HEAD}\n{WORDS}", WORDS),
        (f"From news@paper.example Mon Apr  3 2023\n{HEAD}\n{WORDS}", WORDS),
        (HEAD.replace("To:", "no field at all\nTo:") + "Content-Transfer-Encoding: base64\n\n" + base64.b64encode(WORDS.encode()).decode(), WORDS),
        (f"Date: no day\nFrom: <<>;,@\nTo: \"\nMessage-ID: [\n{HEAD}\n{WORDS}", WORDS),
        (f"Date: Mon, 99 Apr 2023 99:99:99\nSubject: x\n\n{WORDS}", WORDS),
        (WORDS, WORDS),
        (f"Headline: and more\n\n{WORDS}", f"Headline: and more\n\n{WORDS}"),
        (f"Content-Type: text/plain; charset=utf-16le\n\n{WORDS}", WORDS),
        (f"Content-Type: text/plain; charset=utf-16le\n\n{WORDS} ", WORDS),
        (f"A title: and more\n\n{WORDS}", f"A title: and more\n\n{WORDS}"),
        (multipart("mixed", part(WORDS)).replace(b"boundary=cut", b""), WORDS),
        (multipart("mixed", part(WORDS)).replace(b"boundary=cut", b"boundary=other"), WORDS),
        (multipart("mixed", part(WORDS)).replace(b"--cut--\n", b""), WORDS),
        (MIXED.format("mixed") + WORDS, WORDS),
    ],
)  # fmt: skip
def test_malformed_headers_lose_no_text(tmp_path: Path, data: str | bytes, text: str) -> None:
    """A header that is no field, a day that is none, a boundary that is missing or another one."""
    assert one(tmp_path, data).raw_text.strip() == text.strip()


@pytest.mark.parametrize(
    ("body", "delsp", "text"),
    [
        ("One line \nof three \nparts.\n\nNext.\n", "", "One line of three parts.\n\nNext.\n"),
        ("One wo \nrd.\n", "; delsp=yes", "One word.\n"),
        (" >From here \non.\n> quoted \n> lines \nAnswer.\n", "", ">From here on.\n> quoted \n> lines \nAnswer.\n"),
        ("Text \n> quoted\n", "", "Text \n> quoted\n"),
        ("Bye\n-- \nA. Bel\n", "", "Bye\n-- \nA. Bel\n"),
    ],
)
def test_lines_that_a_program_broke_are_joined(tmp_path: Path, body: str, delsp: str, text: str) -> None:
    """Where the mail says so (format=flowed); quoted lines stay as they are."""
    assert one(tmp_path, f"Content-Type: text/plain; format=flowed{delsp}\n\n{body}").raw_text == text


def test_quoted_lines_stay(tmp_path: Path) -> None:
    """They may be the article that was forwarded."""
    body = "See below.\n\n> The bridge at Halm was closed.\n> Ana Bel spoke.\n"
    assert one(tmp_path, f"{HEAD}\n{body}").raw_text == body


INNER = f"Message-ID: <in@paper.example>\nSubject: The inner report\nDate: Sun, 2 Apr 2023 10:00:00 +0000\n\n{WORDS}"
RFC822 = "Content-Type: message/rfc822\n"


def test_an_attached_mail_is_a_record_of_its_own(tmp_path: Path) -> None:
    """Named by its id, or by its words; the mail that only carries it is none."""
    outer, inner = read(tmp_path, multipart("mixed", part("For you.\n"), part(INNER, RFC822)))
    assert isinstance(outer, Record)
    assert isinstance(inner, Record)
    assert (outer.place, inner.place) == ("a.eml", "a.eml#in@paper.example")
    assert (outer.raw_text.strip(), inner.raw_text.strip()) == ("For you.", WORDS.strip())
    assert inner.given["title"] == "The inner report"
    unnamed = INNER.removeprefix("Message-ID: <in@paper.example>\n")
    alone = one(tmp_path, multipart("mixed", part(unnamed, RFC822)))
    assert alone.place == f"a.eml#{article_id(alone.raw_text)}"
    packed = base64.encodebytes(INNER.encode()).decode()
    again = one(tmp_path, multipart("mixed", part(packed, f"{RFC822}Content-Transfer-Encoding: base64\n")))
    assert again.raw_text.strip() == WORDS.strip()


def nested(depth: int) -> bytes:
    data = f"Message-ID: <{depth}>\nSubject: x\n\nThe deepest words.\n".encode()
    for level in reversed(range(depth)):
        outer = EmailMessage()
        outer["Message-ID"] = f"<{level}>"
        outer.set_content(f"Words of level number {level}.\n")
        outer.make_mixed()
        data = outer.as_bytes().rstrip(b"\n").removesuffix(b"--") + b"\nContent-Type: message/rfc822\n\n" + data
    return data


def test_mail_inside_mail_is_read_a_few_deep(tmp_path: Path) -> None:
    """What lies deeper is told."""
    found = read(tmp_path, nested(9))
    assert [x.place for x in found if isinstance(x, Record)] == ["a.eml", *[f"a.eml#{n}" for n in range(1, 6)]]
    assert [x.code for x in found if isinstance(x, ReadError)] == ["nested_too_deep"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b" \r\n", "empty"),
        (HEAD, "no_text"),
        (f"{HEAD}\n \n", "no_text"),
        (multipart("mixed", part("x", PDF)), "no_text"),
        (multipart("mixed", part(bytes(range(256)) * 40)), "no_text"),
        (multipart("mixed", *[b"--cut\n\n"] * 9_000), "too_many_parts"),
        ("".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(99)), "too_many_parts"),
        ("x" * 1_100_000, "too_large"),
    ],
)
def test_what_holds_no_text_is_refused(tmp_path: Path, data: str | bytes, code: str) -> None:
    """So is what has more parts, or deeper ones, than any mail."""
    with pytest.raises(ReadError) as caught:
        read(tmp_path, data)
    assert caught.value.code == code


SAVED = (
    "From: <Saved by a browser>\nSnapshot-Content-Location: https://paper.example/story\nSubject: =?utf-8?q?A=20bridge?=\n"
    "Date: Mon, 3 Apr 2023 23:30:00 -0500\nMIME-Version: 1.0\n"
    'Content-Type: multipart/related; type="text/html"; boundary="cut"\n\n'
)
ROOT = "Content-Type: text/html\nContent-ID: <root>\nContent-Location: https://paper.example/root\n"
FRAME = "Content-Type: text/html\nContent-ID: <frame>\nContent-Location: https://ads.example/\n"


@pytest.mark.parametrize("name", ["a.mht", "a.mhtml", "A.MHT"])
def test_a_saved_page_is_its_root_part(tmp_path: Path, name: str) -> None:
    """With the address that it was saved from; frames and pictures are not read, the day of saving is no day."""
    body = quopri.encodestring(CAFE.encode())
    root = ROOT.replace("text/html\n", "text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n")
    record = one(tmp_path, multipart("related", part(b"<p>" + body, root), part("<p>Buy!</p>", FRAME), part("x", PNG), head=SAVED), name)  # fmt: skip
    assert (record.format, record.raw_text, record.encoding) == ("mhtml", CAFE.strip(), "utf-8")
    assert record.given == {"url": "https://paper.example/story", "title": "A bridge"}
    assert record.notes == ()


@pytest.mark.parametrize(
    ("parts", "head", "url"),
    [
        ([part("<p>Buy!</p>", FRAME), part(PAGE, ROOT)], SAVED.replace("type=", 'start="<root>"; type='), "https://paper.example/story"),
        ([part(PAGE, ROOT), part("<p>Buy!</p>", FRAME)], SAVED.replace("Snapshot", "X"), "https://paper.example/root"),
        ([part("x", PNG), part(PAGE, ROOT)], SAVED.replace("https:", "file:"), "https://paper.example/root"),
        ([part(PAGE.replace("<body>", '<link rel="canonical" href="https://paper.example/own"><body>'), ROOT)], SAVED, "https://paper.example/own"),
        ([part(part(PAGE, ROOT, "in") + b"--in--\n", "Content-Type: multipart/alternative; boundary=in\n")], SAVED, "https://paper.example/story"),
        ([part(PAGE, HTML)], SAVED.replace("https:", "file:"), None),
    ],
)  # fmt: skip
def test_the_root_part_is_the_named_or_the_first_page(
    tmp_path: Path, parts: list[bytes], head: str, url: str | None
) -> None:
    """The page's own canonical address comes before the one it was saved from, and that before its part's."""
    record = one(tmp_path, multipart("related", *parts, head=head), "a.mhtml")
    assert record.raw_text == page_text(PAGE)
    assert record.given.get("url") == url


def test_a_saved_page_of_one_part(tmp_path: Path) -> None:
    """Without parts around it."""
    record = one(tmp_path, f"Content-Type: text/html\nContent-Location: https://paper.example/\n\n{PAGE}", "a.mht")
    assert (record.markup, record.given["url"]) == (PAGE, "https://paper.example/")


def test_a_saved_page_without_a_page_is_refused(tmp_path: Path) -> None:
    """As is one that shows no text."""
    for parts, code in (([part("x", PNG)], "no_text"), ([part("<script>x()</script>", HTML)], "empty")):
        with pytest.raises(ReadError) as caught:
            read(tmp_path, multipart("related", *parts, head=SAVED), "a.mhtml")
        assert caught.value.code == code


def test_in_a_corpus(tmp_path: Path) -> None:
    """Mail and pages are files like any other."""
    (tmp_path / "a.eml").write_text(f"{HEAD}\n{WORDS}")
    (tmp_path / "b.mhtml").write_bytes(multipart("related", part(PAGE, ROOT), head=SAVED))
    rows = read_corpus(tmp_path, ReadSettings())[0]["raw_articles"].to_pylist()
    assert sorted((row["paths"][0], row["format"]) for row in rows) == [("a.eml", "eml"), ("b.mhtml", "mhtml")]
