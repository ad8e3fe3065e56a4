"""Tables against gold, and tables against tables: what counts as right, and what is said of the rest."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipeline.errors import UsageError
from pipeline.evaluate import Report, compare, evaluate, write_rules
from pipeline.ids import article_id, content_id
from pipeline.offsets import normalise
from pipeline.schema import TABLES, conform
from pipeline.schema import ZONES as ALL_ZONES

RAW = (
    "Storm empties the coast\n\n"
    "By Mina Holt\n\n"
    "Mina Holt said on 3 May 2021 that more than 100 men were detained. “We saw   it,” she said.\n"
    "Last March the Harbour Union lost 12 boats, Holt wrote.\n\n"
    "Read also: ten ways to cook a turnip in the evening without any salt\n"
)
Row = dict[str, Any]


def span(raw: str, text: str, nth: int = 1) -> Row:
    """The columns of a span row for the nth occurrence of ``text``; clean_text is the folded raw text."""
    folded, at = normalise(raw), -1
    for _ in range(nth):
        at = folded.text.index(text, at + 1)
    raw_start, raw_end = folded.raw_span(at, at + len(text))
    return {"start": at, "end": at + len(text), "raw_start": raw_start, "raw_end": raw_end, "text": text}


def row(table: str, text: str, nth: int = 1, raw: str = RAW, **columns: Any) -> Row:
    """One row of a span table."""
    name = TABLES[table].key[0]
    made = {"article_id": article_id(raw), "zone": "body", **span(raw, text, nth), **columns}
    return {name: content_id(name[0], table, made["raw_start"], made["raw_end"], columns.get("kind")), **made}


def quantity(text: str, number: str, nth: int = 1, raw: str = RAW, **columns: Any) -> Row:
    """One row of quantities, the number alone located in it."""
    made = row("quantities", text, nth, raw, **columns)
    start = made["start"] + text.index(number)
    return {**made, "number_start": start, "number_end": start + len(number)}


def segments(raw: str = RAW, **zones: str) -> list[Row]:
    """One segment per line; ``zones`` by the line's first word in lower case, body otherwise."""
    rows, start = [], 0
    for ordinal, line in enumerate(raw.splitlines(keepends=True)):
        zone = zones.get((line.lower().split() or [""])[0], "body")
        end = start + len(line)
        rows.append(
            {"article_id": article_id(raw), "ordinal": ordinal, "zone": zone, "raw_start": start, "raw_end": end}
        )
        start = end
    return rows


def write(folder: Path, articles: dict[str, Row] | None = None, **tables: list[Row]) -> Path:
    """An output folder: every table, empty where no rows are given; articles by path."""
    folder.mkdir(exist_ok=True)
    rows = []
    for path, given in (articles or {"a.txt": {}}).items():
        columns = {"raw_text": RAW, "paths": [path], **given}
        rows.append({"article_id": article_id(columns["raw_text"]), **columns})
    for name in TABLES:
        pq.write_table(conform(name, rows if name == "articles" else tables.get(name, [])), folder / f"{name}.parquet")
    return folder


def write_gold(folder: Path, name: str = "a", **says: Any) -> Path:
    """A folder of gold with one more file."""
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps({"article": "a.txt", **says}), "utf8")
    return folder


def score(tmp_path: Path, gold: Row, articles: dict[str, Row] | None = None, **tables: list[Row]) -> Report:
    """The report on one article."""
    return evaluate(write_gold(tmp_path / "gold", **gold), write(tmp_path / "outputs", articles, **tables))


def figures(report: Report, kind: str, measure: str) -> Row:
    """What the report says of one measure."""
    found: Row = report.as_dict()["scores"][kind][measure]
    return found


HOLT = {"text": "Mina Holt", "nth": 2, "label": "PERSON", "entity": "Holt"}
UNION = {"text": "Harbour Union", "label": "ORG", "entity": "Union"}


@pytest.mark.parametrize(
    ("rows", "strict", "alone", "missed"),
    [
        pytest.param([("Mina Holt", 2, "PERSON"), ("Harbour Union", 1, "ORG")], (1, 1), (1, 1), [], id="all right"),
        pytest.param(
            [("Mina Holt", 2, "PERSON")],
            (1, 0.5),
            (1, 0.5),
            ["gold “Harbour Union”, ORG | table: none"],
            id="one missed",
        ),
        pytest.param(
            [("Mina Holt", 2, "PERSON"), ("Harbour Union", 1, "GPE")],
            (0.5, 0.5),
            (1, 1),
            ["gold ORG “Harbour Union” | table GPE “Harbour Union”"],
            id="other label",
        ),
        pytest.param(
            [("Mina Holt", 2, "PERSON"), ("the Harbour Union", 1, "ORG"), ("Holt", 3, "PERSON")],
            (1 / 3, 0.5),
            (1 / 3, 0.5),
            ["gold ORG “Harbour Union” | table ORG “the Harbour Union”", "gold: none | table “Holt”, PERSON"],
            id="other span, and one too many",
        ),
        pytest.param(
            [("Mina Holt", 1, "PERSON"), ("Harbour Union", 1, "ORG")],
            (0.5, 0.5),
            (0.5, 0.5),
            ["gold “Mina Holt”, PERSON | table: none", "gold: none | table “Mina Holt”, PERSON"],
            id="the same words at another place",
        ),
    ],
)
def test_mentions(tmp_path: Path, rows: list[tuple[str, int, str]], strict: Row, alone: Row, missed: list[str]) -> None:
    """A name is right if span and label are; ``nth`` tells one occurrence from another; every miss is told."""
    made = [row("mentions", text, nth, label=label) for text, nth, label in rows]
    report = score(tmp_path, {"mentions": [HOLT, UNION]}, mentions=made)
    for measure, (precision, recall) in (("span and label", strict), ("span alone", alone)):
        got = figures(report, "mentions", measure)
        assert (got["precision"], got["recall"]) == pytest.approx((precision, recall))
    lines = report.misses("mentions")
    assert len(lines) == len(missed)
    assert all(any(part in line and line.startswith("a.txt @") for line in lines) for part in missed)


