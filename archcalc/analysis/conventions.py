"""Operations under a convention: a convention is data, a weight for each tally of a layer."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cache

from archcalc.analysis.counts import LayerCounts
from archcalc.analysis.quantities import quantity
from archcalc.arithmetic.term import Number, sum_
from archcalc.errors import call_error
from archcalc.suggestions import suggest

_FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "conventions")


@dataclass(frozen=True)
class Convention:
    """How one tool or paper counts: for each kind, or by `default`, a weight per tally or quantity.

    What may have a weight besides a kind's own tallies is listed in `archcalc.analysis.quantities`. `other` is the weight
    of every tally not named. Without a `default`, a kind that is neither in `kinds` nor in `nothing`, which were measured
    to count nothing, is not known; with one, those named in `unmeasured` are not. What is not known counts as 0.
    """

    name: str
    unit: str
    about: str
    default: dict[str, int]
    kinds: dict[str, dict[str, int]] = field(default_factory=dict)
    source: str = ""
    nothing: tuple[str, ...] | list[str] = ()
    unmeasured: tuple[str, ...] | list[str] = ()

    def is_known(self, op: str) -> bool:
        """Whether it has been measured, or follows from its definition, how the layers of a kind are counted."""
        return op in self.kinds or op in self.nothing or (bool(self.default) and op not in self.unmeasured)

    def parts(self, op: str, counts: LayerCounts) -> list[tuple[int, str, Number]]:
        """The summands of a layer's operations: weight, name and count of each; none of a kind that is not known."""
        weights = self.kinds.get(op, self.default if self.is_known(op) else {})
        named = {name: weight for name, weight in weights.items() if name != "other"}
        other = weights.get("other", 0)
        named |= {name: other for name in counts.tallies if name not in named and other}
        return [(weight, name, quantity(counts, name)) for name, weight in named.items()]

    def count(self, op: str, counts: LayerCounts) -> Number:
        """Operations of a layer of kind `op`, in the convention's unit."""
        return sum_(weight * number for weight, _, number in self.parts(op, counts))


def conventions() -> list[str]:
    """The names of all conventions."""
    return sorted(name.removesuffix(".yaml") for name in os.listdir(_FOLDER) if name.endswith(".yaml"))


@cache
def convention(name: str) -> Convention:
    """The convention with a name. Raises `DescriptionError`, with a suggestion, if there is none."""
    if name not in conventions():
        raise call_error("ARC150", f"there is no convention {name}", suggest(name, conventions()))
    from archcalc.description.source import plain_data

    return Convention(**plain_data(os.path.join(_FOLDER, f"{name}.yaml")))
