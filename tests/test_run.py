"""Rerun and publishing: only what is stale is worked on, and all tables switch together.

The corpus here is small, because every run starts processes that load the model.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import pipeline.link
from pipeline.errors import StoreError, UsageError
from pipeline.plan import make_plan
from pipeline.run import Summary, run
from pipeline.schema import TABLES
from pipeline.settings import ExtractSettings, LinkSettings, Settings
from pipeline.store import Store
from pipeline.workers import Done, Shard
from tests.factories import MODEL, ROOT

STORY = {
    "a.txt": "Camp closed\n\nThe mayor of Dovrin, Anna Kell, said on Tuesday that 40 families had left the camp.\n\n“We had no choice,” said Kell.\n",
    "b.jsonl": '{"id": "1", "text": "Anna Kell resigned in March 2022 after 12 people were killed in Dovrin.", "published": "2022-04-03", "outlet": "Wire"}\n'
    '{"id": "2", "text": "Pavel Orr, a lawyer, told Radio Dovrin that “nothing” had been done since last year.", "published": "2022-05-01"}\n',
    "c.md": "---\ntitle: A second look\npublished: 2022-06-01\noutlet: The Standard\n---\nMore than 100 people fled Dovrin last month, the Valley Aid Network (VAN) said. VAN said Kell knew.\n",
    "sub/d.txt": "Anna Kell was seen in Geneva.\n\nLawyer Pavel Orr said two men were detained.\n",
}
"""Names that grow longer, an acronym, a surname alone, open and closed dates: what could depend on order."""


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf8")
    return folder


def go(
    corpus: Path,
    output: Path,
    settings: Settings | None = None,
    workers: int = 1,
    force: bool = False,
    limit: int | None = None,
) -> Summary:
    settings = settings or Settings()
    if not settings.extract.model:
        settings = Settings(
            settings.read, settings.clean, ExtractSettings(MODEL, settings.extract.date_order), settings.link
        )
    return run(corpus, output, settings, workers=workers, force=force, limit=limit)


def contents(output: Path, without: tuple[str, ...] = ("runs", "entity_history")) -> dict[str, bytes]:
    """The bytes of every table but the one with the clock (and the one that is a history)."""
    return {name: (output / f"{name}.parquet").read_bytes() for name in TABLES if name not in without}


def table(output: Path, name: str) -> pd.DataFrame:
    return pd.read_parquet(output / f"{name}.parquet")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables of the whole story in one run with one worker."""
    folder = tmp_path_factory.mktemp("whole")
    go(write(folder / "corpus", STORY), folder / "out")
    return folder / "out"


def test_every_table_is_there_and_conforms(whole: Path) -> None:
    """pd.read_parquet works for each, with the declared types, and rows where there must be rows."""
    for name, declared in TABLES.items():
        assert pq.read_schema(whole / f"{name}.parquet").equals(declared.schema)
    for name in ("articles", "segments", "sentences", "mentions", "dates", "quantities", "quotes", "entities", "runs"):
        assert len(table(whole, name)) > 0, name


@pytest.mark.parametrize(
    "order",
    [
        ["a.txt", "b.jsonl", "c.md", "sub/d.txt"],
        ["sub/d.txt", "c.md", "b.jsonl", "a.txt"],
        ["c.md", "a.txt", "sub/d.txt", "b.jsonl"],
    ],
)
def test_grown_in_any_order_equals_one_run(tmp_path: Path, whole: Path, order: list[str]) -> None:
    """Byte for byte, entity ids included."""
    for name in order:
        summary = go(write(tmp_path / "corpus", {name: STORY[name]}), tmp_path / "out")
        assert summary.new == (2 if name == "b.jsonl" else 1)
    assert contents(tmp_path / "out") == contents(whole)


PAPERS = {
    f"{name}.md": f"---\noutlet: The Paper\n---\nA day in {name}\n\nThe council of {name} met on the old bridge and the mayor said that nobody would be moved.\n\n"
    f"Nothing else was decided in {name} on that day, said a clerk who had been there since morning.\n\nFriends of the valley\n\n"
    "The paper of the valley is written by its readers, and it lives on what they can spare for it.\n"
    for name in ("Halmet", "Dovrin", "Teshka")
}
"""Three stories of one outlet, with the same two lines below each."""


