"""Upsampling by nearest neighbour or linear interpolation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar, Literal

from archcalc.layers._base import Layer, Requirement, Tallies, Volume
from archcalc.layers._fields import Count, PerAxis, Symbol, each
from archcalc.layers._receptive_window import InterpolationWindow
from archcalc.layers._window import per_axis_requirements


class Upsample(Layer):
    """Enlarge each map by `scale_factor`, or to `size`; exactly one of them must be set.

    `nearest` repeats the nearest value (the lecture's unpooling); `bilinear` interpolates linearly along every axis
    (linear for one axis, trilinear for three), with `align_corners` so that the corners coincide.

    Counts
        Nearest: nothing is computed. Bilinear: with n axes 2ⁿ multiplications and 2ⁿ − 1 additions per output.
        No parameters, no multiply-adds.

    Sources
        Long, Shelhamer & Darrell 2015, "Fully convolutional networks", §3.3. PyTorch documentation, `Upsample`.
    """

    summary: ClassVar[str] = "nearest-neighbour or linear interpolation to a larger map"
    family: ClassVar[str] = "upsampling"
    example: ClassVar[dict[str, Any]] = {"inputs": [[1, 2, 2]], "fields": {"scale_factor": 2}}

    scale_factor: Annotated[PerAxis[Count] | None, Symbol("f", "times")] = None
    size: Annotated[PerAxis[Count] | None, Symbol("o", "positions")] = None
    mode: Literal["nearest", "bilinear"] = "nearest"
    align_corners: bool = False

    def output(self, x: Volume) -> Volume:
        axes = len(x.spatial)
        if self.size is not None:
            return Volume((x.channels, *each(self.size, axes)))
        factors = each(1 if self.scale_factor is None else self.scale_factor, axes)
        return Volume((x.channels, *(size * factor for size, factor in zip(x.spatial, factors, strict=False))))

    def requirements(self, x: Volume) -> Iterable[Requirement]:
        defined = (self.scale_factor is not None) + (self.size is not None)
        yield Requirement(defined, "==", 1, "exactly one of scale_factor and size must be given")
        yield from per_axis_requirements(x, scale_factor=self.scale_factor, size=self.size)
        nearest_with_corners = int(self.align_corners and self.mode == "nearest")
        yield Requirement(nearest_with_corners, "==", 0, "align_corners needs mode bilinear")

    def tallies(self, y: Volume, x: Volume) -> Tallies:
        if self.mode == "nearest":
            return {}
        neighbours = 2 ** len(x.spatial)
        return {"multiplications": y.elements * neighbours, "additions": y.elements * (neighbours - 1)}

    def receptive_window(self, x: Volume) -> tuple[InterpolationWindow, ...]:
        nearest = self.mode == "nearest"
        axes = zip(x.spatial, self.output(x).spatial, strict=True)
        return tuple(InterpolationWindow(size, out, nearest, self.align_corners) for size, out in axes)
