"""Measure pipeline folders on the open scoring sets: the figures of the model card, models side by side.

Names count when both ends and the label are right; a leading "the" and a final "'s" are cut off on both sides first.
Names in the Universal NER sentences, tags, lemmas and heads are found in the set's own words; names in articles and in
``gold/rare_names.txt``, and sentence starts, in running text.
Each model runs in a process of its own, so that its memory and loading time are its own. Everything is on one core,
as Concord runs it.

One file because it is a script that is read as one: the sets, the measures, the tables.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import re
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

sys.path.insert(0, str(Path(__file__).resolve().parent))

from recipe.sets import Sentence, read_conllu

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NAME_SETS = {"uner_pud-eval": "pud-test", "uner_ewt-test": "ewt-test"}  # and the treebank that has their spacing
ARTICLES = "worldwide"
RARE = "rare_names"
TREEBANKS = ("pud-test", "ewt-test", "gum-test")
FILES = (
    {name: f"ner/{name}.jsonl" for name in NAME_SETS}
    | {ARTICLES: f"names/{ARTICLES}.jsonl"}
    | {name: f"syntax/{name}.conllu" for name in TREEBANKS}
    | {RARE: str(Path(__file__).resolve().parent / "gold" / f"{RARE}.txt")}  # whole, so wherever the data are
)

TEN = ("PERSON", "NORP", "ORG", "GPE", "LOC", "FAC", "EVENT", "LAW", "WORK_OF_ART", "PRODUCT")
THREE = ("PERSON", "ORG", "PLACE")
CORE = ("PERSON", "ORG", "LOC", "NORP")
PLACE = {"GPE": "PLACE", "LOC": "PLACE", "FAC": "PLACE", "GPE|LOC|FAC": "PLACE"}  # labels of the Universal NER sets
COARSE = {"GPE": "LOC", "EVENT": "MISC", "LAW": "MISC", "WORK_OF_ART": "MISC", "LANGUAGE": "MISC"}  # of the articles
NO_NAMES = ("DATE", "MONEY")
CONTINENTS = {  # by the first part of an article's id, "ww/kenya_nation_1"; the Middle East counts apart from Asia
    "Africa": "af alg eg et ghana kenya mauritius nm panaf sa",
    "Asia": "asia bangladesh cn in jp kr mong my pk th tw",
    "Middle East": "iran israel jr kw oman qt saud uae",
    "Latin America": "arg bol chile col cosric cuba ecuador elsalv guyana hond mex nic pan paraguay peru uruguay ven",
    "Australia, New Zealand and Canada": "aus canada nz",
}
CONTINENT = {prefix: continent for continent, prefixes in CONTINENTS.items() for prefix in prefixes.split()}
LEVELS = ("high", "medium", "low")

Mark = tuple[int, int, str]  # first character, end, label
Section = dict[str, Any]  # a row's name -> a number, or {"P": …, "R": …, "F": …} in per cent


# --- reading the sets --------------------------------------------------------------------------------------
def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON Lines file."""
    with path.open(encoding="utf8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def read_marked(path: Path) -> Iterator[tuple[str, set[Mark]]]:
    """The sentences of a file with a name as ``[LABEL its words]``, and their names; lines with # are left out.

    Raises:
        click.ClickException: a bracket is alone, a label unknown or a name has a space at an end.
    """
    for number, line in enumerate(path.read_text("utf8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        text, marks, at = "", set(), 0
        for name in re.finditer(r"\[(\w+) ([^][]+)\]", line):
            text += line[at : name.start()]
            if name[1] not in TEN or name[2] != name[2].strip():
                raise click.ClickException(f"{path}:{number}: {name[0]!r} is no name of a known label")
            marks.add((len(text), len(text) + len(name[2]), name[1]))
            text, at = text + name[2], name.end()
        text += line[at:]
        if "[" in text or "]" in text:
            raise click.ClickException(f"{path}:{number}: a bracket without its other half or without a label")
        yield text, marks


def joined(words: Iterable[str], spaces: Iterable[bool]) -> tuple[str, list[int]]:
    """The running text of the words, and where each of them starts in it."""
    text, starts = "", []
    for word, space in zip(words, spaces, strict=True):
        starts.append(len(text))
        text += word + " " * space
    return text, starts


def usual_spaces(words: tuple[str, ...]) -> list[bool]:
    """Where plain prose has spaces: for the few sentences whose treebank has other words."""
    close, opens = re.compile(r"[.,:;!?%)\]]+|['’]s?|n['’]t"), re.compile(r"[$£€(\[]")
    return [
        not close.fullmatch(after) and not opens.fullmatch(word)
        for word, after in zip(words, (*words[1:], ""), strict=True)
    ]


def core_of(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without a leading "the" and a final "'s"."""
    lead = re.compile(r"(?:the|The|THE)\s+").match(text, start, end)
    if lead and lead.end() < end:
        start = lead.end()
    return start, end - 2 if text[end - 2 : end] in ("'s", "’s") else end


# --- counting ----------------------------------------------------------------------------------------------
def percent(part: float, whole: float) -> float:
    """``part`` of ``whole`` in per cent, to one decimal; 0 of nothing."""
    return round(100 * part / whole, 1) if whole else 0.0


def scores(right: int, found: int, gold: int) -> dict[str, float]:
    """Precision, recall and their harmonic mean, in per cent."""
    return {"P": percent(right, found), "R": percent(right, gold), "F": percent(2 * right, found + gold)}


@dataclass
class Tally:
    """How many names of each label were right, found and there to be found; and by certainty, where it is given."""

    right: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    gold: Counter[str] = field(default_factory=Counter)
    sure_right: Counter[str] = field(default_factory=Counter)
    sure_found: Counter[str] = field(default_factory=Counter)

    def add(self, found: dict[Mark, str | None], gold: set[Mark]) -> None:
        """Count one text: the names found, each with its certainty if it has one, and those that are there."""
        for mark, level in found.items():
            self.found[mark[2]] += 1
            self.right[mark[2]] += mark in gold
            if level is not None:
                self.sure_found[level] += 1
                self.sure_right[level] += mark in gold
        self.gold.update(mark[2] for mark in gold)

    def of(self, labels: Iterable[str]) -> dict[str, float]:
        """The scores of these labels together."""
        right, found, gold = (sum(c[label] for label in labels) for c in (self.right, self.found, self.gold))
        return scores(right, found, gold)

    def certainty(self) -> Section:
        """Precision at each level of certainty, and the level's share of the names found."""
        known = [*(level for level in LEVELS if level in self.sure_found), *sorted(set(self.sure_found) - {*LEVELS})]
        rows: Section = {}
        for level in known:
            rows[f"certainty {level}: P"] = percent(self.sure_right[level], self.sure_found[level])
            rows[f"certainty {level}: share"] = percent(self.sure_found[level], self.sure_found.total())
        return rows


def names_of(doc: Any, labels: dict[str, str]) -> dict[Mark, str | None]:
    """The names of a Doc and their certainty; ``labels`` says which labels count as another."""
    levels = doc.user_data.get("name_certainty") or [None] * len(doc.ents)
    return {
        (*core_of(doc.text, ent.start_char, ent.end_char), labels.get(ent.label_, ent.label_)): level
        for ent, level in zip(doc.ents, levels, strict=True)
    }


# --- the four kinds of set ---------------------------------------------------------------------------------
def measure_sentences(nlp: Any, path: Path, trees: Path) -> Section:
    """Names in single sentences, cut into the set's words."""
    from spacy.tokens import Doc

    spacing = {tree.words: tree.spaces for tree in read_conllu(trees)}
    given, golds = [], []
    for row in read_rows(path):
        words = tuple(row["tokens"])
        spaces = spacing.get(words) or usual_spaces(words)
        text, starts = joined(words, spaces)
        spans = [(starts[a], starts[b - 1] + len(words[b - 1]), label) for a, b, label in row["ents"]]
        given.append(Doc(nlp.vocab, words=list(words), spaces=list(spaces)))
        golds.append({(*core_of(text, start, end), PLACE.get(label, label)) for start, end, label in spans})
    tally = Tally()
    for doc, gold in zip(nlp.pipe(given, batch_size=64), golds, strict=True):
        tally.add({m: level for m, level in names_of(doc, PLACE).items() if m[2] in THREE}, gold)
    return {label: tally.of([label]) for label in THREE} | {"all three": tally.of(THREE)} | tally.certainty()


def measure_rare(nlp: Any, path: Path) -> Section:
    """Names by each of the ten labels in the made-up sentences, and how well the two kinds of place are told apart."""
    texts, golds = zip(*read_marked(path), strict=True)
    tally, pairs = Tally(), Counter[bool]()
    for doc, text, marks in zip(nlp.pipe(texts, batch_size=64), texts, golds, strict=True):
        found = names_of(doc, {})
        gold = {(*core_of(text, start, end), label) for start, end, label in marks}
        tally.add({mark: level for mark, level in found.items() if mark[2] in TEN}, gold)
        pairs.update(told_apart(found, gold))
    rows: Section = {label: tally.of([label]) for label in TEN} | {"all ten": tally.of(TEN)}
    return rows | {"GPE against LOC": percent(pairs[True], pairs.total())} | tally.certainty()


def told_apart(found: Iterable[Mark], gold: Iterable[Mark]) -> Iterator[bool]:
    """For each GPE or LOC of ``gold`` that was found as one of the two: whether as the right one."""
    places = {mark[:2]: mark[2] for mark in found if mark[2] in ("GPE", "LOC")}
    return (places[m[:2]] == m[2] for m in gold if m[2] in ("GPE", "LOC") and m[:2] in places)


def measure_articles(nlp: Any, path: Path) -> tuple[Section, Section, Section]:
    """Names in articles, the same by continent, and speed.

    Only sentences that the set has read are looked at. Continents and certainty are over the four core labels.
    """
    rows = list(read_rows(path))
    if unknown := {prefix_of(row["id"]) for row in rows} - set(CONTINENT):
        raise click.ClickException(f"{path}: no continent is known for the ids that start with {sorted(unknown)}")
    whole, core = Tally(), Tally()
    by_continent = {continent: Tally() for continent in CONTINENTS}
    articles: Counter[str] = Counter()
    words, wall, processor = 0, time.perf_counter(), time.process_time()
    docs = nlp.pipe((row["text"] for row in rows), batch_size=32)
    for row, doc in zip(rows, docs, strict=True):
        words += len(doc)
        text, sents = row["text"], row.get("sents")
        marks = [mark for mark in row["mentions"] if mark[2] not in NO_NAMES]
        gold = {(*core_of(text, start, end), COARSE.get(label, label)) for start, end, label in marks}
        found = names_of(doc, COARSE)
        if sents:
            found = {m: level for m, level in found.items() if any(a <= m[0] < b for a, b in sents)}
        whole.add(found, gold)
        found, gold = {m: level for m, level in found.items() if m[2] in CORE}, {m for m in gold if m[2] in CORE}
        core.add(found, gold)
        continent = CONTINENT[prefix_of(row["id"])]
        by_continent[continent].add(found, gold)
        articles[continent] += 1
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    labels = [*CORE, *sorted(set(whole.gold) - {*CORE})]
    names: Section = {label: whole.of([label]) for label in labels}
    names |= {"core: PERSON, ORG, LOC, NORP": whole.of(CORE), "all": whole.of(labels)} | core.certainty()
    continents = {f"{name} ({articles[name]} articles)": tally.of(CORE) for name, tally in by_continent.items()}
    speed = {
        "words": words,
        "words a second": round(words / wall),
        "words a processor second": round(words / processor),
    }
    return names, continents, speed


def prefix_of(article_id: str) -> str:
    """``kenya`` of ``ww/kenya_nation_1``."""
    return article_id.rsplit("/", maxsplit=1)[-1].split("_", maxsplit=1)[0]


def measure_trees(nlp: Any, path: Path) -> Section:
    """Tags, lemmas and heads on gold words, and sentence starts in running text."""
    from spacy.tokens import Doc

    trees = list(read_conllu(path))
    right: Counter[str] = Counter()
    given = (Doc(nlp.vocab, words=list(tree.words), spaces=list(tree.spaces)) for tree in trees)
    for doc, sentence in zip(nlp.pipe(given, batch_size=64), trees, strict=True):
        tree = sentence.tree
        assert tree is not None
        for i, token in enumerate(doc):
            head = token.head.i == tree.heads[i]
            right["tag"] += token.tag_ == tree.tags[i]
            right["part of speech"] += token.pos_ == tree.pos[i]
            right["lemma"] += token.lemma_ == tree.lemmas[i]
            right["lemma, letter case aside"] += token.lemma_.lower() == tree.lemmas[i].lower()
            right["head"] += head
            right["head and label"] += head and token.dep_ == tree.deps[i]
    total = sum(len(tree.words) for tree in trees)
    rows: Section = {name: percent(count, total) for name, count in right.items()}
    texts, golds = [], []
    for group in running(trees, most=5 if path.stem == "pud-test" else 40):
        sentences = [joined(tree.words, tree.spaces)[0].rstrip() + " " for tree in group]
        texts.append("".join(sentences).rstrip())
        golds.append({sum(map(len, sentences[:i])) for i in range(len(sentences))})
    hits = found = 0
    for doc, gold in zip(nlp.pipe(texts, batch_size=8), golds, strict=True):
        starts = {sent.start_char for sent in doc.sents}
        hits, found = hits + len(starts & gold), found + len(starts)
    return rows | {"sentence starts": scores(hits, found, sum(map(len, golds)))}


def running(trees: list[Sentence], most: int) -> Iterator[list[Sentence]]:
    """Runs of sentences of one document, ``most`` at a time."""
    group: list[Sentence] = []
    for tree in trees:
        if group and (tree.new_doc or len(group) >= most):
            yield group
            group = []
        group.append(tree)
    if group:
        yield group


# --- a model, and several ----------------------------------------------------------------------------------
def peak_memory() -> int:
    """The most memory that this process has held, in MB; 0 where the system does not say."""
    if sys.platform == "win32":
        return 0
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / 1e6) if sys.platform == "darwin" else round(peak / 1e3)


def measure(model: Path, data: Path, sets: tuple[str, ...]) -> dict[str, Section]:
    """All figures of one pipeline folder, by section."""
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ[name] = "1"
    import spacy
    from thinc.api import NumpyOps, set_current_ops

    set_current_ops(NumpyOps(use_blis=False))
    began = time.perf_counter()
    nlp = spacy.load(model)
    list(nlp.pipe(["One sentence wakes everything up."]))
    cost: Section = {"seconds to load": round(time.perf_counter() - began, 2), "MB after loading": peak_memory()}
    cost["MB of the folder"] = round(sum(f.stat().st_size for f in model.rglob("*") if f.is_file()) / 1e6)
    sections: dict[str, Section] = {}
    for name in sets:
        path = data / FILES[name]
        if name in NAME_SETS:
            sections[f"names, {name}"] = measure_sentences(nlp, path, data / FILES[NAME_SETS[name]])
        elif name == RARE:
            sections[f"names, {name}"] = measure_rare(nlp, path)
        elif name == ARTICLES:
            sections[f"names, {name}"], sections[f"names by continent, {name}, core labels"], speed = measure_articles(
                nlp, path
            )
            cost |= speed
        else:
            sections[f"syntax, {name}"] = measure_trees(nlp, path)
    return sections | {"cost": cost | {"MB at most": peak_memory()}}


def cell(value: float | dict[str, float] | None) -> str:
    """A figure as the tables have it; scores as P / R / F."""
    if value is None:
        return "-"
    return " / ".join(f"{v:.1f}" for v in value.values()) if isinstance(value, dict) else f"{value:,}"


def tables(results: dict[str, dict[str, Section]]) -> Iterator[str]:
    """The lines of one Markdown table for each section, a column for each model."""
    for section in dict.fromkeys(name for result in results.values() for name in result):
        columns = [result.get(section, {}) for result in results.values()]
        yield f"\n| {section} | {' | '.join(results)} |"
        yield "|---" * (len(columns) + 1) + "|"
        for row in dict.fromkeys(name for column in columns for name in column):
            yield f"| {row} | {' | '.join(cell(column.get(row)) for column in columns)} |"


@click.command()
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("models", nargs=-1, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--sets", default=",".join(FILES), show_default=True, help="Which sets, with commas between them.")
@click.option(
    "--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Write the figures here too."
)
def main(data: Path, models: tuple[Path, ...], sets: str, json_file: Path | None) -> None:
    """Measure each pipeline folder in MODELS on the scoring sets under DATA, and print the tables of the model card."""
    chosen = tuple(name.strip() for name in sets.split(",") if name.strip())
    for name in chosen:
        if name not in FILES:
            raise click.BadParameter(f"{name!r} is none of {', '.join(FILES)}", param_hint="--sets")
        for needed in (name, NAME_SETS.get(name, name)):
            if not (data / FILES[needed]).is_file():
                raise click.ClickException(f"the set {needed} is missing: no file {data / FILES[needed]}")
    results: dict[str, dict[str, Section]] = {}
    for model in models:
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
            results[str(model)] = pool.submit(measure, model, data, chosen).result()
    for line in tables(results):
        click.echo(line)
    if json_file:
        json_file.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", "utf8")


if __name__ == "__main__":
    main()
