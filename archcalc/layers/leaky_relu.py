"""The leaky rectified linear unit."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from archcalc.layers._elementwise import Elementwise
from archcalc.layers._fields import Letter, Real


class LeakyRelu(Elementwise):
    """Multiply each negative value by a small slope a: max(a·x, x), for a ≤ 1. The lecture uses a = 0.1, most libraries 0.01.

    Counts
        One comparison and one multiplication per value; it may overwrite its input.

    Sources
        Maas, Hannun & Ng 2013, "Rectifier nonlinearities improve neural network acoustic models", §2.
    """

    summary: ClassVar[str] = "max(a·x, x)"
    example: ClassVar[dict[str, Any]] = {"inputs": [[64, 32, 32]], "fields": {"negative_slope": 0.1}}
    saved_for_backward: ClassVar[tuple[str, ...]] = ("output",)
    steps: ClassVar[dict[str, int]] = {"comparisons": 1, "multiplications": 1}

    negative_slope: Annotated[Real, Letter("a")] = 0.01
