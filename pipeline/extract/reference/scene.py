"""What stands before a pronoun: names, persons without a name and other pronouns, in text order."""

from __future__ import annotations

import functools
import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline import resources
from pipeline.extract.mentions import title_words
from pipeline.extract.reference.cast import Figure, gather, genders

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from spacy.tokens import Token

    from pipeline.nlp.passages import Article, Passage, Row

PRONOUNS = {
    "he": "m", "him": "m", "his": "m", "himself": "m", "she": "f", "her": "f", "hers": "f", "herself": "f",
    "it": "", "they": "",
}  # fmt: skip
"""Third persons -> their gender; "" has none."""
_DEFINITE = {"the", "that", "this"}
_NOUNS = {"NN", "NNS", "NNP", "NNPS"}
_MODIFIERS = {"JJ", "NN", "NNP", "CD", "HYPH", "VBN", "VBG", "POS"}
_AGE = re.compile(r"(\d{1,2})-year-old")
_PARAGRAPHS, _SENTENCES = 1, 6
"""How far back somebody stays in play; by eye, farther back half of the answers are wrong."""


@dataclass(frozen=True)
class Answer:
    """Whom a pronoun or noun means and by which rule; or why that stays open."""

    figure: Figure | None = None
    rule: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Noun:
    """A noun with the words of its phrase, determiner left out, in lower case."""

    head: str
    words: frozenset[str]
    definite: bool
    new: bool
    """Whether it brings somebody in: "a woman"."""
    first: int
    """The token that opens the phrase: the determiner where it is definite."""


@dataclass(eq=False)
class Seen:
    """One word that stands for somebody: a name, a noun for a person or body, or a pronoun."""

    start: int
    begin: int
    """Where its phrase begins: of "the minister" the article."""
    token: Token
    passage: int
    sentence: int
    kind: str
    """name, noun (a person), body or pronoun"""
    gender: str | None
    figure: Figure | None
    subject: bool
    main: bool
    """Whether its clause is no subordinate one."""
    speaks: bool
    quoted: bool
    within: Row | None
    """The reported statement in whose words it stands."""
    noun: Noun | None = None
    same: Seen | None = None
    """The one before, without a name, that it goes back to."""

    def __str__(self) -> str:
        return self.figure.names[-1]["name"] if self.figure else repr(self.token.text)

    @property
    def word(self) -> str:
        """The word in lower case."""
        return str(self.token.lower_)

    @property
    def key(self) -> object:
        """Who it is, as far as that is known: two with one key are the same."""
        return (
            self.figure
            or (self.same.key if self.same else None)
            or (self.kind, self.noun.head if self.noun else self.gender)
        )

    def fills(self, words: str) -> bool:
        """Whether a speaker of these words is this one and nobody beside."""
        if self.kind == "pronoun":
            return words.lower() == self.word
        phrase = rf"[\w.’'\s-]*\b{re.escape(self.word)}(?:\s(?:of|for|in|at|from)\s.*)?"
        return bool(re.fullmatch(phrase, words.lower()))

    @property
    def is_body(self) -> bool:
        """Whether it is a body, state or people that can say something."""
        return self.figure is not None and self.figure.kind != "person"

    def fits(self, gender: str) -> bool:
        """Whether it may be a person of this gender."""
        if self.figure is not None:
            return self.figure.kind == "person" and self.figure.gender in (None, gender)
        return self.kind in ("noun", "pronoun") and self.gender in (
            (None, gender) if self.kind == "noun" else (gender,)
        )


@functools.cache
def person_nouns() -> frozenset[str]:
    """Nouns for one person: roles, offices, kinship, and what counts as a person."""
    counted = {
        row["noun"] for row in resources.rows("counted.csv") if row["unit"] == "person" and " " not in row["noun"]
    }
    parts = title_words()
    return frozenset(counted | parts["role"] | parts["office"] | genders("noun").keys()) - {"life", "death", "soul"}


@functools.cache
def body_nouns() -> frozenset[str]:
    """Nouns for a body: group, company, ministry."""
    return frozenset(resources.toml("reference.toml")["bodies"]) - person_nouns()


