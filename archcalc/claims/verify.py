"""Evaluates claims: computes each quantity and decides whether the printed figure holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from archcalc.claims.errata import explain
from archcalc.claims.evaluation import evaluate
from archcalc.claims.library import Library
from archcalc.claims.model import Claim, Publication
from archcalc.claims.selection import LowerBoundError, QuantityError
from archcalc.claims.units import convention_note
from archcalc.claims.verdicts import AGREES, CONTRADICTED, WITHIN, Value, compare, difference, relative_error, value_text
from archcalc.errors import ArchcalcError, Mark, Problem, unexpected

HOLDS, ERRATUM, FAILS, BROKEN = "holds", "erratum", "fails", "broken"
INTERNAL = "internal error"
STATUSES = (HOLDS, ERRATUM, FAILS, BROKEN)


@dataclass(frozen=True)
class Outcome:
    """The result of one claim.

    `status` is holds, erratum (wrong in print, and the printed figure follows from the explanation), fails, or broken
    (the quantity cannot be computed; `problems` says why).
    """

    claim: Claim
    publication: Publication
    status: str
    verdict: str = ""
    computed: Value | None = None
    why: str = ""
    """What is wrong with a claim that fails, how an erratum comes about, why a claim cannot be computed, what to know of one
    that holds."""
    problems: tuple[Problem, ...] = ()
    is_shared: bool = False
    """Whether the problems are those of its network, which all claims about it share."""
    near_misses: tuple[str, ...] = ()
    """For a figure that fails: the confusions or conventions under which it would match."""

    @property
    def ok(self) -> bool:
        """The claim holds, or is an erratum that is explained."""
        return self.status in {HOLDS, ERRATUM}


def verify(publications: Iterable[Publication], library: Library | None = None) -> Iterator[Outcome]:
    """The outcome of every claim, in order."""
    publications = list(publications)
    library = library or Library(publications)
    for publication in publications:
        for claim in publication.claims:
            yield verify_claim(claim, publication, library)


def verify_claim(claim: Claim, publication: Publication, library: Library) -> Outcome:
    """The outcome of one claim. Whatever keeps it from being computed is a problem of this claim alone."""
    if claim.problems:
        return Outcome(claim, publication, BROKEN, why=claim.problems[0].message, problems=claim.problems)
    try:
        return _evaluate(claim, publication, library)
    except QuantityError as error:
        problem = Problem("ARC430", f"{claim.id}: {error}", claim.mark, (claim.excerpt.strip()[:160],))
        return Outcome(claim, publication, BROKEN, why=str(error), problems=(problem,))
    except ArchcalcError as error:
        return _refused(claim, publication, library, error.closed())
    except Exception as error:
        return Outcome(claim, publication, BROKEN, why=INTERNAL, problems=(unexpected(error, claim.mark),))


def _refused(claim: Claim, publication: Publication, library: Library, problems: Sequence[Problem]) -> Outcome:
    """The outcome of a claim without a report. A network that is broken for all claims has its problems at its own place."""
    broken = library.reports.broken(claim)
    if {(problem.code, problem.message) for problem in problems} & {
        (problem.code, problem.message) for problem in broken.problems
    }:
        why = f"not verified because {broken.text}"
        return Outcome(claim, publication, BROKEN, why=why, problems=broken.problems, is_shared=True)
    own = tuple(
        Problem(problem.code, f"{claim.id}: {problem.message}", claim.mark, (*_place(problem.mark), *problem.details))
        for problem in problems
    )
    return Outcome(claim, publication, BROKEN, why=problems[0].message, problems=own)


def _place(mark: Mark) -> tuple[str, ...]:
    """The place in a description, as a detail; nothing for the call as a whole."""
    return (f"at {mark}",) if mark.line else ()


def _evaluate(claim: Claim, publication: Publication, library: Library) -> Outcome:
    try:
        value = evaluate(claim, library)
    except LowerBoundError as error:
        # Only these follow from a lower bound: that `at_least` holds, and that `at_most` does not.
        printed, bound = claim.printed.value, error.bound
        if not ((claim.bound == "at_least" and bound >= printed) or (claim.bound == "at_most" and bound > printed)):
            raise
        value = bound
    verdict = _compare_bound(claim, value) if claim.bound else _compare(claim, value)
    status, why = _status(claim, value, verdict) if claim.cause is None else _erratum(claim, value, verdict, library)
    return Outcome(claim, publication, status, verdict, value, why)


def _compare(claim: Claim, value: Value) -> str:
    """The verdict on a figure; digits that are scaled outside of their mark are not the whole figure."""
    return CONTRADICTED if claim.scale_outside else compare(claim.printed, value, claim.tolerance)


def _status(claim: Claim, value: Value, verdict: str) -> tuple[str, str]:
    """The status of a claim, and why it fails."""
    if verdict == CONTRADICTED and claim.verdict != CONTRADICTED:
        return FAILS, _contradiction(claim, value)
    if claim.verdict and verdict != claim.verdict:
        return FAILS, f"was entered as {claim.verdict} and is now: {verdict}"
    if verdict == CONTRADICTED:
        return FAILS, "is entered as contradicted, without a cause: an erratum needs one"
    return HOLDS, convention_note(claim.printed.counts, claim.quantity, claim.setting.convention)


def _erratum(claim: Claim, value: Value, verdict: str, library: Library) -> tuple[str, str]:
    """The status of a claim that is entered as an erratum, and how the printed figure comes about."""
    if verdict in AGREES:
        return FAILS, f"is entered as an erratum, but it holds ({verdict}): take the erratum out"
    misprinted, how = explain(claim, value, library)
    if compare(claim.printed, misprinted) in AGREES:
        return ERRATUM, how
    return FAILS, f"does not follow from the explanation of the erratum: {how}"


def _compare_bound(claim: Claim, value: Value) -> str:
    if isinstance(value, tuple):
        raise QuantityError(f"a bound is about one number, {claim.quantity} is {value_text(value)}")
    within = value <= claim.printed.value if claim.bound == "at_most" else value >= claim.printed.value
    return WITHIN if within else CONTRADICTED


def _contradiction(claim: Claim, value: Value) -> str:
    """By how much the printed figure is wrong."""
    if claim.scale_outside:
        return f"is not the whole figure: outside of the mark it is scaled by {claim.scale_outside}"
    if claim.bound:
        return f"is out of bounds: {claim.bound.replace('_', ' ')} {claim.printed.text}"
    off, relative = difference(claim.printed, value), relative_error(claim.printed, value)
    if off is None:
        return "has other sizes"
    percent = f" ({_percent(abs(relative))})" if relative is not None else ""
    return f"is {value_text(abs(off))} {'more' if off > 0 else 'less'} than the computed value{percent}"


def _percent(relative: float) -> str:
    """A relative error with two decimals, a smaller one with two significant digits: never 0.00 %."""
    return f"{relative:.2%}" if relative >= 5e-5 else f"{100 * relative:.2g}%"
