"""Single words of names: when two ways of writing one word are the same word.

``spell`` gives what all romanisations of a sound have in common, ``word_likeness`` compares two words
and says in words why. Rules and lists are in ``letters.csv``, ``romanisation.csv``, ``name_forms.csv`` and ``body_words.csv``.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from typing import NamedTuple

from pipeline import resources
from pipeline.link.names import edits, fold


class WordLikeness(NamedTuple):
    """How alike two words are: 0 (unlike) to 1 (the same letters), the kind of likeness, and words for it."""

    score: float
    kind: str
    words: str


UNLIKE = WordLikeness(0.0, "unlike", "")
_NUMERAL = re.compile(r"(?=.)x{0,3}(?:ix|iv|v?i{0,3})")
"""Roman numerals: another numeral is another bearer."""
_GENDERED = ("ov", "ev", "in", "yn", "sk", "ski", "sky", "skii", "skiy", "tskiy", "kin")
"""Ends of family names that take an a for a woman: Borin and Borina are two people."""

_SYLLABLES = "\u1100"
"""From here on, scripts whose signs are syllables or words: another sign is another name."""


@functools.cache
def _rules() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(row["pattern"]), row["becomes"]) for row in resources.rows("romanisation.csv"))


@functools.cache
def _letters() -> dict[str, str]:
    return {row["letter"]: row["latin"] for row in resources.rows("letters.csv")}


@functools.cache
def _forms(kind: str) -> dict[str, frozenset[str]]:
    """Every form of a given name -> the names whose form of ``kind`` (spelling or short) it is, spelt."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in resources.rows("name_forms.csv"):
        if row["kind"] == kind:
            for form in (row["name"], *row["forms"].split("|")):
                found[spell(form)].add(spell(row["name"]))
    return {form: frozenset(names) for form, names in found.items()}


@functools.cache
def _loose_words() -> frozenset[str]:
    """Words of bodies' names whose forms may name different bodies."""
    return frozenset(row["word"] for row in resources.rows("body_words.csv") if row["likeness"] == "alike")


@functools.cache
def _body_words() -> dict[str, str]:
    """Words of bodies' names -> the word that stands for all its forms."""
    found = {form: row["word"] for row in resources.rows("body_words.csv") for form in row["forms"].split("|")}
    for row in resources.rows("spelling_pairs.csv"):
        found.setdefault(row["british"], row["american"])
    for row in resources.rows("demonyms.csv"):
        if row["label"] == "GPE" and " " not in row["place"]:
            for form in row["forms"].split(";"):
                found.setdefault(fold(form), fold(row["place"]))
    return found


@functools.lru_cache(maxsize=1 << 18)
def spell(word: str) -> str:
    """The spelling that all romanisations of the folded ``word`` share; a word with digits or one letter stays."""
    if not word.isascii():
        word = "".join(_letters().get(c, c) for c in word)
    if len(word) < 2 or not (word.isascii() and word.isalpha()) or _NUMERAL.fullmatch(word):
        return word
    for pattern, becomes in _rules():
        word = pattern.sub(becomes, word)
    return word


@functools.lru_cache(maxsize=1 << 18)
def spell_given(word: str) -> str:
    """``spell``, and all listed spellings of a given name under one ("mohamed" under that of "muhammad")."""
    spelt = spell(word)
    return min(_forms("spelling").get(spelt, {spelt}))


@functools.lru_cache(maxsize=1 << 18)
def spell_body(word: str) -> str:
    """``spell``, and all listed words of bodies under one ("lgbtq" under "lgbt", "italian" under "italy")."""
    return spell_given(_body_words().get(word, word)) if len(word) > 3 else _body_words().get(word, word)


@functools.lru_cache(maxsize=1 << 16)
def full_forms(given: str) -> frozenset[str]:
    """The given names, spelt, that ``given`` may be written for: itself and those it is a pet form of."""
    names = _forms("short").get(spell(given), frozenset())
    return frozenset({spell_given(given), *(min(_forms("spelling").get(n, {n})) for n in names)})


def is_short_form(short: str, full: str) -> bool:
    """Whether the given name ``short`` is a listed pet or short form of ``full`` ("bill", "william")."""
    names = _forms("short").get(spell(short), frozenset())
    fulls = {spell(full), spell_given(full)}
    return spell(short) != spell(full) and any(name in fulls or spell_given(name) in fulls for name in names)


@functools.lru_cache(maxsize=1 << 16)
def word_likeness(left: str, right: str, *, body: bool = False) -> WordLikeness:
    """Compare two folded words of two names.

    Args:
        left: A word.
        right: Another.
        body: Whether they stand in the names of bodies or places, not of people.

    Returns:
        kind is equal, spelling (romanised or spelt in another way), word (a word that stands for the other),
        short (a pet form), initial, typo (a letter or two differ), or unlike.
    """
    if left == right:
        return WordLikeness(1.0, "equal", "")
    if len(left) > 1 < len(right) and (_NUMERAL.fullmatch(left) or _NUMERAL.fullmatch(right)):
        return UNLIKE
    if body:
        if spell(left) == spell(right):
            return WordLikeness(0.95, "spelling", f"{left} and {right} are two spellings")
        if spell_body(left) == spell_body(right):
            loose = any(_body_words().get(w, w) in _loose_words() for w in (left, right))
            return WordLikeness(0.85 if loose else 0.95, "word", f"{left} stands for {right}")
    elif spell_given(left) == spell_given(right):
        return WordLikeness(0.95, "spelling", f"{left} and {right} are two spellings")
    short, full = sorted((left, right), key=len)
    if not body:
        if len(short) == 1:
            same = full.startswith(short)
            return WordLikeness(0.8, "initial", f"{short} is the initial of {full}") if same else UNLIKE
        if is_short_form(short, full) or is_short_form(full, short):
            return WordLikeness(0.85, "short", f"{short} is short for {full}")
        if full == f"abdul{short}":
            return WordLikeness(0.75, "particle", f"{full} is {short} with Abdul before it")
        if full in (f"{short}a", f"{short[:-1]}aya", f"{short}aya") and short.endswith(_GENDERED):
            return UNLIKE
    elif left in (f"{right}s", f"{right}es") or right in (f"{left}s", f"{left}es"):
        return WordLikeness(0.8, "plural", f"{short} is singular, {full} plural")
    distance = _typo(left, right)
    if distance:
        if len(short) < 5:
            return WordLikeness(0.5, "typo", f"{left} and {right}, short words: one letter differs")
        differ = "one letter differs" if distance == 1 else "two letters differ"
        return WordLikeness(0.85 - 0.1 * distance, "typo", f"{left} and {right}: {differ}")
    return UNLIKE


def _typo(left: str, right: str) -> int | None:
    """Edits between two spellings of one word, in letters or in sounds; None where they are too many for its length.

    One edit from four letters on, two from eight on, counted on the shorter word; words with digits never.
    """
    length = min(len(left), len(right))
    if length < 4 or not (left.isalpha() and right.isalpha()) or max(left + right) >= _SYLLABLES:
        return None
    most = 2 if length >= 8 else 1
    found = edits(left, right, most)
    if found is None and edits(left, right, most + 1) and min(len(one := spell(left)), len(other := spell(right))) >= 4:
        found = edits(one, other, most)
    return found
