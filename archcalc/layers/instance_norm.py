"""Instance normalisation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from archcalc.arithmetic.term import product
from archcalc.layers._base import Requirement, Volume
from archcalc.layers._norm import MovingNorm, several_values
from archcalc.layers._volume import spatial_requirement


class InstanceNorm(MovingNorm):
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

    def requirements(self, x: Volume) -> Iterable[Requirement]:
        yield spatial_requirement(x)
        yield several_values(product(x.spatial))
