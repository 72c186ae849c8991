"""A part of a volume."""

from __future__ import annotations

from typing import Any

from torch import nn

from archcalc.reference.builders._shared import Pointwise, Shape


def build(layer: Any, x: Shape) -> nn.Module:
    """The layer in PyTorch."""
    return Pointwise(lambda z: z.narrow(layer.dim, layer.start, layer.length))


def geometry(layer: Any, x: Shape) -> nn.Module:
    """The layer's windows over one channel."""
    return nn.Identity() if layer.dim == 1 else build(layer, x)
