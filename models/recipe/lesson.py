"""Sentences -> windows of numbers -> losses: what the network is asked, and how it is marked."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from pipeline.nlp.pieces import SHAPES, Vocabulary, shape
from recipe.network import Sizes
from recipe.sets import HABITS, LABELS, UNMARKED, Sentence, habit

UNKNOWN = -100  # the target of a word about which nothing is known: torch's own mark for "leave out"
NAME_TAGS = ("O", *(f"{mark}-{label}" for label in LABELS for mark in "BI"))


class Labels:
    """Numbers for the labels of every head, from the training trees; unseen relations and tags are UNKNOWN."""

    def __init__(self, tags: list[str], pos: list[str], deps: list[str]) -> None:
        self.tags, self.pos, self.deps = tags, pos, deps
        self._tag, self._pos, self._dep = ({x: i for i, x in enumerate(xs)} for xs in (tags, pos, deps))
        self._choices: dict[tuple[int, ...], int] = {}

    @classmethod
    def of(cls, sentences: list[Sentence], least: int = 3) -> Labels:
        """The labels that occur at least ``least`` times in the trees of ``sentences``."""
        trees = [s.tree for s in sentences if s.tree]
        columns = ([x for t in trees for x in getattr(t, key)] for key in ("tags", "pos", "deps"))
        kept = [
            sorted({x for x, n in zip(*np.unique(c, return_counts=True), strict=True) if n >= least}) for c in columns
        ]
        return cls(*([str(x) for x in values] for values in kept))

    def sizes(self, pieces: int) -> Sizes:
        """The sizes of a network for these labels."""
        return Sizes(pieces, len(SHAPES) + len(HABITS), len(NAME_TAGS), len(self.tags), len(self.pos), len(self.deps))

    def pairs(self, sentences: list[Sentence], least: int = 3) -> list[list[int]]:
        """Numbers of the tags and parts of speech that go together at least ``least`` times in the gold trees."""
        trees = [s.tree for s in sentences if s.tree]
        seen = Counter(pair for t in trees for pair in zip(t.tags, t.pos, strict=True))
        known = [(self._tag.get(t, -1), self._pos.get(p, -1)) for (t, p), n in seen.items() if n >= least]
        return sorted([t, p] for t, p in known if t >= 0 and p >= 0)

    def choice(self, marks: tuple[int, ...]) -> int:
        """A number for "one of these name tags"; ``choices`` is the table of all numbers given so far."""
        return self._choices.setdefault(marks, len(self._choices))

    def choices(self) -> Tensor:
        """[choices, name tags]: 0 where a tag may be the right one, -inf elsewhere."""
        table = torch.full((len(self._choices), len(NAME_TAGS)), -torch.inf)
        for marks, number in self._choices.items():
            table[number, list(marks)] = 0.0
        return table

    def names(self, sentence: Sentence) -> list[int]:
        """For each word the number of its choice, or UNKNOWN."""
        if sentence.names is None:
            return [UNKNOWN] * len(sentence.words)
        unmarked = UNMARKED.get(sentence.source, ())
        outside = self.choice((0,))
        maybe = self.choice((0, *(_mark(m, label) for label in unmarked for m in "BI"))) if unmarked else outside
        row = [maybe if i and w[:1].isupper() and w != "I" else outside for i, w in enumerate(sentence.words)]
        for name in sentence.names:
            for i in range(name.start, name.end):
                marks = tuple(_mark("B" if i == name.start else "I", label) for label in name.labels)
                row[i] = self.choice(marks) if marks else UNKNOWN
        return row

    def tree(self, sentence: Sentence, offset: int) -> tuple[list[int], list[int], list[int], list[int]]:
        """Tags, parts of speech, heads (counted from the window's first word) and relations, or UNKNOWN."""
        tree = sentence.tree
        if tree is None:
            nothing = [UNKNOWN] * len(sentence.words)
            return nothing, nothing, nothing, nothing
        return (
            [self._tag.get(x, UNKNOWN) for x in tree.tags],
            [self._pos.get(x, UNKNOWN) for x in tree.pos],
            [h + offset if h >= 0 else UNKNOWN for h in tree.heads],
            [self._dep.get(x, UNKNOWN) for x in tree.deps],
        )


def _mark(mark: str, label: str) -> int:
    return NAME_TAGS.index(f"{mark}-{label}")


@dataclass(frozen=True)
class Window:
    """One text of a few sentences as numbers; ``columns`` are per word: names, tags, pos, heads, deps, starts, sentence."""

    pieces: np.ndarray
    shapes: np.ndarray
    words: np.ndarray
    columns: np.ndarray


COLUMNS = ("names", "tags", "pos", "heads", "deps", "starts", "sentence")


def opening(source: str) -> int:
    """What stands for a shape at a window's first piece: the habit of the set, so that the network can follow it."""
    number = habit(source)
    return 0 if number is None else len(SHAPES) + number


def window(
    group: list[Sentence], breaks: set[int], vocabulary: Vocabulary, labels: Labels, *, told: bool = True
) -> Window:
    """The sentences of ``group`` as one text; a paragraph begins at the sentences whose number is in ``breaks``.

    ``told``: whether the network is told whose habit it is to follow.
    """
    pieces, shapes = [vocabulary.start], [opening(group[0].source) if told else 0]
    words: list[int] = []
    columns: list[list[int]] = [[] for _ in COLUMNS]
    for number, sentence in enumerate(group):
        if number in breaks and number:
            pieces.append(vocabulary.end)
            shapes.append(0)
        offset = len(words)
        for word in sentence.words:
            words.append(len(pieces))
            parts = vocabulary.numbers(word)
            pieces.extend(parts)
            shapes.extend([shape(word)] * len(parts))
        size = len(sentence.words)
        begins = [1] + [0] * (size - 1) if sentence.tree else [UNKNOWN] * size
        for column, values in zip(
            columns,
            (labels.names(sentence), *labels.tree(sentence, offset), begins, [number] * size),
            strict=True,
        ):
            column.extend(values)
    pieces.append(vocabulary.end)
    shapes.append(0)
    return Window(np.array(pieces), np.array(shapes), np.array(words), np.array(columns))


def grouped(
    sentences: list[Sentence], vocabulary: Vocabulary, rng: random.Random, most: int
) -> Iterator[list[Sentence]]:
    """Runs of consecutive sentences of one document that fit a window; its size is drawn anew each time."""
    group: list[Sentence] = []
    size, budget = 0, _budget(rng, most)
    for sentence in sentences:
        length = sum(len(vocabulary.numbers(w)) for w in sentence.words)
        if length > most:
            continue
        if group and (sentence.new_doc or size + length > budget):
            yield group
            group, size, budget = [], 0, _budget(rng, most)
        group.append(sentence)
        size += length + 1
    if group:
        yield group


def _budget(rng: random.Random, most: int) -> int:
    return 1 if rng.random() < 0.12 else rng.randint(40, most)


def breaks(group: list[Sentence], rng: random.Random) -> set[int]:
    """Where paragraphs begin: mostly where they do in the treebank, now and then elsewhere."""
    return {
        number
        for number, sentence in enumerate(group)
        if (sentence.new_par and rng.random() < 0.8)
        or (number and group[number - 1].words[-1] not in '.!?”"' and rng.random() < 0.8)
        or rng.random() < 0.12
    }


def batches(windows: list[Window], rng: random.Random, pieces: int) -> Iterator[list[Window]]:
    """Batches of windows of like length with about ``pieces`` pieces each, in random order."""
    order = sorted(windows, key=lambda w: (len(w.pieces) // 8, rng.random()))
    made: list[list[Window]] = [[]]
    for item in order:
        if made[-1] and (len(made[-1]) + 1) * max(len(item.pieces), len(made[-1][0].pieces)) > pieces:
            made.append([])
        made[-1].append(item)
    rng.shuffle(made)
    yield from made


def stacked(batch: list[Window]) -> tuple[dict[str, Tensor], Tensor]:
    """The network's arguments for a batch, and its columns [batch, columns, words], padded with UNKNOWN."""
    most = max(len(w.pieces) for w in batch)
    words = max(len(w.words) for w in batch)
    pieces, shapes = np.zeros((2, len(batch), most), np.int64)
    firsts = np.zeros((len(batch), words), np.int64)
    columns = np.full((len(batch), len(COLUMNS), words), UNKNOWN, np.int64)
    mask = np.zeros((len(batch), 1, 1, most), bool)
    for i, item in enumerate(batch):
        n, w = len(item.pieces), len(item.words)
        pieces[i, :n], shapes[i, :n], firsts[i, :w], columns[i, :, :w] = (
            item.pieces,
            item.shapes,
            item.words,
            item.columns,
        )
        mask[i, ..., :n] = True
    given = {"pieces": pieces, "shapes": shapes, "words": firsts}
    arguments = {name: torch.from_numpy(values) for name, values in given.items()}
    if not mask.all():
        arguments["mask"] = torch.from_numpy(mask)
    return arguments, torch.from_numpy(columns)


def losses(scores: dict[str, Tensor], columns: Tensor, choices: Tensor) -> dict[str, Tensor]:
    """The loss of each head, summed over the words about which it knows something, per word of the batch.

    A name tag that is one of several is marked by the sum of their probabilities; the head of a word is one word of
    its own sentence.
    """
    target = dict(zip(COLUMNS, columns.unbind(1), strict=True))
    size = (target["sentence"] >= 0).sum()
    found: dict[str, Tensor] = {}

    known = target["names"] >= 0
    logits = scores["names"].float()[known]
    found["names"] = (torch.logsumexp(logits, -1) - torch.logsumexp(logits + choices[target["names"][known]], -1)).sum()

    for head in ("tags", "pos"):
        known = target[head] >= 0
        found[head] = F.cross_entropy(scores[head].float()[known], target[head][known], reduction="sum")

    known = target["starts"] >= 0
    begin = target["starts"][known].float()
    found["starts"] = F.binary_cross_entropy_with_logits(scores["starts"].float()[known], begin, reduction="sum")

    sentence, heads = target["sentence"], target["heads"]
    rows, words = torch.nonzero(heads >= 0, as_tuple=True)
    arcs = scores["arcs"][rows, words].float().masked_fill(sentence[rows] != sentence[rows, words].unsqueeze(1), -1e4)
    found["arcs"] = F.cross_entropy(arcs, heads[rows, words], reduction="sum")

    below, above = scores["dep_side"][rows, words].float(), scores["head_side"][rows, heads[rows, words]].float()
    relations = torch.einsum("nrd,nd->nr", below, above)
    found["deps"] = F.cross_entropy(relations, target["deps"][rows, words], ignore_index=UNKNOWN, reduction="sum")
    return {head: loss / size for head, loss in found.items()}


WEIGHTS = {"names": 1.0, "tags": 0.5, "pos": 0.25, "starts": 0.5, "arcs": 1.0, "deps": 1.0}
"""What each head's loss counts for."""
