"""What a PDF file becomes: paragraphs in reading order, what cannot be read told, hostile files bounded."""

from __future__ import annotations

import logging
import textwrap
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pdfminer")

from pipeline.errors import ReadError
from pipeline.read.pdf import records
from pipeline.read.pdf.pages import PAGES
from pipeline.read.pdf.source import LIMITS
from pipeline.read.record import Record
from pipeline.settings import ReadSettings

HEADLINE = "Flood leaves hundreds in Norwick without a home"
PROSE = (
    "The council of Norwick met on Monday to talk about the flood that has left hundreds of people without a home. "
    "Residents said that the water rose within an hour and nobody warned them. "
    "The mayor said that a team would look into the matter and report before the end of the month."
)
PICTURE = b"q 612 0 0 792 0 0 cm /I Do Q\n"
CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
TREE = b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"


def objects(*bodies: bytes, trailer: bytes = b"") -> bytes:
    """A file of these objects, numbered from 1; the first is the catalogue."""
    out, places = b"%PDF-1.5\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(bodies) + 1, table)
    end = b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF" % (len(bodies) + 1, trailer, len(out))
    return out + head + end


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(data), data)


def pdf(*pages: bytes, info: str = "", flate: bool = False) -> bytes:
    """A file with one page for each content; fonts /F1 and /F2 (bold), picture /I."""
    bodies = [CATALOG, b"", FONT, FONT.replace(b"Helvetica", b"Helvetica-Bold")]
    bodies.append(stream(b"\x80", b"/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8"))
    bodies.append(b"<< %s >>" % info.encode("cp1252"))
    kids = []
    for page in pages:
        bodies.append(stream(zlib.compress(page), b"/Filter /FlateDecode") if flate else stream(page))
        resources = b"/Font << /F1 3 0 R /F2 4 0 R >> /XObject << /I 5 0 R >>"
        bodies.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R /Resources << %s >> >>"
            % (len(bodies), resources)
        )
        kids.append(len(bodies))
    bodies[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(b"%d 0 R" % kid for kid in kids))
    return objects(*bodies, trailer=b"/Info 6 0 R")


def put(x: float, y: float, text: str, size: float = 10, font: int = 1, before: str = "") -> bytes:
    """One line of text; ``before`` are operators that come first."""
    escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return f"BT /F{font} {size} Tf {before} {x} {y} Td ({escaped}) Tj ET\n".encode("cp1252")


def block(x: float, y: float, lines: Sequence[str], size: float = 10, lead: float = 12) -> bytes:
    """Lines below one another; two leading spaces are an indent."""
    return b"".join(
        put(x + (14 if line.startswith("  ") else 0), y - i * lead, line.strip(), size) for i, line in enumerate(lines)
    )


def wrapped(*paragraphs: str, width: int = 80, indent: str = "  ") -> list[str]:
    return [line for text in paragraphs for line in textwrap.wrap(text, width, initial_indent=indent)]


def one_page(contents: bytes, *extra: bytes, resources: bytes = b"/Font << /F1 5 0 R >>") -> bytes:
    """A file written by hand: content is object 4, object 5 a font, ``extra`` from object 6 on."""
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << %s >> >>" % resources
    return objects(CATALOG, TREE, page, contents, FONT, *extra)


def read(data: bytes, folder: Path) -> Record:
    path = folder / "report.pdf"
    path.write_bytes(data)
    (found,) = records(path, "news/report.pdf", ReadSettings())
    assert isinstance(found, Record)
    return found


def refused(data: bytes, folder: Path) -> ReadError:
    with pytest.raises(ReadError) as told:
        read(data, folder)
    assert str(told.value).startswith("news/report.pdf: ")
    return told.value


def paragraphs(data: bytes, folder: Path) -> list[str]:
    return read(data, folder).raw_text.split("\n\n")


def kinds(record: Record) -> list[str]:
    return [code for code, _ in record.notes]


