"""Between which days an article that states no day of publication can have been published."""

from __future__ import annotations

import datetime as dt
import random
from typing import TYPE_CHECKING, Any

import pytest

from pipeline.clean.articles import clean
from pipeline.clean.window import window
from pipeline.extract.article import extract
from pipeline.extract.dates import find_dates
from pipeline.extract.tenses import tell
from pipeline.schema import TABLES, conform
from pipeline.settings import CleanSettings, ExtractSettings
from tests.factories import MODEL, make_article

if TYPE_CHECKING:
    import pyarrow as pa

READ = ("articles", "segments", "sentences", "mentions", "dates", "quotes", "issues")
Rows = dict[str, list[dict[str, Any]]]


def day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def article(name: str, *sentences: dict[str, Any], published: str | None = None, **columns: Any) -> Rows:
    """Rows of one article: each sentence is a paragraph with its ``text``, a ``date`` in it and the ``people`` it names."""
    stated = {"published_precision": "day", "published_basis": "metadata"} if published else {"published_basis": "none"}
    known = {"published": day(published), "published_earliest": day(published), "published_latest": day(published)}
    rows: Rows = {table: [] for table in READ}
    rows["articles"].append({"article_id": name, "status": "ok"} | known | stated | columns)
    position = 0
    for i, sentence in enumerate(sentences):
        text, named = sentence["text"], {"article_id": name, "sentence_id": f"{name}.{i}"}
        rows["sentences"].append(named | {"paragraph": i, "start": position, "end": position + len(text), "text": text})
        if "date" in sentence:
            rows["dates"].append(_date(sentence, position) | named | {"date_id": f"{name}.{i}"})
        for person in sentence.get("people", ()):
            mention = {"mention_id": f"{name}.{i}.{person}", "label": "PERSON", "name": person, "start": position}
            rows["mentions"].append(named | mention | {"end": position + 1})
        if sentence.get("quoted"):
            rows["quotes"].append(
                named | {"quote_id": f"{name}.{i}", "kind": "direct", "start": position, "end": position + len(text)}
            )
        position += len(text) + 2
    for i, (zone, text) in enumerate(columns.pop("segments", ()) if "segments" in columns else ()):
        rows["segments"].append({"article_id": name, "ordinal": i, "zone": zone, "text": text})
    rows["articles"][0].pop("segments", None)
    return rows


def _date(sentence: dict[str, Any], position: int) -> dict[str, Any]:
    start = position + sentence["text"].index(sentence["date"])
    first, last = day(sentence.get("first")), day(sentence.get("last", sentence.get("first")))
    return {
        "zone": sentence.get("zone", "body"),
        "start": start,
        "end": start + len(sentence["date"]),
        "text": sentence["date"],
        "timex_type": "DATE",
        "start_date": first,
        "end_date": last,
        "grain": sentence.get("grain", "day") if first else None,
        "anchor_basis": sentence.get("basis", "none_needed" if first else "missing"),
        "tense": sentence.get("tense", "past"),
        "confidence": "high" if first else "low",
        "unresolved_reason": None if first else "there is no publication date to count from",
    }


def tables(*articles: Rows) -> dict[str, pa.Table]:
    return {table: conform(table, [row for rows in articles for row in rows[table]]) for table in READ}


def bounds(*articles: Rows, name: str = "a") -> tuple[str | None, str | None]:
    row = next(r for r in window(tables(*articles), None)["articles"].to_pylist() if r["article_id"] == name)
    return tuple(str(row[c]) if row[c] else None for c in ("published_earliest", "published_latest"))  # type: ignore[return-value]


def told(text: str, date: str, first: str | None = None, **more: Any) -> dict[str, Any]:
    return {"text": text, "date": date, "first": first} | more


OPENED = told("The bridge opened on 5 May 2018.", "5 May 2018", "2018-05-05")
BUILT = told("It was begun in 2015.", "2015", "2015-01-01", last="2015-12-31", grain="year")


