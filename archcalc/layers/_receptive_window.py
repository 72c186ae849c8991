"""Which positions of its input a unit reads, along one axis: what a layer adds to a receptive field.

Unit `o` of the output reads `reads(o)`, a range of input positions (outside the map: padding). `period` units further
on it reads `shift` positions further on, for all units alike. How reaches compose along the paths of a network is
`archcalc.analysis.receptive_field.fields`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd
from typing import Protocol


class ReceptiveWindow(Protocol):
    """What a unit reads along one axis."""

    @property
    def period(self) -> int: ...

    @property
    def shift(self) -> int: ...

    def reads(self, unit: int) -> range: ...


@dataclass(frozen=True)
class Shift:
    """Unit `o` reads the one position `o + by`: padding and cropping."""

    by: int
    period: int = 1
    shift: int = 1

    def reads(self, unit: int) -> range:
        return range(unit + self.by, unit + self.by + 1)


@dataclass(frozen=True)
class TransposedWindow:
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
        """Those i for which (unit + before − i·stride) / dilation is whole and one of 0 … kernel − 1."""
        at, stride, dilation = unit + self.before, self.stride, self.dilation
        step = dilation // gcd(stride, dilation)
        first = -(-(at - dilation * (self.kernel - 1)) // stride)
        last = at // stride
        for start in range(first, min(first + step, last + 1)):
            if (at - start * stride) % dilation == 0:
                return range(start, last + 1, step)
        return range(0)


@dataclass(frozen=True)
class InterpolationWindow:
    """Interpolation from `size` to `out` positions.

    Unit `o` looks at (o + ½)·size/out − ½, or with `corners` at o·(size − 1)/(out − 1). `nearest` takes the one
    position ⌊o·size/out⌋, linear interpolation the one or two around the place it looks at.
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
class AdaptiveWindow:
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
