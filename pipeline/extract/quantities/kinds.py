"""What kind of number it is: an age, a share, a count of some noun; and the bounds its words set."""

from __future__ import annotations

import functools
import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from pipeline.extract.quantities.counted import Counted, find_counted, find_group, find_numbered, look_up
from pipeline.extract.quantities.numbers import Numeral, afterthought, alternation, bound, qualifiers, words
from pipeline.extract.quantities.units import pronoun_of

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from pipeline.extract.quantities.units import Reading

_OLD = re.compile(
    r"(?:[\s-]*(?:to|and|or)?[\s-]*)?[\s-]*(?P<unit>year|month|week|day|yr)s?[\s-]*(?:old\b(?:[s])?|olds\b|of\s+age\b)",
    re.IGNORECASE,
)


def read_age(doc: Doc, text: str, starts: list[int], reading: Reading) -> None:
    """An age, in years unless another unit is named: "30-year-old", "aged 12", "Maxim, 30,"."""
    numeral = reading.numeral
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
    if aged := _aged().search(text, max(0, reading.start - 40), reading.start):
        reading.kind, reading.unit, reading.start = "age", reading.unit or "year", aged.start()
        reading.rule = "age:aged"
    elif not reading.kind and _of_that_age(doc, text, starts, numeral):
        reading.kind, reading.unit, reading.rule = "age", "year", "age:of"
    elif not reading.kind and _ENDS.match(text, numeral.end):
        if _GIVEN.search(text[max(0, numeral.start - 80) : numeral.start]):
            reading.kind, reading.unit, reading.rule = "age", "year", "age:given"
        elif _OF_THEM.search(text, max(0, numeral.start - 30), numeral.start):
            reading.kind, reading.unit, reading.rule, reading.confidence = "age", "year", "age:of_them", "medium"
        elif _WHO.search(text, max(0, numeral.start - 40), numeral.start):
            reading.kind, reading.unit, reading.rule, reading.confidence = "age", "year", "age:who_is", "medium"
        elif certain := _beside_name(doc, text, starts, numeral):
            reading.kind, reading.unit, reading.rule, reading.confidence = "age", "year", "age:beside_name", certain


_ENDS = re.compile(r"\s*(?:[,;)]|\.(?:\s|$)|$|—)")
_WHO = re.compile(r"(?i)\b(?:who|he|she)(?:\s+(?:is|was)|['’]s)\s+(?:now\s+|only\s+|just\s+)?$")


_OF_THEM = re.compile(
    r"(?i)\b(?:of\s+(?:them|whom)|all|both|the\s+(?:youngest|oldest|eldest))\s+(?:just\s+|only\s+|aged\s+)?$"
)
_GIVEN = re.compile(
    r"(?i)\b(?:age\s+of\s+(?:[\w'’]+\s+){1,4}(?:as|is|was|at)"
    r"|(?:youngest|oldest|eldest)\s+(?:(?:of\s+)?[\w'’]+\s+){0,3}?(?:is|was)(?:\s+(?:only|just|aged))?)"
    r"\s+(?:about\s+|around\s+)?$"
)
_OF = re.compile(r"([\w'’-]+)\s+of\s+(?:about\s+|around\s+|only\s+|just\s+|barely\s+|some\s+)?$")


def _of_that_age(doc: Doc, text: str, starts: list[int], numeral: Numeral) -> bool:
    """Whether the number is the age of one person: "a man of 58", "a girl of nine is drawing"."""
    before = _OF.search(text[max(0, numeral.start - 80) : numeral.start])
    i = bisect_left(starts, before.start(1)) if before else len(doc)
    if i >= len(doc) or doc[i].tag_ != "NN" or numeral.form not in ("digits", "words"):
        return False
    listed = look_up(doc, i)
    if not listed or listed[1] != "person" or listed[2] not in words()["ages"]["groups"]:
        return False
    j = bisect_left(starts, numeral.end)
    return j >= len(doc) or not (doc[j].tag_ in ("NNS", "NNPS", "JJ", "CD") or look_up(doc, j))


@functools.cache
def _aged() -> re.Pattern[str]:
    return re.compile(rf"(?i)\b(?:{alternation(words()['ages']['before'])})\s+$")


