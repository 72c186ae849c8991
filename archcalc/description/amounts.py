"""Numbers as people write them outside a description: an amount with a letter for thousands."""

from __future__ import annotations

import re
from fractions import Fraction

_EXPONENTS = {"": 0, "K": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_AMOUNT = r"([0-9]{1,30}(?:\.[0-9]{1,30})?)([KMGTPE]?)"


def amount(text: str) -> Fraction | None:
    """A positive number, exact, with a letter for thousands: 1.581T; None if the text is none."""
    match = re.fullmatch(_AMOUNT, text.strip())
    return Fraction(match[1]) * 10 ** _EXPONENTS[match[2]] or None if match else None
