"""Batch normalisation; PyTorch's counter of batches is not counted."""

from __future__ import annotations

from typing import Any

from torch import nn

from archcalc.reference.builders._norms import whole_map
from archcalc.reference.builders._shared import Shape, family


def build(layer: Any, x: Shape) -> nn.Module:
    """The layer in PyTorch."""
    module: nn.Module = family("BatchNorm", max(len(x) - 1, 1))(
        x[0], layer.eps, layer.momentum, layer.affine, layer.track_running_stats
    )
    return module


def geometry(layer: Any, x: Shape) -> nn.Module:
    """Without moving statistics, mean and variance are those of the map."""
    return nn.Identity() if layer.track_running_stats else whole_map(x)
