"""Running text is cut into windows that hold it all, each word in one answer."""

from __future__ import annotations

import pytest

from pipeline.nlp.windows import Window, plan


def windows(sizes: list[int], breaks: list[int], window: int = 12, overlap: int = 4) -> list[list[tuple[int, int]]]:
    """The words read by each window of each group."""
    return [[(w.first, w.last) for w in group] for group in plan(sizes, breaks, window, overlap)]


@pytest.mark.parametrize(
    ("sizes", "breaks", "expected"),
    [
        ([], [], []),
        ([1] * 10, [], [[(0, 10)]]),
        ([1] * 9, [4], [[(0, 9)]]),
        ([1] * 10, [4], [[(0, 4)], [(4, 10)]]),
        ([1] * 14, [3, 6, 10], [[(0, 6)], [(6, 14)]]),
        ([5, 5, 5], [1, 2], [[(0, 1)], [(1, 2)], [(2, 3)]]),
        ([1] * 16, [], [[(0, 10), (6, 16)]]),
        ([4, 4, 4, 4], [], [[(0, 2), (1, 3), (2, 4)]]),
        ([5, 5, 5], [], [[(0, 2), (2, 3)]]),
        ([1] * 20, [2, 18], [[(0, 2)], [(2, 12), (8, 18)], [(18, 20)]]),
    ],
    ids=[
        "nothing",
        "just fits",
        "two paragraphs and their two marks just fit",
        "one piece too many",
        "packed in order",
        "long words",
        "one long paragraph overlaps",
        "overlap cut at words",
        "no overlap where no word fits into it",
        "long between short",
    ],
)
def test_what_each_window_reads(sizes: list[int], breaks: list[int], expected: list[list[tuple[int, int]]]) -> None:
    """Whole paragraphs in order; one too long alone is cut into overlapping windows, and shares none of them."""
    assert windows(sizes, breaks) == expected


def test_the_window_farther_from_its_edge_answers() -> None:
    """Of ten words and ten that share four, each window answers for the nearer two."""
    (group,) = plan([1] * 16, [], 12, 4)
    assert group == [Window(0, 10, 0, 8), Window(6, 16, 8, 16)]


@pytest.mark.parametrize(
    ("sizes", "breaks"),
    [
        ([1] * 5000, []),
        ([1, 2, 7, 3] * 300, [5, 6, 7, 400, 900]),
        ([24] * 40, []),
        ([3] * 2000, list(range(1, 2000))),
    ],
    ids=["a giant", "mixed", "long words", "lines of one word"],
)
def test_every_word_is_answered_once_and_no_window_is_too_big(sizes: list[int], breaks: list[int]) -> None:
    """Whatever the text: answers cover it in order, windows keep their size, groups keep stretches whole."""
    marks = set(breaks)
    answered = 0
    for group in plan(sizes, breaks, 64, 16):
        assert len(group) <= 17
        for window in group:
            assert window.own_first == answered
            assert window.first <= window.own_first < window.own_last <= window.last
            inner = sum(word in marks for word in range(window.first + 1, window.last))
            assert 2 + inner + sum(sizes[window.first : window.last]) <= 64
            assert len(group) == 1 or not inner
            answered = window.own_last
    assert answered == len(sizes)


def test_words_and_overlap_must_fit() -> None:
    """A window too small for a word is a mistake in the network's card, and is named."""
    with pytest.raises(ValueError, match="a word of 9 pieces and an overlap of 4 do not fit a window of 12"):
        list(plan([9], [], 12, 4))
