"""READ THIS FIRST: the pipeline, in the order in which data flows.

A stage is a function from Arrow tables to Arrow tables. It takes its settings and nothing else: no
paths, no clock, no scheduling. ``read`` turns files into raw articles. The ``article`` stages are pure
functions of one article at a time, so that any split into shards and processes gives the same rows.
The ``corpus`` stages see all articles.

What a stage's rows depend on beside its input (its settings, the code and resources in ``sources``,
the versions of ``libraries``, the model) is its fingerprint. Rows made under another fingerprint are
stale; :mod:`pipeline.run` makes them again, and only them.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import hashlib
import importlib
import importlib.metadata
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pipeline.schema import MEMORY

if TYPE_CHECKING:
    import pyarrow as pa

    from pipeline.settings import Settings

_PACKAGE = Path(__file__).parent
_SHARED = ("schema.py", "ids.py", "offsets.py")


@dataclass(frozen=True)
class Stage:
    """One stage: ``function`` is ``module:name``, imported when the stage runs and not before."""

    name: str
    scope: Literal["article", "corpus"]
    function: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    sources: tuple[str, ...]
    libraries: tuple[str, ...] = ()
    uses_model: bool = False

    def __call__(self, tables: Mapping[str, pa.Table], settings: Settings) -> dict[str, pa.Table]:
        """Run the stage over the tables it reads; what it returns is checked against the contract."""
        from pipeline.schema import check

        given = {name: tables[name] for name in self.reads}
        made: dict[str, pa.Table] = _function(self.function)(given, getattr(settings, self.name, None))
        if made.keys() != set(self.writes):
            raise AssertionError(f"stage {self.name} wrote {sorted(made)}, not {sorted(self.writes)}")
        for name, table in made.items():
            check(name, table)
        return made

    def fingerprint(self, settings: Settings, model_sha256: str) -> str:
        """SHA-256 over everything beside its input that shapes this stage's rows."""
        own = getattr(settings, self.name, None)
        values = dataclasses.asdict(own) if own is not None else {}
        values.pop("model", None)
        told = [
            self.name,
            values,
            _code_sha256(self.sources + _SHARED),
            _versions(self.libraries),
            model_sha256 if self.uses_model else None,
        ]
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode("utf8")).hexdigest()


_LAST_LINKED = ("kept", "last_entities", "last_links", *MEMORY)
"""What linking builds upon: empty where the last run linked otherwise, or there was none."""

STAGES = (
    Stage(
        name="clean",
        scope="article",
        function="pipeline.clean.articles:clean",
        reads=("raw_articles",),
        writes=("articles", "segments", "issues"),
        sources=("clean", "read/html.py", "read/metadata.py", "resources"),
        libraries=("trafilatura", "lxml", "dateparser", "py3langid"),
    ),
    Stage(
        name="extract",
        scope="article",
        function="pipeline.extract.article:extract",
        reads=("articles", "segments", "corrections"),
        writes=("articles", "sentences", "mentions", "dates", "quantities", "quotes", "issues"),
        sources=("extract", "nlp", "read/corrections.py", "resources"),
        libraries=("spacy", "thinc", "dateparser", "onnxruntime", "tokenizers"),
        uses_model=True,
    ),
    Stage(
        name="duplicates",
        scope="corpus",
        function="pipeline.clean.duplicates:duplicates",
        reads=("articles", "segments"),
        writes=("articles",),
        sources=("clean/duplicates.py",),
    ),
    Stage(
        name="reopen",
        scope="corpus",
        function="pipeline.extract.dates.inferred:reopen",
        reads=("dates",),
        writes=("dates",),
        sources=("extract/dates", "resources/dates.toml"),
    ),
    Stage(
        name="window",
        scope="corpus",
        function="pipeline.clean.window:window",
        reads=("articles", "segments", "sentences", "mentions", "dates", "quotes", "issues"),
        writes=("articles", "issues"),
        sources=("clean/window.py", "clean/evidence.py", "clean/references.py", "clean/published.py", "resources"),
    ),
    Stage(
        name="anchor",
        scope="corpus",
        function="pipeline.extract.dates.inferred:anchor",
        reads=("articles", "dates"),
        writes=("dates",),
        sources=("extract/dates", "resources/dates.toml"),
    ),
    Stage(
        name="link",
        scope="corpus",
        function="pipeline.link:link",
        reads=("articles", "mentions", "quotes", "quantities", "issues", "corrections", *_LAST_LINKED),
        writes=("mentions", "quotes", "quantities", "entities", "links", "issues", *MEMORY),
        sources=("link", "read/corrections.py", "resources"),
    ),
    Stage(
        name="knowledge",
        scope="corpus",
        function="pipeline.link.knowledge:knowledge",
        reads=("articles", "mentions", "entities", "knowledge"),
        writes=("entities",),
        sources=("link", "read/knowledge.py", "resources"),
    ),
    Stage(
        name="corrections",
        scope="corpus",
        function="pipeline.extract.outcomes:outcomes",
        reads=("articles", "mentions", "quotes", "quantities", "issues", "corrections"),
        writes=("issues",),
        sources=("extract/corrections.py", "extract/outcomes.py", "read/corrections.py"),
    ),
    Stage(
        name="compare",
        scope="corpus",
        function="pipeline.compare:compare",
        reads=("articles", "mentions", "dates", "quantities", "quotes", "entities"),
        writes=("figures", "figure_groups", "figure_pairs"),
        sources=("compare",),
    ),
)
"""The pipeline. ``read`` comes before it (:func:`pipeline.read.read_corpus`), publishing after it."""

ARTICLE_STAGES = tuple(stage for stage in STAGES if stage.scope == "article")
CORPUS_STAGES = tuple(stage for stage in STAGES if stage.scope == "corpus")


_READ_LIBRARIES = ("charset-normalizer", "lxml", "pyyaml", "pyarrow", "warcio", "pdfminer.six")


def read_fingerprint(settings: Settings) -> str:
    """SHA-256 over everything beside its bytes that shapes what a file is found to hold."""
    told = [
        dataclasses.asdict(settings.read),
        _code_sha256(("read", "resources/page.toml", *_SHARED)),
        _versions(_READ_LIBRARIES),
    ]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode("utf8")).hexdigest()


def _versions(libraries: tuple[str, ...]) -> dict[str, str | None]:
    """The installed version of each; None where an extra is not installed."""
    found: dict[str, str | None] = dict.fromkeys(libraries)
    for name in libraries:
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            found[name] = importlib.metadata.version(name)
    return found


def _function(name: str) -> Callable[..., Any]:
    module, _, attribute = name.partition(":")
    function: Callable[..., Any] = getattr(importlib.import_module(module), attribute)
    return function


@functools.cache
def _code_sha256(sources: tuple[str, ...]) -> str:
    digest = hashlib.sha256()
    for source in sources:
        path = _PACKAGE / source
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.suffix in (".py", ".toml", ".csv"):
                digest.update(file.relative_to(_PACKAGE).as_posix().encode("utf8") + b"\0" + file.read_bytes())
    return digest.hexdigest()
