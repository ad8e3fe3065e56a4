"""HTML pages: their visible text, their metadata, and the zones of their lines."""

from __future__ import annotations

import time
from typing import Any

import pytest

from pipeline.clean import Cleaned, clean_article, markup
from pipeline.read.html import page_text, read_page
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
        ("<p>one</p><!--[if IE]><p>no</p><![endif]--><p>two</p>", "one\ntwo"),
        ("<p>one</p><![if !IE]><p>two</p><![endif]>", "one\ntwo"),
        ("<base href='https://paper.example/'><p>one <a href='x'>two</a></p>", "one two"),
        ("<frameset><frame src='x.html'><noframes>no</noframes></frameset>", ""),
        ("<div><p>one</div></p></b><p>two<table><p>three", "one\ntwo\nthree"),
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


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("<p>some words</p>" * 50_000, "some words"),
        (f"<p {' '.join(f'a{i}=1' for i in range(100_000))}>some words</p>", "some words"),
        (f"<p class='{'x' * 12_000_000}'>some words</p>", "some words"),
        (f"<p data-x='{'a b=1 ' * 20_000}'>some words</p>", "some words"),
        (f"<p>{'word ' * 2_200_000}</p><p>some words</p>", "some words"),
        (f"{'<script>' * 50_000}<p>no", ""),
        (f"{'<div>' * 2_000}{'<script' * 50_000}<p>some words", "some words"),
        (f"{'<div>' * 2_000}{'<!--' * 50_000}", ""),
    ],
    ids=["paragraphs", "attributes", "a long attribute", "words in an attribute", "a long text", "scripts",
         "broken scripts", "comments"],
)  # fmt: skip
def test_large_pages_take_bounded_time_and_lose_nothing(markup: str, words: str) -> None:
    """What is beyond the parser's bounds is read from the tags alone, in time linear in its length."""
    begun = time.process_time()
    assert page_text(markup).split("\n")[-1] == words
    assert time.process_time() - begun < 15


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
    assert read_page(page("<p>Posted on 5 May 2018.</p>", head)).metadata[column] == value


def ld(*objects: str) -> str:
    return f'<script type="application/ld+json">[{", ".join(objects)}]</script>'


OTHER = '{"@type": "NewsArticle", "headline": "Dog wins prize", "datePublished": "2001-01-01", "url": "https://p.example/d"}'
OWN = """{"@type": ["NewsArticle"], "headline": "Flood hits town", "datePublished": "2019-04-03", "author": {"@id": "#a"},
"isPartOf": {"@type": ["WebSite"], "name": "The Paper"}, "mainEntityOfPage": {"@id": "https://p.example/flood"}}"""
PERSON = '{"@type": "Person", "@id": "#a", "name": "Ada Lund"}'
HEADLINE = "<meta property='og:title' content='Flood hits town'>"


@pytest.mark.parametrize(
    ("head", "column", "value"),
    [
        (HEADLINE + ld(OTHER, OWN, PERSON), "published", "2019-04-03"),
        ("<link rel=canonical href='https://www.p.example/flood/'>" + ld(OTHER, OWN, PERSON), "published", "2019-04-03"),
        (ld(OTHER, OWN), "published", None),
        (HEADLINE + "<meta property='og:url' content='https://p.example/flood'>" + ld(OTHER), "published", None),
        (ld(OWN, PERSON), "authors", ["Ada Lund"]),
        (ld(OWN), "outlet", "The Paper"),
        (ld(OWN), "url", "https://p.example/flood"),
        (ld('{"@type": "JobPosting", "datePublished": "2019-04-03"}'), "published", None),
        (ld('{"@type": "WebPage", "datePublished": "2019-04-03"}'), "published", "2019-04-03"),
        (ld('{"@type": "Article", "datePublished": "0001-01-01T00:00:00Z"}'), "published", None),
        (ld('{"@type": "Article", "dateModified": "2019-04-05"}'), "published", None),
        (ld('{"@type": "Article", "headline": "Flood hits the lower to..."}')
         + "<meta property='og:title' content='Flood hits the lower town'>", "title", "Flood hits the lower town"),
        ("<script type='application/ld+json'><!-- {\"@type\": \"Article\", \"headline\": \"Flood\"} --></script>",
         "title", "Flood"),
        ("<meta name='date' content='today'><meta name='pubdate' content='2019-04-03'>", "published", "2019-04-03"),
        ("<meta property='og:updated_time' content='2019-04-05'>", "published", None),
        ("<base href='https://p.example/a/'><link rel='canonical' href='flood'>", "url", "https://p.example/a/flood"),
        ("<meta property='og:url' content='https://p.example/'><link rel='canonical' href='https://p.example/flood'>",
         "url", "https://p.example/flood"),
        ("<link rel='canonical' href='http://[broken'>", "url", None),
    ],
)  # fmt: skip
def test_the_object_of_the_article_is_told_from_others(head: str, column: str, value: Any) -> None:
    """Of several JSON-LD objects the one with the page's headline or address counts; of unknown ones none does."""
    assert read_page(page("<p>Text.</p>", head)).metadata[column] == value


