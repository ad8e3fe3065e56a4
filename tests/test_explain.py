"""One entity explained: every written form with its reasons, each once, and what was kept apart or left open."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from rich.console import Console

from pipeline.errors import UsageError
from pipeline.link import link
from pipeline.report.explain import context, explain, print_entity
from pipeline.schema import TABLES, conform
from pipeline.settings import LinkSettings
from tests.test_link import make_tables

Row = dict[str, Any]

ARTICLES = (
    "[PERSON::Mina Holt:lawyer] spoke first. Then [PERSON:Ms:Holt] left [GPE:Arvel].",
    "In [GPE:Arvel] [PERSON::Mina Holt:lawyer] wept. “No,” said [PERSON:Ms:Holt].",
    "[PERSON::Myna Holt:lawyer] is in [GPE:Arvel] again.",
    "[PERSON:Mr:Bo Holt] met [PERSON::Mina Holt:lawyer] in [GPE:Arvel], and [PERSON:Holt] smiled.",
    "The [NORP:Arvel] hills are green.",
)


def outputs(folder: Path, *articles: str, entity: Row | None = None, quotes: list[Row] | None = None) -> Path:
    """An output folder with what linking makes of ``articles``; ``entity`` is written over every entity."""
    days = [dt.date(2018, 5, 1 + i) for i in range(len(articles))]
    tables = make_tables(
        *articles, outlet=["The Paper"] * len(articles), paths=[["a.txt"]] * len(articles), published=days
    )
    tables |= link(tables, LinkSettings())
    tables["entities"] = conform("entities", [row | (entity or {}) for row in tables["entities"].to_pylist()])
    if quotes:
        ids = {row["name"]: row["entity_id"] for row in tables["entities"].to_pylist()}
        article = tables["articles"]["article_id"][0].as_py()
        tables["quotes"] = conform(
            "quotes", [{"article_id": article} | q | {"speaker_entity_id": ids[q["speaker_entity_id"]]} for q in quotes]
        )
    for name in TABLES:
        pq.write_table(tables.get(name, conform(name, [])), folder / f"{name}.parquet")
    return folder


def printed(folder: Path, name: str, *, colour: bool = False) -> str:
    out = io.StringIO()
    system = "standard" if colour else None
    print_entity(folder, name, Console(file=out, force_terminal=colour, color_system=system, width=60, _environ={}))
    return out.getvalue()


def test_what_is_printed(tmp_path: Path) -> None:
    """Piped: the header, then every form with its reasons, their number and places, then what is not sure."""
    text = printed(outputs(tmp_path, *ARTICLES), "Mina Holt").splitlines()
    header = {line[:10].strip(): line[10:] for line in text[: text.index("")]}
    assert header["name"] == "Mina Holt"
    assert header["kind"] == "person (PERSON)"
    assert header["named"] == "6 mentions in 4 articles of 1 known outlet, 2018-05-01 to 2018-05-04"
    assert header["certainty"] == "medium (that of the weakest reason below)"
    body = text[text.index("") + 1 :]
    assert body[0] == "why these names are one"
    assert "  'Mina Holt' 3 times, in 3 articles" in body
    assert (
        "    All 4 articles are taken to mean one person: each shares a title, role, acronym or other name with another of them. (high)"
        in body
    )
    at = body.index("  'Holt' 2 times, in 2 articles")
    assert body[at + 1] == (
        "    Taken for 'Mina Holt': the only full name in the article that ends in it. So in 2 articles. (surname, medium)"
    )
    assert sorted(body[at + 2 : at + 4]) == [
        "      The Paper, 2018-05-01: Mina Holt spoke first. Then ⟨Holt⟩ left Arvel.",
        "      The Paper, 2018-05-02: In Arvel Mina Holt wept. “No,” said ⟨Holt⟩.",
    ]
    at = body.index("  'Myna Holt' once")
    assert body[at + 1].startswith("    Taken for 'Mina Holt' in all articles: mina and myna are two spellings")
    assert body[at + 2] == "      The Paper, 2018-05-03: ⟨Myna Holt⟩ is in Arvel again."
    at = body.index("not sure")
    assert body[at + 1].startswith(
        "  'Holt' and 'Mina Holt' may or may not be the same: several names fit. It could be 'Bo Holt' or 'Mina Holt'. (Holt e_"
    )
    assert body[at + 2] == "      The Paper, 2018-05-04: Bo Holt met Mina Holt in Arvel, and ⟨Holt⟩ smiled."[2:]
    assert len(body) == len(set(body) - {""}) + body.count(""), "nothing is said twice"


def test_colours_stand_for_the_marks(tmp_path: Path) -> None:
    """On a terminal the name has a colour and no brackets."""
    text = printed(outputs(tmp_path, *ARTICLES), "Mina Holt", colour=True)
    assert "\x1b[" in text
    assert "⟨" not in text


def test_what_was_kept_apart(tmp_path: Path) -> None:
    """With the reason, the other thing and where that stands."""
    text = printed(outputs(tmp_path, *ARTICLES), "e_" + entity_id(tmp_path, "Arvel", "GPE")[2:])
    assert "kept apart from\n  'Arvel' and 'Arvel' are kept apart: one is a group, the other a place. (Arvel e_" in text
    assert "The ⟨Arvel⟩ hills are green." in text


def test_a_name_that_stands_once(tmp_path: Path) -> None:
    """There is nothing to give reasons for, and no certainty is claimed."""
    text = printed(outputs(tmp_path, "[PERSON:Una Brock] sang."), "Una Brock")
    assert "where it is named\n  'Una Brock' once\n    The Paper, 2018-05-01: ⟨Una Brock⟩ sang." in text
    assert "certainty" not in text


def test_the_same_name_and_nothing_else(tmp_path: Path) -> None:
    """That the name alone holds two articles together is said in plain words."""
    text = printed(outputs(tmp_path, "[PERSON:Una Brock] sang.", "[PERSON:Una Brock] left."), "Una Brock")
    told = "Both articles are taken to mean one person: 2 of them share no title, role, acronym or other name with another."
    assert f"    {told} (medium)\n" in text


def test_a_name_that_repeats_in_its_article(tmp_path: Path) -> None:
    """Its number says so; no line beside it."""
    text = printed(outputs(tmp_path, "[PERSON:Una Brock] sang. Then [PERSON:Una Brock] left."), "Una Brock")
    assert (
        "where it is named\n  'Una Brock' 2 times, in 1 article\n    The Paper, 2018-05-01: ⟨Una Brock⟩ sang." in text
    )
    assert text.count("Una Brock⟩") == 1


def test_a_rarer_spelling_is_explained_where_it_stands(tmp_path: Path) -> None:
    """Whichever of two names a link puts on its left, the reason stands with the rarer, and with its own words."""
    fuller = ARTICLES[2].replace("Myna", "Minna")
    text = printed(outputs(tmp_path, *ARTICLES[:2], fuller), "Mina Holt")
    told = text[text.index("  'Minna Holt' once\n") :].splitlines()
    assert told[1].startswith("    Taken for 'Mina Holt' in all articles: mina and minna are two spellings")
    assert told[2] == "      The Paper, 2018-05-03: ⟨Minna Holt⟩ is in Arvel again."


def test_review_reasons_and_the_record(tmp_path: Path) -> None:
    """Each doubt has a line of its own; what the knowledge base says is told with its reason."""
    more = {"review_reason": "one doubt; another", "kb_id": None, "kb_reason": "Q1 'Una Brock' bears this name, but"}
    text = printed(outputs(tmp_path, "[PERSON:Una Brock] sang.", entity=more), "Una Brock")
    assert "look at   one doubt\n          another\nrecord    none: Q1 'Una Brock' bears this name, but\n" in text


def test_quotes_without_a_name(tmp_path: Path) -> None:
    """How often it is quoted and how; words that are no name are shown where they stand."""
    said = {"speaker_entity_id": "Una Brock", "speaker": "She", "speaker_start": 16, "speaker_end": 19}
    quotes = [
        {"quote_id": "q_1", "speaker_basis": "pronoun", "text": "No", **said},
        {"quote_id": "q_2", "start": 1, "speaker_basis": "continued", "text": "Never", **said},
    ]
    text = printed(outputs(tmp_path, "[PERSON:Una Brock] sang. She said no.", quotes=quotes), "q_1")
    assert "asked for “No”\nname      Una Brock" in text
    assert "quoted    2 times: 1 as the speaker of the quote before, 1 by a pronoun\n" in text
    assert (
        "quoted without a name\n  By a pronoun: 'She' once.\n    The Paper, 2018-05-01: Una Brock sang. ⟨She⟩ said no."
        in text
    )


def entity_id(folder: Path, name: str, label: str) -> str:
    rows = pq.read_table(folder / "entities.parquet").to_pylist() if (folder / "entities.parquet").exists() else []
    if not rows:
        rows = pq.read_table(outputs(folder, *ARTICLES) / "entities.parquet").to_pylist()
    return next(str(row["entity_id"]) for row in rows if (row["name"], row["label"]) == (name, label))


@pytest.mark.parametrize(
    ("table", "key", "chosen"),
    [
        ("entities", "entity_id", lambda row: row["name"] == "Mina Holt"),
        ("mentions", "mention_id", lambda row: row["name"] == "Myna Holt"),
        ("links", "link_id", lambda row: row["rule"] == "surname" and row["judgement"] == "positive"),
    ],
)
def test_ids_lead_to_the_entity(tmp_path: Path, table: str, key: str, chosen: Callable[[Row], bool]) -> None:
    """An entity's own, that of a mention, and that of a link inside it."""
    folder = outputs(tmp_path, *ARTICLES)
    found = next(row for row in pq.read_table(folder / f"{table}.parquet").to_pylist() if chosen(row))
    assert dict(explain(folder, found[key]).header)["name"] == "Mina Holt"


