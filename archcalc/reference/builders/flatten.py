"""Flattening; seen as geometry it is the place where position ends."""

from __future__ import annotations

from typing import Any

from torch import nn

from archcalc.reference.builders._shared import Pointwise, Shape


def build(layer: Any, x: Shape) -> nn.Module:
    """The layer in PyTorch."""
    return nn.Flatten()


def geometry(layer: Any, x: Shape) -> nn.Module:
    """The layer's windows over one channel."""
    return Pointwise(lambda a: a.flatten(1).mean(dim=1, keepdim=True))


class NumpyReference:
    """The values in another shape."""

    def __init__(self, layer: Any, parameters: list[Any]) -> None:
        self.shape: tuple[int, ...] = ()

    def forward(self, a: Any) -> Any:
        self.shape = a.shape
        return a.reshape(len(a), -1)

    def backward(self, delta: Any) -> tuple[Any, list[Any]]:
        return delta.reshape(self.shape), []