@pytest.mark.parametrize(
    ("given", "authors"),
    [
        ("By Ada Lund", ["Ada Lund"]),
        ("Ada Lund, Ben Ott and Eva Roth", ["Ada Lund", "Ben Ott", "Eva Roth"]),
        ("Ada Lund & Ben Ott", ["Ada Lund", "Ben Ott"]),
        ("Ada Lund, Senior Reporter", ["Ada Lund"]),
        ("Ada Lund, The Paper Online", ["Ada Lund"]),
        ("Ada Lund, https://p.example/ada", []),
        ("Lund, Ada", ["Lund, Ada"]),
        ("Law and Order Desk", ["Law and Order Desk"]),
        ("Staff Reporter", ["Staff Reporter"]),
        ("admin", []),
        ("The Paper", []),
        ("desk@paper.example", []),
    ],
)
def test_authors_are_people_and_bodies(given: str, authors: list[str]) -> None:
    """Lists are parted; posts behind a name, outlets, accounts and addresses are no authors; "Staff" stays as given."""
    head = f"<meta property='og:site_name' content='The Paper'><meta name='author' content='{given}'>"
    assert read_page(page("<p>Text.</p>", head)).metadata["authors"] == authors


ITEM = "itemscope itemtype='https://schema.org/NewsArticle'"


@pytest.mark.parametrize(
    ("body", "authors"),
    [
        ("<a rel='author' href='/ada'>Ada Lund</a>", ["Ada Lund"]),
        ("<div class='article-byline'>By Ada Lund</div>", ["Ada Lund"]),
        ("<p class='byline'>By Ada Lund</p><p class='byline'>By Ben Ott</p>", []),
        ("<p class='byline'>By Ada Lund</p><aside><p class='byline'>By Ben Ott</p></aside>", ["Ada Lund"]),
        ("<div class='related'><p class='byline'>By Ben Ott</p></div>", []),
        ("<p>By Ada Lund</p>", []),
        (f"<div {ITEM}><h1 itemprop='headline'>Flood</h1><i itemprop='author'>Ada Lund</i></div>", ["Ada Lund"]),
        (f"<div {ITEM}><i itemprop='author' itemscope><b itemprop='name'>Ada Lund</b></i></div>", ["Ada Lund"]),
        (f"<div {ITEM}><i itemprop='author'>Ada Lund</i></div><div {ITEM}><i itemprop='author'>Ben Ott</i></div>", []),
    ],
)  # fmt: skip
def test_a_byline_element_names_the_author(body: str, authors: list[str]) -> None:
    """Only when the mark-up gives none elsewhere, and when all bylines of the article agree."""
    assert read_page(page(f"<h1>Flood</h1>{body}")).metadata["authors"] == authors


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>Flood hits town - paper.example</title><meta property='og:url' content='https://www.paper.example/f'>",
         "", "Flood hits town"),
        ("<title>Flood - a town in fear</title><meta property='og:site_name' content='The Paper'>", "",
         "Flood - a town in fear"),
        ("<title>The Paper | Flood hits town</title><meta property='og:site_name' content='The Paper'>", "",
         "Flood hits town"),
        ("<title>Flood hits town | News</title>", "<h1>The Paper</h1><h1>Flood hits town</h1>", "Flood hits town"),
        ("<title>Flood hits town</title>", "<h1>Watch</h1><h1>Listen</h1>", "Flood hits town"),
    ],
)  # fmt: skip
def test_the_outlet_is_no_part_of_the_title(head: str, body: str, title: str) -> None:
    """A name before or behind a dash goes when it is the outlet or its host; of several h1 the page's title tells."""
    assert read_page(page(body, head)).metadata["title"] == title


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
        ("<time class='updated' datetime='2019-04-03'>x</time>", None),
        ("<p>Last updated: <time datetime='2019-04-03'>x</time></p>", None),
        ("<time class='entry-date published updated' datetime='2019-04-03'>x</time>", "2019-04-03"),
        ("<aside><time datetime='2019-04-03'>x</time></aside>", None),
        ("<div id='comments'><time datetime='2019-04-03'>x</time></div>", None),
        (f"<p>{STORY[0]} That was on <time datetime='2019-04-03'>Wednesday</time>.</p>", None),
        ("<abbr class='published' title='2019-04-03'>x</abbr>", "2019-04-03"),
        (
            f"<ul><li>{STORY[0]} <time datetime='2018-01-01'>x</time></li><li><time datetime='2019-04-03'>x</time></li></ul>",
            None,
        ),
    ],
)
def test_a_date_comes_from_metadata_only(body: str, published: str | None) -> None:
    """A time element counts when it is marked or the only one; running text and copyright lines never do."""
    assert read_page(page(body)).metadata["published"] == published


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
                     ("related", "A dog won a prize in the capital"), ("footer", "© 2024 The Paper")]:  # fmt: skip
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


