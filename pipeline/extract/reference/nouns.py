"""Whom a definite noun means: "the minister", "the 34-year-old", "the group"."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any

from pipeline import resources
from pipeline.extract.reference.cast import same_words
from pipeline.extract.reference.scene import body_nouns

if TYPE_CHECKING:
    from pipeline.extract.reference.cast import Figure, Told
    from pipeline.extract.reference.scene import Noun, Scene, Seen

_AGE = re.compile(r"(\d{1,2})-year-old")


@functools.cache
def _words() -> dict[str, Any]:
    return resources.toml("reference.toml")


def person_of(one: Seen, scene: Scene) -> tuple[Figure | None, str]:
    """The person that a noun means and the rule; or None and why not."""
    noun = _noun(one)
    if not noun.definite:
        return None, "the speaker is not named here"
    people = scene.figures("person")
    if age := _AGE.search(" ".join(noun.words)):
        of_age = [f for f in people if any(at < one.start and years == int(age[1]) for at, years in f.ages)]
        return _single(one, of_age, "age before")
    called = [f for f in people if any(_called(one, told) for told in f.told)]
    called = [f for f in called if one.gender is None or f.gender in (None, one.gender)]
    unnamed = [s for s in scene.seen if s.kind == "noun" and s.figure is None and s.noun and s.noun.head == noun.head and not s.quoted]
    if called and unnamed:
        return None, f"another {noun.head!r}, not named, stands before"
    return _single(one, called, "told before")


def body_of(one: Seen, scene: Scene) -> tuple[Figure | None, str]:
    """The body that a noun means and the rule; or None and why not."""
    noun = _noun(one)
    if not noun.definite:
        return None, "the speaker is not named here"
    bodies = scene.figures("body")
    window = [s for s in scene.in_play(one) if s.figure and s.figure.kind == "body"]
    if called := [f for f in bodies if any(_called(one, told) for told in f.told)]:
        other = {s.figure for s in window} - set(called)
        if other and not any(told.head == noun.head for f in called for told in f.told):
            return None, f"{noun.head!r} may be more than one body"
        return _single(one, [f for f in called if len(called) > 1 or any(s.figure is f for s in window)], "noun of name")
    if noun.words != {noun.head}:
        return None, f"nothing before is called {noun.head!r} like this"
    figures = {s.figure for s in window if s.figure}
    if len(figures) == 1 and any(s.subject and s.within is None for s in window):
        figure = figures.pop()
        if not any(told.head in body_nouns() - same_words().get(noun.head, frozenset()) for told in figure.told):
            return figure, "only body"
    return None, f"no body, or more than one, in play may be {noun.head!r}"


def _noun(one: Seen) -> Noun:
    assert one.noun
    return one.noun


def _single(one: Seen, figures: list[Figure], rule: str) -> tuple[Figure | None, str]:
    noun = _noun(one)
    if len(figures) == 1:
        return figures[0], rule
    if not figures:
        return None, f"nobody before is called {noun.head!r}"
    names = " or ".join(f.names[0]["name"] for f in figures[:2])
    return None, f"{noun.head!r} may be {names}"


def _called(one: Seen, told: Told) -> bool:
    """Whether the description before speaks of the same: its noun, and all the words that the noun has beside it."""
    noun = _noun(one)
    if told.position >= one.start or told.head not in same_words().get(noun.head, {noun.head}):
        return False
    more = noun.words - {noun.head}
    return more <= told.words and not ((told.words & frozenset(_words()["turned"])) - more)
