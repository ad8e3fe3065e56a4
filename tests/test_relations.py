"""Which date a number holds for, and which quote it stands in: only what the sentence plainly says."""

from __future__ import annotations

import re
from typing import Any

import pytest

from pipeline.extract.relations import relate
from tests.factories import marked_spans


def related(marked: str) -> list[dict[str, Any]]:
    """Quantities related in a text whose rows are marked: {q:words}, {d:words}, {s:quote}, {c:cue}; {q1:..} of kind duration."""
    text, spans = marked_spans(marked, "qdsctr")
    quotes = [{"quote_id": text[s:e], "kind": "direct", "start": s, "end": e} for k, s, e in spans if k == "s"]
    for quote, (_, start, _) in zip(quotes, [s for s in spans if s[0] == "c"], strict=False):
        quote["cue_start"] = start
    dates = [
        {
            "date_id": text[s:e],
            "start": s,
            "end": e,
            "timex_type": "TIME" if k == "t" else "DATE",
            "timex_value": "PRESENT_REF" if k == "r" else "x",
        }
        for k, s, e in spans
        if k in "dtr"
    ]
    numbers = [{"start": s, "end": e, "number_start": s, "kind": "count"} for k, s, e in spans if k == "q"]
    sentences = [{"start": m.start()} for m in re.finditer(r"(?:^|(?<=\. ))\S", text)]
    relate(text, sentences, [], dates, quotes, numbers)
    return [{"text": text[n["start"] : n["end"]], **n} for n in numbers]


@pytest.mark.parametrize(
    ("marked", "date"),
    [
        ("{q:Nine people} were killed on {d:Monday}.", "Monday"),
        ("{q:Nine people} were killed when a bridge fell on {d:Monday}.", "Monday"),
        ("{q:Nine people}, including two boys, were held on {d:Monday}.", "Monday"),
        ("The police released {q:nine people} on {d:Monday}.", "Monday"),
        ("{q:Nine bodies} were found on {d:Monday}.", "Monday"),
        ("They moved {q:64 people} {d:last year} and {q:41} {d:this year}.", "last year"),
        ("They {d:on Monday} released {q:14 of the 22 students} arrested during {d:Saturday}'s march.", None),
        ("Cases rose to {q:513} from {q:88} in {d:March}.", None),
        ("They hold {q:5,000 men}, down from {q:9,000} in {d:2018}.", None),
        ("On {d:3 May} {q:40 families} fled.", "3 May"),
        ("On {t:Saturday morning} {q:640 of them} crossed.", "Saturday morning"),
        ("On {d:3 May} {q:40 families} fled, the ministry {r:now} says.", "3 May"),
        ("{q:Four} were killed, and five died by {d:the end of 2022}.", None),
        ("The town, founded in {d:2016}, has {q:98 houses}, which burned.", None),
        ("The group, which she founded in {d:2016}, has moved {q:143 people}.", None),
        ("The report, handed over on {t:Thursday morning}, puts the dead at {q:one}.", None),
        ("{q:97 others} had come too late the judges found on {d:Wednesday}.", None),
        ("The film posted on the net at about {t:3 a.m.} shows {q:five men}.", None),
        ("{q:125 people} fled after police began arrests in {d:2017}.", None),
        ("{q:14 names} are on it; it was banned on {d:1 July}.", None),
        ("The army said on {d:Monday} that {s:{q:12 men} had died}.", None),
        ("The army {c:said} on {d:Monday} {q:12 men} had died, and {s:all is well}.", None),
        ("A report of {d:last November} counts {q:nine dead}.", None),
        ("He promised in {d:June} {q:300 flats}.", None),
        ("{s:On {d:3 May} {q:12 men} died}, he {c:said}.", "3 May"),
        ("{q:Ten} left on {d:Monday} or {d:Tuesday}.", None),
        ("It began on {d:Monday}. {q:Ten} left.", None),
        ("{q:Nine people} were killed between {d:3 and 5 May, after midnight}.", "3 and 5 May, after midnight"),
    ],
)  # fmt: skip
def test_a_number_takes_the_one_date_of_its_piece(marked: str, date: str | None) -> None:
    """Never one of another clause, of the saying, or of now; where two remain, none."""
    row, *_ = related(marked)
    assert row.get("date_id") == date
    assert row.get("date_basis") == ("same_clause" if date else None)


def test_a_number_stands_in_the_narrowest_quote() -> None:
    """Quoted words inside a reported clause hold it, not the clause."""
    [row] = related("The group says {s:that “{s:at least {q:nine}}” died}.")
    assert (row["quote_id"], row["quote_basis"]) == ("at least nine", "within")
