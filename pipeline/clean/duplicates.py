"""Articles that print the same text: exact, near, or a reprint inside a longer article.

A body is read as words, and as runs of five words (shingles), each a 64-bit hash that is the same in every process.
Candidates are pairs that share marks: of every seven neighbouring shingles the one with the smallest hash
(winnowing: Schleimer, Wilkerson and Aiken 2003), so that no shared passage that could count goes unseen, whatever
stands around it. Each candidate is verified on all shingles: words count as shared where twelve or more in a row are.
Groups grow pair by pair, the most alike first, and remember the passage that their members share: who shares too little
of that stays out, so that a round-up of two wire texts does not make them one text.

Neither the order of the rows nor the process moves the answer. Memory and time grow as the words do.

One file because it is one answer: what two texts share, which pairs are looked at, and how groups grow of them.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]

_RUN = 5
"""Words in a shingle."""
_WINDOW = 7
"""Of so many neighbouring shingles the smallest is a mark; who shares as many in a row shares a mark."""
_ALL_MARKS = 40
"""A text of at most so many shingles has them all as marks: one edit would move most of the few it has."""
_CROWD = 24
"""A mark pairs an article with so many of the next longer ones that hold it, and with the shortest few: in a crowd
too, the pairs grow as the articles do."""
_SHORTEST = 4
_HINT = 0.04
"""Marks in common per shingle of the shorter text; with fewer a pair is not looked at. Half of a text, with one word
in twenty edited, still shares 0.07."""
_STRETCH = 8
"""Shingles in a row (twelve words) from which words count as shared: less is a phrase, or a form filled in anew.

Swept 4, 8, 16 on the same: 241, 0 and 0 filled-in forms taken for copies; 99.9, 99.3 and 96.0 % of reprints found."""
_NEAR = 0.8
"""Share of all shingles, or of the longer text's words, from which two texts are the same."""
_REPRINT = 0.8
"""Share of the shorter text's words from which it is printed inside the longer one ..."""
_LEAST = 24
"""... if they are at least so many."""
_PART = 0.5
"""Two articles that print the same third text share at least so much of the shorter one ..."""
_PART_LEAST = 100
"""... and so many words: more than a quotation or a paragraph of background has."""
_STANDING = 20
"""What more texts than this have in common (copies counted once) is a footer or a paragraph of background ...

Swept 20, 50, never on 10,000 made-up articles: 0, 20 and over 800 strangers in groups, the same texts found."""
_STANDING_LEAST = 150
"""... unless it has so many words: then it is a text that many print."""
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
"""A word; in scripts that put no space between words, a character."""


def duplicates(tables: Mapping[str, pa.Table], settings: None) -> dict[str, pa.Table]:
    """``articles`` with ``duplicate_group``, ``duplicate_kind`` and ``similarity``.

    A group is named by its smallest article_id. Kind says how an article stands to that first one, whose own kind
    is null, or, where the two share too little, to the article of the group that it is closest to; similarity
    (shared shingles over all shingles, 0 to 1) always tells of the first one. Only words of the body count.
    """
    del settings
    import pyarrow as pa

    articles = tables["articles"]
    ids = sorted(articles["article_id"].to_pylist())
    texts, text_of = _texts(ids, tables["segments"])
    groups, closest, standing = _grouped(texts)
    members, copies = defaultdict[int, list[int]](list), Counter(text_of)
    for article, text in enumerate(text_of):
        members[groups.get(text, text)].append(article)
    made: dict[str, tuple[str | None, str | None, float | None]] = dict.fromkeys(ids, (None, None, None))
    for held in members.values():
        first = held[0]
        for article in held if len(held) > 1 else ():
            text = text_of[article]
            if text == text_of[first]:
                made[ids[article]] = ids[first], None if article == first else "exact", 1.0
                continue
            match = _match(texts[text_of[first]], texts[text], standing)
            kind = match.kind or ("exact" if copies[text] > 1 else closest[text].kind)
            made[ids[article]] = ids[first], kind, round(match.similarity, 4)
    rows = [made[article] for article in articles["article_id"].to_pylist()]
    for i, name in enumerate(("duplicate_group", "duplicate_kind", "similarity")):
        at = articles.schema.get_field_index(name)
        field = articles.schema.field(at)
        articles = articles.set_column(at, field, pa.array([row[i] for row in rows], field.type))
    return {"articles": articles}


class _Hashes(dict[str, int]):
    """Words and their hashes, each worked out once."""

    def __missing__(self, word: str) -> int:
        made = self[word] = int.from_bytes(hashlib.blake2b(word.encode("utf8"), digest_size=8).digest(), "little")
        return made


