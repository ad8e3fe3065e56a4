"""A trained network -> a folder that spaCy loads: whole-number weights in ONNX, lemma tables, a card."""

from __future__ import annotations

import hashlib
import itertools
import json
import shutil
import tempfile
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from pipeline.nlp.network import OUTPUTS
from recipe.lesson import NAME_TAGS, Labels, opening

if TYPE_CHECKING:
    from recipe.network import Network
    from recipe.sets import Sentence

WINDOW, OVERLAP = 200, 64
"""Pieces of a window that is read, and of what two windows of one long paragraph share."""

HABIT = "uner_ewt"
"""The set whose habit the network follows when it reads, see models/README.md."""


class _WholeNumbers(nn.Module):
    """An embedding kept in eight bits a value, with one scale for each row: a quarter of the size."""

    def __init__(self, weight: Tensor) -> None:
        super().__init__()
        scale = weight.abs().amax(1, keepdim=True).clamp(min=1e-8) / 127
        self.register_buffer("rows", (weight / scale).round().to(torch.int8))
        self.register_buffer("scale", scale)

    def forward(self, numbers: Tensor) -> Tensor:
        return self.rows[numbers].float() * self.scale[numbers]


class _OneWindow(nn.Module):
    """The network for one window, without a batch, told to follow one habit."""

    def __init__(self, network: Network, habit: int) -> None:
        super().__init__()
        self.network = network
        self.register_buffer("habit", torch.tensor([habit]))

    def forward(self, pieces: Tensor, shapes: Tensor, words: Tensor) -> tuple[Tensor, ...]:
        shapes = torch.cat([self.habit, shapes[1:]])
        scores = self.network(pieces.unsqueeze(0), shapes.unsqueeze(0), words.unsqueeze(0))
        return tuple(scores[name].squeeze(0) for name in OUTPUTS)


def write_onnx(network: Network, path: Path, habit: int) -> None:
    """The network as ONNX: the encoder's matrices in whole numbers, scaled at run time, the rest in floats.

    Seven bits of the eight are used, since processors without VNNI would overflow and answer differently.
    """
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    network = network.eval()
    network.pieces = _WholeNumbers(network.pieces.weight.detach())
    example = (torch.tensor([101, 2000, 2001, 102]), torch.tensor([0, 1, 1, 0]), torch.tensor([1, 2]))
    with tempfile.TemporaryDirectory() as scratch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exact = Path(scratch) / "exact.onnx"
        axes = {name: {0: "piece"} for name in ("pieces", "shapes")} | {"words": {0: "word"}}
        axes |= {name: {0: "word"} for name in OUTPUTS} | {"arcs": {0: "word", 1: "word"}}
        torch.onnx.export(
            _OneWindow(network, habit),
            example,
            exact,
            dynamo=False,
            input_names=["pieces", "shapes", "words"],
            output_names=list(OUTPUTS),
            dynamic_axes=axes,
            opset_version=17,
        )
        graph = onnx.load(exact).graph
        outside = [n.name for n in graph.node if n.op_type == "MatMul" and "/layers" not in n.name]
        quantize_dynamic(
            exact,
            path,
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul"],
            nodes_to_exclude=outside,
        )


# --- lemmas: WordNet's tables, with the treebank's exceptions ----------------------------------------------
CLOSED = ("AUX", "DET", "PART", "PRON")  # every form seen gets its own line
OPEN = ("ADJ", "ADV", "NOUN", "PROPN", "VERB")


