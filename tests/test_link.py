"""Linking: who joins whom, who stays apart, and what the tables say about it.

Articles are written with their mentions marked: ``[LABEL:name]``, ``[LABEL:title:name]`` or
``[LABEL:title:name:role]``. All people and bodies are invented.
"""

from __future__ import annotations

import datetime as dt
import random
import re
from typing import Any

import pyarrow as pa
import pytest
from babel import Locale

from pipeline.ids import article_id, content_id
from pipeline.link import link
from pipeline.link.names import edits, fold, initials, is_acronym, is_state, near, read
from pipeline.schema import MEMORY, check, conform
from pipeline.settings import LinkSettings

MARK = re.compile(r"\[([A-Z_]+):(?:([^\]:]*):)?([^\]:]+)(?::([^\]:]*))?\]")


def make_tables(*articles: str, **columns: list[Any]) -> dict[str, pa.Table]:
    """Tables of marked-up ``articles``; ``columns`` of the articles table hold one value per article."""
    rows: dict[str, list[dict[str, Any]]] = {"articles": [], "mentions": [], "quotes": [], "quantities": []}
    for number, marked in enumerate(articles):
        text, spans, last = "", [], 0
        for found in MARK.finditer(marked):
            text += marked[last : found.start()]
            spans.append((len(text), len(text) + len(found[3]), found))
            text, last = text + found[3], found.end()
        text += marked[last:]
        article = article_id(text)
        given = {name: values[number] for name, values in columns.items()}
        rows["articles"].append({"article_id": article, "raw_text": text, "clean_text": text, **given})
        for start, end, found in spans:
            row = {"mention_id": content_id("m", article, start, end), "article_id": article}
            row |= {"start": start, "end": end, "raw_start": start, "raw_end": end, "text": found[3]}
            row |= {"label": found[1], "title": found[2] or None, "name": found[3], "role": found[4]}
            rows["mentions"].append(row)
    return {name: conform(name, table) for name, table in rows.items()}


def linked(*articles: str, settings: LinkSettings | None = None, **columns: list[Any]) -> dict[str, pa.Table]:
    """What linking makes of ``articles``, checked against the contract of the tables."""
    tables = make_tables(*articles, **columns)
    made = link(tables, settings or LinkSettings())
    assert list(made) == ["mentions", "quotes", "quantities", "entities", "links", "issues", *MEMORY]
    for name, table in made.items():
        check(name, table)
    return made


def clusters(made: dict[str, pa.Table]) -> set[frozenset[str]]:
    """The names that share an entity; a name that stands in several entities is in several sets."""
    found: dict[str, set[str]] = {}
    for row in made["mentions"].to_pylist():
        found.setdefault(row["entity_id"], set()).add(row["name"])
    return {frozenset(names) for names in found.values()}


def entity(made: dict[str, pa.Table], name: str) -> dict[str, Any]:
    """The one entity of this name."""
    (row,) = [row for row in made["entities"].to_pylist() if row["name"] == name]
    return dict(row)


def judged(made: dict[str, pa.Table], rule: str) -> list[tuple[str, str]]:
    """Level and judgement of the links that ``rule`` made, sorted."""
    return sorted((r["level"], r["judgement"]) for r in made["links"].to_pylist() if r["rule"] == rule)


def name_of(name: str, kind: str = "person") -> Any:
    found = read(name, kind)
    assert found
    return found


# --- names ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("left", "right", "kind", "same"),
    [
        ("José Peña", "JOSE PENA", "person", True),
        ("Juana Reyes’s", "Juana Reyes", "person", True),
        ("J.K. Ferro", "J. K. Ferro", "person", True),
        ("Jean-Luc Ferro", "Jean Luc Ferro", "person", True),
        ("Juana Reyes", "Juan Reyes", "person", False),
        ("the Rivers Network", "Rivers  Network", "organisation", True),
        ("U.N.", "UN", "organisation", True),
        ("Labour Organisation", "Labor Organization", "organisation", True),
        ("Tidal Co-operation Office", "Tidal Cooperation Office", "organisation", True),
        ("Defence Act", "Defense Act", "law", True),
        ("US Tide Office", "United States Tide Office", "organisation", True),
        ("Workers' Union", "Workers Union", "organisation", True),
        ("Ferro & Sons", "Ferro and Sons", "organisation", True),
        ("Kestrel Inc.", "Kestrel", "organisation", True),
        ("Kestrel Motor Corporation", "Kestrel Motor", "organisation", True),
        ("Kestrel Corporation", "Kestrel", "organisation", False),
        ("Inc", "Ltd", "organisation", False),
        ("Northern Rivers Network (NRN)", "Northern Rivers Network", "organisation", True),
        ("EU", "the European Union", "organisation", True),
        ("Eu", "European Union", "organisation", False),
        ("Médecins Sans Frontières", "Doctors Without Borders", "organisation", True),
        ("UN Rivers Office", "United Nations Rivers Office", "organisation", True),
        ("UNHCR", "the UN refugee agency", "organisation", True),
        ("EU", "European Union", "place", False),
        ("Islamic State", "ISIL", "organisation", True),
        ("Sheikh Rivers", "Rivers", "person", False),
        ("U.S.", "United States", "place", True),
        ("the US", "United States of America", "place", True),
        ("Burma", "Myanmar", "place", True),
        ("Niger", "Nigeria", "place", False),
        ("Georgia", "georgia", "place", True),
        ("Rohingyas", "Rohingya", "group", True),
        ("Swiss", "Swis", "group", False),
    ],
)
def test_key(left: str, right: str, kind: str, same: bool) -> None:
    """Two written forms have one key if they differ in case, accents, marks, legal form, or a state's other name."""
    assert (name_of(left, kind).key == name_of(right, kind).key) is same


@pytest.mark.parametrize(
    ("name", "kind", "travels"),
    [
        ("Juana Reyes", "person", True),
        ("Reyes", "person", False),
        ("al-Reyes", "person", False),
        ("de la Reyes", "person", False),
        ("Jean-Luc", "person", False),
        ("J. Reyes", "person", False),
        ("J.K. Reyes", "person", False),
        ("Reyes Jr.", "person", False),
        ("Kestrel", "organisation", True),
        ("Foreign Ministry", "organisation", False),
        ("the Network", "organisation", False),
        ("Rivers Network", "organisation", True),
        ("Northern Province", "place", False),
        ("Karlow Province", "place", True),
        ("Article 19", "law", False),
        ("Karlow Treaty", "law", True),
    ],
)
def test_only_full_names_travel(name: str, kind: str, travels: bool) -> None:
    """A bare surname, or a name made of everyday words, never joins the same words in another article."""
    assert name_of(name, kind).travels is travels


