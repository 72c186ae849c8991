"""The smooth rectifier."""

from __future__ import annotations

from typing import Any

from torch import nn

from archcalc.reference.builders._shared import Shape


def build(layer: Any, x: Shape) -> nn.Module:
    """The layer in PyTorch."""
    return nn.Softplus(layer.beta, layer.threshold)
