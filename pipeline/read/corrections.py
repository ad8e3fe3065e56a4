"""A person's decisions, ``corrections.csv`` in the corpus folder -> table ``corrections``; never written by us.

The file is read as spreadsheets save it: any encoding, comma, semicolon or tab, unknown columns left out, rows
without a decision left out. What it says is taken strictly: a row that names no decision, or lacks or misspells
what its decision needs, is an issue that names the line and the fix, and the other rows go on.

A decision is anchored by quoted words. Case, white space, quotation marks and dashes of the quotation need not
be those of the text: spreadsheets change them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.errors import ReadError
from pipeline.offsets import normalise
from pipeline.read.decode import decode
from pipeline.read.formats import bounded, read_table
from pipeline.schema import MENTION_LABELS, conform

if TYPE_CHECKING:
    import pyarrow as pa

    from pipeline.settings import ReadSettings

FILE = "corrections.csv"
COLUMNS = ("decision", "article", "text", "context", "value", "other_article", "other_text", "note")

NEEDS: Mapping[str, tuple[str, ...]] = {
    "merge": ("text", "other_text"),
    "keep_apart": ("text", "other_text"),
    "rename": ("text", "value"),
    "alias": ("text", "other_text"),
    "not_a_name": ("text",),
    "relabel": ("text", "value"),
    "publication_date": ("article", "value"),
    "speaker": ("text", "value"),
    "value": ("article", "text", "value"),
}
"""Every decision, and the columns that it cannot do without."""
IDENTITY = frozenset({"merge", "keep_apart", "rename", "alias"})
"""Decisions on who is who; the others are on the rows of single articles."""

_STATES = ("applied", "already_true", "waiting", "obsolete", "ambiguous", "conflicting")
"""What can become of a decision."""
_CODE = "correction_"

_QUOTES, _DASHES = "\"'`´‘’‚‛“”„‟«»‹›", "-‐‑‒–—―−"  # noqa: RUF100
_MARKS = str.maketrans(dict.fromkeys(_QUOTES, '"') | dict.fromkeys(_DASHES, "-") | {"…": "..."})
_PART = re.compile(r'(?P<quote>"+)|(?P<dash>-+)|(?P<dots>\.{3})|.')
_WRITTEN = {"quote": f"[{_QUOTES}]{{1,2}}", "dash": f"[{_DASHES}]{{1,2}}", "dots": r"(?:…|\.\.\.)"}

_DATE = re.compile(r"(\d{4})(?:-(\d\d?)(?:-(\d\d?))?)?(?:[T ]00:00(?::00)?)?$")
_NUMBERS = re.compile(r"(\d\d?)([/.-])(\d\d?)\2(\d{4})$")
_AMOUNT = r"(\d+(?:[,\" ]\d{3})*(?:\.\d+)?)"
_VALUE = re.compile(
    rf"(?P<sign>[<>]=?|~)?\s*{_AMOUNT}$|{_AMOUNT}\s*(?:-|to)\s*{_AMOUNT}$|(?P<none>none)$", re.IGNORECASE
)
_SIGNS = {">=": "at_least", ">": "more_than", "<=": "up_to", "<": "less_than", "~": "about"}


class Given(NamedTuple):
    """What the file says: rows of table ``corrections``, and rows of ``issues`` for what could not be understood."""

    rows: list[dict[str, Any]]
    issues: list[dict[str, Any]]


def read_corrections(corpus: Path, settings: ReadSettings) -> Given:
    """The decisions in the folder ``corpus``; none where it is a single file, or holds no ``corrections.csv``."""
    path, given = corpus / FILE, Given([], [])
    if not path.is_file():
        return given
    try:
        columns, rows = read_table(decode(bounded(path, FILE, settings), FILE).text, FILE)
        columns[:] = [re.sub(r"[\s-]+", "_", name) for name in columns]
        if "decision" not in columns:
            message = (
                f"there is no column `decision` (columns: {', '.join(columns)}); the header is {','.join(COLUMNS)}"
            )
            given.issues.append(_bad(1, message))
            return given
        for line, row in rows:
            if isinstance(row, ReadError):
                given.issues.append(_bad(line, str(row).partition(": ")[2]))
                continue
            first = line - sum(cell.count("\n") for cell in row.values())
            try:
                if understood := _understood({k: v.strip() for k, v in row.items() if v.strip()}):
                    given.rows.append({"line": first, **understood})
            except ValueError as error:
                given.issues.append(_bad(first, str(error)))
    except (ReadError, OSError) as error:
        given.issues.append(_bad(1, str(error)))
    return given


def _bad(line: int, message: str) -> dict[str, Any]:
    return {
        "path": f"{FILE}:{line}",
        "stage": "corrections",
        "severity": "error",
        "code": "bad_correction",
        "message": f"{FILE}:{line}: {message}",
    }


def _understood(row: dict[str, str]) -> dict[str, str] | None:
    """A row of the file in the terms of the table; None where it decides nothing.

    Raises:
        ValueError: it does not say what its decision needs.
    """
    told = {name: normalise(row[name]).text for name in COLUMNS if name in row}
    if "decision" not in told:
        return None
    decision = told["decision"] = re.sub(r"[\s_-]+", "_", told["decision"].lower())
    if decision not in NEEDS:
        raise ValueError(f"{row['decision']!r} is no decision; known are {', '.join(NEEDS)}")
    for name in ("article", "other_article"):
        if name in told:
            told[name] = told[name].replace("\\", "/").removeprefix("./")
    if decision == "alias" and "value" in told:
        told.setdefault("other_text", told.pop("value"))
    if missing := [name for name in NEEDS[decision] if not told.get(name)]:
        raise ValueError(f"{decision} needs {' and '.join(missing)}; fill the column")
    if empty := [name for name in ("text", "other_text") if name in told and not any(map(str.isalnum, told[name]))]:
        raise ValueError(f"{empty[0]} has no letter or digit; quote words as the article has them")
    if "context" in told and "text" in told and not pattern(told["text"]).search(told["context"]):
        raise ValueError(f"the context does not hold the text {told['text']!r}; quote a stretch that does")
    if decision == "keep_apart" and _side(told, "") == _side(told, "other_") and "context" not in told:
        raise ValueError("both sides are the same words; name the article or the context of the one, or of both")
    if decision == "relabel":
        label = re.sub(r"[\s-]+", "_", told["value"].upper())
        if label not in MENTION_LABELS:
            raise ValueError(f"{told['value']!r} is no label; known are {', '.join(MENTION_LABELS)}")
        told["value"] = label
    elif decision == "publication_date":
        told["value"] = _date(told["value"])
    elif decision == "value":
        number_of(told["value"])
    return told


def _side(told: Mapping[str, str], which: str) -> tuple[str, str]:
    return told.get(f"{which}article", ""), folded(told.get(f"{which}text", ""))


def _date(given: str) -> str:
    """A day, month or year in ISO form; numbers in another order only where one order is possible.

    Raises:
        ValueError: it is none.
    """
    fix = "give it as YYYY-MM-DD, YYYY-MM or YYYY"
    if match := _NUMBERS.match(given):
        a, b, year = int(match[1]), int(match[3]), int(match[4])
        days = {day for month, day_ in ((a, b), (b, a)) if (day := _day(year, month, day_))}
        if len(days) == 1:
            return days.pop().isoformat()
        if days:
            raise ValueError(f"the date {given!r} can be read with either number as the day; {fix}")
    match = _DATE.match(given)
    if not match or not _day(int(match[1]), int(match[2] or 1), int(match[3] or 1)):
        raise ValueError(f"{given!r} is no date; {fix}")
    return "-".join([match[1], *(f"{int(part):02}" for part in match.groups()[1:] if part)])


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day) if year >= 1600 else None  # newspapers begin in 1605
    except ValueError:
        return None


def number_of(given: str) -> dict[str, Any]:
    """The columns of ``quantities`` that a value sets: 24, 20-30 (both included), >= 20, > 20, <= 20, < 20, ~20, none.

    Raises:
        ValueError: it is none of these.
    """
    match = _VALUE.match(given.translate(_MARKS).replace("≥", ">=").replace("≤", "<="))
    if match is None:
        raise ValueError(f"{given!r} is no value; give 24, 20-30, >= 20, > 20, <= 20, < 20, ~20 or none")
    names = ("value", "low", "high", "low_inclusive", "high_inclusive", "approximator")
    if match["none"]:
        return dict.fromkeys(names)
    one, first, second = (_amount(match[i]) for i in (2, 3, 4))
    if one is None:
        if first is None or second is None or first > second:
            raise ValueError(f"{given!r} is no range: its first number is the larger; give the smaller one first")
        return dict(zip(names, (None, first, second, True, True, "between"), strict=True))
    name = _SIGNS.get(match["sign"] or "", "exact")
    low = one if name in ("exact", "at_least", "more_than") else 0.0 if name in ("up_to", "less_than") else None
    high = one if name in ("exact", "up_to", "less_than") else None
    inclusive = None if low is None else name != "more_than", None if high is None else name != "less_than"
    return dict(zip(names, (one, low, high, *inclusive, name), strict=True))


def _amount(digits: str | None) -> float | None:
    return float(re.sub(r"[, \"]", "", digits)) if digits else None


# --- anchors -------------------------------------------------------------------------------------------------
def folded(text: str) -> str:
    """``text`` as anchors compare whole names: no case, one kind of quotation mark and of dash, single spaces."""
    return " ".join(text.translate(_MARKS).casefold().split())


def pattern(words: str) -> re.Pattern[str]:
    """Finds ``words`` in a text as a quotation: whole words, whatever the case, white space, marks and dashes."""
    plain = " ".join(words.translate(_MARKS).split())
    parts = (
        (_WRITTEN.get(m.lastgroup or "") or re.escape(m[0]) for m in _PART.finditer(word)) for word in plain.split()
    )
    body = r"\s+".join(map("".join, parts))
    before, after = (r"(?<!\w)" if plain[:1].isalnum() else ""), (r"(?!\w)" if plain[-1:].isalnum() else "")
    return re.compile(f"{before}{body}{after}", re.IGNORECASE)


def spans(words: str, text: str, context: str | None = None) -> list[tuple[int, int]]:
    """Where ``words`` stand in ``text``; with ``context``, only inside that longer quotation."""
    inside = [m.span() for m in pattern(context).finditer(text)] if context else [(0, len(text))]
    found = (m.span() for m in pattern(words).finditer(text))
    return [(start, end) for start, end in found if any(a <= start and end <= b for a, b in inside)]


def placed(paths: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
    """What a decision may call an article, its id or a place that holds it -> the ids of the articles so called."""
    found: dict[str, set[str]] = {}
    for article, places in paths.items():
        for name in (article, *places):
            found.setdefault(name, set()).add(article)
    return found


def assigned(
    rows: Iterable[Mapping[str, Any]], places: Mapping[str, Iterable[str]], texts: Mapping[str, str]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """(article_id, decision) for every decision on an article's own rows and every article that it may concern.

    One that names an article, as in ``places``, concerns it; one that names none concerns the articles among ``texts`` (article_id -> text) that hold its words.
    """
    for row in rows:
        if row["decision"] in IDENTITY:
            continue
        if row.get("article"):
            concerned = sorted(places.get(row["article"], ()))
        else:
            find = pattern(row["text"])
            concerned = sorted(article for article, text in texts.items() if find.search(text))
        for article in concerned:
            yield article, row


def outcome(row: Mapping[str, Any], state: str, message: str) -> dict[str, Any]:
    """The row of ``issues`` that tells what became of a decision: info, or a warning where it moved nothing it meant."""
    assert state in _STATES
    place = f"{FILE}:{row['line']}"
    return {
        "path": place,
        "stage": "corrections",
        "severity": "info" if state in ("applied", "already_true", "waiting") else "warning",
        "code": _CODE + state,
        "message": f"{place}: {row['decision']} {told(row)}: {message}",
        "text": row["text"],
    }


def not_yet_obsolete(issues: pa.Table) -> pa.Table:
    """``issues`` of a run that left articles for the next: what no article has yet, one of those may have."""
    import pyarrow as pa
    import pyarrow.compute as pc

    lost = pc.equal(issues["code"], f"{_CODE}obsolete")
    rows = issues.filter(lost).to_pylist()
    for row in rows:
        said = row["message"].rpartition("; ")[0] or row["message"]
        row |= {"code": f"{_CODE}waiting", "severity": "info", "message": f"{said}; articles wait for the next run"}
    return pa.concat_tables([issues.filter(pc.invert(lost)), conform("issues", rows)])


def told(row: Mapping[str, Any]) -> str:
    """A decision in words: 'Bell' (a.txt) = 'Anna Bell'."""
    left = f"'{row['text']}'" if row.get("text") else ""
    parts = [left, f"({row['article']})" if row.get("article") else ""]
    if row.get("other_text"):
        parts += [f"/ '{row['other_text']}'", f"({row['other_article']})" if row.get("other_article") else ""]
    elif row.get("value"):
        parts.append(f"-> '{row['value']}'")
    return " ".join(filter(None, parts))


def state_of(code: str) -> str | None:
    """The state in the code of an issue that :func:`outcome` made; None for other codes."""
    state = code.removeprefix(_CODE)
    return state if code.startswith(_CODE) and state in _STATES else None