@pytest.mark.parametrize("flate", [False, True])
def test_lines_become_paragraphs(tmp_path: Path, flate: bool) -> None:
    """An indent begins a paragraph; its lines are joined with a space, a blank line parts paragraphs."""
    page = put(60, 720, HEADLINE, 20, 2) + block(60, 690, wrapped(PROSE, "Help came late. " + PROSE))
    assert paragraphs(pdf(page, flate=flate), tmp_path) == [HEADLINE, PROSE, "Help came late. " + PROSE]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["First line of the report, which is as wide as it gets,", "and its end.", "Second line is short."], 2),
        (
            [
                "The first of all lines is wide, as the column is,",
                "goes on here and",
                "Eastmere is named in it at the end.",
            ],
            2,
        ),
        (["The items of the plan for the river are these:", "• higher walls", "• better pumps"], 3),
    ],
    ids=["a line left short after a full stop", "a line left short before a capital", "list"],
)
def test_short_lines_end_paragraphs(tmp_path: Path, lines: list[str], expected: int) -> None:
    """Where the next word would have had room, the line was ended on purpose."""
    assert len(paragraphs(pdf(block(60, 700, lines)), tmp_path)) == expected


def test_gap_begins_a_paragraph(tmp_path: Path) -> None:
    """White between lines parts paragraphs even where both lines are full."""
    lines = wrapped(PROSE, indent="")
    page = block(60, 700, lines) + block(60, 700 - 12 * len(lines) - 8, lines)
    assert paragraphs(pdf(page), tmp_path) == [PROSE, PROSE]


