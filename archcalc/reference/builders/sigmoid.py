"""The logistic sigmoid, in PyTorch and in NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
from torch import nn

from archcalc.reference.builders._shared import Shape


def build(layer: Any, x: Shape) -> nn.Module:
    """The layer in PyTorch."""
    return nn.Sigmoid()


class NumpyReference:
    """σ(z) = 1 / (1 + e⁻ᶻ), σ'(z) = σ(z)·(1 − σ(z))."""

    def __init__(self, layer: Any, parameters: list[Any]) -> None:
        self.a: Any = None

    def forward(self, z: Any) -> Any:
        """The output for z, whose rows are examples."""
        self.a = 1 / (1 + np.exp(-z))
        return self.a

    def backward(self, delta: Any) -> tuple[Any, list[Any]]:
        """BP1 and BP2: the error of the following layer ⊙ σ'(z)."""
        return delta * self.a * (1 - self.a), []
