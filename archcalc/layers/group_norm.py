"""Group normalisation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar

from archcalc.arithmetic.term import exact_div, product
from archcalc.layers._base import Requirement, Tallies, Volume
from archcalc.layers._fields import Count, LabelFormat, Symbol
from archcalc.layers._norm import ChannelNorm, several_values


class GroupNorm(ChannelNorm):
    """Normalise the channels of each group, over all positions, to mean 0 and variance 1; then scale by γ and shift by β.

    Mean and variance are those of the input itself, so that each output reads all positions. One group is layer
    normalisation over all values (with γ and β per channel), one for each channel instance normalisation.

    Counts
        Parameters: with `affine` γ and β, one each per channel. Of E values in g groups: 3E − g additions, E
        multiplications, E + 2g divisions and g square roots for mean, variance, ε and the quotient; with `affine` E
        additions and E multiplications more. No multiply-adds.

    Sources
        Wu & He 2018, "Group normalization", §3.1.
    """

    summary: ClassVar[str] = "normalisation of groups of channels, each over the whole map"
    example: ClassVar[dict[str, Any]] = {"inputs": [[256, 56, 56]], "fields": {"num_groups": 32}}

    num_groups: Annotated[Count, Symbol("g", "groups"), LabelFormat(", {} group{s}")]

    def requirements(self, x: Volume) -> Iterable[Requirement]:
        yield Requirement(self.num_groups, "divides", x.channels, "num_groups must divide the number of channels")
        yield several_values(exact_div(x.channels, self.num_groups) * product(x.spatial))

    @property
    def is_global(self) -> bool:
        return True

    def tallies(self, y: Volume, x: Volume) -> Tallies:
        return self.by_own_statistics(y, self.num_groups)
