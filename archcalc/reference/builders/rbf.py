"""LeNet's output layer; its weights are pictures of characters, never trained; here they are −1 and 1 at random."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from archcalc.reference.builders._shared import Shape


def build(layer: Any, x: Shape) -> nn.Module:
    """The layer in PyTorch."""
    return Rbf(x[-1], layer.out_features)


class Rbf(nn.Module):
    """y_i = Σ_j (x_j − w_ij)²."""

    def __init__(self, features: int, units: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(units, features), requires_grad=False)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Set the weights, as PyTorch\'s modules do."""
        with torch.no_grad():
            self.weight.bernoulli_(0.5).mul_(2).sub_(1)

    def forward(self, x: Tensor) -> Tensor:
        return (x.unsqueeze(-2) - self.weight).square().sum(dim=-1)
