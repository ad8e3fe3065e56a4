"""A knowledge base: which lines are records, which record an entity is, and why; wrong is worse than open."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.errors import UsageError
from pipeline.link import link
from pipeline.link.knowledge import knowledge
from pipeline.read.knowledge import read_knowledge
from pipeline.schema import KNOWLEDGE, check, conform
from pipeline.settings import LinkSettings
from tests.factories import MODEL
from tests.test_link import make_tables

Row = dict[str, Any]


# --- the file ------------------------------------------------------------------------------------------------
def read_lines(folder: Path, *lines: Any) -> tuple[list[Row], list[str]]:
    """The records and the messages of a file of ``lines``: text as it is, else as JSON."""
    path = folder / "kb.jsonl"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), "utf8")
    records, issues = read_knowledge(path)
    assert records.schema == KNOWLEDGE.schema
    return records.to_pylist(), [f"{row['severity']} {row['message']}" for row in issues.to_pylist()]


BELL = {"kb_id": "Q1", "label": "Ann Bell", "aliases": ["A. Bell"], "description": "judge", "kinds": ["person"]}


@pytest.mark.parametrize(
    ("line", "row"),
    [
        ({"id": "Q1", "label": "Ann Bell", "aliases": ["A. Bell"], "description": "judge", "types": ["Person"]}, BELL),
        ({"id": " Q1", "label": "Ann  Bell", "aliases": ["A. Bell", ""], "description": "judge", "types": "Q5"}, BELL),
        ({"id": "Q1", "label": "Ann Bell", "aliases": ["A. Bell"], "description": "judge", "instance_of": ["human", "x"]}, BELL),
        (
            {
                "id": "Q1",
                "labels": {"de": {"value": "x"}, "en": {"language": "en", "value": "Ann Bell"}},
                "aliases": {"en": [{"language": "en", "value": "A. Bell"}]},
                "descriptions": {"en": {"value": "judge"}},
                "claims": {"P31": [{"mainsnak": {"datavalue": {"value": {"id": "Q5"}}}}, {"mainsnak": {}}]},
            },
            BELL,
        ),
        ('{"id": "Q1", "labels": {"mul": {"value": "Ann Bell"}}, "aliases": {}},', {**BELL, "aliases": [], "description": None, "kinds": []}),
        ({"id": 7, "label": "Ann Bell"}, {"kb_id": "7", "label": "Ann Bell", "aliases": [], "description": None, "kinds": []}),
        ({"id": "Q1", "label": "Bell", "types": ["Q4167410"]}, {"kb_id": "Q1", "label": "Bell", "aliases": [], "description": None, "kinds": ["none"]}),
    ],
)  # fmt: skip
def test_lines_that_are_records(tmp_path: Path, line: Any, row: Row) -> None:
    """Our form and Wikidata's; types that are not plain are left out."""
    assert read_lines(tmp_path, "[", line, "]") == ([row], [])


GOOD = {"id": "Q9", "label": "Arvel"}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 2: not JSON"),
        ([1], 'line 2: a record must be an object, such as {"id": "Q1", "label": "..."}'),
        ({"label": "Bell"}, "line 2: there is no field `id`"),
        ({"id": True, "label": "Bell"}, "line 2: there is no field `id`"),
        ({"id": "Q1", "label": " "}, "line 2: there is no field `label`"),
        ({"id": "Q1", "labels": {"en": {"value": 3}}}, "line 2: there is no field `label`"),
        ({"id": "Q1", "label": "Bell", "aliases": "B"}, "line 2: the field `aliases` must be a list of texts"),
        ({"id": "Q1", "label": "Bell", "types": [5]}, "line 2: the field `types` must be a list of texts"),
        ({"id": "Q1", "label": "Bell", "description": ["x"]}, "line 2: the field `description` must be text"),
        ({"id": "Q9", "label": "Bell"}, "line 2: the id 'Q9' is that of line 1 too; give each once"),
    ],
)
def test_a_wrong_line_loses_nothing_else(tmp_path: Path, line: Any, message: str) -> None:
    """It is one issue with its place and the fix; the lines around it are read."""
    records, messages = read_lines(tmp_path, GOOD, line, {"id": "Q8", "label": "Dovrin"})
    assert [row["kb_id"] for row in records] == ["Q9", "Q8"]
    assert len(messages) == 1
    assert messages[0].startswith(f"error kb.jsonl, {message}")


def test_records_without_an_english_label_are_counted(tmp_path: Path) -> None:
    """An extract of Wikidata may have many: one warning for all."""
    records, messages = read_lines(tmp_path, *({"id": i, "labels": {"de": {"value": "x"}}} for i in (1, 2)), GOOD)
    assert len(records) == 1
    assert messages == [
        "warning kb.jsonl: 2 record(s) have no English label, so that no name can be found in them; add one"
    ]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """It stops the run before anything is done."""
    with pytest.raises(UsageError, match="cannot be read"):
        read_knowledge(tmp_path / "none.jsonl")


