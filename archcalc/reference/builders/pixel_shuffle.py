"""Channels as positions of a larger map, over any number of axes."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn

from archcalc.reference.builders._shared import NoCounterpartError, Pointwise, Shape


def build(layer: Any, x: Shape) -> nn.Module:
    """The layer in PyTorch. Raises `NoCounterpartError` for a vector, or channels that are no multiple."""
    r, axes = layer.upscale_factor, len(x) - 1
    if not axes or x[0] % r**axes:
        raise NoCounterpartError("the channels are no multiple of the places")
    return nn.PixelShuffle(r) if axes == 2 else Pointwise(lambda z: _shuffled(z, r, axes))


def geometry(layer: Any, x: Shape) -> nn.Module:
    """The layer's windows over one channel."""
    return Pointwise(lambda z: _repeated(z, layer.upscale_factor))


def _shuffled(z: Tensor, r: int, axes: int) -> Tensor:
    z = z.unflatten(1, (-1, *(r,) * axes))
    order = [place for axis in range(axes) for place in (2 + axes + axis, 2 + axis)]
    z = z.permute(0, 1, *order)
    for axis in range(2, 2 + axes):
        z = z.flatten(axis, axis + 1)
    return z


def _repeated(z: Tensor, r: int) -> Tensor:
    for axis in range(2, z.dim()):
        z = z.repeat_interleave(r, dim=axis)
    return z
