"""For which place a number holds: a place that the number's own clause, else its sentence, puts it in.

The name must stand where places stand: behind in, at, near and the like, behind "from" or "fled" where
people leave it, or as what was raided or hit. Of "Vesk, Orland" and "Karsh in the Teldra region" the first
and narrowest counts. Where two different places remain the number takes the one right behind it or none; nor does it get the place
that is the speaker's, or one on the other side of a quotation's edge.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.nlp.passages import Row

_LABELS = {"GPE", "LOC", "FAC"}
_KINDS = {"count", "money", "percent", "ratio"}
_WORDS = r"(?:(?:the|a|an|its|their|his|her)\s+)?(?:(?!(?:to|into|for|and|or)\b)[a-z][\w-]*\s+){0,3}?(?:(?:of|in|at|near)\s+)?"
"""What may stand between the preposition and the name: "the southern town of", "a market in"."""
_IN = re.compile(
    r"\b(?:in|into|at|near|outside|inside|around|along|across|throughout|within|over|off|on the outskirts of"
    r"|(?:north|south|east|west|northeast|northwest|southeast|southwest|town|city|village|district|province|region) of)"
    rf"\s+{_WORDS}$",
    re.IGNORECASE,
)
_HIT = re.compile(
    r"\b(?:raid|attack|bomb|shell|storm|hit|str[iu]ck|strike|flood|devastat|destroy|ravag|batter|pound|besiege|reach)\w*"
    rf"\s+{_WORDS}$",
    re.IGNORECASE,
)
_LEFT = re.compile(
    r"\b(?:from|fle(?:d|e|es|eing)|left|leave|leaving|escap\w+(?:\s+from)?|evacuat\w+(?:\s+from)?|deport\w+\s+from"
    rf"|abandon\w*|out of)\s+{_WORDS}$",
    re.IGNORECASE,
)
_LEAVING = {"fled", "displaced", "evacuated", "escaped", "relocated", "deported", "left", "rescued"}
_FAR = re.compile(r"\d\s*(?:km|kilomet\w+|miles?|m|met\w+)\b[^.;]{0,12}$", re.IGNORECASE)
_NESTED = re.compile(
    r"\s*,?\s*(?:(?:in|near|of)\s+)?(?:the\s+)?(?:(?!(?:and|or)\b)[\w-]+\s+){0,2}(?:(?:state|province|region|district)\s+of\s+)?$"
)
"""What stands between a place and the wider place that holds it."""
_DESCRIBES = re.compile(r",\s+(?:which|who|whose|whom|where)\s*$", re.IGNORECASE)
_REACH = 60
_AT_ONCE = 30
"""Characters between a number and the place that is its own where the clause names several."""


def locate(
    text: str,
    sentences: Sequence[Row],
    pieces: Sequence[int],
    mentions: Sequence[Row],
    quotes: Sequence[Row],
    quantities: Sequence[Row],
) -> None:
    """Fill ``place_mention_id`` and ``place_basis`` of quantities, in place.

    Args:
        text: the article's clean_text, which all spans are in.
        sentences: its sentences, in order.
        pieces: where each clause-like piece of a sentence begins, in order.
        mentions: names, with ``quote_id``.
        quotes: statements, with their speakers' spans.
        quantities: numbers, with ``quote_id`` and ``event``.
    """
    starts = [sentence["start"] for sentence in sentences]
    speakers = [(q["speaker_start"], q["speaker_end"]) for q in quotes if q.get("speaker_start") is not None]
    named = sorted((m for m in mentions if m["label"] in _LABELS), key=lambda m: (m["start"], -m["end"]))
    places = [m for m in named if not any(a <= m["start"] and m["end"] <= b for a, b in speakers)]
    if not places:
        return
    for row in quantities:
        if row["kind"] not in _KINDS:
            continue
        sentence, piece = bisect_right(starts, row["start"]), bisect_right(pieces, row["number_start"])
        here = [m for m in places if bisect_right(starts, m["start"]) == sentence and m["quote_id"] == row["quote_id"]]
        found = _narrowest([m for m in here if _holds(text, m, row.get("event"))], text)
        same_clause = [m for m in found if bisect_right(pieces, m["start"]) == piece]
        others = {bisect_right(pieces, q["number_start"]) for q in quantities if q["kind"] in _KINDS} - {piece}
        apart = [m for m in found if _told_of_another(text, pieces, m, piece, others)]
        found = same_clause or [m for m in found if m not in apart]
        for basis, choice in (("same_clause", same_clause), ("same_sentence", found)):
            if choice:
                one = len({m["name"] for m in choice}) == 1
                if taken := choice if one else _right_behind(row, choice, quantities):
                    row["place_mention_id"], row["place_basis"] = taken[0]["mention_id"], basis
                break


def _told_of_another(text: str, pieces: Sequence[int], mention: Row, own: int, others: set[int]) -> bool:
    """Whether a place stands in a later number's clause, or describes somebody: ", which works in Vienna,"."""
    piece = bisect_right(pieces, mention["start"])
    begin = pieces[piece - 1] if piece else 0
    return (piece in others and piece > own) or bool(_DESCRIBES.search(text[max(0, begin - 12) : begin]))


def _right_behind(row: Row, places: Sequence[Row], quantities: Sequence[Row]) -> list[Row]:
    """Of several places the one that follows the number at once: "30 in Teldra and 15 in Obansa"."""
    behind = next((m for m in places if m["start"] >= row["end"]), None)
    if behind is None or behind["start"] - row["end"] > _AT_ONCE:
        return []
    between = any(row["end"] <= other["start"] < behind["start"] for other in quantities)
    return [] if between else [behind]


def _holds(text: str, mention: Row, event: str | None) -> bool:
    """Whether the name stands where a place of something stands."""
    lead = text[max(0, mention["start"] - _REACH) : mention["start"]]
    if _FAR.search(lead) and not _IN.search(lead):
        return False
    if event in _LEAVING:
        return bool(_LEFT.search(lead) or _IN.search(lead))
    return bool(_IN.search(lead) or _HIT.search(lead))


def _narrowest(mentions: Sequence[Row], text: str) -> list[Row]:
    """Without the wider places that follow a narrower one: Orland in "Vesk, Orland"."""
    kept: list[Row] = []
    end = -1
    for mention in mentions:
        inside = end >= 0 and (mention["start"] < end or _NESTED.match(text[end : mention["start"]]))
        if not inside:
            kept.append(mention)
        end = mention["end"]
    return kept