# --- which record an entity is -------------------------------------------------------------------------------
def record(identifier: str, label: str, description: str | None = None, *aliases: str, kind: str | None = None) -> Row:
    return {
        "kb_id": identifier,
        "label": label,
        "description": description,
        "aliases": list(aliases),
        "kinds": [kind] if kind else [],
    }


def judged(articles: tuple[str, ...], *records: Row) -> dict[str, tuple[str | None, str | None]]:
    """Name of an entity -> the record it was found to be, and the reason."""
    tables = make_tables(*articles)
    tables |= link(tables, LinkSettings())
    made = knowledge(tables | {"knowledge": conform("knowledge", records)})["entities"]
    check("entities", made)
    return {row["name"]: (row["kb_id"], row["kb_reason"]) for row in made.to_pylist()}


JUDGE = ("[PERSON::Ann Bell:judge] spoke in [GPE:Arvel] to [PERSON:Ivo Tarn].",)


@pytest.mark.parametrize(
    ("articles", "records", "found"),
    [
        # a second sign: role, a name beside it, two words close to it, the acronym
        (JUDGE, (record("Q1", "Ann Bell", "Arvelian judge"),), "Q1"),
        (JUDGE, (record("Q1", "Ann Bell", "wife of Ivo Tarn", kind="person"),), "Q1"),
        (JUDGE, (record("Q1", "Anne Bell", "judge", "Bell, Ann"),), "Q1"),
        (("Flood waters took the old wooden bridge of [GPE:Arvel].",), (record("Q1", "Arvel", "town with a wooden bridge"),), "Q1"),
        (("[ORG:Tidal Rights Board] ([ORG:TRB]) met.",), (record("Q1", "Tidal Rights Board", None, "TRB"),), "Q1"),
        # the name alone, one common word, a word of the name itself, a people, or a state say too little
        (JUDGE, (record("Q1", "Ann Bell"),), None),
        (JUDGE, (record("Q1", "Ann Bell", "painter of bells"),), None),
        (("The wooden bridge of [GPE:Arvel].",), (record("Q1", "Arvel", "town with a bridge"),), None),
        (("[PERSON::Ann Bell:French citizen] spoke.",), (record("Q1", "Ann Bell", "French swimmer"),), None),
        (("[PERSON:Ann Bell] left [GPE:France].",), (record("Q1", "Ann Bell", "swimmer for France"),), None),
        (("[GPE:Arvel] is in [GPE:France].",), (record("Q1", "Arvel", "town in France"),), "Q1"),
        # a name of another article, a name or words that the name itself has
        ((*JUDGE, "Rain fell on [GPE:Varn]."), (record("Q1", "Ann Bell", "born in Varn"),), None),
        (("[ORG:Osk Hydro] made the [FAC:Osk Dam].",), (record("Q1", "Osk Hydro", "builder of the Osk Dam"),), None),
        (("[ORG:Tidal Power Plant], a power plant, is tidal.",), (record("Q1", "Tidal Power Plant", "tidal power plant"),), None),
        # another kind, another office, another name
        (JUDGE, (record("Q1", "Ann Bell", "song about a judge", kind="work"),), None),
        (JUDGE, (record("Q1", "Ann Bell", "name of a judge", kind="none"),), None),
        (JUDGE, (record("Q1", "Ann Bell", "footballer from Arvel"),), None),
        (JUDGE, (record("Q1", "Ann Beall", "judge"),), None),
        (JUDGE, (record("Q1", "Ann Bell", "politician from Arvel"),), "Q1"),
        # several records: a sign that only one has
        (JUDGE, (record("Q1", "Ann Bell", "judge"), record("Q2", "Ann Bell", "swimmer")), "Q1"),
        (JUDGE, (record("Q1", "Ann Bell", "judge"), record("Q2", "Ann Bell", "judge in Arvel")), "Q2"),
        (JUDGE, (record("Q1", "Ann Bell", "judge"), record("Q2", "Ann Bell", "retired judge")), None),
        (JUDGE, (record("Q1", "Ann Bell", "judge"), record("Q2", "Ann Bell", "woman from Arvel")), None),
        (JUDGE, (record("Q1", "Ann Bell", "judge"), record("Q2", "Ann Bell", "ship in Arvel", kind="product")), "Q1"),
        # a state or a people needs no second sign, but its kind must be told
        (("[GPE:France] won.",), (record("Q1", "France", "country", kind="place"),), "Q1"),
        (("[GPE:France] won.",), (record("Q1", "France", "country"),), None),
        (("[GPE:France] won.",), (record("Q1", "France", kind="place"), record("Q2", "France", kind="place")), None),
    ],
)  # fmt: skip
def test_which_record(articles: tuple[str, ...], records: tuple[Row, ...], found: str | None) -> None:
    """The first entity by its name, its kind and a second sign; else open, with the reason."""
    label = records[0]["label"].replace("Anne", "Ann").replace("Beall", "Bell")
    kb_id, reason = judged(articles, *records)[label]
    assert kb_id == found
    named = any(r["label"] != "Ann Beall" and r["kinds"] not in (["work"], ["none"]) for r in records)
    assert (reason is not None) == named


