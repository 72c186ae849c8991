"""Average pooling."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn

from archcalc.reference.builders._shared import Padded, Shape, evenly, family, pads


def build(layer: Any, x: Shape) -> nn.Module:
    stride = layer.kernel_size if layer.stride is None else layer.stride
    around = pads(layer.padding, x, layer.kernel_size, stride)
    even = evenly(around)
    module: nn.Module = family("AvgPool", len(x) - 1)(
        layer.kernel_size, stride, even or 0, layer.ceil_mode, layer.count_include_pad
    )
    if even is not None:
        return module
    padded = Padded(around, module)
    return padded if layer.count_include_pad else Inside(padded)


def geometry(layer: Any, x: Shape) -> nn.Module:
    return build(layer, x)


class Inside(nn.Module):
    """Means over the positions of the map only: the share of each window that is no padding is divided out."""

    def __init__(self, padded: nn.Module) -> None:
        super().__init__()
        self.padded = padded

    def forward(self, x: Tensor) -> Tensor:
        return self.padded(x) / self.padded(x.new_ones(1, 1, *x.shape[2:]))  # type: ignore[no-any-return]
