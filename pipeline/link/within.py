"""Within one article: which names stand for the same thing.

The unit is the distinct name, not the mention. Every short name looks for the fuller names it can
stand for; it joins only if exactly one is left. With two or more it stays apart, marked unsure, and
is an entity of its article alone. All members of a group hang on its fullest name, never on each other.

One file because the rules see each other's work: they run in the order in which they stand here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pipeline.link.adjectives import of_country, of_place, place_stems, without_country
from pipeline.link.likeness import body_words, firm_of
from pipeline.link.names import (
    Name,
    acronym_stop,
    fold,
    gender,
    head,
    initials,
    is_state,
    letters_fit,
    near,
    offices,
    one_of,
    own_acronym,
    read,
    shortens,
    words,
)
from pipeline.link.spelling import spell, word_likeness

if TYPE_CHECKING:
    from pipeline.settings import LinkSettings

SCORES = {"high": 1.0, "medium": 0.75, "low": 0.5}
"""The score of a positive judgement by its confidence; unsure is 0.5 and negative 0. Ranks, not probabilities."""

_BRACKETS = re.compile(
    r"[\"”’']?\s?\(\s?(?:the |or |or the |known as |known as the )?[\"“‘']?([A-Z][\w.&-]{1,11})[\"”’']?\s?[),;]"
)
_OWNED = re.compile(r"['’]s?\s$")
_NAMED = frozenset({"organisation", "place", "event", "law", "product", "work"})
_MOST_CANDIDATES = 4


NodeKey = tuple[str, str]
"""Kind and key of a name: what groups of several articles have in common."""


class Mention(NamedTuple):
    """One row of mentions, as far as linking reads it; ``row`` is its position in the table."""

    row: int
    mention_id: str
    end: int
    label: str
    name: Name
    title: str | None = None
    role: str | None = None


@dataclass(slots=True, eq=False)
class Unit:
    """One distinct name in one article, with its mentions in text order."""

    name: Name
    mentions: list[Mention]
    gender: str = ""
    words: int = 0
    host: Unit | None = None
    basis: str = "exact"
    confidence: str = "high"
    local: bool = False
    by_gender: bool = False
    doubtful: bool = False
    notes: list[str] = field(default_factory=list)

    @property
    def root(self) -> Unit:
        """The fullest name that this one stands for; itself if there is none."""
        return self.host.root if self.host else self

    @property
    def kind(self) -> str:
        """The kind of thing, as ``names.KINDS`` calls it."""
        return self.name.kind

    @property
    def first(self) -> str:
        """The id of the first mention: what stands for the name in links."""
        return self.mentions[0].mention_id

    @property
    def surface(self) -> str:
        """The name as first written."""
        return self.mentions[0].name.surface


@dataclass(frozen=True, slots=True)
class Link:
    """One row of links; ids are mentions within an article, and a mention or entities across articles."""

    left: str
    right: str
    level: str
    judgement: str
    rule: str
    reasons: tuple[str, ...]
    summary: str
    confidence: str = "high"
    blocked_by: str | None = None
    decided_by: str = "rule"

    @property
    def score(self) -> float:
        """``SCORES`` of a positive judgement, 0.5 when unsure, 0 when negative."""
        return SCORES[self.confidence] if self.judgement == "positive" else 0.5 * (self.judgement == "unsure")


@dataclass(slots=True, eq=False)
class Group:
    """One thing as one article names it: its fullest name, and the names that stand for it."""

    article_id: str
    root: Unit
    units: list[Unit]

    @property
    def node(self) -> NodeKey:
        """Kind and key of the fullest name."""
        return self.root.kind, self.root.name.key

    @property
    def local(self) -> bool:
        """Whether nothing outside the article may join it."""
        return self.root.local or not self.root.name.travels or (self.root.kind == "person" and self.root.words < 2)


def link_article(
    article_id: str, text: str, mentions: Sequence[Mention], settings: LinkSettings
) -> tuple[list[Group], list[Link]]:
    """Group the mentions of one article.

    Args:
        article_id: The article.
        text: Its clean text, read for acronyms in brackets after a name.
        mentions: Its mentions in text order.
        settings: Which rules to use.

    Returns:
        The groups, in order of their first mention, and the links that were judged.
    """
    links: list[Link] = []
    units = _units(_with_places_of_adjectives(mentions, text), links)
    _adjectives(units, links)
    if settings.acronyms:
        _introduced(units, text, links)
        _initials(units, links)
    if settings.surnames:
        units += _short_persons([u for u in units if u.kind == "person"], text, links)
        units = [u for u in units if u.mentions]
    _without_country([u for u in units if u.kind == "organisation" and not u.host], links)
    _head_words([u for u in units if u.kind == "organisation" and not u.host], links)
    _fuller_forms(units, links)
    _firms_taken_for_persons(units, links)
    for unit in units:
        if unit.kind == "organisation" and not unit.host and not unit.name.travels and len(unit.name.tokens) > 1:
            unit.notes.append("other countries have a body of this name, so it is kept to its article")
    groups: dict[int, Group] = {}
    for unit in units:
        root = unit.root
        groups.setdefault(id(root), Group(article_id, root, [])).units.append(unit)
        if len(unit.mentions) > 1:
            times, forms = len(unit.mentions), list(dict.fromkeys(f"'{m.name.surface}'" for m in unit.mentions))
            written = f"is written {times} times in the article and means the same each time"
            several = f"are read as one name, {times} times in the article"
            summary = f"{' and '.join(forms)} {several if len(forms) > 1 else written}."
            links.append(
                Link(
                    unit.first,
                    unit.mentions[1].mention_id,
                    "within_article",
                    "positive",
                    "exact",
                    ("same name",),
                    summary,
                )
            )
    return list(groups.values()), links


def _with_places_of_adjectives(mentions: Sequence[Mention], text: str) -> list[Mention]:
    """``mentions`` with the adjective of a place ("Russian officials") as a name of the place.

    And with the country in the name of a body that every country has ("Orlen's Interior Ministry").
    """
    towns = [m.name for m in mentions if m.label in ("GPE", "LOC") and len(m.name.tokens) == 1]
    stems = place_stems(towns) if any(m.label == "NORP" for m in mentions) else {}
    owners = {m.end: m.name for m in mentions if m.label == "GPE"}
    read_again = []
    for mention in mentions:
        if mention.label == "ORG" and " " in mention.name.plain and is_state(mention.name.plain):
            state = read(mention.name.surface, "place")
            read_again.append(mention._replace(name=state, label="GPE") if state else mention)
            continue
        if mention.label == "ORG" and not mention.name.travels and len(mention.name.tokens) > 1:
            before = _OWNED.search(
                text, max(0, mention.end - len(mention.name.surface) - 4), mention.end - len(mention.name.surface)
            )
            owner = owners.get(before.start()) if before else None
            read_again.append(mention._replace(name=of_country(mention.name, owner)) if owner else mention)
            continue
        found = of_place(mention.name, text, mention.end, stems) if mention.label == "NORP" else None
        read_again.append(mention._replace(name=found[0], label=found[1]) if found else mention)
    return read_again


def _adjectives(units: list[Unit], links: list[Link]) -> None:
    """One row for every place that is named and has its adjective in the article."""
    for unit in units:
        adjective = next((m for m in unit.mentions if m.name.adjective_of), None)
        named = next((m for m in unit.mentions if not m.name.adjective_of), None)
        if adjective and named:
            reason = "the adjective of the place"
            summary = f"'{adjective.name.surface}' is taken for '{named.name.surface}': {reason}."
            links.append(
                Link(
                    adjective.mention_id,
                    named.mention_id,
                    "within_article",
                    "positive",
                    "adjective",
                    (reason,),
                    summary,
                )
            )


def _units(mentions: Sequence[Mention], links: list[Link]) -> list[Unit]:
    """Mentions by kind and key; a person's bare name also by the gender of its titles, where both occur."""
    by_name: dict[tuple[str, str], list[Mention]] = defaultdict(list)
    for mention in mentions:
        by_name[mention.name.kind, mention.name.key].append(mention)
    units = []
    for (kind, _), same in by_name.items():
        weight = min(m.name.words for m in same)
        name = next((m.name for m in same if not m.name.adjective_of), same[0].name)
        genders = {g for m in same if (g := gender(m.title))} if kind == "person" else set()
        if len(genders) < 2:
            units.append(Unit(name, same, genders.pop() if genders else "", weight))
        elif weight > 1:
            units.append(Unit(same[0].name, same, "", weight, notes=["titles of both genders stand before the name"]))
        else:
            parts = {g: [m for m in same if gender(m.title) == g] for g in ("m", "f", "")}
            split = [Unit(ms[0].name, ms, g, weight, local=True, by_gender=True) for g, ms in parts.items() if ms]
            links.append(
                _apart(split[0], split[1], "negative", "gender", "their titles differ in gender", "cannot_link")
            )
            units += split
    return _without_label_noise(units, links)


