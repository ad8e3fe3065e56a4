"""A person's decisions on who is who: followed last, whatever the rules say, and each told what became of it.

Articles are written with their mentions marked, as in ``test_link``. All people and bodies are invented.
"""

from __future__ import annotations

import random
from typing import Any

import pyarrow as pa
import pytest

from pipeline.link import link
from pipeline.schema import check, conform
from pipeline.settings import LinkSettings
from tests.test_link import clusters, make_tables

Made = dict[str, pa.Table]


def decide(articles: list[str], *decisions: dict[str, Any]) -> Made:
    """What linking makes of ``articles`` (a.txt, b.txt, ... in this order) under ``decisions`` (lines 2, 3, ...)."""
    tables = make_tables(*articles, paths=[[f"{chr(97 + i)}.txt"] for i in range(len(articles))])
    rows = [{"line": i, **decision} for i, decision in enumerate(decisions, 2)]
    made = link({**tables, "corrections": conform("corrections", rows)}, LinkSettings())
    for name, table in made.items():
        check(name, table)
    return made


def of(decision: str, text: str, other: str | None = None, **more: str) -> dict[str, str | None]:
    return {"decision": decision, "text": text, "other_text": other, **more}


def states(made: Made) -> list[str]:
    """What became of the decisions, in the order of their lines."""
    rows = sorted(made["issues"].to_pylist(), key=lambda row: row["path"])
    return [row["code"].removeprefix("correction_") for row in rows]


def message(made: Made, line: int = 2) -> str:
    (row,) = [row for row in made["issues"].to_pylist() if row["path"] == f"corrections.csv:{line}"]
    return str(row["message"])


def entity_of(made: Made, *, name: str, nth: int = 0) -> dict[str, Any]:
    """The row of entities that the nth mention of a name, in text order of the table, belongs to."""
    ids = [row["entity_id"] for row in made["mentions"].to_pylist() if row["name"] == name]
    return dict(next(row for row in made["entities"].to_pylist() if row["entity_id"] == ids[nth]))


BELL = "[PERSON:Anna Bell] spoke. [PERSON:Bell] left for [GPE:Dovrin]."
CELL = "[PERSON:Tom Cray] wept in [GPE:Arl]. [PERSON:Cray] left."
BODY = "The [ORG:Valley Aid Network] ([ORG:VAN]) met."


@pytest.mark.parametrize(
    ("articles", "decision", "state", "said"),
    [
        ([BELL, CELL], of("merge", "Anna Bell", "Tom Cray"), "applied", "done"),
        ([BELL], of("merge", "Bell", "Anna Bell"), "already_true", "the rules came to the same"),
        ([BELL], of("merge", "Anna Bell", "Ada Fox"), "obsolete", "no name 'Ada Fox' is read in any article"),
        ([BELL], of("merge", "Anna Bell", "Bell", other_article="z.txt"), "obsolete", "in z.txt"),
        (
            [BELL, "[PERSON:Ben Bell] sang. [PERSON:Bell] slept.", CELL],
            of("merge", "Bell", "Tom Cray"),
            "ambiguous",
            "'Bell' fits 2 things: 'Anna Bell' (in",
        ),
        (
            [BELL, "[PERSON:Ben Bell] sang. [PERSON:Bell] slept.", CELL],
            of("merge", "Bell", "Tom Cray", article="b.txt"),
            "applied",
            "done",
        ),
        ([BELL], of("keep_apart", "Anna Bell", "Bell"), "applied", "done"),
        ([BELL, CELL], of("keep_apart", "Anna Bell", "Tom Cray"), "already_true", "the rules came to the same"),
        ([BELL, CELL], of("keep_apart", "Anna Bell", "Ada Fox"), "obsolete", "no name 'Ada Fox'"),
        ([BELL], of("rename", "Bell", value="Anna J. Bell"), "applied", "done"),
        ([BELL], of("rename", "Bell", value="Anna Bell"), "already_true", "the rules"),
        ([BELL], of("rename", "Ada Fox", value="Ada"), "obsolete", "no name 'Ada Fox'"),
        (
            [BELL, "[PERSON:Ben Bell] sang. [PERSON:Bell] slept."],
            of("rename", "Bell", value="B"),
            "ambiguous",
            "article",
        ),
        ([BODY, "The [ORG:Fund] met.", "The [ORG:Fund] sat."], of("alias", "Fund", "VAN"), "applied", "done"),
        ([BODY], of("alias", "VAN", "Valley Aid Network"), "already_true", "the rules"),
        ([BODY], of("alias", "Fund", "Valley Aid Network"), "obsolete", "no name 'Fund'"),
        (
            ["[ORG:Ore Fund] met. The [ORG:Fund] sat.", "[ORG:Elm Fund] met. The [ORG:Fund] sat.", BODY],
            of("alias", "Fund", "VAN"),
            "ambiguous",
            "'Fund' fits 2 things",
        ),
    ],
)
def test_every_decision_has_one_outcome(articles: list[str], decision: dict[str, Any], state: str, said: str) -> None:
    """And says in words why, with what would make it clear."""
    made = decide(articles, decision)
    assert states(made) == [state]
    assert said in message(made)
    severity = "info" if state in ("applied", "already_true") else "warning"
    assert made["issues"]["severity"].to_pylist() == [severity]


