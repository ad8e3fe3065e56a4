"""The network: a small BERT encoder that is told each word's shape, and one head for each thing to be read.

Names, tags, parts of speech and sentence starts are read off each word's first piece by a linear layer; heads and
their relations by biaffine scores between words (Dozat and Manning, "Deep Biaffine Attention for Neural Dependency
Parsing", ICLR 2017). The encoder starts from all-MiniLM-L6-v2 (Apache-2.0).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

WIDTH, HEADS, LAYERS, INNER = 384, 12, 6, 1536
ARC, REL = 192, 64


@dataclass(frozen=True)
class Sizes:
    """How many there are of each thing that is told apart."""

    pieces: int
    shapes: int
    names: int
    tags: int
    pos: int
    deps: int


class Layer(nn.Module):
    """One layer of BERT."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.query_key_value = nn.Linear(WIDTH, 3 * WIDTH)
        self.attended = nn.Linear(WIDTH, WIDTH)
        self.norm_attended = nn.LayerNorm(WIDTH, eps=1e-12)
        self.inner = nn.Linear(WIDTH, INNER)
        self.outer = nn.Linear(INNER, WIDTH)
        self.norm_outer = nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = dropout

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """X: [batch, pieces, width]; mask: [batch, 1, 1, pieces], True at real pieces."""
        size = (*x.shape[:2], 3, HEADS, WIDTH // HEADS)
        query, key, value = self.query_key_value(x).view(size).permute(2, 0, 3, 1, 4)
        drop = self.dropout if self.training else 0.0
        mixed = F.scaled_dot_product_attention(query, key, value, attn_mask=mask, dropout_p=drop)
        mixed = self.attended(mixed.transpose(1, 2).reshape(x.shape))
        x = self.norm_attended(x + F.dropout(mixed, drop, self.training))
        return self.norm_outer(x + F.dropout(self.outer(F.gelu(self.inner(x))), drop, self.training))


class Network(nn.Module):
    """Pieces and shapes -> scores for every word of every window.

    Args:
        sizes: of the vocabulary and of every label set.
        dropout: share of values left out in training.
    """

    def __init__(self, sizes: Sizes, dropout: float = 0.1) -> None:
        super().__init__()
        self.pieces = nn.Embedding(sizes.pieces, WIDTH)
        self.shapes = nn.Embedding(sizes.shapes, WIDTH)
        self.positions = nn.Embedding(512, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList([Layer(dropout) for _ in range(LAYERS)])
        self.names = nn.Linear(WIDTH, sizes.names)
        self.tags = nn.Linear(WIDTH, sizes.tags)
        self.pos = nn.Linear(WIDTH, sizes.pos)
        self.starts = nn.Linear(WIDTH, 1)
        self.arc_dependent = nn.Linear(WIDTH, ARC)
        self.arc_head = nn.Linear(WIDTH, ARC)
        self.arc_weight = nn.Linear(ARC, ARC, bias=False)
        self.arc_bias = nn.Linear(ARC, 1)
        self.root = nn.Linear(ARC, 1)
        self.rel_dependent = nn.Linear(WIDTH, REL)
        self.rel_head = nn.Linear(WIDTH, REL)
        self.rel_weight = nn.Linear(REL + 1, sizes.deps * (REL + 1), bias=False)
        self.deps = sizes.deps
        self.dropout = dropout
        nn.init.zeros_(self.shapes.weight)
        nn.init.normal_(self.rel_weight.weight, std=0.02)

    def load_base(self, path: Path) -> None:
        """Take over the weights of the base model, a ``model.safetensors`` of BERT's naming."""
        from safetensors.torch import load_file

        base = load_file(path)
        with torch.no_grad():
            self.pieces.weight.copy_(base["embeddings.word_embeddings.weight"])
            positions = (
                base["embeddings.position_embeddings.weight"] + base["embeddings.token_type_embeddings.weight"][0]
            )
            self.positions.weight.copy_(positions)
            self.norm.weight.copy_(base["embeddings.LayerNorm.weight"])
            self.norm.bias.copy_(base["embeddings.LayerNorm.bias"])
            for number, layer in enumerate(self.layers):
                at = f"encoder.layer.{number}."
                for part in ("weight", "bias"):
                    three = [base[f"{at}attention.self.{name}.{part}"] for name in ("query", "key", "value")]
                    getattr(layer.query_key_value, part).copy_(torch.cat(three))
                    getattr(layer.attended, part).copy_(base[f"{at}attention.output.dense.{part}"])
                    getattr(layer.norm_attended, part).copy_(base[f"{at}attention.output.LayerNorm.{part}"])
                    getattr(layer.inner, part).copy_(base[f"{at}intermediate.dense.{part}"])
                    getattr(layer.outer, part).copy_(base[f"{at}output.dense.{part}"])
                    getattr(layer.norm_outer, part).copy_(base[f"{at}output.LayerNorm.{part}"])

    def encode(self, pieces: Tensor, shapes: Tensor, mask: Tensor | None) -> Tensor:
        """[batch, pieces] twice -> [batch, pieces, width]."""
        places = self.positions(torch.arange(pieces.shape[1], device=pieces.device))
        x = self.norm(self.pieces(pieces) + self.shapes(shapes) + places)
        x = F.dropout(x, self.dropout, self.training)
        for layer in self.layers:
            x = layer(x, mask)
        return x

    def forward(self, pieces: Tensor, shapes: Tensor, words: Tensor, mask: Tensor | None = None) -> dict[str, Tensor]:
        """Scores by name of head.

        Args:
            pieces: [batch, pieces], numbers in the vocabulary.
            shapes: [batch, pieces], numbers of shapes.
            words: [batch, words], the place of each word's first piece.
            mask: [batch, 1, 1, pieces], True at real pieces; None if all are.

        Returns:
            ``names``, ``tags``, ``pos`` [batch, words, labels]; ``starts`` [batch, words]; ``arcs`` [batch, words,
            words] (dependent, head; the diagonal is the root's); ``dep_side`` [batch, words, relations, 65] and
            ``head_side`` [batch, words, 65], whose product is the score of a relation.
        """
        x = self.encode(pieces, shapes, mask)
        x = x.gather(1, words.unsqueeze(-1).expand(-1, -1, WIDTH))
        x = F.dropout(x, self.dropout, self.training)
        dependent, head = (self._side(part(x)) for part in (self.arc_dependent, self.arc_head))
        arcs = self.arc_weight(dependent) @ head.transpose(1, 2) + self.arc_bias(head).transpose(1, 2)
        same = torch.eye(x.shape[1], dtype=arcs.dtype, device=x.device)
        arcs = arcs * (1 - same) + self.root(dependent) * same
        one = torch.ones_like(x[..., :1])
        below = torch.cat([self._side(self.rel_dependent(x)), one], -1)
        above = torch.cat([self._side(self.rel_head(x)), one], -1)
        return {
            "names": self.names(x),
            "tags": self.tags(x),
            "pos": self.pos(x),
            "starts": self.starts(x).squeeze(-1),
            "arcs": arcs,
            "dep_side": self.rel_weight(below).view(*x.shape[:2], self.deps, REL + 1),
            "head_side": above,
        }

    def _side(self, x: Tensor) -> Tensor:
        return F.dropout(F.gelu(x), 2 * self.dropout, self.training)
