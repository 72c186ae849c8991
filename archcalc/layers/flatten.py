"""Flattening."""

from __future__ import annotations

from typing import Any, ClassVar

from archcalc.layers._base import Layer, Volume


class Flatten(Layer):
    """Read a map C×H×W as one vector of C·H·W values, channel by channel.

    Counts
        Nothing; it is a view of its input. Positions are lost, so that receptive fields after it are the whole input.

    Sources
        Simonyan & Zisserman 2014, §2.1 (7×7×512 becomes 25,088).
    """

    summary: ClassVar[str] = "a map as one vector"
    family: ClassVar[str] = "shape"
    example: ClassVar[dict[str, Any]] = {"inputs": [[512, 7, 7]], "fields": {}}
    in_place: ClassVar[bool] = True
    is_view: ClassVar[bool] = True

    @property
    def is_global(self) -> bool:
        return True

    def output(self, x: Volume) -> Volume:
        return Volume((x.elements,))
