"""What a file was found to hold, without the texts: all that need be kept of it between two runs.

A file whose bytes, sidecar and readers are the same holds the same records, so it is not read again
until some article in it must be made anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import ReadError
from pipeline.ids import sha256
from pipeline.read.record import storable
from pipeline.read.repeated import line_keys

if TYPE_CHECKING:
    from pipeline.read.record import Record


@dataclass(frozen=True)
class Held:
    """A record without its text: ``text_sha256`` and ``markup_sha256`` stand for what is left out.

    ``lines`` and ``prose`` are the keys of its short lines and of its lines of running text.
    """

    place: str
    format: str
    encoding: str
    text_sha256: str
    markup_sha256: str | None
    given: Mapping[str, Any]
    notes: tuple[tuple[str, str], ...]
    lines: tuple[str, ...]
    prose: tuple[str, ...]

    @property
    def article_id(self) -> str:
        """The id of the article that has this text."""
        return f"a_{self.text_sha256[:16]}"


@dataclass(frozen=True)
class FileContents:
    """The records of one file and what was refused in it; ``key`` names the bytes and readers they come from."""

    key: str
    held: tuple[Held, ...]
    refused: tuple[ReadError, ...]

    def as_json(self) -> str:
        """Everything but the key."""
        refused = [(error.code, str(error), error.path) for error in self.refused]
        return json.dumps({"held": [asdict(one) for one in self.held], "refused": refused}, ensure_ascii=False)

    @classmethod
    def from_json(cls, key: str, told: str) -> FileContents:
        """What :meth:`as_json` told."""
        fields = json.loads(told)
        held = [
            Held(
                **{**one, "notes": tuple(map(tuple, one["notes"]))}
                | {name: tuple(one[name]) for name in ("lines", "prose")}
            )
            for one in fields["held"]
        ]
        return cls(key, tuple(held), tuple(ReadError(*error) for error in fields["refused"]))


def contents(key: str, found: Iterable[Record | ReadError]) -> FileContents:
    """What is kept of a file that was read."""
    held, refused = [], []
    for one in found:
        if isinstance(one, ReadError):
            refused.append(one)
            continue
        lines, prose = line_keys(one.raw_text)
        markup = sha256(one.markup) if one.markup is not None else None
        text = sha256(one.raw_text)
        held.append(Held(one.place, one.format, one.encoding, text, markup, one.given, one.notes, lines, prose))
    return FileContents(key, tuple(held), tuple(refused))


def file_key(path: Path, sidecar: Path, fingerprint: str) -> str:
    """SHA-256 over the bytes of a file and of its sidecar, and the fingerprint of the readers; empty if unreadable."""
    try:
        told = [fingerprint, storable(path.name)]
        for one in (path, sidecar):
            if one == path or one.is_file():
                with one.open("rb") as handle:
                    told.append(hashlib.file_digest(handle, "sha256").hexdigest())
    except OSError:
        return ""
    return sha256("\n".join(told))
