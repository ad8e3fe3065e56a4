"""What counts as a quantity, what it is worth, what it counts and what befell them."""

from __future__ import annotations

import random
import time
from typing import Any

import pytest

from pipeline.extract.quantities import find_quantities
from pipeline.extract.quantities.numbers import bound, read_numerals, words
from pipeline.extract.quantities.units import attach
from pipeline.nlp.passages import Article, Found
from pipeline.schema import TABLES, conform
from pipeline.settings import ExtractSettings

from .factories import make_article

Rows = list[dict[str, Any]]


def found(*paragraphs: str, taken: tuple[str, ...] = ()) -> tuple[Article, Found]:
    """The quantities of an article; ``taken`` are the words the date extractor has claimed."""
    article = make_article(*paragraphs)
    spans = [(article.clean_text.index(words), article.clean_text.index(words) + len(words)) for words in taken]
    return article, find_quantities(article, spans, ExtractSettings())


def rows(*paragraphs: str, taken: tuple[str, ...] = ()) -> Rows:
    return found(*paragraphs, taken=taken)[1].rows


def only(text: str, taken: tuple[str, ...] = ()) -> dict[str, Any]:
    (row,) = rows(text, taken=taken)
    return row


# --- numerals ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("700,000", 700_000),
        ("1.5 billion", 1.5e9),
        ("5k", 5_000),
        ("6 000 people", 6_000),
        ("1,00,000", 100_000),
        ("2.5 lakh", 250_000),
        ("two dozen", 24),
        ("half a million", 500_000),
        ("half a dozen", 6),
        ("a hundred and six", 106),
        ("twenty-five", 25),
        ("two hundred and fifty thousand", 250_000),
        ("four thousand two hundred and six", 4_206),
        ("two and a half million", 2.5e6),
        ("a million and a half people", 1.5e6),
        ("two million and a half people", 2.5e6),
        ("a third more than", 1 / 3),
        ("one million two hundred thousand", 1.2e6),
        ("4 hundred", 400),
        ("two-thirds of", 2 / 3),
        ("a quarter of", 0.25),
        ("1/16 of", 1 / 16),
        ("half the", 0.5),
        ("a quarter of a million", 250_000),
        ("-36", -36),
        ("minus 40", -40),
    ],
)
def test_numerals(text: str, value: float) -> None:
    """Digits, words and fractions read as the number they stand for."""
    (numeral,) = read_numerals(text)
    assert numeral.value == pytest.approx(value)


@pytest.mark.parametrize(
    "text",
    [
        "a second woman",
        "a third person",
        "the army may march",
        "a day",
        "half past",
        "few people",
        "the second half of August",
        "in the latter half of the year",
        "1" * 400,
    ],
)
def test_no_numerals(text: str) -> None:
    """Ordinals, articles, halves of a period, codes and "few" alone are no numerals."""
    assert read_numerals(text) == []


@pytest.mark.parametrize(
    ("text", "low", "high", "name"),
    [
        ("dozens", 24, 99, "dozens"),
        ("scores of", 40, 199, "scores"),
        ("hundreds", 200, 999, "hundreds"),
        ("thousands", 2_000, 9_999, "thousands"),
        ("tens of thousands", 20_000, 99_999, "tens_of_thousands"),
        ("hundreds of thousands", 200_000, 999_999, "hundreds_of_thousands"),
        ("several hundred", 300, 999, "several"),
        ("several", 3, None, "several"),
        ("a few", 2, None, "few"),
        ("a few hundred", 200, 999, "few"),
        ("a couple of thousand", 2_000, 9_999, "few"),
        ("a handful of", 2, None, "few"),
    ],
)
def test_vague_words(text: str, low: float, high: float | None, name: str) -> None:
    """A vague word has no value but bounds."""
    (numeral,) = read_numerals(text)
    assert (numeral.value, numeral.low, numeral.high, numeral.approximator) == (None, low, high, name)