def article(inside: str = "", top: str = "", below: str = "", head: str = "") -> str:
    """A page whose story has ``top`` under the headline, ``inside`` in its middle and ``below`` after its element."""
    return page(
        f"<nav><a href='/'>Home</a></nav><main><article><h1>Flood Hits the Lower Town</h1>{top}<p>{STORY[0]}</p>"
        f"<p>{STORY[1]}</p>{inside}<p>{STORY[2]}</p><p>{STORY[3]}</p></article></main>{below}",
        head,
    )


LONG = "Residents of the upper town brought blankets, and the baker gave away all of his bread before noon."
SHORT = "Forty boats and a horse"


@pytest.mark.parametrize(
    ("markup", "row"),
    [
        (article(f"<figure><figcaption>{LONG}</figcaption></figure>"), ("caption", LONG)),
        (article(f"<div class='wp-caption-text'>{LONG}</div>"), ("caption", LONG)),
        (article(f"<div class='image'><span class='photo-credit'>{SHORT}</span></div>"), ("credit", SHORT)),
        (article(top=f"<p class='article__standfirst'>{LONG}</p>"), ("subtitle", LONG)),
        (article(top=f"<div><p itemprop='description'>{LONG}</p></div>"), ("subtitle", LONG)),
        (article(f"<div class='correction-note'><p>{LONG}</p></div>"), ("correction", LONG)),
        (article("<p>Correction: An earlier version of this article misspelled the mayor's name.</p>"),
         ("correction", "Correction: An earlier version of this article misspelled the mayor's name.")),
        (article(f"<div class='editors-note'>{LONG}</div>"), ("notice", LONG)),
        (article(top="<div class='byline'>Ada Lund</div>"), ("byline", "Ada Lund")),
        (article(top="<div class='byline'><p>Ada Lund</p><p>3 April 2019</p></div>"), ("timestamp", "3 April 2019")),
        (article(top="<time datetime='2019-04-03'>3 April 2019</time>"), ("timestamp", "3 April 2019")),
        (article(f"<ul><li>{SHORT}</li><li>Two cows</li></ul>"), ("body", SHORT)),
        (article(f"<table><tr><td>{SHORT}</td><td>12</td></tr></table>"), ("body", f"{SHORT} 12")),
        (article(f"<blockquote><p>{LONG}</p></blockquote>"), ("body", LONG)),
        (article(f"<div class='related-stories'><p>{LONG}</p></div>"), ("related", LONG)),
        (article("<p class='related'>READ MORE: A dog won a prize</p>"), ("teaser", "READ MORE: A dog won a prize")),
        (article(f"<div class='recirc'><a href='/x'>{SHORT}</a></div>"), ("related", SHORT)),
        (article(f"<div class='newsletterSignup'><p>{LONG}</p></div>"), ("footer", LONG)),
        (article(f"<div class='share-tools'><span>{SHORT}</span></div>"), ("share", SHORT)),
        (article(below=f"<div class='cookie-banner'><p>{LONG}</p></div>"), ("notice", LONG)),
        (article(below=f"<div class='author-bio'><p>{LONG}</p></div>"), ("byline", LONG)),
        (article(below=f"<footer><p>{LONG}</p></footer>"), ("footer", LONG)),
        (article(below=f"<ol class='breadcrumbs'><li>{SHORT}</li></ol>"), ("other", SHORT)),
        (article(below=f"<section id='comments'><p>{LONG}</p></section>"), ("comment", LONG)),
        (article(below="<div id='disqus_thread'><b>Ben</b><p>3 days ago</p><p>So sad.</p></div>"),
         ("comment_meta", "3 days ago")),
        (article(below=f"<div class='comment-list'><p class='caption'>{LONG}</p></div>"), ("comment", LONG)),
        (article(below="<div><i>x</i></div>" * 9 + f"<div class='timestamp'>3 April 2019</div><p>{SHORT}</p>"),
         ("other", "3 April 2019")),
    ],
)  # fmt: skip
def test_elements_and_class_names_tell_zones(markup: str, row: tuple[str, str]) -> None:
    """What the article's finder drops or takes too much of goes by its element, and the story stays whole."""
    cleaned = clean_page(markup, title="Flood Hits the Lower Town")
    check(page_text(markup), cleaned)
    rows = [(r["zone"], r["text"]) for r in cleaned.segments]
    assert row in rows
    assert [t for z, t in rows if z == "body" and t in STORY] == STORY
    assert ("title", "Flood Hits the Lower Town") in rows


