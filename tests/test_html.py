"""HTML pages: their visible text, their metadata, and the zones of their lines."""

from __future__ import annotations

import time
from typing import Any

import pytest

from pipeline.clean import Cleaned, clean_article, markup
from pipeline.read.html import page_lines, page_metadata, page_text
from pipeline.settings import CleanSettings
from tests.test_clean import STORY, check


def page(body: str, head: str = "") -> str:
    return f"<!doctype html><html lang='en-GB'><head>{head}</head><body>{body}</body></html>"


def clean_page(markup: str, /, **given: Any) -> Cleaned:
    raw = {"article_id": "a_0", "paths": ["x.html"], "format": "html", "encoding": "utf-8", "markup": markup}
    return clean_article(raw | {"raw_text": page_text(markup)} | given, CleanSettings())


PARAGRAPHS = "".join(f"<p>{text}</p>" for text in STORY)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>one</p><p>two</p>", "one\ntwo"),
        ("<p>one <b>bold</b>\n  <i>word</i></p>", "one bold word"),
        ("<p>one<p>two<div>three</div>four", "one\ntwo\nthree\nfour"),
        ("<p>one<br>two</p>", "one\ntwo"),
        ("<ul><li>one<li>two</ul>", "one\ntwo"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<pre>one\n  two</pre>", "one\ntwo"),
        ("<p>caf&eacute; &amp; &#8220;bar&#8221;&nbsp;x</p>", "café & “bar”\u00a0x"),
        ("<script>no</script><style>no</style><template><p>no</p></template><noscript>no</noscript><p>yes</p>", "yes"),
        ("<p hidden>no</p><p style='color:red; display : none'>no</p><p>yes</p>", "yes"),
        ("<p>yes <span style='visibility:hidden'>no</span>too</p>", "yes too"),
        ("<!-- no --><p>yes</p><?php no ?>", "yes"),
        ("<p>a\x00b</p>", "a\ufffdb"),
        ("<p> \u200b </p><p>yes</p>", "yes"),
        ("", ""),
        ("  \n ", ""),
        ("plain", "plain"),
    ],
)
def test_visible_text_has_one_block_per_line(markup: str, text: str) -> None:
    """Blocks are lines, white space is folded, what a reader does not see is left out."""
    assert page_text(markup) == text


def test_the_head_is_not_text() -> None:
    """Title and metadata of the head are not part of the visible text."""
    assert page_text(page("<p>yes</p>", "<title>no</title><meta name='author' content='no'>")) == "yes"


def test_declared_encodings_do_not_matter() -> None:
    """The mark-up is text already; what it says about its bytes is past."""
    assert page_text('<?xml version="1.0" encoding="utf-16"?><html><meta charset="latin1"><p>é</p></html>') == "é"


@pytest.mark.parametrize(
    "markup",
    [
        '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><p>&b;&b;&b;</p>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><p>&a;</p>',
    ],
    ids=["entity bomb", "external entity"],
)
def test_entities_are_not_expanded(markup: str) -> None:
    """Entities that a page defines stay as they are written."""
    assert "haha" not in page_text(markup)
    assert "&" in page_text(markup)


@pytest.mark.parametrize("tag", ["div", "b"])
def test_a_page_nested_beyond_all_measure_keeps_its_words(tag: str) -> None:
    """Where the parser gives up, the words between the tags are still the text."""
    assert page_text(f"<p>first</p>{f'<{tag}>' * 50_000}deep words<p>last</p>").split("\n")[-1] == "last"
    assert "deep words" in page_text(f"{f'<{tag}>' * 50_000}deep words")


def test_large_pages_take_bounded_time() -> None:
    """Fifty thousand paragraphs are read in seconds."""
    begun = time.process_time()
    assert len(page_lines("<p>some words</p>" * 50_000)) == 50_000
    assert time.process_time() - begun < 20


JSON_LD = """<script type="application/ld+json">{"@graph": [{"@type": "Organization", "name": "No"},
{"@type": "NewsArticle", "headline": "Flood hits town", "author": [{"name": "Ada Lund"}, {"name": "Ben Ott"}],
"publisher": {"name": "The Paper"}, "datePublished": "2019-04-03T10:00:00Z", "url": "https://paper.example/flood"}]}</script>"""