@pytest.mark.parametrize("columns", [2, 3, 4])
@pytest.mark.parametrize("shift", [0.0, 5.0], ids=["one grid", "uneven lines"])
def test_columns_are_read_one_by_one(tmp_path: Path, columns: int, shift: float) -> None:
    """Columns below a headline across the page; a paragraph that runs over a column's end stays whole."""
    told = [f"Story {number} begins. {PROSE}" for number in range(columns * 2)]
    step = 540 / columns
    lines = wrapped(*told, width=int((step - 30) / 4.6))
    height = -(-len(lines) // columns)
    page = put(40, 720, HEADLINE, 20, 2)
    for column in range(columns):
        part = lines[column * height : (column + 1) * height]
        page += block(40 + column * step, 690 - shift * (column % 2), part, 9, 11)
    assert paragraphs(pdf(page), tmp_path) == [HEADLINE, *told]


def test_blocks_of_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    """Two stories on a page, each with a headline across it: the second does not run into the first."""
    page = b""
    told = []
    for story, top in (("First", 720), ("Second", 420)):
        text = f"{story} story. {PROSE} {PROSE}"
        lines = wrapped(text, width=50)
        half = len(lines) // 2
        page += put(40, top, f"{story} of the headlines across the whole page", 20, 2)
        page += block(40, top - 30, lines[:half]) + block(330, top - 30, lines[half:])
        told += [f"{story} of the headlines across the whole page", text]
    assert paragraphs(pdf(page), tmp_path) == told


@pytest.mark.parametrize("tail", [["now."], ["and all of", "the others."]])
def test_tail_in_the_last_column(tmp_path: Path, tail: list[str]) -> None:
    """A few words alone at the top of the last column end the text, they do not stand in its midst."""
    lines = wrapped(PROSE + " " + PROSE[:-1], width=32)
    half = len(lines) // 2
    page = block(40, 700, lines[:half]) + block(220, 700, lines[half:]) + block(400, 700, tail)
    assert paragraphs(pdf(page), tmp_path) == [f"{PROSE} {PROSE[:-1]} {' '.join(tail)}"]


def test_stretched_line_is_one_line(tmp_path: Path) -> None:
    """In a justified column two words may stand far apart; so does a date beside a name, in a line alone."""
    page = block(40, 700, ["The council of Norwick met on", "Monday to talk about it. Soon"])
    page += put(40, 676, "nobody") + put(142, 676, "believed") + block(40, 664, ["it, the mayor of the town said."])
    assert paragraphs(pdf(page), tmp_path) == [
        "The council of Norwick met on Monday to talk about it. Soon nobody believed it, the mayor of the town said."
    ]
    assert paragraphs(pdf(put(40, 600, "Jane Doe") + put(300, 600, "2 May 2019")), tmp_path) == [
        "Jane Doe",
        "2 May 2019",
    ]


def test_table_and_list_are_no_columns(tmp_path: Path) -> None:
    """The marks of a list stay with its items, the figures of a table with their rows."""
    items = ["higher walls on the river", "better pumps in the cellars", "a siren on the tower", "more boats for all"]
    marks = b"".join(put(60, 700 - 14 * i, "•") + put(80, 700 - 14 * i, item) for i, item in enumerate(items))
    assert paragraphs(pdf(marks), tmp_path) == [f"• {item}" for item in items]
    rows = b"".join(put(60, 700 - 14 * i, f"Town number {i}") + put(150, 700 - 14 * i, f"{i}12") for i in range(5))
    assert "Town number 3 312" in read(pdf(rows), tmp_path).raw_text


def test_caption_between_does_not_part_a_paragraph(tmp_path: Path) -> None:
    """A caption in smaller print stands after the paragraph that runs around it."""
    lines = wrapped(PROSE, indent="")
    caption = "A street in Norwick on Sunday. Photo: Jane Doe"
    page = block(60, 700, lines[:2]) + put(60, 600, caption, 7) + block(60, 560, lines[2:])
    assert paragraphs(pdf(page), tmp_path) == [PROSE, caption]


def test_gap_across_columns_does_not_end_them(tmp_path: Path) -> None:
    """White that runs across all columns, as between paragraphs set on one grid, does not part the block."""
    lines = wrapped(PROSE, width=45, indent="")
    page = b""
    for x in (40, 330):
        page += block(x, 700, lines) + block(x, 690 - 12 * len(lines), lines)
    assert paragraphs(pdf(page), tmp_path) == [PROSE] * 4
    page = block(40, 700, ["Left above", "goes on here", "and ends."]) + block(
        40, 640, ["Left below", "goes on", "too."]
    )
    page += block(330, 700, ["Right above", "goes on here", "and ends."]) + block(330, 640, ["Right below", "goes on"])
    told = " ".join(paragraphs(pdf(page), tmp_path))
    assert told.index("Left below") < told.index("Right above")


def test_place_after_a_form_is_the_page_again(tmp_path: Path) -> None:
    """A form has its own place; what follows it on the page does not move along."""
    form = stream(put(0, 0, "in the form"), b"/Subtype /Form /BBox [0 0 9 9] /Matrix [1 0 0 1 60 500]")
    content = put(60, 700, "First") + b"/N Do " + put(60, 600, "second")
    data = one_page(stream(content), form, resources=b"/Font << /F1 5 0 R >> /XObject << /N 6 0 R >>")
    assert paragraphs(data, tmp_path) == ["First", "second", "in the form"]


def test_tagged_footer_stands_below(tmp_path: Path) -> None:
    """What the file tags as belonging to the page, not to the text, is taken for that on a single page too."""
    tagged = b"/Artifact << /Type /Pagination >> BDC " + put(60, 765, "From our archive", 8) + b"EMC "
    assert paragraphs(pdf(tagged + block(60, 700, wrapped(PROSE))), tmp_path) == [PROSE, "From our archive"]


def numbered(number: int, lines: list[str]) -> bytes:
    return put(60, 765, "The Norwick Herald", 8) + block(60, 700, lines) + put(300, 20, f"Page {number}", 8)


def test_headers_and_footers_stand_between_paragraphs(tmp_path: Path) -> None:
    """Lines repeated at the same place, numbers aside, follow the paragraph that runs over the page."""
    lines = wrapped(PROSE, indent="")
    data = pdf(numbered(1, lines[:2]), numbered(2, lines[2:]))
    assert paragraphs(data, tmp_path) == [
        PROSE,
        "The Norwick Herald",
        "Page 1",
        "The Norwick Herald",
        "Page 2",
    ]


def test_headline_on_two_pages_is_no_header(tmp_path: Path) -> None:
    """Large print at the same place of two pages stays where it is."""
    page = put(60, 720, HEADLINE, 20, 2) + block(60, 690, wrapped(PROSE))
    assert paragraphs(pdf(page, page), tmp_path) == [HEADLINE, PROSE] * 2


def printed(number: int, count: int, body: bytes, url: str = "https://news.example.org/2019/flood") -> bytes:
    head = put(24, 775, "4/3/2019, 10:15 AM", 8) + put(260, 775, f"{HEADLINE} - Norwick Herald", 8)
    return head + body + put(24, 15, url, 8) + put(570, 15, f"{number}/{count}", 8)


@pytest.mark.parametrize("count", [1, 2])
def test_page_printed_by_a_browser(tmp_path: Path, count: int) -> None:
    """Its address is given, the day of printing is not; what the browser put around stands below."""
    body = put(60, 730, HEADLINE, 20, 2) + block(60, 700, wrapped(PROSE))
    rest = [printed(n, count, block(60, 700, wrapped(PROSE))) for n in range(2, count + 1)]
    title = f"/Title ({HEADLINE} - Norwick Herald)"
    record = read(pdf(printed(1, count, body), *rest, info=title), tmp_path)
    assert record.given == {"title": HEADLINE, "url": "https://news.example.org/2019/flood"}
    assert record.raw_text.startswith(f"{HEADLINE}\n\n{PROSE}\n\n4/3/2019, 10:15 AM\n\n")


def test_address_cut_by_the_browser_is_not_given(tmp_path: Path) -> None:
    """An address that the browser shortened leads nowhere."""
    page = printed(1, 1, block(60, 700, wrapped(PROSE)), "https://news.example.org/2019/flood-leaves-hun...")
    assert "url" not in read(pdf(page), tmp_path).given


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["They saw a demon-", "stration in the square."], "They saw a demonstration in the square."),
        (["The five-", "person team and one person more had five days."], "The five-person team"),
        (["The five-", "person crew; a five-person crew."], "The five-person crew;"),
        (["They went there-", "fore; they therefore left, and there was a fore deck."], "They went therefore;"),
        (["The Anglo-", "American firm."], "The Anglo-American firm."),
        (["The 20-year-", "old man."], "The 20-year-old man."),
        (["A 24-", "hour watch."], "A 24-hour watch."),
        (["The cost of COVID-", "19 rose."], "The cost of COVID-19 rose."),
        (["Money - they said -", "was short."], "Money - they said - was short."),
        (["See https://example.org/a-", "long-way for more."], "See https://example.org/a-long-way for more."),
        (["The govern\xad", "ment of them."], "The government of them."),
        (["The well\xadknown govern\xad", "ment, a known well, a well."], "The well-known government,"),
        (["A word—", "then another."], "A word—then another."),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_hyphens_at_line_ends(tmp_path: Path, lines: list[str], expected: str) -> None:
    """A hyphen goes where halves make no words of this document; it stays where it may be the word's own."""
    page = b"".join(put(60, 700 - 12 * i, line) for i, line in enumerate(lines))
    page = page.replace(b"\xad", b"\\255")
    soft = b"".join(b"<%02x> <00ad>" % 0xAD for _ in range(1))
    to_unicode = b"begincmap 1 beginbfchar %s endbfchar endcmap" % soft
    font = FONT.replace(b" >>", b" /ToUnicode 7 0 R >>")
    data = one_page(stream(page), font, stream(to_unicode), resources=b"/Font << /F1 6 0 R >>")
    assert read(data, tmp_path).raw_text.startswith(expected)


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (put(60, 700, "FLOOD HITS TOWN", 20, before="8 Tc"), "FLOOD HITS TOWN"),
        (put(60, 700, "Bold words", 12) + put(60.3, 700, "Bold words", 12), "Bold words"),
        (b"BT /F1 10 Tf 60 700 Td (Of 24) Tj 4 Ts /F1 6 Tf (2) Tj 0 Ts /F1 10 Tf ( men) Tj ET", "Of 24 2 men"),
        (b"BT /F1 10 Tf 60 700 Td (The 4) Tj 4 Ts /F1 6 Tf (th) Tj 0 Ts /F1 10 Tf ( man) Tj ET", "The 4th man"),
        (b"BT /F1 10 Tf 60 700 Td [(No) -400 (space) 30 (s)] TJ ET", "No spaces"),
        (put(-500, 700, "Cut away") + put(60, 700, "Shown"), "Shown"),
        (b"/Span << /ActualText <FEFF0066006C> >> BDC " + put(60, 700, "?") + b"EMC " + put(66, 700, "ood"), "flood"),
    ],
    ids=[
        "letter-spaced",
        "painted twice",
        "note mark",
        "raised letters",
        "spaces by position",
        "beside the page",
        "actual text",
    ],
)
def test_words_of_a_line(tmp_path: Path, page: bytes, expected: str) -> None:
    """Characters become the words that a reader sees."""
    assert read(pdf(page), tmp_path).raw_text == expected


