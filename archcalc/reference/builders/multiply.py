"""Element-wise product, where a factor may be repeated along an axis but the first volume may not."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn

from archcalc.reference.builders._shared import Pointwise, Refused, Shape, summed


def build(layer: Any, *inputs: Shape) -> nn.Module:
    return Pointwise(_scaled)


def _scaled(first: Tensor, *factors: Tensor) -> Tensor:
    whole = first
    for factor in factors:
        if factor.dim() != first.dim():
            raise Refused("a factor has as many axes as the volume it scales")
        whole = whole * factor
    if whole.shape != first.shape:
        raise Refused("a factor is not larger than the volume it scales")
    return whole


def geometry(layer: Any, *inputs: Shape) -> nn.Module:
    return Pointwise(summed)
