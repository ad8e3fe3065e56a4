"""News in XML: NITF, NewsML-G2, NewsML 1, Reuters corpus items, and RSS or Atom feeds that carry whole texts.

The parser expands no entity, loads no DTD and opens no link; a document that declares entities is refused.
Content that an item only points to is never fetched. What is read is what a reader of the paper sees:
headline, byline, dateline, paragraphs, captions and credits, one a line; an indexer's abstract, key words
and codes are left out, and so is the copy of the lead that some archives keep beside the full text.

The publication date is what the format calls so: ``date.publication`` or ``date.issue`` in NITF, ``date``
in a Reuters item, ``pubDate`` or ``published`` in a feed. NewsML-G2 has none: there it is the day on which
the content was created, or the item first was, or version 1 was, moved to the end of an embargo; where
content and item were created more than a day apart it is left open. The date of a later version is never it.

One file because the formats hold each other (NITF or XHTML in NewsML) and are read by the same few walks.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from html import escape
from html.entities import html5
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml import etree

from pipeline.errors import ReadError
from pipeline.ids import article_id
from pipeline.read.decode import decode
from pipeline.read.formats import Found, bounded
from pipeline.read.html import page_text
from pipeline.read.page import page_record
from pipeline.read.record import Record, given_fields, storable

if TYPE_CHECKING:
    from pipeline.settings import ReadSettings

Element = Any
"""An element of lxml."""

READ = "NITF, NewsML-G2, NewsML 1, Reuters newsitem, RSS, Atom and XHTML"
_BLOCKS = frozenset([
    "address", "article", "aside", "blockquote", "body", "body.content", "body.end", "body.head", "bq", "block",
    "byline", "bytag", "br", "caption", "copyright", "copyrite", "credit", "creditline", "dateline", "datasource",
    "dd", "distributor", "div", "dl", "dt", "fieldset", "figcaption", "figure", "fn", "footer", "h1", "h2", "h3",
    "h4", "h5", "h6", "header", "hedline", "headline", "hl1", "hl2", "hr", "html", "li", "main", "media",
    "media-caption", "media-producer", "nav", "nitf", "nitf-table", "note", "ol", "p", "pre", "rights", "section",
    "series", "subheadline", "table", "tagline", "tbody", "tfoot", "thead", "title", "tr", "ul",
])  # fmt: skip
"""Elements of NITF, XHTML and their relatives that stand on lines of their own."""
_CELLS = frozenset({"td", "th"})
_DROPPED = frozenset([
    "abstract", "custom-table", "frame", "head", "iframe", "media-metadata", "media-object", "media-reference",
    "nitf-table-metadata", "noscript", "object", "script", "style", "svg", "template",
])  # fmt: skip
"""Elements whose text no reader sees, or that repeat the story in an indexer's words."""
_WITHDRAWN = frozenset({"canceled", "cancelled", "withheld"})
_CONTAINERS = frozenset({"newsmessage", "packageitem", "newsml", "itemset"})
_FULL_WORDS = 150
"""An RSS description with fewer words is a teaser, not the article."""
_SPACE = re.compile(r"[ \t\n\r\f\v\x85\u2028\u2029]+")
_CONTROLS = {code: bytes([code]).decode("cp1252", "replace") for code in range(0x80, 0xA0)}
"""Bytes of Windows-1252 in a text that calls itself ISO 8859-1, as HTML reads them too."""
_SLACK = dt.timedelta(days=1)
_PARTICLES = frozenset([
    "al", "bin", "da", "de", "del", "den", "der", "di", "du", "el", "ibn", "la", "le", "ten", "ter", "van", "von",
    "y",
])  # fmt: skip
_NO_PERSON = re.compile(
    r"\b(?:agency|agencies|bureau|correspondents?|desk|editors?|news|newspapers?|press|reporters?|reuters|services?|"
    r"staff|team|times|writers?)\b",
    re.IGNORECASE,
)


