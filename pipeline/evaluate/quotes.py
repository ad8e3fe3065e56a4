"""Statements, and who made them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.evaluate.pairing import pair_up, same_words, share_words
from pipeline.evaluate.report import Report, Score

if TYPE_CHECKING:
    from pipeline.evaluate.gold import Text


def score_quotes(report: Report, texts: list[Text], entity_ids: dict[str, str]) -> None:
    """Statements: content, kind, cue and speaker, as written and as linked."""
    quotes = pair_up(report, texts, "quotes", ("kind", "kind"), floor=0.5)
    quotes.f("content (half overlap)", lambda _: True)
    quotes.columns("speaker", "cue")
    given = {key: [pair for pair in quotes.pairs if key in pair.mark.says] for key in ("speaker", "cue")}
    named = [pair for pair in given["speaker"] if pair.mark.says["speaker"]]
    nobody = [pair for pair in given["speaker"] if not pair.mark.says["speaker"]]
    quotes.share("cue", ((p, p.mark.says["cue"], p.row["cue"]) for p in given["cue"]), same_words)
    quotes.share("speaker overlaps", ((p, p.mark.says["speaker"], p.row["speaker"]) for p in named), share_words)
    alike = sum(same_words(p.mark.says["speaker"], p.row["speaker"]) for p in named)
    if named:
        report.scores.append(Score("quotes", "speaker the same, of matched", "share", alike, len(named)))
    linked = [pair for pair in quotes.pairs if pair.mark.says.get("speaker_entity") in entity_ids]
    ids = ((p, entity_ids[p.mark.says["speaker_entity"]], p.row["speaker_entity_id"]) for p in linked)
    quotes.share("speaker's entity", ids)
    invented = [pair for pair in nobody if pair.row["speaker"] is not None]
    if nobody:
        report.scores.append(Score("quotes", "speaker invented, of nobody", "count", len(invented), len(nobody)))
    for pair in invented:
        report.differ("quotes", pair.text, pair.mark, "speaker", None, pair.row["speaker"])
    quotes.leftovers("kind", "speaker")
