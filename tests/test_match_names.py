"""Two ways of writing a name: what is the same word, the same name, a likely slip, or another bearer.

``match_names`` and ``link_names`` are asked here, the commands' own functions, and so the comparison of the
pipeline. All people and bodies are invented.
"""

from __future__ import annotations

import json

import pytest

from pipeline.errors import UsageError
from pipeline.link.likeness import Likeness
from pipeline.link.spelling import is_short_form, spell, word_likeness
from pipeline.link.strings import kind_of, link_lines, link_names, match_lines, match_names


def likeness(left: str, right: str, label: str = "PERSON") -> Likeness:
    """The likeness of two names, which is the same in both directions."""
    one, other = match_names([(left, right, label), (right, left, label)])
    assert (one.verdict, one.score) == (other.verdict, other.score)
    return one


# --- words ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("borishenko", "borischenko", True),
        ("kharun", "harun", True),
        ("djamal", "jamal", True),
        ("gadhir", "gadir", True),
        ("karimov", "karimow", True),
        ("karimov", "karimoff", True),
        ("wolkow", "volkov", True),
        ("wang", "vang", False),
        ("lee", "li", False),
        ("saeed", "saed", False),
        ("nourdin", "nurdin", True),
        ("noordin", "nurdin", True),
        ("mueller", "muller", True),
        ("samuel", "samul", False),
        ("michael", "michal", False),
        ("dmitry", "dmitri", True),
        ("zelenskiy", "zelensky", True),
        ("victor", "viktor", True),
        ("aleksei", "alexei", True),
        ("abdulla", "abdullah", True),
        ("jong", "yong", False),
        ("karimovs", "karimov", True),
        ("andrejs", "andrej", True),
        ("davis", "davi", False),
        ("xiii", "xii", False),
        ("петров", "petrov", True),
        ("щербин", "shcherbin", True),
        ("карим", "karin", False),
    ],
)
def test_romanisations_share_a_spelling(left: str, right: str, same: bool) -> None:
    """Words that only differ in how a sound is romanised are spelt alike; other sounds are not."""
    assert (spell(left) == spell(right)) is same


@pytest.mark.parametrize(
    ("left", "right", "body", "kind"),
    [
        ("reyes", "reyes", False, "equal"),
        ("mohammed", "muhamad", False, "spelling"),
        ("mahmoud", "mohammed", False, "unlike"),
        ("bill", "william", False, "short"),
        ("sasha", "aleksandr", False, "short"),
        ("bill", "robert", False, "unlike"),
        ("j", "juana", False, "initial"),
        ("m", "juana", False, "unlike"),
        ("karinov", "karimov", False, "typo"),
        ("karinuv", "karimov", False, "unlike"),
        ("kartinovski", "karimovski", False, "typo"),
        ("borina", "borin", False, "unlike"),
        ("karimova", "karimov", False, "unlike"),
        ("lee", "lea", False, "unlike"),
        ("viii", "vii", False, "unlike"),
        ("2007", "2008", False, "unlike"),
        ("김종은수", "김정은수", False, "unlike"),
        ("lgbtq", "lgbti", True, "word"),
        ("italian", "italy", True, "word"),
        ("centre", "center", True, "word"),
        ("guards", "guard", True, "plural"),
    ],
)
def test_words(left: str, right: str, body: bool, kind: str) -> None:
    """One feature per pair of words, the same in both directions."""
    assert word_likeness(left, right, body=body).kind == kind == word_likeness(right, left, body=body).kind


def test_a_short_form_is_none_of_itself() -> None:
    """Pet forms belong to given names, in any romanisation of them."""
    assert is_short_form("misha", "mikhael")
    assert not is_short_form("misha", "misha")


