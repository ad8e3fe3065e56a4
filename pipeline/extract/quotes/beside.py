"""The cue beside a quotation: after it, before it, in the paragraph before, or none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.extract.quotes.paragraph import FINITE
from pipeline.extract.quotes.phrases import Tokens, phrase_before, phrase_from
from pipeline.extract.quotes.speech import ACCORDING, Cue, Quote
from pipeline.extract.quotes.subjects import any_verb, headed, hearer, subject

if TYPE_CHECKING:
    from pipeline.extract.quotes.marks import Marked
    from pipeline.extract.quotes.paragraph import Paragraph
    from pipeline.nlp.passages import Row

_DASHES = {"—", "–", "-"}


def attributed(here: Paragraph, q: Marked) -> Quote | None:
    """The quotation ``q`` with the cue of its own frame; None if no cue leads to it."""
    return _cue_after(here, q) or _cue_before(here, q)


def _cue_after(here: Paragraph, q: Marked) -> Quote | None:
    """``"Words," X said`` and ``"Words," said X``: the cue right after the quotation."""
    doc = here.doc
    first, last = here.tokens_of(q)
    frame, end = here.frame_of(first), here.frame_of(last - 1).last
    if last < len(doc) and doc[last].text[0] in "—–―-" and (signed := _signed(here, last + 1)):
        return Quote(q.start, q.end, "direct", "signature", "high", q.balanced, speaker=signed)
    i = last
    while i < end and doc[i].text in _DASHES | {",", "...", "…"}:
        i += 1
    if i >= end or here.quoted[i] >= 0 or doc[i].is_punct:
        return None
    final = here.text[q.start : q.end].rstrip("’'”\"")[-1:]
    if final == "." and not doc[i].is_lower:
        return None
    stop = next((k for k in range(i, end) if here.quoted[k] >= 0), end)
    cue = next(iter(here.cues_in(i, min(stop, i + 30))), None)
    if cue is None or cue.verb.kind in {"belief", "act"}:
        return None
    if all(doc[k].tag_.startswith("RB") for k in range(i, cue.first)):  # said X
        if cue.verb is not ACCORDING and (doc[cue.first].tag_ == "VBG" or cue.verb.lemma == "tell"):
            return None
        begin = cue.last + 1
        while begin < stop and (doc[begin].tag_ == "RB" or doc[begin].lower_ == "also"):
            begin += 1
        speaker = phrase_from(here, begin, stop)
    else:  # X said
        if final not in ",?!…–—" and doc[last].text not in {",", "—", "–"}:
            return None
        speaker = phrase_before(here, cue.first, i)
        speaker = speaker and headed(here, cue.first, speaker, i)
        if speaker is not None and sum(not doc[k].is_punct for k in range(i, speaker[0])) > 2:
            return None
    if speaker is None:
        return None
    mixed = bool(set(here.unquoted_words(frame.first, first)) - {"and", "but", "so", "yet"})
    if mixed and work_or_name(here, q):
        return _title(q)
    kind, via = "mixed" if mixed else "direct", hearer(here, cue, speaker, stop)
    return Quote(q.start, q.end, kind, "cue after", "high", q.balanced, cue, speaker, via)


def _signed(here: Paragraph, i: int) -> Tokens | None:
    """A name that closes the paragraph after a quotation and a dash."""
    phrase = phrase_from(here, i, len(here.doc))
    if phrase is None or not here.named[phrase[0]]:
        return None
    closes = not any(word.is_alpha for word in here.doc[phrase[1] :])
    return phrase if closes or here.doc[phrase[1]].text in {",", "("} else None


def _cue_before(here: Paragraph, q: Marked) -> Quote | None:
    """``X said: "words"``, ``X called it "words"``, ``according to X, "words"``: the cue before the quotation."""
    first, _ = here.tokens_of(q)
    frame, before = here.frame_of(first), here.doc[first - 1].text
    cues = [c for c in here.cues_in(frame.first, first) if not (c.verb.kind == "act" and _inserted(here, c, first))]
    if not cues and first > frame.first and before == ":":
        cues = any_verb(here, frame, first)
    if not cues:
        return None
    speech = [c for c in cues if c.verb.kind in {"speech", "source"}]
    near_act = cues[-1].verb.kind == "act" and first - cues[-1].last <= 8
    best = cues[-1] if near_act or not speech else speech[-1]
    tried = ((c, subject(here, c, frame)) for c in (best, *(c for c in reversed(cues) if c is not best)))
    cue, speaker = next((pair for pair in tried if pair[1] is not None), (best, None))
    begins_large = here.text[q.start].isupper() or not here.text[q.start].isalpha()
    gap = len(here.unquoted_words(cue.last + 1, first))
    introduced = begins_large and (before == "," or not gap) and cue.verb.kind == "speech"
    kind = "direct" if before == ":" or introduced else "mixed"
    told = cue.verb.hearer and before not in {":", ","}  # "told “Good Morning” that"
    if (kind == "mixed" or told) and work_or_name(here, q):
        return _title(q)
    if speaker is None:
        reason = "the cue has no subject beside it"
        return Quote(q.start, q.end, kind, "cue before", "low", q.balanced, cue, reason=reason)
    confidence = "high" if kind == "direct" or gap <= 12 else "medium"
    via = hearer(here, cue, speaker, first)
    return Quote(q.start, q.end, kind, "cue before", confidence, q.balanced, cue, speaker, via)


def _inserted(here: Paragraph, cue: Cue, stop: int) -> bool:
    """Whether the clause of ``cue`` is over before ``stop``: "The hall, as many call it, will open “in May”"."""
    doc = here.doc
    return any(doc[k].text == "," and doc[k + 1].tag_ in FINITE for k in range(cue.last + 1, stop - 1))


def work_or_name(here: Paragraph, q: Marked) -> bool:
    """Whether the words look like the title of a work or a name: few, and all but little ones capitalised."""
    words = re.findall(r"[\w’'-]+", here.text[q.start : q.end])
    large = [w for w in words if len(w) > 3 or w[0].isupper()]
    return len(words) <= 6 and all(w[0].isupper() or w[0].isdigit() for w in large) and bool(large)


def _title(q: Marked) -> Quote:
    return Quote(q.start, q.end, "scare", "title or name in marks", "medium", q.balanced)


def introduction(before: Paragraph) -> Quote | None:
    """Cue and speaker of a paragraph that ends in a colon; the span is the colon's and is not used."""
    end = len(before.text.rstrip())
    if not before.text[:end].endswith(":") or not before.frames:
        return None
    frame = before.frames[-1]
    cues = [c for c in before.cues_in(frame.first, frame.last) if c.verb.kind in {"speech", "source"}]
    for cue in reversed(cues or any_verb(before, frame, frame.last)):
        speaker = subject(before, cue, frame)
        if speaker is not None:
            return Quote(end - 1, end, "direct", "introduced", "medium", cue=cue, speaker=speaker)
    return None


