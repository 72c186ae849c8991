"""A table of vectors; random inputs become indices into it."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn

from archcalc.reference.builders._shared import NoCounterpartError, Shape


def build(layer: Any, x: Shape) -> nn.Module:
    """The layer in PyTorch. Raises `NoCounterpartError` for an input that is no list of indices."""
    if len(x) != 2 or x[0] != 1:
        raise NoCounterpartError("indices have one channel and one axis")
    return Embedding(layer.num_embeddings, layer.embedding_dim)


class Embedding(nn.Module):
    """The rows of the table, as channels."""

    def __init__(self, rows: int, values: int) -> None:
        super().__init__()
        self.table = nn.Embedding(rows, values)

    def forward(self, x: Tensor) -> Tensor:
        indices = (100 * x[:, 0]).abs().long() % self.table.num_embeddings
        return self.table(indices).movedim(-1, 1)