@pytest.mark.parametrize(
    ("name", "low", "high", "inclusive"),
    [
        ("at_least", 5, None, (True, True)),
        ("more_than", 5, None, (False, True)),
        ("up_to", 0, 5, (True, True)),
        ("at_most", 0, 5, (True, True)),
        ("less_than", 0, 5, (True, False)),
        ("nearly", None, 5, (True, False)),
        ("about", None, None, (True, True)),
        ("exact", 5, 5, (True, True)),
    ],
)
def test_bounds(name: str, low: float | None, high: float | None, inclusive: tuple[bool, bool]) -> None:
    """Each bound opens one side and says whether the number itself is possible; the value stays as stated."""
    (numeral,) = read_numerals("5")
    got = bound(numeral, name)
    assert (got.value, got.low, got.high, (got.low_inclusive, got.high_inclusive)) == (5, low, high, inclusive)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("At least 50 people left.", "at_least"),
        ("No fewer than 50 people left.", "at_least"),
        ("More than 50 people left.", "more_than"),
        ("Over 50 people left.", "more_than"),
        ("More than an estimated 50 people left.", "more_than"),
        ("Nearly 50 people left.", "nearly"),
        ("Almost 50 people left.", "nearly"),
        ("About 50 people left.", "about"),
        ("Some 50 people left.", "about"),
        ("Around 50 people left.", "about"),
        ("An estimated 50 people left.", "about"),
        ("Up to 50 people left.", "up_to"),
        ("As many as 50 people left.", "up_to"),
        ("Fewer than 50 people left.", "less_than"),
        ("Under 50 people left.", "less_than"),
        ("No more than 50 people left.", "at_most"),
        ("Exactly 50 people left.", "exact"),
        ("A total of 50 people left.", "exact"),
        ("50 or more people left.", "at_least"),
        ("50-plus people left.", "at_least"),
        ("50 people or more left.", "at_least"),
        ("50 or so people left.", "about"),
    ],
)
def test_bound_phrases(text: str, name: str) -> None:
    """Phrases before and behind a number set its bound and are part of the expression."""
    row = only(text)
    assert (row["approximator"], row["value"], row["unit"]) == (name, 50, "person")
    assert text[row["number_start"] : row["number_end"]] == "50"


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("It took 20 to 25 days.", 20, 25, "day"),
        ("It took three to five days.", 3, 5, "day"),
        ("Losses of between three and seven percent were seen.", 3, 7, "percent"),
        ("Prices range from £10 to £15 million.", 10e6, 15e6, "GBP"),
        ("The town needs 33–35 billion euros.", 33e9, 35e9, "EUR"),
        ("There are 1 to 2 thousand people.", 1_000, 2_000, "person"),
        ("Two or three people saw it.", 2, 3, "person"),
    ],
)
def test_ranges(text: str, low: float, high: float, unit: str) -> None:
    """Two numbers of one range are one row without a value; a multiplier or unit of the second holds for both."""
    row = only(text)
    assert (row["value"], row["low"], row["high"], row["unit"], row["approximator"]) == (
        None,
        low,
        high,
        unit,
        "between",
    )


@pytest.mark.parametrize(
    "text",
    [
        "It was rather less than the 40 houses that had been promised.",
        "Asked about the 40 houses, he left.",
        "The road lies under 40 metres of water.",
    ],
)
def test_no_bound(text: str) -> None:
    """A comparison with a known number, a topic and what lies on top of something set no bound."""
    row = only(text)
    assert (row["value"], row["low"], row["high"], row["approximator"]) == (40, 40, 40, "exact")


def test_change_is_no_range() -> None:
    """A rise "from A to B" names two numbers, one before and one after."""
    assert [row["value"] for row in rows("The price rose from 10 to 12 euros.")] == [10, 12]