def test_by_label(tmp_path: Path) -> None:
    """Each label has its own precision (over rows with it) and recall (over gold with it)."""
    made = [row("mentions", "Mina Holt", 2, label="PERSON"), row("mentions", "Harbour Union", label="PERSON")]
    report = score(tmp_path, {"mentions": [HOLT, UNION]}, mentions=made)
    person, org = figures(report, "mentions", "  PERSON"), figures(report, "mentions", "  ORG")
    assert (person["precision"], person["recall"], person["f"]) == pytest.approx((0.5, 1, 2 / 3))
    assert (org["precision"], org["recall"], org["f"]) == (None, 0, None)


@pytest.mark.parametrize(("complete", "rows"), [({}, 3), ({"complete": ["direct", "mixed"]}, 2), ({"complete": []}, 1)])
def test_incomplete_quotes(tmp_path: Path, complete: Row, rows: int) -> None:
    """Kinds of quotes that are not annotated in full: rows beyond the gold are no errors, matched ones count."""
    made = [
        row("quotes", "We saw it,", kind="direct"),
        row("quotes", "more than 100 men were detained", kind="indirect"),
    ]
    made.append(row("quotes", "Harbour Union", kind="mixed"))
    report = score(tmp_path, {"quotes": [SAW], **complete}, quotes=made)
    got = figures(report, "quotes", "content (half overlap)")
    assert (got["right_rows"], got["rows"], got["recall"]) == (1, rows, 1)
    assert sum("gold: none" in line for line in report.misses("quotes")) == rows - 1


def test_kinds_without_key(tmp_path: Path) -> None:
    """A kind without a key is not scored; one with an empty list is: every row is one too many."""
    made = [row("mentions", "Harbour Union", label="ORG")]
    assert score(tmp_path, {}, mentions=made).as_dict()["scores"] == {}
    report = score(tmp_path, {"mentions": []}, mentions=made)
    assert figures(report, "mentions", "span and label")["precision"] == 0


@pytest.mark.parametrize(
    ("ids", "precision", "recall", "missed"),
    [
        (("e1", "e1", "e2"), 1, 1, []),
        (("e1", "e2", "e3"), 1, 2 / 3, ["gold entity Holt is split over 2"]),
        (("e1", "e1", "e1"), 5 / 9, 1, ["entity e1 joins 2"]),
        (("e1", None, "e2"), 1, 2 / 3, ["gold entity Holt is split over 2"]),
        ((None, None, None), 1, 2 / 3, ["gold entity Holt is split over 2"]),
        (("e1", "e2", "e2"), 2 / 3, 2 / 3, ["Holt is split over 2", "entity e2 joins 2"]),
    ],
)
def test_entities(tmp_path: Path, ids: tuple[Any, ...], precision: float, recall: float, missed: list[str]) -> None:
    """B-cubed over the gold names that were found; a name without an entity stands alone."""
    where = [("Mina Holt", 2, "PERSON"), ("Holt", 3, "PERSON"), ("the Harbour Union", 1, "ORG")]
    made = [row("mentions", t, n, label=c, entity_id=i) for (t, n, c), i in zip(where, ids, strict=True)]
    gold = [HOLT, {**HOLT, "text": "Holt", "nth": 3}, UNION, {**HOLT, "nth": 1}]
    report = score(tmp_path, {"mentions": gold}, mentions=made)
    got = figures(report, "entities", "B-cubed, of names found")
    assert (got["precision"], got["recall"]) == pytest.approx((precision, recall))
    assert figures(report, "entities", "names found") == {"share": 0.75, "right": 3, "of": 4}
    lines = report.misses("entities")
    assert len(lines) == len(missed)
    assert all(part in line for part, line in zip(missed, lines, strict=True))


def test_entities_across_articles(tmp_path: Path) -> None:
    """The same gold entity in two articles is one entity."""
    other = "Holt came back.\n"
    gold = write_gold(tmp_path / "gold", mentions=[HOLT])
    write_gold(gold, "b", article="b.txt", mentions=[{"text": "Holt", "label": "PERSON", "entity": "Holt"}])
    made = [row("mentions", "Mina Holt", 2, label="PERSON", entity_id="e1")]
    made.append(row("mentions", "Holt", raw=other, label="PERSON", entity_id="e2"))
    outputs = write(tmp_path / "outputs", {"a.txt": {}, "b.txt": {"raw_text": other}}, mentions=made)
    report = evaluate(gold, outputs)
    assert report.articles == 2
    assert figures(report, "entities", "B-cubed, of names found")["recall"] == 0.5
    (line,) = report.misses("entities")
    assert "a.txt" in line
    assert "b.txt" in line


MAY = {
    "text": "3 May 2021",
    "type": "DATE",
    "value": "2021-05-03",
    "start_date": "2021-05-03",
    "end_date": "2021-05-03",
}
MARCH = {"text": "Last March", "type": "DATE", "value": None, "open": True}
DAY = dt.date(2021, 5, 3)


