"""The rectified linear unit with a ceiling."""

from __future__ import annotations

from typing import Any

from torch import nn

from archcalc.reference.builders._shared import Shape


def build(layer: Any, x: Shape) -> nn.Module:
    """The layer in PyTorch."""
    return nn.ReLU6()