@pytest.mark.parametrize(
    ("sentences", "want"),
    [
        ([OPENED], ("2018-05-05", None)),
        ([BUILT, OPENED, BUILT], ("2018-05-05", None)),
        ([told("Rangers fell in the 20s.", "the 20s", "2020-01-01", grain="decade")], (None, None)),
        ([told("It may open on 5 May 2018.", "5 May 2018", "2018-05-05", tense=None)], (None, None)),
        ([OPENED | {"basis": "earlier_expression"}], (None, None)),
        ([OPENED, told("It will close on 6 June 2018.", "6 June 2018", "2018-06-06", tense="future")], ("2018-05-05", "2018-06-06")),
        ([told("It will close on 6 June 2018.", "6 June 2018", "2018-06-06", tense="future", quoted=True)], (None, None)),
        ([told("OSLO - 2017/04/21: Men at work.", "2017/04/21", "2017-04-21", tense=None, zone="dateline")], ("2017-04-21", None)),
    ],
    ids=["past", "latest counts", "decade", "not sure", "derived", "future", "future in a quote", "day of a picture"],
)  # fmt: skip
def test_what_is_over_and_what_is_to_come(sentences: list[dict[str, Any]], want: tuple[str | None, str | None]) -> None:
    """An article is no older than what it tells of as over, and no younger than what it announces."""
    assert bounds(article("a", *sentences)) == want


@pytest.mark.parametrize(
    ("segments", "latest"),
    [
        (
            [("comment_meta", "Dora K on May 9, 2018 said:"), ("comment_meta", "Piet V on May 8, 2018 said:")],
            "2018-05-08",
        ),
        ([("comment", "It's 2018! How can this be?")], "2018-12-31"),
        ([("comment_meta", "May 8, 2018 at 3:15 pm")], "2018-05-08"),
        ([("comment_meta", "May 8, 2018")], None),
        ([("comment", "We drove there in 2012.")], None),
        ([("body", "It's 2018! How can this be?")], None),
        ([("footer", "© 2018 The Herald")], None),
    ],
)
def test_comments_are_younger_than_the_article(segments: list[tuple[str, str]], latest: str | None) -> None:
    """Their stamps, and what they call the present year; a copyright year says nothing."""
    assert bounds(article("a", OPENED, segments=segments)) == ("2018-05-05", latest)


@pytest.mark.parametrize(
    ("date", "tense", "want"),
    [
        ("Wednesday, April 12", "past", ("2017-04-12", None)),
        ("Wednesday the 12th of April", "past", ("2017-04-12", None)),
        ("Wednesday 12 April", "future", ("2016-04-12", None)),
        ("April 12", "past", ("2015-01-01", None)),
        ("Wednesday", "past", ("2015-01-01", None)),
    ],
)
def test_a_weekday_with_its_day_fits_few_years(date: str, tense: str, want: tuple[str | None, str | None]) -> None:
    """The year around publication, of those that the other evidence leaves."""
    assert bounds(article("a", BUILT, told(f"They met on {date}.", date, tense=tense))) == want


def test_a_weekday_with_its_day_needs_other_evidence() -> None:
    """Alone it fits every few years; between two bounds it leaves the years between."""
    met = told("They met on Wednesday, April 12.", "Wednesday, April 12")
    assert bounds(article("a", met)) == (None, None)
    this_year = [("comment", "It is 2017, after all.")]
    assert bounds(article("a", BUILT, met, segments=this_year)) == ("2017-04-12", "2017-12-31")


PRESS = told(
    "Bako Merin gave a press conference on October 16, 2017.", "October 16, 2017", "2017-10-16", people=["Bako Merin"]
)


