"""Two names of one kind: how alike they are, and why.

Every sign is a named feature with a score and words. The verdict follows from the features by rule:

* ``same``: nothing but ways of writing lies between the two (romanisation, particles, a legal form, listed words);
* ``alike``: one bearer may well be written so, but two may be called so too (a letter, an initial, a pet
  form, a name between, another order): it takes a second sign to join them;
* ``different``: a word of the one has no counterpart in the other where it should have one.

``across`` and ``strings`` ask here, so that the commands measure what the pipeline does.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import NamedTuple

from pipeline import resources
from pipeline.link.names import Name, edits, fold, initials, legal_forms, read, words
from pipeline.link.spelling import UNLIKE, WordLikeness, spell, spell_given, word_likeness

_MOST_LEFT_OVER = 2
"""So many words may stand in the fuller of two names alone (swept 1 to 3 on one half of the name pairs)."""
_SURE = 0.9
"""A sign of at least this score is a way of writing; a weaker one leaves a doubt."""
_PATRONYMIC = re.compile(r"(?:ovi(?:ch|c|k)|evi(?:ch|c|k)|ovna|evna|ivna)$")


_SHEIKH = spell_given("sheikh")
"""A title in front of two more names, in all its spellings; before one it may be the given name."""
_LONG_STRING = 10
"""Two names written without spaces between words may differ by a letter if they are at least so long."""


class Feature(NamedTuple):
    """One sign: what it is about, how much it speaks for one bearer (0 to 1), and why in words."""

    name: str
    score: float
    words: str


@dataclass(frozen=True, slots=True)
class Likeness:
    """The verdict on two names (same, alike or different), its score and the signs behind it, weakest first."""

    verdict: str
    score: float
    features: tuple[Feature, ...]

    @property
    def reason(self) -> str:
        """The signs in one phrase."""
        told = [f.words for f in self.features if f.words]
        return "; ".join(told) or "they differ in small words only"

    @property
    def rule(self) -> str:
        """The sign that decided: the weakest."""
        return self.features[0].name if self.features else "equal"


_BRACKETS = re.compile(r"\(([^()]+)\)")
_SPACED = Feature("spacing", 0.85, "the same letters, spaced in another way")


class _Match(NamedTuple):
    left: int
    right: int
    likeness: WordLikeness


def compare(left: Name, right: Name) -> Likeness:
    """Compare two names of one kind.

    Args:
        left: A name.
        right: Another of the same kind.

    Returns:
        The likeness; ``compare(a, b)`` and ``compare(b, a)`` have the same verdict and score.
    """
    if left.key == right.key:
        return Likeness("same", 1.0, ())
    if (len(right.tokens), right.key) < (len(left.tokens), left.key):
        left, right = right, left
    return _persons(left, right) if left.kind == "person" else _bodies(left, right)


def _verdict(verdict: str, features: list[Feature]) -> Likeness:
    features = sorted(features, key=lambda f: (f.score, f.name, f.words))
    score = min((f.score for f in features), default=1.0)
    if verdict == "different":
        score = min(score, 0.3)
    return Likeness(verdict, round(score, 2), tuple(features))


# --- people --------------------------------------------------------------------------------------------------
@functools.cache
def _titles() -> frozenset[str]:
    parts = {"honorific", "rank", "office"}
    return frozenset(row["word"] for row in resources.rows("titles.csv") if row["part"] in parts)


@functools.lru_cache(maxsize=1 << 16)
def person_words(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """The words that carry a person's name: no title in front, no particle, no generation or legal form behind."""
    tokens = _without_titles(tokens)
    while len(tokens) > 2 and (tokens[-1] in words("generation") or tokens[-1] in legal_forms()):
        tokens = tokens[:-1]
    out: list[str] = []
    abd = False
    for token in tokens:
        if out and token in words("particle_inside"):
            continue
        if token in {"abd", "abdul", "abdel", "abdal", "abdol"}:
            abd = True
        elif token not in words("particle") or len(token) == 1:
            out.append("abdul" + token if abd else token)
            abd = False
    return tuple(out) or tokens


