"""Global max pooling."""

from __future__ import annotations

from typing import Any, ClassVar

from archcalc.arithmetic.term import product
from archcalc.layers._base import Tallies, Volume
from archcalc.layers._global_pool import GlobalPool


class GlobalMaxPool(GlobalPool):
    """Keep the largest value of each whole map: C×H×W becomes C×1×1. Put `flatten` after it for a dense layer.

    PointNet takes the largest value of each feature over all points, C×L to C×1.

    Counts
        H·W − 1 comparisons per map; no parameters, no multiply-adds.

    Sources
        Oquab, Bottou, Laptev & Sivic 2015, "Is object localization for free?". Qi, Su, Mo & Guibas 2017,
        "PointNet", §4.2.
    """

    summary: ClassVar[str] = "largest value of each whole map"
    example: ClassVar[dict[str, Any]] = {"inputs": [[1024, 1024]], "fields": {}}
    saved_for_backward: ClassVar[tuple[str, ...]] = ("indices",)

    def tallies(self, y: Volume, x: Volume) -> Tallies:
        return {"comparisons": x.channels * (product(x.spatial) - 1)}
