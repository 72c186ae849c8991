"""The Gaussian error linear unit."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from archcalc.layers._base import Tallies, Volume, per_value
from archcalc.layers._elementwise import Elementwise


class Gelu(Elementwise):
    """Multiply each value by the probability that a standard normal variable is below it: x·Φ(x) = 0.5·x·(1 + erf(x/√2)).

    `approximate: tanh` is 0.5·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))), as in BERT's first code and GPT-2.

    Counts
        Per value one error function, one addition and three multiplications. Approximated, with a tanh of one
        exponential, two additions and one division: one exponential, four additions, one division and six
        multiplications (two of them for x³). It may overwrite its input, unless its gradient needs that.

    Sources
        Hendrycks & Gimpel 2016, "Gaussian error linear units", §2.
    """

    summary: ClassVar[str] = "x·Φ(x), with the normal distribution Φ"
    example: ClassVar[dict[str, Any]] = {"inputs": [[3072, 197]], "fields": {}}
    saved_for_backward: ClassVar[tuple[str, ...]] = ("inputs",)
    steps: ClassVar[dict[str, int]] = {"error_functions": 1, "additions": 1, "multiplications": 3}

    approximate: Literal["none", "tanh"] = "none"

    def tallies(self, y: Volume, x: Volume) -> Tallies:
        if self.approximate == "none":
            return super().tallies(y, x)
        return per_value(y, exponentials=1, additions=4, divisions=1, multiplications=6)
