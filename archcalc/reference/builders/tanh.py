"""The hyperbolic tangent, plain and as LeNet scales it, in PyTorch and in NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import nn

from archcalc.reference.builders._shared import Pointwise, Shape

AMPLITUDE, SLOPE = 1.7159, 2 / 3
"""LeCun et al. 1998, appendix A."""


def build(layer: Any, x: Shape) -> nn.Module:
    """The layer in PyTorch."""
    return Pointwise(lambda z: AMPLITUDE * torch.tanh(SLOPE * z)) if layer.scaled else nn.Tanh()


class NumpyReference:
    """A·tanh(S·z), with derivative A·S·(1 − tanh²(S·z)); A and S are 1 where it is not scaled."""

    def __init__(self, layer: Any, parameters: list[Any]) -> None:
        self.amplitude, self.slope = (AMPLITUDE, SLOPE) if layer.scaled else (1.0, 1.0)
        self.t: Any = None

    def forward(self, z: Any) -> Any:
        """The output for z, whose rows are examples."""
        self.t = np.tanh(self.slope * z)
        return self.amplitude * self.t

    def backward(self, delta: Any) -> tuple[Any, list[Any]]:
        """BP1 and BP2: the error of the following layer ⊙ σ'(z)."""
        return delta * self.amplitude * self.slope * (1 - self.t**2), []
