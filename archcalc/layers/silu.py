"""The sigmoid-weighted linear unit, also named swish."""

from __future__ import annotations

from typing import Any, ClassVar

from archcalc.layers._elementwise import Elementwise


class Silu(Elementwise):
    """Multiply each value by its logistic sigmoid: x / (1 + e⁻ˣ). Swish with β = 1 is the same function.

    Counts
        One exponential, one addition and one division per value; it may overwrite its input, unless its gradient needs
        that.

    Sources
        Elfwing, Uchibe & Doya 2017, "Sigmoid-weighted linear units". Ramachandran, Zoph & Le 2017,
        "Searching for activation functions" (swish).
    """

    summary: ClassVar[str] = "x / (1 + e⁻ˣ), also named swish"
    example: ClassVar[dict[str, Any]] = {"inputs": [[32, 112, 112]], "fields": {}}
    saved_for_backward: ClassVar[tuple[str, ...]] = ("inputs",)
    steps: ClassVar[dict[str, int]] = {"exponentials": 1, "additions": 1, "divisions": 1}
