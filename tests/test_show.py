"""One article in the terminal: readable with colours and without, and found by whatever names it."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from rich.console import Console

from pipeline.errors import UsageError
from pipeline.report.show import show
from pipeline.schema import TABLES, conform

Row = dict[str, Any]
TEXT = "Mina Holt spoke.\n\n“We [all] saw more than 100 men led away last March,” she said."
ID = "a_0123456789abcdef"


def span(text: str, within: str = TEXT, **columns: Any) -> Row:
    """The columns of a span row over the first occurrence of ``text``."""
    start = within.index(text)
    return {"article_id": ID, "start": start, "end": start + len(text), "text": text, **columns}


def write(folder: Path, articles: list[Row] | None = None, **tables: list[Row]) -> Path:
    """An output folder: every table, empty where no rows are given."""
    base = {"article_id": ID, "paths": ["feed/a.txt"], "title": "Led away", "clean_text": TEXT, "status": "ok"}
    rows = [base | row for row in (articles or [{}])]
    for name in TABLES:
        pq.write_table(conform(name, rows if name == "articles" else tables.get(name, [])), folder / f"{name}.parquet")
    return folder


def shown(outputs: Path, article: str = ID, *, colour: bool = False, width: int = 80) -> str:
    """What is printed."""
    out = io.StringIO()
    system = "standard" if colour else None
    show(outputs, article, Console(file=out, force_terminal=colour, color_system=system, width=width, _environ={}))
    return out.getvalue()


HOLT = span("Mina Holt", label="PERSON", entity_id="e1")
MARCH = {"timex_type": "DATE"}
MEN = {"value": 100.0, "low": 100.0, "low_inclusive": False, "unit": "person", "event": "detained", "kind": "count"}


def test_marks_without_colour(tmp_path: Path) -> None:
    """Piped, every span stands in brackets of its own, nested ones too, with what the tables say behind it."""
    write(
        tmp_path,
        mentions=[HOLT],
        entities=[{"entity_id": "e1", "name": "Mina Holt"}],
        dates=[span("last March", timex_value=None, unresolved_reason="no publication date", **MARCH)],
        quantities=[span("more than 100 men", **MEN)],
        quotes=[
            span(
                "We [all] saw more than 100 men led away last March,",
                kind="direct",
                speaker="she",
                speaker_entity_id="e1",
            )
        ],
    )
    text = shown(tmp_path)
    assert "⟨Mina Holt⟩[PERSON] spoke.\n" in text
    assert (
        "“⟨We [all] saw ⟨more than 100 men⟩[>100 person detained] led away "
        "⟨last March⟩[open: no publication date],⟩[direct, she = Mina Holt]” she said.\n"
    ) in text
    assert "\x1b" not in text


def test_marks_with_colour(tmp_path: Path) -> None:
    """In a terminal the styles tell the kinds apart, the brackets go, the notes are dim, and lines are wrapped."""
    write(
        tmp_path,
        mentions=[HOLT],
        quantities=[span("more than 100 men", **MEN)],
        quotes=[span("saw more than 100 men led", kind="indirect", speaker="she")],
    )
    text = shown(tmp_path, colour=True, width=200)
    assert "⟨" not in text
    assert "\x1b[1;36mMina Holt\x1b[0m" in text
    assert "\x1b[3;35msaw \x1b[0m" in text
    assert "[PERSON, not linked]" in text
    assert "\x1b[3;33mmore than 100 men\x1b[0m" in text


@pytest.mark.parametrize(
    ("spans", "want"),
    [
        (
            [("Mina Holt", "PERSON"), ("Holt spoke", "EVENT")],
            "⟨Mina ⟨Holt⟩[PERSON, not linked] spoke⟩[EVENT, not linked].",
        ),
        ([("Mina", "PERSON"), (" Holt", "ORG")], "⟨Mina⟩[PERSON, not linked]⟨ Holt⟩[ORG, not linked] spoke."),
        ([("Mina Holt", "PERSON"), ("Mina", "ORG")], "⟨⟨Mina⟩[ORG, not linked] Holt⟩[PERSON, not linked] spoke."),
        ([("Mina Holt", "PERSON"), ("Mina Holt", "ORG")], "⟨⟨Mina Holt⟩[ORG, not linked]⟩[PERSON, not linked] spoke."),
        (
            [("Mina Holt spoke.", "PERSON"), ("Holt", "ORG")],
            "⟨Mina ⟨Holt⟩[ORG, not linked] spoke.⟩[PERSON, not linked]",
        ),
    ],
)
def test_spans_that_touch(tmp_path: Path, spans: list[tuple[str, str]], want: str) -> None:
    """Spans may overlap, nest, touch or be the same; no word is lost or printed twice."""
    mentions = [span(text, label=label, mention_id=str(i)) for i, (text, label) in enumerate(spans)]
    assert f"\n{want}\n" in shown(write(tmp_path, mentions=mentions))


@pytest.mark.parametrize(
    ("columns", "note"),
    [
        (
            {"value": 116, "low": 116, "high": 116, "unit": "person", "event": "killed", "modality": "certain"},
            "=116 person killed",
        ),
        ({"low": 10000, "low_inclusive": True, "unit": "person"}, "≥10,000 person"),
        ({"low": 100, "low_inclusive": False}, ">100"),
        ({"high": 700000, "high_inclusive": True}, "≤700,000"),
        ({"high": 5, "high_inclusive": False, "unit": "km"}, "<5 km"),
        ({"low": 24, "high": 99, "unit": "house"}, "24 to 99 house"),
        ({"low": 0, "high": 200, "event": "killed", "modality": "possible"}, "0 to 200 killed (possible)"),
        (
            {"value": 0, "low": 0, "high": 0, "unit": "person", "event": "killed", "polarity": "negated"},
            "=0 person not killed",
        ),
        ({"value": 0.667, "low": 0.667, "high": 0.667, "kind": "ratio"}, "=0.667 ratio"),
        ({"value": 12, "approximator": "about"}, "about 12"),
        ({"unresolved_reason": "no number is stated"}, "? (no number is stated)"),
    ],
)
def test_numbers(tmp_path: Path, columns: Row, note: str) -> None:
    """A number's note says what it can be, of what, what befell them, and how sure it is."""
    write(tmp_path, quantities=[span("100", **{"kind": "count", "polarity": "asserted", **columns})])
    assert f"more than ⟨100⟩[{note}] men" in shown(tmp_path)


