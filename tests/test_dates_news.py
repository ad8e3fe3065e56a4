"""Time expressions as news writes them, and what words said at another time are counted from.

The article was published on 2018-09-27, a Thursday, unless a test says otherwise.
"""

import datetime as dt

import pytest

from tests.test_dates import day
from tests.test_dates import found as found_on

PUBLISHED = "2018-09-27"


def found(*paragraphs, published=PUBLISHED, **fields):
    return found_on(*paragraphs, published=published, **fields)


def pairs(*paragraphs, **fields):
    return [(r["text"], r.get("timex_value")) for r in found(*paragraphs, **fields)]


PHRASES = [
    ("Camps will open from Monday until October 20.", [("Monday", "2018-10-01"), ("October 20", "2018-10-20")]),
    ("The night of January 25 was cold.", [("The night of January 25", "2018-01-25TNI")]),
    ("They gathered early Saturday morning.", [("early Saturday morning", "2018-09-22TMO")]),
    ("They met Wednesday of this week.", [("Wednesday of this week", "2018-09-26")]),
    ("It was on the 25th of last month.", [("the 25th of last month", "2018-08-25")]),
    ("The week of March 11 was hard.", [("The week of March 11", "2018-W10")]),
    ("Earlier Tuesday the army said so.", [("Earlier Tuesday", "2018-09-25")]),
    ("Later in July it rained.", [("Later in July", "2018-07")]),
    ("It will open in mid-to-late May.", [("mid-to-late May", "2019-05")]),
    ("It snowed in the winter of 2016-17.", [("the winter of 2016-17", "2016-WI")]),
    ("It came by year's end.", [("year's end", "2018")]),
    ("Prices at year-end fell.", [("year-end", "2018")]),
    ("Late in the year it rained.", [("Late in the year", "2018")]),
    ("The last quarter of 2017 was strong.", [("The last quarter of 2017", "2017-Q4")]),
    ("Sales fell in the last week of March 2009.", [("the last week of March 2009", "2009-W13")]),
    ("Sales fell in the first week of 2021.", [("the first week of 2021", "2021-W01")]),
    ("Sales fell in the first half of 2018.", [("the first half of 2018", "2018-H1")]),
    ("Prices will fall this calendar year.", [("this calendar year", "2018")]),
    ("It opened on 05-Aug-2016.", [("05-Aug-2016", "2016-08-05")]),
    ("It opened on 23/Sep/2015.", [("23/Sep/2015", "2015-09-23")]),
    ("It was closed on Good Friday.", [("Good Friday", "2018-03-30")]),
    ("It was closed on Easter Monday 2017.", [("Easter Monday 2017", "2017-04-17")]),
    ("It was closed on Thanksgiving 2016.", [("Thanksgiving 2016", "2016-11-24")]),
    ("Nobody had replied as of press time.", [("press time", "PRESENT_REF")]),
    ("The factory now employs hundreds.", [("now", "PRESENT_REF")]),
    ("He died a long time ago.", [("a long time ago", "PAST_REF")]),
    ("It took a quarter of a century.", [("a quarter of a century", "P25Y")]),
    ("They worked all night and another two weeks.", [("all night", "P1D"), ("another two weeks", "P2W")]),
    ("It is to change in the weeks ahead.", [("the weeks ahead", "PXW")]),
    ("It cost next to nothing and took months.", [("months", "PXM")]),
    ("“[Ten] years ago it was here,” she said.", [("[Ten] years ago", "2008")]),
    ("They meet every other Friday.", [("every other Friday", "XXXX-WXX-5")]),
    ("They met on Friday afternoons.", [("Friday afternoons", "XXXX-WXX-5TAF")]),
    ("The market is held on weekends.", [("on weekends", "XXXX-WXX-WE")]),
    ("Shares rose to 40 cents for the day.", [("the day", "2018-09-27")]),
    ("Prices rose 6 percent from a year earlier.", [("a year earlier", "2017")]),
    (
        "It left at 1:00 in the afternoon on Tuesday.",
        [("1:00 in the afternoon", "2018-09-25T13:00"), ("Tuesday", "2018-09-25")],
    ),
    ("They cooked on All Souls' Day.", [("All Souls' Day", "2017-11-02")]),
    ("She came on Tuesday. In the evening, she left.", [("Tuesday", "2018-09-25"), ("the evening", "2018-09-25TEV")]),
    ("He was gone one morning.", [("one morning", None)]),
    ("It will be so on the day when they go.", []),
    ("He arrived this past Sunday.", [("this past Sunday", "2018-09-23")]),
    ("The law takes effect Jan. 1.", [("Jan. 1", "2019-01-01")]),
    ("The show opens on Oct. 5.", [("Oct. 5", "2018-10-05")]),
    ("It was a 30-second shot.", [("30-second", "PT30S")]),
    ("It rained in the past couple of days.", [("the past couple of days", "P2D")]),
    ("Prices doubled over the last decade.", [("the last decade", "P10Y")]),
    ("Prices rose over the last year.", [("the last year", "P1Y")]),
    ("It fell in the 12th and 13th centuries.", [("the 12th", "11"), ("13th centuries", "12")]),
    ("It was open Monday through Friday.", [("Monday", "2018-09-17"), ("Friday", "2018-09-21")]),
    ("It was so in previous years.", [("previous years", "PAST_REF")]),
    ("He fell ill in May 2017. The night before, he had sung.", [("May 2017", "2017-05"), ("The night before", None)]),
]