@pytest.mark.parametrize(
    ("rows", "span_f", "overlap_f", "value", "interval", "invented"),
    [
        pytest.param(
            [("3 May 2021", "2021-05-03", DAY, DAY), ("Last March", None, None, None)], 1, 1, 1, 1, 0, id="right"
        ),
        pytest.param(
            [("on 3 May 2021", "2021-05-03", DAY, DAY), ("Last March", None, None, None)], 0.5, 1, 1, 1, 0, id="span"
        ),
        pytest.param(
            [("3 May 2021", "2021-05", DAY, DAY), ("Last March", None, None, None)], 1, 1, 0, 1, 0, id="value"
        ),
        pytest.param(
            [("3 May 2021", "2021-05-03", DAY, None), ("Last March", None, None, None)], 1, 1, 1, 0, 0, id="open end"
        ),
        pytest.param(
            [("3 May 2021", "2021-05-03", DAY, DAY), ("Last March", "2021-03", None, None)],
            1,
            1,
            1,
            1,
            1,
            id="invented",
        ),
        pytest.param(
            [("3 May 2021", "2021-05-03", DAY, DAY), ("March", None, DAY, None)], 0.5, 1, 1, 1, 1, id="invented start"
        ),
        pytest.param(
            [
                ("3 May 2021", "2021-05-03", DAY, DAY),
                ("Last March", None, None, None),
                ("March", "2021-03", None, None),
            ],
            0.8,
            0.8,
            1,
            1,
            1,
            id="invented beside the open one",
        ),
    ],
)
def test_dates(
    tmp_path: Path, rows: list[Any], span_f: float, overlap_f: float, value: float, interval: float, invented: int
) -> None:
    """Span and overlap over all; value and interval of those matched and not open; a value for an open one is invented."""
    made = [
        row("dates", text, timex_type="DATE", timex_value=timex, start_date=start, end_date=end)
        for text, timex, start, end in rows
    ]
    report = score(tmp_path, {"dates": [MAY, MARCH]}, dates=made)
    assert figures(report, "dates", "span")["f"] == pytest.approx(span_f)
    assert figures(report, "dates", "overlap")["f"] == pytest.approx(overlap_f)
    assert figures(report, "dates", "timex_value, of matched") == {"share": value, "right": value, "of": 1}
    assert figures(report, "dates", "interval, of matched") == {"share": interval, "right": interval, "of": 1}
    assert figures(report, "dates", "invented (must be 0), of open") == {"count": invented, "of": 1}
    assert sum("invented" in line for line in report.misses("dates")) == invented
    assert bool(report.misses("dates")) == (min(span_f, overlap_f, value, interval) < 1 or invented > 0)


def test_an_open_date_leaves_its_neighbour_alone(tmp_path: Path) -> None:
    """A valued row that answers another annotation is not an invented one, even if it overlaps an open one."""
    gold = [{"text": "on 3", "open": True}, MAY]
    made = [row("dates", "3 May 2021", timex_type="DATE", timex_value="2021-05-03", start_date=DAY, end_date=DAY)]
    assert figures(score(tmp_path, {"dates": gold}, dates=made), "dates", "invented (must be 0), of open")["count"] == 0


MEN = {"text": "more than 100 men", "number": "100", "value": 100, "low": 100, "high": None, "kind": "count"}
MEN |= {"approximator": "more_than", "unit": "person", "counted_head": "man", "event": "detained"}
MEN |= {"polarity": "asserted", "modality": "certain"}
BOATS = {"text": "12 boats", "number": "12", "value": 12, "kind": "count", "event": None}


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({}, None),
        ({"value": 100.0004}, None),
        ({"value": 100.01}, "value, of matched"),
        ({"value": None}, "value, of matched"),
        ({"low": 101.0}, "bounds, of matched"),
        ({"high": 199.0}, "bounds, of matched"),
        ({"approximator": "at_least"}, "approximator, of matched"),
        ({"kind": "measure"}, "kind, of matched"),
        ({"unit": None}, "unit, of matched"),
        ({"counted_head": "woman"}, "counted_head, of matched"),
        ({"event": "killed"}, "event, of matched"),
        ({"polarity": "negated"}, "polarity, of matched"),
        ({"modality": "possible"}, "modality, of matched"),
    ],
)
def test_quantities(tmp_path: Path, change: Row, wrong: str | None) -> None:
    """Each column is a share of the numbers found; one wrong column moves its own share alone, and is told."""
    columns = {key: MEN[key] for key in MEN if key not in ("text", "number")} | change
    report = score(tmp_path, {"quantities": [MEN]}, quantities=[quantity("100 men", "100", **columns)])
    shares = {k: v["share"] for k, v in report.as_dict()["scores"]["quantities"].items() if "share" in v}
    assert len(shares) == 9
    assert {measure for measure, share in shares.items() if share != 1} == ({wrong} if wrong else set())
    assert len(report.misses("quantities")) == bool(wrong)


def test_a_number_is_found_by_the_number(tmp_path: Path) -> None:
    """Rows are matched by the number alone, whatever else the row or the gold covers."""
    made = [quantity("100 men were detained", "100"), quantity("lost 12 boats", "12")]
    report = score(tmp_path, {"quantities": [MEN, BOATS]}, quantities=made)
    assert figures(report, "quantities", "number found")["f"] == 1
    made = [quantity("more than 100 men", "more"), quantity("lost 12 boats", "12")]
    report = score(tmp_path, {"quantities": [MEN, BOATS]}, quantities=made)
    assert figures(report, "quantities", "number found")["recall"] == 0.5


def test_one_row_answers_once(tmp_path: Path) -> None:
    """Gold and rows are paired one to one: a row that overlaps two annotations answers the one it fits best."""
    gold = [{"text": "March", "value": "X"}, {"text": "Last March", "value": "Y"}]
    report = score(tmp_path, {"dates": gold}, dates=[row("dates", "Last March", timex_type="DATE", timex_value="Y")])
    got = figures(report, "dates", "overlap")
    assert (got["precision"], got["recall"]) == (1, 0.5)
    assert figures(report, "dates", "timex_value, of matched")["share"] == 1


def test_events_over_all(tmp_path: Path) -> None:
    """The F of events is over all that have one: no event agreed on is no hit, a number not found is a loss."""
    made = [quantity("100 men", "100", event="detained"), quantity("12 boats", "12", event="killed")]
    got = figures(score(tmp_path, {"quantities": [MEN, BOATS]}, quantities=made), "quantities", "event, of all")
    assert (got["precision"], got["recall"], got["gold"], got["rows"]) == (0.5, 1, 1, 2)
    got = figures(score(tmp_path, {"quantities": [MEN, BOATS]}, quantities=made[1:]), "quantities", "event, of all")
    assert (got["precision"], got["recall"]) == (0, 0)


