"""The rectified linear unit."""

from __future__ import annotations

from typing import Any, ClassVar

from archcalc.layers._elementwise import Elementwise


class Relu(Elementwise):
    """Replace each negative value by zero: max(0, x).

    Counts
        One comparison per value; it may overwrite its input, so that its output takes no memory of its own.

    Sources
        Nair & Hinton 2010. Krizhevsky, Sutskever & Hinton 2012, §3.1.
    """

    summary: ClassVar[str] = "max(0, x)"
    example: ClassVar[dict[str, Any]] = {"inputs": [[64, 224, 224]], "fields": {}}
    saved_for_backward: ClassVar[tuple[str, ...]] = ("output",)
    steps: ClassVar[dict[str, int]] = {"comparisons": 1}