@pytest.mark.parametrize(("text", "rows"), PHRASES)
def test_phrases_of_news(text, rows):
    assert pairs(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "It happened between 3 and 5 pm on Tuesday.",
            [("3", "2018-09-25T15:00"), ("5 pm", "2018-09-25T17:00"), ("Tuesday", "2018-09-25")],
        ),
        (
            "Doors were open from 9 to 5 p.m. on Friday.",
            [("9", "2018-09-21T09:00"), ("5 p.m.", "2018-09-21T17:00"), ("Friday", "2018-09-21")],
        ),
        (
            "It shook at 10:30 a.m. (0230 GMT) Monday.",
            [("10:30 a.m.", "2018-09-24T10:30"), ("0230 GMT", "2018-09-24T02:30Z"), ("Monday", "2018-09-24")],
        ),
    ],
)
def test_a_time_belongs_to_the_day_right_behind_it(text, rows):
    assert pairs(text) == rows


@pytest.mark.parametrize(
    "words", ["FY2019", "FY 2019", "FY19", "fiscal 2019", "fiscal year 2019", "the 2019 fiscal year"]
)
def test_a_fiscal_year_has_a_name_and_no_days(words):
    """Where it begins is up to each country and firm."""
    [row] = found(f"Revenue fell in {words}.")
    assert (row["timex_value"], row.get("start_date"), row.get("end_date")) == ("FY2019", None, None)


def test_this_fiscal_year_is_one_of_two():
    [row] = found("Revenue fell this fiscal year.")
    assert (row.get("timex_value"), row["alternatives"]) == (None, ["FY2018", "FY2019"])


def test_a_quarter_without_its_number_is_the_one_named_before_or_open():
    first, second, third = found(
        "Sales rose in the fourth quarter of 2017. In the quarter, costs fell, unlike in the year-ago quarter."
    )
    assert [r["timex_value"] for r in (first, second, third)] == ["2017-Q4", "2017-Q4", "2016-Q4"]
    [row] = found("In the quarter, sales rose.")
    assert (row.get("timex_value"), row["unresolved_reason"]) == (None, "which quarter is not said")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("“They will have to work with us,” the minister said on Sunday in a letter.", "2018-09-23"),
        ("The council must act, the minister told the assembly on Sunday.", "2018-09-23"),
        ("As for Sunday's vote, it remains unclear who won.", "2018-09-23"),
        ("The minister said Sunday will be quiet.", "2018-09-30"),
    ],
)
def test_the_day_on_which_something_was_said_is_past_whatever_was_said(text, value):
    [row] = found(text)
    assert row["timex_value"] == value


