"""The identity."""

from __future__ import annotations

from typing import Any, ClassVar

from archcalc.layers._base import Layer


class Identity(Layer):
    """Return the input unchanged: to name a volume, or to draw an identity shortcut.

    Counts
        Nothing; it is a view of its input.

    Sources
        He, Zhang, Ren & Sun 2015, "Deep residual learning", §3.2 (identity shortcuts).
    """

    summary: ClassVar[str] = "the input, unchanged"
    example: ClassVar[dict[str, Any]] = {"inputs": [[64, 56, 56]], "fields": {}}
    in_place: ClassVar[bool] = True
    is_view: ClassVar[bool] = True
