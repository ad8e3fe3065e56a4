"""Reported clauses: what somebody said without quotation marks.

After the cue ("X said that ..."), before it or around it ("..., X said"), or beside "according to".
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.extract.quotes.paragraph import FINITE, Frame, Paragraph
from pipeline.extract.quotes.phrases import TIMES, Tokens, phrase_before, phrase_from
from pipeline.extract.quotes.speech import ACCORDING, Cue, Quote
from pipeline.extract.quotes.subjects import hearer, subject

_DASHES = {"—", "–"}
_QUESTION = {"how", "why", "whether", "what", "where", "when", "if"}


def reported_clauses(here: Paragraph, used: set[int]) -> Iterator[Quote]:
    """The reported clauses of a paragraph; cues that begin at a token of ``used`` have their words already."""
    taken: list[tuple[int, int]] = []
    for frame in here.frames:
        cues = here.cues_in(frame.first, frame.last)
        for cue in cues:
            if cue.first in used or cue.verb.kind == "act":
                continue
            clause = _clause(here, cue, cues, frame)
            if clause is None or _all_quoted(here, clause.start, clause.end) or (clause.start, clause.end) in taken:
                continue
            if cue.verb.kind == "belief" and any(s <= clause.start and clause.end <= e for s, e in taken):
                continue
            taken.append((clause.start, clause.end))
            yield clause


def _all_quoted(here: Paragraph, start: int, end: int) -> bool:
    return not here.unquoted_words(*here.tokens(start, end))


def _clause(here: Paragraph, cue: Cue, cues: list[Cue], frame: Frame) -> Quote | None:
    if cue.verb is ACCORDING:
        return _according(here, cue, frame)
    tag, kind = here.doc[cue.first].tag_, cue.verb.kind
    if kind != "speech" and tag not in FINITE:
        return None
    speaker = subject(here, cue, frame)
    begin, rule = _clause_start(here, cue, frame)
    if rule == "to clause" and tag not in FINITE | {"VBN"}:
        return None
    if begin is not None and speaker is not None:
        end = _clause_end(here, begin, cue, cues, frame)
        confidence = "low" if kind == "belief" else "high" if rule == "that clause" else "medium"
        return _indirect(here, (begin, end), cue, speaker, rule, confidence, hearer(here, cue, speaker, begin))
    return _cue_inside(here, cue, frame) if kind == "speech" and tag != "VBG" else None


def _according(here: Paragraph, cue: Cue, frame: Frame) -> Quote | None:
    """``Words, according to X`` and ``According to X, words``."""
    speaker = phrase_from(here, cue.last + 1, frame.last)
    if speaker is None:
        return None
    words = (frame.first, cue.first)
    if not any(word.is_alpha for word in here.doc[frame.first : cue.first]):
        comma = _comma_after(here, speaker[1], frame.last)
        if comma is None:
            return None
        words = (comma + 1, frame.last)
    return _indirect(here, words, cue, speaker, "according to", "high")


def _comma_after(here: Paragraph, k: int, last: int) -> int | None:
    return next((m for m in range(k, last) if here.doc[m].text == ","), None)


_QUALIFIERS = tuple(
    tuple(words.split())
    for words in (
        "no more than", "no fewer than", "no less than", "as many as", "at least", "at most", "up to", "more than",
        "fewer than", "less than", "close to", "about", "around", "some", "nearly", "almost", "roughly", "over", "under",
    )
)  # fmt: skip
"""What stands before a number and belongs to what is said: "said at least 12 people were killed"."""


# --- where a clause begins -----------------------------------------------------------------------


def _clause_start(here: Paragraph, cue: Cue, frame: Frame) -> tuple[int | None, str]:
    """The first token of the clause after ``cue``, and the rule that found it."""
    doc, takes = here.doc, cue.verb.takes
    i = cue.last + 1
    told = phrase_from(here, i, frame.last) if cue.verb.hearer else None
    if told and (cue.verb.lemma == "tell" or not _finite_follows(here, told[1], frame.last)):
        i = told[1]
    if "that" in takes and (that := _that_after(here, i, frame.last)) is not None:
        return that + 1, "that clause"
    if i >= frame.last or doc[i].is_punct:
        return None, ""
    word = doc[i].lower_
    if word in _QUESTION and "wh" in takes:
        return i, "wh clause"
    if word == "to" and "to" in takes and doc[i].tag_ != "IN":
        return i, "to clause"
    if "that" in takes and (bare := _bare_clause(here, i, cue, frame)) is not None:
        return bare, "bare clause"
    return None, ""


def _that_after(here: Paragraph, i: int, last: int) -> int | None:
    """The "that" that opens a clause: right after token ``i``, or after adverbs, times and "in a statement"."""
    doc, k = here.doc, i
    while k < min(last, i + 14) and here.quoted[k] < 0:
        word, tag = doc[k].lower_, doc[k].tag_
        if word == "that":
            if k + 1 >= last:
                return None
            relative = doc[k + 1].tag_ in FINITE and here.quoted[k + 1] < 0
            return None if relative or (tag == "DT" and doc[k + 1].is_punct) else k
        if tag.startswith("RB") or tag == "CD" or word in TIMES or word in {",", "last", "this", "late"}:
            k += 1
        elif tag in {"IN", "TO"} and (phrase := phrase_from(here, k + 1, last)):
            k = phrase[1]
        else:
            return None
    return None


def _bare_clause(here: Paragraph, i: int, cue: Cue, frame: Frame) -> int | None:
    """The first token of a clause without "that", adverbs and times left out: "said on Monday the road was closed"."""
    doc, j = here.doc, i
    while j < frame.last - 1 and (doc[j].tag_.startswith("RB") or _time_at(here, j)):
        if _past_qualifier(here, j, frame.last) > j:
            break
        j += 1
    if here.quoted[min(j, frame.last - 1)] >= 0:
        return None
    phrase = phrase_from(here, _past_qualifier(here, j, frame.last), frame.last)
    if phrase is None and doc[j].lower_ in {"there", "this", "that", "it", "these", "those"}:
        phrase = (j, j + 1)
    if phrase is not None and _finite_follows(here, phrase[1], frame.last):
        return j
    if phrase is not None and cue.verb.lemma == "say" and phrase_before(here, cue.first, frame.first) is not None:
        comma = _comma_after(here, phrase[1], frame.last) or frame.last
        if any(doc[k].tag_ in FINITE and here.quoted[k] < 0 for k in range(phrase[1], comma)):
            return j  # "said the talks held in May had failed"
    if doc[j].tag_ in {"IN", "VBG", "VBN", "TO"} and doc[j].lower_ not in {"if", "because", "after", "while", "as"}:
        return None
    children = here.passage.doc[cue.first].children
    return j if any(c.dep_ == "ccomp" and c.left_edge.i == j < c.i for c in children) else None


def _past_qualifier(here: Paragraph, j: int, last: int) -> int:
    """One past the qualifier of a number at token ``j``, "at least", "between 10 and"; ``j`` where there is none."""
    words = [token.lower_ for token in here.doc[j : min(last, j + 5)]]
    if words[:1] == ["between"] and words[2:3] in (["and"], ["to"]):
        return j + 3
    for qualifier in _QUALIFIERS:
        k = j + len(qualifier)
        if tuple(words[: len(qualifier)]) == qualifier and k < last and here.doc[k].tag_ in {"CD", "DT", "NNS"}:
            return k
    return j


def _time_at(here: Paragraph, k: int) -> bool:
    """Whether token ``k`` is a time such as "Tuesday", or opens one: "this week"."""
    following = here.doc[k + 1].lower_ if k + 1 < len(here.doc) else ""
    return here.doc[k].lower_ in TIMES or (here.doc[k].lower_ in {"this", "last"} and following in TIMES)


def _finite_follows(here: Paragraph, k: int, last: int) -> bool:
    while k < last and here.doc[k].tag_.startswith("RB"):
        k += 1
    return k < last and here.quoted[k] < 0 and here.doc[k].tag_ in FINITE


# --- where a clause ends -------------------------------------------------------------------------


def _clause_end(here: Paragraph, begin: int, cue: Cue, cues: list[Cue], frame: Frame) -> int:
    """One past the clause: the frame's end, or where another word of saying or main clause takes over."""
    doc = here.doc
    for other in cues:
        if other is not cue and other.first > begin + 1:
            end = _taken_over(here, begin, cue, other, frame)
            if end is not None:
                return end
    for k in range(begin + 2, frame.last - 2):
        if here.quoted[k] >= 0 or doc[k].text not in {";", ","}:
            continue
        if doc[k].text == ";":
            return k
        phrase = phrase_from(here, k + 2, frame.last) if doc[k + 1].lower_ == "but" else None
        if phrase is not None and _finite_follows(here, phrase[1], frame.last):
            return k
    return frame.last


