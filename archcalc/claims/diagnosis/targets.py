"""Targets: the numbers that a printed figure may stand for, as printed or with another unit or a misprint."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import NamedTuple

from archcalc.claims.diagnosis.deltas import DIGITS, UNIT, Confusion
from archcalc.claims.printed_number import PrintedNumber, PrintedNumberError


class Target(NamedTuple):
    """The integers from `low` to `high`, all of which are printed as the figure under the confusions."""

    low: int
    high: int
    confusions: tuple[Confusion, ...] = ()

    @property
    def width(self) -> int:
        """How many integers these are."""
        return self.high - self.low + 1


def as_printed(printed: PrintedNumber) -> Target:
    """The integers that are rounded or truncated to the figure; an exact figure is one integer."""
    return _target(printed.value, printed)


def _target(value: Fraction, printed: PrintedNumber, *confusions: Confusion, scale: Fraction = Fraction(1)) -> Target:
    exact = printed.step == 1 or ("." not in printed.digits and printed.scale == 1)
    if exact and scale in (1, 2, Fraction(1, 2)):
        return Target(ceil(value), floor(value), confusions)
    step = printed.step * scale
    return Target(ceil(value - step / 2), ceil(value + step) - 1, confusions)


def confused(printed: PrintedNumber, operations: bool) -> Iterator[Target]:
    """The targets under each confusion of the figure itself: its unit, or a misprint of its digits."""
    if operations:
        half, double = Confusion("each multiply-add counted as two", UNIT), Confusion("two operations counted as one", UNIT)
        yield _target(printed.value / 2, printed, half, scale=Fraction(1, 2))
        yield _target(printed.value * 2, printed, double, scale=Fraction(2))
    for power in (1, 2, 3):
        if printed.scale == 1000**power:
            factor = Fraction(1024, 1000) ** power
            name = {1: "K", 2: "M", 3: "G"}[power]
            yield _target(printed.value * factor, printed, Confusion(f"{name} is {1024**power:,}", UNIT), scale=factor)
    yield from _misprints(printed)


def _misprints(printed: PrintedNumber) -> Iterator[Target]:
    """The figure with two neighbouring digits swapped, or one digit replaced."""
    digits = printed.digits
    indices = [index for index, character in enumerate(digits) if character.isdigit()]
    if len(indices) < 4:
        return  # every figure is a misprint of a short one
    seen = {digits}
    for left, right in pairwise(indices):
        swapped = digits[:left] + digits[right] + digits[left + 1 : right] + digits[left] + digits[right + 1 :]
        yield from _misprint(printed, swapped, f"{digits[left]} and {digits[right]} swapped: {swapped}", seen)
    for index in indices:
        for digit in "0123456789":
            new = digits[:index] + digit + digits[index + 1 :]
            yield from _misprint(printed, new, f"a digit misprinted ({digit} as {digits[index]}): {new}", seen)


def _misprint(printed: PrintedNumber, digits: str, text: str, seen: set[str]) -> Iterator[Target]:
    if digits in seen or digits[0] == "0":
        return
    seen.add(digits)
    try:
        yield _target(printed.with_digits(digits).value, printed, Confusion(text, DIGITS))
    except PrintedNumberError:
        return
