"""Adaptive average pooling."""

from __future__ import annotations

from typing import Any, ClassVar

from archcalc.layers._adaptive_pool import AdaptivePool
from archcalc.layers._base import Tallies, Volume


class AdaptiveAvgPool(AdaptivePool):
    """Average each map down to `output_size` positions per axis, whatever its size.

    Unit i of o covers positions ⌊i·x/o⌋ … ⌈(i + 1)·x/o⌉ − 1, so that neighbouring windows overlap where o does not divide x.

    Counts
        Along an axis all units together read x + o − gcd(x, o) positions. Per output one addition less than the positions
        it reads, and one division.

    Sources
        PyTorch documentation, `AdaptiveAvgPool2d`. He, Zhang, Ren & Sun 2014, "Spatial pyramid pooling", §2.2.
    """

    summary: ClassVar[str] = "means to a given output size"
    example: ClassVar[dict[str, Any]] = {"inputs": [[512, 10, 10]], "fields": {"output_size": 7}}

    def tallies(self, y: Volume, x: Volume) -> Tallies:
        return {"additions": self.taps(y, x) - y.elements, "divisions": y.elements}
