"""Max pooling."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from archcalc.layers._base import Requirement, Tallies, Volume
from archcalc.layers._pool import Pool
from archcalc.layers._window import Dilation, Window, area, per_axis_requirements, windows


class MaxPool(Pool):
    """Keep the largest value of each window, map by map.

    `ceil_mode` rounds the output size up by PyTorch's rule: a last window that extends over the border is kept if it
    begins inside the map or its left padding. Caffe's rounding differs only where the stride exceeds the window.

    Counts
        k·k − 1 comparisons per output, those with padding included; no parameters, no multiply-adds.

    Sources
        Ranzato, Huang, Boureau & LeCun 2007. Krizhevsky, Sutskever & Hinton 2012, §3.4 (overlapping pooling).
    """

    summary: ClassVar[str] = "largest value of each window"
    family: ClassVar[str] = "pooling"
    example: ClassVar[dict[str, Any]] = {
        "inputs": [[64, 112, 112]],
        "fields": {"kernel_size": 3, "stride": 2, "ceil_mode": True},
    }
    saved_for_backward: ClassVar[tuple[str, ...]] = ("indices",)

    returns_indices: ClassVar[bool] = True

    dilation: Dilation = 1

    def windows(self, x: Volume) -> tuple[Window, ...]:
        return windows(x, self.kernel_size, self.effective("stride"), self.padding, self.dilation)

    def requirements(self, x: Volume) -> Iterable[Requirement]:
        yield from super().requirements(x)
        yield from per_axis_requirements(x, dilation=self.dilation)

    def tallies(self, y: Volume, x: Volume) -> Tallies:
        return {"comparisons": y.elements * (area(self.windows(x)) - 1)}
