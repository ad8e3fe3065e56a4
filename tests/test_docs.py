"""The README: its commands and Python blocks run, and what it shows is what comes out."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from tests.factories import MODEL, ROOT

README = (ROOT / "README.md").read_text("utf8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


COMMANDS = [line for block in blocks("sh") for line in block.splitlines() if line]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the corpus and its tables, as after ``make extract``."""
    folder = tmp_path_factory.mktemp("readme")
    shutil.copytree(ROOT / "corpus", folder / "corpus")
    shutil.copytree(ROOT / "tests" / "gold", folder / "tests" / "gold")
    told = CliRunner().invoke(
        main, ["extract", str(folder / "corpus"), "--output", str(folder / "outputs"), "--model", MODEL]
    )
    assert told.exit_code == 0, told.output
    return folder


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.startswith("make ")])
def test_make_targets_exist(command: str) -> None:
    """Every make command that is promised can be made."""
    subprocess.run([*shlex.split(command), "-n"], cwd=ROOT, check=True, capture_output=True)


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.startswith("concord ")])
def test_commands_run(checkout: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    """As written, in a folder where ``make extract`` has run."""
    monkeypatch.chdir(checkout)
    extra = ["--model", MODEL] if shlex.split(command)[1] in {"extract", "status"} else []
    told = CliRunner().invoke(main, shlex.split(command)[1:] + extra)
    assert told.exit_code == 0, told.output
    assert told.output.strip()


def test_nothing_else_is_promised() -> None:
    """Every command in the README is one of those above."""
    assert len(COMMANDS) >= 7
    assert not [c for c in COMMANDS if not c.startswith(("make ", "concord "))]


def test_the_example_of_decisions_is_followed(checkout: Path, tmp_path: Path) -> None:
    """Every line of it finds its words in the corpus and does something, or agrees with the rules."""
    import pandas as pd

    (example,) = blocks("csv")
    shutil.copytree(checkout / "corpus", tmp_path / "corpus")
    shutil.copytree(checkout / "outputs", tmp_path / "outputs", symlinks=True)
    (tmp_path / "corpus" / "corrections.csv").write_text(example, "utf8")
    arguments = ["extract", str(tmp_path / "corpus"), "--output", str(tmp_path / "outputs"), "--model", MODEL]
    told = CliRunner().invoke(main, arguments)
    assert told.exit_code == 0, told.output
    issues = pd.read_parquet(tmp_path / "outputs" / "issues.parquet")
    codes = issues[issues["stage"] == "corrections"]["code"].tolist()
    assert len(codes) == len(example.splitlines()) - 1
    assert codes.count("correction_applied") >= len(codes) - 1
    assert set(codes) <= {"correction_applied", "correction_already_true"}


@pytest.mark.parametrize("block", blocks("python"))
def test_python_blocks_run_and_answer(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], block: str
) -> None:
    """They find what they look for: names on both counts."""
    monkeypatch.chdir(checkout)
    exec(compile(block, "README.md", "exec"), {})
    told = capsys.readouterr().out
    assert len(told.splitlines()) > 8, told
    assert "Empty DataFrame" not in told


@pytest.mark.parametrize("name", ["mentions", "quantities", "quotes"])
def test_the_excerpts_are_real(checkout: Path, name: str) -> None:
    """Each row shown in the README is a row of the table, cell by cell."""
    import pandas as pd

    shown = re.search(rf"<!-- excerpt:{name} -->\n(.*?)<!-- /excerpt -->", README, re.DOTALL)
    assert shown
    header, _, *rows = [
        [cell.strip() for cell in line.strip("| ").split(" | ")]
        for line in shown[1].strip().splitlines()
        if line.startswith("|")
    ]
    columns = [cell.strip("`") for cell in header]
    table = pd.read_parquet(checkout / "outputs" / f"{name}.parquet")
    entities = pd.read_parquet(checkout / "outputs" / "entities.parquet").set_index("entity_id")["name"]
    for column in table:
        if column.endswith("entity_id"):
            table[column.removesuffix("_id")] = table[column].map(entities)
    there = {
        tuple("" if pd.isna(v) else f"{v:g}" if isinstance(v, float) else str(v) for v in row)
        for row in table[columns].itertuples(index=False)
    }
    assert len(rows) >= 4
    for row in rows:
        assert tuple(row) in there, f"{name}: {row}"


def test_the_list_of_formats_is_complete() -> None:
    """Every suffix that is read is named."""
    from pipeline.read.formats import READERS

    assert all(f"`{suffix}`" in README for suffix in READERS)
