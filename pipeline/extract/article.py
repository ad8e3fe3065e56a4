"""Segments -> sentences, mentions, dates, quotes and quantities.

Each article is parsed once, paragraph by paragraph, and handed to four extractors, which know only
``clean_text``. What every row has in common is added here: sentence, zone, the words themselves and
their place in ``raw_text``. That the two places hold the same words is checked on every row. A person's
decisions on the article's rows are followed on the way: on names before anything else sees them.
"""

from __future__ import annotations

import functools
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pipeline.errors import ModelError, SchemaError
from pipeline.extract.corrections import correct_mentions, correct_quantities, correct_quotes
from pipeline.extract.dates import find_dates
from pipeline.extract.descriptions import find_descriptions
from pipeline.extract.mentions import find_mentions
from pipeline.extract.quantities import find_quantities
from pipeline.extract.quotes import find_quotes
from pipeline.extract.reference import resolve
from pipeline.extract.relations import relate
from pipeline.extract.tenses import tell
from pipeline.ids import content_id
from pipeline.nlp import model
from pipeline.nlp.passages import Article, Passage, Row
from pipeline.offsets import Folded, normalise
from pipeline.schema import EXTRACTION_ZONES, conform

if TYPE_CHECKING:
    import pyarrow as pa
    from spacy.language import Language

    from pipeline.settings import ExtractSettings

WRITES = ("sentences", "mentions", "dates", "quantities", "quotes")


def extract(tables: Mapping[str, pa.Table], settings: ExtractSettings) -> dict[str, pa.Table]:
    """Rows of every article in ``articles`` and ``segments``; ``corrections`` has a person's decisions on them.

    Returns ``articles`` with counts and status, the tables of WRITES, and ``issues``. An article that
    cannot be worked on has status ``failed`` and an issue; the others are not touched by it.

    Raises:
        ModelError: the model of the settings is missing or lacks a component.
    """
    nlp = _loaded(settings.model)
    segments = _by_article(tables["segments"])
    decisions = _by_article(tables["corrections"]) if "corrections" in tables else {}
    found: dict[str, list[Row]] = {name: [] for name in ("articles", *WRITES, "issues")}
    with nlp.memory_zone():
        for article in tables["articles"].to_pylist():
            try:
                key = article["article_id"]
                rows = _extract_article(article, segments.get(key, []), decisions.get(key, []), nlp, settings)
            except ModelError:
                raise
            except Exception as error:
                rows = {"issues": [_failure(article["article_id"], error)]}
                article = {**article, "status": "failed"}  # noqa: PLW2901
            counts: Row = {
                "n_sentences": len(rows.get("sentences", [])),
                "n_tokens": sum(row["n_tokens"] for row in rows.get("sentences", [])),
                "n_mentions": sum(not m.get("describes_mention_id") for m in rows.get("mentions", [])),
            }
            if any(issue["code"] in ("too_long", "not_english") for issue in rows["issues"]):
                counts["status"] = "partial"
            found["articles"].append({**article, **counts})
            for name, more in rows.items():
                found[name].extend(more)
    return {name: conform(name, rows) for name, rows in found.items()}


def _by_article(table: pa.Table) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in table.to_pylist():
        found.setdefault(row["article_id"], []).append(row)
    return found


@functools.cache
def _loaded(name: str) -> Language:
    nlp = model.load(name)
    model.parse(nlp, ["Warm up before the first memory zone opens."])
    return nlp


