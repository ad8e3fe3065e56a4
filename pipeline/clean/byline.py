"""Who wrote an article, who printed it and where it stood, as its own lines say.

Only lines that speak of the article itself are asked: bylines, signatures below the story, datelines,
credits, copyright lines, the address that a browser prints on each page. The story names many people,
papers and addresses, and none of them counts. What is not certain is left out.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline import resources
from pipeline.clean import rules as tables

if TYPE_CHECKING:
    from pipeline.clean.lines import Line
    from pipeline.clean.zones import Labelled

_MOST_LETTERS = 60
_BELOW = 6
"""A signature is one of so many lines below the last paragraph of the story, or that paragraph's own end."""
_DASHED = re.compile(r"[–—-]{1,2}\s*(?P<names>[A-Z][^:\d]{2,90})(?<![.!?])$")
_MONTHS = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
_CUT = re.compile(
    rf"\s*(?:\||•|·|/|\(|\[|;|\d|@|\b(?:published|updated|posted|on|at|for|in|with)\b|\b{_MONTHS} \d| [–—-]+ | -+$|\S+@\S+|"
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b).*$",
    re.IGNORECASE,
)
_NAME = re.compile(r"[^\W\d_][\w.'’-]*(?: [\w.'’-]+){0,4}$")
_SMALL = {"de", "la", "van", "von", "der", "den", "bin", "al", "el", "da", "di", "du", "dos", "ibn", "ter", "te", "y"}
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|\bcopyright\b)(?:[\s:,.–-]|©|\(c\)|copyright|\d{4})*(?:\bby\b\s*)?(?P<holder>[^\W\d_].*)",
    re.IGNORECASE,
)
_HOLDER_ENDS = re.compile(r"\s*(?:[|•·;,(\[]|\.(?:\s|$)|\s[–—-]\s|\ball rights\b|\d{4}).*$", re.IGNORECASE)
_COPYRIGHT_WORDS = 40
_ADDRESS = r"(?P<url>https?://[\w.-]+\.[a-z]{2,}/\S*[\w/])"


@dataclass(frozen=True)
class _Words:
    """The lists of ``bylines.toml``, ready for use."""

    by: re.Pattern[str]
    report: re.Pattern[str]
    others: re.Pattern[str]
    no_person: frozenset[str]
    suffixes: frozenset[str]
    company: frozenset[str]
    papers: frozenset[str]
    glued: re.Pattern[str]
    address: tuple[re.Pattern[str], ...]


@functools.cache
def _words() -> _Words:
    data = resources.toml("bylines.toml")

    def either(words: Sequence[str]) -> str:
        return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))

    dated = r"(?:[\w.,:/ -]{0,40}\d[\w.,: ]{0,20}?(?:\s[|•·/-]\s*)?\s*)"
    return _Words(
        by=re.compile(
            rf"(?:[/|\\•–—-]\s*)*(?:{dated})?(?:{either(data['by']['labels'])})\s*:?(?:\s+|(?<=:))(?P<names>\S.*)$",
            re.IGNORECASE,
        ),
        report=re.compile(rf"[(\[]?\s*(?:{either(data['by']['reporters'])})\s+(?P<names>[^;)\]]+)", re.IGNORECASE),
        others=re.compile(rf"\b(?:{either(data['by']['others'])})\b.*$", re.IGNORECASE),
        no_person=frozenset(data["names"]["no_person"].split()),
        suffixes=frozenset(data["names"]["suffixes"]),
        company=frozenset(data["outlet"]["company"].split()),
        papers=frozenset(data["outlet"]["papers"].split()),
        glued=re.compile(rf"(?:{either(data['title']['glued'])})(?=[A-Z0-9“\"'‘])"),
        address=(
            re.compile(rf"(?:{either(data['url']['labels'])})\s*:\s*{_ADDRESS}$", re.IGNORECASE),
            re.compile(rf"{_ADDRESS}\s+(?:page )?\d{{1,3}}\s?(?:/|of)\s?\d{{1,3}}$", re.IGNORECASE),
        ),
    )


def headline(text: str | None) -> str | None:
    """``text`` without the label of a menu that saving glued to its front: "Read More5 Things" is "5 Things"."""
    match = _words().glued.match(text or "")
    rest = text[match.end() :] if text and match else ""
    return rest if rest.count(" ") >= 2 else text


def authors(lines: Sequence[Line]) -> list[str]:
    """The people whom the first byline names; without one, those who sign below the story or are said to report it."""
    words = _words()
    signed = [line.text for line in lines if line.zone == "byline"]
    for text in signed:
        if not words.report.match(text) and (match := words.by.match(text)) and (found := _people(match["names"])):
            return found
    for line in lines:
        if line.rule == "byline.name_under_title" and (found := _people(line.text)):
            return found
    for text in signed:
        named = [name for match in words.report.finditer(text) for name in _people(match["names"], place=True)]
        if named:
            return list(dict.fromkeys(named))
    return _signature(lines)


def _signature(lines: Sequence[Line]) -> list[str]:
    """Names behind a dash in one of the lines below the story: "– Jane Doe in Beirut"."""
    last = max((i for i, line in enumerate(lines) if line.zone == "body" and line.words >= 12), default=len(lines))
    dashed = [m for line in lines[last + 1 :][:_BELOW] if (m := _DASHED.match(line.text))]
    return _people(dashed[0]["names"], place=True) if len(dashed) == 1 else []


