"""The clean stage: what each stretch of an article is, and what is known about it."""

from __future__ import annotations

import datetime as dt
import random
import time
from typing import Any

import pytest

from pipeline.clean import Cleaned, clean_article
from pipeline.clean.published import from_url, full_dates, parse
from pipeline.offsets import normalise
from pipeline.schema import EXTRACTION_ZONES, ZONES, conform
from pipeline.settings import CleanSettings

STORY = [
    "The river rose by two metres overnight and flooded the lower part of the town, the mayor's office said.",
    "Rescue teams took more than forty people from their homes by boat, and a school was opened as a shelter.",
    "Anna Keller, who has lived by the bridge for thirty years, said she had never seen the water so high.",
    "The regional government promised to repair the dyke before the winter and to pay for the damage.",
]


def clean(text: str, *, join: bool = True, **given: Any) -> Cleaned:
    raw = {"article_id": "a_0", "paths": ["x.txt"], "format": "txt", "encoding": "utf-8", "raw_text": text} | given
    return clean_article(raw, CleanSettings(join_wrapped_lines=join))


def zones(*lines: str, **given: Any) -> list[tuple[str, str]]:
    return [(row["zone"], row["text"]) for row in clean("\n\n".join(lines), **given).segments]


def zone_of(line: str, *, before: int = 2) -> str:
    """The zone of ``line`` set between paragraphs of a story with a headline."""
    rows = zones("Flood Hits the Lower Town", *STORY[:before], line, *STORY[before:])
    return next(zone for zone, text in rows if text == normalise(line).text)


def check(text: str, cleaned: Cleaned) -> None:
    """The contract of segments and clean text."""
    article, rows = cleaned.article, cleaned.segments
    assert bool(rows) == bool(text)
    position = 0
    for ordinal, row in enumerate(rows):
        assert row["ordinal"] == ordinal
        assert row["raw_start"] == position < row["raw_end"]
        position = row["raw_end"]
        assert row["text"] == normalise(text[row["raw_start"] : row["raw_end"]]).text
        assert row["zone"] in ZONES
        assert row["rule"]
        assert row["confidence"] in ("high", "medium", "low")
        if row["zone"] in EXTRACTION_ZONES:
            assert article["clean_text"][row["start"] : row["end"]] == row["text"]
        else:
            assert row["start"] is row["end"] is None
    assert position == len(text)
    assert article["clean_text"] == "\n\n".join(r["text"] for r in rows if r["zone"] in EXTRACTION_ZONES)
    conform("articles", [article])
    conform("segments", rows)
    conform("issues", cleaned.issues)


