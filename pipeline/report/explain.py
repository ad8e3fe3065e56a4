"""One entity in the terminal: what it is, why its names are one, what it was kept apart from, what is open.

What is said of forty articles in the same words is one line with their number and a few of the places.

One file because it is one page: its header, its sections, and how they are printed.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipeline.link.names import KINDS, fold, read
from pipeline.report import load
from pipeline.report.find import ID_COLUMNS, by_id, find_entity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from rich.console import Console

Row = dict[str, Any]

_EXAMPLES = 3
"""So many places are shown for one reason."""
_AROUND = 40
"""So many characters are shown on either side of a name."""

_TAKEN = re.compile(r"'(?P<left>.+)' is taken for '(?P<right>.+?)'(?P<where> in all articles| of another article)?: ")
_OPEN = re.compile(r"'.+' and '(?P<right>.+)' may or may not be")
_OTHERWISE = {
    "place": "both are names of the same place",
    "group": "singular and plural of one name",
    "organisation": "they differ in spelling or legal form only",
}
"""Why two forms of one key are one name, where more than capitals and accents lies between them."""
_SPOKEN: dict[str | None, str] = {
    "name": "by name",
    "pronoun": "by a pronoun",
    "nominal": "by what the speaker is",
    "title": "by title",
    "group": "as a group",
    "continued": "as the speaker of the quote before",
}


@dataclass
class Point:
    """One thing said, how it is known, the places that show it, and what stands below it."""

    words: str
    note: str = ""
    places: list[Row] = field(default_factory=list)
    below: list[Point] = field(default_factory=list)


@dataclass
class Explanation:
    """All that is said of an entity: lines of (heading, words), and sections of points."""

    header: list[tuple[str, str]]
    sections: list[tuple[str, list[Point]]]
    texts: dict[str, Row]
    """article_id -> its row, with clean_text, for every place of a point."""


def explain(outputs: Path, name: str) -> Explanation:
    """Gather what the tables say of the entity that ``name`` names.

    Args:
        outputs: the folder with the tables.
        name: a name, an entity_id, or the id of a mention, a quote or a link.

    Raises:
        UsageError: there are no tables, or ``name`` names no entity or several.
    """
    entity = find_entity(outputs, name)
    identifier, kind = entity["entity_id"], KINDS.get(entity["label"], "other")
    mentions = load(outputs, "mentions", where={"entity_id": [identifier]})
    quotes = load(outputs, "quotes", where={"speaker_entity_id": [identifier]})
    own = {row["mention_id"]: row for row in mentions} | {row["quote_id"]: _speaker(row) for row in quotes}
    ids = [identifier, *own]
    links = sorted(
        load(outputs, "links", where={"left_id": ids, "right_id": ids}),
        key=lambda link: (link["level"] != "across_articles", link["summary"], link["link_id"]),
    )
    inside, outside = list[Row](), list[Row]()
    for link in links:
        both = all(link[side] == identifier or link[side] in own for side in ("left_id", "right_id"))
        (inside if both else outside).append(link)
    names = [row for row in mentions if not row["describes_mention_id"]]
    described = [row for row in mentions if row["describes_mention_id"]]
    together = _forms(entity, kind, names, own, [link for link in inside if link["judgement"] == "positive"])
    others = _Others(outputs, outside, ids)
    apart = [link for link in outside if link["judgement"] == "negative"]
    unsure = [link for link in outside if link["judgement"] == "unsure"]
    settled = [link for link in inside if link["judgement"] != "positive"]
    open_points = _points(unsure, own, others)
    for point in _points(settled, own, others):
        point.words += " Other signs join them all the same."
        open_points.append(point)
    sections = [
        ("why these names are one" if any(point.below for point in together) else "where it is named", together),
        ("called", _called(described)),
        ("quoted without a name", _unnamed(quotes)),
        ("kept apart from", _points(apart, own, others)),
        ("not sure", open_points),
    ]
    wanted = {place["article_id"] for _, points in sections for point in _all(points) for place in point.places}
    texts = load(
        outputs, "articles", ["article_id", "paths", "outlet", "published", "clean_text"], {"article_id": wanted}
    )
    asked = by_id(outputs, name) if name[:2] in ID_COLUMNS else None
    header = list(_header(entity, kind, quotes, asked))
    return Explanation(header, [part for part in sections if part[1]], {row["article_id"]: row for row in texts})


def _speaker(quote: Row) -> Row:
    """The row of a quote as that of the words that name its speaker."""
    return quote | {
        "start": quote["speaker_start"],
        "end": quote["speaker_end"],
        "name": quote["speaker"],
        "text": quote["speaker"],
        "link_basis": quote["speaker_basis"],
        "rule": quote["speaker_rule"],
        "confidence": quote["speaker_confidence"],
    }


def _called(described: list[Row]) -> list[Point]:
    """One point for all words beside its name that say who or what it is."""
    told = _counted(row["text"] for row in described)
    return [Point(told, "", _one_per_article(described))] if told else []


def _counted(forms: Iterable[str]) -> str:
    """Forms with how often each occurs, the most frequent first."""
    ordered = sorted(Counter(forms).items(), key=lambda one: (-one[1], one[0]))
    return ", ".join(f"'{form}' {_times(n)}" for form, n in ordered)


def _unnamed(quotes: list[Row]) -> list[Point]:
    """One point per way in which words other than a name stand for the speaker: "she", "the minister"."""
    ways: dict[str, list[Row]] = defaultdict(list)
    for quote in quotes:
        if quote["speaker_basis"] not in ("name", "continued") and quote["speaker_start"] is not None:
            ways[_SPOKEN.get(quote["speaker_basis"], f"by {quote['speaker_basis']}")].append(_speaker(quote))
    points = []
    for way, rows in sorted(ways.items(), key=lambda one: (-len(one[1]), one[0])):
        told = _counted(row["name"] for row in rows)
        rules = sorted({f"{row['rule']}, {row['confidence']}" for row in rows if row["rule"]})
        points.append(Point(f"{way[0].upper()}{way[1:]}: {told}.", "; ".join(rules), _one_per_article(rows)))
    return points


def _header(entity: Row, kind: str, quotes: list[Row], asked: Row | None) -> Iterator[tuple[str, str]]:
    """What is said above the reasons, as pairs of name and words."""
    if asked and (words := asked.get("summary") or asked["text"]):
        yield "asked for", words if "summary" in asked else f"“{words}”"
    yield "name", entity["name"]
    yield "kind", f"{kind} ({entity['label']})"
    yield "entity", entity["entity_id"]
    days = [str(day) for day in (entity["first_published"], entity["last_published"]) if day]
    outlets = f" of {_count(entity['n_outlets'], 'known outlet')}" if entity["n_outlets"] else ""
    when = f", {' to '.join(dict.fromkeys(days))}" if days else ""
    named = f"{_count(entity['n_mentions'], 'mention')} in {_count(entity['n_articles'], 'article')}"
    yield "named", named + outlets + when
    if quotes:
        ways = Counter(_SPOKEN.get(quote["speaker_basis"], f"by {quote['speaker_basis']}") for quote in quotes)
        order = sorted(ways, key=lambda way: (-ways[way], way))
        told = f", {order[0]}" if len(order) == 1 else ": " + ", ".join(f"{ways[way]} {way}" for way in order)
        yield "quoted", _times(len(quotes)) + told
    if entity["confirmed"]:
        yield "certainty", "confirmed by a correction"
    elif entity["n_mentions"] > 1:
        yield "certainty", f"{entity['weakest_link']} (that of the weakest reason below)"
    for i, doubt in enumerate((entity["review_reason"] or "").split("; ")):
        if doubt:
            yield "" if i else "look at", doubt
    if entity["kb_reason"]:
        yield "record", f"{entity['kb_id'] or 'none'}: {entity['kb_reason']}"


def _forms(entity: Row, kind: str, mentions: list[Row], own: dict[str, Row], links: list[Row]) -> list[Point]:
    """One point per written form, the main one first, then by frequency; below it the reasons."""

    def key(surface: str) -> str:
        found = read(surface, kind)
        return found.key if found else surface

    forms: dict[str, list[Row]] = defaultdict(list)
    for mention in mentions:
        forms[key(mention["name"] or mention["text"])].append(mention)
    main = key(entity["name"])
    reasons: dict[str, list[Row]] = defaultdict(list)
    for link in links:
        if link["rule"] != "exact" and link["left_id"] in own:
            row, taken = own[link["left_id"]], _TAKEN.match(link["summary"])
            at = key(row["name"] or row["text"]) if link["left_id"][0] == "m" else row["text"]
            if at == main and taken:  # told at the other of the two names
                at = next((k for k in (key(taken["right"]), key(taken["left"])) if k != main and k in forms), main)
            reasons[at].append(link)
    order = sorted(forms, key=lambda k: (k != main, -len(forms[k]), k))
    points = []
    for form in [*order, *sorted(reasons.keys() - forms.keys())]:
        rows = forms.get(form) or [own[link["left_id"]] for link in reasons[form]]
        point = Point(_written(rows, kind), below=_reasons(reasons[form], rows, own, entity))
        point.note = "" if point.below else _note(rows)
        point.places = [] if any(p.places for p in point.below) else _one_per_article(rows)
        points.append(point)
    return points


def _written(rows: list[Row], kind: str) -> str:
    """A written form with how often it occurs, and why forms that differ a little are one."""
    surfaces = Counter(row["name"] or row["text"] for row in rows)
    words = _counted(surfaces.elements())
    if len(rows) > 1:
        words += f", in {_count(len({row['article_id'] for row in rows}), 'article')}"
    if len({fold(surface) for surface in surfaces}) > 1 and kind in _OTHERWISE:
        words += f"; {_OTHERWISE[kind]}"
    return words


def _reasons(links: list[Row], rows: list[Row], own: dict[str, Row], entity: Row) -> list[Point]:
    """The reasons of one form, whose ``rows`` are given; links that say the same are one point."""
    same: dict[tuple[str, str], list[Row]] = defaultdict(list)
    names, ids = {row["name"] or row["text"] for row in rows}, {id(row) for row in rows}
    for link in links:
        taken = _TAKEN.match(link["summary"])
        if link["rule"] == "same_name":
            all_of = "Both" if entity["n_articles"] == 2 else f"All {entity['n_articles']}"
            words = f"{all_of} articles are taken to mean one {_kind(link)}: "
            words += f"{'; '.join(link['reasons'][1:])}."
        elif taken:
            other = taken["right"] if taken["left"] in names else taken["left"]
            words = f"Taken for '{other}'{taken['where'] or ''}: {'; '.join(link['reasons'])}."
        else:
            words = link["summary"]
        same[words, link["confidence"]].append(link)
    points = []
    for (words, confidence), told in same.items():
        linked = [own[link["left_id"]] for link in told]
        across = any(link["level"] == "across_articles" for link in told)
        shown = rows if across or not ids & {id(row) for row in linked} else linked
        number = f" So in {len(told)} articles." if len(told) > 1 else ""
        points.append(Point(words + number, _note(shown, confidence), _one_per_article(shown)))
    return points


def _kind(link: Row) -> str:
    found = re.search(r"is taken for one (\w+): ", link["summary"])
    return found[1] if found else "thing"


def _note(rows: list[Row], *more: str) -> str:
    """How ``rows`` came to the entity, in the words of link_basis, and how sure that is."""
    bases = sorted({row["link_basis"] for row in rows} - {"none", "exact", None})
    return ", ".join([*bases, *more])


class _Others:
    """What stands on the other side of links: ``entity`` and ``rows`` by the id that the link has for it."""

    def __init__(self, outputs: Path, links: list[Row], ids: Iterable[str]) -> None:
        there = {link[side] for link in links for side in ("left_id", "right_id")} - set(ids)
        mentions = load(outputs, "mentions", where={"mention_id": there, "entity_id": there}) if there else []
        of_mention = {row["mention_id"]: row for row in mentions}
        self.rows: dict[str, list[Row]] = {i: [of_mention[i]] for i in there if i in of_mention}
        for row in mentions:
            if row["entity_id"] in there:
                self.rows.setdefault(row["entity_id"], []).append(row)
        wanted = {row["entity_id"] for row in mentions}
        entities = load(outputs, "entities", where={"entity_id": wanted}) if wanted else []
        by_entity = {row["entity_id"]: row for row in entities}
        self.entity = {i: by_entity[rows[0]["entity_id"]] for i, rows in self.rows.items()}
        lefts = {link["left_id"] for link in links if link["level"] == "within_article"}
        self.fitting: dict[str, list[str]] = defaultdict(list)
        """left_id -> the names it may stand for, where these are several."""
        for link in load(outputs, "links", where={"left_id": lefts}) if lefts else []:
            if link["judgement"] == "unsure" and (found := _OPEN.match(link["summary"])):
                self.fitting[link["left_id"]].append(found["right"])


def _points(links: list[Row], own: dict[str, Row], others: _Others) -> list[Point]:
    """Links that say the same as one point, with the places and the entities on the other side."""
    same: dict[str, list[Row]] = defaultdict(list)
    for link in links:
        words, fitting = link["summary"], sorted(set(others.fitting.get(link["left_id"], ())))
        if len(fitting) > 1:
            words += f" It could be {' or '.join(repr(name) for name in fitting)}."
        same[words].append(link)
    points = []
    for words, told in same.items():
        sides = [link[side] for link in told for side in ("left_id", "right_id")]
        there = {others.entity[i]["entity_id"]: others.entity[i]["name"] for i in sides if i in others.entity}
        number = f" So in {len(told)} articles." if len(told) > 1 else ""
        named = [f"{name} {identifier}" for identifier, name in sorted(there.items())]
        more = [f"and {len(named) - _EXAMPLES} more"] if len(named) > _EXAMPLES else []
        places = _one_per_article([row for i in sides for row in others.rows.get(i, ())])
        places = places or _one_per_article([own[i] for i in sides if i in own])
        points.append(Point(words + number, ", ".join([*named[:_EXAMPLES], *more]), places))
    return points


def _one_per_article(rows: list[Row]) -> list[Row]:
    """The first of ``rows`` in each of the first articles; words that stand nowhere are left out."""
    first: dict[str, Row] = {}
    for row in sorted((r for r in rows if r["start"] is not None), key=lambda r: (r["article_id"], r["start"])):
        first.setdefault(row["article_id"], row)
    return list(first.values())[:_EXAMPLES]


def _all(points: list[Point]) -> Iterator[Point]:
    for point in points:
        yield point
        yield from _all(point.below)


def _count(n: int, what: str) -> str:
    return f"{n} {what}{'' if n == 1 else 's'}"


def _times(n: int) -> str:
    return "once" if n == 1 else f"{n} times"


def context(text: str, start: int, end: int) -> tuple[str, str, str]:
    """A few whole words before ``text[start:end]``, these words, and a few behind, from the same paragraph."""
    before = text[max(0, start - _AROUND) : start].rpartition("\n")[2]
    if len(before) == _AROUND:
        before = "…" + before.partition(" ")[2]
    behind = text[end : end + _AROUND].partition("\n")[0]
    if len(behind) == _AROUND and end + _AROUND < len(text):
        behind = behind.rpartition(" ")[0] + "…"
    return before, text[start:end], behind


def print_entity(outputs: Path, name: str, console: Console) -> None:
    """Print :func:`explain`: the header, then each section with its points; without colours names stand in ⟨…⟩.

    Raises:
        UsageError: as :func:`explain`.
    """
    from rich.padding import Padding
    from rich.text import Text

    told, plain = explain(outputs, name), console.color_system is None
    opening, closing = ("⟨", "⟩") if plain else ("", "")

    def say(words: Text, indent: int = 0) -> None:
        if plain:
            console.print(Text(" " * indent).append(words), soft_wrap=True, highlight=False)
        else:
            console.print(Padding(words, (0, 0, 0, indent)), highlight=False)

    def say_point(point: Point, indent: int) -> None:
        style = "" if indent > 2 or not point.below else "bold"
        say(Text.assemble((point.words, style), (f" ({point.note})" if point.note else "", "dim")), indent)
        for place in point.places:
            article = told.texts[place["article_id"]]
            where = ", ".join(
                str(part) for part in (article["outlet"] or article["paths"][0], article["published"]) if part
            )
            before, words, behind = context(article["clean_text"], place["start"], place["end"])
            marked = (f"{opening}{words}{closing}", "bold cyan")
            say(Text.assemble((f"{where}: ", "dim"), before, marked, behind), indent + 2)
        for below in point.below:
            say_point(below, indent + 2)

    for key, value in told.header:
        say(Text.assemble((f"{key:<10}", "bold"), value))
    for heading, points in told.sections:
        console.print()
        say(Text(heading, "bold"))
        for point in points:
            say_point(point, 2)
