"""The base classes of normalisations: a mean and a variance, then a scale γ and a shift β."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, ClassVar, Literal

from archcalc.arithmetic.term import Number, product
from archcalc.layers._base import Layer, Requirement, Tallies, Volume, per_value
from archcalc.layers._fields import Letter, NonNegative, UnitInterval
from archcalc.layers._miscount import Miscount


class Norm(Layer):
    """Subtract a mean from each value and divide it by a standard deviation, then scale it and shift it."""

    family: ClassVar[str] = "normalisation"
    saved_for_backward: ClassVar[tuple[str, ...]] = ("inputs",)
    saved_for_weight_gradient: ClassVar[tuple[str, ...]] = ("inputs",)

    @property
    def has_scale(self) -> bool:
        """Whether it has the scale γ."""
        return True

    @property
    def has_shift(self) -> bool:
        """Whether it has the shift β."""
        return self.has_scale

    def factors(self, x: Volume) -> Number:
        """The number of scales γ, and of shifts β, where it has them."""
        return x.channels

    def weights(self, x: Volume) -> Number:
        return self.factors(x) if self.has_scale else 0

    def biases(self, x: Volume) -> Number:
        return self.factors(x) if self.has_shift else 0

    def miscounts(self, y: Volume, x: Volume) -> Iterable[Miscount]:
        if statistics := self.buffers(x):
            yield Miscount("moving statistics counted as parameters", {"weights": self.weights(x) + statistics})
        if self.has_scale:
            yield Miscount("scale and shift left out", {"weights": 0, "biases": 0})

    def by_stored_statistics(self, y: Volume, x: Volume) -> Tallies:
        """Operations with a mean and a variance per channel that are stored with the layer."""
        steps = per_value(y, additions=1 + self.has_shift, divisions=1) | {"square_roots": x.channels}
        return steps | per_value(y, multiplications=int(self.has_scale))

    def by_own_statistics(self, y: Volume, sets: Number) -> Tallies:
        """Operations with the mean and the variance of the values themselves, in `sets` sets of values.

        Of m values: a mean of m − 1 additions and a division, m differences, a variance of m squares, m − 1 additions and
        a division, the addition of ε, a root, and m divisions.
        """
        steps = per_value(y, additions=3 + self.has_shift, multiplications=1 + self.has_scale, divisions=1)
        steps |= {"additions": steps["additions"] - sets, "divisions": steps["divisions"] + 2 * sets}
        return steps | {"square_roots": sets}


class PositionNorm(Norm):
    """The channels of each position are normalised by themselves or, with `over: all`, all values together."""

    over: Literal["channels", "all"] = "channels"
    elementwise_affine: bool = True

    @property
    def is_global(self) -> bool:
        return self.over == "all"

    @property
    def has_scale(self) -> bool:
        return self.elementwise_affine

    def factors(self, x: Volume) -> Number:
        return x.elements if self.over == "all" else x.channels

    def weight_shapes(self, x: Volume) -> tuple[tuple[Number, ...], ...]:
        return (tuple(x),) if self.over == "all" and self.has_scale else super().weight_shapes(x)

    def sets(self, x: Volume) -> Number:
        """The number of sets of values that are normalised together."""
        return 1 if self.over == "all" else product(x.spatial)


class ChannelNorm(Norm):
    """A scale and a shift per channel, with `affine`."""

    affine: bool = True
    eps: Annotated[NonNegative, Letter("ε")] = 1e-5

    @property
    def has_scale(self) -> bool:
        return self.affine


class MovingNorm(ChannelNorm):
    """A norm whose mean and variance per channel are moving ones, stored with the layer, or those of the input itself."""

    track_running_stats: bool = True
    momentum: Annotated[UnitInterval, Letter("m")] = 0.1

    @property
    def is_global(self) -> bool:
        return not self.track_running_stats

    def buffers(self, x: Volume) -> Number:
        return 2 * x.channels if self.track_running_stats else 0

    def tallies(self, y: Volume, x: Volume) -> Tallies:
        return self.by_stored_statistics(y, x) if self.track_running_stats else self.by_own_statistics(y, x.channels)


def several_values(values: Number) -> Requirement:
    """At least two values must be normalised together: of one alone nothing but β is left."""
    return Requirement(2, "<=", values, "at least two values must be normalised together: one minus its mean is 0")
