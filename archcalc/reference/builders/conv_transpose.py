"""Transposed convolution."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn
from torch.nn.functional import pad

from archcalc.reference.builders._shared import (
    NoCounterpartError,
    Pads,
    Pointwise,
    Positive,
    Shape,
    evenly,
    family,
    flat,
    pads,
    per_axis,
)


def build(layer: Any, x: Shape) -> nn.Module:
    """The layer in PyTorch, whose own padding is even; what else is to be removed is removed after it."""
    axes = len(x) - 1
    cut = _cut(layer, axes)
    even = evenly(cut)
    added = per_axis(layer.output_padding, axes)
    if even is None:  # the positions that are added and those that are removed at the end are the same ones
        cut, added = (
            [(before, max(after - more, 0)) for (before, after), more in zip(cut, added, strict=True)],
            tuple(max(more - after, 0) for (_, after), more in zip(cut, added, strict=True)),
        )
    module: nn.Module = family("ConvTranspose", axes)(
        x[0],
        layer.out_channels,
        layer.kernel_size,
        layer.stride,
        even or 0,
        added,
        layer.groups,
        layer.bias,
        layer.dilation,
    )
    return module if even is not None else nn.Sequential(module, Pointwise(lambda y: _without(y, cut)))


def _cut(layer: Any, axes: int) -> Pads:
    """Positions to be removed before and after the map; fewer than 0 are added. Raises `NoCounterpartError`."""
    if layer.padding != "same":
        return pads(layer.padding, [0, *[0] * axes], layer.kernel_size, layer.stride)
    if any(per_axis(layer.output_padding, axes)):
        raise NoCounterpartError("Keras pads an output of this size in no way")
    fields = (per_axis(field, axes) for field in (layer.kernel_size, layer.stride, layer.dilation))
    surplus = [(kernel - 1) * dilation + 1 - stride for kernel, stride, dilation in zip(*fields, strict=True)]
    return [(more // 2, more - more // 2) if more > 0 else (0, more) for more in surplus]


def _without(y: Tensor, cut: Pads) -> Tensor:
    """The map without its margins. Raises `NoCounterpartError` if nothing is left of it."""
    if any(before + after >= size for (before, after), size in zip(cut, y.shape[2:], strict=True)):
        raise NoCounterpartError("nothing is left of the map")
    return pad(y, [-side for side in flat(cut)])


def geometry(layer: Any, x: Shape) -> nn.Module:
    """The layer's windows over one channel."""
    return Positive(build(layer.replace(out_channels=1, groups=1, bias=False), (1, *x[1:])))