@pytest.mark.parametrize(
    ("part_of", "precision", "recall", "missed"),
    [("100 men", 1, 1, 0), (None, None, 0, 1), ("3", 0, 0, 1), ("itself", 0, 0, 1)],
)
def test_parts(tmp_path: Path, part_of: str | None, precision: float | None, recall: float, missed: int) -> None:
    """A part is right if its whole is the row that answers the gold's whole."""
    whole, other = quantity("100 men", "100", kind="count"), quantity("3", "3", kind="other")
    part = quantity("12 boats", "12", kind="count")
    ids = {"100 men": whole["quantity_id"], "3": other["quantity_id"], "itself": part["quantity_id"]}
    part["subset_of_quantity_id"] = ids.get(part_of or "")
    gold = [MEN, {**BOATS, "subset_of": "more than 100 men"}]
    report = score(tmp_path, {"quantities": gold}, quantities=[whole, part, other])
    got = figures(report, "quantities", "part of which, of all")
    assert (got["precision"], got["recall"]) == (precision, recall)
    assert sum("part of" in line for line in report.misses("quantities")) == missed


def test_a_part_of_nothing_found(tmp_path: Path) -> None:
    """A part whose whole was not found is not right."""
    gold = [MEN, {**BOATS, "subset_of": "more than 100 men"}]
    report = score(tmp_path, {"quantities": gold}, quantities=[quantity("12 boats", "12", kind="count")])
    assert figures(report, "quantities", "part of which, of all")["recall"] == 0


def test_an_invented_part(tmp_path: Path) -> None:
    """A part where the gold has none is a wrong row; an event that is other than the known ones is none."""
    made = [quantity("100 men", "100", event="other"), quantity("12 boats", "12", event="other")]
    made[1]["subset_of_quantity_id"] = made[0]["quantity_id"]
    gold = [{**MEN, "event": None}, BOATS]
    report = score(tmp_path, {"quantities": gold}, quantities=made)
    assert figures(report, "quantities", "part of which, of all")["precision"] == 0
    assert figures(report, "quantities", "event, of all")["rows"] == 0
    assert any("part of: gold None | table 100 men" in line for line in report.misses("quantities"))


def test_bounds_of_thirds(tmp_path: Path) -> None:
    """A ratio given to three decimals is the ratio."""
    gold = [{"text": "12 boats", "value": 0.667, "low": 0.667, "high": 0.667}]
    made = [quantity("12 boats", "12", value=2 / 3, low=2 / 3, high=2 / 3)]
    report = score(tmp_path, {"quantities": gold}, quantities=made)
    assert figures(report, "quantities", "bounds, of matched")["share"] == 1
    assert figures(report, "quantities", "value, of matched")["share"] == 1


SAW = {"text": "We saw it", "kind": "direct", "speaker": "she", "speaker_entity": "Holt", "cue": "said"}


@pytest.mark.parametrize(
    ("text", "columns", "content", "wrong"),
    [
        ("We saw it,", {}, 1, set()),
        ("saw it,” she", {}, 1, set()),
        ("it,” she said.", {}, 0, None),
        ("saw", {}, 0, None),
        ("We saw it,", {"kind": "mixed"}, 1, {"kind, of matched"}),
        ("We saw it,", {"cue": "wrote"}, 1, {"cue, of matched"}),
        ("We saw it,", {"speaker": "he"}, 1, {"speaker overlaps, of matched", "speaker the same, of matched"}),
        ("We saw it,", {"speaker": None}, 1, {"speaker overlaps, of matched", "speaker the same, of matched"}),
        ("We saw it,", {"speaker": "She herself"}, 1, {"speaker the same, of matched"}),
        ("We saw it,", {"speaker_entity_id": "e9"}, 1, {"speaker's entity, of matched"}),
        ("We saw it,", {"speaker_entity_id": None}, 1, {"speaker's entity, of matched"}),
    ],
)
def test_quotes(tmp_path: Path, text: str, columns: Row, content: float, wrong: set[str] | None) -> None:
    """Content counts from half of the longer span on; kind, cue and speaker are shares of the matched."""
    given = {"kind": "direct", "speaker": "she", "cue": "said", "speaker_entity_id": "e1", **columns}
    name = row("mentions", "Mina Holt", 2, label="PERSON", entity_id="e1")
    report = score(
        tmp_path, {"quotes": [SAW], "mentions": [HOLT]}, quotes=[row("quotes", text, **given)], mentions=[name]
    )
    assert figures(report, "quotes", "content (half overlap)")["f"] == content
    shares = {k: v["share"] for k, v in report.as_dict()["scores"]["quotes"].items() if "share" in v}
    assert {measure for measure, share in shares.items() if share != 1} == (wrong or set())
    assert len(shares) == (0 if wrong is None else 5)
    assert bool(report.misses("quotes")) == (wrong not in (set(), {"speaker the same, of matched"}))


@pytest.mark.parametrize(
    ("want", "got", "overlaps"),
    [
        ("Mina Holt", "Holt", True),
        ("the Harbour Union", "Harbour Union’s", True),
        ("she", "the Harbour Union", False),
        ("Holt", "Holton", False),
        ("Harbour Union", "the Harbour’s Union", True),
        ("the Harbour Union", "the union", True),
        ("the Harbour Union", "the ministry", False),
    ],
)
def test_speakers(tmp_path: Path, want: str, got: str, overlaps: bool) -> None:
    """Two speakers overlap if all words of one are in the other, articles, case and possessives apart."""
    gold = {"text": "We saw it", "speaker": want}
    report = score(tmp_path, {"quotes": [gold]}, quotes=[row("quotes", "We saw it,", kind="direct", speaker=got)])
    assert figures(report, "quotes", "speaker overlaps, of matched")["share"] == overlaps


