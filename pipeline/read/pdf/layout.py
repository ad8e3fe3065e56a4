"""Placed characters -> lines in reading order: words, columns, blocks.

Characters are gathered to pieces of a line, pieces to rows of the page. Rows are cut where a white band
or a change of size runs across all of them; a run of rows through which a gutter runs from top to bottom
is a block of columns, read column by column, each column cut again in the same way. What is not in
columns is read row by row. One file: each step is small, and is understood by the next one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from pipeline.read.pdf.pages import Glyph

_JUMP = 0.6
"""Em between two characters that parts pieces of a line; word spaces of justified text are mostly below."""
_SPACE = 0.2
"""Em between two characters that is a word space where none is written; spaces of fonts are 0.25 to 0.35."""
_GUTTER = 0.8
"""Em of white between two columns; a pica beside 9 point text is 1.3."""
_FEW = 3
"""Rows from which text on one side of a gutter is a column."""
_APART = 4.0
"""Em within a row that part two lines which only share a base line, such as a date and a page title."""
_APART_IN_TEXT = 8.0
"""The same in a column of several rows, where a justified line of two words is stretched."""
_ROWS = 2_000
"""A page of more rows is no page of prose: it is read row by row."""

_INITIALS = 40
"""Large initials looked at on a page."""

Span = tuple[float, float]


@dataclass
class Line:
    """One line of a column; ``left`` and ``right`` are the column's edges, ``column`` its number on the page."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    font: str
    left: float
    right: float
    column: int
    turned: bool = False
    page: int = 0
    running: bool = False


@dataclass
class _Piece:
    glyphs: list[Glyph]
    x0: float
    x1: float
    y: float
    size: float

    def add(self, glyph: Glyph) -> None:
        self.glyphs.append(glyph)
        if glyph.text != " ":
            self.x1 = max(self.x1, glyph.x1)
        if glyph.size > self.size:
            self.y, self.size = glyph.y, glyph.size


@dataclass
class _Row:
    pieces: list[_Piece]
    y: float
    size: float

    @property
    def low(self) -> float:
        """The smallest size of its pieces of three characters and more."""
        return min((piece.size for piece in self.pieces if len(piece.glyphs) > 2), default=self.size)


@dataclass
class _Block:
    rows: list[_Row]
    gutters: list[Span] = field(default_factory=list)


def lines_of(glyphs: Sequence[Glyph]) -> list[Line]:
    """The lines of characters that are all read in one direction, in reading order."""
    lines: list[Line] = []
    for column, rows in enumerate(_columns(_with_drop_caps(_pieces(glyphs)))):
        apart = _APART if len(rows) < _FEW else _APART_IN_TEXT
        found = [line for row in rows for line in _lines(row, column, apart)]
        edges = min((line.x0 for line in found), default=0.0), max((line.x1 for line in found), default=0.0)
        for line in found:
            line.left, line.right = edges
        lines += found
    return lines


def _pieces(glyphs: Sequence[Glyph]) -> list[_Piece]:
    """Runs of characters side by side; a character painted twice for boldness counts once."""
    pieces: list[_Piece] = []
    at: dict[tuple[str, int, int], Glyph] = {}
    for glyph in glyphs:
        if not glyph.text:
            continue
        grid = max(glyph.size, 1.0)
        key = (glyph.text, round(glyph.x0 / grid), round(glyph.y / grid))
        before = at.get(key)
        if (
            before
            and glyph.x1 > glyph.x0
            and abs(before.x0 - glyph.x0) < 0.15 * grid
            and abs(before.y - glyph.y) < 0.15 * grid
        ):
            continue
        at[key] = glyph
        last = pieces[-1] if pieces else None
        if last and _beside(last, glyph):
            last.add(glyph)
        elif glyph.text != " ":
            pieces.append(_Piece([glyph], glyph.x0, glyph.x1, glyph.y, glyph.size))
    return pieces


