"""Max pooling, which returns the indices of its maxima if an unpooling uses them."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from archcalc.reference.builders._pools import split, stride_of
from archcalc.reference.builders._shared import Shape, begun_inside, family, flat, per_axis


def build(layer: Any, x: Shape) -> nn.Module:
    """The layer in PyTorch."""
    return MaxPool(layer, x)


class MaxPool(nn.Module):
    """PyTorch's pooling; padding that it does not support is applied before, as −∞."""

    def __init__(self, layer: Any, x: Shape) -> None:
        super().__init__()
        self.return_indices = False
        self.stride = per_axis(stride_of(layer), len(x) - 1)
        self.around, self.outside, even = split(layer, x, layer.dilation)
        self.pool = family("MaxPool", len(x) - 1)(
            layer.kernel_size, self.stride, even, layer.dilation, ceil_mode=layer.ceil_mode
        )

    def forward(self, x: Tensor) -> Any:
        padded = nn.functional.pad(x, flat(self.outside), value=float("-inf")) if self.outside else x
        self.pool.return_indices = self.return_indices
        pooled = self.pool(padded)
        y, indices = pooled if self.return_indices else (pooled, None)
        sizes = x.shape[2:]
        y = begun_inside(y, sizes, self.around, self.stride)
        if indices is None:
            return y
        indices = begun_inside(indices, sizes, self.around, self.stride)
        return y, self._inside(indices, sizes, padded.shape[2:])

    def _inside(self, indices: Tensor, sizes: Shape, padded: Shape) -> Tensor:
        """Indices on the map instead of on the padded one."""
        if not self.outside:
            return indices
        inside, step = torch.zeros_like(indices), 1
        for (before, _), size, wide in reversed(list(zip(self.outside, sizes, padded, strict=True))):
            inside += (indices % wide - before) * step
            indices, step = indices // wide, step * size
        return inside


def geometry(layer: Any, x: Shape) -> nn.Module:
    """The layer's windows over one channel."""
    return Average(layer, x)


class Average(nn.Module):
    """Every tap of the window with equal weight; PyTorch's average pooling has no dilation."""

    def __init__(self, layer: Any, x: Shape) -> None:
        super().__init__()
        self.pool = MaxPool(layer, x)
        self.slide = family("Conv", len(x) - 1)(1, 1, layer.kernel_size, self.pool.stride, dilation=layer.dilation, bias=False)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Set the weights, as PyTorch\'s modules do."""
        nn.init.constant_(self.slide.weight, 1 / self.slide.weight.numel())

    def forward(self, x: Tensor) -> Tensor:
        size = self.pool(x.detach().to("meta")).shape[2:]
        # After the map as much as the last window needs; negative where the stride leaves positions unread.
        around = [
            (before, (out - 1) * s + (k - 1) * d + 1 - before - width)
            for (before, _), out, s, k, d, width in zip(
                self.pool.around,
                size,
                self.slide.stride,
                self.slide.kernel_size,
                self.slide.dilation,
                x.shape[2:],
                strict=True,
            )
        ]
        return self.slide(nn.functional.pad(x, flat(around)))