def test_speaker_of_nobody(tmp_path: Path) -> None:
    """A speaker where the gold says nobody is named is an invented one."""
    gold = {"quotes": [{"text": "We saw it", "kind": "direct", "speaker": None}]}
    for speaker, invented in (("she", 1), (None, 0)):
        report = score(tmp_path, gold, quotes=[row("quotes", "We saw it,", kind="direct", speaker=speaker)])
        assert figures(report, "quotes", "speaker invented, of nobody") == {"count": invented, "of": 1}
        assert len(report.misses("quotes")) == invented


def test_the_clause_and_the_quote_in_it(tmp_path: Path) -> None:
    """Of two rows with the same span, the one of the gold's kind answers."""
    made = [row("quotes", "We saw it", kind=kind) for kind in ("indirect", "mixed")]
    gold = [{"text": "We saw it", "kind": kind} for kind in ("mixed", "indirect")]
    assert figures(score(tmp_path, {"quotes": gold}, quotes=made), "quotes", "kind, of matched")["share"] == 1


ZONES = [
    {"text": "Storm empties the coast", "zone": "title"},
    {"text": "By Mina Holt", "zone": "byline"},
    {"text": "Mina Holt said on 3 May 2021 that more than 100 men", "zone": "body"},
    {"text": "Read also: ten ways to cook a turnip in the evening", "zone": "teaser"},
]


def test_zones(tmp_path: Path) -> None:
    """Lines and characters with the right zone; what should be read and what is; zones taken for others."""
    made = segments(storm="title", by="byline", read="body")
    report = score(tmp_path, {"zones": ZONES}, segments=made)
    assert figures(report, "zones", "lines") == {"share": 0.75, "right": 3, "of": 4}
    size = [len("".join(line.split())) for line in RAW.splitlines() if line.split()]
    teaser, annotated = size[4], sum(size)  # the body's second line belongs to the paragraph that was named
    characters = figures(report, "zones", "characters")
    assert (characters["right"], characters["of"]) == (annotated - teaser, annotated)
    read = figures(report, "zones", "characters to be read")
    assert (read["recall"], read["precision"]) == pytest.approx((1, 1 - teaser / (annotated - size[1])))
    wrong = [cell for cell in report.as_dict()["confusion"] if cell["gold"] != cell["table"]]
    assert wrong == [{"gold": "teaser", "table": "body", "lines": 1, "characters": teaser}]
    (line,) = report.misses("zones")
    assert "Read also" in line
    assert "gold teaser | table body" in line


def matrix(lines: list[str]) -> dict[tuple[str, str], int]:
    """The confusion matrix as printed, with its sums: (row, column) -> number."""
    at = next(i for i, line in enumerate(lines) if line.startswith("zones, in lines"))
    heads, cells = lines[at + 1].split(), dict[tuple[str, str], int]()
    for line in lines[at + 2 :]:
        name, *numbers = line.split()
        cells |= {(name, head): int(n.replace(".", "0")) for head, n in zip(heads, numbers, strict=True)}
        if name == "table":
            return cells
    raise AssertionError("the matrix has no sums")


def test_the_confusion_matrix_adds_up(tmp_path: Path) -> None:
    """Rows sum to the gold's lines, columns to the table's, and both to all; the errors below it, by rule, to the rest."""
    made = segments(storm="title", by="title", read="body")
    for segment, rule in zip(made, ("title.first", "", "title.first", "", "body.rest", "", "", ""), strict=False):
        segment |= {"rule": rule or None, "confidence": "low"}
    report = score(tmp_path, {"zones": ZONES}, segments=made)
    cells = matrix(report.lines())
    assert {pair: n for pair, n in cells.items() if n and "gold" not in pair and "table" not in pair} == {
        ("title", "tit"): 1,
        ("byline", "tit"): 1,
        ("body", "bod"): 1,
        ("teaser", "bod"): 1,
    }
    for name in ("title", "byline", "body", "teaser", "table"):
        assert cells[name, "gold"] == cells[name, "tit"] + cells[name, "bod"]
    assert (cells["table", "tit"], cells["table", "bod"], cells["table", "gold"]) == (2, 2, len(ZONES))
    at = report.lines().index("zones taken for others (rule: lines, characters, the first)")
    byline, teaser = (len("".join(RAW.split("\n\n")[i].split())) for i in (1, 3))
    assert report.lines()[at + 1 :] == [
        f"  teaser -> body: 1, {teaser} “Read also: ten ways to cook a turnip in the evening” a.txt @{RAW.index('Read')}",
        f"  byline -> title, title.first: 1, {byline} “By Mina Holt” a.txt @{RAW.index('By Mina')}",
    ]
    got = figures(report, "zones", "characters")
    assert sum(cell["characters"] for cell in report.as_dict()["confusion"]) == got["of"]
    assert sum(c["characters"] for c in report.as_dict()["confusion"] if c["gold"] == c["table"]) == got["right"]
    assert "gold byline | table title, title.first" in report.misses("zones")[0]


