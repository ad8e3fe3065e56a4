"""Lines that hold two things: a dateline before the story, a credit behind a caption."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipeline.clean.rules import Rules, agency_names

if TYPE_CHECKING:
    from pipeline.clean.lines import Line

_PLACE = r"[A-Z][A-Z.'’]*[A-Z.](?:[ -][A-Z][A-Z.'’]+){0,4}"
_NAME = r"[A-Z][\w.'’-]+(?: (?:of|de|la|al|the|[A-Z][\w.'’-]*)){0,3}"
_WEEKDAY = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_DAY = (
    rf"(?:{_WEEKDAY},? )?"
    r"(?:(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Za-z]*\.? \d{1,2}"
    r"|\d{1,2}(?:st|nd|rd|th)? (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Za-z]*\.?)"
    r"(?:,? \d{4})?|\d{4}[/-]\d{1,2}[/-]\d{1,2}"
)
_DASH = r"(?:\s*(?:—|–|―|─|--)\s*|\s+-\s*|\s*-\s+)"
_STATE = (
    r"(?:Ala|Ariz|Ark|Calif|Colo|Conn|Del|Fla|Ga|Ill|Ind|Kan|Kans|Ky|La|Mass|Md|Mich|Minn|Miss|Mo|Mont|Neb|Nev|Okla|"
    r"Ore|Pa|Tenn|Tex|Va|Vt|Wash|Wis|Wyo|[A-Z]\.[A-Z]|[A-Z]\. [A-Z])\."
)


@functools.cache
def _shapes() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The shapes of a dateline, those that count anywhere and those that count on the first line only."""
    agencies = "|".join(re.escape(pattern) for _, pattern in agency_names())
    agency = rf"\((?:{agencies}|[A-Z][\w.'’&/ -]{{1,40}})\)"
    region = rf"(?:,? (?:{_STATE}|{_NAME}|{_PLACE}))"
    strong = re.compile(
        rf"(?P<place>(?:{_PLACE}){region}?)(?:, | )(?:(?:{_DAY}),? ?)?{agency}\s?(?:{_DASH}|:\s)"
        rf"|(?P<place2>{_NAME}{region}?)(?:, | )(?:(?:{_DAY}),? ?)?\((?:{agencies})\)\s?(?:{_DASH}|:\s)"
        rf"|(?P<place3>(?:{_PLACE}){region}?){_DASH}(?:{_DAY})\s?:\s"
        rf"|(?P<place4>(?:{_PLACE}){region}?),? (?:{_DAY}),? ?(?:/?[A-Z][\w ]{{1,20}}/)?\s?{_DASH}"
        rf"|\((?:{agencies})\)\s?{_DASH}"
    )
    first = re.compile(
        rf"(?P<place>(?:{_PLACE})(?:,? (?:{_STATE}|{_NAME}|{_PLACE}))?){_DASH}(?=[\"'“‘A-Z0-9])"
        rf"|(?P<place2>(?:{_PLACE})):\s(?=[\"'“‘A-Z0-9])"
        rf"|(?P<place3>{_NAME}, {_STATE}){_DASH}(?=[\"'“‘A-Z0-9])"
        rf"|(?P<place4>{_NAME}(?:, {_NAME})?)(?:, | )(?:{_DAY}),? ?(?:{agency})?\s?{_DASH}"
        rf"|(?:[\w ]{{2,20}} News), (?:{_DAY}){_DASH}"
    )
    return strong, first


def _place(match: re.Match[str]) -> str | None:
    found = [v for k, v in match.groupdict().items() if k.startswith("place") and v]
    return re.sub(rf",? (?:{_WEEKDAY})$", "", found[0]).strip(" ,") or None if found else None


def dateline(text: str, rules: Rules, *, first: bool) -> tuple[int, str | None, str] | None:
    """(end, place, confidence) of a dateline at the start of ``text``, or None.

    Args:
        text: folded text of a line.
        rules: the rule tables.
        first: whether the line is the first of the story, where weaker shapes count as well.
    """
    head = text[:120]
    strong, weak = _shapes()
    match, confidence = strong.match(head), "high"
    if not match and first:
        match, confidence = weak.match(head), "medium"
    if not match or match.end() >= len(text) or text[match.end() :].isspace():
        return None
    place = _place(match)
    if place and rules.no_place.intersection(place.upper().replace(",", "").split()):
        return None
    return match.end(), place, confidence


_DAY_ALONE = re.compile(rf"(?=.*\d{{4}})(?:{_DAY})[.,]?$")
_PLACE_ALONE = re.compile(rf"(?P<place>{_PLACE}),? (?:{_DAY})[.,]?$")


def dateline_alone(text: str, rules: Rules) -> tuple[bool, str | None]:
    """Whether a line is a day with its year, or a place in capitals and a day, and nothing else; and the place."""
    if len(text) > 60 or not (match := _DAY_ALONE.match(text) or _PLACE_ALONE.match(text)):
        return False, None
    place = match.groupdict().get("place")
    if place and rules.no_place.intersection(place.replace(",", "").split()):
        return False, None
    return True, place


def credits_split(line: Line, rules: Rules) -> Iterator[Line]:
    """``line``, or caption (or what it was) and credit when a credit is glued to its end."""
    tail_from = max(0, len(line.text) - 400)
    tail = line.text[tail_from:]
    for split in rules.splits:
        match = split.pattern.search(tail)
        if not match:
            continue
        at = tail_from + match.start()
        if not line.text[:at].strip() or not any(c.isalnum() for c in line.text[:at]):
            continue
        left, right = line.cut(at)
        right.decide(split.zone, split.name, "high")
        if split.left and left.words <= rules["caption"]["max_words"]:
            left.decide(split.left, split.name, "high")
        yield left
        yield right
        return
    yield line