# --- every character belongs to exactly one segment --------------------------------------------------------------
HOSTILE = {
    "empty": "",
    "white space only": " \n\t\n\u00a0\r\n",
    "invisible only": "\u200b\n\ufeff",
    "no line end": STORY[0],
    "leading blank lines": "\n\n  \n" + STORY[0] + "\n\n\n",
    "carriage returns": "\r\n".join(["Title Here", "", *STORY, ""]),
    "old Mac lines": "\r".join(STORY),
    "odd separators": "\x0b".join(STORY) + "\x0c" + "\x85".join(STORY) + "\u2028" + "\u2029".join(STORY) + "\x1cend",
    "no-break spaces": STORY[0].replace(" ", "\u00a0") + "\n" + STORY[1].replace(" ", "\u202f"),
    "emoji": "👩‍👩‍👧‍👦 came home 🏳️‍🌈.\n" + STORY[0] + " 🙂\n🙂",
    "combining marks": "Cafe\u0301 de\u0301ja\u0300 vu.\n\u0301\u0302\nZ\u0351\u036b\u0343\u036a\u0302 rose.",
    "right to left": "\u202bقال الوزير إن المياه ارتفعت.\u202c\nשלום עולם.\n" + STORY[0],
    "Windows punctuation": "\x93Quoted\x94 and \x96 dashed \x85 text.\n" + STORY[0],
    "NUL": "The wa\x00ter\x00.\n\x00\n" + STORY[0],
    "glued credit": "Men carry sandbags.\u200b / AFP PHOTO / \u00a0Ivo Brandt\n" + STORY[0],
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("join", [True, False])
def test_segments_cover_the_raw_text(text: str, join: bool) -> None:
    """Segments follow each other without gap, their text is the folded raw slice, clean text is made of them."""
    check(text, clean(text, join=join))


def test_segments_cover_random_text() -> None:
    """The contract holds for texts put together at random, whatever zones come out."""
    chosen = random.Random(7)
    pieces = [
        *STORY, *HOSTILE.values(), "\n", "\n\n", "\r\n", " ", "\u2028", "\x00", "\u0301", "By Ada Lund", "Share", "(", ")",
        "READ MORE: What came next", "BERLIN, June 4 (Reuters) - ", " (Photo by Ivo Brandt/AFP via Getty Images)", "Ada L",
        "Ada L8 days ago", "3 April, 2019", "© 2024 The Paper", "1. First of all", "OSLO — ", "/ AFP PHOTO / ", "…", "\u200f",
    ]  # fmt: skip
    for _ in range(300):
        text = "".join(chosen.choice(pieces) for _ in range(chosen.randint(1, 25)))
        check(text, clean(text, join=chosen.random() < 0.5))


def test_a_line_of_five_megabytes_is_cleaned_in_bounded_time() -> None:
    """No rule reads more of a line than its ends, so a huge line costs what folding it costs."""
    text = "word and " * 550_000
    begun = time.process_time()
    cleaned = clean(text)
    assert time.process_time() - begun < 30
    check(text, cleaned)


def test_blank_lines_belong_to_the_segment_before() -> None:
    """Leading blank lines go to the first segment, all others to the one that they follow."""
    text = "\n\nTitle of It\n\n\n" + STORY[0] + "\n\n" + STORY[1] + "\n"
    rows = clean(text).segments
    assert [text[r["raw_start"] : r["raw_end"]] for r in rows] == [
        "\n\nTitle of It\n\n\n",
        STORY[0] + "\n\n",
        STORY[1] + "\n",
    ]


def test_a_text_without_words_is_kept_and_marked_failed() -> None:
    """White space alone: one segment, status failed, and an issue that says so."""
    cleaned = clean(" \n ")
    assert cleaned.article["status"] == "failed"
    assert "no_text" in {i["code"] for i in cleaned.issues}


# --- lines and paragraphs ----------------------------------------------------------------------------------------
WRAPPED = """The river rose by two metres overnight and flooded the lower part of
the town, the mayor's office said on Tuesday. Rescue teams took more than
forty people from their homes by boat.

Anna Keller, who has lived by the bridge for thirty years, said she had
never seen the water so high."""


def test_hard_wrapped_lines_are_joined_to_paragraphs() -> None:
    """Lines of equal length that go on in lower case are one paragraph, if the setting says so."""
    assert [t for _, t in zones(WRAPPED)] == [" ".join(p.split()) for p in WRAPPED.split("\n\n")]
    assert len(clean(WRAPPED, join=False).segments) == 5


@pytest.mark.parametrize(
    "block",
    [
        (
            "Minister Opens Bridge That Nobody Crosses After All\nTown Council Votes To Close The Library On Sundays\n"
            "School Bus Drivers Ask For Better Pay And Hours"
        ),
        "\n".join(STORY),
        "- the first of the points that were made in the long debate\n- the second of the points that were made there",
    ],
    ids=["headlines", "one paragraph per line", "list"],
)
def test_lines_that_end_where_they_should_are_not_joined(block: str) -> None:
    """Headlines, whole paragraphs and list items stay lines of their own."""
    assert [t for _, t in zones(block)] == block.split("\n")


# --- zones by position -------------------------------------------------------------------------------------------
def test_headline_standfirst_byline_and_timestamp_stand_above_the_story() -> None:
    """The usual top of an article."""
    rows = zones(
        "Flood Hits the Lower Town",
        "Dozens leave their homes as the dyke gives way",
        "By Ada Lund",
        "3 April, 2019",
        *STORY,
    )
    assert [z for z, _ in rows] == ["title", "subtitle", "byline", "timestamp", *["body"] * 4]


def test_a_quoted_line_under_the_headline_is_the_standfirst() -> None:
    """A headline, then one short quotation with its speaker, then the story."""
    rows = zones("Flood Hits the Lower Town", '"We lost all we had," says baker Anna Keller.', *STORY)
    assert [z for z, _ in rows][:3] == ["title", "subtitle", "body"]


def test_a_sentence_under_the_headline_is_story() -> None:
    """When unsure, body."""
    assert [z for z, _ in zones("Flood Hits the Lower Town", *STORY)] == ["title", *["body"] * 4]


def test_a_text_without_headline_has_none() -> None:
    """A first line that is a sentence of the story is body; the title stays open."""
    cleaned = clean("\n\n".join(STORY))
    assert {r["zone"] for r in cleaned.segments} == {"body"}
    assert cleaned.article["title"] is None


def test_a_given_title_is_found_in_the_text() -> None:
    """The line that repeats the given title is the title, spacing and punctuation aside."""
    rows = clean(
        "\n\n".join(["Today's paper", "Flood hits the lower town!", *STORY]), title="Flood Hits the Lower Town"
    ).segments
    assert rows[1]["zone"] == "title"
    assert rows[1]["rule"] == "title.given"


@pytest.mark.parametrize(
    ("line", "zone"),
    [
        ("1. The dyke was never repaired", "heading"),
        ("What comes next", "heading"),
        ("“Nobody warned us”", "heading"),
        ("Anna Keller", "caption"),  # a name from the story, alone on its line
        ("READ MORE: Town council knew about the dyke", "teaser"),
        ("Read More", "teaser"),
        ("Read More====", "teaser"),
        ("Related: Ten floods that made history", "teaser"),
        ("Also read: Ten floods that made history", "teaser"),
        ("[Related: Ten floods that made history]", "teaser"),
        ("Follow Ada Lund on Twitter @adalund.", "teaser"),
        ("Photo credit: Ivo Brandt.", "credit"),
        ("Ivo Brandt/LightRocket via Getty", "credit"),
        ("(AP Photo/Ivo Brandt)", "credit"),
        ("Getty Images", "credit"),
        ("Share", "share"),
        ("Facebook Twitter Email", "share"),
        ("Advertisement", "notice"),
        ("Story continues below", "notice"),
        ("This story is over 5 years old", "notice"),
        ("We use cookies to make this site better. By continuing you agree to our privacy policy and terms.", "notice"),
        ("Correction: The dyke was built in 1962, not in 1926 as we wrote at first.", "correction"),
        ("An earlier version of this article gave the wrong year for the building of the dyke.", "correction"),
        ("Last updated: 4 April 2019 at 10:15", "timestamp"),
        ("© 2024 The Lower Town Paper", "footer"),
        ("Copyright 2019 The Paper. All rights reserved.", "footer"),
        ("Sign up for our newsletter and get the news in your inbox every morning.", "footer"),
    ],
)
def test_lines_between_paragraphs(line: str, zone: str) -> None:
    """What a line inside the story is, by its words and shape."""
    assert zone_of(line) == zone


@pytest.mark.parametrize(
    "line",
    [
        "By the time the boats came, the water had reached the second floor of the school and the church.",
        "Related families were housed together, and more was to follow when the next boats came in.",
        "Share prices of the three building firms fell after the news of the flood reached the capital.",
        "Published reports about the dyke had been ignored for years, said the engineer who wrote them.",
        "Photo albums, letters and toys floated in the streets, and nobody knew whose they were.",
        "More than forty people were taken from their homes.",
        "He said:",
        "She was eight years old when the last flood came, 60 years ago.",
        "Follow the river for two miles and you reach the place where the dyke broke on Monday night.",
        "“Get out now,” the loudspeakers said.",
    ],
)
def test_sentences_of_the_story_stay_in_it(line: str) -> None:
    """A sentence that opens with a furniture word is still the story."""
    assert zone_of(line) == "body"


@pytest.mark.parametrize(
    ("line", "zone"),
    [
        ("Latest News", "related"),
        ("Read More", "teaser"),
        ("Most Popular", "related"),
        ("Comments", "comment_meta"),
        ("World", "other"),
    ],
)
def test_what_hangs_below_the_story(line: str, zone: str) -> None:
    """Short lines after the last paragraph are not of the story."""
    assert zones("Flood Hits the Lower Town", *STORY, line)[-1][0] == zone


def test_a_list_below_the_story_is_part_of_it() -> None:
    """More than a few lines are no left-overs."""
    towns = [f"{day} June: Town Hall" for day in range(1, 13)]
    assert {z for z, _ in zones("Flood Concerts Begin in June", *STORY, *towns)[5:]} <= {"body", "heading"}


def test_menus_around_a_story_are_other() -> None:
    """A whole page saved as text: the story is kept, the menus on both sides are not."""
    menu = [
        "Home",
        "World",
        "Sport",
        "Culture",
        "Weather",
        "Contact",
        "Sign in",
        "Search",
        "Jobs",
        "Share",
        "Privacy Policy",
    ]
    text = "\n".join([*menu, "Flood Hits the Lower Town", *STORY, *menu, "A Dog Won A Prize", "© 2024 The Paper"])
    rows = [(r["zone"], r["text"]) for r in clean(text).segments]
    assert [t for z, t in rows if z == "body"] == STORY
    assert ("title", "Flood Hits the Lower Town") in rows
    assert ("other", "World") in rows
    assert ("other", "A Dog Won A Prize") in rows


def test_a_comment_thread_goes_on_to_the_end() -> None:
    """Name, name with its age glued on, text: once it starts, everything is thread."""
    thread = ["Ada L", "Ada L8 days ago", "How sad.", "Ben Ott", "Ben Ottabout a month ago",
              "I have seen worse floods than this one, and nobody ever wrote a single word about them."]  # fmt: skip
    rows = zones("Flood Hits the Lower Town", *STORY, *thread)
    assert [z for z, _ in rows[5:]] == [
        "comment_meta",
        "comment_meta",
        "comment",
        "comment_meta",
        "comment_meta",
        "comment",
    ]


# --- lines that hold two things ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("line", "parts"),
    [
        (
            ("Men carry sandbags in the lower town on June 4, 2019.A day later the dyke broke. / AFP PHOTO / Ivo BRANDT "
            "(Photo credit should read IVO BRANDT/AFP/Getty Images)"),
            ["caption", "credit"],
        ),
        ("Men carry sandbags to the dyke. (Photo by Ivo Brandt/LightRocket via Getty Images)", ["caption", "credit"]),
        ("LOWER TOWN, ENGLAND - 2019/06/04: Men carry sandbags. (Photo by Ivo Brandt/Getty Images)", ["dateline", "caption", "credit"]),
        ("Men carry sandbags to the dyke. Photo: Ivo Brandt", ["caption", "credit"]),
    ],
)  # fmt: skip
def test_credits_are_cut_off_captions(line: str, parts: list[str]) -> None:
    """A credit glued to a caption is a segment of its own; together they are the line."""
    cleaned = clean("\n\n".join(["Flood Hits the Lower Town", STORY[0], line, *STORY[1:]]))
    rows = cleaned.segments[2 : 2 + len(parts)]
    assert [r["zone"] for r in rows] == parts
    assert "".join(r["text"].replace(" ", "") for r in rows) == line.replace(" ", "")
    assert cleaned.article["place"] is None  # a caption's place is not the story's