# --- the traps ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "At least 10,000 people were killed.",
            {"value": 10_000, "low": 10_000, "high": None, "approximator": "at_least"},
        ),
        (
            "Between 6,700 and 9,400 people were killed.",
            {
                "value": None,
                "low": 6_700,
                "high": 9_400,
                "approximator": "between",
                "low_inclusive": True,
                "high_inclusive": True,
            },
        ),
        ("The war left 18,000-24,000 dead.", {"value": None, "low": 18_000, "high": 24_000, "unit": "person"}),
        (
            "Nearly 700,000 refugees fled.",
            {"value": 700_000, "low": None, "high": 700_000, "approximator": "nearly", "event": "fled"},
        ),
        (
            "More than 24,000 were killed.",
            {
                "value": 24_000,
                "low": 24_000,
                "low_inclusive": False,
                "high": None,
                "unit": "person",
                "approximator": "more_than",
            },
        ),
        (
            "Clashes displaced around 9,600 peoplebetween January and August.",
            {"value": 9_600, "unit": "person", "event": "displaced"},
        ),
        ("Top scorers: Dan Orlo (0.5 WAR).", {"value": 0.5, "counted": "WAR"}),
        ("Two dozen villagers were shot dead.", {"value": 24, "approximator": "about", "event": "killed"}),
        (
            "Soldiers burned dozens of homes.",
            {"value": None, "low": 24, "high": 99, "approximator": "dozens", "unit": "house", "event": "destroyed"},
        ),
        (
            "No civilians were killed, the army said.",
            {"value": 0, "low": 0, "high": 0, "polarity": "negated", "event": "killed", "demographic": "civilians"},
        ),
        (
            "Up to 200 villagers may have been killed.",
            {"value": 200, "low": 0, "high": 200, "approximator": "up_to", "modality": "possible", "event": "killed"},
        ),
        (
            "Hundreds of thousands have fled.",
            {"value": None, "low": 200_000, "high": 999_999, "approximator": "hundreds_of_thousands", "unit": "person"},
        ),
        ("The camp holds 1.1m refugees.", {"value": 1_100_000, "unit": "person", "demographic": "refugees"}),
        ("The plan costs £30m.", {"value": 30_000_000, "kind": "money", "unit": "GBP"}),
        ("The loan is US$1.5 billion.", {"value": 1.5e9, "kind": "money", "unit": "USD"}),
        ("He was beaten by a five-person mob.", {"value": 5, "kind": "count", "unit": "person"}),
        ("They met the 20-year-old.", {"value": 20, "kind": "age", "unit": "year"}),
        (
            "Two-thirds of the prisoners escaped.",
            {"value": pytest.approx(2 / 3), "kind": "ratio", "counted": "prisoners"},
        ),
    ],
)
def test_traps(text: str, expected: dict[str, Any]) -> None:
    """The measured traps come out as agreed."""
    row = only(text)
    assert {key: row[key] for key in expected} == expected


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("It was burned at 2.15pm on 25 August 2017.", ("2.15pm on 25 August 2017",)),
        ("It was burned at 2.15pm on 25 August 2017.", ()),
        ("The 24-hour plan failed.", ()),
        ("The G20 met to talk about COVID-19.", ()),
        ("He was charged under Section 28 of the law and Article 121.", ()),
        ("The actor (2L) joined in.", ()),
        ("He was killed a year ago, said one of the women.", ("a year ago",)),
        ("A second woman said so for the third time.", ()),
        ("No one knows, and one must ask one another.", ()),
        ("The bill passed 52-35.", ()),
        ("They won 3-1.", ()),
        ("See page 12 and chapter 3.", ()),
        ("1. Rebels take the town", ()),
        ("Call +44 20 7946 0958.", ()),
        ("The trial began in 2014.", ()),
        ("In the 1990s he wrote for them.", ()),
        ("It ended on the 22nd.", ()),
        ("There was no doubt and no evidence.", ()),
        ("They voted 9 to 3 against it.", ()),
        ("Shares in the FTSE 100 fell.", ()),
        ("A 911 call came in.", ()),
        ("He has no idea.", ()),
        ("He wants that one man to go.", ()),
        ("Among the cups is one for him.", ()),
        ("It was built between A.D. 900 and 950.", ("950",)),
        ("Its 2018 sales fell.", ()),
        ("The office is at 16-18 Harbour Street.", ()),
    ],
)
def test_no_quantity(text: str, taken: tuple[str, ...]) -> None:
    """Times, dates, names, codes, list numbers, scores, ordinals and pronouns are no quantities."""
    assert rows(text, taken=taken) == []


@pytest.mark.parametrize(
    "text",
    [
        "He found that one person had died.",
        "The report puts the number of dead at one.",
    ],
)
def test_one_that_counts(text: str) -> None:
    """ "One" is a number, not a pronoun, before a person of whom something is said and where a number is stated."""
    row = only(text)
    assert (row["value"], row["unit"], row["event"]) == (1, "person", "killed")


def test_date_does_not_eat_the_count() -> None:
    """A count beside a date stays, a number inside one goes."""
    got = rows("In the 1990s, 250,000 refugees left; 40 came on 3 April 2016.", taken=("the 1990s", "3 April 2016"))
    assert [row["value"] for row in got] == [250_000, 40]


def test_refusals_are_reported() -> None:
    """Every refused candidate is an info issue that names the words and the reason."""
    article, result = found("He was charged under Section 28.")
    (issue,) = result.issues
    assert (issue["severity"], issue["code"]) == ("info", "rejected_number")
    assert article.clean_text[issue["start"] : issue["end"]] == "28"
    assert "section" in issue["message"]


