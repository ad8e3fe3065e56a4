"""What people read beside the tables: the codebook, documents that repeat it, and the first notebook."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipeline import resources
from pipeline.clean.rules import load
from pipeline.errors import UsageError
from pipeline.report.codebook import check_document, codebook, rule_figures, update_document
from pipeline.schema import TABLES, ZONES, conform

NOTEBOOK = Path(__file__).resolve().parents[1] / "outputs" / "notebooks" / "first_look.ipynb"
BLOCKS = """# A document

Before.

<!-- tables -->
<!-- /tables -->

Between: `<!-- codebook:dates -->` in the flow of a line opens nothing.

<!-- codebook:runs -->
old words
<!-- /codebook -->

After.
"""


def make_document(folder: Path, text: str = BLOCKS) -> Path:
    path = folder / "document.md"
    path.write_bytes(text.encode("utf8"))
    return path


@pytest.mark.parametrize("name", TABLES)
def test_one_table(name: str) -> None:
    """The codebook of a table has its name, what a row is, its key, and one line per column with type and meaning."""
    text = codebook(name)
    table = TABLES[name]
    assert text.startswith(f"## {name}\n")
    assert table.one_row in text
    assert all(f"`{key}`" in text.split("| column |")[0] for key in table.key)
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    assert rows == [f"| `{c.name}` | `{c.type}` | {c.meaning} |" for c in table.columns]


def test_all_tables() -> None:
    """Without a name, every table follows in the order in which data flows."""
    headings = [line[3:] for line in codebook().splitlines() if line.startswith("## ")]
    assert headings == list(TABLES)


def test_zone_rules() -> None:
    """Below the columns of segments, and of no other table: each rule with zone, confidence and what was measured."""
    text = codebook("segments")
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.split("| rule |")[1].splitlines()[2:]]
    figures = rule_figures()
    assert figures
    assert rows == sorted(rows, key=lambda row: row[:3])
    assert {tuple(row[:3]) for row in rows} >= figures.keys()
    for rule, zone, confidence, right, precision in rows:
        assert zone in ZONES
        assert confidence in {"high", "medium", "low"}
        lines, good = figures.get((rule, zone, confidence), (0, 0))
        assert right == f"{good} of {lines}"
        assert precision == (f"{100 * good / lines:.0f} %" if lines else "no line of the gold")
    assert {rule.name for rule in load().rules} <= {row[0] for row in rows}
    assert text.count("| rule |") == codebook().count("| rule |") == 1


def test_speaker_rules() -> None:
    """Below the columns of quotes: each rule that finds a speaker, its meaning, and how often it was right."""
    text = codebook("quotes")
    rows = [[c.strip() for c in line.split("|")[1:-1]] for line in text.split("| speaker_rule |")[1].splitlines()[2:]]
    known = resources.rows("reference_rules.csv")
    assert [row[:3] for row in rows] == [[rule["rule"], rule["confidence"], rule["meaning"]] for rule in known]
    assert all(confidence in {"high", "medium", "low"} for _, confidence, *_ in rows)
    assert [row[3] for row in rows] == [
        f"{rule['right']} of {rule['of']}" if rule["of"] != "0" else "none read" for rule in known
    ]
    assert all(int(rule["right"]) <= int(rule["of"]) for rule in known)


@pytest.mark.parametrize("name", ["mention", "", "raw_articles"])
def test_unknown_table(name: str) -> None:
    """A name that is no table is refused, and the known ones are told."""
    with pytest.raises(UsageError, match=r"articles, segments, .*runs"):
        codebook(name)


def test_check_then_update(tmp_path: Path) -> None:
    """Stale blocks are named; an update rewrites them and nothing else; afterwards all is well."""
    path = make_document(tmp_path)
    assert check_document(path) == ["<!-- tables --> is out of date", "<!-- codebook:runs --> is out of date"]
    update_document(path)
    assert check_document(path) == []
    text = path.read_text("utf8")
    assert "old words" not in text
    assert "| `articles` | one distinct text |" in text
    assert "| `started_at` | `timestamp` | when it began |" in text
    for kept in ("# A document\n\nBefore.\n", "\nBetween: `<!-- codebook:dates -->` in", "\nAfter.\n"):
        assert kept in text


def test_one_changed_word_is_found(tmp_path: Path) -> None:
    """A block that differs in one word is out of date, and only that block."""
    path = make_document(tmp_path)
    update_document(path)
    make_document(tmp_path, path.read_text("utf8").replace("when it began", "when it ended"))
    assert check_document(path) == ["<!-- codebook:runs --> is out of date"]


def test_windows_line_ends_stay(tmp_path: Path) -> None:
    """A document keeps its line ends."""
    path = make_document(tmp_path, BLOCKS.replace("\n", "\r\n"))
    update_document(path)
    assert check_document(path) == []
    assert b"\n" not in path.read_bytes().replace(b"\r\n", b"")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<!-- codebook:runs -->\nno end\n", r"line 1: .* is not closed; put <!-- /codebook -->"),
        ("\n<!-- tables -->\n<!-- codebook:runs -->\n<!-- /codebook -->\n", r"line 2: .* put <!-- /tables -->"),
        ("<!-- codebook:nothing -->\n<!-- /codebook -->\n", r"no table 'nothing'; known are articles"),
    ],
)
def test_broken_blocks(tmp_path: Path, text: str, message: str) -> None:
    """A block that is not closed, or names no table, is refused with its place, and the file stays as it is."""
    path = make_document(tmp_path, text)
    for act in (check_document, update_document):
        with pytest.raises(UsageError, match=message):
            act(path)
    assert path.read_text("utf8") == text


def test_nothing_to_check(tmp_path: Path) -> None:
    """A document without a block does not pass for one that is up to date."""
    for act in (check_document, update_document):
        with pytest.raises(UsageError, match="holds no block"):
            act(make_document(tmp_path, "# Title\n"))


def test_no_document(tmp_path: Path) -> None:
    """A file that is not there is a usage error, not a traceback."""
    with pytest.raises(UsageError, match="cannot be read"):
        check_document(tmp_path / "absent.md")


def write_tables(folder: Path, **tables: list[dict[str, Any]]) -> None:
    """An output folder: every table, empty where no rows are given."""
    for name in TABLES:
        pq.write_table(conform(name, tables.get(name, [])), folder / f"{name}.parquet")


def number(name: str, low: float | None, high: float | None, **columns: Any) -> dict[str, Any]:
    """One number of detained people."""
    base = {"article_id": "a1", "sentence_id": "s1", "event": "detained", "unit": "person", "polarity": "asserted"}
    return {**base, "quantity_id": name, "value": low, "low": low, "high": high, "text": f"{low} men", **columns}


def run_notebook(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The names that the notebook's cells leave behind, run in order from a folder beside the tables."""
    (folder / "notebooks").mkdir()
    monkeypatch.chdir(folder / "notebooks")
    names: dict[str, Any] = {}
    for cell in json.loads(NOTEBOOK.read_text("utf8"))["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)
    return names


def test_notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The notebook finds who is named and quoted most, what is dated, the figures, and those that differ."""
    write_tables(
        tmp_path,
        articles=[
            {"article_id": "a1", "outlet": "The Quay", "title": "Led away", "published": dt.date(2021, 5, 4)},
            {"article_id": "a2", "outlet": "Other", "title": "Counted again", "published": dt.date(2021, 6, 1)},
        ],
        sentences=[{"article_id": "a1", "sentence_id": "s1", "text": "More than 100 men were led away on 3 May."}],
        entities=[
            {"entity_id": "e1", "name": "Mina Holt", "n_articles": 1, "n_mentions": 2},
            {"entity_id": "e2", "name": "Port Ames", "n_articles": 2, "n_mentions": 2},
        ],
        quotes=[
            {"quote_id": "q1", "article_id": "a1", "kind": "direct", "text": "We saw it", "speaker_entity_id": "e1"},
            {"quote_id": "q2", "article_id": "a1", "kind": "indirect", "text": "it was dark"},
            {"quote_id": "q3", "article_id": "a1", "kind": "scare", "text": "safe", "speaker_entity_id": "e1"},
        ],
        dates=[
            {
                "date_id": "d1",
                "article_id": "a1",
                "sentence_id": "s1",
                "text": "3 May",
                "timex_value": "2021-05-03",
                "start_date": dt.date(2021, 5, 3),
                "end_date": dt.date(2021, 5, 3),
            },
            {
                "date_id": "d2",
                "article_id": "a1",
                "sentence_id": "s1",
                "text": "then",
                "unresolved_reason": "no anchor",
            },
        ],
        quantities=[
            number("n1", 100, None),
            number("n2", 12, 20, article_id="a2"),
            number("n3", 5, 5, event="fled"),
            number("n4", 7, 7, event="killed", polarity="negated"),
            number("n5", 3, 3, subset_of_quantity_id="n1"),
        ],
    )
    names = run_notebook(tmp_path, monkeypatch)
    assert list(names["most_named"]["name"]) == ["Port Ames", "Mina Holt"]
    assert names["most_quoted"][["name", "n_quotes"]].to_numpy().tolist() == [["Mina Holt", 1]]
    assert names["dated"][["text_date", "outlet"]].to_numpy().tolist() == [["3 May", "The Quay"]]
    assert list(names["open_dates"]["text"]) == ["then"]
    assert list(names["toll"]["quantity_id"]) == ["n1", "n5", "n2", "n4"]
    assert names["spread"][["event", "title", "lowest", "highest"]].to_numpy().tolist() == [
        ["detained", "Led away", 100, 100],
        ["detained", "Counted again", 12, 12],
    ]


def test_notebook_without_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Empty tables make empty answers, not errors."""
    write_tables(tmp_path)
    names = run_notebook(tmp_path, monkeypatch)
    assert all(names[answer].empty for answer in ("most_named", "most_quoted", "dated", "toll", "spread"))


def test_notebook_is_clean() -> None:
    """The notebook is kept without results, for a plain Python 3 kernel, and needs nothing but pandas."""
    notebook = json.loads(NOTEBOOK.read_text("utf8"))
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert (notebook["nbformat"], notebook["metadata"]["kernelspec"]["name"]) == (4, "python3")
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in cells)
    assert len({cell["id"] for cell in notebook["cells"]}) == len(notebook["cells"])
    imports = [line for cell in cells for line in cell["source"] if "import " in line]
    assert [line.strip() for line in imports] == ["from pathlib import Path", "import pandas as pd"]