def _extract_article(
    row: Row, segments: Sequence[Row], decisions: Sequence[Row], nlp: Language, settings: ExtractSettings
) -> dict[str, list[Row]]:
    if row["language"] not in (None, "en"):
        message = f"the article is in {row['language']!r}, not English; it is kept, and nothing was extracted from it"
        return {"issues": [_issue(row["article_id"], "warning", "not_english", message)]}
    read = [s for s in segments if s["zone"] in EXTRACTION_ZONES and s["text"]]
    pieces, left = _pieces(read, settings.max_characters)
    docs = model.parse(nlp, [text for *_, text in pieces])
    passages = tuple(Passage(zone, i, start, doc) for (zone, i, start, _), doc in zip(pieces, docs, strict=True))
    given = {name: row[name] for name in ("title", "outlet", "place")} | _published(row)
    article = Article(row["article_id"], row["clean_text"], passages, **given)
    place = _Places(article, read, row["raw_text"])

    mentions = find_mentions(article, settings)
    correct_mentions(article.clean_text, decisions, mentions)
    dates = find_dates(article, settings)
    tell(article, dates.rows)
    quotes = find_quotes(article, mentions.rows, settings)
    resolve(article, mentions.rows, quotes.rows)
    correct_quotes(article.clean_text, decisions, quotes.rows, mentions.rows)
    taken = [(d["start"], d["end"]) for d in dates.rows if d["timex_type"] != "DURATION"]
    quantities = find_quantities(article, taken, settings)
    correct_quantities(article.clean_text, decisions, quantities.rows)

    mentions.rows += find_descriptions(article, mentions.rows)
    sentences = _sentences(article, quotes.rows)
    place.sentences(sentences)
    relate(row["clean_text"], sentences, mentions.rows, dates.rows, quotes.rows, quantities.rows)
    tables = {"mentions": mentions, "dates": dates, "quotes": quotes, "quantities": quantities}
    rows = {name: [place.complete(r) for r in sorted(found.rows, key=_by_span)] for name, found in tables.items()}
    rows["sentences"] = [place.complete(r) for r in sentences]
    issues = [_issue(row["article_id"], **issue) for found in tables.values() for issue in found.issues]
    open_dates = sum(d.get("unresolved_reason") is not None for d in rows["dates"])
    if article.published is None and open_dates:
        message = f"no publication date, so {open_dates} time expression(s) are left open; give `published` in a sidecar or record"
        issues.append(_issue(row["article_id"], "warning", "dates_open", message))
    if left:
        message = (
            f"the article has {len(row['clean_text'])} characters; the last {left} were not read: "
            "it may be several articles in one file, or raise extract.max_characters"
        )
        issues.append(_issue(row["article_id"], "warning", "too_long", message))
    rows["issues"] = [place.worded(issue) for issue in issues]
    return rows


def _published(row: Row) -> Row:
    """When the article was published, as it says itself: what other articles told an earlier run is left out."""
    if row["published"] is None or row["published_basis"] == "inferred":
        return {"published_earliest": row["stated_earliest"], "published_latest": row["stated_latest"]}
    names = ("published", "published_precision", "published_earliest", "published_latest")
    return {name: row[name] for name in names}


_LONGEST = 10_000
"""Most characters parsed at once: a model's memory grows with it, and no real paragraph is near."""


