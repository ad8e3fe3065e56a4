"""What the mark-up of an HTML page says about its article: JSON-LD, meta elements, microdata, single elements.

A date is taken from here only, never from running text, and never the clock's. What contradicts itself is
left open.

One file because the sources are asked in turn, and each is judged by what the others say of the same page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from pipeline.read.html import LETTER, SPACE, names_of, page_names, words_in

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MAX_TEXT = 2000
"""Longer metadata values are no titles, names or dates."""
_COLUMNS = ("title", "authors", "outlet", "url", "language", "published")
_ARTICLE_TYPES = re.compile(
    r"(?:https?://schema\.org/)?(?:\w*Article|\w*BlogPosting|Report|\w*Review|Reportage\w*|SocialMediaPosting)$",
    re.IGNORECASE,
)
_PAGE_TYPES = re.compile(r"(?:https?://schema\.org/)?(?:WebPage|ItemPage|AboutPage)$", re.IGNORECASE)
_PERIODICALS = re.compile(
    r"(?:https?://schema\.org/)?(?:WebSite|Newspaper|Periodical|Magazine|Blog|NewsMediaOrganization)$", re.IGNORECASE
)
_NO_DATE = re.compile(r"(?:000[01]|1970-01-01T?0?0?:?0?0?:?0?0?)\b|\D*$|1970-01-01")
"""Values that stand for no date: nothing but words, and the zero of a clock."""
_CHANGED = re.compile(r"updat|modif|edited|revis|changed|as of", re.IGNORECASE)
_PERSON = re.compile(r"[^\W\d_][\w.'’-]*(?: [\w.'’-]+){1,4}$")


def _text(value: Any) -> str | None:
    if not isinstance(value, str):
        return None
    folded = SPACE.sub(" ", unescape(value)).strip()
    return folded if folded and len(folded) <= _MAX_TEXT else None


def _folded(value: str | None) -> str:
    return re.sub(r"[\W_]+", "", value or "").casefold()


def _same_title(a: str | None, b: str | None) -> bool:
    """Whether one headline is the other, or its beginning or end in a longer one."""
    short, long = sorted((_folded(a), _folded(b)), key=len)
    return bool(short) and (short == long or (len(short) >= 12 and (long.startswith(short) or long.endswith(short))))


def _address(value: Any) -> tuple[str, str]:
    """Host and path of an address, in a form in which two spellings of one address are the same."""
    try:
        parts = urlsplit(value.strip() if isinstance(value, str) else "")
    except ValueError:
        return ("", "")
    return (parts.netloc.lower().removeprefix("www."), parts.path.rstrip("/").lower())


def metadata(root: HtmlElement | None) -> dict[str, Any]:
    """What the page itself says about its article.

    Returns:
        title, outlet, url, language, published (strings as given, or None) and authors (a list). JSON-LD
        comes first, then meta elements, then microdata, time, link, title and html. A value that is not
        there is None: nothing is guessed from the text.
    """
    if root is None:
        return {column: [] if column == "authors" else None for column in _COLUMNS}
    head = _Head(root)
    graph = list(_json_ld(root))
    article = _chosen(graph, head)
    sources: list[Mapping[str, Any]] = [
        _from_json_ld(article, graph) if article else {},
        _from_meta(head),
        _from_microdata(root, head),
        _from_elements(root, head),
        _from_page_object(graph),
    ]
    found: dict[str, Any] = {c: next((s[c] for s in sources if s.get(c)), None) for c in _COLUMNS}
    found["published"] = next((v for s in sources for v in [s.get("published")] if v and not _NO_DATE.match(v)), None)
    found["url"] = _url(
        [u for s in sources for u in s.get("urls", ())] + (_own_urls(article) if article else []), head.base
    )
    found["title"] = _title(found["title"], found["outlet"], found["url"], head)
    found["authors"] = _authors(found["authors"] or [], found["outlet"])
    return found


def description(root: HtmlElement | None) -> str | None:
    """What the head gives as a summary of the article, often its standfirst."""
    meta = {} if root is None else _Head(root).meta
    return next((meta[name][0] for name in ("og:description", "description") if name in meta), None)


class _Head:
    """What the elements of the head and the headlines say, gathered once."""

    def __init__(self, root: HtmlElement) -> None:
        self.root = root
        self.meta: dict[str, list[str]] = {}
        for meta in root.iter("meta"):
            value = _text(meta.get("content"))
            for attribute in ("property", "name", "itemprop", "http-equiv"):
                if value and (name := meta.get(attribute)) and not _scope(meta, attribute):
                    self.meta.setdefault(name.strip().lower(), []).append(value)
        self.canonical = next(
            (
                link.get("href")
                for link in root.iter("link")
                if "canonical" in (link.get("rel") or "").lower().split() and link.get("href")
            ),
            None,
        )
        self.base = next((base.get("href") for base in root.iter("base") if base.get("href")), None)
        self.titles = [t for title in root.iter("title") if (t := _text(title.text_content()))][:1]
        self.headings = [t for h in _first(root.iter("h1"), 50) if (t := _text(h.text_content()))]

    @property
    def urls(self) -> list[str]:
        """Addresses that the head gives for the page."""
        return [
            *(v for name in page_names().meta["url"] for v in self.meta.get(name, [])[:1]),
            *filter(None, [self.canonical]),
        ]


def _first(elements: Iterable[HtmlElement], most: int) -> list[HtmlElement]:
    return [element for element, _ in zip(elements, range(most), strict=False)]


def _scope(element: HtmlElement, attribute: str) -> bool:
    """Whether an itemprop belongs to an item that is no article, such as a picture or a related story."""
    if attribute != "itemprop":
        return False
    item = next((a for a in element.iterancestors() if a.get("itemscope") is not None), None)
    return item is not None


def _json_ld(root: HtmlElement) -> Iterator[dict[str, Any]]:
    """The objects of all JSON-LD scripts, those inside lists and graphs too."""
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        source = re.sub(r"^\s*(?:<!--|//<!\[CDATA\[|<!\[CDATA\[)|(?://)?(?:-->|\]\]>)\s*$", "", script.text or "")
        try:
            stack: list[Any] = [json.loads(source.strip().rstrip(";"), strict=False)]
        except (ValueError, RecursionError):
            continue
        while stack:
            value = stack.pop()
            if isinstance(value, list):
                stack.extend(reversed(value))
            elif isinstance(value, dict):
                yield value
                stack.extend(v for k, v in value.items() if k in ("@graph", "mainEntity", "mainEntityOfPage"))


def _is(item: Mapping[str, Any], types: re.Pattern[str]) -> bool:
    kind = item.get("@type")
    return any(isinstance(k, str) and types.match(k) for k in (kind if isinstance(kind, list) else [kind]))


def _own_urls(item: Mapping[str, Any]) -> list[str]:
    """Addresses that a JSON-LD object gives for itself."""
    main = item.get("mainEntityOfPage")
    values = [item.get("url"), main.get("@id") or main.get("url") if isinstance(main, dict) else main, item.get("@id")]
    return [u for value in values if (u := _text(value)) and re.match(r"https?://[^#]+$", u)]


def _chosen(graph: Sequence[Mapping[str, Any]], head: _Head) -> Mapping[str, Any] | None:
    """The object of the page's own article: the only one, or the one that headline or address say it is."""
    articles = [item for item in graph if _is(item, _ARTICLE_TYPES)]
    titles = [*head.headings, *head.meta.get("og:title", [])[:1], *head.titles]
    here = {_address(url) for url in head.urls}

    def fits(item: Mapping[str, Any]) -> int:
        named = any(_same_title(_text(item.get(key)), t) for key in ("headline", "name") for t in titles)
        return 2 * named + any(_address(url) in here for url in _own_urls(item))

    if len(articles) <= 1:
        return articles[0] if articles and (fits(articles[0]) or not _contradicts(articles[0], titles, here)) else None
    best = max(map(fits, articles))
    fitting = [item for item in articles if fits(item) == best]
    return max(fitting, key=lambda item: sum(bool(item.get(k)) for k in ("headline", "author", "datePublished"))) if (
        best or len({_folded(_text(item.get("headline"))) for item in articles}) == 1
    ) else None  # fmt: skip


