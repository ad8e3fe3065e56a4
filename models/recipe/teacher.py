"""What a trained network says of sentences without a tree: the lesson of the second round.

Treebanks hold little news; the name sets hold much, without trees. The first round's network parses them, and the
second round learns its answers wherever it was sure, while the sentences come in other dress (noisy self-training: Xie
and others, "Self-Training with Noisy Student", CVPR 2020).
"""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import torch

from pipeline.nlp import decode
from recipe.lesson import Labels, batches, grouped, stacked, window
from recipe.sets import Sentence, Tree

if TYPE_CHECKING:
    from pipeline.nlp.pieces import Vocabulary
    from recipe.lesson import Window
    from recipe.network import Network

SURE = 0.8
"""Least probability of an answer that is taught."""


def parsed(
    network: Network, sentences: list[Sentence], vocabulary: Vocabulary, labels: Labels, most: int
) -> list[Sentence]:
    """``sentences``, those that fit a window, with the trees that ``network`` gives them; -1 and "" where it was unsure."""
    rng = random.Random(3)
    groups: list[list[Sentence]] = list(grouped(sentences, vocabulary, rng, most))
    windows = [window(group, set(), vocabulary, labels, told=False) for group in groups]
    owners = {id(item): group for item, group in zip(windows, groups, strict=True)}
    trees: dict[int, list[Tree]] = {}
    network.eval()
    with torch.inference_mode():
        for batch in batches(windows, rng, 4000):
            arguments, _ = stacked(batch)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                scores = network(**arguments)
            rows = {name: values.float().numpy() for name, values in scores.items()}
            for i, item in enumerate(batch):
                trees[id(item)] = _trees(item, {name: values[i] for name, values in rows.items()}, labels)
    network.train()
    return [
        replace(sentence, tree=tree)
        for item in windows
        for sentence, tree in zip(owners[id(item)], trees[id(item)], strict=True)
    ]


def _trees(item: Window, rows: dict[str, np.ndarray], labels: Labels) -> list[Tree]:
    """One tree for each sentence of a window."""
    root = labels.deps.index(decode.ROOT)
    sentence = item.columns[-1]
    tags, pos = (
        _sure(rows[head][: len(sentence)], names) for head, names in (("tags", labels.tags), ("pos", labels.pos))
    )
    made = []
    for number in range(sentence[-1] + 1):
        (own,) = np.nonzero(sentence == number)
        first, last = int(own[0]), int(own[-1]) + 1
        arcs = rows["arcs"][first:last, first:last]
        heads = decode.heads(arcs)
        words = np.arange(last - first)
        deps = decode.relations(rows["dep_side"][first:last], rows["head_side"][first:last], heads, words, root)
        sure = np.exp(decode.log_shares(arcs))[words, heads] >= SURE
        made.append(
            Tree(
                tags=tuple(tags[first:last]),
                pos=tuple(pos[first:last]),
                heads=tuple(int(h) if s else -1 for h, s in zip(heads, sure, strict=True)),
                deps=tuple(labels.deps[d] if s else "" for d, s in zip(deps, sure, strict=True)),
                lemmas=("",) * (last - first),
            )
        )
    return made


def _sure(logits: np.ndarray, names: list[str]) -> list[str]:
    likely = np.exp(decode.log_shares(logits))
    return [names[i] if p >= SURE else "" for i, p in zip(likely.argmax(1), likely.max(1), strict=True)]
