"""The base class of kinds that merge volumes element by element, of which smaller ones are repeated."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import ClassVar

from archcalc.arithmetic.term import Implicit, common_size
from archcalc.layers._base import Layer, Requirement, Volume


class Broadcast(Layer):
    """Two or more volumes, element by element: a size of 1 is repeated along its axis, a vector C over all positions."""

    family: ClassVar[str] = "merge"
    min_inputs: ClassVar[int] = 2
    max_inputs: ClassVar[int | None] = None

    def output(self, *inputs: Volume) -> Volume:
        return reduce(_common, _aligned(inputs))

    def requirements(self, *inputs: Volume) -> Iterable[Requirement]:
        first, *others = _aligned(inputs)
        for other in others:
            sentence = "all volumes must have the same number of axes, or be a vector of channels"
            yield Requirement(len(first), "==", len(other), sentence)
            for size, other_size in zip(first, other, strict=False):
                yield Requirement(size, "repeats", other_size, "the volumes must have equal sizes along each axis, or 1")
            first = _common(first, other)


def _aligned(inputs: tuple[Volume, ...]) -> list[Volume]:
    """The volumes, of which a vector C is C×1×1 where others are maps."""
    axes = max(len(x.spatial) for x in inputs)
    return [x if x.spatial else Volume((x.channels, *(Implicit(1),) * axes)) for x in inputs]


def _common(x: Volume, other: Volume) -> Volume:
    return Volume(common_size(size, other_size) for size, other_size in zip(x, other, strict=False))
