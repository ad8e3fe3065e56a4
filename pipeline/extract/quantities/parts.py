"""Links between the numbers of a passage: parts of a whole, nouns left out, events shared."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.extract.quantities.antecedents import resolve
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
_OF_THE = re.compile(r"\s+of\s+(?:the|these|those|its|their)\s", re.IGNORECASE)
_THOSE = re.compile(r"\b(?:of|among)\s+(?:them|these|those)\s*,?\s+(?:at\s+least\s+|only\s+)?$", re.IGNORECASE)
_OUT_OF = re.compile(r"(?:^|[.!?;:“\"]\s*)(?:(?:Out\s+)?Of|Among)\s+(?:the\s+|these\s+|those\s+|its\s+|their\s+)?$")
_VERB = re.compile(
    r"\s+(?:also\s+)?(?:had|have|has|were|was|are|is|did|do|could|can|will|would|may|might|said|say|[a-z]+ed)\b"
)
_LIST = re.compile(r"[^.;:\d]{0,60}(?:,|\band|\bwhile)\s+(?:and\s+|while\s+)?(?:the\s+other\s+|another\s+)?$")


_COLON = re.compile(r"[^.;:\d]{0,40}:\s*(?:(?:an?|one|her|his|their|its|the)\s+[\w-]+,\s+)*(?:and\s+)?")


def link_numbers(
    doc: Doc, text: str, starts: list[int], readings: list[Reading], before: Sequence[Reading] = ()
) -> None:
    """Links between the numbers of a passage: parts of a whole, elliptic nouns, shared events.

    ``before`` are the numbers of the passage before this one, which "22 of them" may be part of.
    """
    ends = [(s.start_char, s.end_char) for s in doc.sents]
    counts = [
        r
        for r in readings
        if r.kind in ("count", "ratio") or (r.kind == "percent" and (pronoun_of(r) or r.counted is None))
    ]
    _find_lists(text, counts)
    for i, reading in enumerate(counts):
        sentence = next(((s, e) for s, e in ends if s <= reading.numeral.start < e), (0, len(text)))
        earlier = [r for r in counts[:i] if r.start >= sentence[0]]
        _part_of_whole(text, reading, earlier, counts[:i] or _kept(before, reading))
        resolve(doc, text, starts, reading, counts[:i], _kept(before, reading))
        if again_of_kind(text, reading, [r for r in readings if sentence[0] <= r.start < reading.start]):
            continue
        _money_again(reading, [r for r in readings if sentence[0] <= r.start < reading.start])
        previous = earlier[-1] if earlier else None
        if previous is None or reading.kind != "count":
            continue
        link = text[previous.end : reading.start]
        joined = previous.whole is not reading and reading.whole is not previous and bool(_JOINED.fullmatch(link))
        if (
            joined
            and reading.event is None
            and previous.event is not None
            and reading.kind == "count"
            and (_alike(previous, reading) or (previous.event == "killed" and "event:verb_object" in previous.notes))
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
    if not pronoun and (listed := _list_of(text, reading, earlier)):
        reading.whole = listed
        reading.notes.append("part_of")
        if reading.event is None:
            reading.event, reading.event_text, reading.modality = listed.event, listed.event_text, listed.modality
        return
    if reading.whole is not None and "listed" in reading.notes:
        return
    if state := _OF_STATE.search(text, max(0, reading.start - 40), reading.start) or _STATE_OF.match(
        text, reading.numeral.end
    ):
        name = next(v for v in state.groups() if v).lower()
        event = {"dead": "killed", "killed": "killed", "victims": "killed", "missing": "missing"}.get(name, "injured")
        befell = [r for r in before if r.event == event and r.kind == "count" and _whole_of(r, reading)]
        if befell and befell[-1].noun != reading.noun:
            reading.whole = befell[-1]
            reading.notes.append("part_of")
            reading.counted_head = reading.counted_head or befell[-1].counted_head
            reading.event, reading.event_text = reading.event or event, reading.event_text or befell[-1].event_text
            return
    lead = _PART.search(text[max(0, reading.start - 60) : reading.start])
    if lead and reading.counted and lead[0].rstrip().lower().endswith(("these", "those")):
        lead = None  # "the houses of these three families"
    behind = re.compile(r"\s+among\s+(?:them|those|these)\b").match(text, reading.end)
    part = pronoun is not None or lead is not None or behind is not None
    whole: Reading | None = None
    if part:
        back = reading.kind in ("count", "ratio", "percent") and (
            pronoun or _THOSE.search(text[max(0, reading.start - 40) : reading.start])
        )
        pool = [r for r in earlier if _whole_of(r, reading)] or [
            r for r in before[-2:] if back and _whole_of(r, reading)
        ]
        whole = pool[-1] if pool else None
    elif named := [
        r for r in earlier if _OUT_OF.search(text[max(0, r.start - 30) : r.start]) and _whole_of(r, reading)
    ]:
        whole = named[-1]  # "Of 63 prisoners, 37 ... and 11 ..."
    elif earlier and earlier[-1].event and _COLON.fullmatch(text, earlier[-1].end, reading.start):
        # As in "three villagers died: two men on the bridge and a woman at home".
        listed = earlier[-1]
        whole = listed if _whole_of(listed, reading) and listed.unit == reading.unit == "person" else None
        reading.notes += ["listed"] if whole else []
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
    elif (of := _OF_THE.match(text, reading.numeral.end)) and " " not in text[of.end() : reading.end]:
        # "Three of the activists", "12 of its members": where only one count before is of such, and no word narrows it
        alike = [r for r in before if r.counted_head == reading.counted_head and _whole_of(r, reading)]
        if len(alike) == 1:
            whole, reading.confidence = alike[0], "medium"
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
    where = whole.event in _CASUALTIES and (reading.event_text or "").lower().startswith("in ")
    if (reading.event is None and reading.numeral.form != "none") or where:  # none of them: of those, nothing is said
        reading.event, reading.event_text, reading.modality = whole.event, whole.event_text, whole.modality


_CASUALTIES = {"killed", "injured", "missing", "tortured", "raped"}
"""What befell the whole befell the part; "four died, two in custody" says where."""
_STATES = r"(dead|killed|victims|injured|wounded|hurt|missing)"
_OF_STATE = re.compile(
    rf"(?i)\b(?:(?:among|of)\s+(?:the|those)\s+{_STATES}\s*(?:,|were|was|are|is)|the\s+{_STATES}\s+includ(?:e|ed|es))\s+(?:at\s+least\s+|only\s+|some\s+)?$"
)
_STATE_OF = re.compile(rf"(?i)\s+of\s+(?:the|those)\s+{_STATES}(?!\s+[a-z]+(?:s|men|women|people)\b)")
_BEGINS = re.compile(r"\s*(?:,|:|–|—|-|\()\s*(?:mostly\s+|namely\s+|all\s+)?(?:\w+\s+)?$")
_GOES_ON = re.compile(r"[^.;:\d]{0,40}?(?:,|,?\s+and|,?\s+but\s+also|,?\s+plus)\s+$")


def _list_of(text: str, reading: Reading, earlier: list[Reading]) -> Reading | None:
    """The whole whose parts a list gives right behind it: "12 people, eight women and four children,"."""
    if reading.kind != "count" or not earlier or reading.numeral.value is None:
        return None
    last = earlier[-1]
    if last.whole is not None and "listed" in last.notes:
        whole = last.whole
        parts = [r for r in earlier if r.whole is whole]
        total = sum(r.numeral.value or 0 for r in (*parts, reading))
        if _GOES_ON.fullmatch(text, last.end, reading.start) and total <= (whole.numeral.value or 0):
            reading.notes.append("listed")
            return whole
        return None
    return None


def _find_lists(text: str, counts: list[Reading]) -> None:
    """Mark the numbers behind a count that are a list of its parts: they follow a comma and add up to it."""
    for i, whole in enumerate(counts):
        if whole.kind != "count" or not whole.numeral.value or whole.counted is None:
            continue
        total, last = 0.0, whole
        for k in range(i + 1, min(i + 7, len(counts))):
            part = counts[k]
            link = text[last.end : part.start]
            follows = _BEGINS.fullmatch(link) if last is whole else _GOES_ON.fullmatch(link)
            if not follows or part.kind != "count" or part.numeral.value is None or part.whole or pronoun_of(part):
                break
            total, last = total + part.numeral.value, part
            if total == whole.numeral.value and k > i + 1:
                for sibling in counts[i + 1 : k + 1]:
                    sibling.whole = whole
                    sibling.notes += ["part_of", "listed"]
                    if sibling.event is None:
                        sibling.event, sibling.event_text = whole.event, whole.event_text
                        sibling.modality = whole.modality
                break


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


def again_of_kind(text: str, reading: Reading, earlier: list[Reading]) -> bool:
    """A bare number beside a sum or a share is one, too: "120 rupees, against 45 a year ago"."""
    source = earlier[-1] if earlier else None
    bare = reading.kind == "count" and reading.counted is None and reading.unit is None and reading.event is None
    if source is None or not bare or source.kind not in ("money", "percent", "measure") or source.per:
        return False
    if not _INSTEAD.search(text[source.end : reading.start]) or not _ALONE.match(text, reading.end):
        return False
    if source.kind == "percent" and text[source.end : reading.start].lower().startswith(" to"):
        return False  # "fell 7.3% to 9,000"
    reading.kind, reading.unit, reading.counted_head = source.kind, source.unit, source.counted_head
    reading.rule, reading.confidence = "unit_of_earlier_number", "medium"
    reading.reason = f"no unit is named; it is that of the number before it ({source.counted!r})"
    return True


_INSTEAD = re.compile(
    r"(?i)(?:\b(?:against|from|compared\s+(?:with|to)|up\s+from|down\s+from|versus|instead\s+of|rather\s+than)|^\s*to)"
    r"\s+(?:(?:about|around|just|only|nearly|almost|over|some)\s+)?$"
)
_ALONE = re.compile(
    r"(?i)\s*(?:[,.;)]|$|\s(?:an?\s+(?:\w+\s+){1,2}(?:ago|earlier|before)|(?:last|this|the)\s|in\s|on\s|by\s|at\s|for\s|and\s)|\s(?:\w+\s){1,3}(?:ago|earlier)\b)"
)


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
