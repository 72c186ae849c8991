"""The smooth rectifier."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from archcalc.layers._base import Tallies, Volume
from archcalc.layers._elementwise import Elementwise
from archcalc.layers._fields import Letter, Real


class Softplus(Elementwise):
    """Compute ln(1 + e^(β·x)) / β, a smooth max(0, x). Where β·x exceeds `threshold`, the value is x, up to rounding.

    Counts
        One exponential, one addition and one logarithm per value, with a β other than 1 one multiplication and one
        division more. The threshold is a matter of rounding and is not counted. It may overwrite its input, unless its
        gradient needs that.

    Sources
        Dugas, Bengio, Bélisle, Nadeau & Garcia 2001. Glorot, Bordes & Bengio 2011, "Deep sparse rectifier neural networks".
    """

    summary: ClassVar[str] = "ln(1 + eˣ)"
    example: ClassVar[dict[str, Any]] = {"inputs": [[128]], "fields": {}}
    saved_for_backward: ClassVar[tuple[str, ...]] = ("inputs",)
    steps: ClassVar[dict[str, int]] = {"exponentials": 1, "additions": 1, "logarithms": 1}

    beta: Annotated[Real, Letter("β")] = 1.0
    threshold: Annotated[Real, Letter("θ")] = 20.0

    def tallies(self, y: Volume, x: Volume) -> Tallies:
        steps = super().tallies(y, x)
        return steps if self.beta == 1 else steps | {"multiplications": y.elements, "divisions": y.elements}
