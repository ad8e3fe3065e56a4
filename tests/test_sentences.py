"""Where sentences cannot begin, whatever the parser thinks."""

from __future__ import annotations

import pytest

from tests.factories import make_article


def sentences(text: str) -> list[str]:
    return [sentence.text.strip() for _, sentence in make_article(text).sentences()]


@pytest.mark.parametrize(
    "together",
    [
        "Twenty-two of them are being held at Remand Prison No. 4 in Dovrin under Section 41 of the Assembly Act",
        "Prison No. 4 in Dovrin",
        "Col. Stefan Marsh",
        "at 2.15 p.m. on 28 August",
        "“We left",
        '"We left',
        "Marsh, who",
    ],
)
def test_no_sentence_begins_inside(together: str) -> None:
    """Behind an abbreviation, behind an opening mark, at a comma."""
    text = f"The men waited for hours. They said that it was {together} came home. Then it rained."
    assert any(together in sentence for sentence in sentences(text)), sentences(text)


def test_sentences_still_end_where_they_end() -> None:
    """A full stop behind a word, and a time of day before a capital, end a sentence as ever."""
    text = "The vote was no. Four men left at 11 p.m. She told the court that nobody had asked. He stayed."
    assert sentences(text)[-1] == "He stayed."
    assert any(s.startswith("She told") for s in sentences(text))
    text = "It was etc. The men left at 9 a.m. I stayed."
    assert sentences(text) == ["It was etc.", "The men left at 9 a.m.", "I stayed."]
