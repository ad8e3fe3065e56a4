"""A person's decisions on one article's own rows: no name, another label, who speaks, which number.

What a decision aims at is found by its quoted words among the rows that the rules made. For names every
occurrence in the article is meant (in the ``context``, where one is given); a quotation or number must be one.
Two decisions that would make different things of one row are both left alone there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.read.corrections import folded, number_of, pattern, spans

if TYPE_CHECKING:
    from pipeline.nlp.passages import Found, Row

AIMED_AT = {"not_a_name": "mentions", "relabel": "mentions", "speaker": "quotes", "value": "quantities"}
"""Decision -> the table whose rows it changes."""
KEYS = {"mentions": "mention_id", "quotes": "quote_id", "quantities": "quantity_id"}
NOT_A_NAME = "not_a_name"
"""The code of the issue that stands in the place of a name that a person struck out."""


@dataclass
class Aim:
    """The rows that a decision aims at, why it cannot be followed (state and words), and what opposes it."""

    decision: Row
    rows: list[Row]
    state: str = ""
    why: str = ""
    against: list[Row] = field(default_factory=list)


def correct_mentions(text: str, decisions: Iterable[Row], found: Found) -> None:
    """Strike out and relabel names, in place; ``text`` is the article's clean_text."""
    struck = set()
    for aim in aims(text, decisions, "mentions", found.rows):
        for row in aim.rows if not aim.state else ():
            if aim.decision["decision"] == "relabel" and row["label"] != aim.decision["value"]:
                other = {} if aim.decision["value"] == "PERSON" else {"title": None, "role": None}
                row.update(other, label=aim.decision["value"], rule="correction", confidence="high")
            elif aim.decision["decision"] == "not_a_name" and row["mention_id"] not in struck:
                struck.add(row["mention_id"])
                message = f"{text[row['start'] : row['end']]!r} is no name: a person decided so"
                place = {"start": row["start"], "end": row["end"]}
                found.issues.append({"severity": "info", "code": NOT_A_NAME, "message": message, **place})
    found.rows[:] = [row for row in found.rows if row["mention_id"] not in struck]


def correct_quotes(text: str, decisions: Iterable[Row], quotes: Sequence[Row], mentions: Sequence[Row]) -> None:
    """Set speakers, in place; what goes on with a quotation, and has its speaker from it, follows it."""
    set_to: dict[str, Row] = {}
    aimed = aims(text, decisions, "quotes", quotes, mentions)
    taken = {row["quote_id"] for aim in aimed for row in aim.rows}
    for aim in aimed:
        if aim.state:
            continue
        speakers = _named(aim.decision["value"], text, mentions)
        known = {mention["mention_id"] for mention in speakers}
        for row in aim.rows:
            if row.get("speaker_mention_id") in known:
                continue
            mention = min(speakers, key=lambda m: (_distance(m, row), m["start"]))
            set_to[row["quote_id"]] = {
                "speaker": text[mention["start"] : mention["end"]],
                "speaker_start": mention["start"],
                "speaker_end": mention["end"],
                "speaker_mention_id": mention["mention_id"],
                "speaker_basis": "correction",
                "speaker_rule": None,
                "speaker_confidence": None,
                "unresolved_reason": None,
            }
    for row in sorted(quotes, key=lambda row: (row["start"], row["end"])):
        before = row.get("continues_quote_id")
        if before in set_to and row["quote_id"] not in taken and row.get("speaker_basis") == "continued":
            set_to[row["quote_id"]] = set_to[before]
        row.update(set_to.get(row["quote_id"], {}))


def correct_quantities(text: str, decisions: Iterable[Row], quantities: Sequence[Row]) -> None:
    """Set values and bounds, in place."""
    for aim in aims(text, decisions, "quantities", quantities):
        for row in aim.rows if not aim.state else ():
            given = number_of(aim.decision["value"])
            if not _has_value(row, given):
                row.update(given, rule="correction", confidence="high")


def aims(
    text: str, decisions: Iterable[Row], table: str, rows: Sequence[Row], mentions: Sequence[Row] = ()
) -> list[Aim]:
    """What each of the ``decisions`` on ``table`` aims at among ``rows``, all of one article.

    Args:
        text: the article's clean_text.
        decisions: rows of table ``corrections`` that concern the article.
        table: mentions, quotes or quantities.
        rows: its rows.
        mentions: the rows among which speakers are looked for.
    """
    find = {"mentions": _names, "quotes": _quotes, "quantities": _numbers}[table]
    found = [find(text, d, rows) for d in decisions if AIMED_AT.get(d["decision"]) == table]
    by_row: dict[str, list[Aim]] = defaultdict(list)
    for aim in found:
        if aim.decision["decision"] == "speaker" and not aim.state:
            _check_speaker(aim, text, mentions)
        for row in aim.rows if not aim.state else ():
            by_row[row.get(KEYS[table]) or f"{row['start']}"].append(aim)  # a name that was struck out has no id
    for several in by_row.values():
        for aim in several:
            others = [a.decision for a in several if _effect(a.decision) != _effect(aim.decision)]
            aim.against += [other for other in others if other not in aim.against]
    for aim in found:
        if aim.against:
            aim.state = "conflicting"
    return found