@dataclass
class _Story:
    """What one element says: ``head`` and ``foot`` are the lines around the text, ``body`` the text itself."""

    head: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    foot: list[str] = field(default_factory=list)
    fields: dict[str, Any] = field(default_factory=dict)
    notes: list[tuple[str, str]] = field(default_factory=list)
    identifier: str = ""

    def lines(self) -> list[str]:
        """All lines, in order; a line of the head that the text itself opens with stands once."""
        opening = set(self.body[:6])
        head = [line for line in dict.fromkeys(self.head) if line and line not in opening]
        return head + self.body + [line for line in self.foot if line and line not in head]


def records(path: Path, place: str, settings: ReadSettings) -> Iterator[Record | ReadError]:
    """The articles of one XML file: each in NITF, NewsML or a feed, in the order of the file.

    Args:
        path: the file.
        place: where it lies in the corpus; an article in a file made for many is ``place#id``.
        settings: how large a file may be.

    Raises:
        ReadError: the file is too large, not well-formed, declares entities, or is XML of another kind.
    """
    data = bounded(path, place, settings)
    root = xml_root(data, place)
    form = path.suffix.lower().lstrip(".")
    encoding = str(root.getroottree().docinfo.encoding or "utf-8").lower()
    for found in _found(root, data, place, form):
        yield replace(found, encoding=encoding) if isinstance(found, Record) else found


def _found(root: Element, data: bytes, place: str, form: str) -> Found:
    name = _name(root)
    if name in ("rss", "RDF", "feed"):
        yield from _feed(root, place, form)
    elif name == "html":
        yield page_record(decode(data, place).text, place, form)
    elif name in _STORIES:
        yield from _article(root, place, form, alone=True)
    elif articles := _outermost(root):
        for article in articles:
            yield from _article(article, place, form, alone=False)
    elif name.lower() in _CONTAINERS:
        raise ReadError("no_text", f"{place}: <{name}> holds no item, at most links to some; save the items themselves")
    else:
        raise ReadError("unknown_xml", f"{place}: XML of the kind <{name}> is not read; read are {READ}")


def xml_root(data: bytes, place: str) -> Element:
    """The root of an XML document; no entity is expanded, no DTD loaded, nothing opened.

    A name such as ``&eacute;`` that nothing declares stays an entity node.

    Raises:
        ReadError: the document is not well-formed, is built to exhaust memory, or declares entities.
    """
    try:
        root = etree.fromstring(data.lstrip(), _parser())
    except etree.XMLSyntaxError as error:
        lenient = _parser(recover=True)
        root = etree.fromstring(data.lstrip(), lenient) if data.strip() else None
        undeclared = etree.ErrorTypes.WAR_UNDECLARED_ENTITY, etree.ErrorTypes.ERR_UNDECLARED_ENTITY
        if root is None or any(entry.type not in undeclared for entry in lenient.error_log):
            why = " ".join(str(error).replace("(<string>, ", "(").split())
            raise ReadError("bad_xml", f"{place}: not well-formed XML ({why}); mend it or export it again") from error
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and next(declared.iterentities(), None) is not None:
        message = f"{place}: it declares entities of its own, which are not expanded; remove the <!ENTITY> lines"
        raise ReadError("xml_entities", message)
    return root


def _parser(*, recover: bool = False) -> Any:
    return etree.XMLParser(
        resolve_entities=False, load_dtd=False, dtd_validation=False, attribute_defaults=False, no_network=True,
        huge_tree=False, remove_comments=True, remove_pis=True, recover=recover,
    )  # fmt: skip


def byline_names(byline: str) -> list[str]:
    """The people of a byline such as "By Ana Bel and J. van Tor"; empty where it is not sure that all are people."""
    bare = re.sub(r"^\s*by\b:?\s*", "", _SPACE.sub(" ", byline), flags=re.IGNORECASE).strip(" .;")
    if "," in bare and not re.search(r" (?:and|&) ", bare):
        return []
    names = [name for name in re.split(r"\s*;\s*|,?\s+(?:and|&)\s+|,\s*", bare) if name]
    for name in names:
        words = name.split(" ")
        if not 2 <= len(words) <= 5 or _NO_PERSON.search(name) or re.search(r"[\d@/|():]", name):
            return []
        if not all(word[:1].isupper() or word in _PARTICLES for word in words) or not words[-1][:1].isupper():
            return []
    return [name.title() if name.isupper() else name for name in names]


