"""Adaptive average pooling."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar

from archcalc.arithmetic.term import Number, gcd, product
from archcalc.layers._base import Layer, Requirement, Tallies, Volume
from archcalc.layers._fields import Count, PerAxis, Symbol, each
from archcalc.layers._receptive_window import AdaptiveWindow
from archcalc.layers._window import per_axis_requirements


class AdaptiveAvgPool(Layer):
    """Average each map down to `output_size` positions per axis, whatever its size.

    Unit i of o covers positions ⌊i·x/o⌋ … ⌈(i + 1)·x/o⌉ − 1, so that neighbouring windows overlap where o does not divide x.

    Counts
        Along an axis all units together read x + o − gcd(x, o) positions. Per output one addition less than the positions
        it reads, and one division.

    Sources
        PyTorch documentation, `AdaptiveAvgPool2d`. He, Zhang, Ren & Sun 2014, "Spatial pyramid pooling", §2.2.
    """

    summary: ClassVar[str] = "means to a given output size"
    family: ClassVar[str] = "pooling"
    example: ClassVar[dict[str, Any]] = {"inputs": [[512, 10, 10]], "fields": {"output_size": 7}}

    output_size: Annotated[PerAxis[Count], Symbol("o", "positions")]

    def output(self, x: Volume) -> Volume:
        return Volume((x.channels, *each(self.output_size, len(x.spatial))))

    def requirements(self, x: Volume) -> Iterable[Requirement]:
        return per_axis_requirements(x, output_size=self.output_size)

    def taps(self, y: Volume, x: Volume) -> Number:
        axes = zip(x.spatial, each(self.output_size, len(x.spatial)), strict=True)
        return x.channels * product(size + out - gcd(size, out) for size, out in axes)

    def tallies(self, y: Volume, x: Volume) -> Tallies:
        return {"additions": self.taps(y, x) - y.elements, "divisions": y.elements}

    def receptive_window(self, x: Volume) -> tuple[AdaptiveWindow, ...]:
        axes = zip(x.spatial, each(self.output_size, len(x.spatial)), strict=True)
        return tuple(AdaptiveWindow(size, out) for size, out in axes)
