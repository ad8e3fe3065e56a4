"""Whom an article names: its mentions gathered into figures, and what it tells of each.

Names are joined here only as far as a pronoun needs it (a surname and the full name before it, a body and its
short form); which names are one entity is for linking to say.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline import resources
from pipeline.extract.mentions import title_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc, Token

    from pipeline.nlp.passages import Article, Row

_KINDS = {"PERSON": "person", "ORG": "body", "GPE": "place", "NORP": "people"}
_NOUN = {"NN", "NNP", "NNS", "NNPS"}
_AGE_AFTER = re.compile(r",?\s*(?:\(|aged?\s+)?(\d{1,2})(?=[,.;)]|\s*$)")
_AGE_BEFORE = re.compile(r"\b(\d{1,2})[- ]year[- ]old\b[^,.;:]{0,40}$")


@functools.cache
def genders(part: str) -> dict[str, str]:
    """Words of one part (name, title, noun) -> "f" or "m"."""
    return {row["word"]: row["gender"] for row in resources.rows("genders.csv") if row["part"] == part}


@functools.cache
def same_words() -> dict[str, frozenset[str]]:
    """A noun -> the words that whoever it speaks of may have been called by, itself included."""
    return {first: frozenset({first, *others}) for first, *others in resources.toml("reference.toml")["same"]}


@dataclass(frozen=True)
class Told:
    """A description in the text: where, by which noun, and all its words in lower case."""

    position: int
    head: str
    words: frozenset[str]


@dataclass(eq=False)
class Figure:
    """One person, body, place or people of the article; ``names`` are its mentions in text order."""

    kind: str
    names: list[Row] = field(default_factory=list)
    gender: str | None = None
    told: list[Told] = field(default_factory=list)
    ages: list[tuple[int, int]] = field(default_factory=list)
    """(where, how old)"""
    unsure: set[str] = field(default_factory=set)
    """Its mentions by a bare surname that others of the article bear, too."""

    def named_before(self, position: int) -> Row | None:
        """Its last mention before ``position`` that can be no one else's."""
        before = (m for m in reversed(self.names) if m["end"] <= position)
        return next((m for m in before if m["mention_id"] not in self.unsure), None)


def gather(article: Article, mentions: Sequence[Row]) -> dict[str, Figure]:
    """mention_id -> its figure; mentions of other kinds than persons, bodies, places and peoples have none."""
    people: list[tuple[list[str], Figure]] = []
    bodies: dict[tuple[str, str], Figure] = {}
    found: dict[str, Figure] = {}
    starts = [passage.start for passage in article.passages]
    for mention in sorted(mentions, key=lambda m: (m["start"], m["end"])):
        kind = _KINDS.get(mention["label"])
        if kind is None:
            continue
        figure = _person(mention, people) if kind == "person" else _body(mention, kind, bodies)
        figure.names.append(mention)
        found[mention["mention_id"]] = figure
        passage = article.passages[bisect_right(starts, mention["start"]) - 1]
        _describe(figure, mention, passage.doc, passage.start, article.clean_text)
    bearers = Counter(words[-1] for words, _ in people)
    for _, figure in people:
        figure.gender = _gender(figure)
        figure.unsure = {m["mention_id"] for m in figure.names if len(w := _words(m)) == 1 and bearers[w[0]] > 1}
    return found


def _words(mention: Row) -> list[str]:
    """The words of a person's name in lower case."""
    return [w for w in re.split(r"[\s.]+", (mention["name"] or "").lower()) if w not in {"jr", "sr", ""}] or [""]


def _person(mention: Row, people: list[tuple[list[str], Figure]]) -> Figure:
    """The person that a mention names: the one before who has its words and not another gender; else a new one.

    A surname that several bear is the one's who has been named most, and then last.
    """
    words = _words(mention)
    own = genders("title").get(_plain((mention["title"] or "").split(" ")[0]))
    alike = [
        (len(figure.names), i)
        for i, (known, figure) in enumerate(people)
        if _alike(words, known) and not (own and _gender(figure) not in (None, own))
    ]
    if not alike:
        people.append((words, Figure("person")))
        return people[-1][1]
    known, figure = people.pop(max(alike)[1])
    people.append((max(known, words, key=len), figure))
    return figure


def _alike(words: list[str], known: list[str]) -> bool:
    """Whether two names may be one person's: the same, or the surname or given name of the other."""
    if len(words) > 1 and len(known) > 1:
        return (words[0], words[-1]) == (known[0], known[-1])
    return words[-1] == known[-1] or words == known[:1] or known == words[:1]


