"""Numbers that belong together: ratios and ranges; and the two kinds that have no numeral, "no" and ranks.

Works on plain text.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.extract.quantities.numbers import Numeral, alternation, span_of, words
from pipeline.extract.quantities.units import Reading

_VOTE = re.compile(r"(?i)\b(?:vot\w+|ruled|ruling|won|lost|beat|score\w*)\s+(?:\w+\s+){0,2}$")
_OUT_OF = re.compile(r"(?:\s+(?:in|out\s+of)(?:\s+every)?\s+|-(?:in|out-of)-)", re.IGNORECASE)
_PERIOD = re.compile(
    r"[\s-]*(?:second|minute|hour|day|night|week|month|year|decade|quarter|province|game|match|of\b(?!\s+(?:the|those|these|them|all|its|their|our|his|her|us)\b))",
    re.IGNORECASE,
)


def merge_ratios(text: str, numerals: list[Numeral]) -> list[Numeral]:
    """Two numerals become one ratio: "one in five", "9 out of 10"."""
    merged: list[Numeral] = []
    for numeral in numerals:
        last = merged[-1] if merged else None
        if (
            last is not None
            and last.value
            and last.value > 1
            and numeral.value == 1
            and re.fullmatch(r"\s+to\s+|-to-", text[last.end : numeral.start])
            and (
                not _VOTE.search(text, max(0, last.start - 60), last.start)
                or re.match(r"\s+(?:margin|ratio|majority)", text[numeral.end : numeral.end + 20])
            )
        ):
            merged[-1] = Numeral(
                last.start, numeral.end, last.value, last.value, last.value, form="ratio", head=last.value
            )
            continue
        if (
            last is not None
            and last.value
            and numeral.value
            and last.form in ("words", "digits")
            and numeral.form in ("words", "digits")
            and (link := _OUT_OF.fullmatch(text, last.end, numeral.start))
            and last.value < numeral.value
            and (
                "out" in link[0].lower()
                or (
                    numeral.value <= 10 or numeral.value in (12, 15, 20, 25, 30, 50, 100, 200, 500, 1000, 10000, 100000)
                )
            )
            and ("out" in link[0].lower() or last.value <= 10)
            and not _PERIOD.match(text, numeral.end)
            and not re.match(r"[\w%]", text[numeral.end : numeral.end + 1])
        ):
            value = last.value / numeral.value
            merged[-1] = Numeral(last.start, numeral.end, value, value, value, form="ratio", head=last.value)
        else:
            merged.append(numeral)
    return merged


@functools.cache
def _change() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{alternation(words()['ranges']['change'])})\b[^.;,]{{0,60}}$", re.IGNORECASE)


@functools.cache
def _change_in() -> re.Pattern[str]:
    """The same anywhere before, for sums: "increased its lines with one bank, and with another, from A to B"."""
    long = [word for word in words()["ranges"]["change"] if len(word) > 4]  # "up", "cut" and "went" stand anywhere
    return re.compile(rf"\b(?:{alternation(long)})\b", re.IGNORECASE)


def merge_ranges(text: str, readings: list[Reading], refused: list[tuple[Numeral, str]]) -> list[Reading]:
    """Two numbers become one range; scores are refused: "18,000-24,000", "between A and B", "A to B"."""
    merged: list[Reading] = []
    skip = False
    for i, reading in enumerate(readings):
        if skip:
            skip = False
            continue
        following = readings[i + 1] if i + 1 < len(readings) else None
        verdict = _range_between(text, reading, following) if following else ""
        if verdict == "range" and following:
            numeral = span_of(reading.numeral, following.numeral)
            begin = reading.start
            if lead := re.search(
                r"(?i)\b(?:between|from|anywhere between)\s+(?:about\s+|around\s+|an\s+estimated\s+|the\s+)*$",
                text[max(0, begin - 80) : begin],
            ):
                begin -= len(lead[0])
            joined = replace(
                following if following.kind else reading,
                numeral=numeral,
                start=begin,
                end=following.end,
                rule="range",
                notes=[],
            )
            if not following.kind and reading.kind:
                joined.end = following.end
            merged.append(joined)
            skip = True
        elif verdict == "score" and following:
            refused += [(replace(reading.numeral, end=following.numeral.end), "score or count of votes")]
            skip = True
        else:
            merged.append(reading)
    return merged


def _range_between(text: str, a: Reading, b: Reading) -> str:
    """Whether readings ``a`` and ``b`` make a "range" or a "score"; else ""."""
    x, y = a.numeral, b.numeral
    link = text[a.end : b.start]
    word = link.strip().lower()
    if (
        len(link) > 14
        or "ratio" in (a.kind, b.kind)
        or x.form == "none"
        or (a.kind and b.kind and (a.kind, a.unit) != (b.kind, b.unit))
    ):
        return ""
    if a.kind and not b.kind and a.kind != "money" and word not in ("-", "–"):
        return ""
    if "vague" in (x.form, y.form):
        return "range" if word == "to" and x.form == y.form else ""
    if x.value is None or y.value is None:
        return ""
    low = x.value * (y.scale if x.scale == 1.0 and y.scale > 1.0 and x.head < y.head else 1.0)
    rising = low < y.value
    before = text[max(0, a.start - 60) : a.start]
    if word in ("-", "–", "—", "‑"):
        small = not a.kind and not b.kind and x.form == y.form == "digits" and max(x.value, y.value) < 200
        previous = re.search(r"(\w+)\W*$", before)
        stated = re.search(
            r"(?i)\b(?:put|puts|stands?|stood|estimated)\s+(?:[\w-]+\s+){0,3}at\s+$|[,;]\s+at\s+$", before
        )
        if (
            small
            and not (stated and rising)
            and (not rising or (previous and previous[1].lower() in words()["scores"]["words"]))
            and "." not in text[x.start : y.end]
        ):
            return "score"
        return "range" if rising and "\n" not in link else ""
    between = bool(re.search(r"(?i)\bbetween\s+(?:about\s+|around\s+|an\s+estimated\s+|the\s+)*$", before))
    if re.fullmatch(r"and(?:\s+(?:about|around|as many as|some|up to))?", word):
        return "range" if between and rising else ""
    if (
        word == "to"
        and not rising
        and max(x.value, y.value) < 600
        and re.search(r"(?i)\b(?:vot\w+|ruled|ruling|won|lost|beat|decision|score\w*)\b", before)
    ):
        return "score"
    if re.fullmatch(r"(?:up\s+)?(?:to|through)(?:\s+(?:about|around|as many as|some|up to|as much as))?", word):
        lead = re.search(r"(?i)\bfrom\s+(?:about\s+|around\s+)*$", before)
        sentence = re.split(r"[.;!?]\s", text[max(0, a.start - 160) : a.start])[-1]
        if re.search(r"(?i)\bto\s+$", before):
            return "range" if rising else ""  # "will slow to 2 to 2.5 per cent"
        changed = _change().search(before[: lead.start()] if lead else before[-14:]) or (
            lead and "money" in (a.kind, b.kind) and _change_in().search(sentence)
        )
        return "range" if rising and not changed else ""
    if word == "or" and not a.kind and not b.kind:
        return "range" if y.value == x.value + 1 and y.value <= 20 else ""
    return ""


def share_units(text: str, readings: list[Reading]) -> None:
    """A number takes the unit of the one it is joined to: "eight or nine euros", "7- or 8-inch"."""
    for a, b in itertools.pairwise(readings):
        link = text[a.end : b.start].lower()
        if (
            not a.kind
            and b.kind in ("money", "measure", "percent", "duration", "age")
            and b.per is None
            and b.end > b.numeral.end
            and re.fullmatch(r"-?\s?(?:or|and|,|to|/|x)\s?", link)
        ):
            a.kind, a.unit, a.counted, a.counted_head, a.reason, a.rule = (
                b.kind,
                b.unit,
                b.counted,
                b.counted_head,
                b.reason,
                "shared_unit",
            )
            a.confidence = "medium"


NONE = re.compile(
    r"\b(?P<none>not\s+(?:a\s+single|one)(?=\s+[a-z])|none(?=\s+of\b|\s+(?:was|were|is|are|had|has|have|will|would|could|died|survived)\b)|no\s+one|nobody"
    r"|no(?!\s+(?:more|fewer|less|longer|matter|doubt|wonder|other|way|means|idea|need|such|question|evidence|one)\b)(?=\s+[a-z]))\b",
    re.IGNORECASE,
)


def read_nothing(text: str, readings: list[Reading], taken: Sequence[tuple[int, int]]) -> list[Reading]:
    """A count of zero, negated; kept only where people or an event are counted: "no", "none of", "nobody", "not a single"."""
    spans = [(r.numeral.start, r.numeral.end) for r in readings if r.numeral.value != 1] + list(taken)
    return [
        Reading(
            Numeral(m.start(), m.end(), 0.0, 0.0, 0.0, form="none"), m.start(), m.end(), polarity="negated", rule="none"
        )
        for m in NONE.finditer(text)
        if not any(m.start() < e and s < m.end() for s, e in spans)
    ]


@functools.cache
def _rank() -> re.Pattern[str]:
    table = words()["ranks"]
    number = rf"(?P<n>{alternation(table['words'])}|\d{{1,3}}(?:st|nd|rd|th))"
    after = rf"(?=[\s-]+(?:{alternation(table['after'])})\b)"
    return re.compile(
        rf"\b(?:{number}{after}|(?:{alternation(table['before'])})\s+(?:in\s+|only\s+|joint\s+)*(?P<m>{number.replace('?P<n>', '?:')})(?!\s+(?:to|time|for|of|in\s+line)\b))\b",
        re.IGNORECASE,
    )


def read_ranks(text: str, taken: Sequence[tuple[int, int]]) -> list[Reading]:
    """The only ordinals that become rows: "third in the world", "ranked 5th", "second-largest"."""
    found = []
    for m in _rank().finditer(text):
        group = "n" if m["n"] else "m"
        start, end, word = m.start(group), m.end(group), m[group].lower()
        if any(start < e and s < end for s, e in taken):
            continue
        value = float(words()["ranks"]["words"].get(word) or re.sub(r"\D", "", word))
        found.append(
            Reading(Numeral(start, end, value, value, value, form="rank"), start, end, kind="ordinal", rule="rank")
        )
    return found
