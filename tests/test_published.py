"""What an article says of itself: title, authors, outlet, agencies, address, day of publication."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from pipeline.clean import Cleaned, clean_article
from pipeline.clean.byline import headline
from pipeline.settings import CleanSettings

TITLE = "Flood Hits the Lower Town"
STORY = (
    "The river rose by two metres overnight and flooded the lower part of the town, the mayor's office said.",
    "Rescue teams took more than forty people from their homes by boat, and a school was opened as a shelter.",
    "Anna Keller, who has lived by the bridge for thirty years, said she had never seen the water so high.",
)


def clean(*lines: str, **given: Any) -> Cleaned:
    text = "\n\n".join(lines)
    raw = {"article_id": "a_0", "paths": ["x.txt"], "format": "txt", "encoding": "utf-8", "raw_text": text} | given
    return clean_article(raw, CleanSettings())


def above(*lines: str, **given: Any) -> dict[str, Any]:
    """The article row of the story with ``lines`` between headline and story."""
    return clean(TITLE, *lines, *STORY, **given).article


def below(*lines: str, **given: Any) -> dict[str, Any]:
    """The same with ``lines`` below the story."""
    return clean(TITLE, *STORY, *lines, **given).article


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("Read More5 Things to Know About the Flood", "5 Things to Know About the Flood"),
        ("Latest NewsReport: Forty Saved From the Flood", "Report: Forty Saved From the Flood"),
        ("Read More Books, the Flooded Library Asks", "Read More Books, the Flooded Library Asks"),
        ("Newsroom of the Herald Flooded Again", "Newsroom of the Herald Flooded Again"),
    ],
)
def test_a_menu_label_glued_to_the_headline_is_no_part_of_it(line: str, title: str) -> None:
    """Only where no space stands between them, and only for labels of menus."""
    assert headline(line) == title


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        ("By Ada Lund", ["Ada Lund"]),
        ("Written by: Ada Lund", ["Ada Lund"]),
        ("By Ada Lund and Jean-Paul de la Tour", ["Ada Lund", "Jean-Paul de la Tour"]),
        ("By ADA LUND, BEN OTT and CARL ROY", ["Ada Lund", "Ben Ott", "Carl Roy"]),
        ("By Ada Lund, Staff Writer", ["Ada Lund"]),
        ("By Ada Lund Business Correspondent", ["Ada Lund"]),
        ("By Ada Lund, MS, RDN", ["Ada Lund"]),
        ("By Ada Lund | The Dovrin Herald", ["Ada Lund"]),
        ("By Ada Lund in Dovrin", ["Ada Lund"]),
        ("By Ada Lund @adalund May 3, 2019, 7:53pm", ["Ada Lund"]),
        ("By Staff Reporter", []),
        ("By Reuters", []),
    ],
)
def test_bylines_name_people(byline: str, authors: list[str]) -> None:
    """Offices, desks, agencies, places, handles and dates are no names."""
    assert above(byline)["authors"] == authors


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("– Ada Lund in Dovrin", ["Ada Lund"]),
        ("/By Ada Lund and Ben Ott", ["Ada Lund", "Ben Ott"]),
        ("(Reporting by Ada Lund in Dovrin and Ben Ott; Editing by Carl Roy)", ["Ada Lund", "Ben Ott"]),
        ("(Reporting by Ada Lund; additional reporting by Ben Ott; editing by Carl Roy)", ["Ada Lund", "Ben Ott"]),
        ("– forty people saved from the water", []),
    ],
)
def test_signatures_below_the_story(line: str, authors: list[str]) -> None:
    """Who reported signs; who edited does not."""
    assert below(line)["authors"] == authors


def test_a_byline_is_asked_before_a_signature_and_what_was_given_before_both() -> None:
    """The first place that names people is believed."""
    signed = (TITLE, "By Ada Lund", *STORY, "(Reporting by Ben Ott; editing by Carl Roy)")
    assert clean(*signed).article["authors"] == ["Ada Lund"]
    assert clean(*signed, authors=["Dora Ek"]).article["authors"] == ["Dora Ek"]


def test_a_list_of_persons_is_no_signature() -> None:
    """Several lines behind dashes are a list."""
    assert below("– Ada Lund, Dovrin", "– Ben Ott, Mirepol")["authors"] == []


@pytest.mark.parametrize(
    ("line", "outlet"),
    [
        ("© 2024 The Dovrin Herald. All rights reserved.", "The Dovrin Herald"),
        ("Copyright © 2002-2019 Mirepol Daily News | Terms of Use", "Mirepol Daily News"),
        ("© Copyright 2019, The Sarn-Review", "The Sarn-Review"),
        ("© 2019 Valley Media Group, LLC. All rights reserved.", None),
        ("Copyright 2019 The Associated Press. All rights reserved.", None),
        ("© 2024 Brightwater", None),
        ("All rights reserved.", None),
    ],
)
def test_the_outlet_of_a_copyright_line(line: str, outlet: str | None) -> None:
    """The name of a paper counts; a company's, an agency's or a bare word may belong to somebody else."""
    assert below(line)["outlet"] == outlet


def test_what_makes_another_holder_the_outlet() -> None:
    """A line on top of the page or the page's address has the same name; two papers are none."""
    notice = "© 2024 Brightwater"
    assert below(notice, url="https://www.brightwater.example/flood")["outlet"] == "Brightwater"
    assert clean("Brightwater", TITLE, *STORY, notice).article["outlet"] == "Brightwater"
    assert below("© 2024 The Dovrin Herald", "© 2024 The Mirepol Post")["outlet"] is None
    assert below("© 2024 The Dovrin Herald", outlet="Radio Dovrin")["outlet"] == "Radio Dovrin"