def is_done(aim: Aim, text: str, mentions: Sequence[Row]) -> str:
    """Of an aim whose article was made under it: applied, already_true, or waiting where it was not made yet."""
    kind, value = aim.decision["decision"], aim.decision["value"]
    if kind == "not_a_name":
        return "applied" if all(row.get("code") == NOT_A_NAME for row in aim.rows) else "waiting"
    if kind == "relabel":
        done = [row.get("label") == value for row in aim.rows]
        marked = [row.get("rule") == "correction" for row in aim.rows]
    elif kind == "speaker":
        known = {mention["mention_id"] for mention in _named(value, text, mentions)}
        done = [row["speaker_mention_id"] in known for row in aim.rows]
        marked = [row["speaker_basis"] == "correction" for row in aim.rows]
    else:
        done = [_has_value(row, number_of(value)) for row in aim.rows]
        marked = [row["rule"] == "correction" for row in aim.rows]
    return "waiting" if not all(done) else "applied" if any(marked) else "already_true"


def _effect(decision: Row) -> tuple[str, str]:
    return decision["decision"], folded(decision["value"] or "")


def _names(text: str, decision: Row, rows: Sequence[Row]) -> Aim:
    wanted, inside = folded(decision["text"]), _context(text, decision)
    held = [row for row in rows if any(a <= row["start"] and row["end"] <= b for a, b in inside)]
    words = ((row, (text[row["start"] : row["end"]], row.get("name") or "")) for row in held)
    found = [row for row, both in words if wanted in map(folded, both)]
    if found:
        return Aim(decision, found)
    if not spans(decision["text"], text, decision["context"]):
        return Aim(decision, [], "obsolete", "its words are not there")
    if decision["decision"] == "not_a_name":
        return Aim(decision, [], "already_true", "no name is read in its words")
    return Aim(decision, [], "obsolete", "its words are there, but no name is read in them")


def _quotes(text: str, decision: Row, rows: Sequence[Row]) -> Aim:
    """The statement that holds the words, with the quoted words inside it; nested marks and scare quotes are none."""
    rows = [row for row in rows if row["kind"] != "scare"]
    found = [
        row
        for start, end in spans(decision["text"].strip("\"'“”„‘’«» "), text, decision["context"])
        for row in rows
        if (row["start"] <= start and end <= row["end"]) or (start <= row["start"] and row["end"] <= end)
    ]
    wholes = {row.get("within_quote_id") or row["quote_id"]: row for row in found}
    if len(wholes) == 1:
        (whole,) = wholes
        return Aim(decision, [row for row in rows if whole in (row["quote_id"], row.get("within_quote_id"))])
    return _none_or_several(text, decision, list(wholes.values()), "quotation")


def _numbers(text: str, decision: Row, rows: Sequence[Row]) -> Aim:
    """The number that the words hold, or that holds them."""
    found: dict[str, Row] = {}
    for start, end in spans(decision["text"], text, decision["context"]):
        for row in rows:
            first, last = row["number_start"], row["number_end"]
            if (start <= first and last <= end) or (first <= start and end <= last):
                found[row["quantity_id"]] = row
    if len(found) == 1:
        return Aim(decision, list(found.values()))
    return _none_or_several(text, decision, list(found.values()), "number")


def _none_or_several(text: str, decision: Row, found: Sequence[Row], what: str) -> Aim:
    if found:
        words = "; ".join(f"'{_around(text, row)}'" for row in found[:3])
        fix = "quote more of the text, or give a longer quotation as context"
        return Aim(decision, [], "ambiguous", f"its words stand in {len(found)} {what}s ({words}); {fix}")
    there = spans(decision["text"], text, decision["context"])
    why = f"its words are there, but no {what} is read in them" if there else "its words are not there"
    return Aim(decision, [], "obsolete", why)


def _around(text: str, row: Row) -> str:
    """The words of a row with some before and after them."""
    start, end = max(0, row["start"] - 25), min(len(text), row["end"], row["start"] + 60) + 25
    return " ".join(text[start:end].split())


def _check_speaker(aim: Aim, text: str, mentions: Sequence[Row]) -> None:
    who = aim.decision["value"]
    names = {folded(mention["name"] or ""): mention["name"] for mention in _named(who, text, mentions)}
    if not names:
        aim.state, aim.why = "obsolete", f"nobody there is named {who!r}; give the speaker as the article names them"
    elif len(names) > 1:
        told = ", ".join(sorted(names.values()))
        aim.state, aim.why = "ambiguous", f"{who!r} may be any of {told}; give the name in full"


def _named(who: str, text: str, mentions: Sequence[Row]) -> list[Row]:
    """The mentions that ``who`` is written in: as the whole name, else as a part of it."""
    wanted = folded(who)
    whole = [m for m in mentions if wanted in (folded(m["name"] or ""), folded(text[m["start"] : m["end"]]))]
    return whole or [m for m in mentions if pattern(who).search(m["name"] or "")]


def _context(text: str, decision: Row) -> list[tuple[int, int]]:
    return spans(decision["context"], text) if decision["context"] else [(0, len(text))]


def _distance(mention: Row, row: Row) -> int:
    return int(max(mention["start"] - row["end"], row["start"] - mention["end"], 0))


def _has_value(row: Row, given: Row) -> bool:
    """Whether a number has the value and bounds given; how an open end is marked does not count."""
    names = ["value", "low", "high", "approximator"]
    names += [name for name in ("low_inclusive", "high_inclusive") if given[name.partition("_")[0]] is not None]
    return all(row[name] == given[name] for name in names)
