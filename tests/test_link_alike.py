"""Linking across articles of names that are written in different ways, and of bare surnames.

Articles are marked as in ``test_link``. All people and bodies are invented.
"""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
import pytest

from pipeline.link.blocks import Blocks
from pipeline.link.names import read
from tests.test_link import clusters, entity, judged, linked

RSN = "[ORG:Rivers Sea Network]"
KARLOW = "[GPE:Karlow]"


def together(*articles: str) -> bool:
    """Whether all persons of ``articles`` are one entity."""
    rows = linked(*articles)["entities"].to_pylist()
    return [row["label"] for row in rows].count("PERSON") == 1


# --- ways of writing -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("one", "other", "joined", "with_sign"),
    [
        ("Sergei Borin", "Sergey Borin", True, True),
        ("Mohamed el-Ferro", "Muhammad Ferro", True, True),
        ("Ivan Karimov", "Ivan Karinov", False, True),
        ("Bill Ferro", "William Ferro", False, True),
        ("Juana M. Reyes", "Juana Reyes", False, True),
        ("Juana Maria Reyes", "Juana Reyes", False, True),
        ("Ivan Petrovich Borin", "Ivan Borin", False, True),
        ("Kam Jin Sol", "Jin Sol Kam", False, True),
        ("Chen Shih Ferro", "Chen Chih Ferro", False, False),
        ("Juan Reyes Jr.", "Juan Reyes", False, False),
        ("Ali Omar", "Ali Omar Hassan", False, False),
        ("Ivan Borin", "Ivan Borina", False, False),
        ("Juana Reyes", "Jorge Reyes", False, False),
    ],
)
def test_names_that_are_alike(one: str, other: str, joined: bool, with_sign: bool) -> None:
    """Ways of writing join; likely slips, initials and pet forms need a name that both articles have."""
    assert together(f"[PERSON:{one}] one", f"[PERSON:{other}] two") is joined
    assert together(f"[PERSON:{one}] of {RSN}", f"{RSN} and [PERSON:{other}]") is with_sign


@pytest.mark.parametrize(
    ("one", "other", "joined"),
    [
        ("[PERSON:Minister:Ivan Karimov]", "[PERSON:Minister:Ivan Karinov]", True),
        ("[PERSON::Ivan Karimov:a lawyer]", "[PERSON::Ivan Karinov:a lawyer]", True),
        ("[PERSON:Mr:Ivan Karimov]", "[PERSON:Mr:Ivan Karinov]", False),
        (f"[PERSON:Minister:Ivan Karimov] {RSN}", f"[PERSON:Mayor:Ivan Karinov] {RSN}", False),
        ("[PERSON:Mr:Sasha Karimov]", "[PERSON:Mrs:Sasha Karimow]", False),
        ("[PERSON:Minister:Ivan Karimov]", "[PERSON:Mayor:Ivan Karimow]", True),
        ("[PERSON:Ivan Karimov] [GPE:France]", "[PERSON:Ivan Karinov] [GPE:France]", False),
        (f"[PERSON:Ivan Karimov] {KARLOW}", f"[PERSON:Ivan Karinov] {KARLOW}", True),
        ("[PERSON:Ivan Karimov] [PERSON:Rosa Karimov]", "[PERSON:Ivan Karinov] [PERSON:Rosa Karimov]", False),
    ],
)
def test_second_sign_of_alike_names(one: str, other: str, joined: bool) -> None:
    """A title, role or rarer name of both is a sign; a state, or a relative's name, is none; other titles part them."""
    made = linked(f"{one} one", f"{other} two")
    ivans = {r["entity_id"] for r in made["mentions"].to_pylist() if not r["name"].startswith("Rosa")}
    assert (len({e for e in ivans if e in _persons(made)}) == 1) is joined


def _persons(made: dict[str, Any]) -> set[str]:
    return {r["entity_id"] for r in made["entities"].to_pylist() if r["label"] == "PERSON"}


def test_the_same_article_is_no_second_sign() -> None:
    """Two names side by side in one article may be two people, whatever else the article says of both."""
    assert not together(f"[PERSON:Ivan Karimov] and [PERSON:Ivan Karinov] of {RSN}", f"{RSN} alone")
    assert not together("[PERSON:Minister:Ivan Karimov] and [PERSON:Minister:Ivan Karinov]")


