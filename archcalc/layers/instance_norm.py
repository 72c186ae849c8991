"""Instance normalisation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar

from archcalc.arithmetic.term import Number, product
from archcalc.layers._base import Requirement, Tallies, Volume
from archcalc.layers._fields import Letter, UnitInterval
from archcalc.layers._norm import ChannelNorm, several_values
from archcalc.layers._volume import spatial_requirement


class InstanceNorm(ChannelNorm):
    """Normalise each map of each example to mean 0 and variance 1, then with `affine` scale by γ and shift by β.

    As in PyTorch there is no scale and shift, unless `affine: true` adds them. Mean and variance are those of the map
    itself, which each output reads as a whole; with `track_running_stats: true` moving ones are stored as buffers and used
    at inference.

    Counts
        Parameters: with `affine` γ and β, one each per channel. Of E values in C maps: 3E − C additions, E multiplications,
        E + 2C divisions and C square roots for mean, variance, ε and the quotient; with `affine` E additions and E
        multiplications more. With moving statistics as `batch_norm`. No multiply-adds.

    Sources
        Ulyanov, Vedaldi & Lempitsky 2016, "Instance normalization: the missing ingredient for fast stylization". PyTorch
        documentation, `InstanceNorm2d`.
    """

    summary: ClassVar[str] = "normalisation of each map by itself"
    example: ClassVar[dict[str, Any]] = {"inputs": [[64, 256, 256]], "fields": {"affine": True}}
    normalizes: ClassVar[bool] = True

    affine: bool = False
    track_running_stats: bool = False
    momentum: Annotated[UnitInterval, Letter("m")] = 0.1

    @property
    def is_global(self) -> bool:
        return not self.track_running_stats

    def requirements(self, x: Volume) -> Iterable[Requirement]:
        yield spatial_requirement(x)
        yield several_values(product(x.spatial))

    def buffers(self, x: Volume) -> Number:
        return 2 * x.channels if self.track_running_stats else 0

    def tallies(self, y: Volume, x: Volume) -> Tallies:
        return self.by_stored_statistics(y, x) if self.track_running_stats else self.by_own_statistics(y, x.channels)