@pytest.mark.parametrize(("rest", "expected"), [("he town", "The town"), ("wo towns", "Two towns")])
def test_large_initial_joins_its_word(tmp_path: Path, rest: str, expected: str) -> None:
    """A drop cap stands before the first of the lines beside it."""
    lines = wrapped(f"{rest} of Norwick. {PROSE} {PROSE}", width=60, indent="")
    page = put(60, 679, "T", 42) + block(90, 700, lines[:2]) + block(60, 676, lines[2:])
    assert paragraphs(pdf(page), tmp_path) == [f"{expected} of Norwick. {PROSE} {PROSE}"]


def test_turned_text_stands_apart(tmp_path: Path) -> None:
    """A credit along the edge of a picture is a line of its own, after the page's text."""
    turned = b"BT /F1 7 Tf 0 1 -1 0 40 400 Tm (Photo: Jane Doe) Tj ET\n"
    assert paragraphs(pdf(turned + block(60, 700, wrapped(PROSE))), tmp_path) == [PROSE, "Photo: Jane Doe"]


def test_ligatures_are_letters(tmp_path: Path) -> None:
    """The joined sign for f and i becomes the two letters."""
    page = b"BT /F1 10 Tf 60 700 Td (The of\\256ce) Tj ET"
    data = one_page(
        stream(page), FONT.replace(b"/WinAnsiEncoding", b"/StandardEncoding"), resources=b"/Font << /F1 6 0 R >>"
    )
    assert read(data, tmp_path).raw_text == "The office"


