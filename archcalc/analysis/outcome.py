"""What the walk knows of a layer after it was computed, or refused."""

from __future__ import annotations

from typing import NamedTuple

from archcalc.analysis.counts import LayerCounts
from archcalc.description.operators import ExpressionError
from archcalc.layers._base import Volume


class Outcome(NamedTuple):
    """What a layer comes to: its counts, None after a problem; and its output, as far as it is known."""

    counts: LayerCounts | None
    output: Volume | None


NOTHING = Outcome(None, None)


class UnknownChannels(ExpressionError):
    """An expression needs channels that an earlier problem hides: its field is not checked."""