def _without_label_noise(units: list[Unit], links: list[Link]) -> list[Unit]:
    """One kind for a string that got several labels in one article, where the odd label is plainly noise.

    Plainly noise: the string has several words and another label has more mentions; or it is one word,
    another label has three times as many mentions, and no fuller name of the odd label's kind in the
    article holds the word. A people and a place of one name are two things and stay apart.
    """
    by_key: dict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        by_key[unit.name.plain].append(unit)
    if len(by_key) == len(units):
        return units
    dropped: set[int] = set()
    for same in by_key.values():
        if len({u.kind for u in same}) < 2:
            continue
        same.sort(key=lambda u: (-len(u.mentions), u.kind))
        main = same[0]
        for odd in same[1:]:
            if odd.kind == main.kind:
                continue
            few, many, one_word = len(odd.mentions), len(main.mentions), " " not in odd.name.plain
            held = one_word and any(
                u.kind == odd.kind and len(u.name.tokens) > 1 and odd.name.plain in u.name.plain.split() for u in units
            )
            if {odd.kind, main.kind} != {"group", "place"} and not held and many >= (3 * few if one_word else few + 1):
                summary = (
                    f"'{odd.surface}' is {odd.kind} by the label of {few} of its {few + many} mentions in the article "
                    f"and {main.kind} by the others; the rarer label is taken for a slip."
                )
                links.append(
                    Link(
                        odd.first,
                        main.first,
                        "within_article",
                        "positive",
                        "label_noise",
                        ("same name", f"{many} to {few} for {main.kind}"),
                        summary,
                        "medium",
                    )
                )
                main.mentions = sorted([*main.mentions, *odd.mentions], key=lambda m: m.row)
                main.confidence = "medium"
                dropped.add(id(odd))
            else:
                links.append(
                    _apart(
                        odd,
                        main,
                        "negative",
                        "kind",
                        f"one is {one_of(odd.kind)}, the other {one_of(main.kind)}",
                        "type_clash",
                    )
                )
    return [u for u in units if id(u) not in dropped]