@pytest.mark.parametrize(
    ("dateline", "place", "agencies"),
    [
        ("BERLIN, June 4 (Reuters) - ", "BERLIN", ["Reuters"]),
        ("NEW YORK (AP) — ", "NEW YORK", ["AP"]),
        ("FLINT, Mich., Oct. 4 (UPI) — ", "FLINT, Mich.", ["UPI"]),
        ("Jakarta (ANTARA) - ", "Jakarta", ["ANTARA"]),
        ("KUALA LUMPUR: ", "KUALA LUMPUR", []),
        ("RIYADH — ", "RIYADH", []),
        ("Dekalb, Ill. — ", "Dekalb, Ill.", []),
        ("(Reuters) - ", None, ["Reuters"]),
        ("TESHKA, Friday (KPA) - ", "TESHKA", ["KPA"]),
        ("KALVESTA, Friday, March 10, 2023 (Reuters) - ", "KALVESTA", ["Reuters"]),
    ],
)
def test_a_dateline_is_cut_off_the_first_paragraph(dateline: str, place: str | None, agencies: list[str]) -> None:
    """Place and agency are read from it; the words after it are body."""
    cleaned = clean(f"Flood Hits the Lower Town\n\n{dateline}{STORY[0]}\n\n{STORY[1]}")
    assert [(r["zone"], r["text"]) for r in cleaned.segments[1:3]] == [
        ("dateline", dateline.strip()),
        ("body", STORY[0]),
    ]
    assert cleaned.article["place"] == place
    assert cleaned.article["agencies"] == agencies


