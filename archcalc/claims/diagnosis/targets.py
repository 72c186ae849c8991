"""What a printed figure may have been before it was printed: another unit, a digit misread, two digits swapped."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import NamedTuple

from archcalc.claims.diagnosis.deltas import DIGITS, UNIT, Change
from archcalc.claims.printed_number import PrintedNumber, PrintedNumberError


class Target(NamedTuple):
    """Integers from `low` to `high`, all of which print as the figure, and the confusions on the way to it."""

    low: int
    high: int
    changes: tuple[Change, ...] = ()

    @property
    def width(self) -> int:
        return self.high - self.low + 1


def plain(printed: PrintedNumber) -> Target:
    """The numbers that round or are cut to the figure; an exact one is one number."""
    return _target(printed.value, printed)


def _target(value: Fraction, printed: PrintedNumber, *changes: Change, scale: Fraction = Fraction(1)) -> Target:
    exact = printed.step == 1 or ("." not in printed.digits and printed.scale == 1)
    if exact and scale in (1, 2, Fraction(1, 2)):
        return Target(ceil(value), floor(value), changes)
    step = printed.step * scale
    return Target(ceil(value - step / 2), ceil(value + step) - 1, changes)


def with_misprint(printed: PrintedNumber, operations: bool) -> Iterator[Target]:
    """The figure under each confusion of its own."""
    if operations:
        half, double = Change("each multiply-add counted as two", UNIT), Change("two operations counted as one", UNIT)
        yield _target(printed.value / 2, printed, half, scale=Fraction(1, 2))
        yield _target(printed.value * 2, printed, double, scale=Fraction(2))
    for power in (1, 2, 3):
        if printed.scale == 1000**power:
            factor = Fraction(1024, 1000) ** power
            name = {1: "K", 2: "M", 3: "G"}[power]
            yield _target(printed.value * factor, printed, Change(f"{name} is {1024**power:,}", UNIT), scale=factor)
    yield from _digits(printed)


def _digits(printed: PrintedNumber) -> Iterator[Target]:
    digits = printed.digits
    places = [at for at, character in enumerate(digits) if character.isdigit()]
    if len(places) < 4:
        return  # of a short figure every other one is a misprint
    seen = {digits}
    for left, right in pairwise(places):
        swapped = digits[:left] + digits[right] + digits[left + 1 : right] + digits[left] + digits[right + 1 :]
        yield from _read(printed, swapped, f"{digits[left]} and {digits[right]} swapped: {swapped}", seen)
    for at in places:
        for digit in "0123456789":
            new = digits[:at] + digit + digits[at + 1 :]
            yield from _read(printed, new, f"a digit misprinted ({digit} as {digits[at]}): {new}", seen)


def _read(printed: PrintedNumber, digits: str, text: str, seen: set[str]) -> Iterator[Target]:
    if digits in seen or digits[0] == "0":
        return
    seen.add(digits)
    try:
        yield _target(printed.with_digits(digits).value, printed, Change(text, DIGITS))
    except PrintedNumberError:
        return
