"""What stands above the story: headline, standfirst, a writer's name, and the menus of a page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.clean.story import reads_like_story, stems

if TYPE_CHECKING:
    from pipeline.clean.lines import Line
    from pipeline.clean.rules import Rules

WORD_NAME = re.compile(r"[A-Z][\w.'’-]*( (?:de|la|al|van|von|bin|del|der|[A-Z][\w.'’-]*)){0,4}$")
"""Words that may be a person's name: all begin with a capital."""
NUMBERED = re.compile(r"(\d{1,2}|[IVX]{1,4})[.):]\s+\S")
"""A heading with its number."""
_STAMPS = frozenset(["byline", "timestamp"])
_AROUND = frozenset(["byline", "timestamp", "share", "credit"])


def same(a: str, b: str) -> bool:
    """Whether two headlines are the same: letters and digits alone, one may go on with the outlet's name."""
    a, b = (re.sub(r"[\W_]+", "", t).casefold() for t in (a[:300], b[:300]))
    short, long = sorted((a, b), key=len)
    return bool(short) and (a == b or (len(short) >= 20 and long.startswith(short)))


def title_like(line: Line, rules: Rules, *, capitals: bool = False) -> bool:
    """Whether a line has the shape of a headline; in a text all in ``capitals`` these say nothing."""
    if not 2 <= line.words <= rules["title"]["max_words"] or not any(c.isalpha() for c in line.text):
        return False
    if line.text.endswith((":", ",", ";")):
        return False
    if not line.ends or line.text.endswith(("?", "!", "”", "’", '"', "'", ")")):
        return True
    longer = [w for w in line.text.split() if len(w) > 3 and w[0].isalpha()]
    capital = sum(w[0].isupper() for w in longer)
    return not capitals and line.words <= 20 and len(longer) > 2 and capital >= 0.75 * len(longer)


def page_heads(lines: Sequence[Line], rules: Rules) -> frozenset[int]:
    """Lines that repeat the page's own title (its first line) and have a byline or a day right below."""
    if not lines or lines[0].words < 3 or not title_like(lines[0], rules):
        return frozenset()
    return frozenset(
        i
        for i in range(1, len(lines))
        if not reads_like_story(lines[i], rules)
        and same(lines[i].text, lines[0].text)
        and any(line.zone in _STAMPS for line in lines[i + 1 : i + 6])
    )


def find_title(
    lines: Sequence[Line],
    span: tuple[int, int],
    given: str | None,
    rules: Rules,
    *,
    page: bool,
    capitals: bool = False,
    skip: frozenset[int] = frozenset(),
) -> int | None:
    """Index of the headline of the story, which is lines ``span``; lines in ``skip`` are none."""
    first = span[0]
    if given:
        for i in range(min(len(lines), first + 4)):
            if same(lines[i].text, given) and (not reads_like_story(lines[i], rules) or i < first or i == 0):
                return i
    reach = rules["title"]["reach"]

    def may_be(i: int) -> bool:
        return not lines[i].zone and i not in skip and title_like(lines[i], rules, capitals=capitals)

    above = [i for i in range(max(0, first - reach), first) if may_be(i)]
    masthead = max((i for i in range(first) if lines[i].rule == "masthead.issue"), default=-1)
    above = [i for i in above if i > masthead] or above
    if page:
        return _page_title(lines, above, span, rules)
    if above:
        return above[0]
    free = next((i for i, line in enumerate(lines) if not line.zone and i not in skip), None)
    if free is not None and len(lines) > free + 1 and may_be(free):
        below = lines[free + 1]
        if (below.gap or not lines[free].ends) and below.words > lines[free].words:
            return free if not lines[free].text.endswith(":") else None
    return None


