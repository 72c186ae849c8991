"""Root mean square normalisation."""

from __future__ import annotations

from typing import Any

from torch import nn

from archcalc.reference.builders._norms import of_positions, whole_map
from archcalc.reference.builders._shared import Shape


def build(layer: Any, x: Shape) -> nn.Module:
    """The layer in PyTorch."""
    return of_positions(nn.RMSNorm, layer, x)


def geometry(layer: Any, x: Shape) -> nn.Module:
    """Over all, the statistics are those of the whole map; else those of the position."""
    return whole_map(x) if layer.over == "all" else nn.Identity()
