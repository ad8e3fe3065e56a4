"""The word lists and rules beside this file, each with its editing policy in the lines that begin with ``#``."""

from __future__ import annotations

import csv
import tomllib
from importlib.resources import files
from typing import Any


def rows(name: str) -> list[dict[str, str]]:
    """The rows of the CSV file ``name``, each by its header's column names."""
    lines = files(__name__).joinpath(name).read_text("utf8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def toml(name: str) -> dict[str, Any]:
    """What the TOML file ``name`` says; a new object at each call, which the caller may change."""
    return tomllib.loads(files(__name__).joinpath(name).read_text("utf8"))
