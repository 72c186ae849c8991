"""Group normalisation."""

from __future__ import annotations

from typing import Any

from torch import nn

from archcalc.reference.builders._norms import whole_map
from archcalc.reference.builders._shared import Shape


def build(layer: Any, x: Shape) -> nn.Module:
    """The layer in PyTorch."""
    return nn.GroupNorm(layer.num_groups, x[0], layer.eps, layer.affine)


def geometry(layer: Any, x: Shape) -> nn.Module:
    """Mean and variance are those of the map."""
    return whole_map(x)
