"""Element-wise sum."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from archcalc.layers._base import Layer, Requirement, Tallies, Volume, equal_volumes


class Add(Layer):
    """Add two or more equal volumes element by element, as a shortcut connection does.

    Counts
        One addition per output and further input; no parameters, no multiply-adds.

    Sources
        He, Zhang, Ren & Sun 2015, "Deep residual learning", §3.2, equation 1.
    """

    summary: ClassVar[str] = "element-wise sum of equal volumes"
    family: ClassVar[str] = "merge"
    merge_sign: ClassVar[str] = "+"
    example: ClassVar[dict[str, Any]] = {"inputs": [[64, 56, 56], [64, 56, 56]], "fields": {}}
    min_inputs: ClassVar[int] = 2
    max_inputs: ClassVar[int | None] = None

    def requirements(self, *inputs: Volume) -> Iterable[Requirement]:
        return equal_volumes(inputs, from_axis=0)

    def tallies(self, y: Volume, *inputs: Volume) -> Tallies:
        return {"additions": y.elements * (len(inputs) - 1)}
