"""Cropping."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar

from archcalc.arithmetic.term import Number
from archcalc.layers._base import Layer, Requirement, Volume
from archcalc.layers._fields import LayerName, LayerReference, Margins, Symbol, sides
from archcalc.layers._receptive_window import Shift
from archcalc.layers._window import per_axis_requirements


class Crop(Layer):
    """Cut each map down: centred to the size of the layer named by `like`, or by `margins` on each side.

    Exactly one of the two is given. Centred means that of an odd number of positions to be cut the greater half goes
    from the end.

    Counts
        Nothing is computed.

    Sources
        Ronneberger, Fischer & Brox 2015, "U-Net", §2 (copy and crop).
    """

    summary: ClassVar[str] = "the middle of each map, or without its margins"
    family: ClassVar[str] = "shape"
    example: ClassVar[dict[str, Any]] = {"inputs": [[512, 64, 64], [512, 56, 56]], "fields": {"like": "up4"}}

    like: Annotated[LayerName | None, LayerReference(volume="output")] = None
    margins: Annotated[Margins | None, Symbol("p", "positions")] = None

    def _cuts(self, x: Volume, model: tuple[Volume, ...]) -> list[tuple[Number, Number]]:
        """Along each axis how much is cut before the map, and in all."""
        if model:
            wholes = [size - wanted for size, wanted in zip(x.spatial, model[0].spatial, strict=False)]
            return [(whole // 2, whole) for whole in wholes]
        return sides(0 if self.margins is None else self.margins, len(x.spatial))

    def output(self, x: Volume, *model: Volume) -> Volume:
        if model:
            return Volume((x.channels, *model[0].spatial))
        cuts = zip(x.spatial, self._cuts(x, model), strict=False)
        return Volume((x.channels, *(size - both for size, (_, both) in cuts)))

    def requirements(self, x: Volume, *model: Volume) -> Iterable[Requirement]:
        given = (self.like is not None) + (self.margins is not None)
        yield Requirement(given, "==", 1, "exactly one of like and margins must be given")
        yield from per_axis_requirements(x, margins=self.margins)
        if model:
            yield Requirement(
                len(model[0].spatial), "==", len(x.spatial), "the named layer must have as many axes as the input"
            )
            for size, wanted in zip(x.spatial, model[0].spatial, strict=False):
                yield Requirement(wanted, "<=", size, "the map must be at least as large as the size it is cropped to")

    def receptive_window(self, x: Volume, *model: Volume) -> tuple[Shift, ...]:
        return tuple(Shift(before) for before, _ in self._cuts(x, model))
