"""Whether the statement about a number is denied, uncertain, alleged, conditional or still to come.

Read from the parse (UD labels): from the word that says what befell the counted, or from the number, up through the
verbs that govern it. Each verb on the way speaks with its own auxiliaries and adverbs; one that takes the rest as its
complement speaks with its meaning, too ("denied that", "are feared", "plans to").
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from pipeline import resources

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc, Token

_COMPLEMENT = ("xcomp", "ccomp", "csubj", "csubj:pass")
_SUBJECT = ("nsubj", "nsubj:pass", "nsubjpass", "expl")


@functools.cache
def _colour(name: str) -> frozenset[str]:
    table: dict[str, Any] = resources.toml("event_phrases.toml")["colour"]
    return frozenset(table[name])


def _is_predicate(token: Token) -> bool:
    return token.tag_.startswith("V") or any(child.dep_ == "cop" for child in token.children)


def _chain(anchor: Token) -> Iterator[tuple[Token, str, bool]]:
    """The predicates over ``anchor``, nearest first.

    Each comes with the relation that leads to it from below, and whether its own auxiliaries and adverbs hold for what
    is below.
    """
    token, relation, own = anchor, "", True
    for _ in range(14):
        if _is_predicate(token):
            yield token, relation, own
            if token.dep_ in ("acl", "acl:relcl", "relcl", "advcl") and not _of_doing(token):
                return
            relation = "xcomp" if token.dep_ in ("acl", "advcl") and token.tag_ == "VB" else token.dep_
            own = relation == "xcomp" or (token.dep_ == "conj" and not _finite(token))
        elif not relation or relation not in (*_COMPLEMENT, "conj"):
            relation = token.dep_
        if token.head.i == token.i:
            return
        token = token.head


def _of_doing(token: Token) -> bool:
    """Whether the clause completes the word over it: what somebody is accused *of doing*, due *to be*, a claim *that*."""
    marks = {child.lower_ for child in token.children if child.dep_ == "mark"}
    over = token.head.lemma_.lower()
    return bool(
        (token.tag_ in ("VBG", "VBN") and marks & {"of", "with", "for"})
        or ("to" in marks and over in _colour("planning"))
        or ("that" in marks and over in _colour("reports"))
        or ("to" in marks and over in _colour("plans"))
    )


def _finite(token: Token) -> bool:
    """Whether the verb has a subject or auxiliary of its own, so that it shares none with the verb it is joined to."""
    return token.tag_ in ("VBD", "VBZ", "VBP") or any(
        child.dep_ in _SUBJECT or child.dep_.startswith("aux") for child in token.children
    )


def _words(predicate: Token) -> set[str]:
    """Auxiliaries, adverbs and marks of one predicate, as written but for "n't" (the month of May is no "may")."""
    return {
        child.text.replace("’", "'") if child.tag_ == "MD" else child.lower_.replace("’", "'")
        for child in predicate.children
        if child.dep_.startswith("aux") or child.dep_ in ("advmod", "mark", "neg", "det", "cc:preconj")
    }


def _conditional(predicate: Token) -> bool:
    """Whether an "if" clause hangs on the predicate, or the predicate stands in one."""
    if any(child.dep_ == "mark" and child.lower_ in _colour("condition") for child in predicate.children):
        return True
    for child in predicate.children:
        if child.dep_ == "advcl":
            first = min(child.subtree, key=lambda t: t.i)
            marked = any(t.dep_ == "mark" and t.lower_ in _colour("condition") for t in child.children)
            if marked or (first.lower_ in ("had", "were", "should") and first.head.i == child.i and first.i < child.i):
                return True
    return False


def modality_of(doc: Doc, anchor: Token, number: tuple[int, int]) -> str:
    """certain, possible, alleged, conditional or future: of the statement around ``anchor``.

    Args:
        doc: the passage.
        anchor: the word that says what befell the counted; the head of the number's expression where there is none.
        number: first token of the number's expression and one past its last.
    """
    beside = [t.lower_ for t in doc[max(anchor.sent.start, number[0] - 2) : number[1]]]
    found: set[str] = set()
    if number[0] and doc[number[0] - 1].lower_ == "from":
        return "certain"  # what it was before
    of_the = number[0] > 1 and doc[number[0] - 2].lower_ == "of" and doc[number[0] - 1].tag_ in ("DT", "PRP$", "POS")
    if of_the and number[0] <= anchor.i < number[1]:
        return "certain"  # "85 of its 230 branches": there are so many
    if any(
        c.dep_ == "acl" and c.lemma_.lower() in _colour("claiming")
        for t in doc[number[0] : number[1]]
        for c in t.children
    ):
        return "alleged"
    for predicate, relation, own in _chain(anchor):
        lemma = predicate.lemma_.lower()
        words = _words(predicate) if own else set()
        if own and relation != "mark" and _conditional(predicate):
            found.add("conditional")
        governs = relation in _COMPLEMENT
        if own and relation in ("", "nsubj:pass", "nsubj") and _is_to_be(predicate):
            found.add("future")
        if words & _colour("will"):
            found.add("future")
        if "would" in words:
            found.add("would")
        if words & _colour("possible"):
            found.add("possible")
        if words & _colour("alleged"):
            found.add("alleged")
        if governs or (relation in ("obl", "advcl", "nmod") and lemma in _colour("accusing")):
            if lemma in _colour("planning"):
                found.add("possible" if lemma == "threaten" and _of_things(predicate) else "future")
                found.discard("would")
            elif lemma in _colour("claiming") or (lemma in _colour("accusing") and not _is_subject(anchor, predicate)):
                found.add("alleged")
            elif lemma in _colour("fearing"):
                found.add("possible")
            elif "would" in found and lemma in _colour("announcing") and predicate.i < anchor.i:
                found.add("future")
                found.discard("would")
            elif lemma == "say" and relation == "xcomp":
                found.add("alleged")
        wanted = anchor.dep_ == "obj" and anchor.head.i == predicate.i and anchor.tag_.startswith("NN")
        if wanted and lemma in _colour("planning") and lemma not in ("set", "go", "order"):
            found.add("future")  # "demanded the release of 12"
        if any(_unsure(child) for child in predicate.children if child.dep_ in ("nsubj", "obl", "nsubj:pass")):
            found.add("alleged")
        if predicate.i == anchor.i and lemma in _colour("ordering") and _orders(predicate):
            found.add("future")
        if own and lemma in _colour("fearing") and any(child.dep_ == "aux:pass" for child in predicate.children):
            found.add("possible")
    over = anchor
    for _ in range(4):
        if over.tag_.startswith("NN") and over.lemma_.lower() in _colour("plans") and over.i < number[0]:
            found.add("future")
        if over.tag_.startswith("NN") and over.i < number[0] and _unsure(over):
            found.add("alleged")
        over = over.head
    noun = {child.lower_ for t in doc[number[0] : number[1]] for child in t.children if child.dep_ == "amod"}
    if noun & _colour("suspected"):
        found.add("possible")
    if noun & _colour("alleged") or {"allegedly", "reportedly"} & set(beside):
        found.add("alleged")
    if set(beside) & _colour("perhaps"):
        found.add("possible")
    if "would" in found:
        found.add("conditional")
    return next((name for name in ("conditional", "future", "alleged", "possible") if name in found), "certain")


def _unsure(noun: Token) -> bool:
    """Whether an adjective says that the noun is only claimed: "unconfirmed reports", "the alleged murder"."""
    return any(child.dep_ == "amod" and child.lower_ in _colour("alleged") for child in noun.children)


def _is_to_be(predicate: Token) -> bool:
    """Whether something "is to" happen."""
    words = {child.lower_ for child in predicate.children if child.dep_.startswith(("aux", "mark", "cop"))}
    return predicate.tag_ in ("VB", "VBN") and "to" in words and bool(words & {"is", "are", "was", "were"})


def _of_things(predicate: Token) -> bool:
    """Whether the subject is no one who could plan: "the flood threatens to"."""
    return any(
        child.dep_ == "nsubj" and child.tag_ == "NN" and child.lemma_ in _colour("perils")
        for child in predicate.children
    )


def _orders(predicate: Token) -> bool:
    return any(child.dep_ in ("xcomp", "ccomp", "advcl") and child.tag_ == "VB" for child in predicate.children)


def _is_subject(anchor: Token, predicate: Token) -> bool:
    """Whether the way from ``anchor`` up to ``predicate`` ends in its subject."""
    token = anchor
    while token.head.i not in (token.i, predicate.i):
        token = token.head
    return token.dep_ in (*_SUBJECT, "csubj")


def is_denied(doc: Doc, anchor: Token, number: tuple[int, int], event: tuple[int, int] | None) -> bool:
    """Whether the statement around ``anchor`` is said not to be so; ``event`` are the tokens that name the event."""
    first = number[0]
    lead = [t.lower_ for t in doc[max(anchor.sent.start, first - 4) : first]]
    if "neither" in lead[-4:]:
        return True
    for predicate, relation, own in _chain(anchor):
        words = _words(predicate) if own else set()
        lemma = predicate.lemma_.lower()
        if own and event and words & _colour("negation"):
            nots = [c for c in predicate.children if c.lower_ in _colour("negation") and not event[0] <= c.i < event[1]]
            return bool(nots) and not _double(predicate)
        if relation in _COMPLEMENT or (relation in ("obj", "obl", "nmod") and lemma in ("deny", "reject", "dispute")):
            if lemma in ("deny", "reject", "dispute", "refute") or (
                lemma in ("refuse", "fail", "decline") and relation == "xcomp"
            ):
                return True
            if lemma == "true" and _words(predicate) & _colour("negation"):
                return True
        if (
            lemma in _colour("false")
            and _is_subject(anchor, predicate)
            and not _words(predicate) & _colour("negation")
            and predicate.tag_[:1] == "J"
        ):
            return True
    return False


def _double(predicate: Token) -> bool:
    """Whether "not" says "not only" or stands with a comparison: "did not kill only 12" denies no killing."""
    for child in predicate.children:
        if child.lower_ in ("not", "n't") and child.i + 1 < len(child.doc) and child.nbor().lower_ in ("only", "just"):
            return True
    return False
