"""The house: who may import whom, and that importing costs nothing."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.factories import ROOT

PACKAGE = ROOT / "pipeline"

LAYERS = (
    {"__main__"},
    {"cli"},
    {"run"},
    {"plan", "workers", "evaluate"},
    {"report"},
    {"stages"},
    {"clean", "extract", "link", "compare"},
    {"read"},
    {"nlp", "store"},
    {"resources"},
    {"offsets", "ids", "settings"},
    {"schema"},
    {"errors"},
)
"""Top to bottom: a module imports from layers below its own only (and within its own package)."""
OUTSIDE = {"store": {"schema", "errors"}, "schema": {"errors"}}
"""Modules that may import these and nothing else of ours."""


def layer(name: str) -> int:
    return next(i for i, names in enumerate(LAYERS) if name in names)


def imports(path: Path) -> set[str]:
    """The parts of this package that a file imports, at any depth of the file."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{a.name}" if node.module == "pipeline" else node.module for a in node.names}
    return {name.split(".")[1] for name in found if name.startswith("pipeline.")}


FILES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_imports_go_down(path: Path) -> None:
    """cli -> run -> stages -> the stages -> nlp, resources -> schema, settings, errors."""
    own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if own == "__init__":
        return
    for other in imports(path) - {own}:
        assert layer(other) > layer(own), f"{path.name} imports {other} from its own layer or above"
        assert own not in OUTSIDE or other in OUTSIDE[own]


def test_importing_loads_nothing_heavy() -> None:
    """``import pipeline`` and ``concord --help`` need neither spaCy nor pandas nor pyarrow."""
    code = "import sys, pipeline, pipeline.cli; print([m for m in ('spacy', 'pandas', 'pyarrow', 'numpy', 'dateparser') if m in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert told.stdout.strip() == "[]"


def test_no_file_is_a_drawer() -> None:
    """No module is named for being left over."""
    assert not [p for p in FILES if p.stem in {"utils", "helpers", "common", "misc"}]


@pytest.mark.parametrize("word", ["set_extension(", "search_dates(", "date.today(", "utcnow("])
def test_what_the_code_never_calls(word: str) -> None:
    """No process-global extensions, no search_dates, no clock."""
    assert not [p for p in FILES if word in p.read_text("utf8")]


def test_the_clock_is_read_in_runs_alone() -> None:
    """Only the runner, the store's pruning and the progress bar know what time it is."""
    readers = {
        p.name
        for p in FILES
        if "datetime.now(" in p.read_text("utf8")
        or "time.time(" in p.read_text("utf8")
        or "dt.datetime.now" in p.read_text("utf8")
    }
    assert readers <= {"run.py", "store.py"}
