"""Softmax over the channels, in PyTorch and in NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from archcalc.reference.builders._shared import Pointwise, Shape


def build(layer: Any, x: Shape) -> nn.Module:
    """The layer in PyTorch."""
    return Pointwise(lambda z: _softmax(z if layer.beta == 1 else layer.beta * z, layer.groups))


def _softmax(z: Tensor, groups: int) -> Tensor:
    return torch.softmax(z, dim=1) if groups == 1 else torch.softmax(z.unflatten(1, (groups, -1)), dim=2).flatten(1, 2)


class NumpyReference:
    """a_i = e^(β·z_i) / Σ_j e^(β·z_j), so that ∂a_i/∂z_j = β·a_i·((i = j) − a_j)."""

    def __init__(self, layer: Any, parameters: list[Any]) -> None:
        self.beta, self.groups = layer.beta, layer.groups
        self.a: Any = None

    def forward(self, z: Any) -> Any:
        """The output for z, whose rows are examples."""
        grouped = z.reshape(len(z), self.groups, -1, *z.shape[2:])
        powers = np.exp(self.beta * (grouped - grouped.max(axis=2, keepdims=True)))
        self.a = powers / powers.sum(axis=2, keepdims=True)
        return self.a.reshape(z.shape)

    def backward(self, delta: Any) -> tuple[Any, list[Any]]:
        """BP1 for outputs that depend on one another."""
        grouped = delta.reshape(self.a.shape)
        before = self.beta * self.a * (grouped - (grouped * self.a).sum(axis=2, keepdims=True))
        return before.reshape(delta.shape), []
