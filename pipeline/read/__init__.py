"""Files of a corpus -> raw articles.

Every format ends in the same thing, a :class:`Record`: one saved text, the place that held it and
what was said of it beside the text. :func:`read_corpus` folds records with the same text into one
raw article that keeps every place. A file or record that cannot be read is one row in ``issues``;
the others go on. Nothing in any file is executed, fetched or followed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import ReadError, UsageError
from pipeline.ids import article_id
from pipeline.read.formats import READERS, read_file, read_sidecar
from pipeline.read.record import GIVEN_FIELDS, Record, storable
from pipeline.schema import conform

if TYPE_CHECKING:
    import pyarrow as pa

    from pipeline.settings import ReadSettings

SIDECAR = ".meta.toml"
_NOT_ARTICLES = {"corrections.csv"}


def corpus_files(corpus: Path, output: Path | None = None) -> tuple[list[Path], list[ReadError]]:
    """The files of ``corpus`` (a folder, searched through, or one file) in path order, and what could not be opened.

    Hidden files, sidecars, ``README*`` and ``corrections.csv`` are no articles; nor is anything in ``output``,
    wherever it lies. Linked folders are not entered.

    Raises:
        UsageError: there is no such file or folder.
    """
    if corpus.is_file():
        return [corpus], []
    if not corpus.is_dir():
        raise UsageError(f"corpus {corpus}: no such file or folder; give the folder that holds your articles")
    files: list[Path] = []
    refused: list[ReadError] = []

    def unreadable(error: OSError) -> None:
        name = storable(str(error.filename))
        refused.append(
            ReadError(
                "unreadable", f"{name}: the folder cannot be opened ({error.strerror}); its articles are missing", name
            )
        )

    avoid = output.resolve() if output else None
    for folder, below, names in os.walk(corpus, onerror=unreadable):
        here = Path(folder)
        for name in below:
            if (here / name).is_symlink():
                place = storable((here / name).relative_to(corpus).as_posix())
                refused.append(
                    ReadError(
                        "linked_folder",
                        f"{place}: a linked folder is not entered; copy it, or extract it by itself",
                        place,
                    )
                )
        below[:] = [name for name in below if not name.startswith(".") and (here / name).resolve() != avoid]
        files += [here / name for name in names if not name.startswith((".", "README")) and name not in _NOT_ARTICLES]
    return sorted(path for path in files if path.is_file() or path.is_symlink()), refused


def read_corpus(corpus: Path, settings: ReadSettings, output: Path | None = None) -> tuple[dict[str, pa.Table], int]:
    """Everything that ``corpus`` holds: tables ``raw_articles`` and ``issues``, and the number of failed places.

    The tables are in article order and do not depend on the order in which files are found.
    """
    articles: dict[str, list[Record]] = {}
    issues: list[dict[str, Any]] = []
    base = corpus if corpus.is_dir() else corpus.parent
    failed = 0
    files, refused = corpus_files(corpus, output)
    held = {path.with_name(path.name.removesuffix(SIDECAR)) for path in files if path.name.endswith(SIDECAR)}
    stems = {path.with_suffix("") for path in files if not path.name.endswith(SIDECAR)}
    refused += [_sidecar_alone(path, base) for path in sorted(held - stems)]
    found: list[Record | ReadError] = list(refused)
    for path in files:
        if not path.name.endswith(SIDECAR):
            found += _records(path, storable(path.relative_to(base).as_posix()), settings)
    for one in found:
        if isinstance(one, ReadError):
            severity = "warning" if one.code in _WARNINGS else "error"
            failed += severity == "error"
            issues.append(_issue(severity, one.code, storable(str(one)), path=storable(one.path or "")))
        else:
            articles.setdefault(article_id(one.raw_text), []).append(one)
    rows = []
    for identifier, records in sorted(articles.items()):
        row, conflicts = _fold(identifier, sorted(records, key=lambda record: record.place))
        rows.append(row)
        issues.extend(conflicts)
    return {"raw_articles": conform("raw_articles", rows), "issues": conform("issues", issues)}, failed


def _sidecar_alone(path: Path, base: Path) -> ReadError:
    place = storable(path.relative_to(base).as_posix()) + SIDECAR
    return ReadError(
        "sidecar_alone", f"{place}: there is no article of that name beside it; rename the one or the other", place
    )


_WARNINGS = {
    "linked_folder",
    "unknown_format",
    "sidecar_alone",
    "bytes_replaced",
    "same_record_id",
    "field_not_understood",
}


def _records(path: Path, place: str, settings: ReadSettings) -> Iterator[Record | ReadError]:
    """The records of one file, or why there are none; whatever is wrong with a file stays that file's."""
    if path.suffix.lower() not in READERS:
        what, known = path.suffix or "a file without suffix", ", ".join(sorted(READERS))
        yield ReadError("unknown_format", f"{place}: {storable(what)} is not read; read are {known}", place)
        return
    sidecar = path.with_name(path.stem + SIDECAR)
    given: dict[str, Any] = {}
    if sidecar.is_file():
        try:
            given = read_sidecar(sidecar)
        except Exception as error:
            yield _refusal(
                error, "bad_sidecar", f"{place}: its sidecar cannot be read; the article was read without it", place
            )
    try:
        yield from read_file(path, place, given, settings)
    except Exception as error:
        yield _refusal(error, "unreadable", f"{place}: it cannot be read; check that it opens, or save it again", place)


def _refusal(error: Exception, code: str, message: str, place: str) -> ReadError:
    if isinstance(error, ReadError):
        return error if error.path else ReadError(error.code, str(error), place)
    why = getattr(error, "strerror", None) or f"{type(error).__name__}: {error}"
    return ReadError(code, f"{message} ({' '.join(str(why).split())[:200]})", place)


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
