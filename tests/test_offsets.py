"""Offsets are sacred: on every row of every table both texts hold the same words, whatever was saved."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from pipeline.clean.articles import clean
from pipeline.extract.article import extract
from pipeline.ids import article_id
from pipeline.offsets import normalise
from pipeline.read import read_corpus
from pipeline.schema import TABLES, conform
from pipeline.settings import CleanSettings, ExtractSettings, ReadSettings
from tests.factories import MODEL, ROOT

SAMPLES = ROOT.parent / "shared" / "samples"

HOSTILE = {
    "emoji": "Rain \U0001f327\ufe0f in Dovrin\n\n\U0001f469\u200d\U0001f469\u200d\U0001f467 Anna Kell \U0001f44d said on 3 April 2022 that 40 \U0001f3e0 homes burned.\n",
    "combining marks": "Jose\u0301 Mun\u0303oz fled\n\nJose\u0301 Mun\u0303oz, 30, told Zoe\u0308 that \u201c12 of us\u201d left in 2021.",
    "right to left": "Report\n\nAnna Kell (\u202b\u05d0\u05e0\u05d4 \u05e7\u05dc\u202c) said \u0623\u0646\u0627 fled with 3 children on 1 May 2020.",
    "no-break and thin spaces": "Anna\u00a0Kell\u2009said on 3\u00a0April\u00a02022 that 1\u00a0200\u202fpeople fled.\u3000\u2028Next line, said Pavel Orr.",
    "zero width": "\ufeffAn\u200bna Ke\u00adll said on 3\u200b April 2022 that 1\u200b2 peo\u200dple fled.",
    "carriage returns": "Title here\r\n\r\nAnna Kell said \u201cno\u201d in 2020.\r\r\nPavel Orr, 40, left.\r",
    "windows 1252": "The mayor\u2019s office said \u201440 families\u2014 left\u2026 \u201cfor good\u201d, Anna Kell said in May 2021.".encode("cp1252").decode("cp1252"),
    "nul and controls": "Anna\x00 Kell\x07 said\x0b on 3 April\x0c 2022 that\x85 12 people \x1bfled.\x7f",
    "odd quotes": "\u201cWe left, said Anna Kell on Monday.\n\n\u201cWe had 3 days.\n\nNo \u201cend\u201d to \u201cit.\n\n\" \" \"\n\n'",
    "only furniture": "READ MORE: Something else\n\nShare\n\n\u00a9 2024 A Paper",
    "only spaces": " \u00a0\n\t\u200b\n",
    "one word": "Dovrin",
    "no letters": "... --- 12 \n\n*** ??? !!!",
    "astral letters": "\U0001d400\U0001d427\U0001d427\U0001d41a Kell said 12 people fled Dovrin in \U0001d7d0\U0001d7ce\U0001d7d0\U0001d7d0.",
    "ligatures and fullwidth": "The o\ufb03ce of \uff21nna Kell said \uff11\uff12 people \ufb02ed in \uff12\uff10\uff12\uff11.",
    "many blank lines": "\n\n\n\nAnna Kell said no.\n\n\n\n\n\n12 people fled in 2021.\n\n\n",
    "marks behind invisible letters": "Jose\u200b\u0301 Mun\xad\u0303oz and Rene\u0345\u0301 fled on 3 April 2022 with 12 people.",
    "stacked marks": "Z\u0351\u036b\u0343\u036a\u0302a\u0364\u0342lgo said 12 people fled on 3 April 2022.",
}  # fmt: skip


def noise(seed: int) -> str:
    """Text that nobody wrote, made of what breaks offsets; the same for the same seed."""
    pick = random.Random(seed)
    bits = [
        "Anna Kell", "said", "\u201c", "\u201d", "\"", "'", "12", "3 April 2022", "people", "fled", ".", ",", "\n", "\r\n", "\n\n", " ", "\u00a0", "\u200b",
        "\ufeff", "e\u0301", "\U0001f469\u200d\U0001f467", "\u05d0", "\u202e", "\x00", "\x85", "\u2028", "-", "\u2013", "READ MORE: x", "(Photo: AFP)", "$",
        "at least", "dozens of", "Monday", "may", "%", "\ud7ff", "\U0010ffff", "The", "Network", "By Anna Kell", "2L", "/",
    ]  # fmt: skip
    return "".join(pick.choice(bits) + pick.choice(["", " ", " "]) for _ in range(pick.randrange(5, 160)))


def tables_of(*texts: str) -> dict[str, list[dict[str, Any]]]:
    """The rows that clean and extract make of raw texts, by table; ``cleaned`` are the issues of clean."""
    raw = [
        {
            "article_id": article_id(text),
            "paths": ["x"],
            "format": "txt",
            "encoding": "utf-8",
            "raw_text": text,
            "published": "2022-04-05",
        }
        for text in dict.fromkeys(texts)
    ]
    return staged({"raw_articles": conform("raw_articles", raw)})


def staged(tables: dict[str, Any], **settings: Any) -> dict[str, list[dict[str, Any]]]:
    cleaned = clean(tables, CleanSettings())
    made = {**cleaned, **extract(cleaned, ExtractSettings(MODEL, **settings))}
    return {name: table.to_pylist() for name, table in made.items()} | {"cleaned": cleaned["issues"].to_pylist()}


def check_offsets(tables: dict[str, list[dict[str, Any]]]) -> int:
    """Assert what the contract promises of every place in every table; return how many were looked at."""
    articles = {row["article_id"]: row for row in tables["articles"]}
    assert not [row for row in tables["articles"] if row["status"] == "failed" and row["clean_text"]], (
        "an extractor failed"
    )
    assert not [
        i for i in tables["cleaned"] + tables["issues"] if i["code"] in {"cleaning_failed", "extraction_failed"}
    ]
    looked_at = 0
    reached = dict.fromkeys(articles, 0)
    for row in tables["segments"]:
        article = articles[row["article_id"]]
        assert row["raw_start"] == reached[row["article_id"]], "segments leave no gap and do not overlap"
        assert row["raw_end"] > row["raw_start"]
        reached[row["article_id"]] = row["raw_end"]
        assert normalise(article["raw_text"][row["raw_start"] : row["raw_end"]]).text == row["text"]
        if row["start"] is not None:
            assert article["clean_text"][row["start"] : row["end"]] == row["text"]
        looked_at += 1
    assert reached == {a: len(row["raw_text"]) for a, row in articles.items()}, "every raw character has one segment"
    for name in ("sentences", "mentions", "dates", "quantities", "quotes"):
        for row in tables[name]:
            article = articles[row["article_id"]]
            clean_text, raw_text = article["clean_text"], article["raw_text"]
            assert 0 <= row["start"] < row["end"] <= len(clean_text)
            assert clean_text[row["start"] : row["end"]] == row["text"], (name, row)
            assert normalise(raw_text[row["raw_start"] : row["raw_end"]]).text == normalise(row["text"]).text, (
                name,
                row,
            )
            if name == "quantities":
                assert row["start"] <= row["number_start"] < row["number_end"] <= row["end"]
            if name == "quotes" and row["speaker_start"] is not None:
                assert clean_text[row["speaker_start"] : row["speaker_end"]] == row["speaker"]
                assert (
                    normalise(raw_text[row["speaker_raw_start"] : row["speaker_raw_end"]]).text
                    == normalise(row["speaker"]).text
                )
            if name == "quotes" and row["cue_start"] is not None:
                assert clean_text[row["cue_start"] : row["cue_end"]] == row["cue"]
            if name == "dates" and row["start_date"] and row["end_date"]:
                assert row["start_date"] <= row["end_date"]
            looked_at += 1
        keys = [row[TABLES[name].key[0]] for row in tables[name]]
        assert len(keys) == len(set(keys)), f"{name}: ids repeat"
    return looked_at


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text(name: str) -> None:
    """Nothing that can be typed, pasted or broken moves an offset."""
    assert check_offsets(tables_of(HOSTILE[name])) > 0


def test_words_are_found_through_what_is_invisible() -> None:
    """Invisible characters inside a name do not hide it, and the raw span covers them."""
    tables = tables_of(HOSTILE["zero width"])
    [name] = [row for row in tables["mentions"] if row["text"] == "Anna Kell"]
    assert HOSTILE["zero width"][name["raw_start"] : name["raw_end"]] == "An\u200bna Ke\u00adll"


def test_noise() -> None:
    """Two hundred texts that nobody wrote."""
    assert check_offsets(tables_of(*(noise(seed) for seed in range(200)))) > 2_000


@pytest.mark.parametrize(
    "unit", ["Anna Kell said on 3 April 2022 that 12 people fled Dovrin. ", "iVBORw0KGgoAAAANSUhEUgAAB4AAAAQ4"]
)
def test_a_line_of_five_megabytes(unit: str) -> None:
    """A line without an end, of sentences or of one endless word, keeps its offsets; what is not read is told."""
    text = "Camp closed\n\n" + unit * (5_000_000 // len(unit))
    raw = [
        {"article_id": article_id(t), "paths": ["x"], "format": "txt", "encoding": "utf-8", "raw_text": t}
        for t in (text, "Anna Kell fled.")
    ]
    tables = staged({"raw_articles": conform("raw_articles", raw)}, max_characters=60_000)
    assert check_offsets(tables) > 0
    assert "too_long" in {issue["code"] for issue in tables["issues"]}
    assert any(row["article_id"] == article_id("Anna Kell fled.") for row in tables["sentences"])


def test_the_sample_corpus() -> None:
    """Every row of the articles that ship with Concord."""
    read, failed = read_corpus(ROOT / "corpus", ReadSettings())
    assert failed == 0
    assert check_offsets(staged(read)) > 1_000


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the saved articles beside the checkout are not here")
def test_saved_articles() -> None:
    """Every row of real saved articles."""
    read, _ = read_corpus(Path(SAMPLES), ReadSettings())
    assert check_offsets(staged(read)) > 300
