"""The adjective of a place: when "Russian" names Russia, and when a people or a language.

"Russian officials" are those of Russia, and so is what "is Russian": the word joins the place. "Russians", "the
Chinese" and "two Chinese said" are a people, which stays a thing of its own, as does a word whose use the text
leaves open. The words around it tell, so that this needs the text and no parse.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from pipeline import resources
from pipeline.link.names import Name, fold, is_state, read, words

_JOINED = re.compile(r"(?:\s?,|\s+(?:and|or)|\s?/)\s*(?:the\s+)?([A-Z]\w+)")
"""What links a word to the next of a row: "Russian, Chinese and Iranian"."""
_NEXT = re.compile(r"[^\S\n]+[\"“‘']?(\w[\w’'-]*)")
_BEFORE = re.compile(r"([\w’'-]+)[^\S\n]+[\"“‘']?$")
_HYPHEN = re.compile(r"-([a-z]+)")
_ENDS = frozenset({"an", "ian", "ean", "ese", "i"})
_SHORTEST_STEM = 4


class _Place(NamedTuple):
    name: str
    label: str


@functools.cache
def _adjectives() -> dict[str, _Place]:
    """Every folded adjective of one place -> the place; without the words that only name people (``people_word``)."""
    found: dict[str, set[_Place]] = {}
    for row in resources.rows("demonyms.csv"):
        place = read(row["place"], "place")
        for form in map(fold, row["forms"].split(";") if place else ()):
            if form not in words("people_word"):
                found.setdefault(form, set()).add(_Place(row["place"], row["label"]))
    keys = {form: {(n := read(p.name, "place")) and n.key for p in places} for form, places in found.items()}
    return {form: max(found[form]) for form, several in keys.items() if len(several) == 1}


def place_stems(places: Sequence[Name]) -> dict[str, Name]:
    """The regular adjectives of ``places`` that no list has, each with its place ("orsanian" for Orsania).

    Args:
        places: The towns and countries that one article names.

    Returns:
        Folded stems, with the places; a stem of two places is left out.
    """
    stems: dict[str, dict[str, Name]] = {}
    for name in places:
        stem = name.plain.rstrip("aeiouy")
        if len(stem) >= _SHORTEST_STEM and not name.known:
            stems.setdefault(stem, {})[name.key] = name
    return {stem: next(iter(found.values())) for stem, found in stems.items() if len(found) == 1}


def of_place(name: Name, text: str, end: int, stems: dict[str, Name]) -> tuple[Name, str] | None:
    """The place that a people's name stands for, where it is used as an adjective.

    Args:
        name: The name, of kind group.
        text: The text it stands in.
        end: Where it ends there.
        stems: What :func:`place_stems` found in the article.

    Returns:
        The name as one of its place, and the place's label; None where it means a people, or may.
    """
    listed = _adjectives().get(name.plain)
    host = read(listed.name, "place") if listed else _derived(name.plain, stems)
    if not host or not _is_adjective(text, end - len(name.surface), end):
        return None
    shown = listed.name if listed else host.surface
    return replace(host, surface=name.surface, plain=name.plain, adjective_of=shown), listed.label if listed else "GPE"


def of_country(name: Name, country: Name) -> Name:
    """The name of a body that every country has, as that of one country's: it travels."""
    key = f"{country.key} {name.key}"
    return replace(name, key=key, tokens=tuple(key.split()), travels=True)


def without_country(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """The tokens of a body's name without the country in front or behind "of"; empty if it names none."""
    for n in range(min(3, len(tokens) - 2), 0, -1):
        for first, country, rest in (
            (0, tokens[:n], tokens[n:]),
            (1, tokens[-n:], tokens[: -n - 1] if tokens[-n - 1] == "of" else ()),
        ):
            plain = " ".join(country)
            if rest and (is_state(plain) or (not first and plain in _adjectives())):
                return rest
    return ()


def _derived(plain: str, stems: dict[str, Name]) -> Name | None:
    """The place of the article whose regular adjective ``plain`` is."""
    for n in (3, 2, 1):
        if plain[:-n] in stems and plain[-n:] in _ENDS and plain not in words("people_word"):
            return stems[plain[:-n]]
    return None


def _is_adjective(text: str, start: int, end: int) -> bool:
    """Whether the word at ``text[start:end]`` stands before a noun, or is what something is said to be."""
    found = _BEFORE.search(text[max(0, start - 40) : start])
    before = found[1].lower() if found else ""
    if before == "ethnic":
        return False
    if hyphen := _HYPHEN.match(text, end):
        return hyphen[1] not in words("language_word")
    while joined := _JOINED.match(text, end):
        if fold(joined[1]) not in _adjectives() and not is_state(fold(joined[1])):
            break
        end = joined.end()
    following = _NEXT.match(text, end)
    word = following[1] if following else ""
    if word and word.lower() not in words("language_word") and not _ends_phrase(word):
        return True
    return before in words("being")


def _ends_phrase(word: str) -> bool:
    """Whether ``word`` cannot be the noun that an adjective stands before: a verb, or a small word."""
    return word in words("no_noun") or (word.islower() and word.endswith("ed"))