def _beside(piece: _Piece, glyph: Glyph) -> bool:
    large, small = max(piece.size, glyph.size), min(piece.size, glyph.size)
    gap = glyph.x0 - max(piece.glyphs[-1].x1, piece.x1 if glyph.text != " " else 0.0)
    return abs(glyph.y - piece.y) <= 0.4 * large and large < 1.8 * small and -0.5 * large <= gap <= _JUMP * large


def _with_drop_caps(pieces: list[_Piece]) -> list[_Piece]:
    """A large initial is put before the first of the lines beside it.

    "A" or "I" is a word of its own where what follows is a word of the page too.
    """
    if len(pieces) < 4:
        return pieces
    usual = median(piece.size for piece in pieces)
    words = set(re.findall(r"[a-z]{3,}", " ".join("".join(glyph.text for glyph in piece.glyphs) for piece in pieces)))
    kept: list[_Piece] = []
    caps = [piece for piece in pieces if len(piece.glyphs) < 3 and piece.size >= 1.8 * usual][:_INITIALS]
    for cap in caps:
        text = "".join(glyph.text for glyph in cap.glyphs).strip()
        beside = [
            piece
            for piece in pieces
            if piece.size < 1.5 * usual
            and -0.1 * cap.size < piece.x0 - cap.x1 < 0.5 * cap.size
            and cap.y - 0.1 * cap.size <= piece.y <= cap.y + cap.size
        ]
        if not text.strip("\"'“‘").isalpha() or len(beside) < 2:
            continue
        first = max(beside, key=lambda piece: piece.y)
        start = first.glyphs[0]
        word = re.match(r"[a-z]*", "".join(glyph.text for glyph in first.glyphs))
        apart = cap.glyphs[-1].text == " " or bool(text in ("A", "I") and word and word[0] in words)
        x = start.x0 - 0.05 * start.size
        first.glyphs[:0] = [Glyph(text + " " * apart, x, start.x0, start.y, start.size, start.font)]
        kept.append(cap)
    return [piece for piece in pieces if not any(piece is cap for cap in kept)]


def _rows(pieces: Sequence[_Piece]) -> list[_Row]:
    """Pieces on one base line, rows from the top; a raised figure belongs to the row of its words."""
    rows: list[_Row] = []
    for piece in sorted(pieces, key=lambda piece: (-piece.y, piece.x0)):
        row = rows[-1] if rows else None
        if row and abs(row.y - piece.y) <= _slack(row.size, piece.size):
            row.pieces.append(piece)
            if piece.size > row.size:
                row.y, row.size = piece.y, piece.size
        else:
            rows.append(_Row([piece], piece.y, piece.size))
    for row in rows:
        row.pieces.sort(key=lambda piece: piece.x0)
    return rows


def _slack(one: float, other: float) -> float:
    return 0.4 * max(one, other) if max(one, other) < 1.8 * min(one, other) else 0.2 * min(one, other)


def _columns(pieces: list[_Piece]) -> Iterator[list[_Row]]:
    """The rows of each column or band, in reading order."""
    waiting = [pieces]
    while waiting:
        region = waiting.pop()
        blocks = _blocks(_rows(region))
        if len(blocks) == 1 and not blocks[0].gutters:
            yield blocks[0].rows
            continue
        parts: list[list[_Piece]] = []
        for block in blocks:
            inside = [piece for row in block.rows for piece in row.pieces]
            if block.gutters:
                parts += _parted(inside, block.gutters)
            else:
                parts.append(inside)
        if len(parts) == 1:
            yield _rows(parts[0])
            continue
        waiting += reversed(parts)


def _parted(pieces: Sequence[_Piece], gutters: Sequence[Span]) -> list[list[_Piece]]:
    parts: list[list[_Piece]] = [[] for _ in range(len(gutters) + 1)]
    for piece in pieces:
        parts[sum(piece.x0 >= gutter[1] - 0.01 for gutter in gutters)].append(piece)
    return [part for part in parts if part]