def _texts(ids: Sequence[str], segments: pa.Table) -> tuple[dict[int, Hashes], list[int]]:
    """The shingles of each distinct text, in order, and the text of each of ``ids``.

    A text is named by the position of its first article; an article without words has a text of its own.
    """
    position = {article: i for i, article in enumerate(ids)}
    hashes = _Hashes()
    words, owners, ordinals, ends = array("Q"), array("q"), array("q"), array("q", [0])
    for batch in segments.select(["article_id", "ordinal", "zone", "text"]).to_batches(max_chunksize=5_000):
        for article, ordinal, zone, text in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            if zone == "body":
                found = _WORD.findall(unicodedata.normalize("NFKC", text or "").casefold())
                words.extend(map(hashes.__getitem__, found))
                owners.append(position[article])
                ordinals.append(ordinal)
                ends.append(len(words))
    flat, parts = np.frombuffer(words, np.uint64), defaultdict[int, list[slice]](list)
    for i in np.lexsort((ordinals, owners)).tolist():
        parts[owners[i]].append(slice(ends[i], ends[i + 1]))
    first: dict[bytes, int] = {}
    text_of = list[int]()
    texts: dict[int, Hashes] = {}
    for article in range(len(ids)):
        body = np.concatenate([flat[:0], *(flat[part] for part in parts[article])])
        key = hashlib.blake2b(body.tobytes(), digest_size=16).digest()
        text_of.append(first.setdefault(key, article) if len(body) else article)
        if text_of[-1] == article:
            texts[article] = _shingles(body)
    return texts, text_of


def _shingles(words: Hashes) -> Hashes:
    """One hash for every run of words, in order, each once."""
    count = max(len(words) - _RUN + 1, 0)
    made = np.zeros(count, np.uint64)
    for i in range(_RUN):
        made = made * np.uint64(0x9E3779B97F4A7C15) + words[i : i + count]
        made ^= made >> np.uint64(29)
    made *= np.uint64(0xBF58476D1CE4E5B9)
    made ^= made >> np.uint64(32)
    return made[np.sort(np.unique(made, return_index=True)[1])]


def _marks(text: Hashes) -> Hashes:
    """The shingles that candidates are found by."""
    if len(text) <= _ALL_MARKS:
        return np.unique(text)
    return np.unique(np.lib.stride_tricks.sliding_window_view(text, _WINDOW).min(axis=1))


@dataclass(frozen=True)
class _Match:
    """How two texts stand to each other: ``words`` are those they share, ``passage`` their shingles."""

    kind: str | None
    similarity: float
    words: int
    passage: Hashes


def _holds(ordered: Hashes, asked: Hashes) -> NDArray[np.bool_]:
    """Which of ``asked`` are in ``ordered``, which has at least one."""
    found: NDArray[np.bool_] = ordered[np.minimum(np.searchsorted(ordered, asked), len(ordered) - 1)] == asked
    return found


def _match(one: Hashes, other: Hashes, standing: Hashes | None = None) -> _Match:
    """Verify two texts on all their shingles; passages that hold ``standing`` marks count only if they are long."""
    shorter, longer = (one, other) if len(one) <= len(other) else (other, one)
    if not len(shorter):
        return _Match(None, 0.0, 0, shorter)
    shared = _holds(np.sort(longer), shorter)
    common = int(np.count_nonzero(shared))
    similarity = common / (len(shorter) + len(longer) - common)
    if common * 3 < len(shorter):  # too few for half of the words, whose runs of eight shingles have twelve words each
        return _Match(None, similarity, 0, shorter[:0])
    steps = np.diff(shared.view(np.int8), prepend=0, append=0)
    starts, ends = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)
    long = ends - starts >= _STRETCH
    starts, ends = starts[long], ends[long]
    lengths = ends - starts + _RUN - 1
    if standing is not None and len(standing) and len(starts):
        held = np.concatenate(([0], np.cumsum(_holds(standing, shorter))))
        stands = (held[ends] - held[starts]) * 8 >= ends - starts
        if lengths[stands].sum() < _STANDING_LEAST:
            starts, ends, lengths = starts[~stands], ends[~stands], lengths[~stands]
    words = int(lengths.sum())
    of_shorter, of_longer = (words / (len(text) + _RUN - 1) for text in (shorter, longer))
    kind = None
    if similarity >= _NEAR or (of_longer >= _NEAR and words >= _LEAST):
        kind = "near"
    elif (of_shorter >= _REPRINT and words >= _LEAST) or (of_shorter >= _PART and words >= _PART_LEAST):
        kind = "reprint"
    if kind == "near" or of_shorter >= _REPRINT:
        passage = shorter
    else:
        passage = shorter[np.concatenate([np.arange(0), *map(np.arange, starts, ends)])]
    return _Match(kind, similarity, words, passage)


