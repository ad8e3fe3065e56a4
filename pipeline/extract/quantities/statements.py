"""What is said of each number: its event, and whether that is denied, uncertain, a total or an addition."""

from __future__ import annotations

import functools
import re
from bisect import bisect_left
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.extract.quantities.events import Event, behind_participle, find_event
from pipeline.extract.quantities.modality import is_denied, modality_of
from pipeline.extract.quantities.numbers import alternation, words
from pipeline.extract.quantities.units import Reading, pronoun_of

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_ALL_BUT = re.compile(r"\b(?:all|everyone|everybody|none) (?:but|except|save)(?: for)?\s+$", re.IGNORECASE)
"""What is said holds for all the others: "all but 12 were freed" says that 12 were not."""
_ONLY_PEOPLE = (
    "abducted",
    "fled",
    "rescued",
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


def read_events(doc: Doc, text: str, starts: list[int], readings: list[Reading]) -> None:
    """Give each reading its event, polarity, modality and whether it is a total or an addition."""
    spans = [token_span(starts, r.start, r.end) for r in readings]
    for reading, (first, after) in zip(readings, spans, strict=True):
        if reading.kind in ("age", "ordinal"):
            continue
        if reading.kind in ("money", "measure", "duration", "other") and reading.unit not in ("hectare", "acre"):
            _colour(doc, reading, first, after, None)
            continue
        if reading.kind == "percent" and reading.counted is None and not reading.notes:
            _colour(doc, reading, first, after, None)
            continue
        head = _head(doc, reading)
        behind = behind_participle(doc, after) if reading.whole else after
        event = find_event(doc, text, first, reading.noun, behind, head, [s for s in spans if s[0] >= after])
        if (
            event
            and "has_part" in reading.notes
            and event.rule not in ("modifier", "participle_after", "counted_event", "counted_group")
        ):
            event = None  # "two of the three suspects were killed" says nothing of the third
        if event and "opens" in reading.notes and "," in text[reading.end : event.start]:
            event = None  # "of 63 prisoners, 37 described torture" says nothing of the others
        if event and event.rule == "counted_group" and reading.numeral.form == "none":
            event = None  # "none of the prisoners has seen a lawyer"
        event = _of_things(doc, reading, event)
        if (
            event
            and event.name in _ONLY_PEOPLE
            and reading.kind == "count"
            and reading.unit not in (None, "person", "household", "couple", "group", "case")
        ):
            event = None
        _colour(doc, reading, first, after, event)
        if event:
            reading.event, reading.event_text = event.name, text[event.start : event.end]
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
        reading.cumulative = _cumulative(text, reading)


def _of_things(doc: Doc, reading: Reading, event: Event | None) -> Event | None:
    """The event, unless it befalls things and people are counted; people who are burned are injured."""
    if event is None or event.name not in ("destroyed", "damaged"):
        return event if event is None or reading.kind != "measure" else None
    if reading.unit != "person":
        return event
    burned = any(doc[i].lower_.startswith("burn") for i in range(*event.tokens))
    return replace(event, name="injured") if burned else None


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
    if reading.kind not in ("count", "money", "measure"):
        return None
    total, total_after, added, added_after = _totals()
    before = text[max(0, reading.numeral.start - 60) : reading.numeral.start]
    if added.search(before) or added_after.match(text, reading.numeral.end):
        return False
    if total.search(before) or total_after.match(text, reading.end):
        return True
    return None


def _colour(doc: Doc, reading: Reading, first: int, after: int, event: Event | None) -> None:
    """Set polarity and modality of the statement about the number."""
    anchor = _anchor(doc, first, after, event)
    reading.modality = modality_of(doc, anchor, (first, after))
    tokens = (event.tokens if event.rule != "phrase_before" else (0, 0)) if event else None
    zero = reading.kind == "count" and reading.numeral.value == 0
    excepted = _ALL_BUT.search(doc.text[: reading.numeral.start]) is not None
    if (zero or is_denied(doc, anchor, (first, after), tokens)) != excepted:
        reading.polarity = "negated"


def _anchor(doc: Doc, first: int, after: int, event: Event | None) -> Token:
    """The word from which the statement is read: that of the event, or the head of the number's expression."""
    begin, end = event.tokens if event else (first, max(after, first + 1))
    return doc[begin:end].root
