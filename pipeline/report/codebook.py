"""The codebook: what ``schema.py`` declares, as Markdown, and the documents that repeat it.

Below the columns of ``quotes`` stand the rules that find speakers (``resources/reference_rules.csv``), and below those
of ``segments`` the rules that decide zones, each with how often it was right on the gold of the sample corpus. Those figures are kept in ``zone_rules.csv`` beside this file, because the gold does not come with
an installed Concord; :func:`pipeline.evaluate.write_rules` renews them.

A Markdown file repeats a table's columns between ``<!-- codebook:TABLE -->`` and
``<!-- /codebook -->``, and the list of tables between ``<!-- tables -->`` and ``<!-- /tables -->``.
"""

from __future__ import annotations

import csv
import re
from importlib.resources import files
from typing import TYPE_CHECKING

from pipeline import resources
from pipeline.errors import UsageError
from pipeline.schema import TABLES, Table

if TYPE_CHECKING:
    from pathlib import Path

_OPEN = re.compile(r"^[ \t]*<!-- (?:codebook:(?P<table>[^\s>]+)|tables) -->[ \t]*$")
_CLOSE = re.compile(r"^[ \t]*<!-- /(?:codebook|tables) -->[ \t]*$")

RULES_POLICY = """# Lines of the sample corpus's gold that each zone rule decided, and of how many the zone is right.
# Editing policy: not by hand; measured anew after every change of a rule.
"""


def _cell(words: str) -> str:
    """``words`` for a cell of a Markdown table."""
    return words.replace("|", "\\|")


def _columns(table: Table) -> str:
    key = f"key: {', '.join(f'`{column}`' for column in table.key)}" if table.key else "no key"
    rows = (f"| `{column.name}` | `{column.type}` | {_cell(column.meaning)} |" for column in table.columns)
    return "\n".join([f"One row: {table.one_row}; {key}.", "", "| column | type | meaning |", "|---|---|---|", *rows])


def _list() -> str:
    rows = (f"| `{table.name}` | {_cell(table.one_row)} |" for table in TABLES.values())
    return "\n".join(["| table | one row |", "|---|---|", *rows])


def rule_figures() -> dict[tuple[str, str, str], tuple[int, int]]:
    """(rule, zone, confidence) -> lines of the gold that it decided, and of how many the zone is right."""
    lines = files("pipeline.report").joinpath("zone_rules.csv").read_text("utf8").splitlines()
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    return {(row["rule"], row["zone"], row["confidence"]): (int(row["lines"]), int(row["right"])) for row in rows}


def _rules() -> str:
    """Every zone rule that the gold has lines for or ``zones.toml`` lists, with its measured precision."""
    from pipeline.clean.rules import load

    measured = rule_figures()
    seen = {(rule, zone) for rule, zone, _ in measured}
    listed = [(rule.name, rule.zone, rule.confidence) for rule in load().rules]
    listed += [(split.name, zone, "high") for split in load().splits for zone in (split.left, split.zone) if zone]
    rows = []
    for rule, zone, confidence in sorted({*measured, *(one for one in listed if one[:2] not in seen)}):
        lines, right = measured.get((rule, zone, confidence), (0, 0))
        share = f"{100 * right / lines:.0f} %" if lines else "no line of the gold"
        rows.append(f"| {_cell(rule)} | {zone} | {confidence} | {right} of {lines} | {share} |")
    head = "How often each rule was right, in lines of the sample corpus's gold that it decided (few lines say little):"
    return "\n".join([head, "", "| rule | zone | confidence | right | precision |", "|---|---|---|---|---|", *rows])


def _speaker_rules() -> str:
    """Every rule of ``speaker_rule``: what it means, its confidence, and how often it was right."""
    lines = []
    for row in resources.rows("reference_rules.csv"):
        read = f"{row['right']} of {row['of']}" if int(row["of"]) else "none read"
        lines.append(f"| {_cell(row['rule'])} | {row['confidence']} | {_cell(row['meaning'])} | {read} |")
    head = "How a speaker who is a pronoun or a noun was found, and how often that was right by eye in news reports:"
    return "\n".join([head, "", "| speaker_rule | confidence | meaning | right |", "|---|---|---|---|", *lines])


_BELOW = {"segments": _rules, "quotes": _speaker_rules}
"""What stands below the columns of a table."""


def _table(name: str) -> Table:
    if name not in TABLES:
        raise UsageError(f"there is no table {name!r}; known are {', '.join(TABLES)}")
    return TABLES[name]


def codebook(table: str | None = None) -> str:
    """Markdown with a heading, what a row is, the key and every column of ``table``, or of all tables.

    Below the columns of ``segments`` and ``quotes`` stand their rules and how often each was right.

    Raises:
        UsageError: no table has that name.
    """
    tables = TABLES.values() if table is None else (_table(table),)
    parts = []
    for one in tables:
        parts += [f"## {one.name}", _columns(one)]
        if one.name in _BELOW:
            parts.append(_BELOW[one.name]())
    return "\n\n".join(parts)


def _rewrite(path: Path) -> tuple[str, str, list[str]]:
    """The document, the document as it should be, and the marks of the blocks that differ."""
    try:
        text = path.read_bytes().decode("utf8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from error
    newline = "\r\n" if "\r\n" in text else "\n"
    lines, kept, stale, blocks, i = text.split(newline), list[str](), list[str](), 0, 0
    while i < len(lines):
        kept.append(lines[i])
        if match := _OPEN.match(lines[i]):
            name = match["table"]
            end = next((j for j in range(i + 1, len(lines)) if _CLOSE.match(lines[j]) or _OPEN.match(lines[j])), None)
            if end is None or _OPEN.match(lines[end]):
                closing = "<!-- /codebook -->" if name else "<!-- /tables -->"
                raise UsageError(f"{path}, line {i + 1}: {lines[i].strip()} is not closed; put {closing} after it")
            body = (_columns(_table(name)) if name else _list()).split("\n")
            if lines[i + 1 : end] != body:
                stale.append(lines[i].strip())
            kept += [*body, lines[end]]
            blocks, i = blocks + 1, end
        i += 1
    if not blocks:
        raise UsageError(f"{path} holds no block to fill; mark one with <!-- tables --> and <!-- /tables -->")
    return text, newline.join(kept), stale


def check_document(path: Path) -> list[str]:
    """One line per block of the document that is out of date; empty if all are as the schema says.

    Raises:
        UsageError: the file cannot be read, holds no block, or one that is not closed or names no table.
    """
    _, _, stale = _rewrite(path)
    return [f"{mark} is out of date" for mark in stale]


def update_document(path: Path) -> None:
    """Rewrite the blocks of the document as the schema says; a document that is right stays untouched.

    Raises:
        UsageError: the file cannot be read, holds no block, or one that is not closed or names no table.
    """
    before, after, _ = _rewrite(path)
    if after != before:
        path.write_bytes(after.encode("utf8"))
