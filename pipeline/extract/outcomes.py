"""The stage that says what became of a person's decisions on single articles' rows: one issue each.

It looks at the rows as they are now, so that it need not know which run made them. Decisions on who is who
are told by linking itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from pipeline.extract.corrections import KEYS, NOT_A_NAME, aims, is_done
from pipeline.read.corrections import FILE, IDENTITY, assigned, outcome, placed
from pipeline.schema import conform

if TYPE_CHECKING:
    import pyarrow as pa

    from pipeline.nlp.passages import Row

_WORST_FIRST = ("conflicting", "ambiguous", "waiting", "applied", "already_true", "obsolete")
_SAID = {
    "applied": "done",
    "already_true": "the rules came to the same",
    "waiting": "its article waits for the next run",
}
_TOLD = 5
"""So many articles are told of where a decision concerns many."""


def outcomes(tables: Mapping[str, pa.Table], settings: object = None) -> dict[str, pa.Table]:
    """``issues`` with a row for every decision in ``corrections`` that is on an article's own rows."""
    import pyarrow as pa

    decisions = [row for row in tables["corrections"].to_pylist() if row["decision"] not in IDENTITY]
    if not decisions:
        return {"issues": tables["issues"]}
    columns = ("article_id", "paths", "clean_text", "published", "published_precision", "published_basis")
    articles = {row["article_id"]: row for row in tables["articles"].select(columns).to_pylist()}
    places = placed({article: row["paths"] for article, row in articles.items()})
    texts = {a: row["clean_text"] or "" for a, row in articles.items()}
    concerned: dict[str, list[Row]] = defaultdict(list)
    for article, row in assigned(decisions, places, texts):
        concerned[article].append(dict(row))
    rows = _rows_of(tables, concerned)
    found: dict[int, list[tuple[str, str]]] = {row["line"]: [] for row in decisions}
    for article, own in sorted(concerned.items()):
        for line, state, why in _of_article(articles[article], own, rows[article]):
            found[line].append((state, f"{articles[article]['paths'][0]}: {why}"))
    made = []
    for row in decisions:
        states = sorted(found[row["line"]], key=lambda one: _WORST_FIRST.index(one[0]))
        if not states:
            why = f"no article lies at {row['article']}" if row["article"] else "its words are in no article"
            states = [("obsolete", f"{why}; mend it, or take the line out")]
        made.append(outcome(row, states[0][0], _told(states)))
    return {"issues": pa.concat_tables([tables["issues"], conform("issues", made)])}


def _told(states: Sequence[tuple[str, str]]) -> str:
    """What became of a decision, article by article, the worst first; of many articles the first few."""
    told = [why for _, why in states[:_TOLD]]
    return "; ".join(told) + (f"; and {len(states) - _TOLD} more articles" if len(states) > _TOLD else "")


def _rows_of(tables: Mapping[str, pa.Table], articles: Iterable[str]) -> dict[str, dict[str, list[Row]]]:
    """article_id -> table -> its rows, of the given articles; a name that was struck out is among the mentions."""
    import pyarrow as pa
    import pyarrow.compute as pc

    wanted = pa.array(sorted(articles), pa.string())
    found: dict[str, dict[str, list[Row]]] = {a: {name: [] for name in KEYS} for a in wanted.to_pylist()}
    for name in (*KEYS, "issues"):
        for row in tables[name].filter(pc.is_in(tables[name]["article_id"], value_set=wanted)).to_pylist():
            is_name = not row.get("describes_mention_id")  # decisions are on names, not on what stands beside them
            if is_name and (name != "issues" or row["code"] == NOT_A_NAME):
                found[row["article_id"]]["mentions" if name == "issues" else name].append(row)
    return found


def _of_article(
    article: Row, decisions: Sequence[Row], rows: Mapping[str, list[Row]]
) -> Iterator[tuple[int, str, str]]:
    """(line, state, words) of each decision on one article."""
    text = article["clean_text"] or ""
    days = [row for row in decisions if row["decision"] == "publication_date"]
    for row in days:
        against = [other for other in days if other["value"] != row["value"]]
        state = "conflicting" if against else _dated(article, row["value"])
        yield row["line"], state, _said(state, against)
    names = [row for row in rows["mentions"] if "mention_id" in row]
    for table in KEYS:
        for aim in aims(text, decisions, table, rows[table], names):
            state = aim.state or is_done(aim, text, names)
            yield aim.decision["line"], state, aim.why or _said(state, aim.against)


def _dated(article: Row, value: str) -> str:
    day, precision = article["published"], article["published_precision"]
    size = {"day": 10, "month": 7, "year": 4}.get(precision, 0)
    if day is None or day.isoformat()[:size] != value:
        return "waiting"
    return "applied" if article["published_basis"] == "correction" else "already_true"


def _said(state: str, against: Sequence[Row]) -> str:
    if not against:
        return _SAID[state]
    lines = ", ".join(sorted({f"{FILE}:{row['line']}" for row in against}))
    return f"{lines} says otherwise, so neither is followed; take one of them out"
