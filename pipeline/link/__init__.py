"""All mentions of a corpus -> entities, and the links that say why.

Read in this order: ``names`` (what a name is), ``within`` (one article), ``spelling`` and ``likeness`` (two ways
of writing a name), ``nodes`` and ``blocks`` (what is compared at all), ``alike`` and ``across`` (all articles),
``memory`` (how little of that a run must do again), ``decisions`` (what a person said of it), ``history`` (what changed
since the last run). ``knowledge`` is a stage of its own, after this one: which record of a knowledge base an entity
is. ``strings`` links names that others have found.

Rows of ``links``, one per pair of names that mattered, not per pair of mentions:

* within an article, both sides are the first mention of a name there; a name that repeats has one
  row with its first two mentions;
* across articles, a positive row stands between the first mention of a name and the entity it belongs to,
  and a negative or unsure row between two entities;
* ``score`` is 1 for high, 0.75 for medium, 0.5 for low or unsure, 0 for negative: a rank, no probability.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import TYPE_CHECKING, Any

from pipeline.ids import content_id
from pipeline.link.decisions import resolve, settle
from pipeline.link.memory import Memory, relink
from pipeline.link.names import KINDS, Reader, is_acronym
from pipeline.link.units import replaced_in
from pipeline.link.within import Group, Link, Mention, link_article
from pipeline.schema import MENTION_LABELS, conform, ordered

if TYPE_CHECKING:
    import pyarrow as pa

    from pipeline.link.across import Entity
    from pipeline.link.decisions import Decision
    from pipeline.settings import LinkSettings

__all__ = ["link"]


@contextmanager
def _uncollected() -> Iterator[None]:
    """No collection of cycles: names make none, and walking over millions of them took a fifth of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@_uncollected()
def link(tables: Mapping[str, pa.Table], settings: LinkSettings) -> dict[str, pa.Table]:
    """Link the names of a corpus.

    Args:
        tables: ``articles``, ``mentions``, ``quotes`` and ``quantities``. With ``corrections``, a person's decisions are
            followed, and what became of them is added to ``issues``. Where the last run may be built upon, also ``kept``,
            the articles whose rows are those of that run, with its entities in them; that run's ``last_entities`` and
            ``last_links``; and what it left to remember. What else the tables say about entities is ignored.
        settings: Which rules to use.

    Returns:
        ``mentions``, ``quotes`` and ``quantities`` with their entities filled in, ``entities``, ``links`` and ``issues``,
        each in the order of its contract, and what the next run needs to remember. The same rows in any order give the
        same tables, whatever was linked before.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    def given(name: str, kind: str | None = None) -> pa.Table:
        return tables.get(name, conform(kind or name, []))

    mentions, articles, reader = ordered("mentions", tables["mentions"]), tables["articles"], Reader()
    memory = Memory(**{part: given(f"link_{part}") for part in Memory._fields})
    is_name = pc.is_null(mentions["describes_mention_id"].combine_chunks())
    decisions = resolve(given("corrections"), articles, mentions.filter(is_name))
    decided, known = _decided(decisions, mentions), frozenset[str]()
    while True:
        old = given("kept").filter(_not_in(given("kept")["article_id"], [*decided, *memory.decided()]))
        stays = pc.is_in(mentions["article_id"].combine_chunks(), value_set=old["article_id"].combine_chunks())
        fresh = pc.indices_nonzero(pc.and_not(is_name, stays))
        groups, links = _within(mentions, fresh, articles, settings, reader)
        made = relink(memory, old["article_id"].combine_chunks(), groups, mentions, decided, reader)
        entities, links, told = settle(decisions, made.entities, [*links, *made.links], articles, made.around)
        known, decided = decided, decided | {g.article_id for e in entities if e.confirmed for g in e.groups}
        if decided == known:
            break
    issues = [given("issues"), conform("issues", told)]
    replaced = pa.chunked_array([made.replaced, *mentions["entity_id"].take(pa.array(made.rows, pa.int64())).chunks])
    mentions = _with_entities(mentions, entities)
    fresh_entities, last = _entity_table(entities, articles), given("last_entities", "entities")
    replaced = pa.chunked_array([*replaced.chunks, *fresh_entities["entity_id"].chunks])
    stay = _not_in(last["entity_id"], replaced)
    if memory.decided():  # an entity that a decision made may have lost all its mentions without being replaced
        stay = pc.and_(stay, pc.is_in(last["entity_id"], value_set=mentions["entity_id"].combine_chunks()))
    dropped = pa.chunked_array([*replaced.chunks, *last["entity_id"].filter(pc.invert(stay)).chunks])
    held = _still_true(given("last_links", "links"), mentions["mention_id"].filter(stays), dropped)
    return {
        "mentions": mentions,
        "quotes": _of_mention(ordered("quotes", tables["quotes"]), "speaker", mentions),
        "quantities": _of_mention(ordered("quantities", tables["quantities"]), "place", mentions),
        "entities": ordered("entities", pa.concat_tables([last.filter(stay), fresh_entities])),
        "links": ordered("links", pa.concat_tables([held, _link_table(links)])),
        "issues": pa.concat_tables(issues),
        **{f"link_{part}": table for part, table in made.memory._asdict().items()},
    }


def _decided(decisions: Sequence[Decision], mentions: pa.Table) -> frozenset[str]:
    """The articles with a name that a decision quotes.

    These, and all that name the same, are linked anew in every run, since a decision may end or settle any link there.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    named = pa.array(sorted({m for d in decisions for m in d.left | d.right}), pa.string())
    return frozenset(mentions["article_id"].filter(pc.is_in(mentions["mention_id"], value_set=named)).to_pylist())


