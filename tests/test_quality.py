"""Quality has floors: what comes out of the sample corpus is held against hand-made gold."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.evaluate import Report, below, evaluate
from pipeline.run import run
from pipeline.settings import ExtractSettings, Settings
from tests.factories import MODEL, ROOT

GOLD = ROOT / "tests" / "gold"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    output = tmp_path_factory.mktemp("quality")
    run(ROOT / "corpus", output, Settings(extract=ExtractSettings(MODEL)), workers=2)
    return evaluate(GOLD, output)


def test_no_figure_is_below_its_floor(report: Report) -> None:
    """Every floor of tests/gold/floors.toml is reached, and nothing is invented."""
    assert below(report, GOLD / "floors.toml") == []


@pytest.mark.parametrize(
    ("floors", "short"),
    [
        ('[mentions]\n"span and label" = 99.9\n', ["mentions: span and label"]),
        ("[published]\nwrong = -1\n", ["published: wrong"]),
        ("[dates]\noverlap = 1.0\n", []),
    ],
)
def test_what_is_below_a_floor_is_named(report: Report, tmp_path: Path, floors: str, short: list[str]) -> None:
    """With what was reached and what was asked."""
    (tmp_path / "floors.toml").write_text(floors)
    told = below(report, tmp_path / "floors.toml")
    assert [": ".join(line.split(": ")[:2]) for line in told] == short


def test_a_floor_for_nothing_is_an_error(report: Report, tmp_path: Path) -> None:
    """A misspelt measure must not pass for ever."""
    (tmp_path / "floors.toml").write_text("[dates]\noverlaps = 1.0\n")
    with pytest.raises(UsageError, match="overlaps"):
        below(report, tmp_path / "floors.toml")
