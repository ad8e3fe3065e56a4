"""Which files of a corpus hold articles, in path order."""

from __future__ import annotations

import os
from pathlib import Path

from pipeline.errors import ReadError, UsageError
from pipeline.read.formats import suffix_of
from pipeline.read.record import storable

SIDECAR = ".meta.toml"
_NOT_ARTICLES = {"corrections.csv"}


def corpus_files(corpus: Path, output: Path | None = None) -> tuple[list[Path], list[ReadError]]:
    """The files of ``corpus`` (a folder, searched through, or one file) in path order, and what could not be opened.

    Hidden files, sidecars, ``README*`` and ``corrections.csv`` are no articles; nor is anything in ``output``,
    wherever it lies. Linked folders are not entered.

    Raises:
        UsageError: there is no such file or folder.
    """
    if corpus.is_file():
        return [corpus], []
    if not corpus.is_dir():
        raise UsageError(f"corpus {corpus}: no such file or folder; give the folder that holds your articles")
    files: list[Path] = []
    refused: list[ReadError] = []

    def unreadable(error: OSError) -> None:
        name = storable(str(error.filename))
        refused.append(
            ReadError(
                "unreadable", f"{name}: the folder cannot be opened ({error.strerror}); its articles are missing", name
            )
        )

    avoid = output.resolve() if output else None
    for folder, below, names in os.walk(corpus, onerror=unreadable):
        here = Path(folder)
        for name in below:
            if (here / name).is_symlink():
                place = storable((here / name).relative_to(corpus).as_posix())
                refused.append(
                    ReadError(
                        "linked_folder",
                        f"{place}: a linked folder is not entered; copy it, or extract it by itself",
                        place,
                    )
                )
        below[:] = [name for name in below if not name.startswith(".") and (here / name).resolve() != avoid]
        files += [here / name for name in names if not name.startswith((".", "README")) and name not in _NOT_ARTICLES]
    found = sorted(path for path in files if path.is_file() or path.is_symlink())
    described = {sidecar_of(path) for path in found}
    alone = (path for path in found if path.name.endswith(SIDECAR) and path not in described)
    refused.extend(_alone(storable(path.relative_to(corpus).as_posix())) for path in alone)
    return [path for path in found if not path.name.endswith(SIDECAR)], refused


def sidecar_of(path: Path) -> Path:
    """Where the sidecar of an article file lies, if it has one."""
    if path.name.endswith(SIDECAR):
        return path.with_name(path.name + SIDECAR)
    suffix = suffix_of(path.name) or path.suffix
    return path.with_name(path.name[: len(path.name) - len(suffix)] + SIDECAR)


def _alone(place: str) -> ReadError:
    return ReadError(
        "sidecar_alone", f"{place}: there is no article of that name beside it; rename the one or the other", place
    )
