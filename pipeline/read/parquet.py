"""Parquet files -> records, a row each.

The columns are the fields of a record (``text``, ``id``, ``title``, ``published``, ``url``, ``outlet``, ``author`` or
``authors``, ``language``), in any of Arrow's types for text, dates and lists; other columns are not read. The file is
read a few rows at a time and may be larger than memory; the size limit is for the text of one row.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import ReadError
from pipeline.ids import article_id
from pipeline.read.decode import decode
from pipeline.read.record import GIVEN_FIELDS, Record, given_fields, storable
from pipeline.schema import TABLES

if TYPE_CHECKING:
    from pipeline.settings import ReadSettings

_FIELDS = ("id", "text", "author", *GIVEN_FIELDS)
_ROWS = 16
"""Rows held at once: few, as a large text that is stored once and meant in every row grows with them."""
_BATCH_BYTES = 16_000_000
_LIKE_OUR_OWN = 0.75
"""Share of a table's columns that marks a file as that table; versions of Concord add a column now and then."""
_EXAMPLES = 3


def records(path: Path, place: str, settings: ReadSettings) -> Iterator[Record | ReadError]:
    """The rows of a Parquet file.

    Yields:
        a record for each row with text, named by its id (else by its text); then one ReadError for each kind of
        row that gave none (``empty``, ``too_large``, ``not_text``), and for each column whose type is no use.

    Raises:
        ReadError: it is no Parquet file, has no column ``text``, no row with text, or is a table that Concord wrote.
    """
    with path.open("rb") as file:
        try:
            shape = pq.ParquetFile(file).schema_arrow
        except (pa.ArrowException, OSError) as error:
            raise ReadError(
                "bad_parquet", f"{place}: it cannot be read as Parquet ({_one_line(error)}); write it again", place
            ) from error
        columns = _columns(shape.names)
        _refuse_own_table(shape.names, place)
        if "text" not in columns:
            named = storable(", ".join(shape.names)[:500])
            raise ReadError(
                "no_text_column",
                f"{place}: there is no column `text` (columns: {named}); rename the one that holds the text",
                place,
            )
        unusable = _unusable(shape, columns)
        if "text" in unusable:
            raise ReadError(
                "no_text_column",
                f"{place}: the column `{columns['text']}` must hold text, not {unusable['text']}; write it as text",
                place,
            )
        for field, kind in unusable.items():
            message = f"{place}: the column `{columns.pop(field)}` must not be of type {kind}; it is left open"
            yield ReadError("field_not_understood", storable(message), place)
        yield from _rows(file, columns, place, settings)


def _rows(file: Any, columns: dict[str, str], place: str, settings: ReadSettings) -> Iterator[Record | ReadError]:
    left: Counter[str] = Counter()
    examples: dict[str, list[str]] = {}
    found = 0
    source = pq.ParquetFile(file, buffer_size=1 << 20, pre_buffer=False)
    for group in range(source.num_row_groups):
        try:
            for row in _group_rows(source, group, columns):
                where, code, one = _record(row, place, settings)
                if one is not None:
                    found += 1
                    yield one
                else:
                    left[code] += 1
                    if len(named := examples.setdefault(code, [])) < _EXAMPLES:
                        named.append(where)
        except (pa.ArrowException, OSError) as error:
            message = f"{place}: rows of row group {group + 1} of {source.num_row_groups} are missing ({_one_line(error)}); write the file again"
            yield ReadError("bad_parquet", message, place)
            found += 1  # what is wrong has been said
    told = {
        "empty": "{} have no text and are left out",
        "too_large": f"{{}} are larger than the limit of {settings.max_megabytes} MB; raise read.max_megabytes",
        "not_text": "{} hold bytes that are no text in any known encoding; write the column as text",
    }
    if not found and not left:
        raise ReadError("empty", f"{place}: there is no row in it; remove it or write it again", place)
    for code, count in sorted(left.items()):
        more = f" and {count - _EXAMPLES} more" if count > _EXAMPLES else ""
        rows = f"{count} row(s) ({', '.join(examples[code])}{more})"
        yield ReadError(code, storable(f"{place}: {told[code].format(rows)}"), place)


def _columns(names: list[str]) -> dict[str, str]:
    """Field -> the column that holds it; an exact name comes before one in other letters."""
    found: dict[str, str] = {}
    for name in sorted(names, key=lambda name: (name not in _FIELDS, name)):
        field = name.strip().lower()
        if field in _FIELDS and names.count(name) == 1:
            found.setdefault(field, name)
    return found


