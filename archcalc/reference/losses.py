"""Losses in PyTorch and, with their gradient, in NumPy.

Mean squared error: (1/N)·Σ (y − L)² over all N values. Cross entropy: −(1/n)·Σ L·log y over the n examples (and
positions), where y are probabilities; any other output passes through softmax first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from archcalc.errors import call_error
from archcalc.suggestions import suggest


def mse(y: Tensor, labels: Tensor) -> Tensor:
    """Mean squared error of outputs N×C×… and labels of the same shape."""
    return (y - labels).square().mean()


def cross_entropy(y: Tensor, labels: Tensor) -> Tensor:
    """Cross entropy over the channels of outputs N×C×…, with one-hot labels of the same shape."""
    log = torch.log(y) if probabilities(y) else torch.log_softmax(y, dim=1)
    return -(labels * log).sum() / (y.numel() // y.shape[1])


LOSSES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {"cross_entropy": cross_entropy, "mse": mse}


def loss(name: str) -> Callable[[Tensor, Tensor], Tensor]:
    """The loss of that name. Raises `DescriptionError` with a suggestion."""
    if name not in LOSSES:
        raise call_error("ARC513", f"there is no loss {name}", suggest(name, LOSSES))
    return LOSSES[name]


def probabilities(y: Tensor) -> bool:
    """Whether the values over the channels are at least 0 and add up to 1."""
    if y.device.type == "meta" or y.shape[1] == 1:
        return False
    sums = y.detach().float().sum(dim=1)
    return bool((y >= 0).all()) and bool(torch.allclose(sums, torch.ones_like(sums), atol=1e-2))


def labels_for(y: Tensor, seed: int = 0) -> Tensor:
    """Random one-hot labels of the shape of `y`, a class for each example and position."""
    if y.device.type == "meta":
        return torch.empty_like(y)
    generator = torch.Generator().manual_seed(seed)
    classes = torch.randint(y.shape[1], (y.shape[0], *y.shape[2:]), generator=generator)
    return torch.nn.functional.one_hot(classes, y.shape[1]).movedim(-1, 1).to(y.device, y.dtype)


def numpy_gradient(name: str, y: Any, labels: Any) -> Any:
    """∇C with respect to the outputs N×C, in NumPy."""
    if name == "mse":
        return 2 * (y - labels) / y.size
    if np.all(y >= 0) and np.allclose(y.sum(axis=1), 1, atol=1e-2):
        return -labels / y / len(y)
    powers = np.exp(y - y.max(axis=1, keepdims=True))
    return (powers / powers.sum(axis=1, keepdims=True) - labels) / len(y)
