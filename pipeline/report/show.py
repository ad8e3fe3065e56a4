"""One article in the terminal: its words with every name, date, number and quote marked in place."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from pipeline.offsets import normalise
from pipeline.report import load
from pipeline.report.find import find_article
from pipeline.report.listing import print_dates, print_quantities
from pipeline.schema import EXTRACTION_ZONES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from rich.console import Console
    from rich.text import Text

Row = dict[str, Any]

_STYLES = {"mentions": "bold cyan", "dates": "green", "quantities": "yellow", "quotes": "italic magenta"}
_LEGEND = {"mentions": "name", "dates": "date", "quantities": "number", "quotes": "quote"}
_NOTE = "dim"


def _number(value: float) -> str:
    return f"{value:,.3f}".rstrip("0").rstrip(".")


def _bounds(row: Row) -> str:
    """What a number can be: =116, >100, ≥10,000, ≤200, 24 to 99, or ? where nothing is known."""
    low, high = row["low"], row["high"]
    if low is not None and low == high:
        return f"={_number(low)}"
    if low is not None and high is not None:
        return f"{_number(low)} to {_number(high)}"
    if low is not None:
        return f"{'>' if row['low_inclusive'] is False else '≥'}{_number(low)}"
    if high is not None:
        return f"{'<' if row['high_inclusive'] is False else '≤'}{_number(high)}"
    return "?" if row["value"] is None else f"{row['approximator'] or ''} {_number(row['value'])}".strip()


def _quantity_note(row: Row) -> str:
    event = f"not {row['event'] or row['unit']}" if row["polarity"] == "negated" else row["event"]
    unit = None if event and row["unit"] and event == f"not {row['unit']}" else row["unit"]
    modality = None if row["modality"] in (None, "certain") else f"({row['modality']})"
    kind = None if row["kind"] in (None, "count") or row["unit"] else row["kind"]
    reason = f"({row['unresolved_reason']})" if row["unresolved_reason"] else None
    return " ".join(filter(None, (_bounds(row), kind, unit, event, modality, reason)))


def _date_note(row: Row) -> str:
    if row["timex_value"] is None:
        return f"open: {row['unresolved_reason'] or 'no reason given'}"
    return " ".join(filter(None, (row["timex_value"], row["mod"])))


def _mention_note(row: Row, names: dict[str, str]) -> str:
    name = names.get(row["entity_id"] or "")
    return (
        f"{row['label']}, not linked"
        if name is None
        else row["label"]
        if name == row["text"]
        else f"{name}, {row['label']}"
    )


def _quote_note(row: Row, names: dict[str, str]) -> str:
    if row["speaker"] is None and row["speaker_entity_id"] is None:
        return row["kind"] if row["kind"] == "scare" else f"{row['kind']}, no speaker"
    name = names.get(row["speaker_entity_id"] or "")
    speaker = row["speaker"] or name
    return f"{row['kind']}, {speaker}" + (f" = {name}" if name and name != speaker else "")


def _marked(text: str, spans: list[tuple[int, int, str, str]], *, brackets: bool) -> Text:
    """``text`` with each span (start, end, style, note) styled and its note behind it in square brackets.

    With ``brackets`` a span stands in ⟨…⟩ too, so that it can be read without colour. Spans may overlap.
    """
    from rich.text import Text

    opening, closing = ("⟨", "⟩") if brackets else ("", "")
    inserts = []
    for i, (start, end, _, note) in enumerate(spans):
        # at one place: first what ends there, the innermost first, then what begins there
        inserts.append((end, 0, -start, -i, i, f"{closing}[{note}]"))
        inserts.append((start, 1, 0, i, i, opening))
    marked, position = Text(), 0
    begins: dict[int, int] = {}
    notes, ranges = list[tuple[int, int]](), list[tuple[str, int, int]]()
    for place, is_start, _, _, i, inserted in sorted(inserts):
        marked.append(text[position:place])
        position = place
        if is_start:
            begins[i] = len(marked)
        else:
            ranges.append((spans[i][2], begins[i], len(marked) + len(closing)))
            notes.append((len(marked) + len(closing), len(marked) + len(inserted)))
        marked.append(inserted)
    marked.append(text[position:])
    for style, start, end in sorted(ranges, key=lambda one: one[1] - one[2]):  # the longest first: inner styles win
        marked.stylize(style, start, end)
    for start, end in notes:
        marked.stylize(f"not bold not italic {_NOTE}", start, end)
    return marked


def _header(article: Row, n_open: int) -> Iterator[tuple[str, str]]:
    """What is said above the text, as pairs of name and words."""
    yield "title", article["title"] or "(none)"
    yield "outlet", article["outlet"] or "(none)"
    if article["published"] is None:
        window = [article["published_earliest"], article["published_latest"]]
        bounds = f" (between {window[0] or '?'} and {window[1] or '?'})" if any(window) else ""
        yield "published", f"no date{bounds}: {n_open} expression{'' if n_open == 1 else 's'} left open"
    else:
        size = {"year": 4, "month": 7}.get(article["published_precision"] or "", 10)
        still_open = f"; {n_open} expression{'' if n_open == 1 else 's'} left open" if n_open else ""
        yield "published", f"{article['published'].isoformat()[:size]} ({article['published_basis']}){still_open}"
    yield "paths", ", ".join(article["paths"])
    yield "article", article["article_id"]
    yield "status", article["status"] or "(none)"


def show(outputs: Path, article: str, console: Console, *, dates: bool = False, quantities: bool = False) -> None:
    """Print one article: header, words with marks, what was left out by zone, and its issues.

    Args:
        outputs: the folder with the tables.
        article: an article's id, the beginning of it (5 characters or more), one of its paths, or a part of a
            path or title; it must name exactly one article.
        console: where to print; without colours the marks are ⟨…⟩.
        dates: print, below the header, only the time expressions, a line each.
        quantities: the same for numbers; with both, one after the other.

    Raises:
        UsageError: there are no tables, or ``article`` names no article or several.
    """
    from rich.text import Text

    article_id = find_article(outputs, article)
    chosen = {"article_id": [article_id]}
    (row,) = load(outputs, "articles", where=chosen)
    rows = {name: load(outputs, name, where=chosen) for name in (*_STYLES, "segments", "issues")}
    names = {entity["entity_id"]: entity["name"] for entity in load(outputs, "entities", ["entity_id", "name"])}
    plain = console.color_system is None

    def say(words: Text) -> None:
        console.print(words, soft_wrap=plain, highlight=False)

    for key, value in _header(row, sum(date["timex_value"] is None for date in rows["dates"])):
        say(Text.assemble((f"{key:<10}", "bold"), normalise(value).text))
    lists = [listed for asked, listed in ((dates, print_dates), (quantities, print_quantities)) if asked]
    for listed in lists:
        console.print()
        listed(outputs, article_id, console)
    if lists:
        return
    legend = Text("marks     ", "bold")
    for kind, word in _LEGEND.items():
        legend.append(f"⟨{word}⟩" if plain else word, f"not bold {_STYLES[kind]}").append(" ")
    say(legend.append("[what the tables say]", f"not bold {_NOTE}"))
    notes: dict[str, Callable[[Row], str]] = {
        "quotes": lambda quote: _quote_note(quote, names),
        "quantities": _quantity_note,
        "dates": _date_note,
        "mentions": lambda mention: _mention_note(mention, names),
    }
    spans = [
        (marked["start"], marked["end"], _STYLES[kind], normalise(note(marked)).text)
        for kind, note in notes.items()
        for marked in rows[kind]
        if not marked.get("describes_mention_id")
    ]
    console.print()
    say(_marked(row["clean_text"] or "", spans, brackets=plain))
    left_out = Counter(segment["zone"] for segment in rows["segments"] if segment["zone"] not in EXTRACTION_ZONES)
    if left_out:
        counts = ", ".join(f"{zone}: {n} line{'' if n == 1 else 's'}" for zone, n in sorted(left_out.items()))
        console.print()
        say(Text.assemble(("left out  ", "bold"), counts))
    if rows["issues"]:
        console.print()
        say(Text("issues", "bold"))
    for issue in rows["issues"]:
        words = f" “{normalise(issue['text']).text}”" if issue["text"] else ""
        say(Text(f"  {issue['severity']} {issue['code']}{words}: {normalise(issue['message'] or '').text}"))
