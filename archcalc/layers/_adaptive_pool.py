"""The base class of adaptive poolings: windows that follow from the sizes of input and output."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, ClassVar

from archcalc.arithmetic.term import Number, gcd, product
from archcalc.layers._base import Layer, Requirement, Volume
from archcalc.layers._fields import Count, PerAxis, Symbol, each
from archcalc.layers._receptive_window import AdaptiveWindow
from archcalc.layers._window import per_axis_requirements


class AdaptivePool(Layer):
    """`output_size` windows along each axis, whatever the size of the map."""

    family: ClassVar[str] = "pooling"

    output_size: Annotated[PerAxis[Count], Symbol("o", "positions")]

    def output(self, x: Volume) -> Volume:
        return Volume((x.channels, *each(self.output_size, len(x.spatial))))

    def requirements(self, x: Volume) -> Iterable[Requirement]:
        return per_axis_requirements(x, output_size=self.output_size)

    def taps(self, y: Volume, x: Volume) -> Number:
        axes = zip(x.spatial, each(self.output_size, len(x.spatial)), strict=True)
        return x.channels * product(size + out - gcd(size, out) for size, out in axes)

    def receptive_window(self, x: Volume) -> tuple[AdaptiveWindow, ...]:
        axes = zip(x.spatial, each(self.output_size, len(x.spatial)), strict=True)
        return tuple(AdaptiveWindow(size, out) for size, out in axes)
