"""What is stale -> processes -> publish. Knows nothing about language.

Rows of an article are kept as long as its key holds. They lie in the current snapshot, or in a piece:
a shard that was finished by this run or by one that was cut short. So a run that was killed goes on
where it stopped, and the way back from disk is the way every run takes. Then the corpus stages run over
all articles, and the whole is checked and published at once. If nothing is new, nothing is written.
"""

from __future__ import annotations

import collections
import datetime as dt
import importlib.metadata
import json
import logging
import multiprocessing
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.clean.articles import uncleaned
from pipeline.errors import UsageError
from pipeline.ids import content_id, sha256
from pipeline.link.history import history
from pipeline.plan import Plan, find_model, make_plan
from pipeline.read import corpus_files
from pipeline.read.corrections import not_yet_obsolete, state_of
from pipeline.read.knowledge import REFUSED, read_knowledge
from pipeline.schema import KNOWLEDGE, MEMORY, SCHEMA_VERSION, TABLES, check, check_references, conform, ordered
from pipeline.settings import Settings
from pipeline.stages import ARTICLE_STAGES, CORPUS_STAGES
from pipeline.store import Keys, Store, Tables, read_tables
from pipeline.workers import Done, Shard, work_through

if TYPE_CHECKING:
    import pyarrow as pa

log = logging.getLogger(__name__)

SHARD = 100
"""Most articles in a shard: what a killed run loses at the most, per process."""

_ROWS = ("articles", "segments", "sentences", "mentions", "dates", "quantities", "quotes", "issues")
"""The tables whose rows belong to one article each."""
_CLEANED = ("articles", "segments", "issues")
_TRY_AGAIN = {"cleaning_failed", "extraction_failed", "worker_died"}
"""Articles with such an issue keep no key, so that the next run tries them again."""
_PACKAGES = ("spacy", "thinc", "numpy", "pyarrow", "pandas", "dateparser", "trafilatura", "htmldate", "lxml")

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Summary:
    """What a run did, for a person to read. ``rows`` and ``issues`` count what the tables hold after it.

    ``corrections`` counts a person's decisions by what became of them.
    """

    new: int
    changed: int
    removed: int
    unchanged: int
    remade: int
    waiting: int
    failed: int
    published: bool
    rows: Mapping[str, int]
    issues: Mapping[tuple[str, str], int]
    open_dates: int
    errors: Sequence[str]
    corrections: Mapping[str, int] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        """0 when everything could be read and worked on, else 1."""
        return 1 if self.failed else 0


def run(
    corpus: Path | str,
    output: Path | str,
    settings: Settings | None = None,
    *,
    workers: int = 1,
    force: bool = False,
    limit: int | None = None,
    knowledge: Path | str | None = None,
    progress: Progress | None = None,
) -> Summary:
    """Bring the tables in ``output`` up to date with ``corpus``.

    ``force`` makes every row anew. ``limit`` works on at most so many stale articles and leaves the
    others for the next run. ``knowledge`` is a file of records that entities may be. ``progress`` is called
    with the articles done and the articles to do.

    Raises:
        PipelineError: the run as a whole cannot go on; the tables stay as they were.
    """
    settings, store, clock = settings or Settings(), Store(Path(output)), _Clock()
    base = None if knowledge is None else Path(knowledge)
    if getattr(multiprocessing.current_process(), "_inheriting", False):
        raise UsageError(
            'a worker met the call of run() while it read your script: put it below if __name__ == "__main__":'
        )
    corpus_files(Path(corpus), Path(output))
    find_model(settings)
    with store.lock():
        plan = make_plan(Path(corpus), store, settings, force=force, knowledge=base)
        clock.lap("read")
        if plan.removed and not (plan.unchanged or plan.changed or force):
            raise UsageError(
                f"corpus {corpus}: it holds none of the {len(plan.removed)} articles that {output} was made from; "
                "give another --output, or --force if they are really gone"
            )
        if plan.up_to_date:
            store.settle()
            return _summary(plan, store.tables("articles", "dates", "issues"), store.counts(), clock)
        failures = _make_pieces(plan, store, settings, workers, force=force, limit=limit, progress=progress)
        clock.lap("clean and extract")
        tables, keys, kept = _gather(plan, store, failures, force=force)
        tables |= _last_linked(plan, store, kept) | _given(base, tables["issues"]) | {"corrections": plan.corrections}
        for stage in CORPUS_STAGES:
            tables.update(stage(tables, settings))
            clock.lap(stage.name)
        before = store.tables("mentions", "entities", "entity_history") if store.current() else None
        tables["entity_history"] = history(before, tables)
        memory = {name: tables[name] for name in MEMORY}
        tables = {name: ordered(name, tables[name]) for name in TABLES if name != "runs"}
        counts = {name: table.num_rows for name, table in tables.items()}
        clock.lap("gather")
        made = set(failures["articles"]["article_id"].to_pylist()) | {
            a for a, key in keys["extract"].items() if plan.keys["extract"][a] == key
        }
        waiting = plan.stale - made
        if waiting:
            tables["issues"] = ordered("issues", not_yet_obsolete(tables["issues"]))
        summary = _summary(plan, tables, counts, clock, published=True, waiting=waiting)
        name = content_id("r", clock.started.isoformat(), plan.corpus_key)
        tables["runs"] = _runs(name, store, plan, settings, summary, clock)
        for table_name, table in tables.items():
            check(table_name, table)
        check_references(tables)
        finished = not summary.waiting and not failures["articles"].num_rows
        manifest = {
            "run": name,
            "schema_version": SCHEMA_VERSION,
            "corpus_key": plan.corpus_key if finished else None,
            "linked_by": plan.fingerprints["link"],
            "superseded": {a: earlier for a, earlier in plan.changed.items() if a in waiting},
        }
        store.publish(name, tables | memory, keys, manifest, plan.files)
        return summary


