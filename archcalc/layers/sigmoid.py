"""The logistic sigmoid."""

from __future__ import annotations

from typing import Any, ClassVar

from archcalc.layers._base import Layer, Tallies, Volume


class Sigmoid(Layer):
    """Squash each value between 0 and 1: 1 / (1 + e⁻ˣ).

    Counts
        One exponential, one addition and one division per value; it may overwrite its input.

    Sources
        Rumelhart, Hinton & Williams 1986.
    """

    summary: ClassVar[str] = "1 / (1 + e⁻ˣ)"
    family: ClassVar[str] = "activation"
    example: ClassVar[dict[str, Any]] = {"inputs": [[30]], "fields": {}}
    saved_for_backward: ClassVar[tuple[str, ...]] = ("output",)
    in_place: ClassVar[bool] = True

    def tallies(self, y: Volume, x: Volume) -> Tallies:
        return {"exponentials": y.elements, "additions": y.elements, "divisions": y.elements}
