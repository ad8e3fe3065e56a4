"""The training: passes over sentences in changing dress, with a look at held-out ones after each."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
import numpy as np
import torch

from recipe.dress import World, curled, datelined, restyled, swapped, without_final_stop
from recipe.lesson import NAME_TAGS, WEIGHTS, Labels, Window, batches, breaks, grouped, losses, stacked, window
from recipe.sets import SILVER, SYNTAX_TRAIN, TREED, Sentence

if TYPE_CHECKING:
    from pipeline.nlp.pieces import Vocabulary
    from recipe.network import Network

MOST = 200
"""Pieces of a training window, about; names that are longer and marks of paragraphs come on top."""


@dataclass(frozen=True)
class Plan:
    """How long and how fast to learn in one round.

    Args:
        passes: passes over the sets.
        encoder_rate: highest learning rate of the encoder; it rises for ``warmup`` of the round, then falls to 0.
        rate: the same for the heads.
        seed: of everything random.
        batch: pieces of a batch.
        decay: weight decay.
        warmup: share of the round.
        names_share: share of the windows of sets without gold trees that a pass takes.
    """

    passes: int
    encoder_rate: float
    rate: float
    seed: int
    batch: int = 2000
    decay: float = 0.01
    warmup: float = 0.05
    names_share: float = 0.7


ROUNDS = (Plan(4, 2e-4, 1e-3, 7), Plan(5, 1e-4, 5e-4, 8))
"""The first round learns from what people marked; the second goes on, with trees by the first for the name sets."""
LAST = 0.8
"""Share of the second round's weights in the network that ships; the rest is the first's (Wortsman and others, "Robust
Fine-Tuning of Zero-Shot Models", CVPR 2022). Found on names in PUD, EWT and a
twelfth of Worldwide Newswire: 0.85 and 0.7 gave up to 0.2 more than 1; 0.8 stands between."""


def blended(first: dict[str, torch.Tensor], second: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The weights of both rounds in one network."""
    return {name: (1 - LAST) * first[name] + LAST * weights for name, weights in second.items()}


def dressed(sentence: Sentence, world: World, rng: random.Random) -> Sentence:
    """The sentence as it is, or, one time in a few, in other dress."""
    share = 0.2 if sentence.source == SILVER else 0.1 if sentence.tree and sentence.source in TREED else 0.3
    if sentence.names and rng.random() < share:
        sentence = swapped(sentence, world, rng)
    if sentence.names is not None and rng.random() < 0.02:
        return datelined(sentence, world, rng)
    draw = rng.random()
    for style, limit in (("upper", 0.02), ("title", 0.04), ("headline", 0.06), ("lower", 0.07)):
        if draw < limit:
            return restyled(sentence, style)
    if not "".join(sentence.words).isascii() and rng.random() < 0.25:
        return restyled(sentence, "plain")
    return without_final_stop(sentence) if rng.random() < 0.03 else sentence


def one_pass(
    sets: dict[str, list[Sentence]],
    world: World,
    vocabulary: Vocabulary,
    labels: Labels,
    plan: Plan,
    rng: random.Random,
) -> list[Window]:
    """The windows of one pass: all trees, and a share of the sets that have names only."""
    windows = []
    for name, sentences in sets.items():
        for group in grouped(sentences, vocabulary, rng, MOST - 20):
            if name not in SYNTAX_TRAIN and rng.random() > plan.names_share:
                continue
            typographic = rng.random() < 0.5
            shown = [dressed(s, world, rng) for s in group]
            shown = [curled(s) for s in shown] if typographic else shown
            told = rng.random() < 0.85
            windows.append(window(shown, breaks(shown, rng), vocabulary, labels, told=told))
    return windows


def plain_windows(sentences: list[Sentence], vocabulary: Vocabulary, labels: Labels) -> list[Window]:
    """Held-out sentences as they are, in windows."""
    rng = random.Random(1)
    return [
        window(g, {i for i, s in enumerate(g) if s.new_par}, vocabulary, labels)
        for g in grouped(sentences, vocabulary, rng, MOST)
    ]


def look(network: Network, windows: list[Window], labels: Labels) -> dict[str, float]:
    """Percentages on held-out windows: tags, pos, starts (F), arcs, arcs with their relation, names (F, the first choice).

    Every head is taken on its own, without decoding: a quick look, not the score.
    """
    network.eval()
    choices = labels.choices()
    hit: Counter[str] = Counter()
    with torch.inference_mode():
        for batch in batches(windows, random.Random(1), 4000):
            arguments, columns = stacked(batch)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                scores = network(**arguments)
            names, tags, pos, heads, deps, starts, sentence = columns.unbind(1)
            for head, target in (("tags", tags), ("pos", pos)):
                known = target >= 0
                hit[head] += int((scores[head].argmax(-1) == target)[known].sum())
            hit["words"] += int((tags >= 0).sum())
            begin, known = scores["starts"] > 0, starts >= 0
            hit["begin_both"] += int((begin & (starts == 1)).sum())
            hit["begin_all"] += int((begin & known).sum() + (starts == 1).sum())
            apart = sentence.unsqueeze(2) != sentence.unsqueeze(1)
            best = scores["arcs"].float().masked_fill(apart, -1e4).argmax(-1)
            rows, words = torch.nonzero(heads >= 0, as_tuple=True)
            right = best[rows, words] == heads[rows, words]
            relation = torch.einsum(
                "nrd,nd->nr",
                scores["dep_side"][rows, words].float(),
                scores["head_side"][rows, heads[rows, words]].float(),
            ).argmax(-1)
            hit["arcs"] += int(right.sum())
            hit["labelled"] += int((right & (relation == deps[rows, words])).sum())
            guess = scores["names"].argmax(-1).numpy()
            for row, target, item in zip(guess, names.numpy(), batch, strict=True):
                size = len(item.words)
                gold = _spans([_allowed(choices, t) for t in target[:size]])
                found = _spans([{NAME_TAGS[m]} for m in row[:size]])
                hit["names_both"] += sum(any(g[:2] == f[:2] and f[2] <= g[2] for g in gold) for f in found)
                hit["names_all"] += len(gold) + len(found)
    network.train()
    n = max(1, hit["words"])
    return {
        "tags": 100 * hit["tags"] / n,
        "pos": 100 * hit["pos"] / n,
        "arcs": 100 * hit["arcs"] / n,
        "labelled": 100 * hit["labelled"] / n,
        "starts": 200 * hit["begin_both"] / max(1, hit["begin_all"]),
        "names": 200 * hit["names_both"] / max(1, hit["names_all"]),
    }


def _allowed(choices: torch.Tensor, number: int) -> set[str]:
    return {NAME_TAGS[i] for i in np.flatnonzero(choices[number].numpy() == 0)} if number >= 0 else {"O"}


def _spans(tags: list[set[str]]) -> list[tuple[int, int, frozenset[str]]]:
    """(start, end, labels) of the names in a row of sets of tags."""
    spans: list[tuple[int, int, frozenset[str]]] = []
    for i, marks in enumerate(tags):
        labels = frozenset(m[2:] for m in marks if m != "O")
        if "O" in marks:
            continue
        begins = any(m[0] == "B" for m in marks)
        if not begins and spans and spans[-1][1] == i:
            spans[-1] = (spans[-1][0], i + 1, spans[-1][2])
        else:
            spans.append((i, i + 1, labels))
    return spans


def train(
    network: Network,
    make: Iterable[list[Window]],
    dev: Sequence[tuple[str, list[Window]]],
    labels: Labels,
    plan: Plan,
    kept: Path,
) -> None:
    """Teach ``network`` in place, one item of ``make`` (the windows of a pass) after the other.

    After each pass the weights are kept in the file ``kept``.
    """
    torch.manual_seed(plan.seed)
    encoder = [
        *network.pieces.parameters(),
        *network.positions.parameters(),
        *network.norm.parameters(),
        *network.layers.parameters(),
    ]
    inside = {id(p) for p in encoder}
    others = [p for p in network.parameters() if id(p) not in inside]
    groups = [{"params": encoder, "lr": plan.encoder_rate}, {"params": others, "lr": plan.rate}]
    optimizer = torch.optim.AdamW(groups, weight_decay=plan.decay, betas=(0.9, 0.98), fused=True)
    tops = [g["lr"] for g in optimizer.param_groups]
    network.train()
    step, begun, total = 0, time.monotonic(), 0
    running: dict[str, float] = dict.fromkeys(WEIGHTS, 0.0)
    for number, windows in enumerate(make):
        rng = random.Random(plan.seed + number)
        todo = list(batches(windows, rng, plan.batch))
        if number == 0:
            total = len(todo) * plan.passes
        choices = labels.choices()
        for batch in todo:
            part = step / total
            factor = max(0.0, min(part / plan.warmup, (1 - part) / (1 - plan.warmup)))
            for group, top in zip(optimizer.param_groups, tops, strict=True):
                group["lr"] = top * factor
            arguments, columns = stacked(batch)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                scores = network(**arguments)
            found = losses(scores, columns, choices)
            loss = torch.stack([WEIGHTS[head] * value for head, value in found.items()]).sum()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            step += 1
            for head, value in found.items():
                running[head] += float(value.detach())
            if step % 200 == 0:
                means = "  ".join(f"{head} {value / 200:.3f}" for head, value in running.items())
                click.echo(f"step {step} of {total}, {time.monotonic() - begun:.0f} s: {means}")
                running = dict.fromkeys(WEIGHTS, 0.0)
        torch.save(network.state_dict(), kept)
        for name, held_out in dev:
            figures = "  ".join(f"{k} {v:.1f}" for k, v in look(network, held_out, labels).items())
            click.echo(f"pass {number + 1} of {plan.passes}, {name}: {figures}")
