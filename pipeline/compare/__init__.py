"""All quantities and quotes -> figures, groups and pairs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipeline.schema import conform

if TYPE_CHECKING:
    import pyarrow as pa

    from pipeline.settings import CompareSettings


def compare(tables: Mapping[str, pa.Table], settings: CompareSettings) -> dict[str, pa.Table]:
    """The comparison tables: typed, and without rows until figures are lined up."""
    del tables, settings
    return {name: conform(name, []) for name in ("figures", "figure_groups", "figure_pairs")}
