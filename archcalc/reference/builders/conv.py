"""Convolution; a connection table is one grouped convolution for all maps with equally many inputs."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from archcalc.reference.builders._shared import Padded, Positive, Shape, evenly, family, pads


def build(layer: Any, x: Shape) -> nn.Module:
    """The layer in PyTorch."""
    around = pads(layer.padding, x, layer.kernel_size, layer.stride, layer.dilation)
    even = evenly(around) if layer.padding_mode == "zeros" else None
    fields = (layer.kernel_size, layer.stride, 0 if even is None else even, layer.dilation)
    slide = family("Conv", len(x) - 1)
    if layer.connections is None:
        module = slide(x[0], layer.out_channels, *fields, groups=layer.groups, bias=layer.bias)
    else:
        module = Partial(layer.connections, slide, fields, layer.bias)
    mode = "constant" if layer.padding_mode == "zeros" else layer.padding_mode
    return module if even is not None else Padded(around, module, mode)


def geometry(layer: Any, x: Shape) -> nn.Module:
    """The layer's windows over one channel."""
    single = layer.replace(out_channels=1, groups=1, bias=False, connections=None, padding_mode="zeros")
    return Positive(build(single, (1, *x[1:])))


class Partial(nn.Module):
    """Output map m reads the input maps of row m and no others: only those weights exist."""

    def __init__(self, rows: tuple[tuple[int, ...], ...], slide: Any, fields: tuple[Any, ...], bias: bool) -> None:
        super().__init__()
        by_fan: dict[int, list[int]] = {}
        for index, row in enumerate(rows):
            by_fan.setdefault(len(row), []).append(index)
        self.parts = nn.ModuleList(
            slide(fan * len(maps), len(maps), *fields, groups=len(maps), bias=bias) for fan, maps in by_fan.items()
        )
        self.reads = [[channel for index in maps for channel in rows[index]] for maps in by_fan.values()]
        outputs = [index for maps in by_fan.values() for index in maps]
        self.order = sorted(range(len(outputs)), key=outputs.__getitem__)

    def forward(self, x: Tensor) -> Tensor:
        outputs = [part(x[:, maps]) for part, maps in zip(self.parts, self.reads, strict=True)]
        return torch.cat(outputs, dim=1)[:, self.order]