def test_a_name_that_everybody_has_is_no_second_sign() -> None:
    """A body that most articles name ties nobody to anybody."""
    rest = [f"{RSN} {n}" for n in range(300)]
    made = linked(f"[PERSON:Ivan Karimov] of {RSN}", f"{RSN} and [PERSON:Ivan Karinov]", *rest)
    assert len(_persons(made)) == 2


@pytest.mark.parametrize(
    ("one", "other", "n_entities"),
    [
        ("[ORG:Rivers LGBT Network]", "[ORG:Rivers LGBTQ Network]", 1),
        ("[ORG:Bureau of Rivers Mapping]", "[ORG:Rivers Mapping Bureau]", 1),
        ("[ORG:Kestrel Motor Joint Stock Company]", "[ORG:OJSC Kestrel Motor]", 1),
        ("[ORG:Kestrel]", "[ORG:Kestrel Group]", 2),
        ("[ORG:RSN]", "[ORG:RSS]", 2),
        (f"[ORG:Kestrel Motor (Karlow)] {RSN}", f"{RSN} [ORG:Kestrel Motor]", 3),
        ("[ORG:Rivers Sea Network]", "[ORG:RSN]", 2),
        ("[GPE:Kiev]", "[GPE:Kyiv]", 1),
        ("[GPE:Chechnya]", "[GPE:Chechen Republic]", 1),
        ("[GPE:Santa Ana]", "[GPE:Santa Anna]", 2),
        ("[GPE:Karlowburg]", "[GPE:Karlawburg]", 2),
    ],
)
def test_bodies_and_places(one: str, other: str, n_entities: int) -> None:
    """Legal forms, listed words, the turn of an "of" and a city's other name join; a letter needs a second sign."""
    assert linked(f"{one} one", f"{other} two")["entities"].num_rows == n_entities


def test_a_firm_with_and_without_group() -> None:
    """Two articles that share a name have the firm once, under the form that more of them use."""
    made = linked(
        "[ORG:Kestrel] [PERSON:Ana Sol]", "[ORG:Kestrel Group] [PERSON:Ana Sol]", "[PERSON:Ana Sol] [ORG:Kestrel]"
    )
    assert entity(made, "Kestrel")["variants"] == ["Kestrel", "Kestrel Group"]


# --- no chains -----------------------------------------------------------------------------------------------
def test_no_chain_of_small_differences() -> None:
    """A like B and B like C does not make A like C: the third stays apart, whichever it is, and is told."""
    names = ("Ivan Karimov", "Ivan Karinov", "Ivan Kasinov")
    made = linked(*(f"[PERSON:{name}] of {RSN} {n}" for n, name in enumerate(names)))
    people = [c for c in clusters(made) if "Rivers Sea Network" not in c]
    assert sorted(map(len, people)) == [1, 2]
    assert ("across_articles", "unsure") in judged(made, "alike_typo")
    assert {r["blocked_by"] for r in made["links"].to_pylist()} >= {"chain_guard"}


def test_a_short_name_of_two_people_joins_neither() -> None:
    """Where two fuller names do not fit each other, the shorter one that fits both joins neither."""
    names = ("Juana Maria Reyes", "Juana Rosa Reyes", "Juana Reyes")
    made = linked(*(f"[PERSON:{name}] of {RSN} {n}" for n, name in enumerate(names)))
    assert len(_persons(made)) == 3
    assert judged(made, "alike_middle") == [("across_articles", "unsure")] * 2


def test_titles_part_what_spelling_would_chain() -> None:
    """Mr and Mrs of one romanised name are not joined through a third article that gives no title."""
    made = linked("[PERSON:Mr:Sasha Karimov]", "[PERSON:Sasha Karimow] again", "[PERSON:Mrs:Sasha Karimoff]")
    assert len(_persons(made)) == 2


@pytest.mark.parametrize("order", list(permutations(range(4)))[::5])
def test_order_of_articles_does_not_matter(order: tuple[int, ...]) -> None:
    """Which of several names join does not hang on the order in which articles come."""
    articles = [
        f"[PERSON:Ivan Karimov] of {RSN}",
        f"{RSN} and [PERSON:Ivan Karinov]",
        f"[PERSON:Ivan Kasinov], {RSN}",
        f"[PERSON:Karimov], {RSN}",
    ]
    made, turned = linked(*articles), linked(*(articles[i] for i in order))
    assert all(made[name].equals(turned[name]) for name in made)


# --- bare surnames -------------------------------------------------------------------------------------------
FULL = (f"[PERSON:Ana Ferro] of {RSN} one", f"[PERSON:Ana Ferro] of {RSN} two")


