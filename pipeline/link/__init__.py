"""All mentions of a corpus -> entities, and the links that say why.

Read in this order: ``names`` (what a name is), ``within`` (one article), ``spelling`` and ``likeness`` (two ways
of writing a name), ``nodes`` and ``blocks`` (what is compared at all), ``alike`` and ``across`` (all articles),
``history`` (what changed since the last run). ``strings`` does the same for names that others have found.

Rows of ``links``, one per pair of names that mattered, not per pair of mentions:

* within an article, both sides are the first mention of a name there; a name that repeats has one
  row with its first two mentions;
* across articles, a positive row stands between the first mention of a name and the entity it belongs to,
  and a negative or unsure row between two entities;
* ``score`` is 1 for high, 0.75 for medium, 0.5 for low or unsure, 0 for negative: a rank, no probability.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import groupby
from typing import TYPE_CHECKING, Any

from pipeline.ids import content_id
from pipeline.link.across import Entity, link_articles
from pipeline.link.names import KINDS, Name, is_acronym, read
from pipeline.link.within import Group, Link, Mention, link_article
from pipeline.schema import MENTION_LABELS, conform, ordered

if TYPE_CHECKING:
    import pyarrow as pa

    from pipeline.settings import LinkSettings

__all__ = ["link"]


def link(tables: Mapping[str, pa.Table], settings: LinkSettings) -> dict[str, pa.Table]:
    """Link the names of a corpus.

    Args:
        tables: ``articles``, ``mentions``, ``quotes`` and ``quantities``; what they say about entities is ignored.
        settings: Which rules to use.

    Returns:
        ``mentions``, ``quotes`` and ``quantities`` with their entities filled in, ``entities`` and ``links``, each in the order
        of its contract. The same rows in any order give the same tables.
    """
    mentions = ordered("mentions", tables["mentions"])
    groups, links = _within(mentions, tables["articles"], settings)
    entities, more = link_articles(groups)
    mentions = _with_entities(mentions, entities)
    return {
        "mentions": mentions,
        "quotes": _of_mention(ordered("quotes", tables["quotes"]), "speaker", mentions),
        "quantities": _of_mention(ordered("quantities", tables["quantities"]), "place", mentions),
        "entities": ordered("entities", _entity_table(entities, tables["articles"])),
        "links": ordered("links", _link_table([*links, *more])),
    }


def _within(mentions: pa.Table, articles: pa.Table, settings: LinkSettings) -> tuple[list[Group], list[Link]]:
    """Every article on its own, in order of id."""
    rows_of_text = {key: i for i, key in enumerate(articles["article_id"].to_pylist())}
    texts = articles["clean_text"]
    memo: dict[tuple[str, str], Name | None] = {}

    def name(label: str, given: str | None, text: str) -> Name:
        kind, surface = KINDS.get(label, "other"), given or text
        if (kind, surface) not in memo:
            memo[kind, surface] = read(surface, kind) or Name(
                surface, kind, surface, (surface,), surface, 1, *(False,) * 3
            )
        found = memo[kind, surface]
        assert found
        return found

    columns = ("article_id", "mention_id", "end", "label", "name", "text", "title", "role", "describes_mention_id")
    rows = enumerate(zip(*(_values(mentions[c]) for c in columns), strict=True))
    groups: list[Group] = []
    links: list[Link] = []
    for article_id, of_article in groupby(rows, key=lambda row: row[1][0]):
        at = rows_of_text.get(article_id)
        text = (texts[at].as_py() or "") if at is not None else ""
        read_rows = [
            Mention(row, mention_id, end, label, name(label, given, words), title, role)
            for row, (_, mention_id, end, label, given, words, title, role, described) in of_article
            if described is None
        ]
        found, judged = link_article(article_id, text, read_rows, settings)
        groups += found
        links += judged
    return groups, links


def _values(column: pa.ChunkedArray) -> list[Any]:
    """The column's values, equal strings being one object."""
    import pyarrow as pa

    if not pa.types.is_string(column.type):
        return list(column.to_pylist())
    coded = column.combine_chunks().dictionary_encode()
    words = [*coded.dictionary.to_pylist(), None]
    return [words[i] for i in coded.indices.fill_null(len(words) - 1).to_numpy(zero_copy_only=False)]


