"""Who speaks where no name stands: pronouns and nouns, a table per rule, traps included. All people are invented."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from pipeline import resources
from pipeline.extract.mentions import find_mentions, title_words
from pipeline.extract.quotes import find_quotes
from pipeline.extract.reference import confidences, resolve
from pipeline.settings import ExtractSettings
from tests.factories import ROOT, make_article

SETTINGS = ExtractSettings()
GOLD = ROOT / "tests" / "gold" / "speakers"


def speakers(*paragraphs: str, zones: dict[int, str] | None = None) -> list[dict[str, Any]]:
    """The quotes whose speaker is no name where it stands, with ``named``: the words of the mention found."""
    article = make_article(*paragraphs, zones=zones)
    mentions = find_mentions(article, SETTINGS).rows
    quotes = find_quotes(article, mentions, SETTINGS).rows
    open_ = [q for q in quotes if q.get("speaker") and not q.get("speaker_mention_id")]
    resolve(article, mentions, quotes)
    names = {m["mention_id"]: m for m in mentions}
    for quote in open_:
        mention = names.get(quote["speaker_mention_id"])
        quote["named"] = mention and article.clean_text[mention["start"] : mention["end"]]
    return open_


def last(*paragraphs: str) -> tuple[str | None, str | None]:
    """Who the last such speaker is found to be, and by which rule."""
    quote = speakers(*paragraphs)[-1]
    return quote["named"], quote.get("speaker_rule")


@pytest.mark.parametrize(
    ("text", "named", "rule"),
    [
        ("Mrs Abara came late. She said that the road was closed.", "Abara", "only one fits"),
        ("Clara Wendt came late. She said that the road was closed.", "Clara Wendt", "only one fits"),
        ("The actress Tirza Omolade came. She said that it was late.", "Tirza Omolade", "only one fits"),
        ("Tirza Omolade came late. She said that the road was closed.", "Tirza Omolade", "only one"),
        ("Thomas Grell met Julia Sand. She said that all was well.", "Julia Sand", "only one fits"),
        ("Thomas Grell met Julia Sand. He said that all was well.", "Thomas Grell", "only one fits"),
        ("Peter Voss sat in the hall. He was tired. He said that it was late.", "Peter Voss", "only one fits"),
        ("Clara Wendt came late. He said that the road was closed.", None, None),
        ("Karl Ewald and Stefan Moor came. He said that it was over.", None, None),
        ("A woman came to the gate. She said that it was over.", None, None),
        ("Peter Voss saw one of them. A guard came. He said that it was over.", None, None),
        ("Nobody came. He said that it was over.", None, None),
    ],
)
def test_only_one_fits(text: str, named: str | None, rule: str | None) -> None:
    """Titles, nouns and given names tell the gender; an unknown one fits both; of two who fit neither is taken."""
    assert last(text) == (named, rule)


@pytest.mark.parametrize(
    ("paragraphs", "named"),
    [
        (["Simon Falk said that Robert Stein had left. He added that it was late."], "Simon Falk"),
        (["“Robert Stein has left,” said Simon Falk. “It was late,” he added."], "Simon Falk"),
        (
            ["Frank Idris said that it was cold.", "George Abel said that it was warm.", "He added that it was June."],
            "George Abel",
        ),
        (["Simon Falk said that it rained. Robert Stein stood at the door. He said that it was late."], "Robert Stein"),
        (["Simon Falk said that Robert Stein was right when he said that the dam would break."], None),
        (["Alexi Roe said that it rained. The dog barked at Laura Stamm. She said that it was late."], None),
        (["A spokesman for Carlos Vega said that it was late. He added that it was cold."], None),
    ],
)
def test_speaks_on(paragraphs: list[str], named: str | None) -> None:
    """Whom somebody speaks of does not take the word from him; the subject of a sentence since then does."""
    assert last(*paragraphs)[0] == named


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Hugo Brandt thanked Walter Simm. He said that it was late.", "Hugo Brandt"),
        ("While Hugo Brandt slept, the guard woke Walter Simm. He said that it was late.", None),
        ("Hugo Brandt met Walter Simm. It rained. The hall was cold. Nobody spoke. He said that it was late.", None),
        ("Laura Stamm sat beside an old woman. “The bread is gone,” she said.", None),
        ("Alexi Roe described Laura Stamm as a fool after she said that the dam was safe.", None),
    ],
)
def test_subject_before(text: str, named: str | None) -> None:
    """Of two the subject of a main clause close before; not where it is hidden, far, or somebody new came in."""
    assert last(text)[0] == named


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("“Victor Lund is a coward,” reads the wall. He said that it was nothing.", None),
        ("“I saw Tom Beck fall,” Jack Rowe said. “He fell like a stone,” he said.", "Jack Rowe"),
        ("Asked about Rolf Menk, he said that the case was closed.", None),
        ("In a letter to Rolf Menk, he said that the case was closed.", None),
        ("When Rolf Menk came home, he said that the case was closed.", "Rolf Menk"),
        ("As he left, he said that it was late. Rolf Menk had waited for hours.", None),
        ("Karl Ewald came. He and his wife said that it was late.", None),
    ],
)
def test_points_of_view(text: str, named: str | None) -> None:
    """Names inside quotation marks, in an aside before the subject, or behind the pronoun are not meant."""
    assert last(text)[0] == named


@pytest.mark.parametrize(
    ("text", "named", "rule"),
    [
        ("Foreign Minister Ann Bell left. The minister said that it was late.", "Ann Bell", "told before"),
        ("Ann Bell, a lawyer for the families, left. The lawyer said that it was late.", "Ann Bell", "told before"),
        ("Ann Bell is a farmer. The farmer said that it was late.", "Ann Bell", "told before"),
        ("Gov. Frank Lane left. The governor said that it was late.", "Frank Lane", "told before"),
        ("Emma Roth, 34, left. The 34-year-old said that it was late.", "Emma Roth", "age before"),
        ("Foreign Minister Ann Bell met Interior Minister Jan Kolb. The minister said that it was late.", None, None),
        (
            "Foreign Minister Ann Bell met Interior Minister Jan Kolb. The interior minister said that it was late.",
            "Jan Kolb",
            "told before",
        ),
        ("Former President Adam Wick came. The president said that it was late.", None, None),
        ("Foreign Minister Ann Bell left. The finance minister said that it was late.", None, None),
        ("A minister came. Foreign Minister Ann Bell left. The minister said that it was late.", None, None),
        ("The minister said that it was late. Foreign Minister Ann Bell left.", None, None),
        ("Foreign Minister Ann Bell left. A minister said that it was late.", None, None),
        ("Foreign Minister Ann Bell left. The minister and his aide said that it was late.", None, None),
        ("Foreign Minister Ann Bell left. The minister of Norland said that it was late.", None, None),
        ("Ida Moor, 41, and Lea Moor, 41, left. The 41-year-old said that it was late.", None, None),
        ("The spokeswoman, Tessa Klein, left. The spokesman said that it was late.", None, None),
        ("Rep. Paul Ende left. The congresswoman said that it was late.", None, None),
    ],
)
def test_told_before(text: str, named: str | None, rule: str | None) -> None:
    """A definite noun is the one person called so before, with all that the noun says and no less."""
    assert last(text) == (named, rule)


@pytest.mark.parametrize(
    ("text", "named", "rule"),
    [
        ("The Lake Committee met. The committee said that it was late.", "Lake Committee", "noun of name"),
        ("Northgate Mining closed the pit. The company said that it was late.", "Northgate Mining", "only body"),
        ("The Lake Committee said that it rained. It added that it was late.", "Lake Committee", "body speaks on"),
        ("The Lake Committee said that it rained. They said that it was late.", "Lake Committee", "body speaks on"),
        ("The Lake Committee met. The company said that it was late.", None, None),
        ("The Lake Committee met the Road Committee. The committee said that it was late.", None, None),
        ("Residents said that it rained. It said that it was late.", None, None),
        (
            "The Lake Committee said that it rained. Officials said that it was dry. They said that it was late.",
            None,
            None,
        ),
        ("Peter Voss said that it rained. They said that it was late.", None, None),
    ],
)
def test_bodies(text: str, named: str | None, rule: str | None) -> None:
    """It and they are the body that spoke last; a noun is the body that bears it, or the only one in play."""
    assert last(text) == (named, rule)


def test_what_comes_later_is_not_meant() -> None:
    """Another minister further down does not make the first one unsure."""
    text = (
        "Foreign Minister Ann Bell left. The minister said that it was late. She then met Interior Minister Jan Kolb."
    )
    assert last(text) == ("Ann Bell", "told before")


def test_what_is_far_or_elsewhere_is_out_of_play() -> None:
    """Nobody comes from farther back than the paragraph before, nor from another zone."""
    said = "He said that it was late."
    assert last("Peter Voss came.", said)[0] == "Peter Voss"
    assert last("Peter Voss came.", "It rained.", said)[0] is None
    assert speakers("Peter Voss comes.", said, zones={0: "title"})[-1]["named"] is None


def test_a_surname_of_two_names_nobody() -> None:
    """The mention is the last that can be no one else's."""
    text = "Irena Dolgan, a lawyer, came. Dolgan spoke. She said that Marek Dolgan had left."
    assert last(text)[0] == "Irena Dolgan"
    assert last(text.replace("Marek Dolgan", "Marek Voss"))[0] == "Dolgan"


