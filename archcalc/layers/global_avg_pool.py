"""Global average pooling."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from archcalc.arithmetic.term import Number, product
from archcalc.layers._base import Layer, Requirement, Tallies, Volume, spatial_requirement


class GlobalAvgPool(Layer):
    """Take the mean of each whole map: C×H×W becomes C×1×1. Put `flatten` after it for a dense layer.

    Counts
        H·W − 1 additions and one division per map; no parameters, no multiply-adds.

    Sources
        Lin, Chen & Yan 2013, "Network in network", §3.2.
    """

    summary: ClassVar[str] = "mean of each whole map"
    family: ClassVar[str] = "pooling"
    example: ClassVar[dict[str, Any]] = {"inputs": [[1024, 7, 7]], "fields": {}}

    @property
    def is_global(self) -> bool:
        return True

    def output(self, x: Volume) -> Volume:
        return Volume((x.channels, *(1 for _ in x.spatial)))

    def requirements(self, x: Volume) -> Iterable[Requirement]:
        yield spatial_requirement(x)

    def taps(self, y: Volume, x: Volume) -> Number:
        return x.elements

    def tallies(self, y: Volume, x: Volume) -> Tallies:
        return {"additions": x.channels * (product(x.spatial) - 1), "divisions": x.channels}
