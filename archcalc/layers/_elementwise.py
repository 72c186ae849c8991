"""The base class of activations that change each value by itself and have no parameters."""

from __future__ import annotations

from typing import ClassVar

from archcalc.layers._base import Layer, Tallies, Volume, per_value


class Elementwise(Layer):
    """Each output is a function of the one input value at its place, so that it may overwrite it."""

    family: ClassVar[str] = "activation"
    in_place: ClassVar[bool] = True
    steps: ClassVar[dict[str, int]] = {}
    """Operations on each value, by name. Where a function has several pieces, every value is charged with the costliest."""

    def tallies(self, y: Volume, x: Volume) -> Tallies:
        return per_value(y, **self.steps)
