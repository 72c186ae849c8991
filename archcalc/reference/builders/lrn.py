"""Local response normalisation as the paper writes it; PyTorch divides α by the number of maps, so that it receives α·n."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn
from torch.nn.functional import local_response_norm

from archcalc.reference.builders._shared import Pointwise, Shape


def build(layer: Any, x: Shape) -> nn.Module:
    """The layer in PyTorch."""

    def normalise(a: Tensor) -> Tensor:
        maps = a.unsqueeze(-1) if a.dim() == 2 else a
        normal = local_response_norm(maps, layer.size, layer.alpha * layer.size, layer.beta, layer.k)
        return normal.view_as(a)

    return Pointwise(normalise)
