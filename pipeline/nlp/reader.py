"""The spaCy component ``reader``: one network gives names, tags, parts of speech, heads and sentences.

The network reads a window of running text at a time (``windows``), its numbers become one analysis (``decode``),
and the analysis is written into the Docs. Docs that are read together are the paragraphs of one text: each is
understood in the light of its neighbours. A window never shares a run with another one, because the network's
whole-number arithmetic takes its scale from all that it is given; so no company can move an answer.
"""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from spacy import util
from spacy.language import Language

from pipeline import resources
from pipeline.nlp import decode, network, windows
from pipeline.nlp.phrases import noun_phrases
from pipeline.nlp.pieces import Vocabulary, shape

if TYPE_CHECKING:
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

    from pipeline.nlp.decode import Bools, Floats, Ints

_MOST_KNOWN = 200_000
"""Words whose pieces and shape are remembered."""


@dataclass
class _Analysis:
    """What was found for each word: numbers of labels, and the word that is its head."""

    tags: Ints
    pos: Ints
    heads: Ints
    deps: Ints
    starts: Bools
    names: list[tuple[int, int, str, float]] = field(default_factory=list)
    """First word, behind the last, kind, probability."""


@Language.factory(  # type: ignore[untyped-decorator]
    "reader",
    assigns=[
        "token.tag",
        "token.pos",
        "token.morph",
        "token.head",
        "token.dep",
        "token.is_sent_start",
        "token.ent_iob",
        "token.ent_type",
        "doc.sents",
        "doc.ents",
    ],
)
def make_reader(nlp: Language, name: str) -> Reader:
    """The component as spaCy makes it, still without a network; ``doc.noun_chunks`` is taught its labels."""
    nlp.vocab.get_noun_chunks = noun_phrases
    return Reader(nlp.vocab, name)


