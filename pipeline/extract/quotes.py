"""Who says what: quoted and reported statements, with the words of saying and the speaker.

One file because it is one walk over a paragraph: its quotation marks are paired, the words outside
them are cut into frames (sentences seen without their quotations), every quotation looks for a cue
beside it, and the cues left over are asked for a reported clause. The rules lean on word order and
tags; the parse only confirms, since it is at its worst around quotation marks.

Confidence: ``high`` when cue and speaker stand right beside the words; ``medium`` when the speaker is
carried on from the quotation before or the clause is found without "that"; ``low`` when the speaker is
not known or the verb only reports a belief.
"""

from __future__ import annotations

import csv
import functools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from typing import TYPE_CHECKING

from pipeline.extract.mentions import title_words
from pipeline.ids import content_id
from pipeline.nlp.passages import Article, Found, Passage, Row

if TYPE_CHECKING:
    from pipeline.settings import ExtractSettings


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# --- quotation marks -----------------------------------------------------------------------------

_OPEN = {"“", "„", "«", "‟", "``"}
_FEET = re.compile(r"\d['’]\s?\d{1,2}$")
_DOUBLE = re.compile(r"[“”„«»‟\"]|''|``")
_ENDS = ".?!…"


@dataclass(frozen=True)
class Marked:
    """Words between quotation marks: characters ``start``..``end`` of a paragraph, the marks left out.

    ``outer`` and ``outer_end`` include the marks; ``parent`` is the index of the quotation around it.
    """

    start: int
    end: int
    outer: int
    outer_end: int
    balanced: bool
    parent: int | None = None


def pair_marks(text: str) -> list[Marked]:
    """The quotations of one paragraph in order of their opening marks; an odd mark never raises.

    An opening double mark without a closing one runs to the end of the paragraph. Single marks count
    only in pairs, so that apostrophes, feet and '90s are no quotations; a closing mark alone is nothing.
    """
    stack: list[tuple[str, int, int]] = []  # family, start of the mark, its end
    made: list[tuple[int, int, int, int, bool]] = []  # outer start, start, end, outer end, balanced
    for match in _DOUBLE.finditer(text):
        mark, i, after_mark = match[0], match.start(), match.end()
        families = [family for family, _, _ in stack]
        before, after = text[i - 1 : i], text[after_mark : after_mark + 1]
        can_open = (not before or before.isspace() or before in "([{—–-―‘'“/…:") and bool(after) and not after.isspace()
        straight = mark in {'"', "''"}
        family = mark if straight else "“"
        if straight:
            if mark == '"' and _FEET.search(text, max(0, i - 5), i):
                continue
            closes = family in families or (not can_open and bool(families))
        elif mark in _OPEN:
            closes = "“" in families and not can_open
        else:
            closes = bool(families)
        if closes:
            depth = max((k for k, f in enumerate(families) if f == family), default=len(stack) - 1)
            made += [(start, inside, i, i, False) for _, start, inside in stack[depth + 1 :]]
            _, start, inside = stack[depth]
            made.append((start, inside, i, after_mark, True))
            del stack[depth:]
        elif can_open:
            stack.append((family, i, after_mark))
    made += [(start, inside, len(text), len(text), False) for _, start, inside in stack]
    made += [(start, start + 1, end, end + 1, True) for start, end in _pair_singles(text).items()]
    made.sort(key=lambda m: (m[0], -m[3]))
    quotations: list[Marked] = []
    open_ones: list[int] = []
    for outer, start, end, outer_end, balanced in made:
        while open_ones and quotations[open_ones[-1]].outer_end <= outer:
            open_ones.pop()
        if open_ones and outer_end > quotations[open_ones[-1]].outer_end:
            continue  # crossing marks: the outer pair stands
        words = text[start:end]
        if not any(c.isalnum() for c in words):
            continue
        first, last = start + len(words) - len(words.lstrip()), start + len(words.rstrip())
        parent = open_ones[-1] if open_ones else None
        quotations.append(Marked(first, last, outer, outer_end, balanced, parent))
        open_ones.append(len(quotations) - 1)
    return quotations


def _pair_singles(text: str) -> dict[int, int]:
    """Opening -> closing position of single marks that are clearly paired."""
    pairs: dict[int, int] = {}
    i = 0
    while i < len(text):
        if not _opens_single(text, i):
            i += 1
            continue
        close = None
        for j in range(i + 2, len(text)):
            if _opens_single(text, j) and text[j] == text[i]:
                break
            if text[j] in "’'" and "'" not in text[j - 1] + text[j + 1 : j + 2] and not text[j + 1 : j + 2].isalnum():
                close = j
                if text[j - 1] not in "sz":  # "the workers' rights": maybe a plural's possessive
                    break
        if close is None:
            i += 1
        else:
            pairs[i] = close
            i = close + 1
    return pairs


def _opens_single(text: str, i: int) -> bool:
    if text[i] not in "‘'`" or i + 1 >= len(text) or not (text[i + 1].isalnum() or text[i + 1] in "…["):
        return False
    if i and not (text[i - 1].isspace() or text[i - 1] in '([{—–“"/'):
        return False
    return not re.match(r"\d\ds?\b|(?:em|til|tis|twas|cause|round|bout|n)\b", text[i + 1 : i + 7], re.IGNORECASE)


# --- words of saying -----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Verb:
    lemma: str
    kind: str
    takes: frozenset[str]
    hearer: bool


@functools.cache
def speech_verbs() -> dict[str, _Verb]:
    """Every form of every verb of saying -> what the word list knows of the verb."""
    text = resources.files("pipeline").joinpath("resources", "speech_verbs.csv").read_text("utf8")
    verbs: dict[str, _Verb] = {}
    for row in csv.DictReader(line for line in text.splitlines() if not line.startswith("#")):
        verb = _Verb(row["lemma"], row["kind"], frozenset(row["takes"].split(";")), row["hearer"] == "yes")
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


_DOUBLING = {"admit", "beg", "plan", "quip", "slam", "refer", "label", "dub"}
_BE = {"be", "is", "was", "are", "were", "been", "being", "'s", "’s", "'re", "’re", "am", "'m", "’m"}
_SURE = {"said", "says", "told", "wrote", "writes", "added", "adds", "tells"}
"""Forms that are cues whatever the tagger says."""


@dataclass(frozen=True)
class _Cue:
    """A word of saying: tokens ``first``..``last`` (inclusive) of one frame."""

    first: int
    last: int
    verb: _Verb


_ACCORDING = _Verb("according to", "source", frozenset(), hearer=False)


@dataclass(frozen=True)
class _Frame:
    """A sentence seen without the words in its quotations: tokens ``first``..``last`` (exclusive)."""

    first: int
    last: int


