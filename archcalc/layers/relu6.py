"""The rectified linear unit with a ceiling."""

from __future__ import annotations

from typing import Any, ClassVar

from archcalc.layers._elementwise import Elementwise


class Relu6(Elementwise):
    """Limit each value to the range from 0 to 6: min(max(0, x), 6).

    Counts
        Two comparisons per value; it may overwrite its input.

    Sources
        Krizhevsky 2010, "Convolutional deep belief networks on CIFAR-10". Sandler et al. 2018, "MobileNetV2", §4.
    """

    summary: ClassVar[str] = "min(max(0, x), 6)"
    example: ClassVar[dict[str, Any]] = {"inputs": [[32, 112, 112]], "fields": {}}
    saved_for_backward: ClassVar[tuple[str, ...]] = ("output",)
    steps: ClassVar[dict[str, int]] = {"comparisons": 2}
