"""Adaptive max pooling."""

from __future__ import annotations

from typing import Any, ClassVar

from archcalc.layers._adaptive_pool import AdaptivePool
from archcalc.layers._base import Tallies, Volume


class AdaptiveMaxPool(AdaptivePool):
    """Keep the largest value of each of `output_size` windows per axis, whatever the size of the map.

    Unit i of o covers positions ⌊i·x/o⌋ … ⌈(i + 1)·x/o⌉ − 1, so that neighbouring windows overlap where o does not divide x.
    Spatial pyramid pooling is one such layer for each level of the pyramid.

    Counts
        Along an axis all units together read x + o − gcd(x, o) positions. Per output one comparison less than the
        positions it reads; no parameters, no multiply-adds.

    Sources
        PyTorch documentation, `AdaptiveMaxPool2d`. He, Zhang, Ren & Sun 2014, "Spatial pyramid pooling", §2.2.
    """

    summary: ClassVar[str] = "largest values, to a given output size"
    example: ClassVar[dict[str, Any]] = {"inputs": [[256, 13, 13]], "fields": {"output_size": 3}}
    saved_for_backward: ClassVar[tuple[str, ...]] = ("indices",)

    def tallies(self, y: Volume, x: Volume) -> Tallies:
        return {"comparisons": self.taps(y, x) - y.elements}