def _introduced(units: list[Unit], text: str, links: list[Link]) -> None:
    """Acronyms that stand in brackets after a name: "Northern Rivers Network (NRN)"."""
    by_key: dict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        if unit.name.acronym and unit.kind != "group":
            by_key[unit.name.key.replace(" ", "")].append(unit)
    hosts: dict[str, dict[int, tuple[Unit, bool]]] = defaultdict(dict)
    for unit in units:
        if unit.kind not in _NAMED or len(unit.name.plain.split()) < 2:
            continue
        for mention in unit.mentions:
            found = _BRACKETS.match(text, mention.end)
            given = own_acronym(mention.name.surface) or (found[1] if found else "")
            short = fold(given).replace(" ", "")
            if not short:
                continue
            fits = letters_fit(short, unit.name.plain)
            if fits or (short not in acronym_stop() and unit.kind != "place"):  # "New York (JFK)"
                hosts[short][id(unit)] = unit, fits
    for short, found_hosts in hosts.items():
        for unit in by_key.get(short, []):
            candidates = [
                (h, fits) for h, fits in found_hosts.values() if h is not unit and (fits or h.kind == unit.kind)
            ]
            if len(candidates) == 1:
                host, fits = candidates[0]
                reason = "introduced in brackets" if fits else "introduced in brackets, though the letters differ"
                _join(unit, host, "acronym", "acronym_in_brackets", "high" if fits else "medium", reason, links)
                unit.doubtful = not fits
            elif candidates:
                _unsure(unit, [h for h, _ in candidates], "acronym_in_brackets", "introduced for several names", links)