def _blocks(rows: list[_Row]) -> list[_Block]:
    """Runs of rows that share their gutters; neighbours without any are one block."""
    if len(rows) > _ROWS or len(rows) < 2:
        return [_Block(rows)] if rows else []
    size = median(row.size for row in rows)
    blocks: list[_Block] = []
    for band in _bands(rows, size):
        for block in _runs(band, size):
            last = blocks[-1] if blocks else None
            if last and _same_columns(last, block, size):
                last.rows += block.rows
                last.gutters = _gutters(last.rows, size)
            elif last and not last.gutters and not block.gutters:
                last.rows += block.rows
            else:
                blocks.append(block)
    return blocks


def _same_columns(above: _Block, below: _Block, size: float) -> bool:
    """Whether ``below`` goes on in the columns of ``above``: a gap ran across all of them, no headline."""
    if not above.gutters or (below.gutters and len(below.gutters) != len(above.gutters)):
        return False
    if not below.gutters and min(row.low for row in below.rows) > 1.2 * median(row.size for row in above.rows):
        return False
    return len(_gutters(above.rows + below.rows, size)) == len(above.gutters)


def _bands(rows: list[_Row], size: float) -> Iterator[list[_Row]]:
    """Rows between the white bands, or changes of size, that run across the whole region."""
    lows, low = [], float("inf")
    for row in rows:
        low = min(low, *(piece.y - 0.25 * piece.size for piece in row.pieces))
        lows.append(low)
    highs, high = [], float("-inf")
    for row in reversed(rows):
        high = max(high, *(piece.y + 0.75 * piece.size for piece in row.pieces))
        highs.append(high)
    highs.reverse()
    gaps = [lows[i] - highs[i + 1] for i in range(len(rows) - 1)]
    wide = max(0.9 * size, 1.8 * median(gaps)) if gaps else size
    start = 0
    for i, gap in enumerate(gaps):
        one, other = rows[i].low, rows[i + 1].low
        if gap >= wide or (gap >= 0 and max(one, other) >= 1.25 * min(one, other)):
            yield rows[start : i + 1]
            start = i + 1
    yield rows[start:]


def _runs(rows: list[_Row], size: float) -> Iterator[_Block]:
    """The rows of a band, parted into runs through which a gutter goes and single rows."""
    start = 0
    left, right = min(row.pieces[0].x0 for row in rows), max(piece.x1 for row in rows for piece in row.pieces)
    free = [_free(row, left, right, size) for row in rows]
    while start < len(rows):
        common, stop = free[start], start + 1
        while stop < len(rows) and (narrowed := _both(common, free[stop], _GUTTER * size)):
            common, stop = narrowed, stop + 1
        gutters = _gutters(rows[start:stop], size) if stop > start + 1 else []
        if gutters:
            yield _Block(rows[start:stop], gutters)
            start = stop
        else:
            yield _Block([rows[start]])
            start += 1


def _free(row: _Row, left: float, right: float, size: float) -> list[Span]:
    """The white of a row between the region's edges, wide enough for a gutter."""
    spans, at = [], left - size
    for piece in row.pieces:
        if piece.x0 - at >= _GUTTER * size:
            spans.append((at, piece.x0))
        at = max(at, piece.x1)
    return [*spans, (at, right + size)] if right + size - at >= _GUTTER * size else spans


def _both(some: Sequence[Span], others: Sequence[Span], least: float) -> list[Span]:
    met = ((max(a[0], b[0]), min(a[1], b[1])) for a in some for b in others)
    return [span for span in met if span[1] - span[0] >= least]


