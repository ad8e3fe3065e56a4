"""Training sets -> sentences with what each set knows of them: names, a tree, or both.

Some sets know a name's kind only as "one of these": such a name keeps all the labels that it may have, and the
network is asked for the sum of their probabilities. Head words, the typed strings of Few-NERD and their last words
narrow the choice where they can.

One file because what a set says is read, cleaned, narrowed and joined to its tree in one walk, in the order below.
"""

from __future__ import annotations

import itertools
import json
import re
import tomllib
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SYNTAX_TRAIN = ("ewt-train", "gum-train")
SYNTAX_DEV = ("ewt-dev", "gum-dev")
NAMES_TRAIN = (
    "uner_ewt-train",
    "wikigold",
    "crossner_politics",
    "redocred",
    "gum_open",
    "btc_g",
    "re3d_f",
    "gmb_agree",
)
NAMES_DEV = ("uner_ewt-dev",)
TYPED = "typed_names"
PLACES = ("GPE", "LOC", "FAC")
WORKS = ("EVENT", "LAW", "WORK_OF_ART", "PRODUCT")
LABELS = ("PERSON", "NORP", "ORG", *PLACES, *WORKS)


class MissingSetError(click.ClickException):
    """A training set is not where it should be."""


def set_paths(data: Path) -> dict[str, Path]:
    """The path of every training set under ``data``, checked.

    Raises:
        MissingSetError: naming the first set that is missing and where it was looked for.
    """
    paths = {name: data / "syntax" / f"{name}.conllu" for name in (*SYNTAX_TRAIN, *SYNTAX_DEV)}
    paths |= {name: data / "ner" / f"{name}.jsonl" for name in (*NAMES_TRAIN, *NAMES_DEV, TYPED)}
    for name, path in paths.items():
        if not path.is_file():
            raise MissingSetError(f"the training set {name} is missing: no file {path}")
    return paths


@dataclass(frozen=True)
class Tree:
    """The syntax of one sentence; every tuple has one item per word, ``heads`` counts from the first word.

    A head of -1, and an empty label, is one that is not known.
    """

    tags: tuple[str, ...]
    pos: tuple[str, ...]
    heads: tuple[int, ...]
    deps: tuple[str, ...]
    lemmas: tuple[str, ...]


@dataclass(frozen=True)
class Name:
    """A name over words ``start`` to ``end`` (half-open); it has one of ``labels``, or, if none, may be no name."""

    start: int
    end: int
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Sentence:
    """Words, whether a space follows each, and what is known of them.

    ``names`` in order and without overlaps, None where no names were marked; ``tree`` None where there is none.
    ``source`` is the set; ``new_doc`` and ``new_par`` say that a document or paragraph begins here.
    """

    source: str
    words: tuple[str, ...]
    spaces: tuple[bool, ...]
    names: tuple[Name, ...] | None = None
    tree: Tree | None = None
    new_doc: bool = False
    new_par: bool = False


# --- trees -------------------------------------------------------------------------------------------------
def read_conllu(path: Path) -> Iterator[Sentence]:
    """The sentences of a CoNLL-U file, with the spacing of multiword tokens ("don't") taken from their range line."""
    for block in path.read_text("utf8").strip().split("\n\n"):
        rows: list[list[str]] = []
        spaces: list[bool] = []
        range_end, range_space = 0, True
        for line in block.split("\n"):
            cells = line.split("\t")
            if len(cells) != 10 or "." in cells[0]:
                continue
            space = "SpaceAfter=No" not in cells[9]
            if "-" in cells[0]:
                range_end, range_space = int(cells[0].split("-")[1]), space
                continue
            index = int(cells[0])
            rows.append(cells)
            spaces.append(False if index < range_end else range_space if index == range_end else space)
        tree = Tree(
            tags=tuple(r[4] for r in rows),
            pos=tuple(r[3] for r in rows),
            heads=tuple(int(r[6]) - 1 if r[6] != "0" else i for i, r in enumerate(rows)),
            deps=tuple("ROOT" if r[7] == "root" else r[7] for r in rows),
            lemmas=tuple(r[2] for r in rows),
        )
        yield Sentence(
            source=path.stem,
            words=tuple(r[1] for r in rows),
            spaces=tuple(spaces),
            tree=tree,
            new_doc="# newdoc" in block,
            new_par="# newpar" in block,
        )


