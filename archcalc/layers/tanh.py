"""The hyperbolic tangent, plain and as LeNet scales it."""

from __future__ import annotations

from typing import Any, ClassVar

from archcalc.layers._base import Tallies, Volume
from archcalc.layers._elementwise import Elementwise


class Tanh(Elementwise):
    """Squash each value between −1 and 1; `scaled` is LeCun's A·tanh(S·x) with A = 1.7159 and S = 2/3.

    Counts
        As (e²ˣ − 1) / (e²ˣ + 1): one exponential, two additions and one division per value; scaled, two
        multiplications more. It may overwrite its input.

    Sources
        LeCun, Bottou, Bengio & Haffner 1998, §II.B and appendix A.
    """

    summary: ClassVar[str] = "tanh(x), or LeCun's 1.7159·tanh(2x/3)"
    example: ClassVar[dict[str, Any]] = {"inputs": [[84]], "fields": {"scaled": True}}
    saved_for_backward: ClassVar[tuple[str, ...]] = ("output",)
    steps: ClassVar[dict[str, int]] = {"exponentials": 1, "additions": 2, "divisions": 1}

    scaled: bool = False

    def tallies(self, y: Volume, x: Volume) -> Tallies:
        steps = super().tallies(y, x)
        return steps | {"multiplications": 2 * y.elements} if self.scaled else steps
