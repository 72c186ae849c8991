"""Transposed convolution: a convolution's backward pass used as a layer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar

from archcalc.arithmetic.term import Number, exact_div, maximum, product
from archcalc.layers._base import Layer, Requirement, Tallies, Volume
from archcalc.layers._fields import Amount, Count, Padding, PerAxis, Symbol, each, sides
from archcalc.layers._miscount import Miscount
from archcalc.layers._receptive_window import TransposedWindow
from archcalc.layers._window import UNPADDED, Dilation, Groups, KernelSize, Stride, group_channels, per_axis_requirements


class ConvTranspose(Layer):
    """Let each input position write a weighted copy of the kernel into the output; copies that overlap add up.

    Also called deconvolution or up-convolution. The stride is the step in the output for one step in the input.
    `padding` removes positions at the border: one number, one per axis, or a pair `[before, after]` per axis. `same` makes
    the output stride times as large as the input, as in Keras: of the d·(k − 1) + 1 − s positions beyond that the larger
    half of an odd number is removed at the end, and a kernel that is too small by some positions gets them at the end,
    with nothing but the bias. `valid` is no padding. `output_padding` adds positions after the last one, to choose an
    output size among those that a convolution maps to the same input size.

    Counts
        Multiply-adds are counted on the input side: each input value is multiplied by each weight of its group once, taps
        that `padding` removes included. Adding the bias is one addition per output.

    Sources
        Zeiler, Krishnan, Taylor & Fergus 2010, "Deconvolutional networks". Dumoulin & Visin 2016, arXiv 1603.07285,
        relation 14 (output size). Long, Shelhamer & Darrell 2015, §3.3. Keras documentation, `Conv2DTranspose` (`same`).
    """

    summary: ClassVar[str] = "transposed convolution, with output padding, groups and dilation"
    family: ClassVar[str] = "upsampling"
    example: ClassVar[dict[str, Any]] = {
        "inputs": [[1, 2, 2]],
        "fields": {"out_channels": 1, "kernel_size": 3, "stride": 2, "padding": 1, "output_padding": 1},
    }
    saved_for_weight_gradient: ClassVar[tuple[str, ...]] = ("inputs",)
    has_neurons: ClassVar[bool] = True
    counts_in_depth: ClassVar[bool] = True

    out_channels: Annotated[Count, Symbol("C_out", "maps")]
    kernel_size: KernelSize
    stride: Stride = 1
    padding: Annotated[Padding, Symbol("p", "positions"), UNPADDED] = 0
    output_padding: Annotated[PerAxis[Amount], Symbol("o", "positions")] = 0
    dilation: Dilation = 1
    groups: Groups = 1
    bias: bool = True

    @property
    def _is_same(self) -> bool:
        return isinstance(self.padding, str) and self.padding == "same"

    def _axes(self, x: Volume) -> Iterable[tuple[Number, ...]]:
        """Size, kernel, stride, output padding and dilation along each spatial axis."""
        fields = (self.kernel_size, self.stride, self.output_padding, self.dilation)
        return zip(x.spatial, *(each(field, len(x.spatial)) for field in fields), strict=False)

    def _paddings(self, x: Volume) -> list[tuple[Number, Number]]:
        """Along each axis the positions removed at the beginning, and in total."""
        if self._is_same:
            surplus = [d * (k - 1) + 1 - s for _, k, s, _, d in self._axes(x)]
            return [(maximum(total, 0) // 2, total) for total in surplus]
        return sides(0 if isinstance(self.padding, str) else self.padding, len(x.spatial))

    def output(self, x: Volume) -> Volume:
        if self._is_same:
            return Volume((self.out_channels, *(size * s for size, _, s, _, _ in self._axes(x))))
        axes = zip(self._axes(x), self._paddings(x), strict=False)
        sizes = ((size - 1) * s - total + d * (k - 1) + o + 1 for (size, k, s, o, d), (_, total) in axes)
        return Volume((self.out_channels, *sizes))

    def requirements(self, x: Volume) -> Iterable[Requirement]:
        yield from per_axis_requirements(
            x,
            kernel_size=self.kernel_size,
            stride=self.stride,
            padding=self.padding,
            output_padding=self.output_padding,
            dilation=self.dilation,
        )
        yield Requirement(self.groups, "divides", x.channels, "groups must divide in_channels")
        yield Requirement(self.groups, "divides", self.out_channels, "groups must divide out_channels")
        for _, _, s, o, d in self._axes(x):
            if self._is_same:
                yield Requirement(o, "==", 0, "output_padding cannot be combined with padding same")
            yield Requirement(o + 1, "<=", maximum(s, d), "output_padding must be smaller than stride or dilation")

    def weights(self, x: Volume) -> Number:
        taps = product(each(self.kernel_size, len(x.spatial)))
        return x.channels * (taps * exact_div(self.out_channels, self.groups))

    def input_channels_of(self, unit: int, x: Volume) -> Iterable[int] | None:
        return group_channels(unit, self.out_channels, x.channels, self.groups) if self.groups > 1 else None

    def weight_shapes(self, x: Volume) -> tuple[tuple[Number, ...], ...]:
        kernel = each(self.kernel_size, len(x.spatial))
        return ((x.channels, exact_div(self.out_channels, self.groups), *kernel),)

    def biases(self, x: Volume) -> Number:
        return self.out_channels if self.bias else 0

    def connection_count(self, y: Volume, x: Volume) -> Number:
        return product(x.spatial) * self.weights(x) + (y.elements if self.bias else 0)

    def taps(self, y: Volume, x: Volume) -> Number:
        return x.elements * product(each(self.kernel_size, len(x.spatial)))

    def multiply_adds(self, y: Volume, x: Volume) -> Number:
        return product(x.spatial) * self.weights(x)

    def tallies(self, y: Volume, x: Volume) -> Tallies:
        return {"multiply_adds": self.multiply_adds(y, x), "additions": y.elements if self.bias else 0}

    def miscounts(self, y: Volume, x: Volume) -> Iterable[Miscount]:
        if self.groups > 1:
            yield self.miscounted_as("groups ignored", y, x, groups=1)
        yield self.miscounted_as("bias left out" if self.bias else "bias added", y, x, bias=not self.bias)
        if x.spatial != y.spatial:
            yield Miscount("output side taken for the input side", {"mult_adds": product(y.spatial) * self.weights(x)})

    def receptive_window(self, x: Volume) -> tuple[TransposedWindow, ...]:
        axes = zip(self._axes(x), self._paddings(x), strict=False)
        return tuple(TransposedWindow(k, s, before, d) for (_, k, s, _, d), (before, _) in axes)
