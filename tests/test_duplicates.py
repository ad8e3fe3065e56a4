"""The same text printed twice: exact, near, or inside a longer article."""

from __future__ import annotations

import random
import subprocess
import sys

import pyarrow as pa
import pytest

from pipeline.clean.duplicates import _texts, duplicates
from pipeline.schema import conform
from tests.factories import ROOT

WORDS = [f"word{i}" for i in range(400)]
Answer = tuple[str | None, str | None, float | None]


def story(seed: int, length: int = 120) -> str:
    """So many words, of which no five in a row are in another story."""
    pick = random.Random(seed)
    return " ".join(pick.choice(WORDS) for _ in range(length))


def edited(text: str, every: int) -> str:
    """``text`` with one word in ``every`` replaced."""
    return " ".join(f"edit{i}" if i % every == every // 2 else word for i, word in enumerate(text.split()))


def tables(bodies: dict[str, str], shuffle: int | None = None) -> dict[str, pa.Table]:
    """Articles and segments, a segment for each line; in any order with ``shuffle``."""
    articles = [{"article_id": a} for a in bodies]
    segments = [
        {"article_id": a, "ordinal": i, "zone": "body", "text": line}
        for a, text in bodies.items()
        for i, line in enumerate(text.split("\n"))
    ]
    if shuffle is not None:
        random.Random(shuffle).shuffle(articles)
        random.Random(shuffle + 1).shuffle(segments)
    return {"articles": conform("articles", articles), "segments": conform("segments", segments)}


def answers(given: dict[str, pa.Table]) -> dict[str, Answer]:
    rows = duplicates(given, None)["articles"].to_pylist()
    return {r["article_id"]: (r["duplicate_group"], r["duplicate_kind"], r["similarity"]) for r in rows}


def grouped(**bodies: str) -> dict[str, Answer]:
    """article -> (group, kind, similarity)."""
    return answers(tables(bodies))


BASE = story(1)
WIRE = story(20, 150)


@pytest.mark.parametrize(
    ("other", "kind"),
    [
        pytest.param(BASE, "exact", id="the same"),
        pytest.param(BASE.upper() + "!", "exact", id="case and punctuation"),
        pytest.param(BASE.replace(" ", "\n\n", 9), "exact", id="other paragraphs"),
        pytest.param(BASE + " one more", "near", id="two words more"),
        pytest.param(edited(BASE, 25), "near", id="one word in 25 edited"),
        pytest.param(story(21, 12) + " " + BASE, "near", id="a lead of its own"),
        pytest.param(story(2) + " " + BASE + " " + story(3), "reprint", id="inside a longer one"),
        pytest.param(story(2, 600) + " " + BASE + " " + story(3, 600), "reprint", id="inside one ten times as long"),
        pytest.param(story(2) + " " + edited(BASE, 25) + " " + story(3), "reprint", id="inside, edited"),
        pytest.param(story(2) + " " + edited(BASE, 16) + " " + story(3), "reprint", id="inside, one word in 16 edited"),
        pytest.param(story(2) + " " + " ".join(BASE.split()[:100]), "reprint", id="inside, cut from the end"),
        pytest.param(story(4), None, id="another story"),
        pytest.param(story(5, 60) + " " + " ".join(BASE.split()[:20]), None, id="a quotation"),
        pytest.param(story(5, 120) + " " + " ".join(BASE.split()[:70]), None, id="a paragraph of background"),
        pytest.param(edited(BASE, 9), None, id="the same form filled in with other facts"),
    ],
)
def test_how_two_articles_stand_to_each_other(other: str, kind: str | None) -> None:
    """Case, punctuation and paragraphs make no difference; words count as shared where twelve in a row are."""
    made = grouped(a1=BASE, a2=other)
    assert made["a1"][1] is None
    assert made["a2"][1] == kind
    assert (made["a2"][0] == "a1") == (kind is not None)


@pytest.mark.parametrize(
    ("own", "shared", "kind"),
    [(100, 150, "reprint"), (140, 150, "reprint"), (170, 150, None), (60, 90, None)],
)
def test_two_articles_that_print_a_text_that_is_not_here(own: int, shared: int, kind: str | None) -> None:
    """They share half of the shorter one, and more than a hundred words."""
    wire = story(20, shared)
    made = grouped(a1=story(7, own + 80) + " " + wire, a2=wire + " " + story(8, own))
    assert made["a2"][1] == kind


def test_similarity_is_the_share_of_all_runs_of_five_words() -> None:
    """Of the first article of the group; 1 is the same text."""
    made = grouped(a1=BASE, a2=BASE, a3=BASE + " " + story(9, 20))
    assert [made[a][2] for a in ("a1", "a2")] == [1.0, 1.0]
    assert made["a3"][2] == pytest.approx(116 / 136, abs=1e-4)


def test_a_brief_that_two_long_articles_reprint() -> None:
    """They are one group by the brief; neither is said to be near the other."""
    brief = story(6, 60)
    made = grouped(a1=story(7, 200) + " " + brief, a2=brief, a3=story(8, 200) + " " + brief)
    assert {group for group, _, _ in made.values()} == {"a1"}
    assert (made["a2"][1], made["a3"][1]) == ("reprint", "reprint")


@pytest.mark.parametrize("names", ["a1 a2 a3", "a3 a2 a1", "a2 a1 a3"])
def test_a_round_up_does_not_make_its_parts_one_text(names: str) -> None:
    """It is held with the text it prints most of; the other stays alone."""
    one, other, both = names.split()
    texts = {one: WIRE, other: story(21, 130), both: WIRE + " " + story(21, 130) + " " + story(22, 40)}
    made = grouped(**texts)
    assert made[one][0] == made[both][0] is not None
    assert made[other] == (None, None, None)


def test_versions_that_drift_apart() -> None:
    """Each is near the one before; the first and the last share nothing and are not of one group."""
    words = story(30, 500).split()
    made = grouped(**{f"a{i}": " ".join(words[i * 20 : i * 20 + 200]) for i in range(10)})
    assert made["a0"][0] == made["a1"][0] == "a0"
    assert made["a9"][0] not in {None, "a0"}


def test_every_member_has_a_reason() -> None:
    """All but the first of a group say how they stand to it, or to one of the others."""
    parts = [story(40 + i, 150) for i in range(6)]
    bodies = {f"a{i}": parts[i] + " " + parts[(i + 1) % 6] + " " + story(50 + i, 20 * i) for i in range(6)}
    for article, (group, kind, _) in grouped(**bodies, b0=parts[0], b1=parts[3]).items():
        assert (kind is None) == (group in {None, article})


@pytest.mark.parametrize("copy", ["{text} copy {i}", "{text}", "{own} {text}"])
def test_many_copies_stay_one_group(copy: str) -> None:
    """The two hundred and first copy does not undo the group, nor is it lost."""
    made = grouped(**{f"a{i:03}": copy.format(text=WIRE, i=i, own=story(100 + i, 100)) for i in range(230)})
    assert {group for group, _, _ in made.values()} == {"a000"}


def test_a_wire_text_that_many_print() -> None:
    """All of them are held with it, though they share too little with each other."""
    bodies = {f"a{i:03}": story(300 + i, 400) + " " + WIRE for i in range(230)} | {"b": WIRE}
    assert {group for group, _, _ in grouped(**bodies).values()} == {"a000"}


def test_standing_text_is_no_reprint() -> None:
    """A paragraph that closes many articles makes no group of them, not even of those that hold little else."""
    paragraph = story(60, 80)
    bodies = {f"a{i:02}": story(200 + i, 15 if i % 5 == 0 else 150) + " " + paragraph for i in range(40)}
    assert {group for group, _, _ in grouped(**bodies).values()} == {None}
    made = grouped(**bodies, b=bodies["a01"] + " end")
    assert [a for a, (group, _, _) in made.items() if group] == ["a01", "b"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            "在河边的桥上有十二人被拘留，当局星期一说。" * 3, "在河边的桥上有十二人被拘留，当局星期一说" * 3, id="han"
        ),
        pytest.param("Двенадцать человек задержаны у моста.", "двенадцать человек задержаны у моста", id="cyrillic"),
        pytest.param("Le caf\u00e9 a ferm\u00e9 lundi.", "Le cafe\u0301 a ferme\u0301 lundi", id="composed accents"),
    ],
)
def test_other_scripts(one: str, other: str) -> None:
    """Words of any script are compared; one written without spaces is compared by characters."""
    assert grouped(a1=one, a2=other)["a2"][1] == "exact"


