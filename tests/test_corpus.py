"""The sample corpus holds the difficulties it promises, and its gold says only what stands in the text.

Nothing of the pipeline runs here: articles are read with the standard library and lxml, so that a fault of the
pipeline cannot hide one of the gold.
"""

from __future__ import annotations

import csv
import datetime as dt
import functools
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from pipeline.schema import EXTRACTION_ZONES, MENTION_LABELS, ZONES

HERE = Path(__file__).parent
CORPUS, GOLD = HERE.parent / "corpus", HERE / "gold"
GOLD_FILES = sorted(GOLD.glob("*.json"))
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))

TIMEX_TYPES = ("DATE", "TIME", "DURATION", "SET")
APPROXIMATORS = [
    "exact",
    "about",
    "at_least",
    "more_than",
    "up_to",
    "less_than",
    "nearly",
    "between",
    "dozens",
    "hundreds",
    "thousands",
    "hundreds_of_thousands",
    "several",
    "few",
]
QUANTITY_KINDS = ["count", "money", "percent", "ratio", "age", "duration", "measure"]
EVENTS = [
    "killed",
    "injured",
    "missing",
    "detained",
    "tortured",
    "raped",
    "displaced",
    "fled",
    "evacuated",
    "arrested",
    "charged",
    "protested",
    "destroyed",
    "infected",
    "other",
]
QUOTE_KINDS = ("direct", "mixed", "scare")
ROWS = ("mentions", "dates", "quantities", "quotes")


OUTLETS = {
    "Kalvesta Press Agency": "wire/",
    "Kalvesta Standard": "standard/",
    "Sidewise": "sidewise/",
    "Radio Dovrin": "radio_dovrin",
    "Sarn Valley Network Bulletin": "bulletin/",
    "The Northern Courier": "courier/",
}


def fold(text: str) -> str:
    """The text with all white space runs as one space and without invisible characters."""
    return re.sub(r"\s+", " ", text.translate(INVISIBLE)).strip()


def decode(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        return path.read_bytes().decode("cp1252")


def visible_text(page: str) -> str:
    body = html.document_fromstring(page).find("body")
    assert body is not None
    return "\n".join(map(str, body.itertext()))


def read(path: Path) -> dict[str, str]:
    """Place -> text, for every article of one file."""
    text, place = decode(path), path.relative_to(CORPUS).as_posix()
    match path.suffix:
        case ".md":
            return {place: text.split("\n---\n", 1)[1]}
        case ".html":
            return {place: visible_text(text)}
        case ".json":
            records = [json.loads(text)]
        case ".jsonl":
            records = [json.loads(line) for line in text.splitlines()]
        case ".csv":
            records = list(csv.DictReader(io.StringIO(text, newline="")))
        case _:
            return {place: text}
    return {f"{place}#{record['id']}": record["text"] for record in records}


def article_files() -> list[Path]:
    return sorted(
        path
        for path in CORPUS.rglob("*")
        if path.is_file() and not path.name.startswith("README") and not path.name.endswith(".meta.toml")
    )


@functools.cache
def articles() -> dict[str, str]:
    """Place -> folded text, for every article of the corpus."""
    return {place: fold(text) for path in article_files() for place, text in read(path).items()}


@functools.cache
def gold(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text("utf8")))


def nth_start(text: str, words: str, nth: int) -> int:
    """Where the ``nth`` occurrence of ``words`` starts in ``text``; -1 if there are fewer."""
    start = -1
    for _ in range(nth):
        start = text.find(words, start + 1)
        if start < 0:
            return -1
    return start


def zone_spans(record: dict[str, Any], text: str) -> list[tuple[int, int, str]]:
    """Start, end and zone of every zone row; a row reaches to the start of the next."""
    starts, at = [], 0
    for row in record["zones"]:
        at = text.index(row["text"], at)
        starts.append(at)
        at += len(row["text"])
    return [
        (start, end, row["zone"])
        for start, end, row in zip(starts, [*starts[1:], len(text)], record["zones"], strict=True)
    ]