def _refuse_own_table(names: list[str], place: str) -> None:
    have = set(names)
    shares = {
        name: len(have & set(table.names)) / len(set(table.names) | have)
        for name, table in TABLES.items()
        if set(table.key) <= have and len(have & set(table.names)) >= _LIKE_OUR_OWN * len(table.names)
    }
    if shares:
        likest = max(shares, key=lambda name: shares[name])
        raise ReadError(
            "own_table",
            f"{place}: this is a table that Concord wrote (`{likest}`), not a corpus; "
            "give the folder of the articles it was made from",
            place,
        )


def _unusable(shape: pa.Schema, columns: dict[str, str]) -> dict[str, str]:
    """Field -> type of the columns whose type can hold no such field."""
    return {f: str(kind)[:80] for f, name in columns.items() if not _fits(f, kind := shape.field(name).type)}


def _fits(field: str, kind: pa.DataType) -> bool:
    types = pa.types
    if isinstance(kind, pa.BaseExtensionType):
        kind = kind.storage_type
    if types.is_dictionary(kind):
        kind = kind.value_type
    text = (
        types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind)
        or types.is_binary(kind) or types.is_large_binary(kind) or types.is_null(kind)
    )  # fmt: skip
    if text:
        return True
    if field == "id":
        return bool(types.is_integer(kind) or types.is_floating(kind) or types.is_fixed_size_binary(kind))
    if field == "published":
        return bool(types.is_temporal(kind) or types.is_integer(kind) or types.is_floating(kind))
    if field in {"author", "authors"}:
        lists = types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind)
        return bool(lists or types.is_list_view(kind)) and _fits("title", kind.value_type)
    return False


def _group_rows(source: pq.ParquetFile, group: int, columns: dict[str, str]) -> Iterator[dict[str, Any]]:
    """The rows of one row group as values by field."""
    meta = source.metadata.row_group(group)
    per_row = meta.total_byte_size / max(1, meta.num_rows)
    size = max(1, min(_ROWS, int(_BATCH_BYTES / max(1.0, per_row))))
    names = list(columns.values())
    for batch in source.iter_batches(batch_size=size, row_groups=[group], columns=names, use_threads=False):
        held = {field: batch.column(batch.schema.get_field_index(name)) for field, name in columns.items()}
        for i in range(batch.num_rows):
            yield {field: column[i] for field, column in held.items()}


def _record(row: dict[str, Any], place: str, settings: ReadSettings) -> tuple[str, str, Record | None]:
    """What to call the row, why there is no record, and the record."""
    fields: dict[str, Any] = {}
    notes: list[tuple[str, str]] = []
    for field, scalar in row.items():
        try:
            fields[field] = None if field == "text" else _value(scalar)
        except (ValueError, OverflowError) as error:
            notes.append(("field_not_understood", f"{field} cannot be read ({_one_line(error)}); it is left open"))
    identifier = _identifier(fields.pop("id", None))
    where = f"id {identifier}" if identifier else "a row without id"
    scalar = row["text"]
    if isinstance(scalar, pa.DictionaryScalar):  # the type of the column was such; it is held as one
        scalar = scalar.value
    if scalar is None or not scalar.is_valid:
        return where, "empty", None
    if scalar.as_buffer().size > settings.max_megabytes * 1_000_000:
        return where, "too_large", None
    try:
        text, mended = _decoded(scalar, place)
    except ReadError as error:
        return where, error.code, None
    if not text.strip("\ufeff \t\r\n\x00\xa0"):
        return where, "empty", None
    given, more = given_fields(fields)
    text = storable(text)
    named = storable(f"{place}#{identifier or article_id(text)}")
    return where, "", Record(named, "parquet", "", text, given, notes=(*mended, *notes, *more))


def _decoded(scalar: Any, place: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    data = scalar.as_buffer().to_pybytes()
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        decoded = decode(data, place)
        return decoded.text, decoded.notes


def _value(scalar: Any) -> Any:
    """A cell as Python has it; None for what is missing.

    Raises:
        ValueError, OverflowError: it is a day that no calendar has, or text in another encoding than UTF-8.
    """
    value = scalar.as_py()
    if isinstance(value, float):
        if math.isnan(value):
            return None
        return int(value) if value.is_integer() else value
    if isinstance(value, list):
        return [_as_text(item) for item in value if item is not None]
    if isinstance(value, dt.datetime) and value == value.replace(hour=0, minute=0, second=0, microsecond=0):
        return value.date()
    return _as_text(value)


def _as_text(value: Any) -> Any:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _identifier(value: Any) -> str:
    """An id as text; empty if there is none."""
    return " ".join(str(value).split()) if value is not None else ""


def _one_line(error: BaseException) -> str:
    return storable(" ".join(str(error).split())[:200])
