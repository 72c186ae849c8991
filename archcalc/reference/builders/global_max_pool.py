"""Global max pooling."""

from __future__ import annotations

from typing import Any

from torch import nn

from archcalc.reference.builders._shared import Shape, family


def build(layer: Any, x: Shape) -> nn.Module:
    """The layer in PyTorch."""
    module: nn.Module = family("AdaptiveMaxPool", len(x) - 1)(1)
    return module


def geometry(layer: Any, x: Shape) -> nn.Module:
    """The same window, averaged so that each position has a gradient."""
    module: nn.Module = family("AdaptiveAvgPool", len(x) - 1)(1)
    return module