@pytest.mark.parametrize(
    ("articles", "joined"),
    [
        ((*FULL, f"[PERSON:Ferro] and {RSN}"), True),
        ((*FULL, "[PERSON:Ferro] alone"), False),
        ((FULL[0], f"[PERSON:Ferro] and {RSN}"), False),
        (("[PERSON:Minister:Ana Ferro] one", "[PERSON:Minister:Ferro]"), True),
        (("[PERSON:Ms:Ana Ferro] one", "[PERSON:Ms:Ferro]"), False),
        ((*FULL, f"[PERSON:Leo Ferro] of {RSN}", f"[PERSON:Ferro] and {RSN}"), False),
        ((*FULL, "[PERSON:Leo Ferro] elsewhere", f"[PERSON:Ferro] and {RSN}"), False),
        (("[PERSON:Mrs:Ana Ferro] RSN", *FULL, f"[PERSON:Mr:Ferro] and {RSN}"), False),
        (("[PERSON:lawyer:Ana Ferro]", *FULL, f"[PERSON:Minister:Ferro] and {RSN}"), False),
        ((*FULL, f"[PERSON:Ana] and {RSN}"), False),
        ((*FULL, f"[ORG:Ferro] and {RSN}"), False),
        (
            (f"[PERSON:Ana Ferro] {KARLOW} one", f"[PERSON:Ana Ferro] {KARLOW} two", f"[PERSON:Ferro] in {KARLOW}"),
            False,
        ),
    ],
)
def test_bare_surname(articles: tuple[str, ...], joined: bool) -> None:
    """A bare surname joins the only person so named, with a title, body or person in common; never alone."""
    made = linked(*articles)
    (last,) = {r["entity_id"] for r in made["mentions"].to_pylist() if r["name"] in ("Ferro", "Ana")}
    full = {r["entity_id"] for r in made["mentions"].to_pylist() if r["name"] == "Ana Ferro"}
    assert (last in full) is joined


def test_each_bare_surname_needs_its_own_sign() -> None:
    """What ties one article's bare surname to a person ties no other article's."""
    made = linked(*FULL, f"[PERSON:Ferro] and {RSN}", "[PERSON:Ferro] alone", "nobody but [PERSON:Ferro]")
    unsure = ("across_articles", "unsure")
    assert judged(made, "bare_surname") == [("across_articles", "positive"), unsure, unsure]


def test_bare_surname_of_the_one_whom_nearly_all_mean() -> None:
    """Of several people of one name, the one whom nearly all articles name can be meant; still with a sign."""
    many = [f"[PERSON:Ana Ferro] of {RSN} {n}" for n in range(19)]
    made = linked(*many, "[PERSON:Leo Ferro] elsewhere", f"[PERSON:Ferro] and {RSN}")
    row = entity(made, "Ana Ferro")
    assert (row["n_articles"], row["weakest_link"]) == (20, "medium")
    assert "the bare surname 'Ferro' of another article was added" in row["review_reason"]
    assert judged(made, "bare_surname") == [("across_articles", "positive")]


def test_bare_surname_with_a_sign_of_two_people() -> None:
    """A sign that the article shares with another person of the name, too, decides nothing."""
    many = [f"[PERSON:Minister:Ana Ferro] {n}" for n in range(12)]
    assert judged(linked(*many, "[PERSON:Minister:Ferro]"), "bare_surname") == [("across_articles", "positive")]
    made = linked(*many, "[PERSON:Minister:Leo Ferro]", "[PERSON:Minister:Ferro]")
    assert judged(made, "bare_surname") == [("across_articles", "unsure")]


# --- what the tables say -------------------------------------------------------------------------------------
def test_links_and_bases_of_alike_names() -> None:
    """The mention says how it joined, the link why, in one sentence; the entity is medium."""
    made = linked(f"[PERSON:Ivan Karimov] of {RSN}", f"[PERSON:Ivan Karinov], {RSN}", f"{RSN}, [PERSON:Ivan Karimow]")
    bases = {r["name"]: r["link_basis"] for r in made["mentions"].to_pylist()}
    assert bases == {
        "Ivan Karimov": "exact",
        "Ivan Karinov": "spelling",
        "Ivan Karimow": "translit",
        "Rivers Sea Network": "exact",
    }
    (row,) = [r for r in made["links"].to_pylist() if r["rule"] == "alike_typo"]
    assert row["summary"] == (
        "'Ivan Karinov' is taken for 'Ivan Karimov' in all articles: karimov and karinov: one letter differs; "
        "articles of both name 'Rivers Sea Network'."
    )
    assert entity(made, "Ivan Karimov")["weakest_link"] == "medium"


