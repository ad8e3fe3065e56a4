"""Time expressions: what is found, what it means, what it is counted from, and what is refused.

Unless a test says otherwise, the article was published on 2018-09-24, a Monday.
"""

import datetime as dt
import re

import pytest

from pipeline.extract.dates import find_dates, grammar, periods
from pipeline.schema import conform
from pipeline.settings import ExtractSettings
from tests.factories import make_article

PUBLISHED = "2018-09-24"


def found(*paragraphs, published=PUBLISHED, order="", **fields):
    """The rows of an article, each with its words under ``text``."""
    article = make_article(*paragraphs, published=published, **fields)
    rows = find_dates(article, ExtractSettings(date_order=order)).rows
    return [{"text": article.clean_text[r["start"] : r["end"]]} | r for r in rows]


def refused(text, **fields):
    article = make_article(text, published=PUBLISHED, **fields)
    result = find_dates(article, ExtractSettings())
    return result.rows, [(article.clean_text[i["start"] : i["end"]], i["message"]) for i in result.issues]


def only(*paragraphs, **fields):
    rows = found(*paragraphs, **fields)
    assert len(rows) == 1, [(r["text"], r.get("timex_value")) for r in rows]
    return rows[0]


def day(text):
    return dt.date.fromisoformat(text) if text else None


ABSOLUTE = [
    # words | value | mod | first day | last day | grain | EDTF
    ("on 3 April, 2019", "2019-04-03", None, "2019-04-03", "2019-04-03", "day", "2019-04-03"),
    ("on April 3, 2019", "2019-04-03", None, "2019-04-03", "2019-04-03", "day", "2019-04-03"),
    ("on the 3rd of April 2019", "2019-04-03", None, "2019-04-03", "2019-04-03", "day", "2019-04-03"),
    ("on Wednesday, April 3rd 2019", "2019-04-03", None, "2019-04-03", "2019-04-03", "day", "2019-04-03"),
    ("on 2017/04/21", "2017-04-21", None, "2017-04-21", "2017-04-21", "day", "2017-04-21"),
    ("on 2019-04-03", "2019-04-03", None, "2019-04-03", "2019-04-03", "day", "2019-04-03"),
    ("on 25/08/2017", "2017-08-25", None, "2017-08-25", "2017-08-25", "day", "2017-08-25"),
    ("on 08/25/2017", "2017-08-25", None, "2017-08-25", "2017-08-25", "day", "2017-08-25"),
    ("in June 2017", "2017-06", None, "2017-06-01", "2017-06-30", "month", "2017-06"),
    ("in Sept. 2017", "2017-09", None, "2017-09-01", "2017-09-30", "month", "2017-09"),
    ("in 2017", "2017", None, "2017-01-01", "2017-12-31", "year", "2017"),
    ("in the 1990s", "199", None, "1990-01-01", "1999-12-31", "decade", "199X"),
    ("in the '90s", "199", None, "1990-01-01", "1999-12-31", "decade", "199X"),
    ("in the early 1990s", "199", "START", "1990-01-01", "1993-12-31", "decade", "1990-01-01/1993-12-31"),
    ("in the 19th century", "18", None, "1800-01-01", "1899-12-31", "century", "18XX"),
    ("in the season of 2007-2008", "2007/2008", None, "2007-01-01", "2008-12-31", "year", "2007/2008"),
    ("in the 2007-08 season", "2007/2008", None, "2007-01-01", "2008-12-31", "year", "2007/2008"),
    ("in 2007/08", "2007/2008", None, "2007-01-01", "2008-12-31", "year", "2007/2008"),
    (
        "between 25 August and 24 September 2017",
        "2017-08-25/2017-09-24",
        None,
        "2017-08-25",
        "2017-09-24",
        "day",
        "2017-08-25/2017-09-24",
    ),
    ("between 30 December and 2 January 2017", "2016-12-30/2017-01-02", None, "2016-12-30", "2017-01-02", "day", None),
    ("in spring 2016", "2016-SP", None, "2016-03-01", "2016-05-31", "season", "2016-21"),
    ("in the winter of 2016", "2016-WI", None, "2016-12-01", "2017-02-28", "season", "2016-24"),
    ("in the second quarter of 2018", "2018-Q2", None, "2018-04-01", "2018-06-30", "quarter", "2018-34"),
    ("in the first half of 2018", "2018-H1", None, "2018-01-01", "2018-06-30", "half", "2018-40"),
    ("in mid-2016", "2016", "MID", "2016-05-01", "2016-08-31", "year", "2016-05-01/2016-08-31"),
    ("in early October 2016", "2016-10", "START", "2016-10-01", "2016-10-10", "month", "2016-10-01/2016-10-10"),
    ("at the end of 2015", "2015", "END", "2015-09-01", "2015-12-31", "year", "2015-09-01/2015-12-31"),
    ("since late August 2017", "2017-08", "END", "2017-08-21", None, "month", "2017-08-21/.."),
    ("until 2016", "2016", None, None, "2016-12-31", "year", "../2016-12-31"),
    ("before 2016", "2016", "BEFORE", None, "2015-12-31", "year", "../2015-12-31"),
    ("about 2010", "2010", "APPROX", "2010-01-01", "2010-12-31", "year", "2010~"),
    ("between May and June 2016", "2016-05/2016-06", None, "2016-05-01", "2016-06-30", "month", "2016-05/2016-06"),
    ("between late August and December 2016", "2016-08/2016-12", None, "2016-08-21", "2016-12-31", "month", None),
    ("in the second half of August 2016", "2016-08", "END", "2016-08-16", "2016-08-31", "month", None),
    ("in the first half of August 2016", "2016-08", "START", "2016-08-01", "2016-08-15", "month", None),
    ("in 493 BC", "BC0493", None, None, None, "year", "-0492"),
    ("in 493 B.C.", "BC0493", None, None, None, "year", "-0492"),
    ("in the 470s BC", "BC047", None, None, None, "decade", None),
]


