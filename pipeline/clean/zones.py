"""Lines -> zones, for text that has lost its mark-up.

First each line is held against the rules of ``zones.toml``. Then position speaks: the run of lines that
reads most like a story is found, what stands above it is headline and its kin, what stands below is
left over, and a comment thread goes on to the end. What no cue takes out of the story stays in it.

One file because the steps share one picture of the page: where the story begins and ends.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.clean.parts import credits_split, dateline

if TYPE_CHECKING:
    from pipeline.clean.lines import Line
    from pipeline.clean.rules import Rules

_NEUTRAL = {"title", "subtitle", "byline", "dateline", "caption", "credit", "timestamp", "correction"}
_FURNITURE = {"share", "footer", "related", "notice", "comment_meta", "teaser"}
_STORY = {"body", "heading", "dateline"}
_UNITS = "(second|minute|hour|day|week|month|year)s? ago"
_AGO = re.compile(
    rf"(?P<name>.{{0,60}}?)[·•|,–-]?\s*\b(about |over |almost )?(an?|\d+) {_UNITS}( (at|on|in) .{{1,20}})?$",
    re.IGNORECASE,
)
_AGO_GLUED = re.compile(
    rf"(?P<name>[^\W\d_].{{0,60}}?)(?:(about|over|almost)( an?)?|an?)? ?\d* ?{_UNITS}$", re.IGNORECASE
)
_SAYS = re.compile(
    r"(?P<name>\S{1,25}( \S{1,25}){0,3}?) (says:?|(on|at) [^:]{0,20}\d{4}\b.{0,25}(said|says|wrote):|(said|wrote|says) (on|at) .{4,40}:)$"
)
_COMMENTS = re.compile(
    r"((\d+|no|all|view|show|hide|post|leave|add|write|reader|user|your|top|newest|oldest|read|see)?( an?| all| \d+)?"
    r" ?(comments?|repl(y|ies)|responses?)( \(\d+\)| on .*| below| section)?|join the (discussion|conversation)|"
    r"share your thoughts.*|leave a reply.*|\d+ thoughts on .*)[:.…]?$",
    re.IGNORECASE,
)
_WORD_NAME = re.compile(r"[A-Z][\w.'’-]*( (?:de|la|al|van|von|bin|del|der|[A-Z][\w.'’-]*)){0,4}$")
_NUMBERED = re.compile(r"(\d{1,2}|[IVX]{1,4})[.):]\s+\S")


@dataclass
class Labelled:
    """The labelled lines and what the labelling learned about the article."""

    lines: list[Line]
    place: str | None = None
    page: bool = False
    """Whether the text looks like a whole page with its menus."""
    datelines: list[Line] = field(default_factory=list)
    """Datelines of the story itself, not of captions."""


def reads_like_story(line: Line, rules: Rules) -> bool:
    """Whether a line reads like a sentence or more of running text."""
    prose = rules["prose"]
    return line.words >= prose["long_words"] or (line.words >= prose["min_words"] and line.ends)


def story(lines: Sequence[Line], rules: Rules) -> tuple[int, int]:
    """[first, last] of the run of lines that reads most like a story; (0, -1) when nothing does."""
    page = rules["page"]
    best, best_span, total, start = 0.0, (0, -1), 0.0, 0
    for i, line in enumerate(lines):
        if line.zone and line.zone not in _STORY:
            value = page["neutral"] if line.zone in _NEUTRAL else page["cue"]
        elif reads_like_story(line, rules):
            value = min(page["prose_most"], page["prose_per_word"] * line.words)
        elif line.ends:
            value = page["sentence"]
        else:
            value = page["short"]
        if total <= 0:
            total, start = 0.0, i
        total += value
        if total > best:
            best, best_span = total, (start, i)
    return best_span


def same(a: str, b: str) -> bool:
    """Whether two headlines are the same: letters and digits alone, one may go on with the outlet's name."""
    a, b = (re.sub(r"[\W_]+", "", t).casefold() for t in (a[:300], b[:300]))
    short, long = sorted((a, b), key=len)
    return bool(short) and (a == b or (len(short) >= 20 and long.startswith(short)))


def _title_like(line: Line, rules: Rules) -> bool:
    if not 2 <= line.words <= rules["title"]["max_words"] or not any(c.isalpha() for c in line.text):
        return False
    if line.text.endswith((":", ",", ";")):
        return False
    if not line.ends or line.text.endswith(("?", "!", "”", "’", '"', "'", ")")):
        return True
    longer = [w for w in line.text.split() if len(w) > 3 and w[0].isalpha()]
    capital = sum(w[0].isupper() for w in longer)
    return line.words <= 20 and len(longer) > 2 and capital >= 0.75 * len(longer)


