"""The values in another shape."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar

from archcalc.arithmetic.term import product
from archcalc.layers._base import Layer, Requirement, Volume
from archcalc.layers._fields import LabelFormat, Sizes, Symbol


class Reshape(Layer):
    """Read the values in their order, channel by channel and row by row, as a volume of another `shape`.

    `shape` is that of one example, channels first, of as many values: a vector of 1,024 as `[64, 4, 4]`.

    Counts
        Nothing; it is a view of its input. From or to a vector, receptive fields after it are the whole input; from one map
        to another a unit has the field of the value it was, which no interval describes: it is unknown.

    Sources
        Radford, Metz & Chintala 2015, "DCGAN", figure 1 (a vector as a map). PyTorch documentation, `reshape`.
    """

    summary: ClassVar[str] = "the values as a volume of another shape"
    family: ClassVar[str] = "shape"
    example: ClassVar[dict[str, Any]] = {"inputs": [[16384]], "fields": {"shape": [1024, 4, 4]}}
    in_place: ClassVar[bool] = True
    is_view: ClassVar[bool] = True

    shape: Annotated[Sizes, Symbol("n", "values"), LabelFormat(" {}")]

    @property
    def is_global(self) -> bool:
        return True

    def unknown_field(self, x: Volume) -> str:
        return "a map was read as another one" if x.spatial and len(self.shape) > 1 else ""

    def output(self, x: Volume) -> Volume:
        return Volume(self.shape)

    def requirements(self, x: Volume) -> Iterable[Requirement]:
        yield Requirement(product(self.shape), "==", x.elements, "shape must have as many values as the input")
