"""Convolution."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Annotated, Any, ClassVar, Literal

from archcalc.arithmetic.term import Number, exact_div, product, sum_
from archcalc.layers._base import Layer, Requirement, Tallies, Volume
from archcalc.layers._fields import ConnectionTable, Count, Padding, Role, Symbol
from archcalc.layers._miscount import Miscount
from archcalc.layers._window import (
    UNPADDED,
    Dilation,
    Groups,
    KernelSize,
    Stride,
    Window,
    area,
    filter_weights,
    group_channels,
    per_axis_requirements,
    windows,
)


class Conv(Layer):
    """Slide `out_channels` filters over a C×H×W map; with 1, 2 or 3 spatial axes.

    Each filter covers all input channels, or with `groups` those of its group; `groups` equal to the
    input channels is the depthwise convolution. `connections` lists for each output map the input maps it reads,
    counted from 0, as in LeNet-5; `out_channels` is then the number of rows.

    `padding_mode` is what the padding contains: zeros, the map mirrored at its border (`reflect`), its border
    (`replicate`), or its other end (`circular`). All count alike. A receptive field extends into the padding as it does
    into zeros, though a unit at the border then reads other positions of the map.

    Counts
        A multiply-add is one weight times one input, added to a sum: one per weight of the filter for each output, taps in
        the padding included. Adding the bias is one addition per output and no multiply-add.

    Sources
        LeCun, Bottou, Bengio & Haffner 1998, "Gradient-based learning applied to document recognition", §II.B and
        table I (the partial connection table). Krizhevsky, Sutskever & Hinton 2012, §3.2 and §3.5 (groups).
        Howard et al. 2017, "MobileNets", §3.1 (depthwise convolution). Dumoulin & Visin 2016, arXiv 1603.07285,
        relations 6 and 15 (output size).
    """

    summary: ClassVar[str] = "convolution; groups, depthwise, dilation, partial connections"
    family: ClassVar[str] = "convolution"
    example: ClassVar[dict[str, Any]] = {
        "inputs": [[3, 227, 227]],
        "fields": {"out_channels": 96, "kernel_size": 11, "stride": 4},
    }
    saved_for_weight_gradient: ClassVar[tuple[str, ...]] = ("inputs",)
    has_neurons: ClassVar[bool] = True
    counts_in_depth: ClassVar[bool] = True

    out_channels: Annotated[Count | None, Symbol("C_out", "maps")] = None
    kernel_size: KernelSize
    stride: Stride = 1
    padding: Annotated[Padding, Symbol("p", "positions"), UNPADDED] = 0
    dilation: Dilation = 1
    groups: Groups = 1
    bias: bool = True
    connections: Annotated[ConnectionTable | None, Role.CONNECTIONS] = None
    padding_mode: Literal["zeros", "reflect", "replicate", "circular"] = "zeros"

    @property
    def maps(self) -> Number:
        """The number of output maps; 0 where no field defines it, which a requirement refuses."""
        if self.connections is not None:
            return len(self.connections)
        return 0 if self.out_channels is None else self.out_channels

    @property
    def fans(self) -> list[tuple[int, int]]:
        """The connection table as fan-in: pairs of a number of input maps and the number of output maps that read so many."""
        return sorted(Counter(map(len, self.connections or ())).items())

    def windows(self, x: Volume) -> tuple[Window, ...]:
        """The window along each spatial axis."""
        return windows(x, self.kernel_size, self.stride, self.padding, self.dilation)

    def output(self, x: Volume) -> Volume:
        sizes = (window.output(size) for window, size in zip(self.windows(x), x.spatial, strict=True))
        return Volume((self.maps, *sizes))

    def requirements(self, x: Volume) -> Iterable[Requirement]:
        yield from per_axis_requirements(
            x, kernel_size=self.kernel_size, stride=self.stride, padding=self.padding, dilation=self.dilation
        )
        yield from self._padding_requirements(x)
        if self.connections is None:
            is_defined = int(self.out_channels is not None)
            yield Requirement(is_defined, "==", 1, "out_channels or connections must be given")
            yield Requirement(self.groups, "divides", x.channels, "groups must divide in_channels")
            yield Requirement(self.groups, "divides", self.maps, "groups must divide out_channels")
        else:
            yield Requirement(self.groups, "==", 1, "connections cannot be combined with groups")
            if self.out_channels is not None:
                yield Requirement(self.out_channels, "==", self.maps, "out_channels must be the number of rows of connections")
            highest = max(map(max, self.connections)) + 1
            yield Requirement(highest, "<=", x.channels, "connections must name input maps that exist, counted from 0")

    def _padding_requirements(self, x: Volume) -> Iterable[Requirement]:
        """What is copied into the padding must be there."""
        for size, window in zip(x.spatial, self.windows(x), strict=False):
            for side in (window.before, window.padding - window.before):
                if self.padding_mode == "reflect":
                    yield Requirement(side + 1, "<=", size, "padding_mode reflect needs a padding smaller than the map")
                elif self.padding_mode == "circular":
                    yield Requirement(side, "<=", size, "padding_mode circular needs a padding no larger than the map")

    def weights(self, x: Volume) -> Number:
        return self._filters(x, 0)

    def input_channels_of(self, unit: int, x: Volume) -> Iterable[int] | None:
        if self.connections is not None:
            return self.connections[unit]
        return group_channels(unit, self.maps, x.channels, self.groups) if self.groups > 1 else None

    def weight_shapes(self, x: Volume) -> tuple[tuple[Number, ...], ...]:
        kernel = tuple(window.kernel for window in self.windows(x))
        if self.connections is not None:
            return tuple((1, len(row), *kernel) for row in self.connections)
        return ((self.maps, exact_div(x.channels, self.groups), *kernel),)

    def biases(self, x: Volume) -> Number:
        return self.maps if self.bias else 0

    def params(self, x: Volume) -> Number:
        return self._filters(x, 1 if self.bias else 0)

    def _filters(self, x: Volume, bias: int) -> Number:
        """Weights of all filters, with `bias` more numbers in each filter."""
        taps = area(self.windows(x))
        if self.connections is not None:
            return sum_(maps * (taps * fan + bias) for fan, maps in self.fans)
        return self.out_channels * (filter_weights(taps, x.channels, self.groups) + bias)

    def connection_count(self, y: Volume, x: Volume) -> Number:
        return product(y.spatial) * self.params(x)

    def taps(self, y: Volume, x: Volume) -> Number:
        return y.elements * area(self.windows(x))

    def multiply_adds(self, y: Volume, x: Volume) -> Number:
        return product(y.spatial) * self.weights(x)

    def tallies(self, y: Volume, x: Volume) -> Tallies:
        return {"multiply_adds": self.multiply_adds(y, x), "additions": y.elements if self.bias else 0}

    def miscounts(self, y: Volume, x: Volume) -> Iterable[Miscount]:
        if self.groups > 1:
            full = "depthwise counted as a full convolution" if self.groups == x.channels else "groups ignored"
            yield self.miscounted_as(full, y, x, groups=1)
        if self.connections is not None:
            yield self.miscounted_as("connection table ignored", y, x, connections=None, out_channels=self.maps)
        yield self.miscounted_as("bias left out" if self.bias else "bias added", y, x, bias=not self.bias)
        if x.spatial != y.spatial:
            positions = product(x.spatial)
            yield Miscount(
                "input side taken for the output side",
                {"mult_adds": positions * self.weights(x), "connections": positions * self.params(x)},
            )
        if any(window.last_tap + 1 != window.kernel for window in self.windows(x)):
            extents = tuple(window.last_tap + 1 for window in self.windows(x))
            yield self.miscounted_as("dilation taken into the kernel", y, x, kernel_size=extents, dilation=1)

    def receptive_window(self, x: Volume) -> tuple[Window, ...]:
        return self.windows(x)
