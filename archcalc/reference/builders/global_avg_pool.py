"""Global average pooling."""

from __future__ import annotations

from typing import Any

from torch import nn

from archcalc.reference.builders._shared import Shape, family


def build(layer: Any, x: Shape) -> nn.Module:
    """The layer in PyTorch."""
    module: nn.Module = family("AdaptiveAvgPool", len(x) - 1)(1)
    return module


geometry = build
