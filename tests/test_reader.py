"""The component that reads: what it feeds the network, and what it writes into the Docs. No weights are needed."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import spacy
from spacy.language import Language
from spacy.lookups import Lookups
from spacy.tokens import Doc

from pipeline.errors import ModelError
from pipeline.nlp import model, network
from pipeline.nlp.pieces import Vocabulary
from pipeline.nlp.reader import Reader

PIECES = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    *"abcdefghijklmnopqrstuvwxyz.,'",
    *(f"##{c}" for c in "abcdefghijklmnopqrstuvwxyz"),
]
WORDS = ["amina", "yusuf", "left", "mombasa", "she", "sang", "boats", "the", "are"]
CARD: dict[str, Any] = {
    "names": ["O", "B-PERSON", "I-PERSON", "B-GPE", "I-GPE"],
    "tags": ["NN", "NNP", "NNS", "PRP", "VBD", "DT", "."],
    "pos": ["NOUN", "PROPN", "PRON", "VERB", "DET", "PUNCT"],
    "deps": ["nsubj", "ROOT", "obj", "flat", "det", "punct", "dep"],
    "pairs": [[0, 0], [1, 1], [2, 0], [3, 2], [4, 3], [5, 4], [6, 5]],
    "window": 64,
    "overlap": 16,
    "certainty": {"high": 0.97, "medium": 0.8},
    "temperature": 1.0,
}
OUTPUTS = ("names", "tags", "pos", "starts", "arcs", "dep_side", "head_side")


class Chance:
    """A network whose every number depends on all that stands in the window."""

    def __init__(self) -> None:
        self.fed: list[dict[str, Any]] = []

    def run(self, outputs: Sequence[str], feed: dict[str, Any]) -> list[Any]:
        assert tuple(outputs) == OUTPUTS
        self.fed.append(feed)
        chance = np.random.default_rng(zlib.crc32(b"".join(feed[name].tobytes() for name in sorted(feed))))
        count, width = len(feed["words"]), 3
        last = [5, 7, 6, (), count, (7, width), width]
        return [chance.normal(size=(count, *np.atleast_1d(n).astype(int))).astype(np.float32) for n in last]


SAID = {
    "amina": ("B-PERSON", "NNP", "PROPN", 2, "nsubj"),
    "yusuf": ("I-PERSON", "NNP", "PROPN", -1, "flat"),
    "left": ("O", "VBD", "VERB", 0, "ROOT"),
    "mombasa": ("B-GPE", "NNP", "PROPN", -1, "obj"),
    ".": ("O", ".", "PUNCT", -2, "punct"),
    "are": ("O", "VBD", "VERB", 0, "ROOT"),
    "she": ("O", "PRP", "PRON", 1, "nsubj"),
    "sang": ("O", "VBD", "VERB", 0, "ROOT"),
    "boats": ("O", "NNS", "NOUN", -1, "obj"),
    "the": ("O", "DT", "DET", 1, "det"),
}


class Told:
    """A network that says of each word what ``SAID`` does: name, tag, part of speech, head (steps away), relation."""

    def __init__(self, starts: Iterable[str] = ("she",), sure: float = 9.0) -> None:
        self.starts, self.sure = set(starts), sure

    def run(self, outputs: Sequence[str], feed: dict[str, Any]) -> list[Any]:
        words = [(PIECES + WORDS)[n] for n in feed["pieces"][feed["words"]]]
        count = len(words)
        tables = {
            name: np.zeros((count, len(CARD[name])), dtype=np.float32) for name in ("names", "tags", "pos", "deps")
        }
        arcs = np.zeros((count, count), dtype=np.float32)
        for i, word in enumerate(words):
            for column, label in zip(("names", "tags", "pos"), SAID[word][:3], strict=True):
                tables[column][i, CARD[column].index(label)] = self.sure
            tables["deps"][i, CARD["deps"].index(SAID[word][4])] = self.sure
            arcs[i, min(max(i + SAID[word][3], 0), count - 1)] = self.sure
        starts = np.array([1.0 if word in self.starts else -1.0 for word in words], dtype=np.float32)
        dep_side = tables["deps"][:, :, None]
        return [tables["names"], tables["tags"], tables["pos"], starts, arcs, dep_side, np.ones((count, 1), np.float32)]


def vocabulary(folder: Path) -> Path:
    path = folder / "vocab.txt"
    path.write_text("\n".join(PIECES + WORDS) + "\n", "utf8")
    return path


def make_nlp(folder: Path, session: Any, **card: Any) -> Language:
    """A pipeline of the reader alone, with a stand-in for its network."""
    nlp = spacy.blank("en")
    reader = nlp.add_pipe("reader")
    assert isinstance(reader, Reader)
    reader.use({**CARD, **card}, Vocabulary(vocabulary(folder)), session)
    return nlp


def analysis(doc: Doc) -> list[Any]:
    words = [(t.tag_, t.pos_, t.dep_, t.head.i, t.is_sent_start, t.ent_iob_, t.ent_type_, str(t.morph)) for t in doc]
    return [*words, doc.user_data["name_probabilities"]]


def test_a_sentence_is_written_into_the_doc(tmp_path: Path) -> None:
    """Tags, parts of speech, features that follow from the tag, heads, relations, sentences and names."""
    doc = make_nlp(tmp_path, Told())("Amina Yusuf left Mombasa. She sang.")
    assert [(t.text, t.tag_, t.pos_, t.dep_, t.head.text) for t in doc][:5] == [
        ("Amina", "NNP", "PROPN", "nsubj", "left"),
        ("Yusuf", "NNP", "PROPN", "flat", "Amina"),
        ("left", "VBD", "VERB", "ROOT", "left"),
        ("Mombasa", "NNP", "PROPN", "obj", "left"),
        (".", ".", "PUNCT", "punct", "left"),
    ]
    assert [str(t.morph) for t in doc][:3] == ["Number=Sing", "Number=Sing", "Mood=Ind|Tense=Past|VerbForm=Fin"]
    assert [s.text for s in doc.sents] == ["Amina Yusuf left Mombasa.", "She sang."]
    assert [(e.text, e.label_) for e in doc.ents] == [("Amina Yusuf", "PERSON"), ("Mombasa", "GPE")]
    assert [c.text for c in doc.noun_chunks] == ["Amina Yusuf", "Mombasa", "She"]


@pytest.mark.parametrize(
    ("text", "sentences", "names"),
    [
        ("Amina  Yusuf left", ["Amina  Yusuf left"], ["Amina  Yusuf"]),
        ("  She sang", ["  She sang"], []),
        ("She sang  ", ["She sang  "], []),
        ("Amina\nYusuf left", ["Amina\n", "Yusuf left"], ["Amina"]),
        ("Mombasa\n\n", ["Mombasa\n\n"], ["Mombasa"]),
        ("She sang \n\n \n boats", ["She sang \n\n \n ", "boats"], []),
        ("  ", ["  "], []),
        ("", [], []),
    ],
)
def test_white_space_is_no_word(tmp_path: Path, text: str, sentences: list[str], names: list[str]) -> None:
    """It hangs on the word before it, else on the next; it is in a name only between that name's words."""
    doc = make_nlp(tmp_path, Told())(text)
    assert [s.text for s in doc.sents] == sentences
    assert [e.text for e in doc.ents] == names
    for token in doc:
        if token.is_space and not text.isspace():
            assert (token.tag_, token.pos_, token.dep_) == ("_SP", "SPACE", "dep")
            assert token.head.i == (token.i - 1 if token.i else 1) or doc[token.i - 1].is_space


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["She sang."], ["[CLS] she sang . [SEP]"]),
        (["She sang.", "The boats left."], ["[CLS] she sang . [SEP] the boats left . [SEP]"]),
        (["She sang.\n\nThe boats left."], ["[CLS] she sang . [SEP] the boats left . [SEP]"]),
        (["\nShe  sang. \n", "  ", "", "\nShe left"], ["[CLS] she sang . [SEP] she left [SEP]"]),
        (["She left", "she " * 60], ["[CLS] she left [SEP]", "[CLS] " + "she " * 60 + "[SEP]"]),
        (["xy"], ["[CLS] x ##y [SEP]"]),
        (["", " "], []),
    ],
)
def test_what_the_network_is_fed(tmp_path: Path, texts: list[str], expected: list[str]) -> None:
    """One mark at each paragraph or line break, none at the beginning; white space is not fed."""
    session = Chance()
    nlp = make_nlp(tmp_path, session)
    nlp.get_pipe("reader").read([nlp.make_doc(text) for text in texts])
    assert [" ".join((PIECES + WORDS)[n] for n in feed["pieces"]) for feed in session.fed] == expected