def test_folding_drops_what_is_not_the_name() -> None:
    """Quote marks, brackets and the article go; digits and other scripts stay."""
    assert fold("“The Łódź–Karlow Line 4”") == "lodz karlow line 4"
    assert fold("Ивана") == "ивана"
    assert read("—", "person") is None


def test_acronyms() -> None:
    """An acronym is one word of capitals; a name makes one with and without its small words."""
    assert [s for s in ("NRN", "N.R.N.", "MoH", "Karlow", "N", "NORTHERNMOST", "N R") if is_acronym(s)] == [
        "NRN",
        "N.R.N.",
        "MoH",
    ]
    assert initials("bureau of the harbours") == {"both", "bh"}
    assert initials("kestrel") == frozenset()


@pytest.mark.parametrize(
    ("left", "right", "distance"),
    [
        ("karimov", "karimow", 1),
        ("karimov", "karmiov", 1),
        ("karimov", "kerimow", None),
        ("mohammadov", "muhamadov", 2),
        ("reyes", "reyez", 1),
        ("karimov", "karimovs", None),
        ("lee", "lea", None),
        ("karimov", "karimov", None),
        ("article5", "article6", None),
    ],
)
def test_near_spelling(left: str, right: str, distance: int | None) -> None:
    """One edit in a word of 5 letters or more, two from 8 on; short words and digits are never near."""
    assert near(left, right) == near(right, left) == distance


def test_edits_stops_early() -> None:
    """Beyond the limit there is no distance."""
    assert edits("abcdef", "uvwxyz", 2) is None
    assert edits("", "ab", 2) == 2


# --- within an article ---------------------------------------------------------------------------------------
APART: list[str] = []