def by_file(path: Path) -> str:
    return path.stem


every_gold_file = pytest.mark.parametrize("path", GOLD_FILES, ids=by_file)


def test_every_article_has_one_gold_file() -> None:
    """No article without gold, no gold without article, none twice."""
    assert sorted(gold(path)["article"] for path in GOLD_FILES) == sorted(articles())


def test_the_corpus_is_as_wide_as_promised() -> None:
    """At least 14 articles, every format, six outlets, a sidecar, a subfolder, three articles without a date."""
    assert len(articles()) >= 14
    assert {path.suffix for path in article_files()} == {".txt", ".md", ".html", ".json", ".jsonl", ".csv"}
    outlets = [next(name for name, start in OUTLETS.items() if place.startswith(start)) for place in articles()]
    assert len(set(outlets)) == len(OUTLETS) == 6
    assert min(map(outlets.count, OUTLETS)) >= 2
    assert list(CORPUS.rglob("*.meta.toml"))
    assert sum(gold(path)["published"] is None for path in GOLD_FILES) >= 3


@every_gold_file
def test_zones_stand_in_the_text_in_order_and_cover_it(path: Path) -> None:
    """Every zone row starts a stretch of the text; together they leave nothing before the first."""
    record = gold(path)
    assert {row["zone"] for row in record["zones"]} <= set(ZONES)
    assert zone_spans(record, articles()[record["article"]])[0][0] == 0


@every_gold_file
def test_every_row_stands_in_the_text_in_an_extraction_zone(path: Path) -> None:
    """The words occur an ``nth`` time, and that occurrence lies in one zone that is read for names and numbers."""
    record = gold(path)
    text = articles()[record["article"]]
    spans = zone_spans(record, text)
    for kind in ROWS:
        for row in record[kind]:
            start = nth_start(text, row["text"], row.get("nth", 1))
            assert start >= 0, (kind, row)
            zones = [zone for low, high, zone in spans if low <= start and start + len(row["text"]) <= high]
            assert zones, (kind, row)
            assert zones[0] in EXTRACTION_ZONES, (kind, row)


@every_gold_file
def test_rows_of_one_kind_do_not_overlap(path: Path) -> None:
    """Names, dates, numbers and quotes are each written down once, in the order of the text."""
    record = gold(path)
    text = articles()[record["article"]]
    for kind in ROWS:
        end = 0
        for row in record[kind]:
            start = nth_start(text, row["text"], row.get("nth", 1))
            assert start >= end, (kind, row)
            end = start + len(row["text"])


@every_gold_file
def test_mentions_are_bare_names_with_known_labels(path: Path) -> None:
    """A name has a label of the schema and comes without article, title or possessive."""
    for row in gold(path)["mentions"]:
        assert row["label"] in MENTION_LABELS, row
        assert re.fullmatch(r"[a-z0-9_]+", row["entity"]), row
        assert not re.match(r"(?:the|Gen\.|Col\.|Dr|Mr|Ms|Judge|President|Minister) ", row["text"]), row
        assert not re.search(r"['’]s$", row["text"]), row


def test_an_entity_has_one_label() -> None:
    """The same key never stands for two kinds of thing; the adjective of a place is labelled as such, a NORP."""
    labels: dict[str, set[str]] = {}
    for path in GOLD_FILES:
        for row in gold(path)["mentions"]:
            labels.setdefault(row["entity"], set()).add(row["label"])
    assert {key: found for key, found in labels.items() if len(found) > 1 and found != {"GPE", "NORP"}} == {}


