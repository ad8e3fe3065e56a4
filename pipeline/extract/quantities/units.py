"""Money, measures, percent and time: the unit that stands beside a numeral.

Works on plain text. :func:`attach` turns a :class:`~pipeline.extract.quantities.numbers.Numeral` into a
:class:`Reading`, the mutable working form of one row of ``quantities``.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field, replace

from pipeline import resources
from pipeline.extract.quantities.numbers import Numeral, alternation, words


@dataclass
class Reading:
    """One number on its way to a row; spans are half-open, in the text of its passage.

    ``number`` is the span of the number alone, ``start:end`` that of the whole expression. ``kind`` is
    empty until it is known; ``per`` is the noun of a rate ("barrel" in "$60 a barrel").
    """

    numeral: Numeral
    start: int
    end: int
    kind: str = ""
    unit: str | None = None
    counted: str | None = None
    counted_head: str | None = None
    demographic: str | None = None
    per: str | None = None
    reason: str | None = None
    rule: str = ""
    confidence: str = "high"
    event: str | None = None
    event_text: str | None = None
    polarity: str = "asserted"
    modality: str = "certain"
    cumulative: bool | None = None
    whole: Reading | None = None
    noun: tuple[int, int] | None = None
    bound_name: str | None = None
    notes: list[str] = field(default_factory=list)


def pronoun_of(reading: Reading) -> str | None:
    """The pronoun that the number counts ("98 of them"), or None."""
    return next((n for n in reading.notes if n in ("them", "whom", "these", "those", "which")), None)


@dataclass(frozen=True)
class Unit:
    """What a written form stands for; ``unit`` is empty, with a reason, where it stands for several."""

    unit: str
    kind: str
    reason: str


@functools.cache
def _forms(place: str) -> tuple[re.Pattern[str], dict[str, Unit]]:
    rows = [row for row in resources.rows("units.csv") if row["place"] == place]
    table = {row["form"]: Unit(row["unit"], row["kind"], row["reason"]) for row in rows}
    # Short forms and those with capitals mean what they mean only as they are written.
    exact = {form for form in table if len(form) <= 3 or re.search(r"[A-Z]", form)}
    loose = {form.lower(): unit for form, unit in table.items() if form not in exact}
    longest = sorted([*exact, *loose], key=lambda form: (-len(form), form))
    pattern = "|".join(alternation([form]) if form in exact else f"(?i:{alternation([form])})" for form in longest)
    table = {**loose, **{form: table[form] for form in exact}}
    if place == "before":
        return re.compile(rf"(?:^|(?<=[^\w$])|(?<=sub-))({pattern})\s?$"), table
    return re.compile(rf"(\s?-?\s?)({pattern})(?![\w$]|[’'][a-rt-z])"), table


def _look_up(table: dict[str, Unit], form: str) -> Unit:
    folded = " ".join(form.split())
    return table[folded] if folded in table else table[folded.lower()]


@functools.cache
def _rate() -> re.Pattern[str]:
    nouns = alternation(words()["rates"]["nouns"])
    return re.compile(
        rf"(?:\s?/\s?|[\s-]+per[\s-]+|[\s-]+an?[\s-]+|\s+each\s+|\s+every\s+)({nouns})(?![\w])(?!\s+(?:ago|earlier|later|before|after)\b)",
        re.IGNORECASE,
    )


def attach(text: str, numeral: Numeral) -> Reading:
    """The numeral with the unit before or behind it; one without a unit has an empty kind."""
    reading = Reading(numeral, numeral.start, numeral.end)
    before, table = _forms("before")
    left = max(0, numeral.start - 8)
    money = before.search(text[left : numeral.start])
    if money and money[1] in ("N", "R") and not _large(text, numeral):
        money = None
    if money:
        unit = _look_up(table, money[1])
        if numeral.letter:
            reading.numeral = numeral = _millions(numeral)
            reading.end = numeral.end
        reading.start = left + money.start(1)
        reading.counted, reading.counted_head = money[1], "dollar" if money[1] == "$" else None
        _give(reading, unit)
        after, later = _forms("after")
        m = after.match(text, numeral.end)
        if m and (extra := _look_up(later, m[2])).kind == "money":
            reading.end, reading.counted = m.end(), m[2]
            _give(reading, extra if extra.unit else unit)
        elif (
            not unit.unit
            and (m := re.compile(r"\s?(?:US|U\.S\.)(?![\w])").match(text, numeral.end))
            and money[1] == "$"
        ):
            reading.end = m.end()
            _give(reading, Unit("USD", "money", ""))
        return _with_rate(text, reading)
    after, table = _forms("after")
    of = re.compile(r"\s+of(?=\s)").match(text, numeral.end) if numeral.form == "vague" else None
    m = after.match(text, of.end() if of else numeral.end)
    if numeral.letter and _is_million(text, numeral.end):
        reading.numeral = numeral = _millions(numeral)
        reading.end = numeral.end
        if numeral.letter == "?":
            reading.reason, reading.confidence = "m may stand for million or for metres", "low"
        m = after.match(text, numeral.end)
    if m and _belongs(text, numeral, m):
        unit = _look_up(table, m[2])
        reading.end = m.end()
        reading.counted, reading.counted_head = " ".join(m[2].split()), unit.unit or m[2].lower().rstrip("s")
        if unit.kind == "percent":
            reading.counted_head = None
        _give(reading, unit)
        return _with_rate(text, reading)
    if numeral.form == "fraction":
        reading.kind = "ratio"
    if numeral.form == "fold":
        reading.kind, reading.rule, reading.counted = "ratio", "fold", "fold"
    return reading


def _large(text: str, numeral: Numeral) -> bool:
    """Whether a number behind a single letter can be a sum: "R45 million", "N20,000", but not "N95" or "R2"."""
    return numeral.form == "digits" and (
        numeral.scale >= 1000 or bool(re.search(r"\d[, ]\d{3}|\d\.\d\d$", text[numeral.start : numeral.end]))
    )


_HEAT = re.compile(
    r"(?i)\b(?:temperatures?|degrees|heat|cold|highs?|lows?|mercury|hotter|colder|warmer|thermometers?)\b"
)


def _belongs(text: str, numeral: Numeral, m: re.Match[str]) -> bool:
    """Whether the matched form is this number's unit, and not a word that happens to follow."""
    form, gap = m[2], m[1]
    if form in ("C", "F"):
        cold = numeral.value is not None and numeral.value < 0
        return (
            not gap
            and numeral.form == "digits"
            and (cold or bool(_HEAT.search(text, max(0, numeral.start - 80), numeral.start)))
        )
    if form == "t":
        return not gap and numeral.form == "digits"
    if form in ("p", "m", "g", "h", "L", "V", "W", "ha", "mi", "px") and (gap or numeral.form != "digits"):
        return form in ("m", "ha", "W", "g", "mi", "L") and gap == " " and numeral.form == "digits"
    if form in ("bar", "sec", "min", "stone", "US$", "$ US", "sterling", "second", "seconds") and numeral.form not in (
        "digits",
        "words",
    ):
        return False
    if form.lower() == "second" and numeral.value not in (1.0, 0.5) and "-" not in gap:
        return False
    return not (
        form in ("day", "hour", "minute", "week", "month", "year", "mile")
        and gap == " "
        and numeral.value not in (0.5, 1.0, None)
        and re.match(r"\s+(?:of|after|before)\b", text[m.end() : m.end() + 12])
    )


