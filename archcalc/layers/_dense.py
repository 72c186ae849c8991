"""The base class of dense layers: units that each read every value of a vector."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, ClassVar

from archcalc.arithmetic.term import Number
from archcalc.layers._base import Layer, Requirement, Volume
from archcalc.layers._fields import Count, Symbol
from archcalc.layers._volume import vector_requirement


class Dense(Layer):
    """`out_features` units with one weight for each value of a vector C."""

    family: ClassVar[str] = "dense"
    has_neurons: ClassVar[bool] = True
    counts_in_depth: ClassVar[bool] = True

    out_features: Annotated[Count, Symbol("C_out", "units")]

    @property
    def is_global(self) -> bool:
        return True

    def output(self, x: Volume) -> Volume:
        return Volume((self.out_features,))

    def requirements(self, x: Volume) -> Iterable[Requirement]:
        yield vector_requirement(x)

    def weights(self, x: Volume) -> Number:
        return self.out_features * x.channels

    def weight_shapes(self, x: Volume) -> tuple[tuple[Number, ...], ...]:
        return ((self.out_features, x.channels),)
