"""Names, and the entities that they are linked to."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pipeline.evaluate.gold import Row, Text, clip
from pipeline.evaluate.pairing import Pair, Pairing, pair_up
from pipeline.evaluate.report import Report, Score
from pipeline.schema import MENTION_LABELS

if TYPE_CHECKING:
    from collections.abc import Callable


def _has(key: str, value: str) -> Callable[[Row], bool]:
    return lambda says: bool(says[key] == value)


def score_mentions(report: Report, texts: list[Text]) -> Pairing:
    """Names: span and label, each label, span alone."""
    names = pair_up(report, texts, "mentions", ("label", "label"))

    def strict(pair: Pair) -> bool:
        return pair.exact and pair.mark.says["label"] == pair.row["label"]

    names.f("span and label", strict)
    labels = {mark.says["label"] for _, mark in names.marks} | {row["label"] for _, row in names.extra}
    labels |= {pair.row["label"] for pair in names.pairs}
    for label in filter(labels.__contains__, MENTION_LABELS):
        names.f(f"  {label}", strict, _has("label", label))
    names.f("span alone", lambda pair: pair.exact)
    for pair in names.pairs:
        if not strict(pair):
            want, got = (f"{says['label']} “{says['text']}”" for says in (pair.mark.says, pair.row))
            report.differ("mentions", pair.text, pair.mark, "name", want, got)
    names.leftovers("label")
    return names


def score_entities(report: Report, names: Pairing) -> dict[str, str]:
    """B-cubed over the gold names that were found; the entity id that most names of each gold entity have.

    A name that the table links to nothing is an entity of its own.
    """
    cells, where = Counter[tuple[str, str]](), dict[tuple[str, str], str]()
    for pair in names.pairs:
        if entity := pair.mark.says.get("entity"):
            cell = entity, pair.row["entity_id"] or f"unlinked {pair.row['mention_id']}"
            cells[cell] += 1
            where.setdefault(cell, f"{pair.text.path} @{pair.mark.span[0]} “{clip(pair.row['text'])}”")
    asked = sum(1 for _, mark in names.marks if mark.says.get("entity"))
    if not asked:
        return {}
    sizes: tuple[Counter[str], Counter[str]] = Counter(), Counter()
    for cell, n in cells.items():
        for side in (0, 1):
            sizes[side][cell[side]] += n
    recall, precision = (sum(n * n / sizes[side][cell[side]] for cell, n in cells.items()) for side in (0, 1))
    total = cells.total()
    report.scores.append(Score("entities", "B-cubed, of names found", "f", recall, total, precision, total))
    report.scores.append(Score("entities", "names found", "share", total, asked))
    for side, words in ((0, "gold entity {} is split over"), (1, "entity {} joins")):
        for one in sorted(sizes[side]):
            parts = [f"{cell[1 - side]} ({n}, {where[cell]})" for cell, n in cells.items() if cell[side] == one]
            if len(parts) > 1:
                report.missed["entities"].append(f"{words.format(one)} {len(parts)}: {'; '.join(parts)}")
    return {entity: max((n, cluster) for (e, cluster), n in cells.items() if e == entity)[1] for entity in sizes[0]}
