"""Scaled dot-product attention, over all positions, in windows or in grids."""

from __future__ import annotations

import math
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
            band = _same_window(size, window, by, layer.window is None, x)
            x = (x.movedim(axis, -1) @ band / window).movedim(-1, axis)
        return x

    return Pointwise(mean)


def _windows(layer: Any, sizes: Shape) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The window or grid and the shift along each axis; an axis that one window covers is not shifted."""
    axes = len(sizes)
    windows = tuple(sizes) if layer.partition is None else per_axis(layer.partition, axes)
    shifts = per_axis(layer.shift, axes)
    if any(size % window for size, window in zip(sizes, windows, strict=True)):
        raise NoCounterpartError("the windows do not divide the map")
    return windows, tuple(0 if window == size else by for size, window, by in zip(sizes, windows, shifts, strict=True))


def _same_window(size: int, window: int, by: int, is_grid: bool, like: Tensor) -> Tensor:
    """Which positions of an axis are in one window or grid, size×size: 1, or else 0."""
    places = torch.arange(size, device=like.device)
    number = places % (size // window) if is_grid else (places - by).div(window, rounding_mode="floor")
    return (number[:, None] == number).to(like.dtype)


class Attention(nn.Module):
    """Swin's form: the map is rolled by the shift, cut into windows, and what was apart before is masked."""

    def __init__(self, layer: Any, sizes: Shape) -> None:
        super().__init__()
        if layer.window is None and any(per_axis(layer.shift, len(sizes))):
            raise NoCounterpartError("a shift without a window")
        self.layer = layer
        self.windows, self.shifts = _windows(layer, sizes) if layer.partition is not None else ((), ())
        self.bias = None
        if layer.relative_position_bias:
            distances = [2 * window - 1 for window in self.windows]
            self.bias = nn.Parameter(torch.zeros(layer.num_heads, *distances))
        self.network: nn.Sequential | None = None
        if layer.continuous_bias is not None:
            hidden = nn.Linear(len(self.windows), layer.continuous_bias)
            self.network = nn.Sequential(hidden, nn.ReLU(), nn.Linear(layer.continuous_bias, layer.num_heads, bias=False))
        self.logit_scale = nn.Parameter(torch.full((layer.num_heads, 1, 1), math.log(10))) if layer.cosine else None

    def forward(self, *tensors: Tensor) -> Tensor:
        """The output for N×C×…. Raises `NoCounterpartError` for other than one or three volumes."""
        if len(tensors) not in (1, 3):
            raise NoCounterpartError("one volume, or queries, keys and values")
        q, k, v = tensors if len(tensors) == 3 else self.parts(tensors[0])
        heads, causal = self.layer.num_heads, self.layer.is_causal
        scale = None if self.logit_scale is None else self.logit_scale.clamp(max=math.log(100)).exp()
        if self.layer.partition is None:
            blocked = later(q[0, 0].numel(), q.device) if causal else None
            return attend(q.flatten(2), k.flatten(2), v.flatten(2), heads, blocked, scale=scale).unflatten(2, q.shape[2:])
        bias = self.position_bias(len(q))
        y = attend(self.cut(q), self.cut(k), self.cut(v), heads, self.blocked(q), bias, scale)
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
            is_grid = self.layer.window is None
            x = x.unflatten(axis, (window, -1)).transpose(axis, axis + 1) if is_grid else x.unflatten(axis, (-1, window))
        count = len(self.windows)
        places = [2 + 2 * axis for axis in range(count)]
        x = x.permute(0, *places, 1, *(place + 1 for place in places))
        return x.flatten(count + 2).flatten(0, count)

    def joined(self, y: Tensor, shape: torch.Size) -> Tensor:
        """The map that windows N·windows×C×M were cut from."""
        counts = [size // window for size, window in zip(shape[2:], self.windows, strict=True)]
        count = len(counts)
        y = y.unflatten(0, (shape[0], *counts)).unflatten(-1, self.windows)
        first, second = (2 + count, 1) if self.layer.window is None else (1, 2 + count)
        order = [place for axis in range(count) for place in (first + axis, second + axis)]
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

    def position_bias(self, examples: int) -> Tensor | None:
        """The number for each head, query and key of a window, by their distance along each axis: trained, or computed."""
        table = self.bias if self.network is None else self.computed(self.network, examples)
        if table is None:
            return None
        places = torch.cartesian_prod(*(torch.arange(window, device=table.device) for window in self.windows))
        places = places.reshape(-1, len(self.windows))
        distance = places[:, None] - places + torch.tensor(self.windows, device=table.device) - 1
        found = table[(slice(None), *distance.unbind(-1))]
        return found if self.network is None else 16 * torch.sigmoid(found)

    def computed(self, network: nn.Sequential, examples: int) -> Tensor:
        """Its output for each distance, of -8 to 8 on a scale of logarithms: once for each example, as it is counted."""
        weight = network[0].weight
        axes = [
            torch.arange(1 - window, window, device=weight.device, dtype=weight.dtype) * 8 / max(window - 1, 1)
            for window in self.windows
        ]
        distances = torch.stack(torch.meshgrid(*axes, indexing="ij"), dim=-1)
        distances = distances.sign() * torch.log2(distances.abs() + 1) / 3
        return network(distances.expand(examples, *distances.shape)).mean(0).movedim(-1, 0)
