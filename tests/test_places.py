"""For which place a number holds: only what the sentence plainly says."""

from __future__ import annotations

import re
from typing import Any

import pytest

from pipeline.extract.places import locate
from tests.factories import marked_spans


def placed(marked: str, event: str | None = None) -> list[tuple[str | None, str | None]]:
    """(place, basis) of each number of a text marked {q:number}, {p:place}, {o:other name}, {s:quoted words}, {v:speaker}."""
    text, spans = marked_spans(marked, "qposv")
    quotes = [{"quote_id": f"s{s}", "start": s, "end": e} for k, s, e in spans if k == "s"]
    quotes += [
        {"quote_id": "v", "start": 0, "end": 0, "speaker_start": s, "speaker_end": e} for k, s, e in spans if k == "v"
    ]

    def row(start: int, end: int, **more: Any) -> dict[str, Any]:
        held = [q["quote_id"] for q in quotes if q["start"] <= start and end <= q["end"]]
        return {"start": start, "end": end, "quote_id": held[0] if held else None, **more}

    mentions = [
        row(s, e, mention_id=text[s:e], name=text[s:e], label="GPE" if k == "p" else "ORG")
        for k, s, e in spans
        if k in "po"
    ]
    numbers = [
        row(s, e, number_start=s, kind="count", event=event)
        for k, s, e in sorted(spans, key=lambda x: x[1])
        if k == "q"
    ]
    sentences = [{"start": m.start()} for m in re.finditer(r"(?:^|(?<=\. ))\S", text)]
    pieces = sorted(
        {s["start"] for s in sentences} | {m.end() for m in re.finditer(r"; | when |, and |, which ", text)}
    )
    locate(text, sentences, pieces, mentions, quotes, numbers)
    return [(n.get("place_mention_id"), n.get("place_basis")) for n in numbers]


@pytest.mark.parametrize(
    ("marked", "place"),
    [
        ("{q:Nine people} were killed in {p:Vesk} on Monday.", "Vesk"),
        ("In {p:Vesk}, {q:nine people} were killed.", "Vesk"),
        ("{q:Nine people} were killed in the southern town of {p:Vesk}.", "Vesk"),
        ("{q:Nine people} were killed at a market in {p:Vesk}, {p:Orland}.", "Vesk"),
        ("{q:Nine people} died near {p:Karsh} in the {p:Teldra} region.", "Karsh"),
        ("{q:Nine people} died after gunmen raided {p:Vesk}.", "Vesk"),
        ("{q:Nine people} joined the {p:Vesk} choir.", None),
        ("{q:Nine people} praised {p:Vesk}.", None),
        ("{q:Nine people} died 40 km from {p:Vesk}.", None),
        ("{q:Nine people} died in {o:Parliament}.", None),
        ("Police met in {p:Vesk}. {q:Nine people} were killed.", None),
        ("{q:Nine people} crossed from {p:Vesk}.", None),
    ],
)
def test_a_place_must_stand_where_places_stand(marked: str, place: str | None) -> None:
    """Behind a preposition of place or as what was hit; the narrowest of nested ones; in the number's own sentence."""
    assert placed(marked)[0][0] == place


@pytest.mark.parametrize(
    ("marked", "place"),
    [
        ("{q:Nine families} crossed from {p:Vesk}.", "Vesk"),
        ("{q:Nine families} fled {p:Vesk}.", "Vesk"),
        ("{q:Nine families} fled to {p:Vesk}.", None),
    ],
)
def test_who_leaves_is_counted_where_they_left(marked: str, place: str | None) -> None:
    """Not where they went to."""
    assert placed(marked, "fled")[0][0] == place


def test_the_clause_comes_before_the_sentence() -> None:
    """A place of another clause counts only if the number's own has none."""
    assert placed("{q:Nine} died in {p:Vesk}; {q:two} died in {p:Karsh}.") == [
        ("Vesk", "same_clause"),
        ("Karsh", "same_clause"),
    ]
    assert placed("{q:Nine} died when a bridge fell in {p:Karsh}.") == [("Karsh", "same_sentence")]


@pytest.mark.parametrize(
    "marked",
    [
        "It says that {q:nine} were killed; {q:five} died in {p:Vesk}.",
        "The group, which works in {p:Vesk}, and names {q:nine people}, was raided.",
    ],
)
def test_a_place_of_another_clause_may_be_anothers(marked: str) -> None:
    """Where that clause comes later and has a number of its own, or describes somebody."""
    assert placed(marked)[0] == (None, None)


def test_a_place_holds_for_what_follows() -> None:
    """A later clause goes on at the same place."""
    assert placed("{q:Nine} died in {p:Vesk}; {q:five} are missing.")[1] == ("Vesk", "same_sentence")


def test_of_two_places_the_one_right_behind_the_number() -> None:
    """Otherwise none: nobody says which."""
    assert [p for p, _ in placed("Police held {q:30} in {p:Teldra} and {q:15} in {p:Obansa}.")] == ["Teldra", "Obansa"]
    assert placed("In {p:Teldra} and in {p:Obansa} police held {q:30}.") == [(None, None)]


def test_a_place_of_the_speaker_or_beyond_a_quotation_is_none_of_the_number() -> None:
    """Where it was said is not where it happened."""
    assert placed("{v:Police in {p:Vesk}} said {q:nine people} had died.") == [(None, None)]
    assert placed("Speaking in {p:Vesk}, she said: {s:{q:Nine people} died}.") == [(None, None)]
    assert placed("She said: {s:{q:Nine people} died in {p:Vesk}}.") == [("Vesk", "same_clause")]


def test_only_counts_and_amounts_have_places() -> None:
    """An age holds nowhere."""
    numbers = [{"start": 0, "end": 2, "number_start": 0, "kind": "age", "quote_id": None}]
    locate(
        "19 in Vesk",
        [{"start": 0}],
        [0],
        [{"start": 6, "end": 10, "label": "GPE", "name": "Vesk", "mention_id": "m", "quote_id": None}],
        [],
        numbers,
    )
    assert "place_mention_id" not in numbers[0]
