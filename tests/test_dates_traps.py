"""What has gone wrong with dates before, here or in libraries: each must come out right.

The article was published on 2018-09-24, a Monday, unless a test says otherwise.
"""

import datetime as dt

import pytest

from tests.test_dates import day, found, only, refused

VALUES = [
    # words | value | mod | first day | last day
    ("between 25 August and 24 September 2017", "2017-08-25/2017-09-24", None, "2017-08-25", "2017-09-24"),
    ("since late August 2017", "2017-08", "END", "2017-08-21", None),
    ("mid-2016", "2016", "MID", "2016-05-01", "2016-08-31"),
    ("the 1990s", "199", None, "1990-01-01", "1999-12-31"),
    ("the early 1990s", "199", "START", "1990-01-01", "1993-12-31"),
    ("last August", "2018-08", None, "2018-08-01", "2018-08-31"),
    ("earlier this month", "2018-09", "START", "2018-09-01", "2018-09-23"),
    ("more than a year ago", "2017-09-24", "BEFORE", None, "2017-09-23"),
    ("several days", "PXD", None, None, None),
    ("the past two weeks", "P2W", None, "2018-09-10", "2018-09-24"),
    ("a decade", "P10Y", None, None, None),
    ("25/08/2017", "2017-08-25", None, "2017-08-25", "2017-08-25"),
    ("08/25/2017", "2017-08-25", None, "2017-08-25", "2017-08-25"),
    ("the 1990s, 250,000", "199", None, "1990-01-01", "1999-12-31"),
    ("late August", "2018-08", "END", "2018-08-21", "2018-08-31"),
    ("since 25 August 2017", "2017-08-25", None, "2017-08-25", None),
    ("in recent weeks", "PAST_REF", None, None, None),
]


@pytest.mark.parametrize(("words", "value", "mod", "start", "end"), VALUES)
def test_what_must_come_out(words, value, mod, start, end):
    row = only(f"The bridge was closed, {words} people said.")
    assert (row["timex_value"], row["mod"]) == (value, mod)
    assert (row["start_date"], row["end_date"]) == (day(start), day(end))


def test_a_date_with_two_readings_says_the_other_one():
    assert only("The bridge was closed last August.")["alternatives"] == ["2017-08"]
    assert only("The council meets Friday.")["alternatives"] == ["2018-09-21"]
    assert only("Opening Friday")["alternatives"] != []
    assert only("The bridge was closed on Friday.")["alternatives"] == []


@pytest.mark.parametrize(
    "text",
    [
        "The army may march again.",
        "A second woman said so.",
        "We sat there, one of us said.",
        "Mr March and the Sat 2 committee said so.",
        "It was number 24, and the 25th of them.",
        "August Wilson wrote it, and April smiled.",
        "It was shown on Friday Night Lights, as people remember.",
        "The Boeing 747 was on Route 2010, in Section 2012.",
        "They won 3-2, after 21-14 in the first game.",
        "They went to Euro 2016 with the G20.",
        "It is told on page 3/4 of The Daily Courier.",
        "He will be the fall guy.",
        "She lives at 1840 Hill Street and paid $2,016.",
    ],
)
def test_what_must_not(text):
    assert [(r["text"], r.get("timex_value")) for r in found(text)] == []


@pytest.mark.parametrize("words", ["last March", "on Tuesday", "a year ago", "on 3 April", "on Wednesday, April 12"])
def test_without_a_publication_date_it_is_open_with_the_reason(words):
    row = only(f"The bridge was closed {words}.", published=None)
    assert (row.get("timex_value"), row["alternatives"]) == (None, [])
    assert "no publication date" in row["unresolved_reason"]


def test_a_weekday_narrows_the_year_to_those_in_which_it_fits():
    window = {"published_earliest": dt.date(2017, 1, 1), "published_latest": dt.date(2018, 12, 31)}
    assert only("They met on Wednesday, April 12.", published=None, **window)["alternatives"] == ["2017-04-12"]


def test_a_month_is_a_person_where_somebody_has_it_for_a_name():
    rows, issues = refused("Theresa May spoke first. In the end May denied it.")
    assert rows == []
    assert [words for words, _ in issues] == ["May", "May"]
