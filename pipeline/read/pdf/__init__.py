"""PDF files with a text layer, by pdfminer.six.

One file is one record: the text of its pages in reading order. What stands on a page as a picture only
cannot be read and is told page by page. Of the document information, which programs fill in, a title or
an author counts only if the pages show it too; its dates are those of the file, not of the article.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect

from pipeline.errors import ReadError
from pipeline.read.formats import bounded
from pipeline.read.pdf.layout import Line, lines_of
from pipeline.read.pdf.pages import UNKNOWN, Document, Page, document
from pipeline.read.pdf.paragraphs import text_of
from pipeline.read.record import Record, given_fields, storable

if TYPE_CHECKING:
    from pipeline.settings import ReadSettings

_NO_TITLE = re.compile(
    r"microsoft |\.(docx?|pdf|indd|qxd|pmd|html?|xlsx?|pptx?|odt|rtf|txt|tmp)\b|untitled"
    r"|^(document|slide|page|scan)\s*\d*$|[\\/]|https?:",
    re.IGNORECASE,
)
_NAME = re.compile(r"[^\W\d_][^\W\d_.'’-]*\.?(?: (?:[^\W\d_][^\W\d_'’-]*\.?)(?:-[^\W\d_]+)?){1,3}")
_ADDRESS = re.compile(r"https?://[^\s…]+")
_PICTURE = 0.5
"""Share of a page from which a picture is the page: a scan fills it, a photograph of a report does not."""


def records(path: Path, place: str, settings: ReadSettings) -> Iterator[Record | ReadError]:
    """The one record of a file.

    Raises:
        ReadError: it is no PDF, locked, broken, or has no text layer.
    """
    data = bounded(path, place, settings)
    if b"%PDF-" not in data[:1024]:
        raise ReadError("bad_pdf", f"{place}: not a PDF inside; look what it is, or download it again")
    with _quiet():
        found = _opened(data, place)
        pages = [_lines(page) for page in found.pages]
    notes = list(_problems(found, pages, place))
    if not any(line.text.strip(f"{UNKNOWN} ") for page in pages for line in page):
        raise ReadError(notes[0][0] if notes else "empty", notes[0][1] if notes else f"{place}: its pages are empty")
    text = text_of(pages, [page.height for page in found.pages])
    given, doubts = given_fields(_given(found.info, pages, text))
    yield Record(place, "pdf", "", storable(text), given, notes=(*notes, *doubts))


@contextmanager
def _quiet() -> Iterator[None]:
    """What pdfminer warns of while it copes with a file is not for the user."""
    logger = logging.getLogger("pdfminer")
    silent, propagated = logging.NullHandler(), logger.propagate
    logger.addHandler(silent)
    logger.propagate = False
    try:
        yield
    finally:
        logger.propagate = propagated
        logger.removeHandler(silent)


def _opened(data: bytes, place: str) -> Document:
    try:
        found = document(data)
    except PDFPasswordIncorrect as error:
        raise ReadError(
            "locked",
            f"{place}: it is locked with a password; open it with the password, save it without one, and run again",
        ) from error
    except PDFEncryptionError as error:
        raise ReadError(
            "locked",
            f"{place}: its protection is of a kind that is not read; open it, print it to a new PDF, and run again",
        ) from error
    except Exception as error:
        why = " ".join(f"{type(error).__name__}: {error}".split())[:120]
        raise ReadError(
            "bad_pdf", f"{place}: the PDF is broken ({why}); download it again, or open it and print it to a new PDF"
        ) from error
    if not found.pages:
        raise ReadError("bad_pdf", f"{place}: no page is found in it; download it again")
    return found


def _lines(page: Page) -> list[Line]:
    """The lines of a page: those in its main direction of reading, then what is turned against it."""
    if page.problem:
        page.glyphs.clear()
    angles = sorted(page.glyphs, key=lambda angle: (-len(page.glyphs[angle]), angle))
    tops = {round(y, 2) for _, y in page.running}
    shown: list[Line] = []
    for angle in angles:
        for line in lines_of(page.glyphs[angle]):
            line.turned, line.page = angle != angles[0], page.number
            line.running = (
                not line.turned
                and round(line.y, 2) in tops
                and any(line.x0 - 1 <= x <= line.x1 and round(y, 2) == round(line.y, 2) for x, y in page.running)
            )
            shown.append(line)
    return shown


def _problems(found: Document, pages: Sequence[Sequence[Line]], place: str) -> Iterator[tuple[str, str]]:
    """What cannot be read, for a person to mend: code and message."""
    empty = [page for page, lines in zip(found.pages, pages, strict=True) if not lines and not page.problem]
    scanned = [page.number for page in empty if page.pictures >= _PICTURE]
    drawn = [page.number for page in empty if page.number not in scanned and (page.drawn or page.pictures)]
    if scanned:
        yield (
            "scanned",
            f"{place}: {_named(scanned, found.count)} no text layer: {_it(scanned)}; run OCR (e.g. ocrmypdf) and save again",
        )
    if drawn and len(drawn) == len(found.pages):
        yield (
            "scanned",
            f"{place}: {_named(drawn, found.count)} no text layer: its letters, if any, are drawn; run OCR (e.g. ocrmypdf) and save again",
        )
    broken = [page for page in found.pages if page.problem]
    if broken:
        numbers = [page.number for page in broken]
        yield (
            "page_unreadable",
            f"{place}: {_named(numbers, found.count, 'cannot be read')} ({broken[0].problem}); open the file, print it to a new PDF, and run again",
        )
    if found.count > len(found.pages):
        yield (
            "pages_left_out",
            f"{place}: it has {found.count} pages, of which the first {len(found.pages)} are read; split it by article",
        )
    unknown = sum(page.unknown for page in found.pages)
    if unknown:
        yield (
            "letters_unknown",
            f"{place}: {unknown} character(s) are shown by fonts that do not say which letters they are; they stand as U+FFFD: run OCR (e.g. ocrmypdf --force-ocr) and save again",
        )
    behind = [page.number for page in found.pages if page.pictures >= _PICTURE and page.hidden > 0.9 * _size(page) > 0]
    if behind:
        yield "ocr_text", f"{place}: the text of {_pages(behind)} is what OCR made of a scan; expect misread letters"


def _size(page: Page) -> int:
    return sum(len(glyphs) for glyphs in page.glyphs.values())


def _pages(numbers: Sequence[int]) -> str:
    """Page numbers in words, neighbours as a range."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    told = ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
    return f"page{'s' if len(numbers) > 1 else ''} {told}"