@every_gold_file
def test_dates_are_intervals_or_open(path: Path) -> None:
    """A value is open only where the article has no date to count from; an interval never ends before it starts."""
    record = gold(path)
    if record["published"]:
        dt.date.fromisoformat(record["published"])
    for row in record["dates"]:
        assert row["type"] in TIMEX_TYPES, row
        assert ("open" in row) == ("value" in row and row["value"] is None), row
        assert not (row.get("open") and record["published"]), row
        days = [dt.date.fromisoformat(row[key]) for key in ("start_date", "end_date") if row.get(key)]
        assert days == sorted(days), row
        if re.fullmatch(r"\d{4}-\d\d-\d\d", row.get("value") or ""):
            assert row["start_date"] == row["end_date"] == row["value"], row


WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


@every_gold_file
def test_a_weekday_falls_on_its_day(path: Path) -> None:
    """A date that names a day of the week is one."""
    for row in gold(path)["dates"]:
        named = [day for day in WEEKDAYS if re.search(rf"\b{day}\b", row["text"])]
        if named and row.get("start_date"):
            assert WEEKDAYS[dt.date.fromisoformat(row["start_date"]).weekday()] == named[0], row


@every_gold_file
def test_quantities_hold_their_number_and_bounds(path: Path) -> None:
    """The number stands inside the words, and low, value and high are in order."""
    for row in gold(path)["quantities"]:
        assert row["number"] in row["text"], row
        assert row["approximator"] in APPROXIMATORS, row
        assert row["kind"] in QUANTITY_KINDS, row
        assert row.get("event", "other") in EVENTS, row
        assert row["polarity"] in {"asserted", "negated"}, row
        assert row["modality"] in {"certain", "possible", "alleged", "conditional", "future"}, row
        numbers = [row[key] for key in ("low", "value", "high") if row.get(key) is not None]
        assert numbers == sorted(numbers), row
        assert "subset_of" not in row or row["subset_of"] in {other["text"] for other in gold(path)["quantities"]}, row
        if row["approximator"] in {"at_least", "more_than"}:
            assert (row["low"], row["high"]) == (row["value"], None), row


@every_gold_file
def test_a_digit_number_has_its_value(path: Path) -> None:
    """What is printed in digits, without scale word or range, is the value."""
    for row in gold(path)["quantities"]:
        if re.fullmatch(r"\d[\d,]*(?:\.\d+)?", row["number"]) and "value" in row:
            assert row["value"] == float(row["number"].replace(",", "")), row


@every_gold_file
def test_quotes_have_marks_and_speakers_that_stand_in_the_text(path: Path) -> None:
    """A quote starts behind or ends before a quotation mark; its speaker and cue are words of the article."""
    record = gold(path)
    text = articles()[record["article"]]
    for row in record["quotes"]:
        start = nth_start(text, row["text"], row.get("nth", 1))
        around = (text[start - 1], text[start + len(row["text"])])
        assert set(around) & set('"“”'), row
        assert row["kind"] in QUOTE_KINDS, row
        assert row["speaker"] is None or row["speaker"] in text, row
        assert row["cue"] is None or row["cue"] in text, row
        assert row["speaker_entity"] is None or row["speaker"], row


@every_gold_file
def test_every_pair_of_quotation_marks_is_in_the_gold(path: Path) -> None:
    """No quotation in an extraction zone is left out."""
    record = gold(path)
    text = articles()[record["article"]]
    quoted = [
        (start := nth_start(text, row["text"], row.get("nth", 1)), start + len(row["text"])) for row in record["quotes"]
    ]
    for low, high, zone in zone_spans(record, text):
        if zone in EXTRACTION_ZONES:
            for mark in re.finditer('["“”]', text[low:high]):
                at = low + mark.start()
                assert any(start - 1 <= at <= end for start, end in quoted), text[at - 20 : at + 20]


