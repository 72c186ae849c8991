"""The exponential linear unit."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from archcalc.layers._base import Tallies, Volume
from archcalc.layers._elementwise import Elementwise
from archcalc.layers._fields import Letter, Real


class Elu(Elementwise):
    """Replace each negative value by α·(eˣ − 1), which approaches −α.

    Counts
        One comparison, one exponential and one addition per value, with an α other than 1 one multiplication more; every
        value is charged as if it were negative. It may overwrite its input.

    Sources
        Clevert, Unterthiner & Hochreiter 2015, "Fast and accurate deep network learning by exponential linear units",
        §3.
    """

    summary: ClassVar[str] = "x, or α·(eˣ − 1) for x < 0"
    example: ClassVar[dict[str, Any]] = {"inputs": [[64, 32, 32]], "fields": {}}
    saved_for_backward: ClassVar[tuple[str, ...]] = ("output",)
    steps: ClassVar[dict[str, int]] = {"comparisons": 1, "exponentials": 1, "additions": 1}

    alpha: Annotated[Real, Letter("α")] = 1.0

    def tallies(self, y: Volume, x: Volume) -> Tallies:
        steps = super().tallies(y, x)
        return steps if self.alpha == 1 else steps | {"multiplications": y.elements}
