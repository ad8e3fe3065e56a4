"""Raw article -> article row and segments: what each stretch of the text is, and what is known about it.

``lines`` cuts the raw text, ``zones`` (flattened text) and ``markup`` (HTML) say what each line is,
``published`` reads the publication date. Nothing is deleted: every raw character lies in one segment.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.clean import published as dates
from pipeline.clean import rules as tables
from pipeline.clean.lines import Line, lines_of
from pipeline.clean.published import Published
from pipeline.clean.zones import Labelled, label
from pipeline.ids import sha256
from pipeline.offsets import normalise
from pipeline.schema import EXTRACTION_ZONES

if TYPE_CHECKING:
    from pipeline.settings import CleanSettings

_BYLINE = re.compile(
    r"(?:[/|\\–—-]\s*)?(?:story|words|written|posted|reported|report|edited)?\s*(?:by|author)\s*:?\s+(?P<names>.+)$",
    re.IGNORECASE,
)
_AFTER_NAMES = re.compile(
    r"\s*(?:\||•|·|/|\(|\d|\bpublished\b|\bupdated\b|\bposted\b|\bon\b|\bat\b|"
    r"\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.? \d| [–—-] |\S+@|\bfor\b|\bin\b|"
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b).*$",
    re.IGNORECASE,
)
_NAME = re.compile(r"[^\W\d_][\w.'’-]*(?: [\w.'’&-]+){0,4}$")


@dataclass(frozen=True)
class Cleaned:
    """One article after cleaning.

    Attributes:
        article: the columns of ``articles`` that one article alone decides.
        segments: rows of ``segments``, in the order of the text.
        issues: rows of ``issues``; their offsets, where they have any, are into clean_text.
    """

    article: dict[str, Any]
    segments: list[dict[str, Any]]
    issues: list[dict[str, Any]]


def clean_article(raw: Mapping[str, Any], settings: CleanSettings) -> Cleaned:
    """Cut one raw article into zones and work out what is known about it.

    Args:
        raw: a row of ``schema.RAW_ARTICLES``.
        settings: the settings of this stage.
    """
    rules, text = tables.load(), raw["raw_text"]
    title = _folded(raw.get("title"))
    issues = _Issues(raw["article_id"])
    labelled = _labelled(raw, title, rules, settings, issues)
    clean_text, segments = _segments(raw["article_id"], labelled.lines)
    day, basis = _published(raw, labelled, issues)
    if not clean_text:
        issues.add("error", "no_text", "the text holds no words of a story; nothing can be read from it")
    article = {
        "article_id": raw["article_id"],
        "content_sha256": sha256(text),
        "paths": list(raw.get("paths") or []),
        "format": raw.get("format"),
        "encoding": raw.get("encoding"),
        "raw_text": text,
        "clean_text": clean_text,
        "title": title or next((line.text for line in labelled.lines if line.zone == "title"), None),
        "authors": _given_authors(raw) or _authors(labelled.lines),
        "outlet": _folded(raw.get("outlet")),
        "url": raw.get("url") or None,
        "language": _language(raw.get("language"), issues),
        "published": day.day,
        "published_precision": day.precision,
        "published_basis": basis,
        "published_earliest": day.earliest,
        "published_latest": day.latest,
        "place": labelled.place,
        "agencies": _agencies(labelled),
        "status": "ok" if clean_text else "failed",
    }
    return Cleaned(article, segments, issues.rows)


class _Issues:
    """Collects the issue rows of one article."""

    def __init__(self, article_id: str) -> None:
        self.article_id = article_id
        self.rows: list[dict[str, Any]] = []

    def add(self, severity: str, code: str, message: str, text: str | None = None) -> None:
        row = {"article_id": self.article_id, "stage": "clean", "severity": severity, "code": code, "message": message}
        self.rows.append(row | ({"text": text} if text else {}))


def _folded(value: str | None) -> str | None:
    return normalise(value).text or None if value else None


def _labelled(
    raw: Mapping[str, Any], title: str | None, rules: tables.Rules, settings: CleanSettings, issues: _Issues
) -> Labelled:
    if raw.get("format") == "html" and raw.get("markup"):
        from pipeline.clean.markup import label_page

        if page := label_page(raw["markup"], raw["raw_text"], title, rules):
            return page
        issues.add(
            "info", "no_article_in_markup", "no article was found in the mark-up; zones come from the text alone"
        )
    return label(lines_of(raw["raw_text"], join_wrapped=settings.join_wrapped_lines), title, rules)


def _segments(article_id: str, lines: Sequence[Line]) -> tuple[str, list[dict[str, Any]]]:
    """The clean text, and the segments with their places in it."""
    rows: list[dict[str, Any]] = []
    texts: list[str] = []
    position = 0
    for ordinal, line in enumerate(lines):
        start = end = None
        if line.zone in EXTRACTION_ZONES:
            start, end = position, position + len(line.text)
            texts.append(line.text)
            position = end + 2
        rows.append(
            {
                "article_id": article_id,
                "ordinal": ordinal,
                "zone": line.zone,
                "raw_start": line.raw_start,
                "raw_end": line.raw_end,
                "start": start,
                "end": end,
                "text": line.text,
                "rule": line.rule,
                "confidence": line.confidence,
            }
        )
    return "\n\n".join(texts), rows


def _published(raw: Mapping[str, Any], labelled: Labelled, issues: _Issues) -> tuple[Published, str]:
    """The publication date and its basis; what was given wins over what the text says."""
    window = Published()
    if given := (raw.get("published") or "").strip():
        read = dates.parse(given)
        if read and read.day:
            return read, "metadata"
        if read:
            window = read
            message = f"the publication date {given!r} can be read with either number as the day; give it as YYYY-MM-DD"
            issues.add("warning", "published_ambiguous", message, given)
        else:
            message = f"the publication date {given[:80]!r} is no date that can be read; give it as YYYY-MM-DD"
            issues.add("warning", "published_not_understood", message, given)
    found, basis = _dated(raw, labelled)
    if found:
        return found, basis
    if not window.earliest:
        window = Published(None, None, None, _updated(labelled))
    message = "nothing says when the article was published, so that words such as yesterday stay open"
    issues.add("warning", "no_publication_date", message)
    return window, "none"


def _dated(raw: Mapping[str, Any], labelled: Labelled) -> tuple[Published | None, str]:
    """The date that byline, dateline or address give; bylines that name several days give none."""
    days: set[dt.date] = set()
    for line in _signed(labelled.lines):
        if not re.match(r"(last |page )?(updated|modified|reviewed)", line.text, re.IGNORECASE):
            first = re.split(r"\b(?:last )?(?:updated|modified)\b", line.text, maxsplit=1, flags=re.IGNORECASE)[0]
            days.update(dates.full_dates(first)[:1])
    if len(days) == 1:
        return dates.parse(days.pop().isoformat()), "byline"
    for line in labelled.datelines:
        if named := dates.full_dates(line.text):
            return dates.parse(named[0].isoformat()), "dateline"
    found = dates.from_url(raw["url"]) if raw.get("url") else None
    return (found, "url") if found else (None, "none")


def _signed(lines: Sequence[Line]) -> list[Line]:
    """Timestamps and bylines around the headline, and lines below the story that say when it was published."""
    first = next((i for i, line in enumerate(lines) if line.zone == "body"), len(lines))
    title = max((i for i, line in enumerate(lines[:first]) if line.zone == "title"), default=first - 3)
    top = [x for x in lines[max(0, title - 3) : first] if x.zone in ("timestamp", "byline")]
    return top + [x for x in lines[first:] if x.rule == "timestamp.label" and "ublished" in x.text]


def _updated(labelled: Labelled) -> dt.date | None:
    """The day of the last update, which is the latest day the article can have been published."""
    days = [d for x in labelled.lines if x.rule == "timestamp.label" for d in dates.full_dates(x.text)]
    return min(days, default=None)


def _given_authors(raw: Mapping[str, Any]) -> list[str]:
    named = (re.sub(r"(?i)^by:?\s+", "", _folded(author) or "") for author in raw.get("authors") or [])
    return [name for name in named if name]


def _authors(lines: Sequence[Line]) -> list[str]:
    """The people that the first byline names."""
    for line in lines:
        if line.zone != "byline":
            continue
        match = _BYLINE.match(line.text)
        if not match:
            continue
        names = _AFTER_NAMES.sub("", match["names"])
        people = [name.strip(" ,.;") for name in re.split(r"(?i),\s*(?:and\s+)?|\s+(?:and|&)\s+", names)]
        people = [name for name in people if _NAME.match(name) and name[0].isupper() and len(name) <= 60]
        if people:
            return [name.title() if name.isupper() else name for name in people]
    return []


def _agencies(labelled: Labelled) -> list[str]:
    """Agencies of the list in datelines, credits and bylines, and whatever a dateline has in brackets."""
    named = [line for line in labelled.lines if line.zone in ("dateline", "credit", "byline")]
    found = []
    for line in named:
        listed = tables.agencies_in(line.text)
        bracketed = re.search(r"\(([A-Z][\w.&/ -]{1,40})\)", line.text) if line.zone == "dateline" else None
        found += listed or ([bracketed[1]] if bracketed else [])
    return list(dict.fromkeys(found))


def _language(given: str | None, issues: _Issues) -> str | None:
    if not given or not given.strip():
        return None
    code = re.match(r"([a-zA-Z]{2})(?:[-_].*)?$", given.strip())
    if code:
        return code[1].lower()
    message = f"the language {given[:40]!r} is no ISO 639-1 code such as en; it is left open"
    issues.add("info", "language_not_understood", message, given)
    return None
