"""Readers of the tables: an article in the terminal, the codebook.

:func:`load` is how a reader gets at a table: it takes an output folder as it stands and says in one
line what is wrong with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.errors import UsageError
from pipeline.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def load(
    outputs: Path, name: str, columns: Sequence[str] | None = None, article_ids: Sequence[str] | None = None
) -> list[dict[str, Any]]:
    """The rows of table ``name`` in folder ``outputs``: all of them, or those of ``article_ids``.

    Raises:
        UsageError: there is no such table, or it lacks a column that the schema declares.
    """
    import pyarrow.parquet as pq
    from pyarrow import ArrowException

    path, make = outputs / f"{name}.parquet", f"make it with: concord extract CORPUS --output {outputs}"
    if not path.exists():
        raise UsageError(f"{outputs} holds no {name}.parquet; {make}")
    filters = None if article_ids is None else [("article_id", "in", list(article_ids))]
    wanted = list(columns or TABLES[name].names)
    try:
        parts = pq.ParquetDataset(path, filters=filters)
        missing = [column for column in wanted if column not in parts.schema.names]
        rows: list[dict[str, Any]] = [] if missing else parts.read(columns=wanted).to_pylist()
    except (ArrowException, OSError) as error:
        raise UsageError(f"{path} cannot be read ({error}); {make}") from error
    if missing:
        raise UsageError(f"{path} has no column {', '.join(missing)}: another version of Concord wrote it; {make}")
    return rows
