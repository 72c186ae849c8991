"""The sum of copies side by side."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn

from archcalc.reference.builders._shared import Pointwise, Shape, summed


def build(layer: Any, x: Shape) -> nn.Module:
    """The layer in PyTorch."""
    return Sum(layer.active)


def geometry(layer: Any, *inputs: Shape) -> nn.Module:
    """The sum of what one copy and a router read."""
    return Pointwise(summed)


class Sum(nn.Module):
    """y = Σ_j x_j over the active copies, whose outputs are one behind the other along the batch."""

    def __init__(self, active: int) -> None:
        super().__init__()
        self.active = active

    def forward(self, x: Tensor, *router: Tensor) -> Tensor:
        """The sum."""
        return summed(*x.chunk(self.active))