@pytest.mark.parametrize(
    ("article", "together"),
    [
        # exact
        ("[PERSON:Juana Reyes] and [PERSON:JUANA REYES]", ["Juana Reyes", "JUANA REYES"]),
        ("[GPE:Karlow] and [LOC:Karlow] and [FAC:Karlow’s]", ["Karlow", "Karlow’s"]),
        # surname
        ("[PERSON:Juana Reyes], then [PERSON:Reyes]", ["Juana Reyes", "Reyes"]),
        ("[PERSON:Reyes], then [PERSON:Juana Reyes]", ["Juana Reyes", "Reyes"]),
        ("[PERSON:Juana Reyes], then [PERSON:Ms:Reyes]", ["Juana Reyes", "Reyes"]),
        ("[PERSON:Omar al-Ferro], then [PERSON:al-Ferro] and [PERSON:Ferro]", ["Omar al-Ferro", "al-Ferro", "Ferro"]),
        ("[PERSON:Ana Sol Ferro], [PERSON:Sol Ferro], [PERSON:Ferro]", ["Ana Sol Ferro", "Sol Ferro", "Ferro"]),
        ("[PERSON:Juan Reyes Jr.], then [PERSON:Reyes]", ["Juan Reyes Jr.", "Reyes"]),
        ("[PERSON:Juan Reyes], [PERSON:Ana Reyes], [PERSON:Reyes]", APART),
        ("[PERSON:Juan Reyes], [PERSON:Juan Reyes Jr.]", APART),
        ("[PERSON:Ali Omar al-Ferro], then [PERSON:Omar al-Ferro]", APART),
        ("[PERSON:Juana Reyes], then [ORG:Reyes]", APART),
        ("[PERSON:Karl Low], then [GPE:Low]", APART),
        # given name
        ("[PERSON:Juana Reyes], then [PERSON:Juana]", ["Juana Reyes", "Juana"]),
        ("[PERSON:Juana Reyes], [PERSON:Juana Ferro], [PERSON:Juana]", APART),
        ("[PERSON:Juana Reyes], [PERSON:Rosa Juana], [PERSON:Juana]", APART),
        # the further family name left out
        ("[PERSON:Ana Sol Ferro], then [PERSON:Ana Sol]", ["Ana Sol Ferro", "Ana Sol"]),
        ("[PERSON:Ana Sol Ferro], [PERSON:Ana Sol Reyes], then [PERSON:Ana Sol]", APART),
        # initials and middle names
        ("[PERSON:Juana Reyes], then [PERSON:J. Reyes]", ["Juana Reyes", "J. Reyes"]),
        ("[PERSON:Juana M. Reyes], then [PERSON:Juana Reyes]", ["Juana M. Reyes", "Juana Reyes"]),
        ("[PERSON:Juana Maria Reyes], then [PERSON:Juana M. Reyes]", ["Juana Maria Reyes", "Juana M. Reyes"]),
        ("[PERSON:Juana Reyes], [PERSON:Jorge Reyes], [PERSON:J. Reyes]", APART),
        ("[PERSON:Juana M. Reyes], [PERSON:Juana T. Reyes]", APART),
        ("[PERSON:Juana M. Reyes], [PERSON:Juana T. Reyes], [PERSON:Juana Reyes]", APART),
        # titles that differ in gender
        ("[PERSON:Mr:Juan Reyes], then [PERSON:Mrs:Reyes]", APART),
        # acronyms
        ("the [ORG:Northern Rivers Network] ([ORG:NRN])", ["Northern Rivers Network", "NRN"]),
        ("the [ORG:Northern Rivers Network] (“[ORG:NRN]”)", ["Northern Rivers Network", "NRN"]),
        ("the [ORG:Northern Rivers Network] (NRN). Later [GPE:NRN]", ["Northern Rivers Network", "NRN"]),
        (
            "the [ORG:Northern Rivers Network (NRN)] and [ORG:NRN]",
            ["Northern Rivers Network (NRN)", "NRN"],
        ),
        ("the [ORG:Karlow Workers’ Party] ([ORG:KRP])", ["Karlow Workers’ Party", "KRP"]),
        ("the [ORG:Karlow Workers’ Party] ([ORG:XRP])", ["Karlow Workers’ Party", "XRP"]),
        ("the [ORG:Karlow Workers’ Party] ([ORG:AFP])", APART),
        ("in [GPE:New Karlow] ([FAC:XRP])", APART),
        ("the [ORG:Northern Rivers Network] and the [ORG:NRN]", ["Northern Rivers Network", "NRN"]),
        ("the [ORG:Bureau of Harbours] and the [ORG:B.H.]", ["Bureau of Harbours", "B.H."]),
        ("the [ORG:Northern Rivers Network], [ORG:National Radio News], [ORG:NRN]", APART),
        ("the [PERSON:Northern Rivers Network], [ORG:NRN]", APART),
        # head words
        ("the [ORG:Northern Rivers Network] and the [ORG:Network]", ["Northern Rivers Network", "Network"]),
        ("[ORG:Northern Rivers Network], [ORG:Harbour Network], [ORG:Network]", APART),
        ("the [ORG:Ministry of Tides] and the [ORG:Ministry]", ["Ministry of Tides", "Ministry"]),
        ("the [ORG:Voices of Harbour France] and [ORG:France]", APART),
        ("the [ORG:Rivers Team France] and [ORG:France]", APART),
        ("the [ORG:Committee on Harbour] and [ORG:Harbour]", APART),
        ("the [ORG:Harbour Relief Fund] and [ORG:Harbour]", APART),
        ("the [ORG:Kestrel Corporation] and [ORG:Kestrel]", ["Kestrel Corporation", "Kestrel"]),
        ("[ORG:Kestrel Group], [ORG:Kestrel Holding] and [ORG:Kestrel]", APART),
        ("the [ORG:Harbour Party] and [ORG:Harbour]", ["Harbour Party", "Harbour"]),
        ("[GPE:Karlow village] and [GPE:Karlow]", ["Karlow village", "Karlow"]),
        ("[LOC:North Island] and the [LOC:North]", APART),
        # a firm's first word taken for a person
        ("[ORG:Kestrel Motor Company] and [PERSON:Kestrel]", ["Kestrel Motor Company", "Kestrel"]),
        ("[ORG:Kestrel Motor Company] and [PERSON:Mr:Kestrel]", APART),
        ("[ORG:Kestrel Motor Company] and [PERSON:Kestrel::its founder]", APART),
        ("[ORG:Kestrel Motor Company] and [PERSON:Kestrel], [PERSON:Karla Ann Kestrel], [PERSON:Ivo Kestrel]", APART),
        # a body that every country has
        (
            "the [ORG:Russian Interior Ministry] and the [ORG:Interior Ministry]",
            ["Russian Interior Ministry", "Interior Ministry"],
        ),
        (
            "the [ORG:Interior Ministry of Russia], the [ORG:Interior Ministry]",
            ["Interior Ministry of Russia", "Interior Ministry"],
        ),
        (
            "the [ORG:Russian Interior Ministry], the [ORG:Iraqi Interior Ministry] and the [ORG:Interior Ministry]",
            APART,
        ),
        ("the [ORG:Russian Interior Ministry] and the [ORG:Justice Ministry]", APART),
        ("the [ORG:Russian Rivers Network] and the [ORG:Rivers Network]", ["Russian Rivers Network", "Rivers Network"]),
        ("the [ORG:Rivers Network] and the [ORG:Russian Rivers Network]", APART),
        ("[GPE:Russia] is the [ORG:Russian Federation]", ["Russia", "Russian Federation"]),
        # states, companies
        ("[GPE:the United States] and the [GPE:U.S.]", ["the United States", "U.S."]),
        ("[ORG:Kestrel Inc.] and [ORG:Kestrel]", ["Kestrel Inc.", "Kestrel"]),
        # peoples are no places
        ("[NORP:Karlow] and [GPE:Karlow], [GPE:Karlow], [GPE:Karlow]", ["Karlow"]),
        ("[NORP:Rohingya] and [NORP:Rohingyas]", ["Rohingya", "Rohingyas"]),
        # spellings
        ("[PERSON:Ivan Karimov] and [PERSON:Ivan Karimow]", ["Ivan Karimov", "Ivan Karimow"]),
        ("[PERSON:Ivan Karimov] and [PERSON:Ivan Karinov]", APART),
        ("[PERSON:Ivan Karimov] and [PERSON:Karimow]", ["Ivan Karimov", "Karimow"]),
        ("[PERSON:Mr:Ivan Karimov] and [PERSON:Mrs:Karimow]", APART),
        ("[PERSON:lawyer:Ivan Karimov] and [PERSON:Minister:Karimow]", APART),
        ("[PERSON:Ivan Karimov], [PERSON:Olga Karimoff] and [PERSON:Karimow]", APART),
        # slips of the pen in a surname
        ("[PERSON:Ivan Karimov] and [PERSON:Karinov]", ["Ivan Karimov", "Karinov"]),
        ("[PERSON:Ivan Karimov], [PERSON:Olga Karinof] and [PERSON:Karinov]", APART),
        ("[PERSON:Mr:Ivan Karimov] and [PERSON:Mrs:Karinov]", APART),
        ("[PERSON:lawyer:Ivan Karimov] and [PERSON:Minister:Karinov]", APART),
        ("[PERSON:Ivan Karimov] and [PERSON:Karimova]", APART),
        ("[PERSON:Ivan Moor] and [PERSON:Moon]", APART),
    ],
)
def test_within_an_article(article: str, together: list[str]) -> None:
    """Names join the one fuller name they can stand for; with none, or more than one, they stay apart."""
    found = clusters(linked(article))
    if together:
        assert found == {frozenset(together)}
    else:
        assert all(len(names) == 1 for names in found), found


@pytest.mark.parametrize(
    ("article", "expected"),
    [
        ("[ORG:Harbour Watch], [ORG:Harbour Watch], [PERSON:Harbour Watch]", {"ORG": 3}),
        ("[ORG:Harbour Watch], [PERSON:Harbour Watch]", {"ORG": 1, "PERSON": 1}),
        ("[GPE:Karlow], [GPE:Karlow], [PERSON:Karlow]", {"GPE": 2, "PERSON": 1}),
        ("[GPE:Karlow], [GPE:Karlow], [GPE:Karlow], [PERSON:Karlow]", {"GPE": 4}),
        (
            "[GPE:Karlow], [GPE:Karlow], [GPE:Karlow], [PERSON:Karlow], [PERSON:Rosa Karlow]",
            {"GPE": 3, "PERSON": 2},
        ),
        ("[GPE:Karlow], [GPE:Karlow], [GPE:Karlow], [NORP:Karlow]", {"GPE": 3, "NORP": 1}),
    ],
)
def test_label_noise(article: str, expected: dict[str, int]) -> None:
    """A string takes the label most of its mentions have where the odd label is plainly a slip."""
    made = linked(article)
    assert {r["label"]: r["n_mentions"] for r in made["entities"].to_pylist()} == expected
    assert judged(made, "label_noise") == [("within_article", "positive")] * (len(expected) == 1)


