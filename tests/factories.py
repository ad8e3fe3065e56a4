"""Builders for tests: an article from plain paragraphs, parsed with the shipped model."""

from __future__ import annotations

import datetime as dt
import functools
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.ids import article_id
from pipeline.nlp import model
from pipeline.nlp.passages import Article, Passage

if TYPE_CHECKING:
    from spacy.language import Language

ROOT = Path(__file__).resolve().parents[1]
MODEL = os.environ.get("CONCORD_TEST_MODEL", str(ROOT / "models" / "en_news"))


@functools.cache
def nlp() -> Language:
    """The model under test, loaded once."""
    return model.load(MODEL)


def make_article(
    *paragraphs: str, published: str | None = None, zones: dict[int, str] | None = None, **fields: Any
) -> Article:
    """An article of ``paragraphs`` (body, or the zone given for their index), published on an ISO day or not."""
    zones = zones or {}
    passages, start = [], 0
    for i, (text, doc) in enumerate(zip(paragraphs, model.parse(nlp(), paragraphs), strict=True)):
        passages.append(Passage(zones.get(i, "body"), i, start, doc))
        start += len(text) + 2
    text = "\n\n".join(paragraphs)
    day = dt.date.fromisoformat(published) if published else None
    precision = "day" if published else None
    return Article(article_id(text), text, tuple(passages), day, precision, **fields)


def marked_spans(marked: str, kinds: str) -> tuple[str, list[tuple[str, int, int]]]:
    """The text of ``{q:nine} died`` without its marks, and (kind, start, end) of each, in the order in which they end."""
    text, spans, stack = "", [], []
    for token in re.split(rf"(\{{[{kinds}]:|\}})", marked):
        if token.startswith("{"):
            stack.append((token[1], len(text)))
        elif token == "}":
            kind, start = stack.pop()
            spans.append((kind, start, len(text)))
        else:
            text += token
    return text, spans
