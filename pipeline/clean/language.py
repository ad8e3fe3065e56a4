"""Which language an article is in, by its own words.

The words decide over what a page says of itself, because templates carry the language of the site and
not of the story. Only English is read further, so every doubt is settled in its favour: a text counts as
foreign if there is enough of it, the identifier is sure of it, and hardly a stretch of it is English.
"""

from __future__ import annotations

import functools
import re
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

SAMPLE = 4_000
"""Characters of the story that are looked at."""
OPENING = 1_000
"""An opening of so many characters that is surely English is English enough for the rest not to be looked at."""
ENOUGH = 120
"""Letters below which a text does not tell its language: half of such texts are a headline or a list of names."""
STRETCH = 160
"""Short paragraphs are put together up to so many characters, and long ones cut to a few times as many, to be judged."""
SURE = 0.9
"""Least probability, the mean over all stretches by length, of a foreign language and its nearest relative together,
so that Malay beside Indonesian or Slovak beside Czech is no doubt about English."""
ENGLISH_SHARE = 0.2
"""From this share of English on, by length, an article with foreign quotations or comments is English."""
_CODE = re.compile(r"([a-zA-Z]{2})(?:[-_].*)?$")
_NOT_OF_NEWS = frozenset({"la", "vo", "sa"})
"""Two-letter codes that no newspaper is printed in; lists of names fall to them."""


def code(given: str | None) -> str | None:
    """The ISO 639-1 code in ``given`` ("en-US"), or None where it is none."""
    match = _CODE.match((given or "").strip())
    return match[1].lower() if match else None


def identify(paragraphs: Sequence[str]) -> tuple[str, float] | None:
    """(ISO 639-1 code, probability) of a story, or None where there is too little of it or no language stands out.

    Args:
        paragraphs: folded texts of the story, in order; the first ``SAMPLE`` characters count.
    """
    opening = " ".join(_cut(paragraphs, OPENING))
    if sum(map(str.isalpha, opening)) >= ENOUGH:
        language, probability = _identifier().classify(opening)
        if language == "en" and probability >= SURE:
            return language, probability
    stretches = list(_stretches(paragraphs))
    weight = {stretch: sum(map(str.isalpha, stretch)) for stretch in stretches}
    total = sum(weight.values())
    if total < ENOUGH:
        return None
    found: Counter[str] = Counter()
    for stretch, letters in weight.items():
        for language, probability in _identifier().rank(stretch)[:5]:
            found[language] += probability * letters / total
    if found["en"] >= ENGLISH_SHARE:
        return "en", found["en"]
    ranked = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    sure = sum(probability for _, probability in ranked[:2])
    return ranked[0] if sure >= SURE and ranked[0][1] >= SURE / 2 else None


def _cut(paragraphs: Sequence[str], most: int) -> Iterator[str]:
    """The first ``most`` characters of ``paragraphs``."""
    for paragraph in paragraphs:
        yield paragraph[:most]
        most -= len(paragraph)
        if most <= 0:
            return


def _stretches(paragraphs: Sequence[str]) -> Iterator[str]:
    """The first ``SAMPLE`` characters in stretches of whole paragraphs, or parts of long ones."""
    held = ""
    for paragraph in _cut(paragraphs, SAMPLE):
        for part in textwrap.wrap(paragraph, 4 * STRETCH):
            held = f"{held} {part}".strip()
            if len(held) >= STRETCH:
                yield held
                held = ""
    if held:
        yield held


@functools.cache
def _identifier() -> LanguageIdentifier:
    """The identifier, loaded once per process and bound to the languages with a two-letter code."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([name for name in identifier.labels if len(name) == 2 and name not in _NOT_OF_NEWS])
    return identifier
