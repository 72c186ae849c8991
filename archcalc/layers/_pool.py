"""The base class of pooling layers: a window without weights."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from archcalc.arithmetic.term import Number, maximum, product
from archcalc.layers._base import Layer, Requirement, Volume
from archcalc.layers._fields import DefaultsTo, Padding, Rewrite, Symbol
from archcalc.layers._miscount import Miscount
from archcalc.layers._window import UNPADDED, KernelSize, Stride, Window, area, filter_weights, per_axis_requirements, windows


class Pool(Layer):
    """A window over each map separately; the stride defaults to the size of the window."""

    kernel_size: KernelSize
    stride: Annotated[Stride | None, DefaultsTo("kernel_size")] = None
    padding: Annotated[Padding, Symbol("p", "positions"), UNPADDED] = 0
    ceil_mode: Annotated[bool, Rewrite("sizes rounded up, not down", True), Rewrite("sizes rounded down, not up", False)] = (
        False
    )

    def windows(self, x: Volume) -> tuple[Window, ...]:
        """The window along each spatial axis."""
        return windows(x, self.kernel_size, self.effective("stride"), self.padding)

    @property
    def rounds_up(self) -> bool:
        return self.ceil_mode

    def output(self, x: Volume) -> Volume:
        axes = zip(self.windows(x), x.spatial, strict=True)
        if self.ceil_mode:
            return Volume((x.channels, *(window.output_rounded_up(size) for window, size in axes)))
        return Volume((x.channels, *(window.output(size) for window, size in axes)))

    def requirements(self, x: Volume) -> Iterable[Requirement]:
        yield from per_axis_requirements(x, kernel_size=self.kernel_size, stride=self.stride, padding=self.padding)
        for window, size in zip(self.windows(x), x.spatial, strict=False):
            padded = size + window.padding
            if not self.ceil_mode:  # rounded up, a window may extend over the border
                yield Requirement(window.last_tap + 1, "<=", padded, "the window must fit into the padded map")
            if not isinstance(self.padding, str):
                larger = maximum(window.before, window.padding - window.before)
                yield Requirement(2 * larger, "<=", window.kernel, "padding must be at most half of kernel_size")

    def taps(self, y: Volume, x: Volume) -> Number:
        return y.elements * area(self.windows(x))

    def miscounts(self, y: Volume, x: Volume) -> Iterable[Miscount]:
        taps = area(self.windows(x))
        per_map = {
            "convolution": filter_weights(taps, x.channels, 1),
            "depthwise convolution": filter_weights(taps, 1, 1),
        }
        for kind, filter_size in per_map.items():
            weights = y.channels * filter_size
            counts = {
                "weights": weights,
                "mult_adds": product(y.spatial) * weights,
                "connections": product(y.spatial) * weights,
            }
            yield Miscount(f"charged as a {kind} without bias", counts)
            yield Miscount(
                f"charged as a {kind} with bias",
                counts | {"biases": y.channels, "connections": product(y.spatial) * (weights + y.channels)},
            )
        if not self.has_neurons:
            yield Miscount("counted as neurons", {"neurons": y.elements})

    def receptive_window(self, x: Volume) -> tuple[Window, ...]:
        return self.windows(x)
