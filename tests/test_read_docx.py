"""Word documents: what a person sees of them, the exports of news databases, and files that are none."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import docx
import pytest

from pipeline.errors import ReadError
from pipeline.read.docx import records
from pipeline.read.record import Record
from pipeline.settings import ReadSettings

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
FIRST = "Police in Halmet detained about 40 people on Tuesday after a protest against the dam."
SECOND = "At least 12 people were taken to hospital with broken bones, two doctors said."


def package(body: str, /, *, space: str = W, **parts: str | bytes) -> bytes:
    """A document with this content of its body; ``parts`` are further parts of ``word/``, by name without suffix."""
    related = "".join(
        f"<Relationship Id='r{n}' Type='{OFFICE}/{name}' Target='{name}.xml'/>" for n, name in enumerate(parts)
    )
    rels = "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>{}</Relationships>"
    names = (
        f"xmlns:w='{space}' xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006' xmlns:v='urn:v' "
        "xmlns:wps='urn:wps' xmlns:m='http://schemas.openxmlformats.org/officeDocument/2006/math'"
    )
    made: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>",
        "_rels/.rels": rels.format(
            f"<Relationship Id='r' Type='{OFFICE}/officeDocument' Target='/word/document.xml'/>"
        ),
        "word/document.xml": f"<w:document {names}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": rels.format(
            related
            + f"<Relationship Id='x' Type='{OFFICE}/hyperlink' Target='http://x.example/' TargetMode='External'/>"
        ),
    }
    for name, part in parts.items():
        inside = part.format(names=names) if isinstance(part, str) else part
        made[f"word/{name}.xml"] = inside
    return zipped(made)


def zipped(members: dict[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return stream.getvalue()


def saved(document: Any) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def p(*runs: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


def r(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r>"


def found(tmp_path: Path, data: bytes, **settings: Any) -> list[Record | ReadError]:
    path = tmp_path / "a.docx"
    path.write_bytes(data)
    return list(records(path, "a.docx", ReadSettings(**settings)))


def one(tmp_path: Path, data: bytes) -> Record:
    (record,) = found(tmp_path, data)
    assert isinstance(record, Record)
    return record


def refused(tmp_path: Path, data: bytes, **settings: Any) -> ReadError:
    with pytest.raises(ReadError) as caught:
        found(tmp_path, data, **settings)
    return caught.value


# --- the text ------------------------------------------------------------------------------------------------
def test_a_document_made_by_another_library(tmp_path: Path) -> None:
    """Headings, paragraphs, lists and tables in the order of the page, a paragraph a line, an empty one a blank line."""
    document = docx.Document()
    document.add_heading("Arrests at the dam", 0)
    document.add_paragraph("By Ana Bel")
    document.add_paragraph("")
    document.add_paragraph(FIRST)
    table = document.add_table(2, 2)
    for cell, text in zip((c for row in table.rows for c in row.cells), ("Halmet", "40", "Sarn", ""), strict=True):
        cell.text = text
    document.add_heading("What came next", 2)
    document.add_paragraph("one", style="List Bullet")
    document.add_paragraph("two", style="List Number")
    document.add_paragraph("so he said\nand left\tat once").add_run("").add_break(docx.enum.text.WD_BREAK.PAGE)
    document.sections[0].header.paragraphs[0].text = "A running head"
    document.core_properties.author = "Some User"
    record = one(tmp_path, saved(document))
    assert record.raw_text.split("\n") == [
        "Arrests at the dam", "By Ana Bel", "", FIRST, "Halmet\t40", "Sarn", "What came next", "one", "two",
        "so he said", "and left\tat once",
    ]  # fmt: skip
    assert (record.place, record.format, record.encoding, record.notes) == ("a.docx", "docx", "", ())
    assert record.given == {"title": "Arrests at the dam"}


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (p(r("one "), r("word")), "one word"),
        (p(r("one\nword")), "one word"),
        (p(f"<w:hyperlink>{r('a link')}</w:hyperlink>"), "a link"),
        (p("<w:r><w:t>a</w:t><w:noBreakHyphen/><w:t>b</w:t><w:softHyphen/><w:t>c</w:t></w:r>"), "a\u2011bc"),
        (p("<w:r><w:t>a</w:t><w:cr/><w:t>b</w:t></w:r>"), "a\nb"),
        (p(f"<w:ins>{r('kept')}</w:ins><w:del><w:r><w:delText>gone</w:delText></w:r></w:del>"), "kept"),
        (p(f"<w:moveFrom>{r('x')}</w:moveFrom>", r("a ")) + p(f"<w:moveTo>{r('x')}</w:moveTo>"), "a\nx"),
        (p(r("one "), properties="<w:rPr><w:del/></w:rPr>") + p(r("two")), "one two"),
        (p(r("one"), properties="<w:rPr><w:del/></w:rPr>"), "one"),
        (p(r("seen"), r("hidden", "<w:vanish/>"), r(" too", "<w:vanish w:val='0'/>")), "seen too"),
        (
            p(
                "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>"
                "<w:r><w:fldChar w:fldCharType='separate'/></w:r>" + r("3")
            ),
            "3",
        ),
        (p(f"<w:fldSimple w:instr='DATE'>{r('3 May')}</w:fldSimple>"), "3 May"),
        (f"<w:sdt><w:sdtPr/><w:sdtContent>{p(r('in a control'))}</w:sdtContent></w:sdt>", "in a control"),
        (f"{p(r('x'))}<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{p(r('click'))}</w:sdtContent></w:sdt>", "x"),
        (p(f"<w:smartTag><w:smartTag>{r('Halmet')}</w:smartTag></w:smartTag>"), "Halmet"),
        (p("<w:ruby><w:rt><w:r><w:t>aid</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>base</w:t></w:r></w:rubyBase></w:ruby>"), "base"),
        (p(r("x = "), "<m:oMath><m:r><m:t>y</m:t></m:r></m:oMath>"), "x = y"),
        (p(r("AT&amp;T &lt;b&gt; é")), "AT&T <b> é"),
    ],
)  # fmt: skip
def test_what_a_person_sees(tmp_path: Path, body: str, text: str) -> None:
    """All changes accepted, fields shown by their result, nothing hidden; strict documents read the same."""
    assert one(tmp_path, package(body)).raw_text == text
    assert one(tmp_path, package(body, space=STRICT)).raw_text == text


def test_a_text_box_follows_its_paragraph_once(tmp_path: Path) -> None:
    """It is held twice, for newer and older programs."""
    box = f"<w:txbxContent>{p(r('A caption.'))}{p(r('Lee Mor'))}</w:txbxContent>"
    drawing = (
        f"<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert one(tmp_path, package(p(drawing, r(FIRST)) + p(r(SECOND)))).raw_text.split("\n") == [
        FIRST, "A caption.", "Lee Mor", SECOND,
    ]  # fmt: skip
    old = f"<w:r><w:pict><v:textbox>{box}</v:textbox></w:pict></w:r>"
    assert one(tmp_path, package(p(r("x"), old))).raw_text.split("\n") == ["x", "A caption.", "Lee Mor"]
    inner = drawing.removeprefix("<w:r>").removesuffix("</w:r>")
    group = f"<w:r><w:drawing><wps:group>{inner}</wps:group></w:drawing></w:r>"
    assert one(tmp_path, package(p(r("x"), group))).raw_text.split("\n") == ["x", "A caption.", "Lee Mor"]


def test_a_page_pasted_into_a_table(tmp_path: Path) -> None:
    """Cells of one paragraph stand on one line; where a cell has more, each paragraph has its own; deleted rows are gone."""
    cell = "<w:tc>{}</w:tc>"
    layout = cell.format(p(r(FIRST)) + p(r(SECOND))) + cell.format(p(r("Menu")))
    row = cell.format(p(r("a"))) + cell.format(p(r("b")))
    table = f"<w:tbl><w:tr>{layout}</w:tr><w:tr><w:trPr><w:del/></w:trPr>{row}</w:tr><w:tr>{row}</w:tr></w:tbl>"
    assert one(tmp_path, package(table)).raw_text.split("\n") == [FIRST, SECOND, "Menu", "a\tb"]
    joined = cell.format(p(r("a"), properties="<w:rPr><w:del/></w:rPr>")) + cell.format(p(r("b")))
    assert one(tmp_path, package(f"<w:tbl><w:tr>{joined}</w:tr></w:tbl>")).raw_text == "a\tb"
    single = f"<w:tbl><w:tr>{cell.format(p('<w:r><w:t>a</w:t><w:br/><w:t>b</w:t></w:r>'))}</w:tr></w:tbl>"
    assert one(tmp_path, package(single)).raw_text == "a\nb"


def test_notes_stand_at_the_end(tmp_path: Path) -> None:
    """Footnotes and endnotes stand in the order in which the text cites them; uncited ones and all marks are left out."""
    notes = "<w:{0}s {{names}}><w:{0} w:id='0' w:type='separator'>{1}</w:{0}><w:{0} w:id='1'>{2}</w:{0}><w:{0} w:id='2'>{1}</w:{0}></w:{0}s>"
    data = package(
        p(r("One"), "<w:r><w:endnoteReference w:id='1'/></w:r>")
        + p(r("Two"), "<w:r><w:footnoteReference w:id='1'/></w:r>"),
        footnotes=notes.format("footnote", p(r("x")), p(r("Foot.")) + p(r("More."))),
        endnotes=notes.format("endnote", p(r("x")), p("<w:r><w:endnoteRef/></w:r>", r("End."))),
    )
    assert one(tmp_path, data).raw_text.split("\n") == ["One", "Two", "End.", "Foot.", "More."]


def test_notes_that_cite_each_other(tmp_path: Path) -> None:
    """Each is read once, in a ring too."""
    cite = "<w:r><w:footnoteReference w:id='{}'/></w:r>"
    note = "<w:footnote w:id='{}'>{}</w:footnote>"
    notes = note.format(1, p(r("One."), cite.format(2))) + note.format(2, p(r("Two."), cite.format(1), cite.format(2)))
    data = package(p(r("x"), cite.format(1), cite.format(1)), footnotes=f"<w:footnotes {{names}}>{notes}</w:footnotes>")
    assert one(tmp_path, data).raw_text.split("\n") == ["x", "One.", "Two."]


def test_what_was_left_out_is_told(tmp_path: Path) -> None:
    """Comments, changes, hidden text and embedded files, each with their number."""
    body = (
        p(r("seen"), "<w:r><w:commentReference w:id='1'/></w:r><w:r><w:commentReference w:id='2'/></w:r>")
        + p(f"<w:ins>{r('new')}</w:ins>", r("hidden", "<w:vanish/>"))
        + "<w:altChunk/>"
    )
    notes = dict(one(tmp_path, package(body)).notes)
    assert sorted(notes) == ["comments_left_out", "hidden_text", "part_left_out", "tracked_changes"]
    assert notes["comments_left_out"].startswith("2 ")


def test_text_hidden_by_its_style(tmp_path: Path) -> None:
    """A style may hide text, and a style based on it too."""
    styles = (
        "<w:styles {names}><w:style w:styleId='A'><w:rPr><w:vanish/></w:rPr></w:style>"
        "<w:style w:styleId='B'><w:basedOn w:val='A'/></w:style><w:style w:styleId='C'><w:basedOn w:val='C'/></w:style></w:styles>"
    )
    body = p(r("a", "<w:rStyle w:val='B'/>"), r("b")) + p(
        r("c"), r("d", "<w:vanish w:val='false'/>"), properties="<w:pStyle w:val='B'/>"
    )
    assert one(tmp_path, package(body, styles=styles)).raw_text == "b\nd"


# --- what it says of itself ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("lines", "property_title", "title"),
    [
        ([("Title", "Arrests at the dam"), ("Normal", FIRST)], "Old name of a file", "Arrests at the dam"),
        ([("Heading 1", "Arrests at the dam"), ("Heading 2", "Next"), ("Normal", FIRST)], "", "Arrests at the dam"),
        ([("Heading 1", "One"), ("Heading 1", "Two")], "", None),
        ([("Normal", "By Ana Bel"), ("Heading 1", "One")], "", None),
        ([("Normal", FIRST)], "Arrests at the dam", "Arrests at the dam"),
        ([("Normal", FIRST)], "Document1", None),
        ([("Normal", FIRST)], "Microsoft Word - dam story.doc", None),
        ([("Normal", FIRST)], "dam story final.docx", None),
        ([("Normal", FIRST)], "Template", None),
        ([("Normal", FIRST)], "", None),
    ],
)
def test_title(tmp_path: Path, lines: Sequence[tuple[str, str]], property_title: str, title: str | None) -> None:
    """The line set as title, the only heading on top, or the document's property unless a program set it."""
    document = docx.Document()
    for style, text in lines:
        document.add_paragraph(text, style=style)
    document.core_properties.title = property_title
    assert one(tmp_path, saved(document)).given == ({"title": title} if title else {})


