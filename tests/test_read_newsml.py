"""News in XML: which text is the article's, and what the file says of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipeline.clean import clean_article
from pipeline.errors import ReadError
from pipeline.read.newsml import byline_names, records
from pipeline.read.record import Record
from pipeline.settings import CleanSettings, ReadSettings

FIRST = "Police in Halmet detained about 40 people on Tuesday after a protest against the dam, the ministry said."
SECOND = "At least 12 people were taken to hospital with broken bones, two doctors told the paper on the same evening."
LONG = " ".join([FIRST, SECOND] * 5)


def found(tmp_path: Path, xml: str | bytes, name: str = "a.xml", **settings: Any) -> list[Record | ReadError]:
    """What the reader yields, a refusal of the whole file included."""
    path = tmp_path / name
    path.write_bytes(xml.encode("utf8") if isinstance(xml, str) else xml)
    yielded: list[Record | ReadError] = []
    try:
        yielded.extend(records(path, name, ReadSettings(**settings)))
    except ReadError as error:
        yielded.append(error)
    return yielded


def one(tmp_path: Path, xml: str | bytes, name: str = "a.xml") -> Record:
    (record,) = found(tmp_path, xml, name)
    assert isinstance(record, Record), record
    return record


def codes(tmp_path: Path, xml: str | bytes, **settings: Any) -> list[str]:
    return [x.code if isinstance(x, ReadError) else x.place for x in found(tmp_path, xml, **settings)]


def nitf(body: str = f"<p>{FIRST}</p><p>{SECOND}</p>", above: str = "", below: str = "", docdata: str = "") -> str:
    return (
        f"<nitf><head><title>Window title</title>{docdata}</head><body><body.head>{above}</body.head>"
        f"<body.content>{body}</body.content><body.end>{below}</body.end></body></nitf>"
    )


G2 = "xmlns='http://iptc.org/std/nar/2006-10-01/'"


def g2(
    content: str = f"<inlineXML contenttype='application/xhtml+xml'><html><body><p>{FIRST}</p></body></html></inlineXML>",
    item_meta: str = "",
    content_meta: str = "<headline>Arrests at the dam</headline>",
    attributes: str = "guid='urn:x:1' version='1'",
) -> str:
    return (
        f"<newsItem {G2} {attributes}><itemMeta>{item_meta}</itemMeta><contentMeta>{content_meta}</contentMeta>"
        f"<contentSet>{content}</contentSet></newsItem>"
    )


def reuters(inside: str, attributes: str = "itemid='7' date='1996-08-20' xml:lang='en'") -> str:
    return f"<newsitem {attributes}><title>ORSANIA: Dam protest ends.</title>{inside}</newsitem>"


# --- NITF ----------------------------------------------------------------------------------------------------
def test_nitf_is_read_in_the_order_of_the_page(tmp_path: Path) -> None:
    """Headline, second headline, byline, dateline, paragraphs, captions, tables and tagline are lines; codes are not."""
    xml = nitf(
        above="<hedline><hl1>Arrests at the <em>dam</em></hl1><hl2>Ministry blames organisers</hl2></hedline>"
        "<byline>By <person>Ana Bel</person><bytag>Staff Reporter</bytag></byline>"
        "<distributor>Orsania Press Agency</distributor>"
        "<dateline><location>HALMET</location>, <story.date norm='20190103'>Jan. 3</story.date></dateline>"
        "<abstract><p>An indexer's summary.</p></abstract>",
        body=f"<block><p>{FIRST}</p></block>"
        "<media media-type='image'><media-metadata name='x' value='y'/><media-reference source='http://x.example/a.jpg'/>"
        "<media-caption><p>Officers in the square.</p></media-caption><media-producer>Lee Mor</media-producer></media>"
        "<table><tr><td>Halmet</td><td>40</td></tr><tr><td>Sarn</td><td>3</td></tr></table>"
        f"<hl2>What came next</hl2><ul><li>one</li><li>two</li></ul><p>{SECOND}<br/>So he said.</p>",
        below="<tagline>Ana Bel writes on rivers.</tagline>",
        docdata="<docdata><doc-id id-string='d1'/><date.issue norm='20190104T010000Z'/></docdata><pubdata name='Valley Standard'/>",
    )
    record = one(tmp_path, xml, "a.nitf")
    assert record.raw_text.split("\n") == [
        "Arrests at the dam", "Ministry blames organisers", "By Ana Bel", "Staff Reporter", "Orsania Press Agency",
        "HALMET, Jan. 3", FIRST, "Officers in the square.", "Lee Mor", "Halmet\t40", "Sarn\t3", "What came next",
        "one", "two", SECOND, "So he said.", "Ana Bel writes on rivers.",
    ]  # fmt: skip
    assert record.given == {
        "title": "Arrests at the dam",
        "authors": ["Ana Bel"],
        "outlet": "Valley Standard",
        "published": "20190104T010000Z",
    }
    assert (record.place, record.format, record.encoding) == ("a.nitf", "nitf", "utf-8")


def test_an_archive_of_a_newspaper_repeats_neither_lead_nor_byline(tmp_path: Path) -> None:
    """The lead stands apart and again in the full text, at times twice there; the byline once more, turned round."""
    xml = nitf(
        above="<hedline><hl1>Arrests at the dam</hl1><hl2 class='online_headline'>Arrests at the dam</hl2></hedline>"
        "<byline class='print_byline'>By ANA BEL and SAM DE TOR</byline>"
        "<byline class='normalized_byline'>Bel, Ana; Tor, Sam de</byline>",
        body=f"<block class='lead_paragraph'><p>LEAD: {FIRST}</p><p>{FIRST}</p></block>"
        f"<block class='full_text'><p>LEAD: {FIRST}</p><p>{FIRST}</p><p>{SECOND}</p></block>"
        "<block class='correction_text'><p>Correction: it was Wednesday.</p></block>",
        docdata="<docdata><date.issue norm='20190102'/></docdata>"
        "<pubdata date.publication='20190103T000000' ex-ref='http://paper.example/1' name='The Valley Standard'/>",
    )
    record = one(tmp_path, xml)
    assert record.raw_text.split("\n") == [
        "Arrests at the dam", "By ANA BEL and SAM DE TOR", FIRST, SECOND, "Correction: it was Wednesday.",
    ]  # fmt: skip
    assert record.given["authors"] == ["Ana Bel", "Sam De Tor"]
    assert record.given["published"] == "20190103T000000"
    assert record.given["url"] == "http://paper.example/1"


def test_the_lead_is_read_where_there_is_no_full_text(tmp_path: Path) -> None:
    """It is then all there is."""
    assert FIRST in one(tmp_path, nitf(f"<block class='lead_paragraph'><p>{FIRST}</p></block>")).raw_text


@pytest.mark.parametrize(
    "xml",
    [
        nitf(f"{FIRST}<p>{SECOND}</p>{FIRST}"),
        f"<nitf><body>{FIRST}<p>{SECOND}</p>{FIRST}</body></nitf>",
        g2(f"<inlineXML>{FIRST}<p>{SECOND}</p>{FIRST}</inlineXML>"),
        reuters(f"<text>{FIRST}<p>{SECOND}</p>{FIRST}</text>"),
        nitf(f"<block class='lead_paragraph'>x</block>{FIRST}<block class='full_text'>{SECOND}</block>{FIRST}"),
    ],
)
def test_text_outside_paragraphs_is_text_too(tmp_path: Path, xml: str) -> None:
    """Nothing is lost for standing where the format has no place for it."""
    assert one(tmp_path, xml).raw_text.split("\n")[-3:] == [FIRST, SECOND, FIRST]


def test_named_characters_of_a_dtd_that_is_not_loaded(tmp_path: Path) -> None:
    """They are those of HTML; the DTD is not opened, and one that does not exist does no harm."""
    for doctype in ("<!DOCTYPE nitf SYSTEM 'file:///no/such/nitf.dtd'>", ""):
        record = one(tmp_path, doctype + nitf("<p>A caf&eacute; in Halmet &mdash; closed.</p>"))
        assert record.raw_text.endswith("A café in Halmet — closed.")


def test_the_encoding_of_the_prolog_counts(tmp_path: Path) -> None:
    """Bytes are read as the first line says, after white space and with a byte-order mark too."""
    xml = nitf("<p>Café “Orsa” shut, the owner’s son said.</p>")
    for name in ("windows-1252", "utf-16"):
        record = one(tmp_path, f"<?xml version='1.0' encoding='{name}'?>{xml}".encode(name))
        assert (record.encoding, record.raw_text.split("\n")[-1]) == (name, "Café “Orsa” shut, the owner’s son said.")
    assert one(tmp_path, f"\n  <?xml version='1.0'?>{xml}").encoding == "utf-8"
    windows = nitf("<p>the owner\x92s&#146;s son\x85</p>")
    record = one(tmp_path, f"<?xml version='1.0' encoding='iso-8859-1'?>{windows}".encode("latin-1"))
    assert record.raw_text.split("\n")[-1] == "the owner’s’s son…"


# --- NewsML --------------------------------------------------------------------------------------------------
def test_newsml_g2_item(tmp_path: Path) -> None:
    """Headline, byline, dateline, the inline text and the credit are lines; key words and summaries are not."""
    record = one(
        tmp_path,
        g2(
            item_meta="<provider qcode='p:1'><name>Orsania Press Agency</name></provider>"
            "<versionCreated>2019-01-05T09:00:00Z</versionCreated><firstCreated>2019-01-03T10:00:00Z</firstCreated>",
            content_meta="<contentCreated>2019-01-03T09:30:00+01:00</contentCreated><by>By Ana Bel</by>"
            "<creditline>OPA</creditline><dateline>Halmet, Jan 3</dateline><language tag='en-GB'/>"
            "<slugline>DAM-PROTEST</slugline><headline role='hldrole:short'>Dam</headline>"
            "<headline role='hldrole:main'>Arrests at the dam</headline><description>A summary.</description>",
        ),
    )
    assert record.raw_text.split("\n") == ["Arrests at the dam", "By Ana Bel", "Halmet, Jan 3", FIRST, "OPA"]
    assert record.given == {
        "title": "Arrests at the dam",
        "authors": ["Ana Bel"],
        "outlet": "Orsania Press Agency",
        "language": "en-GB",
        "published": "2019-01-03T09:30:00+01:00",
    }


@pytest.mark.parametrize(
    ("content", "item", "embargo", "version", "published"),
    [
        ("2019-01-03T09:00:00Z", "2019-01-03T10:00:00Z", "", "3", "2019-01-03T09:00:00Z"),
        ("", "2019-01-03T10:00:00Z", "", "3", "2019-01-03T10:00:00Z"),
        ("", "", "", "1", "2019-01-05T00:00:00Z"),
        ("", "", "", "3", None),
        ("1999-05-01", "2019-01-03T10:00:00Z", "", "1", None),
        ("2019-01-03", "2019-01-03", "2019-01-10T06:00:00Z", "2", "2019-01-10T06:00:00Z"),
        ("2019-01-03", "2019-01-03", "2018-12-30", "2", "2019-01-03"),
        ("", "", "2019-01-10T06:00:00Z", "2", "2019-01-10T06:00:00Z"),
    ],
)
def test_publication_date_of_an_item(
    tmp_path: Path, content: str, item: str, embargo: str, version: str, published: str | None
) -> None:
    """When the content or the item first was made, or the embargo ended; a later version's day is never it."""
    meta = (
        f"<versionCreated>2019-01-05T00:00:00Z</versionCreated><firstCreated>{item}</firstCreated>"
        f"<embargoed>{embargo}</embargoed>"
    )
    made = f"<contentCreated>{content}</contentCreated>"
    record = one(tmp_path, g2(item_meta=meta, content_meta=made, attributes=f"guid='g' version='{version}'"))
    assert record.given.get("published") == published
    assert [code for code, _ in record.notes] == (["published_unclear"] if content and not published else [])