SAID = [
    # text | words in the quotation | value | what it is counted from, None for publication
    ('The minister said on Tuesday: "Yesterday we met the council."', "Yesterday", "2018-09-24", "Tuesday"),
    ('The minister said on Tuesday: "We met. Today we sign."', "Today", "2018-09-25", "Tuesday"),
    ("“We saw them yesterday,” she told reporters on Monday.", "yesterday", "2018-09-23", "Monday"),
    ('In 2015 he wrote: "This year will be hard."', "This year", "2015", "2015"),
    ('On 3 May 2017 he wrote: "It burned two weeks ago."', "two weeks ago", "2017-04-19", "3 May 2017"),
    ("“We saw them yesterday,” she said.", "yesterday", "2018-09-26", None),
    ("He left on Tuesday. “We saw them yesterday,” she said.", "yesterday", "2018-09-26", None),
    ("“We meet today,” said the mayor, who had won on Sunday.", "today", "2018-09-27", None),
]


@pytest.mark.parametrize(("text", "words", "value", "said"), SAID)
def test_words_in_a_quotation_are_counted_from_when_they_were_said(text, words, value, said):
    rows = {r["text"]: r for r in found(text)}
    row = rows[words]
    assert row["timex_value"] == value
    if said is None:
        assert (row["anchor_basis"], row["anchor_date"]) == ("published", day(PUBLISHED))
    else:
        assert (row["anchor_basis"], row["anchor_date_id"]) == ("earlier_expression", rows[said]["date_id"])
        assert row["anchor_date"] == rows[said]["start_date"]


def test_words_said_at_a_known_time_need_no_publication_date():
    rows = found('On 3 May 2017 he wrote: "It burned yesterday."', published=None)
    assert [r["timex_value"] for r in rows] == ["2017-05-03", "2017-05-02"]


def test_a_day_is_not_counted_from_a_year():
    row = found('In 2015 he wrote: "It burned yesterday."')[1]
    assert (row.get("timex_value"), row["anchor_basis"]) == (None, "missing")
    assert row["unresolved_reason"] == "when it was said is known to the year only"


def test_a_caption_with_a_full_date_is_counted_from_that_and_any_other_from_publication():
    rows = found("A man looks on, 3 May 2017. The shop had burned yesterday.", zones={0: "caption"})
    assert [r["timex_value"] for r in rows] == ["2017-05-03", "2017-05-02"]
    assert (rows[1]["anchor_basis"], rows[1]["anchor_date_id"]) == ("earlier_expression", rows[0]["date_id"])
    [row] = found("A man looks on yesterday.", zones={0: "caption"})
    assert (row["timex_value"], row["anchor_basis"]) == ("2018-09-26", "published")
    rows = found("The bridge, opened on 3 May 2017, was closed yesterday.")
    assert rows[1]["timex_value"] == "2018-09-26"


@pytest.mark.parametrize("zone", ["title", "heading"])
def test_a_heading_is_counted_from_publication(zone):
    rows = found("Bridge closed yesterday", "It was built on 3 May 2017.", zones={0: zone})
    assert (rows[0]["timex_value"], rows[0]["anchor_basis"]) == ("2018-09-26", "published")


def test_easter_is_that_of_the_western_calendar():
    from pipeline.extract.dates import periods

    sundays = {1954: (4, 18), 1981: (4, 19), 2000: (4, 23), 2008: (3, 23), 2024: (3, 31), 2038: (4, 25)}
    assert {year: periods.easter(year) for year in sundays} == {y: dt.date(y, *d) for y, d in sundays.items()}


def test_before_a_month_in_a_heading_is_before_the_coming_one():
    """Nobody announces that something will not be before a month that is over."""
    [row] = found("No return before May", zones={0: "title"})
    assert (row["timex_value"], row["end_date"]) == ("2019-05", day("2019-04-30"))