def _gutters(rows: Sequence[_Row], size: float) -> list[Span]:
    """The strips of white from top to bottom that part columns of text.

    A column has three rows, or fewer beside a wide gutter, and holds words: the marks of a list, or the
    figures of a table, are none. The tail of a text in the last column may be a word alone, if it begins
    as far from the column before as that from the one before it.
    """
    left, right = min(row.pieces[0].x0 for row in rows), max(piece.x1 for row in rows for piece in row.pieces)
    common = _free(rows[0], left, right, size)
    for row in rows[1:]:
        common = _both(common, _free(row, left, right, size), _GUTTER * size)
    inner = [span for span in common if span[0] > left and span[1] < right]
    while inner:
        parts: list[list[_Row]] = [[] for _ in range(len(inner) + 1)]
        for row in rows:
            for i, part in enumerate(parts):
                low = inner[i - 1][0] if i else left - size
                high = inner[i][1] if i < len(inner) else right + size
                held = [piece for piece in row.pieces if low <= piece.x0 and piece.x1 <= high]
                if held:
                    part.append(_Row(held, row.y, row.size))
        whole = [_is_column(part, inner, i, size) for i, part in enumerate(parts)]
        starts = [min((row.pieces[0].x0 for row in part), default=left) for part in parts]
        poor = [i for i in range(len(parts)) if not whole[i] and not _in_step(starts, whole, i, size)]
        if max(map(len, parts)) < _FEW:
            return []
        if not poor:
            return inner
        del inner[max(poor[0] - 1, 0)]
    return []


def _in_step(starts: Sequence[float], whole: Sequence[bool], index: int, size: float) -> bool:
    if index < 2 or index + 1 < len(starts) or not (whole[index - 1] and whole[index - 2]):
        return False
    return abs(starts[index] - 2 * starts[index - 1] + starts[index - 2]) < 0.6 * size


def _is_column(rows: Sequence[_Row], gutters: Sequence[Span], index: int, size: float) -> bool:
    beside = [gutter[1] - gutter[0] for gutter in gutters[max(index - 1, 0) : index + 1]]
    if len(rows) < (1 if min(beside) >= 2 * size else 2 if min(beside) >= 1.2 * size else _FEW):
        return False
    width = max(row.pieces[-1].x1 for row in rows) - min(row.pieces[0].x0 for row in rows)
    characters = [sum(len(piece.glyphs) for piece in row.pieces) for row in rows]
    return width >= 5 * size and sum(characters) >= 8 * len(rows)


def _lines(row: _Row, column: int, apart: float) -> Iterator[Line]:
    """The row as one line, or as several that stand far apart."""
    part: list[_Piece] = []
    for piece in row.pieces:
        if part and piece.x0 - max(p.x1 for p in part) > apart * row.size:
            yield from _line(part, column)
            part = []
        part.append(piece)
    yield from _line(part, column)


def _line(pieces: Sequence[_Piece], column: int) -> Iterator[Line]:
    text = _text([glyph for piece in pieces for glyph in piece.glyphs])
    if text:
        main = max(pieces, key=lambda piece: len(piece.glyphs))
        fonts = [glyph.font for glyph in main.glyphs]
        font = max(sorted(set(fonts)), key=fonts.count)
        x0, x1 = min(piece.x0 for piece in pieces), max(piece.x1 for piece in pieces)
        yield Line(text, x0, x1, main.y, main.size, font, x0, x1, column)


def _text(glyphs: Sequence[Glyph]) -> str:
    """The words of a line: spaces as written, and where the white is as wide as one.

    In a letter-spaced headline the white between letters is the same throughout, and a word space wider.
    A raised figure is set off, lest "24" with note 2 become 242.
    """
    gaps = [b.x0 - a.x1 for a, b in pairwise(glyphs) if a.text != " " and b.text != " "]
    size = median(glyph.size for glyph in glyphs)
    least = _SPACE * size
    letters = sum(glyph.text.isalpha() for glyph in glyphs)
    if len(gaps) >= 5 and letters >= 0.8 * sum(glyph.text != " " for glyph in glyphs):
        usual = median(gaps)
        if usual > 0.12 * size and sum(abs(gap - usual) < 0.1 * size for gap in gaps) >= 0.7 * len(gaps):
            least = usual + _SPACE * size
    text = ""
    for i, glyph in enumerate(glyphs):
        if i and (glyph.x0 - glyphs[i - 1].x1 > least or _is_note_mark(glyphs[i - 1], glyph)):
            text += " "
        text += glyph.text
    return " ".join(text.split())


def _is_note_mark(before: Glyph, glyph: Glyph) -> bool:
    return glyph.text.isdigit() and glyph.size < 0.85 * before.size and glyph.y > before.y + 0.15 * before.size
