"""The arithmetic of what is not known: every result of it is unknown too.

After a problem in a layer the walk goes on with the sizes that do not depend on the fault, and with `UNKNOWN` in place of
the others. A rule evaluated with it returns a number exactly where it does not need the unknown ones.
"""

from __future__ import annotations

from typing import Final

from archcalc.arithmetic.term import ArithmeticNumber, Number


class Unknown(ArithmeticNumber):
    """A size that a problem hides; `UNKNOWN` is the only one."""

    __slots__ = ()

    @classmethod
    def apply(cls, op: str, left: Number, right: Number) -> Unknown:
        """Unknown, whatever the operation."""
        return UNKNOWN

    def __str__(self) -> str:
        return "?"

    __repr__ = __str__


UNKNOWN: Final = Unknown()
