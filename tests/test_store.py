"""What stands between rows and readers: checks before publishing, snapshots that stay a day, fingerprints."""

from __future__ import annotations

import importlib.metadata
import os
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import pipeline.link
from pipeline import stages
from pipeline.errors import SchemaError
from pipeline.run import run
from pipeline.schema import TABLES, conform
from pipeline.settings import ExtractSettings, Settings
from pipeline.stages import STAGES
from pipeline.store import Store
from tests.factories import MODEL


def empty() -> dict[str, pa.Table]:
    return {name: conform(name, []) for name in TABLES}


def publish(store: Store, name: str) -> Path:
    with store.lock():
        store.publish(name, empty(), {}, {}, {})
    return store.folder / ".snapshots" / name


def age(path: Path, days: float) -> None:
    then = time.time() - days * 86_400
    os.utime(path, (then, then))


def test_a_replaced_snapshot_stays_for_a_day(tmp_path: Path) -> None:
    """Counted from when it was replaced: a notebook that opened it can finish reading."""
    store = Store(tmp_path)
    one, two = publish(store, "r_1"), publish(store, "r_2")
    age(one, 9)
    three = publish(store, "r_3")
    assert (one.exists(), two.exists(), three.exists()) == (True, True, True)
    age(two, 2)
    four = publish(store, "r_4")
    assert (one.exists(), two.exists(), three.exists(), four.exists()) == (False, True, True, True)
    assert store.current() is not None
    assert store.current().name == "r_4"  # type: ignore[union-attr]


def test_what_a_killed_run_left_half_written_is_removed(tmp_path: Path) -> None:
    """Folders that never got their name are no snapshots and no pieces."""
    store = Store(tmp_path)
    publish(store, "r_1")
    for half in (tmp_path / ".snapshots" / "r_2.tmp", tmp_path / ".work" / "p_1.tmp"):
        half.mkdir(parents=True)
        (half / "mentions.parquet").write_bytes(b"torn")
    with store.lock():
        assert not list(tmp_path.rglob("*.tmp"))
        assert list(store.pieces()) == []


def test_clearing_takes_nothing_else(tmp_path: Path) -> None:
    """``make clean`` removes Concord's tables and leaves what a person put beside them."""
    from pipeline.store import remove

    publish(Store(tmp_path), "r_1")
    (tmp_path / "my.parquet").write_text("mine")
    remove(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["my.parquet"]


def test_a_fingerprint_names_everything_that_shapes_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """The model for the stage that uses it, the libraries, the settings, the code; the model's path is none of them."""
    by_name = {stage.name: stage for stage in STAGES}
    extract, clean = by_name["extract"], by_name["clean"]
    base = Settings()
    assert extract.fingerprint(base, "model a") != extract.fingerprint(base, "model b")
    assert clean.fingerprint(base, "model a") == clean.fingerprint(base, "model b")
    assert extract.fingerprint(base, "m") == extract.fingerprint(Settings(extract=ExtractSettings("elsewhere")), "m")
    assert extract.fingerprint(base, "m") != extract.fingerprint(
        Settings(extract=ExtractSettings(date_order="DMY")), "m"
    )
    before = extract.fingerprint(base, "m")
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "0.0.0")
    assert extract.fingerprint(base, "m") != before
    monkeypatch.undo()
    monkeypatch.setattr(stages, "_code_sha256", lambda sources: "other code")
    assert extract.fingerprint(base, "m") != before


@pytest.mark.parametrize("fault", ["a repeated key", "an orphan"])
def test_tables_that_break_the_contract_are_not_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    """A defect is told before any reader can see it, and the old tables stay."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_text("Anna Kell left Dovrin on 3 April 2022.")
    settings = Settings(extract=ExtractSettings(MODEL))
    real = pipeline.link.link

    def faulty(tables: Any, own: Any) -> dict[str, pa.Table]:
        made = real(tables, own)
        if fault == "an orphan":
            made["entities"] = made["entities"].slice(0, 0)
        return made

    monkeypatch.setattr(pipeline.link, "link", faulty)
    if fault == "a repeated key":
        twice = conform("entity_history", [{"entity_id": "e_1", "event": "created"}] * 2)
        monkeypatch.setattr("pipeline.run.history", lambda before, now: twice)
    with pytest.raises(SchemaError):
        run(tmp_path / "corpus", tmp_path / "out", settings)
    assert Store(tmp_path / "out").current() is None
    assert not (tmp_path / "out" / "mentions.parquet").exists()
