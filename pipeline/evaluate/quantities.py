"""Numbers, and what is said of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.evaluate.pairing import Pair, number_span, pair_up

if TYPE_CHECKING:
    from pipeline.evaluate.gold import Text
    from pipeline.evaluate.report import Report


def score_quantities(report: Report, texts: list[Text]) -> None:
    """Numbers: found, and what is said of those found; events once more as found and right over all."""
    numbers = pair_up(report, texts, "quantities", ("kind", "kind"), number_span)
    numbers.f("number found", lambda _: True)
    numbers.interval("bounds", "low", "high")
    numbers.columns("low", "high")
    numbers.f(
        "event, of all",
        lambda pair: pair.mark.says.get("event") == pair.row["event"],
        lambda says: says.get("event") not in (None, "other"),
    )
    wholes = {id(pair): _whole(pair, numbers.pairs) for pair in numbers.pairs}
    numbers.f(
        "part of which, of all",
        lambda pair: wholes[id(pair)] is not None and wholes[id(pair)] == pair.row["subset_of_quantity_id"],
        lambda says: bool(says.get("subset_of") or says.get("subset_of_quantity_id")),
    )
    texts_of = {row["quantity_id"]: row["text"] for text in texts for row in text.rows["quantities"]}
    for pair in numbers.pairs:
        want, got = pair.mark.says.get("subset_of"), pair.row["subset_of_quantity_id"]
        if (want or got) and (got is None or got != wholes[id(pair)]):
            report.differ("quantities", pair.text, pair.mark, "part of", want, texts_of.get(got))
    numbers.leftovers("kind", "value", "event")


def _whole(part: Pair, pairs: list[Pair]) -> str | None:
    """The id of the row that answers the gold quantity ``part`` is a part of: the nearest with that text."""
    text = part.mark.says.get("subset_of")
    found = [pair for pair in pairs if pair.text is part.text and pair.mark.text == text and pair is not part]
    nearest = min(found, key=lambda pair: abs(pair.mark.span[0] - part.mark.span[0]), default=None)
    return None if nearest is None else str(nearest.row["quantity_id"])
