"""How papers write numbers, sums and measures: forms beyond the plain ones."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.extract.quantities import find_quantities
from pipeline.extract.quantities.numbers import read_numerals
from pipeline.settings import ExtractSettings

from .factories import make_article


def rows(text: str, **fields: Any) -> list[dict[str, Any]]:
    return find_quantities(make_article(text, **fields), [], ExtractSettings()).rows


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5 1/2 miles", 5.5),
        ("6½ years", 6.5),
        ("⅝ of", 0.625),
        ("half-million", 500_000),
        ("a quarter million", 250_000),
        ("two point five million", 2.5e6),
        ("three dozens", 36),
        ("sixfold", 6),
        ("10 bln", 10e9),
        ("exactly one sixth.", 1 / 6),
        ("cut deaths by a third in a year", 1 / 3),
        ("1 414 021 100", 1_414_021_100),
    ],
)
def test_numerals(text: str, value: float) -> None:
    """Mixed fractions, decimals in words, half-millions and many times as much."""
    assert [numeral.value for numeral in read_numerals(text)] == [pytest.approx(value)]


@pytest.mark.parametrize("text", ["the twenty-first century", "the one hundred and fifth day", "his thirty-third year"])
def test_ordinals_in_words(text: str) -> None:
    """A long ordinal in words is no number, nor is its first half."""
    assert read_numerals(text) == []


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("The state set aside R45 million.", 45e6, "ZAR"),
        ("The reward is R100 000.", 100_000, "ZAR"),
        ("They want N50 million.", 50e6, "NGN"),
        ("Temperatures fell to minus 18C.", -18, "degree Celsius"),
        ("The mine yields 100t a year.", 100, "tonne per year"),
        ("Prices fell from 5 to 4 million euros.", 4e6, "EUR"),
    ],
)
def test_units(text: str, value: float, unit: str) -> None:
    """Single letters are money or degrees only beside a number that can be a sum or a temperature."""
    assert (value, unit) in [(row["value"], row["unit"]) for row in rows(text)]


@pytest.mark.parametrize("text", ["She wore an N95 mask.", "He took the R2 to Orl.", "Seats 18C and 18F were free."])
def test_letters_that_are_no_units(text: str) -> None:
    """A letter before or behind a small number is a code."""
    assert [row for row in rows(text) if row["kind"] in ("money", "measure")] == []


@pytest.mark.parametrize(
    ("text", "fields", "unit", "because"),
    [
        ("Canada's finance minister wants $40m.", {}, "CAD", "the sentence names 'Canada'"),
        ("A farmer in Pune lost Rs 1.2 crore.", {}, "INR", "the sentence names 'Pune'"),
        ("A kilo costs 120 rupees in Lahore.", {}, "PKR", "the sentence names 'Lahore'"),
        ("Fees of Sh180,000 were paid in Kenya.", {}, "KES", "the sentence names 'Kenya'"),
        ("The Emirates spent 3 billion dirhams.", {}, "AED", "the sentence names 'Emirates'"),
        ("The road costs $5 million.", {"place": "CANBERRA, Australia"}, "AUD", "the dateline names 'Australia'"),
        ("The road costs $5 million.", {"outlet": "news.example.nz"}, "NZD", "'news.example.nz' is published there"),
        ("London spent 40 million pounds.", {}, "GBP", "the sentence names 'London'"),
        ("The road costs $5 million.", {}, None, "without a country"),
        ("Ghana paid $5 million.", {}, None, "without a country"),
        ("Canada gave Australia $5 million.", {}, None, "without a country"),
    ],
)
def test_whose_money(text: str, fields: dict[str, str], unit: str | None, because: str) -> None:
    """A sum is in the money of the one country named with it, by the dateline or outlet; of none or two it stays open."""
    (row,) = rows(text, **fields)
    assert (row["kind"], row["unit"]) == ("money", unit)
    assert because in row["unresolved_reason"]


@pytest.mark.parametrize(
    ("text", "unit"),
    [("The land weighs 40 pounds in London.", None), ("They sent 3 million pounds of rice to London.", None)],
)
def test_pounds_of_weight(text: str, unit: str | None) -> None:
    """Few pounds, and pounds of something, may be weight."""
    assert rows(text)[0]["unit"] == unit


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("Growth will slow to 2 to 2.5 per cent.", 2, 2.5),
        ("The toll was put at 50-60 by the rebels.", 50, 60),
        ("It is for those aged 18 through 64.", 18, 64),
        ("The firm has 5k-20k readers.", 5_000, 20_000),
    ],
)
def test_ranges(text: str, low: float, high: float) -> None:
    """A range behind "to" or "put at", and one with "through"."""
    assert (low, high) in [(row["low"], row["high"]) for row in rows(text)]


@pytest.mark.parametrize("text", ["One US soldier was killed.", "One Palestinian man was killed."])
def test_one_with_a_capital_behind_it(text: str) -> None:
    """ "One" counts before a people or country that goes with a noun."""
    assert [(row["value"], row["unit"]) for row in rows(text)] == [(1, "person")]
