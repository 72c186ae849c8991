"""The product of two matrices, in groups of channels."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from archcalc.reference.builders._shared import NoCounterpartError, Pointwise, Shape


def build(layer: Any, a: Shape, b: Shape) -> nn.Module:
    """The layer in PyTorch. Raises `NoCounterpartError` for a sparse matrix, of which no values are described."""
    if layer.nonzeros is not None:
        raise NoCounterpartError("the counter of PyTorch counts a sparse product as a dense one")
    if len(a) != 2:
        raise NoCounterpartError("the first volume is no matrix")
    if a[0] % layer.groups or layer.groups * a[1] != b[0]:
        raise NoCounterpartError("the inner sizes differ")
    return Pointwise(lambda x, y: _product(x, y, layer.groups))


def _product(a: Tensor, b: Tensor, groups: int) -> Tensor:
    left, right = a.unflatten(1, (groups, -1)), b.reshape(len(b), groups, a.shape[2], -1)
    return torch.matmul(left, right).reshape(len(a), a.shape[1], *b.shape[2:])
