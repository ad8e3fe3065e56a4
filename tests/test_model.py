"""What the shipped pipeline in models/en_news must get right: easy cases of each kind, and its papers.

These are floors, not measurements (those are in models/README.md): every sentence here is plain news English.
"""

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import spacy
from spacy.tokens import Doc

MODEL = Path(__file__).resolve().parent.parent / "models" / "en_news"
LABELS = {"PERSON", "NORP", "ORG", "GPE", "LOC", "FAC", "EVENT", "LAW", "WORK_OF_ART", "PRODUCT"}
PLACES = {"GPE", "LOC", "FAC"}


@cache
def pipeline() -> Any:
    return spacy.load(MODEL)


@cache
def parse(text: str) -> Doc:
    return pipeline()(text)


def names(doc: Doc, labels: Iterable[str]) -> set[str]:
    return {e.text for e in doc.ents if e.label_ in set(labels)}


def analysis(doc: Doc) -> list[tuple[Any, ...]]:
    tokens = [
        (t.text, t.tag_, t.pos_, t.dep_, t.head.i, t.lemma_, t.is_sent_start, t.ent_iob_, t.ent_type_) for t in doc
    ]
    return [*tokens, *((e.start, e.end, e.label_) for e in doc.ents)]


@pytest.mark.parametrize(
    ("text", "kinds", "expected"),
    [
        ("Maria Okello, a farmer, said the rains had come late.", {"PERSON"}, {"Maria Okello"}),
        ("The minister, John Hartley, resigned on Friday.", {"PERSON"}, {"John Hartley"}),
        ("President Ana Delgado met Thomas Becker on Monday.", {"PERSON"}, {"Ana Delgado", "Thomas Becker"}),
        ("The United Nations said that aid had arrived.", {"ORG"}, {"United Nations"}),
        ("The World Health Organization and UNICEF sent doctors.", {"ORG"}, {"World Health Organization", "UNICEF"}),
        ("Thousands of people fled from Sudan to Chad in April.", PLACES, {"Sudan", "Chad"}),
        ("Floods hit the city of Jakarta, Indonesia, on Sunday.", PLACES, {"Jakarta", "Indonesia"}),
        ("Police in London and Paris arrested nine men.", PLACES, {"London", "Paris"}),
        ("Kenya’s government and the European Union signed the deal.", PLACES, {"Kenya"}),
        ("Kenya’s government and the European Union signed the deal.", {"ORG"}, {"European Union"}),
        ("French and Nigerian officials met for two hours.", {"NORP"}, {"French", "Nigerian"}),
        ("The boat sank in the Mediterranean Sea, off Libya.", PLACES, {"Mediterranean Sea", "Libya"}),
    ],
)
def test_names_are_found_without_articles_titles_or_possessives(text: str, kinds: set[str], expected: set[str]) -> None:
    """A name is its own words only, and has the label of its kind."""
    assert names(parse(text), kinds) == expected


def test_plain_words_are_no_names() -> None:
    """A sentence without a name yields none."""
    assert not parse("The rain stopped, and the farmers went back to their fields.").ents


def test_labels_are_the_agreed_ones() -> None:
    """The pipeline can give these labels and no others."""
    assert set(pipeline().get_pipe("reader").labels) == LABELS


@pytest.mark.parametrize(
    ("text", "word", "tag", "pos", "lemma"),
    [
        ("The soldiers were leaving the villages.", "leaving", "VBG", "VERB", "leave"),
        ("The soldiers were leaving the villages.", "villages", "NNS", "NOUN", "village"),
        ("The soldiers were leaving the villages.", "were", "VBD", "AUX", "be"),
        ("She said the children had gone home.", "said", "VBD", "VERB", "say"),
        ("She said the children had gone home.", "children", "NNS", "NOUN", "child"),
        ("She said the children had gone home.", "gone", "VBN", "VERB", "go"),
        ("The old bridge was damaged on 5 March.", "5", "CD", "NUM", "5"),
        ("The old bridge was damaged on 5 March.", "old", "JJ", "ADJ", "old"),
        ("They didn’t find the larger boat.", "n’t", "RB", "PART", "not"),
        ("They didn't find the larger boat.", "larger", "JJR", "ADJ", "large"),
    ],
)
def test_words_have_tags_and_lemmas(text: str, word: str, tag: str, pos: str, lemma: str) -> None:
    """Tags are the Penn Treebank's, parts of speech the universal ones, lemmas the dictionary's."""
    (token,) = [t for t in parse(text) if t.text == word]
    assert (token.tag_, token.pos_, token.lemma_) == (tag, pos, lemma)


@pytest.mark.parametrize(
    ("text", "word", "dep", "head"),
    [
        ("The army killed four people.", "army", "nsubj", "killed"),
        ("The army killed four people.", "people", "obj", "killed"),
        ("The army killed four people.", "four", "nummod", "people"),
        ("Four people were killed by the army.", "people", "nsubj:pass", "killed"),
        ("The minister said that the dam had burst.", "minister", "nsubj", "said"),
        ("The minister said that the dam had burst.", "burst", "ccomp", "said"),
        ("“We lost everything,” said the farmer.", "farmer", "nsubj", "said"),
    ],
)
def test_heads_are_those_of_universal_dependencies(text: str, word: str, dep: str, head: str) -> None:
    """Who did what to whom is read from Universal Dependencies labels."""
    (token,) = [t for t in parse(text) if t.text == word]
    assert (token.dep_, token.head.text) == (dep, head)


@pytest.mark.parametrize(
    "sentences",
    [
        ["The river rose overnight.", "Hundreds of families left their homes.", "Nobody was hurt."],
        ["Mr. Okello lives in Nairobi.", "He has two sons."],
        ["“We will rebuild,” she said.", "“It may take years.”"],
    ],
)
def test_sentences_start_where_they_should(sentences: list[str]) -> None:
    """Running text is cut into its sentences; an abbreviation's full stop ends none."""
    assert [s.text for s in parse(" ".join(sentences)).sents] == sentences


def test_a_paragraph_break_ends_a_sentence() -> None:
    """A headline without a full stop does not run into the text below it."""
    doc = parse("Floods leave thousands homeless\n\nHeavy rain fell on Tuesday. Roads were closed.")
    assert [s.text.strip() for s in doc.sents] == [
        "Floods leave thousands homeless",
        "Heavy rain fell on Tuesday.",
        "Roads were closed.",
    ]


def test_a_text_has_one_analysis_alone_or_in_a_batch() -> None:
    """Neither the neighbours in a batch nor an earlier call change the answer."""
    texts = [
        "Police in Lima arrested Jorge Prado on Tuesday.",
        "The Red Cross sent 40 tents to northern Mali.",
        "",
        "Officials did not comment. The “temporary” camp stays open, the ministry said.",
    ]
    alone = [analysis(pipeline()(t)) for t in texts]
    assert [analysis(d) for d in pipeline().pipe(texts * 3, batch_size=5)] == alone * 3


def test_the_folder_is_small() -> None:
    """The model travels with the repository."""
    assert sum(f.stat().st_size for f in MODEL.rglob("*") if f.is_file()) < 40_000_000


def test_the_papers_are_in_order() -> None:
    """The meta data names the licence and every source with its own, and no path of the training machine."""
    meta = json.loads((MODEL / "meta.json").read_text("utf8"))
    assert (meta["name"], meta["version"], meta["license"]) == ("en_news", "0.2.0", "CC-BY-SA-4.0")
    assert len(meta["sources"]) >= 10
    assert all(source["name"] and source["license"] and source["url"] for source in meta["sources"])
