"""A page's mark-up -> a record: what HTML files, web archives and mail have in common."""

from __future__ import annotations

from pipeline.errors import ReadError
from pipeline.read.html import read_page
from pipeline.read.record import Record, given_fields, storable


def page_record(markup: str, place: str, form: str) -> Record:
    """The record of one page.

    Args:
        markup: the page's source.
        place: where it lies in the corpus.
        form: the format of the file that holds it.

    Raises:
        ReadError: the page shows no text.
    """
    page = read_page(markup)
    if not page.text.strip():
        raise ReadError("empty", f"{place}: the page shows no text; it may need a browser to build it: save it as text")
    given, notes = given_fields(page.metadata)
    return Record(place, form, "", storable(page.text), given, storable(markup), tuple(notes))