def test_the_form_of_most_articles_names_the_entity_and_its_id_stays() -> None:
    """A frequent form names the entity; the id is that of the fullest, so that counts cannot move it."""
    few = linked("[PERSON:Ivan Karimov] one", "[PERSON:Ivan Karimow] two")
    more = linked("[PERSON:Ivan Karimov] one", "[PERSON:Ivan Karimow] two", "[PERSON:Ivan Karimow] three")
    assert few["entities"]["name"].to_pylist() == ["Ivan Karimov"]
    assert more["entities"]["name"].to_pylist() == ["Ivan Karimow"]
    assert few["entities"]["entity_id"] == more["entities"]["entity_id"]


# --- blocks --------------------------------------------------------------------------------------------------
def blocks_of(kind: str, *surfaces: str, first: int = 0) -> Blocks:
    """The blocks of names of one kind, numbered from ``first`` on."""
    names = [read(surface, kind) for surface in surfaces]
    return Blocks.of((number, name) for number, name in enumerate(names, first) if name)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("person", "Sergei Borin", "Sergey Borin"),
        ("person", "Bill Ferro", "William Ferro"),
        ("person", "Jusen Borin", "Yusen Borin"),
        ("person", "Kam Jin Sol", "Jin Sol Kam"),
        ("person", "Ivan Karimov", "Ivan Kasimov"),
        ("person", "Juana Maria Reyes", "Juana Reyes"),
        ("organisation", "Kestrel Motors", "Kestrel"),
        ("organisation", "Kestral Motor Watch", "Kestrel Motor Watch"),
        ("organisation", "Good Haven Fund", "Goodhaven Fund"),
        ("place", "Karlowburg", "Karlawburg"),
    ],
)
def test_alike_names_share_a_block(kind: str, one: str, other: str) -> None:
    """What could be joined is compared."""
    assert blocks_of(kind, one, other).candidates().tolist() == [[0, 1]]


def many(count: int) -> list[str]:
    """People of one surname and initial."""
    letters = "abcdefghijklmnop"
    return [f"J{a}{b}{c} Ferro" for a in letters for b in letters for c in letters[:8]][:count]


def test_blocks_stay_small() -> None:
    """Many people of one surname and initial are compared with few of them, not with each other."""
    assert len(blocks_of("person", *many(2048)).candidates()) < 64 * 2048


def test_candidates_of_some_are_those_of_all_that_they_are_in() -> None:
    """Names that are asked for get every pair that linking all anew would give them."""
    blocks = blocks_of("person", *many(300))
    pairs = blocks.candidates()
    for some in ([0], [7, 150, 299]):
        wanted = np.array(some)
        assert blocks.candidates(wanted).tolist() == pairs[np.isin(pairs, wanted).any(axis=1)].tolist()


@pytest.mark.parametrize(
    ("before", "after", "told"), [(60, 70, 70), (70, 60, 60), (40, 50, 0), (150, 300, 128), (200, 300, 0)]
)
def test_a_block_that_passes_the_limit_is_compared_anew(before: int, after: int, told: int) -> None:
    """Names whose pairs change when others come or go are told; the pairs of all others stay as they were."""
    then, now = (blocks_of("person", *many(count)) for count in (before, after))
    stay = np.arange(min(before, after))
    fewer, more = now.recut(then, np.unique(now.key))
    recut = np.array(sorted(fewer | more), np.int64)
    assert (len(fewer), len(more)) == ((told, 0) if after > before else (0, told))
    untold = np.setdiff1d(stay, recut)

    def among(blocks: Blocks) -> list[list[int]]:
        pairs = blocks.candidates()
        return pairs[np.isin(pairs, untold).all(axis=1)].tolist()

    assert among(then) == among(now)


def test_blocks_with_and_without_names() -> None:
    """Adding and removing names gives the blocks of the names that are left."""
    grown = blocks_of("person", *many(5)).changed(np.array([1, 3]), blocks_of("person", *many(9)[5:], first=5))
    names = many(9)
    fresh = Blocks.of((n, read(names[n], "person")) for n in (0, 2, 4, 5, 6, 7, 8))

    def rows(blocks: Blocks) -> list[tuple[int, int, str]]:
        return sorted(zip(blocks.key.tolist(), blocks.node.tolist(), blocks.finer.to_pylist(), strict=True))

    assert rows(grown) == rows(fresh)
    assert (np.diff(grown.key) >= 0).all()
