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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import TYPE_CHECKING

from pipeline.extract.mentions import title_words
from pipeline.ids import content_id
from pipeline.nlp.passages import Article, Found, Passage, Row

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from pipeline.settings import ExtractSettings

# --- quotation marks -----------------------------------------------------------------------------

_OPEN, _CLOSE = "“„«‟", "”»"
_SINGLE = "‘’'`"
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
    stack: list[tuple[str, int]] = []
    made: list[tuple[int, int, bool]] = []
    singles: dict[int, int] = _pair_singles(text)
    for i, ch in enumerate(text):
        if ch in _OPEN or ch in _CLOSE or ch == '"':
            families = [family for family, _ in stack]
            before, after = text[i - 1 : i], text[i + 1 : i + 2]
            can_open = (not before or before.isspace() or before in "([{—–-‘'“/…:") and after and not after.isspace()
            if ch == '"':
                if before.isdigit() and '"' not in families and after and not after.isalpha():
                    continue  # inches, seconds
                closes = '"' in families or (not can_open and bool(families))
            elif ch in _OPEN:
                closes = "“" in families and not can_open
            else:
                closes = bool(families)
            if closes:
                family = '"' if ch == '"' else "“"
                depth = max((k for k, f in enumerate(families) if f == family), default=len(stack) - 1)
                for _, start in stack[depth + 1 :]:
                    made.append((start, i, False))
                made.append((stack[depth][1], i, True))
                del stack[depth:]
            elif can_open:
                stack.append(("“" if ch != '"' else '"', i))
    made += [(start, len(text), False) for _, start in stack]
    made += [(start, end, True) for start, end in singles.items()]
    made.sort(key=lambda m: (m[0], -m[1]))
    quotations: list[Marked] = []
    open_ones: list[int] = []
    for first, last, balanced in made:
        while open_ones and quotations[open_ones[-1]].outer_end <= first:
            open_ones.pop()
        if open_ones and last > quotations[open_ones[-1]].outer_end:
            continue  # crossing marks: the outer pair stands
        start, end = first + 1, last
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if not any(c.isalnum() for c in text[start:end]):
            continue
        parent = open_ones[-1] if open_ones else None
        quotations.append(Marked(start, end, first, min(len(text), last + 1), balanced, parent))
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
            if text[j] in "’'" and (j + 1 == len(text) or not text[j + 1].isalnum()):
                close = j
                if text[j - 1] not in "sz":  # "the workers' rights": maybe a plural's possessive
                    break
        if close is not None and text[j - 1 : j] == "s" and close != j:
            close = close if close > i else None
        if close is None:
            i += 1
        else:
            pairs[i] = close
            i = close + 1
    return pairs


def _opens_single(text: str, i: int) -> bool:
    if text[i] not in "‘'`" or i + 1 >= len(text) or not text[i + 1].isalnum():
        return False
    if i and not (text[i - 1].isspace() or text[i - 1] in "([{—–“\"/"):
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
    """A row in the making; ``quotation`` is the index of the marks it came from."""

    start: int
    end: int
    kind: str
    rule: str
    confidence: str
    balanced: bool = True
    cue: _Cue | None = None
    speaker: tuple[int, int] | None = None
    via: tuple[int, int] | None = None
    continues: str | None = None
    within: str | None = None
    basis: str | None = None
    reason: str | None = None
    inherits: Row | None = None
    ids: list[str] = field(default_factory=list)


