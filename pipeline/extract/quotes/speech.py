"""Words of saying: the verbs and their forms, a cue in a text, and a statement on its way to a row."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline import resources

if TYPE_CHECKING:
    from pipeline.nlp.passages import Row


_DOUBLING = {"admit", "beg", "plan", "quip", "slam", "refer", "label", "dub"}
"""Verbs that double their last letter: "admitted"."""


@dataclass(frozen=True)
class Verb:
    """A verb of saying.

    ``kind`` is speech, report, belief, act or source; ``takes`` names the clauses it opens (that, wh, to);
    with ``hearer``, the person told stands right after it.
    """

    lemma: str
    kind: str
    takes: frozenset[str] = frozenset()
    hearer: bool = False


ACCORDING = Verb("according to", "source")


@dataclass(frozen=True)
class Cue:
    """A word of saying: tokens ``first``..``last`` (inclusive) of one paragraph."""

    first: int
    last: int
    verb: Verb


@dataclass
class Quote:
    """A row in the making: characters ``start``..``end`` of one paragraph; ``speaker`` and ``via`` are tokens of it.

    With ``inherits``, the attribution is that of another row; with ``continues``, also the statement is.
    """

    start: int
    end: int
    kind: str
    rule: str
    confidence: str
    balanced: bool = True
    cue: Cue | None = None
    speaker: tuple[int, int] | None = None
    via: tuple[int, int] | None = None
    reason: str = "no words of saying beside it"
    inherits: Row | None = None
    continues: str | None = None


@functools.cache
def speech_verbs() -> dict[str, Verb]:
    """Every form of every verb of saying -> what the word list knows of the verb."""
    verbs: dict[str, Verb] = {}
    for row in resources.rows("speech_verbs.csv"):
        verb = Verb(row["lemma"], row["kind"], frozenset(row["takes"].split(";")), row["hearer"] == "yes")
        for form in [*_inflected(row["lemma"]), *filter(None, row["forms"].split(";"))]:
            verbs[form] = verb
    return verbs


def _inflected(lemma: str) -> list[str]:
    """The regular forms of a verb; of a verb with a particle, the particle is kept."""
    word, _, particle = lemma.partition(" ")
    if word.endswith("e"):
        forms = [word, f"{word}s", f"{word}d", f"{word[:-1]}ing"]
    elif word.endswith("y") and word[-2] not in "aeiou":
        forms = [word, f"{word[:-1]}ies", f"{word[:-1]}ied", f"{word}ing"]
    else:
        stem = word + word[-1] if word in _DOUBLING else word
        forms = [word, f"{word}es" if word.endswith(("s", "sh", "ch")) else f"{word}s", f"{stem}ed", f"{stem}ing"]
    return [f"{form} {particle}".strip() for form in forms]
