"""Functions that the builders of pooling kinds share."""

from __future__ import annotations

from typing import Any

from archcalc.reference.builders._shared import Pads, Shape, evenly, pads


def stride_of(layer: Any) -> Any:
    """The stride of a layer: its own, else its window."""
    return layer.kernel_size if layer.stride is None else layer.stride


def split(layer: Any, x: Shape, dilation: Any = 1) -> tuple[Pads, Pads, tuple[int, ...]]:
    """The whole padding, its part that is applied before the module, and its part that PyTorch's module applies.

    PyTorch applies even padding that a description writes in numbers, so that it refuses what it does not support.
    """
    around = pads(layer.padding, x, layer.kernel_size, stride_of(layer), dilation)
    even = evenly(around)
    if even is None or isinstance(layer.padding, str):
        return around, around, (0,) * len(around)
    return around, [], even
