"""The input positions that a unit reads along one axis: a layer's contribution to receptive fields.

Unit `o` of the output reads `reads(o)`, a range of input positions (outside the map: padding); unit `o + period` reads
the same range shifted by `shift`. `archcalc.analysis.receptive_field` composes windows along the paths of a network.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd
from typing import Protocol

CAUSAL = "causal: up to its own position"
"""What else there is to say of a field that is the whole input, where each position reads those up to its own."""


class ReceptiveWindow(Protocol):
    """The input positions that a unit reads along one axis."""

    @property
    def period(self) -> int:
        """Units after which the input positions repeat, shifted."""

    @property
    def shift(self) -> int:
        """Input positions by which they are shifted after a period."""

    def reads(self, unit: int) -> range:
        """The input positions of a unit, counted from 0; positions outside the map are padding."""


@dataclass(frozen=True)
class Shift(ReceptiveWindow):
    """Unit `o` reads the one position `o + by`: padding and cropping."""

    by: int

    @property
    def period(self) -> int:
        return 1

    @property
    def shift(self) -> int:
        return 1

    def reads(self, unit: int) -> range:
        return range(unit + self.by, unit + self.by + 1)


@dataclass(frozen=True)
class TransposedWindow(ReceptiveWindow):
    """Position `i` is written to units `i·stride − before + j·dilation`, j < kernel, as in a transposed convolution."""

    kernel: int
    stride: int
    before: int
    dilation: int = 1

    @property
    def period(self) -> int:
        return self.stride

    @property
    def shift(self) -> int:
        return 1

    def reads(self, unit: int) -> range:
        """Those i for which (unit + before − i·stride) / dilation is an integer from 0 to kernel − 1."""
        position, stride, dilation = unit + self.before, self.stride, self.dilation
        common = gcd(stride, dilation)
        if position % common:
            return range(0)
        first = -(-(position - dilation * (self.kernel - 1)) // stride)
        step = dilation // common
        # i·stride ≡ position modulo dilation; divided by what all three have in common, stride has an inverse.
        remainder = position // common * pow(stride // common, -1, step) % step
        return range(first + (remainder - first) % step, position // stride + 1, step)


@dataclass(frozen=True)
class InterpolationWindow(ReceptiveWindow):
    """Interpolation from `size` to `out` positions.

    The centre of unit `o` is at (o + ½)·size/out − ½, or with `corners` at o·(size − 1)/(out − 1). `nearest` reads the
    one position ⌊o·size/out⌋, linear interpolation the one or two around the centre.
    """

    size: int
    out: int
    nearest: bool
    corners: bool = False

    @property
    def _steps(self) -> tuple[int, int]:
        return (self.size - 1, max(self.out - 1, 1)) if self.corners else (self.size, self.out)

    @property
    def period(self) -> int:
        size, out = self._steps
        return out // gcd(size, out)

    @property
    def shift(self) -> int:
        size, out = self._steps
        return size // gcd(size, out)

    def reads(self, unit: int) -> range:
        size, out = self._steps
        if self.nearest:
            first = unit * size // out
            return range(first, first + 1)
        top, bottom = (unit * size, out) if self.corners else ((2 * unit + 1) * size - out, 2 * out)
        return range(top // bottom, -(-top // bottom) + 1)


@dataclass(frozen=True)
class PartitionWindow(ReceptiveWindow):
    """An axis of `size` positions cut into windows, of which a unit reads its own: borders are at by, by + window, …

    A window that is the whole axis is not shifted.
    """

    size: int
    window: int
    by: int

    @property
    def period(self) -> int:
        return self.window

    @property
    def shift(self) -> int:
        return self.window

    def reads(self, unit: int) -> range:
        by = self.by if self.window < self.size else 0
        first = (unit - by) // self.window * self.window + by
        return range(first, first + self.window)


@dataclass(frozen=True)
class GridWindow(ReceptiveWindow):
    """An axis of `size` positions, of which a unit reads `count`: those size/count, 2·size/count … from it."""

    size: int
    count: int

    @property
    def period(self) -> int:
        return self.size

    @property
    def shift(self) -> int:
        return self.size

    def reads(self, unit: int) -> range:
        start = unit // self.size * self.size
        step = self.size // self.count
        return range(start + unit % step, start + self.size, step)


@dataclass(frozen=True)
class AdaptiveWindow(ReceptiveWindow):
    """Adaptive pooling: unit `o` of `out` reads positions ⌊o·size/out⌋ … ⌈(o + 1)·size/out⌉ − 1."""

    size: int
    out: int

    @property
    def period(self) -> int:
        return self.out // gcd(self.size, self.out)

    @property
    def shift(self) -> int:
        return self.size // gcd(self.size, self.out)

    def reads(self, unit: int) -> range:
        return range(unit * self.size // self.out, -(-(unit + 1) * self.size // self.out))
