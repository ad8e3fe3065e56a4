"""Lines of an HTML page -> zones, by what trafilatura takes for the article.

Trafilatura finds the article in the mark-up; its paragraphs are found again among the lines of the
page's text, in order. Those lines are the story; elements (h1, figcaption) and the rules for
flattened text say what the other lines are, and a line that nothing speaks for is ``other``.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from pipeline.clean.lines import Line, lines_of
from pipeline.clean.parts import credits_split
from pipeline.clean.zones import (
    Labelled,
    cues,
    find_thread,
    label_thread,
    reads_like_story,
    same,
    split_datelines,
    story,
)
from pipeline.read.html import page_lines

if TYPE_CHECKING:
    from pipeline.clean.rules import Rules

_HEADINGS = frozenset(["h2", "h3", "h4", "h5", "h6"])
_SHORT_KEY = 25
"""Letters and digits up to which a line must equal a paragraph; longer ones may be a part of it."""
_LEAST_WORDS = 30
"""An article of fewer words is no find: the rules for flattened text do better."""


def _key(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _paragraphs(markup: str) -> list[str]:
    """Keys of the paragraphs that trafilatura takes for the article."""
    import trafilatura

    found = trafilatura.bare_extraction(
        markup, fast=True, include_comments=False, include_links=False, include_images=False, with_metadata=False
    )
    text = getattr(found, "text", None) or ""
    if len(text.split()) < _LEAST_WORDS:
        return []
    return [key for key in map(_key, text.splitlines()) if key]


def _chain(candidates: Sequence[tuple[int, int, int]]) -> set[int]:
    """Lines of the heaviest chain of candidates (line, from, to) in which lines and places both rise.

    Candidates come sorted by line. A Fenwick tree of the best chain up to each end keeps this n log n.
    """
    ends = sorted({end for _, _, end in candidates})
    tree: list[tuple[int, int]] = [(0, -1)] * (len(ends) + 1)
    chains: list[tuple[int, int]] = []
    """(weight, candidate before) of the best chain that ends in each candidate."""
    for _, group in groupby(enumerate(candidates), key=lambda numbered: numbered[1][0]):
        same_line = list(group)
        for _, (_, begin, end) in same_line:
            weight, before = _best(tree, bisect_right(ends, begin))
            chains.append((weight + end - begin, before))
        for number, (_, _, end) in same_line:
            i = bisect_right(ends, end)
            while i < len(tree):
                tree[i] = max(tree[i], (chains[number][0], number))
                i += i & -i
    at, lines = _best(tree, len(ends))[1], set()
    while at >= 0:
        lines.add(candidates[at][0])
        at = chains[at][1]
    return lines


def _best(tree: Sequence[tuple[int, int]], i: int) -> tuple[int, int]:
    best = (0, -1)
    while i:
        best = max(best, tree[i])
        i -= i & -i
    return best


def _matched(lines: Sequence[Line], paragraphs: Sequence[str]) -> set[int]:
    """Numbers of the lines that hold the article's paragraphs."""
    whole = "".join(paragraphs)
    begins: dict[str, list[int]] = {}
    position = 0
    for paragraph in paragraphs:
        begins.setdefault(paragraph, []).append(position)
        position += len(paragraph)
    candidates: list[tuple[int, int, int]] = []
    for number, line in enumerate(lines):
        key = _key(line.text)
        if not key:
            continue
        places = begins.get(key, [])[:8]
        if not places and len(key) > _SHORT_KEY:
            at = whole.find(key)
            while at >= 0 and len(places) < 8:
                places = [*places, at]
                at = whole.find(key, at + 1)
        candidates += [(number, at, at + len(key)) for at in places]
        if not places and len(key) > _SHORT_KEY:
            held = [p for p in paragraphs if len(p) > _SHORT_KEY and len(p) >= 0.5 * len(key) and p in key]
            candidates += [(number, at, at + len(p)) for p in held[:4] for at in begins[p][:4]]
    return _chain(candidates)


def label_page(markup: str, raw_text: str, title: str | None, rules: Rules) -> Labelled | None:
    """Zones of an HTML page's lines, or None when no article is found in the mark-up.

    Args:
        markup: the page's source.
        raw_text: its visible text, as :func:`pipeline.read.html.page_text` gives it.
        title: the article's title, if known.
        rules: the rule tables.
    """
    paragraphs = _paragraphs(markup)
    lines = lines_of(raw_text, join_wrapped=False)
    matched = _matched(lines, paragraphs)
    if not matched:
        return None
    page = page_lines(markup)
    known = len(page) == len(lines)
    for number, line in enumerate(lines):
        tags = page[number].tags if known else ()
        line.block = page[number].block if known else (-1, -1)
        line.path = tags
        line.tag = next((t for t in tags if t in _HEADINGS or t in ("h1", "figcaption", "caption", "li", "p")), "")
    cues(lines, rules, (min(matched), max(matched)))
    _story(lines, matched, title)
    parts = [part for line in lines for part in credits_split(line, rules)]
    last = max((i for i, p in enumerate(parts) if p.rule.startswith("markup")), default=-1)
    thread = find_thread(parts, last, rules)
    if thread is not None and thread > last:
        label_thread(parts, thread)
    _siblings(parts, rules)
    for line in parts:
        if not line.zone:
            line.decide("other", "markup.outside", "medium")
    found = Labelled(parts, page=True)
    found.lines = split_datelines(parts, rules, found)
    return found


def _story(lines: Sequence[Line], matched: set[int], title: str | None) -> None:
    """Zones that the elements and the article's paragraphs decide."""
    first = min(matched)
    heads = [n for n, line in enumerate(lines) if line.tag == "h1"]
    same_title = [n for n in heads if title and same(lines[n].text, title)]
    above = [n for n in heads if n <= first]
    head = (same_title or above[-1:] or heads[:1] or [-1])[0]
    prose = min((n for n in matched if lines[n].words >= 20), default=first)
    for number, line in enumerate(lines):
        if number == head:
            line.decide("title", "markup.h1", "high")
        elif line.tag == "figcaption":
            line.decide("caption", "markup.figcaption", "high")
        elif number in matched and not line.zone:
            if head < number < prose and line.tag in _HEADINGS:
                line.decide("subtitle", "markup.standfirst", "medium")
            elif number < prose and title and same(line.text, title):
                line.decide("title", "markup.title", "high")
            elif line.tag in _HEADINGS or line.tag == "h1":
                line.decide("heading", "markup.heading", "high")
            else:
                line.decide("body", "markup.article", "high")


def _siblings(lines: Sequence[Line], rules: Rules) -> None:
    """Sentences that trafilatura left out, but that stand in the same element as the article, stay in the story."""
    inside = [line for line in lines if line.rule == "markup.article" and reads_like_story(line, rules)]
    blocks = Counter(line.block[0] for line in inside)
    around = Counter(line.block[1] for line in inside)
    paths = Counter(line.path for line in inside)
    first, last = story(lines, rules)
    for i, line in enumerate(lines):
        if not line.zone and reads_like_story(line, rules) and line.block[1] >= 0:
            beside = blocks[line.block[0]] >= 1 or around[line.block[1]] >= 2
            if beside or (first <= i <= last and paths[line.path] >= 3):
                line.decide("body", "markup.sibling", "medium")