class _Paragraph:
    """One passage with its quotations, frames and cues."""

    def __init__(self, passage: Passage) -> None:
        self.passage = passage
        self.doc: Doc = passage.doc
        self.text: str = passage.doc.text
        self.quotations = pair_marks(self.text)
        self.outer = [i for i, q in enumerate(self.quotations) if q.parent is None]
        self.quoted = [-1] * len(self.doc)
        for i in self.outer:
            q = self.quotations[i]
            for token in self.doc:
                if q.outer <= token.idx < q.outer_end:
                    self.quoted[token.i] = i
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
        return not (word == "." and (len(before) == 1 and before.isupper() or before.lower() in title_words()["rank"]))

    def _cue_near(self, i: int) -> int | None:
        """The place of a sure cue within the four tokens from ``i``."""
        return next((k for k in range(i, min(i + 4, len(self.doc))) if self.doc[k].lower_ in _SURE), None)

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
            if verb is None or not (token.tag_.startswith("VB") or word in _SURE) or self._passive(i):
                continue
            yield _Cue(i, i + 1 if two in verbs else i, verb)

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
        inside = [token.i for token in self.doc if token.idx < end and token.idx + len(token) > start]
        return (inside[0], inside[-1] + 1) if inside else (0, 0)

    def free(self, first: int, last: int) -> bool:
        """Whether no token of ``first``..``last`` is quoted."""
        return all(self.quoted[k] < 0 for k in range(first, last))

    # --- noun phrases ----------------------------------------------------------------------------

    def phrase_from(self, i: int, last: int) -> tuple[int, int] | None:
        """The short noun phrase that begins at token ``i``, within ``last``; None if none does."""
        doc = self.doc
        if i >= last or self.quoted[i] >= 0:
            return None
        if doc[i].tag_ in {"PRP", "WP"} or doc[i].lower_ in _PRONOUNS:
            return (i, i + 1)
        k = self._core(i, last)
        if k is None:
            return None
        while k + 1 < last and self.quoted[k] < 0:
            word = doc[k].lower_
            named = doc[k - 1].tag_.startswith("NNP")
            if word in {"of", "for"} or (word in {"at", "in", "from", "with", "on", "to"} and not named):
                after = self._core(k + 1, last)
            elif word in {"and", "&"} and doc[k + 1].tag_ not in {"PRP"}:
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

    def _core(self, i: int, last: int) -> int | None:
        """One past a plain noun phrase that begins at ``i``: determiners, adjectives, nouns, possessives."""
        doc, k, nouns = self.doc, i, 0
        while k < last and self.quoted[k] < 0:
            token = doc[k]
            if token.tag_ in _NOUN or (token.tag_ == "CD" and nouns == 0):
                if nouns and token.lower_ in _DAYS:
                    break
                nouns += 1
            elif token.tag_ in {"POS", "HYPH", "AFX"} or token.text in {"-", "’s", "'s", "&"}:
                pass
            elif token.tag_ in _PREMODIFIER and (nouns == 0 or doc[k - 1].tag_ in {"POS", "HYPH"} or token.tag_ == "JJ"):
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
        while k > first and (
            doc[k - 1].tag_ in {"RB", "RBR", "MD", "TO"} or doc[k - 1].lower_ in _AUXILIARY or doc[k - 1].lower_ == "all"
        ):
            k -= 1
        if k <= first or self.quoted[k - 1] >= 0:
            return None
        if doc[k - 1].lower_ in {"who", "which", "that"} and k - 1 > first:
            return self._antecedent(k - 1, first)
        if doc[k - 1].tag_ == "PRP" or doc[k - 1].lower_ in _PRONOUNS:
            return (k - 1, k)
        if doc[k - 1].text in {",", ")"}:
            return self._before_apposition(k - 1, first)
        best = None
        for start in range(k - 1, max(first, k - 16) - 1, -1):
            if self.quoted[start] >= 0 or doc[start].text in {",", ";", ":", "—", "–"}:
                break
            phrase = self.phrase_from(start, k)
            if phrase is not None and phrase[1] == k:
                if start > first and doc[start - 1].tag_ == "IN" and best is not None and doc[best].tag_ in {"DT", "PRP$"}:
                    if doc[start - 1].lower_ not in {"of", "for"}:
                        break
                best = start
            elif doc[start].tag_ in _FINITE or doc[start].tag_ in {"VBG", "VB", "WDT", "WP", "WRB"}:
                break
        return (best, k) if best is not None else None

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
_PRONOUNS = set("he she they i we it you one someone everyone many some others both few another".split())
_AUXILIARY = set("has have had 've ’ve 'd ’d is was were are been be does did do will would 'll ’ll also then".split())
_DAYS = set("monday tuesday wednesday thursday friday saturday sunday today yesterday".split())