@dataclass
class _Quote:
    """A row in the making: characters of one paragraph, tokens of its cue, speaker and hearer.

    With ``inherits``, the attribution is that of another row; with ``continues``, also the statement is.
    """

    start: int
    end: int
    kind: str
    rule: str
    confidence: str
    balanced: bool = True
    cue: _Cue | None = None
    speaker: tuple[int, int] | None = None
    via: tuple[int, int] | None = None
    reason: str = "no words of saying beside it"
    inherits: Row | None = None
    continues: str | None = None


@dataclass(frozen=True, slots=True)
class _Word:
    """What the rules ask of a token, read once: a token's own attributes are slow to ask for again and again."""

    text: str
    lower_: str
    tag_: str
    idx: int
    i: int
    is_alpha: bool
    is_punct: bool
    is_title: bool
    is_lower: bool

    def __len__(self) -> int:
        return len(self.text)


class _Paragraph:
    """One passage with its quotations, frames and cues."""

    def __init__(self, passage: Passage, mentions: Sequence[Row]) -> None:
        self.passage = passage
        self.doc = [
            _Word(t.text, t.lower_, t.tag_, t.idx, t.i, t.is_alpha, t.is_punct, t.is_title, t.is_lower)
            for t in passage.doc
        ]
        self.starts = [word.idx for word in self.doc]
        self.text: str = passage.doc.text
        self.quotations = pair_marks(self.text)
        self.outer = [i for i, q in enumerate(self.quotations) if q.parent is None]
        self.quoted = [-1] * len(self.doc)
        for i in self.outer:
            q = self.quotations[i]
            first, last = bisect_left(self.starts, q.outer), bisect_left(self.starts, q.outer_end)
            self.quoted[first:last] = [i] * (last - first)
        self.named = [False] * len(self.doc)
        for m in mentions:
            first, last = self.tokens(m["start"] - passage.start, m["end"] - passage.start)
            self.named[first:last] = [True] * (last - first)
            for k in range(first, last):  # a rare name may be tagged as an adverb or a verb
                if m["label"] != "NORP" and self.doc[k].text[0].isupper() and self.doc[k].tag_ not in _NOUN:
                    self.doc[k] = replace(self.doc[k], tag_="NNP")
        self.frames = list(self._frames())
        self.cues = list(self._cues())

    def _frames(self) -> Iterator[_Frame]:
        first = 0
        for i, token in enumerate(self.doc):
            if i + 1 == len(self.doc):
                yield _Frame(first, i + 1)
            elif self._ends_frame(i, token.text):
                yield _Frame(first, i + 1)
                first = i + 1

    def _ends_frame(self, i: int, word: str) -> bool:
        following = self.doc[i + 1]
        if self.quoted[i] >= 0:
            q = self.quotations[self.quoted[i]]
            if self.quoted[i + 1] == self.quoted[i] or not self.text[: q.end].endswith(tuple(_ENDS)):
                return False
            if self.text[q.end - 1] == "." or self.quoted[i + 1] >= 0:
                return not following.is_lower
            return not following.is_lower and self._cue_near(i + 1) is None
        if word not in {".", "?", "!", "…", "..."} or following.is_lower or following.text in {",", ";", ")"}:
            return False
        before = self.doc[i - 1].text if i else ""
        return not (
            word == "." and ((len(before) == 1 and before.isupper()) or before.lower() in title_words()["rank"])
        )

    def _cue_near(self, i: int) -> int | None:
        """The place of a verb of speech within the five tokens from ``i``, no mark between."""
        verbs = speech_verbs()
        for k in range(i, min(i + 5, len(self.doc))):
            if self.quoted[k] >= 0 or self.doc[k].is_punct:
                return None
            verb = verbs.get(self.doc[k].lower_)
            if (
                verb is not None
                and verb.kind == "speech"
                and (self.doc[k].tag_ in _FINITE or self.doc[k].lower_ in _SURE)
            ):
                return k
        return None

    def _cues(self) -> Iterator[_Cue]:
        verbs = speech_verbs()
        for i, token in enumerate(self.doc):
            if self.quoted[i] >= 0:
                continue
            word = token.lower_
            if word == "according" and i + 1 < len(self.doc) and self.doc[i + 1].lower_ == "to":
                yield _Cue(i, i + 1, _ACCORDING)
                continue
            two = f"{word} {self.doc[i + 1].lower_}" if i + 1 < len(self.doc) else word
            verb = verbs.get(two) or verbs.get(word)
            if i and self.doc[i - 1].lower_ in {"-", "so", "so-"}:
                continue  # "so-called"
            bare = i > 0 and self.doc[i - 1].tag_ in {"TO", "MD"}
            if verb is None or not (token.tag_.startswith("VB") or bare or word in _SURE) or self._passive(i):
                continue
            yield _Cue(i, i + two.count(" ") if two in verbs else i, verb)

    def _passive(self, i: int) -> bool:
        if self.doc[i].tag_ == "VBG" or self.doc[i].lower_.endswith("ing"):
            return False
        k = i - 1
        while k >= 0 and (self.doc[k].tag_.startswith("RB") or self.doc[k].lower_ == "not"):
            k -= 1
        return k >= 0 and self.doc[k].lower_ in _BE and self.doc[i].tag_ in {"VBN", "VBD"}

    def frame_of(self, i: int) -> _Frame:
        """The frame that holds token ``i``."""
        return next(frame for frame in self.frames if frame.first <= i < frame.last)

    def tokens(self, start: int, end: int) -> tuple[int, int]:
        """First and one past the last token of the characters ``start``..``end``."""
        first, last = max(0, bisect_right(self.starts, start) - 1), bisect_left(self.starts, end)
        while first < last and self.doc[first].idx + len(self.doc[first]) <= start:
            first += 1
        return (first, last) if first < last else (0, 0)

    def words(self, first: int, last: int) -> str:
        """The words of the tokens ``first``..``last``."""
        return self.text[slice(*self.span(first, last))]

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The characters of the tokens ``first``..``last``, outer white space left out."""
        start, end = self.doc[first].idx, self.doc[last - 1].idx + len(self.doc[last - 1])
        words = self.text[start:end]
        return start + len(words) - len(words.lstrip()), start + len(words.rstrip())

    # --- noun phrases ----------------------------------------------------------------------------

    def phrase_from(self, i: int, last: int) -> tuple[int, int] | None:
        """The short noun phrase that begins at token ``i``, within ``last``; None if none does."""
        doc = self.doc
        if i >= last or self.quoted[i] >= 0:
            return None
        quantifier = doc[i].lower_ in _PRONOUNS and not self._noun_at(i + 1, last)
        if doc[i].tag_ in {"PRP", "WP"} or (quantifier and not (i + 1 < last and doc[i + 1].lower_ == "of")):
            return (i, i + 1)
        if doc[i].tag_ in {"VBG", "VBN", "RB", "POS", "HYPH"} and not self.named[i]:
            return None
        k = i + 1 if quantifier else self._core(i, last)
        if k is None:
            return None
        while k + 1 < last and self.quoted[k] < 0:
            word = doc[k].lower_
            named = doc[k - 1].tag_.startswith("NNP")
            if word in {"of", "for"} or (word in {"at", "in", "from", "with", "on", "to"} and not named):
                after = self._core(k + 1, last)
            elif word in {"and", "&"} and doc[k + 1].tag_ != "PRP":
                after = self._core(k + 1, last)
                if after is not None and after < last and doc[after].tag_ in _FINITE and not named:
                    after = None
            elif word in {"named", "called"} and doc[k + 1].tag_.startswith("NNP"):
                after = self._core(k + 1, last)
            else:
                break
            if after is None:
                break
            k = after
        return (i, k)

    def _noun_at(self, k: int, last: int) -> bool:
        return k < last and (self.named[k] or self.doc[k].tag_ in _NOUN | {"JJ"})

    def _core(self, i: int, last: int) -> int | None:
        """One past a plain noun phrase that begins at ``i``: determiners, adjectives, nouns, possessives."""
        doc, k, nouns = self.doc, i, 0
        while k < last and self.quoted[k] < 0:
            token = doc[k]
            if token.tag_ in _NOUN or self.named[k] or (token.tag_ == "CD" and nouns == 0):
                if nouns and token.lower_ in _DAYS:
                    break
                nouns += 1
            elif (
                nouns
                and token.is_title
                and doc[k - 1].tag_.startswith("NNP")
                and token.tag_ in {"JJ", "RB", "CD", "JJS"}
            ):
                nouns += 1
            elif token.tag_ in {"POS", "HYPH", "AFX"} or token.text in {"-", "’s", "'s", "&"}:
                pass
            elif token.tag_ in _PREMODIFIER and (
                nouns == 0 or doc[k - 1].tag_ in {"POS", "HYPH"} or token.tag_ == "JJ"
            ):
                if nouns and doc[k - 1].tag_ not in {"POS", "HYPH"} and (k + 1 >= last or doc[k + 1].tag_ not in _NOUN):
                    break
            elif token.text == "." and k and doc[k - 1].lower_ in title_words()["rank"]:
                pass
            elif token.text == "(" and k + 2 < last and any(doc[m].text == ")" for m in range(k, min(k + 5, last))):
                k = next(m for m in range(k, last) if doc[m].text == ")")
            else:
                break
            k += 1
        while k > i and (doc[k - 1].tag_ in {"POS", "HYPH"} and doc[k - 1].text not in {"'", "’"}):
            k -= 1
        return k if nouns and k > i else None

    def phrase_before(self, end: int, first: int) -> tuple[int, int] | None:
        """The noun phrase that ends right before token ``end`` (auxiliaries and adverbs skipped), from ``first`` on."""
        doc, k = self.doc, end
        while k > first and self.quoted[k - 1] < 0 and not self.named[k - 1]:
            word = doc[k - 1].lower_
            if doc[k - 1].tag_ in {"RB", "RBR", "MD", "TO"} or word in _AUXILIARY or word == "all":
                k -= 1
            elif word in _TIMES or _YEAR.fullmatch(word) or (word.isdigit() and doc[k - 2].lower_ in _TIMES | {"may"}):
                k -= 2 if word.isdigit() and not _YEAR.fullmatch(word) else 1
                while k > first + 1 and (doc[k - 1].tag_ in {"CD", "DT", "JJ", "RB"} or doc[k - 1].lower_ in _TIMES):
                    k -= 1
                if k > first + 1 and doc[k - 1].lower_ in {"on", "in", "at", "since", "during", "by"}:
                    k -= 1
            else:
                break
        if k <= first or self.quoted[k - 1] >= 0:
            return None
        if doc[k - 1].lower_ in {"who", "which", "that"} and k - 1 > first:
            return self._antecedent(k - 1, first)
        if doc[k - 1].tag_ == "PRP":
            return (k - 1, k) if doc[k - 1].lower_ not in {"him", "her", "them", "me", "us"} else None
        if doc[k - 1].text in {",", ")"}:
            return self._before_apposition(k - 1, first)
        best = None
        for start in range(k - 1, max(first, k - 16) - 1, -1):
            if self.quoted[start] >= 0 or doc[start].text in {",", ";", ":", "—", "–"}:
                break
            if doc[start].lower_ == "that" and start + 1 < k and doc[k - 1].tag_ in {"NNS", "NNP", "NNPS"}:
                break
            phrase = self.phrase_from(start, k)
            if phrase is not None and phrase[1] == k:
                after_preposition = start > first and doc[start - 1].tag_ == "IN"
                attached = doc[start - 1].lower_ in {"of", "for"}
                if after_preposition and not attached and best is not None and doc[best].tag_ in {"DT", "PRP$"}:
                    break  # "in a statement the group": the group
                best = start
            elif doc[start].tag_ in _FINITE or doc[start].tag_ in {"VBG", "VB", "WDT", "WP", "WRB"}:
                break
        if best is None or not any(word.is_alpha for word in doc[best:k]):
            return None
        if best > first + 1 and doc[best - 1].tag_ == "VBG" and doc[best - 2].tag_ in _NOUN:
            return self.phrase_before(best - 1, first) or (best, k)  # "a man resembling him": the man
        return (best, k)

    def _before_apposition(self, comma: int, first: int) -> tuple[int, int] | None:
        """The subject in "Subject, a so-and-so, said"; its comma stands at ``comma``."""
        k = comma - 1
        while k > first and not (self.doc[k].text in {",", "("} or self.quoted[k] >= 0):
            k -= 1
        if k <= first or self.doc[k].text not in {",", "("}:
            return None
        phrase = self.phrase_before(k, first)
        return phrase if phrase is None or self.doc[phrase[0]].tag_ != "IN" else None

    def _antecedent(self, relative: int, first: int) -> tuple[int, int] | None:
        """The noun phrase that "who" at ``relative`` stands for."""
        k = relative - 1 if self.doc[relative - 1].text == "," else relative
        return self.phrase_before(k, first) if k > first else None


_NOUN = {"NN", "NNS", "NNP", "NNPS"}
_PREMODIFIER = {"DT", "PDT", "PRP$", "JJ", "JJR", "JJS", "CD", "VBN", "VBG", "RB", "$", "NFP", "FW", "ADD"}
_FINITE = {"VBD", "VBZ", "VBP", "MD"}
_PRONOUNS = _words("he she they i we it you one someone everyone many some others both few another")
_AUXILIARY = _words("has have had 've ’ve 'd ’d is was were are been be does did do will would 'll ’ll also then")
_YEAR = re.compile(r"(?:19|20)\d\d")
_TIMES = _words(
    "monday tuesday wednesday thursday friday saturday sunday today yesterday january february march april "
    "june july august september october november december week month year night morning afternoon evening "
    "weekend"
)
_DAYS = _words("monday tuesday wednesday thursday friday saturday sunday today yesterday")


def find_quotes(article: Article, mentions: Sequence[Row], settings: ExtractSettings) -> Found:
    """Rows of table ``quotes`` in ``article``; ``mentions`` are the rows that ``find_mentions`` gave for it.

    A quotation whose speaker is not said is kept without one and says why. Raw offsets and entities of
    speakers are added by the caller. A quotation that its paragraph does not close is an issue, too.
    """
    return _Walk(article, mentions).found


class _Walk:
    """One walk over an article: what was said last, and who said it, is carried from paragraph to paragraph."""

    def __init__(self, article: Article, mentions: Sequence[Row]) -> None:
        self.article = article
        self.mentions = sorted(mentions, key=lambda m: (m["start"], m["end"]))
        self.found = Found()
        before: _Paragraph | None = None
        last: Row | None = None
        for passage in article.passages:
            end = passage.start + len(passage.doc.text)
            here = _Paragraph(passage, [m for m in self.mentions if passage.start <= m["start"] < end])
            rows = self._paragraph(here, before, last)
            self.found.rows += rows
            outer = [row for row in rows if row["kind"] in {"direct", "mixed"}]
            last = outer[-1] if outer else None
            before = here
        self.found.rows.sort(key=lambda row: (row["start"], row["end"], row["kind"]))

    def _paragraph(self, here: _Paragraph, before: _Paragraph | None, last: Row | None) -> list[Row]:
        rows: list[Row] = []
        made: dict[int, Row] = {}
        used: set[int] = set()
        previous: tuple[Marked, Row] | None = None
        for i, q in enumerate(here.quotations):
            if q.parent is not None:
                row = self._row(here, _Quote(q.start, q.end, "scare", "nested marks", "low", balanced=q.balanced))
                row["within_quote_id"] = made[q.parent]["quote_id"] if q.parent in made else None
                row["unresolved_reason"] = "a quotation inside a quotation"
                made[i] = row
                rows.append(row)
                continue
            quote = self._beside(here, q)
            if quote is not None and previous is not None and _same_cue(here, quote, previous[1]):
                row = previous[1]
                quote = _Quote(
                    q.start, q.end, "direct", "continued", "high", q.balanced, inherits=row, continues=row["quote_id"]
                )
            if quote is None and previous is not None:
                quote = self._carried_on(here, q, *previous)
            if quote is None and previous is None and not self._words_before(here, q):
                quote = self._from_paragraph_before(here, q, before, last)
            if quote is None:
                quote = _uncued(here, q)
            if quote.cue is not None and quote.kind == "direct":
                used.add(quote.cue.first)
            row = self._row(here, quote)
            made[i] = row
            rows.append(row)
            if not q.balanced:
                self._issue_open(here, q)
            if quote.kind != "scare":
                previous = (q, row)
        if before is not None and not here.outer:
            rows += self._introduced_paragraph(here, before)
        clauses = [self._row(here, clause) for clause in _clauses(here, used)]
        for row in rows:
            holders = [c for c in clauses if c["start"] <= row["start"] and row["end"] <= c["end"]]
            if not holders or row["kind"] == "direct" or row["rule"] in {"nested marks", "title or name in marks"}:
                continue
            holder = min(holders, key=lambda c: c["end"] - c["start"])
            if row.get("speaker") is None:  # marks without a cue of their own, inside a reported clause
                row |= {column: holder.get(column) for column in _INHERITED}
                row |= {"kind": "mixed", "rule": "in reported clause", "confidence": holder["confidence"]}
                row["quote_id"] = content_id("q", self.article.article_id, row["start"], row["end"], "mixed")
            row["within_quote_id"] = holder["quote_id"]
        return rows + [c for c in clauses if c["quote_id"] not in {row["quote_id"] for row in rows}]

    # --- the cue of a quotation ------------------------------------------------------------------

    def _beside(self, here: _Paragraph, q: Marked) -> _Quote | None:
        first, last = here.tokens(q.outer, q.outer_end)
        frame = here.frame_of(first)
        end_frame = here.frame_of(last - 1)
        return _cue_after(here, q, first, last, frame, end_frame) or _cue_before(here, q, first, frame)

    def _words_before(self, here: _Paragraph, q: Marked) -> bool:
        first, _ = here.tokens(q.outer, q.outer_end)
        return any(here.doc[k].is_alpha for k in range(first))

    def _carried_on(self, here: _Paragraph, q: Marked, before: Marked, row: Row) -> _Quote | None:
        """The second part of a quotation that its cue splits: the words begin a sentence right after it."""
        first, _ = here.tokens(q.outer, q.outer_end)
        _, previous_end = here.tokens(before.outer, before.outer_end)
        frame = here.frame_of(first)
        if any(here.doc[k].is_alpha for k in range(frame.first, first) if here.quoted[k] < 0):
            return None
        between = [f for f in here.frames if previous_end <= f.first < frame.first]
        if row["kind"] == "scare" or between:
            return None
        confidence = "medium" if row.get("speaker") else "low"
        return _Quote(
            q.start, q.end, "direct", "continued", confidence, q.balanced, inherits=row, continues=row["quote_id"]
        )

    def _from_paragraph_before(
        self, here: _Paragraph, q: Marked, before: _Paragraph | None, last: Row | None
    ) -> _Quote | None:
        if before is None:
            return None
        if last is not None and not last["balanced"] and last["end"] >= before.passage.start + len(before.text) - 2:
            return _Quote(
                q.start, q.end, "direct", "continued", "medium", q.balanced, inherits=last, continues=last["quote_id"]
            )
        introduced = _introduction(before)
        if introduced is None:
            return None
        source = self._attribution(before, introduced)
        return _Quote(q.start, q.end, "direct", "introduced", "high", q.balanced, inherits=source)

    def _introduced_paragraph(self, here: _Paragraph, before: _Paragraph) -> list[Row]:
        """A paragraph without marks after "X explained:" is X's words."""
        introduced = _introduction(before)
        if introduced is None or introduced.cue is None or len(here.text.split()) < 8:
            return []
        if introduced.cue.verb not in speech_verbs().values() or len(before.doc) - introduced.cue.last > 8:
            return []
        source = self._attribution(before, introduced)
        quote = _Quote(0, len(here.text), "direct", "introduced", "medium", balanced=False, inherits=source)
        return [self._row(here, quote)]

    # --- rows ------------------------------------------------------------------------------------

    def _row(self, here: _Paragraph, quote: _Quote) -> Row:
        offset = here.passage.start
        start, end = offset + quote.start, offset + quote.end
        row: Row = {
            "quote_id": content_id("q", self.article.article_id, start, end, quote.kind),
            "start": start,
            "end": end,
            "kind": quote.kind,
            "within_quote_id": None,
            "continues_quote_id": quote.continues,
            "balanced": quote.balanced,
            "rule": quote.rule,
            "confidence": quote.confidence,
        }
        if quote.inherits is None:
            return row | self._attribution(here, quote)
        row |= {column: quote.inherits.get(column) for column in _INHERITED}
        if quote.continues and row["speaker"]:
            row["speaker_basis"] = "continued"
        return row

    def _attribution(self, here: _Paragraph, quote: _Quote) -> Row:
        """The columns of cue, speaker and hearer; the reason where nobody is named as the speaker."""
        made: Row = {"speaker_basis": "none"}
        if quote.cue is not None:
            start, end = here.span(quote.cue.first, quote.cue.last + 1)
            made |= {"cue": here.text[start:end], "cue_lemma": quote.cue.verb.lemma}
            made |= {"cue_start": here.passage.start + start, "cue_end": here.passage.start + end}
        if quote.speaker is not None:
            made |= self._speaker(here, quote.speaker)
        elif quote.kind != "scare":
            made["unresolved_reason"] = quote.reason
        if quote.via is not None:
            made["via"] = here.words(*quote.via)
        return made

    def _speaker(self, here: _Paragraph, tokens: tuple[int, int]) -> Row:
        """The speaker's columns: the words, the mention that names them, and on what basis."""
        first, last = tokens
        start, end = (here.passage.start + k for k in here.span(first, last))
        inside = [m for m in self.mentions if m["start"] < end and start < m["end"]]
        core = _core_end(here, first, last)
        core_end = here.passage.start + here.doc[core - 1].idx + len(here.doc[core - 1])
        heads = [m for m in inside if abs(m["end"] - core_end) <= 2 or m["start"] < core_end <= m["end"]]
        if not heads and (name := _named_in_apposition(here, last, self.mentions)):
            heads = [name]
            end = max(end, name["end"])
        named = next((m for m in heads if m["label"] == "PERSON"), None) or next(
            (m for m in heads if m["label"] in {"ORG", "NORP", "GPE"}), None
        )
        head = here.doc[core - 1]
        parts = title_words()
        lower = head.lower_
        if head.tag_ == "PRP" or lower in {"he", "she", "they", "i", "we", "it", "you", "who"}:
            basis, named = "pronoun", None
        elif named is not None:
            basis = "name"
        elif lower in parts["anonymous"] or lower in _PRONOUNS or here.doc[first].lower_ in {"one", "another"}:
            basis = "anonymous"
        elif lower in parts["group"] or head.tag_ in {"NNS", "NNPS"}:
            basis = "group"
        elif lower in parts["office"]:
            basis = "title"
        else:
            basis = "nominal"
        text = self.article.clean_text[start:end]
        made: Row = {"speaker": text, "speaker_start": start, "speaker_end": end, "speaker_basis": basis}
        made["speaker_mention_id"] = named["mention_id"] if named else None
        if named is None:
            made["unresolved_reason"] = (
                "pronoun not resolved" if basis == "pronoun" else "the speaker is not named here"
            )
        return made

    def _issue_open(self, here: _Paragraph, q: Marked) -> None:
        message = "an opening quotation mark without a closing one; the quotation is taken to end with its paragraph"
        start = here.passage.start + q.outer
        row = {"severity": "info", "code": "open_quote", "message": message, "start": start, "end": start + 1}
        self.found.issues.append(row)


