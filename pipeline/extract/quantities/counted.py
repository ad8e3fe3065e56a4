"""What a number counts: the noun behind it, its unit and demographic group.

Leans on word order and tags rather than on heads, so that a wrong parse costs little; the lists of
``resources/counted.csv`` overrule the tags.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline import resources
from pipeline.extract.quantities.numbers import words

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_NOUNS = ("NN", "NNS", "NNP", "NNPS")
_MODIFIERS = ("JJ", "JJR", "JJS", "VBN", "VBG", "HYPH", "AFX", "FW")
_ADDED = ("more", "additional", "further")
_PRONOUNS = ("them", "whom", "those", "these", "which", "us", "you", "others")


@dataclass(frozen=True)
class Counted:
    """The counted noun phrase: tokens ``first:last`` of the Doc, the head at ``head``.

    ``pronoun`` is "them", "whom", "others", ... where the noun is to be looked up in what came before.
    """

    first: int
    last: int
    head: int
    text: str
    lemma: str
    unit: str | None
    demographic: str | None
    listed: bool
    partitive: bool = False
    pronoun: str | None = None


@functools.cache
def _words(name: str) -> frozenset[str]:
    return frozenset(words()["nouns"][name])


@functools.cache
def _groups() -> dict[str, str]:
    """The group that an adjective names where the noun names none: "12 civilian victims"."""
    return dict(words()["nouns"]["groups"])


@functools.cache
def _listed() -> tuple[dict[str, tuple[str, str, str]], dict[str, str]]:
    nouns: dict[str, tuple[str, str, str]] = {}
    plurals: dict[str, str] = {}
    for row in resources.rows("counted.csv"):
        nouns.setdefault(row["noun"], (row["noun"], row["unit"], row["demographic"]))
        plurals.setdefault(row["plural"] or f"{row['noun']}s", row["noun"])
    return nouns, plurals


def singular(token: Token) -> str:
    """The singular of a noun, lower case: from the list, else from the model, else by its ending."""
    word: str = token.text.lower().replace("’", "'").removesuffix("'")
    nouns, plurals = _listed()
    if word in plurals:
        return plurals[word]
    if word in nouns:
        return word
    lemma: str = token.lemma_.lower() if token.tag_.startswith("NN") else ""
    if lemma and lemma != word:
        return lemma
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if re.search(r"(?:s|x|ch|sh)es$", word):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


_GLUED = re.compile(
    r"(people|family|families|household|house|home)s?"
    r"(?:and|are|at|between|by|could|during|from|had|has|have|in|of|on|since|to|was|were|who|will|would)"
)
"""A noun that lost the space behind it, as text copied out of a report does: "peoplebetween"."""


def look_up(doc: Doc, i: int) -> tuple[str, str, str] | None:
    """Lemma, unit and demographic group of the listed noun that ends at token ``i``, of two words if it can be."""
    nouns = _listed()[0]
    lemma = singular(doc[i])
    if i and (pair := nouns.get(f"{doc[i - 1].text.lower()} {lemma}")):
        return pair
    glued = _GLUED.fullmatch(doc[i].lower_)
    return nouns.get(lemma) or (
        nouns.get({"people": "person", "families": "family"}.get(glued[1], glued[1])) if glued else None
    )


def find_numbered(doc: Doc, text: str, position: int, starts: list[int]) -> Counted | None:
    """The noun of "the number of displaced people rose to 12": what stands before the number that counts it."""
    near = text[max(0, position - 160) : position]
    left = position - len(re.split(r"[.;!?]\s", near)[-1])
    m = _NUMBER_OF.search(text[left:position])
    if not m and (numbering := _NUMBERING.search(text[left:position])):
        head = bisect_left(starts, left + numbering.start()) - 1
        return _counted(doc, head, head + 1, head, partitive=False) if head >= 0 and look_up(doc, head) else None
    if not m:
        return _subject(doc, bisect_left(starts, position))
    i = bisect_left(starts, left + m.end(1))
    found = _phrase(doc, i, plural=True) if i < len(doc) else None
    return _counted(doc, i, found[0], found[1], partitive=False) if found else None


def _subject(doc: Doc, i: int) -> Counted | None:
    """The listed plural noun before a verb of amount that ends at token ``i``: "casualties were", "arrests numbered"."""
    while i > 0 and (doc[i - 1].lower_ in _words("amount_between") or doc[i - 1].text == ":"):
        i -= 1
    if i == 0 or i >= len(doc) or not (doc[i].text == ":" or doc[i].lower_ in _words("amounts")):
        return None
    head = i - 1
    if doc[head].tag_ not in ("NNS", "NNPS") or not look_up(doc, head):
        return None
    return _counted(doc, head, head + 1, head, partitive=False)


_NUMBERING = re.compile(
    r",\s+(?:numbering|totalling|totaling)\s+(?:(?:about|around|some|nearly|over|at\s+least|more\s+than)\s+)*$"
)
_NUMBER_OF = re.compile(
    r"(?i)\b(number\s+of\s+(?:such\s+|the\s+|all\s+)?)(?=\w)(?:(?!number\s+of\b)[^.;:]){1,120}?(?:\b(?:is|was|as|at|to|reached|reaches|exceeded|exceeds|hit|now|be|passed|topped)|:)\s+(?:(?:now|about|around|nearly|almost|some|over|more\s+than|at\s+least)\s+)*$"
)


def find_counted(
    doc: Doc, text: str, position: int, value: float | None, starts: list[int], *, share: bool = False
) -> Counted | None:
    """The noun phrase that a number ending at character ``position`` of the Doc counts, or None."""
    i = bisect_left(starts, position)
    if i >= len(doc):
        return None
    hyphen = doc[i].text in ("-", "‑", "–") and doc[i].idx == position
    if hyphen:
        i += 1
        if i < len(doc) and doc[i].tag_ in _NOUNS and not doc[i].whitespace_.strip():
            return _counted(doc, i, i + 1, i, partitive=False)
    while i < len(doc) and doc[i].lower_ in _ADDED:
        i += 1
    if i + 1 < len(doc) and doc[i].text in ("”", '"') and doc[i].whitespace_ and doc[i + 1].tag_ in (*_NOUNS, "JJ"):
        i += 1  # “no fewer than 12” officers
    if i >= len(doc) or "\n" in text[position : doc[i].idx]:
        return None
    partitive = False
    if doc[i].lower_ in ("others", "more"):
        return Counted(i, i + 1, i, doc[i].text, "other", None, None, listed=False, pronoun="others")
    if doc[i].lower_ == "of" and i + 1 < len(doc):
        partitive, i = True, i + 1
        while (
            i < len(doc)
            and (
                doc[i].tag_ in ("DT", "PRP$", "PDT")
                or doc[i].lower_ in ("the", "its", "their", "his", "her", "our", "all")
            )
            and doc[i].lower_ not in _PRONOUNS
        ):
            i += 1
        if i + 1 < len(doc) and doc[i].lower_ in ("these", "those") and doc[i + 1].tag_ in ("NNS", "NNPS"):
            i += 1
        if i < len(doc) and doc[i].lower_ in _PRONOUNS and doc[i].text != "US":
            return Counted(
                i, i + 1, i, doc[i].text, doc[i].lower_, None, None, listed=False, partitive=True, pronoun=doc[i].lower_
            )
    elif share and doc[i].tag_ in ("DT", "PRP$"):
        i += 1
    if (
        partitive
        and i < len(doc)
        and doc[i].lower_ in _words("states")
        and (i + 1 >= len(doc) or doc[i + 1].tag_ not in _NOUNS)
    ):
        return Counted(i, i + 1, i, doc[i].text, "", "person", None, listed=True, partitive=True)
    if i >= len(doc):
        return None
    found = _phrase(doc, i, plural=not hyphen and value != 1 and not share, partitive=partitive)
    if not found:
        return None
    last, head = found
    return _counted(doc, i, last, head, partitive=partitive)


def find_group(doc: Doc, i: int, *, beside: bool) -> str | None:
    """The demographic group that the words at token ``i`` put the counted in: "were women", ", all of them minors".

    ``beside`` is set where the noun may stand right there, as after "70 of them".
    """
    if i < len(doc) and doc[i].text == ",":
        if not (i + 3 < len(doc) and doc[i + 1].lower_ in ("all", "both") and doc[i + 2].lower_ == "of"):
            return None
        i, beside = i + 4, True
    if i < len(doc) and doc[i].lower_ in ("are", "were", "is", "was"):
        i, beside = i + 1, True
    elif beside and i + 1 < len(doc) and doc[i].tag_ == "VBN" and doc[i + 1].lower_ in ("are", "were"):
        i += 2  # "two of those arrested were journalists"
    while i < len(doc) and doc[i].tag_ == "RB":
        i += 1
    found = _phrase(doc, i, plural=True) if beside and i < len(doc) else None
    counted = _counted(doc, i, found[0], found[1], partitive=False) if found else None
    return counted.demographic if counted and counted.listed and counted.unit == "person" else None


def _phrase(doc: Doc, i: int, *, plural: bool, partitive: bool = False) -> tuple[int, int] | None:
    """End and head of the noun phrase at token ``i``: modifiers, then nouns up to the last plural one."""
    j, head = i, None
    while j < len(doc) and j < i + 9:
        token = doc[j]
        low, tag = token.lower_, token.tag_
        if (
            j + 2 < len(doc)
            and doc[j + 1].text in ("-", "‑")
            and not token.whitespace_
            and not doc[j + 1].whitespace_
            and head is None
            and tag not in ("CD", "IN")
        ):
            j += 2  # "conflict-related", "gas-only": only the last part of a compound can be a head
            if j < len(doc) and doc[j].tag_ not in ("NNS", "NN", "NNP", "NNPS"):
                j += 1
            continue
        known = (
            not (tag.startswith("V") and head is not None)
            and low not in _words("modifiers")
            and look_up(doc, j) is not None
        )
        if j == i and low in _words("states") and not _noun_ahead(doc, j):
            break
        if head is not None and low in _words("times"):
            break
        if low in _words("modifiers") and head is None and _goes_with(doc, j):
            j += 1
            continue
        if low in _words("never") or "\n" in token.text or (token.is_punct and not token.text.strip("�")):
            break
        if token.is_space:
            j += 1
            continue
        if head is not None and doc[head].lower_ == "times":
            break
        if tag in _NOUNS or known or (low in ("police", "dead", "displaced") and tag in _NOUNS):
            if head is not None and _is_plural(doc, head):
                if (
                    tag in ("NNP", "NNPS")
                    or low in _words("times")
                    or not (tag == "NNS" or (known and (_is_plural(doc, j) or _noun_ahead(doc, j))))
                    or doc[j - 1].is_punct
                ):
                    break
            elif head is None and low in _words("times") and plural:
                break
            head = j
        elif tag in _MODIFIERS and head is None:
            if tag in ("VBG", "VBN") and not _noun_ahead(doc, j):
                break
        elif not _carries_on(doc, i, j, head, partitive=partitive):
            break
        j += 1
    if head is None:
        return None
    if (
        plural
        and head == i + 1
        and doc[i].tag_ == doc[head].tag_ == "NN"
        and not look_up(doc, head)
        and doc[i].lower_ not in _words("times")
    ):
        head = i  # "a 12 page document": the pages are counted
    token = doc[head]
    if plural and token.tag_ in ("NNP", "NN") and not look_up(doc, head) and not token.lower_.endswith("s"):
        unit = head == i and token.is_upper and 1 < len(token) < 5 and not token.ent_type_  # "0.5 WAR", "9 GPUs"
        if token.tag_ == "NNP" and not unit and not _people_name(token):
            return None
        if token.lower_ in _words("times"):
            return None
    if plural and token.tag_ == "NN" and not look_up(doc, head) and doc[i].tag_ in ("VBN", "VBD") and i < head:
        return None  # "37 described misery"
    last = head + 1
    if (
        last + 1 < len(doc)
        and doc[last].lower_ in ("and", "or", "&")
        and _is_plural(doc, last + 1)
        and look_up(doc, head)
        and look_up(doc, last + 1)
    ):
        last += 2
    return last, head


def _goes_with(doc: Doc, j: int) -> bool:
    """Whether the word at ``j``, noun or adjective, goes with a noun behind it: "gay men", "gay and bisexual men"."""
    if j + 2 < len(doc) and doc[j + 1].lower_ in ("and", "or", ","):
        return doc[j + 2].tag_[:1] in ("J", "V") and _noun_ahead(doc, j + 2)
    return (
        j + 1 < len(doc)
        and doc[j + 1].tag_ in (*_NOUNS, *_MODIFIERS)
        and (doc[j + 1].tag_ in _NOUNS or _noun_ahead(doc, j + 1))
    )


def _carries_on(doc: Doc, i: int, j: int, head: int | None, *, partitive: bool) -> bool:
    """Whether token ``j``, neither noun nor modifier, may stand inside the noun phrase that began at ``i``."""
    token, following = doc[j], doc[j + 1].tag_ if j + 1 < len(doc) else ""
    low, tag = token.lower_, token.tag_
    if tag == "HYPH":
        return True
    if head is not None:
        slash = low in ("-", "/") and not token.whitespace_ and not doc[head].whitespace_
        return slash or (tag == "POS" and following in _NOUNS)
    if tag == "RB":
        return following in ("VBN", "JJ", "VBG")
    if low in ("and", "or", ","):
        adjective = j > i and (doc[j - 1].tag_.startswith("J") or doc[j - 1].lower_ in _words("modifiers"))
        paired = adjective and following[:1] in ("J", "V")
        return paired and _noun_ahead(doc, j + 1)
    return tag == "CD" and (j > i or partitive) and _noun_ahead(doc, j)


def _noun_ahead(doc: Doc, j: int) -> bool:
    """Whether a noun follows a participle or adjective within three words, with nothing but modifiers between."""
    for k in range(j + 1, min(j + 4, len(doc))):
        if doc[k].tag_ in _NOUNS and doc[k].lower_ not in _words("times") and doc[k].tag_ != "NNP":
            return True
        if doc[k].tag_ not in (*_MODIFIERS, "RB", "CC", ","):
            return False
    return False


def _is_plural(doc: Doc, i: int) -> bool:
    word = doc[i].text.lower()
    nouns, plurals = _listed()
    return (
        doc[i].tag_ in ("NNS", "NNPS")
        or (word in plurals and word != "police")
        or (word in nouns and word.endswith("s"))
    )


def _people_name(token: Token) -> bool:
    """Whether the word names a people: "Afghans", "South Sudanese"."""
    return token.ent_type_ == "NORP" or bool(re.search(r"[A-Z]\w+(?:ans|ese|ians|is)$|^Rohingya", token.text))


def _counted(doc: Doc, first: int, last: int, head: int, *, partitive: bool) -> Counted:
    while first < head and doc[first].tag_ == "CD":
        first += 1
    text: str = doc[first:last].text
    listed = look_up(doc, head)
    if listed:
        lemma, unit, group = listed
        if doc[head].lower_.startswith("people"):
            lemma = "people"
        if unit == "person" and group in ("", "workers"):
            named = (_groups().get(doc[i].lower_) for i in range(first, head))
            group = next((g for g in named if g and (not group or g == "civilians")), group)
        second = look_up(doc, last - 1) if last - 1 > head else None
        if second and second[2] != group:
            group = f"{group} and {second[2]}" if group and second[2] else ""
        return Counted(
            first, last, head, text, lemma.split()[-1], unit or lemma, group or None, listed=True, partitive=partitive
        )
    lemma = singular(doc[head])
    unit = "person" if _people_name(doc[head]) else lemma
    return Counted(first, last, head, text, lemma, unit, None, listed=False, partitive=partitive)
