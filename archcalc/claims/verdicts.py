"""A printed figure and a computed one compared, at the precision that was printed."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from archcalc.claims.printed_number import PrintedNumber

EXACT, ROUNDS, TRUNCATES, ABOUT, WITHIN = "exact", "rounds", "truncates", "about", "within"
CONTRADICTED = "contradicted"
AGREES = (EXACT, ROUNDS, TRUNCATES, ABOUT, WITHIN)
"""The verdicts under which a figure holds. `within` is that of a budget."""
VERDICTS = (*AGREES, CONTRADICTED)

Value = Any
"""What is computed: a number (int or Fraction), or sizes (a tuple, channels first)."""


def compare(printed: PrintedNumber, value: Value, tolerance: Fraction | None = None) -> str:
    """The verdict on a printed figure.

    A printed volume may stand channels first or last, or give the spatial axes only; a single printed number for
    several axes means each of them; a printed product (3×3×3×32) for a single number means what it comes to.
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
        return ROUNDS
    cut = off if printed.value >= 0 else -off
    if 0 <= cut < printed.step:
        return TRUNCATES
    if tolerance is not None and abs(off) <= tolerance * abs(value):
        return ABOUT
    return CONTRADICTED


def _same_sizes(printed: PrintedNumber, sizes: tuple[int, ...]) -> bool:
    said = printed.volume
    if not said:
        return bool(sizes) and all(size == printed.value for size in sizes)
    channels_last = (*sizes[1:], sizes[0])
    return said in (sizes, channels_last, sizes[1:]) or (len(sizes) == 1 and said == (1, 1, *sizes))


def difference(printed: PrintedNumber, value: Value) -> Fraction | None:
    """Printed minus computed; None between sizes."""
    return None if isinstance(value, tuple) else printed.value - Fraction(value)


def relative_error(printed: PrintedNumber, value: Value) -> float | None:
    """The difference in relation to the computed value."""
    off = difference(printed, value)
    return None if off is None or value == 0 else float(off / Fraction(value))


def shown(value: Value) -> str:
    """A computed value for a reader: exact if it is whole, sizes with ×."""
    if isinstance(value, tuple):
        return "×".join(map(str, value)) or "none"
    if isinstance(value, str):
        return value
    value = Fraction(value)
    if value.denominator == 1:
        return f"{value.numerator:,}"
    return f"{float(value):.6g}"
