"""Concatenation along the channels or positions."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from archcalc.reference.builders._shared import Pointwise, Shape, summed


def build(layer: Any, *inputs: Shape) -> nn.Module:
    """The layer in PyTorch."""
    return Pointwise(lambda *tensors: torch.cat(tensors, dim=layer.dim))


def geometry(layer: Any, *inputs: Shape) -> nn.Module:
    """The layer's windows over one channel."""
    return Pointwise(summed) if layer.dim == 1 else build(layer, *inputs)
