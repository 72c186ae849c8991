"""Max unpooling: each value is written to the index of its maximum in the pooling."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn

from archcalc.reference.builders._shared import NoCounterpartError, Shape, ShapeSource, family, flat, per_axis


def build(layer: Any, x: Shape, pooled: Shape) -> nn.Module:
    """The layer in PyTorch."""
    return Unpool(layer, x)


class Unpool(nn.Module):
    """The output has the sizes of the pooling's input."""

    def __init__(self, layer: Any, x: Shape) -> None:
        super().__init__()
        self.unpool = family("MaxUnpool", len(x) - 1)(layer.kernel_size, layer.stride, layer.padding)

    def forward(self, x: Tensor, pooled: ShapeSource) -> Tensor:
        """The enlarged map. Raises `NoCounterpartError` if the layer that is named returns no indices."""
        if pooled.indices is None:
            raise NoCounterpartError("the layer it names returns no indices")
        return self.unpool(x, pooled.indices, output_size=pooled.input)


def geometry(layer: Any, x: Shape, pooled: Shape) -> nn.Module:
    """The layer's windows over one channel."""
    return TransposedWindow(layer, len(x) - 1)


class TransposedWindow(nn.Module):
    """Any position of a window may have the maximum, so that each value is written to all of them."""

    def __init__(self, layer: Any, axes: int) -> None:
        super().__init__()
        stride = layer.kernel_size if layer.stride is None else layer.stride
        self.padding = per_axis(layer.padding, axes)
        self.spread = family("ConvTranspose", axes)(1, 1, layer.kernel_size, stride, bias=False)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Set the weights, as PyTorch\'s modules do."""
        nn.init.constant_(self.spread.weight, self.spread.weight.numel() ** -0.5)

    def forward(self, x: Tensor, pooled: ShapeSource) -> Tensor:
        y = self.spread(x)
        sizes = zip(self.padding, pooled.input, y.shape[2:], strict=True)
        return nn.functional.pad(y, flat([(-p, target - size + p) for p, target, size in sizes]))