_INHERITED = sorted(
    _words(
        "cue cue_lemma cue_start cue_end speaker speaker_start speaker_end speaker_mention_id speaker_basis via "
        "unresolved_reason"
    )
)


def _core_end(here: _Paragraph, first: int, last: int) -> int:
    """One past the head of the noun phrase: what stands before its first "of", "for", comma or "named"."""
    for k in range(first + 1, last):
        if here.doc[k].lower_ in {"of", "for", "at", "in", "from", "with", "on", "to", "and", ",", "("}:
            return k
        if here.doc[k].lower_ in {"named", "called"}:
            return last
    return last


def _named_in_apposition(here: _Paragraph, last: int, mentions: Sequence[Row]) -> Row | None:
    """The person in "the group's head, Dr. Ann Smith, said", where the noun phrase ends at token ``last``."""
    if last + 1 >= len(here.doc) or here.doc[last].text != ",":
        return None
    start = here.passage.start + here.doc[last + 1].idx
    return next(
        (
            m
            for m in mentions
            if m["label"] == "PERSON" and m["start"] - len(m["title"] or "") - 1 <= start <= m["start"]
        ),
        None,
    )


def _same_cue(here: _Paragraph, quote: _Quote, before: Row) -> bool:
    """Whether ``quote`` leans on the cue that stands after the direct quote before it: "A," she said, "and B"."""
    if quote.cue is None or quote.rule != "cue before" or before["rule"] != "cue after" or before["kind"] != "direct":
        return False
    same = here.passage.start + here.doc[quote.cue.first].idx == before.get("cue_start")
    first, _ = here.tokens(quote.start, quote.end)
    return same and here.doc[max(0, first - 2)].text == ","


