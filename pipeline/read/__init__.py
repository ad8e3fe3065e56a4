"""Files of a corpus -> raw articles.

Every format ends in the same thing, a :class:`Record`: one saved text, the place that held it and
what was said of it beside the text. :func:`read_corpus` folds records with the same text into one
raw article that keeps every place. A file or record that cannot be read is one row in ``issues``;
the others go on. Nothing in any file is executed, fetched or followed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import ReadError, UsageError
from pipeline.ids import article_id
from pipeline.read.formats import READERS, read_file, read_sidecar
from pipeline.read.record import GIVEN_FIELDS, Record
from pipeline.schema import conform

if TYPE_CHECKING:
    import pyarrow as pa

    from pipeline.settings import ReadSettings

SIDECAR = ".meta.toml"
_NOT_ARTICLES = {"corrections.csv"}


def corpus_files(corpus: Path) -> list[Path]:
    """The files of ``corpus`` (a folder, searched recursively, or one file), in path order.

    Hidden files, sidecars, ``README*`` and ``corrections.csv`` are no articles.

    Raises:
        UsageError: there is no such file or folder.
    """
    if corpus.is_file():
        return [corpus]
    if not corpus.is_dir():
        raise UsageError(f"corpus {corpus}: no such file or folder; give the folder that holds your articles")
    return sorted(
        path
        for path in corpus.rglob("*")
        if path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(corpus).parts)
        and not path.name.endswith(SIDECAR)
        and not path.name.startswith("README")
        and path.name not in _NOT_ARTICLES
    )


def read_corpus(corpus: Path, settings: ReadSettings) -> tuple[dict[str, pa.Table], int]:
    """Everything that ``corpus`` holds: tables ``raw_articles`` and ``issues``, and the number of failed places.

    The tables are in article order and do not depend on the order in which files are found.
    """
    articles: dict[str, list[Record]] = {}
    issues: list[dict[str, Any]] = []
    base = corpus if corpus.is_dir() else corpus.parent
    failed = 0
    for path in corpus_files(corpus):
        place = path.relative_to(base).as_posix()
        for found in _records(path, place, settings):
            if isinstance(found, ReadError):
                severity = "warning" if found.code in _WARNINGS else "error"
                failed += severity == "error"
                issues.append(_issue(severity, found.code, str(found), path=found.path or place))
            else:
                articles.setdefault(article_id(found.raw_text), []).append(found)
    rows = []
    for identifier, records in sorted(articles.items()):
        row, conflicts = _fold(identifier, sorted(records, key=lambda record: record.place))
        rows.append(row)
        issues.extend(conflicts)
    return {"raw_articles": conform("raw_articles", rows), "issues": conform("issues", issues)}, failed


_WARNINGS = {"unknown_format", "sidecar_alone", "bytes_replaced", "same_record_id", "field_not_understood"}


def _records(path: Path, place: str, settings: ReadSettings) -> Iterator[Record | ReadError]:
    if path.suffix.lower() not in READERS:
        yield ReadError(
            "unknown_format",
            f"{place}: {path.suffix or 'a file without suffix'} is not read; read are {', '.join(sorted(READERS))}",
        )
        return
    sidecar = path.with_name(path.stem + SIDECAR)
    given: dict[str, Any] = {}
    if sidecar.is_file():
        try:
            given = read_sidecar(sidecar)
        except ReadError as error:
            yield error
    try:
        yield from read_file(path, place, given, settings)
    except ReadError as error:
        yield error
    except OSError as error:
        yield ReadError(
            "unreadable", f"{place}: the file cannot be opened ({error.strerror or error}); check its permissions"
        )


def _fold(identifier: str, records: list[Record]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """One raw article from the records of one text; a field that they give differently is left null."""
    first, issues = records[0], []
    row: dict[str, Any] = {
        "article_id": identifier,
        "paths": sorted({record.place for record in records}),
        "format": first.format,
        "encoding": first.encoding,
        "raw_text": first.raw_text,
        "markup": first.markup,
    }
    for name in GIVEN_FIELDS:
        values = {repr(value): value for record in records if (value := record.given.get(name))}
        row[name] = next(iter(values.values())) if len(values) == 1 else None
        if len(values) > 1:
            told = "; ".join(f"{record.place}: {record.given[name]}" for record in records if record.given.get(name))
            message = f"{name} is given differently for the same text ({told}), so it is left open; make them agree"
            issues.append(_issue("warning", "conflicting_metadata", message, article=identifier))
    for record in records:
        issues.extend(
            _issue("warning", code, message, article=identifier, path=record.place) for code, message in record.notes
        )
    return row, issues


def _issue(
    severity: str, code: str, message: str, article: str | None = None, path: str | None = None
) -> dict[str, Any]:
    return {
        "article_id": article,
        "path": path,
        "stage": "read",
        "severity": severity,
        "code": code,
        "message": message,
    }
