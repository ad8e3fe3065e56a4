"""One saved text and what was said beside it: what every format is turned into."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

GIVEN_FIELDS = ("title", "authors", "outlet", "url", "language", "published")
"""What may be said of an article beside its text, in a record, front matter, a sidecar or page metadata."""

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Record:
    """One text as saved; ``place`` is unique in the corpus, ``given`` has keys of GIVEN_FIELDS only."""

    place: str
    format: str
    encoding: str
    raw_text: str
    given: Mapping[str, Any] = field(default_factory=dict)
    markup: str | None = None
    notes: tuple[tuple[str, str], ...] = ()


def storable(text: str) -> str:
    """``text`` with lone surrogates, which no UTF-8 can hold, replaced one for one."""
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def given_fields(fields: Mapping[str, Any]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The known fields of ``fields`` in one form, and a note for each that could not be understood.

    ``author`` and ``authors`` may be a string or a list; a date may be a date, a datetime or a string.
    """
    given: dict[str, Any] = {}
    notes: list[tuple[str, str]] = []
    for name in ("title", "outlet", "url", "language"):
        value = fields.get(name)
        if isinstance(value, str) and value.strip():
            given[name] = storable(value.strip())
        elif value is not None and not isinstance(value, str):
            notes.append(("field_not_understood", f"{name} must be text, not {value!r}; it is left open"))
    authors = fields.get("authors") if fields.get("authors") is not None else fields.get("author")
    if isinstance(authors, str):
        authors = [part for part in re.split(r"\s*;\s*", authors) if part]
    if isinstance(authors, list) and all(isinstance(author, str) for author in authors):
        if authors:
            given["authors"] = [storable(author.strip()) for author in authors]
    elif authors is not None:
        notes.append(
            ("field_not_understood", f"authors must be text or a list of texts, not {authors!r}; it is left open")
        )
    published = fields.get("published")
    if isinstance(published, dt.date):
        given["published"] = published.isoformat()
    elif isinstance(published, str | int) and not isinstance(published, bool) and str(published).strip():
        given["published"] = storable(str(published).strip())
    elif published is not None and published != "":
        notes.append(("field_not_understood", f"published must be a date, not {published!r}; it is left open"))
    return given, notes
