"""Names: spans, labels, titles, roles, refusals. The model's own entities are set by hand, so that rules are tested."""

from __future__ import annotations

import dataclasses
import itertools
import re
from typing import TYPE_CHECKING, Any

import pytest

from pipeline.extract.mentions import LABELS, demonyms, find_mentions, name_heads, places, title_words
from pipeline.schema import MENTION_LABELS
from pipeline.settings import ExtractSettings
from tests.factories import make_article

if TYPE_CHECKING:
    from pipeline.nlp.passages import Article, Found


def tagged(*paragraphs: str) -> Article:
    """An article whose entities are those in the text, written "[words](LABEL)", and no others."""
    plain: list[str] = []
    entities: list[list[tuple[int, int, str]]] = []
    for paragraph in paragraphs:
        text, spans, last = "", [], 0
        for match in re.finditer(r"\[([^\]]+)\]\(([A-Z_]+)\)", paragraph):
            text += paragraph[last : match.start()]
            spans.append((len(text), len(text) + len(match[1]), match[2]))
            text, last = text + match[1], match.end()
        plain.append(text + paragraph[last:])
        entities.append(spans)
    article = make_article(*plain)
    for passage, spans in zip(article.passages, entities, strict=True):
        passage.doc.ents = [
            span
            for start, end, label in spans
            if (span := passage.doc.char_span(start, end, label=label, alignment_mode="expand")) is not None
        ]
    return article


def found(*paragraphs: str) -> tuple[str, Found]:
    article = tagged(*paragraphs)
    return article.clean_text, find_mentions(article, ExtractSettings())


def rows(*paragraphs: str) -> list[dict[str, Any]]:
    text, result = found(*paragraphs)
    return [{**row, "text": text[row["start"] : row["end"]]} for row in result.rows]


@pytest.mark.parametrize(
    ("text", "words", "title"),
    [
        ("[Gen. Omar Reyes](PERSON) spoke.", "Omar Reyes", "Gen."),
        ("Gen. [Omar Reyes](PERSON) spoke.", "Omar Reyes", "Gen."),
        ("Foreign Minister [Omar Reyes](PERSON) spoke.", "Omar Reyes", "Foreign Minister"),
        ("[Foreign Minister Omar Reyes](PERSON) spoke.", "Omar Reyes", "Foreign Minister"),
        ("Deputy Prime Minister [Omar Reyes](PERSON) spoke.", "Omar Reyes", "Deputy Prime Minister"),
        ("Secretary of State [Omar Reyes](PERSON) spoke.", "Omar Reyes", "Secretary of State"),
        ("[Mr Reyes](PERSON) spoke.", "Reyes", "Mr"),
        ("[Omar Reyes's](PERSON) house burned.", "Omar Reyes", None),
        ("[Omar Reyes’](PERSON) house burned.", "Omar Reyes", None),
        ("[“Omar Reyes](PERSON)” spoke.", "Omar Reyes", None),
        ("[Omar Reyes (2L](PERSON) spoke.", "Omar Reyes", None),
        ("[the Morning Post](ORG) said so.", "Morning Post", None),
        ("[The Morning Post,](ORG) which said so.", "Morning Post", None),
        ("[Amid Reyes](PERSON) unrest grew.", "Reyes", None),
        ("He left the [U.S.](GPE) on Monday.", "U.S.", None),
        ("He joined [Dale Motors Inc.](ORG) in May.", "Dale Motors Inc.", None),
        ("The officer wept. [Omar Reyes](PERSON) spoke.", "Omar Reyes", None),
    ],
)
def test_the_span_is_the_bare_name(text: str, words: str, title: str | None) -> None:
    """Titles, articles, possessives, quotation marks, brackets and stray stops are not part of a name."""
    (row,) = rows(text)
    assert (row["text"], row["name"], row["title"]) == (words, words, title)


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("[Omar Reyes](PERSON), head of the river police, spoke.", "head of the river police"),
        ("[Omar Reyes](PERSON), 41, a lawyer for the families, spoke.", "lawyer for the families"),
        ("They called village founder [Omar Reyes](PERSON) yesterday.", "village founder"),
        ("[Omar Reyes](PERSON), however, spoke.", None),
        ("[Omar Reyes](PERSON) and his wife spoke.", None),
        ("[Omar Reyes](PERSON), who is a lawyer, spoke.", None),
        ("In the valley [Omar Reyes](PERSON) spoke.", None),
    ],
)
def test_the_role_stands_beside_the_name(text: str, role: str | None) -> None:
    """A role is taken only from an apposition or from the nouns right before the name."""
    (row,) = [row for row in rows(text) if row["label"] == "PERSON"]
    assert row["role"] == role