@pytest.mark.parametrize(
    ("records", "reason"),
    [
        (
            (record("Q1", "Ann Bell", "judge in Arvel"),),
            (
                "the record 'Ann Bell' bears this name; its description says 'judge', as a title or role beside the name does; "
                "its description names 'Arvel', as its articles do"
            ),
        ),
        ((record("Q1", "Ann Bell"),), "Q1 'Ann Bell' bears this name, but nothing else in the articles speaks for it"),
        (
            (record("Q1", "Ann Bell", "minister in Arvel"),),
            "Q1 'Ann Bell' (minister in Arvel) bears this name, but the articles tell of a judge, the record of a minister",
        ),
        (
            (record("Q1", "Ann Bell", "x"), record("Q2", "Ann Bell", "y")),
            "2 records bear this name, and nothing in the articles speaks for one of them alone: Q1 'Ann Bell' (x), Q2 'Ann Bell' (y)",
        ),
    ],
)
def test_the_reason(records: tuple[Row, ...], reason: str) -> None:
    """In words, both where a record was found and where none was."""
    assert judged(JUDGE, *records)["Ann Bell"][1] == reason


def test_a_common_name_is_no_sign() -> None:
    """A place that most articles name does not tell one bearer from another."""
    articles = tuple(f"[PERSON:Tom Nr{i}ab] is in [GPE:Arvel] {i}." for i in range(21))
    assert (
        judged((*articles[:19], "[PERSON:Ann Bell] left [GPE:Arvel]."), record("Q1", "Ann Bell", "born in Arvel"))[
            "Ann Bell"
        ][0]
        == "Q1"
    )
    assert (
        judged((*articles, "[PERSON:Ann Bell] left [GPE:Arvel]."), record("Q1", "Ann Bell", "born in Arvel"))[
            "Ann Bell"
        ][0]
        is None
    )


def test_words_in_another_order_are_another_name() -> None:
    """A likeness is not enough, and no reason is given for what does not bear the name."""
    assert judged(JUDGE, record("Q1", "Bell Ann", "judge"))["Ann Bell"] == (None, None)


def test_bare_surnames_are_not_looked_for() -> None:
    """Too little of a name to be anybody's."""
    assert judged(("Judge [PERSON:Judge:Bell] spoke.",), record("Q1", "Bell", "judge"))["Bell"] == (None, None)


def test_without_records_nothing_is_said() -> None:
    """The columns are there and null."""
    assert set(judged(JUDGE).values()) == {(None, None)}


def test_the_order_of_records_does_not_matter() -> None:
    """Neither for what is found nor for the reason."""
    for texts in (("judge", "judge in Arvel", "nurse"), ("", "x", "y")):
        records = [record(f"Q{i}", "Ann Bell", text) for i, text in enumerate(texts)]
        assert judged(JUDGE, *records) == judged(JUDGE, *records[::-1])


# --- in a run ------------------------------------------------------------------------------------------------
def test_a_run_with_a_knowledge_base(tmp_path: Path) -> None:
    """A wrong line is an issue and exit code 1; the same file again is no work; another one, or none, makes only ids anew."""
    corpus, output, base = tmp_path / "corpus", tmp_path / "out", tmp_path / "kb.jsonl"
    corpus.mkdir()
    (corpus / "a.txt").write_text("Judge Ann Bell spoke in Geneva on 3 May 2021.\n")
    base.write_text('{"id": "Q1", "label": "Ann Bell", "description": "judge"}\n{"id": "Q2"}\n')

    def go(kb: Path | None) -> tuple[bool, int, str | None]:
        given = ["--kb", str(kb)] if kb else []
        told = CliRunner().invoke(
            main, ["extract", str(corpus), "-o", str(output), "--model", MODEL, "-j", "1", *given]
        )
        rows = pq.read_table(output / "entities.parquet").to_pylist()
        return (
            "Nothing new" not in told.output,
            told.exit_code,
            next(r["kb_id"] for r in rows if r["name"] == "Ann Bell"),
        )

    assert go(base) == (True, 1, "Q1")
    issues = pq.read_table(output / "issues.parquet").to_pylist()
    assert [(row["path"], row["severity"]) for row in issues if row["code"] == "record_refused"] == [
        ("kb.jsonl", "error")
    ]
    assert go(base) == (False, 1, "Q1")
    base.write_text('{"id": "Q3", "label": "Ann Bell", "description": "judge"}\n')
    assert go(base) == (True, 0, "Q3")
    assert go(None) == (True, 0, None)
    assert go(tmp_path / "nowhere.jsonl")[1] == 2