# --- names: several sets with several habits -> one --------------------------------------------------------
TWEETS, REPORTS, SILVER = "btc_g", "re3d_f", "gmb_agree"
ENCYCLOPEDIAS = ("wikigold", "redocred")
TREED = ("uner_ewt-train", "gum_open")  # their sentences are in a treebank too
UNCHECKED = (REPORTS, SILVER, "gum_open")  # where a country may be marked as an organisation or a people
UNMARKED = {
    "uner_ewt-train": WORKS,
    "uner_ewt-dev": WORKS,
    "gum_open": ("LAW", "WORK_OF_ART", "PRODUCT"),
    TWEETS: WORKS,
    REPORTS: WORKS,
}
"""Kinds that a set leaves unmarked: a capitalised word outside its names may still be one of these."""
HABITS = ("uner_ewt", "wikigold", "crossner_politics", "redocred", "gum_open", TWEETS, REPORTS, SILVER)
"""What counts as a name, and of which kind, differs from set to set; the network is told whose habit to follow."""


def habit(source: str) -> int | None:
    """The number of the habit of a set in ``HABITS``; None if it has none of its own."""
    return next((i for i, name in enumerate(HABITS) if source.startswith(name)), None)


BAR = "|"


class WordLists:
    """The lists of ``labels.toml``, with plurals of the demonyms added."""

    def __init__(self, path: Path) -> None:
        raw = tomllib.loads(path.read_text("utf8"))
        self.last = {label: set(words) for label, words in raw["last"].items()}
        self.first = {label: set(words) for label, words in raw["first"].items()}
        self.titles = set(raw["titles"]["words"])
        self.not_names = set(raw["not_names"]["words"])
        self.languages = set(raw["not_names"]["languages"])
        self.before_language = set(raw["not_names"]["before_language"])
        base = {form for key in ("countries", "peoples", "creeds") for form in raw["demonyms"][key]}
        single = set(raw["demonyms"]["no_plural"])
        self.doubtful = _with_plurals(set(raw["demonyms"]["doubtful"]), single)
        self.demonyms = _with_plurals(base, single)
        self.agencies: list[str] = raw["datelines"]["agencies"]
        self.world = [tuple(place.split()) for key in ("countries", "cities") for place in raw["world"][key]]
        self.given_titles = [tuple(title.split()) for title in raw["world"]["titles"]]
        people = {tuple(f.split()) for key in ("countries", "peoples") for f in raw["demonyms"][key] if f not in single}
        self.peoples = sorted((*p[:-1], p[-1] + "s") for p in people if " ".join(p) + "s" in self.demonyms)


def _with_plurals(forms: set[str], single: set[str]) -> set[str]:
    """The forms and their plurals; those in -ese, -ish, -ch and -ss, and those in ``single``, have none."""
    return forms | {form + "s" for form in forms - single if not form.endswith(("s", "h", "ese"))}


class LabelResolver:
    """Narrows the choice where a set says only "one of these".

    In order: whole one-word names and head words from the lists, the same string as typed elsewhere, a last or first
    word that nearly always has one label among the typed strings; otherwise every option stays.
    """

    def __init__(self, typed: dict[str, dict[str, int]], lists: WordLists) -> None:
        self.lists = lists
        self.typed = typed
        self.by_word: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for text, counts in typed.items():
            words = text.lower().split()
            top = max(counts, key=lambda k: (counts[k], k))
            if len(words) > 1:
                self.by_word["last", words[-1]][top] += 1
                self.by_word["first", words[0]][top] += 1

    def resolve(self, label: str, words: tuple[str, ...]) -> tuple[str, ...]:
        """The labels that ``words`` may have: one where something decides.

        Args:
            label: a label, or several joined by bars.
            words: the words of the name.
        """
        text = " ".join(words)
        if BAR not in label:
            return (label,)
        options = label.split(BAR)
        if text in self.lists.demonyms:
            return ("NORP",)
        lower = [w.lower() for w in words]
        if len(words) == 1:
            for option in options:
                if lower[0] in self.lists.last.get(option, ()):
                    return (option,)
        sure = self._typed(text, options, least=3, share=0.7)
        best = (
            sure
            or self._head_word(lower, options)
            or self._typed(text, options, least=1, share=0.5)
            or (self._typed(text, list(LABELS), least=2, share=0.7) if "GPE" not in options else None)
            or self._word_habit(lower, options)
        )
        return (best,) if best else tuple(options)

    def _typed(self, text: str, options: list[str], least: int, share: float) -> str | None:
        counts = self.typed.get(text, {})
        total = sum(counts.values())
        best = max((o for o in options if counts.get(o)), key=lambda o: (counts[o], o), default=None)
        return best if best and total >= least and counts[best] >= share * total else None

    def _head_word(self, lower: list[str], options: list[str]) -> str | None:
        if len(lower) > 1:
            for option in options:
                if lower[-1] in self.lists.last.get(option, ()) or lower[0] in self.lists.first.get(option, ()):
                    return option
        return None

    def _word_habit(self, lower: list[str], options: list[str]) -> str | None:
        if len(lower) < 2:
            return None
        for where, word in (("last", lower[-1]), ("first", lower[0])):
            counts = self.by_word.get((where, word), Counter())
            best = max((o for o in options if counts[o]), key=lambda o: (counts[o], o), default=None)
            if best and counts.total() >= 4 and counts[best] >= 0.7 * counts.total():
                return best
        return None


