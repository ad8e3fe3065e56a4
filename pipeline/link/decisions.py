"""A person's decisions on who is who, followed after the rules: over the entities that they made.

First what must be apart is taken apart, then names are put together, then renamed. So no chain of rules, no
acronym and no third name can cross a decision, whatever the rules are; what the rules make of everybody else does
not depend on the decisions; and without a decision the rules' own answer is there again.

``keep_apart`` is the stricter one: it is always followed, and names that may not end up together because of it are
not put together. Where an entity holds both sides of it,

* a name that hangs on another in the article of both is cut loose from it;
* of a name in several articles the left side stays, and the right side becomes an entity of its own;
* other articles of that name, and other ways of writing it, go to the side with which alone they share a second
  sign (a title, a role, an acronym, another telling name), else they stand apart from both and are flagged.

One file because it is one decision: what a person said, against what the rules made.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from pipeline.ids import content_id
from pipeline.link.across import Entity, entity_of, local_entity
from pipeline.link.likeness import compare
from pipeline.link.names import shortens
from pipeline.link.nodes import Node, Surroundings
from pipeline.link.within import Group, Link, Mention, Unit, signs
from pipeline.read.corrections import FILE, IDENTITY, folded, outcome, placed, spans

if TYPE_CHECKING:
    import pyarrow as pa

_QUOTED = re.compile(r"'([^']+)'")
_LISTED = 4
"""So many of the things that words fit are listed."""
Row = dict[str, Any]
Item = TypeVar("Item")
Mark = tuple[int, int]
"""A keep-apart decision, by its number, and one of its sides: 0 left, 1 right."""
_OPEN = "a person keeps two of this name apart, and nothing tells which of them this is"


class Decision(NamedTuple):
    """One row of table ``corrections``, and the ids of the mentions that its two sides quote."""

    row: Row
    left: frozenset[str]
    right: frozenset[str]
    overlap: bool = False

    @property
    def place(self) -> str:
        """Where it stands: corrections.csv:LINE."""
        return f"{FILE}:{self.row['line']}"


class Settled(NamedTuple):
    """What linking comes to with a person's decisions: entities in order of id, links, rows of ``issues``."""

    entities: list[Entity]
    links: list[Link]
    issues: list[Row]


# --- what the decisions quote --------------------------------------------------------------------------------
def resolve(corrections: pa.Table, articles: pa.Table, mentions: pa.Table) -> list[Decision]:
    """The decisions on who is who with the mentions that they quote, in an order that lines do not move.

    Args:
        corrections: table ``corrections``.
        articles: table ``articles``.
        mentions: table ``mentions``.
    """
    rows = [row for row in corrections.to_pylist() if row["decision"] in IDENTITY]
    if not rows:
        return []
    rows.sort(
        key=lambda row: [row[name] or "" for name in (*(n for n in sorted(row) if n not in ("line", "note")), "note")]
    )
    wanted = {folded(row[name]) for row in rows for name in ("text", "other_text") if row[name]}
    quoted: dict[str, list[tuple[str, str, int, int]]] = defaultdict(list)
    fold: dict[str | None, str] = {None: ""}
    columns = ("mention_id", "article_id", "start", "end", "text", "name")
    for mention, article, start, end, text, name in zip(*(mentions[c].to_pylist() for c in columns), strict=True):
        for words in {text, name}:
            if words not in fold:
                fold[words] = folded(words)
        for words in {fold[text], fold[name]} & wanted:
            quoted[words].append((mention, article, start, end))
    ids = articles["article_id"].to_pylist()
    places = placed(dict(zip(ids, (paths or () for paths in articles["paths"].to_pylist()), strict=True)))
    texts = articles["clean_text"]
    at = {article: i for i, article in enumerate(ids)}

    def side(text: str | None, article: str | None, context: str | None = None) -> frozenset[str]:
        found, inside = set(), dict[str, list[tuple[int, int]]]()
        for mention, where, start, end in quoted[folded(text)] if text else ():
            if article is not None and where not in places.get(article, ()):
                continue
            if context and where not in inside:
                inside[where] = spans(context, texts[at[where]].as_py() or "")
            if not context or any(a <= start and end <= b for a, b in inside[where]):
                found.add(mention)
        return frozenset(found)

    found = []
    for row in rows:
        left = side(row["text"], row["article"], row["context"])
        right = side(row["other_text"], row["other_article"])
        overlap = row["decision"] == "keep_apart" and bool(left & right)
        if overlap and left < right:
            right, overlap = right - left, False
        elif overlap and right < left:
            left, overlap = left - right, False
        found.append(Decision(row, left, right, overlap))
    return found


