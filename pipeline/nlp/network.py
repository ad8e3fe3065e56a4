"""The network on disk: three files in one folder, checked before they are used, and the session that runs it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from pipeline.nlp.windows import Floats, Ints

NETWORK, PIECES, CARD = "network.onnx", "vocab.txt", "reader.json"
FILES = (NETWORK, PIECES, CARD)
OUTPUTS = ("names", "tags", "pos", "starts", "arcs", "dep_side", "head_side")
"""What the network says of the ``w`` words of a window: scores ``float[w, labels]`` of names, tags and parts of
speech, ``float[w]`` that a sentence starts, ``arcs[w, w]`` (dependent by head, the diagonal that it is a root), and
two sides, ``[w, relations, d]`` and ``[w, d]``, whose product for a word and its head scores its relations."""


class Session(Protocol):
    """What runs the network: an ``onnxruntime.InferenceSession``, or a stand-in."""

    def run(self, outputs: Sequence[str], feed: dict[str, Ints], /) -> list[Floats]:
        """The named outputs for one window."""
        ...


def checked_card(folder: Path) -> dict[str, Any]:
    """What the card in ``folder`` says, when the files beside it are those that it names.

    Raises:
        ValueError: a file is another one.
    """
    card: dict[str, Any] = json.loads((folder / CARD).read_text("utf8"))
    for name, expected in card["sha256"].items():
        with (folder / name).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if digest != expected:
            raise ValueError(
                f"{folder / name}: expected SHA-256 {expected}, found {digest}; the file is damaged, "
                "or only a pointer to a large file: fetch the repository again, with its large files"
            )
    return card


def session(path: Path) -> Session:
    """The network on one thread: more would not give the same sums, and every worker has a core of its own."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = 3
    made: Session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    return made
