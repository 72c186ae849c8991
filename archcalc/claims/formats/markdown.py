"""A Markdown table, for a page or the summary of a CI job."""

from __future__ import annotations

from archcalc.claims.outcome_text import LABELS, summary
from archcalc.claims.run import RunResult
from archcalc.claims.verdicts import value_text
from archcalc.claims.verify import BROKEN, HOLDS
from archcalc.escapes import markdown as escape


def render(result: RunResult) -> str:
    """One row per claim, then the summary."""
    lines = ["| | claim | printed | computed | verdict |", "|---|---|---:|---:|---|"]
    for outcome in result.outcomes:
        claim = outcome.claim
        computed = value_text(outcome.computed) if outcome.computed is not None else ""
        verdict = outcome.why if outcome.status != HOLDS else "; ".join(filter(None, (outcome.verdict, outcome.why)))
        cells = (LABELS[outcome.status], claim.about, claim.printed.with_unit, computed, verdict)
        lines.append(f"| {' | '.join(map(escape, cells))} |")
    for malformed in result.malformed:
        cells = (LABELS[BROKEN], f"{malformed.about} (line {malformed.mark.line})", malformed.printed, "", malformed.why)
        lines.append(f"| {' | '.join(map(escape, cells))} |")
    return "\n".join([*lines, "", *summary(result)])
