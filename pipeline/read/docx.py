"""Word documents: the text as a person sees it with all changes accepted, and the exports of news databases.

Read straight from the parts of the package, because a text may stand in content controls, text boxes,
tracked changes and notes alike. Kept are paragraphs, rows of tables (cells parted by a tab, or one under the
other where a cell holds several paragraphs), text boxes behind the paragraph they hang on, insertions, and
footnotes and endnotes at the end, in the order in which the text cites them. Left out are deletions, hidden
text and reviewers' comments (told, as changes are), field codes, the marks of notes, which would be read as
numbers of the story, and the headers and footers of pages, which are the same on every page. Only the parts that hold text are inflated, and never more of them than the limit for a file;
no link, macro, embedded object or other file is opened.

A document that is without doubt an export of a news database (Nexis Uni, Factiva) becomes one record per
article; every article must have all the marks of its kind, or the document is one record.

Neither the document's author, who is whoever had the computer, nor its dates say anything of the article.

One file because a paragraph, a table, a text box and a note are read by one walk over the same elements.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml import etree

from pipeline.errors import ReadError
from pipeline.ids import article_id
from pipeline.read.exports import Line, exports
from pipeline.read.formats import bounded
from pipeline.read.newsml import xml_root
from pipeline.read.record import Record, given_fields, storable

if TYPE_CHECKING:
    from pipeline.settings import ReadSettings

Element = Any
"""An element of lxml."""

_MAX_PARTS = 20_000
"""A Word document has hundreds of parts at most, pictures and all."""
_WORD = re.compile(r"\{[^}]*/wordprocessingml/(?:\d{4}/)?main\}")
"""The name space of Word's text, in the transitional and the strict form."""
_OFF = frozenset({"0", "false", "off"})
_THROUGH = frozenset(
    ["customXml", "dir", "bdo", "fldSimple", "hyperlink", "ins", "moveTo", "sdt", "sdtContent", "smartTag"]
)
"""Wrappers that leave what they hold in the text."""
_CHANGES = frozenset({"ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel"})
_BREAKS = {"br": "\n", "cr": "\n", "tab": "\t", "ptab": "\t", "noBreakHyphen": "\N{NON-BREAKING HYPHEN}"}
_NO_TITLE = re.compile(
    r"(?:document|dokument|doc|untitled|unbenannt|title|normal|microsoft word|word document|powerpoint|template)\b[\s\d]*"
    r"(?:-.*)?$|.*\.(?:docx?|docm|dotx?|rtf|html?|txt|pdf)$|https?:|\S*$",
    re.IGNORECASE,
)
"""What the property title holds when nobody has set it: a template's name, a file's, a single word."""


def records(path: Path, place: str, settings: ReadSettings) -> Iterator[Record | ReadError]:
    """The article of a Word document, or the articles of an export of many.

    Args:
        path: the file.
        place: where it lies in the corpus; an article of several is ``place#id``, the id made of its text.
        settings: how large the file, and its text when inflated, may be.

    Raises:
        ReadError: the file is too large, no Word document, encrypted, damaged or without text.
    """
    package = _Package(bounded(path, place, settings), place, settings.max_megabytes * 1_000_000)
    document = package.document()
    reader = _Reader(_styles(package), {kind: _by_id(package.related(kind)) for kind in ("footnote", "endnote")})
    lines = reader.document(document)
    if not any(line.text.strip() for line in lines):
        raise ReadError("empty", f"{place}: the document shows no text; a scanned page must be made text first", place)
    notes = _notes(document, reader)
    articles, doubt = exports(lines)
    if doubt:
        message = (
            f"it looks like an export of several articles, but {doubt}, so it was read as one; export them one by one"
        )
        notes.append(("export_not_split", message))
    if not articles:
        given, told = given_fields({"title": _title(lines, package)})
        yield Record(place, "docx", "", _joined(lines), given, notes=(*notes, *told))
    for found in articles:
        text = _joined(found.lines)
        given, told = given_fields(found.fields)
        here = place if len(articles) == 1 else f"{place}#{article_id(text)}"
        yield Record(here, "docx", "", text, given, notes=(*notes, *told))


def _joined(lines: Sequence[Line]) -> str:
    return storable("\n".join(line.text for line in lines).strip("\n"))


