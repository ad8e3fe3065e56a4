"""What was measured: scores, the zones' confusion matrix and the misses; and what is held against floors."""

from __future__ import annotations

import csv
import io
import tomllib
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipeline.errors import UsageError
from pipeline.evaluate.gold import KINDS, Mark, Text, clip
from pipeline.report.codebook import RULES_POLICY
from pipeline.schema import ZONES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MISS_KINDS = ("published", *KINDS[:2], "entities", *KINDS[2:])


@dataclass(frozen=True)
class Score:
    """One measure of one kind.

    ``form`` is ``f`` (precision over ``rows``, recall over ``gold``), ``share`` (``right`` of ``gold``) or
    ``count`` (``right`` is a number of rows, the fewer the better).
    """

    kind: str
    measure: str
    form: str
    right: float
    gold: float
    right_rows: float = 0
    rows: float = 0

    @property
    def precision(self) -> float | None:
        """Share of the rows that are right, 0 to 1; None without rows."""
        return self.right_rows / self.rows if self.rows else None

    @property
    def recall(self) -> float | None:
        """Share of the gold that was found, or that is right, 0 to 1; None without gold."""
        return self.right / self.gold if self.gold else None

    @property
    def f(self) -> float | None:
        """Harmonic mean of precision and recall; None where one of them is."""
        if self.precision is None or self.recall is None:
            return None
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def as_dict(self) -> dict[str, float | None]:
        """The measure's figures; shares from 0 to 1."""
        if self.form == "count":
            return {"count": self.right, "of": self.gold}
        if self.form == "share":
            return {"share": self.recall, "right": self.right, "of": self.gold}
        sides = {"right": self.right, "gold": self.gold, "right_rows": self.right_rows, "rows": self.rows}
        return {"precision": self.precision, "recall": self.recall, "f": self.f, **sides}


@dataclass
class ZoneCell:
    """Annotated text of zone ``gold`` that the table has in zone ``table`` (or none) by ``rule``.

    A line counts where most of its characters are; a character (white space left out) where it is.
    """

    gold: str
    table: str
    rule: str
    confidence: str
    lines: int = 0
    characters: int = 0
    examples: list[str] = field(default_factory=list)
    """Beginning and place of the first few lines."""


@dataclass
class Report:
    """What :func:`evaluate` measured: scores in order, the zones, and the misses in words."""

    articles: int
    of: str = "articles"
    """What the gold has been made for: articles, passages or speakers."""
    miss_kinds: tuple[str, ...] = MISS_KINDS
    scores: list[Score] = field(default_factory=list)
    zones: list[ZoneCell] = field(default_factory=list)
    """The annotated text by gold zone, zone in the table and rule, right ones too; in the order of the zones."""
    missed: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def lines(self) -> list[str]:
        """The scores as a table to read: percentages, then the numbers they are made of."""
        head = f"{'':32}{'P':>7}{'R':>7}{'F':>7}{'share':>8}{'right':>9}{'of gold':>9}{'of rows':>9}"
        lines, kind = [f"{self.articles} {self.of} with gold", head.rstrip()], ""
        for score in self.scores:
            if score.kind != kind:
                kind = score.kind
                lines.append(kind)
            p, r, f, share, rows = "", "", "", "", ""
            if score.form == "f":
                p, r, f, rows = (
                    _percent(score.precision),
                    _percent(score.recall),
                    _percent(score.f),
                    f"{score.rows:.0f}",
                )
            elif score.form == "share":
                share = _percent(score.recall)
            right = f"{score.right:.1f}" if score.right % 1 else f"{score.right:.0f}"
            numbers = f"{p:>7}{r:>7}{f:>7}{share:>8}{right:>9}{score.gold:>9.0f}{rows:>9}"
            lines.append(f"  {score.measure:30}{numbers}".rstrip())
        return lines + _matrix(self.zones) + _zone_errors(self.zones)

    def misses(self, kind: str) -> list[str]:
        """One line per miss of ``kind``: where, what the gold has, what the table has.

        Raises:
            UsageError: there is no such kind.
        """
        if kind not in self.miss_kinds:
            raise UsageError(f"no misses of kind {kind!r}; known are {', '.join(self.miss_kinds)}")
        return list(self.missed.get(kind, ()))

    def differ(self, kind: str, text: Text, mark: Mark, what: str, want: object, got: object) -> None:
        """Note that gold and table have the same string, but say different things of it."""
        place = f"{text.path} @{mark.span[0]}: “{clip(mark.text)}”"
        self.missed[kind].append(f"{place} {what}: gold {clip(want)} | table {clip(got)}")

    def as_dict(self) -> dict[str, Any]:
        """Scores as ``{kind: {measure: figures}}`` beside the number of articles and the zones' confusion matrix."""
        kinds: dict[str, dict[str, Any]] = {}
        for score in self.scores:
            kinds.setdefault(score.kind, {})[score.measure] = score.as_dict()
        keys = ("gold", "table", "lines", "characters")
        cells = ((*pair, *size) for pair, size in by_zone(self.zones).items())
        return {
            "articles": self.articles,
            "scores": kinds,
            "confusion": [dict(zip(keys, cell, strict=True)) for cell in cells],
        }

    def rules(self) -> list[dict[str, str | int]]:
        """Of each rule that decided the zone of an annotated line: zone, confidence, lines, and how many are right."""
        found: dict[tuple[str, str, str], list[int]] = {}
        for cell in self.zones:
            if cell.lines and cell.rule:
                sums = found.setdefault((cell.rule, cell.table, cell.confidence), [0, 0])
                sums[0] += cell.lines
                sums[1] += cell.lines * (cell.gold == cell.table)
        keys = ("rule", "zone", "confidence", "lines", "right")
        return [dict(zip(keys, (*key, *sums), strict=True)) for key, sums in sorted(found.items())]


