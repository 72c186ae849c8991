"""What the builders of pooling kinds share."""

from __future__ import annotations

from typing import Any

from archcalc.reference.builders._shared import Pads, Shape, evenly, pads


def stride_of(layer: Any) -> Any:
    """Without a stride of its own a window moves by its size."""
    return layer.kernel_size if layer.stride is None else layer.stride


def split(layer: Any, x: Shape, dilation: Any = 1) -> tuple[Pads, Pads, tuple[int, ...]]:
    """The padding in all, what of it stands around the map beforehand, and what PyTorch's module puts there itself.

    PyTorch does the even padding that a description gives in numbers, and so refuses by itself what it refuses.
    """
    around = pads(layer.padding, x, layer.kernel_size, stride_of(layer), dilation)
    even = evenly(around)
    if even is None or isinstance(layer.padding, str):
        return around, around, (0,) * len(around)
    return around, [], even
