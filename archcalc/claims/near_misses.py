"""Near misses: the convention or confusion, if there is one, under which a failing figure would match."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from archcalc.claims.diagnosis.deltas import CONVENTION, KIND, UNIT
from archcalc.claims.library import Library
from archcalc.claims.model import Claim
from archcalc.claims.selection import select
from archcalc.claims.verify import BROKEN, FAILS, INTERNAL, Outcome
from archcalc.errors import unexpected

DIAGNOSED = ("params", "trainable", "weights", "biases", "buffers", "neurons", "connections", "mult_adds", "flops")
MAX_HINTS = 3
USUAL = (CONVENTION, KIND, UNIT)
"""Confusions worth a hint even where the figure has too few digits to distinguish them from chance."""


def with_near_misses(outcome: Outcome, library: Library) -> Outcome:
    """The outcome, for a failing figure with the single confusions that would explain it, as `diagnose` finds them."""
    claim = outcome.claim
    is_number = isinstance(outcome.computed, int) and not claim.printed.volume
    if outcome.status != FAILS or claim.bound or claim.scale_outside or not is_number or claim.quantity not in DIAGNOSED:
        return outcome
    try:
        return replace(outcome, near_misses=tuple(_near_misses(claim, library)))
    except Exception as error:
        return replace(outcome, status=BROKEN, why=INTERNAL, problems=(unexpected(error, claim.mark),))


def _near_misses(claim: Claim, library: Library) -> Iterator[str]:
    from archcalc.claims.diagnosis.diagnose import diagnose

    report = library.reports.of(claim)
    selection = select(report, claim.of)
    if not selection.everything and len(selection.layers) != 1:
        return
    of = None if selection.everything else selection.layers[0].id
    answers = diagnose(report, claim.quantity, claim.printed, of, max_depth=1)
    hints = [answer for answer in answers if answer.confusions and (answer.is_finding or answer.confusions[0].rank in USUAL)]
    yield from (f"would match if: {answer.text}" for answer in hints[:MAX_HINTS])
