"""Passages of one to three sentences, written to be gold for numbers: every field, over all rows.

Form and rulings are those of ``tests/gold/QUANTITIES.md``. The files are a corpus of their own, in which a passage is
the article ``file.json#id``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.errors import UsageError
from pipeline.evaluate.gold import Row, Text, check_item, clip
from pipeline.evaluate.pairing import Pair, Pairing, number_span, pair_up, same, share_words
from pipeline.evaluate.report import Report
from pipeline.offsets import normalise

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SPLITS = ("dev", "held")
"""For finding errors, and for measuring only."""

_NEEDED = {"id", "split", "text", "quantities"}
_KEYS = {*_NEEDED, "level", "published", "open"}
_WORDS = ("source", "date", "place")
"""What the gold gives as words of the passage and the table as an id."""
_COUNTED = ("count", "percent", "ratio")
_DATED = (*_COUNTED, "money")

_UNITS = {"count": "person", "percent": "percent", "age": "year"}
_BOUNDS: dict[str, Callable[[Any], tuple[Any, Any]]] = {
    "exact": lambda value: (value, value),
    "about": lambda _: (None, None),
    "at_least": lambda value: (value, None),
    "more_than": lambda value: (value, None),
    "up_to": lambda value: (0, value),
    "at_most": lambda value: (0, value),
    "less_than": lambda value: (0, value),
    "nearly": lambda value: (None, value),
}
"""Low and high as they follow from the value; with other approximators the gold gives them."""


def _columns(*names: str) -> Callable[[Row], Any]:
    """The columns as they stand, judged on every row."""
    return lambda says: tuple(says[name] for name in names)


def _column(name: str, default: str | None = None, kinds: tuple[str, ...] = ()) -> Callable[[Row], Any]:
    """The column; None where it has the default, or where the row is of none of ``kinds``."""
    return lambda says: None if says[name] == default or (kinds and says["kind"] not in kinds) else says[name]


def _bounds(says: Row) -> tuple[Any, ...]:
    """Both ends and whether they are included; a missing low of what cannot be negative is 0."""
    low, high = says["low"], says["high"]
    if low is None and high is not None and says["kind"] != "measure":
        low = 0
    return low, high, low in (None, 0) or says["low_inclusive"], high is None or says["high_inclusive"]


@dataclass(frozen=True)
class _Field:
    """One measure: ``of`` reads a gold quantity or a row, None where there is nothing to find."""

    name: str
    of: Callable[[Row], Any]
    same: Callable[[Any, Any], bool] = same

    def given(self, says: Row) -> bool:
        return self.of(says) is not None

    def right(self, pair: Pair) -> bool:
        return self.same(self.of(pair.mark.says), self.of(pair.row))


_FIELDS = (
    _Field("number", lambda _: True),
    _Field("value", _columns("value")),
    _Field("bounds", _bounds),
    _Field("approximator", _columns("approximator")),
    _Field("kind", _columns("kind")),
    _Field("unit", _columns("unit")),
    _Field("value+unit", _columns("value", "unit")),
    _Field("counted_head", _column("counted_head", kinds=_COUNTED), lambda want, got: _lower(want) == _lower(got)),
    _Field("demographic", _column("demographic")),
    _Field("event", _column("event")),
    _Field("polarity+modality", _columns("polarity", "modality")),
    _Field("negated", _column("polarity", "asserted")),
    _Field("not_certain", _column("modality", "certain")),
    _Field("cumulative", _column("cumulative")),
    _Field("subset", _column("subset_of")),
    _Field("source", _column("source"), share_words),
    _Field("date", _column("date", kinds=_DATED), share_words),
    _Field("place", _column("place", kinds=_DATED), share_words),
)


def _lower(word: str | None) -> str:
    return (word or "").lower()


def read_passages(files: list[tuple[Path, Any]]) -> list[tuple[Path, Row]]:
    """Every passage with its file, in the form of an article's gold and with every default filled in.

    Raises:
        UsageError: a passage, key or split that cannot be, bounds that are neither given nor follow, or a whole that
            is not one other quantity of the passage.
    """
    found = []
    for path, passages in files:
        for passage in passages:
            if not isinstance(passage, dict) or not passage.keys() >= _NEEDED:
                raise UsageError(f"gold {path}: not a passage with id, split, text and quantities: {clip(passage)}")
            where = f"gold {path}: {passage['id']}"
            if unknown := passage.keys() - _KEYS:
                raise UsageError(f"{where} has an unknown key {', '.join(sorted(unknown))}")
            if passage["split"] not in SPLITS:
                raise UsageError(f"{where} has split {passage['split']!r}; known are {', '.join(SPLITS)}")
            for item in passage["quantities"]:
                check_item(path, "quantities", item, *_WORDS)
            rows = [_complete(where, item, passage["quantities"]) for item in passage["quantities"]]
            found.append((path, {**passage, "article": f"{path.name}#{passage['id']}", "quantities": rows}))
    return found


def _complete(where: str, item: Row, items: list[Row]) -> Row:
    """One of the gold quantities ``items`` with the codebook's defaults."""
    approximator, kind = item.get("approximator", "exact"), item.get("kind", "count")
    if approximator not in _BOUNDS and not {"low", "high"} <= item.keys():
        raise UsageError(f"{where}: {item['text']!r} is {approximator} and needs low and high")
    if not {"number", "value"} <= item.keys():
        raise UsageError(f"{where}: {item['text']!r} needs number and value")
    if whole := item.get("subset_of"):
        wholes = [other for other in items if other["text"] == whole]
        if len(wholes) != 1 or wholes[0] is item:
            raise UsageError(f"{where}: {item['text']!r} is part of {whole!r}, which is not one other quantity")
    low, high = _BOUNDS.get(approximator, _BOUNDS["about"])(item["value"])
    return {
        **dict.fromkeys(("counted_head", "demographic", "event", "cumulative", "subset_of", *_WORDS)),
        "approximator": approximator,
        "kind": kind,
        "unit": _UNITS.get(kind),
        "low": low,
        "high": high,
        "low_inclusive": approximator != "more_than",
        "high_inclusive": approximator not in ("less_than", "nearly"),
        "polarity": "asserted",
        "modality": "certain",
        **item,
    }