def _notes(document: Element, reader: _Reader) -> list[tuple[str, str]]:
    """What was left out of the text, or read in one of several ways."""
    notes = []
    changes = sum(_name(element) in _CHANGES for element in document.iter())
    comments = sum(_name(element) == "commentReference" for element in document.iter())
    embedded = sum(_name(element) == "altChunk" for element in document.iter())
    if changes:
        notes.append(
            ("tracked_changes", f"{changes} tracked change(s) were read as accepted; check that this is the text")
        )
    if comments:
        notes.append(("comments_left_out", f"{comments} comment(s) of reviewers were left out"))
    if embedded:
        notes.append(("part_left_out", f"{embedded} embedded file(s) were not read; open it in Word and save it again"))
    if reader.hidden:
        notes.append(("hidden_text", f"{reader.hidden} stretch(es) of hidden text were left out"))
    return notes


# --- the package ---------------------------------------------------------------------------------------------
class _Package:
    """The XML parts of a Word document, inflated when asked for and never beyond ``limit`` bytes in all."""

    def __init__(self, data: bytes, place: str, limit: int) -> None:
        self._place, self._left = place, limit
        self._limit = limit
        _check_kind(data, place)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            names = self._zip.namelist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError) as error:
            raise self._damaged(error) from error
        if len(names) > _MAX_PARTS:
            message = (
                f"{place}: {len(names)} parts are more than the {_MAX_PARTS} a Word document can have; save it again"
            )
            raise ReadError("too_large", message, place)
        self._names = {name.lstrip("/").lower(): name for name in names}
        self._main = self._targets("").get("officedocument", "word/document.xml")
        self._related = self._targets(self._main)

    def document(self) -> Element:
        """The root of the main part.

        Raises:
            ReadError: there is none.
        """
        root = self.part(self._main)
        if root is None or _name(root) != "document":
            message = f"{self._place}: it is no Word document; open it in Word or LibreOffice and save it as .docx"
            raise ReadError("not_docx", message, self._place)
        return root

    def related(self, kind: str) -> Element | None:
        """The root of the part with the notes or styles of the document, None if it has none."""
        target = self._related.get(f"{kind}s")
        return self.part(target) if target else None

    def property_title(self) -> str:
        """The title in the document's properties."""
        target = self._targets("").get("core-properties")
        root = self.part(target) if target else None
        titles = [] if root is None else [e.text or "" for e in root if etree.QName(e).localname == "title"]
        return " ".join(titles[0].split()) if titles else ""

    def part(self, name: str) -> Element | None:
        """The root of one XML part, None if the package has no such part.

        Raises:
            ReadError: it is damaged, encrypted, or larger than what is left of the limit.
        """
        held = self._names.get(name.lstrip("/").lower())
        if held is None:
            return None
        if self._zip.getinfo(held).file_size > self._left:
            raise self._too_large()
        try:
            with self._zip.open(held) as stream:
                data = stream.read(self._left + 1)
        except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError) as error:
            raise self._damaged(error) from error
        if len(data) > self._left:
            raise self._too_large()
        self._left -= len(data)
        root = xml_root(data, f"{self._place} ({held})")
        if root.getroottree().docinfo.internalDTD is not None:
            raise self._damaged("a part has a document type, which Word never writes")
        return root

    def _targets(self, source: str) -> dict[str, str]:
        """The internal parts that ``source`` refers to, by the last word of the kind of reference."""
        folder, name = posixpath.split(source)
        root = self.part(posixpath.join(folder, "_rels", f"{name}.rels"))
        targets: dict[str, str] = {}
        for one in [] if root is None else root:
            if _attribute(one, "TargetMode").lower() != "external":
                target = posixpath.normpath(posixpath.join("/", folder, _attribute(one, "Target")))
                targets.setdefault(_attribute(one, "Type").rpartition("/")[2].lower(), target.lstrip("/"))
        return targets

    def _damaged(self, why: object) -> ReadError:
        told = " ".join(str(why).split())
        message = f"{self._place}: the document is damaged ({told}); open it in Word or LibreOffice and save it again"
        return ReadError("bad_docx", message, self._place)

    def _too_large(self) -> ReadError:
        size = self._limit // 1_000_000
        message = f"{self._place}: its text is more than the limit of {size} MB; split it, or raise read.max_megabytes"
        return ReadError("too_large", message, self._place)


