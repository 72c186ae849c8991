"""The logistic sigmoid."""

from __future__ import annotations

from typing import Any, ClassVar

from archcalc.layers._elementwise import Elementwise


class Sigmoid(Elementwise):
    """Squash each value between 0 and 1: 1 / (1 + e⁻ˣ).

    Counts
        One exponential, one addition and one division per value; it may overwrite its input.

    Sources
        Rumelhart, Hinton & Williams 1986.
    """

    summary: ClassVar[str] = "1 / (1 + e⁻ˣ)"
    example: ClassVar[dict[str, Any]] = {"inputs": [[30]], "fields": {}}
    saved_for_backward: ClassVar[tuple[str, ...]] = ("output",)
    steps: ClassVar[dict[str, int]] = {"exponentials": 1, "additions": 1, "divisions": 1}