@pytest.mark.parametrize(
    ("given", "label"),
    [
        ("PER", "PERSON"),
        ("PERSON", "PERSON"),
        ("LOC", "LOC"),
        ("GPE", "GPE"),
        ("ORG", "ORG"),
        ("FAC", "FAC"),
        ("EVENT", "EVENT"),
    ],
)
def test_labels_of_other_pipelines_are_understood(given: str, label: str) -> None:
    """Four-label and eighteen-label pipelines give rows with our labels."""
    (row,) = rows("They spoke of [Ardmoor](given) at length.".replace("given", given))
    assert row["label"] == label


def test_every_label_we_give_is_declared() -> None:
    """The label map and the word lists know no other labels than the contract's."""
    assert {*LABELS.values(), *name_heads().values(), *places().values()} <= set(MENTION_LABELS)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("They met on [Monday](ORG).", "rejected_name"),
        ("They met in [May 2017](ORG).", "rejected_name"),
        ("There were [40](ORG) of them.", "rejected_name"),
        ("They wrote [#StopTheDam](ORG) on it.", "rejected_name"),
        ("See [www.dam.org](ORG) for more.", "rejected_name"),
        ("Then [They](PERSON) left.", "rejected_name"),
        ("Then [Mr.](PERSON) left.", "rejected_name"),
        ("They spoke of [Ardmoor](MISC) at length.", "rejected_name"),
    ],
)
def test_what_is_no_name_is_refused_and_said_so(text: str, code: str) -> None:
    """Days, months, numbers, hashtags, addresses, pronouns and bare titles give an issue, not a row."""
    _, result = found(text)
    assert result.rows == []
    (issue,) = result.issues
    assert (issue["code"], issue["severity"]) == (code, "info")


@pytest.mark.parametrize("label", ["DATE", "CARDINAL", "MONEY", "TIME"])
def test_numbers_and_dates_of_the_model_are_ignored(label: str) -> None:
    """What the model calls a date or number is no name, and nothing to report."""
    _, result = found(f"They came in [early May]({label}).")
    assert (result.rows, result.issues) == ([], [])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The Chechen leader spoke.", "Chechen"),
        ("Two Russians were held.", "Russians"),
        ("The [Kenyan](GPE) team won.", "Kenyan"),
        ("The [Kenyan](MISC) team won.", "Kenyan"),
        ("South Korean troops left.", "South Korean"),
    ],
)
def test_words_for_peoples_are_norp(text: str, words: str) -> None:
    """Nationalities, peoples and creeds are NORP, whatever the model says of them, or if it says nothing."""
    (row,) = rows(text)
    assert (row["text"], row["label"], row["confidence"]) == (words, "NORP", "high")


def test_a_nationality_inside_a_longer_name_stays_there() -> None:
    """No row lies inside another."""
    assert [row["text"] for row in rows("The [Russian Harbour Union](ORG) met.")] == ["Russian Harbour Union"]


@pytest.mark.parametrize(
    ("second", "texts"),
    [
        ("Later Omar Reyes left.", ["Omar Reyes", "Omar Reyes"]),
        ("Later Reyes left.", ["Omar Reyes", "Reyes"]),
        ("Later omar reyes left.", ["Omar Reyes"]),
        ("Later Omar Reyesson left.", ["Omar Reyes"]),
    ],
)
def test_exact_repeats_of_a_full_name_are_found(second: str, texts: list[str]) -> None:
    """A full name, or its last word, in the same case is the same name where the model missed it."""
    made = rows("[Omar Reyes](PERSON) spoke.", second)
    assert [row["text"] for row in made] == texts
    assert [row["rule"] for row in made[1:]] == ["repeat"] * (len(texts) - 1)


def test_a_heading_in_capitals_takes_names_from_the_text() -> None:
    """In a line of capitals, names are those that the article writes out elsewhere."""
    made = rows("COURT FREES OMAR REYES", "[Omar Reyes](PERSON) spoke.")
    assert [(row["text"], row["rule"], row["confidence"]) for row in made] == [
        ("OMAR REYES", "heading", "low"),
        ("Omar Reyes", "model", "medium"),
    ]


@pytest.mark.parametrize(
    ("paragraphs", "label"),
    [
        (("[Omar Reyes](PERSON) spoke.", "Then [Reyes](GPE) left."), "PERSON"),
        (("The [Ardmoor Embassy](WORK_OF_ART) was shut.",), "ORG"),
        (("They left [Kenya](PERSON) in May.",), "GPE"),
        (("[Ardmoor](GPE) fell.", "[Ardmoor](GPE) burned.", "[Ardmoor](GPE) wept.", "[Ardmoor](ORG) is lost."), "GPE"),
    ],
)
def test_other_signs_settle_the_label(paragraphs: tuple[str, ...], label: str) -> None:
    """A full name in the article, the word a name ends in, a list of countries, or most other occurrences decide."""
    assert rows(*paragraphs)[-1]["label"] == label