def test_one_rendition_of_the_content_is_read(tmp_path: Path) -> None:
    """A content set holds the same text in several forms: NITF before XHTML before plain text."""
    plain = f"<inlineData contenttype='text/plain'>Plain form.\n\n{FIRST}</inlineData>"
    xhtml = "<inlineXML><html><body><p>XHTML form.</p></body></html></inlineXML>"
    docdata = "<docdata><date.issue norm='20190103'/></docdata>"
    form = f"<inlineXML>{nitf('<p>NITF form.</p>', docdata=docdata)}</inlineXML>"
    assert one(tmp_path, g2(plain)).raw_text == f"Arrests at the dam\nPlain form.\n\n{FIRST}"
    assert one(tmp_path, g2(plain + xhtml)).raw_text == "Arrests at the dam\nXHTML form."
    record = one(tmp_path, g2(plain + xhtml + form))
    assert record.raw_text.endswith("NITF form.")
    assert record.given["published"] == "20190103"
    escaped = "<inlineData contenttype='text/html'>&lt;p&gt;Marked &amp;amp; escaped.&lt;/p&gt;</inlineData>"
    assert one(tmp_path, g2(escaped)).raw_text == "Arrests at the dam\nMarked & escaped."


def test_a_headline_that_the_text_opens_with_stands_once(tmp_path: Path) -> None:
    """Metadata and text both have it."""
    body = f"<inlineXML><html><body><h1>Arrests at the dam</h1><p>{FIRST}</p></body></html></inlineXML>"
    assert one(tmp_path, g2(body)).raw_text == f"Arrests at the dam\n{FIRST}"


