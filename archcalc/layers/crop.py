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
    """Crop each map: centred, to the size of the layer named by `like`, or by `margins` on each side.

    Exactly one of the two must be set. Centred means that the larger half of an odd number of positions is cut at the
    end.

    Counts
        Nothing is computed.

    Sources
        Ronneberger, Fischer & Brox 2015, "U-Net", §2 (copy and crop).
    """

    summary: ClassVar[str] = "the centre of each map, or the map without its margins"
    family: ClassVar[str] = "shape"
    example: ClassVar[dict[str, Any]] = {"inputs": [[512, 64, 64], [512, 56, 56]], "fields": {"like": "up4"}}

    like: Annotated[LayerName | None, LayerReference(volume="output")] = None
    margins: Annotated[Margins | None, Symbol("p", "positions")] = None

    def _cuts(self, x: Volume, like: tuple[Volume, ...]) -> list[tuple[Number, Number]]:
        """Along each axis the positions cut at the beginning, and in total."""
        if like:
            totals = [size - target for size, target in zip(x.spatial, like[0].spatial, strict=False)]
            return [(total // 2, total) for total in totals]
        return sides(0 if self.margins is None else self.margins, len(x.spatial))

    def output(self, x: Volume, *like: Volume) -> Volume:
        if like:
            return Volume((x.channels, *like[0].spatial))
        cuts = zip(x.spatial, self._cuts(x, like), strict=False)
        return Volume((x.channels, *(size - total for size, (_, total) in cuts)))

    def requirements(self, x: Volume, *like: Volume) -> Iterable[Requirement]:
        defined = (self.like is not None) + (self.margins is not None)
        yield Requirement(defined, "==", 1, "exactly one of like and margins must be given")
        yield from per_axis_requirements(x, margins=self.margins)
        if like:
            yield Requirement(len(like[0].spatial), "==", len(x.spatial), "the named layer must have as many axes as the input")
            for size, target in zip(x.spatial, like[0].spatial, strict=False):
                yield Requirement(target, "<=", size, "the map must be at least as large as the size it is cropped to")

    def receptive_window(self, x: Volume, *like: Volume) -> tuple[Shift, ...]:
        return tuple(Shift(before) for before, _ in self._cuts(x, like))
