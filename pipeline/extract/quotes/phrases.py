"""Noun phrases by word order and tags: the one that begins at a token, the one that ends before a token.

A phrase is a pair of tokens of one paragraph: its first, and one past its last.
"""

from __future__ import annotations

import re

from pipeline.extract.mentions import title_words
from pipeline.extract.quotes.paragraph import FINITE, NOUN, Paragraph

Tokens = tuple[int, int]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PRONOUNS = _words("he she they i we it you one someone everyone many some others both few another")
AUXILIARY = _words("has have had 've ’ve 'd ’d is was were are been be does did do will would 'll ’ll also then")
_DAYS = _words("monday tuesday wednesday thursday friday saturday sunday today yesterday")
_MONTHS = _words("january february march april june july august september october november december")
TIMES = _DAYS | _MONTHS | _words("week month year night morning afternoon evening weekend")
_YEAR = re.compile(r"(?:19|20)\d\d")
_PREMODIFIER = {"DT", "PDT", "PRP$", "JJ", "JJR", "JJS", "CD", "VBN", "VBG", "RB", "$", "NFP", "FW", "ADD"}
_WHERE = _words("in at from near outside inside around across throughout")
_PLACE = {"GPE", "LOC", "FAC"}
_FARTHEST = 16
"""Most tokens of a noun phrase that is looked for backwards."""


def phrase_from(here: Paragraph, i: int, last: int) -> Tokens | None:
    """The short noun phrase that begins at token ``i``, within ``last``; None if none does."""
    doc = here.doc
    if i >= last or here.quoted[i] >= 0 or doc[i].text.isspace():  # white space may be tagged as a noun
        return None
    quantifier = doc[i].lower_ in PRONOUNS and not _noun_at(here, i + 1, last)
    if doc[i].tag_ in {"PRP", "WP"} or (quantifier and not (i + 1 < last and doc[i + 1].lower_ == "of")):
        return (i, i + 1)
    if doc[i].tag_ in {"VBG", "VBN", "RB", "POS", "HYPH"} and not here.named[i]:
        return None
    end: int | None = i + 1 if quantifier else _plain_phrase(here, i, last)
    if end is None:
        return None
    while (longer := _attached(here, end, last)) is not None:
        end = longer
    return (i, end)


def _noun_at(here: Paragraph, k: int, last: int) -> bool:
    return k < last and (here.named[k] != "" or here.doc[k].tag_ in NOUN | {"JJ"})


def _attached(here: Paragraph, k: int, last: int) -> int | None:
    """One past what token ``k`` attaches to the phrase that ends there: "of the party", "and his wife"."""
    doc = here.doc
    if k + 1 >= last or here.quoted[k] >= 0:
        return None
    word, after_name = doc[k].lower_, doc[k - 1].tag_.startswith("NNP")
    if word in {"of", "for"} or (word in {"at", "in", "from", "with", "on", "to"} and not after_name):
        return _plain_phrase(here, k + 1, last)
    if word in {"and", "&"} and doc[k + 1].tag_ != "PRP":
        end = _plain_phrase(here, k + 1, last)
        new_clause = end is not None and end < last and doc[end].tag_ in FINITE and not after_name
        return None if new_clause else end
    if word in {"named", "called"} and doc[k + 1].tag_.startswith("NNP"):
        return _plain_phrase(here, k + 1, last)
    return None


def _plain_phrase(here: Paragraph, i: int, last: int) -> int | None:
    """One past a plain noun phrase that begins at ``i``: determiners, adjectives, nouns, possessives."""
    doc, k, nouns = here.doc, i, 0
    while k < last and here.quoted[k] < 0:
        token = doc[k]
        in_name = nouns and token.is_title and doc[k - 1].tag_.startswith("NNP")
        if token.tag_ in NOUN or here.named[k] or (token.tag_ == "CD" and nouns == 0):
            if nouns and token.lower_ in _DAYS:
                break
            nouns += 1
        elif in_name and token.tag_ in {"JJ", "RB", "CD", "JJS"}:
            nouns += 1
        elif not _premodifies(here, k, last, begun=nouns > 0):
            close = _closing_bracket(here, k, last)
            if close is None:
                break
            k = close
        k += 1
    while k > i and (doc[k - 1].tag_ in {"POS", "HYPH"} and doc[k - 1].text not in {"'", "’"}):
        k -= 1
    return k if nouns and k > i else None


def _premodifies(here: Paragraph, k: int, last: int, *, begun: bool) -> bool:
    """Whether token ``k`` may stand before a noun of its phrase; with ``begun``, a noun stands before it, too."""
    token, before = here.doc[k], here.doc[k - 1]
    if token.tag_ in {"POS", "HYPH", "AFX"} or token.text in {"-", "’s", "'s", "&"}:
        return True
    if token.text == ".":
        return k > 0 and before.lower_ in title_words()["rank"]
    if begun and before.tag_ not in {"POS", "HYPH"}:
        return token.tag_ == "JJ" and k + 1 < last and here.doc[k + 1].tag_ in NOUN
    return token.tag_ in _PREMODIFIER


