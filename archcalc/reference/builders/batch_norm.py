"""Batch normalisation; PyTorch's counter of batches is not counted."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from archcalc.reference.builders._norms import whole_map
from archcalc.reference.builders._shared import Shape, family


def build(layer: Any, x: Shape) -> nn.Module:
    """The layer in PyTorch."""
    if layer.affine and not layer.scale:
        return Unscaled(x[0], layer.eps, layer.momentum, track_running_stats=layer.track_running_stats)
    module: nn.Module = family("BatchNorm", max(len(x) - 1, 1))(
        x[0], layer.eps, layer.momentum, layer.affine, layer.track_running_stats
    )
    return module


class Unscaled(_BatchNorm):
    """Without γ, of maps with any number of axes: PyTorch's module has both γ and β, or neither."""

    def reset_parameters(self) -> None:
        """Zero mean and shift, variance 1."""
        self.register_parameter("weight", None)
        self.reset_running_stats()
        nn.init.zeros_(self.bias)

    def _check_input_dim(self, input: Tensor) -> None:
        pass


def geometry(layer: Any, x: Shape) -> nn.Module:
    """Without moving statistics, mean and variance are those of the map."""
    return nn.Identity() if layer.track_running_stats else whole_map(x)
