"""Whom a definite noun means: "the minister", "the 34-year-old", "the group"."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from pipeline import resources
from pipeline.extract.reference.cast import same_words
from pipeline.extract.reference.scene import Answer, body_nouns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.extract.reference.cast import Figure, Told
    from pipeline.extract.reference.scene import Noun, Scene, Seen

_AGE = re.compile(r"(\d{1,2})-year-old")
_NOT_HERE = Answer(reason="the speaker is not named here")


@functools.cache
def _turned() -> frozenset[str]:
    """Words that make another title of the one behind them: former, vice."""
    return frozenset(resources.toml("reference.toml")["turned"])


def person_of(one: Seen, noun: Noun, scene: Scene) -> Answer:
    """The only person before who was called so, or is of that age."""
    if not noun.definite:
        return _NOT_HERE
    people = scene.figures("person")
    if age := _AGE.search(" ".join(noun.words)):
        aged = [f for f in people if any(at < one.start and years == int(age[1]) for at, years in f.ages)]
        return _single(noun, aged, "age before")
    called = [f for f in people if any(_called(one, noun, told) for told in f.told)]
    called = [f for f in called if one.gender is None or f.gender in (None, one.gender)]
    if called and any(s.noun and s.noun.head == noun.head and not s.figure and not s.quoted for s in scene.seen):
        return Answer(reason=f"another {noun.head!r}, not named, stands before")
    return _single(noun, called, "told before")


def body_of(one: Seen, noun: Noun, scene: Scene) -> Answer:
    """The body in play whose name, or what is said beside it, has the noun; for a general noun the only one in play."""
    if not noun.definite:
        return _NOT_HERE
    window = [s for s in scene.in_play(one) if s.figure and s.figure.kind == "body"]
    figures = list(dict.fromkeys(s.figure for s in window if s.figure))
    if called := [f for f in scene.figures("body") if any(_called(one, noun, told) for told in f.told)]:
        if len(figures) > 1 and not any(told.head == noun.head for f in called for told in f.told):
            return Answer(reason=f"{noun.head!r} may be more than one body")
        return _single(noun, called if len(called) > 1 else [f for f in called if f in figures], "noun of name")
    if noun.words != {noun.head}:
        return Answer(reason=f"nothing before is called {' '.join(sorted(noun.words))!r}")
    if len(figures) == 1 and any(s.subject and s.within is None for s in window):
        other = body_nouns() - same_words().get(noun.head, frozenset())
        if not any(told.head in other for told in figures[0].told):
            return Answer(figures[0], "only body")
    return Answer(reason=f"no body, or more than one, in play may be {noun.head!r}")


def _single(noun: Noun, figures: Sequence[Figure], rule: str) -> Answer:
    if len(figures) == 1:
        return Answer(figures[0], rule)
    if not figures:
        return Answer(reason=f"nobody in play is called {noun.head!r}")
    return Answer(reason=f"{noun.head!r} may be {' or '.join(f.names[0]['name'] for f in figures[:2])}")


def _called(one: Seen, noun: Noun, told: Told) -> bool:
    """Whether the description speaks of the same: its noun, and all the words that the noun has beside it."""
    if told.position >= one.start or told.head not in same_words().get(noun.head, {noun.head}):
        return False
    more = noun.words - {noun.head}
    return more <= told.words and not (told.words & _turned()) - more
