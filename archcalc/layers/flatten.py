"""Flattening."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from archcalc.arithmetic.term import product
from archcalc.layers._base import Layer, Requirement, Volume
from archcalc.layers._fields import Dim
from archcalc.layers._requirements import dim_requirement


class Flatten(Layer):
    """Read a map C×H×W as one vector of C·H·W values, channel by channel; with `start_dim: 2` as C×(H·W) tokens.

    `start_dim` counts as in PyTorch, where the batch is 0: from 1, the channels, or 2, the first axis of positions, all
    axes are read as one. On C×L `start_dim: 2` changes nothing.

    Counts
        Nothing; it is a view of its input. Positions are lost in a vector, so that receptive fields after it are the whole
        input. Where two axes are read as one, a unit still has its field, but no interval along the new axis describes it:
        it is unknown.

    Sources
        Simonyan & Zisserman 2014, §2.1 (7×7×512 becomes 25,088). Dosovitskiy et al. 2021, §3.1 (14×14 patches become 196
        tokens).
    """

    summary: ClassVar[str] = "a map as one vector, or as tokens"
    family: ClassVar[str] = "shape"
    example: ClassVar[dict[str, Any]] = {"inputs": [[512, 7, 7]], "fields": {}}
    in_place: ClassVar[bool] = True
    is_view: ClassVar[bool] = True

    start_dim: Dim = 1

    @property
    def is_global(self) -> bool:
        return self.start_dim == 1

    def unknown_field(self, x: Volume) -> str:
        merged = len(x) - self.start_dim + 1
        return f"{'two' if merged == 2 else 'three'} axes were read as one" if self.start_dim > 1 and merged > 1 else ""

    def output(self, x: Volume) -> Volume:
        axis = self.start_dim - 1
        return Volume((*x[:axis], product(x[axis:])))

    def requirements(self, x: Volume) -> Iterable[Requirement]:
        yield dim_requirement(self.start_dim, x, "start_dim")