@pytest.mark.parametrize(
    ("words", "joined"),
    [
        # before a noun or another name
        ("[NORP:Russian] officials came", True),
        ("the [NORP:Russian] Foreign Minister", True),
        ("the “[NORP:Russian] world”", True),
        ("[NORP:Russian], Chinese and Iranian diplomats", True),
        ("[NORP:Russian] or US governments", True),
        ("a [NORP:Russian]-backed rebel", True),
        # what something is said to be
        ("the firm is [NORP:Russian].", True),
        ("it was not [NORP:Russian], he said", True),
        # people
        ("[NORP:Russians] came", False),
        ("the [NORP:Russian] said", False),
        ("a [NORP:Russian] who came", False),
        ("a [NORP:Russian].", False),
        ("the [NORP:Russian] and others", False),
        ("an ethnic [NORP:Russian] mother", False),
        ("the [NORP:Russian] fled", False),
        ("the [NORP:Russian] wanted more", False),
        # the language
        ("in [NORP:Russian].", False),
        ("the [NORP:Russian] language", False),
        ("[NORP:Russian]-speaking villages", False),
        # the line ends the phrase
        ("[NORP:Russian]\n\nofficials came", False),
    ],
)
def test_adjective_of_a_place(words: str, joined: bool) -> None:
    """An adjective of a state is the state before a noun or as predicate; people and languages are no places."""
    made = linked(f"{words}. [GPE:Russia] it is.")
    labels = sorted(r["label"] for r in made["entities"].to_pylist())
    assert labels == (["GPE"] if joined else ["GPE", "NORP"])


@pytest.mark.parametrize(
    ("article", "n_entities"),
    [
        ("[GPE:the U.K.], the [NORP:British] army and [GPE:Britain]", 1),
        ("[LOC:Europe] and [NORP:European] banks", 1),
        ("[GPE:Chechnya] and the [NORP:Chechen] police", 1),
        # regular adjectives of places that the article names
        ("[GPE:Orlenia] and the [NORP:Orlenian] police", 1),
        ("[GPE:Karlow] and the [NORP:Karlowese] police", 1),
        ("[GPE:Orlenia] and the [NORP:Orlenish] police", 2),
        ("[GPE:Orlen], [GPE:Orlenia] and the [NORP:Orlenian] police", 3),
        ("[GPE:Orlenia] and the [NORP:Orlenian].", 2),
        ("[PERSON:Orlena] and the [NORP:Orlenian] police", 2),
        # people without a place of their own, and adjectives of more than one
        ("[LOC:Kurdistan] and [NORP:Kurdish] fighters", 2),
        ("[GPE:Dominican Republic] and [NORP:Dominican] police", 2),
        ("[NORP:Muslim] fighters and [GPE:Mecca]", 2),
    ],
)
def test_which_places_have_adjectives(article: str, n_entities: int) -> None:
    """States, continents and places with a regular adjective have one; what may mean a people or two places has none."""
    assert linked(article)["entities"].num_rows == n_entities


def test_a_state_named_by_its_adjective_alone() -> None:
    """It is still a place under its own name, and joins the state in other articles."""
    made = linked("[NORP:Russian] officials and [NORP:Russian] banks")
    (row,) = made["entities"].to_pylist()
    assert (row["label"], row["name"], row["variants"], row["n_mentions"]) == ("GPE", "Russia", ["Russian"], 2)
    made = linked("[NORP:Russian] officials", "[NORP:Russian] banks", "[GPE:Russian Federation]")
    (row,) = made["entities"].to_pylist()
    assert (row["label"], row["name"], row["n_articles"]) == ("GPE", "Russian Federation", 3)
    made = linked("the [GPE:Russian Federation]", "[GPE:RUSSIA] and [GPE:Russia]")
    assert made["entities"]["name"].to_pylist() == ["Russia"]


@pytest.mark.parametrize(
    ("article", "together"),
    [
        # nobody else of that name so far
        ("[PERSON:Juan Ferro]. [PERSON:Ferro] came.\n\n[PERSON:Ana Ferro] went.", {"Juan Ferro", "Ferro"}),
        # nobody else of that name in the paragraph
        ("[PERSON:Juan Ferro].\n\n[PERSON:Ana Ferro] went, and [PERSON:Ferro] came.", {"Ana Ferro", "Ferro"}),
        ("[PERSON:Juan Ferro].\n\n[PERSON:Ana Ferro] went.\n\n[PERSON:Ferro] came.", set()),
        ("[PERSON:Juan Ferro] and [PERSON:Ana Ferro]. [PERSON:Ferro] came.", set()),
        ("[PERSON:Ferro] came. [PERSON:Juan Ferro] and [PERSON:Ana Ferro].", set()),
        ("[PERSON:Juan Ferro].\n\n[PERSON:Ana Ferro] and [PERSON:Ferro], not [PERSON:Juan Ferro].", set()),
        # a title speaks against it
        ("[PERSON:lawyer:Juan Ferro]. [PERSON:Minister:Ferro].\n\n[PERSON:Ana Ferro].", set()),
        # a given name says too little
        ("[PERSON:Ana Ferro]. [PERSON:Ana] came.\n\n[PERSON:Ana Sol].", set()),
    ],
)
def test_surname_of_several_people(article: str, together: set[str]) -> None:
    """It means the only bearer named before it, or the only one its paragraph names, and that before it."""
    found = {names for names in clusters(linked(article)) if len(names) > 1}
    assert found == ({frozenset(together)} if together else set())


def test_mentions_of_a_surname_go_to_whom_each_means() -> None:
    """One surname, two bearers: each mention is the nearest's, and what stays open is of the article alone."""
    made = linked(
        "[PERSON:Juan Ferro]. [PERSON:Ferro] came.\n\n[PERSON:Ana Ferro] and [PERSON:Ferro].\n\n[PERSON:Ferro] went."
    )
    assert sorted((r["name"], r["n_mentions"]) for r in made["entities"].to_pylist()) == [
        ("Ana Ferro", 2),
        ("Ferro", 1),
        ("Juan Ferro", 2),
    ]


def test_country_told_by_its_owner() -> None:
    """Russia's Interior Ministry is that of Russia in all articles; a bare Interior Ministry stays of its article."""
    article = "[GPE:Russia]'s [ORG:Interior Ministry] {}. The [ORG:Interior Ministry] again."
    made = linked(article.format("met"), article.format("sat"), "the [ORG:Interior Ministry]")
    bodies = [r for r in made["entities"].to_pylist() if r["label"] == "ORG"]
    assert sorted(r["n_mentions"] for r in bodies) == [1, 4]
    two = linked("[GPE:Russia]'s [ORG:Interior Ministry]", "[GPE:Iraq]'s [ORG:Interior Ministry]")
    assert sum(r["label"] == "ORG" for r in two["entities"].to_pylist()) == 2
    alike = linked("[GPE:Russia]'s [ORG:Interior Ministry]", "the [ORG:Russian Interior Ministry]")
    assert sum(r["label"] == "ORG" for r in alike["entities"].to_pylist()) == 1


