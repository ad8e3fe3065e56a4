"""Files of a corpus -> raw articles.

Every format ends in the same thing, a :class:`Record`: one saved text, the place that held it and
what was said of it beside the text. Records with the same text are folded into one raw article that
keeps every place. A file or record that cannot be read is one row in ``issues``; the others go on.
Nothing in any file is executed, fetched or followed.

:func:`survey` says what a corpus holds, reading only files that are new or changed;
:meth:`Corpus.raw_articles` gives the texts of the articles that are asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import ReadError, UsageError
from pipeline.ids import sha256
from pipeline.read.files import corpus_files, sidecar_of
from pipeline.read.formats import read_file, read_sidecar
from pipeline.read.held import FileContents, Held, contents, file_key
from pipeline.read.record import GIVEN_FIELDS, Record, storable
from pipeline.read.repeated import outlet_key, repeated_lines
from pipeline.schema import conform

if TYPE_CHECKING:
    import pyarrow as pa

    from pipeline.settings import ReadSettings

__all__ = ["Corpus", "corpus_files", "read_corpus", "survey"]

_WARNINGS = {
    "linked_folder",
    "unknown_format",
    "sidecar_alone",
    "bytes_replaced",
    "same_record_id",
    "field_not_understood",
    "withdrawn",
    "content_elsewhere",
    "teasers_left_out",
    "no_page",
    "page_without_text",
}


@dataclass
class Corpus:
    """What a corpus holds.

    Attributes:
        articles: article_id -> its row of ``raw_articles`` with ``text_sha256`` and ``markup_sha256`` in the place
            of ``raw_text`` and ``markup``.
        issues: rows of ``issues`` about reading.
        failed: number of places that could not be read.
        files: place of each file -> what it holds, to be known by the next survey.
    """

    articles: dict[str, dict[str, Any]]
    issues: pa.Table
    failed: int
    files: dict[str, FileContents]
    _base: Path
    _settings: ReadSettings
    _source: dict[str, tuple[str, str]]
    """article_id -> (file, place) of the record that its text is taken from."""
    _read: dict[str, dict[str, Record]]
    """file -> place -> record, of the files that were read."""

    def raw_articles(self, articles: Iterable[str]) -> pa.Table:
        """Table ``raw_articles`` of the given articles, sorted; files that were known are read for it.

        Raises:
            UsageError: a file changed since the survey.
        """
        rows = []
        for article in sorted(articles):
            file, place = self._source[article]
            if file not in self._read:
                self._read[file] = _by_place(_records(self._base / file, file, self._settings))
            record = self._read[file].get(place)
            row = dict(self.articles[article])
            if record is None or sha256(record.raw_text) != row["text_sha256"]:
                raise UsageError(f"{place}: it changed while the corpus was read; run again")
            del row["text_sha256"], row["markup_sha256"]
            rows.append(row | {"raw_text": record.raw_text, "markup": record.markup})
        return conform("raw_articles", rows)

    def forget_texts(self) -> None:
        """Let go of the texts that were read; what is asked for after that is read again."""
        self._read.clear()


def read_corpus(corpus: Path, settings: ReadSettings, output: Path | None = None) -> tuple[dict[str, pa.Table], int]:
    """Everything that ``corpus`` holds: tables ``raw_articles`` and ``issues``, and the number of failed places.

    The tables are in article order and do not depend on the order in which files are found.
    """
    found = survey(corpus, settings, output)
    return {"raw_articles": found.raw_articles(found.articles), "issues": found.issues}, found.failed


def survey(
    corpus: Path,
    settings: ReadSettings,
    output: Path | None = None,
    known: Mapping[str, tuple[str, str]] | None = None,
    fingerprint: str = "",
) -> Corpus:
    """What ``corpus`` holds.

    Args:
        corpus: a folder, or one file.
        settings: the settings of reading.
        output: a folder in it that holds no articles.
        known: place of a file -> its key and its contents as JSON, from an earlier survey.
        fingerprint: names the readers and their settings; under another one nothing is known.

    Raises:
        UsageError: there is no such file or folder.
    """
    base = corpus if corpus.is_dir() else corpus.parent
    paths, refused = corpus_files(corpus, output)
    files: dict[str, FileContents] = {}
    read: dict[str, dict[str, Record]] = {}
    for path in paths:
        name = path.relative_to(base).as_posix()
        place = storable(name)
        key = file_key(path, sidecar_of(path), fingerprint)
        before = (known or {}).get(place)
        if before and key and before[0] == key:
            files[place] = FileContents.from_json(*before)
        else:
            found = list(_records(path, place, settings))
            files[place] = contents(key, found)
            read[name] = _by_place(found)
    issues: list[dict[str, Any]] = []
    failed = 0
    for error in [*refused, *(error for file in files.values() for error in file.refused)]:
        severity = "warning" if error.code in _WARNINGS else "error"
        failed += severity == "error"
        issues.append(_issue(severity, error.code, storable(str(error)), path=storable(error.path or "")))
    texts: dict[str, list[tuple[str, Held]]] = {}
    for path in paths:
        name = path.relative_to(base).as_posix()
        for held in files[storable(name)].held:
            texts.setdefault(held.article_id, []).append((name, held))
    articles, source = {}, {}
    printed: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {}
    for article, places in sorted(texts.items()):
        places.sort(key=lambda one: one[1].place)
        file, first = places[0]
        row, conflicts = _fold(article, [held for _, held in places])
        articles[article], source[article] = row, (file, first.place)
        printed[article] = (outlet_key(row["outlet"], row["url"]), first.lines, first.prose)
        issues.extend(conflicts)
    for article, repeated in repeated_lines(printed).items():
        articles[article]["repeated"] = repeated
    return Corpus(articles, conform("issues", issues), failed, files, base, settings, source, read)


def _by_place(found: Iterable[Record | ReadError]) -> dict[str, Record]:
    return {one.place: one for one in found if isinstance(one, Record)}


def _records(path: Path, place: str, settings: ReadSettings) -> Iterator[Record | ReadError]:
    """The records of one file, or why there are none; whatever is wrong with a file stays that file's."""
    sidecar = sidecar_of(path)
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


def _fold(identifier: str, records: list[Held]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """One raw article from the records of one text; a field that they give differently is left null."""
    first, issues = records[0], []
    row: dict[str, Any] = {
        "article_id": identifier,
        "paths": sorted({record.place for record in records}),
        "format": first.format,
        "encoding": first.encoding or None,
        "text_sha256": first.text_sha256,
        "markup_sha256": first.markup_sha256,
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
