"""An HTML page -> its visible text, and a tree in which its metadata are found.

The mark-up is parsed as HTML by libxml2, which knows no entity definitions, opens no link and stops at
absurd depth; nothing here looks at the clock, and a date is taken from metadata only, never from the text.

"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING, Any

from pipeline import resources
from pipeline.offsets import normalise

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_CELLS = frozenset(("td", "th"))
_HIDDEN_STYLE = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)\b", re.IGNORECASE)
SPACE = re.compile(r"[ \t\n\r\f\v\x85\u2028\u2029]+")
_BREAKS = re.compile(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_NEVER = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff]")
"""Control characters and halves of surrogate pairs, which are no text in HTML."""
LETTER = re.compile(r"[^\W_]")
_TAG = re.compile(r"<!--|-->|<(?P<close>/?)(?P<name>[a-zA-Z][\w:-]*)[^<>]*>|<[!?][^<>]*>")
_NAME_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{8000,}")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_MAX_NAMES = 400
"""So many characters of an element's id, class, itemprop and role are looked at."""
_MAX_PATH = 32
"""So many elements around a line are named."""
_MAX_ATTRIBUTES = 2000
"""With more on one element the parser's time grows with their square (200,000 take minutes); tags are read alone."""
_WHITE = " \t\n\r\f\v\x85\u2028\u2029"


@dataclass(frozen=True)
class _Names:
    """The tables of ``page.toml``."""

    dropped: frozenset[str]
    blocks: frozenset[str]
    unread: frozenset[str]
    meta: Mapping[str, tuple[str, ...]]
    posts: frozenset[str]
    accounts: frozenset[str]
    elsewhere: re.Pattern[str]


@functools.cache
def page_names() -> _Names:
    """The tables of ``page.toml``, read once per process."""
    data = resources.toml("page.toml")
    elements, authors = data["elements"], data["authors"]
    return _Names(
        dropped=frozenset(elements["dropped"].split()),
        blocks=frozenset(elements["blocks"].split()),
        unread=frozenset(elements["unread"].split()),
        meta={column: tuple(text.split()) for column, text in data["meta"].items()},
        posts=frozenset(authors["posts"].split()),
        accounts=frozenset(authors["accounts"].split()),
        elsewhere=re.compile(authors["elsewhere"].replace(" ", "|")),
    )


class Place:
    """An element of the page, in the chain of those around it.

    Attributes:
        tag: its name.
        names: its id, class, itemprop and role, as written.
        around: the element that it stands in, or None.
        number: its number in the order of the source.
        linked: whether it is a link or stands in one.
    """

    __slots__ = ("around", "linked", "names", "number", "tag")

    def __init__(self, tag: str, names: str, around: Place | None, number: int) -> None:
        self.tag, self.names, self.around, self.number = tag, names, around, number
        self.linked: bool = tag == "a" or (around is not None and around.linked)

    @property
    def words(self) -> tuple[str, ...]:
        """The lower-case words of its names, parted at hyphens and capitals, each once."""
        return words_in(self.names)

    def chain(self) -> Iterator[Place]:
        """The element and those around it, innermost first."""
        here: Place | None = self
        while here is not None:
            yield here
            here = here.around


@dataclass(frozen=True, slots=True)
class PageLine:
    """One line of a page.

    Attributes:
        text: its words.
        place: the element that holds its first word; None where only the tags could be read, not the tree.
        linked: whether all its words are links.
    """

    text: str
    place: Place | None
    linked: bool = False

    @property
    def tags(self) -> tuple[str, ...]:
        """Names of the elements around it, innermost first, at most 32."""
        return tuple(p.tag for p, _ in zip(self.place.chain(), range(_MAX_PATH), strict=False)) if self.place else ()

    @property
    def block(self) -> tuple[int, int]:
        """Numbers of the block element that it stands in and of the element around that; -1 for none."""
        here = next((p for p in self.place.chain() if p.tag in page_names().blocks), None) if self.place else None
        return (here.number, here.around.number if here.around else -1) if here else (-1, -1)


class Page:
    """A parsed page; what is read from its tree is worked out when it is first asked for."""

    def __init__(self, markup: str) -> None:
        self._markup = markup
        self.root, self._whole = _tree(markup)

    @functools.cached_property
    def lines(self) -> list[PageLine]:
        """The visible text in the order of its source, one block element per line.

        White space inside a line is folded to single spaces; no-break spaces stay. Empty lines are left out.
        """
        if not self._whole:
            return _stripped(self._markup)
        return [] if self.root is None else _lines(self.root)

    @property
    def text(self) -> str:
        """The visible text: one block element per line, scripts and hidden parts left out."""
        return "\n".join(line.text for line in self.lines)

    @functools.cached_property
    def metadata(self) -> dict[str, Any]:
        """What the page says about its article, see :func:`pipeline.read.metadata.metadata`."""
        from pipeline.read.metadata import metadata

        return metadata(self.root)

    @functools.cached_property
    def description(self) -> str | None:
        """What the head gives as a summary of the article, often its standfirst."""
        from pipeline.read.metadata import description

        return description(self.root)