def test_titles_of_both_genders_before_one_surname() -> None:
    """Mr and Mrs Reyes are two, each of the article, though one full name ends in Reyes; neither joins it."""
    made = linked("[PERSON:Juan Reyes], [PERSON:Mr:Reyes] and [PERSON:Mrs:Reyes]")
    assert made["entities"].num_rows == 3
    made = linked("[PERSON:Mr:Juan Reyes], [PERSON:Mr:Reyes] and [PERSON:Mrs:Reyes]")
    assert sorted(made["entities"]["n_mentions"].to_pylist()) == [1, 2]


@pytest.mark.parametrize(
    ("article", "basis", "weakest"),
    [
        ("[PERSON:Juana Reyes]", {"Juana Reyes": "none"}, "high"),
        ("[PERSON:Juana Reyes] [PERSON:Juana Reyes]", {"Juana Reyes": "exact"}, "high"),
        ("[PERSON:Juana Reyes] [PERSON:Reyes]", {"Juana Reyes": "exact", "Reyes": "surname"}, "high"),
        ("[PERSON:Juana Reyes] [PERSON:Juana]", {"Juana Reyes": "exact", "Juana": "alias"}, "medium"),
        ("[ORG:Rivers Sea Network] ([ORG:RSN])", {"Rivers Sea Network": "exact", "RSN": "acronym"}, "high"),
        ("[ORG:Rivers Sea Network] ([ORG:XYZ])", {"Rivers Sea Network": "exact", "XYZ": "acronym"}, "medium"),
        ("[ORG:Rivers Network] and [ORG:RN]", {"Rivers Network": "exact", "RN": "acronym"}, "medium"),
        ("[ORG:Rivers Network] [ORG:Network]", {"Rivers Network": "exact", "Network": "alias"}, "medium"),
        ("[GPE:United States] [GPE:US]", {"United States": "exact", "US": "acronym"}, "high"),
        ("[GPE:Myanmar] [GPE:Burma]", {"Myanmar": "exact", "Burma": "alias"}, "high"),
        ("[GPE:Russia] and [NORP:Russian] officials", {"Russia": "exact", "Russian": "alias"}, "high"),
        ("[PERSON:Ivan Karimov] [PERSON:Karinov]", {"Ivan Karimov": "exact", "Karinov": "spelling"}, "medium"),
    ],
)
def test_basis_and_confidence(article: str, basis: dict[str, str], weakest: str) -> None:
    """Every mention says how it came to its entity, and the entity how sure its weakest link is."""
    made = linked(article)
    assert {r["name"]: r["link_basis"] for r in made["mentions"].to_pylist()} == basis
    assert made["entities"]["weakest_link"].to_pylist() == [weakest]


@pytest.mark.parametrize(
    ("article", "rule", "expected"),
    [
        ("[PERSON:Ana Sol] [PERSON:Ana Sol] [PERSON:Ana Sol]", "exact", [("within_article", "positive")]),
        ("[PERSON:Juana Reyes] [PERSON:Reyes] [PERSON:Reyes]", "surname", [("within_article", "positive")]),
        ("[PERSON:Juan Ferro] [PERSON:Ana Ferro] [PERSON:Ferro]", "surname", [("within_article", "unsure")] * 2),
        ("[PERSON:Mr:Juan Ferro] [PERSON:Mrs:Ferro]", "gender", [("within_article", "negative")]),
        ("[PERSON:Karlow] [GPE:Karlow]", "kind", [("within_article", "negative")]),
        ("[PERSON:Ali Omar al-Ferro] [PERSON:Omar al-Ferro]", "patronymic", [("within_article", "unsure")]),
        ("[ORG:Harbour Relief Fund] [ORG:Harbour]", "fuller_form", [("within_article", "unsure")]),
        ("[ORG:Harbour Relief Fund] [ORG:Harbour Relief]", "fuller_form", []),
        ("[ORG:HRA Relief Fund] [ORG:HRA]", "fuller_form", []),
        ("[GPE:Karlow Province] [GPE:Karlow]", "fuller_form", [("within_article", "unsure")]),
        ("[GPE:Karlow Bay] [GPE:Karlow]", "fuller_form", []),
        ("[PERSON:Ivan Karimov] [PERSON:Karinov]", "near_spelling", [("within_article", "positive")]),
        ("[PERSON:Ivan Karimov] [PERSON:Karimova]", "near_spelling", [("within_article", "unsure")]),
        ("[GPE:Russia] and the [NORP:Russian] [ORG:Duma]", "adjective", [("within_article", "positive")]),
        ("[ORG:Kestrel Motor Company] and [PERSON:Kestrel]", "label_noise", [("within_article", "positive")]),
        ("[PERSON:Ivan Karimov] [PERSON:Karimow]", "romanised_surname", [("within_article", "positive")]),
        ("[PERSON:Ivan Karimov] [PERSON:Ivan Karinov]", "alike_typo", [("across_articles", "unsure")]),
        ("[PERSON:Dmitri Karimov] [PERSON:Dmitry Karimov]", "alike_spelling", [("across_articles", "positive")]),
        ("[PERSON:Ivan Karimov] [PERSON:Piet Karinov]", "alike_typo", []),
    ],
)
def test_links(article: str, rule: str, expected: list[tuple[str, str]]) -> None:
    """One row per pair of names that mattered, with its judgement; nothing for mere repeats beyond the second."""
    made = linked(article)
    assert judged(made, rule) == expected
    for row in made["links"].to_pylist():
        assert row["reasons"]
        assert row["summary"].endswith(".")
        assert row["decided_by"] == "rule"


def test_ambiguous_name_is_told() -> None:
    """A name that could stand for two people says so, names both, and is an entity of its own article."""
    made = linked("[PERSON:Juan Ferro], [PERSON:Ana Ferro], [PERSON:Ferro]", "[PERSON:Ferro] of another article")
    rows = [r for r in made["entities"].to_pylist() if r["name"] == "Ferro"]
    assert len(rows) == 2
    assert sorted(r["review_reason"] or "" for r in rows) == ["", "could stand for 'Juan Ferro' or 'Ana Ferro'"]


def test_settings_switch_rules_off() -> None:
    """Without the rule, short names and acronyms stay apart."""
    article = "[PERSON:Juana Reyes] [PERSON:Reyes] [ORG:Rivers Sea Network] ([ORG:RSN])"
    assert linked(article)["entities"].num_rows == 2
    assert linked(article, settings=LinkSettings(surnames=False))["entities"].num_rows == 3
    assert linked(article, settings=LinkSettings(acronyms=False))["entities"].num_rows == 3


