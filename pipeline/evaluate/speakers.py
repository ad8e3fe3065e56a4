"""Passages written to be gold for speakers who are no names: who "she" or "the minister" is, or that it stays open.

Each quote gives the words said, the speaker as written and ``speaker_entity``, the full name meant or null. The files
are a corpus of their own, in which a passage is the article ``file.json#id``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.errors import UsageError
from pipeline.evaluate.gold import Row, Text, check_item, clip
from pipeline.evaluate.pairing import Pair, pair_up, share_words
from pipeline.evaluate.report import Report, Score
from pipeline.evaluate.sentences import SPLITS

if TYPE_CHECKING:
    from pathlib import Path

_KEYS = {"id", "split", "text", "quotes"}


def read_speeches(files: list[tuple[Path, Any]]) -> list[tuple[Path, Row]]:
    """Every passage with its file, in the form of an article's gold.

    Raises:
        UsageError: a passage, key or split that cannot be, or a quote that does not say who speaks.
    """
    found = []
    for path, passages in files:
        for passage in passages:
            if not isinstance(passage, dict) or passage.keys() != _KEYS:
                raise UsageError(f"gold {path}: not a passage with id, split, text and quotes alone: {clip(passage)}")
            where = f"gold {path}: {passage['id']}"
            if passage["split"] not in SPLITS:
                raise UsageError(f"{where} has split {passage['split']!r}; known are {', '.join(SPLITS)}")
            for item in passage["quotes"]:
                check_item(path, "quotes", item)
                if not item.keys() >= {"speaker", "speaker_entity"}:
                    raise UsageError(f"{where}: {item['text']!r} needs speaker and speaker_entity (null: open)")
            found.append((path, {**passage, "article": f"{path.name}#{passage['id']}"}))
    return found


def score_speeches(texts: list[Text]) -> Report:
    """Precision and recall of the speakers found, in all passages, in dev and in held, and precision by rule.

    A quote that the table lacks counts as open. What differs is shown of dev alone.
    """
    report = Report(len(texts), "speakers", ("speakers",))
    pairing = pair_up(report, texts, "quotes", ("kind", "kind"))
    for text in texts:
        names = {row["mention_id"]: row["text"] for row in text.rows["mentions"]}
        for row in text.rows["quotes"]:
            row["speaker_entity"] = names.get(row["speaker_mention_id"])
    for name, splits in (("speakers", SPLITS), *((f"speakers, {split}", (split,)) for split in SPLITS)):
        pairs = [pair for pair in pairing.pairs if pair.text.gold["split"] in splits]
        told = [pair for pair in pairs if pair.row["speaker_entity"]]
        right = sum(map(_right, told))
        gold = [mark for text, mark in pairing.marks if text.gold["split"] in splits and mark.says["speaker_entity"]]
        report.scores.append(Score(name, "who it is", "f", right, len(gold), right, len(told)))
        report.scores.append(Score(name, "wrong (must be 0)", "count", len(told) - right, len(told)))
    rules: dict[str, list[bool]] = {}
    for pair in pairing.pairs:
        if pair.row["speaker_rule"]:
            rules.setdefault(pair.row["speaker_rule"], []).append(_right(pair))
    report.scores += [
        Score("speakers by rule", rule, "share", sum(them), len(them)) for rule, them in sorted(rules.items())
    ]
    _show(report, pairing.pairs)
    report.missed["speakers"] += [
        f"{text.path}: no such quote" for text, _ in pairing.missed if text.gold["split"] == "dev"
    ]
    return report


def _right(pair: Pair) -> bool:
    want, got = pair.mark.says["speaker_entity"], pair.row["speaker_entity"]
    return bool(want and got and share_words(want, got))


def _show(report: Report, pairs: list[Pair]) -> None:
    for pair in pairs:
        want, got = pair.mark.says["speaker_entity"], pair.row["speaker_entity"]
        if pair.text.gold["split"] == "dev" and (want or got) and not _right(pair):
            why = pair.row["speaker_rule"] or pair.row["unresolved_reason"]
            report.differ("speakers", pair.text, pair.mark, pair.mark.says["speaker"], want, f"{got} ({why})")