DIFFICULTIES = [
    ("caption with agency credit", r"/ KPA PHOTO / Lena FAUST \(Photo credit should read"),
    ("caption glued to the next sentence", r"March 16, 2022\.A teacher"),
    ("place in a caption", r"\(2L\)"),
    ("name alone on a line as a caption", r"(?m)^Ramin Velk$"),
    ("teaser", r"(?m)^READ MORE: "),
    ("bare teaser", r"(?m)^Read More====$"),
    ("related list", r"(?m)^Related:\s*\n• "),
    ("related line", r"(?m)^Related: \w"),
    ("numbered heading", r"(?m)^1\. One dam emptied"),
    ("quoted heading", r"(?m)^4\. “They had a list”"),
    ("numbered list that is no heading", r"(?m)^1\. We evacuated 34 people"),
    ("comment name", r"(?m)^Dora K$"),
    ("comment name glued to its age", r"(?m)^Dora K8 days ago$"),
    ("comment with an age in words", r"(?m)^Ewan Tabout a month ago$"),
    ("share bar", r"Share  \|  Tweet"),
    ("newsletter prompt", r"Sign up for"),
    ("old story notice", r"This story is over 5 years old"),
    ("cookie notice", r"We use cookies"),
    ("correction", r"(?m)^Correction"),
    ("photo credit line", r"(?m)^Photo credit: "),
    ("byline at the end", r"(?m)^/By "),
    ("agency sign-off", r"\(Reporting by .* editing by "),
    ("date with comma under the title", r"(?m)^13 April, 2023$"),
    ("agency dateline without a year", r"DOVRIN, June 4 \(KPA\) - "),
    ("dateline with weekday and year", r"KALVESTA, Friday, 10 March 2023 — "),
    ("picture dateline", r"LONDON, UNITED KINGDOM - 2022/04/21: "),
    ("two spellings in one article", r"Selma Ardan(?s:.*)Arden"),
    ("transliteration", r"Jusen Khadar"),
    ("acronym", r"Sarn Valley Network \(SVN\)"),
    ("translated name", r"Mreja Sarn"),
    ("short form", r"the Network"),
    ("first name alone that two people have", r"not the Anton you see"),
    ("surname that two people have", r"not related to Interior Minister Marek Dolgan"),
    ("quote split by its cue", r",\" she said, \"because"),
    ("quote over paragraphs, closed once", r"names\.\n+“And the question"),
    ("quote that is never closed", r"small things\.\n"),
    ("quote that is never opened", r"(?<!“)We have no political prisoners,”"),
    ("scare quotes", r"“generous” compensation"),
    ("statement via another outlet", r"told Radio Dovrin"),
    ("work title in quotation marks", r"“The Otter’s Year”"),
    ("last March", r"last March"),
    ("of that year", r"of that year"),
    ("earlier this month", r"Earlier this month"),
    ("a year ago", r"A year ago"),
    ("weekday that fixes the year", r"Wednesday, April 12"),
    ("range of dates", r"between 25 August and 24 September 2021"),
    ("middle of a year", r"mid-2021"),
    ("end of a month", r"late August"),
    ("press time", r"As of press time"),
    ("subset: of them", r"98 of them"),
    ("subset: including", r"74 people, including 30 children"),
    ("dozens", r"dozens of homes"),
    ("hundreds of thousands", r"hundreds of thousands"),
    ("none, says the ministry", r"No civilians were hurt, the ministry\s+said"),
    ("up to", r"[Uu]p to 200"),
    ("possible deaths", r"may have been killed"),
    ("percentage", r"70 percent"),
    ("dollars with scale", r"\$1\.1\s+billion"),
    ("local currency", r"85,000\s+talers"),
    ("1.1m", r"1\.1m talers"),
    ("£30m", r"£30m"),
    ("age after a name", r"Anton Brezik, 30,"),
    ("age as a noun", r"the 71-year-old six months"),
    ("mixed durations", r"three days to three weeks"),
    ("number in a compound", r"five-person mob"),
    ("two counts, one verb", r"12 police officers and 59 protesters were injured"),
    ("may as a verb", r"children may attend|They may take"),
    ("march as a verb", r"We will march"),
    ("second as an ordinal", r"a second question"),
    ("numbered section", r"Section 41"),
    ("number in a disease", r"COVID-19"),
    ("time of day with a dot", r"2\.15 p\.m\."),
    ("24-hour that counts nothing", r"24-hour hotline"),
    ("no-break space", "40\u00a0metres"),
    ("zero-width space", "\u200b"),
    ("markdown link", r"\]\(https://"),
]