@pytest.mark.parametrize("published", [PUBLISHED, None])
@pytest.mark.parametrize(("words", "value", "mod", "start", "end", "grain", "edtf"), ABSOLUTE)
def test_an_absolute_expression_says_its_value_and_interval_and_needs_no_anchor(
    words, value, mod, start, end, grain, edtf, published
):
    row = only(f"The bridge was closed {words}.", published=published)
    assert (row["timex_type"], row["timex_value"], row["mod"]) == ("DATE", value, mod)
    assert (row["start_date"], row["end_date"], row["grain"]) == (day(start), day(end), grain)
    assert edtf is None or row["edtf"] == edtf
    assert (row["anchor_basis"], row["anchor_date"]) == ("none_needed", None)


TO_PUBLICATION = [
    ("The bridge was closed today.", "2018-09-24", None, "2018-09-24", "2018-09-24"),
    ("The bridge was closed yesterday.", "2018-09-23", None, "2018-09-23", "2018-09-23"),
    ("The bridge was closed on Tuesday.", "2018-09-18", None, "2018-09-18", "2018-09-18"),
    ("The bridge was closed Monday.", "2018-09-24", None, "2018-09-24", "2018-09-24"),
    ("The council will meet on Tuesday.", "2018-09-25", None, "2018-09-25", "2018-09-25"),
    ("The bridge was closed last week.", "2018-W38", None, "2018-09-17", "2018-09-23"),
    ("The bridge will be closed next month.", "2018-10", None, "2018-10-01", "2018-10-31"),
    ("The bridge was closed this year.", "2018", None, "2018-01-01", "2018-12-31"),
    ("The bridge was closed last year.", "2017", None, "2017-01-01", "2017-12-31"),
    ("The bridge was closed last weekend.", "2018-W38-WE", None, "2018-09-22", "2018-09-23"),
    ("The bridge was closed earlier this month.", "2018-09", "START", "2018-09-01", "2018-09-23"),
    ("The bridge was closed two years ago.", "2016", None, "2016-01-01", "2016-12-31"),
    ("The bridge was closed two weeks ago.", "2018-09-10", None, "2018-09-10", "2018-09-10"),
    ("The bridge was closed more than a year ago.", "2017-09-24", "BEFORE", None, "2017-09-23"),
    ("The bridge was closed in late August.", "2018-08", "END", "2018-08-21", "2018-08-31"),
    ("The bridge was closed in November.", "2017-11", None, "2017-11-01", "2017-11-30"),
    ("The bridge will be closed in November.", "2018-11", None, "2018-11-01", "2018-11-30"),
    ("The bridge was closed on Oct. 16.", "2017-10-16", None, "2017-10-16", "2017-10-16"),
    ("The bridge was closed on Wednesday, April 12.", "2017-04-12", None, "2017-04-12", "2017-04-12"),
    ("The bridge was closed in the third quarter of last year.", "2017-Q3", None, "2017-07-01", "2017-09-30"),
    ("The bridge was closed on Friday last week.", "2018-09-21", None, "2018-09-21", "2018-09-21"),
    ("The hearing is on Thursday week.", "2018-10-04", None, "2018-10-04", "2018-10-04"),
    ("The theme of this years fair was light.", "2018", None, "2018-01-01", "2018-12-31"),
    ("The vote is to be held on 20 November.", "2018-11-20", None, "2018-11-20", "2018-11-20"),
    ("The water will start to rise in November.", "2018-11", None, "2018-11-01", "2018-11-30"),
    ("They marched to the square on Wednesday to protest.", "2018-09-19", None, "2018-09-19", "2018-09-19"),
    ("The town expects it no earlier than the second half of November.", "2018-11", "END", "2018-11-16", "2018-11-30"),
    ("Correction, 25 September: the bridge stands.", "2018-09-25", None, "2018-09-25", "2018-09-25"),
]


