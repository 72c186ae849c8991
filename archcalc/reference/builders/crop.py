"""Cropping: the middle of each map, or the map without its margins."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn

from archcalc.reference.builders._shared import NoCounterpartError, Pads, Shape, ShapeSource, pads


def build(layer: Any, x: Shape, *model: Shape) -> nn.Module:
    """The layer in PyTorch. Raises `NoCounterpartError` if it has neither margins nor a model, or both."""
    if (layer.like is None) == (layer.margins is None):
        raise NoCounterpartError("a crop has either a model or margins")
    return Crop(None if layer.like is not None else pads(layer.margins, x, 1, 1))


class Crop(nn.Module):
    """Of an odd number of positions to be cut, the greater half is cut at the end. Raises `NoCounterpartError`."""

    def __init__(self, margins: Pads | None) -> None:
        super().__init__()
        self.margins = margins

    def forward(self, x: Tensor, *named: ShapeSource) -> Tensor:
        """The cut map. Raises `NoCounterpartError` if nothing is left."""
        sizes = x.shape[2:]
        if not sizes:
            raise NoCounterpartError("a vector has no border")
        if self.margins is not None:
            cuts = [(before, size - before - after) for (before, after), size in zip(self.margins, sizes, strict=True)]
        else:
            target = named[0].output
            if len(target) != len(sizes):
                raise NoCounterpartError("the model has other axes")
            cuts = [((size - keep) // 2, keep) for size, keep in zip(sizes, target, strict=True)]
        if min(keep for _, keep in cuts) < 1:
            raise NoCounterpartError("nothing is left of the map")
        for axis, (first, keep) in enumerate(cuts, 2):
            x = x.narrow(axis, first, keep)
        return x


geometry = build
