"""Gold of passages: every field of every number, over all rows; and that the gold says only what stands in the text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import UsageError
from pipeline.evaluate import Report, below, evaluate
from tests.factories import ROOT
from tests.test_evaluate import Row, figures, quantity, row, write

SENTENCES = sorted((ROOT / "tests" / "gold" / "sentences").glob("*.json"))
TEXT = "At least 40 people, 12 of them miners, died in Orsk on Friday, the mayor said. No pump worked for 3 hours."
DEATHS = {
    "text": "At least 40 people",
    "number": "40",
    "value": 40,
    "approximator": "at_least",
    "counted_head": "people",
    "event": "killed",
    "source": "the mayor",
    "date": "Friday",
    "place": "Orsk",
}
MINERS = {
    "text": "12 of them",
    "number": "12",
    "value": 12,
    "counted_head": "people",
    "demographic": "workers",
    "event": "killed",
    "modality": "alleged",
    "subset_of": "At least 40 people",
}
HOURS = {"text": "3 hours", "number": "3", "value": 3, "kind": "duration", "unit": "hour", "polarity": "negated"}


def say(value: float, **columns: Any) -> Row:
    """The columns of a row about ``value`` certain people."""
    plain = {"kind": "count", "unit": "person", "polarity": "asserted", "modality": "certain", "approximator": "exact"}
    ends = {"low": value, "high": value, "low_inclusive": True, "high_inclusive": True}
    return {"value": value, **ends, **plain, **columns}


def rows(**changes: Row) -> dict[str, list[Row]]:
    """The tables that answer DEATHS, MINERS and HOURS, with ``changes`` to the columns of each."""
    said = row("quotes", "died in Orsk on Friday", raw=TEXT, kind="indirect", speaker="The mayor")
    day, place = row("dates", "Friday", raw=TEXT), row("mentions", "Orsk", raw=TEXT, entity_id="e_orsk")
    where = {"quote_id": said["quote_id"], "date_id": day["date_id"], "place_entity_id": "e_orsk"}
    at_least = {"approximator": "at_least", "high": None, "high_inclusive": None}
    deaths = say(40, counted_head="people", event="killed", **at_least, **where) | changes.get("deaths", {})
    whole = quantity("At least 40 people", "40", raw=TEXT, **deaths)
    part = {"demographic": "workers", "modality": "alleged", "subset_of_quantity_id": whole["quantity_id"]}
    miners = say(12, counted_head="People", event="killed", **part) | changes.get("miners", {})
    hours = say(3, kind="duration", unit="hour", polarity="negated", counted_head="hour") | changes.get("hours", {})
    found = [
        whole,
        quantity("12 of them", "12", raw=TEXT, **miners),
        quantity("3 hours", "3", raw=TEXT, **hours),
    ]
    return {"quantities": found, "quotes": [said], "dates": [day], "mentions": [place]}


def gold(folder: Path, *quantities: Row, **says: Any) -> Path:
    """A folder with one file of one passage."""
    passage = {"id": "mine-01", "split": "dev", "level": "hard", "text": TEXT, "quantities": quantities, **says}
    folder.mkdir(exist_ok=True)
    (folder / "mine.json").write_text(json.dumps([passage]), "utf8")
    return folder


def score(tmp_path: Path, tables: dict[str, list[Row]], *quantities: Row, **says: Any) -> Report:
    """The report on one passage."""
    articles = {"mine.json#mine-01": {"raw_text": TEXT}}
    outputs = write(tmp_path / "outputs", articles, **tables)
    return evaluate(gold(tmp_path / "gold", *quantities, **says), outputs)


def imperfect(report: Report, kind: str = "passages") -> set[str]:
    """The measures that have something to find, in gold or table, and are not wholly right."""
    scores = report.as_dict()["scores"][kind]
    return {name for name, score in scores.items() if (score["gold"] or score["rows"]) and score["f"] != 1}


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, set()),
        ({"deaths": {"value": 41.0}}, {"value", "value+unit"}),
        ({"deaths": {"low": 39.0}}, {"bounds"}),
        ({"deaths": {"low_inclusive": False}}, {"bounds"}),
        ({"deaths": {"high": 40.0}}, {"bounds"}),
        ({"deaths": {"approximator": "exact"}}, {"approximator"}),
        ({"deaths": {"kind": "ratio"}}, {"kind"}),
        ({"deaths": {"kind": "measure"}}, {"kind", "counted_head", "date", "place"}),
        ({"deaths": {"unit": None}}, {"unit", "value+unit"}),
        ({"deaths": {"counted_head": None}}, {"counted_head"}),
        ({"miners": {"counted_head": "miner"}}, {"counted_head"}),
        ({"hours": {"counted_head": None}}, set()),
        ({"hours": {"kind": "count"}}, {"kind", "counted_head"}),
        ({"miners": {"demographic": None}}, {"demographic"}),
        ({"deaths": {"demographic": "children"}}, {"demographic"}),
        ({"miners": {"event": "injured"}}, {"event"}),
        ({"hours": {"event": "other"}}, {"event"}),
        ({"deaths": {"polarity": "negated"}}, {"polarity+modality", "negated"}),
        ({"hours": {"polarity": "asserted"}}, {"polarity+modality", "negated"}),
        ({"miners": {"modality": "possible"}}, {"polarity+modality", "not_certain"}),
        ({"miners": {"cumulative": False}}, {"cumulative"}),
        ({"miners": {"subset_of_quantity_id": None}}, {"subset"}),
        ({"miners": {"subset_of_quantity_id": "n_other"}}, {"subset"}),
        ({"deaths": {"quote_id": None}}, {"source"}),
        ({"deaths": {"date_id": None}}, {"date"}),
        ({"deaths": {"place_entity_id": "e_other"}}, {"place"}),
    ],
)
def test_a_wrong_column(tmp_path: Path, changes: dict[str, Row], wrong: set[str]) -> None:
    """It moves the measures that are made of it and no others, in all passages and in its split; each tells it."""
    report = score(tmp_path, rows(**changes), DEATHS, MINERS, HOURS)
    assert imperfect(report) == imperfect(report, "passages, dev") == wrong
    assert {name for name in report.miss_kinds if len(report.misses(name)) > 1} == wrong


def test_a_number_not_found_or_invented(tmp_path: Path) -> None:
    """Every field is scored over all rows: two right of three, once because one is missing and once as one is extra."""
    tables = rows()
    whole, _, hours = tables["quantities"]
    tables["quantities"] = [whole, hours, quantity("No pump", "No", raw=TEXT, **say(0, unit="pump"))]
    report = score(tmp_path, tables, DEATHS, MINERS, HOURS)
    for name in ("number", "value", "bounds", "approximator", "kind", "unit", "value+unit", "polarity+modality"):
        got = figures(report, "passages", name)
        assert (got["precision"], got["recall"]) == pytest.approx((2 / 3, 2 / 3)), name
    assert figures(report, "passages", "event")["recall"] == 0.5
    assert figures(report, "passages", "subset")["recall"] == 0
    lines = report.misses("number")
    assert lines[0].endswith("gold “12 of them”, count, 12, killed | table: none")
    assert lines[1].endswith("gold: none | table “No pump”, count, 0.0")


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("subset", {"miners": {"subset_of_quantity_id": "n_other"}}),
        ("place", {"deaths": {"place_entity_id": "e_other"}}),
    ],
)
def test_an_answer_from_elsewhere(tmp_path: Path, field: str, change: dict[str, Row]) -> None:
    """A whole that is no quantity of the gold, or a place not named in the passage, is a wrong answer, not none."""
    got = figures(score(tmp_path, rows(**change), DEATHS, MINERS, HOURS), "passages", field)
    assert (got["right"], got["gold"], got["rows"]) == (0, 1, 1)


def test_open_words(tmp_path: Path) -> None:
    """A row on words that were left unjudged is neither right nor wrong; one beside them is one too many."""
    for words, found in (("3 hours", 2), ("Friday", 3)):
        got = figures(score(tmp_path, rows(), DEATHS, MINERS, open=[words]), "passages", "number")
        assert (got["right"], got["rows"]) == (2, found)


@pytest.mark.parametrize(
    ("approximator", "low", "high", "inclusive"),
    [
        ("exact", 40, 40, (True, True)),
        ("about", None, None, (True, True)),
        ("at_least", 40, None, (True, None)),
        ("more_than", 40, None, (False, None)),
        ("up_to", 0, 40, (True, True)),
        ("at_most", 0, 40, (True, True)),
        ("less_than", 0, 40, (True, False)),
        ("nearly", None, 40, (None, False)),
    ],
)
def test_bounds_follow(
    tmp_path: Path, approximator: str, low: float | None, high: float | None, inclusive: tuple[bool | None, ...]
) -> None:
    """Low, high and whether they are included follow from value and approximator where the gold does not say."""
    ends = {"approximator": approximator, "low": low, "high": high, "kind": "measure"}
    flags = dict(zip(("low_inclusive", "high_inclusive"), inclusive, strict=True))
    says = {**DEATHS, "approximator": approximator, "kind": "measure", "unit": "person"}
    assert not imperfect(score(tmp_path, rows(deaths={**ends, **flags}), says, MINERS, HOURS))
    for key, flag in flags.items():
        if ends[key.partition("_")[0]]:
            report = score(tmp_path, rows(deaths={**ends, **flags, key: not flag}), says, MINERS, HOURS)
            assert imperfect(report) == {"bounds"}


@pytest.mark.parametrize(
    ("kind", "want", "got", "right"),
    [
        ("count", None, 0, True),
        ("count", 0, None, True),
        ("measure", None, 0, False),
        ("count", 30, None, False),
        ("count", None, 30, False),
    ],
)
def test_a_low_of_nothing(tmp_path: Path, kind: str, want: float | None, got: float | None, right: bool) -> None:
    """No low and a low of 0 are the same, but for what can be negative."""
    report = score(
        tmp_path,
        rows(deaths={"low": got, "high": 40, "kind": kind, "high_inclusive": True}),
        {**DEATHS, "low": want, "high": 40, "kind": kind},
    )
    assert figures(report, "passages", "bounds")["right"] == right


@pytest.mark.parametrize(
    ("speaker", "outer", "right"),
    [("the Mayor", None, 1), ("mayor of Orsk", None, 1), (None, "Mayor", 1), ("a miner", "Mayor", 0), (None, None, 0)],
)
def test_the_source_is_whoever_speaks(tmp_path: Path, speaker: str | None, outer: str | None, right: int) -> None:
    """The speaker of the quote that the number hangs on, or of the nearest around it that has one; some words are enough."""
    tables = rows()
    around = row("quotes", "in Orsk on Friday", raw=TEXT, kind="direct")
    outermost = row("quotes", "Orsk on Friday", raw=TEXT, kind="indirect", speaker=outer)
    tables["quotes"][0] |= {"speaker": speaker, "within_quote_id": around["quote_id"]}
    tables["quotes"] += [{**around, "within_quote_id": outermost["quote_id"]}, outermost]
    report = score(tmp_path, tables, DEATHS, MINERS, HOURS)
    assert figures(report, "passages", "source")["right"] == right


def test_held_is_counted_and_never_shown(tmp_path: Path) -> None:
    """Splits are scored apart; what differs in held passages is told by no --misses, which says so."""
    text = TEXT.replace("died", "were hurt")
    outputs = write(
        tmp_path / "outputs",
        {"mine.json#mine-01": {"raw_text": TEXT}, "well.json#well-01": {"raw_text": text}},
        quantities=[
            *(quantity("At least 40 people", "40", raw=raw, **say(41)) for raw in (TEXT, text)),
            quantity("No pump", "No", raw=text, **say(0)),
        ],
    )
    folder = gold(tmp_path / "gold", DEATHS)
    held = {"id": "well-01", "split": "held", "text": text, "quantities": [DEATHS, HOURS]}
    (folder / "well.json").write_text(json.dumps([held]), "utf8")
    report = evaluate(folder, outputs)
    scores = {kind: measures["number"] for kind, measures in report.as_dict()["scores"].items()}
    sizes = {kind: (score["right"], score["gold"], score["rows"]) for kind, score in scores.items()}
    assert sizes == {"passages": (2, 3, 3), "passages, dev": (1, 1, 1), "passages, held": (1, 2, 2)}
    assert report.lines()[0] == "2 passages with gold"
    for name in report.miss_kinds:
        *lines, last = report.misses(name)
        assert "held is for measuring" in last
        assert all(line.startswith("mine.json#mine-01 @") for line in lines)
    told, _ = report.misses("value")
    assert told == f"mine.json#mine-01 @9: “At least 40 people” value: gold 40 | table 41.0 | {TEXT}"
    with pytest.raises(UsageError, match="known are number, value, bounds"):
        report.misses("quotes")


@pytest.mark.parametrize(
    ("quantities", "says", "message"),
    [
        ([{**DEATHS, "text": "40 cats"}], {}, r"mine\.json: '40 cats' \(nth 1\) is not in"),
        ([{**DEATHS, "number": "41"}], {}, r"'41' \(nth 1\) is not in"),
        ([{**DEATHS, "colour": "red"}], {}, "unknown key colour"),
        ([{"text": "3 hours", "number": "3"}], {}, "mine-01: '3 hours' needs number and value"),
        ([{**DEATHS, "approximator": "between"}], {}, "is between and needs low and high"),
        ([MINERS], {}, "part of 'At least 40 people', which is not one other quantity"),
        ([{**MINERS, "subset_of": "12 of them"}], {}, "which is not one other quantity"),
        ([], {"open": ["41"]}, r"'41' \(nth 1\) is not in"),
        ([], {"split": "test"}, "mine-01 has split 'test'; known are dev, held"),
        ([], {"theme": "mines"}, "mine-01 has an unknown key theme"),
        ([], {"id": "mine-02"}, r"no article in .* has the path 'mine\.json#mine-02'"),
    ],
)
def test_passages_that_do_not_fit(tmp_path: Path, quantities: list[Row], says: Row, message: str) -> None:
    """Gold that cannot be what was meant is refused."""
    with pytest.raises(UsageError, match=message):
        score(tmp_path, rows(), *quantities, **says)


def test_passages_and_articles_are_not_mixed(tmp_path: Path) -> None:
    """A folder is gold of passages or of articles; a list of other things is neither."""
    outputs, folder = write(tmp_path / "outputs"), gold(tmp_path / "gold")
    (folder / "a.json").write_text(json.dumps({"article": "a.txt"}), "utf8")
    with pytest.raises(UsageError, match=r"mine\.json: not a JSON object"):
        evaluate(folder, outputs)
    (folder / "mine.json").write_text("[1]", "utf8")
    with pytest.raises(UsageError, match="not a passage with id"):
        evaluate(folder / "mine.json", outputs)


def test_floors_of_passages(tmp_path: Path) -> None:
    """One file holds the floors of articles and passages; each report is held against its own, and misspelt ones fail."""
    floors = tmp_path / "floors.toml"
    passages = score(tmp_path, rows(deaths={"value": 41}), DEATHS, MINERS, HOURS)
    floors.write_text('[dates]\nspan = 99\n[passages]\nvalue = 60\n["passages, held"]\nvalue = 60\n')
    assert below(passages, floors) == ["passages, held: value: 0.0, at least 60"]
    floors.write_text("[passages]\nvalues = 60\n")
    with pytest.raises(UsageError, match="'values'"):
        below(passages, floors)
    articles = Report(1)
    with pytest.raises(UsageError, match="none is for articles"):
        below(articles, floors)
    floors.write_text("[passages]\nvalue = 60\n[dates]\nspan = 99\n")
    with pytest.raises(UsageError, match="'span'"):
        below(articles, floors)


@pytest.mark.parametrize("path", SENTENCES, ids=lambda path: path.stem)
def test_the_gold_stands_in_its_text(path: Path) -> None:
    """Quantities are found in the passage, in order and apart; wholes are quantities, and words words of the passage."""
    for passage in json.loads(path.read_text("utf8")):
        end, where = 0, passage["id"]
        assert where.startswith(f"{path.stem}-"), where
        assert passage["published"] == "2023-06-14", where
        assert all(words in passage["text"] for words in passage.get("open", ())), where
        for item in passage["quantities"]:
            start = -1
            for _ in range(item.get("nth", 1)):
                start = passage["text"].index(item["text"], start + 1)
            assert start >= end, (where, item["text"])
            end = start + len(item["text"])
            assert item["number"] in item["text"], (where, item["text"])
            assert item["value"] is not None or {"low", "high"} <= item.keys(), (where, item["text"])
            if low_high := [item[key] for key in ("low", "value", "high") if item.get(key) is not None]:
                assert low_high == sorted(low_high), (where, item["text"])
            for key in ("source", "date", "place"):
                assert item.get(key) is None or item[key] in passage["text"], (where, item[key])


def test_the_gold_has_its_splits() -> None:
    """200 passages are for finding errors and 100, a third of each level, for measuring only; no id stands twice."""
    passages = [passage for path in SENTENCES for passage in json.loads(path.read_text("utf8"))]
    assert len({passage["id"] for passage in passages}) == len({passage["text"] for passage in passages}) == 300
    assert [sum(passage["split"] == split for passage in passages) for split in ("dev", "held")] == [200, 100]
    assert {passage["level"] for passage in passages} == {"hard", "plain"}
