"""Parquet on disk: whole snapshots that switch at once, and the finished pieces of an unfinished run.

::

    outputs/
      mentions.parquet -> current/mentions.parquet     one link per table, made once
      current -> .snapshots/<run>                      flipped by one atomic rename
      .snapshots/<run>/*.parquet, _keys.parquet, _files.parquet, _link_*.parquet, _manifest.json
      .work/<piece>/*.parquet, _keys.parquet           finished shards of a run that has not published yet

The state of a corpus is the current snapshot: its tables, the key that each article's rows were made
from, what each file was found to hold, and what linking remembers. Rows and keys travel in one folder that
appears by one rename, so they cannot disagree. A reader sees the old tables or the new ones, never a mixture; old
snapshots stay for a day. Where the file system has no symbolic links, the tables are copied beside a pointer file ``_current``.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import StoreError
from pipeline.schema import MEMORY, TABLES, declared

if TYPE_CHECKING:
    import pyarrow as pa

_KEYS = "_keys"
_FILES = "_files"
_DAY = 86_400
Tables = dict[str, "pa.Table"]
Keys = dict[str, dict[str, str]]
"""Stage name -> article_id -> the key its rows were made from."""
Files = dict[str, tuple[str, str]]
"""Place of a file -> a key of its bytes, and what it was found to hold, as JSON."""


class Store:
    """The output folder of one corpus."""

    def __init__(self, folder: Path) -> None:
        """``folder`` need not exist; nothing is written before :meth:`lock`."""
        self.folder = folder
        self._work = folder / ".work"
        self._snapshots = folder / ".snapshots"

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the folder for one run; what a killed run left half-written is removed.

        Raises:
            StoreError: another run holds it, or it holds tables that are not Concord's.
        """
        import filelock

        ours = self._snapshots.is_dir()
        lock = filelock.FileLock(self.folder / ".lock")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            foreign = [t for t in TABLES if self._link(t).exists() and not ours]
            if foreign:
                raise StoreError(
                    f"output {self.folder}: {foreign[0]}.parquet there is not Concord's; choose another --output, or move it"
                )
            self._snapshots.mkdir(exist_ok=True)
            lock.acquire(timeout=0)
        except filelock.Timeout as error:
            raise StoreError(
                f"output {self.folder}: another run is writing there; wait for it, or choose another --output"
            ) from error
        except OSError as error:
            raise StoreError(
                f"output {self.folder}: cannot be written ({error.strerror}); choose another --output"
            ) from error
        try:
            for half in (*self._snapshots.glob("*.tmp"), *self._work.glob("*.tmp")):
                shutil.rmtree(half, ignore_errors=True)
            yield
        finally:
            lock.release()

    # --- what is there -----------------------------------------------------------------------------

    def current(self) -> Path | None:
        """The folder of the current snapshot; None before the first run."""
        link, pointer = self.folder / "current", self.folder / "_current"
        name = (
            pointer.read_text("utf8").strip()
            if pointer.is_file()
            else os.path.realpath(link)
            if link.is_symlink()
            else ""
        )
        path = self._snapshots / Path(name).name if name else None
        return path if path and path.is_dir() else None

    def tables(self, *names: str) -> Tables:
        """The named tables of the current snapshot, typed and empty where there is none."""
        return read_tables(self.current(), names)

    def keys(self) -> Keys:
        """The keys of the current snapshot."""
        return _read_keys(self.current())

    def files(self) -> Files:
        """What the files of the corpus held when the current snapshot was made."""
        import pyarrow.parquet as pq

        current = self.current()
        path = current / f"{_FILES}.parquet" if current else None
        if not (path and path.exists()):
            return {}
        held = pq.read_table(path, partitioning=None).to_pydict()
        return dict(zip(held["file"], zip(held["key"], held["contents"], strict=True), strict=True))

    def counts(self) -> dict[str, int]:
        """Rows per table of the current snapshot."""
        import pyarrow.parquet as pq

        current = self.current()
        return (
            {t: pq.read_metadata(current / f"{t}.parquet").num_rows for t in TABLES if t != "runs"} if current else {}
        )

    def manifest(self) -> dict[str, Any]:
        """What the current snapshot was made of; empty before the first run."""
        current = self.current()
        return json.loads((current / "_manifest.json").read_text("utf8")) if current else {}

    def pieces(self) -> Iterator[tuple[Path, Keys]]:
        """The finished pieces that an unfinished run left, with their keys."""
        for folder in sorted(self._work.glob("*")):
            if (folder / f"{_KEYS}.parquet").exists() and folder.suffix != ".tmp":
                yield folder, _read_keys(folder)

    # --- writing -----------------------------------------------------------------------------------

    def save_piece(self, name: str, tables: Mapping[str, pa.Table], keys: Keys) -> None:
        """Keep a finished shard until the run publishes."""
        self._appear(self._work / name, tables, keys)

    def publish(
        self, name: str, tables: Mapping[str, pa.Table], keys: Keys, manifest: Mapping[str, Any], files: Files
    ) -> None:
        """Make ``tables`` the current snapshot, all at once, and clear away what it replaces."""
        snapshot = self._snapshots / name
        self._appear(snapshot, tables, keys, manifest, files)
        if self._can_link():
            self._flip(snapshot)
        else:
            self._copy(snapshot)
        self.forget_pieces()
        self._prune(snapshot)

    def settle(self) -> None:
        """Where nothing is to be written: see that the tables can be reached, and clear away what is published."""
        if current := self.current():
            if self._can_link():
                self._make_links()
            else:
                self._copy(current)
        self.forget_pieces()

    def forget_pieces(self) -> None:
        """Remove finished pieces: what they hold is published."""
        shutil.rmtree(self._work, ignore_errors=True)

    def _appear(
        self,
        folder: Path,
        tables: Mapping[str, pa.Table],
        keys: Keys,
        manifest: Mapping[str, Any] | None = None,
        files: Files | None = None,
    ) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        half = folder.with_name(folder.name + ".tmp")
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(parents=True)
        for name, table in tables.items():
            pq.write_table(table, half / _file(name), compression="zstd", row_group_size=100_000)

        def strings(name: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
            values = list(zip(*rows, strict=True)) or [()] * len(columns)
            flat = {c: pa.array(v, pa.string()) for c, v in zip(columns, values, strict=True)}
            pq.write_table(pa.table(flat), half / f"{name}.parquet", compression="zstd")

        held = [(stage, article, key) for stage, made in sorted(keys.items()) for article, key in sorted(made.items())]
        strings(_KEYS, ("stage", "article_id", "key"), held)
        if files is not None:
            strings(_FILES, ("file", "key", "contents"), [(name, *told) for name, told in sorted(files.items())])
        if manifest is not None:
            (half / "_manifest.json").write_text(json.dumps(manifest, sort_keys=True, indent=1), "utf8")
        for file in half.iterdir():
            with file.open("rb+") as handle:
                os.fsync(handle.fileno())
        shutil.rmtree(folder, ignore_errors=True)
        half.rename(folder)

    def _link(self, table: str) -> Path:
        return self.folder / f"{table}.parquet"

    def _can_link(self) -> bool:
        probe = self._snapshots / ".link"
        try:
            probe.unlink(missing_ok=True)
            probe.symlink_to("nowhere")
            probe.unlink()
        except OSError:
            return False
        return True

    def _flip(self, snapshot: Path) -> None:
        self._make_links()
        fresh = self.folder / ".current.tmp"
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(Path(".snapshots") / snapshot.name, target_is_directory=True)
        fresh.replace(self.folder / "current")
        (self.folder / "_current").unlink(missing_ok=True)

    def _make_links(self) -> None:
        """One link per table, over a copy that stood there when links could not be made."""
        for table in TABLES:
            link, fresh = self._link(table), self.folder / f".{table}.tmp"
            if not link.is_symlink():
                fresh.unlink(missing_ok=True)
                fresh.symlink_to(Path("current") / f"{table}.parquet")
                fresh.replace(link)

    def _copy(self, snapshot: Path) -> None:
        for table in TABLES:
            half = self.folder / f"{table}.parquet.tmp"
            shutil.copyfile(snapshot / f"{table}.parquet", half)
            half.replace(self._link(table))
        pointer = self.folder / "_current.tmp"
        pointer.write_text(snapshot.name, "utf8")
        pointer.replace(self.folder / "_current")

    def _prune(self, keep: Path) -> None:
        """Remove snapshots that ceased to be current more than a day ago."""
        old = sorted(
            (p for p in self._snapshots.iterdir() if p.is_dir() and p != keep), key=lambda p: p.stat().st_mtime
        )
        for i, path in enumerate(old):
            follower = old[i + 1] if i + 1 < len(old) else keep
            if time.time() - follower.stat().st_mtime > _DAY:
                shutil.rmtree(path, ignore_errors=True)


def read_tables(folder: Path | None, names: tuple[str, ...]) -> Tables:
    """The named tables in a snapshot or piece, in today's columns; a table that it lacks is empty, with its schema."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    found: Tables = {}  # cast in any case: Parquet gives the parts of a list another name
    for name in names:
        path, schema = folder / _file(name) if folder else None, declared(name).schema
        if not (path and path.exists()):
            found[name] = schema.empty_table()
            continue
        table = pq.read_table(path, partitioning=None)
        held = set(table.column_names)
        columns = [table[f.name].cast(f.type) if f.name in held else pa.nulls(len(table), f.type) for f in schema]
        found[name] = pa.Table.from_arrays(columns, schema=schema)
    return found


def _file(table: str) -> str:
    """The file of a table; what is no part of the contract begins with an underscore."""
    return f"_{table}.parquet" if table in MEMORY else f"{table}.parquet"


def _read_keys(folder: Path | None) -> Keys:
    import pyarrow.parquet as pq

    path = folder / f"{_KEYS}.parquet" if folder else None
    keys: Keys = {}
    if path and path.exists():
        columns = pq.read_table(path, partitioning=None).to_pydict()
        for stage, article, key in zip(columns["stage"], columns["article_id"], columns["key"], strict=True):
            keys.setdefault(stage, {})[article] = key
    return keys


def remove(folder: Path) -> None:
    """Remove the tables that Concord wrote to ``folder``, and nothing else."""
    for name in (".snapshots", ".work"):
        shutil.rmtree(folder / name, ignore_errors=True)
    for name in ("current", "_current", ".lock", *(f"{table}.parquet" for table in TABLES)):
        (folder / name).unlink(missing_ok=True)


if __name__ == "__main__":
    import sys

    remove(Path(sys.argv[1]))
