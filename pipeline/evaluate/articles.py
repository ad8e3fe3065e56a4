"""What is said of an article as a whole: its publication date, and the zones of its lines."""

from __future__ import annotations

from collections import Counter

from pipeline.evaluate.gold import Text, clip
from pipeline.evaluate.report import Report, Score, ZoneCell, by_zone
from pipeline.schema import EXTRACTION_ZONES, ZONES

_EXAMPLES = 3
"""So many lines are kept as examples of one zone taken for another by one rule."""


def score_published(report: Report, texts: list[Text]) -> None:
    """Right, wrong and missing publication dates; a date where the gold has none is wrong."""
    answers: Counter[str] = Counter()
    for text in texts:
        if "published" not in text.gold:
            continue
        want, day = text.gold["published"], text.article["published"]
        size = {"year": 4, "month": 7}.get(text.article["published_precision"] or "", 10)
        got = day.isoformat()[:size] if day else None
        answer = "right" if got == want else "missing" if got is None else "wrong"
        answers[answer] += 1
        if answer != "right":
            report.missed["published"].append(f"{text.path}: gold {want or 'no date'} | table {got or 'no date'}")
    for answer, form in (("right", "share"), ("wrong", "count"), ("missing", "count")):
        if answers:
            report.scores.append(Score("published", answer, form, answers[answer], answers.total()))


def score_zones(report: Report, texts: list[Text]) -> None:
    """Lines and characters with the right zone, and whether the words were read or left out as they should be."""
    cells: dict[tuple[str, ...], ZoneCell] = {}
    for text in texts:
        raw = text.article["raw_text"]
        for mark in text.marks.get("zones", ()):
            parts, zones, want = Counter[tuple[str, str, str]](), Counter[str](), mark.says["zone"]
            for row in text.rows["zones"]:
                left, end = max(mark.span[0], row["raw_start"]), min(mark.span[1], row["raw_end"])
                if left < end:
                    part = row["zone"], row["rule"] or "", row["confidence"] or ""
                    parts[part] += sum(not c.isspace() for c in raw[left:end])
            parts["none", "", ""] = sum(not c.isspace() for c in raw[slice(*mark.span)]) - parts.total()
            for part, n in parts.items():
                zones[part[0]] += n
                if n:
                    cells.setdefault((want, *part), ZoneCell(want, *part)).characters += n
            got = zones.most_common(1)[0][0]
            main = max((part for part in parts if part[0] == got), key=parts.__getitem__)
            cell = cells[want, *main]
            cell.lines += 1
            if len(cell.examples) < _EXAMPLES:
                cell.examples.append(f"“{clip(mark.text)}” {text.path} @{mark.span[0]}")
            if got != want:
                report.differ("zones", text, mark, "zone", want, ", ".join(filter(None, main[:2])))
    order = (*ZONES, "none")
    report.zones = sorted(
        cells.values(), key=lambda c: (order.index(c.gold), order.index(c.table), c.rule, c.confidence)
    )
    lines = Counter({True: 0})
    for cell in report.zones:
        lines[cell.gold == cell.table] += cell.lines
    sizes = {pair: size[1] for pair, size in by_zone(report.zones).items()}
    if not report.zones:
        return
    right = sum(n for (want, got), n in sizes.items() if want == got)
    read = Counter[tuple[bool, bool]]()
    for (want, got), n in sizes.items():
        read[want in EXTRACTION_ZONES, got in EXTRACTION_ZONES] += n
    both, left_out, kept = read[True, True], read[True, False], read[False, True]
    report.scores += [
        Score("zones", "lines", "share", lines[True], lines.total()),
        Score("zones", "characters", "share", right, sum(sizes.values())),
        Score("zones", "characters to be read", "f", both, both + left_out, both, both + kept),
    ]
