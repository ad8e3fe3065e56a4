"""Properties that hold of every row, over expressions put together at random from parts (a fixed seed)."""

import datetime as dt
import itertools
import random
import re

import pytest
import spacy

from pipeline.extract.dates import find_dates, grammar
from pipeline.nlp.passages import Article, Passage
from pipeline.schema import conform
from pipeline.settings import ExtractSettings
from tests.factories import make_article
from tests.test_dates import days_of

MONTHS = ["January", "March", "June", "September", "December"]
WEEKDAYS = ["Monday", "Wednesday", "Saturday"]
TENSES = ["The bridge was closed {}.", "The bridge will be closed {}."]
FOUR_YEARS = dt.timedelta(days=1461)
"""A shift that keeps month and day wherever no leap year is left out, and moves weekdays by five."""
WEEKS = dt.timedelta(days=364)
DAY = dt.date(2018, 9, 24)


def absolute(draw):
    """Words that name their year, and so mean the same whenever they are read."""
    year, month, day = draw.randint(1950, 2030), draw.choice(MONTHS), draw.randint(1, 28)
    return draw.choice(
        [
            f"on {day} {month} {year}",
            f"on {month} {day}, {year}",
            f"in {month} {year}",
            f"in {year}",
            f"in late {month} {year}",
            f"since {month} {year}",
            f"until {year}",
            f"before {month} {year}",
            f"in the {draw.choice(['first', 'second', 'last'])} quarter of {year}",
            f"in the {draw.choice(['first', 'second'])} half of {year}",
            f"in the {draw.choice(['spring', 'summer', 'winter'])} of {year}",
            f"between {month} and December {year}",
            f"from {day} January to {day} {month} {year}",
            f"in the {draw.choice(['first', 'last'])} week of {month} {year}",
            f"in the {draw.choice(['early', 'mid', 'late'])} {year // 10 * 10}s".replace("mid ", "mid-"),
            f"on Easter Monday {year}",
            f"at 2.15 p.m. on {day} {month} {year}",
            f"on the night of {day} {month} {year}",
        ]
    )


def by_weeks(draw):
    """Words that a shift of whole weeks moves by as many days."""
    number = draw.randint(2, 20)
    return draw.choice(
        [
            "today",
            "yesterday",
            f"on {draw.choice(WEEKDAYS)}",
            f"last {draw.choice(WEEKDAYS)}",
            f"next {draw.choice(WEEKDAYS)}",
            f"on {draw.choice(WEEKDAYS)} morning",
            "last week",
            "next week",
            f"{number} days ago",
            f"{number} weeks ago",
            f"on {draw.choice(WEEKDAYS)} of last week",
            "last night",
        ]
    )


def by_years(draw):
    """Words that a shift of whole years moves by as many years."""
    number, month, day = draw.randint(2, 20), draw.choice(MONTHS), draw.randint(1, 28)
    return draw.choice(
        [
            "last month",
            "next month",
            "this year",
            "last year",
            f"{number} years ago",
            f"{number} months ago",
            f"in {month}",
            f"on {day} {month}",
            f"on {month} {day}",
            f"last {month}",
            f"in early {month}",
            "earlier this year",
            "in the third quarter",
            "in the spring",
            "at the end of last year",
            f"more than {number} years ago",
        ]
    )


def sentences(make, count, seed):
    draw = random.Random(seed)
    return list(dict.fromkeys(draw.choice(TENSES).format(make(draw)) for _ in range(count)))


def rows(texts, published):
    """The rows of each text, read as an article of its own."""
    found = []
    for text in texts:
        article = make_article(text, published=published.isoformat() if published else None)
        found.append(find_dates(article, ExtractSettings()).rows)
    return found


def moved(value, by):
    return None if value is None else value + by


EVERY = [*sentences(absolute, 120, 1), *sentences(by_weeks, 60, 2), *sentences(by_years, 80, 3)]


def test_every_expression_is_found():
    assert [text for text, found in zip(EVERY, rows(EVERY, DAY), strict=True) if not found] == []


@pytest.mark.parametrize("published", [DAY, dt.date(2020, 2, 29), dt.date(2021, 1, 1), dt.date(2019, 12, 31), None])
def test_value_interval_grain_and_edtf_agree_and_the_interval_holds_the_value(published):
    """The days of the value and the days of the row overlap in all that is not bounded by before or after."""
    for text, found in zip(EVERY, rows(EVERY, published), strict=True):
        for row in found:
            value, start, end, edtf = (row.get(k) for k in ("timex_value", "start_date", "end_date", "edtf"))
            assert (value is None) == bool(row.get("unresolved_reason")), text
            if value is None:
                assert (start, end, edtf) == (None, None, None), text
                continue
            assert start is None or end is None or start <= end, text
            days = days_of(value)
            if days and row["timex_type"] != "DURATION" and row["mod"] not in ("BEFORE", "AFTER"):
                first, last = start or dt.date.min, end or dt.date.max
                assert first <= days[1], text
                assert days[0] <= last, text
                inside = days[0] <= first <= last <= days[1]  # early June lies in June
                assert inside or first <= days[0] <= days[1] <= last or start is None or end is None, text
            if edtf and re.fullmatch(r"(\d{4}-\d\d-\d\d|\.\.)/(\d{4}-\d\d-\d\d|\.\.)", edtf):
                assert edtf == f"{start or '..'}/{end or '..'}", text
            elif edtf and re.fullmatch(r"\d{4}(-\d\d){0,2}", edtf) and int((edtf + "-01")[5:7]) <= 12:
                assert str(start).startswith(edtf), text
                assert str(end).startswith(edtf), text
            if row["grain"] == "day":
                assert start == end or "/" in edtf, text