def _pieces(segments: Sequence[Row], most: int) -> tuple[list[tuple[str, int, int, str]], int]:
    """(zone, ordinal, start, text) of what is parsed at once, and how many characters beyond ``most`` are left out.

    A paragraph is one piece. One that is longer than any real paragraph is cut behind a sentence or a word.
    """
    pieces: list[tuple[str, int, int, str]] = []
    done = 0
    for segment in segments:
        text, begin = segment["text"], 0
        while begin < len(text) and done < most:
            end = min(len(text), begin + _LONGEST)
            if end < len(text):
                sentence, word = (text.rfind(mark, begin + _LONGEST // 2, end) for mark in (". ", " "))
                end = sentence + 1 if sentence > 0 else word if word > 0 else end
            piece = text[begin:end]
            lead = len(piece) - len(piece.lstrip())
            if piece.strip():
                pieces.append((segment["zone"], segment["ordinal"], segment["start"] + begin + lead, piece.strip()))
            done += end - begin
            begin = end
    return pieces, sum(len(segment["text"]) for segment in segments) - done


def _by_span(row: Row) -> tuple[int, int]:
    return row["start"], row["end"]


def _sentences(article: Article, quotes: Sequence[Row]) -> list[Row]:
    rows: list[Row] = []
    spoken = [(q["start"] - 1, q["end"] + 1) for q in quotes if q["kind"] in ("direct", "mixed")]
    for passage, sentence in article.sentences():
        words = [token for token in sentence if not token.is_space]
        if not words:
            continue
        start, end = passage.start + words[0].idx, passage.start + words[-1].idx + len(words[-1])
        rows.append(
            {
                "sentence_id": content_id("s", article.article_id, start, end),
                "ordinal": len(rows),
                "paragraph": passage.ordinal,
                "start": start,
                "end": end,
                "in_quote": any(a <= start and end <= b for a, b in spoken),
                "n_tokens": len(words),
            }
        )
    return rows


class _Places:
    """Where things stand: clean_text to raw_text, and the sentence and zone of a position."""

    def __init__(self, article: Article, segments: Sequence[Row], raw_text: str) -> None:
        self._article = article
        self._raw_text = raw_text
        self._starts = [s["start"] for s in segments]
        self._folded: list[Folded] = [
            normalise(raw_text[s["raw_start"] : s["raw_end"]], s["raw_start"]) for s in segments
        ]
        self._zones = [s["zone"] for s in segments]
        self._sentences: list[Row] = []

    def sentences(self, rows: list[Row]) -> None:
        self._sentences = rows
        self._sentence_starts = [row["start"] for row in rows]

    def sentence_of(self, position: int) -> str | None:
        i = bisect_right(self._sentence_starts, position) - 1
        return self._sentences[i]["sentence_id"] if i >= 0 and position < self._sentences[i]["end"] else None

    def raw(self, start: int, end: int) -> tuple[int, int]:
        first, last = bisect_right(self._starts, start) - 1, bisect_right(self._starts, end - 1) - 1
        begin, _ = self._folded[first].raw_span(start - self._starts[first], start - self._starts[first] + 1)
        _, finish = self._folded[last].raw_span(end - 1 - self._starts[last], end - self._starts[last])
        return begin, finish

    def complete(self, row: Row) -> Row:
        """``row`` with what all tables have in common; raises SchemaError where the words do not match."""
        start, end = row["start"], row["end"]
        text = self._article.clean_text[start:end]
        raw_start, raw_end = self.raw(start, end)
        if not text or normalise(self._raw_text[raw_start:raw_end]).text != normalise(text).text:
            raise SchemaError(
                f"article {self._article.article_id}: clean [{start}, {end}) and raw [{raw_start}, {raw_end}) differ"
            )
        i = bisect_right(self._starts, start) - 1
        done = {
            **row,
            "article_id": self._article.article_id,
            "sentence_id": row.get("sentence_id") or self.sentence_of(start),
            "zone": self._zones[i],
            "raw_start": raw_start,
            "raw_end": raw_end,
            "text": text,
        }
        if row.get("speaker_start") is not None:
            done["speaker_raw_start"], done["speaker_raw_end"] = self.raw(row["speaker_start"], row["speaker_end"])
        return done

    def worded(self, issue: Row) -> Row:
        """``issue`` with the words at its place, where it has one."""
        if issue.get("start") is None:
            return issue
        return {**issue, "text": self._article.clean_text[issue["start"] : issue["end"]]}


def _issue(article_id: str, severity: str, code: str, message: str, **place: Any) -> Row:
    return {
        "article_id": article_id,
        "stage": "extract",
        "severity": severity,
        "code": code,
        "message": message,
        **place,
    }


def _failure(article_id: str, error: Exception) -> Row:
    message = f"extraction failed ({type(error).__name__}: {error}); the article is kept without names, dates, numbers and quotes"
    return _issue(article_id, "error", "extraction_failed", message)