# --- following them ------------------------------------------------------------------------------------------
def settle(
    decisions: Sequence[Decision],
    entities: Sequence[Entity],
    links: Sequence[Link],
    articles: pa.Table,
    around: Surroundings,
) -> Settled:
    """Follow the decisions over what the rules made.

    Args:
        decisions: What :func:`resolve` found.
        entities: The entities that the rules made; what changes is made anew.
        links: The links that the rules judged.
        articles: table ``articles``: where each lies, to tell a person.
        around: What stands around the names of the entities.

    Returns:
        The entities and links as they are with the decisions, and one issue for every decision.
    """
    if not decisions:
        return Settled(list(entities), list(links), [])
    columns = (articles[c].to_pylist() for c in ("article_id", "paths"))
    paths = {article: places[0] for article, places in zip(*columns, strict=True) if places}
    work = _Work(decisions, entities, paths, around)
    work.separate()
    work.unite()
    work.rename()
    return Settled(work.result(), list(work.links(links)), [work.issue(d) for d in decisions])


@dataclass
class _Work:
    """The state of following decisions: which entity each mention is in, and what became of each decision.

    ``heirs`` maps the id of an entity of the rules that is no more as it was to the one that goes on as it.
    """

    decisions: Sequence[Decision]
    rules: Sequence[Entity]
    paths: Mapping[str, str]
    around: Surroundings
    heirs: dict[str, Entity] = field(default_factory=dict)
    states: dict[int, tuple[str, str]] = field(default_factory=dict)
    own_links: list[Link] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.of = {m.mention_id: entity for entity in self.rules for m in _mentions(entity.groups)}
        self.by_rule = dict(self.of)
        self.apart = [
            d for d in self.decisions if d.row["decision"] == "keep_apart" and d.left and d.right and not d.overlap
        ]
        self.marks: dict[str, set[Mark]] = defaultdict(set)
        for number, decision in enumerate(self.apart):
            for side, mentions in enumerate((decision.left, decision.right)):
                for mention in mentions:
                    self.marks[mention].add((number, side))

    # --- apart -----------------------------------------------------------------------------------------------
    def separate(self) -> None:
        """Take apart every entity that holds both sides of a decision."""
        touched = {id(self.of[m]): self.of[m] for m in self.marks}
        torn = {e.entity_id: e for e in touched.values() if _both(_marks(self.marks, e.groups))}
        for _, entity in sorted(torn.items()):
            parts = _Tearing(entity, self.marks, self.around).parts()
            same = (part for part in parts if part.entity_id == entity.entity_id)
            self.heirs[entity.entity_id] = next(same, parts[0])
            for part in parts:
                for mention in _mentions(part.groups):
                    self.of[mention.mention_id] = part
        for decision in self.apart:
            for quoted in sorted(decision.left | decision.right):
                self._confirmed(self.of[quoted])
        for decision in self.apart:
            rules = [{id(self.by_rule[m]) for m in side} for side in (decision.left, decision.right)]
            once = rules[0] & rules[1]
            self._tell(decision, "applied" if once else "already_true")
            sides = [
                sorted({self.of[m].entity_id for m in side if not once or id(self.by_rule[m]) in once})
                for side in (decision.left, decision.right)
            ]
            named = {e.entity_id: e for e in map(self.of.__getitem__, decision.left | decision.right)}
            lefts, rights = sides if once else ([one[0]] for one in sides)
            for left, right in sorted({*product(lefts[:1], rights), *product(lefts, rights[:1])}):
                words = f"'{named[left].surface}' and '{named[right].surface}' are kept apart"
                self._link(decision, left, right, "negative", words)

        kept_from: dict[str, set[str]] = defaultdict(set)
        for decision in self.apart:
            for side, other in ((decision.left, decision.right), (decision.right, decision.left)):
                for entity_id in {self.of[m].entity_id for m in side}:
                    kept_from[entity_id] |= self._surfaces(other)
        for entity in sorted({id(e): e for e in self.of.values()}.values(), key=lambda e: e.entity_id):
            if entity.entity_id in kept_from:
                self._settle_doubts(entity, kept_from[entity.entity_id])

    def _surfaces(self, mentions: frozenset[str]) -> set[str]:
        entities = {id(self.of[m]): self.of[m] for m in mentions}.values()
        return {m.name.surface for e in entities for m in _mentions(e.groups) if m.mention_id in mentions}

    def _settle_doubts(self, entity: Entity, names: set[str]) -> None:
        """Leave out what a person should look at about ``entity`` and ``names``, which a decision keeps apart."""
        own = {m.name.surface for m in _mentions(entity.groups)}
        quoted = [set(_QUOTED.findall(reason)) - own for reason in entity.reasons]
        left = [reason for reason, said in zip(entity.reasons, quoted, strict=True) if not said or said - names]
        if left != entity.reasons:
            self._replace([entity], replace(entity, reasons=left))

    def _confirmed(self, entity: Entity) -> None:
        """Mark ``entity`` as one that a person decided on; those of the rules are copied, not changed."""
        if not entity.confirmed:
            self._replace([entity], replace(entity, confirmed=True))

    def _replace(self, old: Iterable[Entity], new: Entity) -> None:
        gone = {id(entity) for entity in old}
        for entity in old:
            self.heirs[entity.entity_id] = new
        for name, heir in self.heirs.items():
            if id(heir) in gone:
                self.heirs[name] = new
        for mention in _mentions(new.groups):
            self.of[mention.mention_id] = new

    # --- together --------------------------------------------------------------------------------------------
    def unite(self) -> None:
        """Put together what may be together; what would cross a decision is left alone, whole chains of it."""
        wanted: list[tuple[Decision, list[Entity]]] = []
        settled: list[str] = []
        for decision in self.decisions:
            if decision.row["decision"] in ("merge", "alias") and decision.left and decision.right:
                several = self._several(decision)
                opposed = self._opposed(decision)
                whole = list({id(e): e for m in sorted(decision.left | decision.right) for e in [self.of[m]]}.values())
                if opposed:
                    self._tell(decision, "conflicting", opposed)
                elif several:
                    self._tell(decision, "ambiguous", several)
                elif len(whole) == 1:
                    self._tell(decision, "already_true")
                    settled.append(min(decision.left))
                elif against := self._against(whole):
                    self._tell(decision, "conflicting", against)
                else:
                    wanted.append((decision, whole))
        for chain in _chains(wanted):
            entities = list({id(e): e for _, whole in chain for e in whole}.values())
            if against := self._against(entities):
                for decision, _ in chain:
                    self._tell(decision, "conflicting", against)
                continue
            united = _united(entities)
            for decision, whole in chain:
                self._tell(decision, "applied")
                for entity in whole:
                    if entity.entity_id != united.entity_id:
                        words = f"'{entity.surface}' is taken for '{united.surface}'"
                        first = entity.nodes[0].groups[0].root.first
                        self._link(decision, first, united.entity_id, "positive", words)
            self._replace(entities, united)
        for mention in settled:
            self._confirmed(self.of[mention])

    def _several(self, decision: Decision) -> str | None:
        """Why it is not clear what to put together; None if it is.

        Of what the one side quotes one thing may be left besides what both quote. The words of an alias may name many
        things that have no other name.
        """
        left, right = ({id(self.of[m]): self.of[m] for m in side} for side in (decision.left, decision.right))
        for side, other, words in ((left, right, "text"), (right, left, "other_text")):
            rest = [e for key, e in side.items() if key not in other]
            if decision.row["decision"] == "alias" and side is left:
                rest = [e for e in rest if not {m.mention_id for m in _mentions(e.groups)} <= decision.left]
            if len(rest) > 1:
                every = " (alias is for all of them at once)" if decision.row["decision"] == "merge" else ""
                fits = self._listed(decision.row[words], rest)
                return f"{fits}; name the article, or give more of the name{every}"
        return None

    def _opposed(self, decision: Decision) -> str | None:
        """The keep-apart decisions on the very names that this would put together, in words; None if there is none."""
        left, right = (
            {mark for m in side for mark in self.marks.get(m, ())} for side in (decision.left, decision.right)
        )
        crossed = {n for n, side in left if (n, 1 - side) in right}
        return self._kept_apart(crossed) if crossed else None

    def _listed(self, words: str, entities: Sequence[Entity]) -> str:
        """The entities that words fit, each with the articles that name it."""
        named = []
        for entity in entities:
            places = sorted({self.paths.get(g.article_id, g.article_id) for g in entity.groups})
            more = f" and {len(places) - 1} more" if len(places) > 1 else ""
            named.append(f"'{entity.surface}' (in {places[0]}{more}; {entity.entity_id})")
        more = f" and {len(named) - _LISTED} more" if len(named) > _LISTED else ""
        return f"'{words}' fits {len(named)} things: {', '.join(sorted(named)[:_LISTED])}{more}"

    def _against(self, entities: Sequence[Entity]) -> str | None:
        """The decisions that keep some of ``entities`` apart, in words; None if none does."""
        crossed = _both({mark for e in entities for mark in _marks(self.marks, e.groups)})
        return self._kept_apart(crossed) if crossed else None

    def _kept_apart(self, numbers: Iterable[int]) -> str:
        places = ", ".join(self.apart[n].place for n in sorted(numbers))
        return f"{places} keeps apart what this would put together, and holds; take one of them out"

    # --- names -----------------------------------------------------------------------------------------------
    def rename(self) -> None:
        """Give entities the names that a person chose; two names for one are both left alone."""
        chosen: dict[int, list[Decision]] = defaultdict(list)
        for decision in self.decisions:
            if decision.row["decision"] == "rename" and decision.left:
                named = {id(self.of[m]): self.of[m] for m in sorted(decision.left)}
                if len(named) > 1:
                    words = self._listed(decision.row["text"], list(named.values()))
                    self._tell(decision, "ambiguous", f"{words}; name the article, or give more of the name")
                else:
                    chosen[next(iter(named))].append(decision)
        for several in chosen.values():
            entity, name = self.of[min(several[0].left)], several[0].row["value"]
            for decision in several:
                others = [d.place for d in several if d.row["value"] != decision.row["value"]]
                if others:
                    words = f"{', '.join(others)} says otherwise, so neither is followed; take one of them out"
                    self._tell(decision, "conflicting", words)
                else:
                    self._tell(decision, "already_true" if entity.fullest.surface == name else "applied")
            if len({d.row["value"] for d in several}) == 1:
                self._replace([entity], replace(entity, name=name, confirmed=True))

    # --- what comes of it ------------------------------------------------------------------------------------
    def _tell(self, decision: Decision, state: str, words: str = "") -> None:
        self.states[id(decision)] = state, words or {"already_true": "the rules came to the same"}.get(state, "done")

    def _link(self, decision: Decision, left: str, right: str, judgement: str, words: str) -> None:
        reasons = ("a person decided so", *filter(None, [decision.row["note"]]))
        blocked = "cannot_link" if judgement == "negative" else None
        summary = f"{words}: a person decided so."
        kind = decision.row["decision"]
        link = Link(left, right, "across_articles", judgement, kind, reasons, summary, "high", blocked, "correction")
        self.own_links.append(link)

    def result(self) -> list[Entity]:
        """All entities, in order of id."""
        found = sorted({id(e): e for e in self.of.values()}.values(), key=lambda e: e.entity_id)
        assert len({e.entity_id for e in found}) == len(found), "two entities have one id"
        return found

    def links(self, links: Iterable[Link]) -> Iterator[Link]:
        """The rules' links as they still hold, and those of the decisions.

        What joins two names that a decision parts is left out, and so is what tells apart two that one unites, or doubts
        about two that a person keeps apart.
        """
        by_id = {entity.entity_id: entity for entity in self.rules}
        marks: dict[str, set[Mark]] = defaultdict(set)
        for mention, held in self.marks.items():
            marks[self.of[mention].entity_id] |= held
        for link in links:
            rules = [self.by_rule.get(end) or by_id[end] for end in (link.left, link.right)]
            one, other = (
                (self.of.get(end) or self.heirs.get(end) or rule).entity_id
                for end, rule in zip((link.left, link.right), rules, strict=True)
            )
            if (one == other) != (rules[0] is rules[1]) and (one == other) != (link.judgement == "positive"):
                continue
            if link.judgement == "unsure" and (_both(marks[one] | marks[other]) or self._placed(link)):
                continue
            yield self._moved(link)
        for link in self.own_links:
            yield self._moved(link)

    def _placed(self, link: Link) -> bool:
        """Whether a person said of one of two mentions where it belongs."""
        return any(end in self.of and end in self.of[end].decided for end in (link.left, link.right))

    def _moved(self, link: Link) -> Link:
        """``link`` with the ids that its entities have now."""
        if link.left in self.heirs or link.right in self.heirs:
            left, right = (self.heirs[end].entity_id if end in self.heirs else end for end in (link.left, link.right))
            return replace(link, left=left, right=right)
        return link

    def issue(self, decision: Decision) -> Row:
        """What became of ``decision``, as a row of ``issues``."""
        state, words = self.states.get(id(decision), ("", ""))
        if state:
            return outcome(decision.row, state, words)
        if decision.overlap:
            return outcome(decision.row, "ambiguous", "both sides quote the same names; give article and other_article")
        sides = (("text", "article", decision.left), ("other_text", "other_article", decision.right))
        lost = [(decision.row[t], decision.row[a]) for t, a, found in sides if decision.row[t] and not found]
        words = " and ".join(f"no name '{text}' is read in {article or 'any article'}" for text, article in lost)
        return outcome(decision.row, "obsolete", f"{words}; mend the words, or take the line out")