def test_merged_names_are_one_entity_whatever_their_kinds() -> None:
    """It has the fuller name and its id; what was moved there says so, and the link says who decided."""
    articles = ["[PERSON:Anna Maria Bell] spoke.", "[ORG:Bell Fund] closed."]
    before = decide(articles)
    made = decide(articles, of("merge", "Bell Fund", "Anna Maria Bell", note="seen in the register"))
    assert clusters(made) == {frozenset({"Anna Maria Bell", "Bell Fund"})}
    row = entity_of(made, name="Bell Fund")
    assert row["entity_id"] == entity_of(before, name="Anna Maria Bell")["entity_id"]
    assert row["confirmed"]
    bases = {r["name"]: r["link_basis"] for r in made["mentions"].to_pylist()}
    assert bases["Bell Fund"] == "correction"
    (link_row,) = [r for r in made["links"].to_pylist() if r["decided_by"] == "correction"]
    assert (link_row["judgement"], link_row["rule"], link_row["right_id"]) == ("positive", "merge", row["entity_id"])
    assert link_row["summary"] == "'Bell Fund' is taken for 'Anna Maria Bell': a person decided so."
    assert link_row["reasons"] == ["a person decided so", "seen in the register"]


def test_a_name_cut_loose_stays_in_its_article() -> None:
    """A surname that hangs on the full name beside it is an entity of its own; the full name keeps its id."""
    before = decide([BELL, BELL + " Again."])
    made = decide([BELL, BELL + " Again."], of("keep_apart", "Bell", "Anna Bell", article="a.txt"))
    assert entity_of(made, name="Anna Bell")["entity_id"] == entity_of(before, name="Anna Bell")["entity_id"]
    ids = {r["entity_id"] for r in made["mentions"].to_pylist() if r["name"] == "Bell"}
    assert len(ids) == 2
    loose = next(r for r in made["mentions"].to_pylist() if r["link_basis"] == "correction")
    assert loose["name"] == "Bell"
    (row,) = [r for r in made["links"].to_pylist() if r["decided_by"] == "correction"]
    assert (row["judgement"], row["blocked_by"]) == ("negative", "cannot_link")
    positive = [
        r for r in made["links"].to_pylist() if r["left_id"] == loose["mention_id"] and r["judgement"] == "positive"
    ]
    assert not positive, "no link says that they are one"


MAYOR = "Mayor [PERSON:Mayor:Ada Fox] spoke in [GPE:Dovrin] about the [ORG:Valley Aid Network]."
SINGER = "The singer [PERSON:singer:Ada Fox] sang in [GPE:Arl] for [ORG:Radio Arl]."


def test_two_people_of_one_name() -> None:
    """The left side stays, the right becomes another; articles with a second sign of one side go with it."""
    articles = [MAYOR, SINGER, MAYOR + " Twice.", SINGER + " Twice.", "[PERSON:Ada Fox] was seen."]
    before = decide(articles)
    made = decide(articles, of("keep_apart", "Ada Fox", "Ada Fox", article="a.txt", other_article="b.txt"))
    paths = dict(
        zip(*(make_tables(*articles)["articles"][c].to_pylist() for c in ("article_id", "article_id")), strict=True)
    )
    ids = make_tables(*articles)["articles"]["article_id"].to_pylist()
    found: dict[str, set[str]] = {}
    for row in made["mentions"].to_pylist():
        if row["name"] == "Ada Fox":
            found.setdefault(row["entity_id"], set()).add("abcde"[ids.index(paths[row["article_id"]])])
    assert sorted(map(sorted, found.values())) == [["a", "c"], ["b", "d"], ["e"]]
    old = entity_of(before, name="Ada Fox")["entity_id"]
    assert found[old] == {"a", "c"}
    (alone,) = [row for row in made["entities"].to_pylist() if found.get(row["entity_id"]) == {"e"}]
    assert "nothing tells which of them this is" in alone["review_reason"]


