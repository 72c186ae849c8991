"""Softmax."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar

from archcalc.arithmetic.term import product
from archcalc.layers._base import Layer, Requirement, Tallies, Volume
from archcalc.layers._fields import ChannelGroups, Letter, Real
from archcalc.layers._requirements import groups_requirement


class Softmax(Layer):
    """Convert the values at each position to probabilities over the channels: e^(β·z_i) / Σ_j e^(β·z_j).

    β is an inverse temperature, 1 by default. With `groups` the probabilities are over each group of channels by itself,
    such as the keys of each head of an attention.

    Counts
        One exponential and one division per value and C − g additions per position, for g groups; with a β other than 1
        one multiplication per value. Its output is counted as in place (no activation memory of its own), as CS231n does.

    Sources
        Bridle 1990. Krizhevsky, Sutskever & Hinton 2012, §3.5.
    """

    summary: ClassVar[str] = "probabilities over the channels"
    family: ClassVar[str] = "activation"
    example: ClassVar[dict[str, Any]] = {"inputs": [[1000]], "fields": {}}
    saved_for_backward: ClassVar[tuple[str, ...]] = ("output",)
    in_place: ClassVar[bool] = True

    beta: Annotated[Real, Letter("β")] = 1.0
    groups: ChannelGroups = 1

    def requirements(self, x: Volume) -> Iterable[Requirement]:
        yield groups_requirement(self.groups, x)

    def tallies(self, y: Volume, x: Volume) -> Tallies:
        sums = product(x.spatial) * (x.channels - self.groups)
        steps = {"exponentials": y.elements, "additions": sums, "divisions": y.elements}
        return steps if self.beta == 1 else steps | {"multiplications": y.elements}
