"""The stage: between which days an article without a publication date can have been published.

What an article tells bounds the day on which it was told (``evidence``), and so does what it refers back to
that this or another article of the corpus dates (``references``). Every bound has its reason, which an
``info`` issue gives in words. Bounds that contradict each other are all dropped. ``published`` is set, with
basis ``inferred``, only if the window lies within one month. Time expressions are not worked out anew from
it, and a window is never evidence for another one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING

from pipeline.clean.evidence import Date, Evidence, Row, both, comments, rows_of, told, weekdays
from pipeline.clean.references import references
from pipeline.schema import conform, ordered

if TYPE_CHECKING:
    import pyarrow as pa

_STATED = ("stated_earliest", "stated_latest")
_WRITTEN = ("published", "published_precision", "published_basis", "published_earliest", "published_latest")


def window(tables: Mapping[str, pa.Table], settings: None) -> dict[str, pa.Table]:
    """``articles`` with the window of those that state no day of publication, and ``issues`` with the reasons.

    What an earlier run wrote here is taken back first, so that the same corpus gives the same rows however it grew.
    """
    del settings
    import pyarrow as pa
    import pyarrow.compute as pc

    articles = ordered("articles", tables["articles"])
    kept = tables["issues"].filter(pc.fill_null(pc.not_equal(tables["issues"]["stage"], "window"), True))
    rows = [_reset(row) for row in articles.select(["article_id", "status", *_STATED, *_WRITTEN]).to_pylist()]
    undated = {row["article_id"]: row for row in rows if row["published"] is None and row["status"] != "failed"}
    evidence = _evidence(tables, undated) if undated else {}
    made = [issue for article_id, row in undated.items() for issue in _decide(row, evidence[article_id])]
    for name in _WRITTEN:
        at = articles.schema.get_field_index(name)
        column = pa.array([row[name] for row in rows], articles.schema.field(at).type)
        articles = articles.set_column(at, articles.schema.field(at), column)
    return {"articles": articles, "issues": ordered("issues", pa.concat_tables([kept, conform("issues", made)]))}


def _reset(row: Row) -> Row:
    """``row`` as it was before this stage."""
    if row["published"] is not None and row["published_basis"] != "inferred":
        return row
    return row | {
        "published": None,
        "published_precision": None,
        "published_basis": "none",
        "published_earliest": row["stated_earliest"],
        "published_latest": row["stated_latest"],
    }


def _decide(row: Row, evidence: Sequence[Evidence]) -> list[Row]:
    """Fill the window of ``row`` in place; returns the issue that says why, if anything was found."""
    first, last, told = row["stated_earliest"], row["stated_latest"], list[str]()
    for item in evidence:
        spans = [span for one in item.spans if (span := both((first, last), one))]
        if not spans:
            reasons = "; ".join([*told, item.reason])
            message = f"what the article tells of its time does not go together, so no window is given: {reasons}"
            return [_issue(row["article_id"], "published_window_contradictory", message)]
        opened = [a for a, _ in spans]
        closed = [b for _, b in spans]
        new = (
            None if None in opened else min(a for a in opened if a),
            None if None in closed else max(b for b in closed if b),
        )
        if new != (first, last):
            (first, last), told = new, [*told, item.reason]
    if not told:
        return []
    row["published_earliest"], row["published_latest"] = first, last
    inferred = ""
    if first and last and (first.year, first.month) == (last.year, last.month):
        row["published"] = first if first == last else first.replace(day=1)
        row["published_precision"] = "day" if first == last else "month"
        row["published_basis"] = "inferred"
        inferred = "; the date is inferred from that"
    bounds = " and ".join([f"no earlier than {first}"] * bool(first) + [f"no later than {last}"] * bool(last))
    return [_issue(row["article_id"], "published_window", f"published {bounds}: {'; '.join(told)}{inferred}")]


def _issue(article_id: str, code: str, message: str) -> Row:
    return {"article_id": article_id, "stage": "window", "severity": "info", "code": code, "message": message}


def _evidence(tables: Mapping[str, pa.Table], undated: Mapping[str, Row]) -> dict[str, list[Evidence]]:
    """All evidence on each undated article, that which gives plain bounds first."""
    own: dict[str, list[Date]] = defaultdict(list)
    dates = _dates(tables["dates"], undated)
    for date in dates:
        if date.article_id in undated:
            own[date.article_id].append(date)
    found: dict[str, list[Evidence]] = {article: [] for article in undated}
    spoken: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for row in rows_of(tables["quotes"], ("article_id", "start", "end", "kind"), undated):
        if row["kind"] in ("direct", "mixed"):
            spoken[row["article_id"]].append((row["start"], row["end"]))
    for article, expressions in own.items():
        found[article] += told(expressions, spoken[article])
    for article, item in comments(tables["segments"], undated):
        found[article].append(item)
    back = references(tables, dates, undated)
    for article, row in undated.items():
        found[article] += back.get(article, [])
        stated = Evidence(((row["stated_earliest"], row["stated_latest"]),), "")
        found[article] += weekdays(own[article], [stated, *found[article]])
    return found


def _dates(table: pa.Table, undated: Iterable[str]) -> list[Date]:
    """All time expressions of the undated articles, and of the others what they tell of as over; in text order."""
    import pyarrow as pa
    import pyarrow.compute as pc

    own = pc.is_in(table["article_id"], value_set=pa.array(sorted(undated), pa.string()))
    over = pc.fill_null(pc.or_(pc.equal(table["tense"], "past"), pc.equal(table["zone"], "dateline")), False)
    rows = table.select([field.name for field in fields(Date)]).filter(pc.or_(own, over)).to_pylist()
    return sorted((Date(**row) for row in rows), key=lambda date: (date.article_id, date.start, date.end))
