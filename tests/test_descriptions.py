"""What stands beside a name: the rows of ``mentions`` that are no names. All people and bodies are invented."""

from __future__ import annotations

import pytest

from pipeline.extract.descriptions import find_descriptions
from pipeline.extract.mentions import find_mentions
from pipeline.settings import ExtractSettings
from tests.test_mentions import tagged


def described(*paragraphs: str) -> list[tuple[str, str]]:
    """Each description with the name it is of."""
    article = tagged(*paragraphs)
    names = find_mentions(article, ExtractSettings()).rows
    of = {row["mention_id"]: row["name"] for row in names}
    text = article.clean_text
    return [(text[r["start"] : r["end"]], of[r["describes_mention_id"]]) for r in find_descriptions(article, names)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # a body
        ("The [U.S.](GPE) automaker [Kestrel Motor](ORG) cut jobs.", [("U.S. automaker", "Kestrel Motor")]),
        ("An [Italian](NORP) steel company [Ferro](ORG) closed.", [("Italian steel company", "Ferro")]),
        ("[Kestrel Motor](ORG), an [Italian](NORP) automaker, cut jobs.", [("Italian automaker", "Kestrel Motor")]),
        ("[Kestrel Motor](ORG) (KM), the largest automaker in town, shut.", [("largest automaker", "Kestrel Motor")]),
        ("[Kestrel Motor](ORG), the automaker, cut jobs.", []),
        ("The automaker cut jobs. [Kestrel Motor](ORG) did not.", []),
        ("They asked the automaker about [Kestrel Motor](ORG).", []),
        # a person, before the name
        ("The [Varna](GPE) mayor [Juana Reyes](PERSON) spoke.", [("Varna mayor", "Juana Reyes")]),
        ("[Kestrel](ORG) Chief Executive [Juana Reyes](PERSON) spoke.", [("Kestrel Chief Executive", "Juana Reyes")]),
        (
            "President of the [United States](GPE) [Juan Reyes](PERSON) met them.",
            [("President of the United States", "Juan Reyes")],
        ),
        ("The bank's chief executive, [Juana Reyes](PERSON), spoke.", [("bank's chief executive", "Juana Reyes")]),
        ("She met a lawyer, [Juana Reyes](PERSON) and two guards.", []),
        (
            "The [Bank of Varna](ORG) economist [Juana Reyes](PERSON) spoke.",
            [("Bank of Varna economist", "Juana Reyes")],
        ),
        ("The Bank of Varna economist [Juana Reyes](PERSON) spoke.", []),
        ("Mr. [Reyes](PERSON) spoke.", []),
        # a person, behind the name
        (
            "[Juana Reyes](PERSON), head of the [Rivers Office](ORG), spoke.",
            [("head of the Rivers Office", "Juana Reyes")],
        ),
        ("[Juana Reyes](PERSON), 41, a lawyer from [Varna](GPE), spoke.", []),
        ("[Juana Reyes](PERSON), [Juan Ferro](PERSON) and their lawyer spoke.", []),
    ],
)
def test_descriptions(text: str, expected: list[tuple[str, str]]) -> None:
    """A noun phrase of two words or more that touches a name, with a head that says what people or bodies are."""
    assert described(text) == expected


def test_a_description_is_a_row_of_the_kind_of_its_name() -> None:
    """It has its own id, no name, and the label of what it describes; what is a name already is none."""
    article = tagged("The [U.S.](GPE) automaker [Kestrel Motor](ORG) cut jobs.")
    names = find_mentions(article, ExtractSettings()).rows
    (row,) = find_descriptions(article, names)
    assert (row["label"], row["rule"], row["confidence"]) == ("ORG", "description_before", "medium")
    assert row["mention_id"] not in {name["mention_id"] for name in names}
    assert "name" not in row
    assert find_descriptions(article, [*names, row]) == []
