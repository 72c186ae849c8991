"""The search for up to three differences that lead from a total to a target: subset sums.

The last difference of two or three is looked up, instead of trying every combination.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import combinations, product
from math import comb

from archcalc.claims.diagnosis.deltas import WHOLE, Confusion, Deltas
from archcalc.claims.diagnosis.targets import Target

MAX_HITS = 200
"""Hits of one depth that are returned; where there are more, none of them is significant."""
MAX_CHOICES = 6


class SubsetSums:
    """The differences to one total, sorted, and the sums of several of them."""

    def __init__(self, total: int, compute_deltas: Callable[[], Deltas]) -> None:
        self.total = total
        self._compute_deltas = compute_deltas

    @cached_property
    def deltas(self) -> Deltas:
        """The differences and their confusions, computed when first needed."""
        return self._compute_deltas()

    @cached_property
    def amounts(self) -> list[int]:
        """All differences in ascending order."""
        return sorted(self.deltas.confusions)

    def combinations(self, target: Target, depth: int) -> Iterator[tuple[int, ...]]:
        """The combinations of exactly `depth` differences that lead from the total into the target."""
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
            for index, first in enumerate(self.amounts):
                for second in self.amounts[index:]:
                    thirds = self.between(low - first - second, high - first - second)
                    yield from ((first, second, third) for third in thirds if third >= second)

    def _three_exact(self, target: int) -> Iterator[tuple[int, ...]]:
        """Three differences in ascending order with exactly this sum."""
        amounts, known = self.amounts, self.deltas.confusions
        largest = max(amounts, default=0)
        for index, first in enumerate(amounts):
            rest = target - first
            if not 2 * first <= rest <= 2 * largest:
                continue  # the other two are not smaller than the first
            # The second is at most half of the rest, and the third at most the largest of all.
            start = max(index, bisect_left(amounts, rest - largest))
            for second in amounts[start : bisect_right(amounts, rest // 2)]:
                if rest - second in known:
                    yield first, second, rest - second

    def between(self, low: int, high: int) -> list[int]:
        """The differences from `low` to `high`."""
        if low == high:
            return [low] if low in self.deltas.confusions else []
        return self.amounts[bisect_left(self.amounts, low) : bisect_right(self.amounts, high)]

    def expected_hits(self, target: Target, depth: int) -> float:
        """The expected number of chance hits: the combinations whose sum is near the target, times its width.

        Near is within a quarter of the target's size; of two and more differences a fixed sample is examined.
        """
        value = max(abs(target.low), 1)
        low, high = target.low - value / 4 - self.total, target.low + value / 4 - self.total
        if not depth:
            return float(low <= 0 <= high) * target.width / (value / 2 + 1)
        count = comb(len(self.amounts) + depth - 1, depth)
        share = _share(self.amounts, depth, low, high)
        return count * share * target.width / (value / 2 + 1)


def _share(amounts: list[int], depth: int, low: float, high: float) -> float:
    """The share of the combinations of `depth` differences whose sum is between two bounds."""
    if not amounts:
        return 0.0
    if depth == 1:
        return (bisect_right(amounts, high) - bisect_left(amounts, low)) / len(amounts)
    # Evenly spaced through the sorted amounts: a sample that is the same in every run.
    step = max(1, len(amounts) // (40 if depth == 2 else 12))
    sample = amounts[step // 2 :: step]
    inside = [low <= sum(combination) <= high for combination in product(sample, repeat=depth)]
    return max(sum(inside), 1) / len(inside)


def compatible_confusions(deltas: Deltas, amounts: tuple[int, ...]) -> list[tuple[Confusion, ...]]:
    """The combinations of confusions that make these differences and do not collide, the most usual first."""
    choices = [deltas.confusions[amount] for amount in amounts]
    result: list[tuple[Confusion, ...]] = []
    for confusions in product(*(choice[:MAX_CHOICES] for choice in choices)):
        if not _collide(confusions) and not any(set(confusions) == set(other) for other in result):
            result.append(confusions)
            if len(result) >= MAX_CHOICES:
                break
    return result


def _collide(confusions: tuple[Confusion, ...]) -> bool:
    """Whether two of the confusions change the same count of a layer, or one changes a layer that another leaves out."""
    for first, second in combinations(confusions, 2):
        if first.touches & second.touches:
            return True
        whole = {layer for layer, count in first.touches | second.touches if count == WHOLE}
        if whole & {layer for layer, _ in first.touches} & {layer for layer, _ in second.touches}:
            return True
    return False