def _without_titles(tokens: tuple[str, ...]) -> tuple[str, ...]:
    while len(tokens) > 1 and (tokens[0] in _titles() or (len(tokens) > 2 and spell_given(tokens[0]) == _SHEIKH)):
        tokens = tokens[1:]
    return tokens


def _persons(left: Name, right: Name) -> Likeness:
    a, b = person_words(left.tokens), person_words(right.tokens)
    for short, full, name in ((a, b, left), (b, a, right)):
        if len(short) == 1 < len(full) and short[-1] == full[-1] and _without_titles(name.tokens) != name.tokens:
            return _verdict("alike", [Feature("title", 0.5, f"a title and the surname {short[-1]}")])
    matches, rest_a, rest_b = _align(a, b)
    features = _features(matches)
    if rest_a or rest_b:
        if _one_string(a, b):
            return _verdict("alike", [_SPACED])
        features += _written_together(a, b, rest_a, rest_b) + _written_together(b, a, rest_b, rest_a)
        features += _initials_together(a, b, rest_a, rest_b) + _initials_together(b, a, rest_b, rest_a)
    loose_a, loose_b = [a[i] for i in rest_a], [b[i] for i in rest_b]
    abdul = any(f.name == "particle" for f in features)
    if (
        (loose_a and loose_b)
        or (abdul and (loose_a or loose_b))
        or not any(len(a[m.left]) > 1 < len(b[m.right]) for m in matches)
    ):
        return _apart(loose_a, loose_b, features)
    if loose := loose_a or loose_b:
        spaced = sum(f.name == "spacing" for f in features)
        left_over = _left_over(a, b, matches, loose, spaced)
        if left_over is None:
            return _apart(loose_a, loose_b, features)
        features.append(left_over)
    one, other = ({name.tokens[-1]} & words("generation") for name in (left, right))
    if one != other:
        if one and other:
            return _apart(sorted(one), sorted(other), features)
        features.append(Feature("generation", 0.5, f"only one is called {(one or other).pop()}"))
    if _reordered(matches):
        features.append(Feature("order", 0.8, "the same words in another order"))
    slips = sum(m.likeness.kind == "typo" for m in matches)
    if slips > 1 and slips * 2 >= len(matches):
        return _verdict("different", [*features, Feature("words", 0.0, "too many words are written in another way")])
    return _verdict("same" if all(f.score >= _SURE for f in features) else "alike", features)


def _apart(left: list[str], right: list[str], features: list[Feature]) -> Likeness:
    told = " against ".join(" ".join(part) for part in (left, right) if part)
    return _verdict("different", [*features, Feature("words", 0.0, f"no counterpart: {told or 'a name'}")])


def _left_over(
    a: tuple[str, ...], b: tuple[str, ...], matches: list[_Match], loose: list[str], spaced: int
) -> Feature | None:
    """What it means that the fuller name has words of its own; None if the shorter can hardly stand for it."""
    full = spaced + sum(len(a[m.left]) > 1 or len(b[m.right]) > 1 for m in matches)
    told = " ".join(loose)
    if all(len(t) == 1 for t in loose) and len(matches) + spaced > 1:
        return Feature("initial", 0.85, f"only one has {told}")
    if all(_PATRONYMIC.search(spell(t)) for t in loose) and len(matches) + spaced > 1:
        return Feature("patronymic", 0.85, f"only one has the father's name {told}")
    if full < 2 or len(loose) > _MOST_LEFT_OVER:
        return None
    last = spaced or any(m.left == len(a) - 1 and m.right == len(b) - 1 for m in matches)
    return Feature("middle" if last else "further_name", 0.7 if last else 0.5, f"only one has {told}")


def _reordered(matches: list[_Match]) -> bool:
    at = [m.right for m in sorted(matches)]
    return at != sorted(at)


