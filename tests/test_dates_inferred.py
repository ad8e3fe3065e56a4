"""Relative expressions of undated articles, held against the window of publication."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline.extract.dates.inferred import anchor, reopen
from pipeline.extract.dates.meaning import NO_PUBLICATION, NO_YEAR
from pipeline.run import run
from pipeline.schema import conform
from pipeline.settings import ExtractSettings, Settings
from tests.factories import MODEL

Row = dict[str, Any]


def row(text: str, tense: str | None = "past", reason: str = NO_PUBLICATION, **more: Any) -> Row:
    """An open row of dates."""
    given = {"date_id": f"d{text}", "article_id": "a", "start": 0, "end": len(text), "text": text, "tense": tense}
    return (
        given
        | {
            "timex_type": "DATE",
            "anchor_basis": "missing",
            "alternatives": [],
            "unresolved_reason": reason,
            "confidence": "low",
        }
        | more
    )


def tables(dates: Row, first: str | None, last: str | None, **article: Any) -> dict[str, Any]:
    days = [dt.date.fromisoformat(day) if day else None for day in (first, last)]
    about = {"article_id": "a", "published_earliest": days[0], "published_latest": days[1], **article}
    return {"articles": conform("articles", [about]), "dates": conform("dates", [dates])}


@pytest.mark.parametrize(
    ("given", "first", "last", "value", "alternatives"),
    [
        (row("last March"), "2017-04-12", "2017-12-31", "2017-03", []),
        (row("this year", None), "2017-04-12", "2017-12-31", "2017", []),
        (row("yesterday"), "2017-04-12", "2017-04-14", None, ["2017-04-11", "2017-04-12", "2017-04-13"]),
        (row("April 3", "past", NO_YEAR), "2017-04-12", "2017-12-31", "2017-04-03", []),
        (row("April 3", None, NO_YEAR), "2017-04-12", "2017-12-31", None, ["2017-04-03", "2018-04-03"]),
        (row("yesterday"), "2017-04-12", "2017-12-31", None, []),
        (row("last March"), "2010-04-12", "2017-12-31", None, []),
        (row("last March"), "2017-04-12", None, None, []),
        (row("last March", alternatives=["x"]), "2017-04-12", "2017-12-31", None, ["x"]),
        (row("that day", reason="there is no earlier date in the text to count from"), "2017-04-12", "2017-04-12", None, []),
    ],
)  # fmt: skip
def test_a_window_settles_what_is_the_same_on_all_its_days(
    given: Row, first: str | None, last: str | None, value: str | None, alternatives: list[str]
) -> None:
    """In every tense that the clause may have; up to twelve values are alternatives, and none is picked."""
    [made] = anchor(tables(given, first, last), None)["dates"].to_pylist()
    assert (made["timex_value"], made["alternatives"]) == (value, alternatives)
    assert (made["anchor_basis"] == "inferred") == (value is not None)
    assert (made["unresolved_reason"] is None) == (value is not None)
    assert (made["start_date"] is None) == (value is None)


def test_a_dated_article_is_left_alone() -> None:
    """Its expressions were counted from its day, or are open for another reason."""
    given = tables(
        row("last March"), "2017-04-12", "2017-12-31", published=dt.date(2017, 5, 1), published_basis="byline"
    )
    assert anchor(given, None)["dates"] == given["dates"]


@pytest.mark.parametrize(
    "given",
    [
        row("last March"),
        row("yesterday"),
        row("April 3", "past", NO_YEAR),
        row("April 3", None, NO_YEAR),
        row("Tuesday"),
    ],
)
@pytest.mark.parametrize(("first", "last"), [("2017-04-12", "2017-04-14"), ("2017-04-12", "2017-12-31")])
def test_reopening_takes_it_all_back(given: Row, first: str, last: str) -> None:
    """So that the next run works the window out from what the text itself says."""
    before = tables(given, first, last)
    after = {"dates": anchor(before, None)["dates"]}
    assert reopen(after, None)["dates"].to_pylist() == before["dates"].to_pylist()


UPDATED = (
    "Camp on the Sarn closed\n\nLast updated: 20 November 2017\n\nThe mayor of Dovrin closed the camp on April 12, 2017, and forty "
    "families left the valley.\n\nThe first of them had come last March, the mayor said, and nobody had helped them.\n"
)


def test_through_the_pipeline_a_rerun_gives_the_same(tmp_path: Path) -> None:
    """An added article makes the corpus stages run again over rows that they changed before."""
    corpus, out, fresh = tmp_path / "corpus", tmp_path / "out", tmp_path / "fresh"
    corpus.mkdir()
    settings = Settings(extract=ExtractSettings(MODEL))
    (corpus / "a.txt").write_text(UPDATED, "utf8")
    run(corpus, out, settings)
    found = pd.read_parquet(out / "dates.parquet").set_index("text")
    assert found.loc["last March", ["timex_value", "anchor_basis"]].tolist() == ["2017-03", "inferred"]
    (corpus / "b.txt").write_text("Nothing happened in Halmet that anybody would remember, said the clerk.\n", "utf8")
    run(corpus, out, settings)
    run(corpus, fresh, settings)
    for name in ("articles", "dates", "issues"):
        assert (out / f"{name}.parquet").read_bytes() == (fresh / f"{name}.parquet").read_bytes()
