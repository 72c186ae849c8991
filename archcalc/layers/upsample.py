"""Upsampling by nearest neighbour or linear interpolation."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Annotated, Any, ClassVar, Literal

from archcalc.arithmetic.term import Number
from archcalc.layers._base import Layer, Requirement, Tallies, Volume
from archcalc.layers._fields import Count, Factor, LayerName, LayerReference, PerAxis, Symbol, each
from archcalc.layers._receptive_window import InterpolationWindow
from archcalc.layers._window import per_axis_requirements


class Upsample(Layer):
    """Enlarge each map by `scale_factor`, to `size`, or to the size of the layer named by `like`; exactly one must be set.

    A `scale_factor` f may be a fraction: the output is ⌊f·size⌋, exactly (PyTorch multiplies in floating point, and of a
    product such as 0.29·100 may have one position less), and unit o is centred at (o + ½)/f − ½.

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

    scale_factor: Annotated[PerAxis[Factor] | None, Symbol("f", "times")] = None
    size: Annotated[PerAxis[Count] | None, Symbol("o", "positions")] = None
    like: Annotated[LayerName | None, LayerReference(volume="output")] = None
    mode: Literal["nearest", "bilinear"] = "nearest"
    align_corners: bool = False

    def output(self, x: Volume, *like: Volume) -> Volume:
        axes = len(x.spatial)
        if like:
            return Volume((x.channels, *like[0].spatial))
        if self.size is not None:
            return Volume((x.channels, *each(self.size, axes)))
        factors = each(1 if self.scale_factor is None else self.scale_factor, axes)
        return Volume((x.channels, *(_scaled(size, factor) for size, factor in zip(x.spatial, factors, strict=False))))

    def requirements(self, x: Volume, *like: Volume) -> Iterable[Requirement]:
        defined = (self.scale_factor is not None) + (self.size is not None) + (self.like is not None)
        yield Requirement(defined, "==", 1, "exactly one of scale_factor, size and like must be given")
        yield from per_axis_requirements(x, scale_factor=self.scale_factor, size=self.size)
        if like:
            yield Requirement(len(like[0].spatial), "==", len(x.spatial), "the named layer must have as many axes as the input")
        nearest_with_corners = int(self.align_corners and self.mode == "nearest")
        yield Requirement(nearest_with_corners, "==", 0, "align_corners needs mode bilinear")

    def tallies(self, y: Volume, x: Volume, *like: Volume) -> Tallies:
        if self.mode == "nearest":
            return {}
        neighbours = 2 ** len(x.spatial)
        return {"multiplications": y.elements * neighbours, "additions": y.elements * (neighbours - 1)}

    def receptive_window(self, x: Volume, *like: Volume) -> tuple[InterpolationWindow, ...]:
        axes = len(x.spatial)
        ratios = zip(x.spatial, self.output(x, *like).spatial, each(self.scale_factor, axes), strict=False)
        nearest = self.mode == "nearest"
        return tuple(InterpolationWindow(*self._ratio(*ratio), nearest, self.align_corners) for ratio in ratios)

    def _ratio(self, size: Number, out: Number, factor: Number | Fraction | None) -> tuple[Number, Number]:
        """The distance of two units in input positions, as a quotient: of the factor itself, though positions are left over."""
        if isinstance(factor, Fraction) and not self.align_corners:
            return factor.denominator, factor.numerator
        return size, out


def _scaled(size: Number, factor: Number | Fraction) -> Number:
    """⌊size·factor⌋."""
    return size * factor.numerator // factor.denominator if isinstance(factor, Fraction) else size * factor