def _give(reading: Reading, unit: Unit) -> None:
    reading.kind, reading.unit, reading.reason = unit.kind, unit.unit or None, unit.reason or None
    reading.rule = f"unit:{unit.kind}"
    if not unit.unit:
        reading.confidence = "medium"


def _with_rate(text: str, reading: Reading) -> Reading:
    m = _rate().match(text, reading.end)
    if m and reading.kind != "duration":
        reading.per = " ".join(m[1].lower().split())
        reading.counted = (
            text[reading.end - len(reading.counted or "") : m.end()]
            if reading.start < reading.numeral.start
            else text[reading.numeral.end : m.end()].strip(" -")
        )
        if reading.start < reading.numeral.start:
            reading.counted = text[reading.end : m.end()].strip(" -")
        reading.end = m.end()
        reading.unit = f"{reading.unit} per {reading.per}" if reading.unit else None
    return reading


def _millions(numeral: Numeral) -> Numeral:
    value = None if numeral.value is None else round(numeral.value * 1e6, 6)
    letter = numeral.letter if numeral.letter == "?" else ""
    return replace(numeral, end=numeral.end + 1, value=value, low=value, high=value, scale=1e6, letter=letter)


_LENGTH = re.compile(
    r"m(?:[\s-]+(?:long|high|tall|wide|deep|away|thick|race|sprint|freestyle|hurdles|relay|butterfly|from|above|below|x)\b|\s?\(|-|²|2\b|/s)"
)
_NOUN = re.compile(
    r"m\s+(?:of\b|people\b|children\b|men\b|women\b|[\w'-]+s\b|[a-z'-]+\s+[a-z'-]+s\b|dollar|euro|pound|yen|yuan)"
)


def _is_million(text: str, end: int) -> bool:
    """Whether the "m" at ``end`` is million: a counted noun follows, and no word of length."""
    return not _LENGTH.match(text, end) and bool(_NOUN.match(text, end))
