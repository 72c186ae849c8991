"""L2 normalisation with a trained scale."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from archcalc.arithmetic.term import Number, product
from archcalc.layers._base import Layer, Tallies, Volume, per_value
from archcalc.layers._miscount import Miscount


class L2Norm(Layer):
    """Divide the channels of each position by the root of their sum of squares, then with `scale` multiply by a trained γ.

    SSD has it behind conv4_3. `scale: false` is the normalisation alone, as of an embedding before a cosine.

    Counts
        Parameters: with `scale` one γ per channel. Of E values at n positions: E squares (multiplications), E − n
        additions, n square roots and E divisions; with `scale` E multiplications more. No multiply-adds.

    Sources
        Liu, Rabinovich & Berg 2015, "ParseNet", §3.3. Liu et al. 2016, "SSD", §3.1.
    """

    summary: ClassVar[str] = "channels of each position to length 1, times a trained scale"
    family: ClassVar[str] = "normalisation"
    example: ClassVar[dict[str, Any]] = {"inputs": [[512, 38, 38]], "fields": {}}
    saved_for_backward: ClassVar[tuple[str, ...]] = ("inputs",)
    saved_for_weight_gradient: ClassVar[tuple[str, ...]] = ("inputs",)

    scale: bool = True

    def weights(self, x: Volume) -> Number:
        return x.channels if self.scale else 0

    def miscounts(self, y: Volume, x: Volume) -> Iterable[Miscount]:
        if self.scale:
            yield Miscount("scale left out", {"weights": 0})

    def tallies(self, y: Volume, x: Volume) -> Tallies:
        positions = product(x.spatial)
        steps = per_value(y, multiplications=1 + self.scale, divisions=1)
        return steps | {"additions": y.elements - positions, "square_roots": positions}