class Reader:
    """Tags, parts of speech, features, heads, relations, sentences and names in one reading."""

    def __init__(self, vocab: Vocab, name: str = "reader") -> None:
        self.vocab = vocab
        self.name = name
        self._source: Path | dict[str, bytes] | None = None
        self._session: network.Session | None = None
        self._known: dict[int, tuple[tuple[int, ...], int]] = {}

    @property
    def labels(self) -> tuple[str, ...]:
        """The kinds of names."""
        return tuple(sorted({kind for kind in self._scheme.kinds if kind})) if self._session else ()

    def use(self, card: dict[str, Any], vocabulary: Vocabulary, session: network.Session) -> None:
        """Read with this network from now on; ``card`` is what ``reader.json`` says of it."""
        add = self.vocab.strings.add
        features = resources.rows("tag_features.csv")
        self._card, self._vocabulary, self._session = card, vocabulary, session
        self._known = {}
        self._scheme = decode.Scheme(card["names"])
        self._root = card["deps"].index(decode.ROOT)
        self._other = len(card["deps"])
        self._apart = np.full((len(card["tags"]), len(card["pos"])), -np.inf)
        self._apart[tuple(np.array(card["pairs"]).T)] = 0.0
        self._tags = np.array([add(tag) for tag in (*card["tags"], "_SP")], dtype=np.uint64)
        self._pos = np.array([add(pos) for pos in (*card["pos"], "SPACE")], dtype=np.uint64)
        self._deps = np.array([add(dep) for dep in (*card["deps"], "dep")], dtype=np.uint64)
        usual = {row["tag"]: row["features"] for row in features if not row["words"]}
        feats = [self.vocab.morphology.add(usual.get(tag, "")) for tag in (*card["tags"], "_SP")]
        self._morphs = np.array(feats, dtype=np.uint64)
        self._odd = [
            (card["tags"].index(row["tag"]), add(word), self.vocab.morphology.add(row["features"]))
            for row in features
            for word in row["words"].split()
            if row["tag"] in card["tags"]
        ]
        """Tag, word in lower case, and the features that this word has under this tag."""
        self._adjective, self._people = np.uint64(add("ADJ")), np.uint64(add("NORP"))
        self._kinds = {kind: add(kind) for kind in self._scheme.kinds if kind}

    def __call__(self, doc: Doc) -> Doc:
        """Read ``doc`` on its own."""
        self.read([doc])
        return doc

    def pipe(self, docs: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:
        """Read each of ``docs`` on its own, whatever the batch."""
        for doc in docs:
            yield self(doc)

    def read(self, docs: Sequence[Doc]) -> None:
        """Read ``docs`` as the paragraphs of one text. No sentence and no name runs from one to the next.

        Raises:
            ValueError: there is no network yet.
        """
        if self._session is None:
            raise ValueError(f"component {self.name!r} has no network: load a pipeline that was saved with one")
        text = self._text(docs)
        found = self._analysed(text)
        edges = list(pairwise(text.edges))
        names: list[list[tuple[int, int, str, float]]] = [[] for _ in docs]
        place = 0
        for name in found.names:
            while name[0] >= edges[place][1]:
                place += 1
            names[place].append(name)
        for doc, (first, last), own in zip(docs, edges, names, strict=True):
            self._write(doc, np.array(text.tokens[first:last], dtype=np.int64), first, found, own)

    def _text(self, docs: Sequence[Doc]) -> windows.Text:
        text = windows.Text()
        broken = False
        for doc in docs:
            orths, starts = (column.tolist() for column in doc.to_array(["ORTH", "SENT_START"]).T)
            for token, (orth, start) in enumerate(zip(orths, starts, strict=True)):
                pieces, number = self._known.get(orth) or self._look_up(orth, doc[token].text)
                if not pieces:
                    broken = broken or number > 0
                    continue
                if broken and text.pieces:
                    text.breaks.append(len(text.pieces))
                elif start:
                    (text.must if start == 1 else text.never).append(len(text.pieces))
                broken = False
                text.pieces.append(pieces)
                text.shapes.append(number)
                text.tokens.append(token)
            broken = True
            text.edges.append(len(text.pieces))
        return text

    def _look_up(self, orth: int, word: str) -> tuple[tuple[int, ...], int]:
        """Pieces and shape of a word; of white space no pieces, and 1 where it holds a line break."""
        found: tuple[tuple[int, ...], int] = (
            ((), int(word.splitlines() != [word])) if word.isspace() else (self._vocabulary.numbers(word), shape(word))
        )
        if len(self._known) < _MOST_KNOWN:
            self._known[orth] = found
        return found

    def _analysed(self, text: windows.Text) -> _Analysis:
        count = len(text.pieces)
        must, never, breaks = (np.zeros(count + 1, dtype=bool) for _ in range(3))
        breaks[[0, *text.breaks]] = True
        must[text.must] = True
        never[text.never] = True
        must |= breaks
        tags, pos, heads, deps = np.zeros((4, count), dtype=np.int64)
        found = _Analysis(tags, pos, heads, deps, np.zeros(count, dtype=bool))
        sizes = [len(pieces) for pieces in text.pieces]
        for group in windows.plan(sizes, text.breaks, self._card["window"], self._card["overlap"]):
            first, last = group[0].own_first, group[-1].own_last
            self._settle(
                group,
                [self._run(text, w) for w in group],
                must[first:last],
                never[first:last],
                breaks[first:last],
                found,
            )
        return found

    def _run(self, text: windows.Text, window: windows.Window) -> dict[str, Floats]:
        """The network's rows for the words that ``window`` answers for; heads are those of the whole window."""
        assert self._session is not None
        feed = windows.feed(text, window, self._vocabulary.start, self._vocabulary.end)
        rows = dict(zip(network.OUTPUTS, self._session.run(network.OUTPUTS, feed), strict=True))
        own_rows = slice(window.own_first - window.first, window.own_last - window.first)
        return {name: row if name == "head_side" else row[own_rows] for name, row in rows.items()}

    def _settle(
        self,
        group: list[windows.Window],
        rows: list[dict[str, Floats]],
        must: Bools,
        never: Bools,
        breaks: Bools,
        found: _Analysis,
    ) -> None:
        """The analysis of the words of one group of windows, entered into ``found``."""
        base, behind = group[0].own_first, group[-1].own_last

        def column(name: str) -> Floats:
            return rows[0][name] if len(rows) == 1 else np.concatenate([row[name] for row in rows])

        names = column("names")
        must[0] = breaks[0] = True
        labels = decode.name_labels(names, breaks, self._scheme)
        spans = decode.spans(labels, self._scheme)
        sure = decode.name_probabilities(names, labels, spans, breaks, self._scheme, self._card["temperature"])
        found.names.extend((base + a, base + b, kind, p) for (a, b, kind), p in zip(spans, sure, strict=True))
        starts = decode.sentence_starts(column("starts"), must, never | self._scheme.inside[labels])
        found.starts[base:behind] = starts
        found.tags[base:behind], found.pos[base:behind] = decode.tags_and_pos(
            column("tags"), column("pos"), self._apart
        )
        arcs = [row["arcs"] for row in rows]
        for first, last in pairwise([*(np.flatnonzero(starts) + base).tolist(), behind]):
            found.heads[first:last] = decode.heads(windows.together(group, arcs, first, last)) + first
        for window, row in zip(group, rows, strict=True):
            words = np.arange(window.own_first, window.own_last)
            heads = found.heads[words]
            seen = (heads >= window.first) & (heads < window.last)
            columns = np.where(seen, heads, words) - window.first
            deps = decode.relations(row["dep_side"], row["head_side"], columns, words - window.first, self._root)
            found.deps[words] = np.where(seen, deps, self._other)

    def _write(
        self, doc: Doc, words: Ints, first: int, found: _Analysis, names: Sequence[tuple[int, int, str, float]]
    ) -> None:
        """The analysis of the words from ``first`` on, which are the tokens ``words`` of ``doc``, into ``doc``."""
        doc.user_data["name_spans"] = [(int(words[a - first]), int(words[b - 1 - first]) + 1) for a, b, *_ in names]
        doc.user_data["name_probabilities"] = [sure for *_, sure in names]
        doc.user_data["name_certainty"] = [self._certainty(sure) for *_, sure in names]
        count, last = len(doc), first + len(words)
        if not count:
            return
        tokens = np.arange(count)
        before = np.searchsorted(words, tokens, side="right") - 1
        heads = words[np.maximum(before, 0)] if len(words) else np.zeros(count, dtype=np.int64)
        tags = np.full(count, len(self._tags) - 1)
        pos = np.full(count, len(self._pos) - 1)
        deps = np.full(count, self._other)
        heads[words] = words[found.heads[first:last] - first]
        tags[words], pos[words], deps[words] = (row[first:last] for row in (found.tags, found.pos, found.deps))
        if not len(words):
            deps[0] = self._root
        starts = np.full(count, -1)
        starts[words[found.starts[first:last]]] = 1
        if len(words) and words[0]:
            starts[words[0]] = -1
        starts[0] = 1
        morphs, lower = self._morphs[tags], doc.to_array("LOWER")
        for tag, word, features in self._odd:
            morphs[(tags == tag) & (lower == word)] = features
        iob, kinds = np.full(count, 2), np.zeros(count, dtype=np.uint64)
        for begin, end, kind, _ in names:
            a, b = words[begin - first], words[end - 1 - first] + 1
            iob[a:b], iob[a], kinds[a:b] = 1, 3, self._kinds[kind]
        people = (self._pos[pos] == self._adjective) & (kinds == self._people)
        lemmas = np.where(
            people, doc.to_array("ORTH"), np.uint64(0)
        )  # "Kenyan" keeps its capital; 0 is for others to set
        table = [
            self._tags[tags],
            self._pos[pos],
            morphs,
            (heads - tokens).view(np.uint64),
            self._deps[deps],
            iob.view(np.uint64),
            kinds,
            lemmas,
        ]
        doc.from_array(["TAG", "POS", "MORPH", "HEAD", "DEP", "ENT_IOB", "ENT_TYPE", "LEMMA"], np.stack(table, axis=1))
        doc.from_array(["SENT_START"], starts.view(np.uint64))

    def _certainty(self, probability: float) -> str:
        levels = self._card["certainty"]
        return "high" if probability >= levels["high"] else "medium" if probability >= levels["medium"] else "low"

    def to_disk(self, path: Path | str, *, exclude: Iterable[str] = ()) -> None:
        """Write the network, its pieces and its card into the folder ``path``."""
        path = Path(path)
        if isinstance(self._source, Path) and path.exists() and path.samefile(self._source):
            return
        path.mkdir(parents=True, exist_ok=True)
        for name, content in self._files().items():
            (path / name).write_bytes(content)

    def from_disk(self, path: Path | str, *, exclude: Iterable[str] = ()) -> Reader:
        """Read the folder that ``to_disk`` wrote.

        Raises:
            ValueError: a file is not the one that the card names.
        """
        path = Path(path)
        card = network.checked_card(path)
        self.use(card, Vocabulary(path / network.PIECES), network.session(path / network.NETWORK))
        self._source = path
        return self

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """What ``to_disk`` writes, as one string of bytes."""
        files = self._files()
        packed: bytes = util.to_bytes({name: functools.partial(files.get, name) for name in files}, exclude)
        return packed

    def from_bytes(self, packed: bytes, *, exclude: Iterable[str] = ()) -> Reader:
        """Read what ``to_bytes`` gave; raises as ``from_disk`` does."""
        files: dict[str, bytes] = {}
        util.from_bytes(packed, {name: functools.partial(files.__setitem__, name) for name in network.FILES}, exclude)
        if files:
            with tempfile.TemporaryDirectory() as folder:
                for name, content in files.items():
                    (Path(folder) / name).write_bytes(content)
                self.from_disk(folder)
            self._source = files
        return self

    def _files(self) -> dict[str, bytes]:
        if isinstance(self._source, Path):
            return {name: (self._source / name).read_bytes() for name in network.FILES}
        return self._source or {}
