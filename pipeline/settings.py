"""All settings: one frozen dataclass per stage, read from one TOML file.

No environment variable and no global shapes a run. A setting belongs to the stage that uses it, so
that a changed setting makes only that stage, and what follows it, run again. How many processes work
and how large their shards are is no setting: it must not move a single byte of the tables.
"""

from __future__ import annotations

import dataclasses
import json
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.errors import SettingsError


@dataclass(frozen=True)
class ReadSettings:
    """How files become raw articles."""

    max_megabytes: int = 64
    """Larger files are refused with an issue row rather than held in memory."""


@dataclass(frozen=True)
class CleanSettings:
    """How raw text is cut into zones."""

    join_wrapped_lines: bool = True
    """Whether lines of a hard-wrapped text are joined to paragraphs."""


@dataclass(frozen=True)
class ExtractSettings:
    """How names, dates, numbers and quotes are found."""

    model: str = ""
    """Folder or name of a spaCy pipeline; empty: the one that ships with Concord."""
    date_order: str = ""
    """DMY or MDY for dates such as 03/04/2017; empty: both readings are kept as alternatives."""
    max_characters: int = 500_000
    """What lies beyond, in one article, is not read and told: no news report is near it."""


@dataclass(frozen=True)
class LinkSettings:
    """How mentions become entities."""

    surnames: bool = True
    """Whether a bare surname joins the one full name in its article that ends in it."""
    acronyms: bool = True
    """Whether an acronym joins the name whose initials it is."""


@dataclass(frozen=True)
class CompareSettings:
    """How figures are lined up (nothing to set yet)."""


@dataclass(frozen=True)
class Settings:
    """Every setting of every stage; the defaults are the recommended values."""

    read: ReadSettings = field(default_factory=ReadSettings)
    clean: CleanSettings = field(default_factory=CleanSettings)
    extract: ExtractSettings = field(default_factory=ExtractSettings)
    link: LinkSettings = field(default_factory=LinkSettings)
    compare: CompareSettings = field(default_factory=CompareSettings)

    @classmethod
    def load(cls, path: Path | None) -> Settings:
        """Settings from a TOML file with one table per stage; the defaults without a file.

        Raises:
            SettingsError: not TOML, an unknown stage or setting, or a value of another type.
        """
        if path is None:
            return cls()
        try:
            given = tomllib.loads(path.read_text("utf8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise SettingsError(f"settings {path}: {error}") from error
        stages = {f.name: f.default_factory for f in dataclasses.fields(cls) if callable(f.default_factory)}
        made: dict[str, Any] = {}
        for stage, values in given.items():
            if stage not in stages or not isinstance(values, dict):
                raise SettingsError(f"settings {path}: [{stage}] is no stage; known are {', '.join(stages)}")
            default = stages[stage]()
            allowed = {f.name: type(getattr(default, f.name)) for f in dataclasses.fields(default)}
            for name, value in values.items():
                if name not in allowed:
                    raise SettingsError(
                        f"settings {path}: [{stage}] has no {name}; known are {', '.join(allowed) or 'none'}"
                    )
                if type(value) is not allowed[name]:
                    raise SettingsError(
                        f"settings {path}: {stage}.{name} must be {allowed[name].__name__}, not {value!r}"
                    )
            made[stage] = dataclasses.replace(default, **values)
        settings = cls(**made)
        if settings.extract.date_order not in ("", "DMY", "MDY"):
            raise SettingsError(
                f"settings {path}: extract.date_order must be DMY, MDY or empty, not {settings.extract.date_order!r}"
            )
        return settings

    def as_json(self) -> str:
        """All settings as JSON with sorted keys: what a run records and hashes."""
        return json.dumps(dataclasses.asdict(self), sort_keys=True)
