"""Scaled dot-product attention, over all positions or in windows."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from archcalc.reference.builders._attention import attend, later
from archcalc.reference.builders._shared import NoCounterpartError, Pointwise, Shape, per_axis, summed


def build(layer: Any, *inputs: Shape) -> nn.Module:
    """The layer in PyTorch. Raises `NoCounterpartError` where windows do not fit the map."""
    return Attention(layer, inputs[0][1:])


def geometry(layer: Any, *inputs: Shape) -> nn.Module:
    """The layer's windows over one channel."""
    sizes = inputs[0][1:]
    axes = list(zip(sizes, *_windows(layer, sizes), strict=True))

    def mean(*tensors: Tensor) -> Tensor:
        x = summed(*tensors)
        for axis, (size, window, by) in enumerate(axes, 2):
            band = _same_window(size, window, by, x)
            x = (x.movedim(axis, -1) @ band / window).movedim(-1, axis)
        return x

    return Pointwise(mean)


def _windows(layer: Any, sizes: Shape) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The window and the shift along each axis; an axis that one window covers is not shifted."""
    axes = len(sizes)
    windows = tuple(sizes) if layer.window is None else per_axis(layer.window, axes)
    shifts = per_axis(layer.shift, axes)
    if any(size % window for size, window in zip(sizes, windows, strict=True)):
        raise NoCounterpartError("the windows do not divide the map")
    return windows, tuple(0 if window == size else by for size, window, by in zip(sizes, windows, shifts, strict=True))


def _same_window(size: int, window: int, by: int, like: Tensor) -> Tensor:
    """Which positions of an axis are in one window, size×size: 1, or else 0."""
    number = (torch.arange(size, device=like.device) - by).div(window, rounding_mode="floor")
    return (number[:, None] == number).to(like.dtype)


class Attention(nn.Module):
    """Swin's form: the map is rolled by the shift, cut into windows, and what was apart before is masked."""

    def __init__(self, layer: Any, sizes: Shape) -> None:
        super().__init__()
        if layer.window is None and any(per_axis(layer.shift, len(sizes))):
            raise NoCounterpartError("a shift without a window")
        self.layer = layer
        self.windows, self.shifts = _windows(layer, sizes) if layer.window is not None else ((), ())
        self.bias = None
        if layer.relative_position_bias:
            distances = [2 * window - 1 for window in per_axis(layer.window, len(sizes))]
            self.bias = nn.Parameter(torch.zeros(layer.num_heads, *distances))

    def forward(self, *tensors: Tensor) -> Tensor:
        """The output for N×C×…. Raises `NoCounterpartError` for other than one or three volumes."""
        if len(tensors) not in (1, 3):
            raise NoCounterpartError("one volume, or queries, keys and values")
        q, k, v = tensors if len(tensors) == 3 else self.parts(tensors[0])
        heads, causal = self.layer.num_heads, self.layer.is_causal
        if self.layer.window is None:
            blocked = later(q[0, 0].numel(), q.device) if causal else None
            return attend(q.flatten(2), k.flatten(2), v.flatten(2), heads, blocked).unflatten(2, q.shape[2:])
        y = attend(self.cut(q), self.cut(k), self.cut(v), heads, self.blocked(q), self.position_bias())
        return self.joined(y, q.shape)

    def parts(self, x: Tensor) -> list[Tensor]:
        """Queries, keys and values of one volume."""
        kv = self.layer.kv_channels or x.shape[1] // 3
        return list(x.split([x.shape[1] - 2 * kv, kv, kv], dim=1))

    def cut(self, x: Tensor) -> Tensor:
        """The windows of a map as examples, N·windows×C×M."""
        axes = range(2, x.dim())
        x = x.roll([-by for by in self.shifts], list(axes))
        for axis, window in zip(reversed(axes), reversed(self.windows), strict=True):
            x = x.unflatten(axis, (-1, window))
        count = len(self.windows)
        places = [2 + 2 * axis for axis in range(count)]
        x = x.permute(0, *places, 1, *(place + 1 for place in places))
        return x.flatten(count + 2).flatten(0, count)

    def joined(self, y: Tensor, shape: torch.Size) -> Tensor:
        """The map that windows N·windows×C×M were cut from."""
        counts = [size // window for size, window in zip(shape[2:], self.windows, strict=True)]
        count = len(counts)
        y = y.unflatten(0, (shape[0], *counts)).unflatten(-1, self.windows)
        order = [place for axis in range(count) for place in (1 + axis, 2 + count + axis)]
        y = y.permute(0, 1 + count, *order)
        for axis in range(2, 2 + count):
            y = y.flatten(axis, axis + 1)
        return y.roll(list(self.shifts), list(range(2, 2 + count)))

    def blocked(self, q: Tensor) -> Tensor | None:
        """Where the parts of a rolled window were apart, for each window of each example."""
        if not any(self.shifts):
            return None
        part = torch.zeros(q.shape[2:], device=q.device)
        for axis, (size, by) in enumerate(zip(q.shape[2:], self.shifts, strict=True)):
            ends = torch.arange(size, device=q.device) < by
            part = 2 * part + ends.reshape([-1 if other == axis else 1 for other in range(part.dim())])
        part = self.cut(part.expand(q.shape[0], 1, *part.shape))
        return part.transpose(1, 2).unsqueeze(1) != part.unsqueeze(1)

    def position_bias(self) -> Tensor | None:
        """The trained number for each head, query and key of a window, by their distance along each axis."""
        if self.bias is None:
            return None
        places = torch.cartesian_prod(*(torch.arange(window, device=self.bias.device) for window in self.windows))
        places = places.reshape(-1, len(self.windows))
        distance = places[:, None] - places + torch.tensor(self.windows, device=self.bias.device) - 1
        return self.bias[(slice(None), *distance.unbind(-1))]
