"""Outcomes for people: a line a claim, an excerpt for what fails, a summary; or as a Markdown table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from archcalc.claims.verdicts import shown
from archcalc.claims.verify import BROKEN, ERRATUM, FAILS, HOLDS, Outcome
from archcalc.errors import printable
from archcalc.escapes import markdown as escape

_WORDS = {HOLDS: "ok", ERRATUM: "erratum", FAILS: "FAIL", BROKEN: "ERROR"}


def text(outcomes: Sequence[Outcome]) -> str:
    """A line a claim, then an excerpt for each that fails, then the summary."""
    lines: list[str] = []
    path = None
    for outcome in outcomes:
        if outcome.claim.mark.path != path:
            path = outcome.claim.mark.path
            lines += [*([""] if lines else []), f"{path} ({outcome.publication.called})"]
        lines.append("  " + _line(outcome))
    for outcome in outcomes:
        if outcome.status == FAILS:
            lines += ["", *excerpt(outcome)]
    return "\n".join(printable(line) for line in [*lines, "", summary(outcomes)])


def _line(outcome: Outcome) -> str:
    head = f"{_WORDS[outcome.status]:<8}{outcome.verdict if outcome.status == HOLDS else '':<10}"
    return head + _said(outcome)


def verdict_lines(outcomes: Iterable[Outcome]) -> list[tuple[str, str]]:
    """For each claim its verdict in a word, and what it says with its publication."""
    return [
        (one.verdict if one.status == HOLDS else _WORDS[one.status], f"{_said(one)} ({one.publication.called})")
        for one in outcomes
    ]


def _said(outcome: Outcome) -> str:
    claim = outcome.claim
    said = f"{claim.about}: {claim.bound.replace('_', ' ')} {claim.printed.said}".replace(":  ", ": ")
    if outcome.computed is not None and outcome.verdict != "exact":
        said += f", computed {shown(outcome.computed)}"
    if outcome.status == ERRATUM:
        said += f"; {claim.cause.why or outcome.why}" if claim.cause else ""
    return said


def excerpt(outcome: Outcome) -> Iterator[str]:
    """A claim that fails: its place, the line with a caret, printed and computed, and what it would agree with."""
    claim = outcome.claim
    yield f"{claim.mark}: error[ARC450] {claim.id}: {outcome.why}"
    if claim.excerpt:
        lead = " " * (claim.mark.column - 1)
        yield f"  {claim.excerpt.rstrip()[:200]}"
        if claim.mark.column <= 200:
            yield f"  {lead}{'^' * max(1, len(claim.printed.text.strip()))}"
    where = f" ({outcome.publication.called}{f', {claim.place}' if claim.place else ''})"
    yield f"  printed   {claim.printed.said}{where}"
    if outcome.computed is not None:
        yield f"  computed  {shown(outcome.computed)} ({claim.about})"
    for line in outcome.near_misses:
        yield f"  nearest   {line}"


def summary(outcomes: Sequence[Outcome]) -> str:
    """How many claims hold, and how."""
    count = Counter(outcome.status for outcome in outcomes)
    verdicts = Counter(outcome.verdict for outcome in outcomes if outcome.status == HOLDS)
    held = ", ".join(f"{number} {verdict}" for verdict, number in verdicts.most_common())
    parts = [f"{count[HOLDS]} hold{f' ({held})' if held else ''}"]
    if count[ERRATUM]:
        parts.append(f"{count[ERRATUM]} errata explained")
    parts.append(f"{count[FAILS]} fail")
    if count[BROKEN]:
        parts.append(f"{count[BROKEN]} cannot be worked out")
    total = len(outcomes)
    return f"{total} claim{'' if total == 1 else 's'}: {', '.join(parts)}"


def concise(outcomes: Sequence[Outcome]) -> str:
    """One line for each claim that fails, and the summary."""
    return "\n".join(
        printable(line) for line in [*(problem_line(one) for one in outcomes if one.status == FAILS), summary(outcomes)]
    )


def problem_line(outcome: Outcome) -> str:
    """A failing claim in one line that editors can follow."""
    claim = outcome.claim
    computed = f", computed {shown(outcome.computed)}" if outcome.computed is not None else ""
    return f"{claim.mark}: error[ARC450] {claim.id}: printed {claim.printed.said}{computed}: {outcome.why}"


def markdown(outcomes: Sequence[Outcome]) -> str:
    """A table, for a page or the summary of a job."""
    lines = ["| | claim | printed | computed | verdict |", "|---|---|---:|---:|---|"]
    for outcome in outcomes:
        claim = outcome.claim
        computed = shown(outcome.computed) if outcome.computed is not None else ""
        verdict = outcome.why if outcome.status in {FAILS, ERRATUM} else outcome.verdict
        cells = (_WORDS[outcome.status], claim.about, claim.printed.said, computed, verdict)
        lines.append("| " + " | ".join(map(escape, cells)) + " |")
    return "\n".join([*lines, "", summary(outcomes)])


def worst_first(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """The failing claims, those furthest off first."""
    from archcalc.claims.verdicts import relative_error

    def far(outcome: Outcome) -> float:
        error = None if outcome.computed is None else relative_error(outcome.claim.printed, outcome.computed)
        return -abs(error) if error is not None else float("-inf")

    return sorted((one for one in outcomes if one.status == FAILS), key=far)
