"""A swish of straight pieces."""

from __future__ import annotations

from typing import Any, ClassVar

from archcalc.layers._elementwise import Elementwise


class Hardswish(Elementwise):
    """Compute x·relu6(x + 3) / 6, where swish multiplies by a sigmoid.

    Counts
        One addition, two comparisons, one multiplication and one division per value; it may overwrite its input, unless
        its gradient needs that.

    Sources
        Howard et al. 2019, "Searching for MobileNetV3", §5.2.
    """

    summary: ClassVar[str] = "x·min(max(0, x + 3), 6) / 6"
    example: ClassVar[dict[str, Any]] = {"inputs": [[16, 112, 112]], "fields": {}}
    saved_for_backward: ClassVar[tuple[str, ...]] = ("inputs",)
    steps: ClassVar[dict[str, int]] = {"additions": 1, "comparisons": 2, "multiplications": 1, "divisions": 1}
