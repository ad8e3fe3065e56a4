"""What kind of number it is: an age, a share, a count of some noun; and the bounds its words set."""

from __future__ import annotations

import functools
import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from pipeline.extract.quantities.counted import Counted, find_counted, find_numbered, look_up
from pipeline.extract.quantities.numbers import Numeral, afterthought, alternation, bound, qualifiers, words

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from pipeline.extract.quantities.units import Reading

_OLD = re.compile(
    r"(?:[\s-]*(?:to|and|or)?[\s-]*)?[\s-]*(?P<unit>year|month|week|day|yr)s?[\s-]*(?:old\b(?:[s])?|olds\b|of\s+age\b)",
    re.IGNORECASE,
)


def read_age(doc: Doc, starts: list[int], reading: Reading) -> None:
    """An age, in years unless another unit is named: "30-year-old", "aged 12", "Maxim, 30,"."""
    text, numeral = doc.text, reading.numeral
    if numeral.form in ("none", "fraction", "ratio"):
        return
    if old := _OLD.match(text, numeral.end):
        unit = old["unit"].lower().replace("yr", "year")
        reading.kind, reading.unit, reading.reason, reading.end, reading.rule = "age", unit, None, old.end(), "age:old"
        reading.counted = text[numeral.end : old.end()].strip(" -").replace(" old", "-old")
        reading.counted_head = f"{unit} of age"
        return
    top = numeral.value if numeral.value is not None else numeral.high
    if reading.kind not in ("", "duration") or top is None or not 0 < top < 130:
        return
    if aged := _aged().search(text[: reading.start]):
        reading.kind, reading.unit, reading.start = "age", reading.unit or "year", aged.start()
        reading.rule = "age:aged"
    elif not reading.kind and _ENDS.match(text, numeral.end):
        if _WHO.search(text[: numeral.start]):
            reading.kind, reading.unit, reading.rule, reading.confidence = "age", "year", "age:who_is", "medium"
        elif certain := _beside_name(doc, starts, numeral):
            reading.kind, reading.unit, reading.rule, reading.confidence = "age", "year", "age:beside_name", certain


_ENDS = re.compile(r"\s*(?:[,;)]|\.(?:\s|$)|$|—)")
_WHO = re.compile(r"(?i)\b(?:who|he|she)(?:\s+(?:is|was)|['’]s)\s+(?:now\s+|only\s+|just\s+)?$")


@functools.cache
def _aged() -> re.Pattern[str]:
    return re.compile(rf"(?i)\b(?:{alternation(words()['ages']['before'])})\s+$")


def _beside_name(doc: Doc, starts: list[int], numeral: Numeral) -> str | None:
    """How surely a number between commas is the age of the person named before it; None if it is not."""
    before = re.search(r"(?:^|[\s“\"(])([\w'’-]+)(?:,\s+|,?\s+\()$", doc.text[: numeral.start])
    if not before or numeral.form != "digits" or numeral.value != int(numeral.value or 0):
        return None
    i = bisect_left(starts, before.start(1))
    if i >= len(doc):
        return None
    if doc[i].ent_type_ == "PERSON" or (look_up(doc, i) or ("", "", ""))[1] == "person":
        return "high"
    full = i > 0 and doc[i].tag_ == doc[i - 1].tag_ == "NNP" and doc[i].ent_type_ not in ("GPE", "LOC", "FAC", "DATE")
    return "medium" if full else None


def read_bounds(doc: Doc, starts: list[int], reading: Reading) -> None:
    """Take in "at least", "or more" and the like around the expression."""
    if reading.numeral.form == "none":
        return
    text = doc.text
    begin, name = qualifiers(text, reading.start)
    phrase, left = text[begin : reading.start].lower().split(), text[:begin]
    if name == "more_than" and reading.kind == "duration" and phrase[:1] == ["over"] and not _LASTING.search(left):
        begin, name = reading.start, None  # "over three days" is "in the course of"
    reading.start, reading.bound_name = begin, name
    end, late = afterthought(text, reading.end)
    if late:
        reading.end, reading.bound_name = end, late
    reading.numeral = bound(reading.numeral, reading.bound_name)
    if reading.kind in ("", "duration") and " ".join(phrase) in words()["ages"]["people_before"] and begin > 0:
        i = bisect_left(starts, len(left.rstrip())) - 1
        person = i >= 0 and left[-1:].isspace() and (look_up(doc, i) or ("", "", ""))[1] == "person"
        years = reading.unit in (None, "year", "month") and (reading.numeral.value or 200) < 110
        if person and years and find_counted(doc, reading.end, reading.numeral.value, starts) is None:
            reading.kind, reading.unit, reading.rule = "age", reading.unit or "year", "age:bound"
            reading.confidence = "medium"


_LASTING = re.compile(
    r"(?i)\b(?:for|last\w*|tak\w+|took|well|just|spent|of|than|after|is|was|people|children|women|men)\s+$"
)
_RATE = re.compile(
    r"\s+(?:per|an?)\s+(day|week|month|year|hour|night|minute)\b(?!\s+(?:ago|earlier|later|before|after))",
    re.IGNORECASE,
)


def read_counted(doc: Doc, starts: list[int], reading: Reading) -> None:
    """Find the counted noun of a bare number, and of what a share is."""
    text, numeral = doc.text, reading.numeral
    if reading.kind in ("money", "measure", "duration", "age", "other"):
        return
    share = reading.kind in ("percent", "ratio")
    counted = find_counted(doc, reading.end, numeral.value, starts, share=share)
    if share and (counted is None or not (counted.partitive or reading.kind == "ratio")):
        return
    if numeral.form == "none" and re.match(r"(?i)no\s+one|nobody", text[numeral.start : numeral.end]):
        reading.kind, reading.unit, reading.rule = "count", "person", "none:nobody"
        return
    reading.kind = reading.kind or "count"
    if counted is None and numeral.form != "none":
        if named := find_numbered(doc, reading.start, starts):
            _take(reading, named, share=share)
            reading.rule = "number_of"
            return
        if re.search(r"(?i)\bpopulations?\s+of\s+$", text[: reading.start]):
            reading.unit, reading.rule, reading.reason = "person", "population_of", None
            return
        if per := _RATE.match(text, reading.end):
            reading.per, reading.end, reading.counted = per[1].lower(), per.end(), per[0].strip()
    if counted is None:
        reading.reason = reading.reason or "no counted noun and no unit stands beside the number"
        return
    reading.noun = (counted.first, counted.last)
    last = doc[counted.last - 1]
    reading.end = last.idx + len(last)
    if counted.pronoun:
        reading.notes.append(counted.pronoun)
        reading.reason = f"the number counts {counted.pronoun!r}"
        return
    _take(reading, counted, share=share)
    end, late = afterthought(text, reading.end)
    if late and reading.bound_name is None and not share:
        reading.end, reading.bound_name = end, late
        reading.numeral = bound(numeral, late)
    per = _RATE.match(text, reading.end)
    if per and not share:
        reading.per, reading.end = per[1].lower(), per.end()
        reading.counted = f"{reading.counted}{per[0]}"
        reading.unit = f"{reading.unit} per {reading.per}" if reading.unit else None


def _take(reading: Reading, counted: Counted, *, share: bool) -> None:
    reading.counted, reading.counted_head, reading.demographic = counted.text, counted.lemma, counted.demographic
    if share:
        return
    reading.unit, reading.reason = counted.unit, None
    reading.rule = reading.rule or ("counted_noun" if counted.listed else "counted_noun:unlisted")
    if not counted.listed:
        reading.confidence = "medium"
