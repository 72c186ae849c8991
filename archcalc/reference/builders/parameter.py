"""A trained tensor."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn


def build(layer: Any) -> nn.Module:
    """The layer in PyTorch."""
    return Parameter(layer.shape)


def geometry(layer: Any) -> nn.Module:
    """The layer over one channel."""
    return Parameter((1, *layer.shape[1:]))


class Parameter(nn.Module):
    """A tensor for every example alike."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(shape))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Set the weights, as PyTorch's modules do."""
        nn.init.normal_(self.weight, std=0.02)

    def forward(self, examples: int) -> Tensor:
        """The tensor for so many examples, N×C×H×W."""
        # Without gradients, a view of a weight that needs one cannot be viewed again under PyTorch's counter.
        weight = self.weight if torch.is_grad_enabled() else self.weight.detach()
        return weight.expand(examples, *weight.shape)
