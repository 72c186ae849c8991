"""The search: a base and up to three amounts that add up to the target.

It looks amounts up rather than trying every combination: of two, the second is what is missing; of three, the third.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import product
from math import comb

from archcalc.claims.diagnosis.deltas import WHOLE, Change, Deltas
from archcalc.claims.diagnosis.targets import Target

MOST_HITS = 200
"""Hits that are kept of one depth; where there are more, none of them says anything."""
MOST_CHOICES = 6


class SubsetSums:
    """The amounts of one base, sorted, with what it takes to look sums of them up."""

    def __init__(self, total: int, made: Callable[[], Deltas]) -> None:
        self.total = total
        self._made = made

    @cached_property
    def deltas(self) -> Deltas:
        """The amounts and what they come from, worked out when a depth asks for them."""
        return self._made()

    @cached_property
    def amounts(self) -> list[int]:
        """All amounts in order."""
        return sorted(self.deltas.changes)

    def reach(self, target: Target, depth: int) -> Iterator[tuple[int, ...]]:
        """The combinations of exactly `depth` amounts that lead from the total into the target."""
        low, high = target.low - self.total, target.high - self.total
        if depth == 0:
            if low <= 0 <= high:
                yield ()
        elif depth == 1:
            yield from ((amount,) for amount in self.between(low, high))
        elif depth == 2:
            for first in self.amounts:
                yield from ((first, other) for other in self.between(low - first, high - first) if other >= first)
        elif low == high:
            yield from self._three_exact(low)
        else:
            for at, first in enumerate(self.amounts):
                for second in self.amounts[at:]:
                    rest = self.between(low - first - second, high - first - second)
                    yield from ((first, second, third) for third in rest if third >= second)

    def _three_exact(self, wanted: int) -> Iterator[tuple[int, ...]]:
        amounts, known = self.amounts, self.deltas.changes
        most = max(amounts, default=0)
        for at, first in enumerate(amounts):
            rest = wanted - first
            if not 2 * first <= rest <= 2 * most:
                continue  # the other two are no smaller than the first
            # The second is at most half of what is left, and leaves no more than the largest amount.
            start = max(at, bisect_left(amounts, rest - most))
            for second in amounts[start : bisect_right(amounts, rest // 2)]:
                if rest - second in known:
                    yield first, second, rest - second

    def between(self, low: int, high: int) -> list[int]:
        """The amounts from `low` to `high`."""
        if low == high:
            return [low] if low in self.deltas.changes else []
        return self.amounts[bisect_left(self.amounts, low) : bisect_right(self.amounts, high)]

    def tries(self, target: Target, depth: int) -> float:
        """Expected chance hits of this search: combinations whose sum lies near the target, times its width.

        Near is within a quarter of the target's size; of two and more amounts a fixed sample is measured.
        """
        value = max(abs(target.low), 1)
        low, high = target.low - value / 4 - self.total, target.low + value / 4 - self.total
        if not depth:
            return float(low <= 0 <= high) * target.width / (value / 2 + 1)
        ways = comb(len(self.amounts) + depth - 1, depth)
        share = _share(self.amounts, depth, low, high)
        return ways * share * target.width / (value / 2 + 1)


def _share(amounts: list[int], depth: int, low: float, high: float) -> float:
    """The share of the combinations of `depth` amounts whose sum lies between two bounds."""
    if not amounts:
        return 0.0
    if depth == 1:
        return (bisect_right(amounts, high) - bisect_left(amounts, low)) / len(amounts)
    # Evenly spaced through the sorted amounts: a sample that is the same in every run.
    step = max(1, len(amounts) // (40 if depth == 2 else 12))
    sample = amounts[step // 2 :: step]
    inside = [low <= sum(some) <= high for some in product(sample, repeat=depth)]
    return max(sum(inside), 1) / len(inside)


def described(deltas: Deltas, amounts: tuple[int, ...]) -> list[tuple[Change, ...]]:
    """The confusions behind the amounts that do not get into each other's way, the most usual first."""
    choices = [deltas.changes[amount] for amount in amounts]
    found: list[tuple[Change, ...]] = []
    for changes in product(*(choice[:MOST_CHOICES] for choice in choices)):
        if not _collide(changes) and not any(set(changes) == set(other) for other in found):
            found.append(changes)
            if len(found) >= MOST_CHOICES:
                break
    return found


def _collide(changes: tuple[Change, ...]) -> bool:
    """Two of the confusions change the same count of a layer, or one changes a layer that another leaves out."""
    for at, one in enumerate(changes):
        for other in changes[at + 1 :]:
            if one.touches & other.touches:
                return True
            wholes = {layer for layer, part in one.touches | other.touches if part == WHOLE}
            if wholes and {layer for layer, _ in one.touches} & {layer for layer, _ in other.touches} & wholes:
                return True
    return False
