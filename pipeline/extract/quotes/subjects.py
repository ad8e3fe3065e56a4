"""Who a cue's words come from: its subject by word order, checked against the parse, and who was told."""

from __future__ import annotations

from pipeline.extract.quotes.paragraph import BE, FINITE, NOUN, Frame, Paragraph
from pipeline.extract.quotes.phrases import AUXILIARY, TIMES, Tokens, phrase_before, phrase_from
from pipeline.extract.quotes.speech import ACCORDING, Cue, Verb

_DESCRIBING = {"nmod", "acl", "acl:relcl", "prep", "relcl"}
_PARTING = ("V", "W", "MD", ",", ":", "-LRB-")
"""Tags of verbs, relative pronouns and marks: what follows one is no longer the same short phrase."""


def subject(here: Paragraph, cue: Cue, frame: Frame) -> Tokens | None:
    """The speaker of ``cue`` by word order, checked against the parse: tokens, or None."""
    doc = here.doc
    if cue.verb is ACCORDING:
        return phrase_from(here, cue.last + 1, frame.last)
    token, before = doc[cue.first], doc[cue.first - 1] if cue.first > frame.first else None
    participle = token.tag_ == "VBG" or token.lower_.endswith("ing")
    if not (participle and before is not None and (before.text == "," or before.tag_ == "IN")):
        phrase = phrase_before(here, cue.first, frame.first)
        if phrase is not None:
            if cue.verb.kind != "speech" and before is not None and before.lower_ in {"which", "that"}:
                return None
            return _clipped(here, cue, headed(here, cue.first, phrase, frame.first))
        if (phrase := _parsed_subject(here, cue, frame)) is not None:
            return phrase
        if before is None or not (participle or before.lower_ in {"and", "but", "to", "or", "then"}):
            return None
    return _shared_subject(here, cue, frame, participle=participle)


def _shared_subject(here: Paragraph, cue: Cue, frame: Frame, *, participle: bool) -> Tokens | None:
    """The subject of another verb of the frame: "X left, saying ...", "X said ... but added ..."."""
    doc, parsed = here.doc, here.passage.doc[cue.first]
    joined = parsed.head.i if parsed.dep_ == "conj" else -1
    verbs = [k for k in range(frame.first, cue.first) if doc[k].tag_ in FINITE and here.quoted[k] < 0]
    if not participle:  # "X said ... but added": of the verbs of the same form the one it is joined to, or the nearest
        verbs.sort(key=lambda k: (doc[k].tag_ != doc[cue.first].tag_, k != joined, -k))
    elif cue.first > frame.first and doc[cue.first - 1].tag_ == "IN":  # "X was criticised for saying"
        verbs.reverse()
    for k in verbs:
        if phrase := phrase_before(here, k, frame.first):
            return headed(here, k, phrase, frame.first)
    return None


def _parsed_subject(here: Paragraph, cue: Cue, frame: Frame) -> Tokens | None:
    """The subject that the parse gives a cue: "A man who asked not to be named said"."""
    for child in here.passage.doc[cue.first].children:
        left = child.left_edge.i
        if child.dep_ in {"nsubj", "nsubj:outer"} and frame.first <= left <= child.i < cue.first:
            return phrase_from(here, left, cue.first)
    return None


def _clipped(here: Paragraph, cue: Cue, phrase: Tokens) -> Tokens:
    """``phrase`` cut to the parsed subject when that begins inside it: "In May the group" -> "the group"."""
    for child in here.passage.doc[cue.first].children:
        left, closes = child.left_edge.i, child.i == phrase[1] - 1 and not child.is_space
        if child.dep_.startswith("nsubj") and closes and phrase[0] < left < phrase[1]:
            return (left, phrase[1])
    return phrase


def headed(here: Paragraph, verb: int, phrase: Tokens, first: int) -> Tokens:
    """``phrase``, or the subject that it only describes: "the man who met Ann Smith said" -> "the man".

    What hangs on the subject by a preposition alone stays with it: "a study by Ann Smith".
    """
    for child in here.passage.doc[verb].children:
        left, noun = child.left_edge.i, child.i
        if not (child.dep_.startswith("nsubj") and first <= left <= noun < phrase[0] and child.right_edge.i < verb):
            continue
        head = phrase_from(here, left, verb)
        if head is None or not noun < head[1] <= phrase[0] or here.doc[head[1] - 1].tag_ == "JJ":
            continue
        if here.doc[noun].tag_ in NOUN and here.doc[noun].lower_ not in TIMES and _describes(here, phrase, noun):
            between = [word.tag_ for word in here.doc[head[1] : phrase[0]]]
            joined = set(between) <= {"JJ", "VBN"} or not any(tag.startswith(_PARTING) for tag in between)
            return (left, phrase[1]) if joined else _named_after(here, phrase, noun, verb) or head
    return phrase


def _named_after(here: Paragraph, phrase: Tokens, noun: int, verb: int) -> Tokens | None:
    """Ann Smith in "the judge who led it, Ann Smith, found": a pronoun or name is not named once more."""
    doc, first, last = here.doc, phrase[1] + 1, verb - 1
    if here.named[noun] or not (doc[phrase[0]].tag_ == "PRP" or here.named[phrase[1] - 1]):
        return None
    if first >= last or doc[phrase[1]].text != "," or doc[last].text != "," or here.named[last - 1] != "PERSON":
        return None
    return (first, last) if all(word.tag_.startswith("NNP") for word in doc[first:last]) else None


def _describes(here: Paragraph, phrase: Tokens, noun: int) -> bool:
    """Whether the parse hangs ``phrase`` on the token ``noun`` by a preposition or in a relative clause."""
    token = here.passage.doc[phrase[0]]
    while token.head.i not in {noun, token.i}:
        token = token.head
    return token.head.i == noun and token.dep_ in _DESCRIBING


def hearer(here: Paragraph, cue: Cue, speaker: Tokens, stop: int) -> Tokens | None:
    """The cue with its hearer: "told the paper"."""
    if cue.verb.lemma not in {"tell", "inform", "assure", "remind"}:
        return None
    phrase = phrase_from(here, cue.last + 1, stop)
    if phrase is None or phrase[0] == speaker[0]:
        return None
    away = (k for k in range(*phrase) if here.doc[k].lower_ in {"on", "in", "at", "from", "with"})
    return cue.first, next(away, phrase[1])


def any_verb(here: Paragraph, frame: Frame, stop: int) -> list[Cue]:
    """The main verb of words that end in a colon, when it is no verb of saying: "She scolded him:"."""
    for k in range(frame.first, stop):
        word = here.doc[k]
        if word.tag_ in FINITE - {"MD"} and here.quoted[k] < 0 and word.lower_ not in BE | AUXILIARY:
            return [Cue(k, k, Verb(here.passage.doc[k].lemma_, "speech"))]
    return []