# --- units -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "value", "kind", "unit"),
    [
        ("US$5", 5, "money", "USD"),
        ("US $5.20", 5.2, "money", "USD"),
        ("A$7m", 7e6, "money", "AUD"),
        ("€5m", 5e6, "money", "EUR"),
        ("RM79 a month", 79, "money", "MYR per month"),
        ("£24 per share", 24, "money", "GBP per share"),
        ("800 yuan", 800, "money", "CNY"),
        ("three million euros", 3e6, "money", "EUR"),
        ("40%", 40, "percent", "percent"),
        ("six per cent", 6, "percent", "percent"),
        ("two percentage points", 2, "percent", "percentage point"),
        ("half a percent", 0.5, "percent", "percent"),
        ("385 km", 385, "measure", "kilometre"),
        ("12 hectares", 12, "measure", "hectare"),
        ("20 miles per gallon", 20, "measure", "mile per gallon"),
        ("37m long", 37, "measure", "metre"),
        ("87 mph", 87, "measure", "mile per hour"),
        ("-5 degrees Celsius", -5, "measure", "degree Celsius"),
        ("two and a half years", 2.5, "duration", "year"),
        ("half an hour", 0.5, "duration", "hour"),
        ("7.2 seconds", 7.2, "duration", "second"),
    ],
)
def test_units(text: str, value: float, kind: str, unit: str) -> None:
    """Money carries its ISO code, measures and times their full singular name, a rate its "per"."""
    (numeral,) = read_numerals(text)
    reading = attach(text, numeral)
    assert (reading.numeral.value, reading.kind, reading.unit) == (pytest.approx(value), kind, unit)


@pytest.mark.parametrize(
    "text", ["$5 million", "three million dollars", "Rs 500", "20 rupees", "¥300", "30 cents", "12 pounds"]
)
def test_units_without_a_guess(text: str) -> None:
    """A form that several units share has no unit, and the row says why."""
    (numeral,) = read_numerals(text)
    reading = attach(text, numeral)
    assert reading.unit is None
    assert reading.reason
    assert reading.counted_head or reading.counted


# --- ages, shares, ranks -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("The 30-year-old spoke.", 30, 30, "year"),
        ("The boys are aged between 3 and 15.", 3, 15, "year"),
        ("A girl aged 12 spoke.", 12, 12, "year"),
        ("A 14-month-old was found.", 14, 14, "month"),
        ("His wife, 43, was there.", 43, 43, "year"),
        ("He met the chief, who is 70.", 70, 70, "year"),
        ("Vaccines for children under five ran out.", 0, 5, "year"),
        ("She met a stocky man of 58.", 58, 58, "year"),
        ("A girl of nine is drawing.", 9, 9, "year"),
        ("The eldest is 15.", 15, 15, "year"),
        ("The report gave the age of Ivo Tamm as 54.", 54, 54, "year"),
        ("They are under 25.", 0, 25, "year"),
        ("The illustrator, 26, went to buy ink.", 26, 26, "year"),
    ],
)
def test_ages(text: str, low: float, high: float, unit: str) -> None:
    """Ages are their own kind, in years unless the text says otherwise."""
    row = only(text)
    assert (row["kind"], row["low"], row["high"], row["unit"]) == ("age", low, high, unit)


@pytest.mark.parametrize(
    ("text", "kind", "value", "head"),
    [
        ("One in five children fled.", "ratio", 0.2, "child"),
        ("Nine out of 10 refugees are women.", "ratio", 0.9, "refugee"),
        ("They won by a 3 to 1 margin.", "ratio", 3, "margin"),
        ("Half the houses burned.", "ratio", 0.5, "house"),
        ("40% of the refugees fled.", "percent", 40, "refugee"),
    ],
)
def test_shares(text: str, kind: str, value: float, head: str) -> None:
    """A share names what it is a share of."""
    row = only(text)
    assert (row["kind"], row["value"], row["counted_head"]) == (kind, pytest.approx(value), head)


@pytest.mark.parametrize(("text", "value"), [("The firm is third in the world.", 3), ("She ranked fifth.", 5)])
def test_ranks(text: str, value: int) -> None:
    """An ordinal is a row only where it is a rank."""
    row = only(text)
    assert (row["kind"], row["value"]) == ("ordinal", value)