@pytest.mark.parametrize(
    ("sentence", "want"),
    [
        (told("Merin said so in a press conference last year.", "last year", people=["Merin"]), ("2018-01-01", "2018-12-31")),
        (told("At a press conference in October Merin said so.", "October", people=["Merin"]), ("2017-10-16", "2018-10-31")),
        (told("At a press conference in March Merin said so.", "March", people=["Merin"]), (None, None)),
        (told("At a press conference a year ago Merin said so.", "a year ago", people=["Merin"]), ("2018-07-01", "2019-04-30")),
        (told("Ott said so in a press conference last year.", "last year", people=["Ott"]), (None, None)),
        (told("Merin said so at a wedding last year.", "last year", people=["Merin"]), (None, None)),
        (told("Merin will give a press conference this year.", "this year", people=["Merin"], tense="future"), (None, None)),
    ],
    ids=["last year", "month", "another month", "a year ago", "another person", "another event", "to come"],
)  # fmt: skip
def test_a_happening_that_is_dated_elsewhere(sentence: dict[str, Any], want: tuple[str | None, str | None]) -> None:
    """The same person's press conference, named here without a year and dated in another article."""
    assert bounds(article("a", sentence), article("b", PRESS, published="2017-10-17")) == want


def test_a_happening_with_two_dates_or_a_person_in_the_news_every_day_tells_nothing() -> None:
    """Which one is meant is not said."""
    asked = article("a", told("Merin said so in a press conference last year.", "last year", people=["Merin"]))
    second = told("Merin gave a press conference on May 2, 2016.", "May 2, 2016", "2016-05-02", people=["Merin"])
    assert bounds(asked, article("b", PRESS), article("c", second)) == (None, None)
    crowd = [article(f"x{i}", {"text": "Merin spoke.", "people": ["Merin"]}) for i in range(5)]
    assert bounds(asked, article("b", PRESS), *crowd) == (None, None)


LONG = "Forty families were moved out of the village of Halmet before noon on Tuesday, governor Pavel Ostrin told reporters there."


def test_a_sentence_that_a_dated_article_has_too() -> None:
    """Its Tuesday is the same, so the article is at most a week younger; that lies in one month and is inferred."""
    dated = article("b", told(LONG, "Tuesday", "2021-06-08", basis="published"), published="2021-06-09")
    asked = article(
        "a",
        told(
            "On Tuesday forty families were moved out of the village of Halmet, governor Pavel Ostrin told reporters.",
            "On Tuesday",
        ),
    )
    assert bounds(asked, dated) == ("2021-06-08", "2021-06-15")
    row = window(tables(asked, dated), None)["articles"].to_pylist()[0]
    assert (row["published"], row["published_precision"], row["published_basis"]) == (
        dt.date(2021, 6, 1),
        "month",
        "inferred",
    )
    other = article(
        "b",
        told("Two men drowned near Halmet on Tuesday.", "Tuesday", "2021-06-08", basis="published"),
        published="2021-06-09",
    )
    assert bounds(asked, other) == (None, None)


def test_a_window_is_no_evidence_for_another() -> None:
    """Nor does what an earlier run wrote count: a second run over its own result changes nothing."""
    asked = article(
        "a",
        told(
            "On Tuesday forty families were moved out of the village of Halmet, governor Pavel Ostrin told reporters.",
            "On Tuesday",
        ),
    )
    dated = article("b", told(LONG, "Tuesday", "2021-06-08", basis="published"), published="2021-06-09")
    before = tables(asked, dated)
    once = window(before, None)
    twice = window(before | once, None)
    assert once["articles"].equals(twice["articles"])
    assert once["issues"].equals(twice["issues"])
    alone = tables(asked) | {"articles": once["articles"].slice(0, 1), "issues": once["issues"]}
    assert window(alone, None)["articles"].to_pylist()[0]["published"] is None


def test_contradictions_leave_no_window() -> None:
    """What the article states stays, and an issue tells what does not go together."""
    row = article("a", OPENED, stated_latest=day("2017-01-01"))
    made = window(tables(row), None)
    assert bounds(row) == (None, "2017-01-01")
    assert [issue["code"] for issue in made["issues"].to_pylist()] == ["published_window_contradictory"]


def test_every_window_says_why() -> None:
    """One info issue per article, with the words it rests on; issues of other stages stay."""
    row = article("a", OPENED)
    row["issues"].append(
        {"article_id": "a", "stage": "clean", "severity": "warning", "code": "no_publication_date", "message": "none"}
    )
    issues = window(tables(row), None)["issues"].to_pylist()
    assert [(i["stage"], i["severity"], i["code"]) for i in issues] == [
        ("clean", "warning", "no_publication_date"),
        ("window", "info", "published_window"),
    ]
    assert "5 May 2018" in issues[1]["message"]
    assert "no earlier than 2018-05-05" in issues[1]["message"]


