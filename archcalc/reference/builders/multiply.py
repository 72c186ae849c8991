"""Element-wise product."""

from __future__ import annotations

from functools import reduce
from operator import mul
from typing import Any

from torch import nn

from archcalc.reference.builders._shared import Pointwise, Shape, aligned, summed


def build(layer: Any, *inputs: Shape) -> nn.Module:
    """The layer in PyTorch."""
    return Pointwise(lambda *tensors: reduce(mul, aligned(*tensors)))


def geometry(layer: Any, *inputs: Shape) -> nn.Module:
    """The layer's windows over one channel."""
    return Pointwise(summed)
