"""Base noun phrases by the relations of Universal Dependencies, for ``doc.noun_chunks``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

_NOUNS = {"NOUN", "PROPN", "PRON"}
_ROLES = {"nsubj", "obj", "iobj", "obl", "nmod", "appos", "ROOT", "dislocated", "vocative", "list", "parataxis"}
"""Relations of a phrase's head, without what stands behind the colon."""
_BEFORE = {"det", "amod", "nummod", "compound", "nmod", "flat", "advmod", "punct"}
_AFTER = {"flat", "fixed", "compound", "goeswith"}


def noun_phrases(text: Doc | Span) -> Iterator[tuple[int, int, int]]:
    """(first token, behind the last, label) of each base noun phrase, none inside another."""
    label = text.doc.vocab.strings.add("NP")
    done = 0
    for word in text:
        if word.i < done or word.pos_ not in _NOUNS or not _heads_phrase(word):
            continue
        start, end = word.i, word.i + 1
        for child in reversed(list(word.lefts)):
            if child.dep_.split(":")[0] not in _BEFORE:
                break
            if child.dep_ != "punct":
                start = child.left_edge.i
        for child in word.rights:
            if child.left_edge.i != end or child.dep_.split(":")[0] not in _AFTER:
                break
            end = child.right_edge.i + 1
        if start >= done:
            yield start, end, label
            done = end


def _heads_phrase(word: Token) -> bool:
    while word.dep_ == "conj" and word.head.i < word.i:
        word = word.head
    role = word.dep_.split(":")[0]
    return role in _ROLES and not (role == "nmod" and word.i < word.head.i)