@pytest.mark.parametrize(
    "opening", ["BREAKING: ", "BREAKING NEWS: ", "UPDATE — ", "WATCH: ", "In June - ", "He said - "]
)
def test_other_openings_are_no_datelines(opening: str) -> None:
    """Labels in capitals and ordinary dashes stay with their sentence."""
    assert ("body", opening + STORY[0]) in zones("Flood Hits the Lower Town", opening + STORY[0], STORY[1])


# --- what is known about the article -----------------------------------------------------------------------------
DAY, MONTH, YEAR = dt.date(2018, 9, 24), dt.date(2018, 9, 1), dt.date(2018, 1, 1)


@pytest.mark.parametrize(
    ("given", "day", "precision", "latest"),
    [
        ("2018-09-24", DAY, "day", DAY),
        ("20180924", DAY, "day", DAY),
        ("2018-09-24T23:59:59-08:00", DAY, "day", DAY),
        ("2018-09-24 10:00:00.000Z", DAY, "day", DAY),
        ("Mon, 24 Sep 2018 10:00:00 GMT", DAY, "day", DAY),
        ("Mon Sep 24 10:00:00 +0000 2018", DAY, "day", DAY),
        ("September 24, 2018", DAY, "day", DAY),
        ("24th of September 2018 at 5:30 pm", DAY, "day", DAY),
        ("Published: Sept. 24, 2018", DAY, "day", DAY),
        ("24/09/2018", DAY, "day", DAY),
        ("09/24/2018", DAY, "day", DAY),
        ("2018 Sep 24", DAY, "day", DAY),
        ("1537747200", DAY, "day", DAY),
        ("2018-09", MONTH, "month", dt.date(2018, 9, 30)),
        ("Sept 2018", MONTH, "month", dt.date(2018, 9, 30)),
        ("2018", YEAR, "year", dt.date(2018, 12, 31)),
    ],
)
def test_given_dates_keep_their_precision(given: str, day: dt.date, precision: str, latest: dt.date) -> None:
    """A publication date is read in its own precision and its own time zone."""
    article = clean(STORY[0], published=given).article
    assert (article["published"], article["published_precision"]) == (day, precision)
    assert (article["published_earliest"], article["published_latest"]) == (day, latest)
    assert article["published_basis"] == "metadata"