@pytest.mark.parametrize(
    ("info", "expected"),
    [
        (f"/Title ({HEADLINE})", {"title": HEADLINE}),
        (f"/Title ({HEADLINE} | Norwick Herald)", {"title": HEADLINE}),
        ("/Title (Microsoft Word - flood.docx)", {}),
        ("/Title (Another headline from a template)", {}),
        ("/Title (Flood)", {}),
        ("/Author (Jane Doe)", {"authors": ["Jane Doe"]}),
        ("/Author (admin)", {}),
        ("/Author (John Roe)", {}),
        ("/CreationDate (D:20190403101500Z)", {}),
    ],
)
def test_document_information_is_believed_if_the_page_shows_it(
    tmp_path: Path, info: str, expected: dict[str, Any]
) -> None:
    """A title must stand in the text, an author after "by"; the date of the file is nobody's."""
    page = put(60, 720, HEADLINE, 20, 2) + put(60, 700, "By Jane Doe") + block(60, 670, wrapped(PROSE))
    assert read(pdf(page, info=info), tmp_path).given == expected


def test_scanned_pages_are_named(tmp_path: Path) -> None:
    """Pages that are pictures are told by number; the others are read."""
    text = block(60, 600, wrapped(PROSE))
    record = read(pdf(text, PICTURE, text, PICTURE, PICTURE), tmp_path)
    assert record.raw_text == f"{PROSE}\n\n{PROSE}"
    assert record.notes == (
        (
            "scanned",
            "news/report.pdf: pages 2, 4-5 of 5 have no text layer: they are images; run OCR (e.g. ocrmypdf) and save again",
        ),
    )