def test_a_message_of_several_items(tmp_path: Path) -> None:
    """Each is a record with the item's own id; what is withdrawn, empty or elsewhere is told, and the rest goes on."""
    remote = "<inlineData encoding='enc:base64'>QUJD</inlineData><remoteContent href='http://x.example/a.jpg'/>"
    items = [
        g2(attributes="guid='urn:x:1' version='2'"),
        g2(item_meta="<pubStatus qcode='stat:canceled'/>"),
        g2(item_meta="<pubStatus uri='http://cv.iptc.org/newscodes/pubstatusg2/withheld'/>"),
        g2(remote),
        g2(""),
        g2(f"<inlineData>{SECOND}</inlineData>", item_meta="<pubStatus qcode='stat:usable'/>", attributes=""),
    ]
    package = (
        f"<packageItem {G2}><groupSet><group><itemRef href='http://x.example/b.xml'/></group></groupSet></packageItem>"
    )
    message = f"<newsMessage {G2}><itemSet>{package}{''.join(items)}</itemSet></newsMessage>"
    told = codes(tmp_path, message)
    assert told[:5] == ["a.xml#urn:x:1:2", "withdrawn", "withdrawn", "content_elsewhere", "no_text"]
    assert told[5].startswith("a.xml#a_")
    assert codes(tmp_path, f"<newsMessage {G2}><itemSet>{''.join(items[::-1])}</itemSet></newsMessage>") == told[::-1]
    assert codes(tmp_path, package) == ["no_text"]