def test_a_link_between_two_names_both(tmp_path: Path) -> None:
    """What the link says, and the ids of the two."""
    folder = outputs(tmp_path, *ARTICLES)
    found = next(row for row in pq.read_table(folder / "links.parquet").to_pylist() if row["judgement"] == "unsure")
    with pytest.raises(UsageError, match=r"(?s)may or may not be the same.*names 2 entities.* Holt .*Holt "):
        explain(folder, found["link_id"])


@pytest.mark.parametrize(
    ("name", "message"), [("Arvel", "names 2 entities"), ("m_0", "names no entity"), ("", "names no entity")]
)
def test_names_that_are_not_clear(tmp_path: Path, name: str, message: str) -> None:
    """Several are listed; none is said."""
    with pytest.raises(UsageError, match=message):
        explain(outputs(tmp_path, *ARTICLES), name)


@pytest.mark.parametrize(
    ("marked", "told"),
    [
        ("a [name] b", ("a ", "name", " b")),
        (f"{'word ' * 12}[name]{' word' * 12}", (f"…{'word ' * 7}", "name", f"{' word' * 7}…")),
        ("first line\n[name]\nthird", ("", "name", "")),
    ],
)
def test_a_few_words_around(marked: str, told: tuple[str, str, str]) -> None:
    """Whole words, of the same paragraph, with … where more stands."""
    start = marked.index("[")
    end = marked.index("]") - 1
    assert context(marked.replace("[", "").replace("]", ""), start, end) == told
