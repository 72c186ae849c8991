"""What a failing figure would agree with."""

from __future__ import annotations

from archcalc.claims.library import Library
from archcalc.claims.verify import Outcome


def with_nearest(outcome: Outcome, library: Library) -> Outcome:
    """The outcome with the nearest convention or confusion, if one explains the figure."""
    return outcome
