"""From the network's numbers to names, sentences and trees that hold together."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from pipeline.nlp import decode
from pipeline.nlp.decode import Bools, Floats, Ints

SCHEME = decode.Scheme(["O", "B-PERSON", "I-PERSON", "B-GPE", "I-GPE"])


def logits(words: str, *, second: str = "") -> Floats:
    """Scores in which each word's label is the likeliest, and the one in ``second`` the next."""
    table = np.zeros((len(words.split()), len(SCHEME.labels)))
    for row, label in enumerate(words.split()):
        table[row, SCHEME.labels.index(label)] = 4
    for row, label in enumerate(second.split()):
        table[row, SCHEME.labels.index(label)] += 3
    return table


def places(count: int, *true: int) -> Bools:
    found = np.zeros(count, dtype=bool)
    found[[0, *true]] = True
    return found


def well_formed(labels: list[str], starts: Bools) -> bool:
    return all(
        not label.startswith("I-") or (i > 0 and not starts[i] and labels[i - 1][2:] == label[2:])
        for i, label in enumerate(labels)
    )


@pytest.mark.parametrize(
    ("likeliest", "second", "breaks", "expected"),
    [
        ("O B-GPE I-GPE O", "", [], "O B-GPE I-GPE O"),
        ("O B-GPE B-GPE O", "", [], "O B-GPE B-GPE O"),
        ("O I-GPE I-GPE O", "O B-GPE O O", [], "O B-GPE I-GPE O"),
        ("B-PERSON I-GPE O", "B-GPE I-PERSON O", [], "B-PERSON I-PERSON O"),
        ("B-PERSON I-PERSON O", "O B-PERSON O", [1], "B-PERSON B-PERSON O"),
        ("I-GPE O", "O O", [], "O O"),
    ],
    ids=["right already", "two names", "begins in the middle", "changes its kind", "over a break", "at the beginning"],
)
def test_names_are_well_formed(likeliest: str, second: str, breaks: list[int], expected: str) -> None:
    """A name begins with its first word, keeps its kind and runs over no break; the likeliest such reading wins."""
    table = logits(likeliest, second=second)
    labels = decode.name_labels(table, places(len(table), *breaks), SCHEME)
    assert [SCHEME.labels[n] for n in labels] == expected.split()


@pytest.mark.parametrize("seed", range(12))
def test_names_are_the_likeliest_of_all_well_formed_readings(seed: int) -> None:
    """Every reading of five words, tried one by one, gives no better one."""
    chance = np.random.default_rng(seed)
    table, starts = chance.normal(size=(5, 5)), places(5, *([3] if seed % 2 else []))
    best = max(
        (c for c in itertools.product(range(5), repeat=5) if well_formed([SCHEME.labels[n] for n in c], starts)),
        key=lambda c: sum(table[i, n] for i, n in enumerate(c)),
    )
    assert decode.name_labels(table, starts, SCHEME).tolist() == list(best)


def test_names_are_cut_out_of_their_labels() -> None:
    """One span a name, with its kind, also where names touch or end the text."""
    table = logits("B-PERSON I-PERSON B-GPE O B-GPE")
    labels = decode.name_labels(table, places(5), SCHEME)
    assert decode.spans(labels, SCHEME) == [(0, 2, "PERSON"), (2, 3, "GPE"), (4, 5, "GPE")]


@pytest.mark.parametrize(
    ("breaks", "temperature", "expected"),
    [([], 1.0, 0.9 * 0.8 * (1 - 0.3)), ([2], 1.0, 0.9 * 0.8), ([2], 2.0, None)],
    ids=["may go on", "a break stands behind it", "smoothed"],
)
def test_how_likely_a_name_is(breaks: list[int], temperature: float, expected: float | None) -> None:
    """All its words bear the right label and the next word does not continue it; temperature pulls towards doubt."""
    shares = np.array([[0.1, 0.9, 0, 0, 0], [0.1, 0, 0.8, 0.1, 0], [0.6, 0, 0.3, 0.1, 0]])
    table = np.log(shares + 1e-12)
    labels = np.array([1, 2, 0])
    (got,) = decode.name_probabilities(table, labels, [(0, 2, "PERSON")], places(3, *breaks), SCHEME, temperature)
    if expected is None:
        assert 0.3 < got < 0.9 * 0.8
    else:
        assert got == pytest.approx(expected)