def test_newsml_1(tmp_path: Path) -> None:
    """The news lines and the text content of each item; withheld items are left out."""

    def item(number: int, status: str, content: str) -> str:
        return (
            f"<NewsItem><Identification><NewsIdentifier><PublicIdentifier>urn:{number}</PublicIdentifier></NewsIdentifier>"
            f"</Identification><NewsManagement><FirstCreated>20190103T101500+0000</FirstCreated><Status FormalName='{status}'/>"
            "</NewsManagement><NewsComponent><NewsLines><HeadLine>Arrests at the dam</HeadLine><ByLine>By Ana Bel</ByLine>"
            "<DateLine>HALMET, Jan 3</DateLine></NewsLines><AdministrativeMetadata><Provider><Party FormalName='OPA'/>"
            "</Provider></AdministrativeMetadata><DescriptiveMetadata><Language FormalName='en'/></DescriptiveMetadata>"
            f"<ContentItem><DataContent>{content}</DataContent></ContentItem>"
            "<ContentItem><Encoding Notation='Base64'/><DataContent>QUJD</DataContent></ContentItem>"
            "</NewsComponent></NewsItem>"
        )

    xml = f"<NewsML>{item(1, 'Usable', f'<p>{FIRST}</p><p>{SECOND}</p>')}{item(2, 'Canceled', 'x')}{item(3, 'Usable', FIRST)}</NewsML>"
    first, refused, third = found(tmp_path, xml)
    assert isinstance(first, Record)
    assert first.raw_text.split("\n") == ["Arrests at the dam", "By Ana Bel", "HALMET, Jan 3", FIRST, SECOND]
    assert first.place == "a.xml#urn:1"
    assert first.given == {
        "title": "Arrests at the dam",
        "authors": ["Ana Bel"],
        "outlet": "OPA",
        "language": "en",
        "published": "20190103T101500+0000",
    }
    assert isinstance(refused, ReadError)
    assert refused.code == "withdrawn"
    assert isinstance(third, Record)
    assert third.raw_text.endswith(FIRST)


