"""Exports of news databases: a document that holds many articles, taken apart where that is beyond doubt.

Nexis Uni and Factiva print each article between marks of their own. Every article must have all the marks
of its kind, or the document is one record. What the database adds becomes fields or is left out, so that it
is not read as a line of the story; what was printed stays. The names of the marks are those of the
English-language exports.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.read.newsml import byline_names


@dataclass(frozen=True)
class Line:
    """One paragraph or row of a document; ``level`` is 0 for a title, 1 to 9 for a heading, None for any other."""

    text: str
    level: int | None = None


@dataclass(frozen=True)
class Export:
    """One article of an export: its text without the database's own lines, and what those say of it."""

    lines: Sequence[Line]
    fields: dict[str, Any]


_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATE = re.compile(
    rf"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? )?"
    rf"(?P<date>(?:{_MONTHS}) \d{{1,2}}, \d{{4}}|\d{{1,2}} (?:{_MONTHS}),? \d{{4}}|(?:{_MONTHS}),? \d{{4}})\b"
)
_NEXIS_END = "End of Document"
_NEXIS_LENGTH = re.compile(r"Length: ?\d[\d,.]* words?$")
_NEXIS_BODY, _NEXIS_PICTURES, _NEXIS_INDEX = "Body", "Graphic", "Classification"
_NEXIS_LOADED = "Load-Date:"
_NEXIS_COVER = ("Date and Time:", "User Name:", "Job Number:", "Documents (", "Document (")
_NEXIS_TEXT = ("Highlight", "Byline", "Dateline")
"""Fields above the body that were printed with the article."""
_FACTIVA_END = re.compile(r"Document (?=\w*\d{8})[A-Za-z0-9]{15,40}$")
_FACTIVA_LENGTH = re.compile(r"\d[\d,.]* words?$")
_FACTIVA_CLOCK = re.compile(r"\d{1,2}:\d\d(?: ?[ap]m)?(?: [A-Z]{2,4})?$", re.IGNORECASE)
_FACTIVA_RIGHTS = re.compile(r"(?:Copyright|\(c\)|©)\s", re.IGNORECASE)
_FACTIVA_REST = ("Search Summary", "©")
_BY = re.compile(r"by[ :]", re.IGNORECASE)


def _words(line: Line) -> str:
    """The words of a line, no-break spaces and the like folded."""
    return " ".join(line.text.split())


def exports(lines: Sequence[Line]) -> tuple[list[Export], str]:
    """The articles of an export, and why a document that has marks of one is not taken apart."""
    for ends, rest, parse in (
        (lambda text: text.lower() == _NEXIS_END.lower(), (), _nexis_article),
        (_FACTIVA_END.match, _FACTIVA_REST, _factiva_article),
    ):
        chunks: list[list[Line]] = [[]]
        for line in lines:
            chunks[-1].append(line)
            if ends(_words(line)):
                chunks.append([])
        left = [text for line in chunks.pop() if (text := _words(line))]
        if not chunks:
            continue
        found = [parse(chunk, first=number == 0) for number, chunk in enumerate(chunks)]
        missing = [number for number, article in enumerate(found, 1) if article is None]
        if len(missing) == len(chunks):
            continue
        if missing:
            return [], f"number {missing[0]} of its {len(chunks)} articles lacks a mark that all should have"
        if left and not left[0].startswith(rest or ("\0",)):
            return [], f"it goes on behind the last of its {len(chunks)} articles"
        return [article for article in found if article], ""
    return [], ""


def _nexis_article(chunk: Sequence[Line], *, first: bool) -> Export | None:
    """An article of Nexis Uni or Lexis, None where a mark is missing.

    It has a title, its outlet under it, a date (or a title set as heading), "Length: 512 words", "Body" (or only
    "Graphic", above a caption) and the end.
    """
    texts = [_words(line) for line in chunk]
    body = next((texts.index(mark) for mark in (_NEXIS_BODY, _NEXIS_PICTURES) if mark in texts), 0)
    length = next((i for i in range(body) if _NEXIS_LENGTH.match(texts[i])), 0)
    dated = next((i for i in range(length) if _DATE.match(texts[i])), None)
    above = [i for i in range(length if dated is None else dated) if texts[i]]
    if not length or len(above) < 2:
        return None
    if dated is None:
        above = above[:2] if chunk[above[0]].level is not None else []
    covered = first and texts[above[0]].startswith(_NEXIS_COVER) if above else False
    if not above or (above[-2] != above[0] and not covered):
        return None
    title, outlet = above[-2], above[-1]
    date = _DATE.match(texts[dated]) if dated is not None else None
    named = {key: value.strip() for text in texts[outlet + 1 : body] for key, _, value in [text.partition(":")]}
    end = max((i for i, text in enumerate(texts) if text == _NEXIS_INDEX and i > body), default=len(chunk) - 1)
    printed = [Line(named[name]) for name in _NEXIS_TEXT if named.get(name)]
    told = [
        line
        for line, text in zip(chunk[body + 1 : end], texts[body + 1 : end], strict=True)
        if text != _NEXIS_PICTURES and not text.startswith(_NEXIS_LOADED)
    ]
    fields = {
        "title": texts[title],
        "outlet": texts[outlet],
        "published": date["date"] if date else None,
        "authors": byline_names(named.get("Byline", "")),
    }
    return Export([chunk[title], *printed, *told], fields)


def _factiva_article(chunk: Sequence[Line], *, first: bool) -> Export | None:
    """An article of Factiva, None where a mark is missing.

    It has a title, at times a byline, "512 words", a date, at times a time of day, the outlet, a copyright line,
    and ends in "Document" and its number.
    """
    told = [line for line in chunk[:-1] if _words(line)]
    texts = [_words(line) for line in told]
    for at in range(1, min(8, len(texts) - 3)):
        if _FACTIVA_LENGTH.match(texts[at]) and (date := _DATE.fullmatch(texts[at + 1])):
            break
    else:
        return None
    outlet = at + 2 + bool(_FACTIVA_CLOCK.match(texts[at + 2]))
    rights = next((i for i in range(outlet + 1, min(outlet + 8, len(texts))) if _FACTIVA_RIGHTS.match(texts[i])), None)
    if rights is None:
        return None
    heads = [_words(line) for line in told[:at] if line.level is not None]
    plain = [text for text in texts[:at] if not _BY.match(text)]
    bylines = [text for text in texts[:at] if _BY.match(text)]
    fields = {
        "title": heads[0] if len(heads) == 1 else plain[0] if len(plain) == 1 else None,
        "outlet": texts[outlet],
        "published": date["date"],
        "authors": byline_names(bylines[0]) if len(bylines) == 1 else [],
    }
    return Export([*told[:at], *told[rights + 1 :]], fields)
