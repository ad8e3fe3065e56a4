"""Time expressions: what is said, what days that is, and what it was counted from.

``grammar`` finds the spans, ``syntax`` says which of them are no dates, ``values`` works out what they
mean, in text order, so that "the next day" can be counted from the day before it. No value depends on
the day of the run.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.ids import content_id
from pipeline.nlp.passages import Article, Found, Passage, Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc

    from pipeline.extract.dates.grammar import Node
    from pipeline.extract.dates.meaning import Context, Meaning, OpenError, Reference
    from pipeline.extract.dates.syntax import Syntax
    from pipeline.settings import ExtractSettings

_LONGEST_WINDOW = 800
"""Days of a publication window up to which an expression is tried for each day of it."""
MOST_ALTERNATIVES = 12
_BETWEEN = re.compile(r"[\s,()/–—-]*(?:(?:and|to|until|till|on|or|eastern|local time)\s*)*", re.IGNORECASE)
_OPENING = 12
"""An expression that begins at most so many characters into its sentence sets the scene."""


def find_dates(article: Article, settings: ExtractSettings) -> Found:
    """The time expressions of ``article``: rows of table ``dates``, and an issue for each refused candidate."""
    from pipeline.extract.dates import grammar
    from pipeline.extract.dates.syntax import Syntax, cues

    found = Found()
    references: list[Reference] = []
    rules, surnames = grammar.load(), _month_surnames(article)
    sentences = 0
    for number, passage in enumerate(p for p in article.passages if len(p.doc)):
        last = passage.doc[-1]
        text = article.clean_text[passage.start : passage.start + last.idx + len(last)]
        syntax = Syntax(passage.doc, text, cues(), surnames)
        nodes = rules.parse(text, syntax.blocked)
        starts = _sentence_starts(passage.doc)
        if nodes:
            place = _Place(article, settings, passage, text, number, sentences, starts, syntax, references)
            found.rows += place.rows([node for node in nodes if not place.refused(node)])
        sentences += len(starts)
        found.issues += [_refusal(passage, text, *refused) for refused in syntax.refused]
    return found


def _sentence_starts(doc: Doc) -> list[int]:
    """The indices of the tokens that begin a sentence."""
    first = doc.to_array("SENT_START") == 1
    first[0] = True
    return [int(i) for i in first.nonzero()[0]]


@dataclass(frozen=True)
class _Place:
    """One passage while its expressions are read; ``references`` grows by those that later ones are counted from."""

    article: Article
    settings: ExtractSettings
    passage: Passage
    text: str
    number: int
    sentences_before: int
    starts: list[int]
    syntax: Syntax
    references: list[Reference]

    def refused(self, node: Node) -> bool:
        """Whether ``node`` is no time expression; the reason is kept."""
        reason = node.rule.refuse or _implausible(node, self.syntax)
        if reason:
            self.syntax.refused.append((node.start, node.end, reason))
        return reason is not None

    def sentence(self, node: Node) -> tuple[int, int]:
        """The number of the sentence that ``node`` begins in, in the article, and its first character."""
        begun = [at for i in self.starts if (at := self.passage.doc[i].idx) <= node.start]
        return self.sentences_before + len(begun), begun[-1] if begun else 0

    def context(self, node: Node) -> Context:
        """What is known where ``node`` stands."""
        from pipeline.extract.dates import values
        from pipeline.extract.dates.meaning import Context

        return Context(
            self.article.published,
            self.article.published_precision or "day",
            self.settings.date_order,
            tuple(self.references[-40:]),
            self.number,
            self.sentence(node)[0],
            functools.partial(self.syntax.tense, node.start, node.end, self.passage.zone in ("title", "heading")),
            builders=values.BUILDERS,
        )

    def rows(self, nodes: list[Node]) -> list[Row]:
        """The rows of ``nodes``, in text order."""
        from pipeline.extract.dates.meaning import Meaning

        made = list[Row]()
        for node in nodes:
            context = self.context(node)
            if "CLOCK_" in node.classes:
                context = replace(context, day_ahead=_day_ahead(node, nodes, self.text))
            told = _told(node, nodes, self)
            opens = node.start - self.sentence(node)[1] <= _OPENING
            for part, reading in _readings(node, _as_told(context, told)):
                date_id, start, end = self.date_id(part)
                if isinstance(reading, Meaning):
                    meaning = reading if told is None else self.counted_from(reading, told[0])
                    row = _row(part, meaning)
                    if _serves_as_anchor(meaning):
                        self.references.append(_reference(date_id, meaning, self.number, context.sentence, opens))
                else:
                    row = _open_row(part, reading, context, self.article)
                made.append({"date_id": date_id, "start": start, "end": end} | row)
        return made

    def date_id(self, node: Node) -> tuple[str, int, int]:
        """The id and the span of the row of ``node``."""
        start, end = self.passage.start + node.start, self.passage.start + node.end
        return content_id("d", self.article.article_id, start, end), start, end

    def counted_from(self, meaning: Meaning, told: Node) -> Meaning:
        """``meaning`` with the expression that says when it was said as its anchor, if it was counted from that."""
        if meaning.basis != "published":
            return meaning
        return replace(meaning, basis="earlier_expression", anchor_id=self.date_id(told)[0])


def _told(node: Node, nodes: Sequence[Node], place: _Place) -> tuple[Node, Meaning] | None:
    """When the words were spoken or the picture was taken, where the text says so, and the expression that says it.

    In a quotation that is the time of the verb of saying (on Tuesday he said: "Yesterday ..."); in a caption, the
    full date before it. Anywhere else, and where it is not said, words are counted from publication.
    """
    from pipeline.extract.dates.meaning import OpenError

    quotation = place.syntax.quotation(node.start)
    if quotation:
        saying = [n for n in nodes if "DATE" in n.classes and place.syntax.says_when(n.start, n.end, quotation)]
    elif place.passage.zone == "caption":
        saying = [n for n in nodes if n.start < node.start and "DAYLY" in n.classes]
    else:
        return None
    for other in saying:
        context = place.context(other)
        try:
            meaning = context.resolve(other)
        except OpenError:
            continue
        period = meaning.period
        if period.start is None or "/" in period.value or period.grain not in ("day", "month", "year"):
            continue
        if quotation or meaning.written_year:
            late = context.published is not None and period.start > context.published
            return None if late else (other, meaning)
    return None


def _day_ahead(clock: Node, nodes: Sequence[Node], text: str) -> Node | None:
    """The day that follows a time of day, with nothing but further times between: from 3 to 5 p.m. on Tuesday."""
    end = clock.end
    for node in nodes[nodes.index(clock) + 1 :]:
        if not _BETWEEN.fullmatch(text, end, node.start):
            return None
        if "CLOCK_" not in node.classes:
            day = node.node("y") if node.rule.build == "at_clock" else node
            return day if day and "DAYLY" in day.classes else None
        end = node.end
    return None


def _as_told(context: Context, told: tuple[Node, Meaning] | None) -> Context:
    """The context of words that were said at another time than publication."""
    if told is None:
        return context
    return replace(context, published=told[1].period.start, precision=told[1].period.grain, said=True)


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
    if not parts or not whole.parts:
        return [(node, whole)]
    if parts[0].rule.build == "end_of_run":
        return [(part, context.resolve(part)) for part in parts]
    return list(zip(parts, whole.parts, strict=True))


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
        if len(found) > MOST_ALTERNATIVES:
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
        if not syntax.spoken(node.start):
            return None
        told = syntax.governing_tense(node.start, node.end)
        return "beside a speaker's verb in the present it names no time" if told in ("present", "future") else None
    if node.rule.name == "day_part":
        return syntax.plausible_part(node.start, node.end)
    if node.rule.name == "month":
        return syntax.plausible_month(node.start)
    if node.rule.name == "clock" and node.word("clock") and not any(map(node.word, ("ampm", "zone", "about"))):
        return syntax.plausible_clock(node.start)
    return None


def _month_surnames(article: Article) -> frozenset[str]:
    """Names of months that end a person's name in this article: Theresa May."""
    from pipeline.extract.dates.syntax import cues

    names = cues()["name_months"]
    found = set[str]()
    if not any(name.title() in article.clean_text for name in names):
        return frozenset()
    for passage in article.passages:
        for name in passage.doc.ents:
            if name.label_ == "PERSON" and len(name) > 1 and name[-1].lower_ in names:
                found.add(name[-1].lower_)
    return frozenset(found)


def _refusal(passage: Passage, text: str, start: int, end: int, reason: str) -> Row:
    words = text[start:end]
    return {
        "severity": "info",
        "code": "rejected_date",
        "message": f"{words!r} is not taken for a date: {reason}",
        "start": passage.start + start,
        "end": passage.start + end,
    }