def test_shapes_and_first_pieces_are_fed(tmp_path: Path) -> None:
    """Each piece has its word's shape; each word is known by its first piece."""
    session = Chance()
    make_nlp(tmp_path, session)("xy LEFT Mombasa .")
    (feed,) = session.fed
    assert feed["shapes"].tolist() == [0, 1, 1, 3, 2, 0, 0]
    assert feed["words"].tolist() == [1, 3, 4, 5]
    assert {a.dtype for a in feed.values()} == {np.dtype(np.int64)}


TEXTS = [f"Amina {'xyz ' * (n % 7)}left. She sang{' the boats' * (n % 50)}.\nMombasa left." for n in range(70)]


@pytest.mark.parametrize("batch_size", [1, 8, 64])
def test_no_company_moves_an_answer(tmp_path: Path, batch_size: int) -> None:
    """A text alone and in a crowd has the same analysis to the last digit, whatever the batch."""
    nlp = make_nlp(tmp_path, Chance())
    crowd = [analysis(doc) for doc in nlp.pipe(TEXTS, batch_size=batch_size)]
    assert crowd == [analysis(nlp(text)) for text in TEXTS]
    assert crowd[::-1] == [analysis(doc) for doc in nlp.pipe(TEXTS[::-1], batch_size=batch_size)]