def _initials(units: list[Unit], links: list[Link]) -> None:
    """Acronyms that are the initials of exactly one name of their kind."""
    by_initials: dict[tuple[str, str], list[Unit]] = defaultdict(list)
    for unit in units:
        if unit.kind in _NAMED and not unit.host:
            for short in initials(unit.name.plain, unit.name.key):
                by_initials[unit.kind, short].append(unit)
    for unit in units:
        if not unit.name.acronym or unit.host or unit.local or unit.name.known:
            continue
        hosts = [h for h in by_initials.get((unit.kind, unit.name.key), []) if h is not unit]
        if len(hosts) == 1:
            confidence = "high" if len(unit.name.key) > 2 else "medium"
            _join(unit, hosts[0], "acronym", "initials", confidence, "the initials of the name", links)
        elif hosts:
            _unsure(unit, hosts, "initials", "the initials of several names", links)


def _short_persons(units: list[Unit], text: str, links: list[Link]) -> list[Unit]:
    """Surnames, given names and initialled names join the one full name they can stand for.

    Returns the units made of those mentions of a surname of several people that the text gives to one of them.
    """
    made: list[Unit] = []
    by_end: dict[str, list[Unit]] = defaultdict(list)
    by_start: dict[str, list[Unit]] = defaultdict(list)
    by_sound: dict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        if unit.words > 1:
            by_start[unit.name.core[-1][:2]].append(unit)
            by_sound[spell(unit.name.core[-1])].append(unit)
        by_end[unit.name.core[-1]].append(unit)
        if unit.name.core[0] != unit.name.core[-1]:
            by_end[unit.name.core[0]].append(unit)
    for unit in sorted(units, key=lambda u: u.name.size):
        around = {id(u): u for end in {unit.name.core[0], unit.name.core[-1]} for u in by_end[end]}
        hosts: dict[int, tuple[Unit, str]] = {}
        opposed: list[Unit] = []
        for other in sorted(around.values(), key=lambda u: u.name.size):
            how = None if other is unit or other.name.key == unit.name.key else shortens(unit.name, other.name)
            if not how or other.words < 2:
                continue
            root = other.root
            if how == "patronymic":
                links.append(_apart(unit, root, "unsure", how, "it may be the name of the father"))
                unit.notes.append(f"may be short for '{root.surface}'")
            elif unit.gender and root.gender and unit.gender != root.gender:
                opposed.append(root)
            else:
                hosts.setdefault(id(root), (root, how))
        sole = next(iter(hosts.values()))[0] if len(hosts) == 1 else None
        reason = "their titles differ in gender"
        links += [_apart(unit, host, "negative", "gender", reason, "cannot_link") for host in opposed]
        if sole and unit.by_gender and (not unit.gender or unit.gender != sole.gender):
            _unsure(unit, [sole], "gender", "the bare name stands behind titles of both genders", links)
        elif sole and (clash := _office_clash(unit, sole, units)):
            _unsure(unit, [sole], "office", clash, links)
            unit.local = False
        elif sole:
            host, how = next(iter(hosts.values()))
            reason = {
                "surname": "the only full name in the article that ends in it",
                "initial": "the only name in the article with this surname and initial",
                "middle": "the only name in the article with this first and last word",
                "given": "the only name in the article that begins with it",
            }[how]
            basis = "surname" if how == "surname" else "alias"
            sure = how == "surname" and unit.gender in ("", host.gender)
            _join(unit, host, basis, how, "high" if sure else "medium", reason, links)
            host.gender = host.gender or unit.gender
        elif hosts:
            if all(how == "surname" for _, how in hosts.values()) and not unit.by_gender:
                made += _by_position(unit, [host for host, _ in hosts.values()], units, text, links)
            if not unit.mentions:
                continue
            _unsure(unit, [h for h, _ in hosts.values()], next(iter(hosts.values()))[1], "several names fit", links)
        elif opposed:
            unit.local = True
        elif unit.words < 2 and not _romanised_surname(unit, by_sound.get(spell(unit.name.core[-1]), []), units, links):
            _near_surname(unit, by_start.get(unit.name.core[-1][:2], []), units, links)
    return made


