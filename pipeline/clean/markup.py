"""Lines of an HTML page -> zones, by what trafilatura takes for the article.

Trafilatura finds the article in the mark-up; its paragraphs are found again among the lines of the
page's text, in order. Those lines are the story; elements (h1, figcaption) and the rules for
flattened text say what the other lines are, and a line that nothing speaks for is ``other``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.clean.lines import Line, lines_of
from pipeline.clean.parts import credits_split
from pipeline.clean.rules import Rules
from pipeline.clean.zones import Labelled, cues, find_thread, label_thread, reads_like_story, same, split_datelines
from pipeline.read.html import page_lines

_HEADINGS = frozenset("h2 h3 h4 h5 h6".split())
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


def _chain(candidates: Sequence[tuple[int, int, int]]) -> list[int]:
    """Line numbers of the heaviest chain of (line, from, to) in which lines and places both rise.

    Candidates come sorted by line. A Fenwick tree over the ends keeps this n log n.
    """
    ends = sorted({to for _, _, to in candidates})
    rank = {end: i + 1 for i, end in enumerate(ends)}
    starts_rank = {}
    from bisect import bisect_right

    for _, begin, _ in candidates:
        starts_rank[begin] = bisect_right(ends, begin)
    tree: list[tuple[int, int]] = [(0, -1)] * (len(ends) + 1)
    weight: list[int] = []
    back: list[int] = []
    pending: list[int] = []
    for number, (line, begin, to) in enumerate(candidates):
        if pending and candidates[pending[0]][0] != line:
            _enter(tree, pending, candidates, weight, rank)
            pending = []
        best, i = (0, -1), starts_rank[begin]
        while i:
            best = max(best, tree[i])
            i -= i & -i
        weight.append(best[0] + to - begin)
        back.append(best[1])
        pending.append(number)
    if not candidates:
        return []
    at, chain = max(range(len(weight)), key=lambda n: (weight[n], -n)), []
    while at >= 0:
        chain.append(candidates[at][0])
        at = back[at]
    return chain[::-1]


def _enter(
    tree: list[tuple[int, int]],
    numbers: Sequence[int],
    candidates: Sequence[tuple[int, int, int]],
    weight: Sequence[int],
    rank: dict[int, int],
) -> None:
    for number in numbers:
        i = rank[candidates[number][2]]
        while i < len(tree):
            tree[i] = max(tree[i], (weight[number], number))
            i += i & -i


def _matched(lines: Sequence[Line], paragraphs: Sequence[str]) -> set[int]:
    """Numbers of the lines that hold the article's paragraphs."""
    whole = "\n".join(paragraphs)
    begins: dict[str, list[int]] = {}
    position = 0
    for paragraph in paragraphs:
        begins.setdefault(paragraph, []).append(position)
        position += len(paragraph) + 1
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
    return set(_chain(candidates))


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
        line.tag = next((t for t in tags if t in _HEADINGS or t in ("h1", "figcaption", "caption", "li", "p")), "")
    _story(lines, matched, title)
    first = min(matched)
    parts = [part for line in lines for part in ([line] if line.zone else credits_split(line, rules))]
    cues(parts, rules)
    last = max((i for i, p in enumerate(parts) if p.rule.startswith("markup")), default=-1)
    thread = find_thread(parts, last, rules)
    if thread is not None and thread > last:
        label_thread(parts, thread)
    found = Labelled(parts, page=True)
    found.lines = split_datelines(parts, rules, found)
    _between(found.lines, rules)
    for line in found.lines:
        if not line.zone:
            line.decide("other", "markup.outside", "medium")
    return found


def _story(lines: Sequence[Line], matched: set[int], title: str | None) -> None:
    """Zones that the elements and the article's paragraphs decide."""
    first = min(matched)
    heads = [n for n, line in enumerate(lines) if line.tag == "h1"]
    same_title = [n for n in heads if title and same(lines[n].text, title)]
    above = [n for n in heads if n <= first]
    head = (same_title or above[-1:] or heads[:1] or [-1])[0]
    for number, line in enumerate(lines):
        if number == head:
            line.decide("title", "markup.h1", "high")
        elif line.tag in ("figcaption",):
            line.decide("caption", "markup.figcaption", "high")
        elif number in matched:
            if line.tag in _HEADINGS or line.tag == "h1":
                line.decide("heading", "markup.heading", "high")
            else:
                line.decide("body", "markup.article", "high")


def _between(lines: Sequence[Line], rules: Rules) -> None:
    """Sentences that trafilatura left out in the middle of the article stay in the story."""
    inside = [i for i, line in enumerate(lines) if line.rule in ("markup.article", "markup.heading", "markup.h1")]
    for i in range(inside[0], inside[-1]) if inside else ():
        if not lines[i].zone and reads_like_story(lines[i], rules):
            lines[i].decide("body", "markup.between", "medium")
