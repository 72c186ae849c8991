"""The gated linear unit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from archcalc.arithmetic.term import exact_div
from archcalc.layers._base import Layer, Requirement, Tallies, Volume, per_value


class Glu(Layer):
    """Multiply the first half of the channels by the sigmoid of the second half: C×H×W becomes C/2×H×W.

    Put a convolution or dense layer of twice the channels before it.

    Counts
        As a / (1 + e⁻ᵇ): one exponential, one addition and one division per output; no parameters, no multiply-adds.

    Sources
        Dauphin, Fan, Auli & Grangier 2017, "Language modeling with gated convolutional networks", §2.
    """

    summary: ClassVar[str] = "half of the channels, gated by the sigmoid of the other half"
    family: ClassVar[str] = "activation"
    example: ClassVar[dict[str, Any]] = {"inputs": [[512, 100]], "fields": {}}
    saved_for_backward: ClassVar[tuple[str, ...]] = ("inputs",)

    def output(self, x: Volume) -> Volume:
        return Volume((exact_div(x.channels, 2), *x.spatial))

    def requirements(self, x: Volume) -> Iterable[Requirement]:
        yield Requirement(2, "divides", x.channels, "the number of channels must be even: one half gates the other")

    def input_channels_of(self, unit: int, x: Volume) -> Iterable[int]:
        return unit, unit + int(exact_div(x.channels, 2))

    def tallies(self, y: Volume, x: Volume) -> Tallies:
        return per_value(y, exponentials=1, additions=1, divisions=1)