# --- counted nouns -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "counted", "head", "unit", "demographic"),
    [
        ("They hold 100 gay and bisexual men.", "gay and bisexual men", "man", "person", "men"),
        ("They saw 12 police officers.", "police officers", "officer", "person", "police"),
        ("They met 49 of the tired refugees.", "tired refugees", "refugee", "person", "refugees"),
        ("The town has 300 families.", "families", "family", "household", None),
        ("They lost 15 mud houses.", "mud houses", "house", "house", None),
        ("The firm cut 30,000 jobs.", "jobs", "job", "job", None),
        (
            "They found 38,000 conflict-related displacements.",
            "conflict-related displacements",
            "displacement",
            "person",
            None,
        ),
        ("They lost a 12 page document.", "page", "page", "page", None),
        ("In one tweet Friday he said it.", "tweet", "tweet", "tweet", None),
        ("They met 20 journalists last week.", "journalists", "journalist", "person", "journalists"),
        ("They met “no fewer than 12” officers.", "officers", "officer", "person", "police"),
        ("They brought 126 statements home.", "statements", "statement", "statement", None),
        ("They fed 80 people there.", "people", "people", "person", None),
        ("Last year casualties were 270,000.", "casualties", "casualty", "person", None),
        ("In May arrests numbered 45.", "arrests", "arrest", "person", None),
        ("The number of families without a roof rose to 45.", "families", "family", "household", None),
    ],
)
def test_counted(text: str, counted: str, head: str, unit: str, demographic: str | None) -> None:
    """The counted noun as written, its head's lemma, its unit and demographic group."""
    row = only(text)
    got = (row["counted"], row["counted_head"], row["unit"], row["demographic"])
    assert got == (counted, head, unit, demographic)


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("They know 47 names. Thirty-one of them are men.", "men"),
        ("The hall holds 86 people, 51 of them children.", "children"),
        ("The court heard 88 witnesses, 70 of them police officers.", "police"),
        ("Nine, all of them minors, came home.", "children"),
        ("Two of those arrested were journalists.", "journalists"),
        ("He spoke of 16. Sixteen were women.", "women"),
    ],
)
def test_group_named_later(text: str, group: str) -> None:
    """Who the counted are may be said behind the number, with or without "were"."""
    row = rows(text)[-1]
    assert (row["unit"], row["demographic"]) == ("person", group)


def test_members_of_a_group() -> None:
    """A group "of nine" counts people."""
    row = only("They gave the judge a staff of nine.")
    assert (row["unit"], row["counted_head"]) == ("person", "staff")


def test_rate_is_not_a_total() -> None:
    """People per day are another unit than people."""
    assert only("They take in 20 people per day.")["unit"] == "person per day"


# --- events ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "events"),
    [
        ("12 police officers and 59 insurgents were killed.", ["killed", "killed"]),
        ("Gunmen killed 11 people on Sunday.", ["killed"]),
        ("12 gunmen killed five soldiers.", [None, "killed"]),
        ("The killing of at least three citizens shocked them.", ["killed"]),
        ("The torture of more than 100 men went on.", ["tortured"]),
        ("12 dead, 40 injured in blast", ["killed", "injured"]),
        ("The quake left 40 injured and 300 families homeless.", ["injured", "homeless"]),
        ("The death toll rose to 12.", ["killed"]),
        ("About 7,000 people in the valley were also forced to flee.", ["fled"]),
        ("Some 500 people were pre-emptively evacuated.", ["evacuated"]),
        ("About 17,000 people displaced by floods remain there.", ["displaced"]),
        ("Police arrested 200 people and charged 15 of them.", ["arrested", "charged"]),
        ("About 3,000 protesters marched through the capital.", ["protested"]),
        ("The storm destroyed 150 houses and damaged another 900.", ["destroyed", "damaged"]),
        ("They detained over 100 gay men.", ["detained"]),
        ("Soldiers shot dead six men.", ["killed"]),
        ("At least 20 women were raped.", ["raped"]),
        ("Some 40 men are still missing.", ["missing"]),
        ("116 gay men were relocated.", ["relocated"]),
        ("More than 300 people took shelter in schools.", ["sheltered"]),
        ("The virus infected 90 nurses.", ["infected"]),
        ("Over 12,000 soldiers were killed or wounded.", ["other"]),
        ("About 40 men are held in the old fort.", ["detained"]),
        ("About 40 men held a vigil and 30 women held up signs.", ["protested", None]),
        ("At least 40 are in prison there.", ["detained"]),
        ("Some 40 people are still in custody.", ["detained"]),
        ("The state has 60 political prisoners.", ["detained"]),
        ("The ministry confirmed four detentions.", ["detained"]),
        ("The president ordered the release of 700 inmates.", ["released"]),
        ("The number of people arrested after the march has risen to 31.", ["arrested"]),
        ("He put the number of dead at 12 and the number of evicted families at 55.", ["killed", "displaced"]),
        ("In May arrests numbered 45.", ["arrested"]),
        ("The wind tore down 30 huts.", ["destroyed"]),
        ("In all, 412 houses, two mosques and a school were pulled down.", ["destroyed", "destroyed"]),
        ("Police took away 12 men.", ["detained"]),
        ("Roughly 5,800 people, nearly all of them farmers, lost their homes.", ["homeless"]),
        ("Up to 600 people, most of them poor, may have to leave the valley.", ["displaced"]),
        ("The flood drove 5,000 people out of their homes.", ["displaced"]),
        ("About 12 people from the village said so.", [None]),
        ("The group has moved 143 people out of the country.", ["evacuated"]),
        ("Some 160 people have slipped out of Orland.", ["fled"]),
        ("The clinic saw 23 patients with gunshot wounds.", ["injured"]),
        ("The doctor said three patients had bullet wounds.", ["injured"]),
        ("Of 63 guests, 37 described torture and 11 said they had been raped.", [None, "tortured", "raped"]),
        ("Of the 200 injured, 50 were guards.", ["injured", "injured"]),
        ("Hundreds of people gathered at the gate to protest against the tax.", ["protested"]),
        ("The bakery sold 300 loaves.", [None]),
    ],
)
def test_events(text: str, events: list[str | None]) -> None:
    """What befell those counted, active and passive, as verb and noun, shared over "and", and not what they did."""
    assert [row["event"] for row in rows(text)] == events