def _named(numbers: Sequence[int], count: int, verb: str = "") -> str:
    return f"{_pages(numbers)} of {count} {verb or ('have' if len(numbers) > 1 else 'has')}"


def _it(numbers: Sequence[int]) -> str:
    return "they are images" if len(numbers) > 1 else "it is an image"


def _given(info: dict[str, str], pages: Sequence[Sequence[Line]], text: str) -> dict[str, object]:
    """Title and author as far as the text bears them out, and the address that a browser printed below each page."""
    given: dict[str, object] = {}
    folded = _folded(text)
    title = info.get("Title", "")
    if not _NO_TITLE.search(title):
        parts = [title, *(title[: match.start()] for match in reversed(list(re.finditer(r" [-|–—:] ", title))))]
        shown = [part for part in parts if 3 <= len(part.split()) <= 40 and _folded(part) in _folded(_still(pages))]
        if shown:
            given["title"] = shown[0]
    author = info.get("Author", "")
    if _NAME.fullmatch(author) and author == author.title() and f"by {_folded(author)}" in folded:
        given["authors"] = [author]
    addresses = {line.text for page in pages for line in page if line.running and _ADDRESS.fullmatch(line.text)}
    if len(addresses) == 1 and not (only := addresses.pop()).endswith("..."):
        given["url"] = only
    return given


def _still(pages: Sequence[Sequence[Line]]) -> str:
    """The lines that are no page header or footer: a browser prints the title of the window there."""
    return " ".join(line.text for page in pages for line in page if not line.running)


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
