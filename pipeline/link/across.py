"""Across articles: which articles' names stand for the same thing.

The unit is the distinct name: all articles with an equal full name of one kind are one node. Two nodes
join if an article says so (it introduces the acronym, or uses the shorter and the fuller name for one
person), or if they are two ways of writing one name (``alike``), and only if everything that would end up
together fits together: A like B and B like C does not make A like C.

One file because it is one decision: nodes, their joins, and the doubts that are told beside them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

from pipeline.ids import content_id
from pipeline.link.alike import Bare, Clusters, Judged, Pair, judge_alike, judge_bare
from pipeline.link.likeness import compare, firm_of
from pipeline.link.names import Name, initials, is_acronym, one_of, shortens
from pipeline.link.nodes import Node, Surroundings
from pipeline.link.within import Group, Link, NodeKey, signs

if TYPE_CHECKING:
    from pipeline.link.likeness import Likeness

_RANK = {"high": 0, "medium": 1, "low": 2}
_DOMINANT_ARTICLES, _DOMINANT_SHARE = 10, 0.95
"""An acronym with several expansions keeps the one that at least this many articles, and this share, introduce."""
_TOLD = 3
"""How many doubts of one sort a review reason lists."""


@dataclass(slots=True, eq=False)
class Entity:
    """One linked thing: its groups in article order, how sure its weakest link is, and what to look at.

    Of a person's decisions: ``name`` is one that a person gave it, ``confirmed`` says that a person decided on it, and
    ``decided`` are the mentions that are in it by a decision.
    """

    entity_id: str
    kind: str
    key: str
    nodes: list[Node]
    confidence: str = "high"
    reasons: list[str] = field(default_factory=list)
    name: str | None = None
    confirmed: bool = False
    decided: frozenset[str] = frozenset()

    @property
    def groups(self) -> list[Group]:
        """The groups of all nodes."""
        return [group for node in self.nodes for group in node.groups]

    @property
    def surface(self) -> str:
        """The name as first written."""
        return self.nodes[0].groups[0].root.surface

    @property
    def fullest(self) -> Name:
        """Of the forms with its key, the fullest that is not shouted; then the most frequent, then by letters.

        Of a place, the everyday name where an article has it (Russia, not the Russian Federation), and no adjective.
        """
        units = (u for n in self.nodes[:1] for g in n.groups for u in g.units)
        names = [m.name for u in units for m in u.mentions]
        names = [name for name in names if name.key == self.nodes[0].key] or names
        times = Counter((name.plain, name.surface) for name in names)

        def rank(name: Name) -> tuple[bool | int | str, ...]:
            other = name.kind == "place" and name.plain != name.key
            shouted = name.surface.isupper() and not (other if name.kind == "place" else is_acronym(name.surface))
            fullest = -len(name.plain.split()), -len(name.plain), name.plain
            frequent = -times[name.plain, name.surface]
            return bool(name.adjective_of), shouted, other, *fullest, frequent, name.surface, name.adjective_of

        return min(names, key=rank)

    def weaken(self, confidence: str) -> None:
        """Lower the confidence of the weakest link to ``confidence`` if it is lower."""
        self.confidence = max(self.confidence, confidence, key=_RANK.__getitem__)

    def note(self, doubt: str) -> None:
        """Add a doubt to tell, unless it is told already or enough of its sort (its words before a name) are."""
        sort = doubt.partition("'")[0]
        if doubt not in self.reasons and sum(r.startswith(sort) for r in self.reasons) < _TOLD:
            self.reasons.append(doubt)

    def take_over(self) -> None:
        """Take over how sure the links within articles are, and their doubts, but for those that are settled here."""
        own = {f"may be short for '{g.root.surface}'" for g in self.groups}
        for group in self.groups:
            for unit in group.units:
                self.weaken(unit.confidence)
                for note in unit.notes:
                    if note not in own:
                        self.note(note)


def link_articles(
    groups: Sequence[Group], around: Surroundings, alike: Mapping[Pair, Likeness], sought: Callable[[str], bool]
) -> tuple[list[Entity], list[Link]]:
    """Join the groups of many articles.

    Args:
        groups: What :func:`pipeline.link.within.link_article` made of every article, articles in order of id.
        around: What stands around their names.
        alike: Which full names are the same or alike, the lesser key first.
        sought: Whether all bearers of a surname are among ``groups``; a bare surname is held against no others.

    Returns:
        The entities, in order of id, and the links that were judged across articles.
    """
    nodes: dict[NodeKey, Node] = {}
    alone: list[Node] = []
    for group in groups:
        kind, key = group.root.kind, group.root.name.key
        if group.local:
            alone.append(Node(kind, key, [group]))
        elif (kind, key) in nodes:
            nodes[kind, key].groups.append(group)
        else:
            nodes[kind, key] = Node(kind, key, [group])
    joined, refused = _joins(nodes)
    clusters = Clusters(_components(nodes, joined))
    judged = judge_alike(nodes, clusters, around, alike)
    bare = judge_bare(alone, clusters, around, sought)
    shared = [entity_of(part) for part in clusters.parts()]
    of_node = {(n.kind, n.key): e for e in shared for n in e.nodes}
    hosted = _host(bare, of_node)
    local = {id(n): local_entity(n) for n in alone if id(n) not in hosted}
    entities = sorted([*shared, *local.values()], key=lambda e: e.entity_id)
    for one, other in pairwise(entities):
        assert one.entity_id != other.entity_id, f"two entities have the id {one.entity_id}: {one.key!r}, {other.key!r}"
    for entity in entities:
        entity.take_over()
    shared.sort(key=lambda e: e.entity_id)
    links = [
        *_join_links(nodes, joined, refused, of_node),
        *_same_name_links(shared, around),
        *_clash_links(nodes, of_node),
        *_alike_links(judged, nodes, of_node),
        *_bare_links(bare, of_node, local),
    ]
    return entities, links


def entity_of(nodes: Sequence[Node]) -> Entity:
    """Nodes as one entity; its id is made of its kind and fullest name, so other articles cannot move it.

    The first node names it: of the ways of writing that are as full as the fullest, the one in most articles; of a
    body, of all that are no acronym.
    """
    nodes = sorted(nodes, key=lambda n: n.name.size)
    kind, key = nodes[0].kind, nodes[0].key
    longest = len(nodes[0].name.tokens)
    naming = [n for n in nodes if len(n.name.tokens) == longest or (kind != "person" and not n.name.acronym)]
    first = min(naming, key=lambda n: (-len(n.groups), n.name.size))
    return Entity(content_id("e", kind, key), kind, first.key, [first, *(n for n in nodes if n is not first)])


def local_entity(node: Node) -> Entity:
    """A name that stays in its article; bare names told apart by titles of both genders have that in the id too."""
    root = node.groups[0].root
    told_apart = [root.gender] if root.by_gender else []
    return Entity(
        content_id("e", node.kind, node.key, node.groups[0].article_id, *told_apart), node.kind, node.key, [node]
    )


# --- joins between different names ---------------------------------------------------------------------------
def _joins(nodes: dict[NodeKey, Node]) -> tuple[dict[Pair, str], dict[Pair, str]]:
    """Pairs (shorter name, fuller name) that an article joins: those that hold, and those refused with the reason.

    An acronym whose letters do not fit the name needs a second article that introduces it.
    """
    said: dict[NodeKey, dict[NodeKey, int]] = defaultdict(lambda: defaultdict(int))
    rules: dict[Pair, str] = {}
    certain: set[Pair] = set()
    for (kind, key), node in nodes.items():
        for group in node.groups:
            for unit in group.units:
                short = (kind, unit.name.key)
                if unit is group.root or short not in nodes or short[1] == key:
                    continue
                shorter = unit.words > 1 if kind == "person" else firm_of(unit.name, group.root.name)
                if unit.basis == "acronym" or (shorter and unit.kind == kind):
                    said[short][kind, key] += 1
                    rules[short, (kind, key)] = "acronym" if unit.basis == "acronym" else "shorter_name"
                    if not unit.doubtful:
                        certain.add((short, (kind, key)))
    held: dict[Pair, str] = {}
    refused: dict[Pair, str] = {}
    for short, told in said.items():
        fuller = {full: n for full, n in told.items() if n > 1 or (short, full) in certain}
        clash = [(a, b) for a, b in combinations(sorted(fuller), 2) if not _fits(nodes[a].name, nodes[b].name, rules)]
        keep = set(fuller)
        if clash:
            top = max(sorted(fuller), key=fuller.__getitem__)
            acronym = rules[short, top] == "acronym"
            total = sum(fuller.values())
            dominant = acronym and fuller[top] >= max(_DOMINANT_ARTICLES, _DOMINANT_SHARE * total)
            keep = {top} if dominant else set()
        for full in fuller:
            if full in keep:
                held[short, full] = rules[short, full]
            else:
                refused[short, full] = f"other articles use it for another of {len(fuller)} names"
    for part in _components(nodes, held):
        if len(part) > 2 and any(not _fits(a.name, b.name, rules) for a, b in combinations(part, 2)):
            inside = {(n.kind, n.key) for n in part}
            for pair in [p for p in held if p[0] in inside]:
                refused[pair] = "not all names that would be joined fit together"
                del held[pair]
    return held, refused


def _fits(a: Name, b: Name, said: dict[Pair, str]) -> bool:
    """Whether two names may be in one entity: one can stand for the other, or an article says that it does."""
    left, right = (a.kind, a.key), (b.kind, b.key)
    if (left, right) in said or (right, left) in said:
        return True
    if a.kind == "person":
        return any(shortens(x, y) in ("surname", "middle", "initial") for x, y in ((a, b), (b, a)))
    if (a.acronym and b.acronym) or compare(a, b).verdict != "different":
        return True
    return a.key in initials(b.plain, b.key) or b.key in initials(a.plain, a.key)


def _components(nodes: dict[NodeKey, Node], pairs: Iterable[Pair]) -> list[list[Node]]:
    """Nodes that hang together by ``pairs``; a node in no pair is a component of its own."""
    leader: dict[NodeKey, NodeKey] = {}

    def find(key: NodeKey) -> NodeKey:
        while (above := leader.get(key, key)) != key:
            leader[key] = key = leader.get(above, above)
        return key

    for left, right in pairs:
        one, other = sorted((find(left), find(right)))
        leader[other] = one
    parts: dict[NodeKey, list[Node]] = defaultdict(list)
    for key, node in nodes.items():
        parts[find(key)].append(node)
    return list(parts.values())


def _join_links(
    nodes: dict[NodeKey, Node], joined: dict[Pair, str], refused: dict[Pair, str], of_node: dict[NodeKey, Entity]
) -> Iterator[Link]:
    for (short, full), rule in joined.items():
        entity, first = of_node[full], nodes[short].groups[0].root
        reason = "an article introduces the one as the acronym of the other" if rule == "acronym" else ""
        reason = reason or "an article uses the shorter name for the fuller"
        summary = f"'{first.surface}' is taken for '{nodes[full].groups[0].root.surface}' in all articles: {reason}."
        entity.weaken("medium")
        yield Link(first.first, entity.entity_id, "across_articles", "positive", rule, (reason,), summary, "medium")
    for (short, full), reason in refused.items():
        one, other = of_node[short], of_node[full]
        surface, fuller = nodes[short].groups[0].root.surface, nodes[full].groups[0].root.surface
        summary = f"'{surface}' may or may not be '{fuller}' in other articles: {reason}."
        one.note(f"could stand for '{fuller}'")
        yield _unsure(one, other, "chain_guard", (reason,), summary, "chain_guard")


# --- the same name in several articles -----------------------------------------------------------------------
def _same_name_links(entities: Sequence[Entity], around: Surroundings) -> Iterator[Link]:
    """One row per entity that several articles name; medium, and flagged, where an article shows no second sign."""
    for entity in entities:
        articles = {g.article_id for g in entity.groups}
        if len(articles) < 2:
            continue
        n = len(articles)
        reasons = [f"the same name in {n} articles"]
        if entity.nodes[0].name.known:
            confidence = "high"
            reasons.append("a state or a people, which nothing else is called")
        elif lone := _without_second_sign(entity, around):
            confidence = "medium"
            reasons.append(
                f"{lone} of them share{'s' if lone == 1 else ''} no title, role, acronym or other name with another"
            )
            entity.reasons.append(
                f"same name in {n} articles, {lone} of them without a second sign "
                "(a title, role, acronym or other name that another of the articles has)"
            )
        else:
            confidence = "high"
            reasons.append("each shares a title, role, acronym or other name with another of them")
        entity.weaken(confidence)
        summary = f"'{entity.surface}' is taken for one {entity.kind}: {'; '.join(reasons)}."
        first = entity.nodes[0].groups[0].root.first
        yield Link(
            first, entity.entity_id, "across_articles", "positive", "same_name", tuple(reasons), summary, confidence
        )


def _without_second_sign(entity: Entity, around: Surroundings) -> int:
    """How many of its articles share nothing but the name with its other articles."""
    shown: dict[str | NodeKey, set[str]] = defaultdict(set)
    own = {token for node in entity.nodes for token in node.name.tokens}
    articles = {g.article_id for g in entity.groups}
    for group in entity.groups:
        for sign in signs(group):
            shown[sign].add(group.article_id)
    for key, named in around.around_articles(articles).items():
        if not own & set(key[1].split()):
            shown[key] |= named
    return len(articles) - len(set[str]().union(*(at for at in shown.values() if len(at) > 1)))


# --- what is told apart --------------------------------------------------------------------------------------
def _clash_links(nodes: dict[NodeKey, Node], of_node: dict[NodeKey, Entity]) -> Iterator[Link]:
    """One row for every two kinds of thing that bear the same name."""
    kinds: dict[str, list[str]] = defaultdict(list)
    for kind, key in nodes:
        kinds[key].append(kind)
    for key, several in kinds.items():
        for a, b in combinations(sorted(several), 2):
            one, other = of_node[a, key], of_node[b, key]
            reason = f"one is {one_of(a)}, the other {one_of(b)}"
            summary = f"'{one.surface}' and '{other.surface}' are kept apart: {reason}."
            yield Link(
                one.entity_id,
                other.entity_id,
                "across_articles",
                "negative",
                "kind",
                (reason,),
                summary,
                blocked_by="type_clash",
            )


def _host(bare: Iterable[Bare], of_node: dict[NodeKey, Entity]) -> set[int]:
    """Put the bare surnames that have a second sign into the entities of their full names."""
    hosted = set()
    for one in bare:
        if one.sign:
            one.bare.basis = "surname"
            of_node[one.full].nodes.append(one.bare)
            hosted.add(id(one.bare))
    return hosted


def _alike_links(
    judged: Iterable[Judged], nodes: dict[NodeKey, Node], of_node: dict[NodeKey, Entity]
) -> Iterator[Link]:
    """One row for every two names that are the same or alike: joined, or for a person to see."""
    for one in judged:
        left, right = nodes[one.left], nodes[one.right]
        entity, other = of_node[one.left], of_node[one.right]
        rule = f"alike_{one.rule}"
        reason = "; ".join(one.reasons)
        if one.joined:
            full, short = sorted((left, right), key=lambda n: n.name.size)
            entity.weaken("medium")
            summary = f"'{short.surface}' is taken for '{full.surface}' in all articles: {reason}."
            first = short.groups[0].root.first
            yield Link(first, entity.entity_id, "across_articles", "positive", rule, one.reasons, summary, "medium")
        elif entity is not other:
            entity.note(f"written almost like '{right.surface}'")
            other.note(f"written almost like '{left.surface}'")
            summary = f"'{left.surface}' and '{right.surface}' may or may not be the same {entity.kind}: {reason}."
            yield _unsure(entity, other, rule, one.reasons, summary, one.blocked_by)


def _bare_links(bare: Iterable[Bare], of_node: dict[NodeKey, Entity], local: dict[int, Entity]) -> Iterator[Link]:
    """One row for every bare surname that a full name of other articles ends in."""
    for one in bare:
        entity, root = of_node[one.full], one.bare.groups[0].root
        if one.sign:
            entity.weaken("medium")
            only = "nearly all articles that name somebody so mean" if one.several else "the only person so named is"
            reasons = (f"{only} this one", one.sign)
            entity.note(f"the bare surname '{root.surface}' of another article was added")
            summary = f"'{root.surface}' is taken for '{entity.surface}': {'; '.join(reasons)}."
            yield Link(
                root.first, entity.entity_id, "across_articles", "positive", "bare_surname", reasons, summary, "medium"
            )
        else:
            here = local[id(one.bare)]
            reason = "several people bear it" if one.several else "no second sign that articles of both show"
            summary = f"'{root.surface}' may or may not be '{entity.surface}' of another article: {reason}."
            yield _unsure(here, entity, "bare_surname", (reason,), summary)


def _unsure(
    one: Entity, other: Entity, rule: str, reasons: tuple[str, ...], summary: str, blocked_by: str | None = None
) -> Link:
    left, right = sorted((one.entity_id, other.entity_id))
    return Link(left, right, "across_articles", "unsure", rule, reasons, summary, "low", blocked_by)
