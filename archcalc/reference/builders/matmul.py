"""The product of two matrices, in groups of channels."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from archcalc.reference.builders._shared import NoCounterpartError, Pointwise, Shape


def build(layer: Any, a: Shape, b: Shape) -> nn.Module:
    """The layer in PyTorch. Raises `NoCounterpartError` where the sizes do not fit."""
    if len(a) != 2:
        raise NoCounterpartError("the first volume is no matrix")
    if a[0] % layer.groups or layer.groups * a[1] != b[0]:
        raise NoCounterpartError("the inner sizes differ")
    if layer.nonzeros is None:
        multiply = torch.matmul
    elif layer.sparse == "right":
        multiply = partial(_sparse_product, nonzeros=layer.nonzeros)
    else:
        multiply = partial(_product_of_sparse, nonzeros=layer.nonzeros)
    return Pointwise(lambda x, y: _product(x, y, layer.groups, multiply))


def _product(a: Tensor, b: Tensor, groups: int, multiply: Callable[[Tensor, Tensor], Tensor]) -> Tensor:
    left, right = a.unflatten(1, (groups, -1)), b.reshape(len(b), groups, a.shape[2], -1)
    return multiply(left, right).reshape(len(a), a.shape[1], *b.shape[2:])


def _sparse_product(left: Tensor, right: Tensor, nonzeros: int) -> Tensor:
    """The product with only so many values of the second matrix: each scales a column, and these are added up.

    Which values are not 0 is not described: they are spread evenly over the matrices. PyTorch's own sparse products are
    not counted by its counter, or counted as dense ones.
    """
    batch, groups, rows, _ = left.shape
    inner, columns = right.shape[2:]
    at = torch.arange(nonzeros, device=right.device) * (groups * inner * columns) // max(nonzeros, 1)
    group, source, target = at // (inner * columns), at // columns % inner, at % columns
    values = right.flatten(1)[:, at]
    read = left.transpose(2, 3).flatten(1, 2)[:, group * inner + source]
    scaled = torch.matmul(read.unsqueeze(3), values[:, :, None, None]).squeeze(3)
    added = left.new_zeros(batch, groups * columns, rows).index_add(1, group * columns + target, scaled)
    return added.unflatten(1, (groups, columns)).transpose(2, 3)


def _product_of_sparse(left: Tensor, right: Tensor, nonzeros: int) -> Tensor:
    """The same with only so many values of the first matrix."""
    return _sparse_product(right.transpose(2, 3), left.transpose(2, 3), nonzeros).transpose(2, 3)
