"""Who speaks where no name stands: "she", "the minister", "the group" -> the mention that says who.

The article is read once from top to bottom (``scene``), and each pronoun or definite noun outside quotation marks is
given the figure (``cast``) that it means, or none, so that a chain of pronouns is followed link by link. In play are
the names, nouns for one person and pronouns of the same paragraph and the one before, at most six sentences back.
Words inside quotation marks are another's view: nobody named there comes into play, and no pronoun there is read.
A pronoun before its name is left open, and so is every case in which two remain. A wrong speaker is worse than none.

The rules stand in ``resources/reference_rules.csv``, each with what it means and how often it was right.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from pipeline import resources
from pipeline.extract.reference.nouns import body_of, person_of
from pipeline.extract.reference.pronouns import he_or_she, it_or_they
from pipeline.extract.reference.scene import Answer, Scene, Seen

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.nlp.passages import Article, Row


@functools.cache
def confidences() -> dict[str, str]:
    """Rule -> its confidence."""
    return {row["rule"]: row["confidence"] for row in resources.rows("reference_rules.csv")}


def resolve(article: Article, mentions: Sequence[Row], quotes: Sequence[Row]) -> None:
    """Give ``quotes`` whose speaker is a pronoun or a bare noun the mention of who that is, in place.

    The mention is the last before the speaker that names the figure. Where none is found, ``unresolved_reason`` says
    why. The words, span and basis of the speaker stay as they are.
    """
    open_ = [q for q in quotes if q.get("speaker") and not q.get("speaker_mention_id")]
    if not open_:
        return
    answers = {one.begin: (one, answer) for one, answer in read(article, mentions, quotes)}
    for row in open_:
        start, end = row["speaker_start"], row["speaker_end"]
        one, answer = answers.get(start, (None, None))
        if one is None or answer is None or not one.fills(article.clean_text[start:end]):
            continue
        if answer.figure is None or answer.rule is None:
            row["unresolved_reason"] = answer.reason
        elif named := answer.figure.named_before(start):
            row["speaker_mention_id"], row["unresolved_reason"] = named["mention_id"], None
            row["speaker_rule"], row["speaker_confidence"] = answer.rule, confidences()[answer.rule]


def read(article: Article, mentions: Sequence[Row], quotes: Sequence[Row]) -> Iterator[tuple[Seen, Answer]]:
    """The answer for every third-person pronoun and every noun for one person or body, in text order."""
    scene = Scene(article, mentions, quotes)
    for one in scene.read():
        if one.kind == "name" or one.quoted:
            continue
        if one.noun:
            answer = (body_of if one.kind == "body" else person_of)(one, one.noun, scene)
        elif one.gender:
            answer = he_or_she(one, scene)
        elif one.speaks:
            answer = it_or_they(one, scene)
        else:
            continue
        one.figure = answer.figure
        yield one, answer
