"""Softmax over the channels."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from archcalc.reference.builders._shared import Pointwise, Shape


def build(layer: Any, x: Shape) -> nn.Module:
    """The layer in PyTorch."""
    return Pointwise(lambda z: torch.softmax(z if layer.beta == 1 else layer.beta * z, dim=1))