# --- from elements to lines ----------------------------------------------------------------------------------
def _name(element: Element) -> str:
    """The name of an element without its namespace; empty for an entity node."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _children(element: Element | None, *names: str) -> list[Element]:
    """The elements that are reached from ``element`` by a path of names, letter case apart."""
    here = [] if element is None else [element]
    for name in names:
        here = [child for parent in here for child in parent if _name(child).lower() == name]
    return here


def _below(element: Element, *names: str) -> list[Element]:
    """All elements of these names below ``element``, in the order of the file."""
    return [child for child in element.iter() if child is not element and _name(child).lower() in names]


def _outermost(root: Element) -> list[Element]:
    """Articles below ``root``, those inside another left out."""
    found, stack = [], [root]
    while stack:
        element = stack.pop()
        if _name(element) in _STORIES:
            found.append(element)
        else:
            stack.extend(reversed(element))
    return found


def _lines(elements: Iterable[Element], left_out: Collection[Element] = ()) -> list[str]:
    """The text of ``elements``, one block a line, white space folded; cells of a table are parted by a tab."""
    lines: list[str] = []
    words: list[str] = []

    def end_line() -> None:
        line = re.sub(r"[ \t]*\t[ \t]*", "\t", re.sub(" {2,}", " ", "".join(words))).strip(" \t")
        if line:
            lines.append(line)
        words.clear()

    def add(text: str | None) -> None:
        if text:
            words.append(_SPACE.sub(" ", text.translate(_CONTROLS)))

    def walk(element: Element) -> None:
        name = _name(element)
        if not name:
            words.append(html5.get(f"{element.name};", element.text))
        elif name == "pre":
            end_line()
            lines.extend(_plain("".join(element.itertext())))
        elif name not in _DROPPED and element not in left_out:
            if name in _BLOCKS:
                end_line()
            add(element.text)
            for child in element:
                walk(child)
                add(child.tail)
            if name in _BLOCKS:
                end_line()
            elif name in _CELLS:
                words.append("\t")

    for element in elements:
        walk(element)
        end_line()
    return lines


def _plain(text: str) -> list[str]:
    """The lines of a text without mark-up, its blank lines kept."""
    return [line.rstrip() for line in text.translate(_CONTROLS).strip("\r\n").splitlines()] if text.strip() else []


def _line(elements: Iterable[Element]) -> str:
    """The text of the first of ``elements`` that has any, on one line."""
    return next((line for element in elements if (line := " ".join(_lines([element])))), "")


def _attribute(elements: Iterable[Element], *names: str) -> str:
    """The first value that one of ``elements`` has for one of these attributes."""
    values = ((element.get(name) or "").strip() for element in elements for name in names)
    return next((value for value in values if value), "")


def _language(element: Element) -> str:
    return (element.get("{http://www.w3.org/XML/1998/namespace}lang") or "").strip()


# --- one article ---------------------------------------------------------------------------------------------
def _article(element: Element, place: str, form: str, *, alone: bool) -> Found:
    """The record of one article, or why there is none; ``alone``: it is the whole file."""
    try:
        story = _STORIES[_name(element)](element)
    except ReadError as error:
        yield ReadError(error.code, f"{place}: {error}", place)
        return
    if not "".join(story.body).strip():
        named = story.identifier or story.fields.get("title") or _name(element)
        yield ReadError(
            "no_text", f"{place}: the item {named!r} holds no text of a story; look for its full text", place
        )
        return
    text = storable("\n".join(story.lines()))
    given, notes = given_fields(story.fields)
    here = place if alone else f"{place}#{storable(story.identifier) or article_id(text)}"
    yield Record(here, form, "", text, given, notes=(*story.notes, *notes))


def _nitf(nitf: Element) -> _Story:
    head, body = _children(nitf, "head"), _children(nitf, "body")
    above = [child for part in _children(nitf, "body", "body.head") for child in part]
    pubdata = [data for part in head for data in _children(part, "pubdata")]
    docdata = [data for part in head for data in _children(part, "docdata")]
    issued = [date for data in docdata for date in _children(data, "date.issue")]
    titles = [title for part in above for title in _below(part, "hl1")] or _children(nitf, "head", "title")
    # An archive may give the byline a second time, turned round for its index.
    turned = [part for part in above if (part.get("class") or "") == "normalized_byline"]
    bylines = [part for part in above if _name(part) == "byline" and part not in turned]
    link = _attribute(pubdata, "ex-ref")
    people = [_line([person]) for part in bylines for person in _below(part, "person")]
    lines = _lines(_children(nitf, "body", "body.head"), left_out=turned)
    title = _line(titles)
    return _Story(
        head=lines if title in lines else [title, *lines],
        body=_content(body),
        foot=_lines(_children(nitf, "body", "body.end")),
        fields={
            "title": title,
            "authors": people or byline_names(_line(bylines)),
            "outlet": _attribute(pubdata, "name"),
            "published": _attribute(pubdata, "date.publication") or _attribute(issued, "norm"),
            "url": link if link.startswith(("http:", "https:")) else "",
            "language": _language(nitf) or next((_language(part) for part in body), ""),
        },
        identifier=_attribute((i for data in docdata for i in _children(data, "doc-id")), "id-string"),
    )


def _content(body: list[Element]) -> list[str]:
    """The lines of the text, without a lead that the full text repeats."""
    contents = [content for part in body for content in _children(part, "body.content")]
    blocks = [block for content in contents for block in content]
    left_out: list[Element] = []
    if any((block.get("class") or "").endswith("full_text") for block in blocks):
        left_out = [block for block in blocks if (block.get("class") or "").endswith("lead_paragraph")]
    paragraphs = [p for block in blocks if block not in left_out for p in _below(block, "p")]
    if len(paragraphs) > 1:  # an archive printed "LEAD: ..." above the paragraph that says the same
        first, second = _line(paragraphs[:1]), _line(paragraphs[1:2])
        said = re.sub(r"^LEAD:\s*", "", first)
        if said != first and said and second.startswith(said):
            left_out.append(paragraphs[0])
    around = [part for whole in body for part in _children(whole, "body.head") + _children(whole, "body.end")]
    return _lines(contents or body, left_out=[*left_out, *around])


def _g2_item(item: Element) -> _Story:
    meta, content = _children(item, "itemmeta"), _children(item, "contentmeta")

    def of(parts: list[Element], *names: str) -> list[Element]:
        return [found for part in parts for found in _children(part, *names)]

    guid, version = item.get("guid") or "", item.get("version") or ""
    identifier = f"{guid}:{version}" if guid and version else guid
    status = re.split(r"[:/#]", _attribute(of(meta, "pubstatus"), "qcode", "uri"))[-1].lower()
    if status in _WITHDRAWN:
        raise ReadError("withdrawn", f"the item {identifier!r} is marked as {status}, so it is left out")
    story = _rendition(item)
    renditions = [_name(part) for part in of([item], "contentset")[:1] for part in part]
    if not story.body and "remoteContent" in renditions:
        message = f"the item {identifier!r} only points to its content, which is not fetched; save the text with it"
        raise ReadError("content_elsewhere", message)
    title = _line(_main(of(content, "headline"))) or _line(of(meta, "title"))
    by, dateline = _line(of(content, "by")), _line(of(content, "dateline"))
    people = [x for x in of(content, "creator") if "person" in (x.get("type") or x.get("typeuri") or "")]
    provider = _line(of(meta, "provider", "name")) or _attribute(of(meta, "provider"), "literal")
    published, notes = story.fields.get("published"), story.notes
    if not published:
        first = _attribute_text(of(meta, "versioncreated")) if version in ("", "1") else ""
        created = [_attribute_text(of(content, "contentcreated")), _attribute_text(of(meta, "firstcreated"))]
        published, notes = _g2_published(created if any(created) else [first], _attribute_text(of(meta, "embargoed")))
    fields = {
        "title": title or story.fields.get("title"),
        "authors": [n for x in people if (n := _line(_children(x, "name")))] or byline_names(by),
        "outlet": provider or story.fields.get("outlet"),
        "published": published,
        "language": _attribute(of(content, "language"), "tag") or _language(item),
        "url": story.fields.get("url"),
    }
    fields["authors"] = fields["authors"] or story.fields.get("authors")
    head = [title, _line(of(content, "subheadline")), by, dateline, *story.head]
    credit = _line(of(content, "creditline"))
    return _Story(head, story.body, [*story.foot, credit], fields, notes, identifier)


def _main(headlines: list[Element]) -> list[Element]:
    """Headlines, those marked as the main one first."""
    return sorted(headlines, key=lambda line: not (line.get("role") or "hldrole:main").endswith(":main"))


def _attribute_text(elements: list[Element]) -> str:
    return next((text for element in elements if (text := (element.text or "").strip())), "")


def _rendition(item: Element) -> _Story:
    """The text of an item: a content set holds the same content in several forms, of which one is read."""
    found: list[tuple[int, _Story]] = []
    for part in [part for whole in _children(item, "contentset") for part in whole]:
        kind, name = (part.get("contenttype") or "").lower(), _name(part)
        if name == "inlineXML":
            nitf = next(iter(_below(part, "nitf")), None)
            story = _nitf(nitf) if nitf is not None else _Story(body=_lines([part]))
            found.append((0 if nitf is not None else 1, story))
        elif name == "inlineData" and not part.get("encoding"):
            text = "".join(part.itertext())
            marked = "html" in kind
            found.append((2, _Story(body=page_text(text).split("\n") if marked else _plain(text))))
    told = [(rank, number, story) for number, (rank, story) in enumerate(found) if "".join(story.body).strip()]
    return min(told, key=lambda one: one[:2])[2] if told else _Story()


def _g2_published(created: list[str], embargo: str) -> tuple[str | None, list[tuple[str, str]]]:
    """The publication date of an item from when it was made, and a note where that leaves it open."""
    stated = [value for value in created if value]
    days = [day for value in stated if (day := _day(value))]
    freed = _day(embargo)
    if freed and freed > max(days, default=dt.date.min):
        return embargo, []
    if days and max(days) - min(days) > _SLACK:
        message = f"content and item were created on different days ({', '.join(stated)}), so the publication date is left open"
        return None, [("published_unclear", message)]
    return (stated[0] if stated else None), []


def _day(value: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value[:10])
    except ValueError:
        return None


def _newsml1_item(item: Element) -> _Story:
    def line(name: str) -> str:
        return _line(part for lines in _below(item, "newslines") for part in _children(lines, name))

    management = _children(item, "newsmanagement")
    named = [_line(_below(item, name)) for name in ("publicidentifier", "newsitemid")]
    identifier = next((name for name in named if name), item.get("Duid") or "")
    status = _attribute((s for part in management for s in _children(part, "status")), "FormalName")
    if status.lower() in _WITHDRAWN:
        raise ReadError("withdrawn", f"the item {identifier!r} is marked as {status.lower()}, so it is left out")
    body: list[str] = []
    for content in _below(item, "contentitem"):
        data = [d for d in _below(content, "datacontent") if not _children(content, "encoding")]
        kinds = _children(content, "mediatype") + _children(content, "mimetype") + _children(content, "format")
        kind = " ".join((part.get("FormalName") or "").lower() for part in kinds)
        for part in data:
            nitf = next(iter(_below(part, "nitf")), None)
            if nitf is not None:
                body += _nitf(nitf).lines()
            elif len(part):
                body += _lines([part])
            else:
                body += page_text(part.text or "").split("\n") if "html" in kind else _plain(part.text or "")
    title, byline = line("headline"), line("byline")
    fields = {
        "title": title,
        "authors": byline_names(byline),
        "outlet": _attribute(
            _below(item, "provider")[:1] and _below(_below(item, "provider")[0], "party"), "FormalName"
        ),
        "published": _attribute_text([f for part in management for f in _children(part, "firstcreated")]),
        "language": _attribute(_below(item, "language"), "FormalName"),
    }
    head = [title, line("subheadline"), byline, line("dateline")]
    return _Story(head, body, [line("creditline"), line("copyrightline")], fields, [], identifier)


def _reuters_item(item: Element) -> _Story:
    stated = {(d.get("element") or "").lower(): d.get("value") for d in _below(item, "dc")}
    headline, byline = _line(_children(item, "headline")), _line(_children(item, "byline"))
    # The title is the headline behind the name of a country.
    title = headline or _line(_children(item, "title"))
    return _Story(
        head=[title, byline, _line(_children(item, "dateline"))],
        body=_lines(_children(item, "text")),
        foot=[_line(_children(item, "copyright"))],
        fields={
            "title": title,
            "authors": byline_names(byline),
            "outlet": stated.get("dc.source"),
            "published": item.get("date") or stated.get("dc.date.published"),
            "language": _language(item),
        },
        identifier=item.get("itemid") or "",
    )


_STORIES: Mapping[str, Callable[[Element], _Story]] = {
    "nitf": _nitf,
    "newsItem": _g2_item,
    "NewsItem": _newsml1_item,
    "newsitem": _reuters_item,
}
"""What is read of each element that is an article, by its name; letter case tells the formats apart."""


# --- feeds ---------------------------------------------------------------------------------------------------
def _feed(root: Element, place: str, form: str) -> Found:
    """One record per item that carries its whole text; the others are counted and told."""
    items = _below(root, "item", "entry")
    channel = next(iter(_children(root, "channel")), root)
    said = {
        "outlet": _line(_children(channel, "title")),
        "language": _line(_children(channel, "language")) or _language(channel) or _language(root),
    }
    teasers = read = 0
    for item in items:
        markup = _feed_text(item)
        if not page_text(markup).strip():
            teasers += 1
            continue
        fields = said | {name: value for name, value in _feed_fields(item).items() if value}
        title = f"<h1>{escape(str(fields['title']))}</h1>\n" if fields.get("title") else ""
        try:
            record = page_record(f"<article>{title}{markup}</article>", place, form)
        except ReadError as error:
            yield error
            continue
        given, notes = given_fields(fields)
        identifier = _line(_children(item, "guid")) or _line(_children(item, "id")) or given.get("url")
        here = f"{place}#{storable(str(identifier or article_id(record.raw_text)))}"
        yield replace(record, place=here, given={**record.given, **given}, notes=(*record.notes, *notes))
        read += 1
    if not read:
        held = f"the feed's {len(items)} item(s) hold teasers only" if items else "the feed holds no items"
        message = f"{place}: {held}; save the articles' own pages"
        raise ReadError("feed_of_teasers", message)
    if teasers:
        message = f"{place}: {teasers} of {len(items)} items hold a teaser only and were left out; save their own pages"
        yield ReadError("teasers_left_out", message, place)


def _feed_text(item: Element) -> str:
    """The mark-up of an item's whole text, empty where it has a teaser only."""
    for name in ("encoded", "content"):
        for content in _children(item, name):
            if content.get("src") or content.get("url"):
                continue
            if (content.get("type") or "").lower() in ("xhtml", "application/xhtml+xml"):
                return "".join(etree.tostring(child, encoding="unicode", with_tail=False) for child in content)
            text = "".join(content.itertext()).strip()
            if text:
                return _paragraphs(text) if content.get("type") == "text" else text
    for description in _children(item, "description"):
        text = "".join(description.itertext()).strip()
        if len(page_text(text).split()) >= _FULL_WORDS:
            return text
    return ""


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(line)}</p>\n" for line in text.splitlines() if line.strip())


def _feed_fields(item: Element) -> dict[str, Any]:
    links = [link for link in _children(item, "link") if (link.get("rel") or "alternate") == "alternate"]
    addresses = [link.get("href") or (link.text or "").strip() for link in links]
    names = [_line(_children(author, "name")) or _person(_line([author])) for author in _children(item, "author")]
    authors = [_line([creator]) for creator in _children(item, "creator")] or [name for name in names if name]
    dates = [_line(_children(item, name)) for name in ("pubdate", "published", "issued", "date")]
    return {
        "title": page_text(_line(_children(item, "title"))),
        "authors": authors,
        "outlet": _line(_children(item, "source", "title")) or _line(_children(item, "source")),
        "url": next((a for a in addresses if a.startswith(("http:", "https:"))), ""),
        "published": next((date for date in dates if date), ""),
        "language": _language(item) or _line(_children(item, "language")),
    }


def _person(author: str) -> str:
    """The name in "name@paper.example (Ana Bel)"; an address alone is no name."""
    bracketed = re.search(r"\(([^()]+)\)\s*$", author)
    return bracketed[1].strip() if bracketed else "" if "@" in author else author
