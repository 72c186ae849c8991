"""The sum of copies side by side, each times its weight from the router."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from archcalc.reference.builders._shared import Shape, summed
from archcalc.reference.builders.sum import Sum, geometry

__all__ = ["build", "geometry"]


def build(layer: Any, x: Shape, router: Shape) -> Sum:
    """The layer in PyTorch."""
    return WeightedSum(layer.active)


class WeightedSum(Sum):
    """y = Σ_j w_j·x_j over the active copies."""

    def forward(self, x: Tensor, *router: Tensor) -> Tensor:
        """The sum; the router's weights are its channels."""
        return summed(*(part * router[0][:, copy : copy + 1] for copy, part in enumerate(x.chunk(self.active))))
