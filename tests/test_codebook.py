"""The codebook says what the schema says, and documents that repeat it are held to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.report.codebook import check_document, codebook, update_document
from pipeline.schema import TABLES

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


@pytest.mark.parametrize("name", ["mention", "", "raw_articles"])
def test_unknown_table(name: str) -> None:
    """A name that is no table is refused, and the known ones are told."""
    with pytest.raises(UsageError, match=r"articles, segments, .*runs"):
        codebook(name)


def test_check_then_update(tmp_path: Path) -> None:
    """Stale blocks are named; an update rewrites them and nothing else; afterwards all is well."""
    path = make_document(tmp_path)
    assert [line.split("<!-- ")[1].split(" -->")[0] for line in check_document(path)] == ["tables", "codebook:runs"]
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
    (line,) = check_document(path)
    assert "codebook:runs" in line
    assert "concord schema --update" in line


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
    (line,) = check_document(make_document(tmp_path, "# Title\n"))
    assert "no block" in line


def test_no_document(tmp_path: Path) -> None:
    """A file that is not there is a usage error, not a traceback."""
    with pytest.raises(UsageError, match="cannot be read"):
        check_document(tmp_path / "absent.md")
