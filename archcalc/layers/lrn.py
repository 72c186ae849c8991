"""Local response normalisation."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from archcalc.layers._base import Layer, Tallies, Volume
from archcalc.layers._fields import Count, Letter, NonNegative, Real, Symbol


class Lrn(Layer):
    """Divide each value by a power of the sum of squares over `size` neighbouring maps at the same position.

    b = a / (k + α·Σ a²)^β, as the paper writes it. PyTorch and Caffe divide α by the number of maps, the paper does
    not; the defaults are the paper's.

    Counts
        Per output n + 1 multiplications (n squares and α), n additions (n − 1 for the sum, one for k), one power and
        one division; maps beyond the first and the last are counted too. No parameters, no multiply-adds.

    Sources
        Krizhevsky, Sutskever & Hinton 2012, §3.3.
    """

    summary: ClassVar[str] = "local response normalisation across maps, as in AlexNet"
    family: ClassVar[str] = "normalisation"
    example: ClassVar[dict[str, Any]] = {"inputs": [[96, 55, 55]], "fields": {}}
    saved_for_backward: ClassVar[tuple[str, ...]] = ("inputs",)

    size: Annotated[Count, Symbol("n", "maps")] = 5
    alpha: Annotated[NonNegative, Letter("α")] = 1e-4
    beta: Annotated[Real, Letter("β")] = 0.75
    k: Annotated[Real, Letter("k")] = 2.0

    def tallies(self, y: Volume, x: Volume) -> Tallies:
        return {
            "multiplications": y.elements * (self.size + 1),
            "additions": y.elements * self.size,
            "powers": y.elements,
            "divisions": y.elements,
        }
