"""Element-wise sum; PyTorch would repeat a smaller volume, so unequal ones are refused here."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn

from archcalc.reference.builders._shared import Pointwise, Refused, Shape, summed


def build(layer: Any, *inputs: Shape) -> nn.Module:
    return Pointwise(_equal)


def _equal(*tensors: Tensor) -> Tensor:
    if len({tensor.shape for tensor in tensors}) > 1:
        raise Refused("volumes that are added are equal")
    return summed(*tensors)


def geometry(layer: Any, *inputs: Shape) -> nn.Module:
    return Pointwise(summed)
