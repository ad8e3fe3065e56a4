"""Copies of a sentence in other dress, so that headlines, plain keyboards and names from anywhere are no surprise."""

from __future__ import annotations

import random
import re
import tomllib
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recipe.sets import Name, Sentence, Tree, WordLists

if TYPE_CHECKING:
    from collections.abc import Callable

CURLY_TAGS = {"``": "“", "''": "”"}


def curled(sentence: Sentence) -> Sentence:
    """The sentence with the quotation marks, apostrophes and dashes of newspapers."""
    words, inside = [], False
    tags = sentence.tree.tags if sentence.tree else ("",) * len(sentence.words)
    for word, tag in zip(sentence.words, tags, strict=True):
        if word in ('"', "``", "''"):
            words.append(CURLY_TAGS.get(tag, "”" if inside else "“"))
            inside = not inside
        elif word == "'" and tag == "``":
            words.append("‘")
        else:
            words.append("—" if word == "--" else word.replace("'", "’"))
    return replace(sentence, words=tuple(words))


def unaccented(text: str) -> str:
    """``text`` without its diacritics, letter for letter (lengths stay equal)."""
    return "".join(unicodedata.normalize("NFD", c)[0] if c.isalpha() else c for c in text)


def title_case(word: str) -> str:
    """``word`` as in a headline set in title case."""
    return word[:1].upper() + word[1:]


SMALL = {"a", "an", "the", "and", "or", "but", "of", "in", "on", "at", "to", "for", "from", "by", "with", "as", "is"}


def headline_case(word: str) -> str:
    """``word`` as in a headline that keeps its small words small."""
    return word if word in SMALL else title_case(word)


STYLES: dict[str, Callable[[str], str]] = {
    "upper": str.upper,
    "title": title_case,
    "headline": headline_case,
    "lower": str.lower,
    "plain": unaccented,
}


def restyled(sentence: Sentence, style: str) -> Sentence:
    """The sentence in one of ``STYLES``; a headline loses its full stop."""
    changed = replace(sentence, words=tuple(STYLES[style](w) for w in sentence.words))
    return changed if style in ("lower", "plain") else without_final_stop(changed)


def without_final_stop(sentence: Sentence) -> Sentence:
    """The sentence without its final full stop, when nothing hangs on it."""
    last, tree = len(sentence.words) - 1, sentence.tree
    if last < 2 or sentence.words[last] != "." or any(n.end > last for n in sentence.names or ()):
        return sentence
    if tree is not None:
        if last in tree.heads[:last]:
            return sentence
        tree = Tree(tree.tags[:last], tree.pos[:last], tree.heads[:last], tree.deps[:last], tree.lemmas[:last])
    return replace(sentence, words=sentence.words[:last], spaces=sentence.spaces[:last], tree=tree)