def test_an_added_article_shows_what_is_furniture(tmp_path: Path) -> None:
    """The third story that ends in the same lines takes them out of the first two; one run at once gives the same."""
    grown, at_once = tmp_path / "grown", tmp_path / "at_once"
    names = list(PAPERS)
    go(write(tmp_path / "corpus", {name: PAPERS[name] for name in names[:2]}), grown)
    assert "repeated.edge" not in set(table(grown, "segments")["rule"])
    summary = go(write(tmp_path / "corpus", {names[2]: PAPERS[names[2]]}), grown)
    assert (summary.new, summary.remade) == (1, 2)
    segments = table(grown, "segments")
    assert set(segments["zone"][segments["rule"] == "repeated.edge"]) == {"footer"}
    assert (segments["rule"].value_counts()[["repeated.edge", "repeated.line"]] == 3).all()
    go(tmp_path / "corpus", at_once)
    assert contents(grown) == contents(at_once)


def test_two_workers_equal_one(tmp_path: Path, whole: Path) -> None:
    """How the work is split moves nothing."""
    go(write(tmp_path / "corpus", STORY), tmp_path / "out", workers=2)
    assert contents(tmp_path / "out", without=("runs",)) == contents(whole, without=("runs",))


def test_a_run_with_nothing_new_writes_nothing(tmp_path: Path) -> None:
    """Not even another snapshot; and it says that nothing was published."""
    corpus = write(tmp_path / "corpus", STORY)
    assert go(corpus, tmp_path / "out").published
    before = (tmp_path / "out" / "current").readlink()
    summary = go(corpus, tmp_path / "out")
    assert not summary.published
    assert summary.unchanged == 5
    assert (tmp_path / "out" / "current").readlink() == before
    assert summary.rows["mentions"] == len(table(tmp_path / "out", "mentions"))


def test_edit_rename_remove_and_duplicate(tmp_path: Path) -> None:
    """Each case does what it must to the rows, to the counts and to the ids of the others."""
    corpus, out = write(tmp_path / "corpus", STORY), tmp_path / "out"
    go(corpus, out)
    first = table(out, "articles").set_index(table(out, "articles")["paths"].str[0])
    entities = set(table(out, "entities")["entity_id"])

    shutil.move(corpus / "c.md", corpus / "renamed.md")
    summary = go(corpus, out)
    assert (summary.new, summary.changed, summary.removed, summary.remade) == (0, 0, 0, 0)
    moved = table(out, "articles").set_index("article_id")
    assert moved.loc[first.loc["c.md", "article_id"], "paths"].tolist() == ["renamed.md"]
    assert set(table(out, "entities")["entity_id"]) == entities

    write(corpus, {"a.txt": STORY["a.txt"] + "\nA new line about Anna Kell.\n"})
    summary = go(corpus, out)
    assert (summary.new, summary.changed, summary.removed) == (0, 1, 0)
    edited = table(out, "articles").set_index("supersedes_article_id")
    assert edited.loc[first.loc["a.txt", "article_id"], "paths"].tolist() == ["a.txt"]
    go(corpus, out, force=True)
    assert first.loc["a.txt", "article_id"] in set(table(out, "articles")["supersedes_article_id"].dropna()), (
        "kept by later runs"
    )

    write(corpus, {"twin.txt": STORY["sub/d.txt"]})
    summary = go(corpus, out)
    assert (summary.new, summary.changed, summary.unchanged) == (0, 0, 5)
    twin = table(out, "articles").set_index("article_id").loc[first.loc["sub/d.txt", "article_id"]]
    assert twin["paths"].tolist() == ["sub/d.txt", "twin.txt"]

    (corpus / "twin.txt").unlink()
    (corpus / "sub" / "d.txt").unlink()
    summary = go(corpus, out)
    assert summary.removed == 1
    for name in TABLES:
        frame = table(out, name)
        if "article_id" in frame:
            assert first.loc["sub/d.txt", "article_id"] not in set(frame["article_id"]), name


