"""The hyperbolic tangent, plain and as LeNet scales it."""

from __future__ import annotations

from typing import Any, ClassVar

from archcalc.layers._base import Layer, Tallies, Volume


class Tanh(Layer):
    """Squash each value between −1 and 1; `scaled` is LeCun's A·tanh(S·x) with A = 1.7159 and S = 2/3.

    Counts
        As (e²ˣ − 1) / (e²ˣ + 1): one exponential, two additions and one division per value; scaled, two
        multiplications more. It may overwrite its input.

    Sources
        LeCun, Bottou, Bengio & Haffner 1998, §II.B and appendix A.
    """

    summary: ClassVar[str] = "tanh(x), or LeCun's 1.7159·tanh(2x/3)"
    family: ClassVar[str] = "activation"
    example: ClassVar[dict[str, Any]] = {"inputs": [[84]], "fields": {"scaled": True}}
    saved_for_backward: ClassVar[tuple[str, ...]] = ("output",)
    in_place: ClassVar[bool] = True

    scaled: bool = False

    def tallies(self, y: Volume, x: Volume) -> Tallies:
        steps = {"exponentials": y.elements, "additions": 2 * y.elements, "divisions": y.elements}
        return steps | {"multiplications": 2 * y.elements} if self.scaled else steps
