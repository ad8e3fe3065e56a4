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
        passage.doc.user_data.pop("name_spans", None)
        passage.doc.user_data.pop("name_probabilities", None)
        passage.doc.user_data.pop("name_certainty", None)
        passage.doc.ents = [
            span
            for start, end, label in spans
            if (span := passage.doc.char_span(start, end, label=label, alignment_mode="expand")) is not None
        ]
    return article


def judged(*paragraphs: str, sure: list[float]) -> Article:
    """As ``tagged``, with the network's probability of each entity in turn, and the certainty that goes with it."""
    article = tagged(*paragraphs)
    left = iter(sure)
    for passage in article.passages:
        given = [next(left) for _ in passage.doc.ents]
        passage.doc.user_data["name_spans"] = [(e.start, e.end) for e in passage.doc.ents]
        passage.doc.user_data["name_probabilities"] = given
        passage.doc.user_data["name_certainty"] = [
            "high" if p >= 0.95 else "medium" if p >= 0.8 else "low" for p in given
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
        (("They walked in [Vell National Park](FAC).",), "LOC"),
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
        (("They joined [ARDMOOR](ORG).",), "low"),
    ],
)
def test_confidence_needs_a_second_sign(paragraphs: tuple[str, ...], confidence: str) -> None:
    """A title, a repetition or a list agrees with the model: high. A single word in capitals: low."""
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
    assert {"honorific", "rank", "office", "modifier", "role", "group", "body", "anonymous"} == set(title_words())


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


@pytest.mark.parametrize(
    ("text", "words", "label"),
    [
        ("The ultra-[Orthodox](NORP) left.", "ultra-Orthodox", "NORP"),
        ("They toured sub-[Saharan Africa](LOC).", "sub-Saharan Africa", "LOC"),
        ("An anti-[American](NORP) march.", "American", "NORP"),
        ("The Southern [African](NORP) bloc met.", "Southern African", "NORP"),
        ("The southern [African](NORP) bloc met.", "African", "NORP"),
        ("Two Costa [Ricans](NORP) left.", "Costa Ricans", "NORP"),
        ("The [Vell Magistrate](PERSON)'s Court sat.", "Vell Magistrate's Court", "ORG"),
        ("The [Vell Teachers](ORG)' Union met.", "Vell Teachers' Union", "ORG"),
        ("The [Dovrin Women](ORG)'s Regional Hospital burned.", "Dovrin Women's Regional Hospital", "FAC"),
        ("The [Dovrin Women](ORG)'s march began.", "Dovrin Women", "ORG"),
        ("Then [Ardmoor](GPE)'s Court sat.", "Ardmoor", "GPE"),
        ("He died in the [Vell Nagar](GPE) prison.", "Vell Nagar prison", "FAC"),
        ("They met at [Vell Nagar](LOC) police station.", "Vell Nagar police station", "FAC"),
        ("He died in a [Vell Nagar](GPE) prison.", "Vell Nagar", "GPE"),
        ("He died in [Vell Nagar](GPE) prison.", "Vell Nagar", "GPE"),
        ("He died in the [Kenya](GPE) prison.", "Kenya", "GPE"),
        ("They shut the [Vell Nagar](GPE) prisons.", "Vell Nagar", "GPE"),
    ],
)
def test_a_name_is_widened_to_what_belongs_to_it(text: str, words: str, label: str) -> None:
    """Prefixes, capitalised directions, listed peoples, bodies behind a possessive, facilities behind a place."""
    (row,) = rows(text)
    assert (row["text"], row["label"]) == (words, label)


def test_a_capital_that_folds_to_two_letters_harms_nothing() -> None:
    """A dotted capital I matches a small i, but is not the same name."""
    made = rows("[Akin Ipek](PERSON) left.", "POLICE SEIZE AKIN İPEK FUNDS")
    assert "Akin Ipek" in [row["text"] for row in made]


def test_what_a_longer_name_covers_is_refused_with_a_reason() -> None:
    """No name is dropped in silence."""
    _, got = found("The [Vell Magistrate](PERSON)'s [Regional Court](ORG) sat.")
    assert [i["code"] for i in got.issues if "longer name" in i["message"]] == ["rejected_name"]


def test_what_a_widened_name_covers_is_no_second_row() -> None:
    """The model's own piece of the longer name goes."""
    made = rows("The [Vell Magistrate](PERSON)'s [Regional Court](ORG) sat.")
    assert [row["text"] for row in made] == ["Vell Magistrate's Regional Court"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("It cost [US](GPE)$4 million.", "part of an amount of money"),
        ("It cost 4 million [US](GPE) dollars.", "part of an amount of money"),
        ("It cost 40 [Hong Kong](GPE) dollars.", "part of an amount of money"),
        ("The [Crown Prince](PERSON) left.", "a title without a name"),
        ("They cheered [HRH](PERSON).", "a title without a name"),
        ("The [Amir](PERSON) left.", "behind an article"),
        ("The [Ministry](ORG) denied it.", "a common noun without a name"),
        ("The [Kingdom](GPE) denied it.", "a common noun without a name"),
        ("They signed an [MoU](ORG) there.", "a general abbreviation"),
        ("They died of [Covid-19](ORG).", "a disease"),
        ("The [K](NORP)-pop band left.", "a single letter"),
        ("They joined the [national assembly](ORG).", "a word in lower case"),
    ],
)
def test_what_newspapers_write_like_names_is_refused_with_its_reason(text: str, reason: str) -> None:
    """Amounts, bare titles and common nouns, abbreviations of no body, diseases, letters and lower case."""
    _, result = found(text)
    assert result.rows == []
    (issue,) = result.issues
    assert issue["code"] == "rejected_name"
    assert reason in issue["message"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The [US](GPE) dollar fell.", "US"),
        ("They asked the [Interior Ministry](ORG).", "Interior Ministry"),
        ("The [Reyes](PERSON) government fell.", "Reyes"),
        ("They cheered [Amir](PERSON).", "Amir"),
        ("Senator [Church](PERSON) said no.", "Church"),
        ("They left [X](ORG) in May.", "X"),
        ("They left the [Philippines](GPE) in May.", "Philippines"),
    ],
)
def test_what_only_looks_like_those_is_kept(text: str, words: str) -> None:
    """The dollar's country without an amount, a common noun with a name, a person before a noun."""
    (row,) = rows(text)
    assert (row["text"], row["label"] != "NORP") == (words, True)


