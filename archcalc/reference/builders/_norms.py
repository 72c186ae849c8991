"""What the builders of normalisations share."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn

from archcalc.reference.builders._shared import Pointwise, Shape


class ChannelsLast(nn.Module):
    """A module that works along the last axis, for the channels of N×C×…

    The output is in the order of its axes: PyTorch 2.13 crashes in the gradient of a group norm to its weights alone where
    the values of a position are adjacent.
    """

    def __init__(self, module: nn.Module) -> None:
        super().__init__()
        self.module = module

    def forward(self, x: Tensor) -> Tensor:
        return self.module(x.movedim(1, -1)).movedim(-1, 1).contiguous()


def of_positions(module: Any, layer: Any, x: Shape, **options: Any) -> nn.Module:
    """PyTorch's norm over the last axes: the channels, brought there, or all axes as they are."""
    options |= {"eps": layer.eps, "elementwise_affine": layer.elementwise_affine}
    return module(tuple(x), **options) if layer.over == "all" else ChannelsLast(module(x[0], **options))


def whole_map(x: Shape) -> nn.Module:
    """The geometry of statistics of the map itself: each unit reads all of it."""
    spatial = tuple(range(2, len(x) + 1))
    return Pointwise(lambda maps: maps + maps.mean(dim=spatial, keepdim=True)) if spatial else nn.Identity()
