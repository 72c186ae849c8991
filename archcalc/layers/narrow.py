"""A part of a volume."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar

from archcalc.layers._base import Layer, Requirement, Volume
from archcalc.layers._fields import Amount, Count, Dim, LabelFormat, Symbol
from archcalc.layers._receptive_window import Shift
from archcalc.layers._requirements import dim_requirement


class Narrow(Layer):
    """Keep `length` channels from `start` on, counted from 0; with `dim` so many positions.

    `dim` counts as in PyTorch, where the batch is 0: 1 for the channels, 2 for the first axis of positions. One half of the
    channels is `length: in_channels//2`; the class token is `dim: 2, length: 1`.

    Counts
        Nothing; it is a view of its input.

    Sources
        Ma, Zhang, Zheng & Sun 2018, "ShuffleNet V2", §3.2 (channel split). PyTorch documentation, `narrow`.
    """

    summary: ClassVar[str] = "some of the channels or positions"
    family: ClassVar[str] = "shape"
    example: ClassVar[dict[str, Any]] = {"inputs": [[768, 197]], "fields": {"dim": 2, "length": 1}}
    in_place: ClassVar[bool] = True
    is_view: ClassVar[bool] = True

    dim: Dim = 1
    length: Annotated[Count, Symbol("n", "values"), LabelFormat(" {}")]
    start: Annotated[Amount, Symbol("a", "values"), LabelFormat(" from {}", unless=0)] = 0

    def output(self, x: Volume) -> Volume:
        axis = self.dim - 1
        return Volume((*x[:axis], self.length, *x[axis + 1 :]))

    def requirements(self, x: Volume) -> Iterable[Requirement]:
        yield dim_requirement(self.dim, x)
        for size in x[self.dim - 1 : self.dim]:
            yield Requirement(self.start + self.length, "<=", size, "start + length must be within the input")

    def receptive_window(self, x: Volume) -> tuple[Shift, ...] | None:
        if self.dim == 1:
            return None
        return tuple(Shift(self.start if axis == self.dim else 0) for axis in range(2, len(x) + 1))
