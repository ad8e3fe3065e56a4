"""Time expressions: what is said, what days that is, and what it was counted from.

``grammar`` finds the spans, ``syntax`` says which of them are no dates, ``values`` works out what they
mean, in text order, so that "the next day" can be counted from the day before it. No value depends on
the day of the run.
"""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.ids import content_id
from pipeline.nlp.passages import Article, Found, Passage, Row

if TYPE_CHECKING:
    from pipeline.extract.dates.grammar import Node
    from pipeline.extract.dates.meaning import Context, Meaning, OpenError, Reference
    from pipeline.extract.dates.syntax import Syntax
    from pipeline.settings import ExtractSettings

_LONGEST_WINDOW = 800
"""Days of a publication window up to which an expression is tried for each day of it."""
_MOST_ALTERNATIVES = 12
_OPENING = 12
"""An expression that begins at most so many characters into its sentence sets the scene."""


def find_dates(article: Article, settings: ExtractSettings) -> Found:
    """The time expressions of ``article``: rows of table ``dates``, and an issue for each refused candidate."""
    from pipeline.extract.dates import grammar, values
    from pipeline.extract.dates.meaning import Context, Meaning, Reference
    from pipeline.extract.dates.syntax import Syntax, cues

    found, references = Found(), list[Reference]()
    rules, surnames = grammar.load(), _month_surnames(article)
    sentences = 0
    for number, passage in enumerate(article.passages):
        syntax = Syntax(passage.doc, cues(), surnames)
        tokens = rules.tokens(passage.doc.text, syntax.blocked)
        starts = [s.start_char for s in passage.doc.sents]
        for node in rules.parse(tokens):
            if reason := node.rule.refuse or _implausible(node, syntax):
                syntax.refused.append((node.start, node.end, reason))
                continue
            sentence = sentences + sum(1 for s in starts if s <= node.start)
            context = Context(
                article.published,
                article.published_precision or "day",
                settings.date_order,
                tuple(references[-40:]),
                number,
                sentence,
                functools.partial(syntax.tense, node.start, node.end, passage.zone in ("title", "heading")),
                builders=values.BUILDERS,
            )
            opens = node.start - max((s for s in starts if s <= node.start), default=0) <= _OPENING
            for part, reading in _readings(node, context):
                start, end = passage.start + part.start, passage.start + part.end
                date_id = content_id("d", article.article_id, start, end)
                row = (
                    _row(part, reading) if isinstance(reading, Meaning) else _open_row(part, reading, context, article)
                )
                found.rows.append({"date_id": date_id, "start": start, "end": end} | row)
                if isinstance(reading, Meaning) and _serves_as_anchor(reading):
                    references.append(_reference(date_id, reading, number, sentence, opens))
        sentences += len(starts)
        found.issues += [_refusal(passage, *refused) for refused in syntax.refused]
    return found


def _readings(node: Node, context: Context) -> list[tuple[Node, Meaning | OpenError]]:
    """The expressions of ``node``, one or the two that it joins, each with its meaning or why it has none."""
    from pipeline.extract.dates.composed import joined
    from pipeline.extract.dates.meaning import OpenError

    parts = joined(node)
    try:
        whole = context.resolve(node)
    except OpenError as reason:
        if not parts:
            return [(node, reason)]
        # a time of day has no other day than the one it is joined to
        return [
            r for part in parts for r in ([(part, reason)] if "CLOCK_" in part.classes else _readings(part, context))
        ]
    return list(zip(parts, whole.parts, strict=True)) if parts and whole.parts else [(node, whole)]


def _open_row(node: Node, unresolved: OpenError, context: Context, article: Article) -> Row:
    """The columns of an expression without a value."""
    return {
        "timex_type": "TIME" if node.classes & {"TIME_", "CLOCK_"} else "DATE",
        "alternatives": list(unresolved.alternatives or _within_window(node, context, article)),
        "anchor_basis": "missing" if unresolved.missing or article.published is None else "none_needed",
        "unresolved_reason": unresolved.reason,
        "rule": node.rule.name,
        "confidence": "low",
    }


