"""One JSON document: every claim with its outcome, the problems as data, and counts."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from archcalc.claims.outcome_text import claim_counts
from archcalc.claims.run import RunResult
from archcalc.claims.verdicts import Value, difference, relative_error
from archcalc.claims.verify import STATUSES, Outcome
from archcalc.errors import Problem
from archcalc.json_writer import dump

SCHEMA = 1


def render(result: RunResult) -> str:
    """The document, version 1."""
    outcomes = result.outcomes
    counts = {status: sum(outcome.status == status for outcome in outcomes) for status in STATUSES}
    data = {
        "schema": SCHEMA,
        "claims": [_claim(outcome) for outcome in outcomes],
        "problems": [_problem(problem) for problem in result.problems],
        "summary": counts
        | {
            "malformed": len(result.malformed),
            "claims": len(outcomes) + len(result.malformed),
            "text": claim_counts(outcomes, len(result.malformed)),
        },
    }
    return dump(data)


def _claim(outcome: Outcome) -> dict[str, Any]:
    claim, value = outcome.claim, outcome.computed
    setting = claim.setting
    return {
        "id": claim.id,
        "publication": outcome.publication.name,
        "network": setting.network,
        "variables": {name: _number(value) for name, value in setting.variables},
        "input": list(setting.input) if setting.input else None,
        "convention": setting.convention,
        "quantity": claim.quantity,
        "of": claim.of,
        "at": claim.place,
        "path": claim.mark.path,
        "line": claim.mark.line,
        "column": claim.mark.column,
        "printed": claim.printed.text,
        "value": _number(claim.printed.volume or claim.printed.value),
        "computed": _number(value),
        "status": outcome.status,
        "verdict": outcome.verdict,
        "difference": None if value is None else _number(difference(claim.printed, value)),
        "relative_error": None if value is None else relative_error(claim.printed, value),
        "why": outcome.why,
        "nearest": list(outcome.near_misses),
    }


def _number(value: Value | None) -> Any:
    """Counts as integers, sizes as lists, other fractions as text, so that nothing is rounded."""
    if isinstance(value, tuple):
        return [_number(size) for size in value]
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else str(value)
    return value


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "code": problem.code,
        "message": problem.message,
        "path": problem.mark.path,
        "line": problem.mark.line,
        "column": problem.mark.column,
        "details": list(problem.details),
    }