def _page_title(lines: Sequence[Line], above: Sequence[int], span: tuple[int, int], rules: Rules) -> int | None:
    """Of the lines ``above`` a page's story, the one that speaks of what the story speaks of, close to it."""
    weights: dict[str, float] = rules["title"]
    told = frozenset().union(*(stems(line.text) for line in lines[span[0] : span[1] + 1] if not line.zone))

    def score(i: int) -> float:
        line, own = lines[i], stems(lines[i].text)
        shared = len(own & told)
        return (
            weights["page_title"] * (i > 0 and same(line.text, lines[0].text))
            + weights["stamped"] * any(below.zone in _STAMPS for below in lines[i + 1 : i + 4])
            + weights["shared_word"] * min(shared, 5)
            + weights["shared_part"] * (shared / len(own) if own else 0.0)
            + weights["long"] * (line.words >= 4)
            - weights["per_line"] * (span[0] - i)
        )

    return max(above, key=lambda i: (score(i), i), default=None)


def label_top(
    lines: Sequence[Line],
    span: tuple[int, int],
    given: str | None,
    rules: Rules,
    *,
    page: bool,
    capitals: bool = False,
    skip: frozenset[int] = frozenset(),
) -> None:
    """Decide headline, standfirst and the rest above the story ``span``."""
    first = span[0]
    title = find_title(lines, span, given, rules, page=page, capitals=capitals, skip=skip)
    if title is not None:
        given_same = bool(given) and same(lines[title].text, given or "")
        lines[title].decide("title", "title.given" if given_same else "title.first", "high" if given_same else "medium")
        _standfirst(lines, title, rules)
    for i in range(first):
        line = lines[i]
        if line.zone:
            continue
        if title is not None and title < i <= title + 3 and WORD_NAME.match(line.text) and 2 <= line.words <= 4:
            line.decide("byline", "byline.name_under_title", "low")
        elif page:
            line.decide("other", "page.above_story", "medium")
        elif title is not None and i < title and line.words <= 6:
            line.decide("other", "top.above_title", "medium")
        elif line.words <= 3 and not line.ends and title is not None:
            line.decide("other", "top.short", "low")


def _standfirst(lines: Sequence[Line], title: int, rules: Rules) -> None:
    """The standfirst under the headline ``title``: no sentence, a quotation, or a sentence above the byline."""
    below = title + 1
    while below < len(lines) and lines[below].zone in _AROUND:
        below += 1
    if below + 1 >= len(lines) or lines[below].zone:
        return
    line, after = lines[below], lines[below + 1]
    if not 5 <= line.words <= rules["subtitle"]["max_words"] or NUMBERED.match(line.text):
        return
    signed_before = any(other.zone in _STAMPS for other in lines[title + 1 : below])
    signed_after = next((k for k in range(below + 1, min(below + 4, len(lines))) if lines[k].zone in _STAMPS), None)
    if not line.ends and line.text[-1] not in ":,;" and (after.words >= 12 or after.zone in _STAMPS):
        line.decide("subtitle", "subtitle.no_stop", "medium")
    elif not signed_before and signed_after is not None and _only_furniture(lines[below + 1 : signed_after]):
        line.decide("subtitle", "subtitle.above_byline", "medium")
    elif below == title + 1 and line.text[0] in "\"“‘'" and after.words > line.words and line.words <= 30:
        line.decide("subtitle", "subtitle.quotation", "medium")
    elif below == title + 1 and _told_twice(lines[title], line, after, rules):
        line.decide("subtitle", "subtitle.told_twice", "low")


def _told_twice(head: Line, line: Line, after: Line, rules: Rules) -> bool:
    """Whether headline, one sentence and the longer paragraph below it all tell the same news.

    A lead is not told again by the paragraph after it. With three words in all three, 2 of 446 texts with a
    sentence under the headline are taken, both rightly; with two words 3, one of them wrongly.
    """
    told, again = stems(line.text), stems(after.text)
    shared = told & again
    return (
        reads_like_story(after, rules)
        and line.words <= 30
        and after.words > line.words
        and ". " not in line.text
        and len(shared) >= rules["subtitle"]["told_twice"] * min(len(told), len(again))
        and len(shared & stems(head.text)) >= rules["subtitle"]["of_headline"]
    )


def _only_furniture(lines: Sequence[Line]) -> bool:
    return all(line.zone in _AROUND or (not line.zone and line.words <= 4 and not line.ends) for line in lines)
