"""Common miscounts of a layer: the counts of a person who takes it for something else.

A kind lists its miscounts, computed by the same rules as its own counts.
"""

from __future__ import annotations

from typing import NamedTuple

from archcalc.arithmetic.term import Number


class Miscount(NamedTuple):
    """A common miscount of a layer.

    `name` completes «pool2 …» and «… in all of them», and is the same for every layer to which it applies.
    `counts` contains what changes: weights, biases, trainable, connections, mult_adds, neurons.
    """

    name: str
    counts: dict[str, Number]