def _chains(wanted: Sequence[tuple[Decision, list[Entity]]]) -> list[list[tuple[Decision, list[Entity]]]]:
    """Decisions that hang together by an entity."""
    chains: list[tuple[set[int], list[tuple[Decision, list[Entity]]]]] = []
    for one in wanted:
        held, chain = {id(e) for e in one[1]}, [one]
        for other in [c for c in chains if c[0] & held]:
            chains.remove(other)
            held, chain = held | other[0], [*other[1], *chain]
        chains.append((held, chain))
    return [chain for _, chain in chains]


def _united(entities: Sequence[Entity]) -> Entity:
    """One entity of several; it is named, and has its id, by the one that travels and has the fullest name."""
    ranked = sorted(
        entities, key=lambda e: (all(g.local for g in e.groups), min(n.name.size for n in e.nodes), e.entity_id)
    )
    main, others = ranked[0], ranked[1:]
    inside = {m.name.surface for e in entities for m in _mentions(e.groups)}
    united = Entity(main.entity_id, main.kind, main.key, [n for e in ranked for n in e.nodes], main.confidence)
    for entity in ranked:
        united.weaken(entity.confidence)
        for reason in entity.reasons:
            if not any(f"'{surface}'" in reason for surface in inside):
                united.note(reason)
    moved = {m.mention_id for e in others for m in _mentions(e.groups)}
    return replace(united, confirmed=True, decided=frozenset(moved).union(*(e.decided for e in entities)))


