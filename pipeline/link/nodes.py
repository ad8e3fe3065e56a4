"""Distinct names across articles, and what stands around them.

A node is what linking across articles compares: all articles with an equal full name of one kind. What
two nodes share besides the name is their second sign: a title or role, or another name that is rare enough
to tell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.link.names import Name, offices
from pipeline.link.within import Group, NodeKey, signs

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]

TELLING_NAMES = 8
"""How many of an article's names, its rarest, may serve as the other name that two articles share."""

_COMMON_ARTICLES, _COMMON_SHARE, _COMMON_PLACE_SHARE = 20, 0.1, 0.03
"""A name that more articles than this, and more than this share of all, have is too common to tell; a place sooner."""


@dataclass(slots=True, eq=False)
class Node:
    """One full name of one kind, and the groups of all articles whose fullest name it is.

    ``basis`` is how the node came to a fuller or more frequent form of its name, in the words of link_basis.
    """

    kind: str
    key: str
    groups: list[Group]
    basis: str = ""

    @property
    def name(self) -> Name:
        """The name as read."""
        return self.groups[0].root.name

    @property
    def surface(self) -> str:
        """The name as first written."""
        return self.groups[0].root.surface

    @property
    def id(self) -> NodeKey:
        """Kind and key."""
        return self.kind, self.key


class Surroundings:
    """What stands around each node: the telling names of its articles, its titles and roles."""

    def __init__(self, telling: Mapping[str, frozenset[NodeKey]], surfaces: Mapping[NodeKey, str]) -> None:
        """Take the telling names of every article (:func:`telling_names`) and how each is written."""
        self._telling, self._surfaces = telling, surfaces
        self._around: dict[int, dict[NodeKey, set[str]]] = {}
        self._signs: dict[int, dict[str, set[str]]] = {}

    def telling(self, article: str) -> frozenset[NodeKey]:
        """The rarest names of ``article`` that some other articles have too, states left out."""
        return self._telling.get(article, frozenset())

    def around(self, node: Node) -> dict[NodeKey, set[str]]:
        """The telling names of the node's articles, each with these articles."""
        if id(node) not in self._around:
            self._around[id(node)] = self.around_articles({g.article_id for g in node.groups})
        return self._around[id(node)]

    def around_articles(self, articles: Iterable[str]) -> dict[NodeKey, set[str]]:
        """The telling names of ``articles``, each with those of them that have it."""
        found: dict[NodeKey, set[str]] = defaultdict(set)
        for article in articles:
            for key in self.telling(article):
                found[key].add(article)
        return found

    def signs(self, node: Node) -> dict[str, set[str]]:
        """The titles, roles and acronyms of the node, each with the articles that show it."""
        if id(node) not in self._signs:
            self._signs[id(node)] = _signs(node.groups)
        return self._signs[id(node)]

    def second_sign(self, one: Node, other: Node) -> str | None:
        """What an article of ``one`` and another article of ``other`` share besides the two names, in words."""
        return self.shared_title(one, other) or self.told(self.shared_names(one, other))

    def shared_title(self, one: Node, other: Node) -> str | None:
        """A title, role or acronym that both show, in words."""
        shown, there = self.signs(one), self.signs(other)
        for sign in sorted(shown.keys() & there.keys()):
            if len(shown[sign] | there[sign]) > 1:
                return f"both have the {sign}"
        return None

    def shared_names(self, one: Node, other: Node) -> list[NodeKey]:
        """The telling names of both; not those that share a word with either, which may be the same thing again."""
        left, right = self.around(one), self.around(other)
        own = {*one.name.tokens, *other.name.tokens}
        return [
            key
            for key in left.keys() & right.keys()
            if len(left[key] | right[key]) > 1 and not own & set(key[1].split())
        ]

    def told(self, shared: Iterable[NodeKey]) -> str | None:
        """Names that articles share, in words: two of them, chosen by their letters, so that no other article moves them."""
        some = sorted(shared)[:2]
        return "articles of both name " + " and ".join(f"'{self._surfaces[key]}'" for key in some) if some else None


def telling_names(article: Numbers, node: Numbers, place: NDArray[np.bool_]) -> Numbers:
    """Which names of each article can be the second sign that it shares with another: its rarest that others have too.

    Args:
        article: Numbers of articles, one a row; rows are distinct.
        node: The number of a name that the article has.
        place: By number of a name, whether it is a place's.

    Returns:
        Shape (n, 2): article and node.
    """
    import numpy as np

    articles = np.bincount(node, minlength=len(place))
    total = len(np.unique(article))
    most = np.maximum(_COMMON_ARTICLES, np.where(place, _COMMON_PLACE_SHARE, _COMMON_SHARE) * total)
    some = ((articles > 1) & (articles <= most))[node]
    article, node = article[some], node[some]
    order = np.lexsort((node, articles[node], article))
    article, node = article[order], node[order]
    chosen = np.arange(len(article)) - np.searchsorted(article, article) < TELLING_NAMES
    return np.stack([article[chosen], node[chosen]], axis=1)


def _signs(groups: Iterable[Group]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for group in groups:
        for sign in signs(group):
            found[sign].add(group.article_id)
    return found


def clash(one: Node, other: Node, *, by_office: bool) -> str | None:
    """Why two nodes cannot be one person by the gender, or also the offices, of their titles; None if they can."""
    genders = [{u.gender for g in node.groups for u in g.units if u.gender} for node in (one, other)]
    if genders[0] and genders[1] and not genders[0] & genders[1]:
        return "their titles differ in gender"
    if not by_office:
        return None
    told = [offices(*_titles(node)) for node in (one, other)]
    if told[0] and told[1] and not told[0] & told[1]:
        return f"the one is {', '.join(sorted(told[0]))}, the other {', '.join(sorted(told[1]))}"
    return None


def _titles(node: Node) -> Iterator[str | None]:
    for group in node.groups:
        for unit in group.units:
            for mention in unit.mentions:
                yield mention.title