# --- names ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("left", "right", "verdict", "rule"),
    [
        ("Juana Reyes", "JUANA REYES", "same", "equal"),
        ("Reyes, Juana", "Juana Reyes", "same", "equal"),
        ("Omar al-Ferro", "Omar Ferro", "same", "equal"),
        ("Mohamed el-Ferro", "Muhammad al-Ferro", "same", "spelling"),
        ("Abd al-Rahman Ferro", "Abdelrahman Ferro", "same", "spelling"),
        ("Sergey Borin", "Sergei Borin", "same", "spelling"),
        ("Сергей Борин", "Sergei Borin", "same", "spelling"),
        ("Ivan Karimov", "Ivan Karinov", "alike", "typo"),
        ("Bill Ferro", "William Ferro", "alike", "short"),
        ("Juana M. Reyes", "Juana Reyes", "alike", "initial"),
        ("J. M. Reyes", "Juana Maria Reyes", "alike", "initial"),
        ("JM Reyes", "Juana Maria Reyes", "alike", "initial"),
        ("Juana Maria Reyes", "Juana Reyes", "alike", "middle"),
        ("Ivan Petrovich Borin", "Ivan Borin", "alike", "patronymic"),
        ("Ana Sol Ferro", "Ana Sol", "alike", "further_name"),
        ("Kam Jin Sol", "Jin Sol Kam", "alike", "order"),
        ("JuanaReyes", "Juana Reyes", "alike", "spacing"),
        ("Juana Rey es", "Juana Maria Reyes", "alike", "middle"),
        ("Juan Reyes, Jr.", "Juan Reyes Jr.", "same", "equal"),
        ("Juan Reyes Jr.", "Juan Reyes", "alike", "generation"),
        ("Juan Reyes Jr.", "Juan Reyes Sr.", "different", "words"),
        ("Minister Juana Reyes", "Juana Reyes", "same", "equal"),
        ("Minister Reyes", "Juana Reyes", "alike", "title"),
        ("Minister Reyes", "Juana Ferro", "different", "words"),
        ("Sheikh Omar Ferro", "Shaikh Omar Ferro", "same", "equal"),
        ("Shaikh Omar Ferro", "Omar Ferro", "same", "equal"),
        ("Shaikh Ferro", "Omar Ferro", "different", "words"),
        ("Omar Ben Ferro", "Omar bin Ferro", "same", "equal"),
        ("Ben Ferro", "Bin Ferro", "different", "words"),
        ("Omar Abdul Karlow Ferro", "Omar Karlow Ferro", "alike", "particle"),
        ("Omar Abdul Ferro", "Omar Wali Ferro", "different", "words"),
        ("FridaKarlovo", "Frieda Karlovo", "alike", "spacing"),
        ("FridaKarlovo", "Frieda Karlova", "different", "words"),
        ("Juana Reyes", "Jorge Reyes", "different", "words"),
        ("Juana Reyes", "Juana Ferro", "different", "words"),
        ("Juana Reyes", "Reyes", "different", "words"),
        ("M. Reyes", "Juana Reyes", "different", "words"),
        ("Juana Maria Reyes", "Juana Rosa Reyes", "different", "words"),
        ("Ivan Borin", "Ivan Borina", "different", "words"),
        ("Ivon Karinov", "Ivan Karimov", "different", "words"),
        ("Kam Jong-in", "Kam Yong-in", "alike", "typo"),
        ("Ana Sol Mar Ferro Paz Luz", "Ana Luz", "different", "words"),
        ("Ali Hassan Omar al-Ferro", "Ali Hassan Omar al-Karlow", "different", "words"),
    ],
)
def test_persons(left: str, right: str, verdict: str, rule: str) -> None:
    """The same but for ways of writing, alike (it takes a second sign), or different."""
    found = likeness(left, right)
    assert (found.verdict, found.rule) == (verdict, rule)
    assert (found.score >= 0.5) is (verdict != "different")


@pytest.mark.parametrize(
    ("left", "right", "label", "verdict", "rule"),
    [
        ("Kestrel Motor Joint Stock Company", "OJSC Kestrel Motor", "Company", "same", "equal"),
        ("Kestrel Motor Public Limited Company", "Kestrel Motor plc", "Company", "same", "equal"),
        ("Ferro & Company", "Ferro", "ORG", "alike", "business_word"),
        ("AB Rivers Fund", "Rivers Fund", "ORG", "alike", "business_word"),
        ("Kestrel Group", "Kestrel Holdings", "ORG", "different", "words"),
        ("Kestrel Motor (Karlow)", "Kestrel Motor", "ORG", "alike", "qualifier"),
        ("Kestrel Motor (Karlow)", "Kestrel Motor (Varna)", "ORG", "different", "words"),
        ("Rivers LGBT Network", "Rivers LGBTQ Network", "ORG", "same", "word"),
        ("Italian Rivers Network", "Italy Rivers Network", "ORG", "same", "word"),
        ("Rivers Party of Democrats", "Rivers Party of Democratic", "ORG", "alike", "word"),
        ("Bureau of Rivers Mapping", "Rivers Mapping Bureau", "ORG", "same", "order"),
        ("Kestrel Rivers", "Rivers Kestrel", "ORG", "alike", "order"),
        ("Rivers Sea Network", "RSN", "ORG", "alike", "acronym"),
        ("RSN", "RSS", "ORG", "different", "words"),
        ("PS", "PSS", "ORG", "different", "words"),
        ("LGBTQ", "LGBTI", "ORG", "same", "word"),
        ("Kestral Motor", "Kestrel Motor", "ORG", "alike", "typo"),
        ("Bank of Chad", "Bank of Chile", "ORG", "different", "words"),
        ("Bank of Karlova", "Bank of Carlova", "ORG", "same", "spelling"),
        ("Bundesrot", "Bundesrag", "ORG", "different", "words"),
        ("Northern Rivers Network", "Southern Rivers Network", "ORG", "different", "words"),
        ("Rivers Network", "Rivers Network Karlow", "ORG", "different", "words"),
        ("Fund III", "Fund II", "ORG", "different", "words"),
        ("Rivers Unit 7", "Rivers Unit 8", "ORG", "different", "words"),
        ("1st Rivers Bank", "First Rivers Bank", "ORG", "same", "word"),
        ("Good Haven Fund", "Goodhaven Fund", "ORG", "alike", "spacing"),
        ("Karlow Watch/Rivers Watch", "Rivers Watch", "ORG", "alike", "alternative"),
        ("Rivers Denmark, A/S", "Rivers II Denmark A/S", "Company", "different", "words"),
        ("Kiev", "Kyiv", "GPE", "same", "equal"),
        ("Chechnya", "Chechen Republic", "GPE", "same", "equal"),
        ("Duesselkarl", "Düsselkarl", "GPE", "alike", "spelling"),
        ("Karlowburg", "Karlawburg", "GPE", "alike", "typo"),
        ("Karlow", "Karlaw", "GPE", "different", "words"),
        ("Karlowia", "Karlowian", "GPE", "different", "words"),
        ("Karlow Province", "Karlow", "GPE", "different", "words"),
        ("River Karlow", "Karlow River", "LOC", "same", "order"),
    ],
)
def test_bodies_and_places(left: str, right: str, label: str, verdict: str, rule: str) -> None:
    """Legal forms, listed words and the turn of an "of" are ways of writing; an added or another word is not."""
    found = likeness(left, right, label)
    assert (found.verdict, found.rule) == (verdict, rule)