def read_typed(path: Path) -> dict[str, dict[str, int]]:
    """Name string -> label -> how often it was labelled so."""
    rows = (json.loads(line) for line in path.read_text("utf8").splitlines())
    kept = {row["text"]: {k: n for k, n in row["labels"].items() if k in LABELS} for row in rows}
    return {text: counts for text, counts in kept.items() if counts}


def read_names(path: Path) -> Iterator[tuple[tuple[str, ...], list[tuple[int, int, str]]]]:
    """Words and (start, end, label) of each sentence of a set, as the set has them."""
    for line in path.read_text("utf8").splitlines():
        row = json.loads(line)
        yield tuple(row["tokens"]), [(s, e, label) for s, e, label in row["ents"]]


NO_SPACE_BEFORE = set(".,;:?!)]}%…”") | {"'s", "’s", "n't", "n’t", "'re", "'ve", "'ll", "'m", "'d", "'", "’", "..."}
NO_SPACE_AFTER = set("([{$£€“‘#@")


def plausible_spaces(words: tuple[str, ...]) -> tuple[bool, ...]:
    """Where running text would have spaces between these words."""
    spaces = [True] * len(words)
    inside = False
    for i, word in enumerate(words):
        if i and word in NO_SPACE_BEFORE:
            spaces[i - 1] = False
        if word in NO_SPACE_AFTER:
            spaces[i] = False
        if word in ('"', "``", "''"):
            if inside and i:
                spaces[i - 1] = False
            else:
                spaces[i] = False
            inside = not inside
        between = 0 < i < len(words) - 1
        if word == "-" and between and words[i - 1][-1:].isalpha() and words[i + 1][:1].isalpha():
            spaces[i - 1] = spaces[i] = False
    return tuple(spaces)


def clean_names(
    words: tuple[str, ...], names: list[tuple[int, int, str]], resolver: LabelResolver, places: set[str], source: str
) -> tuple[Name, ...]:
    """The names of one sentence after our own habits: no leading "the", title or final "'s".

    Args:
        words: the sentence.
        names: its names as the set has them, labels possibly with bars.
        resolver: narrows labels joined by bars.
        places: strings that are a place nearly everywhere, to mend single misses of the sets not checked by hand.
        source: the set that the sentence is from.
    """
    lists = resolver.lists
    taken = [False] * len(words)
    result = []
    for first, behind, label in sorted(names, key=lambda n: (n[0], -n[1])):
        start, end = first, behind
        if any(taken[start:end]):
            continue
        while end - start > 1 and words[start].lower() in ("the", "-", '"', "``", "'"):
            start += 1
        while end - start > 1 and words[end - 1] in ("'s", "’s", "'", "’", '"', "-", ",", "."):
            end -= 1
        if label == "PERSON":
            while start < end and words[start].lower() in lists.titles:
                start += 1
            if start == end and behind - first == 1 and words[first] in ("Major", "Bishop", "Pope"):
                start = first
        elif label == "ORG" and end - start > 1 and words[start] in ("A", "An"):
            start += 1
        if start >= end or " ".join(words[start:end]).lower() in lists.not_names:
            continue
        text = " ".join(words[start:end])
        unsure = (
            (source == TWEETS and re.search(r"[@#_]|\d{2}", text))
            or (source == REPORTS and not _looks_like_name(words[start:end]))
            or (source == "gum_open" and label == "GPE|LOC|FAC" and {"in", ","} & set(words[start:end]))
        )
        labels: tuple[str, ...]
        if text in lists.demonyms and label != "PERSON":
            labels = ("NORP",)
        elif (text in places and label in ("ORG", "NORP") and source in UNCHECKED) or (
            label == "NORP" and source == SILVER and resolver.typed.get(text, {}).get("GPE")
        ):
            labels = ("GPE",)
        elif unsure:
            labels = ()
        else:
            labels = resolver.resolve(label, words[start:end])
            if "NORP" in labels and len(labels) > 1 and source in ENCYCLOPEDIAS and end - start > 1:
                labels = WORKS  # peoples are marked as such there
        result.append(Name(start, end, labels))
        taken[start:end] = [True] * (end - start)
    result += _unmarked(words, taken, lists)
    return tuple(sorted(result, key=lambda n: n.start))