def _body(mention: Row, kind: str, bodies: dict[tuple[str, str], Figure]) -> Figure:
    """The body or place of this name; the one longer name that it shortens; else a new one."""
    name = re.sub(r"^the\s", "", (mention["name"] or "").lower())
    if (kind, name) not in bodies and kind == "body":
        longer = {
            id(figure): figure
            for (other, full), figure in bodies.items()
            if other == kind and (name in full.split() or (mention["name"].isupper() and _initials(full) == name))
        }
        if len(longer) == 1:
            bodies[kind, name] = next(iter(longer.values()))
    return bodies.setdefault((kind, name), Figure(kind))


def _initials(name: str) -> str:
    return "".join(w[0] for w in re.findall(r"\w+", name) if w not in {"of", "the", "and", "for", "on", "in", "to"})


def _gender(figure: Figure) -> str | None:
    """What titles, nouns told of the person and the given name say; None where nothing does, or two signs differ."""
    titles = {genders("title").get(_plain(w)) for m in figure.names for w in (m["title"] or "").split()}
    nouns = {genders("noun").get(told.head) for told in figure.told}
    if signs := (titles | nouns) - {None}:
        return signs.pop() if len(signs) == 1 else None
    given = {genders("name").get(m["name"].lower().split()[0]) for m in figure.names if " " in (m["name"] or "")}
    given.discard(None)
    return given.pop() if len(given) == 1 else None


def _plain(word: str) -> str:
    return word.lower().strip(".,")


# --- what is told of a name --------------------------------------------------------------------------


def _describe(figure: Figure, mention: Row, doc: Doc, offset: int, text: str) -> None:
    """Add what stands right beside a mention: title, role, apposition, "is a ...", age."""
    span = doc.char_span(mention["start"] - offset, mention["end"] - offset, alignment_mode="expand")
    if span is None:
        return
    before, after = _before(doc, span.start), _apposed(doc, span.end)
    is_a = _predicate(span.root)
    for words in (before, after, is_a):
        if words and (head := _head(words)):
            figure.told.append(Told(mention["start"], head, frozenset(_plain(w.text) for w in words)))
    if figure.kind == "person":
        if mention["role"]:
            words = [_plain(w) for w in re.split(r"[\s-]+", mention["role"]) if w]
            core = words[: next((i for i, w in enumerate(words) if w in {"of", "for", "at", "in", "to", "on"}), None)]
            if core:
                figure.told.append(Told(mention["start"], core[-1], frozenset(words)))
        if age := _AGE_AFTER.match(text, mention["end"]) or _AGE_BEFORE.search(
            text[max(0, mention["start"] - 60) : mention["start"]]
        ):
            figure.ages.append((mention["start"], int(age[1])))
    else:
        words = [_plain(w) for w in mention["name"].split()]
        figure.told += [Told(mention["start"], w, frozenset(words)) for w in words]


def _before(doc: Doc, first: int) -> list[Token]:
    """The nouns and adjectives right before a name: "Vermont Senator" Ann Bell."""
    left = first
    while left > 0 and first - left < 8:
        word = doc[left - 1]
        joined = word.tag_ in {"POS", "HYPH"} or word.text in {"-", "."}
        if not (
            word.tag_ in _NOUN or word.tag_ in {"JJ", "VBN"} or joined or _plain(word.text) in title_words()["rank"]
        ):
            break
        left -= 1
    return list(doc[left:first])


def _apposed(doc: Doc, end: int) -> list[Token]:
    """The noun phrase in commas or brackets behind a name, up to its first preposition and on to the next mark."""
    if end + 1 >= len(doc) or doc[end].text not in {",", "(", "–", "—", "-"}:
        return []
    k = end + 1
    while (
        k < len(doc)
        and k - end < 14
        and (
            doc[k].tag_ in _NOUN
            or doc[k].tag_ in {"DT", "JJ", "CD", "POS", "HYPH", "IN", "VBN", "PRP$"}
            or doc[k].text == "-"
        )
    ):
        k += 1
    words = list(doc[end + 1 : k])
    closed = k >= len(doc) or doc[k].text in {",", ".", ")", "–", "—", "-", ";"} or doc[k].tag_ in {"WP", "WDT"}
    return words if closed and words and words[0].tag_ != "IN" else []


def _predicate(root: Token) -> list[Token]:
    """What a name is said to be: "Bell is a lawyer"."""
    noun = root.head
    if root.dep_ != "nsubj" or noun.tag_ not in _NOUN or not any(c.dep_ == "cop" for c in noun.children):
        return []
    if any(c.lower_ in {"not", "no", "n't"} for c in noun.children):
        return []
    return [t for t in noun.doc[root.right_edge.i + 1 : noun.i + 1] if t.tag_ in _NOUN | {"JJ"}]


def _head(words: Sequence[Token]) -> str | None:
    """The noun of a phrase: the last one before its first preposition."""
    head = None
    for word in words:
        if word.tag_ == "IN" and head:
            break
        plain = _plain(word.text)
        if word.tag_ in _NOUN or plain in title_words()["office"] | title_words()["role"] | title_words()["rank"]:
            head = plain
    return head
