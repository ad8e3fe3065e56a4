"""Lines that an outlet prints under many articles: what a site puts around its stories.

A line counts once per text: two versions of one story share most of their lines, and none of them is
furniture for that. Where no outlet is known nothing is: copies of one story, saved in several ways, would
look like an outlet's habit. The answer depends on which articles there are, not on their order.
"""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

_PROSE_WORDS = 12
"""A line of so many words is running text, as in ``resources/zones.toml``."""
_LEAST = 3
"""Different texts that must print a line."""
_SHARE = 0.01
"""... and their share of the outlet's texts, so that a large archive does not lose its stock phrases."""
_VERSION = 0.5
"""Share of the shorter one's lines of running text from which two texts are versions of one story."""


def line_key(text: str) -> str:
    """A name for a line that does not depend on its white space: 16 hex digits."""
    return hashlib.blake2b(" ".join(text.split()).encode("utf8", "replace"), digest_size=8).hexdigest()


def line_keys(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The keys of the short lines of ``text`` and of its lines of running text, each once, sorted."""
    short: set[str] = set()
    prose: set[str] = set()
    for line in text.splitlines():
        words = line.split()
        if words:
            (prose if len(words) >= _PROSE_WORDS else short).add(line_key(line))
    return tuple(sorted(short)), tuple(sorted(prose))


def outlet_key(outlet: str | None, url: str | None) -> str:
    """What tells one outlet from another: the site of the address, else the name; empty if neither is known."""
    host = urlsplit(url).netloc.lower().removeprefix("www.") if url and "://" in url else ""
    return host or (outlet or "").casefold()


def repeated_lines(
    articles: Mapping[str, tuple[str, Sequence[str], Sequence[str]]],
) -> dict[str, list[str]]:
    """For each article the keys of those of its lines that are furniture of its outlet, sorted.

    Args:
        articles: article_id -> (outlet, keys of its short lines, keys of its lines of running text).
    """
    outlets: dict[str, list[str]] = defaultdict(list)
    for article in sorted(articles):
        outlets[articles[article][0]].append(article)
    found: dict[str, list[str]] = {article: [] for article in articles}
    outlets.pop("", None)
    for members in outlets.values():
        least = max(_LEAST, math.ceil(_SHARE * len(members)))
        printed: dict[str, list[str]] = defaultdict(list)
        if len(members) >= least:
            for article in members:
                for key in (*articles[article][1], *articles[article][2]):
                    printed[key].append(article)
        prose = {article: frozenset(articles[article][2]) for article in members}
        for key, printers in printed.items():
            if len(printers) >= least and _different(printers, prose, least):
                for article in printers:
                    found[article].append(key)
    return {article: sorted(keys) for article, keys in found.items()}


def _different(printers: Sequence[str], prose: Mapping[str, frozenset[str]], least: int) -> bool:
    """Whether at least so many of ``printers`` are no versions of each other."""
    stories: list[frozenset[str]] = []
    for article in printers:
        lines = prose[article]
        if not any(_versions(lines, other) for other in stories):
            stories.append(lines)
            if len(stories) >= least:
                return True
    return False


def _versions(left: frozenset[str], right: frozenset[str]) -> bool:
    """Whether two texts with these lines of running text tell one story; without such lines nothing says so."""
    return bool(left and right) and len(left & right) >= _VERSION * min(len(left), len(right))
