"""Element-wise sum."""

from __future__ import annotations

from typing import Any, ClassVar

from archcalc.layers._base import Tallies, Volume
from archcalc.layers._broadcast import Broadcast


class Add(Broadcast):
    """Add two or more volumes element by element, as a shortcut connection does.

    The volumes have equal sizes, or 1 along axes over which they are repeated; a vector C is added to every position, as
    C×1×1. So a trained tensor is added too: positions C×L to tokens C×L.

    Counts
        One addition per output and further input; no parameters, no multiply-adds.

    Sources
        He, Zhang, Ren & Sun 2015, "Deep residual learning", §3.2, equation 1. PyTorch documentation, "Broadcasting
        semantics".
    """

    summary: ClassVar[str] = "element-wise sum, smaller volumes repeated"
    merge_sign: ClassVar[str] = "+"
    example: ClassVar[dict[str, Any]] = {"inputs": [[64, 56, 56], [64, 56, 56]], "fields": {}}

    def tallies(self, y: Volume, *inputs: Volume) -> Tallies:
        return {"additions": y.elements * (len(inputs) - 1)}