def find_quotes(article: Article, mentions: Sequence[Row], settings: ExtractSettings) -> Found:  # noqa: ARG001
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
        self.ids: set[str] = set()
        before: _Paragraph | None = None
        last: Row | None = None
        for passage in article.passages:
            here = _Paragraph(passage)
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
            if row["kind"] == "mixed":
                holders = [c for c in clauses if c["start"] <= row["start"] and row["end"] <= c["end"]]
                if holders:
                    row["within_quote_id"] = min(holders, key=lambda c: c["end"] - c["start"])["quote_id"]
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
        introduction = _introduction(before)
        if introduction is None:
            return None
        cue, speaker = introduction
        row = self._row(before, _Quote(0, 1, "direct", "introduced", "medium", cue=cue, speaker=speaker), keep=False)
        return _Quote(q.start, q.end, "direct", "introduced", "high", q.balanced, inherits=row)

    def _introduced_paragraph(self, here: _Paragraph, before: _Paragraph) -> list[Row]:
        introduction = _introduction(before)
        if introduction is None or not before.text.rstrip().endswith(":") or len(here.text.split()) < 8:
            return []
        cue, speaker = introduction
        if cue.verb.kind != "speech" or len(before.doc) - cue.last > 8:
            return []
        row = self._row(before, _Quote(0, 1, "direct", "introduced", "medium", cue=cue, speaker=speaker), keep=False)
        quote = _Quote(0, len(here.text), "direct", "introduced", "medium", balanced=False, inherits=row)
        return [self._row(here, quote)]

    # --- rows ------------------------------------------------------------------------------------

    def _row(self, here: _Paragraph, quote: _Quote, *, keep: bool = True) -> Row:  # noqa: ARG002
        offset = here.passage.start
        start, end = offset + quote.start, offset + quote.end
        row: Row = {
            "quote_id": content_id("q", self.article.article_id, start, end, quote.kind),
            "start": start,
            "end": end,
            "kind": quote.kind,
            "within_quote_id": quote.within,
            "continues_quote_id": quote.continues,
            "balanced": quote.balanced,
            "rule": quote.rule,
            "confidence": quote.confidence,
            "speaker_basis": "none",
        }
        if quote.inherits is not None:
            for column in _INHERITED:
                row[column] = quote.inherits.get(column)
            if quote.continues:
                row["speaker_basis"] = "continued" if row["speaker"] else "none"
            return row
        if quote.cue is not None:
            cue = here.doc[quote.cue.first : quote.cue.last + 1]
            row |= {"cue": cue.text, "cue_lemma": quote.cue.verb.lemma}
            row["cue_start"], row["cue_end"] = here.passage.span(cue)
        if quote.speaker is not None:
            row |= self._speaker(here, quote.speaker)
        elif quote.kind != "scare":
            row["unresolved_reason"] = quote.reason or "no words of saying beside it"
        if quote.via is not None:
            row["via"] = here.doc[quote.via[0] : quote.via[1]].text
        return row

    def _speaker(self, here: _Paragraph, tokens: tuple[int, int]) -> Row:
        """The speaker's columns: the words, the mention that names them, and on what basis."""
        first, last = tokens
        words = here.doc[first:last]
        start, end = here.passage.span(words)
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
        elif lower in parts["anonymous"] or lower in _PRONOUNS or words[0].lower_ in {"one", "another"}:
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
            made["unresolved_reason"] = "pronoun not resolved" if basis == "pronoun" else "the speaker is not named here"
        return made

    def _issue_open(self, here: _Paragraph, q: Marked) -> None:
        message = "an opening quotation mark without a closing one; the quotation is taken to end with its paragraph"
        start = here.passage.start + q.outer
        row = {"severity": "info", "code": "open_quote", "message": message, "start": start, "end": start + 1}
        self.found.issues.append(row)


_INHERITED = (
    "cue cue_lemma cue_start cue_end speaker speaker_start speaker_end speaker_mention_id speaker_basis via "
    "unresolved_reason"
).split()


def _core_end(here: _Paragraph, first: int, last: int) -> int:
    """One past the head of the noun phrase: what stands before its first "of", "for", comma or "named"."""
    for k in range(first + 1, last):
        if here.doc[k].lower_ in {"of", "for", "at", "in", "from", "with", "on", "to", "and", ",", "("}:
            return k
        if here.doc[k].lower_ in {"named", "called"}:
            return last
    return last


