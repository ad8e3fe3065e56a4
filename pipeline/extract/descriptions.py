"""Words beside a name that say who or what it is: "U.S. automaker" before GM, "head of the Observatory" after a person.

Each is a row of ``mentions`` with ``describes_mention_id``, so that what an article calls somebody can be read, counted
and found like the name. Only apposition counts: the description touches the name, or a comma alone stands between.
"The automaker said" in a later sentence is no row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pipeline.extract.mentions import may_stand_in_role, plain, role_after, title_words
from pipeline.ids import content_id

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span

    from pipeline.nlp.passages import Article, Passage, Row

_LONGEST = 8
"""Most words before the head of a description: longer ones were clauses, not noun phrases."""
_LEFT_OUT = {"DT", "POS", "HYPH", "CC", "PRP$", "''", "``"}
"""Tags of words that no description begins with."""
_LINKS = {"of", "for", "at"}


def find_descriptions(article: Article, mentions: Sequence[Row]) -> list[Row]:
    """Rows of table ``mentions`` for what stands beside the persons and bodies among ``mentions``."""
    found: dict[tuple[int, int], Row] = {(row["start"], row["end"]): row for row in mentions}
    rows = []
    for passage in article.passages:
        end = passage.start + len(passage.doc.text)
        here = [row for row in mentions if passage.start <= row["start"] < end]
        starts = {row["start"] for row in here}
        people = {row["start"] for row in here if row["label"] == "PERSON"}
        for row in here:
            for words, rule in _beside(passage, row) if row["label"] in ("PERSON", "ORG") else ():
                span = _with_whole_name(*passage.span(words), here)
                cut_off = passage.doc[max(0, words.start - 1)].lower_ in _LINKS and words[0].tag_.startswith("NNP")
                if cut_off and span[0] not in starts and span[0] == passage.span(words)[0]:
                    continue  # "Department of Defence analyst", if the department is not found as a name
                if len(words) > 1 and span not in found and not any(span[0] <= at < span[1] for at in people):
                    found[span] = _row(article, row, span, rule)
                    rows.append(found[span])
    return rows


def _with_whole_name(start: int, end: int, names: Sequence[Row]) -> tuple[int, int]:
    """The span from where a name begins that runs into it: "Bank of Orlen economist", not "Orlen economist"."""
    return min([start, *(row["start"] for row in names if row["start"] < start < row["end"])]), end


def _row(article: Article, described: Row, span: tuple[int, int], rule: str) -> Row:
    return {
        "mention_id": content_id("m", article.article_id, *span),
        "start": span[0],
        "end": span[1],
        "label": described["label"],
        "describes_mention_id": described["mention_id"],
        "rule": rule,
        "confidence": "medium",
    }


def _beside(passage: Passage, row: Row) -> Iterator[tuple[Span, str]]:
    """The noun phrases right before and right behind the name of ``row``, each with its rule."""
    doc = passage.doc
    name = doc.char_span(row["start"] - passage.start, row["end"] - passage.start, alignment_mode="expand")
    if name is None:
        return
    person = row["label"] == "PERSON"
    if before := _before(doc, name.start, name.end, person=person):
        yield before, "description_before"
    if after := role_after(doc, name.end) if person else _body_after(doc, name.end):
        yield after, "description_after"


def _heads(*, person: bool) -> frozenset[str]:
    parts = title_words()
    return parts["role"] | parts["office"] if person else parts["body"]


def _before(doc: Doc, first: int, end: int, *, person: bool) -> Span | None:
    """What stands before a name: "U.S. automaker", "president of the Union", "the bank's chief," where commas enclose it."""
    heads, last = _heads(person=person), first - 1
    if last > 0 and person and doc[last].text == "," and end < len(doc) and doc[end].is_punct:
        left = _leftmost(doc, last - 1)
        told = left < last and left > 0 and doc[left - 1].tag_ in {"DT", "PRP$"}
        owned = any(token.tag_ == "POS" for token in doc[left:last])
        return doc[left:last] if plain(doc[last - 1].text) in heads and (told or owned) else None
    if last >= 0 and plain(doc[last].text) in heads and doc[last].tag_.startswith("NN"):
        left = _leftmost(doc, last)
        return doc[left:first]
    while person and last > 0 and (doc[last].tag_.startswith("NNP") or doc[last].tag_ == "DT"):
        last -= 1
    if person and 0 < last < first - 1 and doc[last].lower_ in _LINKS and plain(doc[last - 1].text) in heads:
        return doc[_leftmost(doc, last - 1) : first]
    return None


def _leftmost(doc: Doc, head: int) -> int:
    """Where the noun phrase with its head at ``head`` begins, without its article."""
    left = head
    while left > 0 and head - left < _LONGEST and (may_stand_in_role(doc[left - 1]) or doc[left - 1].tag_ == "JJS"):
        left -= 1
    while left < head and doc[left].tag_ in _LEFT_OUT:
        left += 1
    return left


def _body_after(doc: Doc, end: int) -> Span | None:
    """What stands behind a body's name, or its acronym in brackets: ", an American automaker"."""
    if end + 2 < len(doc) and doc[end].text == "(" and doc[end + 2].text == ")":
        end += 3
    if end + 2 >= len(doc) or doc[end].text != "," or doc[end + 1].lower_ not in {"a", "an", "the", "another"}:
        return None
    first = last = end + 2
    while last < len(doc) and last - first < _LONGEST and (may_stand_in_role(doc[last]) or doc[last].tag_ == "JJS"):
        last += 1
    return doc[first:last] if last > first and plain(doc[last - 1].text) in _heads(person=False) else None
