"""Why digits or number words are no quantity: dates, times, names, codes, list numbers and the pronoun "one".

Works on the text around one numeral, and for names on its tokens. A reason is a short phrase that goes into ``issues`` as it is.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from pipeline.extract.quantities.numbers import Numeral, alternation, words

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from pipeline.extract.quantities.units import Reading

_NAMES = ("PERSON", "ORG", "GPE", "LOC", "FAC", "EVENT", "LAW", "PRODUCT", "WORK_OF_ART")

_TIME_AFTER = re.compile(
    r"\s?(?:[ap]\.?m\b\.?|o['’]clock\b|GMT\b|UTC\b|BST\b|CET\b|EST\b|(?:hours\s)?(?:local\s+time)\b)", re.IGNORECASE
)
_CODE_BEFORE = re.compile(r"(?:[^\W\d_][-–]?|[#@/_=&])$")
_PHONE = re.compile(r"(?:\+|\b)\d[\d().]*(?:[ -]\(?\d{2,4}\)?){2,}[ -]\d{3,4}\b")


_LOCAL = re.compile(r"\b0\d{2,4}[ -]\d{3}[ -]?\d{3,4}\b")
_PERSON = re.compile(
    r"\s+(?:\w+\s+)?(?:person|man|woman|child|boy|girl|villager|civilian|soldier|officer|prisoner)\s+(?:had|has|was|is|died|were)\b"
)
_AMOUNT = re.compile(
    r"(?i)\b(?:number\s+of\s+[^.;:\d]{1,60}\s(?:at|to|as|is|was)|(?:dead|deaths|toll|injured|casualties)\s+(?:numbered|stood\s+at|stands\s+at|at|was|is))\s+(?:only\s+|just\s+)?$"
)


@functools.cache
def _labels() -> re.Pattern[str]:
    pattern = "|".join(f"(?P<g{i}>{alternation(forms)})" for i, forms in enumerate(words()["labels"].values()))
    return re.compile(rf"(?:^|(?<=[\s(“\"'‘-]))(?:{pattern})\s*(?:\(|#)?$", re.IGNORECASE)


def _label(before: str) -> str | None:
    """What the word right before a number makes of it: "Section 28", "page 3", "Room 40"."""
    m = _labels().search(before)
    if not m or re.search(r"\bno\s*$", before):  # "no 12 people", against "No 12" and "no. 12"
        return None
    reasons: list[str] = list(words()["labels"])
    return reasons[int(str(m.lastgroup)[1:])]


@functools.cache
def _month() -> str:
    return alternation(words()["months"]["words"])


@functools.cache
def _sets() -> dict[str, frozenset[str]]:
    return {
        "one_after": frozenset(words()["one"]["after"]),
        "one_before": frozenset(words()["one"]["before"]),
        "scores": frozenset(words()["scores"]["words"]),
    }


@functools.cache
def _address() -> re.Pattern[str]:
    street = r"(?:[A-Z][\w'’.]*|\d{1,3}(?:st|nd|rd|th))"
    return re.compile(
        rf"(?:[-–]\d{{1,5}})?\s+(?:{street}\s+){{1,3}}(?i:{alternation(words()['addresses']['words'])})(?![\w])"
    )


@functools.cache
def _idioms() -> re.Pattern[str]:
    return re.compile(alternation(words()["idioms"]["phrases"]), re.IGNORECASE)


def refusal(text: str, numeral: Numeral, has_unit: bool) -> str | None:
    """Why ``numeral`` is no quantity, or None if nothing says so. ``has_unit``: money, measure or percent."""
    start, end = numeral.start, numeral.end
    before, after = text[max(0, start - 30) : start], text[end : end + 30]
    around = text[max(0, start - 8) : end + 14].lower()
    idiom = any(phrase in around for phrase in words()["idioms"]["phrases"])
    for m in () if not idiom else _idioms().finditer(text, max(0, start - 8), min(len(text), end + 14)):
        if m.start() <= start < m.end() or m.start() < end <= m.end():
            return "fixed phrase"
    if numeral.form in ("vague", "fraction"):
        return None
    if numeral.form == "words":
        return _word_refusal(text, numeral, before, after)
    if re.match(r"\s?[×^]\s?\d", after) or re.search(r"[×^]\s?\d*[-−]?$", before):
        return "formula"
    if (
        not has_unit
        and _CODE_BEFORE.search(before)
        and not re.search(r"(?i)(?:\b\d+[km]|bn)[-–]$", before)
        and not re.search(r"(?i)(?:\b(?:sub|minus|now|then|between|least|about|some|than|than)-?)$", before)
    ):
        return "part of a name, code or link"
    if re.search(r"(?i)\bcovid\s?$", before):
        return "part of a name, code or link"
    if re.match(r"(?:st|nd|rd|th)\b", after):
        return "ordinal"
    if re.match(r"['’]?s\b", after):
        return "decade or plural of a name"
    if _TIME_AFTER.match(after) and re.fullmatch(r"\d{1,2}(?:\.\d\d)?|\d{4}", text[start:end]):
        return "time of day"
    if re.search(r"(?:^|\s)\($", before) and re.match(r"[A-Z]\)", after):
        return "letters glued to the number: a name or code"
    if not has_unit and re.match(r"[^\W_]", after) and not numeral.letter:
        return "letters glued to the number: a name or code"
    if re.match(r"[:.]\d", after) or re.search(r"\d[:.]$", before):
        return "time of day or version"
    if re.match(r"/\d", after) or re.search(r"\d/$", before):
        return "date or pair of numbers"
    if (
        not has_unit
        and re.fullmatch(r"[012]?\d|3[01]|\d{4}", text[start:end])
        and re.search(rf"(?i)(?:^|[\s(])(?:{_month()})\s$", before[-12:])
    ):
        return "part of a date"
    if (
        re.fullmatch(r"\d{1,2}", text[start:end])
        and re.match(rf"(?i)\s(?:{_month()})(?![\w])", after)
        and not re.match(r"\smay\s+[a-z]|\smarch\s+[a-z]", after)
    ):
        return "part of a date"
    if not has_unit and _is_called(text, start, end):
        return "telephone number"
    phone = any(m.start() <= start < m.end() for m in _PHONE.finditer(text, max(0, start - 20), end + 20))
    if phone and not has_unit and not re.fullmatch(r"[1-9]\d{0,2}(?: \d{3})+(?:\.\d+)?", text[start:end]):
        return "telephone number"
    if not has_unit and re.fullmatch(r"\d{1,4}(?:\.\d+)?", text[start:end]) and (label := _label(before)):
        return label
    if start == 0 and re.match(r"[.)]\s", after) and re.fullmatch(r"\d{1,2}", text[start:end]):
        return "number of a heading"
    if (
        re.search(r"(?:^|\s)\($", before)
        and re.match(r"\)", after)
        and re.fullmatch(r"\d{1,2}", text[start:end])
        and not has_unit
    ):
        return "number in brackets: a note, list number or shirt number"
    if not has_unit and _address().match(text, end) and re.fullmatch(r"\d{1,5}", text[start:end]):
        return "street address"
    if (
        not has_unit
        and re.fullmatch(r"\d{1,4}", text[start:end])
        and re.search(r"\b(?:A\.?D|C\.?E|B\.?C)\.?\s$", before)
    ):
        return "looks like a year"
    if not has_unit and re.match(r"(?i)\s(?:zip|postal)\s?code", after):
        return "part of a name, code or link"
    if not has_unit and re.fullmatch(r"(?:1[89]|20|21)\d\d", text[start:end]) and _year_like(before, after):
        return "looks like a year"
    if re.match(r"\s?[-–]\s?\d{2}\b(?!,)", after) and re.fullmatch(r"(?:19|20)\d\d", text[start:end]) and not has_unit:
        return "looks like a year"
    if (
        re.search(r"(?:19|20)\d\d[-–]$", before)
        and re.fullmatch(r"\d\d|(?:19|20)\d\d", text[start:end])
        and not has_unit
    ):
        return "looks like a year"
    return None


_DIALLED = re.compile(r"(?i)\b(?:dial\w*|rang|ring|call(?:ed|ing)?|helpline\s+(?:on|at)|phoned?|number\s+on)\s+$")


def _is_called(text: str, start: int, end: int) -> bool:
    """Whether the digits are a number that somebody rings: "dialled 911", "0800 555 0199"."""
    local = any(m.start() <= start < m.end() for m in _LOCAL.finditer(text, max(0, start - 12), end + 12))
    dialled = _DIALLED.search(text, max(0, start - 20), start) and re.match(r"\s*(?:[.,;]|$|for\b|\s\d)", text[end:])
    return local or bool(dialled)


def _year_like(before: str, after: str) -> bool:
    if re.search(r"(?i)\b(?:average|total|maximum|minimum|record|population|crowd|capacity)\s+of\s$", before):
        return False
    if re.search(
        r"(?i)(?:\b(?:in|since|by|of|until|till|from|during|before|after|late|early|mid|year|and|to|the|summer|spring|winter|autumn|fall)|[(–-])\s?$|^$",
        before,
    ) and not re.match(r"(?i)\s+(?:[a-z-]+\s+){0,2}(?:people|men|women|children|persons|[a-z]+s)\b", after):
        return True
    return bool(re.match(r"\s*(?:[),.;:]|$|[A-Z])", after)) or bool(
        re.match(
            r"\s+(?:[a-z]+\s+)?(?:election|edition|season|report|model|review|study|law"
            r"|sales|results|earnings|profits?|revenues?|figures|levels|census|budget|olympics|championships?|playoffs)\b",
            after,
        )
    )


def _word_refusal(text: str, numeral: Numeral, before: str, after: str) -> str | None:
    """The same for a number word."""
    word = text[numeral.start : numeral.end]
    previous = re.search(r"([\w'’.-]+)[\s-]*$", before)
    following = re.match(r"[\s-]*([\w'’]+)", after)
    if re.search(r"\w[-–]$", before) and not re.search(r"(?i)(?:now|then|minus)-$", before):
        return "part of a compound word"
    if word.lower() == "one":
        nxt = following[1].lower() if following else ""
        if _AMOUNT.search(text[max(0, numeral.start - 120) : numeral.start]):
            return None
        if (
            not following
            or re.match(r"\s*[,.;:?!)”\"’']", after)
            or (
                nxt in _sets()["one_after"]
                and not (nxt in ("to", "or", "and") and re.match(r"\s+\w+\s+(?:\d|two\b)", after))
            )
        ):
            return "pronoun: one"
        if (
            previous
            and previous[1].lower() in _sets()["one_before"]
            and previous.end() == len(before)
            and not (previous[1].lower() == "that" and _PERSON.match(after))
        ):
            return "pronoun: one"
    if (
        word[:1].isupper()
        and before.strip()
        and not re.search(r"[.!?:“\"‘(—–-]\s*$", before)
        and re.match(r"\s+[A-Z]", after)
        and re.search(r"[a-z]\s$", before)
    ):
        return "part of a name"
    if label := _label(before):
        return label
    if re.match(r"\s?(?:[ap]\.m\.|o['’]clock)", after):
        return "time of day"
    return None


def _counts_people(doc: Doc, k: int) -> bool:
    """Whether the capital at ``k`` belongs to what "One" counts: "One US soldier", "One Afghan", "One UN convoy"."""
    from pipeline.extract.quantities.counted import look_up

    if doc[k].ent_type_ == "NORP" or doc[k].tag_.startswith("JJ"):
        return True
    behind = [doc[j] for j in (k + 1, k + 2) if j < len(doc)]
    return any(t.tag_ in ("NN", "JJ") and (t.text.islower() or look_up(doc, t.i) is not None) for t in behind)


def name_refusal(doc: Doc, text: str, starts: list[int], reading: Reading) -> str | None:
    """Refuse a number inside a name, such as "FTSE 100": by the recogniser, or by capitals around it."""
    numeral = reading.numeral
    if reading.kind or numeral.form in ("vague", "fraction"):
        return None
    if numeral.form == "words" and text[numeral.start : numeral.end] in ("One", "Zero"):
        k = bisect_left(starts, numeral.end)
        if k < len(doc) and doc[k].text[:1].isupper() and not _counts_people(doc, k):
            return "part of a name"
    i = max(0, bisect_left(starts, numeral.start + 1) - 1)
    last = max(i, bisect_left(starts, numeral.end) - 1)
    for entity in doc.ents:
        if entity.label_ in _NAMES and entity.start <= i and last < entity.end and len(entity) > last - i + 1:
            inside = text[numeral.start : numeral.end]
            if (
                entity.start < i
                and (last + 1 >= entity.end or not doc[last + 1].text.islower())
                and doc[i - 1].text[:1].isupper()
                and "," not in inside
            ):
                return "part of a name"
            if (
                entity.start == i
                and doc[i].text[:1].isupper()
                and last + 1 < entity.end
                and doc[last + 1].text[:1].isupper()
                and i > doc[i].sent.start
            ):
                return "part of a name"
    if (
        numeral.form == "digits"
        and i > 0
        and float(numeral.value or 0) < 10000
        and "," not in text[numeral.start : numeral.end]
    ):
        previous = doc[i - 1]
        sentence = previous.sent
        capital = (
            previous.tag_ in ("NNP", "NNPS")
            and previous.text[:1].isupper()
            and previous.text[-1:].isalpha()
            and (previous.i > sentence.start or previous.text.isupper())
        )
        follows = doc[last + 1] if last + 1 < len(doc) else None
        upright = (
            follows is None
            or follows.is_punct
            or follows.text[:1].isupper()
            or follows.tag_ in ("VBD", "VBZ", "IN", "TO", "CC", "MD", "VBP")
            or follows.lower_ in ("index", "model")
        )
        titled = sum(token.text[:1].isupper() for token in sentence if token.is_alpha) > 0.6 * max(
            1, sum(token.is_alpha for token in sentence)
        )
        if (
            capital
            and upright
            and not titled
            and numeral.start - previous.idx - len(previous) <= 1
            and not (
                follows is not None
                and follows.text in (",", "(")
                and float(numeral.value or 0) < 110
                and previous.ent_type_ in ("PERSON", "")
            )
        ):
            return "part of a name"
    return None