# --- finding the cue -----------------------------------------------------------------------------


def _cue_after(here: _Paragraph, q: Marked, first: int, last: int, frame: _Frame, end_frame: _Frame) -> _Quote | None:
    """``"Words," X said`` and ``"Words," said X``: the cue right after the quotation."""
    doc = here.doc
    i = last
    if i < len(doc) and doc[i].text[0] in "—–―-" and (signed := _signed(here, i + 1)):
        return _Quote(q.start, q.end, "direct", "signature", "high", q.balanced, speaker=signed)
    while i < end_frame.last and doc[i].text in {",", "—", "–", "-", "...", "…"}:
        i += 1
    if i >= end_frame.last or here.quoted[i] >= 0 or doc[i].is_punct:
        return None
    final = here.text[q.start : q.end].rstrip("’'”\"")[-1:]
    if final == "." and not doc[i].is_lower:
        return None
    stop = next((k for k in range(i, end_frame.last) if here.quoted[k] >= 0), end_frame.last)
    cue = next((c for c in here.cues if i <= c.first < min(stop, i + 30)), None)
    if cue is None or cue.verb.kind in {"belief", "act"}:
        return None
    closed = final in ",?!…–—" or doc[last].text in {",", "—", "–"}
    between = [k for k in range(i, cue.first) if not doc[k].tag_.startswith("RB")]
    if not between:
        begin = cue.last + 1
        while begin < stop and (doc[begin].tag_ == "RB" or doc[begin].lower_ == "also"):
            begin += 1
        speaker = here.phrase_from(begin, stop)
        if cue.verb is not _ACCORDING and (doc[cue.first].tag_ == "VBG" or cue.verb.lemma == "tell"):
            return None
    else:
        if not closed:
            return None
        speaker = here.phrase_before(cue.first, i)
        if speaker is None or len([k for k in range(i, speaker[0]) if not doc[k].is_punct]) > 2:
            return None
    if speaker is None:
        return None
    words_before = any(doc[k].is_alpha for k in range(frame.first, first) if here.quoted[k] < 0)
    left = {doc[k].lower_ for k in range(frame.first, first) if doc[k].is_alpha and here.quoted[k] < 0}
    kind = "mixed" if words_before and left - {"and", "but", "so", "yet"} else "direct"
    if kind == "mixed" and _work_or_name(q, here.text):
        return _Quote(q.start, q.end, "scare", "title or name in marks", "medium", q.balanced)
    return _Quote(q.start, q.end, kind, "cue after", "high", q.balanced, cue, speaker, _via(here, cue, speaker, stop))


