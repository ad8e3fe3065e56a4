"""What an extractor reads: one article as parsed passages.

A passage is one paragraph of an extraction zone. It is parsed on its own, so that no name or
sentence runs over a line break, and an article's rows depend on that article alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span


@dataclass(frozen=True)
class Passage:
    """One parsed paragraph: ``doc.text == clean_text[start:start + len(doc.text)]``."""

    zone: str
    ordinal: int
    start: int
    doc: Doc

    def span(self, words: Span) -> tuple[int, int]:
        """The half-open span of ``words`` in clean_text."""
        return self.start + words.start_char, self.start + words.end_char


@dataclass(frozen=True)
class Article:
    """One article, parsed: what the four extractors are given.

    ``published`` comes with its precision (day, month, year); without one, ``published_earliest``
    and ``published_latest`` may still bound it. ``passages`` stand in text order.
    """

    article_id: str
    clean_text: str
    passages: tuple[Passage, ...]
    published: dt.date | None = None
    published_precision: str | None = None
    published_earliest: dt.date | None = None
    published_latest: dt.date | None = None
    title: str | None = None
    outlet: str | None = None
    place: str | None = None

    def sentences(self) -> Iterator[tuple[Passage, Span]]:
        """Every sentence with the passage it stands in, in text order."""
        for passage in self.passages:
            for sentence in passage.doc.sents:
                yield passage, sentence


Row = dict[str, Any]


@dataclass
class Found:
    """What an extractor found: rows of its table, and rows of ``issues`` for what it refused.

    A row needs its id, ``start`` and ``end`` (in clean_text), ``rule``, ``confidence`` and the
    columns of its own; article, sentence, zone, text and raw offsets are added for all alike.
    An issue needs ``severity``, ``code``, ``message`` and, where it has a place, ``start`` and ``end``.
    """

    rows: list[Row] = field(default_factory=list)
    issues: list[Row] = field(default_factory=list)