# --- Reuters -------------------------------------------------------------------------------------------------
def test_reuters_item(tmp_path: Path) -> None:
    """Headline without the country before it, byline, dateline, paragraphs and copyright; the codes are left out."""
    inside = (
        "<headline>Dam protest ends.</headline><byline>Ana Bel</byline><dateline>HALMET 1996-08-20</dateline>"
        f"<text><p>{FIRST}</p><p>{SECOND}</p></text><copyright>(c) Reuters Limited 1996</copyright>"
        "<metadata><codes class='c'><code code='X'/></codes><dc element='dc.source' value='Reuters'/>"
        "<dc element='dc.date.created' value='1996-08-19'/></metadata>"
    )
    record = one(tmp_path, reuters(inside))
    assert record.raw_text.split("\n") == [
        "Dam protest ends.", "Ana Bel", "HALMET 1996-08-20", FIRST, SECOND, "(c) Reuters Limited 1996",
    ]  # fmt: skip
    assert record.given == {
        "title": "Dam protest ends.",
        "authors": ["Ana Bel"],
        "outlet": "Reuters",
        "published": "1996-08-20",
        "language": "en",
    }
    assert record.place == "a.xml"


def test_articles_under_a_root_of_someones_own(tmp_path: Path) -> None:
    """A file that gathers items of a known kind holds one record for each, named by its own id."""
    text = f"<text><p>{FIRST}</p></text>"
    items = reuters(text) + reuters(text, "itemid='8'")
    xml = f"<corpus><part>{items}</part>{nitf()}</corpus>"
    assert codes(tmp_path, xml)[:2] == ["a.xml#7", "a.xml#8"]
    assert codes(tmp_path, xml)[2].startswith("a.xml#a_")


# --- feeds ---------------------------------------------------------------------------------------------------
RSS = "xmlns:content='http://purl.org/rss/1.0/modules/content/' xmlns:dc='http://purl.org/dc/elements/1.1/'"


def rss(*items: str) -> str:
    inside = "".join(f"<item>{item}</item>" for item in items)
    return f"<rss version='2.0' {RSS}><channel><title>Valley Standard</title><language>en-gb</language>{inside}</channel></rss>"


FULL = (
    "<title>Arrests at the dam &amp;amp; after</title><link>https://paper.example/1</link><guid isPermaLink='false'>id-1</guid>"
    "<dc:creator>Ana Bel</dc:creator><pubDate>Thu, 03 Jan 2019 10:00:00 +0000</pubDate><description>A teaser.</description>"
    f"<content:encoded><![CDATA[<p>{FIRST}</p><p>{SECOND} <a href='https://x.example'>More</a></p><script>no()</script>]]></content:encoded>"
)