def read_page(markup: str) -> Page:
    """The page of a source, parsed once; malformed mark-up never raises."""
    return Page(markup)


def page_text(markup: str) -> str:
    """The visible text of an HTML page: one block element per line, scripts and hidden parts left out."""
    return Page(markup).text


# --- text ----------------------------------------------------------------------------------------------------
def _tree(markup: str) -> tuple[HtmlElement | None, bool]:
    """The parsed page, or None when it holds no element, and whether the parser read it to its end."""
    from lxml import etree, html

    parser = html.HTMLParser(
        encoding="utf-8", recover=True, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    if any(len(_QUOTED.sub("", tag).split()) > _MAX_ATTRIBUTES for tag in _LONG_TAG.findall(markup)):
        return None, False
    data = _NEVER.sub("\ufffd", markup).encode("utf8")
    try:
        root = html.document_fromstring(data, parser=parser) if data.strip() else None
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        root = None
    return root, not any(error.level_name == "FATAL" for error in parser.error_log)


def _stripped(markup: str) -> list[PageLine]:
    """The text between the tags, for pages that the parser gives up, being nested too deep."""
    known, pieces = page_names(), list[str]()
    position, until = 0, ""
    for match in _TAG.finditer(_NEVER.sub("\ufffd", markup)):
        name = (match["name"] or "").lower()
        if until:
            if match.group() == until or (match["close"] and name == until):
                until, position = "", match.end()
            continue
        pieces.append(SPACE.sub(" ", markup[position : match.start()]))
        position = match.end()
        if match.group() == "<!--":
            until = "-->"
        elif name in known.unread and not match["close"]:
            until = name
        elif name in known.blocks:
            pieces.append("\n")
    if not until:
        pieces.append(SPACE.sub(" ", markup[position:]))
    lines = (SPACE.sub(" ", _NEVER.sub("\ufffd", unescape(line))) for line in "".join(pieces).split("\n"))
    return [PageLine(line.strip(" "), None) for line in lines if normalise(line).text]


def _hidden(element: HtmlElement, dropped: frozenset[str]) -> bool:
    tag = element.tag
    if not isinstance(tag, str) or tag in dropped:
        return True
    if not element.attrib:
        return tag == "dialog"
    if tag == "dialog" and element.get("open") is None:
        return True
    return element.get("hidden") is not None or bool(_HIDDEN_STYLE.search(element.get("style") or ""))


def names_of(element: HtmlElement) -> str:
    """Id, class, itemprop and role of an element, as written."""
    get = element.attrib.get
    return " ".join([v for v in (get("id"), get("class"), get("itemprop"), get("role")) if v])[:_MAX_NAMES]


@functools.lru_cache(maxsize=4096)
def words_in(names: str) -> tuple[str, ...]:
    """The words that a class name or id is made of, in lower case: storyCaption-2 has story and caption."""
    return tuple(dict.fromkeys(word.lower() for word in _NAME_PART.findall(names) if len(word) > 1))


def _lines(root: HtmlElement) -> list[PageLine]:
    lines: list[PageLine] = []
    words: list[str] = []
    at: Place | None = None
    linked, empty = True, True

    def end_line() -> None:
        nonlocal empty
        if not empty:
            text = "".join(words).strip(" ")
            if LETTER.search(text) or normalise(text).text:
                lines.append(PageLine(text, at, linked))
        words.clear()
        empty = True

    def add(text: str | None, place: Place, *, keep_breaks: bool) -> None:
        nonlocal at, linked, empty
        if not text or (not words and not keep_breaks and not text.strip(_WHITE)):
            return
        parts = _BREAKS.split(text) if keep_breaks else (text,)
        for number, part in enumerate(parts):
            if number:
                end_line()
            folded = SPACE.sub(" ", part)
            if words and words[-1].endswith(" "):
                folded = folded.lstrip(" ")
            if folded.strip():
                if empty:
                    at, linked, empty = place, True, False
                linked = linked and place.linked
            if folded:
                words.append(folded)

    blocks, dropped = page_names().blocks, page_names().dropped
    # An own stack instead of recursion: a page may nest deeper than Python's stack.
    stack: list[tuple[HtmlElement, Place | None]] = [(root, None)]
    here: Place | None = None
    pre = count = 0
    while stack:
        element, leaving = stack.pop()
        tag = element.tag
        if leaving is not None:
            here = leaving.around
            pre -= tag == "pre"
            if tag in blocks:
                end_line()
            elif tag in _CELLS and here:
                add(" ", here, keep_breaks=False)
            if here:
                add(element.tail, here, keep_breaks=pre > 0)
            continue
        if _hidden(element, dropped):
            if here:
                add(element.tail, here, keep_breaks=pre > 0)
            continue
        if tag in blocks:
            end_line()
        count += 1
        here = Place(tag, names_of(element), here, count)
        pre += tag == "pre"
        add(element.text, here, keep_breaks=pre > 0)
        stack.append((element, here))
        if len(element):
            stack.extend((child, None) for child in reversed(element))
    end_line()
    return lines
