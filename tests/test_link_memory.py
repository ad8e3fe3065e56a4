"""Linking what is new gives what linking all anew gives, row by row, whatever came, went or changed.

Corpora are drawn by chance from a few names that collide on purpose, and the limits that take a large corpus to reach
are set so low that a small one reaches them. All people and bodies are invented.
"""

from __future__ import annotations

import random
import re
from typing import Any

import pyarrow as pa
import pytest

from pipeline.ids import article_id
from pipeline.link import alike, blocks, link, memory, nodes
from pipeline.schema import MEMORY, conform
from pipeline.settings import LinkSettings
from tests.test_link import make_tables

PERSONS = [
    f"{given} {surname}"
    for given in ("Ivan", "Iwan", "I.", "Irena", "Anna", "Ana", "Bill", "William")
    for surname in ("Borin", "Borina", "Karimov", "Karimow", "Karinov", "Ferro", "Sol", "M. Sol")
]
SURNAMES = ["Borin", "Karimov", "Karimow", "Ferro", "Sol"]
BODIES = ["Rivers Sea Network", "Rivers Sea Netwrok", "RSN", "Royal Sand Nation", "Kestrel Motors", "Kestrel", "Karlow"]
PLACES = ["Karlow", "Karlowburg", "Karlawburg", "Dovrin", "Ferro", "Germany", "Kestrel"]
TITLES = ["", "", "", "Mr", "Mrs", "Minister", "Col."]


def draw_article(rng: random.Random) -> str:
    """A marked-up article of one to six names."""
    told = []
    for _ in range(rng.randint(1, 6)):
        kind = rng.random()
        if kind < 0.5:
            told.append(f"[PERSON:{rng.choice(TITLES)}:{rng.choice(PERSONS)}]")
        elif kind < 0.65:
            told.append(f"[PERSON:{rng.choice(TITLES)}:{rng.choice(SURNAMES)}]")
        elif kind < 0.85:
            body = rng.choice(BODIES)
            told.append(f"[ORG:{body}] ([ORG:RSN])" if rng.random() < 0.3 else f"[ORG:{body}]")
        elif kind < 0.9:
            told.append(rng.choice(("[NORP:German] officials", "[NORP:Germans]", "Germany's [ORG:Interior Ministry]")))
        else:
            told.append(f"[GPE:{rng.choice(PLACES)}]")
        if rng.random() < 0.15:
            told[-1] = re.sub(r":([^:\]]+)\]", lambda found: f":{found[1].upper()}]", told[-1])
    return " and ".join(told) + f" on day {rng.randint(0, 10**9)}."


def draw_decisions(rng: random.Random, paths: list[str]) -> pa.Table:
    """What a person decided: none to three lines, some on names of one article."""
    rows = []
    for line in range(2, 2 + rng.choice((0, 1, 3))):
        kind = rng.choice(("merge", "keep_apart", "keep_apart", "alias", "rename"))
        names = [rng.choice(rng.choice((PERSONS, SURNAMES, BODIES, PLACES))) for _ in range(2)]
        row = {"line": line, "decision": kind, "text": names[0], "article": rng.choice([None, *paths[:3]])}
        row |= {"value": "Ivan the First"} if kind == "rename" else {"other_text": rng.choice(names)}
        row["other_article"] = rng.choice([None, *paths[-3:]]) if kind != "rename" else None
        rows.append(row)
    return conform("corrections", rows)


def draw_corpus(rng: random.Random, articles: list[str], *, decided: bool) -> dict[str, pa.Table]:
    """The tables of marked-up ``articles``, in any order, and decisions on them."""
    rng.shuffle(articles)
    paths = [f"{article_id(article)}.txt" for article in articles]
    tables = make_tables(*articles, paths=[[path] for path in paths])
    return {**tables, "corrections": draw_decisions(rng, sorted(paths) if decided else [])} if decided else tables


def next_run(made: dict[str, pa.Table], before: dict[str, pa.Table], now: dict[str, pa.Table]) -> dict[str, pa.Table]:
    """What ``link`` is given when the last run made ``made`` of ``before`` and the corpus is ``now``."""
    kept = set(before["articles"]["article_id"].to_pylist()) & set(now["articles"]["article_id"].to_pylist())
    held = {row["mention_id"]: row for row in made["mentions"].to_pylist()}
    rows = [held.get(row["mention_id"], row) for row in now["mentions"].to_pylist()]
    return {
        **now,
        **{name: made[name] for name in MEMORY},
        "mentions": conform("mentions", rows),
        "kept": conform("kept", [{"article_id": a} for a in sorted(kept)]),
        "last_entities": made["entities"],
        "last_links": made["links"],
    }


def ids(tables: dict[str, pa.Table]) -> dict[str, Any]:
    """The tables that people read, as rows."""
    return {name: tables[name].to_pylist() for name in ("mentions", "entities", "links", "issues")}


