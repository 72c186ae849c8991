"""Max unpooling by the indices of a max pooling."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar

from archcalc.arithmetic.term import Number
from archcalc.layers._base import Layer, Requirement, Volume
from archcalc.layers._fields import Amount, DefaultsTo, LayerName, LayerReference, PerAxis, Symbol, each
from archcalc.layers._receptive_window import TransposedWindow
from archcalc.layers._window import UNPADDED, KernelSize, Stride, per_axis_requirements


class Unpool(Layer):
    """Put each value back at the position from which its max pooling took it; all other positions are zero.

    `pool` names the max pooling whose indices are used; the output volume has the sizes of that pooling's
    input. Window, stride and padding are those of that pooling, as in PyTorch's `MaxUnpool2d`.

    Counts
        Values are moved, nothing is computed: no parameters and no operations.

    Sources
        Zeiler & Fergus 2013, arXiv 1311.2901, §2.1 (switches). Badrinarayanan, Kendall & Cipolla 2015, "SegNet", §3.
    """

    summary: ClassVar[str] = "max unpooling by the indices of a pooling layer"
    family: ClassVar[str] = "upsampling"
    example: ClassVar[dict[str, Any]] = {
        "inputs": [[512, 12, 15], [512, 23, 30]],
        "fields": {"pool": "pool5", "kernel_size": 2},
    }

    pool: Annotated[LayerName, LayerReference(volume="input", requires="returns_indices")]
    kernel_size: KernelSize = 2
    stride: Annotated[Stride | None, DefaultsTo("kernel_size")] = None
    padding: Annotated[PerAxis[Amount], Symbol("p", "positions"), UNPADDED] = 0

    def _axes(self, x: Volume) -> Iterable[tuple[Number, ...]]:
        """Size, window, stride and padding along each spatial axis."""
        fields = (self.kernel_size, self.effective("stride"), self.padding)
        return zip(x.spatial, *(each(field, len(x.spatial)) for field in fields), strict=False)

    def output(self, x: Volume, pooled: Volume) -> Volume:
        return Volume((x.channels, *pooled.spatial))

    def requirements(self, x: Volume, pooled: Volume) -> Iterable[Requirement]:
        yield from per_axis_requirements(x, kernel_size=self.kernel_size, stride=self.stride, padding=self.padding)
        yield Requirement(
            x.channels, "==", pooled.channels, "the input must have as many channels as the input of the pooling layer"
        )
        yield Requirement(
            len(x.spatial), "==", len(pooled.spatial), "the input must have as many axes as the input of the pooling layer"
        )
        for (size, k, s, p), target in zip(self._axes(x), pooled.spatial, strict=False):
            smallest = (size - 1) * s - 2 * p + k
            yield Requirement(target + 1, "<=", smallest + s, "the pooled volume must be less than a stride larger")
            yield Requirement(smallest + 1, "<=", target + s, "the pooled volume must be less than a stride smaller")

    def receptive_window(self, x: Volume, pooled: Volume) -> tuple[TransposedWindow, ...]:
        return tuple(TransposedWindow(k, s, p) for _, k, s, p in self._axes(x))
