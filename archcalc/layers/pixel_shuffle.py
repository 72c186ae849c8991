"""Channels as positions of a larger map."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar

from archcalc.arithmetic.term import exact_div, power
from archcalc.layers._base import Layer, Requirement, Volume
from archcalc.layers._fields import Count, LabelFormat, Symbol
from archcalc.layers._receptive_window import TransposedWindow
from archcalc.layers._volume import spatial_requirement


class PixelShuffle(Layer):
    """Enlarge a map by f = `upscale_factor`: f² channels become the f×f positions in place of each: C·f²×H×W is C×fH×fW.

    Over one axis f channels become f positions, over three f³ become f×f×f.

    Counts
        Nothing is computed; the values are moved. Unit u reads position ⌊u/f⌋.

    Sources
        Shi et al. 2016, "Real-time single image and video super-resolution using an efficient sub-pixel convolutional
        neural network", §2.2, equation 4. PyTorch documentation, `PixelShuffle`.
    """

    summary: ClassVar[str] = "channels as positions of a larger map"
    family: ClassVar[str] = "upsampling"
    example: ClassVar[dict[str, Any]] = {"inputs": [[27, 64, 64]], "fields": {"upscale_factor": 3}}

    upscale_factor: Annotated[Count, Symbol("f", "times"), LabelFormat(" {}")]

    def output(self, x: Volume) -> Volume:
        r = self.upscale_factor
        return Volume((exact_div(x.channels, power(r, len(x.spatial))), *(size * r for size in x.spatial)))

    def requirements(self, x: Volume) -> Iterable[Requirement]:
        yield spatial_requirement(x)
        places = power(self.upscale_factor, len(x.spatial))
        yield Requirement(places, "divides", x.channels, "upscale_factor, for each axis, must divide the channels")

    def receptive_window(self, x: Volume) -> tuple[TransposedWindow, ...]:
        r = self.upscale_factor
        return tuple(TransposedWindow(r, r, 0) for _ in x.spatial)