def _named_in_apposition(here: _Paragraph, last: int, mentions: Sequence[Row]) -> Row | None:
    """The person in "the group's head, Ann Smith, said", where the noun phrase ends at token ``last``."""
    if last + 1 >= len(here.doc) or here.doc[last].text != ",":
        return None
    start = here.passage.start + here.doc[last + 1].idx
    return next((m for m in mentions if m["label"] == "PERSON" and m["start"] == start), None)


# --- finding the cue -----------------------------------------------------------------------------


def _cue_after(
    here: _Paragraph, q: Marked, first: int, last: int, frame: _Frame, end_frame: _Frame
) -> _Quote | None:
    """``"Words," X said`` and ``"Words," said X``: the cue right after the quotation."""
    doc = here.doc
    i = last
    while i < end_frame.last and doc[i].text in {",", "—", "–", "-", "...", "…"}:
        i += 1
    if i >= end_frame.last or here.quoted[i] >= 0 or doc[i].is_punct:
        return None
    final = here.text[q.end - 1]
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
        while begin < stop and (doc[begin].tag_ == "RB" or doc[begin].lower_ in {"also"}):
            begin += 1
        speaker = here.phrase_from(begin, stop)
        if cue.verb is not _ACCORDING and not closed and doc[begin - 1].tag_ == "VBG":
            return None
        if cue.verb.hearer and speaker is not None and cue.verb.lemma != "tell":
            pass
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
    return _Quote(
        q.start, q.end, kind, "cue after", "high", q.balanced, cue, speaker, _via(here, cue, speaker, stop)
    )


def _cue_before(here: _Paragraph, q: Marked, first: int, frame: _Frame) -> _Quote | None:
    """``X said: "words"``, ``X called it "words"``, ``according to X, "words"``: the cue before the quotation."""
    doc = here.doc
    cues = [c for c in here.cues if frame.first <= c.first < first]
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
    if kind == "mixed" and _work_or_name(q, here.text):
        return _Quote(q.start, q.end, "scare", "title or name in marks", "medium", q.balanced)
    if speaker is None:
        return _Quote(
            q.start, q.end, kind, "cue before", "low", q.balanced, tried[0], reason="the cue has no subject beside it"
        )
    confidence = "high" if intro or len(gap) <= 12 else "medium"
    return _Quote(q.start, q.end, kind, "cue before", confidence, q.balanced, cue, speaker, _via(here, cue, speaker, first))


def subject(here: _Paragraph, cue: _Cue, frame: _Frame) -> tuple[int, int] | None:
    """The speaker of ``cue`` by word order, checked against the parse: tokens, or None."""
    doc = here.doc
    if cue.verb is _ACCORDING:
        return here.phrase_from(cue.last + 1, frame.last)
    phrase = here.phrase_before(cue.first, frame.first)
    if phrase is not None:
        return _clipped(here, cue, phrase)
    token = doc[cue.first]
    if token.tag_ == "VBG" or (cue.first > frame.first and doc[cue.first - 1].lower_ in {"and", "but", "to", "or", ","}):
        earlier = [k for k in range(frame.first, cue.first) if doc[k].tag_ in _FINITE and here.quoted[k] < 0]
        for k in reversed(earlier):
            phrase = here.phrase_before(k, frame.first)
            if phrase is not None:
                return phrase
    return None


def _clipped(here: _Paragraph, cue: _Cue, phrase: tuple[int, int]) -> tuple[int, int]:
    """``phrase`` cut to the parsed subject when that begins inside it: "In May the group" -> "the group"."""
    for child in here.doc[cue.first].children:
        if child.dep_.startswith("nsubj") and phrase[0] < child.left_edge.i < phrase[1] and child.i == phrase[1] - 1:
            return (child.left_edge.i, phrase[1])
    return phrase


def _via(here: _Paragraph, cue: _Cue, speaker: tuple[int, int], stop: int) -> tuple[int, int] | None:
    """ "told the paper": the cue with its hearer."""
    if cue.verb.lemma not in {"tell", "inform", "assure", "remind"}:
        return None
    hearer = here.phrase_from(cue.last + 1, stop)
    return (cue.first, hearer[1]) if hearer is not None and hearer[0] != speaker[0] else None