_PAST = re.compile(
    r"\s+of\s+(?:the|his|her|their|its|my|our)\s+(?:past|last|next|first|previous|final)\s+[\w-]+\s+(day|week|month|year|hour|decade)s?\b",
    re.IGNORECASE,
)


def read_time_of(text: str, readings: list[Reading]) -> None:
    """A bare number that is part of a stretch of time, "11 of the past 20 years", and the second age of "aged 19 and 22"."""
    for i, reading in enumerate(readings):
        if not reading.kind and (m := _PAST.match(text, reading.numeral.end)):
            reading.kind, reading.unit, reading.rule = "duration", m[1].lower(), "unit:duration_of"
            reading.reason = None
        before = readings[i - 1] if i else None
        if (
            before is not None
            and not reading.kind
            and before.rule == "age:aged"
            and re.fullmatch(r",?\s+(?:and|or)\s+|,\s+", text[before.end : reading.start])
            and _ENDS.match(text, reading.numeral.end)
        ):
            reading.kind, reading.unit, reading.rule = "age", before.unit, "age:aged"


_NAME = re.compile(r"(?<![^\s“\"(])([\w'’-]+)(?:,\s+|,?\s+\()$")
_TITLED = re.compile(r"\b(?:Mr|Ms|Mrs|Miss|Dr|Prof|Professor|Judge|Father|Sister)\.?\s+[A-Z][\w'’-]+,?\s+\(?$")


def _beside_name(doc: Doc, text: str, starts: list[int], numeral: Numeral) -> str | None:
    """How surely a number between commas is the age of the person named before it; None if it is not."""
    before = _NAME.search(text, max(0, numeral.start - 60), numeral.start)
    if not before or numeral.form != "digits" or numeral.value != int(numeral.value or 0):
        return None
    i = bisect_left(starts, before.start(1))
    if i >= len(doc):
        return None
    if _TITLED.search(text[max(0, numeral.start - 80) : numeral.start]):
        return "high"
    if (
        doc[i].tag_ == "NN"
        and re.search(r"(?:er|or|ist|ian|man|ant|ent)$", before[1])
        and text[numeral.end : numeral.end + 1] == ","
        and re.search(
            r"(?i)\b(?:the|an?|his|her)\s+(?:[a-z-]+\s+)?$", text[max(0, before.start(1) - 40) : before.start(1)]
        )
    ):
        return "medium"  # "the illustrator, 26, went"
    if doc[i].ent_type_ == "PERSON" or (look_up(doc, i) or ("", "", ""))[1] == "person":
        return "high"
    full = i > 0 and doc[i].tag_ == doc[i - 1].tag_ == "NNP" and doc[i].ent_type_ not in ("GPE", "LOC", "FAC", "DATE")
    return "medium" if full else None


def read_bounds(doc: Doc, text: str, starts: list[int], reading: Reading) -> None:
    """Take in "at least", "or more" and the like around the expression."""
    if reading.numeral.form == "none":
        return
    begin, name = qualifiers(text, reading.start)
    phrase, left = text[begin : reading.start].lower().split(), text[:begin]
    if name == "more_than" and reading.kind == "duration" and phrase[:1] == ["over"] and not _LASTING.search(left):
        begin, name = reading.start, None  # "over three days" is "in the course of"
    reading.start, reading.bound_name = begin, name
    end, late = afterthought(text, reading.end)
    if late:
        reading.end, reading.bound_name = end, late
    before = reading.numeral
    reading.numeral = bound(reading.numeral, reading.bound_name)
    people = name in ("less_than", "more_than") and _ENDS.match(text, reading.end) and _THEY_ARE.search(left[-40:])
    if people and not reading.kind and (reading.numeral.value or 200) < 110:
        reading.kind, reading.unit, reading.rule, reading.confidence = "age", "year", "age:bound", "medium"
        return
    if (
        name == "less_than"
        and phrase == ["under"]
        and reading.kind == "measure"
        and re.match(
            rf"(?i)\s+of\s+(?:{alternation(words()['ranges']['covers'])})\b", text[reading.end : reading.end + 40]
        )
    ):
        reading.start, reading.bound_name, reading.numeral = reading.start + len("under "), None, before
        return
    if reading.kind in ("", "duration") and " ".join(phrase) in words()["ages"]["people_before"] and begin > 0:
        i = bisect_left(starts, len(left.rstrip())) - 1
        person = i >= 0 and left[-1:].isspace() and (look_up(doc, i) or ("", "", ""))[1] == "person"
        value = reading.numeral.value or 200.0
        years = reading.unit in (None, "year", "month") and value < 110 and value == int(value)
        if person and years and find_counted(doc, text, reading.end, reading.numeral.value, starts) is None:
            reading.kind, reading.unit, reading.rule = "age", reading.unit or "year", "age:bound"
            reading.confidence = "medium"