def test_paragraphs_of_one_article_are_read_together(tmp_path: Path) -> None:
    """A paragraph's answer depends on its neighbours when they are read together, and on nothing when it is alone."""
    nlp = make_nlp(tmp_path, Chance())
    texts = ["Amina left Mombasa.", "She sang the boats"]
    together = [analysis(doc) for doc in model.parse(nlp, texts)]
    assert together == [analysis(doc) for doc in model.parse(nlp, texts)]
    assert together[1] != analysis(nlp(texts[1]))
    assert analysis(model.parse(nlp, texts[1:])[0]) == analysis(nlp(texts[1]))


def test_together_or_as_lines_of_one_text_is_the_same_reading(tmp_path: Path) -> None:
    """Paragraphs read together get what they would get as lines of one Doc."""
    nlp = make_nlp(tmp_path, Chance())
    texts = ["Amina left Mombasa. " * 5, "She sang.", "The boats left. " * 20]
    apart = [t.tag_ + t.dep_ + t.ent_iob_ for doc in model.parse(nlp, texts) for t in doc if not t.is_space]
    (whole,) = model.parse(nlp, ["\n\n".join(texts)])
    assert [t.tag_ + t.dep_ + t.ent_iob_ for t in whole if not t.is_space] == apart


def test_names_and_sentences_stay_within_their_paragraph(tmp_path: Path) -> None:
    """A name that would run on into the next paragraph ends, and a sentence begins there whatever the network says."""
    nlp = make_nlp(tmp_path, Told(starts=()))
    docs = model.parse(nlp, ["She left Amina", "Yusuf sang"])
    assert [[e.text for e in doc.ents] for doc in docs] == [["Amina"], []]
    assert [[s.text for s in doc.sents] for doc in docs] == [["She left Amina"], ["Yusuf sang"]]


@pytest.mark.parametrize(
    ("preset", "expected"),
    [
        (None, ["The boats left.", "She sang."]),
        (False, ["The boats left. She sang."]),
        (True, ["The boats left.", "She", "sang."]),
    ],
)
def test_marked_places_are_respected(tmp_path: Path, preset: bool | None, expected: list[str]) -> None:
    """A sentence begins where it was said that one must, and not where it was said that none may."""
    nlp = make_nlp(tmp_path, Told())
    doc = nlp.make_doc("The boats left. She sang.")
    doc[5 if preset else 4].is_sent_start = preset
    (doc,) = nlp.pipe([doc])
    assert [s.text for s in doc.sents] == expected


def test_features_follow_from_tag_and_word(tmp_path: Path) -> None:
    """A base form in the present has no number, by which the rules for lemmas know it; "are" is no base form."""
    tags = [tag.replace("VBD", "VBP") for tag in CARD["tags"]]
    doc = make_nlp(tmp_path, Told(), tags=tags)("Boats sang. Are the boats left.")
    features = {t.text: str(t.morph) for t in doc}
    assert features["sang"] == "Mood=Ind|Tense=Pres|VerbForm=Fin"
    assert features["Are"] == "Mood=Ind|Number=Plur|Tense=Pres|VerbForm=Fin"


def test_no_sentence_begins_within_a_name(tmp_path: Path) -> None:
    """The name holds it together."""
    doc = make_nlp(tmp_path, Told(starts=["yusuf"]))("Amina Yusuf left.")
    assert len(list(doc.sents)) == 1


