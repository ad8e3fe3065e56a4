"""The stage: all raw articles -> ``articles``, ``segments``, ``issues``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pipeline.clean import clean_article
from pipeline.ids import sha256
from pipeline.schema import conform

if TYPE_CHECKING:
    import pyarrow as pa

    from pipeline.settings import CleanSettings


def clean(tables: Mapping[str, pa.Table], settings: CleanSettings) -> dict[str, pa.Table]:
    """Clean each row of ``raw_articles``; one that cannot be cleaned is kept whole, with an issue."""
    rows: dict[str, list[dict[str, Any]]] = {"articles": [], "segments": [], "issues": []}
    for raw in tables["raw_articles"].to_pylist():
        try:
            cleaned = clean_article(raw, settings)
            made = {"articles": [cleaned.article], "segments": cleaned.segments, "issues": cleaned.issues}
        except Exception as error:
            message = (
                f"cleaning failed ({type(error).__name__}: {error}); the text is kept, nothing was extracted from it"
            )
            made = uncleaned(raw, "cleaning_failed", message)
        for name, more in made.items():
            rows[name] += more
    return {name: conform(name, made_rows) for name, made_rows in rows.items()}


def uncleaned(raw: Mapping[str, Any], code: str, message: str) -> dict[str, list[dict[str, Any]]]:
    """The rows of an article that nothing could be done with: its text in one segment, and why."""
    article, text = raw["article_id"], raw["raw_text"]
    kept = {
        name: raw[name] for name in ("article_id", "paths", "format", "encoding", "raw_text", "title", "outlet", "url")
    }
    whole = {"article_id": article, "ordinal": 0, "zone": "other", "raw_start": 0, "raw_end": len(text), "text": ""}
    return {
        "articles": [
            {**kept, "content_sha256": sha256(text), "clean_text": "", "published_basis": "none", "status": "failed"}
        ],
        "segments": [{**whole, "rule": code, "confidence": "low"}],
        "issues": [{"article_id": article, "stage": "clean", "severity": "error", "code": code, "message": message}],
    }