def lemma_tables(sentences: Iterable[Sentence], nlp: Any) -> Any:
    """Lookups for the rule lemmatizer: the published tables plus what the treebank's lemmas add.

    A form becomes an exception when it has one lemma in at least four of five places, and for the open classes also
    at least twice and only where the rules alone would answer otherwise.
    """
    from spacy.lookups import Lookups, load_lookups
    from spacy.strings import get_string_id
    from spacy.tokens import Doc

    from pipeline import resources

    features = {row["tag"]: row["features"] for row in resources.rows("tag_features.csv")}
    published = load_lookups("en", ["lemma_rules", "lemma_exc", "lemma_index"])
    tables = {name: dict(published.get_table(name).items()) for name in published.tables}
    lookups = Lookups()
    for name, table in tables.items():
        lookups.add_table(name, table)
    lemmatizer = nlp.add_pipe("lemmatizer", config={"mode": "rule"})
    lemmatizer.initialize(lookups=lookups)
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    ruled: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for sentence in sentences:
        tree = sentence.tree
        if tree is None:
            continue
        morphs = [features.get(tag, "") for tag in tree.tags]
        doc = lemmatizer(Doc(nlp.vocab, words=list(sentence.words), pos=list(tree.pos), morphs=morphs))
        for word, pos, lemma, token in zip(sentence.words, tree.pos, tree.lemmas, doc, strict=True):
            key = (word.lower().replace("’", "'"), pos)
            counts[key][lemma] += 1
            ruled[key][token.lemma_] += 1
    nlp.remove_pipe("lemmatizer")
    # the outer keys are hashes of the part of speech, as spaCy's tables have them
    exceptions = {k: dict(v) for k, v in tables["lemma_exc"].items()}
    for (form, pos), lemmas in sorted(counts.items()):
        lemma, count = max(lemmas.items(), key=lambda item: (item[1], item[0]))
        agreed = count >= 0.8 * lemmas.total()
        new = ruled[form, pos].most_common(1)[0][0] != lemma and count >= 2
        if agreed and " " not in lemma and (pos in CLOSED or (pos in OPEN and new)):
            for variant in dict.fromkeys((form, form.replace("'", "’"))):
                exceptions.setdefault(get_string_id(pos.lower()), {})[variant] = [lemma]
    for form in sorted({f for f, _ in counts}):
        if "'" in form[:2] or form in ("ca", "wo"):  # contractions, whatever part of speech they are taken for
            whole = sum((c for (f, _), c in counts.items() if f == form), Counter[str]())
            for pos, variant in itertools.product(OPEN, dict.fromkeys((form, form.replace("'", "’")))):
                exceptions.setdefault(get_string_id(pos.lower()), {}).setdefault(variant, [whole.most_common(1)[0][0]])
    learnt = Lookups()
    for name, table in (tables | {"lemma_exc": exceptions}).items():
        learnt.add_table(name, table)
    return learnt


# --- assembly ----------------------------------------------------------------------------------------------
def write_folder(
    out: Path,
    network: Network,
    labels: Labels,
    vocabulary: Path,
    sentences: list[Sentence],
    card: dict[str, Any],
    nlp: Any,
) -> None:
    """Write the spaCy pipeline beside ``out`` and swap it in, so that ``out`` is never half written.

    Args:
        out: the folder.
        network: trained.
        labels: of the network.
        vocabulary: the base model's ``vocab.txt``.
        sentences: the training sentences, for the lemmas of their trees.
        card: what ``meta.json`` is to say, and under ``reader`` what ``reader.json`` is to say besides.
        nlp: a blank pipeline with the tokenizer that the training used.
    """
    tables = lemma_tables(sentences, nlp)
    reader = nlp.add_pipe("reader")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        write_onnx(network, folder / "network.onnx", opening(HABIT))
        shutil.copyfile(vocabulary, folder / "vocab.txt")
        digests = {
            name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in ("network.onnx", "vocab.txt")
        }
        about = {
            "names": list(NAME_TAGS),
            "tags": labels.tags,
            "pos": labels.pos,
            "deps": labels.deps,
            "pairs": labels.pairs(sentences),
            "window": WINDOW,
            "overlap": OVERLAP,
            **card.pop("reader"),
            "sha256": digests,
        }
        (folder / "reader.json").write_text(json.dumps(about, indent=1) + "\n", "utf8")
        reader.from_disk(folder)
        nlp.add_pipe("lemmatizer", config={"mode": "rule"}).initialize(lookups=tables)
        nlp.meta.update(card)
        fresh, old = out.with_name(out.name + ".new"), out.with_name(out.name + ".old")
        for gone in (fresh, old):
            shutil.rmtree(gone, ignore_errors=True)
        nlp.to_disk(fresh)
    _keep_own_strings(nlp, fresh / "vocab" / "strings.json", labels)
    if out.exists():
        out.rename(old)
    fresh.rename(out)
    shutil.rmtree(old, ignore_errors=True)


def _keep_own_strings(nlp: Any, path: Path, labels: Labels) -> None:
    """Leave the words of the training texts out of the string table: analysis needs only labels."""
    import spacy

    own = set(spacy.blank("en").vocab.strings) | {*labels.tags, *labels.pos, *labels.deps}
    path.write_text(json.dumps([s for s in json.loads(path.read_text("utf8")) if s in own]), "utf8")
