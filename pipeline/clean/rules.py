"""The rule tables of the clean stage, read once from resources: ``zones.toml`` and ``zone_agencies.csv``."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pipeline import resources

HEAD = 400
"""So many characters of a line are looked at, so that a line of megabytes costs no more than a paragraph."""


@dataclass(frozen=True)
class Rule:
    """A line whose start matches ``pattern`` is of ``zone``; the other fields say where it may apply."""

    name: str
    zone: str
    confidence: str
    pattern: re.Pattern[str]
    place: str = ""
    max_words: int = 30
    prose: bool = False


@dataclass(frozen=True)
class Split:
    """What matches ``pattern`` at a line's end is a part of its own, of ``zone``."""

    name: str
    zone: str
    left: str
    pattern: re.Pattern[str]


@dataclass(frozen=True)
class Rules:
    """All tables; ``parameters`` holds the plain sections of ``zones.toml``."""

    rules: tuple[Rule, ...]
    splits: tuple[Split, ...]
    parameters: dict[str, Any]
    no_place: frozenset[str]

    def __getitem__(self, section: str) -> Any:
        return self.parameters[section]

    def match(self, text: str, words: int, *, prose: bool, places: Iterable[str]) -> Rule | None:
        """The first rule that takes a line of so many words at such a place, or None."""
        head = text[:HEAD]
        for rule in self.rules:
            if words > rule.max_words or (prose and not rule.prose) or (rule.place and rule.place not in places):
                continue
            if rule.pattern.match(head):
                return rule
        return None


@functools.cache
def load() -> Rules:
    """The tables, read from the package once per process."""
    data = resources.toml("zones.toml")

    def compiled(row: dict[str, Any]) -> dict[str, Any]:
        flags = 0 if row.pop("case", False) else re.IGNORECASE
        return row | {"pattern": re.compile(row["pattern"], flags)}

    return Rules(
        tuple(Rule(**compiled(row)) for row in data.pop("rule")),
        tuple(Split(**compiled(row)) for row in data.pop("split")),
        data,
        frozenset(data["dateline"]["no_place"].split()),
    )


@functools.cache
def agency_names() -> tuple[tuple[str, str], ...]:
    """(name, spelling) of each news agency, in the order of the table."""
    return tuple((row["name"], row["pattern"]) for row in resources.rows("zone_agencies.csv"))


@functools.cache
def _agency_pattern() -> re.Pattern[str]:
    names = sorted((pattern for _, pattern in agency_names()), key=len, reverse=True)
    return re.compile(rf"(?<![\w@])({'|'.join(map(re.escape, names))})(?![\w@])")


def agencies_in(text: str) -> list[str]:
    """The agencies that ``text`` (a dateline or credit) names, in the order of the text, each once."""
    names = {pattern: name for name, pattern in agency_names()}
    return list(dict.fromkeys(names[match] for match in _agency_pattern().findall(text[:HEAD])))
