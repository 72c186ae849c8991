"""Positions as channels of a smaller map, over any number of axes."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn

from archcalc.reference.builders._shared import NoCounterpartError, Pointwise, Shape


def build(layer: Any, x: Shape) -> nn.Module:
    """The layer in PyTorch. Raises `NoCounterpartError` for a vector, or a map that no patches fill."""
    r, axes = layer.downscale_factor, len(x) - 1
    if not axes or any(size % r for size in x[1:]):
        raise NoCounterpartError("the factor does not divide the map")
    return nn.PixelUnshuffle(r) if axes == 2 else Pointwise(lambda z: _patches(z, r).flatten(1, 1 + axes))


def geometry(layer: Any, x: Shape) -> nn.Module:
    """The layer's windows over one channel."""
    return Pointwise(lambda z: _patches(z, layer.downscale_factor).flatten(2, len(x)).mean(dim=2))


def _patches(z: Tensor, r: int) -> Tensor:
    """The positions of each patch before the patches, N×C×r…×H/r…."""
    axes = z.dim() - 2
    for axis in reversed(range(2, 2 + axes)):
        z = z.unflatten(axis, (-1, r))
    places = range(2, 2 + 2 * axes)
    return z.permute(0, 1, *places[1::2], *places[::2])