def test_dated_articles_and_failed_ones_stay_as_they_are() -> None:
    """A stated day wins over all evidence."""
    dated, failed = article("b", OPENED, published="2016-01-01"), article("a", OPENED, status="failed")
    assert bounds(dated, name="b") == ("2016-01-01", "2016-01-01")
    assert bounds(failed) == (None, None)


def test_the_order_of_articles_and_rows_does_not_matter() -> None:
    """Any order in gives the same bytes out."""
    rows = [
        article(f"a{i}", OPENED, told("Merin said so in a press conference last year.", "last year", people=["Merin"]))
        for i in range(2)
    ]
    given = tables(*rows, article("b", PRESS, BUILT, published="2017-10-17"))
    want = window(given, None)
    chance = random.Random(1)
    for _ in range(3):
        mixed = {
            name: conform(name, chance.sample(rows := table.to_pylist(), len(rows))) for name, table in given.items()
        }
        made = window(mixed, None)
        assert all(made[name].equals(want[name]) for name in want)


def test_no_articles_no_rows() -> None:
    """An empty corpus has empty tables of the right types."""
    made = window(tables(), None)
    assert all(made[name].schema == TABLES[name].schema and not len(made[name]) for name in made)


@pytest.mark.parametrize(
    ("text", "tense"),
    [
        ("The bridge opened on 5 May 2018.", "past"),
        ("He was last seen in Dovrin on August 8, 2017.", "past"),
        ("They have lived in the valley since 2014.", "past"),
        ("In 2015 she went into hiding.", "past"),
        ("A march held on 3 April 2019 drew hundreds of people.", "past"),
        ("The vote will be held on 5 May 2019.", "future"),
        ("The speech will follow her address to the congress in 2004.", None),
        ("They only voted for a delay from 2018 to 2020.", None),
        ("The vote was scheduled for 5 May 2019.", None),
        ("They announced that the dam would open on 5 May 2019.", None),
        ("The dam should be ready by 2025.", None),
        ("The work was to be finished by May 2019.", None),
        ("If the dam broke on 5 May 2019, nobody saw it.", None),
        ("Elections in 2020 were discussed.", None),
        ("The budget for 2020 was approved.", None),
        ("He approved the elections in 2020.", None),
    ],
)
def test_the_tense_of_a_date(text: str, tense: str | None) -> None:
    """Only what certainly was or will be; plans, conditions and years of other things have none."""
    given = make_article(text)
    rows = find_dates(given, ExtractSettings()).rows
    tell(given, rows)
    assert {row["tense"] for row in rows} == {tense}


def test_pictures_show_what_was() -> None:
    """A caption tells in the present what happened on its day."""
    given = make_article("Bako Merin gives a press conference in Dovrin on October 16, 2017.", zones={0: "caption"})
    rows = find_dates(given, ExtractSettings()).rows
    tell(given, rows)
    assert [row["tense"] for row in rows] == ["past"]


def test_an_inferred_date_never_reaches_the_extractors() -> None:
    """Rows made again from a table that holds a window, or an inferred date, are those made without it."""
    raw = {
        "article_id": "a",
        "format": "txt",
        "raw_text": "Flood\n\nThe bridge over the river was closed on Tuesday, the mayor's office said.",
    }
    cleaned = clean({"raw_articles": conform("raw_articles", [raw])}, CleanSettings())
    inferred = {"published": day("2021-06-01"), "published_precision": "month", "published_basis": "inferred"}
    bounded = {"published_earliest": day("2021-06-08"), "published_latest": day("2021-06-15")}
    row = cleaned["articles"].to_pylist()[0]
    settings = ExtractSettings(model=MODEL)
    want = extract(cleaned, settings)
    made = extract(cleaned | {"articles": conform("articles", [row | inferred | bounded])}, settings)
    assert want["dates"]["text"].to_pylist() == ["Tuesday"]
    assert made["dates"].equals(want["dates"])
    assert made["issues"].equals(want["issues"])
