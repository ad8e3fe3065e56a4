"""Tables against gold, and tables against the tables of another run.

Gold is one JSON object per article. Its strings are looked up in the article's raw text, both folded
as in :mod:`pipeline.offsets`, and compared with ``raw_start`` and ``raw_end`` of the rows::

    {"article": "saved.txt", "published": "2022-04-03" or null, "complete": ["direct", "mixed"],
     "zones":      [{"text": "a line, or the first 40 characters of a paragraph or more", "zone": "title"}],
     "mentions":   [{"text": "Berg", "nth": 2, "label": "PERSON", "entity": "Anna Berg"}],
     "dates":      [{"text": "last March", "nth": 1, "type": "DATE", "value": null, "open": true}],
     "quantities": [{"text": "more than 100 men", "number": "100", "low": 100, "high": null, "event": "detained"}],
     "quotes":     [{"text": "We saw it", "kind": "direct", "speaker": "she", "speaker_entity": "Anna Berg"}]}

- ``article`` is any of the article's paths; ``nth`` counts the occurrences of ``text`` in the whole
  folded raw text from 1 (the default). A kind without a key is not annotated and not scored.
- ``complete`` names the kinds of quotes that are annotated in full, by default all. Of the others, rows
  that answer no annotation are left out of the count.
- Of dates, quantities and quotes any column of the table can be given (``type`` and ``value`` of a
  date are ``timex_type`` and ``timex_value``); what is not given is not scored, but a quantity without
  ``event`` or ``subset_of`` (the ``text`` of the quantity it is part of) has none. ``note`` is for people.

A folder of lists is gold of passages that are a corpus of their own (``sentences``): every field of every number is
scored over all rows, in all of them, in dev and in held; or (``speakers``) who speaks where no name stands.

``gold`` reads and locates it, ``pairing`` puts rows beside it, one module per kind says what is counted, ``report``
holds the figures, and ``changes`` compares two output folders without gold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.evaluate.articles import score_published, score_zones
from pipeline.evaluate.changes import compare
from pipeline.evaluate.dates import score_dates
from pipeline.evaluate.gold import KINDS, check_articles, read_files, read_texts
from pipeline.evaluate.names import score_entities, score_mentions
from pipeline.evaluate.quantities import score_quantities
from pipeline.evaluate.quotes import score_quotes
from pipeline.evaluate.report import Report, Score, ZoneCell, below, write_rules
from pipeline.evaluate.sentences import read_passages, score_passages
from pipeline.evaluate.speakers import read_speeches, score_speeches

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Report", "Score", "ZoneCell", "below", "compare", "evaluate", "write_rules"]


def evaluate(gold: Path, outputs: Path) -> Report:
    """Score the tables in ``outputs`` against ``gold``, a folder of ``*.json`` files or one such file.

    Pairs are one to one, best overlap first. P, R and F are over all gold and all rows of the
    annotated kinds; "of matched" is the share of the pairs that are right, of those for which the gold says it.

    Raises:
        UsageError: no gold or no tables; gold that names no article, or a string that is not in its raw text.
    """
    files = read_files(gold)
    if all(isinstance(content, list) for _, content in files):
        if any(isinstance(p, dict) and "quotes" in p for _, passages in files for p in passages):
            return score_speeches(read_texts(read_speeches(files), outputs))
        return score_passages(read_texts(read_passages(files), outputs))
    check_articles(files)
    texts = read_texts(files, outputs)
    report = Report(len(texts))
    annotated = {kind: [text for text in texts if kind in text.marks] for kind in KINDS}
    entity_ids: dict[str, str] = {}
    score_published(report, texts)
    score_zones(report, annotated["zones"])
    if annotated["mentions"]:
        entity_ids = score_entities(report, score_mentions(report, annotated["mentions"]))
    if annotated["dates"]:
        score_dates(report, annotated["dates"])
    if annotated["quantities"]:
        score_quantities(report, annotated["quantities"])
    if annotated["quotes"]:
        score_quotes(report, annotated["quotes"], entity_ids)
    return report
