"""The command line: what a person types, what is told, and with which exit code it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline.cli import main
from tests.factories import MODEL, ROOT


def concord(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments])


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with corpus/ and outputs/ of two articles, one of them undated."""
    folder = tmp_path_factory.mktemp("cli")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "camp.txt").write_text(
        "Camp closed\n\nAnna Kell, the mayor of Dovrin, said on Tuesday that more than 40 families had fled.\n"
    )
    (folder / "corpus" / "trial.json").write_text(
        '{"text": "“I did nothing,” Pavel Orr told the court on 3 April 2022.", "title": "Trial", "published": "2022-04-04"}'
    )
    told = concord("extract", folder / "corpus", "-o", folder / "outputs", "--model", MODEL, "-j", 1)
    assert told.exit_code == 0, told.output
    assert "Articles: 2 new, 0 changed, 0 removed, 0 unchanged, 0 failed." in told.output
    assert "left open in articles without a publication date" in told.output
    return folder


def test_a_second_run_says_that_nothing_is_new(extracted: Path) -> None:
    """And ends well."""
    told = concord("extract", extracted / "corpus", "-o", extracted / "outputs", "--model", MODEL)
    assert told.exit_code == 0
    assert "Articles: 0 new, 0 changed, 0 removed, 2 unchanged, 0 failed." in told.output
    assert "Nothing new." in told.output


def test_status_tells_without_running(extracted: Path, tmp_path: Path) -> None:
    """New files are named, nothing is written."""
    for path in (extracted / "corpus").iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "new.txt").write_text("A third text.")
    before = sorted(p.name for p in (extracted / "outputs").iterdir())
    told = concord("status", tmp_path, "-o", extracted / "outputs", "--model", MODEL)
    assert told.exit_code == 0
    assert told.output.splitlines() == [
        "new: new.txt",
        "1 new, 0 changed, 0 removed, 2 unchanged (0 to make anew), 0 cannot be read.",
    ]
    assert sorted(p.name for p in (extracted / "outputs").iterdir()) == before


def test_show_marks_what_was_found(extracted: Path) -> None:
    """By a part of the title; the name, the number and the open date are marked."""
    told = concord("show", "camp", "-o", extracted / "outputs")
    assert told.exit_code == 0
    for words in ("Camp closed", "Anna Kell", "more than 40 families"):
        assert words in told.output


def test_schema_prints_the_codebook() -> None:
    """One table, all tables, or a message that lists them."""
    assert "raw_start" in concord("schema", "mentions").output
    assert all(name in concord("schema").output for name in ("articles", "figure_groups", "runs"))
    told = concord("schema", "mention")
    assert told.exit_code == 2
    assert "mentions" in told.output


def test_a_bad_file_ends_with_one_and_names_it(tmp_path: Path) -> None:
    """The other article is extracted."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "bad.jsonl").write_text("{\n")
    (tmp_path / "corpus" / "good.txt").write_text("Anna Kell left Dovrin.")
    told = concord("extract", tmp_path / "corpus", "-o", tmp_path / "out", "--model", MODEL)
    assert told.exit_code == 1
    assert "bad.jsonl, line 1" in told.output
    assert "1 new" in told.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("extract", "nowhere"), "nowhere: no such file or folder"),
        (("extract", ".", "--model", "nomodel"), "nomodel: no such folder or installed spaCy pipeline"),
        (("extract", ".", "--settings", "none.toml"), "none.toml"),
        (("status", "nowhere"), "nowhere: no such file or folder"),
        (("show", "x", "-o", "nowhere"), "nowhere"),
        (("evaluate", "nogold", "nowhere"), "gold nogold"),
        (("extract", ".", "--workers", "0"), "0 is not in the range"),
        (("extract",), "Missing argument"),
    ],
)
def test_wrong_usage_ends_with_two_and_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], words: str
) -> None:
    """The message names the thing; there is no traceback."""
    monkeypatch.chdir(tmp_path)
    told = concord(*arguments)
    assert told.exit_code == 2
    assert words in told.output
    assert "Traceback" not in told.output


def test_help_names_every_command() -> None:
    """``concord --help`` and ``python -m pipeline --help`` are the same, and fast."""
    told = subprocess.run(
        [sys.executable, "-m", "pipeline", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env=dict(os.environ),
    )
    for command in ("extract", "status", "show", "schema", "evaluate"):
        assert command in told.stdout
    assert all(c in concord("--help").output for c in ("extract", "evaluate"))


def test_names_from_elsewhere_are_linked_and_compared() -> None:
    """link-names gives names of one bearer one id; match-names a score per pair, with the reason where it is asked for."""
    rows = [("a", ["Anna Berg"]), ("b", ["Anna Berg", "Berg"]), ("c", ["Pavel Orr"])]
    lines = "".join(json.dumps({"article": a, "label": "PERSON", "names": names}) + "\n" for a, names in rows)
    linked = CliRunner().invoke(main, ["link-names"], input=lines)
    one, two, three = linked.output.split()
    assert one == two != three
    matched = CliRunner().invoke(
        main, ["match-names", "--why"], input="Anna Berg\tBerg, Anna\tPerson\nAnna Berg\tPavel Orr\tPerson\n"
    )
    scores = [line.split("\t") for line in matched.output.splitlines()]
    assert float(scores[0][0]) >= 0.5 > float(scores[1][0])
    assert [len(line) for line in scores] == [3, 3]
    refused = CliRunner().invoke(main, ["link-names"], input="{\n")
    assert refused.exit_code == 2
    assert "line 1" in refused.output