def _still_true(links: pa.Table, kept: pa.ChunkedArray, dropped: pa.ChunkedArray) -> pa.Table:
    """The links of the last run that the rules made of mentions that are ``kept``, and of no entity that is ``dropped``."""
    import pyarrow as pa
    import pyarrow.compute as pc

    links = links.filter(pc.equal(links["decided_by"], "rule"))
    is_within = pc.equal(links["level"], "within_article")
    within, across = links.filter(is_within), links.filter(pc.invert(is_within))
    within = within.filter(pc.is_in(within["left_id"], value_set=kept.combine_chunks()))
    for side in ("left_id", "right_id"):
        across = across.filter(_not_in(across[side], dropped))
    return pa.concat_tables([within, across])


def _not_in(column: pa.ChunkedArray, ids: Sequence[str] | pa.ChunkedArray) -> pa.ChunkedArray:
    import pyarrow as pa
    import pyarrow.compute as pc

    values = ids.combine_chunks() if isinstance(ids, pa.ChunkedArray) else pa.array(ids, pa.string())
    return pc.invert(pc.is_in(column, value_set=values))


def _within(
    mentions: pa.Table, rows: pa.Array, articles: pa.Table, settings: LinkSettings, reader: Reader
) -> tuple[list[Group], list[Link]]:
    """The articles of ``rows`` of ``mentions``, every one on its own, in order of id."""
    rows_of_text = {key: i for i, key in enumerate(articles["article_id"].to_pylist())}
    texts = articles["clean_text"]
    columns = ("article_id", "mention_id", "end", "label", "name", "text", "title", "role")
    chosen = mentions.select(columns).take(rows)
    told = zip(rows.to_pylist(), *(_values(chosen[c]) for c in columns), strict=True)
    groups: list[Group] = []
    links: list[Link] = []
    for article_id, of_article in groupby(told, key=lambda row: row[1]):
        at = rows_of_text.get(article_id)
        text = (texts[at].as_py() or "") if at is not None else ""
        read_rows = [
            Mention(row, mention_id, end, label, reader.read(given or words, KINDS.get(label, "other")), title, role)
            for row, _, mention_id, end, label, given, words, title, role in of_article
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
    """``mentions`` with the entity_id and link_basis of those that ``entities`` hold."""
    rows: list[int] = []
    ids: list[str] = []
    bases: list[str] = []
    for entity in entities:
        groups = entity.groups
        alone = sum(len(u.mentions) for g in groups for u in g.units) == 1
        fullest = entity.fullest.plain
        for node in entity.nodes:
            for unit in (u for g in node.groups for u in g.units):
                for mention in unit.mentions:
                    basis = unit.basis
                    if basis == "exact" and mention.name.plain != fullest:
                        basis = "acronym" if is_acronym(mention.name.surface) else node.basis or "alias"
                    decided = mention.mention_id in entity.decided
                    rows.append(mention.row)
                    ids.append(entity.entity_id)
                    bases.append("correction" if decided else "none" if alone else basis)
    mentions = replaced_in(replaced_in(mentions, "entity_id", rows, ids), "link_basis", rows, bases)
    return _with_descriptions(mentions)


def _with_descriptions(mentions: pa.Table) -> pa.Table:
    """``mentions`` with words beside a name in the entity of the name."""
    import pyarrow.compute as pc

    rows = pc.indices_nonzero(pc.is_valid(mentions["describes_mention_id"]))
    if not len(rows):
        return mentions
    described = pc.index_in(mentions["describes_mention_id"].take(rows), value_set=mentions["mention_id"])
    ids = mentions["entity_id"].take(described).to_pylist()
    mentions = replaced_in(mentions, "entity_id", rows.to_numpy(), ids)
    return replaced_in(mentions, "link_basis", rows.to_numpy(), ["nominal"] * len(rows))


def _of_mention(table: pa.Table, what: str, mentions: pa.Table) -> pa.Table:
    """``table`` with the entities of the mentions that name ``what``: the speaker of a quote, the place of a number."""
    import pyarrow.compute as pc

    where = pc.index_in(table[f"{what}_mention_id"], value_set=mentions["mention_id"], skip_nulls=True)
    at = table.schema.get_field_index(f"{what}_entity_id")
    return table.set_column(at, table.schema.field(at), pc.take(mentions["entity_id"], where))


def _entity_table(entities: list[Entity], articles: pa.Table) -> pa.Table:
    columns = (_values(articles[c]) for c in ("article_id", "outlet", "published"))
    facts = {article: (outlet, published) for article, outlet, published in zip(*columns, strict=True)}
    return conform("entities", [_entity_row(entity, facts) for entity in entities])


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
        "name": entity.name or entity.fullest.adjective_of or entity.fullest.surface,
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
        "confirmed": entity.confirmed,
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
            "decided_by": one.decided_by,
            "confidence": one.confidence,
        }
    return conform("links", rows.values())