# --- taking one entity apart ---------------------------------------------------------------------------------
class _Tearing:
    """One entity that holds both sides of some decisions, and the parts that it falls into."""

    def __init__(self, entity: Entity, marks: dict[str, set[Mark]], around: Surroundings) -> None:
        self._entity = entity
        self._marks_by_mention = marks
        self._around = around
        self._loose: list[Node] = []
        self._open: list[Node] = []
        self._pieces: list[Node] = []
        """Nodes that are a part of a name, these two sorts included: their entities have ids of their own."""

    def parts(self) -> list[Entity]:
        """The entities that come of it, none of which holds both sides; the first goes on as it."""
        nodes: list[Node] = []
        for node in self._entity.nodes:
            nodes += self._node(replace(node, groups=[self._group(group) for group in node.groups]))
        sides, rest = _sides(nodes, lambda node: self._marks([node]))
        if sides:
            self._assign(rest, sides, self._fitting)
        found = [self._part(side) for side in sides] or [replace(self._entity, nodes=nodes)]
        for left_over in [self._part([node]) for node in rest if sides] + [
            self._part([node], "open") for node in self._open
        ]:
            left_over.note(_OPEN)
            found.append(left_over)
        return found + [self._part([node]) for node in self._loose]

    def _marks(self, nodes: Iterable[Node]) -> set[Mark]:
        return _marks(self._marks_by_mention, [g for n in nodes for g in n.groups])

    def _of_unit(self, unit: Unit) -> set[Mark]:
        return {mark for m in unit.mentions for mark in self._marks_by_mention.get(m.mention_id, ())}

    def _group(self, group: Group) -> Group:
        """One article's names without those that must be cut loose from its fullest."""
        marks = {mark for unit in group.units for mark in self._of_unit(unit)}
        if not _both(marks):
            return group
        units = [self._unit(unit, group.article_id) for unit in group.units]
        root = units[group.units.index(group.root)]
        of_root = self._of_unit(root)
        kept = []
        for unit in units:
            inside = {mark for other in units if other is not unit for mark in self._of_unit(other)}
            own = {(n, side) for n, side in self._of_unit(unit) if (n, 1 - side) in inside}
            if unit is root or own <= of_root:
                kept.append(unit)
            else:  # against the root; or against another that hangs on it, and which of them is right is not known
                self._cut(unit, group.article_id)
        return Group(group.article_id, root, kept)

    def _unit(self, unit: Unit, article_id: str) -> Unit:
        """A name of one article without its mentions that are another's."""
        sides, rest = _sides(unit.mentions, lambda m: self._marks_by_mention.get(m.mention_id, set()))
        if not sides:
            return unit
        kept = rest or sides.pop(0)
        for mentions in sides:
            self._cut(replace(unit, mentions=mentions), article_id)
        return replace(unit, name=kept[0].name, mentions=kept, notes=[*unit.notes, *([_OPEN] if rest else [])])

    def _cut(self, unit: Unit, article_id: str) -> None:
        loose = replace(unit, name=unit.mentions[0].name, host=None, basis="exact", confidence="high", local=True)
        self._loose.append(Node(loose.kind, loose.name.key, [Group(article_id, loose, [loose])]))
        self._pieces.append(self._loose[-1])

    def _node(self, node: Node) -> list[Node]:
        """A name in several articles as one node for each side, the left one first."""
        sides, rest = _sides(node.groups, lambda group: _marks(self._marks_by_mention, [group]))
        if not sides:
            return [node]
        self._assign(rest, sides, self._sharing)
        pieces = [replace(node, groups=sorted(groups, key=lambda g: g.article_id)) for groups in sides]
        self._pieces += pieces[1:]
        if rest:
            self._open.append(replace(node, groups=rest))
            self._pieces.append(self._open[-1])
        return pieces

    def _assign(
        self,
        rest: list[Item],
        sides: Sequence[list[Item]],
        candidates: Callable[[Item, Sequence[list[Item]]], list[int]],
    ) -> None:
        """Move what has one candidate only from ``rest`` to that side, over and over; all at once, so order is nothing."""
        while moves := [(item, found[0]) for item in rest if len(found := candidates(item, sides)) == 1]:
            for item, side in moves:
                sides[side].append(item)
            gone = {id(item) for item, _ in moves}
            rest[:] = [item for item in rest if id(item) not in gone]

    def _sharing(self, group: Group, sides: Sequence[list[Group]]) -> list[int]:
        """The sides that share a second sign with an article's name."""
        here = self._shown([group])
        return [i for i, side in enumerate(sides) if here & self._shown(side)]

    def _fitting(self, node: Node, sides: Sequence[list[Node]]) -> list[int]:
        """The sides that have a name which this may be another way to write; of several those that share a sign."""
        fits = [i for i, side in enumerate(sides) if any(_may_be(node, other) for other in side)] or range(len(sides))
        here = self._shown(node.groups)
        return [i for i in fits if len(fits) == 1 or here & self._shown([g for n in sides[i] for g in n.groups])]

    def _shown(self, groups: Iterable[Group]) -> set[Hashable]:
        """The second signs of names: titles, roles, acronyms, and the telling names of their articles."""
        found: set[Hashable] = set()
        for group in groups:
            own = {token for unit in group.units for token in unit.name.tokens}
            found |= signs(group)
            found |= {key for key in self._around.telling(group.article_id) if not own & set(key[1].split())}
        return found

    def _part(self, nodes: Sequence[Node], token: str = "") -> Entity:
        """Some of the nodes as an entity; its id is the rules' own where it has a name that they know."""
        known = [n for n in nodes if not any(n is piece for piece in self._pieces)]
        whole = [n for n in known if not n.groups[0].local]
        if whole:
            entity = entity_of(whole)
        elif len(known) == len(nodes) == 1:
            whole, entity = known, local_entity(known[0])
        else:
            ids = [m.mention_id for m in _mentions([g for n in nodes for g in n.groups])]
            first = min([m for m in ids if self._marks_by_mention.get(m)] or ids)
            kind, key = nodes[0].kind, nodes[0].key
            entity = Entity(content_id("e", kind, key, "apart", token or first), kind, key, [])
        rest = [n for n in nodes if not any(n is w for w in whole)]
        entity.nodes += sorted(rest, key=lambda n: (n.name.size, n.groups[0].article_id))
        if len({g.article_id for g in entity.groups}) > 1:
            entity.weaken(self._entity.confidence)
        entity.take_over()
        return replace(entity, decided=frozenset(m.mention_id for n in rest for m in _mentions(n.groups)))