@pytest.mark.parametrize(
    ("scores", "must", "never", "longest", "expected"),
    [
        ([9, -1, 2, -1], [], [], 9, [0, 2]),
        ([-9, -1, -1, -1], [], [], 9, [0]),
        ([9, -1, 2, 2], [], [2], 9, [0, 3]),
        ([9, -1, -2, -1], [2], [2], 9, [0, 2]),
        ([9, -9, -9, -2, -1, -3, -9], [], [], 5, [0, 4]),
        ([9, -9, -9, -2, -1, -3, -9], [], [4], 5, [0, 3]),
        ([9, -9, -9, -9, -9, -9, -9], [], [1, 2, 3, 4, 5, 6], 3, [0, 3, 6]),
    ],
    ids=["likely", "text", "forbidden", "compelled", "too long", "too long, forbidden", "too long, nowhere allowed"],
)
def test_where_sentences_begin(
    scores: list[float], must: list[int], never: list[int], longest: int, expected: list[int]
) -> None:
    """Where it is likely and allowed, where it must be, and where a sentence would have no end."""
    forbidden = np.zeros(len(scores), dtype=bool)
    forbidden[never] = True
    got = decode.sentence_starts(np.array(scores), places(len(scores), *must), forbidden, longest)
    assert np.flatnonzero(got).tolist() == expected


def is_tree(heads: Ints | tuple[int, ...]) -> bool:
    """One word is its own head, and all others lead to it."""
    if sum(head == word for word, head in enumerate(heads)) != 1:
        return False
    for start in range(len(heads)):
        word = start
        for _ in heads:
            word = heads[word]
        if heads[word] != word:
            return False
    return True


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([[5]], [0]),
        ([[9, 0, 0], [8, 1, 2], [0, 7, 1]], [0, 0, 1]),
        ([[9, 0, 0], [1, 1, 8], [3, 8, 1]], [0, 2, 0]),
        ([[9, 0, 0], [1, 8, 0], [0, 7, 1]], [0, 0, 1]),
        ([[1, 9, 0], [9, 2, 0], [0, 9, 0]], [1, 1, 1]),
    ],
    ids=["one word", "a tree already", "a cycle", "two roots", "no root"],
)
def test_heads_are_one_tree(scores: list[list[float]], expected: list[int]) -> None:
    """Cycles are opened and second roots hung up where that costs least."""
    assert decode.heads(np.array(scores, dtype=float)).tolist() == expected


@pytest.mark.parametrize("count", [2, 3, 4, 5])
@pytest.mark.parametrize("seed", range(10))
def test_heads_are_the_best_tree(count: int, seed: int) -> None:
    """Every tree over a few words, tried one by one, is no better."""
    scores = np.random.default_rng(seed).normal(size=(count, count))
    trees = (heads for heads in itertools.product(range(count), repeat=count) if is_tree(heads))
    best = max(trees, key=lambda heads: sum(scores[word, head] for word, head in enumerate(heads)))
    assert decode.heads(scores).tolist() == list(best)


@pytest.mark.parametrize("seed", range(5))
def test_long_sentences_have_a_tree_too(seed: int) -> None:
    """Cycles within cycles, and words that no window saw together."""
    chance = np.random.default_rng(seed)
    scores = chance.normal(size=(120, 120)) * 5
    apart = np.abs(np.arange(120)[:, None] - np.arange(120)) > 70
    heads = decode.heads(np.where(apart, -np.inf, scores))
    assert is_tree(heads)
    assert not apart[np.arange(120), heads].any()


def test_the_root_alone_is_root() -> None:
    """The root's relation is ROOT though another is likelier, and no other word's is, though ROOT is likeliest."""
    dep_side = np.array([[[0.0], [5.0], [1.0]], [[9.0], [1.0], [2.0]]])
    head_side = np.ones((2, 1))
    got = decode.relations(dep_side, head_side, np.array([0, 0]), np.array([0, 1]), root=0)
    assert got.tolist() == [0, 2]


def test_a_relation_depends_on_the_head() -> None:
    """The same word is another thing under another head."""
    dep_side = np.array([[[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]])
    head_side = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    got = [decode.relations(dep_side, head_side, np.array([h]), np.array([0]), root=0).tolist() for h in (1, 2)]
    assert got == [[1], [2]]
