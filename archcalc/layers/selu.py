"""The scaled exponential linear unit."""

from __future__ import annotations

from typing import Any, ClassVar

from archcalc.layers._elementwise import Elementwise


class Selu(Elementwise):
    """Scale each value by λ, after a negative one is replaced by α·(eˣ − 1): λ ≈ 1.0507 and α ≈ 1.6733, as the paper derives.

    With them, layers of a dense network keep mean 0 and variance 1.

    Counts
        One comparison, one exponential, one addition and two multiplications per value; every value is charged as if it
        were negative. It may overwrite its input.

    Sources
        Klambauer, Unterthiner, Mayr & Hochreiter 2017, "Self-normalizing neural networks", equation 2.
    """

    summary: ClassVar[str] = "λ·x, or λ·α·(eˣ − 1) for x < 0"
    example: ClassVar[dict[str, Any]] = {"inputs": [[128]], "fields": {}}
    saved_for_backward: ClassVar[tuple[str, ...]] = ("output",)
    steps: ClassVar[dict[str, int]] = {"comparisons": 1, "exponentials": 1, "additions": 1, "multiplications": 2}