@pytest.mark.parametrize(
    "given",
    ["yesterday", "2 days ago", "we", "one", "a", "may", "march", "24", "the 25th", "the 1990s", "Monday", "Sat 2 committee",
     "2018-13-01", "2018-02-30", "24 Sep 18", "last year 2018", "in 2018", "99999999", "0001-01-01", "n/a"],
)  # fmt: skip
def test_what_is_no_full_date_is_not_understood(given: str) -> None:
    """Nothing is made of relative words and fragments: no date, and an issue."""
    cleaned = clean(STORY[0], published=given)
    assert cleaned.article["published"] is None
    assert cleaned.article["published_basis"] == "none"
    assert {i["code"] for i in cleaned.issues} == {"published_not_understood", "no_publication_date"}


def test_two_possible_orders_give_a_window() -> None:
    """03/04/2017 is March or April: no date, but the days it can be, and an issue."""
    cleaned = clean(STORY[0], published="03/04/2017")
    article = cleaned.article
    assert article["published"] is None
    assert (article["published_earliest"], article["published_latest"]) == (dt.date(2017, 3, 4), dt.date(2017, 4, 3))
    assert "published_ambiguous" in {i["code"] for i in cleaned.issues}


@pytest.mark.parametrize(
    ("lines", "url", "day", "basis"),
    [
        (["Flood Hits the Lower Town", "3 April, 2019, 10:15", *STORY], None, dt.date(2019, 4, 3), "byline"),
        (["Flood Hits the Lower Town", "Wednesday, April 3, 2019", *STORY], None, dt.date(2019, 4, 3), "dateline"),
        (["Flood Hits the Lower Town", "By Ada Lund", "April 3, 2019", *STORY], None, dt.date(2019, 4, 3), "byline"),
        (["Flood Hits the Lower Town", "By Ada Lund | April 3, 2019", *STORY], None, dt.date(2019, 4, 3), "byline"),
        (["Flood Hits the Lower Town", "OSLO, 3 April 2019 (AP) - " + STORY[0], STORY[1]], None, dt.date(2019, 4, 3), "dateline"),
        (["Flood Hits the Lower Town", *STORY], "https://paper.example/2019/04/03/flood", dt.date(2019, 4, 3), "url"),
        (["Flood Hits the Lower Town", "3 April, 2019", *STORY], "https://paper.example/2018/01/01/x", dt.date(2019, 4, 3), "dateline"),
        (["Flood Hits the Lower Town", "OSLO, April 3 (AP) - " + STORY[0], STORY[1]], None, None, "none"),
        (["Flood Hits the Lower Town", *STORY, "On 3 April 2019 the dyke broke for the first time in years."], None, None, "none"),
        (["Flood Hits the Lower Town", *STORY, "© 2024 The Paper"], None, None, "none"),
        (["Flood Hits the Lower Town", *STORY, "OSLO, NORWAY - 2019/04/03: Men at work. (Photo by Ivo Brandt/AFP)"], None, None, "none"),
    ],
    ids=["timestamp", "day alone", "day under a byline", "byline", "dateline", "url", "dateline before url", "no year", "in the story", "copyright", "caption"],
)  # fmt: skip
def test_where_an_undated_article_gets_its_date(
    lines: list[str], url: str | None, day: dt.date | None, basis: str
) -> None:
    """Byline, dateline, address, in this order; never the story, a caption or a copyright line."""
    cleaned = clean("\n\n".join(lines), url=url)
    assert (cleaned.article["published"], cleaned.article["published_basis"]) == (day, basis)
    assert ("no_publication_date" in {i["code"] for i in cleaned.issues}) == (day is None)