def test_the_outlet_behind_a_byline() -> None:
    """A section or an agency is none."""
    assert above("By Ada Lund | The Dovrin Herald")["outlet"] == "The Dovrin Herald"
    assert above("By Ada Lund | Special to the Dovrin Herald")["outlet"] == "Dovrin Herald"
    assert above("By Ada Lund | Politics")["outlet"] is None
    assert clean(TITLE, "The Dovrin Herald reported the flood first. " + STORY[0], *STORY[1:]).article["outlet"] is None


def test_agencies_stand_in_copyright_lines_too() -> None:
    """An agency's copyright line stays below its story wherever it is printed."""
    assert below("Copyright 2019 The Associated Press. All rights reserved.")["agencies"] == ["AP"]


@pytest.mark.parametrize(
    ("line", "url"),
    [
        ("https://herald.example/2019/04/03/flood 1/3", "https://herald.example/2019/04/03/flood"),
        ("https://herald.example/local/flood.html Page 2 of 3", "https://herald.example/local/flood.html"),
        ("URL: https://herald.example/local/flood", "https://herald.example/local/flood"),
        ("https://elsewhere.example/2018/01/01/dam", None),
        ("See also: https://elsewhere.example/2018/01/01/dam", None),
    ],
)
def test_the_address_that_a_browser_prints(line: str, url: str | None) -> None:
    """With a page count or a label it is the page's own; any other address may lead anywhere."""
    article = below(line)
    assert article["url"] == url
    assert article["published"] == (dt.date(2019, 4, 3) if url and "2019" in url else None)
    assert below(line, url="https://given.example/flood")["url"] == "https://given.example/flood"


DAY = dt.date(2019, 4, 23)


@pytest.mark.parametrize(
    ("line", "day", "precision"),
    [
        ("23 April, 2019 | 10:15", DAY, "day"),
        ("Published: Tuesday, April 23, 2019 at 9:15 am", DAY, "day"),
        ("Posted on 23/04/2019", DAY, "day"),
        ("PUBLISHED: April 23, 2019 | UPDATED: April 25, 2019", DAY, "day"),
        ("Published: April 2019", dt.date(2019, 4, 1), "month"),
        ("By Ada Lund, April 23, 2019", DAY, "day"),
        ("Last updated: April 25, 2019", None, None),
        ("Published 3 hours ago", None, None),
    ],
)
def test_the_line_under_the_headline_dates_the_article(line: str, day: dt.date | None, precision: str | None) -> None:
    """In the precision that it has; an update is no publication."""
    article = above(line)
    assert (article["published"], article["published_precision"]) == (day, precision)
    assert article["published_basis"] == ("byline" if day else "none")


def test_numbers_that_can_be_read_in_two_orders_give_a_window() -> None:
    """03/04/2019 is no date; both readings bound it, and an issue asks for a clear one."""
    cleaned = clean(TITLE, "Published: 03/04/2019", *STORY)
    article = cleaned.article
    assert article["published"] is None
    assert (article["stated_earliest"], article["stated_latest"]) == (dt.date(2019, 3, 4), dt.date(2019, 4, 3))
    assert (article["published_earliest"], article["published_latest"]) == (dt.date(2019, 3, 4), dt.date(2019, 4, 3))
    assert "published_ambiguous" in {issue["code"] for issue in cleaned.issues}


@pytest.mark.parametrize(
    ("lines", "latest"),
    [
        (["Updated: April 25, 2019"], dt.date(2019, 4, 25)),
        (["Updated: April 25, 2019", "Updated: March 2, 2005"], None),
        (["Correction, April 25, 2019: An earlier version gave a wrong age."], dt.date(2019, 4, 25)),
        (["CORRECTION:", "Thursday, April 25, 2019.", "An earlier version gave a wrong age."], dt.date(2019, 4, 25)),
        (["Correction: An earlier version said that the dam was finished on April 25, 2019."], None),
        (["© 2019 The Dovrin Herald"], None),
    ],
    ids=["update", "updates of a list", "correction", "its day below", "day in a correction", "copyright"],
)
def test_what_bounds_the_day_from_above(lines: list[str], latest: dt.date | None) -> None:
    """A stamp or a correction is never older than the article; stamps of a list and copyright years say nothing."""
    article = below(*lines)
    assert article["published"] is None
    assert article["stated_latest"] == article["published_latest"] == latest


@pytest.mark.parametrize(
    "line",
    [
        "The dam was finished on 23 April 2019, the mayor's office said, and it was meant to last for a hundred years.",
        "© 2019 The Dovrin Herald. All rights reserved.",
        "Related: Dam opens, 23 April 2019",
        "Workers at the dam on April 23, 2019. (Photo by Ivo Brandt/AFP)",
    ],
)
def test_no_day_of_the_story_and_no_copyright_year_is_the_publication(line: str) -> None:
    """A date in the body, in a caption, in a teaser never is."""
    assert below(line)["published"] is None
    assert clean(TITLE, STORY[0], line, *STORY[1:]).article["published"] is None