def _by_position(unit: Unit, hosts: list[Unit], units: list[Unit], text: str, links: list[Link]) -> list[Unit]:
    """Give mentions of a surname of several people to the only one who is named in full before it, if the text does.

    Plainly so: no other bearer has been named yet, or the paragraph names one bearer before it and no other at all.
    What is given is taken out of ``unit``.
    """
    named = [(m.end, host) for host in hosts for u in units if u.root is host and u.words > 1 for m in u.mentions]
    given: dict[int, list[Mention]] = defaultdict(list)
    for mention in unit.mentions:
        starts, ends = text.rfind("\n\n", 0, mention.end), text.find("\n\n", mention.end)
        before = {id(host): host for end, host in named if end < mention.end}
        here = {id(host): host for end, host in named if starts < end < (ends if ends >= 0 else len(text))}
        said_here = [host for host in here.values() if any(h is host and starts < e < mention.end for e, h in named)]
        fits = list(before.values()) if len(before) == 1 else said_here if len(here) == 1 else []
        if fits and not _office_clash(unit, fits[0], units):
            given[id(fits[0])].append(mention)
    made = []
    for host in hosts:
        if mentions := given.get(id(host)):
            part = Unit(unit.name, mentions, unit.gender, unit.words)
            _join(
                part,
                host,
                "surname",
                "surname_nearest",
                "medium",
                "the only bearer whom the text names before it",
                links,
            )
            made.append(part)
            unit.mentions = [m for m in unit.mentions if m not in mentions]
    return made


def _office_clash(unit: Unit, host: Unit, units: list[Unit]) -> str | None:
    """Why "Minister Bell" is not plainly "the lawyer Anna Bell"; None where the offices agree or none is told.

    Offices come from titles and roles; those of the names that already stand for ``host`` count as its own. One who
    holds a high office is called so where the full name stands: "Minister Bell" is not the Anna Bell of whom the
    article tells no office either.
    """
    here = offices(*(m.title for m in unit.mentions))
    told = [m for u in units if u.root is host for m in u.mentions]
    there = offices(*(m.title for m in told), *(m.role for m in told))
    if not here or here & there or not (there or here & words("high_office")):
        return None
    return f"the one is {', '.join(sorted(here))}, the other {', '.join(sorted(there)) or 'of no office that the article tells'}"


def _romanised_surname(unit: Unit, full: list[Unit], units: list[Unit], links: list[Link]) -> bool:
    """A bare surname joins the one full name that ends in it in another romanisation, if no title speaks against it."""
    hosts = {id(u.root): u.root for u in full if u.name.core[-1] != unit.name.core[-1]}
    if len(hosts) != 1 or unit.by_gender or len(unit.name.core) > 1:
        return False
    host = next(iter(hosts.values()))
    if (unit.gender and host.gender and unit.gender != host.gender) or _office_clash(unit, host, units):
        return False
    _join(unit, host, "translit", "romanised_surname", "medium", "another romanisation of the surname", links)
    return True