class World:
    """The names of ``world.toml`` and of ``labels.toml`` by label, cut into words on demand.

    Args:
        path: ``world.toml``.
        lists: the word lists, for countries and capitals.
        typed: name string -> label -> how often it was labelled so.
        tokenizer: spaCy's, which cuts the names.
    """

    def __init__(self, path: Path, lists: WordLists, typed: dict[str, dict[str, int]], tokenizer: Any) -> None:
        raw = tomllib.loads(path.read_text("utf8"))
        self._cut: dict[str, tuple[str, ...]] = {}
        self._tokenizer = tokenizer
        self._raw: dict[str, dict[str, list[str]]] = raw
        self._order: dict[str, str] = raw["order"]
        self._regions = sorted(self._order)
        self._typed = _unambiguous(typed, lists)
        self._countries = [" ".join(place) for place in lists.world]
        organisations = raw["organisations"]
        self._names: dict[str, list[str]] = {
            "LOC": raw["places"]["regions_loc"],
            "ORG": [x for kind, names in organisations.items() if kind not in ("acronyms", "patterns") for x in names],
            "FAC": raw["facilities"]["names"],
            "EVENT": raw["events"]["names"],
            "LAW": raw["laws"]["names"],
            "WORK_OF_ART": [*raw["works"]["names"], *raw["works"]["reports"]],
            "PRODUCT": raw["products"]["names"],
        }
        tables = {"ORG": "organisations", "FAC": "facilities", "EVENT": "events", "LAW": "laws", "WORK_OF_ART": "works"}
        self._patterns: dict[str, list[str]] = {
            label: raw[table]["patterns"] for label, table in (tables | {"PRODUCT": "products"}).items()
        }
        self._people: list[str] = [x for kind, names in raw["peoples"].items() if kind != "plurals" for x in names]
        self._peoples = [*raw["peoples"]["plurals"], *(" ".join(people) for people in lists.peoples)]
        self.titles: list[str] = [*raw["titles"]["before_name"], *(" ".join(title) for title in lists.given_titles)]
        self.agencies = lists.agencies

    def cut(self, text: str) -> tuple[str, ...]:
        """``text`` as spaCy's tokenizer cuts it."""
        if text not in self._cut:
            self._cut[text] = tuple(token.text for token in self._tokenizer(text))
        return self._cut[text]

    def country(self, rng: random.Random) -> str:
        """A country or a capital."""
        return rng.choice(self._countries)

    def name(self, label: str, rng: random.Random, size: int = 2, *, plural: bool = False) -> str:
        """Some name of ``label``, for a person of about ``size`` words."""
        if label == "PERSON":
            return self._person(rng, size)
        if label == "GPE":
            return self._place(rng)
        if label == "NORP":
            return str(rng.choice(self._peoples if plural else self._people))
        if label == "ORG" and size == 1 and rng.random() < 0.6:
            return rng.choice(self._raw["organisations"]["acronyms"])
        if label == "ORG" and rng.random() < 0.3:
            return rng.choice(self._typed["ORG"])
        if label in self._patterns and rng.random() < (0.25 if label in ("ORG", "PRODUCT") else 0.6):
            return self._made(rng.choice(self._patterns[label]), rng)
        return rng.choice(self._names[label])

    def _person(self, rng: random.Random, size: int) -> str:
        """One word is a family name, now and then a given one; a fifth are persons of the typed strings."""
        if size > 1 and rng.random() < 0.2:
            return rng.choice(self._typed["PERSON"])
        region = rng.choice(self._regions)
        given, family = rng.choice(self._raw["given"][region]), rng.choice(self._raw["family"][region])
        if size == 1:
            return family if rng.random() < 0.8 else given
        patterns = self._raw["name_patterns"]
        if rng.random() < 0.3:
            return self._made(rng.choice([*patterns.get(region, []), *patterns["every_region"]]), rng, region)
        if size > 2 and rng.random() < 0.5:
            given = f"{given} {chr(rng.randint(65, 90))}."
        return f"{family} {given}" if self._order[region] == "family_given" else f"{given} {family}"

    def _place(self, rng: random.Random) -> str:
        draw = rng.random()
        if draw < 0.3:
            return self.country(rng)
        return rng.choice(self._raw["places"]["cities"] if draw < 0.8 else self._typed["GPE"])

    def _made(self, pattern: str, rng: random.Random, region: str = "") -> str:
        """A name made from a pattern such as "{place} Central Prison"."""
        region = region or rng.choice(self._regions)

        def fill(match: re.Match[str]) -> str:
            kind = match[1]
            if kind == "year":
                return str(rng.randint(1950, 2024))
            if kind == "ordinal":
                return rng.choice(("First", "Second", "Third", "Fourth", "10th", "15th", "21st", "32nd", "48th"))
            if kind == "place":
                return rng.choice(self._raw["places"]["cities"]) if rng.random() < 0.7 else self.country(rng)
            if kind == "word":
                return rng.choice(self._raw["events"]["words"])
            if kind == "people":
                return rng.choice(self._people)
            if kind == "person":
                return self._person(rng, rng.choice((1, 2)))
            return rng.choice(self._raw[kind][region])

        return re.sub(r"{(\w+)}", fill, pattern)