def test_no_absolute_value_moves_with_the_publication_date():
    texts = sentences(absolute, 120, 4)
    for other in (DAY + FOUR_YEARS, DAY - WEEKS, None):
        for text, here, there in zip(texts, rows(texts, DAY), rows(texts, other), strict=True):
            keys = ("timex_type", "timex_value", "mod", "start_date", "end_date", "grain", "edtf", "anchor_basis")
            assert [[r.get(k) for k in keys] for r in here] == [[r.get(k) for k in keys] for r in there], text


def test_days_and_weeks_move_with_the_publication_date():
    texts = sentences(by_weeks, 80, 5)
    for weeks in (1, 52, -30):
        by = dt.timedelta(weeks=weeks)
        for text, here, there in zip(texts, rows(texts, DAY), rows(texts, DAY + by), strict=True):
            for one, other in zip(here, there, strict=True):
                assert other["start_date"] == moved(one["start_date"], by), text
                assert other["end_date"] == moved(one["end_date"], by), text
                assert one["anchor_date"] == DAY, text


def test_months_and_years_move_with_the_year_of_publication():
    texts = sentences(by_years, 100, 6)
    for years in (1, 4, -7):
        to = DAY.replace(year=DAY.year + years)
        for text, here, there in zip(texts, rows(texts, DAY), rows(texts, to), strict=True):
            for one, other in zip(here, there, strict=True):
                for key in ("start_date", "end_date"):
                    was, now = one[key], other[key]
                    assert (was is None) == (now is None), text
                    if was:
                        # the last of February is the one day that a leap year moves
                        same = (now.year, now.month) == (was.year + years, was.month) and abs(now.day - was.day) <= 1
                        assert same, text
                        assert now.day == was.day or was.month == 2, text


def test_no_value_depends_on_other_articles_or_their_order():
    texts = EVERY[::5]
    alone = rows(texts, DAY)
    backwards = rows(texts[::-1], DAY)[::-1]
    assert alone == backwards


def test_no_value_depends_on_what_stands_behind_it():
    """A later paragraph changes nothing above it; an earlier expression may."""
    texts = EVERY[::9]
    for text, more in itertools.pairwise(texts):
        article = make_article(text, more, published=DAY.isoformat())
        [alone] = rows([text], DAY)
        both = [r for r in find_dates(article, ExtractSettings()).rows if r["end"] <= len(text)]
        keys = ("start", "end", "timex_value", "mod", "start_date", "end_date", "alternatives")
        assert [[r.get(k) for k in keys] for r in alone] == [[r.get(k) for k in keys] for r in both], text


SHAPES = [
    "3",
    "12",
    "25",
    "31",
    "0",
    "00",
    "99",
    "2017",
    "9999",
    "0045",
    "3.15",
    "10:30",
    "10.30",
    "1st",
    "22nd",
    "1990s",
    "'90s",
    "'98",
    "2017-04-21",
    "03/04/2017",
    "31/02/2017",
]
SHAPES += [
    "25/08/17",
    "FY19",
    "9",
    "a.m.",
    "p.m.",
    "b.c.",
    "BC",
    "$5",
    "%",
    "-",
    "–",
    "/",
    ",",
    ".",
    "(",
    ")",
    '"',
    "“",
    "”",
    "'s",
    "February",
    "May",
    "Sat.",
    "Mon",
    "Sunday",
]


@pytest.mark.parametrize("seed", range(6))
def test_no_words_in_any_order_break_it(seed):
    """Nonsense made of the grammar's own words gives rows in order, each whole, and never an error."""
    draw, nlp = random.Random(seed), spacy.blank("en")
    nlp.add_pipe("sentencizer")
    words = sorted(grammar.load().values["UNIT"] | grammar.load().values["ORD"])
    words += [word for name in sorted(grammar.load().values) for word in grammar.load().values[name]]
    words += [
        "the",
        "of",
        "to",
        "and",
        "in",
        "between",
        "from",
        "until",
        "ago",
        "later",
        "earlier",
        "last",
        "next",
        "every",
        "half",
        "a",
        "quarter",
        "past",
    ]
    for _ in range(150):
        some = [draw.choice(SHAPES if draw.random() < 0.4 else words) for _ in range(draw.randint(3, 30))]
        text = " ".join(word.title() if draw.random() < 0.3 else word for word in some)
        published = draw.choice([None, DAY, dt.date(2020, 2, 29), dt.date(1, 1, 1), dt.date(9999, 12, 31)])
        precision = draw.choice(["day", "month", "year"]) if published else None
        passage = Passage(draw.choice(["body", "title", "caption"]), 0, 0, nlp(text))
        found = find_dates(Article("a_0", text, (passage,), published, precision), ExtractSettings()).rows
        conform("dates", [{k: v for k, v in row.items() if k not in ("start", "end")} for row in found])
        last = 0
        for row in found:
            assert last <= row["start"] < row["end"], text
            last = row["end"]
            assert (row.get("timex_value") is None) == bool(row.get("unresolved_reason")), text
            start, end = row.get("start_date"), row.get("end_date")
            assert not (start and end) or start <= end, text


def test_a_year_nought_is_no_year():
    [row] = rows(["It was built in 00 BC."], DAY)[0]
    assert (row.get("timex_value"), row["unresolved_reason"]) == (None, "that lies outside the calendar")
