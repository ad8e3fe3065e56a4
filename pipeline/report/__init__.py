"""Readers of the tables: an article or an entity in the terminal, lists, the codebook.

:func:`load` is how a reader gets at a table: it takes an output folder as it stands and says in one
line what is wrong with it.
"""

from __future__ import annotations

import functools
import operator
from typing import TYPE_CHECKING, Any

from pipeline.errors import UsageError
from pipeline.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path


def load(
    outputs: Path,
    name: str,
    columns: Sequence[str] | None = None,
    where: Mapping[str, Iterable[str]] | None = None,
) -> list[dict[str, Any]]:
    """The rows of table ``name`` in folder ``outputs``: all of them, or those of ``where``.

    Args:
        outputs: the folder.
        name: the table.
        columns: what of it; all columns by default.
        where: column -> values; a row is wanted if one of the columns holds one of its values.

    Raises:
        UsageError: there is no such table, or it lacks a column that the schema declares.
    """
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    path, make = outputs / f"{name}.parquet", f"make it with: concord extract CORPUS --output {outputs}"
    if not path.exists():
        raise UsageError(f"{outputs} holds no {name}.parquet; {make}")
    wanted_rows = [
        pc.field(column).isin(pa.array(sorted(values), pa.string())) for column, values in (where or {}).items()
    ]
    wanted = list(columns or TABLES[name].names)
    try:
        parts = pq.ParquetDataset(path, filters=functools.reduce(operator.or_, wanted_rows) if wanted_rows else None)
        missing = [column for column in wanted if column not in parts.schema.names]
        rows: list[dict[str, Any]] = [] if missing else parts.read(columns=wanted).to_pylist()
    except (pa.ArrowException, OSError) as error:
        raise UsageError(f"{path} cannot be read ({error}); {make}") from error
    if missing:
        raise UsageError(f"{path} has no column {', '.join(missing)}: another version of Concord wrote it; {make}")
    return rows
