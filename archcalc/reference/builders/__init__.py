"""Builders: for each layer kind a file with the name of the kind, which builds the layer in PyTorch.

A builder's file has
  build(layer, *volumes)     the module; it reads the tensors of the layer's inputs, then a `ShapeSource` for each layer
                             that it names for its volume. Volumes are channels first, without the batch. A layer that
                             reads nothing is called with the number of examples.
  geometry(layer, *volumes)  optional: the same windows over one channel with positive weights, through which a gradient
                             shows what a unit reads. A kind without one reads only its own position.
  NumpyReference(layer, parameters) optional: the layer's forward and backward pass in NumPy, as a textbook writes it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.by_name import Folder

if TYPE_CHECKING:
    from torch import nn

_BUILDERS = Folder(__name__, __path__)


class Builder(NamedTuple):
    """The functions of a builder's file."""

    build: Callable[..., nn.Module]
    geometry: Callable[..., nn.Module] | None = None
    numpy_reference: Callable[..., Any] | None = None


@cache
def builder(op: str) -> Builder | None:
    """The builder of a kind, or None if the kind has none."""
    module = _BUILDERS.find(op)
    if module is None:
        return None
    return Builder(module.build, getattr(module, "geometry", None), getattr(module, "NumpyReference", None))
