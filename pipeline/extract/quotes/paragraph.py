"""One paragraph as the rules see it: words, quotations, frames and cues.

A frame is a sentence seen without the words in its quotations: in ``"We left. At once," she said.``
the frame is all of it, and the words of the frame are "she said".
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.extract.mentions import title_words
from pipeline.extract.quotes.marks import Marked, pair_marks
from pipeline.extract.quotes.speech import ACCORDING, Cue, speech_verbs
from pipeline.nlp.model import abbreviations

if TYPE_CHECKING:
    from pipeline.nlp.passages import Passage, Row

NOUN = {"NN", "NNS", "NNP", "NNPS"}
FINITE = {"VBD", "VBZ", "VBP", "MD"}
BE = {"be", "is", "was", "are", "were", "been", "being", "'s", "’s", "'re", "’re", "am", "'m", "’m"}
_SURE = {"said", "says", "told", "wrote", "writes", "added", "adds", "tells"}
"""Forms that are cues whatever the tagger says."""


@dataclass(frozen=True, slots=True)
class Word:
    """What the rules ask of a token, read once: a token's own attributes are slow to ask for again and again.

    ``idx``..``end`` are its characters in the paragraph.
    """

    text: str
    lower_: str
    tag_: str
    idx: int
    end: int
    is_alpha: bool
    is_punct: bool
    is_title: bool
    is_lower: bool


@dataclass(frozen=True)
class Frame:
    """A sentence seen without the words in its quotations: tokens ``first``..``last`` (exclusive)."""

    first: int
    last: int


class Paragraph:
    """One passage with its quotations, frames and cues.

    ``doc``, ``quoted`` and ``named`` have one item per token: the word; the index in ``quotations`` of the
    outer quotation it stands in, or -1; the label of the mention that covers it, or "". ``mentions`` are the
    passage's own.
    """

    def __init__(self, article_id: str, passage: Passage, mentions: Sequence[Row]) -> None:
        self.article_id = article_id
        self.passage = passage
        self.mentions = mentions
        self.text: str = passage.doc.text
        self.doc = [
            Word(t.text, t.lower_, t.tag_, t.idx, t.idx + len(t), t.is_alpha, t.is_punct, t.is_title, t.is_lower)
            for t in passage.doc
        ]
        self._starts = [word.idx for word in self.doc]
        self.quotations = pair_marks(self.text)
        self.quoted = [-1] * len(self.doc)
        for i, q in enumerate(self.quotations):
            if q.parent is None:
                first, last = bisect_left(self._starts, q.outer), bisect_left(self._starts, q.outer_end)
                self.quoted[first:last] = [i] * (last - first)
        self.named = [""] * len(self.doc)
        for m in mentions:
            self._mark_name(m)
        self.frames = list(self._frames())
        self.cues = list(self._cues())

    def _mark_name(self, mention: Row) -> None:
        first, last = self.tokens(mention["start"] - self.passage.start, mention["end"] - self.passage.start)
        for k in range(first, last):
            self.named[k] = mention["label"]
            word = self.doc[k]  # a rare name may be tagged as an adverb or a verb
            if mention["label"] != "NORP" and word.text[0].isupper() and word.tag_ not in NOUN:
                self.doc[k] = replace(word, tag_="NNP")

    # --- places ----------------------------------------------------------------------------------

    def tokens(self, start: int, end: int) -> tuple[int, int]:
        """First and one past the last token of the characters ``start``..``end``."""
        first, last = max(0, bisect_right(self._starts, start) - 1), bisect_left(self._starts, end)
        while first < last and self.doc[first].end <= start:
            first += 1
        return (first, last) if first < last else (0, 0)

    def tokens_of(self, q: Marked) -> tuple[int, int]:
        """First and one past the last token of a quotation, its marks included."""
        return self.tokens(q.outer, q.outer_end)

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The characters of the tokens ``first``..``last``, outer white space left out."""
        start, end = self.doc[first].idx, self.doc[last - 1].end
        words = self.text[start:end]
        return start + len(words) - len(words.lstrip()), start + len(words.rstrip())

    def frame_of(self, i: int) -> Frame:
        """The frame that holds token ``i``."""
        return next(frame for frame in self.frames if frame.first <= i < frame.last)

    def cues_in(self, first: int, last: int) -> list[Cue]:
        """The cues that begin within the tokens ``first``..``last``."""
        return [cue for cue in self.cues if first <= cue.first < last]

    def unquoted_words(self, first: int, last: int) -> list[str]:
        """The words outside quotations, in lower case, within the tokens ``first``..``last``."""
        return [self.doc[k].lower_ for k in range(first, last) if self.quoted[k] < 0 and self.doc[k].is_alpha]

    # --- frames ----------------------------------------------------------------------------------

    def _frames(self) -> Iterator[Frame]:
        first = 0
        for i in range(len(self.doc)):
            if i + 1 == len(self.doc) or self._ends_frame(i):
                yield Frame(first, i + 1)
                first = i + 1

    def _ends_frame(self, i: int) -> bool:
        word, following = self.doc[i].text, self.doc[i + 1]
        if self.quoted[i] >= 0:
            q = self.quotations[self.quoted[i]]
            if self.quoted[i + 1] == self.quoted[i] or self.text[q.end - 1] not in ".?!…":
                return False
            if self.text[q.end - 1] == "." or self.quoted[i + 1] >= 0:
                return not following.is_lower
            return not following.is_lower and not self._speech_near(i + 1)
        if word not in {".", "?", "!", "…", "..."} or following.is_lower or following.text in {",", ";", ")"}:
            return False
        before = self.doc[i - 1].text if i else ""
        initial = len(before) == 1 and before.isupper()
        numbered = before.lower() in abbreviations()["before_numbers"] and following.text[:1].isdecimal()
        return not (word == "." and (initial or numbered or before.lower() in title_words()["rank"]))

    def _speech_near(self, i: int) -> bool:
        """Whether a verb of speech stands within the five tokens from ``i``, no mark between."""
        for k in range(i, min(i + 5, len(self.doc))):
            word = self.doc[k]
            if self.quoted[k] >= 0 or word.is_punct:
                return False
            verb = speech_verbs().get(word.lower_)
            if verb is not None and verb.kind == "speech" and (word.tag_ in FINITE or word.lower_ in _SURE):
                return True
        return False

    # --- cues ------------------------------------------------------------------------------------

    def _cues(self) -> Iterator[Cue]:
        verbs = speech_verbs()
        for i, token in enumerate(self.doc):
            if self.quoted[i] >= 0:
                continue
            two = f"{token.lower_} {self.doc[i + 1].lower_}" if i + 1 < len(self.doc) else token.lower_
            if two == "according to":
                yield Cue(i, i + 1, ACCORDING)
                continue
            verb = verbs.get(two) or verbs.get(token.lower_)
            if verb is None or (i and self.doc[i - 1].lower_ in {"-", "so", "so-"}):
                continue  # "so-called"
            bare = i > 0 and self.doc[i - 1].tag_ in {"TO", "MD"}
            if (token.tag_.startswith("VB") or bare or token.lower_ in _SURE) and not self._passive(i):
                yield Cue(i, i + 1 if two in verbs and " " in two else i, verb)

    def _passive(self, i: int) -> bool:
        if self.doc[i].tag_ not in {"VBN", "VBD"} or self.doc[i].lower_.endswith("ing"):
            return False
        k = i - 1
        while k >= 0 and (self.doc[k].tag_.startswith("RB") or self.doc[k].lower_ == "not"):
            k -= 1
        return k >= 0 and self.doc[k].lower_ in BE
