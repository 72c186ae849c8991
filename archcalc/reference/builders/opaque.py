"""A layer that is not understood: PyTorch cannot run it."""

from __future__ import annotations

from typing import Any

from torch import nn

from archcalc.reference.builders._shared import NoCounterpartError, Shape


def build(layer: Any, *inputs: Shape) -> nn.Module:
    """Raises `NoCounterpartError`."""
    raise NoCounterpartError(f"it was {layer.was}, which is not understood, so that there is nothing to run")
