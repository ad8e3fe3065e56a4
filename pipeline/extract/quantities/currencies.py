"""Which country's dollars, rupees or shillings: from the places named beside a sum, the dateline or the outlet.

Only one country whose money goes by that name may be named, else the unit stays null; the reason says what decided.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from pipeline.extract.quantities.numbers import alternation, words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spacy.tokens import Doc

    from pipeline.extract.quantities.units import Reading


@functools.cache
def _names() -> dict[str, str]:
    """The common name of each written form: "Rs" is a rupee."""
    table: dict[str, list[str]] = words()["currency_forms"]
    return {form: name for name, forms in table.items() for form in forms}


@functools.cache
def _places(name: str) -> tuple[re.Pattern[str], dict[str, str]]:
    """A pattern for the places that use a currency of that name, and the code of each place."""
    codes: dict[str, list[str]] = words()["currency_places"][name]
    table = {place: code for code, places in codes.items() for place in places}
    return re.compile(rf"(?<!\w)({alternation(table)})(?!\w)"), table


@functools.cache
def _outlets() -> list[tuple[re.Pattern[str], str, str]]:
    return [
        (re.compile(pattern, re.IGNORECASE), name, code)
        for name, codes in words()["currency_outlets"].items()
        for code, pattern in codes.items()
    ]


def settle(doc: Doc, readings: Iterable[Reading], place: str | None, outlet: str | None) -> None:
    """Give sums in a currency of several countries the code of the one country that is named.

    Args:
        doc: the passage.
        readings: its numbers.
        place: of the article's dateline.
        outlet: the paper or site, by name or domain.
    """
    for reading in readings:
        name = _names().get(reading.counted_head or "") or _names().get((reading.counted or "").split(" ")[0])
        sum_ = reading.kind == "money" and reading.unit is None
        weight = reading.kind == "other" and name == "pound" and reading.numeral.scale >= 1e6
        if name is None or not (sum_ or weight) or (weight and doc.text[reading.end : reading.end + 4] == " of "):
            continue
        sentence = next((s.text for s in doc.sents if s.start_char <= reading.numeral.start < s.end_char), "")
        found = _found(name, sentence, "the sentence") or _found(name, doc.text, "the paragraph")
        found = found or _found(name, place or "", "the dateline") or _of_outlet(name, outlet)
        if found is None:
            continue
        code, basis = found
        reading.kind, reading.confidence = "money", "medium"
        reading.unit = f"{code} per {reading.per}" if reading.per else code
        reading.reason = f"{name}s are of several countries; {code} because {basis}"
        reading.rule = "unit:money_of_place"


def _found(name: str, text: str, where: str) -> tuple[str, str] | None:
    """The code and why, if the text names places of one country only."""
    pattern, table = _places(name)
    named = {" ".join(m[1].split()): m for m in pattern.finditer(text)}
    codes = {table[place] for place in named if place in table}
    return (codes.pop(), f"{where} names {min(named)!r}") if len(codes) == 1 else None


def _of_outlet(name: str, outlet: str | None) -> tuple[str, str] | None:
    codes = {code for pattern, currency, code in _outlets() if currency == name and outlet and pattern.search(outlet)}
    return (codes.pop(), f"{outlet!r} is published there") if len(codes) == 1 else None
