"""LeNet's subsampling: the sum of each window, times a trainable coefficient, plus a trainable bias, map by map."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from archcalc.reference.builders._pools import split, stride_of
from archcalc.reference.builders._shared import NoCounterpartError, Shape, begun_inside, flat, per_axis


def build(layer: Any, x: Shape) -> nn.Module:
    """The layer in PyTorch."""
    return Subsample(layer, x)


def geometry(layer: Any, x: Shape) -> nn.Module:
    """The layer's windows over one channel."""
    return Subsample(layer, (1, *x[1:]), noise=0.0)


class Subsample(nn.Module):
    """Sums are PyTorch's averages with a divisor of 1, which it offers for two and three axes."""

    def __init__(self, layer: Any, x: Shape, noise: float = 0.1) -> None:
        super().__init__()
        self.axes = axes = len(x) - 1
        if axes == 0:
            raise NoCounterpartError("a window needs spatial axes")
        self.stride = per_axis(stride_of(layer), axes)
        self.around, self.outside, even = split(layer, x)
        fields = [per_axis(layer.kernel_size, axes), self.stride, even]
        if axes == 1:
            fields = [(one, *field) for one, field in zip((1, 1, 0), fields, strict=True)]
        pool: Any = nn.AvgPool3d if axes == 3 else nn.AvgPool2d
        self.sums = pool(*fields, ceil_mode=layer.ceil_mode, divisor_override=1)
        self.weight = nn.Parameter(torch.empty(x[0]))
        self.bias = nn.Parameter(torch.empty(x[0]))
        self.noise = noise
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Set the weights, as PyTorch\'s modules do."""
        nn.init.uniform_(self.weight, 0.25 - self.noise, 0.25 + self.noise)
        nn.init.uniform_(self.bias, -self.noise, self.noise)

    def forward(self, x: Tensor) -> Tensor:
        padded = nn.functional.pad(x, flat(self.outside)) if self.outside else x
        sums = self.sums(padded.unsqueeze(2)).squeeze(2) if self.axes == 1 else self.sums(padded)
        sums = begun_inside(sums, x.shape[2:], self.around, self.stride)
        shape = (1, -1, *(1,) * self.axes)
        return sums * self.weight.view(shape) + self.bias.view(shape)