def _unambiguous(typed: dict[str, dict[str, int]], lists: WordLists) -> dict[str, list[str]]:
    """Typed name strings of one label that can stand for another name of that label."""
    sizes = {"PERSON": (2, 3), "GPE": (1, 2), "ORG": (1, 2, 3, 4)}
    pools: dict[str, list[str]] = {label: [] for label in sizes}
    for text, counts in sorted(typed.items()):
        words = text.split()
        fits = all(w.replace("-", "").isalpha() and w[0].isupper() for w in words)
        if len(counts) == 1 and fits and text not in lists.demonyms:
            (label,) = counts
            if len(words) in sizes.get(label, ()) and not (label == "GPE" and words[-1].endswith(("s", "ese", "ian"))):
                pools[label].append(text)
    return pools


OTHER_KIND = {"GPE": (("FAC", 0.1), ("LOC", 0.05)), "LOC": (("FAC", 0.1),), "WORK_OF_ART": (("LAW", 0.1),)}
"""Now and then a name of another kind stands in the same place, for the kinds that the sets hardly have."""


def _new_label(labels: tuple[str, ...], rng: random.Random) -> str | None:
    """The label of the name that is to stand in for a name with ``labels``; None to leave it."""
    if not labels:
        return None
    label = labels[0] if len(labels) == 1 else rng.choice([x for x in labels if x != "NORP"] or ["NORP"])
    if set(labels) == {"GPE", "LOC", "FAC"}:
        label = "GPE"
    for other, share in OTHER_KIND.get(label, ()):
        if rng.random() < share:
            return other
    return label


def swapped(sentence: Sentence, world: World, rng: random.Random, share: float = 0.75) -> Sentence:
    """The sentence with ``share`` of its names replaced, and here and there a title before a person's name.

    It has no tree any more: its words are others.
    """
    words: list[str] = []
    spaces: list[bool] = []
    names = []
    at = 0
    for name in (*(sentence.names or ()), None):
        until = name.start if name else len(sentence.words)
        words += sentence.words[at:until]
        spaces += sentence.spaces[at:until]
        if name is None:
            break
        new, labels = sentence.words[name.start : name.end], name.labels
        new_spaces = sentence.spaces[name.start : name.end]
        label = _new_label(labels, rng) if rng.random() < share else None
        plural = new[-1].endswith("s")
        if label:
            text = world.name(label, rng, len(new), plural=plural)
            doc = world.cut(text)
            new, labels = doc, (label,)
            new_spaces = (*_spaces(text, doc), new_spaces[-1])
        if labels == ("PERSON",) and rng.random() < 0.12:
            title = world.cut(rng.choice(world.titles))
            words += title
            spaces += (*_spaces(" ".join(title), title), True)
        names.append(Name(len(words), len(words) + len(new), labels))
        words += new
        spaces += new_spaces
        at = name.end
    return replace(sentence, words=tuple(words), spaces=tuple(spaces), names=tuple(names), tree=None)


def _spaces(text: str, words: tuple[str, ...]) -> tuple[bool, ...]:
    """Whether a space follows each of ``words`` in ``text``, the last one left out."""
    spaces, at = [], 0
    for word in words[:-1]:
        at = text.index(word, at) + len(word)
        spaces.append(text[at : at + 1] == " ")
    return tuple(spaces)


def datelined(sentence: Sentence, world: World, rng: random.Random) -> Sentence:
    """The sentence as the first of a news report: "KIGALI, Rwanda (Agency) - ..."."""
    city, country = world.cut(world.name("GPE", rng)), world.cut(world.country(rng))
    words: tuple[str, ...] = tuple(w.upper() for w in city) if rng.random() < 0.7 else city
    names = [Name(0, len(words), ("GPE",))]
    if rng.random() < 0.4:
        words += (",",)
        names.append(Name(len(words), len(words) + len(country), ("GPE",)))
        words += country
    if rng.random() < 0.6:
        words += ("(", rng.choice(world.agencies), ")")
        names.append(Name(len(words) - 2, len(words) - 1, ("ORG",)))
    words += (rng.choice("-–—"),)
    moved = [Name(n.start + len(words), n.end + len(words), n.labels) for n in sentence.names or ()]
    return replace(
        sentence,
        words=words + sentence.words,
        spaces=(*(True for _ in words), *sentence.spaces),
        names=(*names, *moved),
        tree=None,
    )