def _find_title(lines: Sequence[Line], first: int, given: str | None, rules: Rules, *, page: bool) -> int | None:
    """Index of the headline above the story, which begins at ``first``."""
    if given:
        for i in range(min(len(lines), first + 4)):
            if same(lines[i].text, given) and (not reads_like_story(lines[i], rules) or i < first or i == 0):
                return i
    reach = rules["title"]["reach"]
    above = [i for i in range(max(0, first - reach), first) if not lines[i].zone and _title_like(lines[i], rules)]
    if not page:
        if above:
            return above[0]
        free = next((i for i, line in enumerate(lines) if not line.zone), None)
        if free is not None and len(lines) > free + 1 and _title_like(lines[free], rules):
            below = lines[free + 1]
            longer = below.words > lines[free].words
            if (below.gap or not lines[free].ends) and longer and not lines[free].text.endswith(":"):
                return free
        return None
    for i in reversed(above):
        if i and same(lines[i].text, lines[0].text):
            return i
    long = [i for i in above if lines[i].words >= 5]
    return long[-1] if long else (above[-1] if above else None)


def _meta(line: Line) -> re.Match[str] | None:
    """Match of a line that says who wrote a comment and when: at most four words of name, then the time."""
    if line.words > 12 or len(line.text) > 90 or line.ends:
        return None
    found = (pattern.match(line.text) for pattern in (_AGO_GLUED, _AGO, _SAYS))
    return next((match for match in found if match and match["name"].strip().count(" ") < 4), None)


def _name_part(line: Line) -> str:
    match = _meta(line)
    return match["name"].strip() if match else ""


def find_thread(lines: Sequence[Line], last: int, rules: Rules) -> int | None:
    """Index of the first line of a comment thread, or None; ``last`` is the last line of the story.

    One stamp such as "8 days ago" is a thread only under its writer's name; two are.
    """
    words, metas = 0, [i for i, line in enumerate(lines) if _meta(line)]
    for i, line in enumerate(lines):
        if words >= rules["thread"]["min_words_before"] and not reads_like_story(line, rules):
            named = i in metas and _names_writer(lines, i)
            if i in metas and (metas[-1] > i or (named and _name_part(line))):
                return i - 1 if named else i
            if i > last and line.words <= 8 and _COMMENTS.match(line.text):
                return i
        if not line.zone or line.zone in _STORY:
            words += line.words if reads_like_story(line, rules) else 0
    return None


def _names_writer(lines: Sequence[Line], i: int) -> bool:
    """Whether the line before ``i`` is the name of who wrote comment ``i``."""
    if not i or lines[i - 1].words > 4 or lines[i - 1].ends:
        return False
    before, name = lines[i - 1].text, _name_part(lines[i])
    return not name or name.split()[0] == before.split()[0] or name.startswith(before[:4])


def label_thread(lines: Sequence[Line], start: int) -> None:
    """From line ``start`` on everything is a comment, or says who wrote one and when."""
    for i in range(start, len(lines)):
        line = lines[i]
        if line.zone in ("footer", "notice"):
            continue
        follows = i + 1 < len(lines) and _meta(lines[i + 1]) and _names_writer(lines, i + 1)
        if _meta(line) or (line.words <= 8 and _COMMENTS.match(line.text)) or line.rule.startswith("timestamp"):
            line.decide("comment_meta", "thread.meta", "high")
        elif follows:
            line.decide("comment_meta", "thread.name", "high")
        else:
            line.decide("comment", "thread.comment", "medium")


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


def _top(lines: Sequence[Line], first: int, given: str | None, rules: Rules, *, page: bool) -> None:
    """Headline, standfirst and the rest above the story."""
    title = _find_title(lines, first, given, rules, page=page)
    if title is not None:
        given_same = bool(given) and same(lines[title].text, given or "")
        lines[title].decide("title", "title.given" if given_same else "title.first", "high" if given_same else "medium")
    below = None if title is None else title + 1
    while below is not None and below < len(lines) and lines[below].zone in ("byline", "timestamp", "share", "credit"):
        below += 1
    if below is not None and below + 1 < len(lines) and not lines[below].zone:
        line, after = lines[below], lines[below + 1]
        if 5 <= line.words <= rules["subtitle"]["max_words"] and not _NUMBERED.match(line.text):
            if (
                not line.ends
                and line.text[-1] not in ":,;"
                and (after.words >= 12 or after.zone in ("byline", "timestamp"))
            ):
                line.decide("subtitle", "subtitle.no_stop", "medium")
            elif (
                line.text[0] in "\"“‘'" and after.words > line.words and line.words <= 30 and below == (title or 0) + 1
            ):
                line.decide("subtitle", "subtitle.quotation", "medium")
    for i in range(first):
        line = lines[i]
        if line.zone:
            continue
        if title is not None and title < i <= title + 3 and _WORD_NAME.match(line.text) and 2 <= line.words <= 4:
            line.decide("byline", "byline.name_under_title", "low")
        elif page:
            line.decide("other", "page.above_story", "medium")
        elif title is not None and i < title and line.words <= 6:
            line.decide("other", "top.above_title", "medium")
        elif line.words <= 3 and not line.ends and title is not None:
            line.decide("other", "top.short", "low")


