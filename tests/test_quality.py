"""Quality has floors: what comes out of the sample corpus is held against hand-made gold."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.evaluate import Report, below, evaluate
from pipeline.report import load
from pipeline.report.codebook import rule_figures
from pipeline.run import run
from pipeline.settings import ExtractSettings, Settings
from tests.factories import MODEL, ROOT

GOLD = ROOT / "tests" / "gold"
SENTENCES = GOLD / "sentences"


def extract(corpus: Path, output: Path, workers: int) -> Path:
    """The folder ``output`` with the tables of ``corpus``."""
    run(corpus, output, Settings(extract=ExtractSettings(MODEL)), workers=workers)
    return output


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return evaluate(GOLD, extract(ROOT / "corpus", tmp_path_factory.mktemp("quality"), workers=2))


@pytest.fixture(scope="module")
def sentences(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables of the sentence gold; so little text is read sooner than a second process has started."""
    return extract(SENTENCES, tmp_path_factory.mktemp("sentences"), workers=1)


def test_no_figure_is_below_its_floor(report: Report) -> None:
    """Every floor of tests/gold/floors.toml is reached, and nothing is invented."""
    assert below(report, GOLD / "floors.toml") == []


def test_no_figure_of_the_sentences_is_below_its_floor(sentences: Path) -> None:
    """The floors of the passages are in the same file."""
    assert below(evaluate(SENTENCES, sentences), GOLD / "floors.toml") == []


def test_every_passage_is_an_article_of_one_paragraph(sentences: Path) -> None:
    """The sentence gold is a corpus: each passage is read as body, whole, and published on the day the codebook says."""
    articles = load(sentences, "articles", ["article_id", "published", "clean_text"])
    assert len(articles) == 300
    assert {row["published"].isoformat() for row in articles} == {"2023-06-14"}
    body = [(row["article_id"], row["text"]) for row in load(sentences, "segments") if row["zone"] == "body"]
    assert sorted(body) == sorted((row["article_id"], row["clean_text"]) for row in articles)


def test_the_codebook_tells_the_rules_figures(report: Report) -> None:
    """What the codebook says of each zone rule is what the gold says now."""
    measured = {
        (str(row["rule"]), str(row["zone"]), str(row["confidence"])): (row["lines"], row["right"])
        for row in report.rules()
    }
    assert measured == rule_figures(), (
        "pipeline/report/zone_rules.csv is out of date; renew it: concord extract corpus --output OUT && "
        "concord evaluate tests/gold OUT --rules pipeline/report/zone_rules.csv"
    )


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
