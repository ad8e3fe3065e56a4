"""Pairing quotation marks: one paragraph's text -> its quotations, nested ones too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

_DOUBLE = re.compile(r"[“”„«»‟\"]|''|``")
_OPENING = {"“", "„", "«", "‟", "``"}
_STRAIGHT = {'"', "''"}
_FEET = re.compile(r"\d['’]\s?\d{1,2}$")
_ELISION = re.compile(r"\d\ds?\b|(?:em|til|tis|twas|cause|round|bout|n)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Marked:
    """Words between quotation marks: characters ``start``..``end`` of a paragraph, the marks left out.

    ``outer`` and ``outer_end`` include the marks; ``parent`` is the index of the quotation around it.
    """

    start: int
    end: int
    outer: int
    outer_end: int
    balanced: bool
    parent: int | None = None


class _Pair(NamedTuple):
    """The places of two marks: where the first begins and ends, where the second begins and ends."""

    outer: int
    start: int
    end: int
    outer_end: int
    balanced: bool = True


def pair_marks(text: str) -> list[Marked]:
    """The quotations of one paragraph in order of their opening marks; an odd mark never raises.

    An opening double mark without a closing one runs to the end of the paragraph. Single marks count
    only in pairs, so that apostrophes, feet and '90s are no quotations; a closing mark alone is nothing.
    """
    quotations: list[Marked] = []
    around: list[int] = []  # indices of the quotations that hold the place reached
    for pair in sorted([*_double_pairs(text), *_single_pairs(text)], key=lambda p: (p.outer, -p.outer_end)):
        while around and quotations[around[-1]].outer_end <= pair.outer:
            around.pop()
        if around and pair.outer_end > quotations[around[-1]].outer_end:
            continue  # crossing marks: the outer pair stands
        words = text[pair.start : pair.end]
        if not any(c.isalnum() for c in words):
            continue
        first, last = pair.start + len(words) - len(words.lstrip()), pair.start + len(words.rstrip())
        parent = around[-1] if around else None
        quotations.append(Marked(first, last, pair.outer, pair.outer_end, pair.balanced, parent))
        around.append(len(quotations) - 1)
    return quotations


def _double_pairs(text: str) -> Iterator[_Pair]:
    """Double marks in pairs; straight ones pair with their like, a curly one closes whatever is open."""
    stack: list[tuple[str, int, int]] = []  # family of an open mark, where it begins and ends
    for match in _DOUBLE.finditer(text):
        mark, begin, end = match[0], match.start(), match.end()
        families = [family for family, _, _ in stack]
        family = mark if mark in _STRAIGHT else "“"
        can_open = _can_open(text, begin, end)
        if mark == '"' and _FEET.search(text, max(0, begin - 5), begin):
            continue
        if mark in _STRAIGHT:
            closes = family in families or (not can_open and bool(families))
        elif mark in _OPENING:
            closes = family in families and not can_open
        else:
            closes = bool(families)
        if closes:
            depth = max((k for k, other in enumerate(families) if other == family), default=len(stack) - 1)
            for _, outer, start in stack[depth + 1 :]:
                yield _Pair(outer, start, begin, begin, balanced=False)
            _, outer, start = stack[depth]
            yield _Pair(outer, start, begin, end)
            del stack[depth:]
        elif can_open:
            stack.append((family, begin, end))
    for _, outer, start in stack:
        yield _Pair(outer, start, len(text), len(text), balanced=False)


def _can_open(text: str, begin: int, end: int) -> bool:
    """Whether a double mark has room before it and words right after it."""
    before, after = text[begin - 1 : begin], text[end : end + 1]
    return (not before or before.isspace() or before in "([{—–-―‘'“/…:") and bool(after) and not after.isspace()


def _single_pairs(text: str) -> Iterator[_Pair]:
    """Single marks that are clearly paired."""
    i = 0
    while i < len(text):
        close = _closing_single(text, i) if _opens_single(text, i) else None
        if close is None:
            i += 1
        else:
            yield _Pair(i, i + 1, close, close + 1)
            i = close + 1


def _closing_single(text: str, opening: int) -> int | None:
    """The place of the mark that closes the single mark at ``opening``; None if nothing does."""
    close = None
    for j in range(opening + 2, len(text)):
        if text[j] == text[opening] and _opens_single(text, j):
            break
        if text[j] in "’'" and "'" not in text[j - 1] + text[j + 1 : j + 2] and not text[j + 1 : j + 2].isalnum():
            close = j
            if text[j - 1] not in "sz":  # "the workers' rights": maybe a plural's possessive
                break
    return close


def _opens_single(text: str, i: int) -> bool:
    if text[i] not in "‘'`" or i + 1 >= len(text) or not (text[i + 1].isalnum() or text[i + 1] in "…["):
        return False
    if i and not (text[i - 1].isspace() or text[i - 1] in '([{—–“"/'):
        return False
    return not _ELISION.match(text[i + 1 : i + 7])
