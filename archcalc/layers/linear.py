"""The dense layer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from archcalc.arithmetic.term import Number
from archcalc.layers._base import Tallies, Volume
from archcalc.layers._dense import Dense
from archcalc.layers._miscount import Miscount


class Linear(Dense):
    """Connect each of `out_features` units to every value of a vector; also called dense or fully connected.

    The input is a vector C; put `flatten` before it if the input is a map C×H×W.

    Counts
        One multiply-add per weight; adding the bias is one addition per unit and no multiply-add.

    Sources
        Rumelhart, Hinton & Williams 1986, "Learning representations by back-propagating errors".
        Krizhevsky, Sutskever & Hinton 2012, §3.5.
    """

    summary: ClassVar[str] = "dense layer of units that each read the whole vector"
    example: ClassVar[dict[str, Any]] = {"inputs": [[25088]], "fields": {"out_features": 4096}}
    saved_for_weight_gradient: ClassVar[tuple[str, ...]] = ("inputs",)

    bias: bool = True

    def biases(self, x: Volume) -> Number:
        return self.out_features if self.bias else 0

    def params(self, x: Volume) -> Number:
        return self.out_features * (x.channels + (1 if self.bias else 0))

    def connection_count(self, y: Volume, x: Volume) -> Number:
        return self.params(x)

    def multiply_adds(self, y: Volume, x: Volume) -> Number:
        return self.weights(x)

    def miscounts(self, y: Volume, x: Volume) -> Iterable[Miscount]:
        yield self.miscounted_as("bias left out" if self.bias else "bias added", y, x, bias=not self.bias)

    def tallies(self, y: Volume, x: Volume) -> Tallies:
        return {"multiply_adds": self.multiply_adds(y, x), "additions": y.elements if self.bias else 0}