def _signed(here: _Paragraph, i: int) -> tuple[int, int] | None:
    """A name that closes the paragraph after a quotation and a dash."""
    phrase = here.phrase_from(i, len(here.doc))
    if phrase is None or not here.named[phrase[0]]:
        return None
    rest = [k for k in range(phrase[1], len(here.doc)) if here.doc[k].is_alpha]
    return phrase if not rest or here.doc[phrase[1]].text in {",", "("} else None


def _cue_before(here: _Paragraph, q: Marked, first: int, frame: _Frame) -> _Quote | None:
    """``X said: "words"``, ``X called it "words"``, ``according to X, "words"``: the cue before the quotation."""
    doc = here.doc
    cues = [c for c in here.cues if frame.first <= c.first < first]
    if not cues and first > frame.first and doc[first - 1].text == ":":
        cues = _any_verb(here, frame, first)
    if not cues:
        return None
    speech = [c for c in cues if c.verb.kind in {"speech", "source"}]
    nearest = cues[-1]
    near = first - nearest.last <= 8 and nearest.verb.kind == "act"
    cue = nearest if near or not speech else speech[-1]
    speaker = subject(here, cue, frame)
    tried = [cue]
    if speaker is None:
        for other in reversed([c for c in cues if c is not cue]):
            speaker, cue = subject(here, other, frame), other
            tried.append(other)
            if speaker is not None:
                break
    before = doc[first - 1].text
    begins_large = here.text[q.start].isupper() or not here.text[q.start].isalpha()
    gap = [k for k in range(cue.last + 1, first) if here.quoted[k] < 0 and doc[k].is_alpha]
    intro = before == ":" or (begins_large and (before == "," or not gap) and cue.verb.kind == "speech")
    if cue.verb.kind == "act" and before != ":":
        intro = False
    kind = "direct" if intro else "mixed"
    heard = cue.verb.hearer and before not in {":", ","}  # "told “Good Morning” that"
    if (kind == "mixed" or heard) and _work_or_name(q, here.text):
        return _Quote(q.start, q.end, "scare", "title or name in marks", "medium", q.balanced)
    if speaker is None:
        return _Quote(
            q.start, q.end, kind, "cue before", "low", q.balanced, tried[0], reason="the cue has no subject beside it"
        )
    confidence = "high" if intro or len(gap) <= 12 else "medium"
    return _Quote(
        q.start, q.end, kind, "cue before", confidence, q.balanced, cue, speaker, _via(here, cue, speaker, first)
    )


