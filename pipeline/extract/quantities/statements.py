"""What is said of each number: its event, and whether that is denied, uncertain, a total or an addition."""

from __future__ import annotations

import functools
import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from pipeline.extract.quantities.events import Event, colour, find_event
from pipeline.extract.quantities.numbers import alternation, words
from pipeline.extract.quantities.units import Reading, pronoun_of

if TYPE_CHECKING:
    from spacy.tokens import Doc

_ONLY_PEOPLE = (
    "sheltered",
    "relocated",
    "returned",
    "released",
    "charged",
    "convicted",
    "protested",
    "arrested",
    "detained",
    "infected",
    "homeless",
)


def token_span(starts: list[int], start: int, end: int) -> tuple[int, int]:
    """The tokens, first and one past the last, that characters ``start:end`` touch; ``starts`` are all tokens' starts."""
    return max(0, bisect_left(starts, start + 1) - 1), bisect_left(starts, end)


def read_events(doc: Doc, starts: list[int], readings: list[Reading]) -> None:
    """Give each reading its event, polarity, modality and whether it is a total or an addition."""
    spans = [token_span(starts, r.start, r.end) for r in readings]
    for reading, (first, after) in zip(readings, spans, strict=True):
        if reading.kind in ("money", "measure", "duration", "age", "other", "ordinal"):
            continue
        if reading.kind == "percent" and reading.counted is None and not reading.notes:
            continue
        head = _head(doc, reading)
        event = find_event(doc, first, reading.noun, after, head, [s for s in spans if s[0] >= after])
        if (
            event
            and "has_part" in reading.notes
            and event.rule not in ("modifier", "participle_after", "counted_event", "counted_group")
        ):
            event = None  # "two of the three suspects were killed" says nothing of the third
        if event and "opens" in reading.notes and "," in doc.text[reading.end : event.start]:
            event = None  # "of 63 prisoners, 37 described torture" says nothing of the others
        if (
            event
            and event.name in _ONLY_PEOPLE
            and reading.kind == "count"
            and reading.unit not in (None, "person", "household", "couple", "group")
        ):
            event = None
        polarity, modality = colours(doc, first, after, event)
        reading.modality = modality
        if polarity == "negated":
            reading.polarity = polarity
        if event:
            reading.event, reading.event_text = event.name, doc.text[event.start : event.end]
            reading.notes.append(f"event:{event.rule}")
            if event.confidence == "medium":
                reading.confidence = "medium"
            if (
                reading.counted is None
                and reading.unit is None
                and event.unit
                and reading.kind == "count"
                and not pronoun_of(reading)
            ):
                reading.unit, reading.rule = event.unit, "unit_from_event"
                reading.confidence = "medium"
                reading.reason = f"no noun is counted; {event.unit} is inferred from {reading.event_text!r}"
        reading.cumulative = _cumulative(doc.text, reading)


def _head(doc: Doc, reading: Reading) -> int | None:
    if reading.noun is None or pronoun_of(reading) or "others" in reading.notes:
        return None
    first, last = reading.noun
    return next((i for i in range(last - 1, first - 1, -1) if doc[i].tag_ in ("NNS", "NNPS", "NN", "NNP")), last - 1)


@functools.cache
def _totals() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    table = words()["cumulative"]
    return (
        re.compile(rf"\b(?:{alternation(table['total'])})\s+(?:\w+\s+){{0,2}}$", re.IGNORECASE),
        re.compile(rf"[^.;]{{0,60}}?\b(?:{alternation(table['total_after'])})\b", re.IGNORECASE),
        re.compile(rf"\b(?:{alternation(table['added'])})\s+(?:\w+\s+){{0,2}}$", re.IGNORECASE),
        re.compile(rf"\s+(?:{alternation(table['added_after'])})\b(?!\s+than)", re.IGNORECASE),
    )


def _cumulative(text: str, reading: Reading) -> bool | None:
    """True for a total so far ("rose to", "a total of"), False for what is newly added ("another"), else None."""
    total, total_after, added, added_after = _totals()
    before = text[max(0, reading.numeral.start - 60) : reading.numeral.start]
    if added.search(before) or added_after.match(text, reading.numeral.end):
        return False
    if total.search(before) or total_after.match(text, reading.end):
        return True
    return None


def colours(doc: Doc, first: int, after: int, event: Event | None) -> tuple[str, str]:
    """Polarity and modality of the statement: from the words between the number and its event, and beside them."""
    sentence = doc[first].sent
    if event is None:
        near = range(max(sentence.start, first - 3), first)
    elif event.tokens[0] >= after:
        near = range(after, event.tokens[0])
    elif event.rule == "phrase_before":
        near = range(max(0, event.tokens[0] - 3), first)
    else:
        near = range(max(sentence.start, event.tokens[0] - 4), event.tokens[0])
    # As written, so that the month of May is no "may".
    low = [
        doc[i].text.replace("’", "'")
        for i in [*near, *(range(after, min(after + 2, len(doc))) if event is None else ())]
    ]
    denied = {doc[i].lower_ for i in range(max(sentence.start, first - 6), first)} & {
        "denied",
        "denies",
        "deny",
        "denying",
    }
    polarity = (
        "negated"
        if event is not None and (denied or any(w in ("not", "n't", "never", "neither") for w in low))
        else "asserted"
    )
    wide = {
        doc[i].lower_
        for i in range(max(sentence.start, first - 4), min(sentence.end, (event.tokens[1] if event else after) + 2))
    }
    if any(w in colour("possible") for w in low):
        return polarity, "possible"
    if any(w in colour("alleged") for w in low) or wide & {"allegedly", "reportedly", "alleged", "purportedly"}:
        return polarity, "alleged"
    if any(w in ("would", "should") for w in low):
        return polarity, "conditional"
    if any(w in colour("future") for w in low):
        return polarity, "future"
    return polarity, "certain"
