"""Near misses: the convention or confusion, if there is one, under which a failing figure would match."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

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


MAX_LAYERS = 1_500
"""Layers of the networks, one for each figure, in which near misses of a run are searched."""


class NearMisses:
    """The near misses of a run: searched once for equal claims, and for as many figures as there is time for."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._found: dict[tuple[Any, ...], tuple[str, ...]] = {}
        self._layers = 0
        self.skipped = 0
        """Failing figures whose near misses were not searched."""

    def added(self, outcome: Outcome) -> Outcome:
        """The outcome, for a failing figure with the single confusions that would explain it, as `diagnose` finds them."""
        claim = outcome.claim
        is_number = isinstance(outcome.computed, int) and not claim.printed.volume
        if outcome.status != FAILS or claim.bound or claim.scale_outside or not is_number or claim.quantity not in DIAGNOSED:
            return outcome
        try:
            return replace(outcome, near_misses=self.of(claim))
        except Exception as error:
            return replace(outcome, status=BROKEN, why=INTERNAL, problems=(unexpected(error, claim.mark),))

    def of(self, claim: Claim) -> tuple[str, ...]:
        """The near misses of a claim; none where they are not searched, which `skipped` counts."""
        key = os.path.dirname(claim.mark.path), claim.setting, claim.quantity, claim.of, claim.printed
        if key not in self._found and self._is_searched(claim):
            self._found[key] = tuple(_near_misses(claim, self.library))
        self.skipped += key not in self._found
        return self._found.get(key, ())

    def _is_searched(self, claim: Claim) -> bool:
        """Whether near misses of a claim are still searched: the time of a search grows with the layers of the network."""
        if self._layers >= MAX_LAYERS:
            return False
        self._layers += len(self.library.reports.of(claim).layers)
        return self._layers <= MAX_LAYERS


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
