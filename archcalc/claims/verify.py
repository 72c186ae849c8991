"""Each claim worked out and judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from archcalc.claims.errata import explained
from archcalc.claims.library import Library
from archcalc.claims.model import Claim, Publication
from archcalc.claims.selection import QuantityError
from archcalc.claims.verdicts import AGREES, CONTRADICTED, WITHIN, Value, compare, difference, relative_error, shown
from archcalc.errors import ArchcalcError, Problem

HOLDS, ERRATUM, FAILS, BROKEN = "holds", "erratum", "fails", "broken"


@dataclass(frozen=True)
class Outcome:
    """What came of one claim.

    `status` is holds, erratum (wrong in print, and the explanation gives the printed figure), fails, or broken (it
    could not be worked out; `problems` says why).
    """

    claim: Claim
    publication: Publication
    status: str
    verdict: str = ""
    computed: Value | None = None
    why: str = ""
    """What is wrong with a claim that fails; how an erratum comes about."""
    problems: tuple[Problem, ...] = ()
    near_misses: tuple[str, ...] = ()
    """For a figure that fails: under which confusion or convention it would hold."""

    @property
    def ok(self) -> bool:
        return self.status in {HOLDS, ERRATUM}


def verify(publications: Iterable[Publication], library: Library | None = None) -> Iterator[Outcome]:
    """The outcome of every claim, in order."""
    publications = list(publications)
    library = library or Library(publications)
    for publication in publications:
        for claim in publication.claims:
            yield outcome(claim, publication, library)


def outcome(claim: Claim, publication: Publication, library: Library) -> Outcome:
    """Work out one claim. Whatever keeps it from being worked out is told at the claim's place."""
    try:
        return _judge(claim, publication, library)
    except QuantityError as error:
        problems: tuple[Problem, ...] = (Problem("ARC430", f"{claim.id}: {error}", claim.mark, (claim.excerpt.strip()[:160],)),)
    except ArchcalcError as error:
        problems = tuple(
            Problem(one.code, f"{claim.id}: {one.message}", claim.mark, (f"at {one.mark}", *one.details))
            for one in error.problems
        )
    return Outcome(claim, publication, BROKEN, problems=problems)


def _judge(claim: Claim, publication: Publication, library: Library) -> Outcome:
    value = library.value(claim)
    verdict = _budget(claim, value) if claim.bound else compare(claim.printed, value, claim.tolerance)

    def outcome_of(status: str, why: str = "") -> Outcome:
        return Outcome(claim, publication, status, verdict, value, why)

    if claim.cause is not None:
        if verdict in AGREES:
            return outcome_of(FAILS, f"is entered as an erratum, but it holds ({verdict}): take the erratum out")
        caused, how = explained(claim, value, library)
        if compare(claim.printed, caused) in AGREES:
            return outcome_of(ERRATUM, how)
        return outcome_of(FAILS, f"does not follow from the explanation of the erratum: {how}")
    if verdict == CONTRADICTED and claim.verdict != CONTRADICTED:
        return outcome_of(FAILS, _contradiction(claim, value))
    if claim.verdict and verdict != claim.verdict:
        return outcome_of(FAILS, f"was entered as {claim.verdict} and is now: {verdict}")
    if verdict == CONTRADICTED:
        return outcome_of(FAILS, "is entered as contradicted, without a cause: an erratum needs one")
    return outcome_of(HOLDS)


def _budget(claim: Claim, value: Value) -> str:
    if isinstance(value, tuple):
        raise QuantityError(f"a budget is about one number, {claim.quantity} is {shown(value)}")
    within = value <= claim.printed.value if claim.bound == "at_most" else value >= claim.printed.value
    return WITHIN if within else CONTRADICTED


def _contradiction(claim: Claim, value: Value) -> str:
    if claim.bound:
        return f"is outside its budget, {claim.bound.replace('_', ' ')} {claim.printed.text}"
    off, relative = difference(claim.printed, value), relative_error(claim.printed, value)
    if off is None:
        return "has other sizes"
    sign = "more" if off > 0 else "less"
    far = f", {abs(relative):.2%} off" if relative is not None else ""
    return f"prints {shown(abs(off))} {sign} than is computed{far}"
