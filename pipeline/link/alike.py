"""Across articles: names that are written in different ways, and bare surnames.

Names that are the same but for ways of writing join. Names that are merely alike join only with a second
sign that articles of both show; without one, a person is to look. Whatever joins must fit with all that it
would be joined to (complete linkage), so that no chain of small differences grows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from pipeline.link.likeness import Likeness, compare, person_words
from pipeline.link.nodes import Node, Surroundings, clash
from pipeline.link.spelling import spell_given
from pipeline.link.within import NodeKey

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from pipeline.link.names import Name
    from pipeline.link.within import Group

    Numbers = NDArray[np.int64]

Pair = tuple[NodeKey, NodeKey]

_SHORTER = frozenset({"acronym", "initial", "middle", "further_name", "short"})
"""Likenesses that leave something of the fuller name out, so that one short name may stand for several."""


_LEAST_SCORE = 0.55
"""Names less alike than this do not join, whatever else their articles share."""
_DOMINANT_ARTICLES, _DOMINANT_SHARE = 5, 0.9
"""A surname of several people can stand for one of them whom at least this many articles, and this share, name."""


_MOST_BEARERS = 64
"""A surname of more people than this is never taken for one of them."""
_LEAST_ARTICLES = 2
"""A bare surname joins a person without a title in common only if so many articles name that person in full."""


_BASIS = {"spelling": "translit", "typo": "spelling", "spacing": "spelling", "plural": "spelling"}
"""Which link_basis a likeness gives; the others give alias."""


class Judged(NamedTuple):
    """What was decided on two nodes: joined or not, the rule, and the reasons in words."""

    left: NodeKey
    right: NodeKey
    joined: bool
    rule: str
    score: float
    reasons: tuple[str, ...]
    blocked_by: str | None = None


class Clusters:
    """Nodes joined so far; two clusters unite only if each node of the one fits each of the other."""

    def __init__(self, parts: Iterable[Sequence[Node]]) -> None:
        """Begin with ``parts``: nodes that are joined already."""
        self.part: dict[NodeKey, list[Node]] = {}
        for nodes in parts:
            members = list(nodes)
            for node in members:
                self.part[node.id] = members

    def unite(self, left: NodeKey, right: NodeKey, judged: dict[Pair, Likeness]) -> str | None:
        """Unite two clusters, each named by one of its nodes; a reason in words if they do not fit together."""
        one, other = self.part[left], self.part[right]
        for a in one:
            for b in other:
                if not fits(a, b, judged):
                    return f"'{a.surface}' and '{b.surface}' would be joined too, and they do not fit"
        if len(one) < len(other):
            one, other = other, one
        one.extend(other)
        for node in other:
            self.part[node.id] = one
        return None

    def parts(self) -> list[list[Node]]:
        """The clusters, each once."""
        return list({id(part): part for part in self.part.values()}.values())


def fits(a: Node, b: Node, judged: dict[Pair, Likeness]) -> bool:
    """Whether two names may be in one entity: alike, or one an acronym, and no title speaks against it."""
    pair = (a.id, b.id) if a.id < b.id else (b.id, a.id)
    if pair not in judged:
        judged[pair] = compare(a.name, b.name)
    if judged[pair].verdict == "different":
        return a.kind != "person" and a.name.acronym != b.name.acronym
    return a.kind != "person" or not clash(a, b, by_office=False)


def judge_alike(
    nodes: Mapping[NodeKey, Node], clusters: Clusters, around: Surroundings, alike: Mapping[Pair, Likeness]
) -> list[Judged]:
    """Join nodes that are written in different ways.

    Args:
        nodes: The full names of all articles.
        clusters: What is joined already; changed in place.
        around: What stands around the nodes.
        alike: Which nodes are the same or alike, the lesser key first.

    Returns:
        What was decided on every pair that is the same or alike, in an order that depends on names alone.
    """
    judged = dict(alike)
    found: list[Judged] = []
    sure: list[tuple[Pair, str | None]] = []
    for (left, right), likeness in alike.items():
        one, other = nodes[left], nodes[right]
        against = clash(one, other, by_office=likeness.verdict == "alike") if one.kind == "person" else None
        sign = around.second_sign(one, other) if likeness.verdict == "alike" and not against else None
        if against:
            found.append(_apart(left, right, likeness, against, "cannot_link"))
        elif likeness.verdict == "same" or (sign and likeness.score >= _LEAST_SCORE):
            sure.append(((left, right), sign))
        else:
            weak = sign or likeness.score < _LEAST_SCORE
            why = "too little agrees to join them" if weak else "no second sign that articles of both show"
            found.append(_apart(left, right, likeness, why))
    sure, refused = _without_forks(sure, judged, nodes)
    found += [_apart(*pair, judged[pair], why, "chain_guard") for pair, why in refused]
    sure.sort(key=lambda s: (judged[s[0]].verdict != "same", -judged[s[0]].score, s[0]))
    for (left, right), sign in sure:
        likeness = judged[left, right]
        if clusters.part[left] is clusters.part[right]:
            continue
        if unfit := clusters.unite(left, right, judged):
            found.append(_apart(left, right, likeness, unfit, "chain_guard"))
        else:
            reasons = (likeness.reason, *([sign] if sign else []))
            short = max((nodes[left], nodes[right]), key=lambda n: n.name.size)
            short.basis = short.basis or _BASIS.get(likeness.rule, "alias")
            found.append(Judged(left, right, True, likeness.rule, likeness.score, reasons))
    return sorted(found)


def _apart(left: NodeKey, right: NodeKey, likeness: Likeness, why: str, blocked_by: str | None = None) -> Judged:
    return Judged(left, right, False, likeness.rule, likeness.score, (likeness.reason, why), blocked_by)


def _without_forks(
    sure: list[tuple[Pair, str | None]], judged: dict[Pair, Likeness], nodes: Mapping[NodeKey, Node]
) -> tuple[list[tuple[Pair, str | None]], list[tuple[Pair, str]]]:
    """Leave out the pairs of a short name that could stand for several fuller ones which do not fit each other."""
    fuller: dict[NodeKey, list[NodeKey]] = defaultdict(list)
    for (left, right), _ in sure:
        if judged[left, right].verdict == "alike" and judged[left, right].rule in _SHORTER:
            short, full = sorted((left, right), key=lambda key: nodes[key].name.size, reverse=True)
            fuller[short].append(full)
    forked = {
        short
        for short, names in fuller.items()
        if any(not fits(nodes[a], nodes[b], judged) for a, b in combinations(sorted(names), 2))
    }
    kept: list[tuple[Pair, str | None]] = []
    refused: list[tuple[Pair, str]] = []
    for pair, sign in sure:
        short = max(pair, key=lambda key: nodes[key].name.size)
        if short in forked and judged[pair].verdict == "alike" and judged[pair].rule in _SHORTER:
            refused.append((pair, f"'{nodes[short].surface}' could stand for several names"))
        else:
            kept.append((pair, sign))
    return kept, refused


# --- bare surnames -------------------------------------------------------------------------------------------
class Bare(NamedTuple):
    """A bare surname of one article, the full name it was judged against, and the second sign if there is one."""

    bare: Node
    full: NodeKey
    sign: str | None
    several: bool


def surname(name: Name) -> str:
    """The last word of a person's full name, in the spelling that all ways of writing it share."""
    return spell_given(person_words(name.core)[-1])


