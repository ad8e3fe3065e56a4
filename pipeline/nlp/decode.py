"""The network's numbers -> names, sentences, heads and relations that hold together.

The likeliest answer word by word is nearly always well-formed, and then it is the likeliest whole as well.
Where it is not (a name that begins in its middle, two roots, a cycle), the likeliest well-formed one is sought.
Arrays only: nothing here knows spaCy.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

ROOT = "ROOT"
LONGEST_SENTENCE = 300
"""Most words of a sentence: the search for a tree grows with its square, and no real sentence is near."""


class Scheme:
    """The name labels "O", "B-…", "I-…": which may follow which."""

    def __init__(self, labels: Sequence[str]) -> None:
        self.labels = tuple(labels)
        self.kinds = tuple(label[2:] for label in labels)
        numbers = {label: number for number, label in enumerate(labels)}
        self.inside = np.array([label.startswith("I-") for label in labels])
        self.outside = numbers["O"]
        self.begins = np.array([numbers[f"B-{k}"] if k else self.outside for k in self.kinds])
        """The label with which a name of the same kind begins."""


def name_labels(logits: Floats, starts: Bools, scheme: Scheme) -> Ints:
    """The likeliest labels, ``int[w]``, in which no name begins in its middle or runs over a stretch's start.

    Args:
        logits: ``float[w, labels]``.
        starts: ``bool[w]``, true where a stretch begins.
        scheme: the labels.
    """
    labels: Ints = logits.argmax(1)
    before = np.empty_like(labels)
    before[0], before[1:] = scheme.outside, labels[:-1]
    before[starts] = scheme.outside
    wrong = scheme.inside[labels] & (before != labels) & (before != scheme.begins[labels])
    if wrong.any():
        edges = [*np.flatnonzero(starts).tolist(), len(labels)]
        for first, last in pairwise(sorted({0, *edges})):
            if wrong[first:last].any():
                labels[first:last] = _best_labels(logits[first:last], scheme)
    return labels


def _best_labels(logits: Floats, scheme: Scheme) -> Ints:
    """Viterbi over one stretch."""
    width = logits.shape[1]
    own = np.arange(width)
    scores = np.where(scheme.inside, -np.inf, logits[0])
    back = np.empty(logits.shape, dtype=np.int64)
    for word in range(1, len(logits)):
        begun, gone_on = scores[scheme.begins], scores
        back[word] = np.where(scheme.inside, np.where(begun >= gone_on, scheme.begins, own), scores.argmax())
        scores = scores[back[word]] + logits[word]
    labels = np.empty(len(logits), dtype=np.int64)
    labels[-1] = scores.argmax()
    for word in range(len(logits) - 1, 0, -1):
        labels[word - 1] = back[word, labels[word]]
    return labels


def spans(labels: Ints, scheme: Scheme) -> list[tuple[int, int, str]]:
    """Well-formed labels -> names as (first word, behind the last word, kind)."""
    inside = scheme.inside[labels]
    found = []
    for first in np.flatnonzero((labels != scheme.outside) & ~inside).tolist():
        last = first + 1
        while last < len(labels) and inside[last]:
            last += 1
        found.append((first, last, scheme.kinds[labels[first]]))
    return found


def name_probabilities(
    logits: Floats,
    labels: Ints,
    names: Sequence[tuple[int, int, str]],
    starts: Bools,
    scheme: Scheme,
    temperature: float,
) -> list[float]:
    """How likely each name is, 0 to 1: that all its words are labelled rightly, and that it does not go on."""
    if not names:
        return []
    scaled = np.exp(log_shares(logits.astype(np.float64) / temperature))
    own = scaled[np.arange(len(labels)), labels]
    found = []
    for first, last, _ in names:
        sure = float(own[first:last].prod())
        if last < len(labels) and not starts[last]:
            goes_on = np.flatnonzero(scheme.inside & (scheme.begins == scheme.begins[labels[first]]))
            sure *= 1.0 - float(scaled[last, goes_on].sum())
        found.append(sure)
    return found


def tags_and_pos(tags: Floats, pos: Floats, apart: Floats) -> tuple[Ints, Ints]:
    """The likeliest tag and part of speech that go together, ``int[w]`` each.

    Args:
        tags: ``float[w, tags]``, logits.
        pos: ``float[w, parts of speech]``, logits.
        apart: ``float[tags, parts of speech]``, 0 where the two go together, else -inf.
    """
    best = (log_shares(tags)[:, :, None] + log_shares(pos)[:, None, :] + apart).reshape(len(tags), -1).argmax(1)
    return np.divmod(best, pos.shape[1])


def log_shares(logits: Floats) -> Floats:
    """The logarithms of the probabilities of each row."""
    shifted = logits - logits.max(1, keepdims=True)
    shares: Floats = shifted - np.log(np.exp(shifted).sum(1, keepdims=True))
    return shares


def sentence_starts(logits: Floats, must: Bools, never: Bools, longest: int = LONGEST_SENTENCE) -> Bools:
    """Where sentences begin, ``bool[w]``: where ``logits`` > 0, always where ``must``, else nowhere where ``never``.

    A sentence beyond ``longest`` words is cut in its second half, at the likeliest place that is allowed.
    """
    starts: Bools = ((logits > 0) & ~never) | must
    starts[0] = True
    places = [*np.flatnonzero(starts).tolist(), len(starts)]
    for first, last in pairwise(places):
        begin = first
        while last - begin > longest:
            area = slice(begin + longest // 2 + 1, begin + longest + 1)
            scores = np.where(never[area], -np.inf, logits[area])
            begin = area.start + int(scores.argmax()) if np.isfinite(scores).any() else begin + longest
            starts[begin] = True
    return starts


def heads(scores: Floats) -> Ints:
    """The heads of one sentence, ``int[w]``: the likeliest tree; its one root is its own head.

    Args:
        scores: ``float[w, w]``, row the dependent, column the head, the diagonal that of being the root;
            -inf where two words were not seen together.
    """
    found: Ints = scores.argmax(1)
    if _is_tree(found):
        return found
    # The likeliest root, and for all others the likeliest head: no tree with one root can have more.
    others = scores.copy()
    np.fill_diagonal(others, -np.inf)
    found = others.argmax(1)
    root = int((np.diag(scores) - others.max(1)).argmax())
    found[root] = root
    return found if _is_tree(found) else _best_tree(scores)


def _is_tree(found: Ints) -> bool:
    roots = np.flatnonzero(found == np.arange(len(found)))
    if len(roots) != 1:
        return False
    step, reached = 1, found
    while step < len(found):
        reached = reached[reached]
        step *= 2
    return bool((reached == roots[0]).all())


def _best_tree(scores: Floats) -> Ints:
    """Chu-Liu-Edmonds with exactly one root.

    Node 0 is a root above all words. Its arcs bear a penalty larger than all other differences together,
    so that the best tree has the fewest of them, one; unseen arcs bear one that is smaller than that.
    """
    count = len(scores)
    seen = np.isfinite(scores)
    spread = float(scores[seen].max() - scores[seen].min()) + 1.0
    unseen = float(scores[seen].min()) - (count + 1) * spread
    penalty = (count + 1) * (float(scores[seen].max()) - unseen + 1.0)
    arcs = np.full((count + 1, count + 1), -np.inf)
    arcs[1:, 1:] = np.where(seen, scores, unseen)
    arcs[1:, 0] = np.diag(arcs[1:, 1:]) - penalty
    np.fill_diagonal(arcs, -np.inf)
    found = _spanning_tree(arcs)[1:] - 1
    return np.where(found < 0, np.arange(count), found)


def _spanning_tree(arcs: Floats) -> Ints:
    """The best arborescence from node 0; ``arcs`` (dependent by head) is used up.

    A cycle of best heads becomes one node, at its lowest place, until there is none; then the nodes are
    opened again, last first.
    """
    alive, joined = np.ones(len(arcs), dtype=bool), np.zeros(len(arcs), dtype=bool)
    closed: list[tuple[int, Ints, Ints, Ints, Ints]] = []
    found: Ints = arcs.argmax(1)
    found[0] = 0
    while (cycle := _cycle(found, alive)) is not None:
        node = int(cycle[0])
        gain = arcs[cycle] - arcs[cycle, found[cycle]][:, None]
        enters = cycle[gain.argmax(0)]
        leaves = cycle[arcs[:, cycle].argmax(1)]
        closed.append((node, cycle, found[cycle].copy(), enters, leaves))
        arcs[node], arcs[:, node] = gain.max(0), arcs[:, cycle].max(1)
        alive[cycle[1:]] = False
        arcs[:, cycle[1:]] = -np.inf
        arcs[node, node] = -np.inf
        found[node] = arcs[node].argmax()
        joined[:] = False
        joined[cycle] = True
        moved = alive & joined[found]
        moved[node] = False
        found[moved] = node
    for node, cycle, inner, enters, leaves in reversed(closed):
        head = int(found[node])
        below = alive & (found == node)
        alive[cycle] = True
        found[below] = leaves[below]
        found[cycle] = inner
        found[enters[head]] = head
    return found


def _cycle(found: Ints, alive: Bools) -> Ints | None:
    """Nodes of a cycle in ascending order, None where every node leads to node 0."""
    state = np.where(alive, 0, 2).tolist()
    state[0] = 2
    heads_of = found.tolist()
    for start in range(1, len(heads_of)):
        node = start
        while state[node] == 0:
            state[node] = 1
            node = heads_of[node]
        if state[node] == 1:
            members = [node]
            while (node := heads_of[node]) != members[0]:
                members.append(node)
            return np.array(sorted(members))
        node = start
        while state[node] == 1:
            state[node] = 2
            node = heads_of[node]
    return None


def relations(dep_side: Floats, head_side: Floats, found: Ints, own: Ints, root: int) -> Ints:
    """The relation of each word to its head, ``int[w]``: ``root`` at the roots and nowhere else.

    Args:
        dep_side: ``float[w, relations, d]`` of the words.
        head_side: ``float[columns, d]`` of the words that can be heads.
        found: the column of each word's head.
        own: the column of each word itself.
        root: the number of the root's relation.
    """
    scores = np.matmul(dep_side, head_side[found][:, :, None])[:, :, 0]
    scores[:, root] = -np.inf
    return np.where(found == own, root, scores.argmax(1))
