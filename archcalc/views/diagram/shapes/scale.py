"""Sizes of volumes to lengths on the page: one stated scale law per axis."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from archcalc.layers._base import Volume
from archcalc.views.diagram.options import FigureOptions
from archcalc.views.diagram.shapes.scale_laws import SCALE_LAWS

MIN_LENGTH = 1.6
"""The shortest length that is drawn, in points."""


@dataclass(frozen=True)
class Axis:
    """Lengths along one axis: `extent` points for the largest size, others by the scale law."""

    law: str
    largest: int
    extent: float

    def unclamped(self, size: int) -> float:
        """The length by the law, in points."""
        return float(SCALE_LAWS[self.law](size) / SCALE_LAWS[self.law](self.largest) * self.extent)

    def length(self, size: int) -> float:
        """The length drawn, in points: never below the minimum."""
        return max(MIN_LENGTH, self.unclamped(size))

    def is_clamped(self, size: int) -> bool:
        """The length drawn is longer than the law demands."""
        return self.unclamped(size) < MIN_LENGTH


@dataclass(frozen=True)
class Scale:
    """The three axes of maps, and that of vectors."""

    height: Axis
    width: Axis
    channels: Axis
    units: Axis

    @property
    def law_text(self) -> str:
        """The scale laws for the caption."""
        laws = {"height": self.height.law, "width": self.width.law, "channels": self.channels.law}
        if len(set(laws.values())) == 1:
            return f"sizes drawn on a {self.height.law} scale"
        return "scales: " + ", ".join(f"{axis} {law}" for axis, law in laws.items())


def sides(volume: Volume) -> tuple[int, int, int]:
    """Channels, height and width as drawn: C×L has width L, C×D×H×W has height D·H."""
    axes = [int(size) for size in volume.spatial]
    height = 1 if len(axes) < 2 else math.prod(axes[:-1])
    return int(volume.channels), height, axes[-1] if axes else 1


def scale_of(volumes: Iterable[Volume], options: FigureOptions, tall: float, wide: float, deep: float) -> Scale:
    """The scale on which all volumes of a figure are drawn."""
    volumes = list(volumes)
    maps = [sides(volume) for volume in volumes if volume.spatial] or [(1, 1, 1)]
    units = [int(volume.channels) for volume in volumes if not volume.spatial] or [1]
    # Height and width share one unit where they share a law, so that a square stays one.
    height, width = max(h for _, h, _ in maps), max(w for _, _, w in maps)
    law_height, law_width, law_channels = options.scale
    if law_height == law_width:
        height = width = max(height, width)
    return Scale(
        Axis(law_height, height, tall),
        Axis(law_width, width, wide),
        Axis(law_channels, max(c for c, _, _ in maps), deep),
        Axis(law_channels, max(units), tall),
    )
