"""Global average pooling."""

from __future__ import annotations

from typing import Any, ClassVar

from archcalc.arithmetic.term import product
from archcalc.layers._base import Tallies, Volume
from archcalc.layers._global_pool import GlobalPool


class GlobalAvgPool(GlobalPool):
    """Take the mean of each whole map: C×H×W becomes C×1×1. Put `flatten` after it for a dense layer.

    Counts
        H·W − 1 additions and one division per map; no parameters, no multiply-adds.

    Sources
        Lin, Chen & Yan 2013, "Network in network", §3.2.
    """

    summary: ClassVar[str] = "mean of each whole map"
    example: ClassVar[dict[str, Any]] = {"inputs": [[1024, 7, 7]], "fields": {}}

    def tallies(self, y: Volume, x: Volume) -> Tallies:
        return {"additions": x.channels * (product(x.spatial) - 1), "divisions": x.channels}
