"""Channels and positions exchanged, in each group."""

from __future__ import annotations

from typing import Any

from torch import nn

from archcalc.reference.builders._shared import NoCounterpartError, Pointwise, Shape


def build(layer: Any, x: Shape) -> nn.Module:
    """The layer in PyTorch. Raises `NoCounterpartError` for other than a matrix."""
    if len(x) != 2:
        raise NoCounterpartError("a matrix has one axis of positions")
    if layer.groups == 1:
        return Pointwise(lambda z: z.transpose(1, 2))
    return Pointwise(lambda z: z.unflatten(1, (layer.groups, -1)).transpose(2, 3).flatten(1, 2))
