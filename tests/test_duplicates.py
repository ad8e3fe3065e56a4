"""The same text printed twice: exact, near, or inside a longer article."""

from __future__ import annotations

import random

import pytest

from pipeline.clean.duplicates import duplicates
from pipeline.schema import conform

WORDS = [f"word{i}" for i in range(400)]


def story(seed: int, length: int = 120) -> str:
    pick = random.Random(seed)
    return " ".join(pick.choice(WORDS) for _ in range(length))


def grouped(**bodies: str) -> dict[str, tuple[str | None, str | None, float | None]]:
    """article -> (group, kind, similarity)."""
    articles = conform("articles", [{"article_id": a} for a in bodies])
    segments = conform(
        "segments", [{"article_id": a, "ordinal": 0, "zone": "body", "text": t} for a, t in bodies.items()]
    )
    rows = duplicates({"articles": articles, "segments": segments}, None)["articles"].to_pylist()
    return {r["article_id"]: (r["duplicate_group"], r["duplicate_kind"], r["similarity"]) for r in rows}


BASE = story(1)


@pytest.mark.parametrize(
    ("other", "kind"),
    [
        (BASE, "exact"),
        (BASE.upper() + "!", "exact"),
        (BASE + " one more", "near"),
        (story(2) + " " + BASE + " " + story(3), "reprint"),
        (story(4), None),
        (story(5, 60) + " " + " ".join(BASE.split()[:20]), None),
    ],
)
def test_how_two_articles_stand_to_each_other(other: str, kind: str | None) -> None:
    """Case and punctuation make no difference; a shared quotation makes no reprint."""
    made = grouped(a1=BASE, a2=other)
    assert made["a1"][1] is None
    assert made["a2"][1] == kind
    assert (made["a2"][0] == "a1") == (kind is not None)


def test_a_brief_that_two_long_articles_reprint() -> None:
    """They are one group by the brief; neither is said to be near the other."""
    brief = story(6, 60)
    made = grouped(a1=story(7, 200) + " " + brief, a2=brief, a3=story(8, 200) + " " + brief)
    assert {group for group, _, _ in made.values()} == {"a1"}
    assert (made["a2"][1], made["a3"][1]) == ("reprint", "reprint")


def test_many_copies_stay_one_group() -> None:
    """The two hundred and first copy does not undo the group."""
    made = grouped(**{f"a{i:03}": f"{BASE} copy {i}" for i in range(230)})
    assert {group for group, _, _ in made.values()} == {"a000"}


def test_the_order_of_articles_does_not_matter() -> None:
    """Nor which of them comes first in the tables."""
    bodies = {"a1": BASE, "a2": story(9) + " " + BASE, "a3": story(4), "a4": BASE}
    assert grouped(**bodies) == grouped(**dict(reversed(bodies.items())))