def by_zone(cells: Iterable[ZoneCell]) -> dict[tuple[str, str], tuple[int, int]]:
    """Lines and characters by gold zone and zone in the table."""
    sums: dict[tuple[str, str], tuple[int, int]] = {}
    for cell in cells:
        lines, characters = sums.get((cell.gold, cell.table), (0, 0))
        sums[cell.gold, cell.table] = lines + cell.lines, characters + cell.characters
    return sums


def _matrix(cells: list[ZoneCell]) -> list[str]:
    """Lines of each gold zone by the zone in the table, with sums; zones that do not occur are left out."""
    lines = {pair: size[0] for pair, size in by_zone(cells).items() if size[0]}
    if not lines:
        return []
    known = (*ZONES, "none")
    down = [zone for zone in known if any(gold == zone for gold, _ in lines)]
    across = [zone for zone in known if any(got == zone for _, got in lines)]
    heads = [zone.rpartition("_")[2][:3] for zone in across]  # comment_meta is "met"
    width = max(4, 1 + len(str(max(lines.values()))))

    def row(name: str, counts: list[int]) -> str:
        return f"  {name:12}" + "".join(f"{n or '.':>{width}}" for n in counts) + f"{sum(counts):>6}"

    return [
        "zones, in lines (gold down, table across)",
        f"  {'':12}" + "".join(f"{head:>{width}}" for head in heads) + f"{'gold':>6}",
        *(row(gold, [lines.get((gold, got), 0) for got in across]) for gold in down),
        row("table", [sum(lines.get((gold, got), 0) for gold in down) for got in across]),
    ]


def _zone_errors(cells: list[ZoneCell], limit: int = 12) -> list[str]:
    """Zones taken for others, by rule: most lines first, each with one of its lines."""
    wrong = [cell for cell in cells if cell.gold != cell.table]
    wrong.sort(key=lambda cell: (-cell.lines, -cell.characters))
    lines = ["zones taken for others (rule: lines, characters, the first)"] if wrong else []
    for cell in wrong[:limit]:
        rule = f", {cell.rule}" if cell.rule else ""
        line = f"  {cell.gold} -> {cell.table}{rule}: {cell.lines}, {cell.characters}"
        lines.append(f"{line} {clip(cell.examples[0], 99 - len(line))}" if cell.examples else line)
    if len(wrong) > limit:
        lines.append(f"  ... and {len(wrong) - limit} more; --misses zones lists every line")
    return lines


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f}"


def write_rules(report: Report, path: Path) -> None:
    """Write :meth:`Report.rules` to ``path``, the file that the codebook's figures for zone rules come from."""
    words = io.StringIO(newline="")
    table = csv.DictWriter(words, ("rule", "zone", "confidence", "lines", "right"), lineterminator="\n")
    table.writeheader()
    table.writerows(report.rules())
    path.write_bytes((RULES_POLICY + words.getvalue()).encode("utf8"))


def below(report: Report, floors: Path) -> list[str]:
    """One line for each measure of ``report`` that is worse than ``floors`` allows.

    ``floors`` is TOML: a table per kind, in it the measure's name and the least F or share in percent; of a measure
    that is a count (invented, wrong, missing), the most. Only a person lowers a floor. Tables whose name begins with
    "passages" or "speakers" are for gold of passages or speakers and for that alone: each report is held against its own.

    Raises:
        UsageError: not TOML, or a kind or measure that the report does not have.
    """
    try:
        wanted = tomllib.loads(floors.read_text("utf8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"floors {floors}: {error}") from error
    short, scores = [], report.as_dict()["scores"]
    own = {kind: floor for kind, floor in wanted.items() if _measured(kind) == report.of}
    if wanted and not own:
        raise UsageError(f"floors {floors}: none is for {report.of}")
    for kind, measures in own.items():
        for measure, floor in measures.items():
            score = scores.get(kind, {}).get(measure)
            if score is None:
                raise UsageError(f"floors {floors}: the report has no [{kind}] {measure!r}; see `concord evaluate`")
            if "count" in score:
                if score["count"] > floor:
                    short.append(f"{kind}: {measure}: {score['count']}, at most {floor}")
            elif (got := 100 * (score.get("f") or score.get("share") or 0.0)) < floor:
                short.append(f"{kind}: {measure}: {got:.1f}, at least {floor}")
    return short


def _measured(kind: str) -> str:
    """What the floors of ``kind`` are for: :attr:`Report.of`."""
    return next((of for of in ("passages", "speakers") if kind.startswith(of)), "articles")
