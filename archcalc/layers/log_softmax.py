"""The logarithm of the softmax."""

from __future__ import annotations

from typing import Any, ClassVar

from archcalc.arithmetic.term import product
from archcalc.layers._base import Layer, Tallies, Volume


class LogSoftmax(Layer):
    """Convert the values at each position to logarithms of probabilities over the channels: z_i − ln Σ_j e^z_j.

    Counts
        One exponential and one addition (the difference) per value; C − 1 additions and one logarithm per position. Its
        output is counted as in place (no activation memory of its own), as that of `softmax`.

    Sources
        PyTorch documentation, `LogSoftmax`. Bridle 1990 (softmax).
    """

    summary: ClassVar[str] = "logarithms of probabilities over the channels"
    family: ClassVar[str] = "activation"
    example: ClassVar[dict[str, Any]] = {"inputs": [[10]], "fields": {}}
    saved_for_backward: ClassVar[tuple[str, ...]] = ("output",)
    in_place: ClassVar[bool] = True

    def tallies(self, y: Volume, x: Volume) -> Tallies:
        positions = product(x.spatial)
        sums = positions * (x.channels - 1)
        return {"exponentials": y.elements, "additions": sums + y.elements, "logarithms": positions}
