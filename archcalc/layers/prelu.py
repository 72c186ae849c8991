"""The rectified linear unit with trained slopes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar

from archcalc.arithmetic.term import Number
from archcalc.layers._base import Layer, Requirement, Tallies, Volume, per_value
from archcalc.layers._fields import Count, Symbol
from archcalc.layers._miscount import Miscount


class Prelu(Layer):
    """Multiply each negative value by a trained slope a: max(0, x) + a·min(0, x).

    `num_parameters` is 1, one slope for all channels, or the number of channels, one for each: write `in_channels`.

    Counts
        As many weights as slopes. One comparison and one multiplication per value, no multiply-adds; it may overwrite its
        input, unless its gradient needs that.

    Sources
        He, Zhang, Ren & Sun 2015, "Delving deep into rectifiers", §2.1.
    """

    summary: ClassVar[str] = "max(0, x) + a·min(0, x) with trained a"
    family: ClassVar[str] = "activation"
    example: ClassVar[dict[str, Any]] = {"inputs": [[64, 112, 112]], "fields": {"num_parameters": 64}}
    saved_for_backward: ClassVar[tuple[str, ...]] = ("inputs",)
    saved_for_weight_gradient: ClassVar[tuple[str, ...]] = ("inputs",)
    in_place: ClassVar[bool] = True

    num_parameters: Annotated[Count, Symbol("a", "slopes")] = 1

    def requirements(self, x: Volume) -> Iterable[Requirement]:
        mismatch = (self.num_parameters - 1) * (x.channels - self.num_parameters)
        yield Requirement(mismatch, "==", 0, "num_parameters must be 1 or the number of channels")

    def weights(self, x: Volume) -> Number:
        return self.num_parameters

    def miscounts(self, y: Volume, x: Volume) -> Iterable[Miscount]:
        yield Miscount("slopes left out", {"weights": 0})
        if self.num_parameters == 1:
            yield Miscount("one slope for each channel", {"weights": x.channels})
        else:
            yield Miscount("one slope for all channels", {"weights": 1})

    def tallies(self, y: Volume, x: Volume) -> Tallies:
        return per_value(y, comparisons=1, multiplications=1)
