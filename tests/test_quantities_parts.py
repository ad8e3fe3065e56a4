"""What numbers without a noun count, and what they are part of."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.extract.quantities import find_quantities
from pipeline.settings import ExtractSettings

from .factories import make_article


def rows(*paragraphs: str) -> list[dict[str, Any]]:
    return find_quantities(make_article(*paragraphs), [], ExtractSettings()).rows


def wholes(found: list[dict[str, Any]]) -> list[int | None]:
    """For each row the position of the row that it is part of."""
    ids = [row["quantity_id"] for row in found]
    return [ids.index(row["subset_of_quantity_id"]) if row["subset_of_quantity_id"] else None for row in found]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Twelve soldiers were captured. Five were later freed.", [None, 0]),
        ("Twelve soldiers were captured, five of whom were later freed.", [None, 0]),
        ("Twelve soldiers were captured; five have been freed.", [None, 0]),
        ("Twelve soldiers, among them two women, were captured.", [None, 0]),
        ("Twelve people, eight women and four children, were freed.", [None, 0, 0]),
        ("Twelve people - eight women and four children - were freed.", [None, 0, 0]),
        ("Twelve people were freed: eight women and four children.", [None, 0, 0]),
        ("Twelve people were killed, eight in Dorvan and four in Orl.", [None, 0, 0]),
        ("Of the 12 prisoners, five were freed and seven are still held.", [None, 0, 0]),
        ("Among the 78 killed were 12 children.", [None, 0]),
        ("The fire killed 78 people. Twelve of the dead were children.", [None, 0]),
        ("The fire killed 78 people. Among the dead were 12 children.", [None, 0]),
        ("Police arrested 78 people and later charged 12.", [None, 0]),
        ("The convoy had 40 lorries. Nine got through and the remaining 31 were turned back.", [None, 0, 0]),
        ("The boat carried 90 migrants; only 12 survived.", [None, 0]),
        ("Some 300 families live here. One in three has no water.", [None, 0]),
        ("The school had 90 pupils. Half have left.", [None, 0]),
        ("Forty people were hurt, 12 seriously.", [None, 0]),
        ("The camp holds 3,000 refugees, of whom a third are children.", [None, 0]),
        ("Five of the 12 prisoners were freed.", [1, None]),
        ("Police held 14 activists. Three of the activists were later freed.", [None, 0]),
        ("The union has 400 members. Twelve of its members were hurt.", [None, 0]),
        ("The shelter took in 40 families. It rained. Eleven of those families came from Orl.", [None, 0]),
    ],
)
def test_parts(text: str, parts: list[int | None]) -> None:
    """A part is linked to its whole across clauses, lists, sentences and by what befell them."""
    assert wholes(rows(text)) == parts


@pytest.mark.parametrize(
    "text",
    [
        "The blast killed 30 people and wounded 12.",
        "Police held 14 activists in Orl and 20 activists in Dorvan. Three of the activists were freed.",
        "Police held 14 activists. Three of the foreign activists were freed.",
        "Police held 14 activists. Twenty of the activists were freed.",
        "Police held 14 activists. Three of the soldiers were freed.",
        "Thirty people were killed. Twelve were injured.",
        "Police arrested 78 people on Monday and 12 more on Tuesday.",
        "Police arrested 78 people in Dorvan and 12 in Orl.",
        "Police arrested 78 people; 12 officers were hurt.",
        "Two men were arrested. The two had fled to Orl.",
        "The firm employs 300 workers, up from 120 a year ago.",
        "The ministry said 30 people had been killed, while the rebels put the figure at 12.",
        "It is not true that 500 people drowned; 50 did.",
        "Fifteen people suffocated, the court heard, and nine were treated for shock.",
    ],
)
def test_no_parts(text: str) -> None:
    """Another fate, an addition, another place, the same ones again, an earlier or a rival figure are no parts."""
    assert not any(row["subset_of_quantity_id"] for row in rows(text))


@pytest.mark.parametrize(
    ("text", "head", "unit", "event"),
    [
        ("At least 14 villagers were killed and 32 wounded.", "villager", "person", "injured"),
        ("Police arrested two men. The two were driven to Orl.", "man", "person", None),
        ("The jail was built for 450 prisoners but holds 1,020.", "prisoner", "person", "detained"),
        ("Some 5,000 child soldiers were recruited, up from 3,200 a year earlier.", "soldier", "person", None),
        ("Nine babies died, and 14 others were hurt.", "baby", "person", "injured"),
        ("It says 68 protesters were killed; the state admits to 11.", "protester", "person", "killed"),
        ("Of the 90 who set out, 12 drowned.", None, "person", "killed"),
        ("The demonstrators, numbering around 400, left.", "demonstrator", "person", "protested"),
        ("The blast left 12 dead and 40 injured.", None, "person", "injured"),
        ("It is not true that 500 people drowned; 50 did.", "people", "person", "killed"),
        ("Two of those patients have died.", "patient", "person", "killed"),
        ("Twenty of the injured are nurses.", None, "person", "injured"),
    ],
)
def test_what_is_counted(text: str, head: str | None, unit: str, event: str | None) -> None:
    """A noun left out is that of the number before; where none was said, the unit alone is known."""
    row = rows(text)[-1]
    assert (row["counted_head"], row["unit"], row["event"]) == (head, unit, event)


def test_the_reason_names_the_source() -> None:
    """A noun taken from elsewhere is of medium confidence, and the row says from where."""
    row = rows("Twelve soldiers were captured. Five were later freed.")[1]
    assert (row["counted"], row["confidence"]) == (None, "medium")
    assert "soldiers" in row["unresolved_reason"]


@pytest.mark.parametrize(
    ("text", "kind", "unit", "value"),
    [
        ("A kilo costs 120 euros, against 45 a year ago.", "money", "EUR", 45),
        ("Growth slowed to 2.5 per cent, from 4 last year.", "percent", "percent", 4),
        ("He spent 11 of the past 20 years in jail.", "duration", "year", 11),
        ("Two brothers, aged 19 and 22, were held.", "age", "year", 22),
        ("Four teenagers, two of them 15, were held.", "age", "year", 15),
    ],
)
def test_the_same_kind_again(text: str, kind: str, unit: str, value: float) -> None:
    """A bare number beside a sum, a share, a stretch of time or an age is another of that kind."""
    assert (kind, unit, value) in [(row["kind"], row["unit"], row["value"]) for row in rows(text)]


@pytest.mark.parametrize("text", ["The index fell 7.3% to 9,000.", "It is worth 3.5 at 16 degrees."])
def test_not_the_same_kind(text: str) -> None:
    """A level behind a share is no share."""
    assert [row["kind"] for row in rows(text)].count("percent") <= 1


@pytest.mark.parametrize(
    ("text", "head", "event"),
    [
        ("The outbreak sickened 900 pupils, but none is in danger.", "pupil", None),
        ("Some 20 houses, none of them insured, burned.", "house", "destroyed"),
        ("Ninety migrants were on the boat. None of them was saved.", "migrant", "rescued"),
    ],
)
def test_none_of_those_before(text: str, head: str, event: str | None) -> None:
    """ "None" counts what the number before it does, and never takes over what befell them."""
    row = rows(text)[-1]
    assert (row["value"], row["polarity"], row["counted_head"], row["event"]) == (0, "negated", head, event)


@pytest.mark.parametrize("text", ["None of this is true.", "He has 12 books. None of them is new."])
def test_a_zero_of_nothing_that_matters(text: str) -> None:
    """A "none" of neither people nor an event makes no row."""
    assert 0 not in [row["value"] for row in rows(text)]


def test_in_custody_says_where_a_part_of_the_dead_died() -> None:
    """And not that they were detained instead."""
    four, two = rows("Four people died, including two in custody.")
    assert (four["event"], two["event"]) == ("killed", "killed")
    assert two["subset_of_quantity_id"] == four["quantity_id"]
