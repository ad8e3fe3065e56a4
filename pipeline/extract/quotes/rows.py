"""A statement -> a row of ``quotes``: its id and place, its cue, and who is named as its speaker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.extract.mentions import title_words
from pipeline.extract.quotes.phrases import PRONOUNS, Tokens
from pipeline.ids import content_id

if TYPE_CHECKING:
    from pipeline.extract.quotes.paragraph import Paragraph
    from pipeline.extract.quotes.speech import Quote
    from pipeline.nlp.passages import Row

INHERITED = (
    "cue",
    "cue_lemma",
    "cue_start",
    "cue_end",
    "speaker",
    "speaker_start",
    "speaker_end",
    "speaker_mention_id",
    "speaker_basis",
    "via",
    "unresolved_reason",
)
"""Columns that a row takes over from the row whose attribution it shares."""


def row_of(here: Paragraph, quote: Quote) -> Row:
    """The columns of one statement; positions are characters of clean_text."""
    start, end = here.passage.start + quote.start, here.passage.start + quote.end
    row: Row = {
        "quote_id": content_id("q", here.article_id, start, end, quote.kind),
        "start": start,
        "end": end,
        "kind": quote.kind,
        "within_quote_id": None,
        "continues_quote_id": quote.continues,
        "balanced": quote.balanced,
        "rule": quote.rule,
        "confidence": quote.confidence,
    }
    if quote.inherits is None:
        return row | attribution(here, quote)
    row |= {column: quote.inherits.get(column) for column in INHERITED}
    if quote.continues and row["speaker"]:
        row["speaker_basis"] = "continued"
    return row


def as_mixed(row: Row, clause: Row, article_id: str) -> Row:
    """What changes in the row of words in marks that turn out to stand in a reported clause."""
    return {column: clause.get(column) for column in INHERITED} | {
        "quote_id": content_id("q", article_id, row["start"], row["end"], "mixed"),
        "kind": "mixed",
        "rule": "in reported clause",
        "confidence": clause["confidence"],
    }


def attribution(here: Paragraph, quote: Quote) -> Row:
    """The columns of cue, speaker and hearer; the reason where nobody is named as the speaker."""
    made: Row = {"speaker_basis": "none"}
    if quote.cue is not None:
        start, end = here.span(quote.cue.first, quote.cue.last + 1)
        made |= {"cue": here.text[start:end], "cue_lemma": quote.cue.verb.lemma}
        made |= {"cue_start": here.passage.start + start, "cue_end": here.passage.start + end}
    if quote.speaker is not None:
        made |= _speaker(here, quote.speaker)
    elif quote.kind != "scare":
        made["unresolved_reason"] = quote.reason
    if quote.via is not None:
        start, end = here.span(*quote.via)
        made["via"] = here.text[start:end]
    return made


def _speaker(here: Paragraph, tokens: Tokens) -> Row:
    """The speaker's columns: the words, the mention that names them, and on what basis."""
    offset, (first, last) = here.passage.start, tokens
    start, end = here.span(first, last)
    core = _core_end(here, first, last)
    head = here.doc[core - 1]
    heads = [m for m in here.mentions if m["start"] < offset + end and offset + start < m["end"]]
    heads = [m for m in heads if abs(m["end"] - offset - head.end) <= 2 or m["start"] < offset + head.end <= m["end"]]
    if not heads and (name := _named_in_apposition(here, last)):
        heads = [name]
        end = max(end, name["end"] - offset)
    named = next((m for m in heads if m["label"] == "PERSON"), None) or next(
        (m for m in heads if m["label"] in {"ORG", "NORP", "GPE"}), None
    )
    parts, lower = title_words(), head.lower_
    if head.tag_ == "PRP" or lower in {"he", "she", "they", "i", "we", "it", "you", "who"}:
        basis, named = "pronoun", None
    elif named is not None:
        basis = "name"
    elif lower in parts["anonymous"] or lower in PRONOUNS or here.doc[first].lower_ in {"one", "another"}:
        basis = "anonymous"
    elif lower in parts["group"] or head.tag_ in {"NNS", "NNPS"}:
        basis = "group"
    elif lower in parts["office"]:
        basis = "title"
    else:
        basis = "nominal"
    made: Row = {
        "speaker": here.text[start:end],
        "speaker_start": offset + start,
        "speaker_end": offset + end,
        "speaker_basis": basis,
        "speaker_mention_id": named["mention_id"] if named else None,
    }
    if named is None:
        made["unresolved_reason"] = "pronoun not resolved" if basis == "pronoun" else "the speaker is not named here"
    return made


def _core_end(here: Paragraph, first: int, last: int) -> int:
    """One past the head of the noun phrase: what stands before its first preposition, "and" or comma.

    "A man named X" and "a report by X" are X.
    """
    for k in range(first + 1, last):
        word, preposition = here.doc[k].lower_, here.doc[k].tag_ in {"IN", "TO"} and here.doc[k].lower_ != "by"
        if preposition or word in {"of", "for", "at", "in", "from", "with", "on", "to", "and", ",", "("}:
            return k
        if here.doc[k].lower_ in {"named", "called"}:
            return last
    return last


def _named_in_apposition(here: Paragraph, last: int) -> Row | None:
    """The person in "the group's head, Dr. Ann Smith, said", where the noun phrase ends at token ``last``."""
    if last + 1 >= len(here.doc) or here.doc[last].text != ",":
        return None
    start = here.passage.start + here.doc[last + 1].idx
    people = (m for m in here.mentions if m["label"] == "PERSON")
    return next((m for m in people if m["start"] - len(m["title"] or "") - 1 <= start <= m["start"]), None)
