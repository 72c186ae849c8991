"""Positions as channels of a smaller map."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar

from archcalc.arithmetic.term import exact_div, power
from archcalc.layers._base import Layer, Requirement, Volume
from archcalc.layers._fields import Count, LabelFormat, Symbol
from archcalc.layers._volume import spatial_requirement
from archcalc.layers._window import Window, windows


class PixelUnshuffle(Layer):
    """Reduce a map by f = `downscale_factor`: the f×f positions of a patch become channels: C×H×W is C·f²×H/f×W/f.

    It is also called space to depth, and the merging of patches before its dense layer in Swin. Over one axis f positions
    become channels, over three f×f×f.

    Counts
        Nothing is computed; the values are moved. A unit reads its patch: a window of f with stride f.

    Sources
        Shi et al. 2016, "Real-time single image and video super-resolution …", §2.2 (its inverse). Liu et al. 2021, "Swin
        transformer", §3.1 (patch merging). PyTorch documentation, `PixelUnshuffle`.
    """

    summary: ClassVar[str] = "positions of a patch as channels of a smaller map"
    family: ClassVar[str] = "shape"
    example: ClassVar[dict[str, Any]] = {"inputs": [[96, 56, 56]], "fields": {"downscale_factor": 2}}

    downscale_factor: Annotated[Count, Symbol("f", "positions"), LabelFormat(" {}")]

    def output(self, x: Volume) -> Volume:
        r = self.downscale_factor
        return Volume((x.channels * power(r, len(x.spatial)), *(exact_div(size, r) for size in x.spatial)))

    def requirements(self, x: Volume) -> Iterable[Requirement]:
        yield spatial_requirement(x)
        for size in x.spatial:
            yield Requirement(
                self.downscale_factor, "divides", size, "downscale_factor must divide the positions along each axis"
            )

    def receptive_window(self, x: Volume) -> tuple[Window, ...]:
        return windows(x, self.downscale_factor, self.downscale_factor)
