"""A sigmoid of straight pieces."""

from __future__ import annotations

from typing import Any, ClassVar

from archcalc.layers._elementwise import Elementwise


class Hardsigmoid(Elementwise):
    """Compute relu6(x + 3) / 6, a sigmoid of three straight pieces.

    Counts
        One addition, two comparisons and one division per value; it may overwrite its input.

    Sources
        Howard et al. 2019, "Searching for MobileNetV3", §5.2.
    """

    summary: ClassVar[str] = "min(max(0, x + 3), 6) / 6"
    example: ClassVar[dict[str, Any]] = {"inputs": [[72, 1, 1]], "fields": {}}
    saved_for_backward: ClassVar[tuple[str, ...]] = ("output",)
    steps: ClassVar[dict[str, int]] = {"additions": 1, "comparisons": 2, "divisions": 1}