def test_the_row_says_how_or_why_not() -> None:
    """Words, span and basis stay; a found speaker has rule and confidence, an open one the reason."""
    found, open_ = speakers(
        "Mrs Abara came. She said that it was late.", "Karl Ewald and Stefan Moor came. He said that it was June."
    )
    assert (found["speaker"], found["speaker_basis"], found["unresolved_reason"]) == ("She", "pronoun", None)
    assert (found["speaker_rule"], found["speaker_confidence"]) == ("only one fits", "high")
    assert open_.get("speaker_rule") is None
    assert "'he' may be" in open_["unresolved_reason"]


def test_parts_of_one_statement_have_one_speaker() -> None:
    """What the cue splits shares the speaker found."""
    parts = speakers("Clara Wendt came late. “We grind,” she said, “for forty farms.”")
    assert [(p["named"], p["speaker_basis"]) for p in parts] == [
        ("Clara Wendt", "pronoun"),
        ("Clara Wendt", "continued"),
    ]


def test_a_name_is_left_as_it_is() -> None:
    """A speaker who is named gets no rule."""
    article = make_article("Ann Bell came. Ann Bell said that it was late.")
    mentions = find_mentions(article, SETTINGS).rows
    quotes = find_quotes(article, mentions, SETTINGS).rows
    before = [dict(q) for q in quotes]
    resolve(article, mentions, quotes)
    assert quotes == before