@pytest.mark.parametrize(
    ("sure", "labels"),
    [
        ([0.9, 0.5, 0.5], ["ORG", "ORG", "ORG"]),
        ([0.5, 0.9, 0.9], ["GPE", "GPE", "GPE"]),
        ([0.9, 0.6, 0.6], ["ORG", "ORG", "ORG"]),
    ],
)
def test_names_vote_with_their_squared_probability(sure: list[float], labels: list[str]) -> None:
    """One occurrence of which the network is sure outweighs two of which it is not."""
    article = judged("[Ardmoor](ORG) wept.", "[Ardmoor](GPE) fell.", "[Ardmoor](GPE) burned.", sure=sure)
    assert [row["label"] for row in find_mentions(article, ExtractSettings()).rows] == labels


def test_other_names_have_no_vote() -> None:
    """A sure name changes no other string, be it part of it."""
    article = judged("[Ardmoor](ORG) wept.", "[Old Ardmoor](GPE) fell.", sure=[0.99, 0.5])
    assert [row["label"] for row in find_mentions(article, ExtractSettings()).rows] == ["ORG", "GPE"]


@pytest.mark.parametrize(
    ("paragraphs", "sure", "kept"),
    [
        (("[Ardmoor](ORG) wept.",), [0.25], 0),
        (("[Ardmoor](ORG) wept.",), [0.35], 1),
        (("[Ardmoor](FAC) burned.",), [0.45], 0),
        (("[Ardmoor](GPE) wept.",), [0.25], 1),
        (("Gen. [Reyes](PERSON) wept.",), [0.25], 1),
        (("[Vell Bank](ORG) wept.",), [0.25], 1),
        (("[Ardmoor](ORG) wept.", "[Ardmoor](ORG) fell."), [0.9, 0.25], 2),
    ],
)
def test_what_the_network_is_hardly_sure_of_is_refused(
    paragraphs: tuple[str, ...], sure: list[float], kept: int
) -> None:
    """Unless a title, the word lists or a surer occurrence in the article speak for it."""
    result = find_mentions(judged(*paragraphs, sure=sure), ExtractSettings())
    assert len(result.rows) == kept
    assert all("hardly sure" in issue["message"] for issue in result.issues)
    assert len(result.rows) + len(result.issues) == len(paragraphs)


@pytest.mark.parametrize(
    ("paragraphs", "sure", "confidence"),
    [
        (("[Omar Reyes](PERSON) spoke.",), [0.97], "high"),
        (("[Omar Reyes](PERSON) spoke.",), [0.85], "medium"),
        (("[Omar Reyes](PERSON) spoke.",), [0.5], "low"),
        (("Gen. [Omar Reyes](PERSON) spoke.",), [0.85], "high"),
        (("They left [Kenya](GPE).",), [0.85], "high"),
        (("Gen. [Omar Reyes](PERSON) spoke.",), [0.5], "medium"),
        (("[Omar Reyes](PERSON) spoke.", "[Omar Reyes](PERSON) left."), [0.5, 0.5], "medium"),
        (("[Omar Reyes](PERSON) spoke.", "[Omar Reyes](PERSON) left."), [0.85, 0.85], "medium"),
        (("[Ardmoor](GPE) wept.", "[Ardmoor](ORG) fell."), [0.85, 0.99], "low"),
        (("COURT FREES [OMAR REYES](PERSON)",), [0.99], "medium"),
    ],
)
def test_confidence_is_the_networks_certainty_and_a_second_sign(
    paragraphs: tuple[str, ...], sure: list[float], confidence: str
) -> None:
    """High: certain, or nearly so and agreed; low: uncertain and alone, or overruled."""
    article = judged(*paragraphs, sure=sure)
    assert find_mentions(article, ExtractSettings()).rows[0]["confidence"] == confidence


@pytest.mark.parametrize(
    ("words", "short", "label"),
    [
        ("[Bank of Arland](ORG)", "BA", "ORG"),
        ("[Democratic Republic of Arland](GPE)", "DRA", "GPE"),
        ("[Bank of Arland](ORG)", "TA", "PERSON"),
    ],
)
def test_an_abbreviation_behind_its_words_has_their_label(words: str, short: str, label: str) -> None:
    """There and wherever the article has it."""
    made = rows(f"The {words} ([{short}](PERSON)) spoke.", f"Then [{short}](PERSON) left.")
    assert [row["label"] for row in made[1:]] == [label, label]


def test_only_persons_are_repeated_where_the_model_has_no_name() -> None:
    """Of other names that it left out it was mostly right to do so."""
    assert [row["text"] for row in rows("[Dale Motors](ORG) closed.", "The Dale Motors sign fell.")] == ["Dale Motors"]


@pytest.mark.parametrize(
    ("again", "count"), [("Farms need the Reyes for water.", 1), ("Farms need Reyes for advice.", 2)]
)
def test_no_person_is_repeated_behind_the(again: str, count: int) -> None:
    """A river or a bank that shares a surname is not the person."""
    assert len(rows("[Omar Reyes](PERSON) spoke.", again)) == count
