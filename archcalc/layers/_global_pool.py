"""The base class of global poolings: one window over each whole map."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from archcalc.arithmetic.term import Number
from archcalc.layers._base import Layer, Requirement, Volume
from archcalc.layers._volume import spatial_requirement


class GlobalPool(Layer):
    """One value of each whole map: C×H×W becomes C×1×1."""

    family: ClassVar[str] = "pooling"

    @property
    def is_global(self) -> bool:
        return True

    def output(self, x: Volume) -> Volume:
        return Volume((x.channels, *(1 for _ in x.spatial)))

    def requirements(self, x: Volume) -> Iterable[Requirement]:
        yield spatial_requirement(x)

    def taps(self, y: Volume, x: Volume) -> Number:
        return x.elements
