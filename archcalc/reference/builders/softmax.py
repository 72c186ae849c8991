"""Softmax over the channels, in PyTorch and in NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import nn

from archcalc.reference.builders._shared import Pointwise, Shape


def build(layer: Any, x: Shape) -> nn.Module:
    """The layer in PyTorch."""
    return Pointwise(lambda z: torch.softmax(z if layer.beta == 1 else layer.beta * z, dim=1))


class NumpyReference:
    """a_i = e^(β·z_i) / Σ_j e^(β·z_j), so that ∂a_i/∂z_j = β·a_i·((i = j) − a_j)."""

    def __init__(self, layer: Any, parameters: list[Any]) -> None:
        self.beta = layer.beta
        self.a: Any = None

    def forward(self, z: Any) -> Any:
        """The output for z, whose rows are examples."""
        powers = np.exp(self.beta * (z - z.max(axis=1, keepdims=True)))
        self.a = powers / powers.sum(axis=1, keepdims=True)
        return self.a

    def backward(self, delta: Any) -> tuple[Any, list[Any]]:
        """BP1 for outputs that depend on one another."""
        return self.beta * self.a * (delta - (delta * self.a).sum(axis=1, keepdims=True)), []
