"""Whether the clause around a time expression tells of it as over or as still to come.

Only what is certain gets a tense, because the days on which an undated article can have been published are
read off it: the time must hang on the finite verb itself, and that verb must tell what was or will be
done, not what was planned, denied to be certain or made a condition.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from pipeline import resources

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

    from pipeline.nlp.passages import Article, Row

_OF_TIME = ("obl", "nmod:unmarked", "obl:unmarked", "obl:tmod", "advmod", "nmod:tmod")
"""Relations by which a time hangs on a verb."""
_AUXILIARY = ("aux", "aux:pass", "cop")
_LEAD = re.compile(r"[a-z]+", re.IGNORECASE)
_DAYS = ("time", "day")
_DAY = re.compile(r"(?<!\d)\d{1,2}(?:st|nd|rd|th)?(?!\d)")


@functools.cache
def _cues() -> Mapping[str, frozenset[str]]:
    listed = resources.toml("windows.toml")["tense"]
    return {name: frozenset(words.split() if isinstance(words, str) else words) for name, words in listed.items()}


def tell(article: Article, dates: Sequence[Row]) -> None:
    """Fill ``tense`` of the rows of table ``dates``, in place: past, future or None."""
    starts = [passage.start for passage in article.passages]
    for row in dates:
        row["tense"] = None
        if row["timex_type"] not in ("DATE", "TIME") or (row.get("timex_value") or "").endswith("_REF"):
            continue
        passage = article.passages[bisect_right(starts, row["start"]) - 1]
        span = passage.doc.char_span(row["start"] - passage.start, row["end"] - passage.start, alignment_mode="expand")
        if span is not None:
            row["tense"] = _tense(passage.doc, span, row, picture=passage.zone == "caption")


def _tense(doc: Doc, span: Span, row: Row, *, picture: bool) -> str | None:
    cues = _cues()
    lead = _LEAD.match(span.text)
    before = doc[span.start - 1].lower_ if span.start else ""
    introduced = {before, lead[0].lower() if lead else ""}
    since = "since" in introduced
    if introduced & cues["not_when"] or (row.get("mod") in ("BEFORE", "AFTER") and not since):
        return None
    if row.get("grain") == "year" and not introduced & cues["year_when"]:
        return None
    head = next((t for t in span if not span.start <= t.head.i < span.end), None)
    if head is None or head.dep_ not in _OF_TIME:
        return None
    verb = head.head
    helpers = [t for t in verb.children if t.dep_ in _AUXILIARY]
    said = {t.lower_ for t in helpers}
    if verb.pos_ not in ("VERB", "AUX") and not any(t.dep_ == "cop" for t in helpers):
        return None
    exact = row["grain"] in _DAYS if row.get("grain") else bool(_DAY.search(span.text))
    if verb.lemma_ in cues["planned"] or (verb.lemma_ in cues["vague"] and not (exact or since)):
        return None
    if any(t.dep_ in ("mark", "advmod") and t.lower_ in cues["unless"] for t in verb.children):
        return None
    if said & cues["future"] and not any(
        t.dep_ == "neg" or t.lower_ in ("have", "not", "n't", "n’t") for t in verb.children
    ):
        # a year behind "will" may be that of any noun before it: "will follow her speech to the congress in 2004"
        return None if row.get("grain") == "year" else "future"
    if said & cues["doubted"] or any(t.lower_ == "to" and t.dep_ == "mark" for t in verb.children):
        return None
    told_of = verb.tag_ == "VBN" and not helpers  # "a march held on 3 April"; one to come is "to be held"
    if _done(verb, helpers) or since or (exact and (picture or told_of)):
        return "past"
    return None


def _done(verb: Token, helpers: Sequence[Token]) -> bool:
    """Whether the finite verb is in the past or the perfect."""
    tags = [t.tag_ for t in helpers] or [verb.tag_]
    return "VBD" in tags or any(t.lemma_ == "have" for t in helpers)
