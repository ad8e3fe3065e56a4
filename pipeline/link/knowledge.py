"""Entities and the records of a knowledge base: which record an entity is, where that is beyond doubt.

A record must bear the entity's full name, be of its kind where it says of which kind it is, and show a second sign:
its description holds a title or role that stands beside the name, or a name of the same articles, or two words that
stand close to the name, or the entity's acronym is a name of the record. Where several records bear the name, one of
them alone must show a sign that no other has. All else is left open, with the reason: a wrong record is worse than none.

The names of the entities make the index, and each record is looked up in it; so a large knowledge base costs one
look at each of its names, and comparisons only where a name is met.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline import resources
from pipeline.link.likeness import body_words, compare, person_words
from pipeline.link.names import KINDS, Name, fold, legal_forms, offices, read, words
from pipeline.link.spelling import spell_body, spell_given

if TYPE_CHECKING:
    import pyarrow as pa

Row = dict[str, Any]

_BATCH = 20_000
"""Records held as Python objects at once."""
_AROUND = 100
"""So many characters on either side of a name are read for words of a description."""
_LEAST_LETTERS = 5
"""Shorter words of a description tell nothing."""
_LEAST_WORDS = 2
"""So many words of a description must stand close to the name."""
_LONGEST = 5
"""The longest name that is looked for in a description, in words."""
_COMMON_ARTICLES, _COMMON_SHARE = 20, 0.1
"""A name that more articles than this, and more than this share of all, have is no sign (as in ``nodes``)."""
_TOLD, _TOLD_SIGNS = 3, 2
"""How many records, and how many signs, a reason lists."""

_WORD = re.compile(r"\w+")
_POSSESSIVE = re.compile(r"['’]s\b")


class _Bearer(NamedTuple):
    """A record that bears an entity's name, the signs that it shows, and what speaks against it."""

    record: Row
    signs: tuple[str, ...]
    against: str | None

    @property
    def told(self) -> str:
        """The record in words."""
        about = f" ({self.record['description']})" if self.record["description"] else ""
        return f"{self.record['kb_id']} '{self.record['label']}'{about}"


def knowledge(tables: Mapping[str, pa.Table], _: None = None) -> dict[str, pa.Table]:
    """Find the records of the knowledge base that entities are.

    Args:
        tables: ``articles``, ``mentions``, ``entities`` and ``knowledge``.

    Returns:
        ``entities`` with ``kb_id`` and ``kb_reason``; both are null where no record bears the name.
    """
    import pyarrow as pa

    entities, records = tables["entities"], tables["knowledge"]
    ids: list[str | None] = [None] * entities.num_rows
    reasons: list[str | None] = [None] * entities.num_rows
    if records.num_rows:
        rows = entities.to_pylist()
        borne = _look_up(rows, records)
        evidence = _Evidence(rows, borne, tables["mentions"], tables["articles"])
        for i, found in borne.items():
            bearers = [_Bearer(record, evidence.signs(i, record), evidence.clash(i, record)) for record in found]
            ids[i], reasons[i] = _judge(rows[i], bearers)
    for column, values in (("kb_id", ids), ("kb_reason", reasons)):
        at = entities.schema.get_field_index(column)
        entities = entities.set_column(at, entities.schema.field(at), pa.array(values, pa.string()))
    return {"entities": entities}


# --- which records bear the name -----------------------------------------------------------------------------
def _look_up(rows: Sequence[Row], records: pa.Table) -> dict[int, list[Row]]:
    """Position of an entity -> the records of its kind, or of none, that bear one of its full names, by id."""
    names = [_full_names(row) for row in rows]
    index: dict[tuple[str, ...], set[int]] = defaultdict(set)
    met = {*legal_forms(), "the"}
    for i, own in enumerate(names):
        for name in own:
            met.update(map(spell_body, _split(name.surface)))
            for key in _keys(name):
                index[key].add(i)
    kinds = sorted({name.kind for own in names for name in own})
    found: dict[int, set[int]] = defaultdict(set)
    position = 0
    for batch in records.select(["label", "aliases", "kinds"]).to_batches(max_chunksize=_BATCH):
        columns = (batch[column].to_pylist() for column in ("label", "aliases", "kinds"))
        for label, aliases, of_kind in zip(*columns, strict=True):
            for surface in (label, *aliases):
                parts = _split(surface)
                # a cheap look before the name is read: most records have nothing to do with the corpus
                if not parts or spell_body(parts[0]) not in met or spell_body(parts[-1]) not in met:
                    continue
                for name in filter(None, (read(surface, kind) for kind in of_kind or kinds)):
                    for i in {i for key in _keys(name) for i in index.get(key, ())}:
                        if position not in found[i] and _same(names[i], name):
                            found[i].add(position)
            position += 1
    wanted = sorted(set(chain.from_iterable(found.values())))
    taken = dict(zip(wanted, records.take(wanted).to_pylist(), strict=True)) if wanted else {}
    return {i: sorted((taken[p] for p in at), key=lambda r: str(r["kb_id"])) for i, at in sorted(found.items()) if at}


