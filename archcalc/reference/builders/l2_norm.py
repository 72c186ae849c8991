"""L2 normalisation with a trained scale, which PyTorch has as a function only."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from archcalc.reference.builders._shared import Shape


def build(layer: Any, x: Shape) -> nn.Module:
    """The layer in PyTorch."""
    return L2Norm(x[0] if layer.scale else 0)


class L2Norm(nn.Module):
    """`torch.nn.functional.normalize` over the channels, then a scale per channel, if there are any."""

    def __init__(self, scales: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(scales)) if scales else None
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Set the weights to 20, with which SSD begins."""
        if self.weight is not None:
            nn.init.constant_(self.weight, 20.0)

    def forward(self, x: Tensor) -> Tensor:
        unit = nn.functional.normalize(x, dim=1)
        return unit if self.weight is None else unit * self.weight.view(1, -1, *(1,) * (x.dim() - 2))