# --- exports of news databases -------------------------------------------------------------------------------
COVER = ["Date and Time:\u00a0Friday, May 1, 2020", "Job Number:\u00a0123", "Documents (2)", "1. Arrests at the dam"]


def nexis(title: str = "Arrests at the dam", date: str = "January 3, 2019 Thursday", without: str = "") -> list[str]:
    lines = [
        title, "Valley Standard", date, "Copyright 2019 Valley Standard Ltd", "All Rights Reserved",
        "Section:\u00a0NEWS; Pg. 1", "Length:\u00a0512 words", "Byline:\u00a0By ANA BEL", "Dateline: HALMET",
        "Highlight: A square was sealed.", "Body", "", FIRST, SECOND, "Graphic", "Officers in the square.",
        "Classification", "Language:\u00a0ENGLISH", "Subject: POLICE (90%)", "Load-Date:\u00a0January 4, 2019",
        "End of Document",
    ]  # fmt: skip
    return [line for line in lines if not without or not line.startswith(without)]


def factiva(title: str = "Arrests at the dam", number: str = "VALSTA0020190103ef13000ab") -> list[str]:
    return [
        title, "By Ana Bel", "1,512 words", "3 January 2019", "10:20", "Valley Standard", "VALSTA", "1", "English",
        "Copyright 2019 Valley Standard Ltd. All Rights Reserved.", FIRST, SECOND, f"Document {number}",
    ]  # fmt: skip


