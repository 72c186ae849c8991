"""How people miscount a layer: counts as somebody would get them who took it for something else.

A kind lists the confusions that it invites, made from the same rules by which it counts itself.
"""

from __future__ import annotations

from typing import NamedTuple

from archcalc.arithmetic.term import Number


class Miscount(NamedTuple):
    """One way to miscount a layer.

    `name` completes «pool2 …» and «… in all of them», and is the same for every layer in which it can happen.
    `counts` holds what changes: weights, biases, trainable, connections, mult_adds, neurons.
    """

    name: str
    counts: dict[str, Number]
