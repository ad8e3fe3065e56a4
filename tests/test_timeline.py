"""Dated sentences in order, and an article's dates a line each."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from rich.console import Console

from pipeline.errors import UsageError
from pipeline.report.listing import print_dates
from pipeline.report.timeline import print_timeline, timeline
from pipeline.schema import TABLES, conform

Row = dict[str, Any]

SENTENCES = {
    "s1": ("a1", "Mina Holt was held on 3 May."),
    "s2": ("a1", "Since April the road is closed."),
    "s3": ("a2", "The mayor left on 3 May, and on 3 May the flood came."),
    "s4": ("a2", "Until June nobody spoke."),
    "s5": ("a2", "It is quiet now."),
}
ENTITIES = [
    {"entity_id": "e1", "label": "PERSON", "name": "Mina Holt", "variants": ["Mina Holt", "Ms Holt"], "n_mentions": 3, "n_articles": 1},
    {"entity_id": "e2", "label": "PERSON", "name": "Bo Holt", "variants": ["Bo Holt"], "n_mentions": 5, "n_articles": 2},
]  # fmt: skip


def date(sentence: str, start: int, text: str, first: str | None, last: str | None, **more: Any) -> Row:
    """A row of dates in one of SENTENCES."""
    days = [dt.date.fromisoformat(day) if day else None for day in (first, last)]
    row = {"article_id": SENTENCES[sentence][0], "sentence_id": sentence, "start": start, "text": text}
    row |= {
        "timex_type": "DATE",
        "timex_value": first,
        "edtf": first if first == last else f"{first or '..'}/{last or '..'}",
    }
    return row | {"date_id": f"d{sentence}{start}", "start_date": days[0], "end_date": days[1]} | more


DATES = [
    date("s1", 22, "3 May", "2018-05-03", "2018-05-03", anchor_basis="published", anchor_date=dt.date(2018, 5, 4), rule="date", confidence="high"),
    date("s2", 40, "Since April", "2018-04-01", None),
    date("s3", 18, "3 May", "2018-05-03", "2018-05-03"),
    date("s3", 32, "3 May", "2018-05-03", "2018-05-03"),
    date("s4", 60, "Until June", None, "2018-05-31"),
    date("s5", 90, "now", None, None, timex_value="PRESENT_REF"),
]  # fmt: skip


def outputs(folder: Path, dates: list[Row] = DATES) -> Path:
    """An output folder with two articles."""
    tables: dict[str, list[Row]] = {
        "articles": [{"article_id": "a1", "paths": ["a.txt"], "outlet": "The Paper"}, {"article_id": "a2", "paths": ["b.txt"]}],
        "sentences": [{"sentence_id": s, "article_id": a, "text": text} for s, (a, text) in SENTENCES.items()],
        "dates": dates,
        "entities": ENTITIES,
        "mentions": [{"article_id": "a1", "sentence_id": "s1", "entity_id": "e1"}, {"article_id": "a2", "sentence_id": "s3", "entity_id": "e2"}],
    }  # fmt: skip
    for name in TABLES:
        pq.write_table(conform(name, tables.get(name, [])), folder / f"{name}.parquet")
    return folder


def told(folder: Path, *given: Any) -> list[str]:
    return [row["sentence_id"] for row in timeline(outputs(folder), *given)]


def test_sentences_come_in_the_order_of_what_they_tell(tmp_path: Path) -> None:
    """By first day, an open beginning by its last; a sentence once per period; what names no day is left out."""
    assert told(tmp_path) == ["s2", "s1", "s3", "s4"]


@pytest.mark.parametrize(
    ("first", "last", "sentences"),
    [
        ("2018-05-03", None, ["s2", "s1", "s3", "s4"]),
        ("2018-05-04", None, ["s2", "s4"]),
        ("2018-06-01", None, ["s2"]),
        (None, "2018-05-02", ["s2", "s4"]),
        (None, "2018-03-31", ["s4"]),
    ],
)
def test_a_stretch_of_time(tmp_path: Path, first: str | None, last: str | None, sentences: list[str]) -> None:
    """Whatever may lie in the stretch is shown; open ends reach on."""
    days = [dt.date.fromisoformat(day) if day else None for day in (first, last)]
    assert told(tmp_path, None, *days) == sentences


@pytest.mark.parametrize(
    ("entity", "sentences"),
    [("e1", ["s1"]), ("mina holt", ["s1"]), ("Ms Holt", ["s1"]), ("Bo", ["s3"])],
)
def test_sentences_about_one_entity(tmp_path: Path, entity: str, sentences: list[str]) -> None:
    """An entity is named by its id, its name, a variant of it, or a part of its name."""
    assert told(tmp_path, entity) == sentences


def test_a_part_of_a_day_is_told_as_its_day(tmp_path: Path) -> None:
    """TIMEX3's code for the night is for programs."""
    night = date(
        "s1", 3, "Sunday night", "2018-05-06", "2018-05-06", timex_type="TIME", timex_value="2018-05-06TNI", edtf=None
    )
    assert [row["when"] for row in timeline(outputs(tmp_path, [night]))] == ["2018-05-06"]