@pytest.mark.parametrize(
    ("lines", "zone", "place"),
    [
        (["Flood Hits the Lower Town", "Wednesday, April 3, 2019", *STORY], "dateline", None),
        (["Flood Hits the Lower Town", "HALMET, April 3", *STORY], "dateline", "HALMET"),
        (["Flood Hits the Lower Town", "3 April 2019, 10:15", *STORY], "timestamp", None),
        (["Flood Hits the Lower Town", "By Ada Lund", "3 April 2019", *STORY], "timestamp", None),
        (["Flood Hits the Lower Town", "3 April 2019", "OSLO, April 3 (AP) - " + STORY[0], STORY[1]], "timestamp", "OSLO"),
        (["Flood Hits the Lower Town", "3 April 2019", "Published: 4 April 2019", *STORY], "timestamp", None),
    ],
)  # fmt: skip
def test_a_day_alone_above_the_story_is_its_dateline(lines: list[str], zone: str, place: str | None) -> None:
    """Or a place in capitals and a day; beside a byline, a time or another date it is the page's stamp."""
    cleaned = clean("\n\n".join(lines))
    assert next(s["zone"] for s in cleaned.segments if "April 3" in s["text"] or "3 April" in s["text"]) == zone
    assert cleaned.article["place"] == place


def test_bylines_that_name_two_days_give_no_date() -> None:
    """Dates of other stories may stand around a headline; none is picked."""
    text = "\n\n".join(["1 May 2018", "Flood Hits the Lower Town", "3 April, 2019", *STORY])
    assert clean(text).article["published_basis"] == "none"


