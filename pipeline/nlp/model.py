"""Loading a spaCy pipeline, and parsing paragraphs with it.

Speed: spaCy's own matrix library does not know newer processors; NumPy's, on one thread, is 1.4
times as fast with the same answers, so it is chosen before the model loads. Do not call
``spacy.require_cpu`` afterwards: it undoes the choice.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import resources
from pipeline.errors import ModelError

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

DEFAULT_MODEL = Path(__file__).resolve().parents[2] / "models" / "en_news"
_NEEDED = {
    "token.dep": "parser (sentences and heads)",
    "token.tag": "tagger (tags)",
    "token.lemma": "lemmatizer (lemmas)",
    "doc.ents": "ner (names)",
}
"""What some component must give, as spaCy's components declare it, and the component that usually does."""


def locate(model: str) -> Path | None:
    """The folder of ``model``: a path, or the name of an installed spaCy pipeline; None if there is none."""
    path = Path(model) if model else DEFAULT_MODEL
    if path.is_dir():
        return path
    import spacy.util

    return spacy.util.get_package_path(model) if model and spacy.util.is_package(model) else None


def model_sha256(folder: Path) -> str:
    """SHA-256 over every file of the model, names included, in name order."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts):
        digest.update(path.relative_to(folder).as_posix().encode("utf8") + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def load(model: str = "") -> Language:
    """The spaCy pipeline at ``model`` (default: the shipped one).

    Raises:
        ModelError: it is not there, cannot be loaded, or lacks what extraction needs.
    """
    import spacy
    from thinc.api import NumpyOps, set_current_ops

    folder = locate(model)
    if folder is None:
        raise ModelError(
            f"model {model or DEFAULT_MODEL}: no such folder or installed spaCy pipeline; give --model PATH, or run `make model`"
        )
    set_current_ops(NumpyOps(use_blis=False))
    try:
        nlp = spacy.load(model if model and not Path(model).is_dir() else folder)
    except Exception as error:
        raise ModelError(
            f"model {folder}: spaCy cannot load it ({error}); it may be damaged or made for another version"
        ) from error
    given = {what for name in nlp.pipe_names for what in nlp.get_pipe_meta(name).assigns}
    missing = [usual for what, usual in _NEEDED.items() if what not in given]
    if missing:
        raise ModelError(f"model {folder}: lacks {', '.join(missing)}; choose a pipeline that has them")
    _quicken(nlp)
    return nlp


def _quicken(nlp: Language) -> None:
    """The lists of known words that the rules for lemmas search become keys: same lemmas, in an eighth of the time."""
    for _, component in nlp.pipeline:
        lookups = getattr(component, "lookups", None)
        if lookups is not None and lookups.has_table("lemma_index"):
            table = lookups.get_table("lemma_index")
            for pos, words in table.items():
                table[pos] = dict.fromkeys(words, True)


_MOST_LEMMAS = 200_000
"""Words whose lemmas the lemmatizer may remember: every new name is one, and a corpus has no end of them."""


def parse(nlp: Language, paragraphs: Sequence[str]) -> list[Doc]:
    """One Doc per paragraph. Called once per article, so that no other article can move an answer.

    A component with ``read`` is given the paragraphs together, as one text.
    """
    docs = [_sealed(nlp.make_doc(text)) for text in paragraphs]
    if not any(hasattr(component, "read") for _, component in nlp.pipeline):
        return list(nlp.pipe(docs, batch_size=64))
    for _, component in nlp.pipeline:
        if hasattr(component, "read"):
            component.read(docs)
        else:
            docs = [component(doc) for doc in docs]
        if len(getattr(component, "cache", ())) > _MOST_LEMMAS:
            component.cache.clear()
    return docs


_NUMBERED = re.compile(r"\w+\.\s?\d")
"""An abbreviation and its number."""


def _sealed(doc: Doc) -> Doc:
    """``doc`` with the places marked where no sentence can begin, which the parser then respects.

    Behind an abbreviation and before it ("Prison No. 4", "Col. Marsh", "2 p.m. on"), behind an opening mark, and at a closing one.
    A small word with a capital begins one behind a time of day ("at 2 p.m. She").
    """
    words = abbreviations()
    for token in doc[1:]:
        before = doc[token.i - 1]
        glued = not before.whitespace_
        if before.text == "." and token.i > 1 and not doc[token.i - 2].whitespace_:
            short = doc[token.i - 2].lower_
        else:
            short = before.lower_.rstrip(".") if before.text.endswith(".") else ""
        opening = before.text in {"“", "‘", "(", "["} or (
            before.text in {'"', "'"} and glued and (before.i == 0 or bool(doc[before.i - 1].whitespace_))
        )
        if (
            (short in words["before_names"] and token.is_title)
            or (short in words["before_numbers"] and token.like_num)
            or (short in words["before_small_letters"] and (token.is_lower or token.is_digit))
            or (
                before.is_alpha
                and _NUMBERED.match(doc.text, token.idx)
                and token.lower_.rstrip(".") in words["before_numbers"]
            )
            or opening
            or token.text in {",", ";", ":", ")", "]", "”", "’", "!", "?", "."}
            or (token.text == '"' and glued)
        ):
            token.is_sent_start = False
        elif short in words["before_small_letters"] and token.is_title and token.is_stop:
            token.is_sent_start = True
    return doc


@functools.cache
def abbreviations() -> dict[str, frozenset[str]]:
    """Lists of abbreviations whose full stop hardly ever ends a sentence, without it, in lower case."""
    return {name: frozenset(words) for name, words in resources.toml("sentences.toml").items()}