@pytest.mark.parametrize("seed", [*range(40), 115])
def test_what_is_new_is_linked_as_if_all_were(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Articles come and go in four runs, and so do decisions; after each, every row is what one run alone gives."""
    rng = random.Random(seed)
    if seed % 2:
        monkeypatch.setattr(blocks, "_LARGEST_BLOCK", rng.randint(2, 6))
        monkeypatch.setattr(nodes, "_COMMON_ARTICLES", rng.randint(1, 4))
        monkeypatch.setattr(nodes, "TELLING_NAMES", rng.randint(1, 3))
        monkeypatch.setattr(alike, "_DOMINANT_ARTICLES", 2)
        monkeypatch.setattr(alike, "_DOMINANT_SHARE", 0.6)
    articles = [draw_article(rng) for _ in range(rng.choice((5, 15, 40)))]
    tables = draw_corpus(rng, articles, decided=seed % 4 > 1)
    made = link(tables, LinkSettings())
    for _ in range(4):
        articles = [a for a in articles if rng.random() > 0.1] + [draw_article(rng) for _ in range(rng.randint(0, 4))]
        now = draw_corpus(rng, articles, decided=seed % 4 > 1)
        made, tables = link(next_run(made, tables, now), LinkSettings()), now
        assert ids(made) == ids(link(now, LinkSettings()))


def test_linking_again_touches_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Linking is idempotent: with nothing new no name is judged, and every row stays."""
    rng = random.Random(1)
    tables = draw_corpus(rng, [draw_article(rng) for _ in range(30)], decided=False)
    made = link(tables, LinkSettings())
    judged: list[int] = []
    across = memory.link_articles

    def watched(groups: list[Any], *rest: Any) -> Any:
        judged.append(len(groups))
        return across(groups, *rest)

    monkeypatch.setattr(memory, "link_articles", watched)
    assert ids(link(next_run(made, tables, tables), LinkSettings())) == ids(made)
    assert judged == [0]


def test_an_unrelated_article_touches_only_its_own_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new article's names, and what hangs on them, are all that is judged."""
    old = [f"[PERSON:{name}] met [ORG:Rivers Sea Network]." for name in ("Ivan Borin", "Anna Karimov", "Bill Ferro")]
    tables = make_tables(*old)
    made = link(tables, LinkSettings())
    judged: list[set[str]] = []
    across = memory.link_articles

    def watched(groups: list[Any], *rest: Any) -> Any:
        judged.append({group.root.surface for group in groups})
        return across(groups, *rest)

    monkeypatch.setattr(memory, "link_articles", watched)
    now = make_tables(*old, "[PERSON:Irena Sol] met [PERSON:Iwan Borin].")
    link(next_run(made, tables, now), LinkSettings())
    assert judged == [{"Irena Sol", "Iwan Borin", "Ivan Borin"}]


def grown(old: list[str], new: list[str], before: list[dict[str, Any]], now: list[dict[str, Any]]) -> None:
    """Linking ``old`` and then ``new`` gives what linking all anew gives, under the decisions of each run."""
    corpora = []
    for articles, decisions in ((old, before), ([*old, *new], now)):
        tables = make_tables(*articles, paths=[[f"{chr(97 + i)}.txt"] for i in range(len(articles))])
        rows = [{"line": line, **decision} for line, decision in enumerate(decisions, 2)]
        corpora.append({**tables, "corrections": conform("corrections", rows)})
    first = link(corpora[0], LinkSettings())
    assert ids(link(next_run(first, *corpora), LinkSettings())) == ids(link(corpora[1], LinkSettings()))


def test_names_that_are_no_longer_compared_come_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two names that joined are judged anew when their block grows past the limit and is cut between them."""
    monkeypatch.setattr(blocks, "_LARGEST_BLOCK", 2)
    old = [f"[PERSON:{name}] met [ORG:Rivers Sea Network]." for name in ("Ivan Karimov", "Ivan Korimov")]
    assert len(link(make_tables(*old), LinkSettings())["entities"]) == 2
    assert (
        len(link(make_tables(*old, "[PERSON:Ivan Kulnov] met [PERSON:Ivan Kestov]"), LinkSettings())["entities"]) == 5
    )
    grown(old, ["[PERSON:Ivan Kulnov] met [PERSON:Ivan Kestov]"], [], [])


def test_a_decision_reaches_articles_that_it_does_not_quote() -> None:
    """What a decision settles is settled in every article, and open again everywhere when it is gone."""
    old = [
        "[ORG:Harbour] said so.",
        "[ORG:Harbour Relief Fund] said so.",
        "[ORG:Harbour] and [ORG:Harbour Relief Fund] said so.",
    ]
    merge = {"decision": "merge", "text": "Harbour", "article": "a.txt", "other_text": "Harbour Relief Fund"}
    one = [{**merge, "other_article": "b.txt"}]
    for before, now in (([], one), (one, [])):
        grown(old, ["[ORG:Harbour Relief Fund] closed."], before, now)


def test_a_shared_name_is_told_as_it_is_first_written() -> None:
    """An article that writes it otherwise, and comes first, changes what is said of names whose articles it does not touch."""
    old = [f"[PERSON:{name}] met [ORG:Rivers Sea Network]." for name in ("Ivan Karimov", "Ivan Karinov")]
    first = min(article_id(re.sub(r"\[\w+:([^]]+)\]", r"\1", text)) for text in old)
    shouted = (f"RIVERS SEA NETWORK sat on day {day}." for day in range(1000))
    new = next(text for text in shouted if article_id(text) < first)
    grown(old, [new.replace("RIVERS SEA NETWORK", "[ORG:RIVERS SEA NETWORK]")], [], [])
