"""Annotations for GitHub Actions."""

from __future__ import annotations

from archcalc.claims.outcome_text import claim_counts, defects
from archcalc.claims.repository import repository_path
from archcalc.claims.run import RunResult
from archcalc.errors import Mark, printable

MOST_ANNOTATIONS = 10
"""GitHub shows no more errors for one step."""


def render(result: RunResult) -> str:
    """At most ten annotations, malformed files before failing claims, and how many more there are."""
    annotations = defects(result)
    lines = [_annotation(*defect) for defect in annotations[:MOST_ANNOTATIONS]]
    if len(annotations) > MOST_ANNOTATIONS:
        lines.append(f"{len(annotations) - MOST_ANNOTATIONS} more are not annotated")
    return "\n".join([*lines, printable(claim_counts(result.outcomes, len(result.malformed)))])


def _annotation(mark: Mark, code: str, message: str) -> str:
    path = _property(repository_path(mark.path))
    place = f"file={path},line={max(mark.line, 1)},col={max(mark.column, 1)}"
    return f"::error {place},title=archcalc {code}::{_data(message)}"


def _data(text: str) -> str:
    """Text as the data of a workflow command, on one line."""
    return printable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Text as the value of a property, in which `:` and `,` separate."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
