"""The span grammar: text -> tokens -> nodes, by the rules in ``resources/dates.toml``.

Each token becomes one character, which stands for its set of classes; a rule is then an ordinary
regular expression over such a string, and a stage of rules turns matches into nodes, which are
characters again for the next stage. Nothing here knows what an expression means.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline import resources

RESOURCE = "dates.toml"
_NAME = re.compile(r"(?:([a-z_]+):)?(\(|[A-Z][A-Z_]*|[a-z]+|\d+(?:th)?)")
_GROUP = re.compile(r"\(\?P<([a-z_]+)>")


@dataclass(frozen=True)
class Token:
    """A word, number or sign of the text, with half-open offsets and its classes."""

    start: int
    end: int
    text: str
    classes: frozenset[str]


@dataclass(frozen=True)
class Rule:
    """A pattern and what a match of it is: node classes, the builder of its value, fixed arguments."""

    name: str
    regex: re.Pattern[str]
    classes: frozenset[str]
    build: str
    args: Mapping[str, Any]
    refuse: str | None
    hidden: bool


@dataclass(frozen=True)
class Node:
    """What a rule matched: the items below it, and which of them its pattern named."""

    rule: Rule
    items: tuple[Token | Node, ...]
    slots: Mapping[str, tuple[Token | Node, ...]] = field(default_factory=dict)

    @property
    def start(self) -> int:
        """First code point."""
        return self.items[0].start

    @property
    def end(self) -> int:
        """One past the last code point."""
        return self.items[-1].end

    @property
    def classes(self) -> frozenset[str]:
        """The node classes its rule gives it."""
        return self.rule.classes

    def word(self, slot: str) -> str | None:
        """The words of a slot in small letters, a space between them; None if it is empty."""
        items = self.slots.get(slot)
        return " ".join(t.text.lower() for item in items for t in tokens_of(item)) if items else None

    def node(self, slot: str) -> Node | None:
        """The node in a slot, if there is one."""
        return next((item for item in self.slots.get(slot, ()) if isinstance(item, Node)), None)

    def below(self, slot: str) -> Node:
        """The node in a slot that no match of the rule leaves empty."""
        node = self.node(slot)
        assert node is not None, f"dates.toml: rule {self.rule.name} has no {slot}"
        return node


def tokens_of(item: Token | Node) -> Iterator[Token]:
    """The tokens of a node, or the token itself."""
    if isinstance(item, Token):
        yield item
    else:
        for below in item.items:
            yield from tokens_of(below)


class Grammar:
    """Shapes, words and rules, compiled once."""

    def __init__(self, resource: Mapping[str, Any]) -> None:
        self.values: dict[str, dict[str, Any]] = resource["classes"]
        self._capital_only = frozenset(resource["capital_only"])
        shapes = resource["shapes"]["list"]
        guard = r"(?:(?!\w)|(?=[ap]\.?m\b)|(?=hrs\b))"
        parts = [f"(?P<s{i}>(?:{s['pattern']}){'' if s.get('free') else guard})" for i, s in enumerate(shapes)]
        self._tokens = re.compile("|".join([*parts, r"(?P<word>[^\W\d_]+(?=['’]?\W|$)|\w+)", r"\S"]), re.IGNORECASE)
        self._shapes = {f"s{i}": frozenset(s["classes"].split()) for i, s in enumerate(shapes)}
        self._macros: dict[str, str] = resource["macros"]
        stages = [resource["rules"][name] for name in sorted(resource["rules"])]
        patterns = [r["pattern"] for stage in stages for r in stage] + list(self._macros.values())
        names = {name for pattern in patterns for _, name in _NAME.findall(pattern)}
        self._literals = frozenset(name for name in names if name[0].islower() or name[0].isdigit())
        self._words: dict[str, frozenset[str]] = {w: frozenset({w}) for w in self._literals}
        for name, words in self.values.items():
            for word in words:
                self._words[word] = self._words.get(word, frozenset()) | {name}
        sets = {frozenset[str](), *self._shapes.values(), *self._words.values()}
        sets |= {frozenset(r.get("is", "").split()) for stage in stages for r in stage}
        sets |= {self._classes(digits, None) for digits in self._literals if digits[0].isdigit()}
        self._symbols = {s: chr(0xE000 + i) for i, s in enumerate(sorted(sets, key=sorted))}
        self.stages = [[self._rule(r) for r in stage] for stage in stages]

    def _rule(self, entry: Mapping[str, Any]) -> Rule:
        count = itertools.count()  # a slot may be named in several branches of a pattern; a group may not
        pattern = _GROUP.sub(lambda group: f"(?P<{group[1]}{next(count)}>", self._expand(entry["pattern"]))
        return Rule(
            entry["name"],
            re.compile(pattern),
            frozenset(entry.get("is", "").split()),
            entry.get("build", ""),
            entry.get("args", {}),
            entry.get("refuse"),
            entry.get("hidden", False),
        )

    def _expand(self, pattern: str) -> str:
        def one(match: re.Match[str]) -> str:
            slot, name = match.groups()
            if name == "(":
                return f"(?P<{slot}>" if slot else "("
            if name in self._macros:
                inner = self._expand(self._macros[name])
            else:
                symbols = "".join(c for s, c in self._symbols.items() if name in s)
                assert symbols, f"dates.toml: nothing has the class or word {name!r}"
                inner = f"[{symbols}]"
            return f"(?P<{slot}>{inner})" if slot else inner

        return _NAME.sub(one, pattern).replace(" ", "")

    def _classes(self, text: str, shape: str | None) -> frozenset[str]:
        if shape is None and text[0].isdigit():
            match = self._tokens.fullmatch(text)
            assert match
            shape = match.lastgroup
        word = text.lower()
        found = self._words.get(word, frozenset())
        if word in self._capital_only and text == word:
            found = found & {word}
        return found | self._shapes.get(shape or "", frozenset())

    def tokens(self, text: str, blocked: Callable[[int, int, frozenset[str]], bool]) -> list[Token]:
        """The tokens of ``text``; one that ``blocked`` (start, end, classes) refuses has no classes."""
        found = []
        for match in self._tokens.finditer(text):
            classes = self._classes(match[0], match.lastgroup)
            if classes not in self._symbols:  # a word that also has a shape nobody foresaw
                classes = self._shapes.get(match.lastgroup or "", frozenset())
            if classes and blocked(match.start(), match.end(), classes):
                classes = frozenset()
            found.append(Token(match.start(), match.end(), match[0], classes))
        return found

    def parse(self, tokens: Sequence[Token]) -> list[Node]:
        """The nodes found in ``tokens``, in text order, without overlap; hidden ones are left out."""
        items: list[Token | Node] = list(tokens)
        for stage in self.stages:
            items = self._reduce(items, stage)
        return [item for item in items if isinstance(item, Node) and not item.rule.hidden]

    def _reduce(self, items: list[Token | Node], rules: Iterable[Rule]) -> list[Token | Node]:
        symbols = "".join([self._symbols[item.classes] for item in items])
        matches = [
            (m.start(), -m.end(), i, rule, m) for i, rule in enumerate(rules) for m in rule.regex.finditer(symbols)
        ]
        matches.sort(key=lambda found: found[:3])
        out: list[Token | Node] = []
        done = 0
        for start, end, _, rule, match in matches:
            if start < done:
                continue
            out += items[done:start]
            slots = {
                name.rstrip("0123456789"): tuple(items[slice(*match.span(name))])
                for name in match.re.groupindex
                if match[name]
            }
            out.append(Node(rule, tuple(items[start:-end]), slots))
            done = -end
        return out + items[done:]


@functools.cache
def load() -> Grammar:
    """The grammar of ``resources/dates.toml``."""
    return Grammar(resources.toml(RESOURCE))
