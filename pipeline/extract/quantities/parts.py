"""Links between the numbers of a passage: parts of a whole, nouns left out, events shared."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
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
    r"(?:including|among\s+(?:them|whom|these|those)\s*,?|of\s+(?:them|whom|which|these|those)\s*,?|inclusive\s+of)\s+(?:at\s+least\s+|only\s+)?$",
    re.IGNORECASE,
)
_THOSE = re.compile(r"\b(?:of|among)\s+(?:them|these|those)\s*,?\s+(?:at\s+least\s+|only\s+)?$", re.IGNORECASE)
_OUT_OF = re.compile(r"(?:^|[.!?;:“\"]\s*)(?:Out\s+)?Of\s+(?:the\s+|these\s+|those\s+|its\s+|their\s+)?$")
_VERB = re.compile(
    r"\s+(?:also\s+)?(?:had|have|has|were|was|are|is|did|do|could|can|will|would|may|might|said|say|[a-z]+ed)\b"
)
_LIST = re.compile(r"[^.;:\d]{0,60}(?:,|\band|\bwhile)\s+(?:and\s+|while\s+)?(?:the\s+other\s+|another\s+)?$")


def link_numbers(doc: Doc, readings: list[Reading], before: Sequence[Reading] = ()) -> None:
    """Links between the numbers of a passage: parts of a whole, elliptic nouns, shared events.

    ``before`` are the numbers of the passage before this one, which "22 of them" may be part of.
    """
    text = doc.text
    ends = [(s.start_char, s.end_char) for s in doc.sents]
    counts = [r for r in readings if r.kind == "count" or (r.kind in ("percent", "ratio") and pronoun_of(r))]
    for i, reading in enumerate(counts):
        sentence = next(((s, e) for s, e in ends if s <= reading.numeral.start < e), (0, len(text)))
        earlier = [r for r in counts[:i] if r.start >= sentence[0]]
        _part_of_whole(text, reading, earlier, counts[:i] or _kept(before, reading))
        _said_before(text, reading, counts[:i], sentence[0])
        _money_again(reading, [r for r in readings if sentence[0] <= r.start < reading.start])
        previous = earlier[-1] if earlier else None
        if previous is None or reading.kind != "count":
            continue
        link = text[previous.end : reading.start]
        joined = previous.whole is not reading and reading.whole is not previous and bool(_JOINED.fullmatch(link))
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
    for whole, part in itertools.pairwise(readings):
        between = text[whole.end : part.start]
        beside = whole.kind == "count" and "," in between and not re.search(r"[.!?;:]\s", between)
        if beside and _OUT_OF.search(text[max(0, whole.start - 30) : whole.start]):
            whole.notes.append("opens")  # what follows the comma is said of the parts
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
    lead = _PART.search(text[max(0, reading.start - 60) : reading.start])
    if lead and reading.counted and lead[0].rstrip().lower().endswith(("these", "those")):
        lead = None  # "the houses of these three families"
    part = pronoun is not None or lead is not None
    whole: Reading | None = None
    if part:
        back = reading.kind == "count" and (pronoun or _THOSE.search(text[max(0, reading.start - 40) : reading.start]))
        pool = [r for r in earlier if _whole_of(r, reading)] or [
            r for r in before[-2:] if back and _whole_of(r, reading)
        ]
        whole = pool[-1] if pool else None
    elif named := [
        r for r in earlier if _OUT_OF.search(text[max(0, r.start - 30) : r.start]) and _whole_of(r, reading)
    ]:
        whole = named[-1]  # "Of 63 prisoners, 37 ... and 11 ..."
    elif earlier and text[earlier[-1].end : reading.start].rstrip().endswith(":") and earlier[-1].event:
        # As in "three villagers died: two men on the bridge and a woman at home".
        listed = earlier[-1]
        whole = listed if _whole_of(listed, reading) and listed.unit == reading.unit == "person" else None
    elif (
        earlier
        and earlier[-1].whole is not None
        and reading.counted is None
        and _VERB.match(text, reading.end)
        and _LIST.fullmatch(text[earlier[-1].end : reading.start])
        and (pronoun_of(earlier[-1]) or earlier[-1].counted_head == earlier[-1].whole.counted_head)
        and _whole_of(earlier[-1].whole, reading)
    ):
        whole = earlier[-1].whole  # "31 of them are men, 16 are women"
    elif (
        earlier
        and earlier[-1].whole is not None
        and re.fullmatch(r"\s*(?:,|and|,\s*and)\s*", text[earlier[-1].end : reading.start])
        and text[max(0, earlier[-1].start - 20) : earlier[-1].start]
        .rstrip()
        .lower()
        .endswith(("including", "(including", "them"))
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


def _kept(before: Sequence[Reading], reading: Reading) -> list[Reading]:
    """The counts of the passage before, if the number stands so near its start that nothing else can be meant."""
    return [r for r in before if r.kind == "count"] if reading.start < 30 else []


def _whole_of(whole: Reading, part: Reading) -> bool:
    """Whether ``part`` may be a part of ``whole``: a count of things, itself no part, and not the smaller one."""
    if whole.kind != "count" or whole.whole is not None or whole.numeral.form == "none":
        return False
    if part.kind != "count" or whole.numeral.value is None or part.numeral.value is None:
        return True
    return part.numeral.value <= whole.numeral.value


_THE_NUMBER = re.compile(
    r"\b(?:the|its|their|his|her|official|own|[\w]+['’]s?)\s+(?:number|figure|count|tally|estimate)\s+"
    r"(?:(?:is|was|stands|stood|rose|of|at|to|now|as)\s+){1,2}$",
    re.IGNORECASE,
)


def _said_before(text: str, reading: Reading, before: list[Reading], sentence: int) -> None:
    """A number without a noun counts what the number before it does: "the ministry's figure is 28", "only 18 had come"."""
    if reading.kind != "count" or reading.counted is not None or reading.unit is not None or pronoun_of(reading):
        return
    if reading.notes and "others" in reading.notes:
        return
    lead = text[max(0, reading.start - 100) : reading.start]
    again = _THE_NUMBER.search(lead)
    subject = (
        re.search(r"(?:[.!?]|[.!?][”\"])\s+(?:Only\s+|Just\s+)?$", lead)
        and _VERB.match(text, reading.end)
        and not reading.event
    )
    pool = [r for r in before if r.kind == "count" and r.unit and r.counted and r.per is None]
    if not pool or not (again or subject):
        return
    source = next((r for r in reversed(pool) if r.event), pool[-1]) if again else pool[-1]
    if subject and re.search(r"[.!?][”\"]?\s+\S", text[source.end : sentence].rstrip()):
        return  # not in the sentence before
    reading.unit, reading.demographic, reading.counted_head = source.unit, source.demographic, source.counted_head
    reading.rule, reading.confidence = "unit_of_earlier_number", "medium"
    reading.reason = f"no noun is counted; {source.unit} is that of the number before it"
    if again and reading.event is None:
        reading.event, reading.event_text, reading.modality = source.event, source.event_text, source.modality
    if re.search(r"\b(?:Only|Just)\s+$", lead[-6:]) and _whole_of(source, reading):
        reading.whole = source
        reading.notes.append("part_of")


def _money_again(reading: Reading, earlier: list[Reading]) -> None:
    """Millions without a noun after a sum are a sum: "$5 million in aid on top of the four million"."""
    money = earlier[-1] if earlier and earlier[-1].kind == "money" and earlier[-1].per is None else None
    bare = reading.kind == "count" and reading.counted is None and reading.unit is None and reading.event is None
    if money is None or not bare or reading.notes or reading.numeral.scale < 1e6:
        return
    reading.kind, reading.unit, reading.rule, reading.confidence = (
        "money",
        money.unit,
        "unit_of_earlier_number",
        "medium",
    )
    reading.reason = f"no currency is named; it is that of the sum before it ({money.counted})"


def _ellipsis(text: str, reading: Reading, previous: Reading, earlier: list[Reading]) -> None:
    """The noun is that of the number before: "and damaged another 900", "33,000 from Idlib"."""
    source = next(
        (r for r in reversed(earlier) if r.unit and r.kind == "count" and r.counted and (r.numeral.form != "none")),
        None,
    )
    if source is None or source.per:
        return
    link = text[previous.end : reading.start]
    denied = bool(re.search(r",\s*(?:and\s+|but\s+)?not\s+$", link))
    fits = (
        denied
        or "others" in reading.notes
        or reading.event is not None
        or bool(re.search(r"(?:[,:;(–-]|\band|\bbut|\bwhile|\bor)\s*(?:\w+ed\s+)?$", link))
    )
    if not fits or reading.numeral.value == 0:
        return
    reading.unit, reading.rule, reading.confidence = source.unit, "unit_of_earlier_number", "medium"
    reading.demographic = None
    reading.reason = f"no noun is counted; {source.unit} is that of the number before it"
    if denied and reading.event is None:  # "two deaths, not three"
        reading.event, reading.event_text, reading.polarity = source.event, source.event_text, "negated"
        reading.counted_head = source.counted_head
    elif (
        reading.event is None
        and re.search(r"[:;,(]\s*$|\band\s*$", link)
        and re.match(r"\s+(?:from|in|at|near)\b", text[reading.end : reading.end + 12])
    ):
        reading.event, reading.event_text, reading.modality = source.event, source.event_text, source.modality
    elif reading.event is None and "others" in reading.notes:
        reading.event, reading.event_text = source.event, source.event_text
