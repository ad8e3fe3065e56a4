"""The recipe of models/en_news, as far as it needs no torch: what the sets come to, and the dress of their sentences."""

import random
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import spacy
from click.testing import CliRunner

MODELS = Path(__file__).resolve().parent.parent / "models"
sys.path.insert(0, str(MODELS))

import train  # noqa: E402
from recipe import dress, sets  # noqa: E402

PLACE, OTHER = "GPE|LOC|FAC", "NORP|EVENT|LAW|WORK_OF_ART|PRODUCT"


@cache
def lists() -> sets.WordLists:
    return sets.WordLists(MODELS / "labels.toml")


@cache
def resolver() -> sets.LabelResolver:
    typed = {"Lake Orla": {"LOC": 4}, "Orla Hotel": {"FAC": 3}, "Night Train": {"WORK_OF_ART": 2}}
    return sets.LabelResolver(typed, lists())


@cache
def world() -> dress.World:
    typed = {"Ana Orla": {"PERSON": 2}, "Orlaville": {"GPE": 1}, "Orla Group": {"ORG": 1}}
    return dress.World(MODELS / "world.toml", lists(), typed, spacy.blank("en").tokenizer)


def sentence(text: str, *names: tuple[int, int, str], source: str = "wikigold") -> sets.Sentence:
    words = tuple(text.split())
    marked = tuple(sets.Name(a, b, (label,)) for a, b, label in names)
    return sets.Sentence(source, words, (True,) * len(words), marked)


def spans(made: sets.Sentence) -> list[tuple[str, tuple[str, ...]]]:
    return [(" ".join(made.words[n.start : n.end]), n.labels) for n in made.names or ()]


def test_training_names_the_set_that_is_missing(tmp_path: Path) -> None:
    """A folder without the sets fails at once, in one line that names the first missing set and its path."""
    result = CliRunner().invoke(train.main, [str(tmp_path), str(tmp_path / "out")])
    assert result.exit_code == 1
    assert (
        result.output == f"Error: the training set ewt-train is missing: no file {tmp_path}/syntax/ewt-train.conllu\n"
    )


@pytest.mark.parametrize(
    ("words", "name", "expected"),
    [
        ("the Orla Bank failed", (0, 3, "ORG"), (1, 3, ("ORG",))),
        ("President Ana Delgado left", (0, 3, "PERSON"), (1, 3, ("PERSON",))),
        ("Orla 's coast", (0, 2, PLACE), (0, 1, ("GPE", "LOC", "FAC"))),
        ("near Lake Orla today", (1, 3, PLACE), (1, 3, ("LOC",))),
        ("at Orla Airport today", (1, 3, PLACE), (1, 3, ("FAC",))),
        ("the 1998 Orla Treaty", (1, 4, OTHER), (1, 4, ("LAW",))),
        ("after Hurricane Orla hit", (1, 3, OTHER), (1, 3, ("EVENT",))),
        ("a Kenyan farmer", (1, 2, "ORG"), (1, 2, ("NORP",))),
        ("her Zorbo broke", (1, 2, OTHER), (1, 2, tuple(OTHER.split("|")))),
    ],
)
def test_names_get_our_boundaries_and_every_label_that_they_may_have(
    words: str, name: tuple[int, int, str], expected: tuple[int, int, tuple[str, ...]]
) -> None:
    """Sets differ in labels and in what belongs to a name; the recipe makes them agree, and keeps what it can't tell."""
    (got,) = sets.clean_names(tuple(words.split()), [name], resolver(), set(), "uner_ewt-train")
    assert (got.start, got.end, got.labels) == expected


def test_unmarked_nationalities_become_names() -> None:
    """Nationalities are learnt also from sets that do not mark them, but not where the word is a language."""
    words = ("Two", "Kenyan", "men", "spoke", "in", "French")
    got = sets.clean_names(words, [], resolver(), set(), "gum_open")
    assert [(n.start, n.end, n.labels) for n in got] == [(1, 2, ("NORP",))]


def test_a_name_that_new_words_cannot_hold_is_unknown() -> None:
    """spaCy's tokenizer cuts anew; a name keeps its words, or counts as unknown where they no longer end with it."""
    whole = sentence("Men of Orla-Nord left", (2, 3, "GPE"))
    cut = sets.cut_anew(whole, spacy.blank("en").tokenizer)
    assert spans(cut) == [("Orla - Nord", ("GPE",))]
    half = sets.Sentence("wikigold", ("Or", "la", "stays"), (False, True, True), (sets.Name(1, 2, ("ORG",)),))
    assert [n.labels for n in sets.cut_anew(half, spacy.blank("en").tokenizer).names or ()] == [()]


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("upper", "RAIN FELL IN SÃO ORLA"),
        ("title", "Rain Fell In São Orla"),
        ("headline", "Rain Fell in São Orla"),
        ("lower", "rain fell in são orla ."),
        ("plain", "Rain fell in Sao Orla ."),
    ],
)
def test_dress_changes_letters_and_keeps_names(style: str, expected: str) -> None:
    """Headlines lose their full stop; the name stays where it was."""
    made = dress.restyled(sentence("Rain fell in São Orla .", (3, 5, "GPE")), style)
    assert " ".join(made.words) == expected
    assert [(n.start, n.end) for n in made.names or ()] == [(3, 5)]


def test_swapped_names_stand_where_the_old_ones_stood() -> None:
    """Every other word stays in its order, every name gets a label, and the tree, which no longer fits, goes."""
    before = sentence("Ana Delgado of the Orla Group left Orlaville .", (0, 2, "PERSON"), (4, 6, "ORG"), (7, 8, "GPE"))
    changed = 0
    for seed in range(40):
        made = dress.swapped(before, world(), random.Random(seed), share=1.0)
        kept = [w for i, w in enumerate(made.words) if not any(n.start <= i < n.end for n in made.names or ())]
        assert [w for w in kept if w in ("of", "the", "left", ".")] == ["of", "the", "left", "."]
        assert len(made.words) == len(made.spaces)
        assert len(made.names or ()) == 3
        assert made.tree is None
        changed += spans(made) != spans(before)
    assert changed > 35


@pytest.mark.parametrize("label", sets.LABELS)
def test_the_world_has_names_of_every_label(label: str) -> None:
    """Fifty draws give at least twenty different names, none with a hole of its pattern left open."""
    rng: Any = random.Random(4)
    names = {world().name(label, rng, 2) for _ in range(50)}
    assert len(names) >= 20
    assert not [name for name in names if "{" in name or not name.strip()]


def test_a_dateline_names_its_place_and_moves_the_other_names() -> None:
    """The report's own names stand behind the dateline, unchanged."""
    made = dress.datelined(sentence("Ana Delgado left .", (0, 2, "PERSON")), world(), random.Random(1))
    assert spans(made)[0][1] == ("GPE",)
    assert spans(made)[-1] == ("Ana Delgado", ("PERSON",))
