"""The sum of copies side by side, each times its weight from the router."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn

from archcalc.reference.builders._shared import Pointwise, Shape, summed


def build(layer: Any, x: Shape, *router: Shape) -> nn.Module:
    """The layer in PyTorch."""
    return WeightedSum(layer.active)


def geometry(layer: Any, x: Shape, *router: Shape) -> nn.Module:
    """The sum of what one copy and the router read."""
    return Pointwise(summed)


class WeightedSum(nn.Module):
    """y = Σ_j w_j·x_j over the active copies, whose outputs are one behind the other along the batch."""

    def __init__(self, active: int) -> None:
        super().__init__()
        self.active = active

    def forward(self, x: Tensor, *router: Tensor) -> Tensor:
        """The sum; the router's weights are its channels."""
        parts = x.chunk(self.active)
        if not router:
            return summed(*parts)
        return summed(*(part * router[0][:, copy : copy + 1] for copy, part in enumerate(parts)))
