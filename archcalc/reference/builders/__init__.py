"""Builders: one file a layer kind, named like the kind's own, that says what the kind is in PyTorch.

A builder's file has
  build(layer, *volumes)     the module; it reads the tensors of the layer's inputs, then a `Named` for each layer that
                             the layer names for its volume. Volumes are channels first, without the batch.
  geometry(layer, *volumes)  optional: the same windows over one channel with positive weights, through which a gradient
                             shows what a unit reads. A kind without one reads the position it stands at.
  by_hand(layer, parameters) optional: the layer's forward and backward pass in NumPy, as a textbook works them out.
"""

from __future__ import annotations

import importlib
import os
from functools import cache
from types import ModuleType


@cache
def builder(op: str) -> ModuleType | None:
    """The file of a kind's builder, or None if the kind has none. Nothing outside this folder is ever imported."""
    files = {name.removesuffix(".py") for name in os.listdir(__path__[0]) if not name.startswith("_")}
    return importlib.import_module(f"{__name__}.{op}") if op in files else None