def export(*lines: str, heading: str = "") -> bytes:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line, style="Heading 1" if line == heading else "Normal")
    return saved(document)


def test_nexis_export(tmp_path: Path) -> None:
    """Each article is a record with what was printed; the database's own lines are read, not kept as text."""
    first, second = found(tmp_path, export(*COVER, *nexis(), "", *nexis("Minister defends police", "4 January 2019")))
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert first.raw_text.split("\n") == [
        "Arrests at the dam", "A square was sealed.", "By ANA BEL", "HALMET", "", FIRST, SECOND, "Officers in the square.",
    ]  # fmt: skip
    assert first.given == {
        "title": "Arrests at the dam",
        "outlet": "Valley Standard",
        "published": "January 3, 2019",
        "authors": ["Ana Bel"],
    }
    assert (second.given["title"], second.given["published"]) == ("Minister defends police", "4 January 2019")
    assert first.place != second.place
    assert first.place.startswith("a.docx#a_")


def test_places_of_an_export_do_not_depend_on_the_order(tmp_path: Path) -> None:
    """An article keeps its place when others are added."""
    one_way = found(tmp_path, export(*nexis("One thing"), *nexis("Two things")))
    other_way = found(tmp_path, export(*nexis("Three things"), *nexis("Two things"), *nexis("One thing")))
    assert {x.place for x in one_way if isinstance(x, Record)} < {x.place for x in other_way if isinstance(x, Record)}