# --- rows of single articles -------------------------------------------------------------------------------


def _make_pieces(
    plan: Plan,
    store: Store,
    settings: Settings,
    workers: int,
    *,
    force: bool,
    limit: int | None,
    progress: Progress | None,
) -> Tables:
    """Make the rows of every stale article and keep them as pieces; return the rows of those that failed."""
    if force:
        store.forget_pieces()
    left = {} if force else {a: key for _, keys in store.pieces() for a, key in keys.get("extract", {}).items()}
    todo = sorted(a for a in plan.stale if left.get(a) != plan.keys["extract"][a])[:limit]
    cleaned = {} if force else store.keys().get("clean", {})
    good = [a for a in todo if cleaned.get(a) == plan.keys["clean"][a]]
    size = max(1, min(SHARD, -(-len(todo) // (4 * workers))))
    stages = tuple(stage.name for stage in ARTICLE_STAGES)
    shards = [
        _shard(stages, part, {"raw_articles": plan.corpus.raw_articles(part), **_decided(plan, part)})
        for part in _parts(sorted(set(todo) - set(good)), size)
    ]
    plan.corpus.forget_texts()
    if good:
        kept = store.tables(*_CLEANED)
        kept["issues"] = _of_stage(kept["issues"], "clean")
        shards += [
            _shard(stages[1:], part, {name: _only(t, part) for name, t in kept.items()} | _decided(plan, part))
            for part in _parts(good, size)
        ]
    failures = {name: [TABLES[name].schema.empty_table()] for name in _ROWS}
    done = 0
    if progress:
        progress(0, len(todo))
    for result in work_through(shards, settings, min(workers, len(shards)) or 1) if shards else ():
        rows = _unworked(plan, result) if result.failure else _rows(result)
        codes = zip(rows["issues"]["article_id"].to_pylist(), rows["issues"]["code"].to_pylist(), strict=True)
        failed = [article for article, code in codes if code in _TRY_AGAIN]
        worked = [a for a in result.shard.articles if a not in set(failed)]
        for name, table in rows.items():
            failures[name].append(_only(table, failed))
        if worked:
            keys = {stage: {a: plan.keys[stage][a] for a in worked} for stage in stages}
            store.save_piece(
                content_id("p", *keys["extract"].values()), {name: _only(t, worked) for name, t in rows.items()}, keys
            )
        done += len(result.shard.articles)
        if progress:
            progress(done, len(todo))
    return {name: _concat(tables) for name, tables in failures.items()}


def _shard(stages: tuple[str, ...], articles: Sequence[str], tables: Tables) -> Shard:
    return Shard(sha256("".join(articles))[:16], stages, tuple(articles), tables)


def _decided(plan: Plan, articles: Sequence[str]) -> Tables:
    """A person's decisions on the rows of ``articles``."""
    return {"corrections": _only(plan.own_corrections, articles)}


def _rows(result: Done) -> Tables:
    """All rows of a finished shard: what ``clean`` made, or was given as still good, and what ``extract`` made."""
    made = dict(result.shard.tables)
    issues = [made["issues"]] if "issues" in made else []
    for tables in result.tables.values():
        made.update(tables)
        issues.append(tables["issues"])
    made["issues"] = _concat(issues)
    return {name: made[name] for name in _ROWS}


def _unworked(plan: Plan, result: Done) -> Tables:
    """Rows of articles that no worker came back with: the text is kept, nothing was taken from it."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in _ROWS}
    message = f"{result.failure}; the text is kept, nothing was extracted; the next run tries again"
    for raw in plan.corpus.raw_articles(result.shard.articles).to_pylist():
        for name, more in uncleaned(raw, "worker_died", message).items():
            rows[name] += more
    return {name: conform(name, made) for name, made in rows.items()}


# --- all rows together -------------------------------------------------------------------------------------


def _gather(plan: Plan, store: Store, failures: Tables, *, force: bool) -> tuple[Tables, Keys, list[str]]:
    """Every article's rows from where they lie, with the keys they were made from; sorted; and whose rows are as they were.

    An article that this run did not get to (``limit``) keeps the rows it had. With ``force`` a piece is
    taken before the snapshot, whose rows are not trusted.
    """
    last = ARTICLE_STAGES[-1].name
    import pyarrow.compute as pc

    held_before, pieces = (store.current(), store.keys()), list(store.pieces())
    sources = [*pieces, held_before] if force else [held_before, *pieces]
    wanted, taken = plan.keys[last], set(failures["articles"]["article_id"].to_pylist())
    takes: list[list[str]] = [[] for _ in sources]
    for current in (True, False):
        for take, (_, held) in zip(takes, sources, strict=True):
            here = [a for a, key in held.get(last, {}).items() if a in wanted and (wanted[a] == key or not current)]
            take += [a for a in here if a not in taken]
            taken.update(here)
    found: dict[str, list[pa.Table]] = {name: [failures[name]] for name in _ROWS}
    keys: Keys = {stage.name: {} for stage in ARTICLE_STAGES}
    for (folder, held), articles in zip(sources, takes, strict=True):
        if articles:
            for name, table in read_tables(folder, _ROWS).items():
                found[name].append(_only(table, articles))
            for stage in ARTICLE_STAGES:
                keys[stage.name].update({a: held[stage.name][a] for a in articles})
    tables = {name: _concat(parts) for name, parts in found.items()}
    here = tables["articles"]["article_id"].to_pylist()
    placeless = plan.read_issues.filter(pc.is_null(plan.read_issues["article_id"]))
    told = _concat([placeless, _only(plan.read_issues, here)])
    tables["issues"] = _concat([told, _not_of_stage(tables["issues"], "read")])
    tables["articles"] = _placed(plan, tables["articles"], store)
    kept = [] if force else takes[sources.index(held_before)]
    return {name: ordered(name, table) for name, table in tables.items()}, keys, kept


def _last_linked(plan: Plan, store: Store, kept: Sequence[str]) -> Tables:
    """How the articles ``kept`` were linked by the last run; empty if that run linked by other rules."""
    same = store.manifest().get("linked_by") == plan.fingerprints["link"]
    held = read_tables(store.current() if same else None, ("entities", "links", *MEMORY))
    held = {f"last_{name}" if name in TABLES else name: table for name, table in held.items()}
    return {**held, "kept": conform("kept", [{"article_id": a} for a in (kept if same else ())])}


def _given(base: Path | None, issues: pa.Table) -> Tables:
    """The records of the knowledge base, and ``issues`` with those of its lines that are none."""
    if base is None:
        return {KNOWLEDGE.name: KNOWLEDGE.schema.empty_table()}
    records, refused = read_knowledge(base)
    return {KNOWLEDGE.name: records, "issues": _concat([issues, refused])}


def _placed(plan: Plan, articles: pa.Table, store: Store) -> pa.Table:
    """``articles`` with where each text lies now, and what the same place held before."""
    import pyarrow as pa

    before = store.tables("articles")["articles"]
    superseded = (
        dict(zip(before["article_id"].to_pylist(), before["supersedes_article_id"].to_pylist(), strict=True))
        | plan.changed
    )
    ids = articles["article_id"].to_pylist()
    for name, values in (
        ("paths", [plan.paths[a] for a in ids]),
        ("supersedes_article_id", [superseded.get(a) for a in ids]),
    ):
        at = articles.schema.get_field_index(name)
        articles = articles.set_column(at, articles.schema.field(at), pa.array(values, articles.schema.field(at).type))
    return articles


def _only(table: pa.Table, articles: Iterable[str]) -> pa.Table:
    import pyarrow as pa
    import pyarrow.compute as pc

    return table.filter(pc.is_in(table["article_id"], value_set=pa.array(list(articles), pa.string())))


def _of_stage(issues: pa.Table, stage: str) -> pa.Table:
    import pyarrow.compute as pc

    return issues.filter(pc.equal(issues["stage"], stage))


def _not_of_stage(issues: pa.Table, stage: str) -> pa.Table:
    import pyarrow.compute as pc

    return issues.filter(pc.not_equal(issues["stage"], stage))


def _concat(tables: Sequence[pa.Table]) -> pa.Table:
    import pyarrow as pa

    return pa.concat_tables(tables).combine_chunks()


def _parts(items: Sequence[str], size: int) -> list[Sequence[str]]:
    return [items[i : i + size] for i in range(0, len(items), size)]


# --- what the run says of itself ---------------------------------------------------------------------------


class _Clock:
    """When the run began, and seconds per step; the only clock there is."""

    def __init__(self) -> None:
        self.started = dt.datetime.now(dt.UTC)
        self.seconds: dict[str, float] = {}
        self._last = time.monotonic()

    def lap(self, name: str) -> None:
        now = time.monotonic()
        self.seconds[name] = round(now - self._last, 3)
        self._last = now


def _summary(
    plan: Plan,
    tables: Tables,
    counts: Mapping[str, int],
    clock: _Clock,
    *,
    published: bool = False,
    waiting: frozenset[str] = frozenset(),
) -> Summary:
    issues = tables["issues"].select(["severity", "code", "message", "path", "article_id"]).to_pylist()
    failed = tables["articles"]["status"].to_pylist().count("failed")
    undated = {
        a
        for a, day in zip(*(tables["articles"][c].to_pylist() for c in ("article_id", "published")), strict=True)
        if day is None
    }
    open_dates = zip(*(tables["dates"][c].to_pylist() for c in ("article_id", "unresolved_reason")), strict=True)
    return Summary(
        new=len(plan.new - waiting),
        changed=len(plan.changed.keys() - waiting),
        removed=len(plan.removed),
        unchanged=len(plan.unchanged),
        remade=len((plan.stale & plan.unchanged) - waiting) if published else 0,
        waiting=len(waiting),
        failed=plan.failed_places + failed + sum(i["code"] == REFUSED for i in issues),
        published=published,
        rows=counts,
        issues=dict(sorted(collections.Counter((i["severity"], i["code"]) for i in issues).items())),
        open_dates=sum(a in undated and reason is not None for a, reason in open_dates),
        corrections=dict(sorted(collections.Counter(filter(None, (state_of(i["code"]) for i in issues))).items())),
        errors=sorted({_told(i, plan.paths) for i in issues if i["severity"] == "error"}),
        seconds=clock.seconds,
    )


def _told(issue: Mapping[str, Any], paths: Mapping[str, Sequence[str]]) -> str:
    """An issue in one line that names the file or record."""
    place = issue["path"] or ", ".join(paths.get(issue["article_id"], []))
    return issue["message"] if place in issue["message"] else f"{place}: {issue['message']}"


def _runs(name: str, store: Store, plan: Plan, settings: Settings, summary: Summary, clock: _Clock) -> pa.Table:
    """The ``runs`` table with this run added."""
    meta = json.loads((plan.model / "meta.json").read_text("utf8")) if (plan.model / "meta.json").exists() else {}
    row = {
        "run_id": name,
        "started_at": clock.started,
        "finished_at": dt.datetime.now(dt.UTC),
        "version": importlib.metadata.version("concord-news"),
        "schema_version": SCHEMA_VERSION,
        "settings_sha256": sha256(settings.as_json()),
        "model": " ".join(str(meta.get(part, "")) for part in ("lang", "name", "version")).strip() or plan.model.name,
        "model_sha256": plan.model_sha256,
        "packages": json.dumps({p: importlib.metadata.version(p) for p in _PACKAGES}, sort_keys=True),
        "n_new": summary.new,
        "n_changed": summary.changed,
        "n_removed": summary.removed,
        "n_unchanged": summary.unchanged,
        "n_failed": summary.failed,
        "row_counts": json.dumps(summary.rows, sort_keys=True),
        "seconds": json.dumps(clock.seconds),
    }
    return ordered("runs", _concat([store.tables("runs")["runs"], conform("runs", [row])]))
