"""The multiply-adds of the backward pass of one layer."""

from __future__ import annotations

from typing import NamedTuple

from archcalc.arithmetic.term import Number


class Gradients(NamedTuple):
    """Multiply-adds of the gradients of one layer.

    `within` are those inside the layer, from its output back to the first of its products: the gradients to its inputs
    and to its weights both need them, and they are computed once.
    """

    within: Number
    to_inputs: Number
    to_weights: Number
