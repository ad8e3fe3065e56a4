"""Parquet files: one record a row, whatever types the columns have."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.errors import ReadError
from pipeline.ids import article_id
from pipeline.read import read_corpus
from pipeline.read.parquet import records
from pipeline.read.record import Record
from pipeline.schema import TABLES
from pipeline.settings import ReadSettings

WORDS = "Ana Bel spoke at Halm."


def at(day: int, hour: int = 0, minute: int = 0) -> dt.datetime:
    return dt.datetime(2022, 4, day, hour, minute, tzinfo=dt.UTC)


def read(
    folder: Path, columns: dict[str, Any] | pa.Table, megabytes: int = 1, **how: Any
) -> tuple[list[Record], list[ReadError]]:
    path = folder / "a.parquet"
    pq.write_table(columns if isinstance(columns, pa.Table) else pa.table(columns), path, **how)
    return read_path(path, megabytes)


def read_path(path: Path, megabytes: int = 1) -> tuple[list[Record], list[ReadError]]:
    found = list(records(path, path.name, ReadSettings(max_megabytes=megabytes)))
    return [x for x in found if isinstance(x, Record)], [x for x in found if isinstance(x, ReadError)]


def test_a_row_is_a_record(tmp_path: Path) -> None:
    """Its fields are those of any record; a column with another name is not read."""
    columns = {
        "id": ["r1"], "text": [WORDS], "title": ["A talk"], "published": ["2022-04-03"], "outlet": ["The Paper"],
        "url": ["https://paper.example/1"], "language": ["en"], "authors": [["J. Doe", "M. Roe"]], "clicks": [7],
    }  # fmt: skip
    [record], [] = read(tmp_path, columns)
    assert (record.place, record.format, record.encoding, record.raw_text) == ("a.parquet#r1", "parquet", "", WORDS)
    assert record.given == {
        "title": "A talk", "published": "2022-04-03", "outlet": "The Paper", "url": "https://paper.example/1",
        "language": "en", "authors": ["J. Doe", "M. Roe"],
    }  # fmt: skip
    assert record.notes == ()


@pytest.mark.parametrize(
    "kind",
    [
        pa.string(),
        pa.large_string(),
        pa.string_view(),
        pa.binary(),
        pa.dictionary(pa.int32(), pa.string()),
        pa.dictionary(pa.int8(), pa.large_string()),
    ],
)
def test_text_may_be_of_any_text_type(tmp_path: Path, kind: pa.DataType) -> None:
    """Plain, large, as a view, in bytes, or stored once for many rows."""
    column = pa.array([WORDS, "Zoë spoke.", WORDS])
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type).dictionary_encode().cast(kind)
    else:
        column = column.cast(kind)
    found, told = read(tmp_path, {"id": ["1", "2", "3"], "text": column, "title": column})
    assert [record.raw_text for record in found] == [WORDS, "Zoë spoke.", WORDS]
    assert [record.given["title"] for record in found] == [WORDS, "Zoë spoke.", WORDS]
    assert not told


@pytest.mark.parametrize(
    ("column", "given"),
    [
        (["3 April 2022"], "3 April 2022"),
        (pa.array([dt.date(2022, 4, 3)], pa.date32()), "2022-04-03"),
        (pa.array([dt.date(2022, 4, 3)], pa.date64()), "2022-04-03"),
        (pa.array([at(3)], pa.timestamp("ns")), "2022-04-03"),
        (pa.array([at(3, 7, 5)], pa.timestamp("us")), "2022-04-03T07:05:00"),
        (pa.array([at(3, 7, 5)], pa.timestamp("ms", "UTC")), "2022-04-03T07:05:00+00:00"),
        ([2022], "2022"),
        ([2022.0], "2022"),
        ([math.nan], None),
        ([""], None),
        (pa.array([None], pa.null()), None),
        (pa.array([None], pa.timestamp("us")), None),
    ],
)  # fmt: skip
def test_the_day_may_be_of_any_date_type(tmp_path: Path, column: Any, given: str | None) -> None:
    """A time of midnight is a day without a time; what is missing is left open without a word."""
    [record], [] = read(tmp_path, {"text": [WORDS], "published": column})
    assert record.given.get("published") == given
    assert record.notes == ()


def test_a_day_that_no_calendar_has_is_told(tmp_path: Path) -> None:
    """The row is read without it."""
    [record], [] = read(tmp_path, {"text": [WORDS], "published": pa.array([2**60], pa.timestamp("us"))})
    assert (record.raw_text, [code for code, _ in record.notes]) == (WORDS, ["field_not_understood"])


@pytest.mark.parametrize(
    ("name", "column", "given"),
    [
        ("author", ["J. Doe; M. Roe"], ["J. Doe", "M. Roe"]),
        ("authors", [["J. Doe", None]], ["J. Doe"]),
        ("authors", pa.array([["J. Doe"]], pa.large_list(pa.large_string())), ["J. Doe"]),
        ("Authors ", [["J. Doe"]], ["J. Doe"]),
        ("authors", [None], None),
        ("authors", pa.array([[]], pa.list_(pa.string())), None),
    ],
)
def test_authors_are_text_or_a_list(tmp_path: Path, name: str, column: Any, given: list[str] | None) -> None:
    """As in every other format; names of columns may be in any letters."""
    [record], [] = read(tmp_path, {"TEXT": [WORDS], name: column})
    assert record.given.get("authors") == given


@pytest.mark.parametrize(
    ("column", "name"),
    [
        ([17], "17"),
        ([17.0], "17"),
        ([0], "0"),
        (["kpa 1\n2"], "kpa 1 2"),
        ([""], article_id(WORDS)),
        ([None], article_id(WORDS)),
        ([math.nan], article_id(WORDS)),
    ],
)
def test_a_row_is_named_by_its_id_or_its_text(tmp_path: Path, column: Any, name: str) -> None:
    """Never by its position."""
    [record], [] = read(tmp_path, {"text": [WORDS], "id": column})
    assert record.place == f"a.parquet#{name}"


def test_rows_without_text_are_one_issue(tmp_path: Path) -> None:
    """It counts them and names the first three."""
    texts = [WORDS, None, "", " \n", *[None] * 2_000]
    ids = [f"r{n}" for n in range(len(texts))]
    [record], [told] = read(tmp_path, {"id": ids, "text": pa.array(texts)})
    assert record.raw_text == WORDS
    assert told.code == "empty"
    assert "2003 row(s) (id r1, id r2, id r3 and 2000 more) have no text" in str(told)


def test_a_row_over_the_limit_costs_itself(tmp_path: Path) -> None:
    """The limit is for the text of one row: a file may hold any number of them."""
    texts = ["x" * 1_100_000, *["y" * 900_000 + str(n) for n in range(5)]]
    found, [told] = read(tmp_path, {"id": list("abcdef"), "text": texts}, row_group_size=2)
    assert [record.place[-1] for record in found] == list("bcdef")
    assert (told.code, "(id a)" in str(told)) == ("too_large", True)


def test_bytes_in_another_encoding_are_decoded(tmp_path: Path) -> None:
    """What is no text at all is told."""
    texts = ["The café’s owner said “no” – twice.\r\n".encode("cp1252") * 20, bytes(range(256)) * 40]
    [record], [told] = read(tmp_path, {"id": ["a", "b"], "text": pa.array(texts, pa.binary())})
    assert record.raw_text.startswith("The café’s owner said “no” – twice.")
    assert told.code == "not_text"


def test_a_column_of_no_use_is_told_once(tmp_path: Path) -> None:
    """The rows are read without it."""
    found, [told] = read(tmp_path, {"text": [WORDS, "More."], "published": [{"day": 3}, {"day": 4}]})
    assert [record.given for record in found] == [{}, {}]
    assert (told.code, "`published`" in str(told), "struct" in str(told)) == ("field_not_understood", True, True)


@pytest.mark.parametrize(
    ("columns", "code", "named"),
    [
        ({"id": ["1"], "body": ["x"]}, "no_text_column", "columns: id, body"),
        ({"text": [3]}, "no_text_column", "int64"),
        ({"text": [["a list"]]}, "no_text_column", "list"),
        ({"text": pa.array([], pa.string())}, "empty", "no row"),
    ],
)
def test_a_file_that_holds_no_records_is_refused(
    tmp_path: Path, columns: dict[str, Any], code: str, named: str
) -> None:
    """The refusal says which columns are there."""
    with pytest.raises(ReadError, match=named) as caught:
        read(tmp_path, columns)
    assert caught.value.code == code


@pytest.mark.parametrize("name", sorted(TABLES))
def test_the_tables_of_concord_are_no_corpus(tmp_path: Path, name: str) -> None:
    """Reading them would take segments for articles; so too with a column more or less."""
    table = TABLES[name].schema.empty_table()
    last = [column for column in table.schema.names if column not in TABLES[name].key][-1]
    for one in (table, table.append_column("mine", pa.array([], pa.string())), table.drop_columns([last])):
        with pytest.raises(ReadError, match=f"`{name}`") as caught:
            read(tmp_path, one)
        assert caught.value.code == "own_table"


def test_a_broken_file_is_refused(tmp_path: Path) -> None:
    """Cut off, or no Parquet at all."""
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": [WORDS]}), path)
    for data in (path.read_bytes()[:-20], b"PAR1", b"", b"text,title"):
        path.write_bytes(data)
        with pytest.raises(ReadError) as caught:
            read_path(path)
        assert caught.value.code == "bad_parquet"


def test_a_broken_row_group_costs_its_rows(tmp_path: Path) -> None:
    """The other row groups are read."""
    path = tmp_path / "a.parquet"
    texts = [f"Report number {n} from Halm." for n in range(6)]
    pq.write_table(pa.table({"text": texts}), path, row_group_size=2, compression="gzip", use_dictionary=False)
    at = pq.read_metadata(path).row_group(1).column(0).data_page_offset
    data = bytearray(path.read_bytes())
    data[at : at + 60] = b"\xff" * 60
    path.write_bytes(data)
    found, [told] = read_path(path)
    assert [record.raw_text for record in found] == [*texts[:2], *texts[4:]]
    assert (told.code, "row group 2 of 3" in str(told)) == ("bad_parquet", True)


def test_a_few_rows_are_held_at_a_time(tmp_path: Path) -> None:
    """Also where a small file means one large text in every row."""
    texts = pa.DictionaryArray.from_arrays(pa.array([0] * 1_000, pa.int32()), pa.array(["x" * 900_000]))
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": texts, "id": list(range(1_000))}), path, store_schema=False)
    before = pa.total_allocated_bytes()
    for number, record in enumerate(records(path, "a.parquet", ReadSettings())):
        assert isinstance(record, Record)
        if number == 10:
            assert pa.total_allocated_bytes() - before < 20_000_000
            break


def test_in_a_corpus(tmp_path: Path) -> None:
    """Parts of one table are simply several files."""
    for part in (1, 2):
        pq.write_table(pa.table({"id": [part], "text": [f"Report number {part}."]}), tmp_path / f"part-{part}.parquet")
    tables, failed = read_corpus(tmp_path, ReadSettings())
    assert sorted(row["paths"][0] for row in tables["raw_articles"].to_pylist()) == [
        "part-1.parquet#1",
        "part-2.parquet#2",
    ]
    assert (failed, tables["issues"].num_rows) == (0, 0)
