"""The pool: rows of every shard, whatever happens to a worker."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from pipeline.errors import ModelError
from pipeline.schema import conform
from pipeline.settings import ExtractSettings, Settings
from pipeline.workers import Done, Shard, Tables, work_through


def make_shard(*articles: str) -> Shard:
    return Shard(
        "+".join(articles),
        ("clean",),
        articles,
        {"articles": conform("articles", [{"article_id": a} for a in articles])},
    )


def echo(shard: Shard, settings: Settings) -> dict[str, Tables]:
    return {"clean": {"articles": shard.tables["articles"]}}


def dies_on_poison(shard: Shard, settings: Settings) -> dict[str, Tables]:
    if "poison" in shard.tables["articles"]["article_id"].to_pylist():
        os.kill(os.getpid(), signal.SIGKILL)
    return echo(shard, settings)


def dies_once(shard: Shard, settings: Settings) -> dict[str, Tables]:
    mark = Path(settings.extract.model)
    if "frail" in shard.articles and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return echo(shard, settings)


def hangs_on_poison(shard: Shard, settings: Settings) -> dict[str, Tables]:
    if "poison" in shard.articles:
        time.sleep(600)
    return echo(shard, settings)


def no_model(shard: Shard, settings: Settings) -> dict[str, Tables]:
    raise ModelError("damaged")


def articles(done: list[Done]) -> list[str]:
    return sorted(a for d in done if not d.failure for a in d.tables["clean"]["articles"]["article_id"].to_pylist())


@pytest.mark.parametrize("workers", [1, 2])
def test_every_shard_comes_back(workers: int) -> None:
    """Each article once, in whatever order the shards finish."""
    done = list(
        work_through(
            [make_shard("a", "b"), make_shard("c"), make_shard("d"), make_shard("e")], Settings(), workers, echo
        )
    )
    assert articles(done) == ["a", "b", "c", "d", "e"]


@pytest.mark.parametrize("workers", [1, 2])
def test_an_article_that_kills_its_worker_costs_itself_only(workers: int) -> None:
    """After three deaths alone it is given up; its shard and the shards beside it are all there."""
    shards = [make_shard("a", "poison", "b"), make_shard("c", "d"), make_shard("e"), make_shard("f")]
    done = list(work_through(shards, Settings(), workers, dies_on_poison))
    assert articles(done) == ["a", "b", "c", "d", "e", "f"]
    assert [d.shard.articles for d in done if d.failure] == [("poison",)]


def test_a_worker_that_is_killed_once_costs_nothing(tmp_path: Path) -> None:
    """The machine's doing, not the article's."""
    settings = Settings(extract=ExtractSettings(str(tmp_path / "mark")))
    done = list(work_through([make_shard("frail", "a"), make_shard("b")], settings, 2, dies_once))
    assert articles(done) == ["a", "b", "frail"]
    assert not [d for d in done if d.failure]


def test_an_article_that_never_ends_costs_itself_only() -> None:
    """Its worker is ended; the articles of its shard are done alone, and the issue says how long was waited."""
    shards = [make_shard("a", "poison"), make_shard("b")]
    done = list(work_through(shards, Settings(), 1, hangs_on_poison, patience=8, patience_alone=8))
    assert articles(done) == ["a", "b"]
    [failed] = [d for d in done if d.failure]
    assert failed.shard.articles == ("poison",)
    assert "after 8 seconds" in (failed.failure or "")


def test_an_error_that_is_no_articles_stops_the_run() -> None:
    """A damaged model is told once, not once per article."""
    with pytest.raises(ModelError, match="damaged"):
        list(work_through([make_shard("a"), make_shard("b")], Settings(), 2, no_model))
