"""What kind of number it is: an age, a share, a count of some noun; and the bounds its words set."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from pipeline.extract.quantities.counted import Counted, find_counted, find_numbered, look_up
from pipeline.extract.quantities.numbers import afterthought, alternation, bound, qualifiers, words

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
    old = _OLD.match(text, numeral.end)
    aged = re.search(rf"(?i)\b(?:{alternation(words()['ages']['before'])})\s+$", text[: reading.start])
    if old:
        reading.kind, reading.unit, reading.end, reading.rule = (
            "age",
            {"yr": "year"}.get(old["unit"].lower(), old["unit"].lower()),
            old.end(),
            "age:old",
        )
        reading.counted = text[numeral.end : old.end()].strip(" -").replace(" old", "-old")
        reading.counted_head, reading.reason = f"{reading.unit} of age", None
        return
    if reading.kind not in ("", "duration"):
        return
    top = numeral.value if numeral.value is not None else numeral.high
    if aged and top is not None and top < 130:
        reading.kind, reading.unit, reading.start, reading.rule = (
            "age",
            reading.unit or "year",
            aged.start(),
            "age:aged",
        )
        return
    named = re.search(r"(?:^|[\s“\"(])([\w'’-]+),?\s+\(?$", text[: numeral.start])
    if (
        not reading.kind
        and named
        and numeral.form == "digits"
        and numeral.value is not None
        and 0 < numeral.value < 110
        and numeral.value == int(numeral.value)
        and re.search(r"[,(]\s*$", text[: numeral.start])
        and re.match(r"\s*(?:[,;)]|\.(?:\s|$)|$|—)", text[numeral.end :])
    ):
        i = bisect_left(starts, named.start(1))
        person = i < len(doc) and (doc[i].ent_type_ == "PERSON" or (look_up(doc, i) or ("", "", ""))[1] == "person")
        if person or (
            i < len(doc)
            and i > 0
            and doc[i].tag_ == "NNP"
            and doc[i - 1].tag_ == "NNP"
            and doc[i].ent_type_ in ("", "PERSON")
        ):
            reading.kind, reading.unit, reading.rule = "age", "year", "age:beside_name"
            reading.confidence = "high" if person else "medium"


def read_bounds(text: str, reading: Reading) -> None:
    """Take in "at least", "or more" and the like around the expression."""
    if reading.numeral.form == "none":
        return
    begin, name = qualifiers(text, reading.start)
    if (
        name == "more_than"
        and reading.kind == "duration"
        and re.search(r"(?i)\bover\s+(?:the\s+)?$", text[begin : reading.start])
        and not re.search(r"(?i)\b(?:for|last\w*|tak\w+|took|well|just|spent|of|than|after|is|was)\s+$", text[:begin])
    ):
        begin, name = reading.start, None
    if (
        name in ("less_than", "more_than")
        and reading.kind == ""
        and re.search(r"(?i)\b(?:above|below|over|under)\s+$", text[begin : reading.start])
        and re.search(r"(?i)\bthe\s+(?:above|below)\s+$", text[: reading.start])
    ):
        begin, name = reading.start, None
    reading.start, reading.bound_name = begin, name
    end, late = afterthought(text, reading.end)
    if late:
        reading.end, reading.bound_name = end, late
    reading.numeral = bound(reading.numeral, reading.bound_name)


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