def _closing_bracket(here: Paragraph, k: int, last: int) -> int | None:
    """The bracket that closes one at ``k``, at most three words on: "(SLA)"."""
    if here.doc[k].text != "(" or k + 2 >= last:
        return None
    return next((m for m in range(k, min(k + 5, last)) if here.doc[m].text == ")"), None)


def phrase_before(here: Paragraph, end: int, first: int) -> Tokens | None:
    """The noun phrase that ends right before token ``end`` (auxiliaries and adverbs skipped), from ``first`` on."""
    doc, k = here.doc, _before_auxiliaries(here, end, first)
    if k <= first or here.quoted[k - 1] >= 0:
        return None
    word = doc[k - 1]
    if word.lower_ in {"who", "which", "that"} and k - 1 > first:
        comma = doc[k - 2].text == ","
        return phrase_before(here, k - 2 if comma else k - 1, first)
    if word.tag_ == "PRP":
        return (k - 1, k) if word.lower_ not in {"him", "her", "them", "me", "us"} else None
    if word.text in {",", ")"}:
        return _before_apposition(here, k - 1, first)
    best = _longest_phrase(here, k, first)
    if best is None or not any(word.is_alpha for word in doc[best:k]):
        return None
    if best > first + 1 and doc[best - 1].tag_ == "VBG" and doc[best - 2].tag_ in NOUN:
        return phrase_before(here, best - 1, first) or (best, k)  # "a man resembling him": the man
    if best > first and doc[best - 1].lower_ in _WHERE and _only_a_place(here, best, k):
        head = _longest_phrase(here, best - 1, first)  # "the report of Dr Weber in Lindau": the report
        timed = head is None or any(word.lower_ in TIMES for word in doc[head : best - 1])
        return None if head is None or timed else (head, k)
    return (best, k)


def _only_a_place(here: Paragraph, first: int, last: int) -> bool:
    return all(here.named[k] in _PLACE or here.doc[k].tag_ == "DT" for k in range(first, last))


def _before_auxiliaries(here: Paragraph, end: int, first: int) -> int:
    """One past the last token before ``end`` that is no auxiliary, adverb or time ("on 2 May", "last week")."""
    doc, k = here.doc, end
    while k > first and here.quoted[k - 1] < 0 and not here.named[k - 1]:
        word = doc[k - 1].lower_
        year = _YEAR.fullmatch(word)
        if doc[k - 1].tag_ in {"RB", "RBR", "MD", "TO"} or word in AUXILIARY or word == "all":
            k -= 1
        elif word in TIMES or year or (word.isdigit() and doc[k - 2].lower_ in TIMES | {"may"}):
            k -= 2 if word.isdigit() and not year else 1
            while k > first + 1 and (doc[k - 1].tag_ in {"CD", "DT", "JJ", "RB"} or doc[k - 1].lower_ in TIMES):
                k -= 1
            if k > first + 1 and doc[k - 1].lower_ in {"on", "in", "at", "since", "during", "by"}:
                k -= 1
        else:
            break
    return k


def _longest_phrase(here: Paragraph, end: int, first: int) -> int | None:
    """The first token of the longest noun phrase that ends at ``end``."""
    doc, best = here.doc, None
    for k in range(end - 1, max(first, end - _FARTHEST) - 1, -1):
        if here.quoted[k] >= 0 or doc[k].text in {",", ";", ":", "—", "–"}:
            break
        if doc[k].lower_ == "that" and k + 1 < end and doc[end - 1].tag_ in {"NNS", "NNP", "NNPS"}:
            break
        phrase = phrase_from(here, k, end)
        if phrase is not None and phrase[1] == end:
            before = doc[k - 1] if k > first else None
            loose = before is not None and before.tag_ == "IN" and before.lower_ not in {"of", "for"}
            if loose and best is not None and doc[best].tag_ in {"DT", "PRP$"}:
                break  # "in a statement the group": the group
            best = k
        elif doc[k].tag_ in FINITE or doc[k].tag_ in {"VBG", "VB", "WDT", "WP", "WRB"}:
            break
    return best


def _before_apposition(here: Paragraph, comma: int, first: int) -> Tokens | None:
    """The subject in "Subject, a so-and-so, said"; its second comma stands at ``comma``."""
    k = comma - 1
    while k > first and not (here.doc[k].text in {",", "("} or here.quoted[k] >= 0):
        k -= 1
    if k <= first or here.doc[k].text not in {",", "("}:
        return None
    phrase = phrase_before(here, k, first)
    return phrase if phrase is None or here.doc[phrase[0]].tag_ != "IN" else None