def test_feed_item_with_its_whole_text(tmp_path: Path) -> None:
    """It is a page: its mark-up is kept, its title stands above it, and the feed says what it knows of it."""
    record = one(tmp_path, rss(FULL))
    assert record.raw_text.split("\n") == ["Arrests at the dam & after", FIRST, f"{SECOND} More"]
    assert record.markup
    assert record.place == "a.xml#id-1"
    assert record.given == {
        "title": "Arrests at the dam & after",
        "authors": ["Ana Bel"],
        "outlet": "Valley Standard",
        "url": "https://paper.example/1",
        "published": "Thu, 03 Jan 2019 10:00:00 +0000",
        "language": "en-gb",
    }


def test_atom_entry(tmp_path: Path) -> None:
    """XHTML, escaped HTML and plain text are read; ``updated`` is no publication date."""
    entry = "<entry><id>{0}</id><title>Dam</title><link rel='self' href='https://paper.example/feed'/><link rel='alternate' href='https://paper.example/{0}'/>{1}</entry>"
    xml = (
        "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='en'><title>Valley Standard</title>"
        + entry.format(
            "1",
            "<author><name>Ana Bel</name></author><published>2019-01-03T10:00:00Z</published>"
            f"<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>{FIRST}</p><p>{SECOND}</p></div></content>",
        )
        + entry.format(
            "2", f"<updated>2019-02-03T10:00:00Z</updated><content type='html'>&lt;p&gt;{FIRST}&lt;/p&gt;</content>"
        )
        + entry.format("3", f"<content type='text'>{FIRST} 1 &lt; 2\n{SECOND}</content>")
        + entry.format("4", "<summary>A teaser.</summary>")
        + "</feed>"
    )
    first, second, third, told = found(tmp_path, xml)
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert isinstance(third, Record)
    assert first.raw_text == f"Dam\n{FIRST}\n{SECOND}"
    assert (first.given["authors"], first.given["published"]) == (["Ana Bel"], "2019-01-03T10:00:00Z")
    assert first.given["url"] == "https://paper.example/1"
    assert (second.raw_text, second.given.get("published")) == (f"Dam\n{FIRST}", None)
    assert third.raw_text == f"Dam\n{FIRST} 1 < 2\n{SECOND}"
    assert isinstance(told, ReadError)
    assert (told.code, "1 of 4" in str(told)) == ("teasers_left_out", True)


def test_teasers_are_no_articles(tmp_path: Path) -> None:
    """A short description is a teaser, a long one the article; a feed of teasers alone is refused."""
    teaser = "<title>Dam</title><description>A teaser.</description>"
    assert codes(tmp_path, rss(teaser, teaser)) == ["feed_of_teasers"]
    picture = "<content url='https://x.example/a.jpg'><title>Dam</title></content>"
    assert codes(tmp_path, rss(teaser + picture)) == ["feed_of_teasers"]
    assert codes(tmp_path, rss(FULL, teaser)) == ["a.xml#id-1", "teasers_left_out"]
    long = f"<title>Dam</title><link>https://paper.example/2</link><description>&lt;p&gt;{LONG}&lt;/p&gt;</description>"
    assert codes(tmp_path, rss(long)) == ["a.xml#https://paper.example/2"]


def test_an_address_is_no_author(tmp_path: Path) -> None:
    """RSS asks for an address; the name in brackets behind it counts."""
    item = FULL.replace("<dc:creator>Ana Bel</dc:creator>", "<author>{}</author>")
    assert one(tmp_path, rss(item.format("desk@paper.example"))).given.get("authors") is None
    assert one(tmp_path, rss(item.format("desk@paper.example (Ana Bel)"))).given["authors"] == ["Ana Bel"]


