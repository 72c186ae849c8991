"""The value of a claim: its quantity, evaluated in the report of its network."""

from __future__ import annotations

from fractions import Fraction
from functools import partial

from archcalc.claims.library import Library
from archcalc.claims.model import Claim
from archcalc.claims.quantities import Functions, value_of
from archcalc.claims.selection import QuantityError, select
from archcalc.claims.verdicts import Value, difference


def evaluate(claim: Claim, library: Library, expression: str = "") -> Value:
    """The value of a claim's quantity, or of another expression in its place. Raises `QuantityError`.

    An expression may sum other claims: `printed("conv*")` their figures, `difference("conv*")` their errors.
    """
    report = library.reports.of(claim)
    functions: Functions = {
        "printed": lambda pattern: sum(other.printed.value for other in library.other_claims(pattern, claim)),
        "difference": lambda pattern: sum(
            (_error(other, library) for other in library.other_claims(pattern, claim)), Fraction(0)
        ),
    }
    other_report = partial(library.reports.of_other, claim=claim)
    return value_of(expression or claim.quantity, select(report, claim.of), other_report, functions)


def _error(claim: Claim, library: Library) -> Fraction:
    """Printed minus computed."""
    error = difference(claim.printed, evaluate(claim, library))
    if error is None:
        raise QuantityError(f"{claim.id} is about sizes, which have no difference")
    return error
