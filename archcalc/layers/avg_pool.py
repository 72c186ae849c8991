"""Average pooling."""

from __future__ import annotations

from typing import Any, ClassVar

from archcalc.layers._base import Tallies, Volume
from archcalc.layers._pool import Pool
from archcalc.layers._window import area


class AvgPool(Pool):
    """Take the mean of each window, map by map.

    `count_include_pad` divides by the whole window also where it covers padding; without it, by the positions of the
    map only. `ceil_mode` rounds the output size up by PyTorch's rule.

    Counts
        k·k − 1 additions and one division per output, padding included; no parameters, no multiply-adds.

    Sources
        LeCun et al. 1989, "Backpropagation applied to handwritten zip code recognition". Lin, Chen & Yan 2013,
        "Network in network".
    """

    summary: ClassVar[str] = "mean of each window"
    family: ClassVar[str] = "pooling"
    example: ClassVar[dict[str, Any]] = {"inputs": [[1024, 7, 7]], "fields": {"kernel_size": 7, "stride": 1}}

    count_include_pad: bool = True

    def tallies(self, y: Volume, x: Volume) -> Tallies:
        return {"additions": y.elements * (area(self.windows(x)) - 1), "divisions": y.elements}