def _any_verb(here: _Paragraph, frame: _Frame, stop: int) -> list[_Cue]:
    """The main verb of words that end in a colon, when it is no verb of saying: "She scolded him:"."""
    for k in range(frame.first, stop):
        if here.doc[k].tag_ in _FINITE - {"MD"} and here.quoted[k] < 0 and here.doc[k].lower_ not in _BE | _AUXILIARY:
            return [_Cue(k, k, _Verb(here.passage.doc[k].lemma_, "speech", frozenset(), hearer=False))]
    return []


def subject(here: _Paragraph, cue: _Cue, frame: _Frame) -> tuple[int, int] | None:
    """The speaker of ``cue`` by word order, checked against the parse: tokens, or None."""
    doc = here.doc
    if cue.verb is _ACCORDING:
        return here.phrase_from(cue.last + 1, frame.last)
    token, before = doc[cue.first], doc[cue.first - 1] if cue.first > frame.first else None
    participle = token.tag_ == "VBG" or token.lower_.endswith("ing")
    if not (participle and before is not None and (before.text == "," or before.tag_ == "IN")):
        phrase = here.phrase_before(cue.first, frame.first)
        if phrase is not None:
            relative = before is not None and before.lower_ in {"which", "that"}
            return None if relative and cue.verb.kind != "speech" else _clipped(here, cue, phrase)
        if (phrase := _parsed_subject(here, cue, frame)) is not None:
            return phrase
        if before is None or not (participle or before.lower_ in {"and", "but", "to", "or", "then"}):
            return None
    verbs = [k for k in range(frame.first, cue.first) if doc[k].tag_ in _FINITE and here.quoted[k] < 0]
    if not participle:  # "X said ... but added": the nearest verb of the same form
        verbs = sorted(verbs, key=lambda k: (doc[k].tag_ != token.tag_, -k))
    elif before is not None and before.tag_ == "IN":  # "X was criticised for saying"
        verbs.reverse()
    for k in verbs:
        phrase = here.phrase_before(k, frame.first)
        if phrase is not None:
            return phrase
    return None


def _parsed_subject(here: _Paragraph, cue: _Cue, frame: _Frame) -> tuple[int, int] | None:
    """The subject that the parse gives a cue: "A man who asked not to be named said"."""
    for child in here.passage.doc[cue.first].children:
        left = child.left_edge.i
        if child.dep_ in {"nsubj", "nsubj:outer"} and frame.first <= left <= child.i < cue.first:
            return here.phrase_from(left, cue.first)
    return None


