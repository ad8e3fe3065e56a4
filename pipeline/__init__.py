"""Concord: a folder of news reports becomes typed Parquet tables.

::

    import pipeline

    pipeline.run_corpus("corpus", "outputs")
    mentions = pipeline.read_table("outputs", "mentions")

Importing this package loads neither spaCy nor pandas.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from pipeline.run import Summary

__all__ = ["Settings", "read_table", "run_corpus"]


def run_corpus(corpus: Path | str, output: Path | str, settings: Settings | None = None, **options: Any) -> Summary:
    """Bring the tables in ``output`` up to date with ``corpus``; see :func:`pipeline.run.run`.

    Under a script, call it below ``if __name__ == "__main__":``, because it starts processes.
    """
    from pipeline.run import run

    return run(corpus, output, settings, **options)


def read_table(output: Path | str, table: str) -> pd.DataFrame:
    """One table of ``output`` as a DataFrame.

    Raises:
        UsageError: there is no such table, or nothing has been extracted there.
    """
    from pathlib import Path

    from pipeline.errors import UsageError
    from pipeline.schema import TABLES

    path = Path(output) / f"{table}.parquet"
    if table not in TABLES:
        raise UsageError(f"there is no table {table}; tables are {', '.join(TABLES)}")
    if not path.exists():
        raise UsageError(f"{path} is not there; `concord extract CORPUS --output {output}` makes it")
    import pandas as pd

    return pd.read_parquet(path)
