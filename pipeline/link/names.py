"""Names as linking sees them: folded, split into words, told apart by kind.

A *key* is what two mentions of one name share: no case, accents, possessive, punctuation or leading
"the"; a body without its legal form and in one spelling of English, a state or city under its everyday name, a people in the singular.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

from pipeline import resources

KINDS = {
    "PERSON": "person",
    "NORP": "group",
    "ORG": "organisation",
    "GPE": "place",
    "LOC": "place",
    "FAC": "place",
    "EVENT": "event",
    "LAW": "law",
    "WORK_OF_ART": "work",
    "PRODUCT": "product",
}
"""Labels that name one kind of thing: towns, rivers and airports are all places, since news labels them freely."""

_GENERIC = {"organisation": "generic_org", "place": "generic_place", "law": "generic_law", "event": "generic_event"}
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "&": " and "}
)
_OWN_BRACKET = re.compile(r"\s\(([A-Z][\w.&-]{1,11})\)?$")
_SURNAME_FIRST = re.compile(r"([^,]+),\s+([^,]+)")
_UNIONS = {"un": "united nations", "eu": "european union"}
_PART = "\x1f"
_DOTTED = re.compile(r"\b\w(?:\.\s?\w)+\b\.?")


@functools.cache
def words(name: str) -> frozenset[str]:
    """The words of one list in ``link_words.csv``."""
    return frozenset(row["word"] for row in resources.rows("link_words.csv") if row["list"] == name)


@functools.cache
def acronym_stop() -> frozenset[str]:
    """Capitals in brackets that are no acronym of what stands before them."""
    return frozenset(row["form"] for row in resources.rows("acronym_stop.csv"))


@functools.cache
def _american() -> dict[str, str]:
    return {row["british"]: row["american"] for row in resources.rows("spelling_pairs.csv")}


@functools.cache
def legal_forms() -> dict[str, tuple[int, bool]]:
    """Legal forms, of one word or several -> how many words must be left, and whether it stands in front too."""
    rows = resources.rows("legal_forms.csv")
    return {row["form"]: (int(row["least_words"]), row["where"] == "both") for row in rows}


@functools.cache
def _longest_legal_form() -> int:
    return max(form.count(" ") + 1 for form in legal_forms())


@functools.cache
def _states() -> dict[str, tuple[str, bool]]:
    """Every folded name of a state -> its everyday name folded, and whether nothing else bears that."""
    found = {}
    for row in resources.rows("states.csv"):
        key = fold(row["name"])
        for form in (row["name"], *filter(None, row["other_names"].split("|"))):
            found[fold(form)] = key, row["sure"] == "yes"
    return found


@functools.cache
def _places() -> dict[str, str]:
    """Every folded name of a place that has several -> its everyday name folded."""
    found = {}
    for row in resources.rows("place_names.csv"):
        for form in (row["name"], *row["other_names"].split("|")):
            found[fold(form)] = fold(row["name"])
    return found


def one_of(kind: str) -> str:
    """A thing of ``kind`` in words: a place, an organisation."""
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}" if kind != "other" else "another thing"


@functools.cache
def _bodies() -> dict[str, tuple[str, bool]]:
    """Every name of a body that has several -> its everyday name, both as read; and whether it counts in capitals only."""
    found = {}
    for row in resources.rows("body_names.csv"):
        for form in (row["name"], *row["other_names"].split("|")):
            found[_body_key(fold(form))] = _body_key(fold(row["name"])), is_acronym(form)
    return found


def is_state(plain: str) -> bool:
    """Whether the folded name ``plain`` is one that a state goes by."""
    return plain in _states()


def fold(text: str, *, dotted: str = "join") -> str:
    """``text`` without case, accents, possessive, punctuation and leading "the"; single spaces between words.

    ``dotted`` says what becomes of "U.N.": "join" gives "un", "split" gives "u n", as in a person's initials.
    """
    text = unicodedata.normalize("NFKD", text.replace("’", "'").replace("‘", "'"))
    text = "".join(c for c in text if not unicodedata.combining(c)).casefold().translate(_LETTERS)
    text = re.sub(r"'s?$|'s?(?=\s*[\"”)\]]+$)", "", text.strip()).replace("'", "")
    if dotted == "join":
        text = _DOTTED.sub(lambda found: re.sub(r"[.\s]", "", found.group()), text)
    text = " ".join("".join(c if c.isalnum() else " " for c in text).split())
    return text.removeprefix("the ")


@dataclass(frozen=True, slots=True, eq=False)
class Name:
    """One distinct written name of one kind, read once.

    ``words`` counts the words that carry weight: at least two letters, no particle, no "Jr"; a hyphenated word
    is one. ``acronym`` is whether it is one that no list spells out. An acronym in brackets at the end is no part of the key. A name ``travels`` if it may join the same name in another article: a person needs two such words,
    and a name made of everyday words only ("the Foreign Ministry") is another body in another country. ``adjective_of``
    is the place that an adjective ("Russian") stands for, as it is written where it is named.
    """

    surface: str
    kind: str
    key: str
    tokens: tuple[str, ...]
    plain: str
    words: int
    acronym: bool
    known: bool
    travels: bool
    adjective_of: str = ""

    @property
    def core(self) -> tuple[str, ...]:
        """The tokens without a generation ("Jr", "III") at the end."""
        return self.tokens[:-1] if len(self.tokens) > 1 and self.tokens[-1] in words("generation") else self.tokens

    @property
    def size(self) -> tuple[int, int, str]:
        """Sorts names from the fullest: most words, then longest, then alphabetically first."""
        return -len(self.tokens), -len(self.key), self.key


def read(surface: str, kind: str) -> Name | None:
    """``surface`` as a name of ``kind``; None if it holds no letter or digit."""
    bare = _OWN_BRACKET.sub("", surface) if own_acronym(surface) else surface
    if kind == "person" and (turned := _SURNAME_FIRST.fullmatch(bare)) and not _weightless(turned[2]):
        bare = f"{turned[2]} {turned[1]}"
    plain = fold(bare, dotted="split" if kind == "person" else "join")
    if not plain:
        return None
    key, known = plain, False
    tokens = tuple(plain.split())
    if kind == "organisation":
        key = _body_key(plain)
        everyday, capitals = _bodies().get(key, (key, False))
        key = everyday if not capitals or is_acronym(bare) else key
    elif kind in ("event", "law"):
        key = _one_spelling(tokens)
    elif kind == "place" and plain in _states():
        key, known = _states()[plain]
    elif kind == "place":
        key = _places().get(plain, plain)
    elif kind == "group":
        key, known = _singular(plain), True
    weighty = [part for part in bare.split() if not _weightless(part)]
    generic = words(_GENERIC[kind]) if kind in _GENERIC else frozenset()
    tokens = tuple(key.split())
    travels = len(weighty) > 1 if kind == "person" else not all(t in generic or t.isdigit() for t in tokens)
    return Name(surface, kind, key, tokens, plain, len(weighty), key == plain and is_acronym(surface), known, travels)


def encoded(name: Name) -> str:
    """``name`` as one string, from which :class:`Reader` has it back."""
    flags = "".join("1" if flag else "0" for flag in (name.acronym, name.known, name.travels))
    told = (name.kind, name.key, flags, str(name.words), name.surface, name.plain, name.adjective_of)
    return _PART.join(part.replace(_PART, " ") for part in told)


class Reader:
    """Reads every written name once."""

    def __init__(self) -> None:
        self._names: dict[tuple[str, str], Name] = {}
        self._codes: dict[str, Name] = {}

    def read(self, surface: str, kind: str) -> Name:
        """``surface`` as a name of ``kind``; one without a letter or digit is its own key."""
        found = self._names.get((surface, kind))
        if not found:
            tokens = tuple(surface.split())
            found = read(surface, kind) or Name(surface, kind, surface, tokens, surface, 1, *(False,) * 3)
            self._names[surface, kind] = found
        return found

    def decode(self, code: str) -> Name:
        """The name that :func:`encoded` made ``code`` of."""
        found = self._codes.get(code)
        if not found:
            kind, key, flags, weight, surface, plain, adjective_of = code.split(_PART)
            acronym, known, travels = (flag == "1" for flag in flags)
            found = Name(
                surface, kind, key, tuple(key.split()), plain, int(weight), acronym, known, travels, adjective_of
            )
            self._codes[code] = found
        return found


def _weightless(part: str) -> bool:
    tokens = fold(part, dotted="split").split()
    return all(len(t) == 1 for t in tokens) or (
        len(tokens) == 1 and tokens[0] in words("particle") | words("generation")
    )


def _without_legal_form(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """The tokens without the legal forms at the end, and those in front that may stand there; the longest first."""
    forms = legal_forms()
    cut = True
    while cut:
        cut = False
        for n in range(min(_longest_legal_form(), len(tokens) - 1), 0, -1):
            behind, before = forms.get(" ".join(tokens[-n:])), forms.get(" ".join(tokens[:n]))
            if behind and len(tokens) - n >= behind[0] and tokens[-n - 1] != "and":
                tokens, cut = tokens[:-n], True
            elif before and before[1] and len(tokens) - n >= before[0]:
                tokens, cut = tokens[n:], True
            if cut:
                break
    return tokens


def _body_key(plain: str) -> str:
    """A body's folded name without legal forms, the state or union in front in full, in one spelling of English."""
    return _one_spelling(_with_state_in_full(_without_legal_form(tuple(plain.split()))))