@pytest.mark.parametrize(
    ("paragraphs", "confidence"),
    [
        (("[Omar Reyes](PERSON) spoke.",), "medium"),
        (("Gen. [Omar Reyes](PERSON) spoke.",), "high"),
        (("[Omar Reyes](PERSON) spoke.", "[Omar Reyes](PERSON) left."), "high"),
        (("They left [Kenya](GPE).",), "high"),
        (("They joined [ardmoor](ORG).",), "low"),
        (("They joined [ARDMOOR](ORG).",), "low"),
    ],
)
def test_confidence_needs_a_second_sign(paragraphs: tuple[str, ...], confidence: str) -> None:
    """A title, a repetition or a list agrees with the model: high. A single word of odd case: low."""
    assert rows(*paragraphs)[0]["confidence"] == confidence


def test_every_span_is_a_clean_name_and_no_two_rows_touch() -> None:
    """Spans hold the words, end in no stray mark, have no line break, do not overlap; ids are unique."""
    text, result = found(
        "[Gen. Omar Reyes,](PERSON) head of [the Harbour Union](ORG), spoke in [Ardmoor's](GPE) square.",
        "“[Reyes](PERSON) lied,” said [Mr Tom Dale](PERSON) of [the U.S.](GPE) and two Kenyans.",
    )
    spans = [(row["start"], row["end"]) for row in result.rows]
    assert len({row["mention_id"] for row in result.rows}) == len(spans) >= 7
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))
    for row in result.rows:
        words = text[row["start"] : row["end"]]
        assert words == words.strip()
        assert "\n" not in words
        assert words[0].isalnum()
        assert words[-1].isalnum() or words == "U.S."
        assert row["confidence"] in {"high", "medium", "low"}


def test_word_lists_hold_what_they_promise() -> None:
    """Plurals of demonyms are understood; titles are in lower case; no list is empty."""
    assert {"Chechen", "Chechens", "French", "Iraqis"} <= demonyms()
    assert "Frenchs" not in demonyms()
    assert all(word == word.lower() for words in title_words().values() for word in words)
    assert {"honorific", "rank", "office", "modifier", "role", "group", "anonymous"} == set(title_words())


@pytest.mark.parametrize(
    ("second", "names"),
    [
        ("The singer Tarek [Bolon](PERSON) left Dovrin.", ["Tarek Bolon", "Tarek Bolon"]),
        ("The singer [Tarek](PERSON) Bolon left Dovrin.", ["Tarek Bolon", "Tarek Bolon"]),
        ("The singer Omar [Bolon](PERSON) left Dovrin.", ["Tarek Bolon", "Bolon"]),
        ("The singer Tarek [Bolon](GPE) left Dovrin.", ["Tarek Bolon", "Bolon"]),
    ],
)
def test_one_end_of_a_full_name_is_widened_to_the_whole(second: str, names: list[str]) -> None:
    """Where the article gives the full name elsewhere and the same words stand here."""
    made = rows("[Tarek Bolon](PERSON) sang.", second)
    assert [row["name"] for row in made] == names


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("DOVRIN, Orsania, Aug. 29 (KPA) -", {"DOVRIN": "GPE"}),
        (
            "[DOVRIN](ORG), [Orsania](PERSON), Aug. 29 ([KPA](PERSON)) -",
            {"DOVRIN": "GPE", "Orsania": "GPE", "KPA": "ORG"},
        ),
    ],
)
def test_a_dateline_names_places_and_an_agency(text: str, labels: dict[str, str]) -> None:
    """Whatever the model made of its capitals: places before the bracket, the agency in it."""
    article = tagged(text)
    [passage] = article.passages
    article = dataclasses.replace(article, passages=(dataclasses.replace(passage, zone="dateline"),))
    made = find_mentions(article, ExtractSettings()).rows
    assert {row["name"]: row["label"] for row in made} == labels


def test_a_station_is_no_person_and_lends_no_surname() -> None:
    """A "Radio Dovrin" is an organisation whatever the model says, so that the town of Dovrin is not its surname."""
    made = {row["name"]: row["label"] for row in rows("[Radio Dovrin](PERSON) said so.", "The town of Dovrin slept.")}
    assert made == {"Radio Dovrin": "ORG"}