@pytest.mark.parametrize(("text", "value", "mod", "start", "end"), TO_PUBLICATION)
def test_a_relative_expression_is_counted_from_the_publication_date(text, value, mod, start, end):
    row = only(text)
    assert (row["timex_value"], row["mod"], row["anchor_basis"]) == (value, mod, "published")
    assert (row["start_date"], row["end_date"], row["anchor_date"]) == (day(start), day(end), day(PUBLISHED))


@pytest.mark.parametrize("text", [text for text, *_ in TO_PUBLICATION])
def test_without_a_publication_date_it_stays_open_and_says_why(text):
    row = only(text, published=None)
    assert (row.get("timex_value"), row.get("start_date"), row.get("end_date")) == (None, None, None)
    assert row["anchor_basis"] == "missing"
    assert "publication date" in row["unresolved_reason"]


@pytest.mark.parametrize(
    ("text", "value", "alternatives"),
    [
        ("They left last August.", "2018-08", ["2017-08"]),
        ("They left last March.", "2018-03", ["2017-03"]),
        ("They will leave next Tuesday.", "2018-09-25", ["2018-10-02"]),
    ],
)
def test_where_the_words_allow_a_second_reading_it_is_kept(text, value, alternatives):
    row = only(text)
    assert (row["timex_value"], row["alternatives"], row["confidence"]) == (value, alternatives, "medium")


@pytest.mark.parametrize(("order", "value"), [("DMY", "2017-04-03"), ("MDY", "2017-03-04"), ("", None)])
def test_day_and_month_in_digits_follow_the_setting_and_are_never_guessed(order, value):
    row = only("It opened on 03/04/2017.", order=order)
    assert row.get("timex_value") == value
    if value is None:
        assert row["alternatives"] == ["2017-04-03", "2017-03-04"]
        assert "date_order" in row["unresolved_reason"]


def test_a_day_that_does_not_exist_has_no_value():
    row = only("It opened on 31 April 2017.")
    assert row.get("timex_value") is None
    assert "no such day" in row["unresolved_reason"]


@pytest.mark.parametrize("published", [PUBLISHED, None])
def test_the_year_of_an_earlier_expression_is_carried_on(published):
    """January 25 ... May of that year ... March of that year: the year last named."""
    rows = found(
        "On January 25, 2017 she left the town.",
        "In May of that year she came back. She had sold the house in March of that year.",
        published=published,
    )
    assert [r["timex_value"] for r in rows] == ["2017-01-25", "2017-05", "2017-03"]
    assert [r["anchor_basis"] for r in rows[1:]] == ["earlier_expression"] * 2
    assert rows[1]["anchor_date_id"] == rows[0]["date_id"]
    assert rows[2]["anchor_date_id"] == rows[1]["date_id"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("The following day he left.", "2017-03-11"),
        ("The next day he left.", "2017-03-11"),
        ("On the same day he left.", "2017-03-10"),
        ("Two weeks later he left.", "2017-03-24"),
        ("A year earlier he had left.", "2016"),
        ("The same month he left.", "2017-03"),
        ("That year he left.", "2017"),
        ("That night he left.", "2017-03-10TNI"),
    ],
)
@pytest.mark.parametrize("published", [PUBLISHED, None])
def test_an_expression_relative_to_the_text_is_counted_from_the_one_before(text, value, published):
    first, second = found(f"The fire broke out on 10 March 2017. {text}", published=published)
    assert (second["timex_value"], second["anchor_basis"]) == (value, "earlier_expression")
    assert (second["anchor_date"], second["anchor_date_id"]) == (dt.date(2017, 3, 10), first["date_id"])