def test_every_sign_has_words() -> None:
    """The reason names each sign, the weakest first."""
    found = likeness("Mohamed Karinov", "Muhammad Karimov")
    assert found.reason == "karimov and karinov: one letter differs; mohamed and muhammad are two spellings"
    assert [f.name for f in found.features] == ["typo", "spelling"]
    assert [f.score for f in found.features] == sorted(f.score for f in found.features)


def test_unreadable_names_are_different() -> None:
    """A name without a letter is like no other."""
    assert likeness("—", "Juana Reyes").score == 0
    assert likeness("—", "—").score == 0


# --- the commands' functions ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("label", "kind"),
    [("PERSON", "person"), ("Person", "person"), ("Company", "organisation"), ("GPE", "place"), ("LOC", "place")],
)
def test_labels(label: str, kind: str) -> None:
    """Our labels and common ones; what is unknown is a body."""
    assert kind_of(label) == kind


def test_match_lines() -> None:
    """A score a line; with why, the verdict and the reason too."""
    lines = ["Juana Reyes\tReyes, Juana\tPERSON\n", "Juana Reyes\tJorge Reyes\tPERSON"]
    assert list(match_lines(lines)) == ["1.00", "0.00"]
    assert list(match_lines(lines, why=True))[1] == "0.00\tdifferent\tno counterpart: jorge against juana"


@pytest.mark.parametrize("line", ["Juana Reyes\tPERSON", "", "a\tb\tc\td"])
def test_match_lines_names_the_wrong_line(line: str) -> None:
    """A line without three fields stops with its number and an example."""
    with pytest.raises(UsageError, match=r"line 2: .*name<TAB>name<TAB>label"):
        list(match_lines(["Ana Sol\tAna Sol\tPERSON", line]))


def row(article: str, label: str, *names: str) -> dict[str, object]:
    return {"article": article, "label": label, "names": list(names)}


ROWS = [
    row("a", "PERSON", "Sergei Borin", "Borin"),
    row("b", "PERSON", "Sergey Borin"),
    row("b", "ORG", "Rivers Sea Network"),
    row("c", "ORG", "Rivers Sea Network", "RSN"),
    row("d", "ORG", "RSN"),
    row("d", "PERSON", "Borin"),
    row("e", "LOC", "Borin"),
    row("e", "ORG", "Foreign Ministry"),
    row("e", "ORG", "Foreign Ministry"),
    row("f", "PERSON", "—"),
]


def test_link_names() -> None:
    """Rows of names are linked as the pipeline links its own: romanised, by acronym, never by a bare surname alone."""
    ids = link_names(ROWS)
    assert len(ids) == len(ROWS)
    assert ids[0] == ids[1]
    assert ids[2] == ids[3] == ids[4]
    assert len(set(ids)) == 7


def test_link_names_in_any_order() -> None:
    """The order of the rows does not matter, but for which of two equal rows of one article is which."""
    ids, turned = link_names(ROWS), link_names(ROWS[::-1])[::-1]
    assert ids[:7] == turned[:7]
    assert set(ids) == set(turned)


def test_link_lines() -> None:
    """One id for each line of JSON."""
    assert link_lines([json.dumps(r) for r in ROWS]) == link_names(ROWS)


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"article": "a", "label": "ORG", "names": []}', '{"article": "a", "names": ["x"]}']
)
def test_link_lines_names_the_wrong_line(line: str) -> None:
    """A line that is no row stops with its number and an example."""
    with pytest.raises(UsageError, match=r'line 1: .*"names": \["Ana Sol", "Sol"\]'):
        link_lines([line])