def test_an_export_of_one_article(tmp_path: Path) -> None:
    """It is one record in the place of its file, and says as much of itself."""
    record = one(tmp_path, export(*COVER, *nexis()))
    assert (record.place, record.given["outlet"]) == ("a.docx", "Valley Standard")


def test_an_article_of_pictures_alone(tmp_path: Path) -> None:
    """Its captions are its text."""
    lines = [line for line in nexis("Officers at work") if line not in ("Body", FIRST, SECOND)]
    _, second = found(tmp_path, export(*nexis(), *lines))
    assert isinstance(second, Record)
    assert second.raw_text.endswith("HALMET\nOfficers in the square.")


def test_an_undated_article_of_an_export_needs_its_heading(tmp_path: Path) -> None:
    """Without a date the title must be set as heading; the date stays open and is not that of loading."""
    lines = [*nexis(), *nexis("Winter on the river", "Winter 2019")]
    _, second = found(tmp_path, export(*lines, heading="Winter on the river"))
    assert isinstance(second, Record)
    assert (second.given["title"], second.given["outlet"]) == ("Winter on the river", "Valley Standard")
    assert "published" not in second.given
    assert [code for code, _ in one(tmp_path, export(*lines)).notes] == ["export_not_split"]


@pytest.mark.parametrize("mark", ["Length", "Valley"])
def test_an_export_with_a_doubt_is_one_record(tmp_path: Path, mark: str) -> None:
    """Every article must have every mark; otherwise the document stays whole, and that is told."""
    lines = nexis("Minister defends police", without=mark)
    record = one(tmp_path, export(*nexis(), *lines))
    assert record.raw_text.count(FIRST) == 2
    assert [code for code, _ in record.notes] == ["export_not_split"]


