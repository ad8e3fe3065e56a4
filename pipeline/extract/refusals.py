"""Why digits or number words are no quantity: dates, times, names, codes, list numbers and the pronoun "one".

Works on plain text around one numeral. A reason is a short phrase that goes into ``issues`` as it is.
"""

from __future__ import annotations

import functools
import re

from pipeline.extract.numbers import Numeral, alternation, words

_TIME_AFTER = re.compile(r"\s?(?:[ap]\.?m\b\.?|o['’]clock\b|GMT\b|UTC\b|BST\b|CET\b|EST\b|(?:hours\s)?(?:local\s+time)\b)", re.IGNORECASE)
_CODE_BEFORE = re.compile(r"(?:[^\W\d_][-–]?|[#@/_=&])$")
_PHONE = re.compile(r"(?:\+|\b)\d[\d().]*(?:[ -]\(?\d{2,4}\)?){2,}[ -]\d{3,4}\b")


@functools.cache
def _labels() -> re.Pattern[str]:
    table = {form: reason for reason, forms in words()["labels"].items() for form in forms}
    pattern = "|".join(f"(?P<g{i}>{alternation(forms)})" for i, forms in enumerate(words()["labels"].values()))
    assert table
    return re.compile(rf"(?:^|(?<=[\s(“\"'‘-]))(?:{pattern})\s*(?:\(|#)?$", re.IGNORECASE)


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
    return re.compile(rf"\s+(?:[A-Z][\w'’.]*\s+){{1,3}}(?i:{alternation(words()['addresses']['words'])})(?![\w])")


@functools.cache
def _idioms() -> re.Pattern[str]:
    return re.compile(alternation(words()["idioms"]["phrases"]), re.IGNORECASE)


def refusal(text: str, numeral: Numeral, has_unit: bool) -> str | None:
    """Why ``numeral`` is no quantity, or None if nothing says so. ``has_unit``: money, measure or percent."""
    start, end = numeral.start, numeral.end
    before, after = text[max(0, start - 30) : start], text[end : end + 30]
    for m in _idioms().finditer(text, max(0, start - 8), min(len(text), end + 14)):
        if m.start() <= start < m.end() or m.start() < end <= m.end():
            return "fixed phrase"
    if numeral.form in ("vague", "fraction"):
        return None
    if numeral.form == "words":
        return _word_refusal(text, numeral, before, after)
    if not has_unit and _CODE_BEFORE.search(before) and not re.search(r"(?i)(?:\b(?:sub|minus|now|then|between|least|about|some|than|than)-?)$", before):
        return "part of a name, code or link"
    if re.match(r"(?:st|nd|rd|th)\b", after):
        return "ordinal"
    if re.match(r"['’]?s\b", after):
        return "decade or plural of a name"
    if not has_unit and re.match(r"[^\W_]", after) and not numeral.letter:
        return "letters glued to the number: a name or code"
    if _TIME_AFTER.match(after) and re.fullmatch(r"\d{1,2}(?:\.\d\d)?|\d{4}", text[start:end]):
        return "time of day"
    if re.match(r"[:.]\d", after) or re.search(r"\d[:.]$", before):
        return "time of day or version"
    if re.match(r"/\d", after) or re.search(r"\d/$", before):
        return "date or pair of numbers"
    if re.search(rf"(?i)(?:^|[\s(])(?:{_month()})\s$", before) and re.fullmatch(r"\d{1,2}|\d{4}", text[start:end]) and not has_unit:
        return "part of a date"
    if re.match(rf"(?i)\s(?:{_month()})(?![\w])", after) and re.fullmatch(r"\d{1,2}", text[start:end]) and not re.match(r"\smay\s+[a-z]|\smarch\s+[a-z]", after):
        return "part of a date"
    if any(m.start() <= start < m.end() for m in _PHONE.finditer(text, max(0, start - 20), end + 20)) and not has_unit:
        return "telephone number"
    if not has_unit and (m := _labels().search(before)):
        label = list(words()["labels"])[int(str(m.lastgroup)[1:])]
        # A plain noun before a number is a label only if the number stands right there: "Section 28", "page 3".
        if not re.search(r"(?i)\bno\s*$", before) or re.search(r"(?:\bNo|\bno\.)\s*$", before):
            return label
    if start == 0 and re.match(r"[.)]\s", after) and re.fullmatch(r"\d{1,2}", text[start:end]):
        return "number of a heading"
    if re.search(r"(?:^|\s)\($", before) and re.match(r"\)", after) and re.fullmatch(r"\d{1,2}", text[start:end]) and not has_unit:
        return "number in brackets: a note, list number or shirt number"
    if not has_unit and _address().match(text, end) and re.fullmatch(r"\d{1,5}", text[start:end]):
        return "street address"
    if not has_unit and re.fullmatch(r"(?:1[5-9]|20)\d\d", text[start:end]) and _year_like(before, after):
        return "looks like a year"
    if re.match(r"\s?[-–]\s?\d{2}\b(?!,)", after) and re.fullmatch(r"(?:19|20)\d\d", text[start:end]) and not has_unit:
        return "looks like a year"
    if re.search(r"(?:19|20)\d\d[-–]$", before) and re.fullmatch(r"\d\d|(?:19|20)\d\d", text[start:end]) and not has_unit:
        return "looks like a year"
    return None


def _year_like(before: str, after: str) -> bool:
    if re.search(r"(?i)(?:\b(?:in|since|by|of|until|till|from|during|before|after|late|early|mid|year|and|to|the|summer|spring|winter|autumn|fall)|[(–-])\s?$|^$", before) and not re.match(
        r"(?i)\s+(?:[a-z-]+\s+){0,2}(?:people|men|women|children|persons|[a-z]+s)\b", after
    ):
        return True
    return bool(re.match(r"\s*(?:[),.;:]|$|[A-Z])", after)) or bool(re.match(r"\s+(?:[a-z]+\s+)?(?:election|edition|season|report|model|review|study|law)\b", after))


def _word_refusal(text: str, numeral: Numeral, before: str, after: str) -> str | None:
    """The same for a number word."""
    word = text[numeral.start : numeral.end]
    previous = re.search(r"([\w'’.-]+)[\s-]*$", before)
    following = re.match(r"[\s-]*([\w'’]+)", after)
    if re.search(r"\w[-–]$", before) and not re.search(r"(?i)(?:now|then|minus)-$", before):
        return "part of a compound word"
    if word.lower() == "one":
        nxt = following[1].lower() if following else ""
        if not following or re.match(r"\s*[,.;:?!)”\"’']", after) or nxt in _sets()["one_after"]:
            return "pronoun: one"
        if previous and previous[1].lower() in _sets()["one_before"] and previous.end() == len(before):
            return "pronoun: one"
        if following and following[1][:1].isupper() and word == "One":
            return "part of a name"
    if word[:1].isupper() and before.strip() and not re.search(r"[.!?:“\"‘(—–-]\s*$", before) and re.match(r"\s+[A-Z]", after) and re.search(r"[a-z]\s$", before):
        return "part of a name"
    if previous and previous[1].lower() in ("section", "article", "chapter", "part", "phase", "page", "category", "number", "act", "formula", "group", "level"):
        return "section or list number"
    if re.match(r"\s?(?:[ap]\.m\.|o['’]clock)", after):
        return "time of day"
    return None
