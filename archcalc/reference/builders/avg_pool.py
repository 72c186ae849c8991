"""Average pooling."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn

from archcalc.reference.builders._pools import split, stride_of
from archcalc.reference.builders._shared import Shape, begun_inside, family, flat, per_axis


def build(layer: Any, x: Shape) -> nn.Module:
    """The layer in PyTorch."""
    return AvgPool(layer, x)


class AvgPool(nn.Module):
    """PyTorch's pooling; where its means exclude the padding, they are divided by the share of the map."""

    def __init__(self, layer: Any, x: Shape) -> None:
        super().__init__()
        self.stride = per_axis(stride_of(layer), len(x) - 1)
        self.around, self.outside, even = split(layer, x)
        self.excludes_padding = bool(self.outside) and not layer.count_include_pad
        self.pool = family("AvgPool", len(x) - 1)(
            layer.kernel_size, self.stride, even, layer.ceil_mode, layer.count_include_pad
        )

    def forward(self, x: Tensor) -> Tensor:
        y = self._means(x)
        return y / self._means(x.new_ones(1, 1, *x.shape[2:])) if self.excludes_padding else y

    def _means(self, x: Tensor) -> Tensor:
        padded = nn.functional.pad(x, flat(self.outside)) if self.outside else x
        return begun_inside(self.pool(padded), x.shape[2:], self.around, self.stride)


geometry = build