@pytest.mark.parametrize(
    ("head", "column", "value"),
    [
        (JSON_LD, "title", "Flood hits town"),
        (JSON_LD, "authors", ["Ada Lund", "Ben Ott"]),
        (JSON_LD, "outlet", "The Paper"),
        (JSON_LD, "published", "2019-04-03T10:00:00Z"),
        (JSON_LD, "url", "https://paper.example/flood"),
        ("<meta property='og:title' content='Flood hits town'>", "title", "Flood hits town"),
        ("<meta property='og:site_name' content='The Paper'>", "outlet", "The Paper"),
        ("<meta property='article:published_time' content='2019-04-03'>", "published", "2019-04-03"),
        ("<meta itemprop='datePublished' content='2019-04-03'>", "published", "2019-04-03"),
        ("<meta name='author' content='Ada Lund'>", "authors", ["Ada Lund"]),
        ("<meta property='article:author' content='https://social.example/ada'>", "authors", []),
        ("<link rel='canonical' href='https://paper.example/flood'>", "url", "https://paper.example/flood"),
        ("<link rel='canonical' href='/flood'>", "url", None),
        ("<title>Flood hits town</title>", "title", "Flood hits town"),
        (
            "<title>Flood hits town | The Paper</title><meta property='og:site_name' content='The Paper'>",
            "title",
            "Flood hits town",
        ),
        (JSON_LD.replace("Flood hits", "Flood&#8217;s"), "title", "Flood’s town"),
        ("", "language", "en-GB"),
        ("", "published", None),
        ("<meta property='article:modified_time' content='2019-04-05'>", "published", None),
        ("<script type='application/ld+json'>{broken</script>", "title", None),
        ("<script type='application/ld+json'>" + "[" * 100_000 + "</script>", "title", None),
    ],
)
def test_metadata_comes_from_the_head(head: str, column: str, value: Any) -> None:
    """JSON-LD, Open Graph, meta, link, title and html: as given, or nothing."""
    assert page_metadata(page("<p>Posted on 5 May 2018.</p>", head))[column] == value


@pytest.mark.parametrize(
    ("body", "published"),
    [
        ("<time datetime='2019-04-03'>April 3</time>", "2019-04-03"),
        (
            "<time datetime='2018-01-01'>x</time><time itemprop='datePublished' datetime='2019-04-03'>y</time>",
            "2019-04-03",
        ),
        ("<time datetime='2018-01-01'>x</time><time datetime='2019-04-03'>y</time>", None),
        ("<p>Published on 3 April 2019</p><p>© 2024</p>", None),
    ],
)
def test_a_date_comes_from_metadata_only(body: str, published: str | None) -> None:
    """A time element counts when it is marked or the only one; running text and copyright lines never do."""
    assert page_metadata(page(body))["published"] == published


def news_page() -> str:
    menu = "".join(f"<li><a href='/{w}'>{w}</a></li>" for w in ("Home", "World", "Sport", "Culture", "Weather"))
    return page(
        f"<nav><ul>{menu}</ul></nav><main><article><h1>Flood Hits the Lower Town</h1><div class='byline'>By Ada Lund</div>"
        f"<p>{STORY[0]}</p><figure><img src='x'><figcaption>Men carry sandbags. Photo: Ivo Brandt</figcaption></figure>"
        f"<p>{STORY[1]}</p><h2>What comes next</h2><p>{STORY[2]}</p><p>{STORY[3]}</p></article></main>"
        f"<aside><a href='/x'>A dog won a prize in the capital</a></aside><footer>© 2024 The Paper</footer>",
        "<meta property='article:published_time' content='2019-04-03T10:00:00Z'>",
    )


def test_the_zones_of_a_page() -> None:
    """The article's paragraphs are body, elements say headline and caption, menus are other."""
    cleaned = clean_page(news_page())
    check(page_text(news_page()), cleaned)
    rows = [(r["zone"], r["text"]) for r in cleaned.segments]
    assert [t for z, t in rows if z == "body"] == STORY
    for expected in [("title", "Flood Hits the Lower Town"), ("byline", "By Ada Lund"), ("heading", "What comes next"),
                     ("caption", "Men carry sandbags."), ("credit", "Photo: Ivo Brandt"), ("other", "World"),
                     ("other", "A dog won a prize in the capital"), ("footer", "© 2024 The Paper")]:  # fmt: skip
        assert expected in rows


def test_a_plain_figcaption_is_a_caption() -> None:
    """The element says so, whatever the words look like, and whether or not it counts as article."""
    markup = news_page().replace("Men carry sandbags. Photo: Ivo Brandt", STORY[0].replace("river", "lake"))
    assert ("caption", STORY[0].replace("river", "lake")) in [
        (r["zone"], r["text"]) for r in clean_page(markup).segments
    ]


def test_a_paragraph_that_was_left_out_returns_to_its_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sentence in the same element as the article's paragraphs is story, one elsewhere is not."""
    found = [markup._key(text) for text in (STORY[0], STORY[1], STORY[3])]
    monkeypatch.setattr(markup, "_paragraphs", lambda _: found)
    elsewhere = STORY[2].replace("bridge", "lake")
    rows = clean_page(news_page().replace("<aside>", f"<aside><p>{elsewhere}</p>")).segments
    assert [r["text"] for r in rows if r["zone"] == "body"] == STORY
    assert ("other", elsewhere) in [(r["zone"], r["text"]) for r in rows]


def test_a_page_without_its_markup_is_read_as_text() -> None:
    """An article restored from elsewhere: the rules for flattened text keep the story whole."""
    rows = clean_page(news_page(), markup=None).segments
    assert [r["text"] for r in rows if r["zone"] == "body"][:4] == STORY


def test_a_page_in_which_no_article_is_found_is_read_as_text() -> None:
    """The fall-back is told in an issue."""
    cleaned = clean_page(page("<p>Closed today.</p>"))
    assert "no_article_in_markup" in {i["code"] for i in cleaned.issues}
    assert cleaned.article["clean_text"] == "Closed today."


def test_text_that_differs_from_the_markup_is_still_covered() -> None:
    """The contract holds even when the text was not made from this mark-up."""
    text = "Something else\n\n" + "\n".join(STORY)
    check(text, clean_page(news_page(), raw_text=text))