def _near_surname(unit: Unit, full: list[Unit], units: list[Unit], links: list[Link]) -> None:
    """A bare surname spelled almost like that of a full name joins the only one, if no title speaks against it.

    All seven such pairs in 408 newspaper articles were slips of the pen. Short words and what a man's and a woman's
    form of one name look like are for a person to see.
    """
    last = unit.name.core[-1]
    hosts = {id(u.root): u.root for u in full if near(last, u.name.core[-1]) or spell(last) == spell(u.name.core[-1])}
    several = len(hosts) > 1 or len(unit.name.core) > 1 or unit.by_gender
    for host in hosts.values():
        against = unit.gender and host.gender and unit.gender != host.gender
        slip = word_likeness(*sorted((last, host.name.core[-1]))).kind in ("typo", "spelling")
        if slip and not (several or against or _office_clash(unit, host, units)):
            reason = "a surname nearly the same, and nobody else's"
            _join(unit, host, "spelling", "near_spelling", "medium", reason, links)
        else:
            links.append(_apart(unit, host, "unsure", "near_spelling", "the surnames differ by a letter or two"))
            unit.notes.append(f"spelled almost like '{host.surface}' in the same article")


def _without_country(units: list[Unit], links: list[Link]) -> None:
    """A body that every country has ("the Interior Ministry") joins the one of the only country that the article tells.

    Another body too, if it is named behind the one with the country ("the Russian Rivers Network", then "Rivers Network").
    """
    told: dict[frozenset[str], list[Unit]] = defaultdict(list)
    for unit in units:
        if rest := without_country(unit.name.tokens):
            told[frozenset(body_words(rest))].append(unit)
    for unit in units:
        if len(unit.name.tokens) < 2 or unit.local or unit.host:
            continue
        hosts = told.get(frozenset(body_words(unit.name.tokens)), [])
        if unit.name.travels and (len(hosts) != 1 or unit.mentions[0].row < hosts[0].mentions[0].row):
            continue
        if len(hosts) == 1:
            reason = "the article names no other country's"
            _join(unit, hosts[0], "alias", "country_told", "medium", reason, links)
        elif hosts:
            _unsure(unit, hosts, "country_told", "the article names those of several countries", links)


def _head_words(units: list[Unit], links: list[Link]) -> None:
    """A bare "the Network" joins the one organisation in the article whose head it is."""
    by_head: dict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        if len(unit.name.tokens) > 1:
            by_head[head(unit.name.tokens)].append(unit)
    for unit in units:
        key, name = unit.name.key, unit.name
        if unit.host or unit.local or name.acronym or not key.isalpha() or is_state(key):
            continue
        hosts = by_head.get(key, [])
        if len(hosts) == 1:
            _join(
                unit,
                hosts[0],
                "alias",
                "head_word",
                "medium",
                "the only organisation in the article with this head word",
                links,
            )
        elif hosts:
            _unsure(unit, hosts, "head_word", "several organisations have this head word", links)


def _fuller_forms(units: list[Unit], links: list[Link]) -> None:
    """A name that begins exactly one fuller name joins it where the rest only says what it is; else it is unsure.

    Bodies of one word, where the rest are words for a kind of body ("Harbour" and "Harbour Group", not "Harbour Relief
    Fund"); places, where it is a village or an island, while a town and its province are two; people of two words or
    more, where the rest is a further family name ("Luis Soler" and "Luis Soler Prats"). "United Nations" is no short
    form of every body of the United Nations, nor an acronym of what follows it.
    """
    sure = {"organisation": words("business_word") | words("body_kind"), "place": words("small_place")}
    by_first: dict[tuple[str, str], list[Unit]] = defaultdict(list)
    for unit in units:
        if unit.kind in ("organisation", "place", "person") and not unit.host and len(unit.name.tokens) > 1:
            by_first[unit.kind, unit.name.tokens[0]].append(unit)
    for unit in units:
        tokens = unit.name.tokens
        body = unit.kind == "organisation"
        if unit.host or unit.local or (unit.kind == "person" and unit.words < 2):
            continue
        if not unit.name.travels or (body and (len(tokens) > 1 or unit.name.acronym)):
            continue
        fuller = [
            (other, set(other.name.tokens[len(tokens) :]))
            for other in by_first.get((unit.kind, tokens[0]), [])
            if len(other.name.tokens) > len(tokens) and other.name.tokens[: len(tokens)] == tokens
        ]
        if unit.kind == "place":
            fuller = [(other, rest) for other, rest in fuller if rest <= words("place_word")]
        if len(fuller) != 1:
            continue
        (other, rest) = fuller[0]
        if (
            rest <= sure[unit.kind]
            if unit.kind in sure
            else not rest & (words("generation") | words("skipped_in_acronym"))
        ):
            _join(unit, other, "alias", "fuller_form", "medium", "the only name in the article that it begins", links)
            unit.doubtful = not firm_of(unit.name, other.name)
        else:
            links.append(_apart(unit, other, "unsure", "fuller_form", "the one begins the other"))
            unit.notes.append(f"may be short for '{other.surface}'")


