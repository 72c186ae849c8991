"""The dense layer, in PyTorch and in NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
from torch import Tensor, nn

from archcalc.reference.builders._shared import Shape


def build(layer: Any, x: Shape) -> nn.Module:
    """The layer in PyTorch."""
    linear = nn.Linear(x[0], layer.out_features, bias=layer.bias)
    return linear if len(x) == 1 else PerPosition(linear)


class PerPosition(nn.Module):
    """A layer over the last axis, applied to the channels of each position."""

    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner = inner

    def forward(self, x: Tensor) -> Tensor:
        return self.inner(x.movedim(1, -1)).movedim(-1, 1)


class NumpyReference:
    """z = w·a + b. The first axis of `a` and `z` are the examples, the second one the channels."""

    def __init__(self, layer: Any, parameters: list[Any]) -> None:
        self.w = parameters[0]
        self.b = parameters[1] if layer.bias else np.zeros(len(self.w))

    def forward(self, a: Any) -> Any:
        """The output for a, at each position."""
        self.a = np.moveaxis(a, 1, -1)
        return np.moveaxis(self.a @ self.w.T + self.b, -1, 1)

    def backward(self, delta: Any) -> tuple[Any, list[Any]]:
        """BP2 without σ', which is the activation's: wᵀδ. BP4: ∂C/∂w_jk = a_k·δ_j. BP3: ∂C/∂b_j = δ_j."""
        delta = np.moveaxis(delta, 1, -1)
        rows = delta.reshape(-1, delta.shape[-1])
        return np.moveaxis(delta @ self.w, -1, 1), [rows.T @ self.a.reshape(len(rows), -1), rows.sum(axis=0)]
