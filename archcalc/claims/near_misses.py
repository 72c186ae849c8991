"""What a failing figure would agree with: the convention or confusion, if there is one, that gives it."""

from __future__ import annotations

from dataclasses import replace

from archcalc.claims.diagnosis.deltas import CONVENTION, KIND, UNIT
from archcalc.claims.library import Library
from archcalc.claims.selection import select
from archcalc.claims.verify import FAILS, Outcome

DIAGNOSED = ("params", "trainable", "weights", "biases", "buffers", "neurons", "connections", "mult_adds", "flops")
MOST = 3
USUAL = (CONVENTION, KIND, UNIT)
"""Confusions that are worth a hint even where the figure has too few digits to tell them from chance."""


def with_near_misses(outcome: Outcome, library: Library) -> Outcome:
    """The outcome with what would explain a figure that fails: one confusion, found as `diagnose` finds it."""
    claim = outcome.claim
    number = isinstance(outcome.computed, int) and not claim.printed.volume
    if outcome.status != FAILS or claim.bound or not number or claim.quantity not in DIAGNOSED:
        return outcome
    from archcalc.claims.diagnosis.diagnose import diagnose

    report = library.report(claim)
    selection = select(report, claim.of)
    if not selection.everything and len(selection.layers) != 1:
        return outcome
    of = None if selection.everything else selection.layers[0].id
    answers = diagnose(report, claim.quantity, claim.printed, of, deepest=1)
    explained = [one for one in answers if one.changes and (one.is_finding or one.changes[0].rank in USUAL)]
    return replace(outcome, near_misses=tuple(f"would match if: {one.text}" for one in explained[:MOST]))