def score_passages(texts: list[Text]) -> Report:
    """Precision and recall of every field in all passages, in dev and in held; what differs, of dev alone."""
    report = Report(len(texts), "passages", tuple(field.name for field in _FIELDS))
    numbers = pair_up(report, texts, "quantities", ("kind", "kind"), number_span)
    answers = {pair.row["quantity_id"]: pair.mark.text for pair in numbers.pairs}
    for text in texts:
        _put_words(text, answers)
    for name, splits in (("passages", SPLITS), *((f"passages, {split}", (split,)) for split in SPLITS)):
        part = _of(numbers, name, splits)
        for field in _FIELDS:
            part.f(field.name, field.right, field.given)
    dev = _of(numbers, "number", ("dev",))
    dev.leftovers("kind", "value", "event")
    for field in _FIELDS:
        for pair in dev.pairs:
            if not field.right(pair):
                want, got = (_told(field.of(says)) for says in (pair.mark.says, pair.row))
                report.differ(field.name, pair.text, pair.mark, field.name, want, got)
                report.missed[field.name][-1] += f" | {normalise(pair.text.article['raw_text']).text}"
        report.missed[field.name].append("passages of dev alone: held is for measuring, its errors are not shown")
    return report


def _told(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _put_words(text: Text, answers: dict[str, str]) -> None:
    """Give each quantity of the table, beside its ids, the words of source, date, place and whole."""
    quotes = {row["quote_id"]: row for row in text.rows["quotes"]}
    dates = {row["date_id"]: row["text"] for row in text.rows["dates"]}
    names = {row["entity_id"]: row["text"] for row in reversed(text.rows["mentions"])}
    for row in text.rows["quantities"]:
        quote, place, whole = quotes.get(row["quote_id"]), row["place_entity_id"], row["subset_of_quantity_id"]
        while quote and not quote["speaker"]:
            quote = quotes.get(quote["within_quote_id"])
        row["source"] = quote and quote["speaker"]
        row["date"] = dates.get(row["date_id"])
        row["place"] = place and names.get(place, place)
        row["subset_of"] = whole and answers.get(whole, "no quantity of the gold")


def _of(numbers: Pairing, name: str, splits: tuple[str, ...]) -> Pairing:
    """The part of ``numbers`` in passages of ``splits``, to be scored as ``name``."""
    part = Pairing(numbers.report, name)
    part.pairs = [pair for pair in numbers.pairs if pair.text.gold["split"] in splits]
    part.missed = [(text, mark) for text, mark in numbers.missed if text.gold["split"] in splits]
    part.extra = [(text, row) for text, row in numbers.extra if text.gold["split"] in splits]
    return part
