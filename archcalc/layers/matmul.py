"""The product of two matrices."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar, Literal

from archcalc.arithmetic.term import Number, exact_div, product
from archcalc.layers._base import Layer, Requirement, Tallies, Volume
from archcalc.layers._fields import ChannelGroups, Count, Symbol
from archcalc.layers._requirements import groups_requirement
from archcalc.layers._volume import sequence_requirement


class Matmul(Layer):
    """Multiply two volumes as matrices: a of C×K and b of K×M give C×M, which is Σ_k a[c, k]·b[k, m].

    The positions of a, which lie along one axis, are the channels of b; b may be a vector or a map too. With `groups` the
    channels of both are so many matrices below one another, each multiplied with its own: g·(C×K) and g·(K×M) give g·(C×M),
    as the heads of an attention do. `nonzeros` are the values of a sparse matrix that are not 0, such as the edges of a
    graph: those of b, or with `sparse: left` of a.

    Counts
        C·K·M multiply-adds, or with a sparse b C of them for each of its values, with a sparse a M for each. No parameters.

    Sources
        Qi, Su, Mo & Guibas 2017, "PointNet", §4.2 (a transform of the points). Kipf & Welling 2017, "Semi-supervised
        classification with graph convolutional networks", equation 2 (a sparse graph). PyTorch documentation, `matmul`.
    """

    summary: ClassVar[str] = "product of two matrices, channels by positions"
    family: ClassVar[str] = "merge"
    merge_sign: ClassVar[str] = "·"
    example: ClassVar[dict[str, Any]] = {"inputs": [[3, 3], [3, 1024]], "fields": {}}
    min_inputs: ClassVar[int] = 2
    max_inputs: ClassVar[int | None] = 2
    saved_for_backward: ClassVar[tuple[str, ...]] = ("inputs",)

    groups: ChannelGroups = 1
    nonzeros: Annotated[Count | None, Symbol("z", "values")] = None
    sparse: Literal["left", "right"] = "right"

    @property
    def is_global(self) -> bool:
        return True

    def output(self, a: Volume, b: Volume) -> Volume:
        return Volume((a.channels, *b.spatial))

    def requirements(self, a: Volume, b: Volume) -> Iterable[Requirement]:
        yield sequence_requirement(a, "the first volume must be a matrix C×K")
        yield groups_requirement(self.groups, a)
        if len(a.spatial) == 1:
            sentence = "the positions of the first volume must be the channels of the second, in each group"
            yield Requirement(self.groups * a.spatial[0], "==", b.channels, sentence)
        if self.nonzeros is None:
            sentence = "sparse: left needs nonzeros, the values of that matrix that are not 0"
            yield Requirement(self.sparse == "left", "==", False, sentence)
        else:
            dense = b if self.sparse == "right" else a
            yield Requirement(self.nonzeros, "<=", dense.elements, "nonzeros cannot be more than the values of the matrix")

    def multiply_adds(self, y: Volume, a: Volume, b: Volume) -> Number:
        if self.nonzeros is None:
            return a.elements * product(b.spatial)
        rows = exact_div(a.channels, self.groups)
        return self.nonzeros * (rows if self.sparse == "right" else product(b.spatial))

    def gradient_multiply_adds(
        self, inputs_need: tuple[bool, ...], weights_need: bool, y: Volume, *inputs: Volume
    ) -> tuple[Number, Number]:
        return self.multiply_adds(y, *inputs) * sum(inputs_need), 0

    def tallies(self, y: Volume, a: Volume, b: Volume) -> Tallies:
        return {"multiply_adds": self.multiply_adds(y, a, b)}