def _clipped(here: _Paragraph, cue: _Cue, phrase: tuple[int, int]) -> tuple[int, int]:
    """``phrase`` cut to the parsed subject when that begins inside it: "In May the group" -> "the group"."""
    for child in here.passage.doc[cue.first].children:
        if child.dep_.startswith("nsubj") and phrase[0] < child.left_edge.i < phrase[1] and child.i == phrase[1] - 1:
            return (child.left_edge.i, phrase[1])
    return phrase


def _via(here: _Paragraph, cue: _Cue, speaker: tuple[int, int], stop: int) -> tuple[int, int] | None:
    """The cue with its hearer: "told the paper"."""
    if cue.verb.lemma not in {"tell", "inform", "assure", "remind"}:
        return None
    hearer = here.phrase_from(cue.last + 1, stop)
    if hearer is None or hearer[0] == speaker[0]:
        return None
    away = (k for k in range(*hearer) if here.doc[k].lower_ in {"on", "in", "at", "from", "with"})
    return cue.first, next(away, hearer[1])


def _introduction(before: _Paragraph) -> _Quote | None:
    """Cue and speaker of a paragraph that ends in a colon; the span is the colon's and is not used."""
    end = len(before.text.rstrip())
    if not before.text[:end].endswith(":") or not before.frames:
        return None
    frame = before.frames[-1]
    cues = [c for c in before.cues if frame.first <= c.first < frame.last and c.verb.kind in {"speech", "source"}]
    for cue in reversed(cues or _any_verb(before, frame, frame.last)):
        speaker = subject(before, cue, frame)
        if speaker is not None:
            return _Quote(end - 1, end, "direct", "introduced", "medium", cue=cue, speaker=speaker)
    return None


def _work_or_name(q: Marked, text: str) -> bool:
    """Whether the words look like the title of a work or a name: few, and all but little ones capitalised."""
    words = re.findall(r"[\w’'-]+", text[q.start : q.end])
    large = [w for w in words if len(w) > 3 or w[0].isupper()]
    return len(words) <= 6 and all(w[0].isupper() or w[0].isdigit() for w in large) and bool(large)


def _uncued(here: _Paragraph, q: Marked) -> _Quote:
    """A quotation without a cue: speech when it is long or a sentence, else words in marks."""
    words = here.text[q.start : q.end].split()
    first, _ = here.tokens(q.outer, q.outer_end)
    frame = here.frame_of(first)
    begins = not any(here.doc[k].is_alpha for k in range(frame.first, first) if here.quoted[k] < 0)
    sentence = begins and here.text[q.end - 1] in ".?!…," and here.text[q.start].isupper() and len(words) >= 3
    if sentence or (begins and not q.balanced):
        return _Quote(q.start, q.end, "direct", "no cue", "low", q.balanced)
    if len(words) >= 5 and not _work_or_name(q, here.text):
        return _Quote(q.start, q.end, "mixed", "no cue", "low", q.balanced)
    return _Quote(q.start, q.end, "scare", "marks without speech", "medium", q.balanced)


# --- reported clauses ----------------------------------------------------------------------------


def _clauses(here: _Paragraph, used: set[int]) -> Iterator[_Quote]:
    """Reported clauses: after the cue, before it, or beside "according to"."""
    taken: list[tuple[int, int]] = []
    for frame in here.frames:
        cues = [c for c in here.cues if frame.first <= c.first < frame.last]
        for cue in cues:
            if cue.first in used or cue.verb.kind == "act":
                continue
            clause = _clause(here, cue, cues, frame)
            if clause is None or _all_quoted(here, clause.start, clause.end):
                continue
            if any(s <= clause.start and clause.end <= e and cue.verb.kind == "belief" for s, e in taken):
                continue
            if (clause.start, clause.end) in taken:
                continue
            taken.append((clause.start, clause.end))
            yield clause


def _all_quoted(here: _Paragraph, start: int, end: int) -> bool:
    first, last = here.tokens(start, end)
    return all(here.quoted[k] >= 0 or not here.doc[k].is_alpha for k in range(first, last))


def _clause(here: _Paragraph, cue: _Cue, cues: list[_Cue], frame: _Frame) -> _Quote | None:
    doc = here.doc
    if cue.verb is _ACCORDING:
        speaker = here.phrase_from(cue.last + 1, frame.last)
        if speaker is None:
            return None
        if any(doc[k].is_alpha for k in range(frame.first, cue.first)):
            return _quote_of(here, frame.first, cue.first, cue, speaker, "according to", "high")
        comma = next((k for k in range(speaker[1], frame.last) if doc[k].text == ","), None)
        if comma is None:
            return None
        return _quote_of(here, comma + 1, frame.last, cue, speaker, "according to", "high")
    if cue.verb.kind != "speech" and doc[cue.first].tag_ not in _FINITE:
        return None
    speaker = subject(here, cue, frame)
    begin, rule = _clause_start(here, cue, frame)
    if rule == "to clause" and doc[cue.first].tag_ not in _FINITE | {"VBN"}:
        return None
    if begin is not None and speaker is not None:
        end = _clause_end(here, begin, cue, cues, frame)
        confidence = "low" if cue.verb.kind == "belief" else "high" if rule == "that clause" else "medium"
        return _quote_of(here, begin, end, cue, speaker, rule, confidence, _via(here, cue, speaker, begin))
    if cue.verb.kind != "speech" or doc[cue.first].tag_ == "VBG":
        return None
    return _parenthetical(here, cue, frame)


def _clause_start(here: _Paragraph, cue: _Cue, frame: _Frame) -> tuple[int | None, str]:
    """The first token of the clause after ``cue``, and the rule that found it."""
    doc, takes = here.doc, cue.verb.takes
    i = cue.last + 1
    hearer = here.phrase_from(i, frame.last) if cue.verb.hearer else None
    if hearer and (cue.verb.lemma == "tell" or not _finite_follows(here, hearer[1], frame.last)):
        i = hearer[1]
    that = _that_after(here, i, frame.last) if "that" in takes else None
    if that is not None:
        return that + 1, "that clause"
    if i >= frame.last or doc[i].is_punct:
        return None, ""
    word = doc[i].lower_
    if word in {"how", "why", "whether", "what", "where", "when", "if"} and "wh" in takes:
        return i, "wh clause"
    if word == "to" and "to" in takes and doc[i].tag_ != "IN":
        return i, "to clause"
    if "that" in takes:
        j = i
        while j < frame.last - 1 and (doc[j].tag_.startswith("RB") or _time_at(here, j)):
            j += 1
        if here.quoted[min(j, frame.last - 1)] >= 0:
            return None, ""
        phrase = here.phrase_from(j, frame.last)
        if phrase is None and doc[j].lower_ in {"there", "this", "that", "it", "these", "those"}:
            phrase = (j, j + 1)
        if phrase is not None and _finite_follows(here, phrase[1], frame.last):
            return j, "bare clause"
        if phrase is not None and cue.verb.lemma == "say" and here.phrase_before(cue.first, frame.first) is not None:
            comma = next((k for k in range(phrase[1], frame.last) if doc[k].text == ","), frame.last)
            if any(doc[k].tag_ in _FINITE and here.quoted[k] < 0 for k in range(phrase[1], comma)):
                return j, "bare clause"  # "said the talks held in May had failed"
        if doc[j].tag_ in {"IN", "VBG", "VBN", "TO"} and doc[j].lower_ not in {"if", "because", "after", "while", "as"}:
            return None, ""
        if any(
            child.dep_ == "ccomp" and child.i > j and child.left_edge.i == j
            for child in here.passage.doc[cue.first].children
        ):
            return j, "bare clause"
    return None, ""


