"""Lines that are known by the lines beside them: captions above a credit, lists of other headlines, repetitions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.clean.story import reads_like_story
from pipeline.clean.top import NUMBERED, WORD_NAME, same, title_like

if TYPE_CHECKING:
    from pipeline.clean.lines import Line
    from pipeline.clean.rules import Rules

_PICTURED = re.compile(
    r"\((l|r|c|\dl|\dr|left|right|cent(er|re)|above|below|front|back|top|\d{1,2})\)|"
    r",? (left|right|above|below|pictured|second from (left|right)|cent(er|re)),|\bfile (photo|picture|image)\b|"
    r"\b(is|are|was|were) (seen|pictured|shown)\b|\bseen (here|on|in|at)\b|"
    r"\bon \w+day, (jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.? \d{1,2}, \d{4}",
    re.IGNORECASE,
)
_BARE = re.compile(r".{0,60}[\w:…»>]$")
_REPEATED_HEAD = 40
"""Captions of a picture shown twice agree in so many characters, whatever credit follows."""


def label_captions(lines: Sequence[Line], *, capitals: bool = False) -> None:
    """Words above a credit, a caption that is there twice, and names that stand alone beside their paragraph."""
    for i, line in enumerate(lines):
        if line.zone or line.words > 90 or not line.text:
            continue
        after = lines[i + 1] if i + 1 < len(lines) else None
        if (
            after
            and after.zone in ("", "caption")
            and line.words >= 10
            and line.text[:_REPEATED_HEAD] == after.text[:_REPEATED_HEAD]
        ):
            if any(x.zone == "credit" or x.rule == "other.gallery" for x in lines[max(0, i - 3) : i + 5]):
                line.decide("caption", "caption.twice", "medium")
                after.decide("caption", "caption.twice", "medium")
        elif after and after.zone == "credit" and (_PICTURED.search(line.text[:400]) or (i and _unfinished(line))):
            line.decide("caption", "caption.above_credit", "medium")
    if not capitals:
        _names(lines)


def _unfinished(line: Line) -> bool:
    return 3 <= line.words <= 40 and not line.ends and line.text[-1] not in ":,;"


def _names(lines: Sequence[Line]) -> None:
    alone = [i for i, line in enumerate(lines) if not line.zone and 2 <= line.words <= 4 and WORD_NAME.match(line.text)]
    times = Counter(lines[i].text for i in alone)
    for i in alone:
        name = lines[i].text
        near = [lines[j].text for j in range(max(0, i - 3), min(len(lines), i + 4)) if j != i and lines[j].words > 8]
        between = 0 < i < len(lines) - 1 and lines[i - 1].words > 8 and lines[i + 1].words > 8
        if any(name in text[:4000] for text in near) or (between and times[name] > 1):
            lines[i].decide("caption", "caption.name_alone", "medium")


def label_lists(lines: Sequence[Line], rules: Rules) -> None:
    """Headlines in a row under "Related" or "Read more", and a headline that is there twice on end."""
    i = 0
    while i < len(lines):
        line = lines[i]
        opens = line.zone == "related" or (line.zone == "teaser" and line.words <= 6 and line.rule in _OPENERS)
        if opens and not line.ends and _BARE.match(line.text):
            stop = i + 1
            while stop < len(lines) and _headline(lines[stop], rules):
                stop += 1
            followed = stop < len(lines) and lines[stop].zone in ("related", "teaser", "share", "footer")
            if stop - i > 2 or (stop - i == 2 and followed):
                for item in lines[i + 1 : stop]:
                    item.decide("related", "related.item", "medium")
            i = max(stop, i + 1)
            continue
        if i and not line.zone and line.words >= 5 and not line.ends and not reads_like_story(line, rules):
            twin = next((other for other in lines[max(0, i - 2) : i] if other.text == line.text), None)
            if twin and twin.zone in ("", "teaser"):
                line.decide("teaser", "teaser.twice", "medium")
                twin.decide("teaser", "teaser.twice", "medium")
        i += 1


_OPENERS = frozenset(["teaser.read_more", "teaser.related"])


def _headline(line: Line, rules: Rules) -> bool:
    if line.zone or NUMBERED.match(line.text) or reads_like_story(line, rules):
        return False
    return 3 <= line.words <= 25 and (not line.ends or line.text[-1] in "?!") and line.text[-1] not in ":,;"


def label_repeated(lines: Sequence[Line], given: str | None, rules: Rules, repeated: frozenset[str]) -> None:
    """Undecided lines that other articles of the outlet have too: short ones anywhere, prose around the story.

    Prose between lines that only this article has stays in the story: papers print their background
    paragraphs in many stories. A text of repeated lines alone is left as it is.

    Args:
        lines: the lines of one article.
        given: the title that came with the text, if any.
        rules: the rule tables.
        repeated: folded texts of lines that other, different articles of the same outlet have.
    """
    prose = [not line.zone and reads_like_story(line, rules) for line in lines]
    own = [i for i, is_prose in enumerate(prose) if is_prose and lines[i].text not in repeated]
    if not own:
        return
    head = next((i for i, line in enumerate(lines) if not line.zone), None)
    heads = [i for i in range(own[0]) if not lines[i].zone and title_like(lines[i], rules)]
    if head in heads and any(lines[i].text not in repeated for i in heads):
        head = None
    for i, line in enumerate(lines):
        if line.zone or line.text not in repeated or (given and same(line.text, given)):
            continue
        if prose[i]:
            if not own[0] < i < own[-1]:
                line.decide("notice" if i < own[0] else "footer", "repeated.edge", "medium")
        elif i != head and not NUMBERED.match(line.text) and not (line.ends and own[0] < i < own[-1]):
            line.decide("other", "repeated.line", "medium")