def test_with_nothing_before_it_there_is_nothing_to_count_from():
    row = only("The following day he left.")
    assert row.get("timex_value") is None
    assert "earlier" in row["unresolved_reason"]


def test_an_undated_article_takes_a_missing_year_from_an_earlier_date_only():
    assert only("He left on 3 April.", published=None).get("timex_value") is None
    rows = found("The siege began on 10 March 2017.", "He left on 3 April.", published=None)
    assert (rows[1]["timex_value"], rows[1]["anchor_basis"]) == ("2017-04-03", "earlier_expression")


def test_a_bounded_publication_date_gives_alternatives_and_no_value():
    window = {"published_earliest": dt.date(2018, 9, 20), "published_latest": dt.date(2018, 9, 21)}
    row = only("The bridge was closed yesterday.", published=None, **window)
    assert (row.get("timex_value"), row["alternatives"]) == (None, ["2018-09-19", "2018-09-20"])
    assert only("The bridge was closed yesterday.", published=None)["alternatives"] == []


def test_a_publication_date_known_to_the_month_serves_months_and_no_days():
    article = {"published": "2018-09-01"}
    rows = []
    for text in ("They left last month.", "They left yesterday."):
        made = make_article(text, **article)
        made = type(made)(**{**made.__dict__, "published_precision": "month"})
        rows += find_dates(made, ExtractSettings()).rows
    assert [r.get("timex_value") for r in rows] == ["2018-08", None]
    assert "month only" in rows[1]["unresolved_reason"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("It snowed last winter.", "2018-WI"),
        ("It has snowed this winter.", "2019-WI"),
        ("It will rain next spring.", "2021-SP"),
    ],
)
def test_a_winter_is_that_of_its_december(text, value):
    """On 29 February 2020 the winter of 2019 is not over, and the spring to come is open to question."""
    row = only(text, published="2020-02-29")
    assert value in (row["timex_value"], *row["alternatives"])


LENGTHS = [
    ("It lasted three days.", "DURATION", "P3D", None),
    ("It lasted a decade.", "DURATION", "P10Y", None),
    ("It lasted several days.", "DURATION", "PXD", None),
    ("It was a six-week trip.", "DURATION", "P6W", None),
    ("It lasted 33 years.", "DURATION", "P33Y", None),
    ("It lasted more than three years.", "DURATION", "P3Y", "MORE_THAN"),
    ("It lasted half an hour.", "DURATION", "PT0.5H", None),
    ("It takes three to seven years.", "DURATION", "P3Y/P7Y", None),
    ("It took 4 minutes and 12 seconds.", "DURATION", "PT4M12S", None),
    ("It lasted a little more than a month.", "DURATION", "P1M", "MORE_THAN"),
    ("He drove there in the past two weeks.", "DURATION", "P2W", None),
    ("It grew in the past year.", "DURATION", "P1Y", None),
    ("They meet every Friday.", "SET", "XXXX-WXX-5", None),
    ("They meet annually.", "SET", "P1Y", None),
    ("They meet weekly.", "SET", "P1W", None),
    ("They meet twice a month.", "SET", "P1M", None),
    ("They meet every few nights.", "SET", "PXD", None),
    ("The town was now empty.", "DATE", "PRESENT_REF", None),
    ("She lives there right now.", "DATE", "PRESENT_REF", None),
    ("They will win in the future.", "DATE", "FUTURE_REF", None),
    ("She recently moved there.", "DATE", "PAST_REF", None),
]


@pytest.mark.parametrize("published", [PUBLISHED, None])
@pytest.mark.parametrize(("text", "kind", "value", "mod"), LENGTHS)
def test_durations_sets_and_references_have_a_value_with_or_without_an_anchor(text, kind, value, mod, published):
    row = only(text, published=published)
    assert (row["timex_type"], row["timex_value"], row["mod"]) == (kind, value, mod)


