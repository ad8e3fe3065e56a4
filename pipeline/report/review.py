"""The links and entities that a person should look at first, as rows that corrections.csv understands.

A row has the columns of corrections.csv with the anchors filled in and the decision left empty, and beside them
what it is about, why it is doubtful, and a sentence for each side. With ``merge``, ``keep_apart`` or another decision
written into it, the row (or the whole file, saved as corrections.csv in the corpus folder) is a decision: reading
leaves out rows without one, and columns it does not know.

What is asked first is what moves most: the mentions that an answer may move, times how doubtful such a thing is
(``_DOUBT``).
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.errors import UsageError
from pipeline.offsets import normalise
from pipeline.read.corrections import COLUMNS, folded
from pipeline.report import load

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Row = dict[str, Any]

TOLD = ("what", "why", "sentence", "other_sentence", "mentions")
"""The columns beside those of corrections.csv."""

_DOUBT = {"unsure": 1.0, "medium": 0.4, "flagged": 0.2}
"""An unsure link is open; a join at medium confidence is mostly right; what is flagged without either more so. Ranks set
by hand, no measured shares: only the order of the rows hangs on them."""


class _Asked(NamedTuple):
    """Something to look at: mentions of both sides (the right one may be missing), what and why, and its weight."""

    left: Row
    right: Row | None
    what: str
    why: str
    mentions: int
    weight: float


def review(outputs: Path, top: int = 50) -> list[Row]:
    """The ``top`` most useful things to decide, as rows with the columns COLUMNS and TOLD.

    Raises:
        UsageError: there are no tables in ``outputs``.
    """
    tables = _Tables(outputs)
    asked = sorted(tables.asked(), key=lambda a: (-a.weight, -a.mentions, a.what, a.why, a.left["mention_id"]))
    first: dict[frozenset[tuple[str, str]], _Asked] = {}
    for one in asked:
        first.setdefault(frozenset((end["entity_id"], end["name"]) for end in (one.left, one.right or one.left)), one)
    return [tables.row(one) for one in list(first.values())[:top]]


def write_review(outputs: Path, top: int, to: Path | None) -> str:
    """Write :func:`review` as CSV to a new file, and say so; without ``to`` return the CSV itself.

    Raises:
        UsageError: there are no tables, or there is such a file already: it may hold decisions.
    """
    rows = review(outputs, top)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, (*COLUMNS, *TOLD), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    if to is None:
        return text.getvalue().rstrip("\n")
    try:
        with to.open("x", encoding="utf-8-sig", newline="") as file:  # the mark tells spreadsheets that it is UTF-8
            file.write(text.getvalue())
    except FileExistsError as error:
        raise UsageError(f"{to} is there already and may hold your decisions; give another --to FILE") from error
    return (
        f"{to}: {len(rows)} rows to look at. Write merge, keep_apart or another decision into the first column of those "
        "you know, and save the file as corrections.csv in the folder of the articles, or add its rows to that file."
    )


class _Tables:
    """What is read of an output folder."""

    def __init__(self, outputs: Path) -> None:
        wanted = [
            "mention_id",
            "article_id",
            "sentence_id",
            "start",
            "text",
            "name",
            "entity_id",
            "describes_mention_id",
        ]
        names = (row for row in load(outputs, "mentions", wanted) if not row["describes_mention_id"])
        self._mentions = {row["mention_id"]: row for row in names}
        wanted = ["entity_id", "label", "name", "n_mentions", "articles", "confirmed", "review_reason"]
        self._entities = {row["entity_id"]: row for row in load(outputs, "entities", wanted)}
        self._articles = {
            row["article_id"]: row for row in load(outputs, "articles", ["article_id", "paths", "published"])
        }
        self._sentences = {
            row["sentence_id"]: row["text"] for row in load(outputs, "sentences", ["sentence_id", "text"])
        }
        self._links = load(outputs, "links")
        self._of: dict[str, list[Row]] = defaultdict(list)
        self._named: dict[tuple[str, str], set[str]] = defaultdict(set)
        for row in self._mentions.values():
            self._of[row["entity_id"]].append(row)
            for words in {folded(row["text"]), folded(row["name"] or "")}:
                self._named[row["article_id"], words].add(row["entity_id"])

    def asked(self) -> Iterator[_Asked]:
        """Everything that may be looked at, in no order."""
        told = set()
        for link in self._links:
            left, right = self._end(link["left_id"]), self._end(link["right_id"])
            if link["decided_by"] == "correction" or not left or not right:
                continue
            one, other = (self._entities[end["entity_id"]] for end in (left, right))
            if link["judgement"] == "unsure" and one is not other:
                moved = min(one["n_mentions"], other["n_mentions"])
                what = f"Is '{left['name']}' the same as '{right['name']}'?"
                yield self._weighed(left, right, what, link["summary"], moved, "unsure")
            elif link["judgement"] == "positive" and link["confidence"] != "high" and not other["confirmed"]:
                if link["rule"] == "same_name":
                    left, right = self._far_apart(other)
                    what = f"Is '{left['name']}' the same in all {len(other['articles'])} articles?"
                    moved = other["n_mentions"] - self._most_in_one(other)
                elif link["level"] == "across_articles" and left["name"] != right["name"]:
                    what = f"'{left['name']}' is taken for '{right['name']}': is it?"
                    moved = sum(m["name"] == left["name"] for m in self._of[other["entity_id"]])
                else:
                    continue
                yield self._weighed(left, right, what, link["summary"], moved, "medium")
            else:
                continue
            told |= {one["entity_id"], other["entity_id"]}
        for entity in self._entities.values():
            if entity["review_reason"] and not entity["confirmed"] and entity["entity_id"] not in told:
                left, n = self._first(entity), entity["n_mentions"]
                what = f"Is '{entity['name']}' one {entity['label']}, and called so?"
                yield self._weighed(left, None, what, entity["review_reason"], n, "flagged")

    def row(self, asked: _Asked) -> Row:
        """The row of the file for what is asked."""
        left, right = asked.left, asked.right
        row: Row = dict.fromkeys((*COLUMNS, *TOLD), "")
        row |= {"article": self._path(left), "text": normalise(left["text"]).text, "sentence": self._sentence(left)}
        if len(self._named[left["article_id"], folded(left["text"])]) > 1:
            row["context"] = row["sentence"]
        if right:
            row |= {"other_article": self._path(right), "other_text": normalise(right["text"]).text}
            row["other_sentence"] = self._sentence(right)
        return row | {"what": asked.what, "why": asked.why, "mentions": asked.mentions}

    def _weighed(self, left: Row, right: Row | None, what: str, why: str, moved: int, doubt: str) -> _Asked:
        if right and len(self._named[right["article_id"], folded(right["text"])]) > 1:
            left, right = right, left  # only the first side can be given a context
        return _Asked(left, right, what, why, moved, moved * _DOUBT[doubt])

    def _end(self, identifier: str) -> Row | None:
        """The mention that stands for one end of a link."""
        if identifier in self._mentions:
            return self._mentions[identifier]
        return self._first(self._entities[identifier]) if identifier in self._entities else None

    def _first(self, entity: Row, article: str | None = None) -> Row:
        """The mention that shows an entity best: by its name, the earliest; in ``article`` if one is given."""
        rows = [row for row in self._of[entity["entity_id"]] if article in (None, row["article_id"])]
        return min(rows, key=lambda row: (row["name"] != entity["name"], *self._when(row["article_id"]), row["start"]))

    def _far_apart(self, entity: Row) -> tuple[Row, Row]:
        """Mentions of an entity in its earliest and its latest article."""
        articles = sorted(entity["articles"], key=self._when)
        return self._first(entity, articles[0]), self._first(entity, articles[-1])

    def _most_in_one(self, entity: Row) -> int:
        counts: dict[str, int] = defaultdict(int)
        for row in self._of[entity["entity_id"]]:
            counts[row["article_id"]] += 1
        return max(counts.values())

    def _when(self, article: str) -> tuple[bool, str, str]:
        day = self._articles[article]["published"]
        return day is None, str(day), self._articles[article]["paths"][0]

    def _path(self, mention: Row) -> str:
        return str(self._articles[mention["article_id"]]["paths"][0])

    def _sentence(self, mention: Row) -> str:
        return normalise(self._sentences.get(mention["sentence_id"]) or mention["text"]).text
