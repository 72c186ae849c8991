"""Outcomes in words, for every format: a claim in a line, the excerpt of a failing one, the summary of a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from archcalc.claims.run import RunResult
from archcalc.claims.verdicts import EXACT, relative_error, value_text
from archcalc.claims.verify import BROKEN, ERRATUM, FAILS, HOLDS, Outcome
from archcalc.errors import Mark, excerpt

FAILED_CLAIM = "ARC450"
LABELS = {HOLDS: "ok", ERRATUM: "erratum", FAILS: "FAIL", BROKEN: "ERROR"}
"""A status in one word, as tables begin a line with it."""


def claim_text(outcome: Outcome) -> str:
    """What a claim is about, the printed figure, and the computed one where they differ."""
    claim = outcome.claim
    bound = f"{claim.bound.replace('_', ' ')} " if claim.bound else ""
    text = f"{claim.about}: {bound}{claim.printed.with_unit}"
    if outcome.computed is not None and outcome.verdict != EXACT:
        text += f", computed {value_text(outcome.computed)}"
    if outcome.status == HOLDS and outcome.why:
        text += f"; {outcome.why}"
    if outcome.status == ERRATUM:
        text += f"; {claim.cause.why or outcome.why}" if claim.cause else ""
    if outcome.status == BROKEN:
        text += f"; {outcome.why}"
    return text


def verdict_lines(outcomes: Iterable[Outcome]) -> list[tuple[str, str]]:
    """For each claim its verdict, and a line with the claim and its publication."""
    return [
        (
            outcome.verdict if outcome.status == HOLDS else LABELS[outcome.status],
            f"{claim_text(outcome)} ({outcome.publication.called})",
        )
        for outcome in outcomes
    ]


def failure_excerpt(outcome: Outcome) -> Iterator[str]:
    """The lines on a failing claim: its place, its line with a caret, printed and computed, and near misses."""
    claim = outcome.claim
    yield f"{claim.mark}: error[{FAILED_CLAIM}] {claim.id}: {outcome.why}"
    yield from (f"  {line}" for line in excerpt(claim.excerpt, claim.mark.column, len(claim.printed.text.strip())))
    source = f"{outcome.publication.called}{f', {claim.place}' if claim.place else ''}"
    yield f"  printed   {claim.printed.with_unit} ({source})"
    if outcome.computed is not None:
        yield f"  computed  {value_text(outcome.computed)} ({claim.about})"
    for near_miss in outcome.near_misses:
        yield f"  nearest   {near_miss}"


def failure_line(outcome: Outcome) -> str:
    """A failing claim in one line that editors can follow to its place."""
    return f"{outcome.claim.mark}: error[{FAILED_CLAIM}] {_failure(outcome)}"


def _failure(outcome: Outcome) -> str:
    claim = outcome.claim
    computed = f", computed {value_text(outcome.computed)}" if outcome.computed is not None else ""
    return f"{claim.id}: printed {claim.printed.with_unit}{computed}: {outcome.why}"


def defects(result: RunResult) -> list[tuple[Mark, str, str]]:
    """Everything wrong as place, code and message: problems, then the failing claims with the largest error first."""
    problems = [(problem.mark, problem.code, problem.message) for problem in result.problems]
    failures = sorted((outcome for outcome in result.outcomes if outcome.status == FAILS), key=_error, reverse=True)
    return problems + [(outcome.claim.mark, FAILED_CLAIM, _failure(outcome)) for outcome in failures]


def _error(outcome: Outcome) -> float:
    """The size of the relative error; infinite where there is none, as between volumes."""
    error = None if outcome.computed is None else relative_error(outcome.claim.printed, outcome.computed)
    return abs(error) if error is not None else float("inf")


def claim_counts(outcomes: Sequence[Outcome], malformed: int = 0) -> str:
    """How many claims hold, by verdict, and how many do not; besides those with an outcome, some are malformed."""
    count = Counter(outcome.status for outcome in outcomes)
    verdicts = Counter(outcome.verdict for outcome in outcomes if outcome.status == HOLDS)
    by_verdict = ", ".join(f"{number} {verdict}" for verdict, number in verdicts.most_common())
    parts = [f"{count[HOLDS]} hold{f' ({by_verdict})' if by_verdict else ''}"]
    if count[ERRATUM]:
        parts.append(f"{count[ERRATUM]} {'erratum' if count[ERRATUM] == 1 else 'errata'} explained")
    parts.append(f"{count[FAILS]} fail")
    total = len(outcomes) + malformed
    misspelt = sum(bool(outcome.claim.problems) for outcome in outcomes)
    if count[BROKEN] > misspelt:
        parts.append(f"{count[BROKEN] - misspelt} cannot be computed")
    if malformed + misspelt:
        parts.append(f"{malformed + misspelt} malformed")
    return f"{total} claim{'' if total == 1 else 's'}: {', '.join(parts)}"


def summary(result: RunResult) -> list[str]:
    """The counts of a run, how many figures it rewrote, and of how many no near misses were searched."""
    return [
        claim_counts(result.outcomes, len(result.malformed)),
        *([f"{result.fixed} figure{'' if result.fixed == 1 else 's'} rewritten"] if result.fixed else []),
        *([f"near misses of {result.skipped} failing figures not searched: see archcalc diagnose"] if result.skipped else []),
    ]
