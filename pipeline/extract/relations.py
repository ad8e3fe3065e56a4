"""What stands in which quote, and for which date and place a number holds.

A wrong date on a number does more harm than none, so a number takes a date only inside its own piece of
the sentence: what lies between semicolons, relative clauses, "that", ", and", "after" and the like. A date
on the other side of a quotation's edge dates the saying, not what is said; so does one beside a word of
saying or publishing.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from pipeline.extract.places import locate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.nlp.passages import Row

_EDGE = re.compile(
    r";|:(?!\d)|\s[—–-]\s|—|\n"
    r"|,\s+(?:and|but|or|which|who|whose|whom|where|when|while|as|although|though|after|before|with|including)\b"
    r"|,\s+(?:ha[sd]|have|is|was|are|were|will|would|may|can|puts?|says?|said|lists?|counts?|gives?|holds?|shows?)\b"
    r"|\s(?:that|because|although|while|after|before|whether)\s",
    re.IGNORECASE,
)
_ASIDE = re.compile(r",\s+including\b[^,;.]{1,80},\s", re.IGNORECASE)
"""A part named in passing does not end the clause around it."""
_TOLD = re.compile(
    r"(?<!\bwas )(?<!\bwere )(?<!\bbeen )\b(?:said|says|told|tells|posted|published|announced|promised|released|reported|wrote|issued|updated|added"
    r"|found|ruled|decided|counted|report|list|statement|letter|survey|figures|ruling|post|interview)\s+(?:(?:late|early|of|in|on|from|dated|by|the)\s+)*$",
    re.IGNORECASE,
)
_PASSED_ON = re.compile(
    r"\b(?:posted|handed|published|released|shown)\s+(?:[\w.]+\s+){0,5}(?:on|at|in)\s+(?:about\s+)?$", re.IGNORECASE
)
"""A date right behind either dates the telling: "found on Wednesday", "posted on the net at about 3 a.m."."""
_AT_ONCE = re.compile(r"\s*\(?(?:(?:in|on|at|by|since|for|during|over|from)\s+)?(?:the\s+)?", re.IGNORECASE)
"""What may stand between a number and the date that is its own where the clause names several."""
_HELD_AGAINST = re.compile(r"\b(?:from|against|than|compared (?:with|to)|versus)\b", re.IGNORECASE)
_JOINED = re.compile(r"\s*(?:,|and|or|/)\s*(?:on\s+|in\s+)?", re.IGNORECASE)
_DATED_KINDS = {"count", "money", "percent", "ratio"}


def relate(
    text: str,
    sentences: Sequence[Row],
    mentions: Sequence[Row],
    dates: Sequence[Row],
    quotes: Sequence[Row],
    quantities: Sequence[Row],
) -> None:
    """Fill ``quote_id`` of mentions and quantities, ``date_id`` and ``place_mention_id`` of quantities, in place.

    All spans are in ``text``, the article's clean_text. Of quotes, the narrowest that holds a row counts.
    """
    spoken = [q for q in quotes if q["kind"] != "scare"]
    for row in (*mentions, *quantities):
        row["quote_id"] = _quote_of(row, spoken)
    pieces = _pieces(text, sentences, dates)
    locate(text, sentences, pieces, mentions, spoken, quantities)
    cues = {bisect_right(pieces, q["cue_start"]) for q in spoken if q.get("cue_start") is not None}
    told = [
        d for d in dates if d["timex_type"] in ("DATE", "TIME") and not (d.get("timex_value") or "").endswith("_REF")
    ]
    for row in quantities:
        row["quote_basis"] = "within" if row["quote_id"] else None
        piece = bisect_right(pieces, row["number_start"])
        near = [d for d in told if bisect_right(pieces, d["start"]) == piece]
        if row["kind"] in _DATED_KINDS and (date := _own_date(text, near, row, quantities)):
            lead = text[max(0, date["start"] - 60) : date["start"]]
            passed_on = _PASSED_ON.search(lead)
            told_between = (
                passed_on and not date["start"] - len(lead) + passed_on.start() < row["start"] < date["start"]
            )
            of_saying = _TOLD.search(lead) or told_between
            unquoted_beside_cue = row["quote_id"] is None and piece in cues
            if _quote_of(date, spoken) == row["quote_id"] and not of_saying and not unquoted_beside_cue:
                row["date_id"], row["date_basis"] = date["date_id"], "same_clause"


def _own_date(text: str, near: Sequence[Row], row: Row, quantities: Sequence[Row]) -> Row | None:
    """Of the dates in a number's clause the only one; of several, the one right behind it, before the next number.

    A date behind a number that this one is held against ("513, up from 88 in March") is that number's.
    """
    later = [other["start"] for other in quantities if other["start"] >= row["end"]]
    days = {(d.get("start_date"), d.get("end_date")) for d in near}
    if len(near) == 1 or (near and len(days) == 1 and None not in days.pop()):
        date = near[0]  # the two ends of one stretch are two rows with the days of the whole
        held = _HELD_AGAINST.search(text, row["end"], max(row["end"], date["start"]))
        return None if held and any(held.end() <= start < date["start"] for start in later) else date
    behind = [d for d in near if d["start"] >= row["end"]]
    if not behind or not _AT_ONCE.fullmatch(text, row["end"], behind[0]["start"]):
        return None
    joined = len(behind) > 1 and _JOINED.fullmatch(text, behind[0]["end"], behind[1]["start"])
    return None if joined else behind[0]


def _quote_of(row: Row, spoken: Sequence[Row]) -> str | None:
    holds = [q for q in spoken if q["start"] <= row["start"] and row["end"] <= q["end"]]
    narrowest = min(holds, key=lambda q: (q["end"] - q["start"], q["start"]), default=None)
    return narrowest["quote_id"] if narrowest else None


def _pieces(text: str, sentences: Sequence[Row], dates: Sequence[Row]) -> list[int]:
    """Where each piece of a sentence begins, in order; an edge inside a time expression is none."""
    edges = {sentence["start"] for sentence in sentences}
    whole = [(d["start"], d["end"]) for d in dates] + [match.span() for match in _ASIDE.finditer(text)]
    for match in _EDGE.finditer(text):
        if not any(start <= match.start() and match.start() < end for start, end in whole):
            edges.add(match.end())
    return sorted(edges)