@functools.cache
def saved_text() -> str:
    return "\n\f\n".join(text.replace("\r\n", "\n") for path in article_files() for text in read(path).values())


@pytest.mark.parametrize(("difficulty", "pattern"), DIFFICULTIES, ids=[name for name, _ in DIFFICULTIES])
def test_the_difficulty_is_in_the_corpus(difficulty: str, pattern: str) -> None:
    """What saved news does to a reader is there to be met."""
    assert re.search(pattern, saved_text()), difficulty


def test_the_bytes_are_difficult_too() -> None:
    """A byte order mark, Windows-1252 with CRLF, hard-wrapped lines, a page without metadata, one with JSON-LD."""
    assert (CORPUS / "sidewise/one_year_on.txt").read_bytes().startswith(b"\xef\xbb\xbf")
    windows = (CORPUS / "standard/teshka_bridge.txt").read_bytes()
    assert b"\x93" in windows
    assert windows.count(b"\n") == windows.count(b"\r\n") > 20
    wrapped = (CORPUS / "wire/dovrin_clearance.txt").read_text("utf8").splitlines()
    assert 65 < max(map(len, wrapped)) <= 72
    assert "application/ld+json" in decode(CORPUS / "standard/custody_deaths.html")
    assert "<meta" not in decode(CORPUS / "radio_dovrin_school.html")


def test_one_wire_story_is_printed_twice() -> None:
    """The daily prints the agency's paragraphs, but not all of them, under its own headline."""
    paragraphs = [
        {
            fold(line).translate(str.maketrans("“”", '""'))
            for line in read(CORPUS / path)[place].splitlines()
            if len(line) > 60
        }
        for path, place in (
            ("wire/kpa.jsonl", "wire/kpa.jsonl#kpa-210829"),
            ("standard/teshka_bridge.txt", "standard/teshka_bridge.txt"),
        )
    ]
    assert len(paragraphs[0] & paragraphs[1]) >= 6
    assert paragraphs[0] - paragraphs[1]


def keys(path: Path) -> set[str]:
    return {row["entity"] for row in gold(path)["mentions"]}


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("irena_dolgan", "marek_dolgan"),
        ("anton_brezik", "anton_melch"),
        ("idris_tamur", "mariam_tamur"),
        ("amina_hadar", "yusen_hadar"),
        ("sarn_river", "sarn_province"),
        ("sarn_valley", "sarn_valley_network"),
        ("teshka", "teshka_bridge"),
        ("teshka", "lower_teshka"),
        ("viktor_samm", "samm_commission"),
    ],
)
def test_confusable_names_meet_in_one_article(left: str, right: str) -> None:
    """Two things that share a name are both named in at least one article."""
    assert any({left, right} <= keys(path) for path in GOLD_FILES)


@pytest.mark.parametrize(
    ("entity", "forms"),
    [
        ("lejla_karsavi", {"Lejla Karsavi", "Leyla Karsavi", "Lejla Karsawi", "Karsawi"}),
        ("yusen_hadar", {"Yusen Hadar", "Jusen Khadar", "Yousen Hadar", "Hadar", "Yusen"}),
        ("sarn_valley_network", {"Sarn Valley Network", "SVN", "Mreja Sarn", "Network"}),
        ("interior_ministry", {"Interior Ministry", "Ministry of the Interior", "Ministry of Internal Affairs"}),
        ("rights_observatory", {"International Rights Observatory", "IRO", "Observatory"}),
    ],
)
def test_one_thing_has_several_names(entity: str, forms: set[str]) -> None:
    """Spellings, acronyms, translations and short forms of one thing share a key."""
    found = {row["text"] for path in GOLD_FILES for row in gold(path)["mentions"] if row["entity"] == entity}
    assert found >= forms
