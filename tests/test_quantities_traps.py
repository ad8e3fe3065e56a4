"""The agreed traps, row by row, in texts of our own."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.extract.dates import find_dates
from pipeline.extract.quantities import find_quantities
from pipeline.settings import ExtractSettings

from .factories import make_article

Row = dict[str, Any]


def rows(text: str) -> list[Row]:
    """The numbers of a text published on 24 September 2018, behind the dates that the extractor finds in it."""
    article = make_article(text, published="2018-09-24")
    dates = find_dates(article, ExtractSettings()).rows
    taken = [(d["start"], d["end"]) for d in dates if d["timex_type"] != "DURATION"]
    return find_quantities(article, taken, ExtractSettings()).rows


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("At least 8,000 people were killed.", {"value": 8000, "low": 8000, "high": None, "approximator": "at_least"}),
        ("Between 5,700 and 8,400 people were killed.", {"value": None, "low": 5700, "high": 8400, "approximator": "between"}),
        ("There are 12,000-14,000 dead.", {"value": None, "low": 12000, "high": 14000, "event": "killed"}),
        ("Nearly 600,000 refugees fled.", {"value": 600000, "low": None, "high": 600000, "high_inclusive": False, "approximator": "nearly"}),
        ("More than 14,000 were killed.", {"value": 14000, "low": 14000, "low_inclusive": False, "high": None, "approximator": "more_than"}),
        ("Two dozen farmers were shot dead.", {"value": 24, "approximator": "about", "event": "killed"}),
        ("Dozens of homes burned.", {"value": None, "low": 24, "high": 99, "approximator": "dozens", "unit": "house"}),
        ("No civilians were killed, the navy said.", {"value": 0, "polarity": "negated", "event": "killed"}),
        ("Up to 300 farmers may have been killed.", {"value": 300, "low": 0, "high": 300, "approximator": "up_to", "modality": "possible"}),
        ("Hundreds of thousands have fled.", {"value": None, "low": 200000, "high": 999999, "approximator": "hundreds_of_thousands"}),
        ("The town took in 2.1m refugees.", {"value": 2_100_000, "unit": "person", "demographic": "refugees"}),
        ("It cost £40m.", {"value": 40_000_000, "unit": "GBP"}),
        ("It cost US$2.5 billion.", {"value": 2.5e9, "unit": "USD"}),
        ("She faced a six-person mob.", {"value": 6, "unit": "person", "kind": "count"}),
        ("The 21-year-old left.", {"value": 21, "kind": "age", "unit": "year"}),
        ("Two-thirds of the captives left.", {"value": pytest.approx(0.667, abs=0.001), "kind": "ratio"}),
    ],
)  # fmt: skip
def test_values(text: str, expected: Row) -> None:
    """Value, bounds, approximator, unit and what is said come out as agreed."""
    (row,) = rows(text)
    assert {name: row[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("text", "values", "head"),
    [
        ("5,700 people, including 430 children, were killed.", (5700, 430), "child"),
        ("120 gay men were moved out of Orland, 97 of them to places abroad.", (120, 97), "man"),
    ],
)
def test_subsets(text: str, values: tuple[float, float], head: str) -> None:
    """The second number is a part of the first, and counts what it names or what the first does."""
    whole, part = rows(text)
    assert (whole["value"], part["value"], part["counted_head"]) == (*values, head)
    assert part["subset_of_quantity_id"] == whole["quantity_id"]


def test_two_figures_one_event() -> None:
    """Two counts joined by "and" share the event and stay two."""
    got = rows("14 police officers and 61 insurgents were killed.")
    assert [(row["value"], row["event"], row["demographic"]) for row in got] == [
        (14, "killed", "police"),
        (61, "killed", "fighters"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "It was burned at 3.25pm on 26 August 2017.",
        "The 24-hour plan was dropped.",
        "The G20 met.",
        "COVID-19 spread.",
        "Section 29 was used.",
        "An actor (2L) and a singer spoke.",
        "She was killed a year ago, said one of the men.",
        "She dialled 911, then 0800 555 0199.",
    ],
)
def test_no_count(text: str) -> None:
    """Times, names, codes, sections, captions, telephone numbers and pronouns count nothing."""
    assert rows(text) == []


def test_a_date_leaves_the_count() -> None:
    """ "In the 1990s, 150,000 left" is a date and a count."""
    assert [row["value"] for row in rows("In the 1990s, 150,000 left.")] == [150_000]
