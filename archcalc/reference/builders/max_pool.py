"""Max pooling, which remembers the places of its maxima where an unpooling asks for them."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from archcalc.reference.builders._shared import Pads, Shape, evenly, family, flat, pads, per_axis


def build(layer: Any, x: Shape) -> nn.Module:
    return MaxPool(layer, x)


class MaxPool(nn.Module):
    """PyTorch's pooling; padding that is uneven is put around before, as −∞."""

    def __init__(self, layer: Any, x: Shape) -> None:
        super().__init__()
        self.remembers = False
        stride = layer.kernel_size if layer.stride is None else layer.stride
        self.around = pads(layer.padding, x, layer.kernel_size, stride, layer.dilation)
        even = evenly(self.around)
        self.outside: Pads = [] if even is not None else self.around
        self.pool = family("MaxPool", len(x) - 1)(
            layer.kernel_size, stride, even or 0, layer.dilation, ceil_mode=layer.ceil_mode
        )

    def forward(self, x: Tensor) -> Any:
        padded = nn.functional.pad(x, flat(self.outside), value=float("-inf")) if self.outside else x
        self.pool.return_indices = self.remembers
        if not self.remembers:
            return self.pool(padded)
        y, places = self.pool(padded)
        return y, self._inside(places, x.shape[2:], padded.shape[2:])

    def _inside(self, places: Tensor, sizes: Shape, padded: Shape) -> Tensor:
        """Places counted on the map itself instead of on the padded one."""
        if not self.outside:
            return places
        inside, step = torch.zeros_like(places), 1
        for (before, _), size, wide in reversed(list(zip(self.outside, sizes, padded, strict=True))):
            inside += (places % wide - before) * step
            places, step = places // wide, step * size
        return inside


def geometry(layer: Any, x: Shape) -> nn.Module:
    return Average(layer, x)


class Average(nn.Module):
    """Every tap of the window with equal weight; PyTorch's average pooling knows no dilation."""

    def __init__(self, layer: Any, x: Shape) -> None:
        super().__init__()
        axes = len(x) - 1
        self.pool = MaxPool(layer, x)
        self.stride = per_axis(layer.kernel_size if layer.stride is None else layer.stride, axes)
        self.slide = family("Conv", axes)(
            1, 1, layer.kernel_size, self.stride, dilation=layer.dilation, bias=False
        )
        nn.init.constant_(self.slide.weight, 1 / self.slide.weight.numel())

    def forward(self, x: Tensor) -> Tensor:
        size = self.pool(x.detach().to("meta")).shape[2:]
        kernel, dilation = self.slide.kernel_size, self.slide.dilation
        # Behind the map as much as the last window needs; less than nothing where the stride leaves a rest unread.
        around = [
            (before, (out - 1) * s + (k - 1) * d + 1 - before - width)
            for (before, _), out, s, k, d, width in zip(
                self.pool.around, size, self.stride, kernel, dilation, x.shape[2:], strict=True
            )
        ]
        return self.slide(nn.functional.pad(x, flat(around)))  # type: ignore[no-any-return]