def test_entity_ids_survive_added_articles(tmp_path: Path) -> None:
    """Whoever is named before and after has the same id."""
    corpus, out = write(tmp_path / "corpus", {k: STORY[k] for k in ("a.txt", "b.jsonl")}), tmp_path / "out"
    go(corpus, out)
    before = table(out, "entities").set_index("entity_id")["name"].to_dict()
    go(write(corpus, STORY), out)
    after = table(out, "entities").set_index("entity_id")["name"].to_dict()
    assert {i: n for i, n in after.items() if i in before}.keys() == before.keys()


def test_a_run_links_only_the_articles_that_are_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An added article is linked with what its names touch; after a changed rule all articles are linked anew."""
    corpus, out = write(tmp_path / "corpus", {k: STORY[k] for k in ("a.txt", "b.jsonl")}), tmp_path / "out"
    go(corpus, out)
    linked: list[str] = []
    within = pipeline.link.link_article

    def watched(article: str, *rest: Any) -> Any:
        linked.append(article)
        return within(article, *rest)

    monkeypatch.setattr(pipeline.link, "link_article", watched)
    go(write(corpus, {"c.md": STORY["c.md"]}), out)
    assert linked == table(out, "articles").query("format == 'md'")["article_id"].tolist()
    go(corpus, out, Settings(link=LinkSettings(surnames=False)))
    assert sorted(linked[1:]) == sorted(table(out, "articles")["article_id"])


def test_a_changed_setting_reruns_only_what_it_touches(tmp_path: Path) -> None:
    """A linking setting makes no article anew; an extraction setting makes no article cleaned anew."""
    corpus, out = write(tmp_path / "corpus", STORY), tmp_path / "out"
    go(corpus, out)
    default = make_plan(corpus, Store(out), Settings(extract=ExtractSettings(MODEL)))
    assert default.up_to_date
    linked = make_plan(corpus, Store(out), Settings(extract=ExtractSettings(MODEL), link=LinkSettings(surnames=False)))
    assert not linked.up_to_date
    assert not linked.stale
    assert go(corpus, out, Settings(link=LinkSettings(surnames=False))).remade == 0
    ordered = Settings(extract=ExtractSettings(MODEL, "DMY"))
    read = make_plan(corpus, Store(out), ordered)
    assert len(read.stale) == 5
    assert read.keys["clean"] == default.keys["clean"]
    assert go(corpus, out, ordered).remade == 5


def test_limit_leaves_the_rest_for_the_next_run(tmp_path: Path, whole: Path) -> None:
    """Nothing is lost by stopping early."""
    corpus, out = write(tmp_path / "corpus", STORY), tmp_path / "out"
    summary = go(corpus, out, limit=2)
    assert (summary.waiting, len(table(out, "articles"))) == (3, 2)
    assert go(corpus, out).waiting == 0
    assert contents(out) == contents(whole)


def test_limit_with_doubtful_files_and_edits(tmp_path: Path) -> None:
    """Issues of articles that wait wait with them; what an edited article replaced is remembered until its turn."""
    corpus, out = write(tmp_path / "corpus", STORY), tmp_path / "out"
    go(corpus, out)
    first = {
        p: a
        for a, paths in zip(*(table(out, "articles")[c] for c in ("article_id", "paths")), strict=True)
        for p in paths
    }
    for name in ("a.txt", "c.md"):
        (corpus / name).write_bytes(
            STORY[name].encode() + b" Zo\xc3\xab, Ren\xc3\xa9, Andr\xc3\xa9, Jos\xc3\xa9, Fran\xc3\xa7ois \xff left.\n"
        )
    limited = go(corpus, out, limit=1)
    assert (limited.changed, limited.waiting, limited.remade) == (1, 1, 0)
    assert go(corpus, out).changed == 1
    replaced = set(table(out, "articles")["supersedes_article_id"].dropna())
    assert replaced == {first["a.txt"], first["c.md"]}
    assert (table(out, "issues")["code"] == "bytes_replaced").sum() == 2


def test_limit_after_a_changed_setting_keeps_the_articles_it_does_not_reach(tmp_path: Path) -> None:
    """They have the rows they had until their turn comes; the turns together give what one run gives."""
    corpus, out = write(tmp_path / "corpus", STORY), tmp_path / "out"
    changed = Settings(extract=ExtractSettings(MODEL, "DMY"))
    go(corpus, out)
    summary = go(corpus, out, changed, limit=2)
    assert (summary.remade, summary.waiting) == (2, 3)
    assert len(table(out, "articles")) == 5
    assert go(corpus, out, changed).remade == 3
    go(corpus, tmp_path / "once", changed)
    assert contents(out) == contents(tmp_path / "once")


def test_force_makes_every_row_anew(tmp_path: Path, whole: Path) -> None:
    """Rows that were tampered with do not survive it."""
    corpus, out = write(tmp_path / "corpus", STORY), tmp_path / "out"
    go(corpus, out)
    mentions = pq.read_table(out / "mentions.parquet")
    at = mentions.schema.get_field_index("rule")
    tampered = mentions.set_column(at, mentions.schema.field(at), pa.array(["TAMPERED"] * len(mentions)))
    pq.write_table(tampered, (out / "mentions.parquet").resolve())
    go(corpus, out, force=True)
    assert contents(out) == contents(whole)


def test_settings_there_and_back_give_the_same_bytes(tmp_path: Path, whole: Path) -> None:
    """No row or issue of the other setting stays behind."""
    corpus, out = write(tmp_path / "corpus", {**STORY, "e.txt": "It was on 03/04/2017."}), tmp_path / "out"
    go(corpus, out)
    assert table(out, "dates").query("text == '03/04/2017'")["timex_value"].isna().all()
    go(corpus, out, Settings(extract=ExtractSettings(MODEL, "DMY")))
    assert table(out, "dates").query("text == '03/04/2017'")["timex_value"].tolist() == ["2017-04-03"]
    (corpus / "e.txt").unlink()
    go(corpus, out)
    assert contents(out) == contents(whole)


def test_a_corpus_that_is_gone_does_not_empty_the_tables(tmp_path: Path, whole: Path) -> None:
    """An empty folder, or another corpus, is refused; the tables stay."""
    corpus, out = write(tmp_path / "corpus", STORY), tmp_path / "out"
    go(corpus, out)
    (tmp_path / "empty").mkdir()
    for other in (tmp_path / "empty", write(tmp_path / "other", {"x.txt": "Another text."})):
        with pytest.raises(UsageError, match="holds none of the 5 articles"):
            go(other, out)
    assert contents(out) == contents(whole)
    assert go(tmp_path / "other", out, force=True).removed == 5


def test_table_links_that_are_gone_come_back(tmp_path: Path, whole: Path) -> None:
    """A run with nothing new still leaves every table where the README says it is."""
    corpus, out = write(tmp_path / "corpus", STORY), tmp_path / "out"
    go(corpus, out)
    for name in TABLES:
        (out / f"{name}.parquet").unlink()
    assert not go(corpus, out).published
    assert contents(out) == contents(whole)


def test_an_article_without_a_story_is_worked_on_once(tmp_path: Path) -> None:
    """It is told as failed each time, and the next run has nothing to do."""
    corpus, out = write(tmp_path / "corpus", {**STORY, "share.txt": "Share\n"}), tmp_path / "out"
    assert go(corpus, out).failed == 1
    again = go(corpus, out)
    assert (again.published, again.failed, again.exit_code) == (False, 1, 1)


def test_a_file_that_cannot_be_read_costs_itself_only(tmp_path: Path) -> None:
    """Exit code 1, one issue with the file's name, and the others are extracted; the same on the next run."""
    corpus, out = write(tmp_path / "corpus", {**STORY, "bad.json": "{"}), tmp_path / "out"
    for _ in range(2):
        summary = go(corpus, out)
        assert (summary.exit_code, summary.failed) == (1, 1)
    issues = table(out, "issues")
    assert issues.loc[issues["severity"] == "error", ["path", "code"]].to_numpy().tolist() == [["bad.json", "bad_json"]]
    assert len(table(out, "articles")) == 5