def _people(text: str, *, place: bool = False) -> list[str]:
    """The names of people in the list ``text``; ``place``: each may have "in Beirut" behind it."""
    words = _words()
    text = words.others.sub("", text) if place else text
    if place:
        text = re.sub(r"\s+(?:in|at|from)\s+[A-Z][\w.' -]*?(?=,|;|\s+and\s|\s*&|\)|\.?$)", "", text)
    text = _CUT.sub("", text)
    found: list[str] = []
    for part in re.split(r",\s*(?:and\s+)?|\s+(?:and|&)\s+", text, flags=re.IGNORECASE):
        name = _person(part)
        if name is None and found and part.strip().casefold() not in words.suffixes:
            break  # an office or an outlet ends the list
        if name:
            found.append(name)
    return found


def _person(part: str) -> str | None:
    """The name in one part of a byline, without the office behind it; None where there is no person."""
    tokens = part.strip(" .:;–—-").split()
    at = next((i for i, word in enumerate(tokens) if word.strip(".,").casefold() in _words().no_person), len(tokens))
    tokens = tokens[:at] if at >= 2 or at == len(tokens) else []
    name = " ".join(tokens)
    if not _NAME.match(name) or len(name) > _MOST_LETTERS or tables.agencies_in(name) or not name[0].isupper():
        return None
    if any(word[0].islower() and word not in _SMALL for word in tokens):
        return None
    return name.title() if name.isupper() and len(name) > 3 else name


def agencies(labelled: Labelled) -> list[str]:
    """Agencies of the list in datelines, credits, bylines and copyright lines, and whatever a dateline has in brackets."""
    found: list[str] = []
    for line in labelled.lines:
        copyright_line = line.zone == "footer" and line.words <= _COPYRIGHT_WORDS and _COPYRIGHT.search(line.text)
        if line.zone in ("dateline", "credit", "byline") or copyright_line:
            bracketed = re.search(r"\(([A-Z][\w.&/ -]{1,40})\)", line.text) if line.zone == "dateline" else None
            found += tables.agencies_in(line.text) or ([bracketed[1]] if bracketed else [])
    return list(dict.fromkeys(found))


def outlet(lines: Sequence[Line], url: str | None = None) -> str | None:
    """Who printed the article, by its copyright line or the end of its byline; None where two are named.

    Companies hold rights for papers of other names, so a holder counts only if it has the name of a paper, or the page's
    address or a line above the story has it too.
    """
    above = next((i for i, line in enumerate(lines) if line.zone == "body"), 0)
    masthead = {_squeezed(part) for line in lines[:above] for part in re.split(r"\s[|–—-]\s", line.text)}
    host = _squeezed(re.sub(r"^[a-z]+://([^/]*).*$", r"\1", url)) if url else ""
    holders = {
        _squeezed(name): name
        for name in _holders(lines)
        if _paper(name) or name.startswith("The ") or _squeezed(name) in masthead or (host and _squeezed(name) in host)
    }
    if not holders:
        holders = {_squeezed(name): name for name in _behind_byline(lines) if _paper(name)}
    return next(iter(holders.values())) if len(holders) == 1 else None


def _holders(lines: Sequence[Line]) -> Iterator[str]:
    for line in lines:
        if line.zone == "footer" and line.words <= _COPYRIGHT_WORDS and (match := _COPYRIGHT.search(line.text)):
            name = _HOLDER_ENDS.sub("", match["holder"]).strip(" .,-–—")
            if _named(name) and not _words().company & set(name.casefold().split()):
                yield name


def _behind_byline(lines: Sequence[Line]) -> Iterator[str]:
    """What stands behind a bar in a byline, or behind "special to"."""
    for line in lines:
        if line.zone == "byline" and _words().by.match(line.text):
            for part in re.split(r"\||\bspecial to\b(?: the\b)?", line.text, flags=re.IGNORECASE)[1:]:
                if _named(name := part.strip(" .,-–—")):
                    yield name


def _paper(name: str) -> bool:
    return bool(_words().papers & set(name.casefold().split())) or bool(
        re.search(r"\.(?:com|org|net)$", name.casefold())
    )


def _squeezed(name: str) -> str:
    return re.sub(r"^the(?=\s)|[\W_]+", "", name.casefold())


def _named(name: str) -> bool:
    """Whether ``name`` reads like the name of a paper: a few words, all of the longer ones with a capital."""
    tokens = name.split()
    long = [word for word in tokens if len(word) > 3]
    if tables.agencies_in(name):
        return False  # an agency's line stands below its story wherever it is printed
    return (
        1 <= len(tokens) <= 5
        and len(name) >= 3
        and name[:1].isupper()
        and all(w[0].isupper() for w in long)
        and not re.search(r"\d|:|/", name)
    )


def address(lines: Sequence[Line]) -> str | None:
    """The page's own address: behind a label that says so, or with a page count, as browsers print it; None if two."""
    found = {
        match["url"]
        for line in lines
        if line.zone not in ("comment", "comment_meta") and line.words <= 6
        for pattern in _words().address
        if (match := pattern.match(line.text))
    }
    return found.pop() if len(found) == 1 else None