def _candidates(texts: Mapping[int, Hashes], marks: Mapping[int, Hashes]) -> Iterator[tuple[int, int]]:
    """Pairs of texts with so many marks in common that they may print the same.

    Of each mark there is a list of its holders, the shortest text first; pairs stand a few places apart in it.
    """
    names = np.array(sorted(marks, key=lambda name: (len(texts[name]), name)), np.int64)
    if not len(names):
        return
    counts = [len(marks[name]) for name in names.tolist()]
    mark = np.concatenate([marks[name] for name in names.tolist()])
    holder = np.repeat(np.arange(len(names)), counts)  # the shorter the text, the smaller
    order = np.argsort(mark, kind="stable")
    mark, holder = mark[order], holder[order]
    starts = np.flatnonzero(np.concatenate(([True], mark[1:] != mark[:-1])))
    del mark, order
    sizes = np.diff(np.append(starts, len(holder)))
    starts, sizes = starts[sizes > 1], sizes[sizes > 1]
    place = np.concatenate([np.arange(0), *map(np.arange, starts, starts + sizes)])
    start, end = np.repeat(starts, sizes), np.repeat(starts + sizes, sizes)
    found, times = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]

    def take(left: NDArray[np.int64], right: NDArray[np.int64]) -> None:
        codes, n = np.unique(holder[left] * len(names) + holder[right], return_counts=True)
        found.append(codes)
        times.append(n)

    for step in range(1, _CROWD + 1):
        near = place[place + step < end]
        take(near, near + step)
    for step in range(_SHORTEST):
        far = place > start + step + _CROWD
        take(start[far] + step, place[far])
    codes, where = np.unique(np.concatenate(found), return_inverse=True)
    shared = np.bincount(where, weights=np.concatenate(times), minlength=len(codes))
    left, right = codes // len(names), codes % len(names)
    size = np.array([len(texts[name]) for name in names.tolist()])
    likely = shared >= _HINT * size[left]
    for one, other in zip(names[left[likely]].tolist(), names[right[likely]].tolist(), strict=True):
        yield min(one, other), max(one, other)


class _Groups:
    """Texts in groups, each named by its smallest member, with the passage that its members share."""

    def __init__(self, texts: Mapping[int, Hashes]) -> None:
        self._above = {name: name for name in texts}
        self._passage = dict(texts)

    def first(self, name: int) -> int:
        """The smallest member of the group that a text is in."""
        while self._above[name] != name:
            self._above[name] = name = self._above[self._above[name]]
        return name

    def join(self, pair: tuple[int, int], standing: Hashes | None = None) -> None:
        """Make one group of two, if the passages that they stand for print the same."""
        one, other = sorted(map(self.first, pair))
        if one != other and (match := _match(self._passage[one], self._passage[other], standing)).kind:
            self._above[other] = one
            self._passage[one] = match.passage
            del self._passage[other]


def _both(texts: Mapping[int, Hashes], pair: tuple[int, int]) -> tuple[Hashes, Hashes]:
    return texts[pair[0]], texts[pair[1]]


def _rank(found: tuple[tuple[int, int], _Match]) -> tuple[bool, float, tuple[int, int]]:
    """The closest first: near ones by similarity, then reprints by the words they share."""
    pair, match = found
    return match.kind != "near", -match.similarity if match.kind == "near" else -match.words, pair


def _grouped(texts: Mapping[int, Hashes]) -> tuple[dict[int, int], dict[int, _Match], Hashes]:
    """The group of each text that has company, by its first text; its closest match there; and the standing marks."""
    marks = {name: _marks(text) for name, text in texts.items() if len(text)}
    pairs = [(pair, match) for pair in sorted(_candidates(texts, marks)) if (match := _match(*_both(texts, pair))).kind]
    groups = _Groups(texts)
    alike = [(pair, match) for pair, match in pairs if match.similarity >= _NEAR]
    for pair, _ in (alike := sorted(alike, key=_rank)):
        groups.join(pair)
    standing = _standing(marks, groups)
    rest = [(pair, _match(*_both(texts, pair), standing)) for pair, match in pairs if match.similarity < _NEAR]
    for pair, _ in (rest := sorted((found for found in rest if found[1].kind), key=_rank)):
        groups.join(pair, standing)
    closest: dict[int, _Match] = {}
    for pair, match in alike + rest:  # the closest first
        if groups.first(pair[0]) == groups.first(pair[1]):
            for name in pair:
                closest.setdefault(name, match)
    return {name: groups.first(name) for name in closest}, closest, standing


def _standing(marks: Mapping[int, Hashes], groups: _Groups) -> Hashes:
    """The marks that more than a few texts hold, of which no two are copies of each other."""
    held = np.concatenate([np.zeros(0, np.uint64), *marks.values()])
    group = np.repeat([groups.first(name) for name in marks], [len(text) for text in marks.values()])
    order = np.lexsort((group, held))
    held, group = held[order], group[order]
    new = np.concatenate(([True], (held[1:] != held[:-1]) | (group[1:] != group[:-1])))[: len(held)]
    values, counts = np.unique(held[new], return_counts=True)
    found: Hashes = values[counts > _STANDING]
    return found
