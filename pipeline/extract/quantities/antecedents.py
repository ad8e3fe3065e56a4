"""What a number without a noun counts: that of a number before it, of which it may also be a part.

"Police held 12 men. Five were released": five men, part of the twelve. "Twelve soldiers were killed and 30 wounded":
thirty soldiers, but no part. The noun is looked for among the counts before, nearest sentence first, and where it is
taken from is said in the reason.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.extract.quantities.numbers import alternation, words
from pipeline.extract.quantities.units import Reading, pronoun_of

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_CASUALTIES = ("killed", "injured", "missing")
_PEOPLE = ("person", "household", "case")
_TOLD = ("event:number_of", "event:phrase_before", "event:noun_of")
_KEEPING = ("hold", "house", "keep", "have", "shelter", "host", "contain")
_CORE = ("nsubj", "nsubj:pass", "obj", "iobj", "ROOT", "xcomp", "ccomp", "csubj", "parataxis", "appos")


def resolve(
    doc: Doc, text: str, starts: list[int], reading: Reading, before: Sequence[Reading], kept: Sequence[Reading]
) -> None:
    """Give a count without a noun the noun, unit and group of a count before it, and link it where it is a part.

    Args:
        doc: the passage.
        text: its text.
        starts: character position of each token.
        reading: the number; left as it is if it counts something of its own.
        before: the counts before it in the passage.
        kept: the counts of the passage before, where nothing else can be meant.
    """
    others = "others" in reading.notes
    bare = reading.counted is None and pronoun_of(reading) is None and not others
    if reading.kind not in ("count", "ratio", "percent") or not (bare or others):
        return
    if reading.numeral.form == "none" and reading.rule != "none":
        return  # "nobody"
    if reading.kind != "count" and not _is_subject(doc, text, starts, reading):
        return
    value = reading.numeral.value
    if value is not None and (value != int(value) and reading.kind == "count"):
        return
    sentence = _sentence(doc, reading)
    holds = _is_object(doc, starts, reading) and _token(doc, starts, reading).head.lemma_ in _KEEPING
    if any(note in _TOLD for note in reading.notes) and not holds:
        return  # "the number of dead rose to 16" says itself what is counted
    again = bool(_again().search(text[max(0, reading.start - 70) : reading.start]))
    subject = _is_subject(doc, text, starts, reading)
    source = _source(doc, text, starts, reading, before, again=again) or (
        kept[-1] if kept and subject and reading.start < 30 else None
    )
    if source is None:
        return
    here = source in before and source.start >= sentence[0]
    link = text[source.end : reading.start] if here else ""
    joined = here and bool(_LINK.search(link))
    if not (
        again
        or subject
        or joined
        or others
        or (reading.event and reading.event == source.event)
        or _is_object(doc, starts, reading)
    ):
        return
    part = _is_part(
        doc,
        text,
        reading,
        source,
        before,
        subject=subject,
        again=again,
        here=here,
        copula=_copula(doc, starts, reading),
    )
    if reading.kind != "count" and not part:
        return
    inferred = reading.unit is None or reading.rule in ("unit_from_event", "group_named", "unit_of_earlier_number")
    if inferred or others:
        _take(reading, source)
    if here and re.search(r",\s*(?:and\s+|but\s+)?not\s+$", link):
        reading.polarity = "negated"  # "two deaths, not three"
    did = subject and _DID.match(text, reading.end)
    if (did or holds) and reading.event is None:
        reading.event, reading.event_text = source.event, source.event_text  # "50 did", "and holds 1,020"
    if again and source.cumulative and reading.cumulative is None:
        reading.cumulative = True
    if again and (reading.event is None or reading.event == source.event):
        reading.event, reading.event_text = source.event, source.event_text
    if part:
        whole = _whole(source)
        reading.whole = whole
        reading.notes.append("part_of")
        if reading.event is None and reading.numeral.form != "none" and (not subject or _copula(doc, starts, reading)):
            reading.event, reading.event_text, reading.modality = whole.event, whole.event_text, whole.modality


def _take(reading: Reading, source: Reading) -> None:
    reading.counted_head = source.counted_head
    reading.demographic = reading.demographic or source.demographic
    if reading.kind != "count":
        reading.reason = None
        return
    reading.unit = source.unit
    reading.rule, reading.confidence = "unit_of_earlier_number", "medium"
    reading.reason = (
        f"no noun is counted; {source.unit} is that of the number before it ({source.counted or source.counted_head!r})"
    )


def _whole(source: Reading) -> Reading:
    """The whole that a number after ``source`` is part of: that of its neighbour where this is itself a part."""
    return source.whole if source.whole is not None and source.noun is None else source


def _is_part(
    doc: Doc,
    text: str,
    reading: Reading,
    source: Reading,
    before: Sequence[Reading],
    *,
    subject: bool,
    again: bool,
    here: bool,
    copula: bool,
) -> bool:
    """Whether the number is a part of what ``source`` counts, or of what that is a part of."""
    whole = _whole(source)
    sibling = whole is not source or any(r.whole is whole for r in before)
    added = re.match(r"(?i)(?:another|a\s+further|further|an?\s+additional)\b", text[reading.start : reading.end])
    more = re.match(r"\s+more\b", text[reading.numeral.end : reading.numeral.end + 8])
    if again or "others" in reading.notes or ((added or more) and not sibling) or reading.whole is not None:
        return False
    if whole.kind != "count" or whole.numeral.form == "none" or whole is reading:
        return False
    size, of = _size(reading), _size(whole)
    if reading.kind == "count" and (size is None or (of is not None and size >= of)):
        return False
    if whole.event in _CASUALTIES and (
        reading.event not in (None, whole.event)
        or (whole.event == "killed" and subject and reading.event is None and not copula)
    ):
        return False
    if whole.polarity == "negated" or any(
        r.rule == "unit_of_earlier_number"
        and r.whole is None
        and r.counted_head == whole.counted_head
        and r is not whole
        for r in before
        if r.start > whole.start and not here
    ):
        return False  # "64 people last year and 41 this year. Twenty-three …" may be of either
    again_told = (reading.event_text or "").lower() == (whole.event_text or "").lower()
    if (
        reading.event
        and whole.event == reading.event
        and again_told
        and here
        and reading.kind == "count"
        and not sibling
    ):
        return _listed_after(doc, text, reading, whole, before)
    the = re.search(r"(?i)\b(?:the|these|those|both|all)\s+$", text[max(0, reading.start - 8) : reading.start])
    if re.search(r"(?i)\b(?:the\s+remaining|the\s+other)\s+$", text[max(0, reading.start - 16) : reading.start]):
        return True
    if the:
        return False
    if _listed_after(doc, text, reading, whole, before):
        return True
    if (whole.event, reading.event) in _STAGES:
        return True
    if (
        here
        and _HOW.match(text, reading.end)
        and re.fullmatch(r"[^.;:\d]{0,40}[,:–—]\s*(?:at\s+least\s+)?", text[whole.end : reading.start])
    ):
        return True
    if not subject:
        return False
    link = text[whole.end : reading.start]
    if not here:
        return True
    if _APART.search(link):
        return reading.event is None or whole.event != reading.event or not again_told
    return bool(reading.event and whole.event is None and re.search(r"\w\s+(?:and|but)\s+(?:only\s+)?$", link))


def _size(reading: Reading) -> float | None:
    n = reading.numeral
    return n.value if n.value is not None else n.high


def _listed_after(doc: Doc, text: str, reading: Reading, whole: Reading, before: Sequence[Reading]) -> bool:
    """Whether the number stands in a list of parts by place behind a comma: "45 people, 30 in Dorvan and 15 in Orl"."""
    place = re.compile(r"\s+(?:in|at|from|near|on|around|inside|outside)\s+[\w“\"]")
    if not place.match(text, reading.end):
        return False
    if whole.noun is None:
        return False
    parts = [r for r in before if r.whole is whole]
    last = parts[-1] if parts else whole
    link = text[last.end : reading.start]
    sums = sum(_size(r) or 0 for r in (*parts, reading)) <= (_size(whole) or 0)
    if last is whole:
        return bool(re.fullmatch(r"[^.;:\d]{0,40}[,:–—]\s*(?:at\s+least\s+)?", link)) and sums
    return bool(re.fullmatch(r"[^.;:\d]{1,40}?[,\s](?:and\s+)?(?:the\s+(?:other|remaining)\s+)?", link)) and sums


_APART = re.compile(
    r"[;:,–—]\s*(?:(?:and|but|while|only|just|of\s+whom|though)\s+)*(?:at\s+least\s+|only\s+|some\s+)?$"
)
_HOW = re.compile(r"\s+(?:seriously|critically|badly|severely|gravely|fatally|fatal|slightly|lightly)\b")
_STAGES = frozenset(
    (before, after)
    for before in ("arrested", "detained", "abducted", "trapped", "charged", "missing")
    for after in ("charged", "convicted", "released", "rescued", "deported", "tortured", "raped")
    if before != after
)
"""What can befall some of those whom something else befell before: "arrested 78 people and charged 12"."""
_DID = re.compile(r"\s+(?:did|had|have|has|were|was)\s*[,.;”\"]")
_LINK = re.compile(r"(?:[,:;(–—-]|\band|\bbut|\bwhile|\bor|\bthen)\s*(?:[\w’']+\s+){0,2}(?:at\s+|the\s+)?$")


@functools.cache
def _again() -> re.Pattern[str]:
    """What is said right before a number that is given in place of another or beside it."""
    return re.compile(
        rf"(?i)(?:\b(?:{alternation(words()['again']['before'])})|[.!?][”\"]?\s+[“\"]Perhaps|[“\"]Perhaps)\s+[“\"]?$"
    )


def _sentence(doc: Doc, reading: Reading) -> tuple[int, int]:
    return next(
        ((s.start_char, s.end_char) for s in doc.sents if s.start_char <= reading.numeral.start < s.end_char),
        (0, 10**9),
    )


def _token(doc: Doc, starts: list[int], reading: Reading) -> Token:
    from bisect import bisect_left

    first = max(0, bisect_left(starts, reading.start + 1) - 1)
    last = max(first + 1, bisect_left(starts, reading.numeral.end))
    return doc[first:last].root


_SUBJECT_VERB = re.compile(
    r"[”\"]?,?\s+(?:(?:also|still|now|later|already|then|soon|in\s+all)\s+)*(?:had|have|has|were|was|are|is|did|do|could|can|will|would|may|might|must|remain|remained|said"
    r"|came|went|got|fell|lost|made|took|died|fled|left|ran|put|held|hid|sat|stood|broke|began|drowned|survived|[a-z]+ed)\b"
)


def _is_subject(doc: Doc, text: str, starts: list[int], reading: Reading) -> bool:
    """Whether the number stands as a subject before its verb."""
    if _SUBJECT_VERB.match(text, reading.end):
        return True
    token = _token(doc, starts, reading)
    return token.dep_ in ("nsubj", "nsubj:pass") and token.head.i > token.i


def _is_object(doc: Doc, starts: list[int], reading: Reading) -> bool:
    """Whether the number stands as the object of a verb right before it: "but holds 1,020"."""
    token = _token(doc, starts, reading)
    return bool(token.dep_ == "obj" and 0 < token.i - token.head.i < 4 and token.head.tag_.startswith("V"))


def _copula(doc: Doc, starts: list[int], reading: Reading) -> bool:
    """Whether the verb behind says what they are, not what they did: "31 were men"."""
    token = _token(doc, starts, reading)
    return any(child.dep_ == "cop" for child in token.head.children)


def _source(
    doc: Doc, text: str, starts: list[int], reading: Reading, before: Sequence[Reading], *, again: bool
) -> Reading | None:
    """The count whose noun the number shares: of people where people are meant, of what its sentence speaks of first."""
    people = (
        reading.event is not None and reading.rule in ("unit_from_event", "group_named") and reading.unit == "person"
    )
    pool = [
        r
        for r in before
        if r.kind == "count"
        and r.unit
        and r.counted_head
        and r.per is None
        and r.numeral.form != "none"
        and r is not reading
    ]
    if people or "others" in reading.notes:
        pool = [r for r in pool if r.unit in _PEOPLE]
    pool = [r for r in pool if text[r.end : reading.start].count(". ") < 3]
    if again:
        here = [r for r in pool if r.start >= _sentence(doc, reading)[0]] or pool
        return next((r for r in reversed(here) if r.event), here[-1] if here else None)
    near = [r for r in pool if r.start >= _sentence(doc, reading)[0]] or pool[-3:]
    if not near:
        return None
    if near[0] not in pool[-3:] or near[-1].start < _sentence(doc, reading)[0]:
        begin = _sentence(doc, near[-1])[0]
        near = [r for r in near if r.start >= begin]
    core = [r for r in near if _is_core(_token(doc, starts, r) if r.noun is None else doc[r.noun[0] : r.noun[1]].root)]
    return (core or near)[-1]


def _is_core(token: Token) -> bool:
    for _ in range(4):
        if token.dep_ in ("conj", "nummod", "compound") and token.head.i != token.i:
            token = token.head
    return token.dep_ in _CORE