def _name_captions(lines: Sequence[Line]) -> None:
    """Names that stand alone under a picture: a line of its own, and in the story beside it."""
    for i, line in enumerate(lines):
        if line.zone or not _WORD_NAME.match(line.text) or not 2 <= line.words <= 4:
            continue
        name = line.text
        near = [lines[j].text for j in range(max(0, i - 3), min(len(lines), i + 4)) if j != i and lines[j].words > 8]
        if any(name in text for text in near):
            line.decide("caption", "caption.name_alone", "medium")


def split_datelines(lines: Sequence[Line], rules: Rules, found: Labelled) -> list[Line]:
    """``lines`` with datelines cut off the paragraphs they open."""
    made: list[Line] = []
    paragraphs = 0
    for line in lines:
        if line.zone in ("", "body", "caption") and line.words >= 6:
            match = dateline(line.text, rules, first=paragraphs == 0 and line.zone != "caption")
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


def label(lines: Sequence[Line], given_title: str | None, rules: Rules) -> Labelled:
    """Give every line a zone, cutting some lines in two.

    Args:
        lines: the lines of one article; a zone that is already set stays.
        given_title: the title that came with the text, if any.
        rules: the rule tables.
    """
    split = [part for line in lines for part in ([line] if line.zone else credits_split(line, rules))]
    cues(split, rules)
    first, last = story(split, rules)
    thread = find_thread(split, last, rules)
    if thread is not None:
        label_thread(split, thread)
        first, last = story(split[:thread], rules)
    inside = range(first, last + 1)
    short = sum(not line.zone and not line.ends and line.words < 12 for i, line in enumerate(split) if i not in inside)
    furniture = sum(line.zone in _FURNITURE for i, line in enumerate(split) if i not in inside)
    many = short >= rules["page"]["short_lines"] and furniture >= rules["page"]["furniture_lines"]
    words = sum(split[i].words for i in inside if reads_like_story(split[i], rules))
    found = Labelled(split, page=many and words >= rules["page"]["least_words"])
    end = len(split) if thread is None else thread
    _top(split[:end], first if last >= 0 else 0, given_title, rules, page=found.page)
    _name_captions(split)
    found.lines = split = split_datelines(split, rules, found) if not found.page else split
    _body(split, rules, found)
    return found


def _body(lines: Sequence[Line], rules: Rules, found: Labelled) -> None:
    """What is left: body, headings, and what hangs below the story."""
    first, last = story(lines, rules)
    hanging = sum(not line.zone for line in lines[last + 1 :]) <= rules["bottom"]["max_lines"]
    for i, line in enumerate(lines):
        if line.zone:
            continue
        if found.page and not first <= i <= last:
            line.decide("other", "page.below_story", "medium")
        elif reads_like_story(line, rules) or line.ends:
            line.decide("body", "body.sentence", "high")
        elif not line.text:
            line.decide("other", "other.wordless", "high")
        elif last >= 0 and i > last and hanging and line.words <= rules["bottom"]["max_words"]:
            line.decide("other", "bottom.short", "medium")
        elif _heading(lines, i, rules):
            line.decide("heading", "heading.numbered" if _NUMBERED.match(line.text) else "heading.short", "medium")
        else:
            line.decide("body", "body.rest", "medium")


def _heading(lines: Sequence[Line], i: int, rules: Rules) -> bool:
    line = lines[i]
    if line.words > 16 or line.text[-1] in ",;:" or not any(c.isalpha() for c in line.text):
        return False
    following = next(
        (other for other in lines[i + 1 : i + 3] if other.zone not in ("credit", "caption", "share")), None
    )
    return following is not None and (following.words >= 12 or following.ends) and following.zone in ("", "body")