def test_an_update_bounds_the_publication_date() -> None:
    """An article updated on a day was published on it or before."""
    article = clean("\n\n".join(["Flood Hits the Lower Town", "Last updated: 4 April 2019", *STORY])).article
    assert article["published"] is None
    assert article["published_latest"] == dt.date(2019, 4, 4)


@pytest.mark.parametrize(
    ("url", "day", "precision"),
    [
        ("https://paper.example/2017/04/21/story", dt.date(2017, 4, 21), "day"),
        ("https://paper.example/world/2017/apr/21/story", dt.date(2017, 4, 21), "day"),
        ("https://paper.example/2017/04/story", dt.date(2017, 4, 1), "month"),
        ("https://paper.example/story-20170421.html", dt.date(2017, 4, 21), "day"),
        ("https://paper.example/2017-04-21-story", dt.date(2017, 4, 21), "day"),
        ("https://paper.example/story-11574168580", None, None),
        ("https://paper.example/2017/99/story", None, None),
        ("https://paper.example/story?date=/2017/04/21/", None, None),
    ],
)
def test_dates_in_addresses(url: str, day: dt.date | None, precision: str | None) -> None:
    """A date path counts, other numbers do not."""
    found = from_url(url)
    assert (found.day, found.precision) == (day, precision) if found else day is None


def test_full_dates_come_in_the_order_of_the_text() -> None:
    """Only days with a year are dates of a byline."""
    assert full_dates("4 May 2019, June 5, 2018 and 2017-07-06, not 8 August") == [
        dt.date(2019, 5, 4), dt.date(2018, 6, 5), dt.date(2017, 7, 6)]  # fmt: skip
    assert parse("") is None


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        ("By Ada Lund", ["Ada Lund"]),
        ("/By Ada Lund and Ben Ott", ["Ada Lund", "Ben Ott"]),
        ("BY ADA LUND, BEN OTT AND CARL ROY", ["Ada Lund", "Ben Ott", "Carl Roy"]),
        ("By Ada Lund | April 3, 2019", ["Ada Lund"]),
        ("By Ada Lund, April 3, 2019 10:30 am", ["Ada Lund"]),
    ],
)
def test_authors_come_from_the_byline(byline: str, authors: list[str]) -> None:
    """Names only, without dates; given authors win."""
    text = "\n\n".join(["Flood Hits the Lower Town", byline, *STORY])
    assert clean(text).article["authors"] == authors
    assert clean(text, authors=["By Dora Ek"]).article["authors"] == ["Dora Ek"]


def test_a_byline_at_the_end_counts() -> None:
    """Some papers sign below the story."""
    assert zones("Flood Hits the Lower Town", *STORY, "/By Ada Lund")[-1][0] == "byline"


def test_agencies_come_from_datelines_and_credits_only() -> None:
    """An agency that the story talks about is no source of it."""
    text = "\n\n".join(["Flood Hits the Lower Town", "The minister told Reuters that the dyke was safe. " + STORY[0],
                        "Ivo Brandt/AFP via Getty Images", *STORY[1:]])  # fmt: skip
    assert clean(text).article["agencies"] == ["AFP", "Getty Images"]


@pytest.mark.parametrize(
    ("given", "code"), [("en-US", "en"), ("EN", "en"), ("de_DE", "de"), ("English", None), (None, None)]
)
def test_languages_are_two_letter_codes(given: str | None, code: str | None) -> None:
    """The language is the given code's first part; anything else stays open."""
    assert clean(STORY[0], language=given).article["language"] == code


def test_cleaning_twice_gives_the_same() -> None:
    """No state, no clock, no chance."""
    text = "\n\n".join(["Flood Hits the Lower Town", "By Ada Lund", *STORY])
    assert clean(text) == clean(text)