def _with_state_in_full(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """The tokens with a leading "us" as "united states", "un" as "united nations": a short form before the body's name."""
    if len(tokens) > 1 and tokens[0] in _UNIONS:
        return (*_UNIONS[tokens[0]].split(), *tokens[1:])
    if len(tokens) > 1 and len(tokens[0]) <= 3 and tokens[0] in _states():
        return (*_states()[tokens[0]][0].split(), *tokens[1:])
    return tokens


def _one_spelling(tokens: tuple[str, ...]) -> str:
    """The tokens in American spelling, as one string."""
    pairs = _american()
    text = " ".join(pairs.get(t, t) for t in tokens)
    for two in pairwise(tokens):
        if (parted := " ".join(two)) in pairs:
            text = text.replace(parted, pairs[parted])
    return text


def _singular(key: str) -> str:
    """A people's name without its plural s: "rohingyas" -> "rohingya"."""
    return key[:-1] if len(key) > 3 and key.endswith("s") and not key.endswith("ss") else key


def is_acronym(surface: str) -> bool:
    """Whether ``surface`` is written as an acronym: one word of 2 to 8 letters, mostly capitals."""
    bare = surface.replace(".", "").strip()
    capitals = sum(c.isupper() for c in bare)
    return 2 <= len(bare) <= 8 and bare.isalnum() and capitals >= 2 and capitals * 5 >= len(bare) * 3


def own_acronym(surface: str) -> str | None:
    """The acronym in brackets at the end of a name that was read with it: "Northern Rivers Network (NRN)"."""
    found = _OWN_BRACKET.search(surface)
    return found[1] if found and is_acronym(found[1]) else None


def initials(*forms: str) -> frozenset[str]:
    """Every acronym that the first letters of the folded names ``forms`` make, with and without small words."""
    small = words("skipped_in_acronym")
    made = set()
    for form in forms:
        tokens = form.split()
        if len(tokens) > 1:
            made.add("".join(t[0] for t in tokens))
            made.add("".join(t[0] for t in tokens if t not in small))
    return frozenset(a for a in made if len(a) > 1)


def head(tokens: tuple[str, ...]) -> str:
    """The head of a body's name: the last word, or the last one before a preposition ("Ministry of Tides")."""
    before = next((i for i, t in enumerate(tokens) if i and t in words("preposition")), len(tokens))
    return tokens[before - 1]


def letters_fit(acronym: str, name: str) -> bool:
    """Whether the letters of ``acronym`` come in this order in ``name``, the first as its first (both folded)."""
    rest = iter(name.replace(" ", ""))
    return name[:1] == acronym[:1] and all(letter in rest for letter in acronym)


def gender(title: str | None) -> str:
    """The gender that a title before the name tells ("Mrs", "Lord"): m, f or an empty string."""
    parts = set(fold(title).split()) if title else set()
    female, male = bool(parts & words("title_female")), bool(parts & words("title_male"))
    return "" if female == male else "f" if female else "m"


@functools.cache
def _office_words() -> frozenset[str]:
    """Ranks, offices and lines of work, from the list of titles."""
    return frozenset(row["word"] for row in resources.rows("titles.csv") if row["part"] in {"office", "rank", "role"})


def offices(*told: str | None) -> frozenset[str]:
    """The ranks, offices and lines of work in titles and roles: minister, col, lawyer."""
    parts = {word for text in told if text for word in fold(text).split()}
    return _office_words() & parts


def shortens(short: Name, full: Name) -> str | None:
    """How the person's name ``short`` can stand for ``full``: surname, initial, middle or given; None if it cannot.

    surname: the last word or words of the full name ("Suu Kyi" for "Aung San Suu Kyi").
    initial: the same surname after an initial ("J. Reyes" for "Juana Reyes").
    middle: the same first and last word, with fewer between ("Juana Reyes" for "Juana M. Reyes").
    given: the first word alone.
    patronymic: like a surname, but it holds a given name and a father's ("Omar al-Ferro" for "Ali Omar al-Ferro"),
        so that it may as well be the father.
    """
    a, b = short.core, full.core
    if len(short.tokens) > len(a) and short.tokens[len(a) :] != full.tokens[len(b) :]:
        return None
    if len(a) < len(b) and b[-len(a) :] == a:
        return "patronymic" if any(t in words("patronymic") for t in a[1:]) else "surname"
    if len(a) > 1 and len(b) > 1 and a[-1] == b[-1] and a != b:
        if len(full.tokens) > len(b) and len(short.tokens) == len(a):
            return None
        rest = iter(b[1:-1])
        between = all(any(_same_or_initial(x, y) for y in rest) for x in a[1:-1])
        if between and len(a) <= len(b):
            if a[0] == b[0]:
                return "middle"
            if len(a[0]) == 1 and b[0].startswith(a[0]):
                return "initial"
    if short.words == 1 and full.words > 1 and len(a) < len(b) and b[: len(a)] == a:
        return "given"
    return None


def _same_or_initial(short: str, full: str) -> bool:
    return short == full or (len(short) == 1 and full.startswith(short))


def edits(left: str, right: str, most: int) -> int | None:
    """The edit distance of two words if it is ``most`` or less (swapped neighbours count as one), else None."""
    if abs(len(left) - len(right)) > most or len(set(left) ^ set(right)) > 2 * most:
        return None
    same = next((i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))
    left, right = left[same:], right[same:]
    while left and right and left[-1] == right[-1]:
        left, right = left[:-1], right[:-1]
    if most == 1:
        swapped = len(left) == len(right) == 2 and left == right[::-1]
        return max(len(left), len(right)) if max(len(left), len(right)) < 2 else 1 if swapped else None
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        older, before, row = before, row, [i]
        for j, b in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and b == left[i - 2]:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return None
    return row[-1] if row[-1] <= most else None


def near(left: str, right: str) -> int | None:
    """Edits between two spellings of one long word; None if they are too many, or the word is short.

    One edit from 5 letters on, two from 8 on, counted on the shorter word. A plural s is no other spelling, and
    words with digits are never near.
    """
    length = min(len(left), len(right))
    plural = left in (right, f"{right}s") or right == f"{left}s"
    if length < 5 or plural or not (left.isalpha() and right.isalpha()):
        return None
    return edits(left, right, 2 if length >= 8 else 1)
