"""What is new, changed, removed or stale: a pure comparison of a corpus with a store.

Files that are as they were are not read again: the store remembers what they hold. Every article has a
key per article stage: SHA-256 over its raw text, what was given beside it, and the fingerprints of that
stage and those before it; among what is given are the lines that other articles of its outlet print too,
so that an added article can make older ones stale. Rows whose key still holds are kept. Where the text is
filed, ``paths``, is not part of the key: a renamed file makes no work.

A person's decision on an article's own rows is part of that article's key and of no other's.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import ModelError, UsageError
from pipeline.ids import sha256
from pipeline.nlp.model import locate, model_sha256
from pipeline.offsets import normalise
from pipeline.read import survey
from pipeline.read.corrections import IDENTITY, assigned, placed, read_corrections
from pipeline.schema import SCHEMA_VERSION, conform
from pipeline.stages import ARTICLE_STAGES, STAGES, read_fingerprint

if TYPE_CHECKING:
    import pyarrow as pa

    from pipeline.read import Corpus
    from pipeline.settings import Settings
    from pipeline.store import Files, Keys, Store


@dataclass(frozen=True)
class Plan:
    """What a run would do.

    The sets hold article ids; ``keys`` is what each article's rows must be made from, ``fingerprints`` what each stage
    depends on beside its input, ``paths`` where each article lies, ``files`` what each file holds. ``corrections`` are
    a person's decisions, ``own_corrections`` those on the rows of single articles, assigned to them.
    """

    corpus: Corpus
    paths: dict[str, list[str]]
    files: Files
    read_issues: pa.Table
    failed_places: int
    keys: Keys
    fingerprints: dict[str, str]
    new: frozenset[str]
    changed: dict[str, str]
    removed: frozenset[str]
    unchanged: frozenset[str]
    stale: frozenset[str]
    corrections: pa.Table
    own_corrections: pa.Table
    corpus_key: str
    up_to_date: bool
    model: Path
    model_sha256: str


def find_model(settings: Settings) -> Path:
    """The folder of the model that the settings name.

    Raises:
        ModelError: there is none.
    """
    model = locate(settings.extract.model)
    if model is None:
        named = settings.extract.model or "models/en_news"
        raise ModelError(
            f"model {named}: no such folder or installed spaCy pipeline; give --model PATH, or run `make model`"
        )
    return model


def make_plan(
    corpus: Path, store: Store, settings: Settings, *, force: bool = False, knowledge: Path | None = None
) -> Plan:
    """Read ``corpus`` and compare it with what ``store`` holds; nothing is written.

    ``knowledge`` is a file whose name and bytes shape what corpus stages make.
    ``changed`` maps a new article to the one that the same place held before; ``stale`` are the
    articles of the corpus whose rows must be made, whether new or made under other conditions.

    Raises:
        UsageError: there is no corpus, or the file ``knowledge`` cannot be read.
        ModelError: there is no model.
    """
    import pyarrow as pa

    model = find_model(settings)
    model_hash = model_sha256(model)
    prints = {stage.name: stage.fingerprint(settings, model_hash) for stage in STAGES}
    found = survey(corpus, settings.read, store.folder, {} if force else store.files(), read_fingerprint(settings))

    given = read_corrections(corpus, settings.read)
    paths: dict[str, list[str]] = {article: row["paths"] for article, row in found.articles.items()}
    own = _own_corrections(given.rows, found, store)
    keys: Keys = {stage.name: {} for stage in ARTICLE_STAGES}
    for article, row in found.articles.items():
        key = sha256(json.dumps({**row, "paths": None}, sort_keys=True))
        for stage in ARTICLE_STAGES:
            told = json.dumps(own[article], sort_keys=True) if stage.name == "extract" and article in own else ""
            key = keys[stage.name][article] = sha256(key + prints[stage.name] + told)

    before = store.tables("articles")["articles"].select(["article_id", "paths"]).to_pydict()
    held = set(before["article_id"])
    place_held = {p: a for a, places in zip(before["article_id"], before["paths"], strict=True) for p in places}
    changed = {
        article: min(earlier)
        for article, places in paths.items()
        if article not in held and (earlier := {place_held[p] for p in places if p in place_held} - paths.keys())
    }
    pending = store.manifest().get("superseded", {})
    changed |= {article: pending[article] for article in paths if article in pending and article not in held}
    last = ARTICLE_STAGES[-1].name
    made = {} if force else store.keys().get(last, {})
    issues = pa.concat_tables([found.issues, conform("issues", given.issues)])
    made_of = [
        SCHEMA_VERSION,
        prints,
        sorted(keys[last].items()),
        sorted(paths.items()),
        given.rows,
        issues.to_pylist(),
        *([[knowledge.name, _file_sha256(knowledge)]] if knowledge else []),
    ]
    corpus_key = sha256(json.dumps(made_of, sort_keys=True))
    return Plan(
        corpus=found,
        paths=paths,
        files={place: (file.key, file.as_json()) for place, file in found.files.items() if file.key},
        read_issues=issues,
        failed_places=found.failed + len(given.issues),
        keys=keys,
        fingerprints=prints,
        new=frozenset(paths.keys() - held - changed.keys()),
        changed=changed,
        removed=frozenset(held - paths.keys() - set(changed.values())),
        unchanged=frozenset(paths.keys() & held),
        stale=frozenset(a for a, key in keys[last].items() if made.get(a) != key),
        corrections=conform("corrections", given.rows),
        own_corrections=conform("corrections", [{**row, "article_id": a} for a, rows in own.items() for row in rows]),
        corpus_key=corpus_key,
        up_to_date=not force and store.manifest().get("corpus_key") == corpus_key,
        model=model,
        model_sha256=model_hash,
    )


def _file_sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UsageError(f"{path}: it cannot be read ({error.strerror}); name a file that is there") from error


def _own_corrections(rows: list[dict[str, Any]], corpus: Corpus, store: Store) -> dict[str, list[dict[str, Any]]]:
    """article_id -> the decisions on its own rows, in an order of their own; dates of publication go into ``corpus``.

    They bear no line, so that an article's rows do not depend on where in the file they stand. Where two give one
    article different dates of publication, neither holds.
    """
    own: dict[str, list[dict[str, Any]]] = {}
    if all(row["decision"] in IDENTITY for row in rows):
        return own
    anywhere = any(row["decision"] not in IDENTITY and not row.get("article") for row in rows)
    texts = _texts(corpus, store) if anywhere else {}
    places = placed({article: row["paths"] for article, row in corpus.articles.items()})
    for article, decision in assigned(rows, places, texts):
        told = {name: value for name, value in decision.items() if name not in ("line", "note")}
        own.setdefault(article, []).append(told)
    for article, decisions in own.items():
        days = {row["value"] for row in decisions if row["decision"] == "publication_date"}
        if len(days) == 1:
            corpus.articles[article]["published_correction"] = days.pop()
        rest = (row for row in decisions if row["decision"] != "publication_date")
        own[article] = sorted(rest, key=lambda row: json.dumps(row, sort_keys=True))
    return {article: decisions for article, decisions in own.items() if decisions}


def _texts(corpus: Corpus, store: Store) -> dict[str, str]:
    """The text of every article, folded as clean_text is: from the snapshot, else from its file."""
    held = store.tables("articles")["articles"].select(["article_id", "raw_text"]).to_pydict()
    known = {a: t for a, t in zip(held["article_id"], held["raw_text"], strict=True) if a in corpus.articles}
    fresh = corpus.raw_articles(corpus.articles.keys() - known.keys()).select(["article_id", "raw_text"]).to_pydict()
    known |= zip(fresh["article_id"], fresh["raw_text"], strict=True)
    return {article: normalise(text).text for article, text in known.items()}