def _row(node: Node, meaning: Meaning) -> Row:
    """The columns of an expression with a meaning; the days are those of the whole stretch that it is an end of."""
    period, days = meaning.period, meaning.within or meaning.period
    return {
        "timex_type": meaning.timex_type,
        "timex_value": period.value,
        "mod": meaning.mod,
        "edtf": days.edtf,
        "start_date": days.start,
        "end_date": days.end,
        "grain": period.grain or None,
        "anchor_date": meaning.anchor,
        "anchor_basis": meaning.basis,
        "anchor_date_id": meaning.anchor_id,
        "alternatives": list(meaning.alternatives),
        "rule": node.rule.name,
        "confidence": meaning.confidence,
    }


def _within_window(node: Node, context: Context, article: Article) -> tuple[str, ...]:
    """The values the expression would have for the days on which the article can have been published."""
    from pipeline.extract.dates.meaning import OpenError

    first, last = article.published_earliest, article.published_latest
    if article.published is not None or first is None or last is None or (last - first).days > _LONGEST_WINDOW:
        return ()
    found = dict[str, None]()
    for i in range((last - first).days + 1):
        try:
            day = replace(context, published=first + dt.timedelta(i), precision="day")
            found[day.resolve(node).period.value] = None
        except OpenError:
            return ()
        if len(found) > _MOST_ALTERNATIVES:
            return ()
    return tuple(found)


def _serves_as_anchor(meaning: Meaning) -> bool:
    period = meaning.period
    return (
        meaning.timex_type in ("DATE", "TIME")
        and bool(period.grain)
        and (period.start is not None or period.value[:2] == "BC")
    )


def _reference(date_id: str, meaning: Meaning, passage: int, sentence: int, opens: bool) -> Reference:
    """The expression as an anchor of later ones; a time of day serves as its day.

    The ends of a run of years tell no year for a month that follows.
    """
    from pipeline.extract.dates.meaning import Reference

    period, time = meaning.period, ""
    if period.grain == "time" and period.start:
        time = period.value.partition("T")[2]
        period = replace(period, grain="day", value=period.start.isoformat())
    written = meaning.written_year and not (meaning.within is not None and period.grain == "year")
    return Reference(date_id, period, passage, sentence, written, opens, time)


def _implausible(node: Node, syntax: Syntax) -> str | None:
    """Why a year or month that stands alone is none."""
    if node.rule.name == "range":
        last = node.below("z")
        counted = syntax.counted(last.end) if last.rule.name == "year" and not last.word("era") else False
        return "a count, not a year" if counted else None
    if node.rule.name == "year" and not node.word("era"):
        return syntax.plausible_year(node.start, node.end)
    if node.rule.name == "present" and node.word("bare"):
        told = syntax.governing_tense(node.start, node.end)
        return "beside a verb in the present it names no time of its own" if told in ("present", "future") else None
    if node.rule.name == "month":
        return syntax.plausible_month(node.start)
    if node.rule.name == "clock" and node.word("clock") and not any(map(node.word, ("ampm", "zone", "about"))):
        return syntax.plausible_clock(node.start)
    return None


def _month_surnames(article: Article) -> frozenset[str]:
    """Names of months that end a person's name in this article: Theresa May."""
    from pipeline.extract.dates.syntax import cues

    names = frozenset(cues()["name_months"])
    found = set()
    for passage in article.passages:
        for name in passage.doc.ents:
            if name.label_ == "PERSON" and len(name) > 1 and name[-1].lower_ in names:
                found.add(name[-1].lower_)
    return frozenset(found)


def _refusal(passage: Passage, start: int, end: int, reason: str) -> Row:
    words = passage.doc.text[start:end]
    return {
        "severity": "info",
        "code": "rejected_date",
        "message": f"{words!r} is not taken for a date: {reason}",
        "start": passage.start + start,
        "end": passage.start + end,
    }
