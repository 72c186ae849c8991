"""Padding as a layer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar

from archcalc.layers._base import Layer, Requirement, Volume
from archcalc.layers._fields import Margins, Symbol, sides
from archcalc.layers._receptive_window import Shift
from archcalc.layers._window import UNPADDED, per_axis_requirements


class Pad(Layer):
    """Add zeros around each map: `padding` is one number, one per axis, or a pair `[before, after]` per axis.

    Counts
        Nothing is computed.

    Sources
        PyTorch documentation, `ZeroPad2d`.
    """

    summary: ClassVar[str] = "zeros around each map"
    family: ClassVar[str] = "shape"
    example: ClassVar[dict[str, Any]] = {"inputs": [[3, 224, 224]], "fields": {"padding": [[0, 1], [0, 1]]}}

    padding: Annotated[Margins, Symbol("p", "positions"), UNPADDED]

    def output(self, x: Volume) -> Volume:
        axes = zip(x.spatial, sides(self.padding, len(x.spatial)), strict=False)
        return Volume((x.channels, *(size + total for size, (_, total) in axes)))

    def requirements(self, x: Volume) -> Iterable[Requirement]:
        return per_axis_requirements(x, padding=self.padding)

    def receptive_window(self, x: Volume) -> tuple[Shift, ...]:
        return tuple(Shift(0 - before) for before, _ in sides(self.padding, len(x.spatial)))
