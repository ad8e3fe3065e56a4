"""How sure the network may be: the levels of certainty, set on held-out sentences.

The scores of the labels are divided by a temperature that makes the held-out names likeliest (Guo and others,
"On Calibration of Modern Neural Networks", ICML 2017); a level begins where names of about that probability begin to be
right often enough there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from pipeline.nlp import decode
from recipe.lesson import NAME_TAGS, UNKNOWN, Labels, batches, stacked

if TYPE_CHECKING:
    import random

    from recipe.lesson import Window
    from recipe.network import Network

HIGH, MEDIUM, NEIGHBOURS = 0.9, 0.6, 100
"""Precision that names must have on the held-out sentences, at every probability of a level, and among how many names of
like probability it is taken."""


def settle(
    network: Network, dev: Sequence[tuple[str, list[Window]]], labels: Labels, rng: random.Random
) -> dict[str, Any]:
    """``temperature`` and the limits ``certainty`` from held-out windows, as ``reader.json`` has them."""
    windows = [item for _, held_out in dev for item in held_out]
    logits, targets = _read(network, windows, rng)
    known = targets != UNKNOWN
    temperature = _temperature(torch.from_numpy(logits[known]), labels.choices()[torch.from_numpy(targets[known])])
    sure, right = zip(*_names(logits, targets, labels, temperature), strict=True)
    high, medium = (_limit(np.array(sure), np.array(right), least) for least in (HIGH, MEDIUM))
    return {"temperature": round(temperature, 3), "certainty": {"high": round(high, 3), "medium": round(medium, 3)}}


def _read(network: Network, windows: list[Window], rng: random.Random) -> tuple[np.ndarray, np.ndarray]:
    """Logits and choices of all words, with an unknown word between two windows."""
    network.eval()
    rows: list[np.ndarray] = []
    targets: list[np.ndarray] = []
    with torch.inference_mode():
        for batch in batches(windows, rng, 4000):
            arguments, columns = stacked(batch)
            names = network(**arguments)["names"].float().numpy()
            for row, target, item in zip(names, columns[:, 0].numpy(), batch, strict=True):
                size = len(item.words)
                gap = np.full((1, row.shape[1]), -20.0, row.dtype)
                gap[0, 0] = 20.0
                rows += [row[:size], gap]
                targets += [target[:size], np.array([UNKNOWN])]
    return np.concatenate(rows), np.concatenate(targets)


def _temperature(logits: torch.Tensor, allowed: torch.Tensor) -> float:
    """The temperature under which the allowed labels are likeliest, among values from 0.6 to 3."""

    def loss(value: float) -> float:
        scaled = logits / value
        return float((torch.logsumexp(scaled, -1) - torch.logsumexp(scaled + allowed, -1)).mean())

    return float(min(np.arange(0.6, 3.01, 0.05), key=loss))


def _names(logits: np.ndarray, targets: np.ndarray, labels: Labels, temperature: float) -> Iterator[tuple[float, bool]]:
    """(probability, whether it is right) of every name found; those on unknown words are left out."""
    scheme = decode.Scheme(NAME_TAGS)
    nowhere = np.zeros(len(logits), bool)
    found = decode.name_labels(logits, nowhere, scheme)
    spans = decode.spans(found, scheme)
    sure = decode.name_probabilities(logits, found, spans, nowhere, scheme, temperature)
    allowed = labels.choices().numpy() == 0
    for (first, last, _), probability in zip(spans, sure, strict=True):
        words = range(first, min(last + 1, len(logits)))
        if any(targets[i] == UNKNOWN for i in range(first, last)):
            continue
        right = all(targets[i] == UNKNOWN or allowed[targets[i], found[i]] for i in words)
        yield probability, right


def _limit(sure: np.ndarray, right: np.ndarray, precision: float) -> float:
    """The probability above which, among any ``NEIGHBOURS`` names of like probability, enough are right."""
    order = np.argsort(-sure, kind="stable")
    near = np.convolve(right[order], np.ones(NEIGHBOURS) / NEIGHBOURS, "valid")
    (short,) = np.nonzero(near < precision)
    middle = int(short[0]) + NEIGHBOURS // 2 if len(short) else len(order) - 1
    return float(sure[order[middle]])