def test_xhtml_saved_as_xml_is_a_page(tmp_path: Path) -> None:
    """The name of the file does not matter."""
    record = one(tmp_path, f"<html xmlns='http://www.w3.org/1999/xhtml'><body><p>{FIRST}</p></body></html>")
    assert (record.raw_text, bool(record.markup)) == (FIRST, True)


# --- refusals ------------------------------------------------------------------------------------------------
BOMB = "<!DOCTYPE nitf [<!ENTITY a 'lol'>" + "".join(
    f"<!ENTITY {new} '{f'&{old};' * 10}'>" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        ("<urlset><url><loc>https://paper.example/</loc></url></urlset>", "unknown_xml"),
        ("<nitf><body>", "bad_xml"),
        ("", "bad_xml"),
        ("   \n", "bad_xml"),
        ("not xml", "bad_xml"),
        (b"<?xml version='1.0' encoding='utf-8'?><nitf>caf\xe9</nitf>", "bad_xml"),
        (nitf() + nitf(), "bad_xml"),
        (nitf(""), "no_text"),
        ("<nitf><body><body.head><hedline><hl1>Dam</hl1></hedline></body.head></body></nitf>", "no_text"),
        ("<rss><channel/></rss>", "feed_of_teasers"),
        ("<a>" * 400 + "</a>" * 400, "bad_xml"),
        (BOMB + "]>" + nitf("<p>&i;</p>"), "bad_xml"),
        (BOMB + "]>" + nitf("<p class='&i;'>x</p>"), "bad_xml"),
        ("<!DOCTYPE nitf [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>" + nitf("<p>&x;</p>"), "xml_entities"),
        ("<!DOCTYPE nitf [<!ENTITY x 'y'>]>" + nitf("<p>&x;</p>"), "xml_entities"),
    ],
)
def test_what_is_refused(tmp_path: Path, xml: str | bytes, code: str) -> None:
    """Other XML, broken XML, and documents that declare entities, each with a message that names the file."""
    (error,) = found(tmp_path, xml)
    assert isinstance(error, ReadError)
    assert error.code == code
    assert str(error).startswith("a.xml")
    assert "root:" not in str(error)


def test_the_message_names_what_was_met_and_what_is_read(tmp_path: Path) -> None:
    """So that the file can be told from the others."""
    (error,) = found(tmp_path, "<urlset/>")
    assert "<urlset>" in str(error)
    assert "NITF" in str(error)


def test_a_large_file_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    """The limit is that of every file."""
    assert codes(tmp_path, "<nitf>" + "x" * 1_000_001, max_megabytes=1) == ["too_large"]


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Ana Bel", ["Ana Bel"]),
        ("by ANA BEL and J. VAN TOR", ["Ana Bel", "J. Van Tor"]),
        ("Ana Bel, Sam de Tor and Lee Mor", ["Ana Bel", "Sam de Tor", "Lee Mor"]),
        ("By Ana Bel, Foreign Correspondent", []),
        ("By Ana Bel, Halmet", []),
        ("By Ana Bel, New Sarn", []),
        ("Valley Press Agency", []),
        ("By Ana Bel in Halmet", []),
        ("By Ana", []),
        ("", []),
    ],
)
def test_names_in_a_byline(byline: str, names: list[str]) -> None:
    """Only where every part of it is sure to be a person; the rest is left to the cleaner."""
    assert byline_names(byline) == names


def test_the_lines_get_their_zones(tmp_path: Path) -> None:
    """The cleaner finds title, byline and story in what the reader gives."""
    xml = nitf(above="<hedline><hl1>Arrests at the dam</hl1></hedline><byline>By Ana Bel</byline>")
    record = one(tmp_path, xml)
    raw = {"article_id": "a_0", "paths": [record.place], "format": "xml", "raw_text": record.raw_text, **record.given}
    zones = [(row["zone"], row["text"]) for row in clean_article(raw, CleanSettings()).segments]
    assert zones == [("title", "Arrests at the dam"), ("byline", "By Ana Bel"), ("body", FIRST), ("body", SECOND)]
