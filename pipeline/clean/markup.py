"""Lines of an HTML page -> zones, by what trafilatura takes for the article.

Trafilatura finds the article in the mark-up; its paragraphs are found again among the lines of the
page's text, in order. Those lines are the story; elements and class names (h1, figcaption, comments) and
the rules for flattened text say what the other lines are, and a line that nothing speaks for is ``other``.

One file because each line is held against the same picture of the page, the article's lines and the elements
around them, and what one step decides the next leaves alone.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from pipeline import resources
from pipeline.clean.neighbours import label_repeated
from pipeline.clean.parts import credits_split
from pipeline.clean.story import reads_like_story, story
from pipeline.clean.zones import Labelled, cues, find_thread, label_thread, same, split_datelines

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from pipeline.clean.lines import Line
    from pipeline.clean.rules import Rule, Rules
    from pipeline.read.html import Page, PageLine, Place

_HEADINGS = frozenset(["h2", "h3", "h4", "h5", "h6"])
_LISTS = frozenset(["ul", "ol", "dl", "table", "blockquote", "pre"])
_SHORT_KEY = 25
"""Letters and digits up to which a line must equal a paragraph; longer ones may be a part of it."""
_LEAST_WORDS = 30
"""An article of fewer words is no find: the rules for flattened text do better."""
_CARRIES = 0.25
"""An element that holds more of the story than this is not furniture, whatever its class names say."""
_NEAR = 3
"""So many elements up from its first word a line belongs to a caption, a byline and the like."""
_WINDOW, _STEP, _MOST_PLACES = 16, 8, 8
"""The article is indexed by stretches of 16 letters, one every 8; a line of over 25 letters covers one whole."""
_TOP = 8
"""Standfirst, byline and time stand at most so many lines below the headline."""
_ABOVE, _BELOW = 6, 5
"""So many lines above the headline and below the story captions, bylines, times and corrections are its own."""
_LONGEST_COMMENT = 10
"""So many lines may follow the last line that says who wrote a comment."""
_PATH = 12
"""So many elements around two lines are compared to see whether they are of one kind."""
MOST_ELEMENTS = 40_000
"""Trafilatura takes 2 seconds at most for so many elements (made pages of 1 to 8 MB: lists, tables, line breaks,
nested and inline elements); from there its time grows with their square (150,000: 34 seconds)."""


def too_large(page: Page) -> bool:
    """Whether a page has more elements than are looked through for an article."""
    return page.root is not None and page.root.xpath("count(//*)") > MOST_ELEMENTS


def _key(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _paragraphs(root: HtmlElement) -> list[str]:
    """Keys of the paragraphs that trafilatura takes for the article; it works on a copy of its own."""
    import trafilatura

    try:
        found = trafilatura.bare_extraction(
            root, fast=True, include_comments=False, include_links=False, include_images=False, with_metadata=False
        )
    except Exception:  # whatever trips the library on malformed mark-up, the text can still be read without it
        return []
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


class _Article:
    """The article's text as one row of letters and digits, with an index that finds a piece of it in constant time."""

    def __init__(self, paragraphs: Sequence[str]) -> None:
        self.whole = "".join(paragraphs)
        self._begins: dict[str, list[int]] = {}
        self._heads: dict[str, list[str]] = {}
        position = 0
        for paragraph in paragraphs:
            begins = self._begins.setdefault(paragraph, [])
            if not begins and len(paragraph) > _SHORT_KEY:
                self._heads.setdefault(paragraph[:_WINDOW], []).append(paragraph)
            begins.append(position)
            position += len(paragraph)
        self._windows: dict[str, list[int]] = {}
        for at in range(0, len(self.whole) - _WINDOW + 1, _STEP):
            places = self._windows.setdefault(self.whole[at : at + _WINDOW], [])
            if len(places) < _MOST_PLACES:
                places.append(at)

    def places(self, key: str) -> list[tuple[int, int]]:
        """[from, to) of the places where a line may stand: as paragraphs, as a part of one, or around one."""
        if key in self._begins:
            return [(at, at + len(key)) for at in self._begins[key][: 4 * _MOST_PLACES]]
        if len(key) <= _SHORT_KEY:
            return []
        starts = {
            at - shift
            for shift in range(_STEP)
            for at in self._windows.get(key[shift : shift + _WINDOW], ())
            if at >= shift
        }
        found = [(at, at + len(key)) for at in sorted(starts) if self.whole.startswith(key, at)]
        if found:
            return found[:_MOST_PLACES]
        held = [
            paragraph
            for at in range(len(key) - _SHORT_KEY)
            for paragraph in self._heads.get(key[at : at + _WINDOW], ())[:_MOST_PLACES]
            if len(paragraph) >= 0.5 * len(key) and key.startswith(paragraph, at)
        ]
        return [(at, at + len(p)) for p in held[:4] for at in self._begins[p][:4]]


