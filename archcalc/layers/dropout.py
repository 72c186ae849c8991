"""Dropout."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from archcalc.layers._base import Layer
from archcalc.layers._fields import Letter, UnitInterval


class Dropout(Layer):
    """Set each value to zero with probability `p` in training; at inference the identity.

    Counts
        Nothing at inference, to which the tallies refer; it may overwrite its input.

    Sources
        Hinton et al. 2012, arXiv 1207.0580. Krizhevsky, Sutskever & Hinton 2012, §4.2.
    """

    summary: ClassVar[str] = "random zeros in training"
    example: ClassVar[dict[str, Any]] = {"inputs": [[4096]], "fields": {"p": 0.5}}
    saved_for_backward: ClassVar[tuple[str, ...]] = ("mask",)
    in_place: ClassVar[bool] = True
    is_view: ClassVar[bool] = True

    p: Annotated[UnitInterval, Letter("p")] = 0.5