def test_every_zone_fits_in_a_hundred_columns(tmp_path: Path) -> None:
    """With all zones on both sides the matrix stays readable, and no two columns have the same head."""
    raw = "".join(f"line {i} of many\n" for i in range(len(ALL_ZONES) ** 2))
    made = segments(raw)
    gold = [{"text": f"line {i} of many", "zone": ALL_ZONES[i % len(ALL_ZONES)]} for i in range(len(made))]
    for i, segment in enumerate(made):
        segment["zone"] = ALL_ZONES[i // len(ALL_ZONES)]
    lines = score(tmp_path, {"zones": gold}, {"a.txt": {"raw_text": raw}}, segments=made[1:]).lines()
    assert max(map(len, lines)) <= 100
    cells = matrix(lines)
    assert len(cells) == (len(ALL_ZONES) + 1) * (len(ALL_ZONES) + 2)
    assert cells["title", "non"] == 1
    assert cells["table", "gold"] == len(made)


def test_rules_are_counted_by_the_lines_they_decided(tmp_path: Path) -> None:
    """A rule's figures: the lines of the gold that it decided, and of how many the zone is right."""
    made = segments(storm="title", by="title", read="body")
    for segment in made:
        segment |= {"rule": f"{segment['zone']}.first", "confidence": "high"}
    assert score(tmp_path, {"zones": ZONES}, segments=made).rules() == [
        {"rule": "body.first", "zone": "body", "confidence": "high", "lines": 2, "right": 1},
        {"rule": "title.first", "zone": "title", "confidence": "high", "lines": 2, "right": 1},
    ]


def test_rules_are_written_for_the_codebook(tmp_path: Path) -> None:
    """One row per rule under the lines that say how the file is made; the same report gives the same bytes."""
    made = [{**segment, "rule": "body.first", "confidence": "high"} for segment in segments()]
    report = score(tmp_path, {"zones": ZONES}, segments=made)
    for name in ("one.csv", "two.csv"):
        write_rules(report, tmp_path / name)
    lines = (tmp_path / "one.csv").read_text("utf8").splitlines()
    assert [line for line in lines if not line.startswith("#")] == [
        "rule,zone,confidence,lines,right",
        "body.first,body,high,4,1",
    ]
    assert lines[0].startswith("#")
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()


def test_a_paragraph_ends_at_the_next_text(tmp_path: Path) -> None:
    """Of lines without a blank one between them, each that is named ends the one before."""
    start = RAW.index("Last March")
    cuts = [(0, start, "body"), (start, len(RAW), "caption")]
    made = [
        {"article_id": article_id(RAW), "ordinal": i, "zone": zone, "raw_start": start, "raw_end": end}
        for i, (start, end, zone) in enumerate(cuts)
    ]
    gold = [ZONES[2], {"text": "Last March the Harbour Union lost 12 boats", "zone": "caption"}]
    report = score(tmp_path, {"zones": gold}, segments=made)
    assert figures(report, "zones", "characters")["share"] == 1


def test_lines_in_no_segment(tmp_path: Path) -> None:
    """A line that no segment covers is wrong, and its characters count."""
    report = score(tmp_path, {"zones": ZONES[:1]})
    assert figures(report, "zones", "characters") == {"share": 0, "right": 0, "of": 20}
    assert "gold title | table none" in report.misses("zones")[0]


def test_lines_that_begin_with_the_text(tmp_path: Path) -> None:
    """A line that begins with the text comes before one that only holds it."""
    words = "the harbour was closed to all boats until the morning"
    raw = f"Port wardens said that {words} at least.\n{words} after all.\n"
    made = [
        {"article_id": article_id(raw), "ordinal": i, "zone": zone, "raw_start": start, "raw_end": end}
        for i, (zone, start, end) in enumerate(
            [("body", 0, raw.index("\n") + 1), ("caption", raw.index("\n") + 1, len(raw))]
        )
    ]
    gold = [{"text": words, "zone": "caption"}]
    report = score(tmp_path, {"zones": gold}, {"a.txt": {"raw_text": raw}}, segments=made)
    assert figures(report, "zones", "lines")["share"] == 1


def test_lines_that_repeat(tmp_path: Path) -> None:
    """The same line twice is two lines in order; a longer line that begins alike is neither; nth picks one."""
    raw = "Share\n\nShares fell again in the morning\n\nShare\n"
    made = segments(raw)
    for zone_row, zone in zip((r for r in made if r["ordinal"] in (0, 2, 4)), ("share", "body", "footer"), strict=True):
        zone_row["zone"] = zone
    articles = {"a.txt": {"raw_text": raw}}
    gold = [{"text": "Share", "zone": "share"}, {"text": "Share", "zone": "footer"}]
    assert figures(score(tmp_path, {"zones": gold}, articles, segments=made), "zones", "lines")["share"] == 1
    gold = [{"text": "Share", "zone": "footer", "nth": 2}]
    assert figures(score(tmp_path, {"zones": gold}, articles, segments=made), "zones", "lines")["share"] == 1


@pytest.mark.parametrize(
    ("text", "stretch"),
    [
        ("Mina Holt said on 3 May 2021 that more than 100 men", RAW.split("\n\n")[2]),
        ("that more than 100 men were detained. “We saw it,”", RAW[RAW.index("that more") : RAW.index("\n\nRead")]),
        ("Read also: ten ways to cook a turnip in the evening", RAW.split("\n\n")[3]),
        ("Mina Holt said", "Mina Holt said"),
        ("she said.", "she said."),
    ],
)
def test_parts_of_lines(tmp_path: Path, text: str, stretch: str) -> None:
    """A long text stands for its paragraph from there on, a short one for itself: a dateline, a credit in brackets."""
    at = RAW.index(stretch)
    cuts = [(0, at, "other"), (at, at + len(stretch), "body"), (at + len(stretch), len(RAW), "other")]
    made = [
        {"article_id": article_id(RAW), "ordinal": i, "zone": zone, "raw_start": start, "raw_end": end}
        for i, (start, end, zone) in enumerate(cuts)
    ]
    report = score(tmp_path, {"zones": [{"text": text, "zone": "body"}]}, segments=made)
    size = len("".join(stretch.split()))
    assert figures(report, "zones", "characters") == {"share": 1, "right": size, "of": size}


@pytest.mark.parametrize(
    ("want", "day", "precision", "answer"),
    [
        ("2021-05-03", DAY, "day", "right"),
        ("2021-05-03", dt.date(2021, 5, 4), "day", "wrong"),
        ("2021-05-03", None, None, "missing"),
        ("2021-05", dt.date(2021, 5, 1), "month", "right"),
        ("2021-05-01", dt.date(2021, 5, 1), "month", "wrong"),
        (None, None, None, "right"),
        (None, DAY, "day", "wrong"),
    ],
)
def test_published(tmp_path: Path, want: str | None, day: dt.date | None, precision: str | None, answer: str) -> None:
    """A publication date is right, wrong or missing; a date where there is none is wrong."""
    report = score(tmp_path, {"published": want}, {"a.txt": {"published": day, "published_precision": precision}})
    got = report.as_dict()["scores"]["published"]
    assert {"right": got["right"]["right"], "wrong": got["wrong"]["count"], "missing": got["missing"]["count"]} == {
        key: int(key == answer) for key in ("right", "wrong", "missing")
    }
    assert len(report.misses("published")) == (answer != "right")


def test_folded_strings(tmp_path: Path) -> None:
    """Gold strings are found through runs of spaces, line breaks and invisible characters; spans are those of the raw text."""
    raw = "First  line with Mi\u00adna\nHo\u200blt and 1\u200b2 boats.\n"
    name = {
        "article_id": article_id(raw),
        "mention_id": "m1",
        "raw_start": 17,
        "raw_end": 28,
        "text": "Mina Holt",
        "label": "PERSON",
    }
    assert raw[17:28] == "Mi\u00adna\nHo\u200blt"
    boats = {
        "article_id": article_id(raw),
        "quantity_id": "n1",
        "raw_start": 33,
        "raw_end": 42,
        "text": "12 boats",
        "kind": "count",
    }
    assert raw[33:42] == "1\u200b2 boats"
    boats |= {"start": 50, "end": 58, "number_start": 50, "number_end": 52}
    gold = {
        "mentions": [{"text": "Mina  Holt", "label": "PERSON"}],
        "quantities": [{"text": "12 boats", "number": "12"}],
    }
    report = score(tmp_path, gold, {"a.txt": {"raw_text": raw}}, mentions=[name], quantities=[boats])
    assert figures(report, "mentions", "span and label")["f"] == 1
    assert figures(report, "quantities", "number found")["f"] == 1


def test_any_path_joins(tmp_path: Path) -> None:
    """An article is found by any of its paths; so is a record of a file."""
    outputs = write(tmp_path / "outputs", {"x/a.txt": {"paths": ["x/a.txt", "feed.jsonl#7"]}})
    for path in ("x/a.txt", "feed.jsonl#7"):
        assert evaluate(write_gold(tmp_path / "gold", article=path), outputs).articles == 1


@pytest.mark.parametrize(
    ("says", "message"),
    [
        ({"mentions": [{**HOLT, "nth": 3}]}, r"a\.json: 'Mina Holt' \(nth 3\) is not in"),
        ({"dates": [{"text": "4 May 2021"}]}, r"a\.json: '4 May 2021' \(nth 1\)"),
        ({"quantities": [{"text": "12 boats", "number": "100"}]}, r"'100' \(nth 1\)"),
        ({"quotes": [{**SAW, "speaker": "Otto Kern"}]}, "'Otto Kern'"),
        ({"zones": [{"text": "Storm empt", "zone": "title"}]}, "is no line .* under 40 characters"),
        ({"zones": [{"text": "empties the", "zone": "title"}]}, "is no line .* at the beginning or end"),
        ({"zones": [ZONES[0], ZONES[0]]}, r"'Storm empties the coast' \(nth 2\) is no line"),
        ({"article": "b.txt"}, r"no article in .* has the path 'b\.txt'"),
        ({"mention": []}, "unknown key mention; known are zones"),
        ({"mentions": [{**HOLT, "lable": "PERSON"}]}, "unknown key lable"),
        ({"mentions": [{**HOLT, "label": "PER"}]}, "label 'PER'; known are"),
        ({"zones": [{"text": "By Mina Holt", "zone": "author"}]}, "zone 'author'; known are"),
        ({"dates": [{"type": "DATE"}]}, "an entry of dates has no text"),
        ({"complete": ["names"]}, "'complete' names names"),
        ({"article": None}, "not a JSON object with the article's path"),
    ],
)
def test_gold_that_does_not_fit(tmp_path: Path, says: Row, message: str) -> None:
    """Gold that cannot be what was meant is refused: file, string and nth are named."""
    with pytest.raises(UsageError, match=message):
        score(tmp_path, says)


def test_gold_files(tmp_path: Path) -> None:
    """Gold is a folder or one file; no gold, broken gold and gold for one text twice are refused."""
    outputs, gold = write(tmp_path / "outputs", {"a.txt": {"paths": ["a.txt", "b.txt"]}}), tmp_path / "gold"
    assert evaluate(write_gold(gold) / "a.json", outputs).articles == 1
    write_gold(gold, "b", article="b.txt")
    with pytest.raises(UsageError, match="same text"):
        evaluate(gold, outputs)
    (gold / "b.json").write_text("{", "utf8")
    with pytest.raises(UsageError, match=r"b\.json"):
        evaluate(gold, outputs)
    (tmp_path / "empty").mkdir()
    for nothing in (tmp_path / "empty", tmp_path / "absent.json"):
        with pytest.raises(UsageError):
            evaluate(nothing, outputs)


def test_no_tables(tmp_path: Path) -> None:
    """Without tables, or with damaged ones, the command that makes them is named."""
    gold, outputs = write_gold(tmp_path / "gold"), tmp_path / "outputs"
    with pytest.raises(UsageError, match=r"no articles\.parquet; make it with: concord extract"):
        evaluate(gold, outputs)
    write(outputs)
    (outputs / "quotes.parquet").unlink()
    with pytest.raises(UsageError, match=r"no quotes\.parquet; make it with: concord extract"):
        evaluate(gold, outputs)
    (outputs / "articles.parquet").write_bytes(b"nothing")
    with pytest.raises(UsageError, match=r"articles\.parquet cannot be read"):
        evaluate(gold, outputs)
    pq.write_table(conform("articles", []).drop_columns(["paths"]), outputs / "articles.parquet")
    with pytest.raises(UsageError, match="no column paths"):
        evaluate(gold, outputs)


def test_report_to_read(tmp_path: Path) -> None:
    """The report is a table with one line per measure; misses of a kind that is none are refused."""
    gold = {"mentions": [HOLT, UNION], "dates": [MAY], "quantities": [MEN], "zones": ZONES, "published": None}
    made = [row("mentions", "Mina Holt", 2, label="PERSON"), row("mentions", "Holt", 3, label="PERSON")]
    report = score(tmp_path, gold, mentions=made, segments=segments())
    lines = report.lines()
    assert lines[0] == "1 articles with gold"
    assert "  span and label".ljust(32) + "   50.0   50.0   50.0                1        2        2" in lines
    assert [line for line in lines if line in report.as_dict()["scores"]] == list(report.as_dict()["scores"])
    assert "  title -> body: 1, 20 “Storm empties the coast” a.txt @0" in lines
    with pytest.raises(UsageError, match="known are published, zones, mentions"):
        report.misses("names")


def test_compare_nothing(tmp_path: Path) -> None:
    """A folder does not differ from itself; the clock of a run is not compared."""
    outputs = write(tmp_path / "a", mentions=[row("mentions", "Mina Holt", 1, label="PERSON")], runs=[{"run_id": "r1"}])
    other = write(tmp_path / "b", mentions=[row("mentions", "Mina Holt", 1, label="PERSON")], runs=[{"run_id": "r2"}])
    lines = compare(outputs, other)
    assert len(lines) == len(TABLES) - 1
    assert all(line.endswith("no difference") for line in lines)


def test_compare(tmp_path: Path) -> None:
    """Added, removed and changed rows, with their strings; rows are the same by place, ids by what they name."""
    entity = {"label": "PERSON", "name": "Mina Holt"}
    old = write(
        tmp_path / "a",
        mentions=[
            row("mentions", "Mina Holt", 2, label="ORG", entity_id="e1", mention_id="m1", start=5),
            row("mentions", "Storm", label="PERSON"),
        ],
        entities=[{"entity_id": "e1", **entity}],
        quotes=[row("quotes", "We saw it,", kind="direct", speaker_entity_id="e1", speaker_mention_id="m1")],
    )
    new = write(
        tmp_path / "b",
        mentions=[
            row("mentions", "Mina Holt", 2, label="PERSON", entity_id="e2", mention_id="m2", start=7),
            row("mentions", "Harbour Union", label="ORG"),
        ],
        entities=[{"entity_id": "e2", **entity}],
        quotes=[row("quotes", "We saw it,", kind="direct", speaker_entity_id="e2", speaker_mention_id="m2")],
    )
    lines = compare(old, new)
    at = lines.index("mentions: 1 added, 1 removed, 1 changed, 2 rows")
    place = row("mentions", "Harbour Union")["raw_start"]
    assert lines[at + 1 : at + 4] == [
        f"  + a.txt @{place}: ORG, Harbour Union",
        "  - a.txt @0: PERSON, Storm",
        f"  ~ a.txt @{row('mentions', 'Mina Holt', 2)['raw_start']}: PERSON, Mina Holt: label ORG -> PERSON",
    ]
    assert "quotes: 1 rows, no difference" in lines


def test_compare_longer_rows(tmp_path: Path) -> None:
    """A row that begins at the same place and ends at another is another row."""
    old = write(tmp_path / "a", mentions=[row("mentions", "Storm", label="PERSON")])
    new = write(tmp_path / "b", mentions=[row("mentions", "Storm empties", label="PERSON")])
    assert "mentions: 1 added, 1 removed, 0 changed, 1 rows" in compare(old, new)


def test_compare_columns(tmp_path: Path) -> None:
    """A changed row names every column that differs; long texts are named, not printed."""
    day = {"timex_type": "DATE", "start_date": DAY}
    old = write(
        tmp_path / "a",
        {"a.txt": {"clean_text": "one"}},
        dates=[row("dates", "3 May 2021", timex_value="2021-05", **day)],
    )
    new = write(tmp_path / "b", {"a.txt": {"clean_text": "two"}}, dates=[row("dates", "3 May 2021", mod="END", **day)])
    lines = compare(old, new)
    assert any("timex_value 2021-05 -> None; mod None -> END" in line for line in lines)
    assert "  ~ a.txt: clean_text" in lines


def test_compare_figures_and_periods(tmp_path: Path) -> None:
    """Days that a figure or date stands for are values, not offsets: a change of them is told."""
    old = write(
        tmp_path / "a",
        dates=[row("dates", "3 May 2021", start_date=DAY)],
        figures=[{"figure_id": "f1", "period_start": DAY}],
    )
    later = dt.date(2021, 5, 4)
    new = write(
        tmp_path / "b",
        dates=[row("dates", "3 May 2021", start_date=later)],
        figures=[{"figure_id": "f1", "period_start": later}],
    )
    lines = compare(old, new)
    assert any("start_date 2021-05-03 -> 2021-05-04" in line for line in lines)
    assert any("period_start 2021-05-03 -> 2021-05-04" in line for line in lines)


def test_compare_limit(tmp_path: Path) -> None:
    """At most so many lines per table, and a count of the rest; issues have no key and are compared whole."""
    issues = [{"stage": "extract", "code": "modal_verb", "message": f"number {i}"} for i in range(5)]
    old, new = write(tmp_path / "a", issues=issues[:1] * 2), write(tmp_path / "b", issues=issues)
    lines = compare(old, new, limit=2)
    at = lines.index("issues: 4 added, 1 removed, 0 changed, 5 rows")
    assert lines[at + 1 : at + 4] == ["  + modal_verb, number 1", "  + modal_verb, number 2", "  ... and 3 more"]


def test_compare_needs_both(tmp_path: Path) -> None:
    """A folder without tables is refused."""
    with pytest.raises(UsageError, match="concord extract"):
        compare(write(tmp_path / "a"), tmp_path / "b")
