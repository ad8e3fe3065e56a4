"""Where sentences cannot begin, whatever the parser thinks."""

from __future__ import annotations

import pytest

from pipeline.nlp import model
from tests.factories import make_article, nlp


def sentences(text: str) -> list[str]:
    return [sentence.text.strip() for _, sentence in make_article(text).sentences()]


@pytest.mark.parametrize(
    "together",
    [
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


@pytest.mark.parametrize(
    ("text", "sealed"),
    [("It is Prison No. 4", True), ("It rained. No. 4 is open", False), ("The answer is No. He left", False)],
)
def test_no_sentence_begins_before_the_number_of_a_name(text: str, sealed: bool) -> None:
    """Unless a sentence ended there: the parser is told so, whatever it would have made of it."""
    doc = model._sealed(nlp().make_doc(text))
    [number] = [token for token in doc if token.lower_.startswith("no")]
    assert (number.is_sent_start is False) == sealed