def _matched(lines: Sequence[Line], paragraphs: Sequence[str]) -> set[int]:
    """Numbers of the lines that hold the article's paragraphs."""
    article = _Article(paragraphs)
    keys = ((number, _key(line.text)) for number, line in enumerate(lines))
    return _chain([(number, begin, end) for number, key in keys if key for begin, end in article.places(key)])


def label_page(
    page: Page, lines: Sequence[Line], title: str | None, rules: Rules, repeated: frozenset[str] = frozenset()
) -> Labelled | None:
    """Zones of an HTML page's lines, or None when no article is found in the mark-up.

    Args:
        page: the page.
        lines: the lines of its visible text; they are given their zones.
        title: the article's title, if known.
        rules: the rule tables.
        repeated: folded texts of lines that other, different articles of the same outlet have too.
    """
    if page.root is None or too_large(page):
        return None
    matched = _matched(lines, _paragraphs(page.root))
    if not matched:
        return None
    spots: Sequence[PageLine | None] = page.lines if len(page.lines) == len(lines) else [None] * len(lines)
    for line, spot in zip(lines, spots, strict=True):
        line.path = _path(spot.place) if spot and spot.place else ()
        line.block = spot.block if spot else (-1, -1)
        tags = spot.tags if spot else ()
        line.tag = next((t for t in tags if t in _HEADINGS or t in ("h1", "figcaption", "caption", "li", "p")), "")
    head = _headline(lines, matched, title)
    regions = _Regions(lines, spots, matched, head)
    _outside(lines, spots, matched, regions, rules)
    _fields(lines, spots, matched, regions, head, page.description, rules)
    if not matched:
        return None
    cues(lines, rules, (min(matched), max(matched)))
    if repeated:
        label_repeated([lines[number] for number in sorted(matched)], title, rules, repeated)
    _elsewhere(lines, spots, matched, regions, head)
    _story(lines, matched, title, head)
    _lists(lines, spots, matched, regions)
    parts = [part for line in lines for part in credits_split(line, rules)]
    last = max((i for i, p in enumerate(parts) if p.rule == "markup.article"), default=-1)
    _text_thread(parts, last, rules)
    _siblings(parts, rules)
    for line in parts:
        if not line.zone:
            headline = line.words >= 5 and any(step.startswith("a ") for step in line.path[:3])
            line.decide("related" if headline else "other", "markup.outside", "medium")
    found = Labelled(parts, page=True)
    found.lines = split_datelines(parts, rules, found)
    return found


def _text_thread(lines: Sequence[Line], last: int, rules: Rules) -> None:
    """Comments that no element or class name tells, but their writers and times do; ``last`` is the story's last line."""
    thread = None if any(line.zone == "comment" for line in lines) else find_thread(lines, last, rules)
    if thread is None or thread <= last:
        return
    free = [line for line in lines[thread:] if not line.zone and not any(map(_no_comment, line.path))]
    if free:
        label_thread(free, 0)
    signed = max((i for i, line in enumerate(free) if i and line.zone == "comment_meta"), default=0)
    for line in free[signed + _LONGEST_COMMENT if signed else 1 :]:
        line.decide("other", "markup.outside", "medium")


def _no_comment(step: str) -> bool:
    """Whether an element, as :func:`_step` writes it, is a link, a menu, a sidebar or a footer."""
    tag, _, words = step.partition(" ")
    return tag in ("a", "nav", "aside", "footer") or _zone_of("regions", tuple(words.split("."))) == "other"