def _with_entities(mentions: pa.Table, entities: list[Entity]) -> pa.Table:
    """``mentions`` with entity_id and link_basis; a description has the entity of the name beside it."""
    import pyarrow as pa

    ids: list[str | None] = [None] * mentions.num_rows
    bases: list[str | None] = [None] * mentions.num_rows
    for entity in entities:
        groups = entity.groups
        alone = sum(len(u.mentions) for g in groups for u in g.units) == 1
        fullest = _fullest(entity).plain
        for node in entity.nodes:
            for unit in (u for g in node.groups for u in g.units):
                for mention in unit.mentions:
                    basis = unit.basis
                    if basis == "exact" and mention.name.plain != fullest:
                        basis = "acronym" if is_acronym(mention.name.surface) else node.basis or "alias"
                    ids[mention.row] = entity.entity_id
                    bases[mention.row] = "none" if alone else basis
    of_mention = dict(zip(_values(mentions["mention_id"]), ids, strict=True))
    for row, described in enumerate(mentions["describes_mention_id"].to_pylist()):
        if described is not None:
            ids[row], bases[row] = of_mention[described], "nominal"
    for column, values in (("entity_id", ids), ("link_basis", bases)):
        at = mentions.schema.get_field_index(column)
        mentions = mentions.set_column(at, mentions.schema.field(at), pa.array(values, pa.string()))
    return mentions


def _of_mention(table: pa.Table, what: str, mentions: pa.Table) -> pa.Table:
    """``table`` with the entities of the mentions that name ``what``: the speaker of a quote, the place of a number."""
    import pyarrow.compute as pc

    where = pc.index_in(table[f"{what}_mention_id"], value_set=mentions["mention_id"], skip_nulls=True)
    at = table.schema.get_field_index(f"{what}_entity_id")
    return table.set_column(at, table.schema.field(at), pc.take(mentions["entity_id"], where))


def _entity_table(entities: list[Entity], articles: pa.Table) -> pa.Table:
    facts = {
        article_id: (outlet, published)
        for article_id, outlet, published in zip(
            *(_values(articles[c]) for c in ("article_id", "outlet", "published")), strict=True
        )
    }
    return conform("entities", [_entity_row(entity, facts) for entity in entities])


def _fullest(entity: Entity) -> Name:
    """Of the forms with the entity's key, the fullest that is not shouted; then the most frequent, then by letters.

    Of a place, the everyday name where an article has it (Russia, not the Russian Federation), and no adjective.
    """
    names = Counter(
        m.name for n in entity.nodes[:1] for g in n.groups for u in g.units for m in u.mentions if m.name.key == n.key
    )

    def rank(name: Name) -> tuple[Any, ...]:
        short = name.plain != name.key if name.kind == "place" else is_acronym(name.surface)
        shouted = name.surface.isupper() and not short
        other = name.kind == "place" and name.plain != name.key
        fullest = -len(name.plain.split()), -len(name.plain), name.plain
        return bool(name.adjective_of), shouted, other, *fullest, -names[name], name.surface

    return min(names, key=rank)


def _entity_row(entity: Entity, facts: Mapping[str, tuple[str | None, Any]]) -> dict[str, Any]:
    labels, forms, acronyms = Counter[str](), Counter[str](), Counter[str]()
    for group in entity.groups:
        for unit in group.units:
            for mention in unit.mentions:
                name = mention.name
                labels[mention.label] += KINDS.get(mention.label) == entity.kind
                forms[name.surface] += 1
                if unit.basis == "acronym" or (is_acronym(name.surface) and name.plain != entity.key):
                    acronyms[name.surface] += 1
    variants = _by_count(forms)
    found = sorted({g.article_id for g in entity.groups})
    outlets = {facts[a][0] for a in found if a in facts} - {None}
    days = sorted(day for a in found if a in facts and (day := facts[a][1]))
    return {
        "entity_id": entity.entity_id,
        "label": min(labels, key=lambda label: (-labels[label], [*MENTION_LABELS, label].index(label), label)),
        "name": (fullest := _fullest(entity)).adjective_of or fullest.surface,
        "variants": variants,
        "variant_counts": [forms[v] for v in variants],
        "acronym": next(iter(_by_count(acronyms)), None),
        "n_mentions": sum(forms.values()),
        "n_articles": len(found),
        "n_outlets": len(outlets),
        "first_published": days[0] if days else None,
        "last_published": days[-1] if days else None,
        "articles": found,
        "weakest_link": entity.confidence,
        "confirmed": False,
        "sensitivity": [],
        "review_reason": "; ".join(entity.reasons) or None,
    }


def _by_count(counted: Counter[str]) -> list[str]:
    """Most frequent first, ties alphabetically."""
    return sorted(counted, key=lambda form: (-counted[form], form))


def _link_table(links: list[Link]) -> pa.Table:
    rows = {}
    for one in links:
        link_id = content_id("l", one.level, one.left, one.right, one.rule)
        rows[link_id] = {
            "link_id": link_id,
            "left_id": one.left,
            "right_id": one.right,
            "level": one.level,
            "judgement": one.judgement,
            "rule": one.rule,
            "score": one.score,
            "reasons": list(one.reasons),
            "summary": one.summary,
            "blocked_by": one.blocked_by,
            "decided_by": "rule",
            "confidence": one.confidence,
        }
    return conform("links", rows.values())
