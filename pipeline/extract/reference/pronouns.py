"""Whom a third-person pronoun means: the rules in their order, each stricter where it has less to go by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.extract.reference.scene import Answer, Scene, Seen

if TYPE_CHECKING:
    from collections.abc import Sequence

_NEAR = 3
"""Of two in one sentence the subject is taken only from fewer sentences back; by eye, farther back half were wrong."""
_OBLIQUE = {"him", "his", "her", "hers", "himself", "herself"}


def he_or_she(one: Seen, scene: Scene) -> Answer:
    """Whom "he" or "she" means."""
    gender = one.gender or ""
    fits = [s for s in scene.in_play(one) if s.fits(gender) and not _bound(one, s)]
    if not fits:
        return Answer(reason=f"nobody in play before {one.word!r} fits")
    if len({s.key for s in fits}) == 1:
        figure = fits[0].figure
        if figure is None:
            one.same = fits[0]
            return Answer(reason=f"{one.word!r} is somebody who is not named")
        return Answer(figure, "only one fits" if figure.gender else "only one")
    free = [s for s in fits if s.within is None or s.within is one.within]
    if one.speaks and (last := next((s for s in fits if s.speaks), None)):
        since = {s.key for s in free if s.start > last.start and (s.subject or s.sentence == one.sentence)} - {last.key}
        if last.figure and not since and _likeliest(last, free):
            return Answer(last.figure, "speaks on")
    near = [s for s in free if s.sentence == fits[0].sentence]
    keys, back = {s.key for s in near}, one.sentence - fits[0].sentence
    subjects = [s for s in near if s.subject and (s.main or (not back and len(keys) == 1))]
    alone = len({s.key for s in (subjects if back else near) if s.subject}) == 1
    if subjects and alone and (len(keys) == 1 or (back < _NEAR and one.word not in _OBLIQUE)):
        figure, new = subjects[0].figure, any(s.noun and s.noun.new and s.gender for s in near)
        if figure and not new and _likeliest(subjects[0], free):
            return Answer(figure, "subject before")
    return Answer(reason=_several(one, fits))


def _likeliest(one: Seen, fits: Sequence[Seen]) -> bool:
    """Whether nobody after ``one`` is known to have the gender while that of ``one`` is unknown."""
    assert one.figure
    return bool(one.figure.gender) or not any(s.figure and s.figure.gender for s in fits if s.start > one.start)


def _several(one: Seen, fits: Sequence[Seen]) -> str:
    names = list(dict.fromkeys(str(s) for s in reversed(fits)))
    if len(names) < 2:
        return f"it is not sure whom {one.word!r} means"
    return f"{one.word!r} may be {' or '.join(names[-2:])}"


def it_or_they(one: Seen, scene: Scene) -> Answer:
    """Which body or state "it" or "they" means as a speaker."""
    window = scene.in_play(one)
    last = next((s for s in window if s.speaks), None)
    bodies = [s for s in window if s.is_body and s.subject and s.within is None]
    since = [s for s in bodies if last is None or (s.start > last.start and s.key != last.key)]
    if since:
        near = [s for s in since if s.sentence == since[0].sentence]
        known = one.word == "it" and near[0].main and one.sentence - near[0].sentence <= 1
        if known and len({s.key for s in near}) == 1 and not scene.spoke_since(one, near[0].start):
            return Answer(near[0].figure, "body speaks on")
        return Answer(reason=_several(one, since))
    if last is None:
        return Answer(reason=f"no body in play before {one.word!r} is named")
    if last.is_body and not scene.spoke_since(one, last.start):
        return Answer(last.figure, "body speaks on")
    return Answer(reason=f"it is not sure whom {one.word!r} means")


def _bound(one: Seen, other: Seen) -> bool:
    """Whether grammar keeps the two apart: arguments of one verb, or the other in an aside before the subject.

    An aside is "in a letter to Berg, he ..." and "asked about Berg, he ...", but not "when Berg came, he ...".
    """
    if other.sentence != one.sentence or one.token.dep_ == "nmod:poss":
        return False
    verb, token = one.token.head, other.token
    if token.head.i == verb.i and token.dep_ != "nmod:poss":
        return True
    if not one.subject:
        return False
    for _ in range(6):
        if token.head.i == verb.i:
            if token.dep_ == "advcl":
                return not any(child.dep_.startswith("nsubj") for child in token.children)
            return token.dep_ in {"obl", "nmod", "obl:npmod", "obl:tmod", "dep"}
        if token.head.i == token.i:
            return False
        token = token.head
    return False