def test_keep_apart_is_stricter_than_merge() -> None:
    """A chain of merges that would cross it is left alone, both sides named; other merges go on."""
    articles = [BELL, CELL, "[PERSON:Ada Fox] sang.", "[PERSON:Ivo Lind] sat.", "[PERSON:Otto Lind] stood."]
    made = decide(
        articles,
        of("merge", "Anna Bell", "Ada Fox"),
        of("merge", "Ada Fox", "Tom Cray"),
        of("keep_apart", "Anna Bell", "Tom Cray"),
        of("merge", "Ivo Lind", "Otto Lind"),
    )
    assert states(made) == ["conflicting", "conflicting", "already_true", "applied"]
    assert "corrections.csv:4" in message(made, 2)
    assert frozenset({"Ivo Lind", "Otto Lind"}) in clusters(made)


def test_two_names_for_one() -> None:
    """Neither is given."""
    made = decide([BELL], of("rename", "Anna Bell", value="A"), of("rename", "Bell", value="B"))
    assert states(made) == ["conflicting", "conflicting"]
    assert entity_of(made, name="Bell")["name"] == "Anna Bell"
    assert "corrections.csv:3" in message(made, 2)


def test_context_tells_two_bearers_in_one_article_apart() -> None:
    """The same word twice: what the person left open stays open."""
    text = "[PERSON:Bell] the judge rose. [PERSON:Bell] the thief sat. [PERSON:Bell] spoke."
    made = decide([text], of("keep_apart", "Bell", "Bell", context="Bell the judge rose"))
    ids = [row["entity_id"] for row in made["mentions"].to_pylist()]
    assert ids[0] != ids[1] == ids[2]
    made = decide(
        [text + " [PERSON:Cray] heard it."],
        of("keep_apart", "Bell", "Bell", context="Bell the judge"),
        of("merge", "Bell", "Cray", context="Bell the judge"),
    )
    ids = [row["entity_id"] for row in made["mentions"].to_pylist()]
    assert ids[0] == ids[3] != ids[1]
    assert states(made) == ["applied", "applied"]


def test_the_order_of_decisions_and_their_lines_move_nothing() -> None:
    articles = [MAYOR, SINGER, BELL, CELL]
    decisions = [
        of("keep_apart", "Ada Fox", "Ada Fox", article="a.txt", other_article="b.txt"),
        of("merge", "Anna Bell", "Tom Cray"),
        of("rename", "Cray", value="T. Cray"),
    ]
    one, other = decide(articles, *decisions), decide(articles, *reversed(decisions))
    for name in ("mentions", "entities", "links"):
        assert one[name].equals(other[name])


def test_without_its_decisions_everything_is_as_the_rules_made_it() -> None:
    tables = make_tables(MAYOR, SINGER, BELL, CELL)
    plain = link(tables, LinkSettings())
    none = link({**tables, "corrections": conform("corrections", [])}, LinkSettings())
    assert all(plain[name].equals(none[name]) for name in plain)


PEOPLE = ["Anna Bell", "Bell", "A. Bell", "Ana Bell", "Anna M. Bell", "Anne Bell", "Tom Bell", "Mr Bell"]
BODIES = ["Valley Aid Network", "VAN", "Network", "Valley Aid Networks", "Vale Art Nest"]


def some_corpus(dice: random.Random) -> list[str]:
    articles = []
    for i in range(dice.randint(2, 6)):
        names = [
            f"[PERSON:{dice.choice(['', 'Mayor', 'Mrs'])}:{dice.choice(PEOPLE)}]" for _ in range(dice.randint(1, 5))
        ]
        names += [f"[ORG:{dice.choice(BODIES)}]" for _ in range(dice.randint(0, 4))]
        if dice.random() < 0.4:
            names.append("[ORG:Valley Aid Network] ([ORG:VAN])")
        dice.shuffle(names)
        articles.append(f"No. {i}: " + " met. ".join(names))
    return articles


@pytest.mark.parametrize("seed", range(150))
def test_a_keep_apart_decision_is_never_crossed(seed: int) -> None:
    """Not through a third name, a chain of merges, an acronym or an alias, in corpora thrown together at random."""
    dice = random.Random(seed)
    articles = some_corpus(dice)
    pick = lambda: dice.choice(PEOPLE + BODIES)  # noqa: E731
    where = lambda: dice.choice([None, *(f"{chr(97 + i)}.txt" for i in range(len(articles)))])  # noqa: E731
    decisions = []
    for _ in range(dice.randint(1, 8)):
        kind = dice.choice(["keep_apart", "keep_apart", "merge", "alias"])
        one = {"decision": kind, "text": pick(), "article": where(), "other_text": pick(), "other_article": where()}
        if (one["text"], one["article"]) != (one["other_text"], one["other_article"]):
            decisions.append(one)
    made = decide(articles, *decisions)
    told = dict(zip(range(2, 20), states(made), strict=False))
    ids = make_tables(*articles)["articles"]["article_id"].to_pylist()
    for line, one in enumerate(decisions, 2):
        if one["decision"] != "keep_apart" or told[line] in ("obsolete", "ambiguous"):
            continue
        sides = [
            {
                (r["mention_id"], r["entity_id"])
                for r in made["mentions"].to_pylist()
                if r["name"] == one[text] and one[article] in (None, f"{chr(97 + ids.index(r['article_id']))}.txt")
            }
            for text, article in (("text", "article"), ("other_text", "other_article"))
        ]
        if sides[0] < sides[1]:
            sides[1] -= sides[0]
        elif sides[1] < sides[0]:
            sides[0] -= sides[1]
        left, right = ({entity for _, entity in side} for side in sides)
        assert not left & right, (seed, one, told[line])