def read_group(doc: Doc, starts: list[int], reading: Reading) -> None:
    """The group of those a number counts without naming them: "16 are women", "51 of them children"."""
    if reading.kind != "count" or reading.demographic or reading.unit not in (None, "person"):
        return
    pronoun = pronoun_of(reading) is not None
    if pronoun or reading.counted is None:
        reading.demographic = find_group(doc, bisect_left(starts, reading.end), beside=pronoun)
        if reading.demographic:
            reading.unit, reading.rule, reading.confidence = "person", "group_named", "medium"
            reading.reason = f"no noun is counted; person is inferred from {reading.demographic!r}"


_THEY_ARE = re.compile(
    r"(?i)\b(?:they|who|we|(?:them|people|men|women|boys|girls|children|whom)(?:\s+who)?)\s+(?:are|were|is|was)\s+$"
)
_LASTING = re.compile(
    r"(?i)\b(?:for|last\w*|tak\w+|took|well|just|spent|of|than|after|is|was|people|children|women|men)\s+$"
)
_RATE = re.compile(
    r"\s+(?:per|an?)\s+(day|week|month|year|hour|night|minute)\b(?!\s+(?:ago|earlier|later|before|after))",
    re.IGNORECASE,
)


def read_counted(doc: Doc, text: str, starts: list[int], reading: Reading) -> None:
    """Find the counted noun of a bare number, and of what a share is."""
    numeral = reading.numeral
    if reading.kind in ("money", "measure", "duration", "age", "other"):
        return
    share = reading.kind in ("percent", "ratio")
    counted = find_counted(doc, text, reading.end, numeral.value, starts, share=share)
    if share and (counted is None or not (counted.partitive or reading.kind == "ratio")):
        return
    if numeral.form == "none" and re.match(r"(?i)no\s+one|nobody", text[numeral.start : numeral.end]):
        reading.kind, reading.unit, reading.rule = "count", "person", "none:nobody"
        return
    reading.kind = reading.kind or "count"
    if counted is None and numeral.form != "none":
        if named := find_numbered(doc, text, reading.start, starts):
            _take(reading, named, share=share)
            reading.rule, reading.noun = "number_of", (named.first, named.last)
            return
        if of := _group_of().search(text[max(0, reading.start - 40) : reading.start]):
            reading.unit, reading.rule, reading.counted_head, reading.reason = "person", "group_of", of[1].lower(), None
            return
        if _CROWD.search(text[max(0, reading.start - 50) : reading.start]):
            reading.unit, reading.rule, reading.reason = "person", "crowd_of", None
            return
        if re.match(r"\s+who\b", text[reading.end : reading.end + 5]):
            reading.unit, reading.rule, reading.confidence = "person", "those_who", "medium"
            reading.reason = "no noun is counted; who says that they are persons"
            return
        if re.search(r"(?i)\bpopulations?\s+of\s+$", text[max(0, reading.start - 30) : reading.start]):
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


_CROWD = re.compile(
    r"(?i)\b(?:crowds?|turnout|attendance)\s+(?:(?:of|at|was|numbered|reached|to\s+be|put|estimated)\s+){1,2}$"
)


@functools.cache
def _group_of() -> re.Pattern[str]:
    return re.compile(rf"(?i)\b({alternation(words()['nouns']['groups_of'])})\s+of\s+$")


def _take(reading: Reading, counted: Counted, *, share: bool) -> None:
    reading.counted, reading.counted_head, reading.demographic = (
        counted.text,
        counted.lemma or None,
        counted.demographic,
    )
    if share:
        return
    reading.unit, reading.reason = counted.unit, None
    reading.rule = reading.rule or ("counted_noun" if counted.listed else "counted_noun:unlisted")
    if not counted.listed:
        reading.confidence = "medium"