class Scene:
    """The words of one article that stand for somebody; ``seen`` grows as they are read."""

    def __init__(self, article: Article, mentions: Sequence[Row], quotes: Sequence[Row]) -> None:
        self.seen: list[Seen] = []
        self._article = article
        self._figures = gather(article, mentions)
        self._mentions = [m for m in sorted(mentions, key=lambda m: m["start"]) if m["mention_id"] in self._figures]
        self._starts = [m["start"] for m in self._mentions]
        self._spoken = [(q["start"], q["end"]) for q in quotes if q["kind"] in {"direct", "mixed"}]
        self._clauses = [q for q in quotes if q["kind"] == "indirect"]
        said = [q for q in quotes if q.get("speaker_start") is not None]
        self._speaking = {q["speaker_start"] for q in said} | {q["speaker_mention_id"] for q in said}
        self._sentences = [passage.start + s.start_char for passage, s in article.sentences()]

    def figures(self, *kinds: str) -> list[Figure]:
        """The figures of these kinds, in the order in which the article names them."""
        return [f for f in dict.fromkeys(self._figures.values()) if f.kind in kinds]

    def in_play(self, one: Seen) -> list[Seen]:
        """What may still be meant, nearest first: the paragraph and the one before, of the same zone, in six sentences."""
        zone = self._article.passages[one.passage].zone
        found: list[Seen] = []
        for seen in reversed(self.seen):
            if seen.passage < one.passage - _PARAGRAPHS or seen.sentence < one.sentence - _SENTENCES:
                break
            if not seen.quoted and self._article.passages[seen.passage].zone == zone:
                found.append(seen)
        return found

    def spoke_since(self, one: Seen, start: int) -> bool:
        """Whether between ``start`` and ``one`` there is a speaker who is none of ``seen``: "officials"."""
        known = {seen.begin for seen in self.seen if seen.speaks}
        return any(isinstance(at, int) and start < at < one.begin and at not in known for at in self._speaking)

    def read(self) -> Iterator[Seen]:
        """Every name, noun for one person or body and third-person pronoun in text order; the caller says who it is."""
        for number, passage in enumerate(self._article.passages):
            for one in sorted(self._words(passage, number), key=lambda seen: seen.start):
                yield one
                self.seen.append(one)

    def _words(self, passage: Passage, number: int) -> Iterator[Seen]:
        doc, offset = passage.doc, passage.start
        if not len(doc):
            return
        named: set[int] = set()
        end = offset + doc[-1].idx + len(doc[-1])
        for m in self._mentions[bisect_left(self._starts, offset) : bisect_left(self._starts, end)]:
            title = len(m["title"]) + 1 if m["title"] else 0
            span = doc.char_span(m["start"] - offset, m["end"] - offset, alignment_mode="expand")
            wide = doc.char_span(max(0, m["start"] - offset - title), m["end"] - offset, alignment_mode="expand")
            named.update(range(wide.start, span.end))
            figure = self._figures[m["mention_id"]]
            yield self._seen(offset, span.root, number, "name", figure, speaks=m["mention_id"] in self._speaking)
        for i, word in enumerate(doc.to_array("LOWER").tolist()):
            if i in named or word not in _hashes():
                continue
            token = doc[i]
            if token.lower_ in PRONOUNS:
                yield self._seen(offset, token, number, "pronoun")
            elif (noun := _noun(token)) and not _describes(token, named):
                kind = "noun" if noun.head in person_nouns() | {"old", "one"} else "body"
                yield self._seen(offset, token, number, kind, noun=noun)

    def _seen(
        self,
        offset: int,
        token: Token,
        passage: int,
        kind: str,
        figure: Figure | None = None,
        *,
        speaks: bool = False,
        noun: Noun | None = None,
    ) -> Seen:
        start = offset + token.idx
        begin = offset + token.doc[noun.first].idx if noun else start
        speaks = speaks or begin in self._speaking
        subject, main = _clause(token)
        return Seen(
            start=start,
            begin=begin,
            token=token,
            passage=passage,
            sentence=bisect_right(self._sentences, start) - 1,
            kind=kind,
            gender=PRONOUNS[token.lower_] if kind == "pronoun" else genders("noun").get(token.lower_),
            figure=figure,
            subject=speaks or subject,
            main=speaks or main,
            speaks=speaks,
            quoted=any(s <= start < e for s, e in self._spoken),
            within=next((q for q in self._clauses if q["start"] <= start < q["end"]), None),
            noun=noun,
        )


