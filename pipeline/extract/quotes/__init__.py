"""Who says what: quoted and reported statements, with the words of saying and the speaker.

``marks`` pairs the quotation marks of a paragraph; ``paragraph`` cuts the words outside them into
frames and finds the cues in them; ``beside`` looks for a cue beside each quotation; ``clauses`` asks
the cues left over for a reported clause; ``phrases`` and ``subjects`` say who speaks; ``rows`` writes it
down. The rules lean on word order and tags; the parse only confirms, since it is at its worst around
quotation marks.

Confidence: ``high`` when cue and speaker stand right beside the words; ``medium`` when the speaker is
carried on from the quotation before or the clause is found without "that"; ``low`` when the speaker is
not known or the verb only reports a belief.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.extract.quotes.beside import attributed, carried_on, continued, introduction, same_cue, uncued
from pipeline.extract.quotes.clauses import reported_clauses
from pipeline.extract.quotes.paragraph import Paragraph
from pipeline.extract.quotes.rows import as_mixed, attribution, row_of
from pipeline.extract.quotes.speech import Quote, speech_verbs
from pipeline.nlp.passages import Article, Found, Row

if TYPE_CHECKING:
    from pipeline.extract.quotes.marks import Marked
    from pipeline.settings import ExtractSettings


def find_quotes(article: Article, mentions: Sequence[Row], settings: ExtractSettings) -> Found:
    """Rows of table ``quotes`` in ``article``; ``mentions`` are the rows that ``find_mentions`` gave for it.

    A quotation whose speaker is not said is kept without one and says why. Raw offsets and entities of
    speakers are added by the caller. A quotation that its paragraph does not close is an issue, too.
    """
    found = Found()
    mentions = sorted(mentions, key=lambda m: (m["start"], m["end"]))
    before: Paragraph | None = None
    last: Row | None = None  # the last statement in marks of the paragraph before
    for passage in article.passages:
        end = passage.start + len(passage.doc.text)
        own = [m for m in mentions if passage.start <= m["start"] < end]
        here = Paragraph(article.article_id, passage, own)
        rows, used = _quotations(here, before, last)
        if before is not None and not here.quotations:
            rows += _introduced_paragraph(here, before)
        clauses = [row_of(here, clause) for clause in reported_clauses(here, used)]
        _place_in_clauses(here, rows, clauses)
        known = {row["quote_id"] for row in rows}
        found.rows += rows + [clause for clause in clauses if clause["quote_id"] not in known]
        found.issues += [_open_quote(here, q) for q in here.quotations if q.parent is None and not q.balanced]
        last = next((row for row in reversed(rows) if row["kind"] in {"direct", "mixed"}), None)
        before = here
    found.rows.sort(key=lambda row: (row["start"], row["end"], row["kind"]))
    return found


def _quotations(here: Paragraph, before: Paragraph | None, last: Row | None) -> tuple[list[Row], set[int]]:
    """A row for each quotation of a paragraph, and the first tokens of the cues that direct speech has taken."""
    rows: list[Row] = []
    used: set[int] = set()
    previous: tuple[Marked, Row] | None = None  # the last statement in marks of this paragraph
    for q in here.quotations:
        if q.parent is not None:
            rows.append(_nested(here, q, rows[q.parent]))
            continue
        quote = attributed(here, q)
        if quote is not None and previous is not None and same_cue(here, quote, previous[1]):
            quote = continued(q, previous[1], "high")
        elif quote is None and previous is not None:
            quote = carried_on(here, q, *previous)
        elif quote is None and before is not None and not _words_before(here, q):
            quote = _from_paragraph_before(q, before, last)
        quote = quote or uncued(here, q)
        if quote.cue is not None and quote.kind == "direct":
            used.add(quote.cue.first)
        rows.append(row_of(here, quote))
        if quote.kind != "scare":
            previous = (q, rows[-1])
    return rows, used


def _nested(here: Paragraph, q: Marked, parent: Row) -> Row:
    row = row_of(here, Quote(q.start, q.end, "scare", "nested marks", "low", q.balanced))
    return row | {"within_quote_id": parent["quote_id"], "unresolved_reason": "a quotation inside a quotation"}


def _words_before(here: Paragraph, q: Marked) -> bool:
    first, _ = here.tokens_of(q)
    return any(word.is_alpha for word in here.doc[:first])


def _from_paragraph_before(q: Marked, before: Paragraph, last: Row | None) -> Quote | None:
    """The quotation ``q`` that opens a paragraph, as part of an unclosed one or as introduced by "X explained:"."""
    if last is not None and not last["balanced"] and last["end"] >= before.passage.start + len(before.text) - 2:
        return continued(q, last, "medium")
    introduced = introduction(before)
    if introduced is None:
        return None
    source = attribution(before, introduced)
    return Quote(q.start, q.end, "direct", "introduced", "high", q.balanced, inherits=source)


def _introduced_paragraph(here: Paragraph, before: Paragraph) -> list[Row]:
    """A paragraph without marks after "X explained:" is X's words."""
    introduced = introduction(before)
    if introduced is None or introduced.cue is None or len(here.text.split()) < 8:
        return []
    if introduced.cue.verb not in speech_verbs().values() or len(before.doc) - introduced.cue.last > 8:
        return []
    source = attribution(before, introduced)
    quote = Quote(0, len(here.text), "direct", "introduced", "medium", balanced=False, inherits=source)
    return [row_of(here, quote)]


def _place_in_clauses(here: Paragraph, rows: Sequence[Row], clauses: Sequence[Row]) -> None:
    """Say of quoted words in which reported clause they stand; without a speaker they take the clause's."""
    renamed: dict[str, str] = {}  # by its kind, a row's id changes, and so does what nested marks say of it
    for row in rows:
        holders = [c for c in clauses if c["start"] <= row["start"] and row["end"] <= c["end"]]
        if not holders or row["kind"] == "direct" or row["rule"] in {"nested marks", "title or name in marks"}:
            continue
        holder = min(holders, key=lambda c: c["end"] - c["start"])
        if row.get("speaker") is None:
            before = row["quote_id"]
            row |= as_mixed(row, holder, here.article_id)  # noqa: PLW2901
            renamed[before] = row["quote_id"]
        row["within_quote_id"] = holder["quote_id"]
    for row in rows:
        row["within_quote_id"] = renamed.get(row["within_quote_id"], row["within_quote_id"])


def _open_quote(here: Paragraph, q: Marked) -> Row:
    start = here.passage.start + q.outer
    message = "an opening quotation mark without a closing one; the quotation is taken to end with its paragraph"
    return {"severity": "info", "code": "open_quote", "message": message, "start": start, "end": start + 1}
