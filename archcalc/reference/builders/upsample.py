"""Upsampling; PyTorch names linear interpolation by the number of axes."""

from __future__ import annotations

from typing import Any

from torch import nn
from torch.nn.functional import interpolate

from archcalc.reference.builders._shared import NoCounterpartError, Pointwise, Shape, per_axis

LINEAR = {1: "linear", 2: "bilinear", 3: "trilinear"}


def build(layer: Any, x: Shape, *model: Shape) -> nn.Module:
    """The layer in PyTorch. Raises `NoCounterpartError` unless it has one of a factor, a size and a model."""
    axes = len(x) - 1
    if axes not in LINEAR:
        raise NoCounterpartError(f"PyTorch has no interpolation over {axes} spatial axes")
    mode = layer.mode if layer.mode == "nearest" else LINEAR[axes]
    fields: dict[str, Any] = {"mode": mode, "align_corners": layer.align_corners or None}
    if layer.size is not None:
        fields["size"] = per_axis(layer.size, axes)
    if layer.scale_factor is not None:
        fields["scale_factor"] = tuple(map(float, per_axis(layer.scale_factor, axes)))
    if layer.like is None:
        return nn.Upsample(**fields)
    if len(fields) > 2:
        raise NoCounterpartError("the size is that of the model, or its own")
    return Pointwise(lambda y, named: interpolate(y, size=named.output, **fields))


geometry = build