def test_every_rule_is_documented() -> None:
    """The rules that the tables above name are those of the codebook."""
    assert set(confidences()) == {
        "only one fits", "only one", "speaks on", "subject before", "body speaks on",
        "told before", "age before", "noun of name", "only body",
    }  # fmt: skip


def test_genders_are_one_to_a_word() -> None:
    """A word has one gender; words for roles that both have are not among the nouns."""
    rows = resources.rows("genders.csv")
    assert max(Counter((row["word"], row["part"]) for row in rows).values()) == 1
    assert {row["gender"] for row in rows} == {"f", "m"}
    nouns = {row["word"] for row in rows if row["part"] == "noun"}
    assert not nouns & {"doctor", "nurse", "minister", "officer", "lawyer"}
    assert nouns & title_words()["role"]


def passages() -> list[dict[str, Any]]:
    return [p for path in sorted(GOLD.glob("*.json")) for p in json.loads(path.read_text("utf8"))]


def test_the_gold_stands_in_its_text_and_has_its_splits() -> None:
    """Every speaker and every name meant is in the passage; a third is held out; ids are unique."""
    for passage in passages():
        for quote in passage["quotes"]:
            assert quote["text"] in passage["text"], passage["id"]
            assert quote["speaker"] in passage["text"], passage["id"]
            assert (quote["speaker_entity"] or "") in passage["text"], passage["id"]
    splits = Counter(p["split"] for p in passages())
    assert splits["held"] * 3 >= len(passages()) - 5
    assert len({p["id"] for p in passages()}) == len(passages())
