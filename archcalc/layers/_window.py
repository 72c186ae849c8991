"""The sliding window along one axis, and the fields of the kinds that have one.

Sources: Dumoulin & Visin 2016, "A guide to convolution arithmetic for deep learning" (arXiv 1603.07285), relations 6,
14 and 15; Araujo, Norris & Sim 2019, "Computing receptive fields of convolutional neural networks" (Distill).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, NamedTuple

from archcalc.arithmetic.term import Implicit, Number, ceil_div, exact_div, maximum, minimum, product
from archcalc.layers._base import Requirement, Volume
from archcalc.layers._fields import Count, LabelFormat, PerAxis, Rewrite, Role, Symbol, each, sides
from archcalc.layers._volume import spatial_requirement

KernelSize = Annotated[PerAxis[Count], Symbol("k", "positions"), Role.WINDOW, LabelFormat(" {}", every_axis=True)]
Stride = Annotated[
    PerAxis[Count],
    Symbol("s", "positions"),
    LabelFormat("/{}", unless=1),
    Rewrite("at stride 1", 1, per_layer=True),
    Rewrite("at stride 2", 2, per_layer=True),
]
Dilation = Annotated[PerAxis[Count], Symbol("d", "positions", implicit=1), LabelFormat(", dilation {}", unless=1)]
Groups = Annotated[Count, Symbol("g", "groups", implicit=1), Role.GROUPS, LabelFormat(", {} groups", unless=1)]
UNPADDED = Rewrite("padding left out", 0, equivalents=("valid",))
"""The common mistake of a field that is a padding."""


class Window(NamedTuple):
    """A window of `kernel` taps, `dilation` apart, that moves by `stride` over a padded axis.

    `before` is the padding before the first position of the map, `padding` the total on both sides.
    """

    kernel: Number
    stride: Number
    dilation: Number
    before: Number
    padding: Number

    @property
    def last_tap(self) -> Number:
        """d·(k − 1): how far the last tap is from the first."""
        return self.dilation * (self.kernel - 1)

    def output(self, x: Number) -> Number:
        """The output size on an axis of `x` positions (relation 15)."""
        return (x + self.padding - self.last_tap - 1) // self.stride + 1

    def output_rounded_up(self, x: Number) -> Number:
        """The output size rounded up; the last window must begin inside the map or its left padding (PyTorch's rule)."""
        size = ceil_div(x + self.padding - self.last_tap - 1, self.stride) + 1
        return minimum(size, ceil_div(x + self.before, self.stride))

    @property
    def period(self) -> int:
        """Units after which the input positions repeat, shifted: 1."""
        return 1

    @property
    def shift(self) -> Number:
        """Input positions from one unit to the next."""
        return self.stride

    def reads(self, unit: int) -> range:
        """The input positions of an output unit, counted from 0; negative ones are padding."""
        first = unit * self.stride - self.before
        return range(first, first + self.last_tap + 1, self.dilation)


_NO_DILATION = Implicit(1)


def windows(x: Volume, kernel: Any, stride: Any, padding: Any = 0, dilation: Any = _NO_DILATION) -> tuple[Window, ...]:
    """One window per spatial axis of `x` (C×L, C×H×W or C×D×H×W)."""
    axes = len(x.spatial)
    kernels, strides, dilations = each(kernel, axes), each(stride, axes), each(dilation, axes)
    per_axis = zip(x.spatial, kernels, strides, dilations, strict=False)
    if isinstance(padding, str) and padding == "same":
        paddings = [_same(*axis) for axis in per_axis]
    else:
        paddings = sides(0 if isinstance(padding, str) else padding, axes)
    return tuple(
        Window(k, s, d, before, total) for k, s, d, (before, total) in zip(kernels, strides, dilations, paddings, strict=False)
    )


def _same(size: Number, kernel: Number, stride: Number, dilation: Number) -> tuple[Number, Number]:
    """TensorFlow's `same`: padding for ⌈x/s⌉ outputs, the larger half of an odd number is after the map."""
    total = maximum((ceil_div(size, stride) - 1) * stride + dilation * (kernel - 1) + 1 - size, 0)
    return total // 2, total


def area(axes: Iterable[Window]) -> Number:
    """Taps of the window over all axes, k·k for a square window."""
    return product(window.kernel for window in axes)


def per_axis_requirements(x: Volume, **fields: Any) -> Iterable[Requirement]:
    """The input must have 1 to 3 spatial axes, and each list of values as many."""
    axes = len(x.spatial)
    yield spatial_requirement(x)
    for name, value in fields.items():
        if isinstance(value, tuple):
            yield Requirement(len(value), "==", axes, f"{name} must have one value for each spatial axis")


def filter_weights(taps: Number, in_channels: Number, groups: Number) -> Number:
    """Weights of one filter over the input channels of its group: k·k·C/g."""
    return taps * exact_div(in_channels, groups)


def group_channels(unit: int, out_channels: int, in_channels: int, groups: int) -> range:
    """The input channels in the group of output channel `unit`."""
    size = in_channels // groups
    group = unit // (out_channels // groups)
    return range(group * size, (group + 1) * size)
