"""Lines that an outlet prints under many articles."""

from __future__ import annotations

import pytest

from pipeline.read.repeated import line_key, line_keys, outlet_key, repeated_lines

PROSE = "The council of {} met on the bridge and the mayor said nobody would be moved before winter."


def text(name: str, *more: str) -> str:
    """An article of its own, and lines that it prints besides."""
    own = [PROSE.format(f"{name} {word}") for word in ("North", "South", "East", "West")]
    return "\n".join([*own, *more])


def repeated(texts: dict[str, str], outlet: str = "The Paper") -> dict[str, list[str]]:
    """The repeated lines of each text, in words."""
    words = {line_key(line): line for one in texts.values() for line in one.splitlines()}
    found = repeated_lines({name: (outlet, *line_keys(one)) for name, one in texts.items()})
    return {name: sorted(words[key] for key in keys) for name, keys in found.items()}


def test_a_line_of_three_texts_is_furniture() -> None:
    """Two texts may share a line by chance; three do not. White space does not matter."""
    texts = {name: text(name, "Support our  work", "Own line " + name) for name in "abc"}
    texts["b"] = texts["b"].replace("Support our  work", " Support our work\t")
    assert all([" ".join(line.split()) for line in lines] == ["Support our work"] for lines in repeated(texts).values())
    del texts["c"]
    assert repeated(texts) == {"a": [], "b": []}


def test_outlets_are_held_apart() -> None:
    """What three outlets print once each is no furniture of any of them."""
    printed = {name: (name, *line_keys(text(name, "Support our work"))) for name in "abc"}
    assert repeated_lines(printed) == {"a": [], "b": [], "c": []}


def test_an_unknown_outlet_has_no_habits() -> None:
    """Texts of which nobody says who printed them may be one story saved in several ways."""
    assert not any(repeated({name: text(name, "Support our work") for name in "abc"}, outlet="").values())


def test_versions_of_one_story_do_not_make_furniture() -> None:
    """A story saved five times shares all its lines with itself; it counts once."""
    story = text("a", "A short line", PROSE.format("Everywhere"))
    versions = {f"v{i}": f"{story}\nUpdate {i}" for i in range(5)}
    assert not any(repeated(versions).values())
    longer = {f"l{i}": "\n".join([story, *(PROSE.format(f"{i} {n}") for n in range(5))]) for i in range(3)}
    assert not any(repeated(longer).values())
    others = {name: text(name, "A short line") for name in "bc"}
    assert repeated({**versions, **others})["v3"] == ["A short line"]


def test_a_large_archive_needs_more_than_three() -> None:
    """One text in a hundred at the least, so that stock phrases of an archive stay."""
    texts = {f"t{i:03}": text(str(i), "A stock phrase" if i < 4 else "", "At the foot") for i in range(500)}
    assert repeated(texts)["t001"] == ["At the foot"]


def test_the_order_of_articles_does_not_matter() -> None:
    """The same articles give the same answer however they come."""
    texts = {name: text(name, "Share", "Support our work") for name in "abcd"}
    assert repeated(texts) == repeated(dict(reversed(texts.items())))


@pytest.mark.parametrize(
    ("outlet", "url", "key"),
    [
        ("The Paper", None, "the paper"),
        ("The Paper", "https://www.paper.example/a?b", "paper.example"),
        (None, "no address", ""),
        (None, None, ""),
    ],
)
def test_outlets_are_told_by_site_or_name(outlet: str | None, url: str | None, key: str) -> None:
    """The site of the address, else the name."""
    assert outlet_key(outlet, url) == key
