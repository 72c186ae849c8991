"""What the checks between layers (unpooling, tied weights) need of the walk, as a type."""

from __future__ import annotations

from typing import Protocol

from archcalc.analysis.counts import LayerCounts
from archcalc.graph import Graph, Node
from archcalc.layers._base import Requirement


class Walker(Protocol):
    """A walk over a graph: the counts so far, and how requirements are tested and problems reported."""

    @property
    def graph(self) -> Graph:
        """The graph that is walked."""

    @property
    def counts(self) -> list[LayerCounts | None]:
        """The counts of the layers walked so far, in order; None where a problem prevents them."""

    def is_satisfied(self, requirement: Requirement) -> bool:
        """Whether a requirement is met; over variants True, with a mask of the variants in which it is."""

    def problem(self, node: Node, code: str, message: str, *details: str, key: str = "") -> None:
        """Report a problem of a layer, at the value of its `key` or at the whole entry."""
