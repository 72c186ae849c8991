"""Element-wise product."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from archcalc.layers._base import Layer, Requirement, Tallies, Volume


class Multiply(Layer):
    """Multiply two or more volumes element by element, as a gate does.

    Each further volume has the first one's size along each axis, or 1 along axes over which it is repeated: a factor
    per channel C×1×1 against a map C×H×W, as in squeeze-and-excitation.

    Counts
        One multiplication per output and further input; no parameters, no multiply-adds.

    Sources
        Hu, Shen & Sun 2017, "Squeeze-and-excitation networks", §3.2.
    """

    summary: ClassVar[str] = "element-wise product, with a factor per channel too"
    family: ClassVar[str] = "merge"
    merge_sign: ClassVar[str] = "×"
    example: ClassVar[dict[str, Any]] = {"inputs": [[64, 56, 56], [64, 1, 1]], "fields": {}}
    saved_for_backward: ClassVar[tuple[str, ...]] = ("inputs",)
    min_inputs: ClassVar[int] = 2
    max_inputs: ClassVar[int | None] = None
    scales_first_input: ClassVar[bool] = True

    def requirements(self, *inputs: Volume) -> Iterable[Requirement]:
        first = inputs[0]
        for other in inputs[1:]:
            yield Requirement(len(first), "==", len(other), "all volumes must have the same number of axes")
            for size, other_size in zip(first, other, strict=False):
                mismatch = (other_size - 1) * (size - other_size)
                yield Requirement(mismatch, "==", 0, "a further volume must have the first one's size along each axis, or 1")

    def tallies(self, y: Volume, *inputs: Volume) -> Tallies:
        return {"multiplications": y.elements * (len(inputs) - 1)}