def _same(own: Iterable[Name], name: Name) -> bool:
    return any(compare(one, name).verdict == "same" for one in own)


def _full_names(row: Row) -> list[Name]:
    """The forms of an entity that may be looked for: those that travel between articles, and are no acronym if any.

    A body's or place's form of one word must be its main name: "Observatory" stands for it in one article only.
    """
    kind = KINDS.get(row["label"], "other")
    main = read(row["name"], kind)
    forms = [name for form in row["variants"] if (name := read(form, kind)) and name.travels]
    forms = [name for name in forms if len(name.tokens) > 1 or (main and name.key == main.key)]
    return [name for name in forms if not name.acronym] or forms


def _keys(name: Name) -> tuple[tuple[str, ...], ...]:
    """What two names of one bearer share: the key, or the same words in their common spelling."""
    if name.kind == "person":
        spelt = sorted(map(spell_given, person_words(name.tokens)))
    else:
        spelt = sorted(map(spell_body, body_words(name.tokens) if name.kind != "place" else name.tokens))
    return (name.kind, name.key), (name.kind, "", *spelt)


def _split(text: str) -> list[str]:
    """The words of a name, roughly folded."""
    return _WORD.findall(text.casefold() if text.isascii() else fold(text))


# --- second signs --------------------------------------------------------------------------------------------
class _Evidence:
    """What the articles say of the entities that records bear the name of."""

    def __init__(self, rows: Sequence[Row], borne: Iterable[int], mentions: pa.Table, articles: pa.Table) -> None:
        """Read the titles, roles and words around the mentions of the entities ``borne``."""
        self._rows = rows
        self._common = max(_COMMON_ARTICLES, _COMMON_SHARE * articles.num_rows)
        self._at: dict[str, list[int]] = defaultdict(list)
        for i, row in enumerate(rows):
            for form in {fold(form) for form in row["variants"]}:
                self._at[form].append(i)
        number = {rows[i]["entity_id"]: i for i in borne}
        self._own = {i: {w for form in rows[i]["variants"] for w in fold(form).split()} for i in number.values()}
        self._offices: dict[int, set[str]] = defaultdict(set)
        self._near: dict[int, set[str]] = defaultdict(set)
        self._articles: dict[int, set[str]] = {}
        texts = dict(zip(*(articles[c].to_pylist() for c in ("article_id", "clean_text")), strict=True))
        columns = ("entity_id", "article_id", "start", "end", "title", "role")
        for entity_id, article_id, start, end, *told in zip(*(mentions[c].to_pylist() for c in columns), strict=True):
            if entity_id not in number:
                continue
            i = number[entity_id]
            self._offices[i].update(word for text in told if text for word in fold(text).split())
            text = texts.get(article_id) or ""
            before = text[max(0, start - _AROUND) : start].rpartition("\n")[2]
            behind = text[end : end + _AROUND].partition("\n")[0]
            self._near[i].update(_WORD.findall(f"{before} {behind}".casefold()))

    def signs(self, i: int, record: Row) -> tuple[str, ...]:
        """The second signs that ``record`` shows for entity ``i``, in words, the best first."""
        row, written = self._rows[i], _WORD.findall(_POSSESSIVE.sub("", record["description"] or ""))
        own = self._own[i] | set(fold(record["label"]).split())
        found = []
        acronym = fold(row["acronym"]) if row["acronym"] else ""
        if acronym and acronym in {fold(name) for name in (record["label"], *record["aliases"])}:
            found.append(f"it has the acronym '{row['acronym']}' too")
        telling = {w: None for w in written if (word := w.casefold()) not in own and word not in _no_sign()}
        titles = [word for word in telling if word.casefold() in self._offices[i]]
        found += [f"its description says '{word}', as a title or role beside the name does" for word in titles]
        found += [f"its description names '{name}', as its articles do" for name in self._named(i, written, own)]
        near = sorted(
            w for w in telling if w not in titles and w.islower() and len(w) >= _LEAST_LETTERS and w in self._near[i]
        )
        if len(near) >= _LEAST_WORDS:
            told = " and ".join(f"'{word}'" for word in near[:_LEAST_WORDS])
            found.append(f"its description says {told}, which stand close to the name")
        return tuple(found)

    def clash(self, i: int, record: Row) -> str | None:
        """Why ``record`` cannot be the person: the offices that it and the articles tell differ; None if they do not."""
        if KINDS.get(self._rows[i]["label"]) != "person":
            return None
        told = " ".join(sorted(self._offices[i])), record["description"]
        here, there = (offices(text) - _no_sign() for text in told)
        if not here or not there or here & there:
            return None
        return f"the articles tell of a {', '.join(sorted(here))}, the record of a {', '.join(sorted(there))}"

    def _named(self, i: int, written: Sequence[str], own: set[str]) -> list[str]:
        """Names in the words of a description that stand in articles of entity ``i``.

        None that share a word with the entity's own, that are too common, or that name a state or a people, unless
        the entity is a place: descriptions of people name their state, and so do most articles.
        """
        here = self._in(i)
        place = KINDS.get(self._rows[i]["label"]) == "place"
        found: dict[str, None] = {}
        for first in range(len(written)):
            for last in range(first, min(first + _LONGEST, len(written))):
                if not (written[first][0].isupper() and written[last][0].isupper()):
                    continue
                form = fold(" ".join(written[first : last + 1]))
                if own & set(form.split()):
                    continue
                for j in self._at.get(form, ()):
                    other = self._rows[j]
                    name = read(other["name"], KINDS.get(other["label"], "other"))
                    known = name is None or name.kind == "group" or (name.known and not place)
                    if j != i and not known and other["n_articles"] <= self._common and here & self._in(j):
                        found[other["name"]] = None
        return list(found)

    def _in(self, i: int) -> set[str]:
        """The articles of entity ``i``."""
        if i not in self._articles:
            self._articles[i] = set(self._rows[i]["articles"])
        return self._articles[i]