def test_the_past_two_weeks_are_days_once_the_publication_date_is_known():
    row = only("It rained in the past two weeks.")
    assert (row["start_date"], row["end_date"]) == (dt.date(2018, 9, 10), dt.date(2018, 9, 24))


STRETCHES = [
    # text | words, value of each end | the days of both
    (
        "It lasted from May 2015 to June 2016.",
        ("May 2015", "2015-05"),
        ("June 2016", "2016-06"),
        "2015-05-01/2016-06-30",
    ),
    ("It lasted from 1914 to 1918.", ("1914", "1914"), ("1918", "1918"), "1914-01-01/1918-12-31"),
    ("It lasted between 1914 and 1918.", ("1914", "1914"), ("1918", "1918"), "1914-01-01/1918-12-31"),
    ("The war (1914-1918) was long.", ("1914", "1914"), ("1918", "1918"), "1914-01-01/1918-12-31"),
    (
        "He ruled 3 May 2016 - 4 June 2016.",
        ("3 May 2016", "2016-05-03"),
        ("4 June 2016", "2016-06-04"),
        "2016-05-03/2016-06-04",
    ),
    ("It ran April 3-5, 2017.", ("April 3", "2017-04-03"), ("5, 2017", "2017-04-05"), "2017-04-03/2017-04-05"),
    ("It ran from 3 to 5 April 2017.", ("3", "2017-04-03"), ("5 April 2017", "2017-04-05"), "2017-04-03/2017-04-05"),
    ("It ran in 2007-08.", ("2007", "2007"), ("08", "2008"), "2007-01-01/2008-12-31"),
    ("It ran from May to June 2016.", ("May", "2016-05"), ("June 2016", "2016-06"), "2016-05-01/2016-06-30"),
    (
        "It ran from 30 December to 2 January 2017.",
        ("30 December", "2016-12-30"),
        ("2 January 2017", "2017-01-02"),
        "2016-12-30/2017-01-02",
    ),
]


@pytest.mark.parametrize("published", [PUBLISHED, None])
@pytest.mark.parametrize(("text", "left", "right", "days"), STRETCHES)
def test_the_ends_of_a_stretch_are_two_rows_and_both_give_its_days(text, left, right, days, published):
    rows = found(text, published=published)
    assert [(r["text"], r["timex_value"]) for r in rows] == [left, right]
    assert {f"{r['start_date']}/{r['end_date']}" for r in rows} == {days}


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("It rained on April 3 and 9, 2017.", [("April 3", "2017-04-03"), ("9, 2017", "2017-04-09")]),
        ("It rained in May and July 2017.", [("May", "2017-05"), ("July 2017", "2017-07")]),
    ],
)
def test_two_days_or_months_are_no_stretch(text, rows):
    made = found(text)
    assert [(r["text"], r["timex_value"]) for r in made] == rows
    assert all(str(r["start_date"])[: len(r["timex_value"])] == r["timex_value"] for r in made)
    assert all(str(r["end_date"])[: len(r["timex_value"])] == r["timex_value"] for r in made)


def test_the_ends_of_a_stretch_without_a_year_lie_in_one_run_of_months():
    rows = found("They were asked between November and early January.")
    assert [(r["text"], r["timex_value"]) for r in rows] == [("November", "2017-11"), ("early January", "2018-01")]
    rows = found("They were asked between November and early January.", published=None)
    assert [(r["text"], r.get("timex_value")) for r in rows] == [("November", None), ("early January", None)]


def test_an_end_that_cannot_be_resolved_does_not_take_the_other_with_it():
    rows = found("It lasted from 499 to 493 BC.", "It was open from Monday to 3 May 2017.", published=None)
    assert [r.get("timex_value") for r in rows] == ["BC0499", "BC0493", None, "2017-05-03"]


def test_two_full_lengths_are_two_rows():
    rows = found("It takes from three days to three weeks.")
    assert [(r["text"], r["timex_value"]) for r in rows] == [("three days", "P3D"), ("three weeks", "P3W")]