@pytest.mark.parametrize(
    ("data", "code", "said"),
    [
        (pdf(PICTURE, PICTURE), "scanned", "pages 1-2 of 2 have no text layer"),
        (pdf(PICTURE), "scanned", "page 1 of 1 has no text layer: it is an image; run OCR"),
        (pdf(b"0 0 m 9 9 l S\n"), "scanned", "its letters, if any, are drawn"),
        (pdf(b""), "empty", "its pages are empty"),
        (b"Dear reader", "bad_pdf", "not a PDF"),
        (pdf(put(60, 700, PROSE))[:700], "bad_pdf", "download it again"),
        (b"%PDF-1.4\n" + b"\x00" * 50_000, "bad_pdf", "download it again"),
    ],
    ids=["scan", "one page", "drawn letters", "blank", "no PDF", "cut short", "zeros"],
)
def test_files_without_text_are_refused(tmp_path: Path, data: bytes, code: str, said: str) -> None:
    """What is wrong, and what to do about it."""
    error = refused(data, tmp_path)
    assert error.code == code
    assert said in str(error)


def test_locked_file_is_refused(tmp_path: Path) -> None:
    """A file that needs a password says so."""
    lock = b"<< /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O <%s> /U <%s> >>" % (b"11" * 32, b"22" * 32)
    data = one_page(stream(put(60, 700, PROSE)), lock)
    data = data.replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt 6 0 R /ID [<00> <00>]")
    error = refused(data, tmp_path)
    assert error.code == "locked"
    assert "password" in str(error)


def test_text_of_ocr_is_told(tmp_path: Path) -> None:
    """Unpainted letters over a picture of the page are what OCR read."""
    record = read(pdf(PICTURE + b"3 Tr " + block(60, 700, wrapped(PROSE))), tmp_path)
    assert record.raw_text == PROSE
    assert kinds(record) == ["ocr_text"]


def test_unknown_letters_are_told(tmp_path: Path) -> None:
    """A font that does not say which letters it shows gives U+FFFD, never a guess."""
    font = b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [7 0 R] >>"
    below = b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /DW 500 /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) >> >>"
    content = put(60, 700, "Known") + b"BT /F2 10 Tf 60 680 Td <00410042> Tj ET"
    data = one_page(stream(content), font, below, resources=b"/Font << /F1 5 0 R /F2 6 0 R >>")
    record = read(data, tmp_path)
    assert "Known" in record.raw_text
    assert record.raw_text.count("\ufffd") == 2
    assert kinds(record) == ["letters_unknown"]


def test_pages_beyond_the_limit_are_told(tmp_path: Path) -> None:
    """The first pages are read."""
    record = read(pdf(*[put(60, 700, "A page.")] * (PAGES + 3)), tmp_path)
    assert record.raw_text.count("A page.") == PAGES
    assert f"it has {PAGES + 3} pages" in record.notes[0][1]


def forms(count: int) -> list[bytes]:
    """Forms from object 6 on that each show the next one ten times."""
    entries = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /N %d 0 R >> >>"
    return [stream(b"/N Do " * 10, entries % (7 + i)) for i in range(count)] + [stream(b" " * 50_000, entries % 6)]