def _contradicts(item: Mapping[str, Any], titles: Sequence[str], here: set[tuple[str, str]]) -> bool:
    """Whether an object that neither headline nor address tie to the page names another headline and address."""
    return bool(titles and here and _text(item.get("headline")) and _own_urls(item))


def _resolved(value: Any, graph: Sequence[Mapping[str, Any]]) -> list[Any]:
    """A JSON-LD value as a list, references to other objects of the page followed."""
    by_id = {item["@id"]: item for item in graph if isinstance(item.get("@id"), str) and len(item) > 1}
    values = value if isinstance(value, list) else [value]
    return [
        by_id.get(v["@id"], v) if isinstance(v, dict) and not v.get("name") and isinstance(v.get("@id"), str) else v
        for v in values
    ]


def _names_in(value: Any, graph: Sequence[Mapping[str, Any]]) -> list[str]:
    """Names out of a JSON-LD author or publisher: a string, an object, a reference, or a list of them."""
    found: list[str] = []
    for one in _resolved(value, graph):
        named = one.get("name") if isinstance(one, dict) else one
        found += [name for n in (named if isinstance(named, list) else [named]) if (name := _text(n))]
    return [name for name in found if not name.startswith(("http:", "https:"))]


def _from_json_ld(item: Mapping[str, Any], graph: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    whole = [
        part for part in _resolved(item.get("isPartOf"), graph) if isinstance(part, dict) and _is(part, _PERIODICALS)
    ]
    outlets = [*_names_in(item.get("publisher"), graph), *(name for part in whole for name in _names_in(part, graph))]
    return {
        "title": _text(item.get("headline")) or _text(item.get("name")),
        "authors": _names_in(item.get("author") or item.get("creator"), graph),
        "outlet": outlets[0] if outlets else None,
        "urls": [_text(item.get("url")) or ""],
        "language": _text(item.get("inLanguage")),
        "published": next(
            (v for k in ("datePublished", "dateCreated") if (v := _text(item.get(k))) and not _NO_DATE.match(v)), None
        ),
    }


def _from_page_object(graph: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What the JSON-LD objects of page and site say: the date of the page, the name of the site."""
    pages = [v for item in graph if _is(item, _PAGE_TYPES) and (v := _text(item.get("datePublished")))]
    sites = [v for item in graph if _is(item, _PERIODICALS) and (v := _text(item.get("name")))]
    return {
        "published": pages[0] if len(set(pages)) == 1 else None,
        "outlet": sites[0] if len(set(sites)) == 1 else None,
    }


def _from_meta(head: _Head) -> dict[str, Any]:
    found: dict[str, Any] = {"urls": [v for name in page_names().meta["url"] for v in head.meta.get(name, [])[:1]]}
    for column, names in page_names().meta.items():
        if column == "authors":
            values = (
                [v for v in head.meta.get(name, []) if not v.startswith(("http:", "https:", "@", "www."))]
                for name in names
            )
            found[column] = next((list(dict.fromkeys(v)) for v in values if v), [])
        elif column == "published":
            dates = (v for name in names for v in head.meta.get(name, [])[:1] if not _NO_DATE.match(v))
            found[column] = next(dates, None)
        else:
            found[column] = next((head.meta[name][0] for name in names if name in head.meta), None)
    return found


def _value(element: HtmlElement) -> str | None:
    """The value of an element with an itemprop."""
    for attribute in ("content", "datetime"):
        if value := _text(element.get(attribute)):
            return value
    name = next((e for e in element.iterdescendants() if (e.get("itemprop") or "").lower() == "name"), None)
    return _value(name) if name is not None else _text(element.text_content())


def _from_microdata(root: HtmlElement, head: _Head) -> dict[str, Any]:
    """The properties of the one article whose microdata stand in the page."""
    items = [
        item
        for item in _first(root.iterfind(".//*[@itemscope]"), 200)
        if _ARTICLE_TYPES.match((item.get("itemtype") or "").rsplit("/", 1)[-1])
    ]
    if not items:
        return {}
    known: list[dict[str, list[str]]] = [{} for _ in items]
    for element in _first(root.iterfind(".//*[@itemprop]"), 1000):
        owner = next((a for a in element.iterancestors() if a.get("itemscope") is not None), None)
        if owner not in items:
            continue
        for name in (element.get("itemprop") or "").lower().split():
            if name in ("headline", "author", "creator", "datepublished", "publisher", "inlanguage", "url") and (
                value := _value(element)
            ):
                known[items.index(owner)].setdefault(name, []).append(value)
    titles = [*head.headings, *head.meta.get("og:title", [])[:1], *head.titles]
    own = [k for k in known if any(_same_title(h, t) for h in k.get("headline", []) for t in titles)] or known
    if len(own) != 1:
        return {}
    one = own[0]
    return {
        "title": next(iter(one.get("headline", [])), None),
        "authors": [n for n in one.get("author", one.get("creator", [])) if not n.startswith(("http:", "https:"))],
        "outlet": next(iter(one.get("publisher", [])), None),
        "language": next(iter(one.get("inlanguage", [])), None),
        "published": next((d for d in one.get("datepublished", []) if not _NO_DATE.match(d)), None),
    }


def _elsewhere(element: HtmlElement, around: set[HtmlElement]) -> bool:
    """Whether an element stands in a part of the page that is not the article; ``around`` holds the headline's."""
    inside = False
    for a in (element, *element.iterancestors()):
        if a in around:
            return False
        inside = inside or a.tag == "article"
        if (
            a.tag in ("aside", "nav")
            or (a.tag == "footer" and not inside)
            or page_names().elsewhere.search(names_of(a).lower())
        ):
            return True
    return False


def _from_elements(root: HtmlElement, head: _Head) -> dict[str, Any]:
    """What single elements say: time, byline, canonical link, title, html lang."""
    own = {h for h in head.headings if any(_folded(h) in _folded(t) and 2 * len(h) >= len(t) for t in head.titles)}
    sure = head.headings if len(head.headings) == 1 else own
    around = {a for h in _first(root.iter("h1"), 50) for a in h.iterancestors()}
    return {
        "title": next(iter([*(sure if len(sure) == 1 else ()), *head.titles]), None),
        "authors": _byline(root, around),
        "urls": [head.canonical] if head.canonical else [],
        "language": _text(root.get("lang")) if root.tag == "html" else None,
        "published": _time(root, around),
    }


def _time(root: HtmlElement, around: set[HtmlElement]) -> str | None:
    """The day of a time element that is marked as the publication, or of the only one at all.

    One that says when the page was changed, that stands in another part of the page or in a sentence is none.
    """
    single: set[str] = set()
    for time in _first(root.iter("time", "abbr"), 200):
        day = _text(time.get("datetime") or (time.get("title") if time.tag == "abbr" else None))
        marks = " ".join((time.get(a) or "") for a in ("itemprop", "class", "pubdate")).lower()
        marked = time.get("pubdate") is not None or "publish" in marks
        if not day or _NO_DATE.match(day) or (time.tag == "abbr" and not marked) or _elsewhere(time, around):
            continue
        if marked:
            return day
        if not _CHANGED.search(f"{marks} {_before(time)} {time.text_content()[:100]}") and not _in_sentence(time):
            single.add(day)
    return single.pop() if len(single) == 1 else None


def _before(element: HtmlElement) -> str:
    """The words right before an element, within the element around it."""
    previous, around = element.getprevious(), element.getparent()
    if previous is not None:
        return f"{previous.text or ''} {previous.tail or ''}"[-60:]
    return (around.text or "")[-60:] if around is not None else ""


def _in_sentence(element: HtmlElement) -> bool:
    """Whether the paragraph around an element has the words of a sentence."""
    around = next((a for a in element.iterancestors() if a.tag in ("p", "blockquote")), None)
    return around is not None and len(around.text_content()[:2000].split()) > 20


def _byline(root: HtmlElement, around: set[HtmlElement]) -> list[str]:
    """The names of the author's links or of the byline, when all of them in the article's part agree."""
    links = [a for a in _first(root.iter("a"), 5000) if "author" in (a.get("rel") or "").lower().split()]
    marked = [
        e
        for e in _first(root.iter("p", "div", "span", "a", "address"), 5000)
        if re.search("(?i)byline|author", names_of(e)) and {"byline", "author"}.intersection(words_in(names_of(e)))
    ]
    for elements in (links, marked):
        found = [t for e in elements[:50] if not _elsewhere(e, around) and (t := _text(e.text_content()[:400]))]
        plain = {re.sub(r"(?i)^(?:written |posted )?by:?\s+", "", t) for t in found}
        names = sorted(n for n in plain if _PERSON.match(n) and n[0].isupper() and len(n.split()) <= 4)
        if plain and len(names) == len(plain) == 1:
            return names
    return []


def _url(urls: Sequence[str], base: str | None) -> str | None:
    """The first full address that is more than the front page of a site."""
    absolute = base if base and re.match(r"https?://", base) else ""
    full: list[str] = []
    for url in urls:
        try:
            joined = urljoin(absolute, url) if absolute else url
            if re.match(r"https?://", joined) and urlsplit(joined).netloc:
                full.append(joined)
        except ValueError:
            continue
    return next((url for url in full if _address(url)[1]), full[0] if full else None)


def _title(title: str | None, outlet: str | None, url: str | None, head: _Head) -> str | None:
    """The headline without the outlet's name; one that was cut short is taken whole from where it stands whole."""
    if title is None:
        return None
    cut = re.fullmatch(r"(.{20,}?)\s*(?:\.\.\.|…)", title)
    if cut:
        longer = [*head.meta.get("og:title", [])[:1], *head.headings]
        title = next((t for t in longer if _folded(t).startswith(_folded(cut[1])) and not t.endswith("…")), title)
    host = _address(url)[0] if url else ""
    is_outlet = _names_outlet(outlet, host)
    for pattern in (r"(?P<rest>.+)\s+[|–—:·»-]\s+(?P<name>.+?)$", r"(?P<name>.+?)\s+[|–—:·»-]\s+(?P<rest>.+)$"):
        match = re.match(pattern, title)
        if match and is_outlet(match["name"]):
            return match["rest"].strip()
    return title


def _names_outlet(outlet: str | None, host: str) -> Callable[[str], bool]:
    known = {_folded(outlet), _folded(host), _folded(host.rsplit(".", 1)[0] if "." in host else "")} - {""}
    return lambda name: _folded(name) in known


def _authors(given: Sequence[str], outlet: str | None) -> list[str]:
    """People and bodies, each once: "By A, B and C" parted; no addresses, outlets or names of accounts."""
    found: list[str] = []
    for given_line in given:
        line = re.sub(r"(?i)^(?:written |posted |story )?by:?\s+", "", given_line).strip(" ,;|")
        for part in _parted(line, _folded(outlet)):
            name = part.strip(" ,;|")
            if name and not re.search(r"https?:|www\.|\S@\S", name) and _folded(name) != _folded(outlet):
                found.append(name)
    return [name for name in dict.fromkeys(found) if name.lower() not in page_names().accounts and LETTER.search(name)]


def _parted(line: str, outlet: str) -> list[str]:
    """The names of a list of names without the posts and the outlet behind them; any other line stays whole."""
    parts = [p for p in re.split(r"\s*[;|]\s*|,\s*(?:and\s+)?|\s+(?:and|&)\s+", line) if p]
    people = [p for n, p in enumerate(parts) if not n or not (_is_post(p) or _is_part_of(_folded(p), outlet))]
    if len(parts) > 1 and all(_PERSON.match(p) and p[0].isupper() for p in people):
        return people
    return [line]


def _is_post(words: str) -> bool:
    """Whether words name a post, such as "Senior Reporter"."""
    found, posts = re.findall(r"[a-z]+", words.lower()), page_names().posts
    return bool(found) and (found[-1] in posts or posts.issuperset(found))


def _is_part_of(a: str, b: str) -> bool:
    """Whether one of two folded names begins with the other."""
    return min(len(a), len(b)) >= 3 and (a.startswith(b) or b.startswith(a))
