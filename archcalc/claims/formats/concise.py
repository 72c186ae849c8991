"""One line for each claim that fails, as editors read it, and the summary."""

from __future__ import annotations

from archcalc.claims.outcome_text import failure_line, summary
from archcalc.claims.run import RunResult
from archcalc.claims.verify import FAILS
from archcalc.errors import printable


def render(result: RunResult) -> str:
    """The failing claims in the order of the files, then the summary."""
    failures = [failure_line(outcome) for outcome in result.outcomes if outcome.status == FAILS]
    return "\n".join(map(printable, [*failures, *summary(result)]))
