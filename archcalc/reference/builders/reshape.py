"""The values in another shape."""

from __future__ import annotations

from typing import Any

from torch import nn

from archcalc.reference.builders._shared import Pointwise, Shape


def build(layer: Any, x: Shape) -> nn.Module:
    """The layer in PyTorch."""
    return Pointwise(lambda z: z.reshape(len(z), *layer.shape))