# --- elements and class names --------------------------------------------------------------------------------
_OF_THE_ARTICLE = frozenset(["byline", "timestamp", "credit", "caption", "subtitle", "dateline", "correction"])
"""What a rule for flattened text may not make of a line in a menu or sidebar: it is another story's."""


@dataclass(frozen=True)
class _ClassNames:
    """The words that each stand for a zone: whole ones, beginnings, and several that must stand together."""

    zone: str
    words: frozenset[str]
    beginnings: tuple[str, ...]
    together: tuple[frozenset[str], ...]

    def take(self, words: tuple[str, ...]) -> bool:
        """Whether an element with these words is of the zone."""
        return (
            not self.words.isdisjoint(words)
            or any(word.startswith(self.beginnings) for word in words)
            or any(group.issubset(words) for group in self.together)
        )


@functools.cache
def _class_names(section: str) -> tuple[_ClassNames, ...]:
    """A section of ``page.toml``."""
    return tuple(
        _ClassNames(
            zone,
            frozenset(w for w in text.split() if w.isalpha()),
            tuple(w[:-1] for w in text.split() if w.endswith("*")),
            tuple(frozenset(w.split("+")) for w in text.split() if "+" in w),
        )
        for zone, text in resources.toml("page.toml")[section].items()
    )


@functools.lru_cache(maxsize=4096)
def _zone_of(section: str, words: tuple[str, ...]) -> str:
    """The zone that an element's class names stand for, or an empty text."""
    return next((names.zone for names in _class_names(section) if names.take(words)), "") if words else ""


class _Regions:
    """Which lines stand in a part of the page that is not the story."""

    def __init__(
        self, lines: Sequence[Line], spots: Sequence[PageLine | None], matched: set[int], head: int | None
    ) -> None:
        self._zones: dict[int, str] = {}
        weights: Counter[int] = Counter()
        for number in matched:
            if (spot := spots[number]) and spot.place:
                for place in spot.place.chain():
                    weights[place.number] += len(lines[number].text)
        most = _CARRIES * sum(len(lines[number].text) for number in matched)
        self._carriers = {number for number, weight in weights.items() if weight > most}
        if head is not None and (spot := spots[head]) and spot.place:
            self._carriers |= {place.number for place in spot.place.chain()}

    def carries(self, place: Place) -> bool:
        """Whether an element holds the headline or a good part of the story."""
        return place.number in self._carriers

    def of(self, spot: PageLine | None) -> str:
        """The zone of the innermost region around a line, ``comment`` before all others; empty for none."""
        if spot is None or spot.place is None:
            return ""
        way: list[Place] = []
        zone = ""
        for place in spot.place.chain():
            if place.number in self._zones or self.carries(place):
                zone = self._zones.get(place.number, "")
                break
            way.append(place)
        for place in reversed(way):
            if zone != "comment":
                zone = _zone_of("regions", place.words) or _by_tag(place) or zone
            self._zones[place.number] = zone
        return zone


def _by_tag(place: Place) -> str:
    return {"nav": "other", "footer": "footer", "aside": "other"}.get(place.tag, "")


def _outside(
    lines: Sequence[Line],
    spots: Sequence[PageLine | None],
    matched: set[int],
    regions: _Regions,
    rules: Rules,
) -> None:
    """Lines in comments, share bars, related stories and the like; what is not the story's leaves ``matched``."""
    own = [n for n in matched if regions.of(spots[n]) != "comment"]
    first, last = min(own, default=0), max(own, default=-1)
    threads: list[Line] = []
    for number, (line, spot) in enumerate(zip(lines, spots, strict=True)):
        zone = regions.of(spot)
        if not zone or zone == "other":
            continue
        if zone != "comment":
            near = first - _ABOVE <= number <= last + _BELOW
            rule = rules.match(line.text, line.words, prose=False, places=("bottom",)) if near else None
            if rule and rule.zone == "teaser" and zone == "related":
                matched.discard(number)
                continue
            if rule and rule.zone in ("timestamp", "correction") and zone in ("footer", "byline", "share"):
                continue
            if zone == "share" and reads_like_story(line, rules):
                continue
            if zone == "byline" and spot and spot.linked and line.words >= 4:
                zone = "related"
            line.decide(zone, f"markup.region_{zone}", "medium")
        elif number > last:
            threads.append(line)
        else:
            line.decide("comment_meta" if line.words <= 8 else "comment", "markup.region_comment", "medium")
        matched.discard(number)
    if threads:
        label_thread(threads, 0)