@functools.cache
def _hashes() -> frozenset[int]:
    from spacy.strings import get_string_id

    return frozenset(get_string_id(word) for word in person_nouns() | body_nouns() | PRONOUNS.keys() | {"old", "one"})


def _noun(token: Token) -> Noun | None:
    """A singular noun with its phrase; None for a plural, or an "old" that is no "34-year-old" by itself."""
    doc, first = token.doc, token.i
    if token.lower_ == "old":
        if first < 4 or doc[first - 2].lower_ != "year" or (first + 1 < len(doc) and doc[first + 1].tag_ in _NOUNS):
            return None
    elif token.lower_ == "one":
        return (
            Noun("one", frozenset({"one"}), definite=False, new=True, first=first)
            if token.dep_.startswith("nsubj")
            else None
        )
    elif token.tag_ not in {"NN", "NNP"}:
        return None
    while first > token.sent.start and (doc[first - 1].tag_ in _MODIFIERS or doc[first - 1].text in {"-", "’s", "'s"}):
        first -= 1
    before = doc[first - 1] if first > token.sent.start else None
    if before is None or before.tag_ not in {"DT", "PRP$"}:
        if token.tag_ == "NNP" or not any(w.tag_ in {"POS", "CD"} for w in doc[first : token.i]):
            return None  # "member of the board", "the job of president": nobody yet
        before = None
    words = [w.lower_ for w in doc[first : token.i + 1] if w.is_alpha or w.like_num]
    if age := _AGE.search(doc[first : token.i + 1].text):
        words = [w for w in words if w not in {"year", "old", age[1]}] + [age[0]]
    definite = before is not None and before.lower_ in _DEFINITE
    for child in token.children:
        if child.i <= token.i:
            continue
        if child.dep_ == "nmod":
            words += [w.lower_ for w in child.subtree if w.tag_ in _NOUNS | {"JJ"}]
        elif child.dep_ in {"acl", "acl:relcl", "conj", "appos"}:
            definite = False  # "the man who ...", "the man and his son": more is said than the noun
    new = before is not None and before.lower_ in {"a", "an", "another"}
    return Noun(token.lower_, frozenset(words), definite, new, first - definite)


def _clause(token: Token) -> tuple[bool, bool]:
    """Whether a word is, or belongs to, a subject; and whether that of a main clause."""
    for _ in range(4):
        if token.dep_ in {"appos", "conj", "flat"} and token.head.i != token.i:
            token = token.head
    verb = token.head
    while verb.dep_ in {"conj", "parataxis", "aux", "cop"} and verb.head.i != verb.i:
        verb = verb.head
    return token.dep_.startswith("nsubj"), token.dep_.startswith("nsubj") and verb.dep_ == "ROOT"


def _describes(token: Token, named: set[int]) -> bool:
    """Whether a noun only says what somebody is: "the lawyer Ann Bell", "Bell, a lawyer", "she is a lawyer"."""
    if token.dep_ == "compound":
        return True  # "student loans"
    if token.dep_ == "conj":
        return token.head.dep_ in {"appos", "conj"} and _describes(token.head, named)
    case = any(child.dep_ == "case" for child in token.children)
    if token.head.i in named and token.dep_ in {"appos", "flat", "nmod", "amod"} and not case:
        return True
    return any(
        child.dep_ == "cop"
        or (child.dep_ in {"appos", "flat", "compound"} and child.i in named and child.i > token.i)
        or (child.dep_ == "case" and child.lower_ == "as")
        for child in token.children
    )
