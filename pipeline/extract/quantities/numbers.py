"""Reading numerals: text -> the numbers it holds, with the bounds that its words put on them.

Works on plain text and knows nothing of units, nouns or grammar. A *numeral* is the number alone:
"two dozen", "1.5 billion", "hundreds of thousands". :func:`bound` adds what stands around it ("at least",
"or more"); what the number counts is read in :mod:`pipeline.extract.quantities.units` and
:mod:`pipeline.extract.quantities.counted`. One file because it is one grammar.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from pipeline import resources

_TOKEN = re.compile(
    r"(?P<digits>(?:\d{1,3}(?:,\d{3})+(?!\d)|\d{1,2}(?:,\d{2})+,\d{3}(?!\d)|\d{1,3}(?: \d{3})+(?![\d,])|\d+)(?:\.\d+)?"
    r"|(?<![\w.])\.\d+)"
    r"|(?P<part>[½¼¾⅓⅔⅛⅕⅖⅗⅘⅙⅚⅜⅝⅞])|(?P<word>[^\W\d_]+(?:['’][^\W\d_]+)?)|(?P<mark>\S)"
)
_LONGEST = 24
_PARTS = {
    "½": 1 / 2,
    "¼": 1 / 4,
    "¾": 3 / 4,
    "⅓": 1 / 3,
    "⅔": 2 / 3,
    "⅛": 1 / 8,
    "⅜": 3 / 8,
    "⅝": 5 / 8,
    "⅞": 7 / 8,
} | {
    "⅕": 1 / 5,
    "⅖": 2 / 5,
    "⅗": 3 / 5,
    "⅘": 4 / 5,
    "⅙": 1 / 6,
    "⅚": 5 / 6,
}
_MIXED = re.compile(r"[ -]([1-9])/([2-9]|1[0-6])(?![\d/,.⁄]\d|[\w/])")


@dataclass(frozen=True)
class Numeral:
    """One number as written, at the half-open span ``start:end`` of the text.

    ``value`` is null for a vague word ("dozens") and for a range; ``low`` and ``high`` bound it, null
    for open. ``head`` is the number before its multiplier ("1.5" of "1.5 billion"), ``scale`` the
    multiplier. ``letter`` holds a glued "m" that may stand for million or for metres.
    """

    start: int
    end: int
    value: float | None
    low: float | None = None
    high: float | None = None
    low_inclusive: bool = True
    high_inclusive: bool = True
    approximator: str = "exact"
    form: str = "digits"
    head: float = 0.0
    scale: float = 1.0
    letter: str = ""


@functools.cache
def words() -> dict[str, Any]:
    """The number words and phrases of ``resources/numbers.toml``."""
    return resources.toml("numbers.toml")


def alternation(forms: Iterable[str]) -> str:
    """A pattern for any of ``forms``, the longest first, blanks standing for any white space."""
    return "|".join(re.escape(f).replace(r"\ ", r"\s+") for f in sorted(forms, key=lambda f: (-len(f), f)))


class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int
    lower: str


_DIGIT = re.compile(rf"[\d{''.join(_PARTS)}]")
_WORD = re.compile(r"[^\W\d_]+")


@functools.cache
def _vocabulary() -> tuple[frozenset[str], frozenset[str]]:
    """The words without one of which, or a digit, a text holds no numeral; and those of the vague phrases."""
    vague = frozenset(word for phrase in words()["vague"] for word in phrase.split() if len(word) > 2) - {
        "more",
        "were",
        "are",
    }
    folds = (f"{word}fold" for word in words()["values"])
    table = words()
    return frozenset(
        (*table["values"], *table["scales"], *table["denominators"], "dozen", "dozens", *folds, *vague)
    ), vague


@functools.cache
def _starters() -> frozenset[str]:
    """The words with which a number in words can begin."""
    return frozenset((*words()["values"], *words()["scales"], "a", "an", "half", "quarter"))


def read_numerals(text: str) -> list[Numeral]:
    """Every numeral in ``text``, in order; none overlaps another."""
    said = set(_WORD.findall(text.lower()))
    signs, vague_words = _vocabulary()
    if signs.isdisjoint(said) and not _DIGIT.search(text):
        return []
    tokens = [_Token(str(m.lastgroup), m.group(), m.start(), m.end(), m.group().lower()) for m in _TOKEN.finditer(text)]
    vague = {} if vague_words.isdisjoint(said) else {m.start(): m for m in _vague().finditer(text)}
    found: list[Numeral] = []
    i = 0
    while i < len(tokens):
        token = tokens[i]
        if token.kind == "mark" or (token.kind == "word" and token.start not in vague and not _may_begin(token.lower)):
            i += 1
            continue
        if match := vague.get(token.start):
            entry = words()["vague"][" ".join(match.group().lower().split())]
            end = match.start() + len(re.sub(r"(?i)\s+(?:of|more|were|are)$", "", match.group()))
            found.append(
                Numeral(
                    match.start(),
                    end,
                    None,
                    float(entry["low"]),
                    float(entry["high"]) or None,
                    approximator=entry["name"],
                    form="vague",
                )
            )
            i = next((j for j in range(i + 1, len(tokens)) if tokens[j].start >= end), len(tokens))
            continue
        read = _fraction(text, tokens, i) or _fold(tokens, i) or _cardinal(text, tokens, i)
        if read:
            numeral, i = read
            found.append(_signed(text, numeral))
        else:
            i += 1
    return found


def _may_begin(word: str) -> bool:
    return word in _starters() or word.endswith("fold")


def _fold(tokens: list[_Token], i: int) -> tuple[Numeral, int] | None:
    """How many times as much: "sixfold", "a threefold increase"."""
    word = tokens[i].lower
    value = words()["values"].get(word.removesuffix("fold")) if word.endswith("fold") else None
    return (_exact(tokens[i].start, tokens[i].end, float(value), "fold", float(value)), i + 1) if value else None


@functools.cache
def _vague() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{alternation(words()['vague'])})\b", re.IGNORECASE)


def _exact(start: int, end: int, value: float, form: str, head: float, scale: float = 1.0, letter: str = "") -> Numeral:
    return Numeral(start, end, value, value, value, form=form, head=head, scale=scale, letter=letter)


def _cardinal(text: str, tokens: list[_Token], i: int) -> tuple[Numeral, int] | None:
    """A whole or decimal number in digits, words or both, starting at token ``i``."""
    values, scales = words()["values"], words()["scales"]
    first = tokens[i]
    start, end, form, letter = first.start, first.end, "words", ""
    total, current, j, dozen = 0.0, 0.0, i + 1, False
    if first.kind == "digits":
        if len(first.text) > _LONGEST:
            return None  # a code; no news counts in numbers of so many digits
        current, form = float(re.sub(r"[, ]", "", first.text)), "digits"
        if j < len(tokens) and tokens[j].start == end and tokens[j].kind == "part":
            current, end, j = current + _PARTS[tokens[j].text], tokens[j].end, j + 1
        elif current < 1000 and current == int(current) and (part := _MIXED.match(text, end)) and part[1] < part[2]:
            current, end = current + int(part[1]) / int(part[2]), part.end()  # "5 1/2 miles"
            j = next((k for k in range(j, len(tokens)) if tokens[k].start >= end), len(tokens))
    elif first.kind == "part":
        current, form = _PARTS[first.text], "digits"
    elif first.lower in values:
        current = float(values[first.lower])
    elif first.lower in ("a", "an") and _follows(text, tokens, j) in (*scales, "dozen"):
        current = 1.0
    elif first.lower == "half" and _follows(text, tokens, j) in ("a", "an", "dozen"):
        after = tokens[j].lower if tokens[j].lower == "dozen" else _follows(text, tokens, j + 1)
        if after not in (
            *scales,
            "dozen",
            "hour",
            "day",
            "year",
            "century",
            "mile",
            "percent",
            "per",
            "percentage",
            "kilometre",
        ):
            return None
        current, j = 0.5, j + (tokens[j].lower != "dozen")
        end = tokens[j - 1].end
    elif first.lower in ("half", "quarter") and _follows_hyphen(text, tokens, j) in (
        "million",
        "billion",
        "dozen",
        "trillion",
    ):
        current = 0.5 if first.lower == "half" else 0.25
    elif first.lower in scales and first.lower not in ("mn", "bn", "tn", "mln") and _spelled_out(text, first):
        current, end = float(scales[first.lower]), first.end
    else:
        return None
    head, scale, smallest = current, 1.0, float("inf")
    while j < len(tokens):
        token = tokens[j]
        glued = token.start == end
        gap = text[end : token.start]
        hyphen = token.text in "-‑" and glued and j + 1 < len(tokens) and tokens[j + 1].start == token.end
        if hyphen:
            token, gap = tokens[j + 1], "-"
        word = token.lower
        if token.kind == "word" and glued and not hyphen and form == "digits":
            if token.text in words()["glued"]:
                scale *= words()["glued"][token.text]
                current, end, j = current * words()["glued"][token.text], token.end, j + 1
                continue
            if token.text == "m":
                letter = "m"
            break
        if token.kind != "word" or not (gap.isspace() or hyphen) or len(gap) > 2:
            break
        if word in _ORDINALS and form == "words" and (hyphen or scale >= 100 or current >= 20) and current % 10 == 0:
            return None  # "the twenty-first century", "one hundred and fifth"
        if word == "point" and form == "words" and scale == 1.0 and (tail := _decimals(tokens, j + 1)):
            current, end, j = current + tail[0], tokens[tail[1] - 1].end, tail[1]
            head = current
            continue
        if word in ("dozen", "dozens") and not dozen:
            current, dozen, scale = current * 12, True, 12.0
        elif word in scales and (current or total):
            size = float(scales[word])
            if scale * size > 10.0**_LONGEST:
                break
            if size == 100:
                if current >= 100 and form != "digits":
                    break
                current *= 100
            elif size < smallest:
                total, current, smallest = total + (current or 1) * size, 0.0, size
            else:
                total *= size
            scale *= size
        elif word in values and form == "words" and not dozen and _fits(current, values[word], total, scale):
            current += values[word]
        elif word == "and" and not hyphen and j + 1 < len(tokens):
            after = tokens[j + 1].lower
            if after in _ORDINALS and form == "words" and scale >= 100:
                return None  # "the one hundred and fifth day"
            if after == "a" and _follows(text, tokens, j + 2) == "half" and scale == 1.0:
                current, head, j, token = current + 0.5, current + 0.5, j + 2, tokens[j + 2]
            elif after == "a" and _follows(text, tokens, j + 2) == "half" and tokens[j - 1].lower in scales:
                total, current, j, token = total + current + scales[tokens[j - 1].lower] / 2, 0.0, j + 2, tokens[j + 2]
            elif after in values and form == "words" and scale >= 100 and current % 100 == 0 and values[after] < 100:
                j += 1
                continue_at = tokens[j]
                current, token = current + values[after], continue_at
            else:
                break
        else:
            break
        end, j = token.end, j + (2 if hyphen else 1)
    if scale == 1.0 or form == "words":
        head = total + current if scale == 1.0 else head
    numeral = _exact(start, end, round(total + current, 6), form, head, scale, letter)
    return (replace(numeral, approximator="about", low=None, high=None) if dozen else numeral), j


_ORDINALS = ("first", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def _decimals(tokens: list[_Token], j: int) -> tuple[float, int] | None:
    """What stands behind "point", digit by digit, and the token behind it: "two point five million"."""
    value, size, k = 0.0, 0.1, j
    while k < len(tokens) and tokens[k].lower in _DIGITS:
        value, size, k = value + size * _DIGITS.index(tokens[k].lower), size / 10, k + 1
    return (round(value, 9), k) if k > j else None


def _follows_hyphen(text: str, tokens: list[_Token], j: int) -> str:
    """As :func:`_follows`, also behind a hyphen: "half-million"."""
    if (
        j + 1 < len(tokens)
        and tokens[j].text in "-‑"
        and tokens[j].start == tokens[j - 1].end == tokens[j + 1].start - 1
    ):
        return tokens[j + 1].lower
    return _follows(text, tokens, j)


def _fits(current: float, value: int, total: float, scale: float) -> bool:
    """Whether a number word may follow what was read: "twenty-five", "two hundred six", "two thousand ten"."""
    if value == 0:
        return False
    if current == 0:
        return total > 0 and scale >= 1000
    if value < 10:
        return current % 10 == 0 and (current % 100 >= 20 or (current % 100 == 0 and current >= 100))
    return value < 100 and current % 100 == 0 and current >= 100


def _spelled_out(text: str, token: _Token) -> bool:
    """Whether a bare "hundred" or "million" counts: after "per" or in "multi-million" it does not."""
    before = text[max(0, token.start - 12) : token.start].lower()
    return bool(re.search(r"(?:^|[\s(])(?:another|first|last|some|about|than)\s+$", before))


def _follows(text: str, tokens: list[_Token], j: int) -> str:
    """Token ``j`` in lower case if only a blank or hyphen parts it from the one before; else ""."""
    if j >= len(tokens) or j == 0:
        return ""
    return tokens[j].lower if text[tokens[j - 1].end : tokens[j].start] in (" ", "") else ""


_ORDINAL_BEFORE = re.compile(r"(?i)\b(?:first|second|latter|other|top|bottom|upper|lower)\s+$")


def _fraction(text: str, tokens: list[_Token], i: int) -> tuple[Numeral, int] | None:
    """A fraction at token ``i``: "two-thirds", "a quarter of", "half the", "1/2 of"."""
    first, denominators = tokens[i], words()["denominators"]
    rest = text[first.end : first.end + 80]
    if first.kind == "digits" and (m := re.match(r"[/⁄](\d{1,4})(?![\d/,.⁄]\d|[/⁄])", rest)):
        over, under = float(first.text.replace(",", "").replace(" ", "")), float(m[1])
        tail = rest[m.end() :]
        if (
            under
            and over < under
            and re.match(r"\s+(?:of\b|an?\b|[a-z]{3,})", tail)
            and not text.endswith(("/", "⁄"), 0, first.start)
        ):
            end = first.end + m.end()
            j = next((k for k in range(i, len(tokens)) if tokens[k].start >= end), len(tokens))
            return _exact(first.start, end, over / under, "fraction", over), j
        return None
    if first.lower == "half" and _ORDINAL_BEFORE.search(text[max(0, first.start - 12) : first.start]):
        return None  # "the second half of August" is a part of it, and no number
    if (
        first.lower == "half"
        and re.match(r"\s+(?:have|has|had|are|were)\b", rest)
        and re.search(
            r"(?i)(?:^|[.;,]\s+(?:and\s+|but\s+)?|\b(?:whom|about|nearly|almost|roughly|some|around|than|only)\s+)$",
            text[max(0, first.start - 12) : first.start],
        )
    ):
        return _exact(first.start, first.end, 0.5, "fraction", 0.5), i + 1  # "Half have left."
    if first.lower == "half" and re.match(r"\s+(?:of\b|the\b|its\b|their\b|his\b|her\b|our\b|all\b)", rest):
        return _exact(first.start, first.end, 0.5, "fraction", 0.5), i + 1
    values = words()["values"]
    if first.kind != "word" or not (first.lower in values or first.lower in ("a", "an")):
        return None
    m = re.match(r"(\s+|-)([a-z]+)", rest, re.IGNORECASE)
    if not m or (under := denominators.get(m[2].lower())) is None:
        return None
    over = float(values.get(first.lower, 1))
    tail = rest[m.end() :]
    of = bool(re.match(r"\s+(?:of|more|less|fewer|higher|lower)\b", tail))
    plural = m[2].lower().endswith("s")
    lone = bool(
        re.search(
            r"(?i)\b(?:(?:of\s+)(?:them|whom|these|those),?|about|nearly|almost|than|over|around|roughly|by|some|only|least)\s+$",
            text[max(0, first.start - 20) : first.start],
        )
    )
    alone = over == 1 and first.lower == "one" and under not in (2, 4) and re.match(r"\s*(?:[.,;:)]|$)", tail)
    if not (
        m[1] == "-"
        or alone
        or of
        or (plural and over > 1 and "quarter" not in m[2].lower())
        or (
            lone
            and not re.match(
                r"\s+(?!(?:are|were|have|had|in|from|since|last|this|between|after|over|to|on|at)\b)[a-z]+", tail
            )
        )
    ):
        return None
    if plural != (over > 1) or m[2].lower() == "half" or over >= under or (m[1] == "-" and re.match(r"-?\w", tail)):
        return None
    j = i + (3 if m[1] == "-" else 2)
    end = first.end + m.end()
    if whole := re.match(
        rf"\s+of\s+an?\s+({alternation(words()['scales'])})\b", tail, re.IGNORECASE
    ):  # "a quarter of a million"
        end += whole.end()
        j = next((k for k in range(j, len(tokens)) if tokens[k].start >= end), len(tokens))
        return _exact(first.start, end, over / under * words()["scales"][whole[1].lower()], "words", over), j
    return _exact(first.start, end, over / under, "fraction", over), j


def _signed(text: str, numeral: Numeral) -> Numeral:
    """The numeral with a minus sign or the word "minus" before it taken in."""
    before = text[max(0, numeral.start - 12) : numeral.start]
    m = re.search(r"(?:(?<=[\s(])|^)[-−]$|\bminus[ -]$", before, re.IGNORECASE)
    if (
        not m
        or numeral.value is None
        or (numeral.form != "digits" and m[0][0] in "-−")
        or re.search(r"\d\s+[-−]$", before)
    ):
        return numeral
    return replace(
        numeral,
        start=numeral.start - len(m[0]),
        value=-numeral.value,
        low=-numeral.value,
        high=-numeral.value,
        head=-numeral.head,
    )


# --- bounds ------------------------------------------------------------------------------------------------
@functools.cache
def _phrases(side: str) -> tuple[re.Pattern[str], dict[str, str]]:
    table: dict[str, str] = {form: name for name, forms in words()[side].items() for form in forms}
    pattern = alternation(table)
    if side == "before":
        return re.compile(rf"(?:^|(?<=[\s(“\"'‘,—–:;-]))({pattern})(?:(?<=[^\w])|\s+|(?<=sub-))$", re.IGNORECASE), table
    return re.compile(rf"\s?({pattern})(?![\w-])", re.IGNORECASE), table


@functools.cache
def _filler() -> re.Pattern[str]:
    return re.compile(rf"(?:^|(?<=[\s(“\"',—–-]))({alternation(words()['fillers']['words'])})\s+$", re.IGNORECASE)


_STRENGTH = ("exact", "about", "nearly", "up_to", "at_most", "less_than", "more_than", "at_least")


def qualifiers(text: str, start: int) -> tuple[int, str | None]:
    """Where the phrases before ``start`` begin, and the strongest bound among them.

    "more than an estimated 500": the position of "more", and "more_than".
    """
    pattern, table = _phrases("before")
    best: str | None = None
    begin = at = start
    for _ in range(4):
        left = max(0, at - 40)
        window = text[left:at]
        if m := pattern.search(window):
            name = table[" ".join(m[1].lower().split())]
            if best is None or _STRENGTH.index(name) > _STRENGTH.index(best):
                best = name
            begin = at = left + m.start(1)
        elif m := _filler().search(window):
            if (
                m[1].lower() == "the"
                and text[start : start + 3].lower() != "age"
                and pattern.search(text[max(0, left + m.start(1) - 40) : left + m.start(1)])
            ):
                break  # "less than the 40 that were promised" compares with the number, "about the 40" is its topic
            at = left + m.start(1)
            if m[1].lower() not in ("the", "a", "an", "only", "just", "mere"):
                begin = at
        else:
            break
    return begin, best


def afterthought(text: str, end: int) -> tuple[int, str | None]:
    """Where a phrase such as "or more" right behind ``end`` ends, and the bound it sets."""
    pattern, table = _phrases("after")
    m = pattern.match(text, end)
    return (
        (m.end(), table[" ".join(m[1].lower().split()) if m[1].strip() == m[1] else m[1].lower()]) if m else (end, None)
    )


def bound(numeral: Numeral, name: str | None) -> Numeral:
    """The numeral under bound ``name``: "at least" opens it upwards, "nearly" downwards, and so on.

    A range or vague word keeps its approximator unless the bound moves one of its ends.
    """
    if name is None:
        return numeral
    low = numeral.value if numeral.value is not None else numeral.low
    high = numeral.value if numeral.value is not None else numeral.high
    zero = 0.0 if high is None or high >= 0 else None
    if name == "exact":
        return replace(numeral, low=low, high=high, approximator="exact") if numeral.value is not None else numeral
    if name == "about":
        return numeral if numeral.value is None else replace(numeral, low=None, high=None, approximator="about")
    limits: dict[str, tuple[float | None, float | None, bool, bool]] = {
        "at_least": (low, None, True, True),
        "more_than": (low, None, numeral.value is None, True),
        "nearly": (None, high, True, False),
        "up_to": (zero, high, True, True),
        "at_most": (zero, high, True, True),
        "less_than": (zero, high, True, False),
    }
    least, most, at_low, at_high = limits[name]
    return replace(numeral, low=least, high=most, low_inclusive=at_low, high_inclusive=at_high, approximator=name)


def span_of(first: Numeral, second: Numeral) -> Numeral:
    """The range from ``first`` to ``second``, both ends included; a multiplier of the second holds for both."""
    low = first.low if first.value is None else first.value
    high = second.high if second.value is None else second.value
    if low is not None and first.scale == 1.0 and second.scale > 1.0 and first.head < second.head:
        low *= second.scale
    return Numeral(first.start, second.end, None, low, high, approximator="between", form="range", head=first.head)
