"""An HTML page -> its visible text and what its head says about the article.

The mark-up is parsed as HTML by libxml2, which knows no entity definitions, opens no link and stops at
absurd depth; nothing here looks at the clock, and a date is taken from metadata only, never from the text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING, Any

from pipeline.offsets import normalise

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_DROPPED = frozenset(
    [
        "script",
        "style",
        "template",
        "noscript",
        "head",
        "iframe",
        "object",
        "embed",
        "svg",
        "canvas",
        "audio",
        "video",
        "map",
        "math",
        "select",
        "datalist",
        "textarea",
        "input",
        "applet",
        "frameset",
        "noframes",
        "title",
        "meta",
        "link",
    ]
)
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "button",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "optgroup",
        "option",
        "p",
        "pre",
        "search",
        "section",
        "summary",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
    ]
)
_CELLS = frozenset(("td", "th"))
_HIDDEN_STYLE = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)\b", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\n\r\f\v\x85\u2028\u2029]+")
_NEVER = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff]")
"""Control characters and halves of surrogate pairs, which are no text in HTML."""
_MAX_TEXT = 2000
"""Longer metadata values are no titles, names or dates."""


@dataclass(frozen=True)
class PageLine:
    """One line of a page.

    Attributes:
        text: its words.
        tags: names of the elements around it, innermost first.
        block: number of the block element that it stands in, and of the element around that.
    """

    text: str
    tags: tuple[str, ...]
    block: tuple[int, int]


def _tree(markup: str) -> tuple[HtmlElement | None, bool]:
    """The parsed page, or None when it holds no element, and whether the parser read it to its end."""
    from lxml import etree, html

    parser = html.HTMLParser(
        encoding="utf-8", recover=True, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    data = _NEVER.sub("\ufffd", markup).encode("utf8")
    try:
        root = html.document_fromstring(data, parser=parser) if data.strip() else None
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        root = None
    return root, not any(error.level_name == "FATAL" and "depth" in error.message for error in parser.error_log)


def _stripped(markup: str) -> list[PageLine]:
    """The text between the tags, for pages nested so deep that the parser gives up."""
    bare = re.sub(r"(?is)<!--.*?-->|<(script|style|template|noscript|head|svg)\b.*?</\1\s*>", " ", markup)
    blocks = "|".join(sorted(_BLOCKS, key=len, reverse=True))
    bare = re.sub(rf"(?i)</?(?:{blocks})\b[^>]*>", "\n", _SPACE.sub(" ", bare))
    lines = (_SPACE.sub(" ", _NEVER.sub("\ufffd", unescape(line))) for line in re.sub(r"<[^>]*>", "", bare).split("\n"))
    return [PageLine(line.strip(" "), (), (-1, -1)) for line in lines if normalise(line).text]


def _hidden(element: HtmlElement) -> bool:
    tag = element.tag
    if not isinstance(tag, str) or tag in _DROPPED:
        return True
    if tag == "dialog" and element.get("open") is None:
        return True
    return element.get("hidden") is not None or bool(_HIDDEN_STYLE.search(element.get("style") or ""))


def page_lines(markup: str) -> list[PageLine]:
    """The visible text of a page in the order of its source, one block element per line.

    White space inside a line is folded to single spaces; no-break spaces stay. Empty lines are left out.
    """
    root, whole = _tree(markup)
    if not whole:
        return _stripped(markup)
    if root is None:
        return []
    lines: list[PageLine] = []
    words: list[str] = []
    path: list[str] = []
    numbers: list[int] = []
    at: tuple[str, ...] = ()
    block = (0, 0)

    def end_line() -> None:
        text = "".join(words).strip(" ")
        if normalise(text).text:
            lines.append(PageLine(text, at, block))
        words.clear()

    def add(text: str | None, *, keep_breaks: bool) -> None:
        nonlocal at, block
        if not text:
            return
        parts = re.split(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]", text) if keep_breaks else [text]
        for number, part in enumerate(parts):
            if number:
                end_line()
            folded = _SPACE.sub(" ", part)
            if words and words[-1].endswith(" "):
                folded = folded.lstrip(" ")
            if folded.strip() and not any(word.strip() for word in words):
                at = tuple(reversed(path))
                depth = next((i for i in range(len(path) - 1, 0, -1) if path[i] in _BLOCKS), 0)
                block = (numbers[depth], numbers[depth - 1] if depth else -1)
            if folded:
                words.append(folded)

    # An own stack instead of recursion: a page may nest deeper than Python's stack.
    stack: list[tuple[HtmlElement, bool]] = [(root, False)]
    pre = count = 0
    while stack:
        element, leaving = stack.pop()
        tag = element.tag
        if leaving:
            path.pop()
            numbers.pop()
            pre -= tag == "pre"
            if tag in _BLOCKS:
                end_line()
            elif tag in _CELLS:
                add(" ", keep_breaks=False)
            add(element.tail, keep_breaks=pre > 0)
            continue
        if _hidden(element):
            add(element.tail, keep_breaks=pre > 0)
            continue
        if tag in _BLOCKS:
            end_line()
        path.append(tag)
        numbers.append(count := count + 1)
        pre += tag == "pre"
        add(element.text, keep_breaks=pre > 0)
        stack.append((element, True))
        stack.extend((child, False) for child in reversed(element))
    end_line()
    return lines


def page_text(markup: str) -> str:
    """The visible text of an HTML page: one block element per line, scripts and hidden parts left out."""
    return "\n".join(line.text for line in page_lines(markup))


# --- metadata ------------------------------------------------------------------------------------------------
_ARTICLE_TYPES = re.compile(r"(?:Article|NewsArticle|BlogPosting|Report|Posting|Review|LiveBlog)", re.IGNORECASE)
_META = {
    "title": ("og:title", "twitter:title", "dc.title", "headline", "parsely-title", "sailthru.title"),
    "authors": ("author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "byl", "og:article:author"),
    "outlet": ("og:site_name", "application-name", "publisher", "dc.publisher"),
    "url": ("og:url", "parsely-link", "twitter:url"),
    "language": ("og:locale", "content-language", "language", "dc.language"),
    "published": (
        "article:published_time", "og:article:published_time", "datepublished", "parsely-pub-date", "sailthru.date",
        "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date", "dc.date.created", "pubdate", "publish-date",
        "publication_date", "publish_date", "article.published", "published-date", "cxenseparse:recs:publishtime",
        "date_published", "originalpublicationdate", "article_date_original", "date.created", "created", "ptime", "date",
    ),
}  # fmt: skip
"""Names of meta elements (name, property or itemprop) per column, the most telling first."""


def _text(value: Any) -> str | None:
    if not isinstance(value, str):
        return None
    folded = _SPACE.sub(" ", unescape(value)).strip()
    return folded if folded and len(folded) <= _MAX_TEXT else None


def _json_ld(root: HtmlElement) -> Iterator[dict[str, Any]]:
    """The objects of all JSON-LD scripts, those inside lists and graphs too."""
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        try:
            stack: list[Any] = [json.loads(script.text or "", strict=False)]
        except (ValueError, RecursionError):
            continue
        while stack:
            value = stack.pop()
            if isinstance(value, list):
                stack.extend(reversed(value))
            elif isinstance(value, dict):
                yield value
                stack.extend(v for k, v in value.items() if k in ("@graph", "mainEntity", "mainEntityOfPage"))


def _names(value: Any) -> list[str]:
    """Names out of a JSON-LD author or publisher: a string, an object, or a list of them."""
    found = value if isinstance(value, list) else [value]
    names = (_text(v.get("name") if isinstance(v, dict) else v) for v in found)
    return [name for name in names if name and not name.startswith(("http:", "https:"))]


def _from_json_ld(root: HtmlElement) -> dict[str, Any]:
    for item in _json_ld(root):
        kind = item.get("@type")
        if not any(
            isinstance(k, str) and _ARTICLE_TYPES.search(k) for k in (kind if isinstance(kind, list) else [kind])
        ):
            continue
        return {
            "title": _text(item.get("headline")) or _text(item.get("name")),
            "authors": _names(item.get("author")),
            "outlet": next(iter(_names(item.get("publisher"))), None),
            "url": _text(item.get("url")),
            "language": _text(item.get("inLanguage")),
            "published": _text(item.get("datePublished")) or _text(item.get("dateCreated")),
        }
    return {}


def _from_meta(root: HtmlElement) -> dict[str, Any]:
    given: dict[str, list[str]] = {}
    for meta in root.iter("meta"):
        value = _text(meta.get("content"))
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            if value and (name := meta.get(attribute)):
                given.setdefault(name.strip().lower(), []).append(value)
    found: dict[str, Any] = {}
    for column, names in _META.items():
        values = next((given[name] for name in names if name in given), [])
        if column == "authors":
            found[column] = [v for v in dict.fromkeys(values) if not v.startswith(("http:", "https:"))]
        else:
            found[column] = values[0] if values else None
    return found


def _from_elements(root: HtmlElement) -> dict[str, Any]:
    """What single elements say: time, canonical link, title, html lang."""
    found: dict[str, Any] = {}
    for time in root.iter("time"):
        marks = " ".join((time.get(a) or "") for a in ("itemprop", "class", "pubdate")).lower()
        if time.get("pubdate") is not None or "publish" in marks:
            found["published"] = _text(time.get("datetime"))
            break
    times = {_text(time.get("datetime")) for time in root.iter("time")} - {None}
    if not found.get("published") and len(times) == 1:
        found["published"] = times.pop()
    for link in root.iter("link"):
        if (link.get("rel") or "").lower() == "canonical":
            found["url"] = _text(link.get("href"))
            break
    titles = [_text(title.text_content()) for title in root.iter("title")]
    headings = [_text(h.text_content()) for h in root.iter("h1")]
    found["title"] = headings[0] if len(headings) == 1 else next(iter(titles), None)
    html = root if root.tag == "html" else None
    found["language"] = _text(html.get("lang")) if html is not None else None
    return found


def page_metadata(markup: str) -> dict[str, Any]:
    """What the page itself says about its article.

    Returns:
        title, outlet, url, language, published (strings as given, or None) and authors (a list). JSON-LD
        comes first, then meta elements, then time, link, title and html. A value that is not there is
        None: nothing is guessed from the text.
    """
    root, _ = _tree(markup)
    sources = [] if root is None else [_from_json_ld(root), _from_meta(root), _from_elements(root)]
    found: dict[str, Any] = {}
    for column in _META:
        found[column] = next((s[column] for s in sources if s.get(column)), [] if column == "authors" else None)
    if found["title"] and found["outlet"]:
        found["title"] = re.sub(rf"\s+[|–—:·-]\s+{re.escape(found['outlet'])}$", "", found["title"]) or found["title"]
    if found["url"] and not re.match(r"https?://", found["url"]):
        found["url"] = None
    return found
