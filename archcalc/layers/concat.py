"""Concatenation along the channels."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from archcalc.arithmetic.term import sum_
from archcalc.layers._base import Layer, Requirement, Volume, equal_volumes


class Concat(Layer):
    """Concatenate volumes of one spatial size along the channels.

    Counts
        Nothing is computed; the values are copied.

    Sources
        Szegedy et al. 2014, "Going deeper with convolutions", figure 2. Ronneberger, Fischer & Brox 2015, figure 1.
    """

    summary: ClassVar[str] = "concatenation of volumes along the channels"
    family: ClassVar[str] = "merge"
    merge_sign: ClassVar[str] = "C"
    example: ClassVar[dict[str, Any]] = {
        "inputs": [[64, 28, 28], [128, 28, 28], [32, 28, 28], [32, 28, 28]],
        "fields": {},
    }
    leaves_out_dropped: ClassVar[bool] = True
    min_inputs: ClassVar[int] = 2
    max_inputs: ClassVar[int | None] = None

    def output(self, *inputs: Volume) -> Volume:
        return Volume((sum_(x.channels for x in inputs), *inputs[0].spatial))

    def requirements(self, *inputs: Volume) -> Iterable[Requirement]:
        return equal_volumes(inputs, from_axis=1)
