"""Gold: read, checked, and each of its strings located in the article's raw text."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipeline.errors import UsageError
from pipeline.offsets import Folded, normalise
from pipeline.report import load
from pipeline.schema import MENTION_LABELS, TABLES, ZONES

if TYPE_CHECKING:
    from pathlib import Path

Row = dict[str, Any]


Span = tuple[int, int]


KINDS = ("zones", "mentions", "dates", "quantities", "quotes")


QUOTE_KINDS = ("direct", "indirect", "mixed", "scare")


_OWN_KEYS = {
    "zones": {"text", "nth", "zone", "note"},
    "mentions": {"text", "nth", "label", "entity", "note"},
    "dates": {"text", "nth", "type", "value", "open", "note"},
    "quantities": {"text", "nth", "number", "subset_of", "note"},
    "quotes": {"text", "nth", "speaker_entity", "note"},
}


_PREFIX = 40
"""So many characters are enough to name a line or paragraph; a shorter text stands for itself."""


_BLANK_LINE = re.compile(r"\n[^\S\n]*(?:\n|$)")


@dataclass(frozen=True)
class Mark:
    """One annotated string: its raw span, and what the gold says of it."""

    text: str
    span: Span
    says: Row


@dataclass
class Text:
    """One article with gold: the gold's marks by kind, and the tables' rows by kind."""

    path: str
    article: Row
    gold: Row
    marks: dict[str, list[Mark]]
    rows: dict[str, list[Row]] = field(default_factory=dict)
    unjudged: list[Span] = field(default_factory=list)
    """Raw spans on which a row is neither right nor wrong."""


def read_files(gold: Path) -> list[tuple[Path, Any]]:
    """What each ``*.json`` file of a folder holds, in name order; or one such file."""
    files = sorted(gold.glob("*.json")) if gold.is_dir() else [gold]
    if not files:
        raise UsageError(f"{gold} holds no *.json file; gold is one JSON object per article")
    found = []
    for path in files:
        try:
            found.append((path, json.loads(path.read_text("utf8"))))
        except (OSError, ValueError) as error:
            raise UsageError(f"gold {path}: {error}") from error
    return found


def read_texts(gold: list[tuple[Path, Row]], outputs: Path) -> list[Text]:
    """Every article with gold, its marks located and its rows at hand."""
    columns = ["article_id", "paths", "published", "published_precision"]
    by_path = {path: row for row in load(outputs, "articles", columns) for path in row["paths"]}
    texts: dict[str, Text] = {}
    for file, row in gold:
        if row["article"] not in by_path:
            raise UsageError(
                f"gold {file}: no article in {outputs} has the path {row['article']!r}; "
                f"extract the corpus that the gold was made for: concord extract CORPUS --output {outputs}"
            )
        article = by_path[row["article"]]
        if other := texts.get(article["article_id"]):
            raise UsageError(f"gold {file}: {other.path} and {row['article']} are the same text; keep one of them")
        texts[article["article_id"]] = Text(row["article"], {**article, "file": file}, row, {})
    ids = sorted(texts)
    for found in load(outputs, "articles", ["article_id", "raw_text"], {"article_id": ids}):
        text = texts[found["article_id"]]
        text.article["raw_text"] = found["raw_text"]
        _mark(text)
    for kind in KINDS:
        for text in texts.values():
            text.rows[kind] = []
        for found in load(outputs, "segments" if kind == "zones" else kind, None, {"article_id": ids}):
            if not found.get("describes_mention_id"):  # the gold has names, not what stands beside them
                texts[found["article_id"]].rows[kind].append(found)
    return list(texts.values())


def check_articles(files: list[tuple[Path, Any]]) -> None:
    """Raise UsageError unless each file is the gold of one article, without keys and values that cannot be."""
    for path, row in files:
        if not isinstance(row, dict) or not isinstance(row.get("article"), str):
            raise UsageError(f"gold {path}: not a JSON object with the article's path as 'article'")
        if unknown := row.keys() - {"article", "published", "complete", "note", *KINDS}:
            raise UsageError(f"gold {path}: unknown key {', '.join(sorted(unknown))}; known are {', '.join(KINDS)}")
        if unknown := set(row.get("complete", ())) - set(QUOTE_KINDS):
            raise UsageError(f"gold {path}: 'complete' names {', '.join(sorted(unknown))}; known are {QUOTE_KINDS}")
        for kind in KINDS:
            for item in row.get(kind, ()):
                check_item(path, kind, item)


def check_item(path: Path, kind: str, item: Row, *more: str) -> None:
    """Raise UsageError unless one annotation has a text, known keys (or ``more``), and a known zone or label."""
    if not isinstance(item, dict) or not isinstance(item.get("text"), str) or not item["text"].strip():
        raise UsageError(f"gold {path}: an entry of {kind} has no text: {item!r}")
    columns = () if kind in ("zones", "mentions") else TABLES[kind].names
    if unknown := item.keys() - _OWN_KEYS[kind] - {*columns, *more}:
        raise UsageError(f"gold {path}: {kind} {item['text']!r} has an unknown key {', '.join(sorted(unknown))}")
    for key, allowed in (("zone", ZONES), ("label", MENTION_LABELS)):
        if key in _OWN_KEYS[kind] and item.get(key) not in allowed:
            raise UsageError(f"gold {path}: {kind} {item['text']!r} has {key} {item.get(key)!r}; known are {allowed}")


def _mark(text: Text) -> None:
    """Locate every annotation of one article."""
    raw, where = text.article["raw_text"], f"gold {text.article['file']}"
    folded, taken = normalise(raw), set[int]()
    for kind in KINDS:
        if kind not in text.gold:
            continue
        text.marks[kind] = []
        for item in text.gold[kind]:
            if kind == "zones":
                span = _locate_line(where, raw, folded, item, taken)
            else:
                span = _locate(where, folded, item["text"], item.get("nth", 1))
            if kind == "quantities" and "number" in item:
                span = _locate(where, folded, item["number"], 1, span)
            for key in ("speaker", "cue"):
                if kind == "quotes" and item.get(key):
                    _locate(where, folded, item[key])
            text.marks[kind].append(Mark(item["text"], span, item))
    text.unjudged = [_locate(where, folded, words) for words in text.gold.get("open", ())]
    starts = sorted(mark.span[0] for mark in text.marks.get("zones", ()))
    for i, mark in enumerate(text.marks.get("zones", ())):  # a paragraph ends where the next annotated text begins
        end = min([start for start in starts if start > mark.span[0]] + [mark.span[1]])
        text.marks["zones"][i] = Mark(mark.text, (mark.span[0], end), mark.says)


def _locate(where: str, folded: Folded, text: str, nth: int = 1, span: Span | None = None) -> Span:
    """The raw span of the ``nth`` occurrence of ``text``, within the raw ``span`` if one is given."""
    words = normalise(text).text
    left, right = (0, len(folded.text)) if span is None else (_index(folded, span[0]), _index(folded, span[1]))
    position, end = -1, left
    for _ in range(nth):
        position = folded.text.find(words, end, right) if words else -1
        if position < 0:
            raise UsageError(f"{where}: {text!r} (nth {nth}) is not in the article's raw text")
        end = position + len(words)
    return folded.raw_span(position, position + len(words))


def _index(folded: Folded, raw: int) -> int:
    """The first folded character that starts at the raw offset or behind it."""
    return int(folded.starts.searchsorted(raw))


def _locate_line(where: str, raw: str, folded: Folded, item: Row, taken: set[int]) -> Span:
    """The raw span of the line that ``item`` names: the nth such line, or the first not named before.

    Whole lines come first, then lines that begin with the text, then lines that hold it. A text of 40 characters
    or more stands for its paragraph from there on; a shorter one for itself, at the beginning or end of a line.
    """
    words = normalise(item["text"]).text
    whole, begun, inside, position = list[Span](), list[Span](), list[Span](), folded.text.find(words)
    while position >= 0:
        start, end = folded.raw_span(position, position + len(words))
        position = folded.text.find(words, position + 1)
        before, behind = raw[raw.rfind("\n", 0, start) + 1 : start], raw[end:].split("\n", 1)[0]
        first, last = not normalise(before).text, not normalise(behind).text
        if len(words) >= _PREFIX:
            blank = _BLANK_LINE.search(raw, end)
            end = blank.start() if blank else len(raw)
        if first and last:
            whole.append((start, end))
        elif len(words) >= _PREFIX:
            (begun if first else inside).append((start, end))
        elif (first or last) and not re.match(r"\w", behind) and not re.search(r"\w$", before):
            inside.append((start, end))
    lines = whole or begun or inside
    nth = item.get("nth", 1 + sum(1 for line in lines if line[0] in taken))
    left = lines if "nth" in item else [line for line in lines if line[0] not in taken]
    left = left[item.get("nth", 1) - 1 :]
    if not left:
        raise UsageError(
            f"{where}: {item['text']!r} (nth {nth}) is no line of the article's raw text; under {_PREFIX} characters "
            "it must be a whole line, or stand at the beginning or end of one"
        )
    taken.add(left[0][0])
    return left[0]


def clip(words: object, size: int = 70) -> str:
    """``words`` on one line, cut after ``size`` characters."""
    line = normalise(str(words)).text
    return line if len(line) <= size else line[: size - 1] + "…"