@pytest.mark.parametrize(
    "name", ["comments-open", "share-page", "has-sidebar", "newsletter-post", "ad-layout", "caption"]
)
def test_an_element_around_the_story_is_no_furniture(name: str) -> None:
    """Class names of elements that hold a good part of the story say nothing."""
    markup = news_page().replace("<main>", f"<main class='{name}'>").replace("<article>", f"<article class='{name}'>")
    assert [r["text"] for r in clean_page(markup).segments if r["zone"] == "body"] == STORY


def test_a_standfirst_is_known_by_the_description_of_the_page() -> None:
    """A line above the story with the words of the head's description is the standfirst."""
    head = f"<meta property='og:description' content='{LONG}'>"
    rows = [
        (r["zone"], r["rule"]) for r in clean_page(article(top=f"<header><p>{LONG}</p></header>", head=head)).segments
    ]
    assert ("subtitle", "markup.description") in rows


def test_a_sentence_between_headline_and_story_is_the_standfirst(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the article's finder leaves it out, a sentence right below the headline is what it is set as."""
    monkeypatch.setattr(markup, "_paragraphs", lambda _: [markup._key(text) for text in STORY])
    rows = clean_page(article(top=f"<div><p>{LONG}</p></div><p>By Ada Lund</p>")).segments
    assert ("subtitle", LONG) in [(r["zone"], r["text"]) for r in rows]


def test_an_opening_paragraph_repeated_as_description_is_story() -> None:
    """Publishing systems copy the first paragraph into the head; it stays in the story."""
    cleaned = clean_page(article(head=f'<meta name="description" content="{STORY[0]}">'))
    assert STORY[0] in [r["text"] for r in cleaned.segments if r["zone"] == "body"]


def test_posts_of_a_live_blog_are_story(monkeypatch: pytest.MonkeyPatch) -> None:
    """Posts whose elements are like those of three found paragraphs belong to the article, wherever they stand."""
    posts = "".join(f"<section class='live-post'><div><p>{text}</p></div></section>" for text in [*STORY, LONG])
    monkeypatch.setattr(markup, "_paragraphs", lambda _: [markup._key(text) for text in STORY[:3]])
    rows = clean_page(page(f"<h1>Flood, live</h1><main>{posts}</main>")).segments
    assert [r["text"] for r in rows if r["zone"] == "body"] == [*STORY, LONG]


def test_the_name_of_the_site_is_no_title() -> None:
    """Where an h1 holds the site's name, the heading that is the given title is the headline."""
    body = "".join(f"<p>{text}</p>" for text in STORY)
    rows = clean_page(page(f"<h1>The Paper</h1><h2>Flood hits town</h2>{body}"), title="Flood hits town").segments
    assert [r["text"] for r in rows if r["zone"] == "title"] == ["Flood hits town"]


def test_a_page_of_too_many_elements_is_read_as_text() -> None:
    """Beyond the bound no article is looked for, and the story is found by the rules for text."""
    markup_ = news_page().replace("<aside>", "<aside>" + "<i></i>" * markup.MOST_ELEMENTS)
    assert markup.too_large(read_page(markup_))
    cleaned = clean_page(markup_)
    assert "no_article_in_markup" in {i["code"] for i in cleaned.issues}
    assert [r["text"] for r in cleaned.segments if r["zone"] == "body"][:4] == STORY


def test_whatever_trips_the_finder_the_text_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of the library costs the mark-up's help, not the article."""

    def fail(*_: Any, **__: Any) -> None:
        raise AttributeError("broken tree")

    monkeypatch.setattr("trafilatura.bare_extraction", fail)
    assert "no_article_in_markup" in {i["code"] for i in clean_page(news_page()).issues}


def test_finding_paragraphs_again_is_linear() -> None:
    """Twenty thousand lines, none equal to a paragraph, are held against a long article in seconds."""
    numbers = [" ".join(str(n * k % 9973) for k in range(1, 20)) for n in range(1, 20_001)]
    begun = time.process_time()
    keys = [markup._key(text) for text in numbers]
    article_ = markup._Article([a + b for a, b in zip(keys[::2], keys[1::2], strict=True)])
    assert all(article_.places(key) for key in keys[::501])
    for key in keys:
        article_.places("x" + key)
    assert time.process_time() - begun < 10