@pytest.mark.parametrize("lines", [[*nexis(), FIRST], [FIRST, *nexis(), *nexis("Minister defends police")]])
def test_text_outside_the_articles_is_a_doubt(tmp_path: Path, lines: list[str]) -> None:
    """It may be an article cut short; a cover page is known by how it starts."""
    record = one(tmp_path, export(*lines))
    assert [code for code, _ in record.notes] == ["export_not_split"]


def test_a_text_that_speaks_of_such_marks_is_none(tmp_path: Path) -> None:
    """One mark is not an export."""
    record = one(tmp_path, export(FIRST, "Body", SECOND, "End of Document"))
    assert (record.raw_text.split("\n")[-1], record.notes) == ("End of Document", ())


def test_factiva_export(tmp_path: Path) -> None:
    """An article ends in its number; above are title, byline, length, date, outlet and copyright."""
    lines = [*factiva(), *factiva("Minister defends police", "VALSTA0020190104ef13000cd"), "Search Summary", "Text dam"]
    first, second = found(tmp_path, export(*lines))
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert first.raw_text.split("\n") == ["Arrests at the dam", "By Ana Bel", FIRST, SECOND]
    assert first.given == {
        "title": "Arrests at the dam",
        "outlet": "Valley Standard",
        "published": "3 January 2019",
        "authors": ["Ana Bel"],
    }
    assert second.given["title"] == "Minister defends police"
    lines[lines.index("1,512 words")] = "long"
    assert [code for code, _ in one(tmp_path, export(*lines)).notes] == ["export_not_split"]


def test_a_factiva_title_under_a_section_needs_its_heading(tmp_path: Path) -> None:
    """Of two lines above the length either may be the title, unless one is set as heading."""
    lines = ["World News", *factiva()]
    assert "title" not in one(tmp_path, export(*lines)).given
    assert one(tmp_path, export(*lines, heading="Arrests at the dam")).given["title"] == "Arrests at the dam"


