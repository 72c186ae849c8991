"""The dense layer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar

from archcalc.arithmetic.term import Number
from archcalc.layers._base import Layer, Requirement, Tallies, Volume, vector_requirement
from archcalc.layers._fields import Count, Symbol
from archcalc.layers._miscount import Miscount


class Linear(Layer):
    """Connect each of `out_features` units to every value of a vector; also called dense or fully connected.

    The input is a vector C; put `flatten` before it where a map C×H×W arrives.

    Counts
        One multiply-add per weight; adding the bias is one addition per unit and no multiply-add.

    Sources
        Rumelhart, Hinton & Williams 1986, "Learning representations by back-propagating errors".
        Krizhevsky, Sutskever & Hinton 2012, §3.5.
    """

    summary: ClassVar[str] = "dense layer of units that each read the whole vector"
    family: ClassVar[str] = "dense"
    example: ClassVar[dict[str, Any]] = {"inputs": [[25088]], "fields": {"out_features": 4096}}
    saved_for_weight_gradient: ClassVar[tuple[str, ...]] = ("inputs",)
    has_neurons: ClassVar[bool] = True
    counts_in_depth: ClassVar[bool] = True
    is_global: ClassVar[bool] = True

    out_features: Annotated[Count, Symbol("C_out", "units")]
    bias: bool = True

    def output(self, x: Volume) -> Volume:
        return Volume((self.out_features,))

    def requirements(self, x: Volume) -> Iterable[Requirement]:
        yield vector_requirement(x)

    def weights(self, x: Volume) -> Number:
        return self.out_features * x.channels

    def weight_shape(self, x: Volume) -> tuple[Number, ...]:
        return (self.out_features, x.channels)

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