def _looks_like_name(words: tuple[str, ...]) -> bool:
    return len(words) <= 7 and words[0][:1].isupper() and words[-1][:1].isupper()


def _unmarked(words: tuple[str, ...], taken: list[bool], lists: WordLists) -> Iterator[Name]:
    """Nationalities and creeds that a set left unmarked, and words about which nothing should be learnt."""
    known = lists.demonyms | lists.doubtful
    at = 0
    while at < len(words):
        for size in (2, 1):
            text = " ".join(words[at : at + size])
            if at + size > len(words) or any(taken[at : at + size]) or text not in known:
                continue
            before = words[at - 1].lower() if at else ""
            after = words[at + size].lower() if at + size < len(words) else ""
            spoken = text.lower() in lists.languages and (
                before in lists.before_language or after in ("language", "translation", "version", "word", "for")
            )
            if not spoken:
                yield Name(at, at + size, () if text in lists.doubtful else ("NORP",))
            at += size - 1
            break
        else:
            word = words[at]
            if "-" in word and not taken[at] and any(part[:1].isupper() for part in word.split("-")):
                yield Name(at, at + 1, ())  # "U.S.-led", "Iraqi-born": half a name
        at += 1


def usual_places(rows: Iterable[tuple[tuple[str, ...], list[tuple[int, int, str]]]]) -> set[str]:
    """Strings marked as a place at least 15 times and in nine cases of ten."""
    counts: dict[str, Counter[bool]] = defaultdict(Counter)
    for words, names in rows:
        for start, end, label in names:
            if label == "NORP":
                continue  # one set mixes countries and their adjectives up
            counts[" ".join(words[start:end])][label in ("GPE", "GPE|LOC|FAC")] += 1
    return {text for text, c in counts.items() if c[True] >= 15 and c[True] >= 0.9 * c.total()}


def cut_anew(sentence: Sentence, tokenizer: Any) -> Sentence:
    """The sentence cut into words by spaCy's tokenizer, as it will be when it is read.

    A name that the new words cannot hold counts as unknown. Sentences with a tree keep the treebank's words, which
    are nearly always the same.
    """
    if sentence.tree is not None:
        return sentence
    starts, ends, text = [], [], ""
    for word, space in zip(sentence.words, sentence.spaces, strict=True):
        starts.append(len(text))
        text += word
        ends.append(len(text))
        text += " " if space else ""
    doc = tokenizer(text.rstrip())
    names: list[Name] = []
    for name in sentence.names or ():
        span = doc.char_span(starts[name.start], ends[name.end - 1])
        wide = span or doc.char_span(starts[name.start], ends[name.end - 1], alignment_mode="expand")
        if wide is not None and (not names or names[-1].end <= wide.start):
            names.append(Name(wide.start, wide.end, name.labels if span is not None else ()))
    words, spaces = tuple(t.text for t in doc), tuple(bool(t.whitespace_) for t in doc)
    if any(word.isspace() for word in words):
        return replace(sentence, words=())
    return replace(sentence, words=words, spaces=spaces, names=tuple(names))


def sentences(
    paths: dict[str, Path], resolver: LabelResolver, tokenizer: Any, names: Iterable[str], trees: Iterable[str]
) -> dict[str, list[Sentence]]:
    """Set -> its sentences. A treebank sentence that a name set has too carries both, and stands in the treebank."""
    raw = {name: list(read_names(paths[name])) for name in names}
    places = usual_places(itertools.chain.from_iterable(raw.values()))
    marked: dict[tuple[str, ...], tuple[str, tuple[Name, ...]]] = {}
    for source, rows in raw.items():
        for words, found in rows:
            marked.setdefault(words, (source, clean_names(words, found, resolver, places, source)))
    result: dict[str, list[Sentence]] = {}
    treed: set[tuple[str, ...]] = set()
    for source in trees:
        result[source] = []
        for sentence in read_conllu(paths[source]):
            treed.add(sentence.words)
            owner, known = marked.get(sentence.words, (source, None))
            result[source].append(replace(sentence, source=owner, names=known))
    for source, rows in raw.items():
        bare = [
            Sentence(source, w, plausible_spaces(w), clean_names(w, n, resolver, places, source))
            for w, n in rows
            if w and w not in treed and not (source == TWEETS and "@" in w)
        ]
        result[source] = [s for s in (cut_anew(s, tokenizer) for s in bare) if s.words]
    return result