def test_articles_that_no_worker_came_back_with_are_kept_and_tried_again(
    tmp_path: Path, whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their text is in the tables, an issue says why nothing else is, and the next run makes up for it."""
    corpus, out = write(tmp_path / "corpus", STORY), tmp_path / "out"

    def lost(shards: list[Shard], *_: object) -> Iterator[Done]:
        return (Done(shard.only(article), {}, "its worker died") for shard in shards for article in shard.articles)

    monkeypatch.setattr("pipeline.run.work_through", lost)
    summary = go(corpus, out)
    assert (summary.failed, summary.exit_code) == (5, 1)
    assert set(table(out, "articles")["status"]) == {"failed"}
    assert set(table(out, "issues")["code"]) == {"worker_died"}
    monkeypatch.undo()
    assert go(corpus, out).failed == 0
    assert contents(out) == contents(whole)


def test_an_article_in_another_language_passes_through(tmp_path: Path) -> None:
    """It is kept, and nothing is extracted from it."""
    record = json.dumps({"text": "Anna Kell trat im März 2022 zurück.", "language": "de"})
    go(write(tmp_path / "corpus", {"de.json": record}), tmp_path / "out")
    assert len(table(tmp_path / "out", "articles")) == 1
    assert table(tmp_path / "out", "mentions").empty
    assert "not_english" in set(table(tmp_path / "out", "issues")["code"])


def test_the_folder_is_held_by_one_run_and_foreign_tables_are_safe(tmp_path: Path) -> None:
    """A second run on the same folder is refused; so is a folder with somebody else's tables."""
    corpus = write(tmp_path / "corpus", {"a.txt": STORY["a.txt"]})
    with Store(tmp_path / "out").lock(), pytest.raises(StoreError, match="another run"):
        go(corpus, tmp_path / "out")
    write(tmp_path / "mine", {"mentions.parquet": "precious"})
    with pytest.raises(StoreError, match="not Concord's"):
        go(corpus, tmp_path / "mine")
    assert (tmp_path / "mine" / "mentions.parquet").read_text() == "precious"


KILLER = """
import os, signal, sys
from pathlib import Path
import pyarrow.parquet as pq
from pipeline import run, store
from pipeline.settings import ExtractSettings, Settings

corpus, out, model, where, nth = sys.argv[1:]
count = 0

def die(at):
    global count
    count += at == where
    if at == where and count == int(nth):
        os.kill(os.getpid(), signal.SIGKILL)

def wrap(owner, name, at, after=False):
    real = getattr(owner, name)
    def wrapped(*args, **kwargs):
        if not after:
            die(at)
        result = real(*args, **kwargs)
        if after:
            die(at)
        return result
    setattr(owner, name, wrapped)

real_write = pq.write_table
def torn(table, path, **options):
    real_write(table, path, **options)
    snapshot = ".snapshots" in str(path)
    at = "snapshot" if snapshot else "piece"
    if at == where and count + 1 == int(nth):
        Path(path).write_bytes(Path(path).read_bytes()[:20])
    die(at)
pq.write_table = torn
wrap(store.Store, "_flip", "before flip")
wrap(store.Store, "_flip", "after flip", after=True)
wrap(store.Store, "save_piece", "after piece", after=True)
if __name__ == "__main__":
    run.SHARD = 1
    run.run(corpus, out, Settings(extract=ExtractSettings(model)), workers=1)
"""


@pytest.mark.parametrize(
    ("where", "nth"),
    [
        ("piece", 3),
        ("after piece", 1),
        ("after piece", 3),
        ("snapshot", 1),
        ("snapshot", 7),
        ("before flip", 1),
        ("after flip", 1),
    ],
)
def test_killed_at_any_point_the_old_tables_stay_and_the_next_run_completes(
    tmp_path: Path, whole: Path, where: str, nth: int
) -> None:
    """SIGKILL between and during writes: a reader sees the old tables or the new ones, whole."""
    corpus, out = write(tmp_path / "corpus", {"a.txt": STORY["a.txt"]}), tmp_path / "out"
    go(corpus, out)
    old = contents(out)
    write(corpus, STORY)
    script = tmp_path / "killer.py"
    script.write_text(KILLER)
    told = subprocess.run(
        [sys.executable, script, corpus, out, MODEL, where, str(nth)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
    )
    assert told.returncode == -signal.SIGKILL, told.stderr.decode()
    assert contents(out) == (contents(whole) if where == "after flip" else old)
    for name in TABLES:
        assert table(out, name) is not None
    left = len(list(Store(out).pieces()))
    assert left == {("after piece", 1): 1, ("after piece", 3): 3, ("piece", 3): 0}.get((where, nth), 4)
    summary = go(corpus, out)
    assert summary.exit_code == 0
    assert contents(out) == contents(whole)
    assert not list(Store(out).pieces())


GUARD = """
import datetime, os, sys, time

def hook(event, args):
    if event.startswith("socket."):
        frame = sys._getframe()
        while frame:
            if frame.f_code.co_name == "_has_ipv6":  # urllib3, when imported, binds a local socket and closes it
                return
            frame = frame.f_back
        open(os.environ["SOCKETS"], "a").write(event + "\\n")
sys.addaudithook(hook)

SHIFT = int(os.environ.get("SHIFT_DAYS", "0")) * 86400
if SHIFT:
    import pandas, pyarrow, spacy  # they build on the real types when they are imported
    real_time, real_datetime, real_date = time.time, datetime.datetime, datetime.date
    time.time = lambda: real_time() + SHIFT
    class Meta(type):
        def __instancecheck__(cls, value): return isinstance(value, cls.real)
        def __subclasscheck__(cls, other): return issubclass(other, cls.real)
    class ShiftedDatetime(real_datetime, metaclass=Meta):
        real = real_datetime
        def __new__(cls, *a, **k): return real_datetime(*a, **k)
        now = classmethod(lambda cls, tz=None: real_datetime.fromtimestamp(time.time(), tz))
        today = classmethod(lambda cls: real_datetime.fromtimestamp(time.time()))
        utcnow = classmethod(lambda cls: real_datetime.utcfromtimestamp(time.time()))
    class ShiftedDate(real_date, metaclass=Meta):
        real = real_date
        def __new__(cls, *a, **k): return real_date(*a, **k)
        today = classmethod(lambda cls: real_date.fromtimestamp(time.time()))
    datetime.datetime, datetime.date = ShiftedDatetime, ShiftedDate
"""


def test_same_bytes_on_another_day_elsewhere_and_no_socket(tmp_path: Path, whole: Path) -> None:
    """Another date, time zone, hash seed and file order change nothing, and no process opens a socket."""
    corpus = tmp_path / "corpus"
    for name in reversed(STORY):
        write(corpus, {name: STORY[name]})
    (tmp_path / "guard").mkdir()
    (tmp_path / "guard" / "sitecustomize.py").write_text(textwrap.dedent(GUARD))
    environment = {
        **os.environ, "PYTHONPATH": f"{tmp_path / 'guard'}{os.pathsep}{ROOT}", "SOCKETS": str(tmp_path / "sockets"),
        "SHIFT_DAYS": "3650", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "7", "LC_ALL": "C", "LANG": "C",
    }  # fmt: skip
    command = [
        sys.executable,
        "-m",
        "pipeline",
        "extract",
        str(corpus),
        "-o",
        str(tmp_path / "out"),
        "--model",
        MODEL,
        "--workers",
        "2",
    ]
    told = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
    assert table(tmp_path / "out", "runs")["started_at"].dt.year.iloc[0] > pd.Timestamp.now().year + 8, (
        "the clock was not shifted"
    )
    assert contents(tmp_path / "out", without=("runs",)) == contents(whole, without=("runs",))
    assert not (tmp_path / "sockets").exists(), (tmp_path / "sockets").read_text()


def test_where_there_are_no_links_tables_are_copied(
    tmp_path: Path, whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file system without symbolic links gets plain files and a pointer, and reruns work."""
    corpus, out = write(tmp_path / "corpus", STORY), tmp_path / "out"

    def refuse(*_: object, **__: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    go(corpus, out)
    assert not (out / "mentions.parquet").is_symlink()
    assert contents(out) == contents(whole)
    assert not go(corpus, out).published
    (corpus / "c.md").unlink()
    assert go(corpus, out).removed == 1