def test_han_text_inside_a_longer_one() -> None:
    """A reprint is found where there are no spaces between words."""
    pick = random.Random(3)
    text, before, after = ("".join(chr(0x4E00 + pick.randrange(3000)) for _ in range(n)) for n in (120, 200, 200))
    assert grouped(a1=text, a2=before + text + after)["a2"][1] == "reprint"


@pytest.mark.parametrize("body", ["", " ", "...", "\n"])
def test_articles_without_words_are_alone(body: str) -> None:
    """Two articles without a story are not the same story."""
    assert grouped(a1=body, a2=body, a3=BASE) == dict.fromkeys(("a1", "a2", "a3"), (None, None, None))


@pytest.mark.parametrize(
    ("body", "kind"), [("Yes", "exact"), ("Yes, we said so again", "exact"), (story(80, 20), "exact")]
)
def test_few_words(body: str, kind: str) -> None:
    """Texts shorter than a run are the same when their words are; fewer than so many words make no reprint."""
    assert grouped(a1=body, a2=body.upper())["a2"][1] == kind
    assert grouped(a1=body, a2=body + " " + BASE)["a2"][1] is None


def test_only_the_body_counts() -> None:
    """Titles and captions do not make two articles the same."""
    given = tables({"a1": story(4), "a2": story(5)})
    shared = [
        {"article_id": a, "ordinal": 9, "zone": z, "text": BASE} for a in ("a1", "a2") for z in ("title", "caption")
    ]
    given["segments"] = pa.concat_tables([given["segments"], conform("segments", shared)])
    assert answers(given)["a2"] == (None, None, None)


def test_no_articles() -> None:
    """An empty corpus has an empty answer."""
    assert grouped() == {}


MIXED = {f"a{i}": text for i, text in enumerate([BASE, story(9) + "\n" + BASE, story(4), BASE, edited(BASE, 20)])}
MIXED |= {f"b{i:03}": story(70, 160) + f"\ncopy {i}" for i in range(60)} | {"c1": WIRE, "c2": WIRE + "\n" + story(71)}


@pytest.mark.parametrize("shuffle", range(4))
def test_the_order_of_rows_does_not_matter(shuffle: int) -> None:
    """Neither of articles nor of segments: the rows of an article come out the same."""
    made = duplicates(tables(MIXED, shuffle), None)["articles"].sort_by("article_id")
    assert made.equals(duplicates(tables(MIXED), None)["articles"].sort_by("article_id"))


def told() -> str:
    """The answer, and the hashes behind it."""
    texts, _ = _texts(sorted(MIXED), tables(MIXED)["segments"])
    return f"{sorted(grouped(**MIXED).items())} {[text.tolist() for text in texts.values()]}"


def test_the_process_does_not_matter() -> None:
    """Neither to the answer nor to the hashes that candidates are drawn by."""
    code = "from tests.test_duplicates import told; print(told())"
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert found == {f"{told()}\n"}
