"""Where the story is: the run of lines of a flattened text that reads most like one.

Two signs are added up. A line's shape: sentences speak for the story, buttons and menus against it. And
its words: a paragraph that stands apart, between furniture, belongs to the story when it speaks of what
the story speaks of; the summary of another article does not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.clean.lines import Line
    from pipeline.clean.rules import Rules

STORY = frozenset(["body", "heading", "dateline"])
"""Zones of lines that count as story when they are set beforehand."""
_NEUTRAL = frozenset(["title", "subtitle", "caption", "credit", "correction"])
_BETWEEN = frozenset(["notice", "caption", "credit", "correction"])
"""Zones that stand between the paragraphs of a story and set none of them apart."""
_STAMPED = frozenset(["byline", "timestamp"])
_WORD = re.compile(r"[^\W\d_][\w'’-]{4,}")
_HEAD = 4000
"""So many characters of a line are asked for their words."""
_DATED = re.compile(
    r"((?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.? \d{1,2}\b(?!,? \d{4})|"
    r"\d{1,2} (?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\b(?!\.? \d{4})|"
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b)",
    re.IGNORECASE,
)


def reads_like_story(line: Line, rules: Rules) -> bool:
    """Whether a line reads like a sentence or more of running text."""
    prose = rules["prose"]
    return line.words >= prose["long_words"] or (line.words >= prose["min_words"] and line.ends)


def stems(text: str) -> frozenset[str]:
    """The longer words of ``text`` as their first six letters, by which two texts on one matter are known."""
    return frozenset(word.casefold()[:6] for word in _WORD.findall(text[:_HEAD]))


def story(lines: Sequence[Line], rules: Rules, heads: frozenset[int] = frozenset()) -> tuple[int, int]:
    """[first, last] of the run of lines that reads most like a story; (0, -1) when nothing does.

    Args:
        lines: the lines of one article, those known to be furniture with their zone set.
        rules: the rule tables.
        heads: lines that repeat the page's own title: a story begins below one, and none goes on past it.
    """
    page = rules["page"]
    prose = [(not line.zone or line.zone in STORY) and reads_like_story(line, rules) for line in lines]
    values = _values(lines, prose, page)
    for i in range(min(heads, default=0)):
        values[i] = min(values[i], page["short"])
    for i in heads:
        values[i] = page["head"]
        if below := next((j for j in range(i + 1, min(i + 10, len(lines))) if prose[j]), None):
            values[below] += page["below_head"]
    span = _heaviest(values)
    blocks = _blocks(lines, prose, page)
    if len(blocks) < 2:
        return span
    known = [stems(line.text) if is_prose else frozenset() for line, is_prose in zip(lines, prose, strict=True)]
    core = max(
        (block for block in blocks if span[0] <= block[0] <= span[1]),
        key=lambda block: sum(lines[i].words for i in block),
        default=[],
    )
    if sum(lines[i].words for i in core) < page["core_words"]:
        return span
    for _ in range(2):
        vocabulary = frozenset(stems(lines[0].text)).union(*(known[i] for i in core))
        weighed = list(values)
        for block in blocks:
            if block[0] == core[0]:
                continue
            own = frozenset().union(*(known[i] for i in block))
            shared = len(own & vocabulary) / len(own) if own else 0.0
            opened = block[0] > core[-1] and any(line.zone in _STAMPED for line in lines[block[0] - 3 : block[0]])
            if shared < page["tie_stamped" if opened else "tie"]:
                for i in block:
                    weighed[i] = min(values[i], page["apart"])
            elif shared >= page["tie_close"] and len(block) > 1:
                for i in block:
                    weighed[i] = values[i] * page["close"]
        span = _heaviest(weighed)
        core = [i for i in range(span[0], span[1] + 1) if prose[i] and weighed[i] > 0] or core
    return span


def _values(lines: Sequence[Line], prose: Sequence[bool], page: dict[str, Any]) -> list[float]:
    listed = _listed(lines, prose, page["list_lines"])
    values, told = [], 0
    for i, line in enumerate(lines):
        if line.zone and line.zone not in STORY:
            if line.rule == "related.item":
                value = page["neutral"]
            elif line.zone in _STAMPED:
                value = page["neutral"] if told < page["told_words"] else page["stamp"]
            else:
                value = page["neutral"] if line.zone in _NEUTRAL else page["cue"]
        elif prose[i]:
            value = min(page["prose_most"], page["prose_per_word"] * line.words)
            told += line.words
        elif line.ends:
            value = page["sentence"]
        elif i in listed:
            value = page["listed"]
        else:
            value = page["short"]
        values.append(value)
    return values


def _listed(lines: Sequence[Line], prose: Sequence[bool], least: int) -> set[int]:
    """Lines of a list of days in the story: many in a row, short, each beginning with its day."""
    found: set[int] = set()
    row: list[int] = []
    for i, line in enumerate(lines):
        if not line.zone and not prose[i] and line.words >= 4 and _DATED.match(line.text):
            row.append(i)
            continue
        if len(row) >= least:
            found.update(row)
        row = []
    return found | set(row) if len(row) >= least else found


def _heaviest(values: Sequence[float]) -> tuple[int, int]:
    """[first, last] of the run with the greatest sum."""
    best, span, total, start = 0.0, (0, -1), 0.0, 0
    for i, value in enumerate(values):
        if total <= 0:
            total, start = 0.0, i
        total += value
        if total > best:
            best, span = total, (start, i)
    return span


def _blocks(lines: Sequence[Line], prose: Sequence[bool], page: dict[str, Any]) -> list[list[int]]:
    """Lines of prose, cut where furniture stands between them: some that a rule knows, or many short lines."""
    blocks: list[list[int]] = []
    apart = page["apart_lines"]
    for i, line in enumerate(lines):
        if prose[i]:
            if apart >= page["apart_lines"]:
                blocks.append([])
            blocks[-1].append(i)
            apart = 0
        elif line.zone in _BETWEEN or line.rule == "related.item" or (line.ends and not line.zone):
            continue
        elif line.zone and line.zone not in STORY:
            apart += page["apart_cue"]
        else:
            apart += 1
    return blocks
