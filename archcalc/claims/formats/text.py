"""Text for people: one line per claim, an excerpt for each that fails, and a summary."""

from __future__ import annotations

from collections import Counter

from archcalc.claims.outcome_text import LABELS, claim_text, failure_excerpt, summary
from archcalc.claims.run import RunResult
from archcalc.claims.verify import BROKEN, FAILS, HOLDS, Outcome
from archcalc.errors import printable


def render(result: RunResult) -> str:
    """The claims file by file, then what fails, then the summary."""
    lines: list[str] = []
    path = None
    alike = Counter((outcome.claim.mark.path, _line(outcome)) for outcome in result.outcomes)
    for outcome in result.outcomes:
        if outcome.claim.mark.path != path:
            path = outcome.claim.mark.path
            lines += [*([""] if lines else []), f"{path} ({outcome.publication.called})"]
        place = f" (line {outcome.claim.mark.line})" if alike[path, _line(outcome)] > 1 else ""
        lines.append(f"  {_line(outcome)}{place}")
    for malformed in result.malformed:
        printed = f": {malformed.printed}" if malformed.printed else ""
        lines.append(f"  {LABELS[BROKEN]:<20}{malformed.about}{printed}; {malformed.why} ({malformed.mark})")
    for outcome in result.outcomes:
        if outcome.status == FAILS:
            lines += ["", *failure_excerpt(outcome)]
    return "\n".join(map(printable, [*lines, "", *summary(result)]))


def _line(outcome: Outcome) -> str:
    verdict = outcome.verdict if outcome.status == HOLDS else ""
    return f"{LABELS[outcome.status]:<8}{verdict:<12}{claim_text(outcome)}"
