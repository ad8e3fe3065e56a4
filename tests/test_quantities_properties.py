"""What holds for the numbers of any text: bounds, flags, spans, and reading the same words again."""

from __future__ import annotations

import itertools

import pytest

from pipeline.extract.dates import find_dates
from pipeline.extract.quantities import find_quantities
from pipeline.nlp.passages import Row
from pipeline.settings import ExtractSettings

from .factories import make_article

TEXTS = (
    "At least 14 people were killed and 32 wounded on 3 April 2018, when shells hit a market in Teldra.",
    "Between 40 and 50 villagers, up to 12 of them children, are missing; nearly 700 houses burned.",
    "The state set aside R45 million, N50 million and £1.2m; a kilo costs 120 rupees, against 45 a year ago.",
    "Just under half of the 90 pupils have left. About 5 1/2 miles away, two and a half million eggs rotted.",
    "Hundreds of thousands have fled since 2016, a sixfold rise; scores of homes and several dozen cars burned.",
    "Turnout fell by 3.5 percentage points to 41 per cent, or one in three of those under 25.",
    "Temperatures fell to minus 18C, and 60cm of snow closed the road for two nights in the 1990s.",
    "No civilians were hurt, and none of the 12 soldiers was. Fewer than ten of the 240 men have a lawyer.",
    "More than 24,000 were displaced in January; no more than 300, and not a single child, have returned.",
    "Maria Adeyo, 34, and two sons aged 9 and 12 walked 20 to 25 km in three to five days. Only 18 came.",
    "A hundred and six people died, some 3,000 or so fled, 50-odd stayed and 200 or more sleep in a gym.",
    "Losses of US$2-3 billion, 18,000-24,000 jobs and as many as 900 shops are feared, up from 5k to 20k.",
)


def found(text: str) -> tuple[str, list[Row], list[tuple[int, int]]]:
    article = make_article(text, published="2018-09-24")
    dates = find_dates(article, ExtractSettings()).rows
    taken = [(d["start"], d["end"]) for d in dates if d["timex_type"] != "DURATION"]
    return article.clean_text, find_quantities(article, taken, ExtractSettings()).rows, taken


@pytest.mark.parametrize("text", TEXTS)
def test_bounds_and_flags(text: str) -> None:
    """low <= value <= high, and the flags say whether the ends themselves are possible."""
    _, rows, _ = found(text)
    assert rows
    for row in rows:
        name, value, low, high = row["approximator"], row["value"], row["low"], row["high"]
        stated = [number for number in (low, value, high) if number is not None]
        assert stated == sorted(stated), row
        if name == "exact":
            assert low == value == high
        if name == "about":
            assert low is None
            assert high is None
        assert row["low_inclusive"] == (name != "more_than" or value is None), row
        assert row["high_inclusive"] == (name not in ("less_than", "nearly")), row
        assert (low is None) == (name in ("about", "nearly")), row
        assert (high is None) == (name in ("about", "at_least", "more_than", "few") or (name == "several" and high is None)), row  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_no_date_is_a_number(text: str) -> None:
    """No number overlaps a date, a time or a set, and numbers do not overlap each other."""
    _, rows, taken = found(text)
    spans = sorted((row["number_start"], row["number_end"]) for row in rows)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))
    assert not [span for span in spans if any(span[0] < end and start < span[1] for start, end in taken)]


@pytest.mark.parametrize("text", TEXTS)
def test_read_again(text: str) -> None:
    """The words of an expression, read alone, give the same number with the same bounds."""
    whole, rows, _ = found(text)
    for row in rows:
        words = whole[row["start"] : row["end"]]
        again = find_quantities(make_article(words), [], ExtractSettings()).rows
        numbers = ("value", "low", "high", "low_inclusive", "high_inclusive", "approximator")
        assert [row[name] for name in numbers] in [[other[name] for name in numbers] for other in again], words


def test_a_part_is_no_larger_than_its_whole() -> None:
    """Parts count no more than what they are part of, and no whole is part of its own part."""
    for text in TEXTS:
        _, rows, _ = found(text)
        by_id = {row["quantity_id"]: row for row in rows}
        for row in rows:
            whole = by_id.get(row["subset_of_quantity_id"])
            if whole and row["kind"] == "count" and None not in (row["value"], whole["value"]):
                assert row["value"] <= whole["value"]
            assert whole is None or whole["subset_of_quantity_id"] != row["quantity_id"]