@pytest.mark.parametrize(
    ("text", "time", "date"),
    [
        (
            "It burned at 2.15pm on 25 August 2017.",
            ("2.15pm", "2017-08-25T14:15"),
            ("25 August 2017", "2017-08-25"),
        ),
        (
            "It burned on Tuesday, at 9 a.m. local time.",
            ("9 a.m. local time", "2018-09-18T09:00"),
            ("Tuesday", "2018-09-18"),
        ),
    ],
)
def test_a_time_and_its_day_are_two_rows_if_words_part_them(text, time, date):
    rows = {r["text"]: r for r in found(text)}
    assert [(words, rows[words]["timex_value"]) for words, _ in (time, date)] == [time, date]
    assert [rows[words]["timex_type"] for words, _ in (time, date)] == ["TIME", "DATE"]


TIMES = [
    # paragraphs | words of the last row | its value | its mod
    (("It began on Saturday. It burned at 2.15 p.m.",), "2.15 p.m.", "2018-09-22T14:15", None),
    (("It began on Saturday.", "It burned at 2.15 p.m."), "2.15 p.m.", "2018-09-22T14:15", None),
    (("It began in 2016.", "It burned at 2.15 p.m."), "2.15 p.m.", "2018-09-24T14:15", None),
    (("It began on 3 May 2016.", "It burned at 2.15 p.m."), "2.15 p.m.", "2018-09-24T14:15", None),
    (("He fell ill on Saturday night and died at 4.40 a.m.",), "4.40 a.m.", "2018-09-23T04:40", None),
    (("He fell ill on Saturday and died at 4.40 a.m.",), "4.40 a.m.", "2018-09-22T04:40", None),
    (("It began on Saturday and ended at about 11 p.m.",), "about 11 p.m.", "2018-09-22T23:00", "APPROX"),
    (("It began on Saturday and ended before noon.",), "noon", "2018-09-22T12:00", "BEFORE"),
    (("It began on Saturday at 12.30pm. By two o'clock it was over.",), "two o'clock", "2018-09-22T14:00", None),
    (("We left on Saturday at 4 in the morning.",), "4 in the morning", "2018-09-22T04:00", None),
]


@pytest.mark.parametrize(("paragraphs", "words", "value", "mod"), TIMES)
def test_a_time_belongs_to_the_day_last_spoken_of_else_to_the_day_of_the_story(paragraphs, words, value, mod):
    row = found(*paragraphs)[-1]
    assert (row["text"], row["timex_value"], row["mod"]) == (words, value, mod)


def test_a_time_in_an_undated_article_takes_no_day_from_another_paragraph():
    row = found("It began on 3 May 2016.", "It burned at 2.15 p.m.", published=None)[-1]
    assert (row["text"], row.get("timex_value")) == ("2.15 p.m.", None)
    row = found("It began on 3 May 2016. It burned at 9 a.m. on Tuesday.", published=None)[1]
    assert (row["text"], row.get("timex_value")) == ("9 a.m.", None)


@pytest.mark.parametrize("paragraphs", [("It opens all week from 9 a.m.",), ("Tours all week from 9 a.m.",)])
def test_a_time_without_a_day_in_words_without_a_verb_is_open(paragraphs):
    row = found("It burned on Saturday.", *paragraphs)[-1]
    assert (row["text"], row.get("timex_value") is None) == ("9 a.m.", paragraphs[0].startswith("Tours"))


def test_an_oclock_without_morning_or_afternoon_is_open_with_both():
    row = only("It burned at two o'clock.")
    assert (row.get("timex_value"), row["alternatives"]) == (None, ["2018-09-24T02:00", "2018-09-24T14:00"])
    assert "morning or afternoon" in row["unresolved_reason"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Sales fell in February compared with the same period last year.", "2017-02"),
        ("Sales fell in January compared with the same month a year ago.", "2017-01"),
        ("Sales fell compared with the same month last year.", "2017-09"),
        ("It opened in June 2016 and closed the following March.", "2017-03"),
        ("It opened in June 2016, not the previous March.", "2016-03"),
        ("Shares fell on Friday and ended the day at 90.", "2018-09-21"),
    ],
)
def test_what_is_the_same_or_next_is_so_by_the_expression_before(text, value):
    assert found(text)[-1]["timex_value"] == value


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("It burned on Tuesday morning.", "Tuesday morning", "2018-09-18TMO"),
        ("It burned last night.", "last night", "2018-09-23TNI"),
        ("It burned at 16:30 UTC.", "16:30 UTC", "2018-09-24T16:30Z"),
        ("It burned on the night of 3 April 2017.", "the night of 3 April 2017", "2017-04-03TNI"),
    ],
)
def test_times_of_day(text, words, value):
    row = only(text)
    assert (row["text"], row["timex_type"], row["timex_value"], row["grain"]) == (words, "TIME", value, "time")
    assert row["start_date"] == row["end_date"] == day(value[:10])


