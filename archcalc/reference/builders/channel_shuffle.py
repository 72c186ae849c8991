"""Channels in another order."""

from __future__ import annotations

from typing import Any

from torch import nn

from archcalc.reference.builders._shared import NoCounterpartError, Pointwise, Shape


def build(layer: Any, x: Shape) -> nn.Module:
    """The layer in PyTorch. Raises `NoCounterpartError` where the groups do not divide the channels."""
    if x[0] % layer.groups:
        raise NoCounterpartError("the groups do not divide the channels")
    return Pointwise(lambda z: z.unflatten(1, (layer.groups, -1)).transpose(1, 2).flatten(1, 2))
