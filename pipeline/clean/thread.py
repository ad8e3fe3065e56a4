"""Comment threads: who wrote a comment and when, the comments, and where it all begins.

A thread is known by its grammar, which tools leave in many shapes: "Ada L" above "Ada L8 days ago",
a name above a day, "Ada L says:", "Reply" and "Like" under each comment. One such line may stand in a
story; a thread is two of them, or one under its writer's name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.clean.story import STORY, reads_like_story
from pipeline.clean.top import WORD_NAME

if TYPE_CHECKING:
    from pipeline.clean.lines import Line
    from pipeline.clean.rules import Rules

_UNITS = "(second|minute|min|hour|hr|day|week|month|year)s? ago"
_SHORT_UNITS = r"\d{1,3} ?(s|m|h|d|w|mo|y|yr|hr|min)s?( ago)?"
_AGO = re.compile(
    rf"(?P<name>.{{0,60}}?)([·•|,–-]?\s*\b(about |over |almost )?(an?|\d+) {_UNITS}|\s*[·•|] ?{_SHORT_UNITS})"
    r"( (at|on|in) .{1,20})?( ?[(·•|]? ?edited\)?)?$",
    re.IGNORECASE,
)
_AGO_GLUED = re.compile(
    rf"(?P<name>[^\W\d_].{{0,60}}?)(?:(about|over|almost)( an?)?|an?)? ?\d* ?{_UNITS}$", re.IGNORECASE
)
_SAYS = re.compile(
    r"(?P<name>\S{1,25}( \S{1,25}){0,3}?) (says:|(on|at) [^:]{0,20}\d{4}\b.{0,25}(said|says|wrote):|(said|wrote|says) (on|at) .{4,40}:)$"
)
_NO_WRITER = re.compile(
    r"(/?by|posted|published|updated|modified|story|reported|submitted|filed|last)\b", re.IGNORECASE
)
_NAME = re.compile(r"[^\W_][\w.'’@-]*( [\w.'’@-]+){0,3}$")
_CONTROL = re.compile(
    r"(((reply|likes?|dislike|upvote|downvote|vote|report|report (abuse|comment)|flag|flag as .{3,20}|permalink|link|quote|"
    r"recommend|recommended|edited|log ?in to reply|(in reply|reply|replying) to .{2,40}|"
    r"(@\S{1,25}|\S{1,25}( \S{1,25}){0,3}) replied( to .{2,40})?:?|"
    r"(show|view|hide|load|see) (\d+ |more |all |earlier |\d+ more )?(replies|reply|comments)|"
    r"\d+ (likes?|votes?|points?|upvotes?|repl(y|ies))|[+-]?\d{1,4})(?!\w)|[↳↩▲▼])(\s*[·•|,/]\s*|\s+|$)){1,6}$",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"((\d+|no|all|view|show|hide|post|leave|add|write|reader|user|your|top|newest|oldest|read|see)?( an?| all| \d+)?"
    r" ?(comments?|repl(y|ies)|responses?)( \(\d+\)| on .*| below| section)?|join the (discussion|conversation)|"
    r"share your thoughts.*|leave a reply.*|\d+ thoughts on .*)[:.…]?$",
    re.IGNORECASE,
)


def _meta(line: Line) -> re.Match[str] | None:
    """Match of a line that says who wrote a comment and when: at most four words of name, then the time."""
    if line.words > 12 or len(line.text) > 90 or line.ends or _NO_WRITER.match(line.text):
        return None
    found = (pattern.match(line.text) for pattern in (_AGO_GLUED, _AGO, _SAYS))
    return next((match for match in found if match and match["name"].strip().count(" ") < 4), None)


def _metas(lines: Sequence[Line], start: int, dated: set[int]) -> set[int]:
    """Lines from ``start`` on that say who wrote a comment; "Ada L says:" opens a quotation unless a day follows."""
    found = {i for i in range(start, len(lines)) if _meta(lines[i])}
    for i in tuple(found):
        text = lines[i].text
        stamped = i + 1 < len(lines) and lines[i + 1].zone == "timestamp"
        if text.endswith("says:") and not stamped and not any(c.isdigit() for c in text):
            found.discard(i)
    return found | {i for i in dated if i >= start}


def _name_part(line: Line) -> str:
    match = _meta(line)
    return match["name"].strip() if match else ""


def _names_writer(lines: Sequence[Line], i: int) -> bool:
    """Whether the line before ``i`` is the name of who wrote comment ``i``."""
    if not i or lines[i - 1].words > 4 or lines[i - 1].ends:
        return False
    before, name = lines[i - 1].text.casefold(), _name_part(lines[i]).casefold()
    return not name or name.split()[0] == before.split()[0] or name.startswith(before[:4])


def _heading(line: Line) -> bool:
    return line.words <= 30 and bool(_HEADING.match(line.text))


def _control(line: Line) -> bool:
    return line.words <= 8 and len(line.text) <= 80 and bool(_CONTROL.match(line.text))


def _dated(lines: Sequence[Line]) -> set[int]:
    """Days that stand under the name of a comment's writer.

    Teasers of other articles have names and days too, but below a headline; a comment's name stands below
    the words of the comment before it, or below a button. Where most do, all are a thread's.
    """
    found: list[int] = []
    after_words = 0
    for i in range(2, len(lines)):
        name = lines[i - 1]
        if lines[i].zone != "timestamp" or name.words > 4 or name.ends or not _NAME.match(name.text):
            continue
        if name.zone in ("", "caption", "byline"):
            found.append(i)
            before = lines[i - 2]
            after_words += before.ends or _heading(before) or _control(before)
    return set(found) if len(found) >= 2 and 2 * after_words > len(found) else set()


def find_thread(lines: Sequence[Line], last: int, rules: Rules) -> int | None:
    """Index of the first line of a comment thread, or None; ``last`` is the last line of the story.

    One stamp such as "8 days ago" is a thread only under its writer's name; two are.
    """
    dated = _dated(lines)
    metas = _metas(lines, 0, dated)
    latest = max(metas, default=-1)
    replies = [i for i, line in enumerate(lines) if line.text.casefold() in ("reply", "log in to reply")]
    words = 0
    for i, line in enumerate(lines):
        if words >= rules["thread"]["min_words_before"] and not reads_like_story(line, rules):
            named = i in metas and (i in dated or _names_writer(lines, i))
            if i in metas and (latest > i or (named and _name_part(line))):
                return _begin(lines, i - 1 if named else i)
            if i > last and len(replies) > 1 and i == replies[0]:
                return _first_writer(lines, i)
            if i > last and _heading(line):
                return i
        if not line.zone or line.zone in STORY:
            words += line.words if reads_like_story(line, rules) else 0
    return None


def _begin(lines: Sequence[Line], i: int) -> int:
    """The heading of the thread stands up to two lines above its first comment."""
    return next((j for j in range(max(0, i - 2), i) if _heading(lines[j])), i)


def _first_writer(lines: Sequence[Line], reply: int) -> int:
    """The name above the comment that ``reply`` stands below, or that comment."""
    near = range(reply - 1, max(0, reply - 5), -1)
    names = (i for i in near if not lines[i].ends and lines[i].words <= 4 and _NAME.match(lines[i].text))
    return next(names, reply - 1)


def label_thread(lines: Sequence[Line], start: int, *, page: bool = False) -> None:
    """From line ``start`` on everything is a comment, or says who wrote one and when.

    Args:
        lines: the lines of one article.
        start: the first line of the thread.
        page: whether the text is a whole page, where menus follow the last comment.
    """
    dated = _dated(lines)
    metas = _metas(lines, start, dated)
    over = _over(lines, start, max(metas, default=start)) if page else len(lines)
    for i in range(start, len(lines)):
        line = lines[i]
        if line.zone in ("footer", "notice"):
            continue
        if i >= over:
            if not line.zone:
                line.decide("other", "page.below_thread", "medium")
        elif i in metas or _heading(line) or _control(line) or line.rule.startswith("timestamp"):
            line.decide("comment_meta", "thread.meta", "high")
        elif i + 1 in metas and (i + 1 in dated or _names_writer(lines, i + 1)):
            line.decide("comment_meta", "thread.name", "high")
        elif line.words <= 4 and WORD_NAME.match(line.text) and (i == start or _control(lines[i - 1])):
            line.decide("comment_meta", "thread.name", "low")
        elif not line.zone or line.zone in STORY or line.zone in ("caption", "title", "subtitle", "heading"):
            line.decide("comment", "thread.comment", "medium")


def _over(lines: Sequence[Line], start: int, last: int) -> int:
    """First line below the thread: known furniture, or two short lines in a row, after the last comment."""
    short = 0
    for i in range(last + 1, len(lines)):
        line = lines[i]
        if (line.zone and not _control(line)) or (_heading(line) and i > start):
            return i
        short = 0 if line.ends else short + 1
        if short == 2:
            return i - 1
    return len(lines)