@pytest.mark.parametrize(
    "text",
    [
        "The army may march again.",
        "A second woman said so.",
        "Mr March said so.",
        "Theresa May said so. May denied it.",
        "She sold her story to the Sun.",
        "The 24-hour plan failed.",
        "The 30-year-old left, and so did Petrov, 30, a baker.",
        "It is told on page 3/4.",
        "They won 3-1.",
        "The G20 leaders met.",
        "They reached the final at Euro 2016.",
        "About 2,000 people came, and 2000 people left.",
        "He is in his 70s.",
        "I saw one of them, and we sat there.",
        "Black Friday was busy.",
        "We now live there.",
        "I am currently a baker.",
        "Where does she live now?",
        "The future of the town is at stake.",
        "From 1500 to 2000 people left.",
    ],
)
def test_what_looks_like_a_date_and_is_not(text):
    rows, _ = refused(text)
    assert [r.get("timex_value") for r in rows] == []


@pytest.mark.parametrize(
    ("text", "words", "reason"),
    [
        ("It may rain; It May rain.", "May", "modal verb"),
        ("Mr March said so.", "March", "person"),
        ("A 30-year-old left.", "30-year-old", "age"),
        ("The 24-hour plan failed.", "24-hour", "round the clock"),
        ("They reached the final at Euro 2016.", "2016", "name"),
        ("We now live there.", "now", "present"),
    ],
)
def test_a_refused_candidate_is_an_issue_with_its_reason(text, words, reason):
    _, issues = refused(text)
    assert [words for words, _ in issues] == [words]
    assert reason in issues[0][1]


def test_a_count_beside_a_date_stays_out_of_it():
    assert only("In the 1990s, 250,000 left.")["text"] == "the 1990s"


EVERYTHING = [text for text, *_ in TO_PUBLICATION + LENGTHS] + [f"It was {words}." for words, *_ in ABSOLUTE]


def days_of(value):
    """The first and last day that a TIMEX3 value can mean, worked out anew; None for what has no days."""
    parts = []
    for part in value.split("/"):
        if match := re.fullmatch(r"(\d{4}-\d\d-\d\d)(T.*)?", part):
            parts.append((day(match[1]), day(match[1])))
        elif match := re.fullmatch(r"(\d{4})-W(\d\d)(-WE)?", part):
            first = dt.date.fromisocalendar(int(match[1]), int(match[2]), 6 if match[3] else 1)
            parts.append((first, dt.date.fromisocalendar(int(match[1]), int(match[2]), 7)))
        elif match := re.fullmatch(r"(\d{4})-(\d\d)", part):
            parts.append(
                (dt.date(int(match[1]), int(match[2]), 1), periods.last_of_month(int(match[1]), int(match[2])))
            )
        elif match := re.fullmatch(r"\d{2,4}", part):
            parts.append((dt.date(int(part.ljust(4, "0")), 1, 1), dt.date(int(part.ljust(4, "9")), 12, 31)))
    return (parts[0][0], parts[-1][1]) if parts else None


@pytest.mark.parametrize("published", [PUBLISHED, None])
def test_every_row_keeps_its_word(published):
    """Words and span agree, the interval lies within the value, and a missing value has a reason."""
    article = make_article(*EVERYTHING, published=published)
    rows = find_dates(article, ExtractSettings()).rows
    assert len(rows) >= len(EVERYTHING)
    conform("dates", [{k: v for k, v in r.items() if k not in ("start", "end")} for r in rows])
    last = 0
    for row in rows:
        assert last <= row["start"] < row["end"] <= len(article.clean_text)
        last = row["end"]
        start, end, value = row.get("start_date"), row.get("end_date"), row.get("timex_value")
        assert (value is None) == bool(row.get("unresolved_reason"))
        assert not (start and end) or start <= end
        days = days_of(value) if value else None
        if days and row["mod"] not in ("BEFORE", "AFTER") and row["timex_type"] != "DURATION":
            first, last_day = start or days[0], end or days[1]
            inside = days[0] <= first <= last_day <= days[1]
            assert inside or start is None or end is None or first <= days[0] <= days[1] <= last_day
        if row["timex_type"] == "SET" or (value or "").endswith("_REF"):
            assert (start, end) == (None, None)


