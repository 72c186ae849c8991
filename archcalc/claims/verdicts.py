"""Verdicts: a printed figure compared with the computed value, at the precision of print."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from archcalc.claims.printed_number import PrintedNumber

EXACT, ROUNDED, TRUNCATED, APPROXIMATE, WITHIN = "exact", "rounded", "truncated", "approximate", "within"
CONTRADICTED = "contradicted"
AGREES = (EXACT, ROUNDED, TRUNCATED, APPROXIMATE, WITHIN)
"""The verdicts under which a figure holds. `within` is that of a bound."""
VERDICTS = (*AGREES, CONTRADICTED)
FORMER_NAMES = {"rounds": ROUNDED, "truncates": TRUNCATED, "about": APPROXIMATE}
"""Verdicts as claims files of earlier versions write them."""

_APART = 100
"""The factor from which on two numbers are on different scales."""
_NEAR = Fraction(1, 100)
"""The relative error up to which a factor is a power of ten."""
_MOST_DIGITS = 10**15
"""The number from which on one that is no integer has an exponent."""
Value = Any
"""A computed value: a number (int or Fraction), or sizes (a tuple, channels first)."""


def compare(printed: PrintedNumber, value: Value, tolerance: Fraction | None = None) -> str:
    """The verdict on a printed figure; `tolerance` is the relative error that an approximate one may have.

    A printed volume has its channels first or last, or only its spatial axes; a single printed number for
    several axes means each of them; a printed product (3×3×3×32) for a single number means its value.
    """
    if isinstance(value, tuple):
        return EXACT if _same_sizes(printed, value) else CONTRADICTED
    value = Fraction(value)
    if value == printed.value:
        return EXACT
    off = value - printed.value
    if printed.volume:
        return CONTRADICTED
    if 2 * abs(off) <= printed.step:
        return ROUNDED
    cut_off = off if printed.value >= 0 else -off
    if 0 <= cut_off < printed.step:
        return TRUNCATED
    if tolerance is not None and abs(off) <= tolerance * abs(value):
        return APPROXIMATE
    return CONTRADICTED


def _same_sizes(printed: PrintedNumber, sizes: tuple[int, ...]) -> bool:
    volume = printed.volume
    if not volume:
        return bool(sizes) and all(size == printed.value for size in sizes)
    channels_last = (*sizes[1:], sizes[0])
    return volume in (sizes, channels_last, sizes[1:]) or (len(sizes) == 1 and volume == (1, 1, *sizes))


def scale_apart(printed: PrintedNumber, value: Value) -> Fraction | None:
    """The factor by which the computed value is on another scale than a printed number; None on the same scale.

    That is a power of ten, or whatever no change of a network makes: a factor of 100 and more.
    """
    if isinstance(value, tuple) or printed.volume or not printed.value or not value:
        return None
    factor = abs(Fraction(value) / printed.value)
    near_ten = any(abs(factor / power - 1) <= _NEAR for power in (10, Fraction(1, 10)))
    return factor if near_ten or factor >= _APART or factor <= Fraction(1, _APART) else None


def difference(printed: PrintedNumber, value: Value) -> Fraction | None:
    """Printed minus computed; None between sizes."""
    return None if isinstance(value, tuple) else printed.value - Fraction(value)


def relative_error(printed: PrintedNumber, value: Value) -> float | None:
    """The difference divided by the computed value; None between sizes, where the value is 0, or beyond the largest float."""
    off = difference(printed, value)
    try:
        return None if off is None or value == 0 else float(off / Fraction(value))
    except OverflowError:
        return None


def value_text(value: Value) -> str:
    """A computed value for people: an integer in full, another number to six digits or one decimal, sizes with ×."""
    if isinstance(value, tuple):
        return "×".join(map(str, value)) or "none"
    if isinstance(value, str):
        return value
    value = Fraction(value)
    if value.denominator == 1:
        return f"{value.numerator:,}"
    if 10**5 <= abs(value) < _MOST_DIGITS:
        return f"{round(float(value), 1):,}"
    try:
        return f"{float(value):.6g}"
    except OverflowError:  # beyond the largest float
        return f"{Decimal(value.numerator) / Decimal(value.denominator):.6g}"