# --- refusals ------------------------------------------------------------------------------------------------
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
LAUGHS = "<!DOCTYPE d [<!ENTITY a 'lol'>{}]><w:document xmlns:w='{}'><w:body><w:p><w:r><w:t>&i;</w:t></w:r></w:p></w:body></w:document>".format(
    "".join(f"<!ENTITY {new} '{f'&{old};' * 10}'>" for old, new in zip("abcdefgh", "bcdefghi", strict=True)), W
)
OUTSIDE = f"<!DOCTYPE d SYSTEM 'file:///etc/passwd'><w:document xmlns:w='{W}'><w:body/></w:document>"


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"", "not_docx", ".docx"),
        (b"plain text", "not_docx", ".docx"),
        (b"{\\rtf1 text}", "not_docx", "RTF"),
        (OLE, "not_docx", ".doc"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted", "password"),
        (b"PK\x03\x04 cut short", "bad_docx", "damaged"),
        (zipped({"a.txt": "x"}), "not_docx", "Word"),
        (zipped({"word/document.xml": "<a/>"}), "not_docx", "Word"),
        (zipped({"word/document.xml": "<a"}), "bad_xml", "word/document.xml"),
        (zipped({"word/document.xml": LAUGHS}), "bad_xml", "word/document.xml"),
        (zipped({"word/document.xml": OUTSIDE}), "bad_docx", "document type"),
        (package(""), "empty", "no text"),
        (package(p(r(" ")) + p(r("\u200b", "<w:vanish/>"))), "empty", "no text"),
    ],
)
def test_what_is_refused(tmp_path: Path, data: bytes, code: str, words: str) -> None:
    """Every refusal names the file, what is wrong with it and what to do."""
    error = refused(tmp_path, data)
    assert error.code == code
    assert str(error).startswith("a.docx")
    assert words in str(error)


def test_a_bomb_is_not_inflated(tmp_path: Path) -> None:
    """A part is read up to the limit, whatever size it declares; parts without text are not read at all."""
    text = f"<w:document xmlns:w='{W}'><w:body><w:p><w:r><w:t>{'x' * 3_000_000}</w:t></w:r></w:p></w:body></w:document>"
    bomb = zipped({"word/document.xml": text})
    assert len(bomb) < 10_000
    assert refused(tmp_path, bomb, max_megabytes=1).code == "too_large"
    declared = len(text).to_bytes(4, "little")
    lying = bomb.replace(declared, (100).to_bytes(4, "little"))
    assert refused(tmp_path, lying, max_megabytes=1).code in ("too_large", "bad_docx")
    picture = zipped({"word/document.xml": text.replace("x" * 3_000_000, FIRST), "word/media/a.png": bytes(3_000_000)})
    assert len(found(tmp_path, picture, max_megabytes=1)) == 1


def test_too_many_parts(tmp_path: Path) -> None:
    """More parts than any document has are refused."""
    assert refused(tmp_path, zipped({f"{n}": "" for n in range(20_001)})).code == "too_large"


def test_a_reference_out_of_the_package_is_not_followed(tmp_path: Path) -> None:
    """Neither to a folder above nor to a place elsewhere: such a part is as good as missing."""
    outside = tmp_path / "secret.xml"
    outside.write_text(
        f"<w:footnotes xmlns:w='{W}'><w:footnote w:id='1'><w:p><w:r><w:t>secret</w:t></w:r></w:p></w:footnote></w:footnotes>"
    )
    data = package(p(r("x"), "<w:r><w:footnoteReference w:id='1'/></w:r>"), footnotes="<a/>")
    for target in ("../../secret.xml", outside.as_posix(), outside.as_uri(), "NULL"):
        with zipfile.ZipFile(io.BytesIO(data)) as held:
            members: dict[str, str | bytes] = {name: held.read(name) for name in held.namelist()}
        rels = members["word/_rels/document.xml.rels"]
        assert isinstance(rels, bytes)
        members["word/_rels/document.xml.rels"] = rels.replace(b"footnotes.xml", target.encode())
        assert one(tmp_path, zipped(members)).raw_text == "x"
    members["word/footnotes.xml"] = outside.read_bytes()
    for mode, text in (("External", "x"), ("Internal", "x\nsecret")):
        named = rels.replace(b"Target='footnotes.xml'", f"Target='footnotes.xml' TargetMode='{mode}'".encode())
        assert one(tmp_path, zipped(members | {"word/_rels/document.xml.rels": named})).raw_text == text


def test_deep_nesting_is_an_error_like_any_other(tmp_path: Path) -> None:
    """No document nests so deep; the reader's own stack is never in danger."""
    deep = "<w:smartTag>" * 300 + r("x") + "</w:smartTag>" * 300
    assert refused(tmp_path, package(p(deep))).code == "bad_xml"
    tables = 55
    nested = "<w:tbl><w:tr><w:tc>" * tables + p(r("x")) + "</w:tc></w:tr></w:tbl>" * tables
    assert one(tmp_path, package(nested)).raw_text == "x"