@pytest.mark.parametrize(
    ("columns", "note"),
    [
        ({"timex_value": "2021-03"}, "2021-03"),
        ({"timex_value": "2021-03", "mod": "START"}, "2021-03 START"),
        ({"unresolved_reason": "no publication date"}, "open: no publication date"),
    ],
)
def test_dates(tmp_path: Path, columns: Row, note: str) -> None:
    """A date's note is its value, or why there is none."""
    assert f"⟨last March⟩[{note}]" in shown(write(tmp_path, dates=[span("last March", **MARCH, **columns)]))


@pytest.mark.parametrize(
    ("columns", "note"),
    [
        ({"kind": "direct"}, "direct, no speaker"),
        ({"kind": "scare"}, "scare"),
        ({"kind": "mixed", "speaker": "she"}, "mixed, she"),
        ({"kind": "direct", "speaker": "Mina Holt", "speaker_entity_id": "e1"}, "direct, Mina Holt"),
        ({"kind": "direct", "speaker_entity_id": "e1"}, "direct, Mina Holt"),
    ],
)
def test_quotes(tmp_path: Path, columns: Row, note: str) -> None:
    """A quote's note is its kind and who says so, as written and as linked."""
    write(tmp_path, quotes=[span("saw", **columns)], entities=[{"entity_id": "e1", "name": "Mina Holt"}])
    assert f"⟨saw⟩[{note}]" in shown(tmp_path)


@pytest.mark.parametrize(
    ("article", "n_open", "line"),
    [
        (
            {"published": dt.date(2021, 5, 3), "published_precision": "day", "published_basis": "byline"},
            0,
            "2021-05-03 (byline)",
        ),
        (
            {"published": dt.date(2021, 5, 1), "published_precision": "month", "published_basis": "url"},
            0,
            "2021-05 (url)",
        ),
        (
            {"published": dt.date(2021, 5, 3), "published_precision": "day", "published_basis": "byline"},
            1,
            "2021-05-03 (byline); 1 expression left open",
        ),
        ({}, 2, "no date: 2 expressions left open"),
        ({"published_earliest": dt.date(2021, 5, 3)}, 1, "no date (between 2021-05-03 and ?): 1 expression left open"),
    ],
)
def test_published(tmp_path: Path, article: Row, n_open: int, line: str) -> None:
    """The header says when it was published and how that is known, or how many expressions that left open."""
    dates = [span(text, **MARCH) for text in ("last March", "March")][:n_open]
    assert f"published {line}\n" in shown(write(tmp_path, [article], dates=dates))