def _fields(
    lines: Sequence[Line],
    spots: Sequence[PageLine | None],
    matched: set[int],
    regions: _Regions,
    head: int | None,
    description: str | None,
    rules: Rules,
) -> None:
    """Captions, credits, standfirst, byline, times and corrections, by the elements that hold them."""
    begin = min((n for n in matched if lines[n].words >= 20), default=min(matched, default=0))
    first = (begin if head is None else min(head, begin)) - _ABOVE
    last = max(matched, default=-1) + _BELOW
    around = Counter(lines[n].block[1] for n in matched if lines[n].words >= 20)
    below = False
    for number, (line, spot) in enumerate(zip(lines, spots, strict=True)):
        if line.zone or spot is None or spot.place is None or number == head:
            continue
        zone = _field(spot.place, regions) if first <= number <= last else ""
        if zone in ("", "subtitle"):
            top = head is not None and head < number <= min(head + _TOP, begin) and 4 <= line.words <= 80
            beside = around[line.block[1]] > (number in matched and line.words >= 20)
            told = top and _same_words(line.text, description or "", whole=number in matched)
            if top and zone:
                line.decide("subtitle", "markup.standfirst", "high")
            elif top and told and not beside and line.words >= 6:
                line.decide("subtitle", "markup.description", "high")
            elif (
                top
                and not (below or beside or number in matched or spot.linked or line.words < 8)
                and not (regions.of(spot) or _rule(line, rules))
            ):
                line.decide("subtitle", "markup.below_headline", "medium")
                below = True
        elif zone in ("byline", "timestamp"):
            rule = _rule(line, rules)
            zone = rule.zone if rule and rule.zone == "timestamp" else zone
            if (
                line.words <= 14
                and not line.ends
                and number not in matched
                and (zone == "byline" or any(c.isdigit() for c in line.text))
            ):
                line.decide(zone, f"markup.{zone}", "medium")
        elif zone in ("caption", "credit"):
            above = head is not None and number < head
            rule = _rule(line, rules)
            zone = "credit" if rule and rule.zone == "credit" else zone
            if (5 if above else 1) <= line.words <= (80 if zone == "caption" else 20):
                line.decide(zone, f"markup.{zone}", "high")
        elif zone:
            line.decide(zone, f"markup.{zone}", "high")
        if line.zone:
            matched.discard(number)


def _rule(line: Line, rules: Rules) -> Rule | None:
    """The rule for flattened text that would take a line at the top of an article."""
    return rules.match(line.text, line.words, prose=False, places=("top",))


def _elsewhere(
    lines: Sequence[Line],
    spots: Sequence[PageLine | None],
    matched: set[int],
    regions: _Regions,
    head: int | None,
) -> None:
    """What the rules for text took for a byline, a time or a caption is another story's, far from this one."""
    begin, last = min(matched, default=0), max(matched, default=-1)
    first = min(begin, begin if head is None else head)
    for number, (line, spot) in enumerate(zip(lines, spots, strict=True)):
        if line.zone not in _OF_THE_ARTICLE or line.rule.startswith("markup"):
            continue
        between = head is not None and head + _TOP < number < begin - 2
        if regions.of(spot) == "other" or between or not first - _ABOVE <= number <= last + _BELOW:
            line.decide("other", "markup.elsewhere", "medium")


def _field(place: Place, regions: _Regions) -> str:
    for near, _ in zip(place.chain(), range(_NEAR), strict=False):
        if regions.carries(near):
            return ""
        if near.tag == "figcaption":
            return _zone_of("fields", place.words) if _zone_of("fields", place.words) == "credit" else "caption"
        if near.tag == "time":
            return "timestamp"
        if zone := _zone_of("fields", near.words):
            return zone
    return "caption" if any(p.tag == "figcaption" for p in place.chain()) else ""


