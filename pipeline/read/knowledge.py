"""A knowledge base: a file of JSON lines -> table ``knowledge``.

A line is a record ``{"id": ..., "label": ..., "aliases": [...], "description": ..., "types": [...]}``, or an entity as
Wikidata writes it (``labels``, ``aliases`` and ``descriptions`` by language, ``claims``; the lines of its dumps end in a
comma). Of Wikidata's languages English is read, else ``mul``, the label that holds in all.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import resources
from pipeline.errors import ReadError, UsageError
from pipeline.read.record import storable
from pipeline.schema import KNOWLEDGE, conform

if TYPE_CHECKING:
    import pyarrow as pa

REFUSED = "record_refused"
"""The code of the issue of a line that is no record."""
_BATCH = 50_000
"""Records held as Python objects at once."""
_LANGUAGES = ("en", "mul")
_INSTANCE_OF = "P31"


def read_knowledge(path: Path) -> tuple[pa.Table, pa.Table]:
    """The records of the file, and ``issues``: a row for every line that is no record, the others being read.

    Raises:
        UsageError: the file cannot be read.
    """
    import pyarrow as pa

    name = storable(path.name)
    tables = [KNOWLEDGE.schema.empty_table()]
    issues: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    line_of: dict[str, int] = {}
    nameless = 0
    try:
        for number, line in _lines(path):
            try:
                row = _record(line, line_of)
            except ReadError as error:
                message = f"{name}, line {number}: {error}; the other records were read"
                issues.append(_issue("error", REFUSED, message, name))
                continue
            line_of[row["kb_id"]] = number
            if not row["label"]:
                nameless += 1
                continue
            rows.append(row)
            if len(rows) == _BATCH:
                tables.append(conform(KNOWLEDGE.name, rows))
                rows = []
    except OSError as error:
        raise UsageError(
            f"knowledge base {path}: it cannot be read ({error.strerror}); give a file of JSON lines"
        ) from error
    if nameless:
        message = f"{name}: {nameless} record(s) have no English label, so that no name can be found in them; add one"
        issues.append(_issue("warning", "record_without_label", message, name))
    return pa.concat_tables([*tables, conform(KNOWLEDGE.name, rows)]), conform("issues", issues)


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """The lines that hold something, with their numbers from 1."""
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            bare = line.removeprefix(b"\xef\xbb\xbf").strip().removesuffix(b",")
            if bare not in (b"", b"[", b"]"):
                yield number, bare


def _record(line: bytes, line_of: Mapping[str, int]) -> dict[str, Any]:
    """The row of one line; ``label`` is empty for an entity of Wikidata without an English one.

    Raises:
        ReadError: it is no record, or its id is in ``line_of``.
    """
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ReadError(REFUSED, f"not JSON ({' '.join(str(error).split())}); write one record a line") from error
    if not isinstance(value, dict):
        raise ReadError(REFUSED, 'a record must be an object, such as {"id": "Q1", "label": "..."}')
    identifier = value.get("id")
    if not isinstance(identifier, str | int) or isinstance(identifier, bool) or not str(identifier).strip():
        raise ReadError(REFUSED, "there is no field `id` with a text or a whole number; give each record one")
    identifier = storable(str(identifier).strip())
    if identifier in line_of:
        raise ReadError(REFUSED, f"the id {identifier!r} is that of line {line_of[identifier]} too; give each once")
    wikidata = isinstance(value.get("labels"), Mapping)
    label = _in_english(value["labels"]) if wikidata else value.get("label")
    if not (isinstance(label, str) and label.strip()) and not (wikidata and label is None):
        raise ReadError(REFUSED, "there is no field `label` that holds text; give the record its name")
    aliases = value.get("aliases") or []
    description = _in_english(value.get("descriptions")) if wikidata else value.get("description")
    types = value.get("types") or value.get("instance_of") or []
    given = {
        "aliases": _in_english(aliases) if isinstance(aliases, Mapping) else aliases,
        "types": [types] if isinstance(types, str) else types,
    }
    for field, texts in given.items():
        if texts and not (isinstance(texts, list) and all(isinstance(text, str) for text in texts)):
            raise ReadError(REFUSED, f"the field `{field}` must be a list of texts")
    if description is not None and not isinstance(description, str):
        raise ReadError(REFUSED, "the field `description` must be text")
    kinds = {
        _kinds().get(t if t in _kinds() else t.strip().casefold()) for t in [*given["types"], *_instance_of(value)]
    }
    return {
        "kb_id": identifier,
        "label": storable(" ".join((label or "").split())),
        "aliases": [storable(" ".join(alias.split())) for alias in given["aliases"] or [] if alias.strip()],
        "description": storable(" ".join((description or "").split())) or None,
        "kinds": sorted(kinds - {None}),
    }


def _in_english(by_language: Any) -> Any:
    """What Wikidata gives in English: the text of a label or description, the texts of aliases; None if nothing."""
    found = (
        next((by_language[one] for one in _LANGUAGES if by_language.get(one)), None)
        if isinstance(by_language, Mapping)
        else None
    )
    if isinstance(found, list):
        return [one.get("value") if isinstance(one, Mapping) else one for one in found]
    return found.get("value") if isinstance(found, Mapping) else found


def _instance_of(value: Mapping[str, Any]) -> list[str]:
    """The ids of what an entity of Wikidata is an instance of; nothing where its claims are not as Wikidata has them."""
    claims = value.get("claims")
    statements = claims.get(_INSTANCE_OF) if isinstance(claims, Mapping) else None
    found = []
    for statement in statements if isinstance(statements, list) else ():
        inner = statement
        for part in ("mainsnak", "datavalue", "value", "id"):
            inner = inner.get(part) if isinstance(inner, Mapping) else None
        if isinstance(inner, str):
            found.append(inner)
    return found


@functools.cache
def _kinds() -> dict[str, str]:
    """Type -> the kind of thing it plainly is."""
    return {row["type"]: row["kind"] for row in resources.rows("kb_kinds.csv")}


def _issue(severity: str, code: str, message: str, place: str) -> dict[str, Any]:
    return {"path": place, "stage": "read", "severity": severity, "code": code, "message": message}
