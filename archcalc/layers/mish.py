"""The activation Mish."""

from __future__ import annotations

from typing import Any, ClassVar

from archcalc.layers._elementwise import Elementwise


class Mish(Elementwise):
    """Multiply each value by the tanh of its softplus: x·tanh(ln(1 + eˣ)).

    Counts
        The softplus takes one exponential, one addition and one logarithm per value, the tanh one exponential, two
        additions and one division, the product one multiplication. It may overwrite its input, unless its gradient
        needs that.

    Sources
        Misra 2019, "Mish: a self regularized non-monotonic activation function".
    """

    summary: ClassVar[str] = "x·tanh(ln(1 + eˣ))"
    example: ClassVar[dict[str, Any]] = {"inputs": [[64, 104, 104]], "fields": {}}
    saved_for_backward: ClassVar[tuple[str, ...]] = ("inputs",)
    steps: ClassVar[dict[str, int]] = {"exponentials": 2, "logarithms": 1, "additions": 3, "divisions": 1, "multiplications": 1}
