"""Transposed convolution."""

from __future__ import annotations

from typing import Any

from torch import nn

from archcalc.reference.builders._shared import Positive, Shape, family


def build(layer: Any, x: Shape) -> nn.Module:
    """The layer in PyTorch."""
    module: nn.Module = family("ConvTranspose", len(x) - 1)(
        x[0],
        layer.out_channels,
        layer.kernel_size,
        layer.stride,
        layer.padding,
        layer.output_padding,
        layer.groups,
        layer.bias,
        layer.dilation,
    )
    return module


def geometry(layer: Any, x: Shape) -> nn.Module:
    """The layer's windows over one channel."""
    return Positive(build(layer.replace(out_channels=1, groups=1, bias=False), (1, *x[1:])))
