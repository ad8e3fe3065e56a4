"""Which article, or which entity, a person means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.errors import UsageError
from pipeline.report import load

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

Row = dict[str, Any]

_SHORTEST_ID = 5
_MOST = 10
"""So many candidates are listed where a thing is not named clearly."""

ID_COLUMNS = {
    "m_": ("mentions", "mention_id", ("entity_id",)),
    "q_": ("quotes", "quote_id", ("speaker_entity_id",)),
    "l_": ("links", "link_id", ("left_id", "right_id")),
}
"""First letters of an id -> the table that has it, its key, and the columns that lead to the entity."""


def find_article(outputs: Path, article: str) -> str:
    """The id of the one article that ``article`` names.

    An id or a path in full comes before the beginning of an id, and that before a part of a path or title.

    Raises:
        UsageError: there is none, or there are several.
    """
    rows = load(outputs, "articles", ["article_id", "paths", "title"])
    wanted = article.casefold()
    ways: tuple[Callable[[Row], bool], ...] = (
        lambda row: article == row["article_id"] or article in row["paths"],
        lambda row: len(article) >= _SHORTEST_ID and row["article_id"].startswith(article),
        lambda row: any(wanted in part.casefold() for part in (*row["paths"], row["title"] or "")),
    )
    found = next(filter(None, ([row for row in rows if way(row)] for way in ways if wanted)), [])
    if len(found) == 1:
        return str(found[0]["article_id"])
    what = f"{article!r} names {len(found)} articles" if found else f"{article!r} names no article in {outputs}"
    named = [f"  {row['article_id']}  {row['paths'][0]}  {row['title'] or ''}".rstrip() for row in found or rows]
    how = "give an id, 5 or more characters of it, a path, or a part of a path or title"
    raise UsageError("\n".join([f"{what}; {how}:", *_first(named)]))


def find_entity(outputs: Path, name: str) -> Row:
    """The one entity that ``name`` names: by its id, else by its name, a variant of it, or a part of its name.

    The id of a mention stands for the entity it was linked to, that of a quote for its speaker, that of a link for
    what it joins.

    Raises:
        UsageError: there is none, or there are several.
    """
    if name[:2] in ID_COLUMNS and (told := by_id(outputs, name)):
        ids, what = entities_of(outputs, told), told.get("summary") or told.get("unresolved_reason")
        found = load(outputs, "entities", where={"entity_id": ids})
        name = f"{name} ({what.rstrip('.')})" if what else name
    else:
        rows = load(outputs, "entities")
        wanted = name.casefold()
        ways: tuple[Callable[[Row], bool], ...] = (
            lambda row: bool(row["entity_id"] == name),
            lambda row: bool(row["name"].casefold() == wanted),
            lambda row: wanted in (variant.casefold() for variant in row["variants"]),
            lambda row: bool(wanted) and wanted in row["name"].casefold(),
        )
        found = next(filter(None, ([row for row in rows if way(row)] for way in ways)), [])
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError(
            f"{name!r} names no entity in {outputs}; give a name as entities.parquet has it, or an entity_id"
        )
    found.sort(key=lambda row: (-row["n_mentions"], row["entity_id"]))
    first = {row["articles"][0] for row in found[:_MOST] if row["articles"]}
    paths = {
        row["article_id"]: row["paths"][0]
        for row in load(outputs, "articles", ["article_id", "paths"], {"article_id": first})
    }
    named = [
        f"  {row['entity_id']}  {row['label']:<11} {row['name']} ({_mentions(row['n_mentions'])}{_where(row, paths)})"
        for row in found
    ]
    raise UsageError("\n".join([f"{name!r} names {len(found)} entities; give one of these ids:", *_first(named)]))


def by_id(outputs: Path, identifier: str) -> Row | None:
    """The row of ``mentions``, ``quotes`` or ``links`` that has this id; None if there is none."""
    table, key, _ = ID_COLUMNS[identifier[:2]]
    return next(iter(load(outputs, table, where={key: [identifier]})), None)


def entities_of(outputs: Path, row: Row) -> set[str]:
    """The ids of the entities that a row of ``mentions``, ``quotes`` or ``links`` leads to."""
    _, _, columns = next(one for one in ID_COLUMNS.values() if one[1] in row)
    ids = {row[column] for column in columns} - {None}
    for prefix in ("m_", "q_"):
        table, key, (column,) = ID_COLUMNS[prefix]
        if inner := {i for i in ids if i.startswith(prefix)}:
            ids = (ids - inner) | {r[column] for r in load(outputs, table, [column], {key: inner})} - {None}
    return ids


def _where(row: Row, paths: Mapping[str, str]) -> str:
    """The first article that names the entity, and how many others do."""
    if not row["articles"] or row["articles"][0] not in paths:
        return ""
    more = f" and {len(row['articles']) - 1} more" if len(row["articles"]) > 1 else ""
    return f", in {paths[row['articles'][0]]}{more}"


def _mentions(n: int) -> str:
    return f"{n} mention{'' if n == 1 else 's'}"


def _first(lines: list[str]) -> list[str]:
    more = [f"  ... and {len(lines) - _MOST} more"] if len(lines) > _MOST else []
    return [*lines[:_MOST], *more]
