"""One reader per format; each turns a file into records and raises ReadError where it cannot.

Text formats are read here, whole, after their bytes are decoded. The others have a module each, which
opens the file itself, and some need a library that comes with an extra of the package.

Records in ``.json``, ``.jsonl`` and ``.csv`` have the fields ``id, text, title, published, url, outlet,
author(s), language``; only ``text`` is needed. A record without an id is named by its text, never by its
position, so that adding a record leaves the others' places alone.
"""

from __future__ import annotations

import csv
import dataclasses
import importlib
import io
import json
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import ReadError
from pipeline.ids import article_id
from pipeline.read.decode import charset_in_page, decode, decode_declared
from pipeline.read.record import Record, given_fields, storable

if TYPE_CHECKING:
    from pipeline.settings import ReadSettings

Found = Iterator[Record | ReadError]
Reader = Callable[[Path, str, "ReadSettings"], Found]
"""Takes a file, its place in the corpus, and the settings."""


def read_file(path: Path, place: str, given: Mapping[str, Any], settings: ReadSettings) -> Found:
    """The records of one file; ``given`` is what its sidecar says and fills what a record leaves out.

    Raises:
        ReadError: the file as a whole cannot be read.
    """
    suffix = suffix_of(path.name)
    if suffix is None:
        what, known = path.suffix or "a file without suffix", ", ".join(sorted(READERS))
        raise ReadError("unknown_format", f"{place}: {storable(what)} is not read; read are {known}", place)
    seen: dict[str, str] = {}
    for found in READERS[suffix](path, place, settings):
        if isinstance(found, ReadError):
            yield found
            continue
        here = found.place
        if seen.setdefault(here, found.raw_text) != found.raw_text:
            message = f"{here}: the same id stands for two texts; the second is kept under its own id"
            yield ReadError("same_record_id", message, here)
            here = f"{place}#{article_id(found.raw_text)}"
        yield dataclasses.replace(found, place=here, given={**given, **found.given})


def suffix_of(name: str) -> str | None:
    """The suffix by which a file of this name is read, the longest that fits; None if there is none."""
    fitting = [suffix for suffix in READERS if name.lower().endswith(suffix) and len(name) > len(suffix)]
    return max(fitting, key=len, default=None)


def bounded(path: Path, place: str, settings: ReadSettings) -> bytes:
    """The bytes of a file that is no larger than the settings allow.

    Raises:
        ReadError: it is larger.
    """
    size = path.stat().st_size
    if size > settings.max_megabytes * 1_000_000:
        raise ReadError(
            "too_large",
            f"{place}: {size / 1e6:.0f} MB is more than the limit of {settings.max_megabytes} MB; split it, or raise read.max_megabytes",
        )
    return path.read_bytes()


