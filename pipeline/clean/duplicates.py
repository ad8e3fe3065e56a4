"""Articles that print the same text: exact, near, or a reprint inside a longer article.

Two articles are compared by the runs of five words that their bodies share. Candidates come from an
index over a fixed sample of those runs, and each candidate pair is verified on all of them. The answer
depends neither on the order of the articles nor on the process.
"""

from __future__ import annotations

import collections
import itertools
import re
import zlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

_KINDS = ("exact", "near", "reprint")
_RUN = 5
_SAMPLE = 4
"""One run of words in so many is indexed; articles of the length of news still share several."""
_CROWD = 200
"""A run that stands in more articles than this pairs each of them with the first only, to stay linear."""
_NEAR = 0.8
"""Share of all runs that two articles have in common from which they count as the same text."""
_REPRINT = 0.8
"""Share of the shorter one's runs from which it counts as printed inside the longer one."""
_SHORTEST = 20
"""Runs that the shorter one needs for that: below, a shared quotation would make a reprint."""


def duplicates(tables: Mapping[str, pa.Table], settings: None) -> dict[str, pa.Table]:
    """``articles`` with ``duplicate_group``, ``duplicate_kind`` and ``similarity``.

    A group is named by its smallest article_id. Kind says how an article stands to that first one, whose own kind
    is null, or, where the two share too little, to the article of the group that it is closest to; similarity
    (shared runs over all runs, 0 to 1) always tells of the first one.
    """
    del settings
    import pyarrow as pa

    articles, segments = tables["articles"], tables["segments"]
    words: dict[str, list[str]] = {a: [] for a in articles["article_id"].to_pylist()}
    for article, zone, text in zip(*(segments[c].to_pylist() for c in ("article_id", "zone", "text")), strict=True):
        if zone == "body":
            words[article] += re.findall(r"\w+", text.casefold())
    runs = {a: frozenset(zip(*(w[i:] for i in range(_RUN)), strict=False)) for a, w in words.items()}
    leader = {a: a for a in words}

    def first_of(article: str) -> str:
        while leader[article] != article:
            article = leader[article]
        return article

    joined: dict[str, str] = {}
    for left, right in sorted(_candidates(runs) | _same(words)):
        if kind := _kind(words, runs, left, right):
            one, other = sorted((first_of(left), first_of(right)))
            leader[other] = one
            for article in (left, right):
                joined[article] = min(joined.get(article, kind), kind, key=_KINDS.index)
    members = collections.Counter(first_of(a) for a in words)
    group, kinds, similarity = [], [], []
    for article in articles["article_id"].to_pylist():
        first = first_of(article)
        alone = members[first] == 1
        group.append(None if alone else first)
        kinds.append(None if alone or article == first else _kind(words, runs, first, article) or joined[article])
        similarity.append(None if alone else round(_shared(runs, first, article), 4) if article != first else 1.0)
    for name, values in (("duplicate_group", group), ("duplicate_kind", kinds), ("similarity", similarity)):
        at = articles.schema.get_field_index(name)
        articles = articles.set_column(at, articles.schema.field(at), pa.array(values, articles.schema.field(at).type))
    return {"articles": articles}


def _candidates(runs: Mapping[str, frozenset[tuple[str, ...]]]) -> set[tuple[str, str]]:
    index: dict[tuple[str, ...], list[str]] = collections.defaultdict(list)
    for article in sorted(runs):
        for run in runs[article]:
            if zlib.crc32(" ".join(run).encode("utf8")) % _SAMPLE == 0:
                index[run].append(article)
    pairs: set[tuple[str, str]] = set()
    for held in index.values():
        if len(held) <= _CROWD:
            pairs.update(itertools.combinations(held, 2))
        else:
            pairs.update((held[0], article) for article in held[1:])
    return pairs


def _same(words: Mapping[str, list[str]]) -> set[tuple[str, str]]:
    """Pairs with the same words, however few."""
    first: dict[tuple[str, ...], str] = {}
    pairs = ((first.setdefault(tuple(held), article), article) for article, held in sorted(words.items()) if held)
    return {(left, right) for left, right in pairs if left != right}


def _shared(runs: Mapping[str, frozenset[tuple[str, ...]]], left: str, right: str) -> float:
    either = len(runs[left] | runs[right])
    return len(runs[left] & runs[right]) / either if either else 0.0


def _kind(
    words: Mapping[str, list[str]], runs: Mapping[str, frozenset[tuple[str, ...]]], left: str, right: str
) -> str | None:
    shorter = min(len(runs[left]), len(runs[right]))
    if words[left] and words[left] == words[right]:
        return "exact"
    if _shared(runs, left, right) >= _NEAR:
        return "near"
    if shorter >= _SHORTEST and len(runs[left] & runs[right]) / shorter >= _REPRINT:
        return "reprint"
    return None
