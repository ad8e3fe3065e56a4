"""Raw article -> article row and segments: what each stretch of the text is, and what is known about it.

``lines`` cuts the raw text, ``zones`` (flattened text) and ``markup`` (HTML) say what each line is,
``byline`` reads who wrote and printed it, ``published`` when, ``language`` in which language it is.
Nothing is deleted: every raw character lies in one segment. ``window`` is a stage of its own: it bounds
the publication date of articles that have none, once all articles have been read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.clean import byline, language
from pipeline.clean import published as dates
from pipeline.clean import rules as tables
from pipeline.clean.lines import Line, lines_of
from pipeline.clean.published import Published
from pipeline.clean.zones import Labelled, label
from pipeline.ids import sha256
from pipeline.offsets import normalise
from pipeline.read.repeated import line_key
from pipeline.schema import EXTRACTION_ZONES

if TYPE_CHECKING:
    from pipeline.settings import CleanSettings


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
    url = raw.get("url") or byline.address(labelled.lines)
    day, basis = _published(raw, labelled, url, issues)
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
        "title": title or byline.headline(next((x.text for x in labelled.lines if x.zone == "title"), None)),
        "authors": _given_authors(raw) or byline.authors(labelled.lines),
        "outlet": _folded(raw.get("outlet")) or byline.outlet(labelled.lines, url),
        "url": url,
        "language": _language(raw.get("language"), labelled.lines, issues),
        "published": day.day,
        "published_precision": day.precision,
        "published_basis": basis,
        "published_earliest": day.earliest,
        "published_latest": day.latest,
        "stated_earliest": None if day.day else day.earliest,
        "stated_latest": None if day.day else day.latest,
        "place": labelled.place,
        "agencies": byline.agencies(labelled),
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
    if raw.get("markup"):
        from pipeline.clean.markup import MOST_ELEMENTS, label_page, too_large
        from pipeline.read.html import read_page

        page = read_page(raw["markup"])
        lines = lines_of(raw["raw_text"], join_wrapped=False)
        if labelled := label_page(page, lines, title, rules, _repeated(raw, lines)):
            return labelled
        why = f"there are more than {MOST_ELEMENTS:,} elements" if too_large(page) else "no article was found"
        issues.add("info", "no_article_in_markup", f"{why} in the mark-up; zones come from the text alone")
    lines = lines_of(raw["raw_text"], join_wrapped=settings.join_wrapped_lines)
    return label(lines, title, rules, _repeated(raw, lines))


def _repeated(raw: Mapping[str, Any], lines: Sequence[Line]) -> frozenset[str]:
    """The words of those lines that other texts of the outlet print too."""
    keys = frozenset(raw.get("repeated") or ())
    text = raw["raw_text"]
    return frozenset(x.text for x in lines if line_key(text[x.raw_start : x.raw_end]) in keys) if keys else frozenset()


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


def _published(raw: Mapping[str, Any], labelled: Labelled, url: str | None, issues: _Issues) -> tuple[Published, str]:
    """The publication date and its basis; a correction wins over what was given, where they differ."""
    corrected = dates.parse(raw.get("published_correction") or "")
    if corrected is None:
        return _published_by_rule(raw, labelled, url, issues)
    found = _published_by_rule(raw, labelled, url, _Issues(issues.article_id))
    return found if found[0] == corrected else (corrected, "correction")


def _published_by_rule(
    raw: Mapping[str, Any], labelled: Labelled, url: str | None, issues: _Issues
) -> tuple[Published, str]:
    """The publication date and its basis; what was given wins over what the text says, and that over the address."""
    window = Published()
    if given := (raw.get("published") or "").strip():
        read = dates.parse(given)
        if read and read.day:
            return read, "metadata"
        if read:
            window = _ambiguous(read, given, issues)
        else:
            message = f"the publication date {given[:80]!r} is no date that can be read; give it as YYYY-MM-DD"
            issues.add("warning", "published_not_understood", message, given)
    found, basis = dates.from_lines(labelled.lines, labelled.datelines)
    if found is None or not found.day:
        at = dates.from_url(url) if url else None
        if at:
            found, basis = at, "url"
    if found and found.day:
        return found, basis
    if not window.earliest:
        if found:
            window = _ambiguous(found, f"{found.earliest} or {found.latest}", issues)
        else:
            window = Published(None, None, None, dates.latest_by_update(labelled.lines))
    message = "nothing says when the article was published, so that words such as yesterday stay open"
    issues.add("warning", "no_publication_date", message)
    return window, "none"


def _ambiguous(read: Published, given: str, issues: _Issues) -> Published:
    message = f"the publication date {given!r} can be read with either number as the day; give it as YYYY-MM-DD"
    issues.add("warning", "published_ambiguous", message, given)
    return read


def _given_authors(raw: Mapping[str, Any]) -> list[str]:
    named = (re.sub(r"(?i)^by:?\s+", "", _folded(author) or "") for author in raw.get("authors") or [])
    return [name for name in named if name]


def _language(given: str | None, lines: Sequence[Line], issues: _Issues) -> str | None:
    """The language of the story by its own words; what was given counts where these do not tell."""
    said = language.code(given)
    if given and given.strip() and not said:
        message = f"the language {given[:40]!r} is no ISO 639-1 code such as en; it is left open"
        issues.add("info", "language_not_understood", message, given)
    story = [line.text for line in lines if line.zone in ("body", "heading", "subtitle", "title")]
    body = [line.text for line in lines if line.zone == "body"]
    found = language.identify(body) or language.identify(story)
    if found and said and found[0] != said:
        message = f"the language was given as {said!r}, but the story is in {found[0]!r} by its own words"
        issues.add("info", "language_contradicted", message, said)
    return found[0] if found else said
