"""Concatenation along the channels, or along the positions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from archcalc.arithmetic.term import sum_
from archcalc.layers._base import Layer, Requirement, Volume
from archcalc.layers._fields import Dim
from archcalc.layers._requirements import dim_requirement, equal_volumes


class Concat(Layer):
    """Concatenate volumes along the channels or, with `dim`, along their positions.

    `dim` counts as in PyTorch, where the batch is 0: 1 for the channels, 2 for the first axis of positions. All other
    sizes are equal. With `dim: 2` a class token C×1 is put before tokens C×L.

    Counts
        Nothing is computed; the values are copied. Along the positions, units of different parts have different receptive
        fields, which no interval describes: unless all are the whole input, the field is unknown along that axis.

    Sources
        Szegedy et al. 2014, "Going deeper with convolutions", figure 2. Ronneberger, Fischer & Brox 2015, figure 1.
        Dosovitskiy et al. 2021, "An image is worth 16×16 words", equation 1 (class token).
    """

    summary: ClassVar[str] = "concatenation of volumes along the channels or positions"
    family: ClassVar[str] = "merge"
    merge_sign: ClassVar[str] = "C"
    example: ClassVar[dict[str, Any]] = {
        "inputs": [[64, 28, 28], [128, 28, 28], [32, 28, 28], [32, 28, 28]],
        "fields": {},
    }
    leaves_out_dropped: ClassVar[bool] = True
    min_inputs: ClassVar[int] = 2
    max_inputs: ClassVar[int | None] = None

    dim: Dim = 1

    @property
    def joined_axis(self) -> int | None:
        return self.dim - 2 if self.dim > 1 else None

    def output(self, *inputs: Volume) -> Volume:
        first, axis = inputs[0], self.dim - 1
        return Volume((*first[:axis], sum_(x[axis] for x in inputs), *first[axis + 1 :]))

    def requirements(self, *inputs: Volume) -> Iterable[Requirement]:
        yield from equal_volumes(inputs, joined=self.dim - 1)
        yield dim_requirement(self.dim, inputs[0])
