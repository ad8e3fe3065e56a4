"""Shards of articles -> rows, in processes that load the model once.

A shard's rows depend on nothing but its articles, so any split into shards gives the same rows. A
worker that dies takes no article with it: the pool is rebuilt and the shards that were under way are
run again, article by article in a process of their own. An article that kills its worker three times, or
that a worker does not come to an end with, becomes a failed article with an issue row.
``multiprocessing.Pool`` would hang here.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.errors import PipelineError

if TYPE_CHECKING:
    import pyarrow as pa

    from pipeline.settings import Settings

log = logging.getLogger(__name__)

Tables = dict[str, "pa.Table"]
_ATTEMPTS = 3
_PATIENCE = 600.0
"""Seconds without one finished shard after which the workers are taken to hang; a shard takes some ten."""
_PATIENCE_ALONE = 180.0
"""Seconds that one article may take alone; the longest that is read at all takes about twenty."""
_ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True)
class Shard:
    """Some articles and the stages to run on them.

    ``tables`` holds ``raw_articles``, or ``articles`` and ``segments`` where ``clean`` is still good, and the
    ``corrections`` of these articles.
    """

    name: str
    stages: tuple[str, ...]
    articles: tuple[str, ...]
    tables: Tables

    def only(self, article: str) -> Shard:
        """The same for one of its articles."""
        import pyarrow.compute as pc

        tables = {name: table.filter(pc.equal(table["article_id"], article)) for name, table in self.tables.items()}
        return Shard(f"{self.name}-{article}", self.stages, (article,), tables)


@dataclass(frozen=True)
class Done:
    """What became of a shard: its rows by stage (``tables[stage][table]``), or why it could not be worked on."""

    shard: Shard
    tables: Mapping[str, Tables]
    failure: str | None = None


def work(shard: Shard, settings: Settings) -> dict[str, Tables]:
    """Run the shard's stages one after the other; runs in a worker."""
    from pipeline.stages import ARTICLE_STAGES

    tables, made = dict(shard.tables), {}
    for stage in ARTICLE_STAGES:
        if stage.name in shard.stages:
            made[stage.name] = stage(tables, settings)
            tables.update(made[stage.name])
    return made


def work_through(
    shards: Sequence[Shard],
    settings: Settings,
    workers: int,
    task: Callable[[Shard, Settings], dict[str, Tables]] = work,
    patience: float = _PATIENCE,
    patience_alone: float = _PATIENCE_ALONE,
) -> Iterator[Done]:
    """The rows of every shard, as they are finished.

    Raises:
        PipelineError: a worker met an error that is no single article's, such as a damaged model.
    """
    waiting = deque(shards)
    pool = _pool(workers)
    try:
        pool.submit(int).result()
    except BrokenProcessPool as error:
        raise PipelineError(
            "worker processes cannot start; if this is a script of yours, put the call of run() below "
            'if __name__ == "__main__": in a file'
        ) from error
    under_way: dict[Future[dict[str, Tables]], Shard] = {}
    try:
        while waiting or under_way:
            suspects: list[Shard] = []
            try:
                while waiting and len(under_way) < workers + 1:
                    under_way[pool.submit(task, waiting[0], settings)] = waiting[0]
                    waiting.popleft()
                finished, _ = wait(under_way, timeout=patience, return_when=FIRST_COMPLETED)
                if not finished:
                    _kill(pool)
            except BrokenProcessPool:
                finished = set(under_way)
            for future in finished:
                shard = under_way.pop(future)
                try:
                    yield Done(shard, future.result())
                except BrokenProcessPool:
                    suspects.append(shard)
            if suspects or getattr(pool, "_broken", False):
                suspects += under_way.values()
                under_way.clear()
                pool.shutdown(wait=True, cancel_futures=True)
                for shard in suspects:
                    log.warning("a worker died; running the %d article(s) of its shard one by one", len(shard.articles))
                    yield from _one_by_one(shard, settings, task, patience_alone)
                pool = _pool(workers)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _one_by_one(
    shard: Shard, settings: Settings, task: Callable[[Shard, Settings], dict[str, Tables]], patience: float
) -> Iterator[Done]:
    pool: ProcessPoolExecutor | None = None
    try:
        for article in shard.articles:
            alone = shard.only(article)
            failure: str | None = "its worker died three times (out of memory, or a defect in a library)"
            made: dict[str, Tables] = {}
            for _ in range(_ATTEMPTS):
                pool = pool or _pool(1)
                try:
                    made, failure = pool.submit(task, alone, settings).result(timeout=patience), None
                    break
                except BrokenProcessPool:
                    _end(pool)
                    pool = None
                except TimeoutError:
                    failure = f"its worker had not come to an end with it after {patience:.0f} seconds"
                    _end(pool)
                    pool = None
                    break
            yield Done(alone, made, failure)
    finally:
        if pool is not None:
            pool.shutdown(wait=True, cancel_futures=True)


def _end(pool: ProcessPoolExecutor) -> None:
    _kill(pool)
    pool.shutdown(wait=True, cancel_futures=True)


def _kill(pool: ProcessPoolExecutor) -> None:
    """End the workers of ``pool`` at once: waiting for one that hangs would never end."""
    for process in list((pool._processes or {}).values()):  # noqa: SLF001  public from Python 3.14 on
        process.kill()


def _pool(workers: int) -> ProcessPoolExecutor:
    """Fresh processes, each on one thread: the variables must stand before NumPy is imported there."""
    for name in _ONE_THREAD:
        os.environ.setdefault(name, "1")
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"), initializer=_end_with_parent)


def _end_with_parent() -> None:
    """Let this worker end when the run is killed: it would wait for work for ever, holding its memory."""

    def watch() -> None:
        parent = multiprocessing.parent_process()
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