def test_two_entities_are_not_mixed(tmp_path: Path) -> None:
    """A name of several is refused with their ids; so is a name of none."""
    with pytest.raises(UsageError, match=r"(?s)names 2 entities.*e2 .*Bo Holt.*e1 "):
        told(tmp_path, "Holt")
    with pytest.raises(UsageError, match="names no entity"):
        told(tmp_path, "Nobody")


def printed(show: Any, *given: Any) -> str:
    out = io.StringIO()
    show(*given, Console(file=out, color_system=None, width=60))
    return out.getvalue()


def test_what_is_printed(tmp_path: Path) -> None:
    """Each period once, below it its sentences with outlet, or path where no outlet is known."""
    assert printed(print_timeline, outputs(tmp_path), None, dt.date(2018, 5, 1), None).splitlines() == [
        "2018-04-01/..",
        "  Since April the road is closed. (The Paper)",
        "2018-05-03",
        "  Mina Holt was held on 3 May. (The Paper)",
        "  The mayor left on 3 May, and on 3 May the flood came. (b.txt)",
        "../2018-05-31",
        "  Until June nobody spoke. (b.txt)",
    ]
    assert printed(print_timeline, outputs(tmp_path), None, None, dt.date(1999, 1, 1)) == (
        "../2018-05-31\n  Until June nobody spoke. (b.txt)\n"
    )


@pytest.mark.parametrize(
    ("row", "line"),
    [
        (DATES[0], "3 May  2018-05-03  from the publication date 2018-05-04, rule date, high"),
        (
            date("s1", 2, "last March", None, None, timex_value=None, unresolved_reason="no anchor", rule="period", confidence="low", alternatives=["2017-03", "2018-03"]),
            "last March  open  no anchor, other readings 2017-03, 2018-03, rule period, low",
        ),
        (
            date("s1", 30, "the next day", "2018-05-04", "2018-05-04", anchor_basis="earlier_expression", anchor_date_id="ds122", rule="text", confidence="high"),
            "the next day  2018-05-04  from “3 May”, rule text, high",
        ),
        (
            date("s1", 30, "since late April", "2018-04-21", None, timex_value="2018-04", mod="END", rule="edge", confidence="high"),
            "since late April  2018-04 END = 2018-04-21 to ..  rule edge, high",
        ),
    ],
)  # fmt: skip
def test_a_date_in_one_line(tmp_path: Path, row: Row, line: str) -> None:
    """The words, the value and the days where these differ, then anchor, reason, other readings, rule, confidence."""
    others = [DATES[0]] if row is not DATES[0] else []
    found = printed(print_dates, outputs(tmp_path, [row, *others]), "a1").splitlines()
    assert " ".join(line.split()) in [" ".join(one.split()) for one in found]
