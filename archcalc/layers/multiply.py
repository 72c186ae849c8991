"""Element-wise product."""

from __future__ import annotations

from typing import Any, ClassVar

from archcalc.layers._base import Tallies, Volume
from archcalc.layers._broadcast import Broadcast


class Multiply(Broadcast):
    """Multiply two or more volumes element by element, as a gate does.

    The volumes have equal sizes, or 1 along axes over which they are repeated; a vector C is a factor per channel, as
    C×1×1 against a map C×H×W in squeeze-and-excitation. Name first what is scaled: the others are its gates.

    Counts
        One multiplication per output and further input; no parameters, no multiply-adds.

    Sources
        Hu, Shen & Sun 2017, "Squeeze-and-excitation networks", §3.2. PyTorch documentation, "Broadcasting semantics".
    """

    summary: ClassVar[str] = "element-wise product, with a factor per channel too"
    merge_sign: ClassVar[str] = "×"
    example: ClassVar[dict[str, Any]] = {"inputs": [[64, 56, 56], [64, 1, 1]], "fields": {}}
    saved_for_backward: ClassVar[tuple[str, ...]] = ("inputs",)
    scales_first_input: ClassVar[bool] = True

    def tallies(self, y: Volume, *inputs: Volume) -> Tallies:
        return {"multiplications": y.elements * (len(inputs) - 1)}
