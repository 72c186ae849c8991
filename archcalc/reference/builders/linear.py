"""The dense layer, in PyTorch and in NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
from torch import nn

from archcalc.reference.builders._shared import Shape


def build(layer: Any, x: Shape) -> nn.Module:
    """The layer in PyTorch."""
    return nn.Linear(x[-1], layer.out_features, bias=layer.bias)


class NumpyReference:
    """z = w·a + b. Examples are the rows of `a` and `z`."""

    def __init__(self, layer: Any, parameters: list[Any]) -> None:
        self.w = parameters[0]
        self.b = parameters[1] if layer.bias else np.zeros(len(self.w))

    def forward(self, a: Any) -> Any:
        """The output for a, whose rows are examples."""
        self.a = a
        return a @ self.w.T + self.b

    def backward(self, delta: Any) -> tuple[Any, list[Any]]:
        """BP2 without σ', which is the activation's: wᵀδ. BP4: ∂C/∂w_jk = a_k·δ_j. BP3: ∂C/∂b_j = δ_j."""
        return delta @ self.w, [delta.T @ self.a, delta.sum(axis=0)]