def read_sidecar(path: Path) -> dict[str, Any]:
    """What ``name.meta.toml`` says of the file beside it.

    Raises:
        ReadError: it is not TOML.
    """
    try:
        fields = tomllib.loads(decode(path.read_bytes(), path.name).text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise ReadError(
            "bad_sidecar", f"{path.name}: not TOML ({error}); the article was read without it", path.name
        ) from error
    return given_fields(fields)[0]


def _text(text: str, place: str) -> Found:
    yield Record(place, "txt", "", storable(text))


def _markdown(text: str, place: str) -> Found:
    """The text below the front matter; the front matter is what is given beside it."""
    fields: Any = {}
    body = text.removeprefix("\ufeff")
    if body.startswith(("---\n", "---\r\n")):
        head, mark, rest = body[3:].partition("\n---")
        if mark and (not rest or rest[0] in "\r\n"):
            fields, body = _front_matter(head, place), rest.lstrip("\r\n")
    given, notes = given_fields(fields)
    yield Record(place, "md", "", storable(body), given, notes=tuple(notes))


def _front_matter(head: str, place: str) -> Mapping[str, Any]:
    import yaml

    try:
        fields = yaml.safe_load(head)
    except yaml.YAMLError as error:
        raise ReadError(
            "bad_front_matter", f"{place}: the front matter is not YAML ({_one_line(error)}); mend it and run again"
        ) from error
    if not isinstance(fields, dict):
        raise ReadError(
            "bad_front_matter", f"{place}: the front matter must be lines of `field: value`; mend it and run again"
        )
    return fields


def _html(text: str, place: str) -> Found:
    from pipeline.read.page import page_record

    yield page_record(text, place, "html")


def _json(text: str, place: str) -> Found:
    try:
        value = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise ReadError(
            "bad_json", f"{place}: not JSON ({_one_line(error)}); mend it, or save it as .jsonl with one record a line"
        ) from error
    if isinstance(value, dict):
        yield _record(value, place, "json", place if not value.get("id") else f"{place}#{value['id']}")
    elif isinstance(value, list):
        for i, item in enumerate(value, 1):
            yield from _checked(item, place, "json", f"item {i}")
    else:
        raise ReadError("bad_json", f"{place}: it must hold a record or a list of records, each with a field `text`")


def _jsonl(text: str, place: str) -> Found:
    for i, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield ReadError(
                "bad_json", f"{place}, line {i}: not JSON ({_one_line(error)}); the other lines were read", place
            )
            continue
        yield from _checked(value, place, "jsonl", f"line {i}")


def _csv(text: str, place: str) -> Found:
    columns, rows = read_table(text, place)
    if {"decision", "other_text"} <= set(columns):
        raise ReadError(
            "decisions", f"{place}: it holds decisions, no articles; name it corrections.csv, or move it elsewhere"
        )
    if "text" not in columns:
        named = ", ".join(columns)
        raise ReadError(
            "no_text_column",
            f"{place}: there is no column `text` (columns: {named}); rename the one that holds the text",
        )
    for line, row in rows:
        if isinstance(row, ReadError):
            yield row
        else:
            yield from _checked(row, place, "csv", f"line {line}")


def read_table(text: str, place: str) -> tuple[list[str], Iterator[tuple[int, dict[str, str] | ReadError]]]:
    """A table as spreadsheets save it: its columns in lower case, and its rows, each with its last line.

    Between the cells stand commas, semicolons, tabs or bars. A row is without its empty cells and those beyond the
    header; one that cannot be read is an error in its place.

    Raises:
        ReadError: the header cannot be read.
    """
    text = text.removeprefix("\ufeff")
    header = text.split("\n", 1)[0]
    delimiter = max(",;\t|", key=header.count)
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        columns = [name.strip().lower() for name in rows.fieldnames or []]
    except csv.Error as error:
        raise ReadError("bad_csv", f"{place}, line 1: {error}; mend the quotation marks of the header") from error
    rows.fieldnames = columns
    return columns, _table_rows(rows, place)


def _table_rows(rows: csv.DictReader[str], place: str) -> Iterator[tuple[int, dict[str, str] | ReadError]]:
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            line = rows.reader.line_num
            yield line, ReadError("bad_csv", f"{place}, line {line}: {error}; the other rows were read", place)
        else:
            yield rows.line_num, {k: v for k, v in row.items() if k and v}


def _checked(value: Any, place: str, form: str, where: str) -> Found:
    """One record of many: what is wrong with it is said with its place in the file."""
    try:
        yield _record(value, place, form, None)
    except ReadError as error:
        yield ReadError(error.code, f"{place}, {where}: {error}", place)


def _record(value: Any, place: str, form: str, record_place: str | None) -> Record:
    if not isinstance(value, dict):
        raise ReadError("no_record", "a record must be an object with a field `text`", place)
    text = value.get("text")
    if not isinstance(text, str):
        raise ReadError(
            "no_text",
            f"the record has no field `text` that holds text (fields: {', '.join(map(str, value)) or 'none'})",
            place,
        )
    if not text.strip():
        raise ReadError("empty", "the field `text` is empty", place)
    text = storable(text)
    identifier = value.get("id")
    if record_place is None:
        record_place = (
            f"{place}#{identifier if isinstance(identifier, str | int) and str(identifier) else article_id(text)}"
        )
    given, notes = given_fields(value)
    return Record(storable(record_place), form, "", text, given, notes=tuple(notes))


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())


def _decoded(parse: Callable[[str, str], Found], *, page: bool = False) -> Reader:
    """The reader of a text format: ``parse`` gets the whole text and the place; a ``page`` may name its encoding."""

    def read(path: Path, place: str, settings: ReadSettings) -> Found:
        data = bounded(path, place, settings)
        decoded = decode_declared(data, place, charset_in_page(data) if page else ())
        if not decoded.text.strip("\ufeff \t\r\n\x00"):
            raise ReadError("empty", f"{place}: there is no text in it; remove it or save it again")
        for found in parse(decoded.text, place):
            if isinstance(found, Record):
                yield dataclasses.replace(found, encoding=decoded.encoding, notes=(*decoded.notes, *found.notes))
            else:
                yield found

    return read


def _module(name: str, extra: str = "") -> Reader:
    """The reader ``records`` of a module in this package, imported when the first file of its kind is met.

    ``extra`` is the extra of the package that brings the library it needs.
    """

    def read(path: Path, place: str, settings: ReadSettings) -> Found:
        try:
            module = importlib.import_module(f"pipeline.read.{name}")
        except ModuleNotFoundError as error:
            suffix = suffix_of(path.name)
            raise ReadError(
                "extra_missing",
                f"{place}: to read {suffix} install what it needs: pip install 'concord-news[{extra}]' (no {error.name} here)",
            ) from error
        yield from module.records(path, place, settings)

    return read


READERS: Mapping[str, Reader] = {
    ".txt": _decoded(_text),
    ".md": _decoded(_markdown),
    ".html": _decoded(_html, page=True),
    ".htm": _decoded(_html, page=True),
    ".xhtml": _decoded(_html, page=True),
    ".json": _decoded(_json),
    ".jsonl": _decoded(_jsonl),
    ".csv": _decoded(_csv),
    ".tsv": _decoded(_csv),
    ".parquet": _module("parquet"),
    ".warc": _module("warc", "warc"),
    ".warc.gz": _module("warc", "warc"),
    ".pdf": _module("pdf", "pdf"),
    ".docx": _module("docx"),
    ".eml": _module("mail"),
    ".mht": _module("mail"),
    ".mhtml": _module("mail"),
    ".xml": _module("newsml"),
    ".nitf": _module("newsml"),
}
"""The reader of each suffix."""
