"""The dense layer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from archcalc.arithmetic.term import Number, product
from archcalc.layers._base import Requirement, Tallies, Volume
from archcalc.layers._dense import Dense
from archcalc.layers._miscount import Miscount


class Linear(Dense):
    """Connect each of `out_features` units to every channel; also called dense or fully connected.

    The input is a vector C, or tokens C×L, of which each position is a vector with the same weights. A map C×H×W needs
    `positionwise: true`, so that a forgotten `flatten` is found: either put `flatten` before it, or set that.

    Counts
        One multiply-add per weight and position; adding the bias is one addition per output and no multiply-add.

    Sources
        Rumelhart, Hinton & Williams 1986, "Learning representations by back-propagating errors".
        Krizhevsky, Sutskever & Hinton 2012, §3.5. Vaswani et al. 2017, "Attention is all you need", §3.3 (at each position
        separately).
    """

    summary: ClassVar[str] = "dense layer of units that each read the whole vector, or all channels of a position"
    example: ClassVar[dict[str, Any]] = {"inputs": [[25088]], "fields": {"out_features": 4096}}
    saved_for_weight_gradient: ClassVar[tuple[str, ...]] = ("inputs",)

    bias: bool = True
    positionwise: bool = False

    @property
    def is_global(self) -> bool:
        return False

    @property
    def acts_per_position(self) -> bool:
        return not self.positionwise

    def output(self, x: Volume) -> Volume:
        return Volume((self.out_features, *x.spatial))

    def requirements(self, x: Volume) -> Iterable[Requirement]:
        if not self.positionwise:
            sentence = "the input must be a vector or C×L: put flatten before it, or set positionwise: true for each position"
            yield Requirement(len(x.spatial), "<=", 1, sentence)

    def biases(self, x: Volume) -> Number:
        return self.out_features if self.bias else 0

    def params(self, x: Volume) -> Number:
        return self.out_features * (x.channels + (1 if self.bias else 0))

    def connection_count(self, y: Volume, x: Volume) -> Number:
        return self.params(x) * product(x.spatial)

    def multiply_adds(self, y: Volume, x: Volume) -> Number:
        return self.weights(x) * product(x.spatial)

    def miscounts(self, y: Volume, x: Volume) -> Iterable[Miscount]:
        yield self.miscounted_as("bias left out" if self.bias else "bias added", y, x, bias=not self.bias)

    def tallies(self, y: Volume, x: Volume) -> Tallies:
        return {"multiply_adds": self.multiply_adds(y, x), "additions": y.elements if self.bias else 0}