def _sides(items: Sequence[Item], marks: Callable[[Item], set[Mark]]) -> tuple[list[list[Item]], list[Item]]:
    """What must not be together in ``items``, as lists that may, and what no decision is on; nothing if all may.

    Items on one side of a decision stay together, unless that would join two that must be apart. Lists that are
    apart from the very same others are one. The list with the left side of the first decision comes first.
    """
    own = [marks(item) for item in items]
    crossed = _both({mark for held in own for mark in held})
    own = [{mark for mark in held if mark[0] in crossed} for held in own]
    if not crossed or not any(own):
        return [], list(items)
    lists = [([i], held) for i, held in enumerate(own) if held]
    lists = _joined(lists, lambda a, b: bool(a & b))
    foes = [frozenset(j for j, (_, b) in enumerate(lists) if _both(a | b)) for _, a in lists]
    alike: dict[frozenset[int], list[int]] = defaultdict(list)
    for i, against in enumerate(foes):
        alike[against].append(i)
    merged = [
        ([n for i in several for n in lists[i][0]], set().union(*(lists[i][1] for i in several)))
        for several in alike.values()
    ]
    merged.sort(key=lambda one: (min(one[1]), sorted(one[1])))
    return [[items[i] for i in sorted(numbers)] for numbers, _ in merged], [
        item for item, held in zip(items, own, strict=True) if not held
    ]