def _that_after(here: _Paragraph, i: int, last: int) -> int | None:
    """The "that" that opens a clause: right after token ``i``, or after adverbs, times and "in a statement"."""
    doc, k = here.doc, i
    while k < min(last, i + 14) and here.quoted[k] < 0:
        word, tag = doc[k].lower_, doc[k].tag_
        if word == "that":
            if k + 1 >= last:
                return None
            relative = doc[k + 1].tag_ in _FINITE and here.quoted[k + 1] < 0
            return None if relative or (tag == "DT" and doc[k + 1].is_punct) else k
        if tag.startswith("RB") or word in _TIMES or tag == "CD" or word == "," or word in {"last", "this", "late"}:
            k += 1
        elif tag in {"IN", "TO"} and (phrase := here.phrase_from(k + 1, last)):
            k = phrase[1]
        else:
            return None
    return None


def _time_at(here: _Paragraph, k: int) -> bool:
    """Whether token ``k`` is a time such as "Tuesday", or opens one: "this week"."""
    following = here.doc[k + 1].lower_ if k + 1 < len(here.doc) else ""
    return here.doc[k].lower_ in _TIMES or (here.doc[k].lower_ in {"this", "last"} and following in _TIMES)


def _finite_follows(here: _Paragraph, k: int, last: int) -> bool:
    while k < last and here.doc[k].tag_.startswith("RB"):
        k += 1
    return k < last and here.quoted[k] < 0 and here.doc[k].tag_ in _FINITE


def _clause_end(here: _Paragraph, begin: int, cue: _Cue, cues: list[_Cue], frame: _Frame) -> int:
    """One past the clause: the frame's end, or where another word of saying takes over."""
    doc = here.doc
    for other in cues:
        k = other.first
        if k <= begin + 1 or other is cue:
            continue
        before = doc[k - 1]
        if before.text == "," and (doc[k].tag_ == "VBG" or here.phrase_from(other.last + 1, frame.last)):
            return k - 1
        if before.lower_ in {"and", "but"} and doc[k].tag_ == doc[cue.first].tag_:
            return k - 2 if doc[k - 2].text == "," else k - 1
        if other.verb is _ACCORDING:
            return k - 1 if before.text == "," else k
        own = here.phrase_before(k, begin)
        joined = own is not None and own[0] > begin + 2 and doc[own[0] - 1].lower_ in {"and", "but", "while", "though"}
        if own is not None and joined and doc[own[0] - 2].text == ",":
            return own[0] - 2
    for k in range(begin + 2, frame.last - 2):
        if here.quoted[k] < 0 and (doc[k].text == ";" or (doc[k].text == "," and doc[k + 1].lower_ == "but")):
            phrase = here.phrase_from(k + 2, frame.last)
            if doc[k].text == ";" or (phrase is not None and _finite_follows(here, phrase[1], frame.last)):
                return k
    return frame.last


def _parenthetical(here: _Paragraph, cue: _Cue, frame: _Frame) -> _Quote | None:
    """``Words, X said.`` and ``Words, X said, more words``: the cue after or inside the clause."""
    doc = here.doc
    speaker = here.phrase_before(cue.first, frame.first)
    left, right = (speaker[0] if speaker else cue.first), cue.last + 1
    if speaker is None or (left > frame.first and doc[left - 1].text not in {",", "—", "–"}):
        if cue.first > frame.first and doc[cue.first - 1].text == "," and cue.verb.lemma != "tell":
            speaker = here.phrase_from(cue.last + 1, frame.last)
            if speaker is None:
                return None
            left, right = cue.first, speaker[1]
        else:
            return None
    if left <= frame.first + 1 or not _ends_or_adjunct(here, right, frame.last):
        return None
    comma = left - 1
    if here.quoted[comma] >= 0 and not any(doc[k].is_alpha for k in range(frame.first, comma) if here.quoted[k] < 0):
        return None
    if here.quoted[comma] < 0 and doc[comma].text not in {",", "—", "–"}:
        return None
    inside = right < frame.last - 2 and doc[right].text == ","
    clause = [*range(frame.first, comma), *(range(right, frame.last) if inside else ())]
    if not any(doc[k].tag_ in _FINITE for k in clause):
        return None
    end = frame.last if inside else comma
    return _quote_of(here, frame.first, end, cue, speaker, "cue inside" if inside else "cue after clause", "medium")


def _ends_or_adjunct(here: _Paragraph, k: int, last: int) -> bool:
    """Whether nothing follows token ``k`` but a mark, a time, or words such as "in a statement"."""
    while k < last and (here.doc[k].tag_.startswith("RB") or here.doc[k].lower_ in _TIMES):
        k += 1
    if k >= last or here.doc[k].is_punct:
        return True
    return here.doc[k].tag_ in {"IN", "CC"} and k + 1 < last and here.doc[k + 1].tag_ != "VBG"


def _quote_of(
    here: _Paragraph,
    first: int,
    last: int,
    cue: _Cue,
    speaker: tuple[int, int],
    rule: str,
    confidence: str,
    via: tuple[int, int] | None = None,
) -> _Quote | None:
    """An indirect quote over the tokens ``first``..``last``, outer punctuation trimmed."""
    doc = here.doc
    while first < last and doc[first].is_punct and here.quoted[first] < 0:
        first += 1
    while last > first and doc[last - 1].text in {".", ",", ";", ":", "—", "–", "?", "!", "-"}:
        last -= 1
    if sum(doc[k].is_alpha for k in range(first, last)) < 2:
        return None
    start, end = here.span(first, last)
    return _Quote(start, end, "indirect", rule, confidence, cue=cue, speaker=speaker, via=via)
