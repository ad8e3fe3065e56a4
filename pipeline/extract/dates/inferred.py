"""The stages: relative expressions of undated articles, held against the days on which these can have been published.

``anchor`` gives an expression a value only if every day of the window, in every tense that its clause may
have, gives the same one; its ``anchor_basis`` is then ``inferred``. Where up to twelve values remain they
become its alternatives. ``reopen`` takes that back before the window is worked out again, so that no window
is evidence for itself and a corpus grown in any order gives the same rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pipeline.extract.dates import MOST_ALTERNATIVES, grammar, values
from pipeline.extract.dates.meaning import NO_PUBLICATION, NO_YEAR, Context, Meaning, OpenError
from pipeline.schema import conform, ordered

if TYPE_CHECKING:
    import pyarrow as pa

    from pipeline.extract.dates.grammar import Node
    from pipeline.nlp.passages import Row

_REASONS = (NO_PUBLICATION, NO_YEAR)
_NARROWED = "; the days on which it can have been published leave the alternatives"
"""Ends the reason of an expression whose alternatives come from here."""
_LONGEST = 800
"""Days of a window up to which an expression is tried for each day of it."""
_FOUND = ("timex_value", "mod", "edtf", "start_date", "end_date", "grain")


def reopen(tables: Mapping[str, pa.Table], settings: None) -> dict[str, pa.Table]:
    """``dates`` as they were before :func:`anchor`."""
    del settings
    return {"dates": _changed(tables["dates"], _reopened)}


def anchor(tables: Mapping[str, pa.Table], settings: None) -> dict[str, pa.Table]:
    """``dates`` with the open expressions of undated articles narrowed by the window of publication."""
    del settings
    names = ("article_id", "published", "published_basis", "published_earliest", "published_latest")
    windows = {
        article: (first, last)
        for article, day, basis, first, last in zip(*(tables["articles"][n].to_pylist() for n in names), strict=True)
        if (day is None or basis == "inferred") and first and last and (last - first).days <= _LONGEST
    }

    def narrowed(row: Row) -> Row | None:
        window = windows.get(row["article_id"])
        open_ = row["unresolved_reason"] in _REASONS and not row["alternatives"]
        return _narrowed(row, *window) if window and open_ else None

    return {"dates": _changed(tables["dates"], narrowed)}


def _changed(table: pa.Table, change: Any) -> pa.Table:
    """``table`` with the rows that ``change`` gives in the place of those it is asked about; the same one if none."""
    rows = [(row, change(row)) for row in table.to_pylist()]
    if all(new is None for _, new in rows):
        return table
    return ordered("dates", conform("dates", [new or row for row, new in rows]))


def _reopened(row: Row) -> Row | None:
    reason = row["unresolved_reason"] or ""
    if reason.endswith(_NARROWED):
        return row | {"alternatives": [], "unresolved_reason": reason.removesuffix(_NARROWED)}
    if row["anchor_basis"] != "inferred":
        return None
    node = _node(row["text"])
    try:
        found = str(_context(None, "past").resolve(node)) if node else ""
    except OpenError as error:
        found = error.reason
    kept = {
        "anchor_basis": "missing",
        "confidence": "low",
        "unresolved_reason": found if found in _REASONS else NO_PUBLICATION,
    }
    return row | dict.fromkeys(_FOUND) | kept


def _narrowed(row: Row, first: dt.date, last: dt.date) -> Row | None:
    """The row with its one value, or its alternatives; None where the window tells nothing."""
    node = _node(row["text"])
    readings: dict[tuple[Any, ...], Meaning] = {}
    try:
        for meaning in _readings(node, row["tense"], first, last) if node else ():
            period = meaning.period
            readings.setdefault((period.value, period.start, period.end, meaning.mod), meaning)
            if len(readings) > MOST_ALTERNATIVES or meaning.within or period.start is None:
                return None
    except OpenError:
        return None
    if len(readings) == 1:
        (meaning,) = readings.values()
        found = (
            meaning.period.value,
            meaning.mod,
            meaning.period.edtf,
            meaning.period.start,
            meaning.period.end,
            meaning.period.grain,
        )
        told = {"timex_type": meaning.timex_type, "anchor_basis": "inferred", "unresolved_reason": None}
        return row | dict(zip(_FOUND, found, strict=True)) | told
    values_ = list(dict.fromkeys(value for value, *_ in readings))
    if len(values_) < 2:
        return None
    return row | {"alternatives": values_, "unresolved_reason": row["unresolved_reason"] + _NARROWED}


def _readings(node: Node, tense: str | None, first: dt.date, last: dt.date) -> Iterator[Meaning]:
    """What the expression means for each day of the window, in each tense that its clause may have."""
    for told in [tense] if tense else ["past", "future"]:
        for i in range((last - first).days + 1):
            yield _context(first + dt.timedelta(i), told).resolve(node)


def _context(published: dt.date | None, tense: str) -> Context:
    return Context(published, "day", "", (), 0, 0, lambda: tense, builders=values.BUILDERS)


def _node(text: str) -> Node | None:
    """The expression that is the whole of ``text``."""
    nodes = grammar.load().parse(text, lambda *_: False)
    return nodes[0] if len(nodes) == 1 and (nodes[0].start, nodes[0].end) == (0, len(text)) else None