def _same_words(text: str, description: str, *, whole: bool) -> bool:
    """Whether a line is the description; unless it must be the ``whole``, either may break off early."""
    a, b = _key(text), _key(description)
    return bool(a) and (a == b or (not whole and len(b) > 60 and (a.startswith(b) or b.startswith(a))))


def _headline(lines: Sequence[Line], matched: Iterable[int], title: str | None) -> int | None:
    """Number of the heading that is the title, or else of the page's h1, which may be the name of the site."""
    first = min(matched)
    heads = [n for n, line in enumerate(lines) if line.tag == "h1"]
    named = [n for n, line in enumerate(lines[: first + 4]) if title and line.tag in ("h1", "h2", "h3")]
    same_title = [n for n in sorted(named, key=lambda n: lines[n].tag) if same(lines[n].text, title or "")]
    above = [n for n in heads if n <= first]
    return next(iter([*same_title[:1], *above[-1:], *heads[:1]]), None)


def _story(lines: Sequence[Line], matched: set[int], title: str | None, head: int | None) -> None:
    """Zones that the elements and the article's paragraphs decide."""
    first = min(matched, default=0)
    prose = min((n for n in matched if lines[n].words >= 20), default=first)
    for number, line in enumerate(lines):
        if number == head:
            line.decide("title", "markup.h1", "high")
        elif number in matched and not line.zone:
            if head is not None and head < number < prose and line.tag in _HEADINGS and line.words >= 4:
                line.decide("subtitle", "markup.standfirst", "medium")
            elif number < prose and title and same(line.text, title):
                line.decide("title", "markup.title", "high")
            elif line.tag in _HEADINGS or line.tag == "h1":
                line.decide("heading", "markup.heading", "high")
            else:
                line.decide("body", "markup.article", "high")


def _path(place: Place) -> tuple[str, ...]:
    """The elements around a line with their class names, numbers left out, innermost first."""
    return tuple(_step(p.tag, p.words) for p, _ in zip(place.chain(), range(_PATH), strict=False))


@functools.lru_cache(maxsize=4096)
def _step(tag: str, words: tuple[str, ...]) -> str:
    return f"{tag} {'.'.join(words)}"


def _lists(lines: Sequence[Line], spots: Sequence[PageLine | None], matched: set[int], regions: _Regions) -> None:
    """Lists, tables and quotations that stand between the article's paragraphs, in the same element, are story."""
    around = Counter(lines[n].block[1] for n in matched if lines[n].rule == "markup.article" and lines[n].words >= 12)
    if not around:
        return
    for n in range(min(matched) + 1, max(matched)):
        line, spot = lines[n], spots[n]
        if line.zone or spot is None or spot.place is None or spot.linked or regions.of(spot):
            continue
        held = next((p for p in spot.place.chain() if p.tag in _LISTS), None)
        if held and held.around and around[held.around.number] >= 2:
            line.decide("body", "markup.list", "medium")


def _siblings(lines: Sequence[Line], rules: Rules) -> None:
    """Sentences that trafilatura left out, but that stand in the same element as the article, stay in the story."""
    inside = [line for line in lines if line.rule == "markup.article" and reads_like_story(line, rules)]
    blocks = Counter(line.block[0] for line in inside)
    around = Counter(line.block[1] for line in inside)
    paths = Counter(line.path for line in inside)
    tags = Counter(_tags(line) for line in inside)
    first, last = story(lines, rules)
    for i, line in enumerate(lines):
        if not line.zone and reads_like_story(line, rules) and line.block[1] >= 0:
            beside = blocks[line.block[0]] >= 1 or around[line.block[1]] >= 2
            if beside or paths[line.path] >= 3 or (first <= i <= last and tags[_tags(line)] >= 3):
                line.decide("body", "markup.sibling", "medium")


def _tags(line: Line) -> tuple[str, ...]:
    return tuple(step.partition(" ")[0] for step in line.path)