TABLE = one_page(stream(put(60, 700, "Still read"))).rfind(b"\nxref") + 1
BOMB = zlib.compress(b" " * 70_000_000)
MAP = b"begincmap 1 beginbfrange <00000000> <ffffffff> <0041> endbfrange endcmap"
WIDE = b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /W [0 4000000000 500] /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) >> >>"
TYPE0 = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [7 0 R] /ToUnicode 8 0 R >>"
)
LETTER = stream(b"begincmap 1 beginbfchar <0041> <0041> endbfchar endcmap")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (one_page(stream(BOMB, b"/Filter /FlateDecode")), "page_unreadable"),
        (one_page(stream(zlib.compress(BOMB), b"/Filter [/FlateDecode /FlateDecode]")), "page_unreadable"),
        (one_page(stream(b"\x01" * 2_000_000, b"/Filter /RunLengthDecode")), "page_unreadable"),
        (one_page(stream(b"/N Do"), *forms(9), resources=b"/XObject << /N 6 0 R >>"), "page_unreadable"),
        (
            one_page(
                stream(put(60, 700, "A")),
                FONT.replace(b" >>", b" /ToUnicode 7 0 R >>"),
                stream(MAP),
                resources=b"/Font << /F1 6 0 R >>",
            ),
            "page_unreadable",
        ),
        (one_page(stream(b"BT /F1 9 Tf (" + b"\\(" * 400_000 + b") Tj ET")), "page_unreadable"),
        (one_page(b"<< /Length 4 0 R >>\nstream\n\nendstream"), "bad_pdf"),
    ],
    ids=[
        "bomb",
        "bomb in a bomb",
        "run lengths",
        "forms of forms",
        "letters without end",
        "escapes",
        "length of itself",
    ],
)
def test_work_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes, code: str) -> None:
    """A small file that asks for endless memory or time is told within seconds."""
    monkeypatch.setitem(LIMITS, "font entries", 100_000)
    assert refused(data, tmp_path).code == code


@pytest.mark.parametrize(
    "data",
    [
        one_page(stream(put(60, 700, "Still read")), b"6 0 R", resources=b"/Font << /F1 5 0 R >> /XObject 6 0 R"),
        one_page(stream(put(60, 700, "Still read"))).replace(b"[3 0 R]", b"[2 0 R 3 0 R]"),
        one_page(
            stream(put(60, 700, "Still read")), resources=b"/Font << /F1 5 0 R >> /A " + b"[" * 50_000 + b"]" * 50_000
        ),
        one_page(
            stream(put(60, 700, "Still read") + b"/N Do"),
            stream(b"/N Do", b"/Subtype /Form /BBox [0 0 1 1]"),
            resources=b"/Font << /F1 5 0 R >> /XObject << /N 6 0 R >>",
        ),
        one_page(stream(put(60, 700, "Still read"))).replace(b"/Root", b"/Prev %d /Root" % TABLE),
        one_page(stream(put(60, 700, "Still read"))).split(b"xref")[0] + b"trailer << /Root 1 0 R >>",
        one_page(stream(put(60, 700, "Still read") + b"1 2 m 3.5 4 l S\n" * 200_000)),
        one_page(
            stream(b"BT /F1 10 Tf 60 700 Td <0041> Tj /F2 10 Tf 0 -20 Td (Still read) Tj ET"),
            TYPE0,
            WIDE,
            LETTER,
            resources=b"/Font << /F1 6 0 R /F2 5 0 R >>",
        ),
    ],
    ids=[
        "reference to itself",
        "page tree in a circle",
        "deep nesting",
        "form that shows itself",
        "tables in a circle",
        "no cross-reference table",
        "a map of drawing",
        "widths without end",
    ],
)
def test_odd_files_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    """Circles, depth and lost tables do not keep the text from being read; drawing counts little."""
    monkeypatch.setitem(LIMITS, "instruction bytes", 500_000)
    assert "Still read" in read(data, tmp_path).raw_text


def test_one_bad_page_does_not_cost_the_others(tmp_path: Path) -> None:
    """The page is named; the text of the others is there."""
    good = block(60, 600, wrapped(PROSE))
    record = read(pdf(good, b"BT /F1 9 Tf (" + b"\\(" * 400_000 + b") Tj ET", good), tmp_path)
    assert record.raw_text == f"{PROSE}\n\n{PROSE}"
    assert kinds(record) == ["page_unreadable"]
    assert "page 2 of 3 cannot be read" in record.notes[0][1]


def test_pdfminer_does_not_speak(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """What the library warns of goes to no log, and its logger is afterwards as before."""
    before = list(logging.getLogger("pdfminer").handlers)
    data = one_page(stream(put(60, 700, "Still read"))).replace(b"/MediaBox [0 0 612 792]", b"/MediaBox [0 0 612]    ")
    assert read(data, tmp_path).raw_text == "Still read"
    assert not caplog.records
    assert logging.getLogger("pdfminer").handlers == before
    assert logging.getLogger("pdfminer").propagate