def test_header_and_ends(tmp_path: Path) -> None:
    """Title, outlet, paths and status above; zones left out by name and number, and issues, below."""
    segments = [
        {"article_id": ID, "ordinal": i, "zone": zone} for i, zone in enumerate(["body", "teaser", "credit", "teaser"])
    ]
    issues = [{"article_id": ID, "severity": "info", "code": "modal_verb", "message": "refused", "text": "may"}]
    issues.append({"article_id": "a_other", "severity": "info", "code": "other", "message": "of another article"})
    article = {"outlet": "The Quay", "paths": ["feed/a.txt", "b.txt"], "status": "partial"}
    text = shown(write(tmp_path, [article], segments=segments, issues=issues))
    for line in ("title     Led away", "outlet    The Quay", "paths     feed/a.txt, b.txt", "status    partial"):
        assert f"{line}\n" in text
    assert "\nleft out  credit: 1 line, teaser: 2 lines\n" in text
    assert text.endswith("\nissues\n  info modal_verb “may”: refused\n")


def test_nothing_to_say(tmp_path: Path) -> None:
    """An article without words or rows is shown all the same."""
    text = shown(write(tmp_path, [{"clean_text": None, "title": None, "status": "failed"}]))
    assert "status    failed\n" in text
    assert "left out" not in text
    assert "issues" not in text


def test_untrusted_words(tmp_path: Path) -> None:
    """A terminal's control sequences and console markup in an article are words, not commands."""
    article = {"title": "\x1b[31mRed[/] [bold]alert", "clean_text": "The [bold]text[/bold] :smile: stays."}
    text = shown(write(tmp_path, [article]))
    assert "\x1b" not in text
    assert "title     [31mRed[/] [bold]alert\n" in text
    assert "The [bold]text[/bold] :smile: stays.\n" in text


OTHERS = [
    {"article_id": "a_1111aaaa", "paths": ["north/one.txt"], "title": "Rain"},
    {"article_id": "a_1111bbbb", "paths": ["north/one.txt.bak", "feed.jsonl#7"], "title": "Rain and wind"},
    {"article_id": "a_2222cccc", "paths": ["south/two.txt"], "title": None},
]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("a_2222cccc", "a_2222cccc"),
        ("a_2222", "a_2222cccc"),
        ("a_1111b", "a_1111bbbb"),
        ("north/one.txt", "a_1111aaaa"),
        ("feed.jsonl#7", "a_1111bbbb"),
        ("south", "a_2222cccc"),
        ("AND WIND", "a_1111bbbb"),
    ],
)
def test_finding(tmp_path: Path, wanted: str, found: str) -> None:
    """An article is named by id, the beginning of it, a path, or a part of path or title; what fits in full wins."""
    assert f"article   {found}\n" in shown(write(tmp_path, OTHERS), wanted)


@pytest.mark.parametrize(
    ("wanted", "message", "candidates"),
    [
        ("a_1111", "names 2 articles", ["a_1111aaaa", "a_1111bbbb"]),
        ("rain", "names 2 articles", ["a_1111aaaa", "a_1111bbbb"]),
        ("a_22", "names no article", ["a_1111aaaa", "a_1111bbbb", "a_2222cccc"]),
        ("snow", "names no article", ["a_1111aaaa", "a_1111bbbb", "a_2222cccc"]),
        ("", "names no article", ["a_1111aaaa", "a_1111bbbb", "a_2222cccc"]),
    ],
)
def test_not_one(tmp_path: Path, wanted: str, message: str, candidates: list[str]) -> None:
    """What names no article or several is refused, with the candidates."""
    with pytest.raises(UsageError, match=message) as error:
        shown(write(tmp_path, OTHERS), wanted)
    lines = str(error.value).splitlines()
    assert [line.split()[0] for line in lines[1:]] == candidates


def test_many_candidates(tmp_path: Path) -> None:
    """At most ten candidates are listed, and the number of the others."""
    write(tmp_path, [{"article_id": f"a_{i:04}", "paths": [f"p{i}.txt"]} for i in range(12)])
    with pytest.raises(UsageError) as error:
        shown(tmp_path, "Led away")
    lines = str(error.value).splitlines()
    assert len(lines) == 12
    assert lines[-1] == "  ... and 2 more"


def test_no_tables(tmp_path: Path) -> None:
    """Without tables, the command that makes them is named."""
    with pytest.raises(UsageError, match="concord extract"):
        shown(tmp_path)
