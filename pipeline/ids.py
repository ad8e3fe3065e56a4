"""Ids made of content: the same words in the same article give the same id on every machine."""

from __future__ import annotations

import hashlib


def sha256(text: str) -> str:
    """SHA-256 of ``text`` in UTF-8, 64 hex digits."""
    return hashlib.sha256(text.encode("utf8")).hexdigest()


def content_id(prefix: str, *parts: object) -> str:
    """``prefix``, an underscore and 16 hex digits over ``parts``; None counts as a part of its own."""
    return f"{prefix}_{sha256(chr(31).join(map(repr, parts)))[:16]}"


def article_id(raw_text: str) -> str:
    """The id of the article with this raw text."""
    return f"a_{sha256(raw_text)[:16]}"
