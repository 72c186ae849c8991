"""Operations under a convention: a convention is data that weighs what a layer tallies."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cache

from archcalc.analysis.counts import LayerCounts
from archcalc.analysis.quantities import quantity
from archcalc.arithmetic.term import Number, sum_
from archcalc.errors import call_error, suggest

_FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "conventions")


@dataclass(frozen=True)
class Convention:
    """How one tool or paper counts: for each kind, or by `default`, a weight per tally or quantity.

    What may be weighed besides a kind's own tallies stands in `archcalc.analysis.quantities`. `other` weighs every
    tally not named. `unmeasured` are kinds of which nobody knows how the tool counts them.
    """

    name: str
    unit: str
    about: str
    default: dict[str, int]
    kinds: dict[str, dict[str, int]] = field(default_factory=dict)
    source: str = ""
    unmeasured: tuple[str, ...] | list[str] = ()

    def parts(self, op: str, counts: LayerCounts) -> list[tuple[int, str, Number]]:
        """What is counted of a layer: weight, name and number of each summand."""
        weights = self.kinds.get(op, self.default)
        found = {name: weight for name, weight in weights.items() if name != "other"}
        other = weights.get("other", 0)
        found |= {name: other for name in counts.tallies if name not in found and other}
        return [(weight, name, quantity(counts, name)) for name, weight in found.items()]

    def count(self, op: str, counts: LayerCounts) -> Number:
        """Operations of a layer."""
        return sum_(weight * number for weight, _, number in self.parts(op, counts))


def conventions() -> list[str]:
    """The names of all conventions."""
    return sorted(name.removesuffix(".yaml") for name in os.listdir(_FOLDER) if name.endswith(".yaml"))


@cache
def convention(name: str) -> Convention:
    """The convention of that name."""
    if name not in conventions():
        raise call_error("ARC150", f"there is no convention {name}", suggest(name, conventions()))
    from archcalc.description.source import plain_data

    return Convention(**plain_data(os.path.join(_FOLDER, f"{name}.yaml")))