@pytest.mark.parametrize(
    ("text", "polarity", "modality"),
    [
        ("40 people were killed.", "asserted", "certain"),
        ("The army did not kill 40 people.", "negated", "certain"),
        ("Officials denied that 40 people were killed.", "negated", "certain"),
        ("None of the prisoners was hurt.", "negated", "certain"),
        ("Not a single house was damaged.", "negated", "certain"),
        ("40 people may have been killed.", "asserted", "possible"),
        ("40 people were allegedly tortured.", "asserted", "alleged"),
        ("40 prisoners would be released.", "asserted", "conditional"),
        ("40 prisoners will be released.", "asserted", "future"),
        ("In May 40 people were killed.", "asserted", "certain"),
    ],
)
def test_polarity_and_modality(text: str, polarity: str, modality: str) -> None:
    """Denials, doubts, claims, conditions and plans are marked, not dropped."""
    row = only(text)
    assert (row["polarity"], row["modality"]) == (polarity, modality)


@pytest.mark.parametrize(
    ("text", "cumulative"),
    [
        ("The toll rose to 40.", True),
        ("A total of 40 people died.", True),
        ("Another 40 people died.", False),
        ("40 more people died.", False),
        ("40 people died.", None),
    ],
)
def test_cumulative(text: str, cumulative: bool | None) -> None:
    """A total so far, something newly added, or not said."""
    assert only(text)["cumulative"] is cumulative


# --- links between numbers ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "values", "unit", "demographic"),
    [
        ("6,700 people, including 730 children, were killed.", (6_700, 730), "person", "children"),
        ("116 gay men were relocated out of the region, 98 of them to places abroad.", (116, 98), "person", "men"),
        ("Police held 30 activists, 12 of whom were beaten.", (30, 12), "person", "activists"),
    ],
)
def test_part_of_whole(text: str, values: tuple[float, float], unit: str, demographic: str) -> None:
    """A part is linked to its whole, and counts the same where it only says "them"."""
    whole, part = rows(text)
    assert (whole["value"], part["value"]) == values
    assert part["subset_of_quantity_id"] == whole["quantity_id"]
    assert whole["subset_of_quantity_id"] is None
    assert (part["unit"], part["demographic"]) == (unit, demographic)


@pytest.mark.parametrize(
    ("paragraphs", "values", "event"),
    [
        (("They hold 47 people in cells. Thirty-one of them are men, 16 are women.",), (47, 31, 16), "detained"),
        (("Of 63 prisoners, 37 had a lawyer and 11 were ill.",), (63, 37, 11), "detained"),
        (("Three villagers died: two men at the bridge.",), (3, 2), "killed"),
        (("Police arrested 31 people.", "Twenty-two of them were taken to the fort."), (31, 22), "arrested"),
        (("Police arrested 31 people. Of those, 12 were women.",), (31, 12), "arrested"),
    ],
)
def test_parts_without_a_noun(paragraphs: tuple[str, ...], values: tuple[float, ...], event: str | None) -> None:
    """Parts may leave the noun out, follow a colon or stand in the next paragraph; what befell the whole befell them."""
    whole, *parts = rows(*paragraphs)
    assert (whole["value"], *(part["value"] for part in parts)) == values
    for part in parts:
        assert (part["subset_of_quantity_id"], part["unit"], part["event"]) == (whole["quantity_id"], "person", event)