def uncued(here: Paragraph, q: Marked) -> Quote:
    """A quotation without a cue: speech when it is long or a sentence, else words in marks."""
    words = here.text[q.start : q.end].split()
    first, _ = here.tokens_of(q)
    begins = not here.unquoted_words(here.frame_of(first).first, first)
    sentence = here.text[q.end - 1] in ".?!…," and here.text[q.start].isupper() and len(words) >= 3
    if begins and (sentence or not q.balanced):
        return Quote(q.start, q.end, "direct", "no cue", "low", q.balanced)
    if len(words) >= 5 and not work_or_name(here, q):
        return Quote(q.start, q.end, "mixed", "no cue", "low", q.balanced)
    return Quote(q.start, q.end, "scare", "marks without speech", "medium", q.balanced)


def continued(q: Marked, row: Row, confidence: str) -> Quote:
    """The quotation ``q`` as the next part of the statement of ``row``."""
    return Quote(q.start, q.end, "direct", "continued", confidence, q.balanced, inherits=row, continues=row["quote_id"])


def same_cue(here: Paragraph, quote: Quote, before: Row) -> bool:
    """Whether ``quote`` leans on the cue that stands after the direct quote before it: "A," she said, "and B"."""
    if quote.cue is None or quote.rule != "cue before" or before["rule"] != "cue after" or before["kind"] != "direct":
        return False
    same = here.passage.start + here.doc[quote.cue.first].idx == before.get("cue_start")
    first, _ = here.tokens(quote.start, quote.end)
    return same and here.doc[max(0, first - 2)].text == ","


def carried_on(here: Paragraph, q: Marked, before: Marked, row: Row) -> Quote | None:
    """The second part of a quotation that its cue splits: the words begin a sentence right after it."""
    first, _ = here.tokens_of(q)
    _, previous_end = here.tokens_of(before)
    frame = here.frame_of(first)
    between = any(previous_end <= f.first < frame.first for f in here.frames)
    if row["kind"] == "scare" or between or here.unquoted_words(frame.first, first):
        return None
    return continued(q, row, "medium" if row.get("speaker") else "low")