def _firms_taken_for_persons(units: list[Unit], links: list[Link]) -> None:
    """One word labelled as a person joins the only firm that it begins ("Kestrel", "Kestrel Motor Company").

    Not where a title or role stands with it, or somebody of that surname is in the article.
    """
    for unit in units:
        if unit.kind != "person" or unit.words > 1 or unit.host or unit.local or unit.notes or unit.name.acronym:
            continue
        if any(m.title or m.role for m in unit.mentions):
            continue
        if any(u.kind == "person" and u is not unit and set(unit.name.tokens) & set(u.name.tokens) for u in units):
            continue
        firms = {id(u.root): u.root for u in units if firm_of(unit.name, u.name)}
        if len(firms) == 1:
            reason = "the only firm in the article that it begins, and nobody is called so"
            _join(unit, next(iter(firms.values())), "alias", "label_noise", "medium", reason, links)
            unit.doubtful = True


def _join(unit: Unit, host: Unit, basis: str, rule: str, confidence: str, reason: str, links: list[Link]) -> None:
    root = host.root
    if root is unit:
        return
    unit.host, unit.basis, unit.confidence = root, basis, confidence
    summary = f"'{unit.surface}' is taken for '{root.surface}': {reason}."
    links.append(Link(unit.first, root.first, "within_article", "positive", rule, (reason,), summary, confidence))


def _unsure(unit: Unit, hosts: Iterable[Unit], rule: str, reason: str, links: list[Link]) -> None:
    """Leave ``unit`` apart, an entity of its article: several names fit."""
    hosts = list({id(h.root): h.root for h in hosts}.values())
    unit.local = True
    named = " or ".join(f"'{h.surface}'" for h in hosts[:_MOST_CANDIDATES])
    unit.notes.append(f"could stand for {named}")
    links += [_apart(unit, host, "unsure", rule, reason) for host in hosts[:_MOST_CANDIDATES]]


def _apart(left: Unit, right: Unit, judgement: str, rule: str, reason: str, blocked_by: str | None = None) -> Link:
    verb = "may or may not be the same" if judgement == "unsure" else "are kept apart"
    summary = f"'{left.surface}' and '{right.surface}' {verb}: {reason}."
    confidence = "low" if judgement == "unsure" else "high"
    return Link(left.first, right.first, "within_article", judgement, rule, (reason,), summary, confidence, blocked_by)


def signs(group: Group) -> frozenset[str]:
    """What a group shows besides its name: titles other than Mr and the like, roles and acronyms, folded."""
    bare = words("title_male") | words("title_female")
    found = {f"acronym {unit.name.key}" for unit in group.units if unit.basis == "acronym"}
    for unit in group.units:
        for mention in unit.mentions:
            if mention.title and (title := " ".join(w for w in fold(mention.title).split() if w not in bare)):
                found.add(f"title {title}")
            if mention.role and (role := fold(mention.role)):
                found.add(f"role {role}")
    return frozenset(found)