@pytest.mark.parametrize(
    "paragraphs",
    [
        ("They held 12 people.", "Thirty of them came back."),
        ("They held 31 people. The houses of these three families burned.",),
        ("They held 31 people.", "The guards keep birds in cages on the roof, and 12 of them sing."),
    ],
)
def test_no_part(paragraphs: tuple[str, ...]) -> None:
    """A larger number, a number with its own noun and one far into the next paragraph are parts of nothing."""
    assert rows(*paragraphs)[-1]["subset_of_quantity_id"] is None


@pytest.mark.parametrize(
    ("text", "head", "event", "polarity"),
    [
        ("Some 40 people are in custody; the ministry's figure is 28.", "people", "detained", "asserted"),
        ("The state counts two deaths, not three.", "death", "killed", "negated"),
        ("The town promised 300 flats. Only 112 are ready.", "flat", None, "asserted"),
    ],
)
def test_same_thing_again(text: str, head: str, event: str | None, polarity: str) -> None:
    """A number without a noun that answers the one before it counts the same, at medium confidence and with a reason."""
    first, again = rows(text)
    assert (again["unit"], again["counted_head"], again["event"]) == (first["unit"], head, event)
    assert (again["polarity"], again["confidence"]) == (polarity, "medium")
    assert "no noun" in again["unresolved_reason"]


def test_millions_again() -> None:
    """Millions without a noun behind a sum are a sum in its currency."""
    _, again = rows("It lent US$5 billion on top of the four billion already paid.")
    assert (again["kind"], again["unit"], again["confidence"]) == ("money", "USD", "medium")


def test_part_of_a_number() -> None:
    """In "500 of the 4,000 villagers" the parts were evacuated, of the rest nothing is said."""
    part, whole = rows("500 of the 4,000 villagers were evacuated.")
    assert part["subset_of_quantity_id"] == whole["quantity_id"]
    assert (part["event"], whole["event"]) == ("evacuated", None)


def test_inferred_unit_says_so() -> None:
    """A unit that no noun states is taken from event or earlier number, at medium confidence and with a reason."""
    _, later = rows("The storm destroyed 150 houses and damaged another 900.")
    assert (later["unit"], later["confidence"]) == ("house", "medium")
    assert "no noun" in later["unresolved_reason"]
    row = only("More than 24,000 were killed.")
    assert (row["unit"], row["confidence"], row["counted"]) == ("person", "medium", None)
    assert "killed" in row["unresolved_reason"]


# --- what holds for every row ------------------------------------------------------------------------------
STORY = (
    "Flood kills 12, leaves 3,000 homeless",
    "At least 12 people, including three children, died and between 40 and 50 were injured on 3 April when floods hit the valley.",
    "Nearly 700 houses were destroyed, the mayor said; repairs will cost US$2.5 million to US$3 million, or about 4% of the budget.",
    "Maria Adeyo, 34, fled with two of her four sons. “No soldiers came,” she said. Hundreds of others are missing.",
    "The road is 12 km long. It took them five days, and one in three families has left under Article 7.",
)


def test_invariants() -> None:
    """Numbers lie inside their expressions, never overlap, and low <= value <= high; rows fit the table."""
    article, result = found(*STORY, taken=("3 April",))
    assert len(result.rows) >= 15
    end = -1
    for row in sorted(result.rows, key=lambda row: row["number_start"]):
        assert row["start"] <= row["number_start"] < row["number_end"] <= row["end"]
        assert row["number_start"] >= end
        end = row["number_end"]
        stated = [row[key] for key in ("low", "value", "high") if row[key] is not None]
        assert stated == sorted(stated)
        assert article.clean_text[row["start"] : row["end"]].strip() == article.clean_text[row["start"] : row["end"]]
        assert row["unit"] is not None or row["unresolved_reason"] or row["kind"] in ("ratio", "ordinal")
    ids = [row["quantity_id"] for row in result.rows]
    assert len(set(ids)) == len(ids)
    assert result.rows == sorted(result.rows, key=lambda row: (row["start"], row["end"]))
    assert {row["subset_of_quantity_id"] for row in result.rows} - {None} <= set(ids)
    conform("quantities", result.rows)
    assert set(result.rows[0]) <= set(TABLES["quantities"].names)


