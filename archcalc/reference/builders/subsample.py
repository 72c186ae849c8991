"""LeNet's subsampling: the sum of each window, times a trainable coefficient, plus a trainable bias, map by map."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from archcalc.reference.builders._shared import Refused, Shape, evenly, flat, pads, per_axis


def build(layer: Any, x: Shape) -> nn.Module:
    return Subsample(layer, x)


def geometry(layer: Any, x: Shape) -> nn.Module:
    module = Subsample(layer, (1, *x[1:]))
    nn.init.constant_(module.weight, 0.25)
    nn.init.zeros_(module.bias)
    return module


class Subsample(nn.Module):
    """Sums are PyTorch's averages with a divisor of 1, which it offers for two and three axes."""

    def __init__(self, layer: Any, x: Shape) -> None:
        super().__init__()
        axes = len(x) - 1
        if axes == 0:
            raise Refused("a window needs spatial axes")
        stride = layer.kernel_size if layer.stride is None else layer.stride
        around = pads(layer.padding, x, layer.kernel_size, stride)
        even = evenly(around)
        self.outside = [] if even is not None else flat(around)
        self.axes = axes
        fields = (per_axis(layer.kernel_size, axes), per_axis(stride, axes), even or (0,) * axes)
        if axes == 1:
            fields = ((1, *fields[0]), (1, *fields[1]), (0, *fields[2]))
        pool = nn.AvgPool3d if axes == 3 else nn.AvgPool2d
        self.sums = pool(*fields, ceil_mode=layer.ceil_mode, divisor_override=1)  # type: ignore[arg-type]
        self.weight = nn.Parameter(torch.empty(x[0]))
        self.bias = nn.Parameter(torch.empty(x[0]))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        nn.init.uniform_(self.weight, 0.1, 0.4)
        nn.init.uniform_(self.bias, -0.1, 0.1)

    def forward(self, x: Tensor) -> Tensor:
        padded = nn.functional.pad(x, self.outside) if self.outside else x
        sums = self.sums(padded.unsqueeze(2)).squeeze(2) if self.axes == 1 else self.sums(padded)
        shape = (1, -1, *(1,) * self.axes)
        return sums * self.weight.view(shape) + self.bias.view(shape)  # type: ignore[no-any-return]