def _taken_over(here: Paragraph, begin: int, cue: Cue, other: Cue, frame: Frame) -> int | None:
    """Where the clause that begins at ``begin`` ends because ``other`` has words of its own; None if it does not."""
    doc, k = here.doc, other.first
    before = doc[k - 1]
    if before.text == "," and (doc[k].tag_ == "VBG" or phrase_from(here, other.last + 1, frame.last)):
        return k - 1
    if before.lower_ in {"and", "but"} and doc[k].tag_ == doc[cue.first].tag_:
        return k - 2 if doc[k - 2].text == "," else k - 1
    if other.verb is ACCORDING:
        return k - 1 if before.text == "," else k
    own = phrase_before(here, k, begin)
    if own is None or own[0] <= begin + 2:
        return None
    joined = doc[own[0] - 1].lower_ in {"and", "but", "while", "though"} and doc[own[0] - 2].text == ","
    return own[0] - 2 if joined else None


# --- the cue after or inside the clause ----------------------------------------------------------


def _cue_inside(here: Paragraph, cue: Cue, frame: Frame) -> Quote | None:
    """``Words, X said.`` and ``Words, X said, more words``: the cue after or inside the clause."""
    doc = here.doc
    speaker = phrase_before(here, cue.first, frame.first)
    left, right = speaker[0] if speaker else cue.first, cue.last + 1
    if speaker is None or (left > frame.first and doc[left - 1].text not in _DASHES | {","}):
        inverted = cue.first > frame.first and doc[cue.first - 1].text == "," and cue.verb.lemma != "tell"
        speaker = phrase_from(here, cue.last + 1, frame.last) if inverted else None
        if speaker is None:
            return None
        left, right = cue.first, speaker[1]
    if left <= frame.first + 1 or not _ends_or_adjunct(here, right, frame.last):
        return None
    comma = left - 1
    if here.quoted[comma] >= 0:
        if not here.unquoted_words(frame.first, comma):
            return None
    elif doc[comma].text not in _DASHES | {","}:
        return None
    inside = right < frame.last - 2 and doc[right].text == ","
    clause = [*doc[frame.first : comma], *(doc[right : frame.last] if inside else ())]
    if not any(word.tag_ in FINITE for word in clause):
        return None
    words = (frame.first, frame.last if inside else comma)
    return _indirect(here, words, cue, speaker, "cue inside" if inside else "cue after clause", "medium")


def _ends_or_adjunct(here: Paragraph, k: int, last: int) -> bool:
    """Whether nothing follows token ``k`` but a mark, a time, or words such as "in a statement"."""
    while k < last and (here.doc[k].tag_.startswith("RB") or here.doc[k].lower_ in TIMES):
        k += 1
    if k >= last or here.doc[k].is_punct:
        return True
    return here.doc[k].tag_ in {"IN", "CC"} and k + 1 < last and here.doc[k + 1].tag_ != "VBG"


def _indirect(
    here: Paragraph, words: Tokens, cue: Cue, speaker: Tokens, rule: str, confidence: str, via: Tokens | None = None
) -> Quote | None:
    """An indirect quote over the tokens ``words``, outer punctuation trimmed; None for less than two words."""
    doc, (first, last) = here.doc, words
    while first < last and doc[first].is_punct and here.quoted[first] < 0:
        first += 1
    while last > first and doc[last - 1].text in _DASHES | {".", ",", ";", ":", "?", "!", "-"}:
        last -= 1
    if sum(word.is_alpha for word in doc[first:last]) < 2:
        return None
    start, end = here.span(first, last)
    return Quote(start, end, "indirect", rule, confidence, cue=cue, speaker=speaker, via=via)