def bare_surname(group: Group) -> str | None:
    """What may be the surname of somebody whom other articles name in full, as :func:`surname` gives it."""
    root = group.root
    own = person_words(root.name.tokens)
    if root.kind != "person" or root.local or root.words > 1 or len(own) > 1 or root.name.acronym:
        return None
    return spell_given(own[0])


def judge_bare(
    alone: Iterable[Node], clusters: Clusters, around: Surroundings, sought: Callable[[str], bool]
) -> list[Bare]:
    """Find the one full name of other articles that a bare surname stands for.

    Only where all full names of the corpus that end in it are one person, or nearly all articles mean the one, and
    only with a second sign that its article shares with an article of that person and of no other.
    """
    bearers: dict[str, list[list[Node]]] = defaultdict(list)
    for part in clusters.parts():
        if part[0].kind == "person":
            for name in {surname(n.name) for n in part}:
                bearers[name].append(part)
    main = {last: _main_bearer(parts) for last, parts in bearers.items()}
    found = []
    for bare in alone:
        last = bare_surname(bare.groups[0])
        if not last or last not in main or not sought(last):
            continue
        host, dominant = main[last]
        if not dominant:
            continue
        others = [part for part in bearers[last] if part is not host]
        sign = _sign_of_bare(bare, host, around) if len(others) <= _MOST_BEARERS else None
        if sign and any(_sign_of_bare(bare, part, around) for part in others):
            sign = None
        found.append(Bare(bare, min(host, key=lambda n: n.name.size).id, sign, bool(others)))
    return found


def _main_bearer(parts: list[list[Node]]) -> tuple[list[Node], bool]:
    """The person whom most articles name in full, and whether a bare surname can be taken for this one."""
    host = max(parts, key=lambda part: (_articles(part), min(n.key for n in part)))
    least = max(_DOMINANT_ARTICLES, _DOMINANT_SHARE * sum(map(_articles, parts)))
    return host, len(parts) == 1 or _articles(host) >= least


def may_dominate(last: Numbers, part: Numbers, articles: Numbers, most: Numbers) -> Numbers:
    """The surnames for which :func:`_main_bearer` may find somebody, whoever of a part turn out to be one person.

    Args:
        last: The number of a surname, a row per full name that ends in it; rows may repeat.
        part: Which names may be one person: equal numbers may.
        articles: In how many articles the name stands.
        most: In how many articles all names of the part stand, summed.
    """
    import numpy as np

    if not len(last):
        return last
    order = np.lexsort((part, last))
    last, part = last[order], part[order]
    parts = np.flatnonzero((np.diff(last, prepend=last[0] - 1) != 0) | (np.diff(part, prepend=part[0] - 1) != 0))
    least, most, last = np.maximum.reduceat(articles[order], parts), most[order][parts], last[parts]
    lasts = np.flatnonzero(np.diff(last, prepend=last[0] - 1))
    alone = np.diff(lasts, append=len(last)) == 1
    top, total = np.maximum.reduceat(most, lasts), np.add.reduceat(least, lasts)
    found: Numbers = last[lasts][alone | ((top >= _DOMINANT_ARTICLES) & (top >= _DOMINANT_SHARE * total))]
    return found


def _articles(part: Sequence[Node]) -> int:
    return len({g.article_id for n in part for g in n.groups})


def _sign_of_bare(bare: Node, host: Sequence[Node], around: Surroundings) -> str | None:
    """The sign that ties a bare surname to a person: a title or role; or a body, another person, or two places."""
    if any(clash(bare, node, by_office=True) for node in host):
        return None
    signs = [sign for node in host if (sign := around.shared_title(bare, node))]
    if signs or _articles(host) < _LEAST_ARTICLES:
        return next(iter(signs), None)
    shared = sorted({key for node in host for key in around.shared_names(bare, node)})
    if len(shared) > 1 or any(kind in ("person", "organisation") for kind, _ in shared):
        return around.told(shared)
    return None