# --- across articles -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("articles", "n_entities"),
    [
        (("[PERSON:Juana Reyes] one", "[PERSON:Juana Reyes] two"), 1),
        (("[PERSON:Juana Reyes] one", "[PERSON:JUANA REYES’S] two"), 1),
        (("[PERSON:Reyes] one", "[PERSON:Reyes] two"), 2),
        (("[PERSON:Juana Reyes] one", "[PERSON:Reyes] two"), 2),
        (("[PERSON:Juana Reyes], [PERSON:Reyes] one", "[PERSON:Juana Reyes], [PERSON:Reyes] two"), 1),
        (("[PERSON:Juana Reyes] one", "[PERSON:Juana M. Reyes] two"), 2),
        (("[PERSON:Ivan Karimov] one", "[PERSON:Ivan Karinov] two"), 2),
        (("[PERSON:Ivan Karimov] one", "[PERSON:Ivan Karimow] two"), 1),
        (("[ORG:Kestrel] one", "[ORG:Kestrel Inc.] two"), 1),
        (("[ORG:Foreign Ministry] one", "[ORG:Foreign Ministry] two"), 2),
        (("[ORG:Karlow] one", "[GPE:Karlow] two"), 2),
        (("[GPE:Karlow] one", "[FAC:Karlow] two"), 1),
        (("[GPE:US] one", "[GPE:United States] two"), 1),
        (("[NORP:Rohingya] one", "[NORP:Rohingyas] two"), 1),
        # acronyms need an article that introduces them
        (("[ORG:Rivers Sea Network] one", "[ORG:RSN] two"), 2),
        (("[ORG:Rivers Sea Network] ([ORG:RSN]) one", "[ORG:RSN] two"), 1),
        (("[ORG:Rivers Sea Network] ([ORG:RSN]) one", "[ORG:RSN] two", "[ORG:Rivers Sea Network] three"), 1),
        (("[ORG:Rivers Sea Network] ([ORG:RSN]) one", "[ORG:Royal Sea News] ([ORG:RSN]) two", "[ORG:RSN] three"), 3),
        (("[ORG:Rivers Sea Network] ([ORG:XYZ]) one", "[ORG:XYZ] two"), 2),
        (("[ORG:Rivers Sea Network] ([ORG:XYZ]) one", "[ORG:Rivers Sea Network] ([ORG:XYZ]) two", "[ORG:XYZ]"), 1),
        # a shorter full name needs an article that uses both
        (("[PERSON:Juana M. Reyes], [PERSON:Juana Reyes] one", "[PERSON:Juana Reyes] two"), 1),
        (
            (
                "[PERSON:Juana M. Reyes], [PERSON:Juana Reyes] one",
                "[PERSON:Juana T. Reyes], [PERSON:Juana Reyes] two",
                "[PERSON:Juana Reyes] three",
            ),
            3,
        ),
        (
            (
                "[PERSON:Ana Sol Ferro], [PERSON:Sol Ferro] one",
                "[PERSON:Rosa Sol Ferro], [PERSON:Sol Ferro] two",
                "[PERSON:Sol Ferro] three",
            ),
            3,
        ),
        (
            (
                "[PERSON:Ana Sol Ferro], [PERSON:Sol Ferro] one",
                "[PERSON:Ana Sol Ferro], [PERSON:Ana Ferro] two",
                "[PERSON:Sol Ferro] three",
                "[PERSON:Ana Ferro] four",
            ),
            3,
        ),
        (
            (
                "[PERSON:Daw Ana Sol Ferro], [PERSON:Ana Sol Ferro] one",
                "[PERSON:Ana Sol Ferro], [PERSON:Sol Ferro] two",
                "[PERSON:Sol Ferro] three",
            ),
            1,
        ),
    ],
)
def test_across_articles(articles: tuple[str, ...], n_entities: int) -> None:
    """Equal full names of one kind join, however romanised; other names where an article says so, never in a chain."""
    assert linked(*articles)["entities"].num_rows == n_entities


def test_a_refused_chain_is_told() -> None:
    """An acronym with two expansions joins neither: unsure rows say so, and why."""
    made = linked("[ORG:Rivers Sea Network] ([ORG:RSN])", "[ORG:Royal Sea News] ([ORG:RSN])", "[ORG:RSN]")
    rows = [r for r in made["links"].to_pylist() if r["blocked_by"] == "chain_guard"]
    assert [r["judgement"] for r in rows] == ["unsure", "unsure"]
    assert "could stand for" in entity(made, "RSN")["review_reason"]


def test_a_rare_expansion_does_not_undo_a_common_one() -> None:
    """An expansion that nearly all articles give keeps the acronym; the rare one is told as unsure."""
    common = [f"[ORG:Rivers Sea Network] ([ORG:RSN]) {n}" for n in range(20)]
    made = linked(*common, "[ORG:Royal Sea News] ([ORG:RSN])", "[ORG:RSN] alone")
    assert made["entities"].num_rows == 2
    assert entity(made, "Rivers Sea Network")["n_articles"] == 21
    assert judged(made, "chain_guard") == [("across_articles", "unsure")]


@pytest.mark.parametrize(
    ("articles", "weakest"),
    [
        (("[PERSON:Juana Reyes] one", "[PERSON:Juana Reyes] two"), "medium"),
        (("[PERSON:Minister:Juana Reyes] one", "[PERSON:Minister:Juana Reyes] two"), "high"),
        (("[PERSON:Minister:Juana Reyes] one", "[PERSON:Mayor:Juana Reyes] two"), "medium"),
        (("[PERSON:Ms:Juana Reyes] one", "[PERSON:Ms:Juana Reyes] two"), "medium"),
        (("[PERSON::Juana Reyes:the mayor] one", "[PERSON::Juana Reyes:the mayor] two"), "high"),
        (("[PERSON:Juana Reyes], [ORG:Kestrel] one", "[PERSON:Juana Reyes], [ORG:Kestrel] two"), "high"),
        (("[PERSON:Juana Reyes], [GPE:France] one", "[PERSON:Juana Reyes], [GPE:France] two"), "medium"),
        (
            (
                "[PERSON:Juana Reyes], [ORG:Kestrel] one",
                "[PERSON:Juana Reyes], [ORG:Kestrel] two",
                "[PERSON:Juana Reyes]",
            ),
            "medium",
        ),
    ],
)
def test_second_sign(articles: tuple[str, ...], weakest: str) -> None:
    """The same name alone is medium and flagged; a title, role, acronym or another shared name makes it high."""
    row = entity(linked(*articles), "Juana Reyes")
    assert row["weakest_link"] == weakest
    assert ("without a second sign" in (row["review_reason"] or "")) is (weakest == "medium")