# --- bodies, places, works -----------------------------------------------------------------------------------
@functools.lru_cache(maxsize=1 << 16)
def body_words(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """The words that carry a body's name: the small ones left out."""
    small = words("skipped_in_acronym")
    return tuple(t for t in tokens if t not in small or len(t) == 1) or tokens


def _bodies(left: Name, right: Name) -> Likeness:
    place = left.kind == "place"
    a, b = (left.tokens, right.tokens) if place else (body_words(left.tokens), body_words(right.tokens))
    if left.acronym or right.acronym:
        return _acronyms(left, right)
    matches, rest_a, rest_b = _align(a, b, body=True)
    features = [f._replace(score=min(f.score, 0.85)) for f in _features(matches)] if place else _features(matches)
    if rest_a or rest_b:
        if _one_string(left.tokens, right.tokens):
            return _verdict("alike", [_SPACED])
        if told := _alternative(left, right):
            return _verdict("alike", [Feature("alternative", 0.6, told)])
        features += _written_together(a, b, rest_a, rest_b) + _written_together(b, a, rest_b, rest_a)
    extra = [part[i] for part, rest in ((a, rest_a), (b, rest_b)) for i in rest]
    if (
        bool(rest_a) != bool(rest_b)
        and (matches or features)
        and not place
        and all(business_word(word) for word in extra)
    ):
        features.append(Feature("business_word", 0.75, f"only one is called {' '.join(extra)}"))
        rest_a, rest_b = [], []
    if matches and bool(rest_a) != bool(rest_b) and (told := _in_brackets(left, right, extra)):
        features.append(Feature("qualifier", 0.5, told))
        rest_a, rest_b = [], []
    if rest_a or rest_b or not (matches or features):
        return _apart([a[i] for i in rest_a], [b[i] for i in rest_b], features)
    if _reordered(matches):
        score = 0.9 if _inverted(left, right, matches) else 0.8
        features.append(Feature("order", score, "the same words in another order"))
    typos = [m for m in matches if m.likeness.kind == "typo"]
    if any(_known(a[m.left]) and _known(b[m.right]) for m in typos) or len(typos) > 1:
        return _verdict("different", [*features, Feature("words", 0.0, "two words, each with a meaning of its own")])
    if (place and any(_adjective(a[m.left], b[m.right]) for m in matches)) or (typos and not _may_slip(a, b)):
        return _verdict("different", [*features, Feature("words", 0.0, "a letter more or less makes another name")])
    return _verdict("same" if all(f.score >= _SURE for f in features) else "alike", features)


def _in_brackets(left: Name, right: Name, extra: list[str]) -> str | None:
    """Words for what only one of two names has, if it stands in brackets there: a branch, or no more than a note."""
    noted = {word for name in (left, right) for part in _BRACKETS.findall(name.surface) for word in fold(part).split()}
    return f"only one has {' '.join(extra)}, in brackets" if set(extra) <= noted else None


def business_word(word: str) -> bool:
    """Whether ``word`` only says that a body is a firm, and is often left out ("Group", "Motors", "Ltd")."""
    return word in words("business_word") or word in legal_forms()


def firm_of(short: Name, full: Name) -> bool:
    """Whether ``full`` is the body ``short`` with nothing behind it but words for a firm ("Kestrel", "Kestrel Group")."""
    a, b = short.tokens, full.tokens
    return (
        full.kind == "organisation"
        and len(a) < len(b) == len((*a, *filter(business_word, b[len(a) :])))
        and b[: len(a)] == a
    )


def _acronyms(left: Name, right: Name) -> Likeness:
    """Letters are no words: another letter is another body, but for a listed word or the first letters of a name."""
    short, full = (left, right) if left.acronym else (right, left)
    if not full.acronym and short.key in initials(full.plain, full.key):
        return _verdict("alike", [Feature("acronym", 0.6, "the one is made of the other's first letters")])
    likeness = word_likeness(*sorted((left.key, right.key)), body=True)
    if likeness.kind == "word":
        return _verdict("same", [Feature("word", likeness.score, likeness.words)])
    return _apart([left.key], [right.key], [])


def _inverted(left: Name, right: Name, matches: list[_Match]) -> bool:
    """Whether two names differ by an "of" that turns them round ("Rivers Office", "Office of Rivers")."""
    turns = {"of", "for", "del", "de", "des", "du"}
    one, other = (bool(turns & set(name.plain.split())) for name in (left, right))
    long = len(matches) > 2 or (left.kind == "place" and bool(set(left.tokens) & words("generic_place")))
    return long and (one != other or left.kind == "place")


def _alternative(left: Name, right: Name) -> str | None:
    """Words for one of two names that stand with a slash between them being the other name."""
    for one, other in ((left, right), (right, left)):
        for written in one.surface.split("/") if "/" in one.surface else ():
            part = read(written, one.kind)
            if part and part.travels and len(part.key) > 2 and compare(part, other).verdict != "different":
                return f"{written.strip()} is one of two names given"
    return None


def _adjective(one: str, other: str) -> bool:
    """Whether one of two words is the other's adjective, or its plural ("Queensland", "Queenslander")."""
    short, full = sorted((one, other), key=len)
    return full != short and full.startswith(short[:-1]) and full.endswith(("an", "ian", "er", "ese", "s"))


def _may_slip(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether a slip is likely: a name of one long word with one letter wrong, or of several words."""
    return len(a) > 1 or (min(len(a[0]), len(b[0])) >= 7 and edits(a[0], b[0], 1) is not None)


@functools.cache
def _known_words() -> frozenset[str]:
    found = set(words("generic_org") | words("generic_place"))
    for row in resources.rows("demonyms.csv"):
        found.update(row["place"].lower().split())
        found.update(form.lower() for form in row["forms"].split(";"))
    for row in resources.rows("states.csv"):
        found.update(row["name"].lower().split())
    return frozenset(found)


def _known(word: str) -> bool:
    """Whether ``word`` is a state, its adjective, or an everyday word of bodies' names: no misspelling then."""
    return word in _known_words()


# --- words ---------------------------------------------------------------------------------------------------
def _align(a: tuple[str, ...], b: tuple[str, ...], *, body: bool = False) -> tuple[list[_Match], list[int], list[int]]:
    """Counterparts among the words of two names, the best first and each word once; and the words left over."""
    found = []
    for i, one in enumerate(a):
        for j, other in enumerate(b):
            likeness = word_likeness(*sorted((one, other)), body=body)
            if likeness is not UNLIKE and likeness.score:
                found.append((-likeness.score, abs(i - j), i, j, likeness))
    matches, used_a, used_b = [], set[int](), set[int]()
    for *_, i, j, likeness in sorted(found, key=lambda f: f[:4]):
        if i not in used_a and j not in used_b:
            used_a.add(i)
            used_b.add(j)
            matches.append(_Match(i, j, likeness))
    return matches, [i for i in range(len(a)) if i not in used_a], [j for j in range(len(b)) if j not in used_b]


def _features(matches: list[_Match]) -> list[Feature]:
    told = (m.likeness for m in matches if m.likeness.kind != "equal")
    return [Feature(one.kind, one.score, one.words) for one in told]


def _one_string(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether two names differ in nothing but the spaces between words."""
    one, other = "".join(a), "".join(b)
    if len(a) == len(b) or min(len(one), len(other)) < 5:
        return False
    slip = min(len(one), len(other)) >= _LONG_STRING and 1 in (len(a), len(b)) and edits(one, other, 1) is not None
    return slip or one == other or spell(one) == spell(other)


def _written_together(
    one: tuple[str, ...], other: tuple[str, ...], loose_one: list[int], loose_other: list[int]
) -> list[Feature]:
    """Neighbours left over in one name that are one word of the other; they are taken out of what is left."""
    for i in list(loose_one):
        for n in (2, 3, 4):
            part = list(range(i, i + n))
            if not set(part) <= set(loose_one):
                break
            joined = "".join(one[k] for k in part)
            for j in loose_other:
                if spell(joined) == spell(other[j]):
                    for k in part:
                        loose_one.remove(k)
                    loose_other.remove(j)
                    return [Feature("spacing", 0.85, f"{' '.join(one[k] for k in part)} is {other[j]}")]
    return []


def _initials_together(
    one: tuple[str, ...], other: tuple[str, ...], loose_one: list[int], loose_other: list[int]
) -> list[Feature]:
    """Letters left over that are the initials of what is left over in the other name: JC for Jean-Claude."""
    if len(loose_one) != 1 or not 1 < len(short := one[loose_one[0]]) <= 3:
        return []
    if short != "".join(other[j][0] for j in loose_other):
        return []
    told = f"{short} are the initials of {' '.join(other[j] for j in loose_other)}"
    loose_one.clear()
    loose_other.clear()
    return [Feature("initial", 0.75, told)]