def test_every_sentence_is_one_tree(tmp_path: Path) -> None:
    """One root, which alone is called ROOT, and no arc leaves the sentence, whatever the network says."""
    nlp = make_nlp(tmp_path, Chance())
    for doc in (*nlp.pipe(TEXTS[:30]), nlp("she sang " * 400)):
        for sentence in doc.sents:
            assert [t.i for t in sentence if t.head.i == t.i] == [t.i for t in sentence if t.dep_ == "ROOT"]
            assert len([t for t in sentence if t.dep_ == "ROOT"]) == 1
            assert all(sentence.start <= t.head.i < sentence.end for t in sentence)


class Tangled(Chance):
    """A network by which each word hangs on one somewhere in its half of the text, all in one chain."""

    def run(self, outputs: Sequence[str], feed: dict[str, Any]) -> list[Any]:
        rows = dict(zip(outputs, super().run(outputs, feed), strict=True))
        count = len(feed["words"])
        rows["arcs"][:] = 0
        for first, last in ((0, count // 2), (count // 2, count)):
            places = first + np.random.default_rng(5).permutation(last - first)
            rows["arcs"][places, [places[0], *places[:-1]]] = 9
        rows["names"][:, 0] = 9
        rows["starts"] = np.where(np.arange(count) == count // 2, 1.0, -1.0)
        return [rows[name] for name in outputs]


def test_sentences_hold_however_tangled_their_arcs(tmp_path: Path) -> None:
    """Their limits are the reader's own: spaCy's, which follow the arcs, lose their way in long tangles."""
    nlp = make_nlp(tmp_path, Tangled(), window=512)
    doc = nlp(Doc(nlp.vocab, words=["she"] * 400))
    assert [s.start for s in doc.sents] == [0, 200]


@pytest.mark.parametrize(("sure", "level"), [(9.0, "high"), (3.6, "medium"), (1.0, "low")])
def test_names_say_how_sure_they_are(tmp_path: Path, sure: float, level: str) -> None:
    """One probability and one level a name, in the order of doc.ents."""
    doc = make_nlp(tmp_path, Told(sure=sure))("Mombasa left Mombasa.")
    assert doc.user_data["name_certainty"] == [level, level]
    one = np.exp(sure) / (np.exp(sure) + 4)
    on = 1 / (np.exp(sure) + 4)
    assert doc.user_data["name_probabilities"] == pytest.approx([one * (1 - on)] * 2)


def test_a_giant_is_read_in_bounded_pieces(tmp_path: Path) -> None:
    """Twenty thousand words without a break: every window keeps its size and every word its tag."""
    session = Chance()
    nlp = make_nlp(tmp_path, session)
    doc = nlp.get_pipe("reader")(Doc(nlp.vocab, words=["she", "sang"] * 10_000))
    assert max(len(feed["pieces"]) for feed in session.fed) == CARD["window"]
    assert all(doc.to_array("TAG"))
    assert max(len(s) for s in doc.sents) <= 300


def folder_of(path: Path) -> Path:
    """A folder as ``to_disk`` leaves it, with a few bytes in the place of the network."""
    path.mkdir()
    vocabulary(path)
    (path / "network.onnx").write_bytes(b"weights")
    digests = {name: sha256((path / name).read_bytes()).hexdigest() for name in ("network.onnx", "vocab.txt")}
    (path / "reader.json").write_text(json.dumps({**CARD, "sha256": digests}), "utf8")
    return path


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    """The message has the file, what was expected, what was found, and what to do."""
    folder = folder_of(tmp_path / "reader")
    (folder / "network.onnx").write_text("version https://git-lfs.github.com/spec/v1\n", "utf8")
    with pytest.raises(ValueError, match="fetch the repository again") as told:
        Reader(spacy.blank("en").vocab).from_disk(folder)
    for part in (
        "network.onnx",
        sha256(b"weights").hexdigest(),
        sha256((folder / "network.onnx").read_bytes()).hexdigest(),
    ):
        assert part in str(told.value)


def test_without_a_network_it_says_so() -> None:
    """A reader fresh from ``add_pipe`` cannot read."""
    nlp = spacy.blank("en")
    nlp.add_pipe("reader")
    with pytest.raises(ValueError, match="component 'reader' has no network"):
        nlp("She sang.")


def test_it_is_kept_and_brought_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through a folder and through bytes, and a whole pipeline with it."""
    monkeypatch.setattr(network, "session", lambda path: Told())
    folder = folder_of(tmp_path / "reader")
    nlp = spacy.blank("en")
    nlp.add_pipe("reader").from_disk(folder)
    nlp.to_disk(tmp_path / "kept")
    again = spacy.load(tmp_path / "kept")
    third = spacy.blank("en")
    third.add_pipe("reader").from_bytes(again.get_pipe("reader").to_bytes())
    third.to_disk(tmp_path / "third")
    for name in ("network.onnx", "vocab.txt", "reader.json"):
        assert (tmp_path / "third" / "reader" / name).read_bytes() == (folder / name).read_bytes()
    text = "Amina Yusuf left Mombasa. She sang."
    assert analysis(nlp(text)) == analysis(again(text)) == analysis(third(text))
    assert again.get_pipe("reader").labels == ("GPE", "PERSON")


@pytest.mark.parametrize(
    ("components", "lacking"),
    [
        (["reader", "lemmatizer"], None),
        (["reader"], "lemmatizer (lemmas)"),
        (["lemmatizer", "ner"], "parser (sentences and heads), tagger (tags)"),
        (["parser", "tagger", "lemmatizer", "entity_ruler"], None),
    ],
)
def test_what_a_pipeline_must_give(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, components: list[str], lacking: str | None
) -> None:
    """Any components will do that give sentences and heads, tags, lemmas and names between them."""
    nlp = spacy.blank("en")
    for name in components:
        nlp.add_pipe(name)
    monkeypatch.setattr(spacy, "load", lambda _: nlp)
    if lacking is None:
        assert model.load(str(tmp_path)) is nlp
    else:
        with pytest.raises(ModelError) as told:
            model.load(str(tmp_path))
        assert f"lacks {lacking};" in str(told.value)


def test_lemmas_stay_what_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The word lists of the rules for lemmas are made faster to search, and nothing else."""

    def ruled() -> Language:
        nlp = spacy.blank("en")
        for name in ("parser", "tagger", "ner"):
            nlp.add_pipe(name)
        lookups = Lookups()
        lookups.add_table("lemma_rules", {"noun": [["es", ""], ["s", ""], ["ies", "y"]]})
        lookups.add_table("lemma_index", {"noun": ["boat", "echo", "city"]})
        lookups.add_table("lemma_exc", {"noun": {"men": ["man"]}})
        nlp.add_pipe("lemmatizer").initialize(lookups=lookups)
        return nlp

    plain, quick = ruled(), ruled()
    monkeypatch.setattr(spacy, "load", lambda _: quick)
    model.load(str(tmp_path))
    assert not isinstance(quick.get_pipe("lemmatizer").lookups.get_table("lemma_index")["noun"], list)
    words = ["boats", "echoes", "cities", "men", "zorbos"]
    lemmas = [
        [t.lemma_ for t in nlp.get_pipe("lemmatizer")(Doc(nlp.vocab, words=words, pos=["NOUN"] * 5))]
        for nlp in (plain, quick)
    ]
    assert lemmas[0] == lemmas[1] == ["boat", "echo", "city", "man", "zorbo"]


PHRASES = "the old boats of Amina 's brother Yusuf reached Mombasa and the red , dry island"


@pytest.mark.parametrize(
    ("words", "pos", "heads", "deps", "expected"),
    [
        (
            PHRASES,
            "DET ADJ NOUN ADP PROPN PART NOUN PROPN VERB PROPN CCONJ DET ADJ PUNCT ADJ NOUN",
            [2, 2, 8, 6, 6, 4, 2, 6, 8, 8, 15, 15, 15, 15, 15, 9],
            "det amod nsubj case nmod:poss case nmod appos ROOT obj cc det amod punct amod conj",
            ["the old boats", "Amina 's brother", "Yusuf", "Mombasa", "the red , dry island"],
        ),
        (
            "Amina Yusuf is a health minister",
            "PROPN PROPN AUX DET NOUN NOUN",
            [5, 0, 5, 5, 5, 5],
            "nsubj flat cop det compound ROOT",
            ["Amina Yusuf", "a health minister"],
        ),
    ],
)
def test_noun_phrases(words: str, pos: str, heads: list[int], deps: str, expected: list[str]) -> None:
    """Base noun phrases by universal relations, none within another, prepositions left out."""
    nlp = spacy.blank("en")
    nlp.add_pipe("reader")
    doc = Doc(nlp.vocab, words=words.split(), pos=pos.split(), heads=heads, deps=deps.split())
    assert [c.text for c in doc.noun_chunks] == expected