def _check_kind(data: bytes, place: str) -> None:
    """Tells files that only bear the name.

    Raises:
        ReadError: the file is encrypted, of an older Word, or something else.
    """
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            message = f"{place}: it is locked with a password; open it in Word and save it without one"
            raise ReadError("encrypted", message, place)
        message = (
            f"{place}: it is a document of Word 97 to 2003 (.doc); open it in Word or LibreOffice and save it as .docx"
        )
        raise ReadError("not_docx", message, place)
    if not data.startswith(b"PK"):
        kind = "RTF" if data.startswith(b"{\\rtf") else "no Word document"
        message = f"{place}: it is {kind} in spite of its name; open it in Word or LibreOffice and save it as .docx"
        raise ReadError("not_docx", message, place)


def _name(element: Element) -> str:
    """The name of an element of Word's own, without its name space; empty for any other."""
    tag = element.tag
    return _WORD.sub("", tag) if isinstance(tag, str) and _WORD.match(tag) else ""


def _attribute(element: Element, name: str) -> str:
    """The value of an attribute, whatever its name space."""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def _child(element: Element | None, *names: str) -> Element | None:
    """The first element that is reached by a path of names."""
    for name in names:
        element = None if element is None else next((child for child in element if _name(child) == name), None)
    return element


def _by_id(root: Element | None) -> dict[str, Element]:
    return {} if root is None else {_attribute(note, "id"): note for note in root if not _attribute(note, "type")}


# --- the text ------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class _Style:
    level: int | None
    hidden: bool


def _styles(package: _Package) -> dict[str, _Style]:
    """Level and visibility of each style, taken over from the style it is based on."""
    root = package.related("style")
    held = {} if root is None else {_attribute(s, "styleId"): s for s in root if _name(s) == "style"}
    made: dict[str, _Style] = {}
    for identifier in held:
        level, hidden, at = None, None, identifier
        for _ in range(12):  # Word itself follows no longer chain
            style = held.get(at)
            if style is None:
                break
            level = _level(style) if level is None else level
            hidden = _switch(_child(style, "rPr", "vanish")) if hidden is None else hidden
            based = _child(style, "basedOn")
            at = "" if based is None else _attribute(based, "val")
        made[identifier] = _Style(level, bool(hidden))
    return made


def _level(style: Element) -> int | None:
    named = _child(style, "name")
    name = "" if named is None else _attribute(named, "val").lower()
    if name == "title":
        return 0
    if heading := re.match(r"heading (\d)$", name):
        return int(heading[1])
    return _outline(style)


def _outline(element: Element) -> int | None:
    outline = _child(element, "pPr", "outlineLvl")
    value = "" if outline is None else _attribute(outline, "val")
    return int(value) + 1 if value in "012345678" and value else None


def _switch(element: Element | None) -> bool | None:
    """Whether a property is on; None where it is not set."""
    return None if element is None else _attribute(element, "val").lower() not in _OFF


def _parts(element: Element) -> Iterator[Element]:
    """What stands in ``element``, wrappers opened; those of deleted text stay closed."""
    for child in element:
        name = _name(child)
        if name in _THROUGH:
            if name != "sdt" or _child(child, "sdtPr", "showingPlcHdr") is None:
                yield from _parts(child)
        elif name:
            yield child
        elif isinstance(child.tag, str) and child.tag.endswith("}AlternateContent"):
            # The same thing for newer and for older programs: one of them.
            choices = sorted(child, key=lambda choice: not str(choice.tag).endswith("}Choice"))
            yield from _parts(choices[0]) if choices else ()
        elif not name and isinstance(child.tag, str) and etree.QName(child).localname in ("oMath", "oMathPara"):
            yield child


