"""The span grammar: text -> tokens -> nodes, by the rules in ``resources/dates.toml``.

Each token becomes one character, which stands for its set of classes; a rule is then an ordinary
regular expression over such a string, and a stage of rules turns matches into nodes, which are
characters again for the next stage. Nothing here knows what an expression means.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pipeline import resources

RESOURCE = "dates.toml"
_NAME = re.compile(r"(?:([a-z_]+):)?(\(|[A-Z][A-Z_]*|[a-z]+|\d+(?:th)?)")
_GROUP = re.compile(r"\(\?P<([a-z_]+)>")


_PIECES = re.compile(r"(?P<look>\(\?<?[=!])|(?P<open>\(\?:|\(\?P<\w+>|\()|(?P<atom>\[[^\]]*\])|[)|?$]")
_PLAIN = r"(?![abhpw](?:ttps?:|ww\.|\.?[cm]\b))[^\W\d_]+(?=['’]?\W|$)"
"""Letters that no shape begins with."""
_LETTERS, _DIGIT = re.compile(r"[^\W\d_]+"), re.compile(r"\d")


_DOUBTED = frozenset(
    {"WEEKDAY_SHORT", "christmas", "YEAR", "MONTH", "MONTH_SHORT", "WEEKDAY", "DECADE", "SEASON", "ADVERB_SET"}
)
"""Classes of tokens that may be part of a name, a verb or a count."""
_NONE = frozenset[str]()


class Token(NamedTuple):
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
    needs: frozenset[str]
    """Symbols of which every match has at least one."""


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
        self._tokens = re.compile(
            "|".join([f"(?P<plain>{_PLAIN})", *parts, r"(?P<word>[^\W\d_]+(?=['’]?\W|$)|\w+)", r"\S"]), re.IGNORECASE
        )
        self._shapes = {f"s{i}": frozenset(s["classes"].split()) for i, s in enumerate(shapes)}
        self._macros: dict[str, str] = resource["macros"]
        stages = [resource["rules"][name] for name in sorted(resource["rules"])]
        patterns = [r["pattern"] for stage in stages for r in stage] + list(self._macros.values())
        names = {name for pattern in patterns for _, name in _NAME.findall(pattern)}
        self._symbols: dict[frozenset[str], str] = {}
        self._literals = frozenset(name for name in names if name[0].islower() or name[0].isdigit())
        self._words: dict[str, frozenset[str]] = {w: frozenset({w}) for w in self._literals}
        for name, words in self.values.items():
            for word in words:
                self._words[word] = self._words.get(word, frozenset()) | {name}
        sets = {frozenset[str](), *self._shapes.values(), *self._words.values()}
        sets |= {frozenset(r.get("is", "").split()) for stage in stages for r in stage}
        sets |= {self._classes(digits, None) for digits in self._literals if digits[0].isdigit()}
        self._symbols = {s: chr(0xE000 + i) for i, s in enumerate(sorted(sets, key=sorted))}
        self._doubted = {c for s, c in self._symbols.items() if s & _DOUBTED and not s & {"DAY", "DAYORD"}}
        self._meant = {c: s for s, c in self._symbols.items()}
        frequent = frozenset(resource["frequent"])
        self._rare = {c: 50 if s & frequent else 1 for s, c in self._symbols.items()}
        self.stages = [[self._rule(r) for r in stage] for stage in stages]

        signs = {c for stage in self.stages for rule in stage for c in rule.needs}
        forms = {form for word in self._words for form in (word, word.title(), word.upper())}
        self._plain = {form: self._symbols[self._of_word(form)] for form in forms}
        self._signs = frozenset(word for word, classes in self._words.items() if self._symbols[classes] in signs)

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
            self._needs(pattern),
        )

    def _needs(self, pattern: str) -> frozenset[str]:
        """The rarest set of symbols of which every match of ``pattern`` has at least one."""
        pieces = _PIECES.finditer(pattern)

        def rarest(sets: list[frozenset[str]]) -> frozenset[str]:
            return min(filter(None, sets), key=lambda s: sum(self._rare[c] for c in s), default=frozenset())

        def branches() -> frozenset[str]:
            """Up to the bracket that closes: what each of the alternatives needs."""
            found: list[list[frozenset[str]]] = [[]]
            for piece in pieces:
                if piece[0] == ")":
                    break
                if piece[0] == "|":
                    found.append([])
                elif piece[0] == "?":
                    found[-1].pop()
                elif piece["look"]:
                    branches()
                    found[-1].append(frozenset())
                else:
                    found[-1].append(
                        frozenset(piece[0][1:-1]) if piece["atom"] else branches() if piece["open"] else frozenset()
                    )
            each = [rarest(sets) for sets in found]
            return frozenset().union(*each) if all(each) else frozenset()

        needs = branches()
        assert needs, f"dates.toml: a pattern that matches nothing: {pattern!r}"
        return needs

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
        found = self._of_word(text) | self._shapes.get(shape or "", _NONE)
        # a word that also has a shape nobody foresaw has that alone
        return found if not self._symbols or found in self._symbols else self._shapes.get(shape or "", _NONE)

    def _of_word(self, text: str) -> frozenset[str]:
        word = text.lower()
        found = self._words.get(word, _NONE)
        if found and text == word and word in self._capital_only:
            found &= {word}
        return found if not self._symbols or found in self._symbols else _NONE

    def parse(self, text: str, blocked: Callable[[int, int, frozenset[str]], bool]) -> list[Node]:
        """The nodes found in ``text``, in text order, without overlap; hidden ones are left out.

        A token that ``blocked`` (start, end, classes) refuses has no classes; it is asked of those in doubt. Of tokens in a row without classes
        the first stands for all.
        """
        if not _DIGIT.search(text) and self._signs.isdisjoint(_LETTERS.findall(text.lower())):
            return []
        items, symbols = list[Token | Node | re.Match[str]](), list[str]()
        plain, empty = self._plain, self._symbols[_NONE]
        last = ""
        for match in self._tokens.finditer(text):
            if match.lastindex == 1:
                symbol = plain.get(match[0], empty)
            else:
                symbol = self._symbols[self._classes(match[0], match.lastgroup)]
            if symbol in self._doubted and blocked(*match.span(), self._meant[symbol]):
                symbol = empty
            if symbol != empty or last != empty:
                items.append(match)
                symbols.append(symbol)
                last = symbol
        row = "".join(symbols)
        for stage in self.stages:
            row = self._reduce(items, row, stage)
        return [item for item in items if isinstance(item, Node) and not item.rule.hidden]

    def _reduce(self, items: list[Token | Node | re.Match[str]], symbols: str, rules: Iterable[Rule]) -> str:
        """Put a node in the place of what each of the ``rules`` matches, in ``items`` and in their symbols."""
        present = frozenset(symbols)
        matches = [
            (m.start(), -m.end(), i, rule, m)
            for i, rule in enumerate(rules)
            if not rule.needs.isdisjoint(present)
            for m in rule.regex.finditer(symbols)
        ]
        if not matches:
            return symbols
        matches.sort(key=lambda found: found[:3])
        out, row = list[Token | Node | re.Match[str]](), list[str]()
        done = 0
        for start, end, _, rule, match in matches:
            if start < done:
                continue
            far = max(map(match.end, range(match.re.groups + 1)))  # a slot may lie in what follows the match
            seen = tuple(self._item(*pair) for pair in zip(items[start:far], symbols[start:far], strict=True))
            slots = {
                name.rstrip("0123456789"): seen[match.start(name) - start : match.end(name) - start]
                for name in match.re.groupindex
                if match[name]
            }
            out += [*items[done:start], Node(rule, seen[: -end - start], slots)]
            row += [symbols[done:start], self._symbols[rule.classes]]
            done = -end
        items[:] = out + items[done:]
        return "".join(row) + symbols[done:]

    def _item(self, item: Token | Node | re.Match[str], symbol: str) -> Token | Node:
        """A node as it is; what the pattern of tokens matched, as a token."""
        return Token(*item.span(), item[0], self._meant[symbol]) if isinstance(item, re.Match) else item


@functools.cache
def load() -> Grammar:
    """The grammar of ``resources/dates.toml``."""
    return Grammar(resources.toml(RESOURCE))
