"""Amounts with a letter for thousands, as options and claims write them: 1.581T."""

from __future__ import annotations

import re
from fractions import Fraction

_EXPONENTS = {"": 0, "K": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_AMOUNT = r"([0-9]{1,4200}(?:\.[0-9]{1,30})?)([KMGTPE]?)"


def amount(text: str) -> Fraction | None:
    """The exact value of a positive number with a letter for thousands, such as 1.581T; None if the text is not one."""
    match = re.fullmatch(_AMOUNT, text.strip())
    return Fraction(match[1]) * 10 ** _EXPONENTS[match[2]] or None if match else None
