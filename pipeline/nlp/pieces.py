"""Words -> what the network reads: pieces of the base model's vocabulary, and the shape of each word.

The base model knows lower-case letters without diacritics only. The case that this loses is given
back as one of a few shapes per word, which the network adds to the word's pieces.
"""

from __future__ import annotations

from pathlib import Path

SHAPES = ("none", "lower", "title", "upper", "initial", "mixed", "digit")
"""Shape names by number; "none" is for marks and for the pieces that are no word."""

START, END = "[CLS]", "[SEP]"
"""Pieces that open and close a window; END also stands at every paragraph break inside it."""

_MOST_PIECES = 24
"""Pieces kept of one word: an address or a chemical formula must not fill a window."""


def shape(word: str) -> int:
    """The number of the shape of ``word`` in ``SHAPES``."""
    if any(ch.isdigit() for ch in word):
        return SHAPES.index("digit")
    letters = [ch for ch in word if ch.isalpha()]
    if not letters:
        return SHAPES.index("none")
    upper = [ch.isupper() for ch in letters]
    if not any(upper):
        return SHAPES.index("lower")
    if len(letters) == 1:
        return SHAPES.index("initial")
    if all(upper):
        return SHAPES.index("upper")
    return SHAPES.index("title" if upper[0] and not any(upper[1:]) else "mixed")


class Vocabulary:
    """The base model's word pieces, from its ``vocab.txt`` (one piece a line, the number is the line's)."""

    def __init__(self, path: Path) -> None:
        from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

        pieces = path.read_text("utf8").splitlines()
        numbers = {piece: number for number, piece in enumerate(pieces)}
        self._tokenizer = Tokenizer(models.WordPiece(numbers, unk_token="[UNK]"))  # noqa: S106
        self._tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
        self._tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        self._known: dict[str, tuple[int, ...]] = {}
        self.start, self.end = numbers[START], numbers[END]
        self._unknown = numbers["[UNK]"]

    def __len__(self) -> int:
        """How many pieces there are."""
        return self._tokenizer.get_vocab_size()

    def numbers(self, word: str) -> tuple[int, ...]:
        """The numbers of the pieces of one word, at least one and at most 24."""
        known = self._known.get(word)
        if known is None:
            known = tuple(self._tokenizer.encode(word, add_special_tokens=False).ids[:_MOST_PIECES])
            known = known or (self._unknown,)
            if len(self._known) < 200_000:
                self._known[word] = known
        return known
