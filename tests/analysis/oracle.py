"""A receptive field by brute force: the set of input positions that one unit reads, layer by layer, along one axis.

Nothing here composes sizes or strides. A layer is only what the operation itself says: which positions of its input
unit u reads. Positions outside a map stand for padding and are followed like all others, as Araujo, Norris & Sim 2019
do; zeros between the values of a transposed convolution are read by nobody.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache
from math import ceil, floor
from typing import Any

Reads = Callable[[int], frozenset[int]]


def convolution(k: int, s: int, before: int, d: int) -> Reads:
    """Unit u adds up taps at u·s − before + j·d."""
    return lambda u: frozenset(u * s - before + j * d for j in range(k))


def transposed(k: int, s: int, before: int, d: int = 1) -> Reads:
    """Position i writes to i·s − before + j·d: unit u reads every i that writes to it."""

    def reads(u: int) -> frozenset[int]:
        around = range((u + before) // s - k * d - 2, (u + before) // s + k * d + 3)
        return frozenset(i for i in around for j in range(k) if i * s - before + j * d == u)

    return reads


def nearest(size: int, out: int) -> Reads:
    return lambda u: frozenset({floor(Fraction(u * size, out))})


def linear(size: int, out: int, corners: bool) -> Reads:
    """The neighbours of the place that unit u looks at, those with a weight above 0."""

    def reads(u: int) -> frozenset[int]:
        place = Fraction(u * (size - 1), max(out - 1, 1)) if corners else ((u + Fraction(1, 2)) * size / out - Fraction(1, 2))
        return frozenset({floor(place), ceil(place)})

    return reads


def adaptive(size: int, out: int) -> Reads:
    return lambda u: frozenset(range(floor(Fraction(u * size, out)), ceil(Fraction((u + 1) * size, out))))


def shifted(by: int) -> Reads:
    return lambda u: frozenset({u + by})


class Unit:
    """Index sets through a network: node → what it reads along one axis, and from which nodes (−1 is the input)."""

    def __init__(self) -> None:
        self.nodes: list[tuple[list[int], Reads | None]] = []
        self.sees = cache(self._sees)

    def add(self, sources: list[int], reads: Reads | None) -> int:
        self.nodes.append((sources, reads))
        return len(self.nodes) - 1

    def _sees(self, node: int, unit: int) -> frozenset[int]:
        if node < 0:
            return frozenset({unit})
        sources, reads = self.nodes[node]
        units = reads(unit) if reads else frozenset({unit})
        return frozenset().union(*(self.sees(source, one) for source in sources for one in units))

    def box(self, node: int, unit: int) -> tuple[int, int] | None:
        """First and last position a unit sees; None if it sees nothing."""
        seen: Any = self.sees(node, unit)
        return (min(seen), max(seen)) if seen else None