def test_a_name_of_one_article_needs_no_link_across() -> None:
    """Only a name that several articles have gets a row across articles."""
    assert judged(linked("[PERSON:Juana Reyes] and [PERSON:Juana Reyes]"), "same_name") == []
    assert len(judged(linked("[PERSON:Juana Reyes] one", "[PERSON:Juana Reyes] two"), "same_name")) == 1


def test_states_need_no_second_sign() -> None:
    """Nothing else is called France; several places are called Georgia."""
    made = linked("[GPE:France] one", "[GPE:France] two", "[GPE:Georgia] three", "[GPE:Georgia] four")
    assert entity(made, "France")["weakest_link"] == "high"
    assert entity(made, "Georgia")["weakest_link"] == "medium"


# --- tables --------------------------------------------------------------------------------------------------
def test_the_list_of_states_has_those_of_cldr() -> None:
    """Every territory that CLDR has under a code of two letters is a state of the list, or one of these, which are none."""
    cldr = Locale("en").territories
    codes = {code for code in cldr if len(code) == 2 and not is_state(fold(cldr[code]))}
    dependent = (
        "AC AI AS AW AX BL BM BQ BV CC CK CP CQ CW CX DG EA FK FO GF GG GI GL GP GS GU HK HM IC IM IO JE KY MF MO MP"
    )
    dependent += " MQ MS NC NF NU PF PM PN PR RE SH SJ SX TA TC TF TK UM VG VI WF YT"
    no_states = {"AQ", "EH", "EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}
    assert codes - {"PS"} == {*dependent.split(), *no_states}  # PS has another name there


def test_an_acronym_that_a_list_spells_out() -> None:
    """EU is the European Union in every article, says that it is an acronym, and needs no article to introduce it."""
    made = linked("the [ORG:EU] met", "the [ORG:European Union] met")
    row = entity(made, "European Union")
    assert (row["n_articles"], row["acronym"]) == (2, "EU")
    assert {r["name"]: r["link_basis"] for r in made["mentions"].to_pylist()} == {
        "European Union": "exact",
        "EU": "acronym",
    }


def test_entity_row() -> None:
    """An entity's row counts its mentions, forms, articles and outlets, and gives its days and acronym."""
    made = linked(
        "the [ORG:Rivers Sea Network] ([ORG:RSN]), the [ORG:RSN], the [ORG:RSN]",
        "the [ORG:RIVERS SEA NETWORK], the [ORG:Rivers Sea Network], the [ORG:Network]",
        "the [ORG:R.S.N.]",
        outlet=["Harbour Post", "Harbour Post", None],
        published=[dt.date(2019, 5, 2), dt.date(2018, 1, 9), None],
    )
    (row,) = made["entities"].to_pylist()
    ids = sorted(make_tables("the Rivers Sea Network (RSN), the RSN, the RSN")["articles"]["article_id"].to_pylist())
    assert ids[0] in row["articles"]
    assert row["articles"] == sorted(row["articles"])
    del row["articles"], row["review_reason"]
    assert row == {
        "entity_id": content_id("e", "organisation", "rivers sea network"),
        "label": "ORG",
        "name": "Rivers Sea Network",
        "variants": ["RSN", "Rivers Sea Network", "Network", "R.S.N.", "RIVERS SEA NETWORK"],
        "variant_counts": [3, 2, 1, 1, 1],
        "acronym": "RSN",
        "n_mentions": 8,
        "n_articles": 3,
        "n_outlets": 1,
        "first_published": dt.date(2018, 1, 9),
        "last_published": dt.date(2019, 5, 2),
        "weakest_link": "medium",
        "confirmed": False,
        "sensitivity": [],
        "kb_id": None,
        "kb_reason": None,
    }


def test_speakers_get_the_entity_of_their_mention() -> None:
    """A quote whose speaker is a mention has that mention's entity; what it held before is overwritten."""
    tables = make_tables("[PERSON:Juana Reyes] said so, and [PERSON:Reyes] went")
    article, second = (tables["mentions"][c].to_pylist()[1] for c in ("article_id", "mention_id"))
    quote = {"article_id": article, "end": 3, "speaker_entity_id": "e_stale"}
    quotes = [
        {**quote, "quote_id": "q_1", "start": 0, "speaker_mention_id": second},
        {**quote, "quote_id": "q_2", "start": 1, "speaker_mention_id": None},
        {**quote, "quote_id": "q_3", "start": 2, "speaker_mention_id": "m_gone"},
    ]
    made = link({**tables, "quotes": conform("quotes", quotes)}, LinkSettings())
    check("quotes", made["quotes"])
    found = made["entities"]["entity_id"].to_pylist()
    assert made["quotes"]["speaker_entity_id"].to_pylist() == [*found, None, None]


def test_no_mentions() -> None:
    """An empty corpus, and one without names, give empty tables of the declared types."""
    for articles in ((), ("No names here.",)):
        made = linked(*articles)
        assert [made[t].num_rows for t in ("mentions", "entities", "links")] == [0, 0, 0]


# --- order, growth, stability --------------------------------------------------------------------------------
CORPUS = (
    "[PERSON:Minister:Juana M. Reyes] of the [ORG:Rivers Sea Network] ([ORG:RSN]) met [PERSON:Reyes] in [GPE:Karlow].",
    "[PERSON:Juana Reyes] and [PERSON:Juana M. Reyes] left [GPE:Karlow Province]; the [ORG:RSN] stayed.",
    "[PERSON:Ivan Karimov] and [PERSON:Ivan Karinov] of [ORG:Royal Sea News] saw [PERSON:Ruslan].",
    "[PERSON:Mr:Ferro] and [PERSON:Mrs:Ferro], the [ORG:Foreign Ministry] and the [GPE:US].",
    "[PERSON:Ruslan] told [ORG:Kestrel Inc.] and [ORG:Kestrel] of [GPE:the United States] and [PERSON:Karlow].",
    "[PERSON:Juana Reyes], [PERSON:Ivan Karimov], the [ORG:RSN] and [NORP:Rohingyas] in [GPE:Karlow].",
    "[PERSON:Piet Ferro], [PERSON:Ana Ferro] and [PERSON:Ferro] of [ORG:Karlow].",
)


def shuffled(table: pa.Table, seed: int) -> pa.Table:
    order = list(range(table.num_rows))
    random.Random(seed).shuffle(order)
    return table.take(pa.array(order, pa.int64()))


@pytest.mark.parametrize("seed", range(5))
def test_order_of_rows_does_not_matter(seed: int) -> None:
    """The same rows in any order give the same tables."""
    tables = make_tables(*CORPUS)
    mixed = {name: shuffled(table, seed) for name, table in tables.items()}
    one, other = link(tables, LinkSettings()), link(mixed, LinkSettings())
    assert all(one[name].equals(other[name]) for name in one)


def test_what_was_linked_before_does_not_matter() -> None:
    """Entities of an earlier run in the input are overwritten: a corpus that grew gives what one run gives."""
    made = linked(*CORPUS)
    tables = make_tables(*CORPUS)
    earlier = linked(*CORPUS[:3])
    old = {row["mention_id"]: row["entity_id"] for row in earlier["mentions"].to_pylist()}
    rows = tables["mentions"].to_pylist()
    for row in rows:
        row |= {"entity_id": old.get(row["mention_id"], "e_stale"), "link_basis": "exact"}
    again = link({**tables, "mentions": conform("mentions", rows)}, LinkSettings())
    assert all(again[name].equals(made[name]) for name in made)


@pytest.mark.parametrize("left_out", range(len(CORPUS)))
def test_untouched_entities_keep_their_ids(left_out: int) -> None:
    """An entity that an added or removed article does not name keeps its id and its mentions."""
    whole = linked(*CORPUS)
    part = linked(*(a for i, a in enumerate(CORPUS) if i != left_out))
    gone = make_tables(CORPUS[left_out])["articles"]["article_id"].to_pylist()[0]

    def members(made: dict[str, pa.Table]) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for row in made["mentions"].to_pylist():
            found.setdefault(row["entity_id"], set()).add(row["mention_id"])
        return found

    whole_members, part_members = members(whole), members(part)
    untouched = [e["entity_id"] for e in whole["entities"].to_pylist() if gone not in e["articles"]]
    assert untouched
    assert all(part_members[e] == whole_members[e] for e in untouched)


def test_every_mention_has_one_entity() -> None:
    """No mention is left without an entity, and an entity counts each of its mentions once."""
    made = linked(*CORPUS)
    assert made["mentions"]["entity_id"].null_count == 0
    assert sum(made["entities"]["n_mentions"].to_pylist()) == made["mentions"].num_rows
    assert set(made["mentions"]["entity_id"].to_pylist()) == set(made["entities"]["entity_id"].to_pylist())


def test_links_point_at_rows() -> None:
    """Both sides of every link are mentions or entities of the same tables."""
    made = linked(*CORPUS)
    known = {*made["mentions"]["mention_id"].to_pylist(), *made["entities"]["entity_id"].to_pylist()}
    assert {*made["links"]["left_id"].to_pylist(), *made["links"]["right_id"].to_pylist()} <= known


@pytest.mark.parametrize(
    ("article", "together"),
    [
        ("The lawyer [PERSON:lawyer:Anna Bell] wrote to [PERSON:Minister:Bell].", False),
        ("[PERSON::Anna Bell:a lawyer] said that [PERSON:Gen.:Bell] had lied.", False),
        ("[PERSON:Foreign Minister:Anna Bell] spoke. [PERSON:Minister:Bell] left.", True),
        ("[PERSON:Anna Bell] spoke. [PERSON:Minister:Bell] left.", False),
        ("[PERSON:Anna Bell] spoke. [PERSON:Dr:Bell] left.", True),
        ("[PERSON::Anna Bell:a lawyer] spoke. [PERSON:Ms:Bell] left.", True),
    ],
)
def test_a_bare_name_with_another_office_is_not_joined(article: str, together: bool) -> None:
    """A minister is not the lawyer of the same surname, though it be the only full name; a person is to look."""
    made = linked(article)
    assert (len(clusters(made)) == 1) == together
    assert judged(made, "office") == ([] if together else [("within_article", "unsure")])


def test_a_description_has_the_entity_of_its_name() -> None:
    """It is linked as nominal, counts as no mention of the entity, and gives it no name."""
    tables = make_tables("the harbour firm [ORG:Kestrel]", "[ORG:Kestrel]")
    (name, _) = rows = tables["mentions"].to_pylist()
    told = {"mention_id": content_id("m", "told"), "text": "harbour firm", "name": None, "start": 4, "end": 16}
    rows.append({**name, **told, "describes_mention_id": name["mention_id"]})
    made = link({**tables, "mentions": conform("mentions", rows)}, LinkSettings())
    found = {r["text"]: (r["entity_id"], r["link_basis"]) for r in made["mentions"].to_pylist()}
    assert found["harbour firm"] == (found["Kestrel"][0], "nominal")
    row = entity(made, "Kestrel")
    assert (row["n_mentions"], row["variants"]) == (2, ["Kestrel"])


def test_places_of_numbers_get_the_entity_of_their_mention() -> None:
    """As speakers do; what an earlier run wrote is overwritten."""
    tables = make_tables("Nine died in [GPE:Dovrin] and [GPE:Halmet]")
    article, place = (tables["mentions"][c].to_pylist()[0] for c in ("article_id", "mention_id"))
    number = {"article_id": article, "start": 0, "end": 4, "place_entity_id": "e_stale"}
    quantities = [
        {**number, "quantity_id": "n_1", "place_mention_id": place},
        {**number, "quantity_id": "n_2", "end": 5, "place_mention_id": None},
    ]
    made = link({**tables, "quantities": conform("quantities", quantities)}, LinkSettings())
    names = dict(zip(made["entities"]["entity_id"].to_pylist(), made["entities"]["name"].to_pylist(), strict=True))
    assert [names.get(e) for e in made["quantities"]["place_entity_id"].to_pylist()] == ["Dovrin", None]


def test_forms_of_one_name_are_told_as_such() -> None:
    """What is said of names that repeat is true of the words: a country and its adjective are two forms."""
    made = linked("[GPE:Germany] and [NORP:German] officials met. [GPE:Dovrin] is far. [GPE:Dovrin] is old.")
    told = sorted(row["summary"] for row in made["links"].to_pylist() if row["rule"] == "exact")
    assert told == [
        "'Dovrin' is written 2 times in the article and means the same each time.",
        "'Germany' and 'German' are read as one name, 2 times in the article.",
    ]


def test_a_body_that_every_country_has_is_for_a_person_to_see() -> None:
    """It stays in its article where no country is told, and says so."""
    made = linked(
        "The [ORG:Interior Ministry] met.", "The [ORG:Interior Ministry] sat.", "[ORG:Rivers Sea Network] sat."
    )
    told = {row["name"]: row["review_reason"] for row in made["entities"].to_pylist()}
    assert len(made["entities"]) == 3
    assert told["Interior Ministry"] == "other countries have a body of this name, so it is kept to its article"
    assert told["Rivers Sea Network"] is None