def _introduction(before: _Paragraph) -> tuple[_Cue, tuple[int, int]] | None:
    """Cue and speaker of a paragraph that ends in a colon."""
    if not before.text.rstrip().endswith(":") or not before.frames:
        return None
    frame = before.frames[-1]
    cues = [c for c in before.cues if frame.first <= c.first < frame.last and c.verb.kind in {"speech", "source"}]
    for cue in reversed(cues):
        speaker = subject(before, cue, frame)
        if speaker is not None:
            return cue, speaker
    return None


def _work_or_name(q: Marked, text: str) -> bool:
    """Whether the words look like the title of a work or a name: few, and all but little ones capitalised."""
    words = [w for w in re.findall(r"[\w’'-]+", text[q.start : q.end])]
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
    speaker = subject(here, cue, frame)
    begin, rule = _clause_start(here, cue, frame)
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
    if cue.verb.hearer and (hearer := here.phrase_from(i, frame.last)):
        if not (cue.verb.lemma != "tell" and _finite_follows(here, hearer[1], frame.last)):
            i = hearer[1]
    k = i
    while k < min(frame.last, i + 12):
        word = doc[k].lower_
        if word == "that" and doc[k].tag_ in {"IN", "WDT"} and "that" in takes:
            return k + 1, "that clause"
        if here.quoted[k] >= 0 or doc[k].tag_ in _FINITE or doc[k].text in {":", ";"}:
            break
        k += 1
    if i >= frame.last:
        return None, ""
    word = doc[i].lower_
    if word in {"how", "why", "whether", "what", "where", "when", "if"} and "wh" in takes:
        return i, "wh clause"
    if word == "to" and "to" in takes and doc[i].tag_ != "IN":
        return i, "to clause"
    if "that" in takes:
        j = i
        while j < frame.last and (doc[j].tag_.startswith("RB") or doc[j].lower_ in _DAYS):
            j += 1
        if here.quoted[min(j, frame.last - 1)] >= 0:
            return None, ""
        phrase = here.phrase_from(j, frame.last)
        if phrase is None and doc[j].lower_ in {"there", "this", "that", "it", "these", "those"}:
            phrase = (j, j + 1)
        if phrase is not None and _finite_follows(here, phrase[1], frame.last):
            return j, "bare clause"
        if any(child.dep_ == "ccomp" and child.i > j and child.left_edge.i == j for child in doc[cue.first].children):
            return j, "bare clause"
    return None, ""


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
        if doc[k].tag_ == "VBG" and before.text == ",":
            return k - 1
        if before.lower_ in {"and", "but"} and doc[k].tag_ == doc[cue.first].tag_:
            return k - 2 if doc[k - 2].text == "," else k - 1
        if other.verb is _ACCORDING:
            return k - 1 if before.text == "," else k
    return frame.last


def _parenthetical(here: _Paragraph, cue: _Cue, frame: _Frame) -> _Quote | None:
    """``Words, X said.`` and ``Words, X said, more words``: the cue after or inside the clause."""
    doc = here.doc
    speaker = here.phrase_before(cue.first, frame.first)
    left, right = (speaker[0] if speaker else cue.first), cue.last + 1
    if speaker is None or (left > frame.first and doc[left - 1].text not in {",", "—", "–"}):
        if cue.first > frame.first and doc[cue.first - 1].text == ",":
            speaker = here.phrase_from(cue.last + 1, frame.last)
            if speaker is None:
                return None
            left, right = cue.first, speaker[1]
        else:
            return None
    if left <= frame.first + 1:
        return None
    comma = left - 1
    if here.quoted[comma] >= 0 and not any(
        doc[k].is_alpha for k in range(frame.first, comma) if here.quoted[k] < 0
    ):
        return None
    if here.quoted[comma] < 0 and doc[comma].text not in {",", "—", "–"}:
        return None
    if not any(doc[k].tag_ in _FINITE for k in range(frame.first, comma)):
        return None
    inside = right < frame.last - 2 and doc[right].text == ","
    end = frame.last if inside else comma
    return _quote_of(here, frame.first, end, cue, speaker, "cue inside" if inside else "cue after clause", "medium")


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
    start, end = doc[first].idx, doc[last - 1].idx + len(doc[last - 1])
    return _Quote(start, end, "indirect", rule, confidence, cue=cue, speaker=speaker, via=via)