def _joined(
    lists: list[tuple[list[int], set[Mark]]], near: Callable[[set[Mark], set[Mark]], bool]
) -> list[tuple[list[int], set[Mark]]]:
    """The lists that are near each other as one; those whose union would hold both sides of a decision stay as they are."""
    found: list[tuple[list[int], set[Mark]]] = []
    for numbers, held in lists:
        close = [one for one in found if near(one[1], held)]
        together = set(held).union(*(one[1] for one in close))
        if _both(together):
            found.append((numbers, held))
            continue
        found = [one for one in found if all(one is not other for other in close)]
        found.append(([n for one in close for n in one[0]] + numbers, together))
    return found


def _may_be(one: Node, other: Node) -> bool:
    a, b = one.name, other.name
    if a.kind != b.kind:
        return False
    return compare(a, b).verdict != "different" or (a.kind == "person" and bool(shortens(a, b) or shortens(b, a)))


def _both(marks: Iterable[Mark]) -> set[int]:
    """The decisions of which both sides are among ``marks``."""
    held = set(marks)
    return {number for number, side in held if side == 0 and (number, 1) in held}


def _marks(by_mention: dict[str, set[Mark]], groups: Iterable[Group]) -> set[Mark]:
    return {mark for mention in _mentions(groups) for mark in by_mention.get(mention.mention_id, ())}


def _mentions(groups: Iterable[Group]) -> Iterator[Mention]:
    for group in groups:
        for unit in group.units:
            yield from unit.mentions