def test_same_words_same_rows() -> None:
    """Reading an article twice gives the same rows, ids included."""
    assert rows(*STORY) == rows(*STORY)


def test_paragraphs_are_apart() -> None:
    """Offsets are those of clean_text, in every paragraph."""
    article, result = found("12 people died.", "A further 30 people died.")
    assert [article.clean_text[row["start"] : row["end"]] for row in result.rows] == [
        "12 people",
        "A further 30 people",
    ]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Another million people fled.", [1_000_000]),
        ("Some hundred men were held.", [100]),
        ("The rate per million people is low.", []),
        ("A few million people fled.", [None]),
    ],
)
def test_a_scale_word_alone(text: str, values: list[float | None]) -> None:
    """It counts once where a word before it counts it, never after "per", and reading always ends."""
    assert [numeral.value for numeral in read_numerals(text)] == values


# --- any text at all ---------------------------------------------------------------------------------------
def _noise(seed: int) -> str:
    """Number words, scale words, digits, punctuation and a few nouns and verbs in any order."""
    dice = random.Random(seed)
    numbers = [*words()["values"], *words()["scales"], *words()["denominators"], *words()["vague"]]
    digits = ["1", "12", "1,000", "1 000", "3.5", ".5", "007", "½", "2019", "10" * 30, "$", "£", "%", "m", "bn", "-36"]
    marks = [",", ".", ";", ":", "-", "–", "/", "(", ")", "“", "”", "'", "\u00a0", "\n", "+", "1/2", "...", "€"]
    others = ["a", "an", "and", "half", "of", "them", "those", "the", "to", "between", "no", "one", "people", "killed"]
    pools = [numbers, digits, marks, others]
    parts = [dice.choice(dice.choice(pools)) + dice.choice(["", " ", " ", " "]) for _ in range(dice.randint(1, 25))]
    return "".join(parts).strip() or "1"


NOISE = [_noise(seed) for seed in range(300)]


def test_numerals_of_any_text() -> None:
    """Reading ends within a second, and its spans are inside the text, not empty, in order and apart."""
    for text in NOISE:
        begun = time.process_time()
        numerals = read_numerals(text)
        assert time.process_time() - begun < 10, text
        end = 0
        for numeral in numerals:
            assert end <= numeral.start < numeral.end <= len(text), text
            assert numeral.value is None or abs(numeral.value) < 1e40, text
            end = numeral.end


def test_quantities_of_any_text() -> None:
    """The same holds for whole rows: number inside expression, expression inside text, numbers apart."""
    for begin in range(0, len(NOISE), 50):
        article = make_article(*(text.replace("\n", " ") for text in NOISE[begin : begin + 50]))
        begun = time.process_time()
        got = find_quantities(article, [], ExtractSettings()).rows
        assert time.process_time() - begun < 50
        end = 0
        for row in sorted(got, key=lambda row: row["number_start"]):
            assert 0 <= row["start"] <= row["number_start"] < row["number_end"] <= row["end"] <= len(article.clean_text)
            assert end <= row["number_start"], article.clean_text[row["start"] - 40 : row["end"]]
            end = row["number_end"]
        assert len({row["quantity_id"] for row in got}) == len(got)
        conform("quantities", got)


@pytest.mark.parametrize(
    "part",
    ["12 people, ", "a million and a half ", "hundreds of thousands of ", "1,000", "twenty-", "half a ", "1", "- "],
)
def test_long_text_takes_linear_time(part: str) -> None:
    """Sixty thousand characters of anything are read in a time that grows with their number: a quadratic reader would need minutes."""
    begun = time.process_time()
    read_numerals(part * (60_000 // len(part)))
    assert time.process_time() - begun < 10


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("The commission, which has interviewed 126 witnesses, says at least six people were killed.", None),
        ("The court heard 40 witnesses, found that seven were killed and closed.", None),
        ("Some 300 people, officials said, were killed.", "killed"),
        ("Nine men were reported killed.", "killed"),
    ],
)
def test_a_verb_of_saying_behind_a_comma_is_another_subjects(text: str, event: str | None) -> None:
    """Witnesses are not killed because the commission that heard them says that others were."""
    rows = find_quantities(make_article(text), [], ExtractSettings()).rows
    assert rows[0]["event"] == event
