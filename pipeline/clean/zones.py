"""Lines -> zones, for text that has lost its mark-up.

First each line is held against the rules of ``zones.toml``, and against the lines beside it. Then position
speaks: the run of lines that reads most like a story is found (``story``), what stands above it is headline
and its kin (``top``), what stands below is left over, and a comment thread (``thread``) goes on to the end.
What no cue takes out of the story stays in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.clean.neighbours import label_captions, label_lists, label_repeated
from pipeline.clean.parts import credits_split, dateline, dateline_alone
from pipeline.clean.story import reads_like_story, story
from pipeline.clean.thread import find_thread, label_thread
from pipeline.clean.top import NUMBERED, label_top, page_heads, same

if TYPE_CHECKING:
    from pipeline.clean.lines import Line
    from pipeline.clean.rules import Rules

__all__ = [
    "Labelled",
    "cues",
    "find_thread",
    "label",
    "label_thread",
    "reads_like_story",
    "same",
    "split_datelines",
    "story",
]

_QUOTES = "\"“”‘’'«»"
_FURNITURE = {"share", "footer", "related", "notice", "comment_meta", "teaser"}


@dataclass
class Labelled:
    """The labelled lines and what the labelling learned about the article."""

    lines: list[Line]
    place: str | None = None
    page: bool = False
    """Whether the text looks like a whole page with its menus."""
    datelines: list[Line] = field(default_factory=list)
    """Datelines of the story itself, not of captions."""


def cues(lines: Sequence[Line], rules: Rules, story: tuple[int, int] | None = None) -> None:
    """Hold every undecided line against the rules; ``story`` is [first, last] line of the story if known."""
    prose = [reads_like_story(line, rules) for line in lines]
    first, last = story or (
        next((i for i, p in enumerate(prose) if p), len(lines)),
        max((i for i, p in enumerate(prose) if p), default=-1),
    )
    for i, line in enumerate(lines):
        if line.zone:
            continue
        place = "top" if i < first else "bottom" if i >= last - 1 else "inside"
        if rule := rules.match(line.text, line.words, prose=prose[i], places=(place,)):
            line.decide(rule.zone, rule.name, rule.confidence)


def split_datelines(lines: Sequence[Line], rules: Rules, found: Labelled, *, capitals: bool = False) -> list[Line]:
    """``lines`` with datelines cut off the paragraphs they open; ``capitals``: the text has no small letters."""
    made: list[Line] = []
    paragraphs = 0
    for line in lines:
        if line.zone in ("", "body", "caption") and line.words >= 6:
            first = paragraphs == 0 and line.zone != "caption" and not capitals
            match = dateline(line.text, rules, first=first)
            paragraphs += line.zone != "caption" and reads_like_story(line, rules)
            if match:
                end, place, confidence = match
                left, right = line.cut(end)
                left.decide("dateline", "dateline.opening", confidence)
                right.decide(line.zone, line.rule, line.confidence)
                if line.zone != "caption" and paragraphs <= 3:
                    found.datelines.append(left)
                    found.place = found.place or place
                made += [left, right]
                continue
        made.append(line)
    return made


def _standing_dateline(above: Sequence[Line], rules: Rules, found: Labelled) -> None:
    """A day alone between headline and story, or a place and a day, is the dateline of the story.

    Beside a byline, another stamp or a dateline that opens the story, or on a page with its menus, it says when the
    page was made.
    """
    stamps = [line for line in above if line.zone in ("timestamp", "byline")]
    titled = next((i for i, line in enumerate(above) if line.zone == "title"), len(above))
    for line in above[titled:]:
        alone, place = dateline_alone(line.text, rules)
        if alone and (stamps == [line] or (place and not stamps)):
            line.decide("dateline", "dateline.alone", "medium")
            found.datelines.append(line)
            found.place = found.place or place
            return


def _all_capitals(lines: Sequence[Line]) -> bool:
    """Whether the text is written in capitals, so that a capital says nothing."""
    shouted = sum(line.words for line in lines if line.text[:400].isupper())
    return shouted > 0.6 * sum(line.words for line in lines)


def label(
    lines: Sequence[Line], given_title: str | None, rules: Rules, repeated: frozenset[str] = frozenset()
) -> Labelled:
    """Give every line a zone, cutting some lines in two.

    Args:
        lines: the lines of one article; a zone that is already set stays.
        given_title: the title that came with the text, if any.
        rules: the rule tables.
        repeated: folded texts of lines that other, different articles of the same outlet have too.
    """
    split = [part for line in lines for part in ([line] if line.zone else credits_split(line, rules))]
    capitals = _all_capitals(split)
    cues(split, rules)
    label_captions(split, capitals=capitals)
    label_lists(split, rules)
    if repeated:
        label_repeated(split, given_title, rules, repeated)
    heads = page_heads(split, rules)
    first, last = story(split, rules, heads)
    thread = find_thread(split, last, rules)
    end = len(split) if thread is None else thread
    if thread is not None:
        first, last = story(split[:thread], rules, heads)
    page = _is_page(split[:end], first, last, rules) or _is_page(split, first, last, rules)
    if thread is not None:
        label_thread(split, thread, page=page)
    found = Labelled(split, page=page)
    span = (first if last >= 0 else 0, last)
    if page:
        cues(split[:end], rules, span)
    label_top(split[:end], span, given_title, rules, page=page, capitals=capitals, skip=_others(split, repeated))
    found.lines = split_datelines(split, rules, found, capitals=capitals)
    if not found.page and not found.datelines:
        _standing_dateline(split[: span[0]], rules, found)
    _body(found.lines, rules, found, heads)
    return found


def _others(lines: Sequence[Line], repeated: frozenset[str]) -> frozenset[int]:
    return frozenset(i for i, line in enumerate(lines) if line.text in repeated) if repeated else frozenset()


def _is_page(lines: Sequence[Line], first: int, last: int, rules: Rules) -> bool:
    """Whether menus and buttons stand around the story."""
    page, inside = rules["page"], range(first, last + 1)
    outside = [line for i, line in enumerate(lines) if i not in inside]
    short = sum(not line.zone and not line.ends and line.words < 12 for line in outside)
    furniture = sum(line.zone in _FURNITURE for line in outside)
    words = sum(lines[i].words for i in inside if i < len(lines) and reads_like_story(lines[i], rules))
    return bool(short >= page["short_lines"] and furniture >= page["furniture_lines"] and words >= page["least_words"])


def _body(lines: Sequence[Line], rules: Rules, found: Labelled, heads: frozenset[int]) -> None:
    """What is left: body, headings, and what hangs below the story."""
    first, last = story(lines, rules, heads)
    hanging = sum(not line.zone for line in lines[last + 1 :]) <= rules["bottom"]["max_lines"]
    for i, line in enumerate(lines):
        if line.zone:
            continue
        if found.page and not first <= i <= last:
            line.decide("other", "page.below_story", "medium")
        elif line.text and (reads_like_story(line, rules) or line.ends):
            line.decide("body", "body.sentence", "high")
        elif not any(c.isalnum() or c in _QUOTES for c in line.text):
            line.decide("other", "other.wordless", "high")
        elif last >= 0 and i > last and hanging and line.words <= rules["bottom"]["max_words"]:
            line.decide("other", "bottom.short", "medium")
        elif _heading(lines, i):
            line.decide("heading", "heading.numbered" if NUMBERED.match(line.text) else "heading.short", "medium")
        else:
            line.decide("body", "body.rest", "medium")


def _heading(lines: Sequence[Line], i: int) -> bool:
    line = lines[i]
    if line.words > 16 or line.text[-1] in ",;:" or not any(c.isalpha() for c in line.text):
        return False
    following = next(
        (other for other in lines[i + 1 : i + 3] if other.zone not in ("credit", "caption", "share")), None
    )
    return following is not None and (following.words >= 12 or following.ends) and following.zone in ("", "body")