def test_the_day_of_the_run_never_enters_a_row(monkeypatch):
    """The same rows under another today; the clock is not even asked."""
    before = {p: found(*EVERYTHING, published=p) for p in (PUBLISHED, None)}

    class Clock(dt.date):
        @classmethod
        def today(cls):
            raise AssertionError("the clock was read")

    class Watch(dt.datetime):
        @classmethod
        def now(cls, tz=None):
            raise AssertionError("the clock was read")

    monkeypatch.setattr(dt, "date", Clock)
    monkeypatch.setattr(dt, "datetime", Watch)
    monkeypatch.setattr("time.time", lambda: 0.0)
    article = {p: make_article(*EVERYTHING, published=p) for p in before}
    for published, rows in before.items():
        again = find_dates(article[published], ExtractSettings()).rows
        assert [(r["start"], r.get("timex_value"), str(r.get("start_date"))) for r in again] == [
            (r["start"], r.get("timex_value"), str(r.get("start_date"))) for r in rows
        ]


def test_a_model_without_tags_or_names_still_gives_dates():
    import spacy

    from pipeline.nlp.passages import Article, Passage

    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    text = "The bridge was closed on Tuesday. It opened on 3 April 2017."
    article = Article("a_0", text, (Passage("body", 0, 0, nlp(text)),), dt.date(2018, 9, 24), "day")
    rows = find_dates(article, ExtractSettings()).rows
    assert [r["timex_value"] for r in rows] == ["2018-09-18", "2017-04-03"]


@pytest.mark.parametrize(
    ("period", "mod", "start", "end"),
    [
        (periods.month(2017, 8), "START", "2017-08-01", "2017-08-10"),
        (periods.month(2016, 2), "END", "2016-02-21", "2016-02-29"),
        (periods.year(2016), "MID", "2016-05-01", "2016-08-31"),
        (periods.decade(199), "END", "1997-01-01", "1999-12-31"),
        (periods.century(19), "START", "1900-01-01", "1939-12-31"),
        (periods.quarter(2018, 1), "MID", "2018-01-31", "2018-03-01"),
        (periods.day(dt.date(2017, 8, 1)), "START", "2017-08-01", "2017-08-01"),
    ],
)
def test_start_middle_and_end_are_thirds(period, mod, start, end):
    assert periods.narrow(period, mod) == (day(start), day(end))


def test_every_rule_has_a_builder_or_a_reason():
    from pipeline.extract.dates import values

    rules = [rule for stage in grammar.load().stages for rule in stage]
    assert all(rule.refuse or rule.build in values.BUILDERS for rule in rules)
    assert {rule.build for rule in rules} >= set(values.BUILDERS) - {"end_of_run"}  # that of an end of "April 3-5"


FILLER = " ".join(f"Nothing more was said in the town about the matter by witness number {i}." for i in range(12))


@pytest.mark.parametrize(
    ("paragraphs", "words", "value"),
    [
        (("The dam opened in March 2022.", "In May the valley was flooded."), "May", "2022-05"),
        (("The dam opened in March 2022.", FILLER, "In May the valley was flooded."), "May", None),
        (("The dam opened in March 2022.", "They met on Wednesday, April 12, in the town."), "Wednesday, April 12", None),
        (("The dam opened in December 2022.", "They met on Wednesday, January 4, there."), "Wednesday, January 4", "2023-01-04"),
        (("The dam opened in March 2022.", "It rained.", "By the spring all had left."), "the spring", None),
        (("The war lasted from 2014 to 2018.", "In May the valley was flooded."), "May", None),
    ],
)  # fmt: skip
def test_a_year_carries_only_a_little_way_without_a_publication_date(
    paragraphs: tuple[str, ...], words: str, value: str | None
) -> None:
    """A year named far above, or one that the weekday does not fit, is no year for a bare month or day."""
    article = make_article(*paragraphs)
    [row] = [
        r for r in find_dates(article, ExtractSettings()).rows if words in article.clean_text[r["start"] : r["end"]]
    ]
    assert row.get("timex_value") == value
    assert (row.get("unresolved_reason") is None) == (value is not None)