@functools.cache
def _no_sign() -> frozenset[str]:
    """Words of descriptions, titles and roles that tell nothing: forms of address, peoples, and words of many."""
    peoples = (f"{row['place']} {row['forms']}".replace(";", " ") for row in resources.rows("demonyms.csv"))
    states = (f"{row['name']} {row['other_names']}".replace("|", " ") for row in resources.rows("states.csv"))
    lists = ("title_male", "title_female", "skipped_in_acronym", "preposition", "told_of_many")
    return frozenset(fold(" ".join((*peoples, *states))).split()) | frozenset().union(*map(words, lists))


# --- the verdict ---------------------------------------------------------------------------------------------
def _judge(row: Row, bearers: Sequence[_Bearer]) -> tuple[str | None, str]:
    """The record that an entity is, if one of ``bearers`` is plainly it; and the reason in words."""
    kind = KINDS.get(row["label"], "other")
    chosen = []
    for one in bearers:
        others = {sign for other in bearers if other is not one for sign in other.signs}
        if not one.against and (signs := [sign for sign in one.signs if sign not in others]):
            chosen.append((one, signs))
    if len(chosen) == 1:
        one, signs = chosen[0]
        reason = f"the record '{one.record['label']}' bears this name; {'; '.join(signs[:_TOLD_SIGNS])}"
        if len(bearers) > 1:
            reason += (
                f"; of {len(bearers)} records of this name it alone shows a sign of its own that nothing speaks against"
            )
        return one.record["kb_id"], reason
    if len(bearers) == 1 and (name := read(row["name"], kind)) and name.known and bearers[0].record["kinds"] == [kind]:
        return bearers[0].record[
            "kb_id"
        ], f"the only record of a {kind} that bears this name, which nothing else is called"
    named = ", ".join(one.told for one in bearers[:_TOLD]) + (", ..." if len(bearers) > _TOLD else "")
    if len(bearers) == 1:
        return (
            None,
            f"{named} bears this name, but {bearers[0].against or 'nothing else in the articles speaks for it'}",
        )
    why = "signs speak for several of them" if chosen else "nothing in the articles speaks for one of them alone"
    return None, f"{len(bearers)} records bear this name, and {why}: {named}"
