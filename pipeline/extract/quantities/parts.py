"""Links between the numbers of a passage: parts of a whole, nouns left out, events shared."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from pipeline.extract.quantities.units import Reading, pronoun_of

if TYPE_CHECKING:
    from spacy.tokens import Doc

_PEOPLE = (
    "killed",
    "injured",
    "missing",
    "displaced",
    "fled",
    "evacuated",
    "homeless",
    "arrested",
    "detained",
    "sheltered",
    "relocated",
)
_JOINED = re.compile(r"\s*(?:,\s*)?(?:and|or|,|&|\(|plus|as well as|;)?\s*(?:and\s+|or\s+|with\s+)?\s*", re.IGNORECASE)
_PART = re.compile(
    r"(?:including|among\s+them|among\s+whom|of\s+(?:them|whom|which|these|those)\s*,?|inclusive\s+of)\s+(?:at\s+least\s+)?$",
    re.IGNORECASE,
)


def link_numbers(doc: Doc, readings: list[Reading]) -> None:
    """Links between the numbers of a passage: parts of a whole, elliptic nouns, shared events."""
    text = doc.text
    ends = [(s.start_char, s.end_char) for s in doc.sents]
    counts = [r for r in readings if r.kind == "count" or (r.kind in ("percent", "ratio") and pronoun_of(r))]
    for i, reading in enumerate(counts):
        sentence = next(((s, e) for s, e in ends if s <= reading.numeral.start < e), (0, len(text)))
        earlier = [r for r in counts[:i] if r.start >= sentence[0]]
        _part_of_whole(text, reading, earlier, counts[:i])
        previous = earlier[-1] if earlier else None
        if previous is None or reading.kind != "count":
            continue
        link = text[previous.end : reading.start]
        joined = previous.whole is not reading and bool(_JOINED.fullmatch(link))
        if "others" in reading.notes or (reading.counted is None and reading.unit is None and reading.rule != "none"):
            _ellipsis(text, reading, previous, earlier)
        if (
            joined
            and reading.event is None
            and previous.event is not None
            and reading.kind == "count"
            and _alike(previous, reading)
        ):
            reading.event, reading.event_text, reading.modality = previous.event, previous.event_text, previous.modality
            reading.notes.append("event:shared")
        if joined and previous.event is None and reading.event is not None and _alike(previous, reading):
            previous.event, previous.event_text, previous.modality = reading.event, reading.event_text, reading.modality
            previous.notes.append("event:shared")
    for reading in counts:
        if (
            reading.unit is None
            and reading.event in _PEOPLE
            and reading.counted is None
            and reading.numeral.form != "none"
        ):
            reading.unit, reading.rule, reading.confidence = "person", "unit_from_event", "medium"
            reading.reason = f"no noun is counted; person is inferred from {reading.event_text!r}"


def _alike(a: Reading, b: Reading) -> bool:
    return a.unit == b.unit or {a.unit, b.unit} <= {"person", "household", "house", "apartment", None}


_OF_NUMBER = re.compile(
    r"\s+of\s+(?:(?:the|these|those|its|their|his|her|our|my|all|[\w-]+['’]s?|an|some|about|around|nearly|almost|estimated|more than|at least)\s+)*",
    re.IGNORECASE,
)


def link_next(text: str, readings: list[Reading]) -> None:
    """The first number is part of the second and counts the same: "500 of the 4,000 villagers"."""
    for part, whole in itertools.pairwise(readings):
        if whole.kind != "count" or part.kind not in ("count", "ratio", "percent") or not whole.counted:
            continue
        begin = re.compile(r"(?:\s*(?:%|per\s?cent|pct?\b))?").match(text, part.numeral.end)
        if begin and _OF_NUMBER.fullmatch(text, begin.end(), whole.numeral.start):
            whole.notes.append("has_part")
            part.whole, part.counted, part.counted_head, part.demographic = (
                whole,
                whole.counted,
                whole.counted_head,
                whole.demographic,
            )
            if part.kind == "count":
                part.unit, part.reason, part.rule = whole.unit, None, "part_of_whole"


def _part_of_whole(text: str, reading: Reading, earlier: list[Reading], before: list[Reading]) -> None:
    """Link the part to its whole: "including 730 children", "98 of them", "of whom 76,000"."""
    pronoun = pronoun_of(reading)
    lead = _PART.search(text[: reading.start])
    part = pronoun is not None or lead is not None
    whole: Reading | None = None
    if part:
        pool = [r for r in earlier if r.whole is None and r.kind == "count" and r.numeral.form != "none"] or [
            r for r in before[-2:] if r.whole is None and pronoun and r.numeral.form != "none" and r.kind == "count"
        ]
        whole = pool[-1] if pool else None
    elif (
        earlier
        and earlier[-1].whole is not None
        and re.fullmatch(r"\s*(?:,|and|,\s*and)\s*", text[earlier[-1].end : reading.start])
        and text[: earlier[-1].start].rstrip().lower().endswith(("including", "(including", "them"))
    ):
        whole = earlier[-1].whole
    if whole is None:
        return
    reading.whole = whole
    reading.notes.append("part_of")
    if pronoun or reading.counted is None:
        reading.counted, reading.counted_head = (
            reading.counted or whole.counted,
            reading.counted_head or whole.counted_head,
        )
        reading.demographic = reading.demographic or whole.demographic
        if reading.kind != "count":
            reading.counted, reading.counted_head, reading.reason = whole.counted, whole.counted_head, None
        elif reading.unit is None and whole.unit:
            reading.unit, reading.reason, reading.rule = whole.unit, None, "part_of_whole"
            reading.confidence = "medium"
    if reading.event is None:
        reading.event, reading.event_text, reading.modality = whole.event, whole.event_text, whole.modality


def _ellipsis(text: str, reading: Reading, previous: Reading, earlier: list[Reading]) -> None:
    """The noun is that of the number before: "and damaged another 900", "33,000 from Idlib"."""
    source = next(
        (r for r in reversed(earlier) if r.unit and r.kind == "count" and r.counted and (r.numeral.form != "none")),
        None,
    )
    if source is None or source.per:
        return
    link = text[previous.end : reading.start]
    fits = (
        "others" in reading.notes
        or reading.event is not None
        or bool(re.search(r"(?:[,:;(–-]|\band|\bbut|\bwhile|\bor)\s*(?:\w+ed\s+)?$", link))
    )
    if not fits or reading.numeral.value == 0:
        return
    reading.unit, reading.rule, reading.confidence = source.unit, "unit_of_earlier_number", "medium"
    reading.demographic = None
    reading.reason = f"no noun is counted; {source.unit} is that of the number before it"
    if (
        reading.event is None
        and re.search(r"[:;,(]\s*$|\band\s*$", link)
        and re.match(r"\s+(?:from|in|at|near)\b", text[reading.end :])
    ):
        reading.event, reading.event_text, reading.modality = source.event, source.event_text, source.modality
    elif reading.event is None and "others" in reading.notes:
        reading.event, reading.event_text = source.event, source.event_text
