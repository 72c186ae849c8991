"""Zeros around each map."""

from __future__ import annotations

from typing import Any

from torch import nn

from archcalc.reference.builders._shared import NoCounterpartError, Padded, Shape, pads


def build(layer: Any, x: Shape) -> nn.Module:
    """The layer in PyTorch. Raises `NoCounterpartError` for a vector."""
    if len(x) == 1:
        raise NoCounterpartError("a vector has no border")
    return Padded(pads(layer.padding, x, 1, 1), nn.Identity())


geometry = build
