"""Flattening; in the geometry every unit reads all positions."""

from __future__ import annotations

from typing import Any

from torch import nn

from archcalc.reference.builders._shared import Pointwise, Shape


def build(layer: Any, x: Shape) -> nn.Module:
    """The layer in PyTorch."""
    return nn.Flatten(layer.start_dim)


def geometry(layer: Any, x: Shape) -> nn.Module:
    """The layer's windows over one channel."""
    return build(layer, x) if layer.start_dim > 1 else Pointwise(lambda a: a.flatten(1).mean(dim=1, keepdim=True))


class NumpyReference:
    """The values in another shape."""

    def __init__(self, layer: Any, parameters: list[Any]) -> None:
        self.start = layer.start_dim
        self.shape: tuple[int, ...] = ()

    def forward(self, a: Any) -> Any:
        """The output for a, whose rows are examples."""
        self.shape = a.shape
        return a.reshape(*a.shape[: self.start], -1)

    def backward(self, delta: Any) -> tuple[Any, list[Any]]:
        """The error of the layer before, from that of the layer after; no gradients of parameters."""
        return delta.reshape(self.shape), []