JUDGE = "The judge [PERSON:judge:Lejla Karsavi] spoke in [GPE:Dovrin] for the [ORG:Valley Aid Network]."
LEYLA = "The singer [PERSON:singer:Leyla Karsavi] sang in [GPE:Arl] for [ORG:Radio Arl]."
LEILA = "The singer [PERSON:singer:Leila Karsavi] sang again in [GPE:Arl] for [ORG:Radio Arl]."


def test_another_way_of_writing_goes_with_the_side_whose_signs_it_shares() -> None:
    """Three spellings that the rules take for one: the third goes with the singer; the links name what is there."""
    assert frozenset({"Lejla Karsavi", "Leyla Karsavi", "Leila Karsavi"}) in clusters(decide([JUDGE, LEYLA, LEILA]))
    made = decide([JUDGE, LEYLA, LEILA], of("keep_apart", "Leyla Karsavi", "Lejla Karsavi"))
    assert {frozenset({"Lejla Karsavi"}), frozenset({"Leyla Karsavi", "Leila Karsavi"})} <= clusters(made)
    (row,) = [r for r in made["links"].to_pylist() if r["decided_by"] == "correction"]
    sides = [entity_of(made, name=name)["entity_id"] for name in ("Leyla Karsavi", "Lejla Karsavi")]
    assert [row["left_id"], row["right_id"]] == sides


def test_what_is_apart_from_the_same_others_stays_together() -> None:
    """B is neither A nor C: nobody said that A is not C, and the rules took them for one."""
    articles = [f"[PERSON:Ada Fox] spoke in [GPE:{place}]." for place in ("Arl", "Borm", "Cesk")]
    sides = {"text": "Ada Fox", "other_text": "Ada Fox", "article": "b.txt"}
    made = decide(
        articles,
        {"decision": "keep_apart", **sides, "other_article": "a.txt"},
        {"decision": "keep_apart", **sides, "other_article": "c.txt"},
    )
    ids = make_tables(*articles)["articles"]["article_id"].to_pylist()
    found = {r["article_id"]: r["entity_id"] for r in made["mentions"].to_pylist() if r["name"] == "Ada Fox"}
    assert found[ids[0]] == found[ids[2]] != found[ids[1]]


def test_a_merge_settles_the_doubts_between_its_sides() -> None:
    """ "Bell" that could stand for two people is one of them: nothing is left to review, nor unsure."""
    articles = ["[PERSON:Anna Bell] met [PERSON:Ben Bell]. [PERSON:Bell] left."]
    assert entity_of(decide(articles), name="Bell")["review_reason"]
    made = decide(articles, of("merge", "Bell", "Anna Bell"))
    assert entity_of(made, name="Bell")["review_reason"] is None
    unsure = {r["right_id"] for r in made["links"].to_pylist() if r["judgement"] == "unsure"}
    of_anna = {r["mention_id"] for r in made["mentions"].to_pylist() if r["name"] == "Anna Bell"}
    assert not unsure & of_anna


def test_a_decision_settles_the_doubts_about_its_names() -> None:
    """What a person kept apart is nothing to look at any more; nor is who else a name that was given to one may be."""
    bell = "[PERSON:Anna Bell] and [PERSON:Ben Bell] met, says a note. [GPE:Arl] knows [PERSON:Bell]."
    open_ = decide([bell])
    assert "could stand for 'Anna Bell' or 'Ben Bell'" in str(entity_of(open_, name="Bell")["review_reason"])
    both = of("keep_apart", "Bell", "Anna Bell"), of("keep_apart", "Bell", "Ben Bell")
    assert entity_of(decide([bell], *both), name="Bell")["review_reason"] is None
    given = decide([bell], of("merge", "Bell", "Ben Bell"))
    assert [row for row in given["links"].to_pylist() if row["judgement"] == "unsure"] == []


def test_a_merge_of_the_very_names_that_are_kept_apart_is_conflicting() -> None:
    """It is told as that, with the line, not as words that fit several things."""
    made = decide([BELL], of("keep_apart", "Anna Bell", "Bell"), of("merge", "Bell", "Anna Bell"))
    assert states(made) == ["applied", "conflicting"]
    assert "corrections.csv:2 keeps apart" in message(made, 3)
