"""Element-wise sum."""

from __future__ import annotations

from typing import Any

from torch import nn

from archcalc.reference.builders._shared import Pointwise, Shape, summed


def build(layer: Any, *inputs: Shape) -> nn.Module:
    """The layer in PyTorch."""
    return Pointwise(summed)


geometry = build
