"""Number expressions: article -> rows of ``quantities``.

Each passage goes through the same steps, top to bottom in :func:`_read_passage`: numerals are read,
those that are no quantity are refused with a reason, units and bounds are attached, then the counted
noun, the event and the links between the numbers of a sentence are found.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.extract.quantities.currencies import settle
from pipeline.extract.quantities.kinds import read_age, read_bounds, read_counted, read_group, read_time_of
from pipeline.extract.quantities.numbers import Numeral, read_numerals
from pipeline.extract.quantities.parts import link_next, link_numbers
from pipeline.extract.quantities.ranges import (
    NONE,
    merge_ranges,
    merge_ratios,
    read_nothing,
    read_ranks,
    share_units,
)
from pipeline.extract.quantities.refusals import name_refusal, refusal
from pipeline.extract.quantities.statements import read_events
from pipeline.extract.quantities.units import Reading, attach
from pipeline.ids import content_id
from pipeline.nlp.passages import Article, Found, Passage, Row

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from pipeline.settings import ExtractSettings


def find_quantities(article: Article, taken: Sequence[tuple[int, int]], settings: ExtractSettings) -> Found:
    """Every number expression of the article, and what was refused.

    Args:
        article: the parsed article.
        taken: half-open spans in clean_text of dates, times and sets; a number inside one is no quantity.
        settings: of the stage; none of them shapes numbers yet.

    Returns:
        Rows of ``quantities``, sorted, whose number spans never overlap; an ``info`` issue for each
        number-like text that was refused.
    """
    found = Found()
    identifiers: dict[int, str] = {}
    every: list[Reading] = []  # keeps the readings alive, so that none takes the place of another in identifiers
    before: list[Reading] = []  # of the passage before, if it stands in the same zone
    zone = ""
    for passage in article.passages:
        first, last = passage.start, passage.start + _length(passage.doc)
        text = article.clean_text[first:last]
        inside = [(s - first, e - first) for s, e in taken if s < last and e > first]
        if passage.zone != zone:
            before, zone = [], passage.zone
        readings, refused = _read_passage(passage.doc, text, inside, before)
        settle(passage.doc, readings, article.place, article.outlet)
        every += readings
        before = readings
        for r in readings:
            span = passage.start + r.numeral.start, passage.start + r.numeral.end
            identifiers[id(r)] = content_id("n", article.article_id, *span)
        found.rows += [_row(reading, passage, identifiers) for reading in readings]
        found.issues += [_issue(numeral, reason, passage, text) for numeral, reason in refused]
    found.rows.sort(key=lambda row: (row["start"], row["end"], row["number_start"]))
    return found


def _may_hold_none(text: str) -> bool:
    """Whether :func:`read_nothing` may find a zero in the text."""
    return bool(NONE.search(text))


def _length(doc: Doc) -> int:
    """How many characters the passage has; its text is put together anew each time it is asked for."""
    return doc[-1].idx + len(doc[-1].text_with_ws) if len(doc) else 0


def _read_passage(
    doc: Doc, text: str, taken: Sequence[tuple[int, int]], before: Sequence[Reading]
) -> tuple[list[Reading], list[tuple[Numeral, str]]]:
    """The numbers of one passage, and the numerals refused with the reason for each; ``before``: of the passage before."""
    refused: list[tuple[Numeral, str]] = []
    numerals = [n for n in read_numerals(text) if not any(n.start < e and s < n.end for s, e in taken)]
    numerals = merge_ratios(text, numerals)
    readings: list[Reading] = []
    ranks = read_ranks(text, taken)
    starts: list[int] = doc.to_array("IDX").tolist() if numerals or ranks or _may_hold_none(text) else []
    for numeral in numerals:
        reading = attach(text, numeral)
        if numeral.form == "ratio":
            reading.kind, reading.rule = "ratio", "ratio"
        reason = (
            None
            if numeral.form == "ratio"
            else refusal(text, reading.numeral, bool(reading.kind)) or name_refusal(doc, text, starts, reading)
        )
        if reason:
            refused.append((numeral, reason))
        else:
            readings.append(reading)
    readings = merge_ranges(text, readings, refused)
    nothing = read_nothing(text, readings, taken)
    readings = [
        r for r in readings if not any(n.numeral.start <= r.numeral.start < n.numeral.end for n in nothing)
    ] + nothing
    readings += ranks
    if not readings:
        return [], refused
    readings.sort(key=lambda r: r.numeral.start)
    numbers = [r for r in readings if r.kind != "ordinal"]
    for reading in numbers:
        read_age(doc, text, starts, reading)
    read_time_of(text, numbers)
    share_units(text, numbers)
    for reading in numbers:
        read_bounds(doc, text, starts, reading)
        read_counted(doc, text, starts, reading)
    link_next(text, readings)
    read_events(doc, text, starts, readings)
    for reading in numbers:
        read_group(doc, starts, reading)
    link_numbers(doc, text, starts, readings, before)
    kept = [r for r in readings if not _empty_negation(r)]
    return kept, refused


def _empty_negation(reading: Reading) -> bool:
    """Whether a "no" counts nothing that matters: neither people nor an event."""
    if reading.numeral.form != "none":
        return False
    if reading.counted is None and reading.event is None and reading.counted_head is None:
        return True
    return reading.unit != "person" and reading.event is None


def _row(reading: Reading, passage: Passage, identifiers: dict[int, str]) -> Row:
    numeral, shift = reading.numeral, passage.start
    events = [note for note in reading.notes if note.startswith("event:")]
    return {
        "quantity_id": identifiers[id(reading)],
        "start": shift + min(reading.start, numeral.start),
        "end": shift + max(reading.end, numeral.end),
        "number_start": shift + numeral.start,
        "number_end": shift + numeral.end,
        "value": numeral.value,
        "low": numeral.low,
        "high": numeral.high,
        "low_inclusive": numeral.low_inclusive,
        "high_inclusive": numeral.high_inclusive,
        "approximator": numeral.approximator,
        "kind": reading.kind or "other",
        "unit": reading.unit,
        "counted": reading.counted,
        "counted_head": reading.counted_head,
        "demographic": reading.demographic,
        "event": reading.event,
        "event_text": reading.event_text,
        "polarity": reading.polarity,
        "modality": reading.modality,
        "cumulative": reading.cumulative,
        "subset_of_quantity_id": identifiers.get(id(reading.whole)) if reading.whole else None,
        "unresolved_reason": reading.reason,
        "rule": "+".join([reading.rule or "number", *events[:1]]),
        "confidence": reading.confidence,
    }


def _issue(numeral: Numeral, reason: str, passage: Passage, text: str) -> Row:
    words_ = text[numeral.start : numeral.end]
    return {
        "severity": "info",
        "code": "rejected_number",
        "message": f"{words_!r} is not taken for a quantity: {reason}",
        "start": passage.start + numeral.start,
        "end": passage.start + numeral.end,
    }