class _Reader:
    """Walks through a document once; ``hidden`` counts the stretches of hidden text that were met."""

    def __init__(self, styles: Mapping[str, _Style], notes: Mapping[str, Mapping[str, Element]]) -> None:
        self.hidden = 0
        self._styles, self._notes = styles, notes
        self._cited: list[tuple[str, str]] = []
        self._words: list[str] = []
        self._boxes: list[Element] = []

    def document(self, root: Element) -> list[Line]:
        """The lines of the text, then those of its notes."""
        body = _child(root, "body")
        lines = [] if body is None else self._blocks(body)
        read: set[tuple[str, str]] = set()
        for cited in self._cited:  # grows as it is read: a note may cite another
            note = None if cited in read else self._notes[cited[0]].get(cited[1])
            read.add(cited)
            lines += [] if note is None else [line for line in self._blocks(note) if line.text.strip()]
        return lines

    def _blocks(self, element: Element) -> list[Line]:
        lines: list[Line] = []
        for part in _parts(element):
            name = _name(part)
            if name == "p":
                lines += self._paragraph(part)
            elif name == "tbl":
                for row in _parts(part):
                    if _name(row) == "tr" and _child(row, "trPr", "del") is None:
                        lines += self._row(row)
            elif not name:
                self._inline(part, hidden=False)
                lines += self._taken(None)
        if self._words or self._boxes:  # the last paragraph's mark was deleted
            lines += self._taken(None)
        return lines

    def _paragraph(self, paragraph: Element) -> list[Line]:
        styled = _child(paragraph, "pPr", "pStyle")
        style = self._styles.get("" if styled is None else _attribute(styled, "val"), _Style(None, hidden=False))
        own = _outline(paragraph)
        self._inline(paragraph, hidden=style.hidden)
        if _child(paragraph, "pPr", "rPr", "del") is not None:
            return []  # the next paragraph goes on in the same line
        return self._taken(style.level if own is None else own)

    def _taken(self, level: int | None) -> list[Line]:
        """The words so far as a line, and below it the text boxes that hang on it."""
        boxes, self._boxes = self._boxes, []
        lines = [Line("".join(self._words).rstrip(" \t\n"), level)]
        self._words.clear()
        for box in boxes:
            lines += self._blocks(box)
        return lines

    def _row(self, row: Element) -> list[Line]:
        """One line if no cell has more than one, else the lines of the cells one after the other."""
        kept = (cell for cell in _parts(row) if _name(cell) == "tc" and _child(cell, "tcPr", "cellDel") is None)
        cells = [[line for line in self._blocks(cell) if line.text.strip()] for cell in kept]
        if all(len(lines) <= 1 for lines in cells) and len(cells) > 1:
            text = "\t".join(lines[0].text.replace("\n", " ") if lines else "" for lines in cells).strip("\t")
            return [Line(text)] if text else []
        return [line for lines in cells for line in lines]

    def _inline(self, element: Element, *, hidden: bool) -> None:
        """Takes up the words of a paragraph, run by run."""
        for part in _parts(element):
            name = _name(part)
            if name == "r":
                self._run(part, hidden=self._is_hidden(part, paragraph=hidden))
            elif name == "ruby":
                base = _child(part, "rubyBase")
                if base is not None:
                    self._inline(base, hidden=hidden)
            elif not name:
                self._words += [t.text or "" for t in part.iter() if str(t.tag).endswith("/math}t")]

    def _is_hidden(self, run: Element, *, paragraph: bool) -> bool:
        own = _switch(_child(run, "rPr", "vanish"))
        styled = _child(run, "rPr", "rStyle")
        style = self._styles.get("" if styled is None else _attribute(styled, "val"))
        return paragraph or bool(style and style.hidden) if own is None else own

    def _run(self, run: Element, *, hidden: bool) -> None:
        for part in _parts(run):
            name = _name(part)
            if hidden:
                self.hidden += name == "t"
            elif name == "t":
                self._words.append(re.sub(r"[\r\n]+", " ", part.text or ""))
            elif name in _BREAKS:
                self._words.append(_BREAKS[name])
            elif name == "sym":
                code = _attribute(part, "char")
                self._words.append(chr(int(code, 16)) if re.fullmatch(r"[0-9A-Fa-f]{1,4}", code) else "")
            elif name in ("footnoteReference", "endnoteReference"):
                self._cited.append((name.removesuffix("Reference"), _attribute(part, "id")))
            elif name in ("drawing", "pict", "object"):
                self._boxes += _outer_boxes(part)
            elif name == "ruby":
                self._inline(part, hidden=hidden)


def _outer_boxes(drawing: Element) -> list[Element]:
    """The contents of text boxes in a drawing; a box inside a box is read with it."""
    found, stack = [], [drawing]
    while stack:
        element = stack.pop()
        if _name(element) == "txbxContent":
            found.append(element)
        elif str(element.tag).endswith("}AlternateContent"):
            stack.extend(list(element)[:1])
        else:
            stack.extend(reversed(element))
    return found


def _title(lines: Sequence[Line], package: _Package) -> str | None:
    """The line set as title, else the only heading if it opens the text, else the document's property."""
    told = [line for line in lines if line.text.strip()]
    titles = [line for line in told[:6] if line.level == 0]
    if len(titles) == 1:
        return " ".join(titles[0].text.split())
    if told[0].level == 1 and sum(line.level == 1 for line in told) == 1:
        return " ".join(told[0].text.split())
    title = package.property_title()
    return None if not title or _NO_TITLE.match(title) else title
