"""Runs `verify`: discover claims, evaluate them, rewrite stale figures if asked, and decide the exit status."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from archcalc.claims.files.discovery import find_claims
from archcalc.claims.files.rewriting import left_alone, rewrite_files
from archcalc.claims.library import Library
from archcalc.claims.model import MalformedClaim
from archcalc.claims.near_misses import NearMisses
from archcalc.claims.verify import BROKEN, FAILS, Outcome, verify
from archcalc.errors import Problem
from archcalc.graph import Limits


@dataclass
class RunResult:
    """The outcomes of all claims, the problems of malformed ones, and how many figures were rewritten."""

    outcomes: list[Outcome]
    problems: list[Problem]
    fixed: int = 0
    left: list[Problem] = field(default_factory=list)
    """Stale figures that were not rewritten, with the reasons."""
    malformed: list[MalformedClaim] = field(default_factory=list)
    """Claims that cannot be read; their problems are among `problems`."""
    skipped: int = 0
    """Failing figures whose near misses were not searched, because there are many."""

    @property
    def exit_status(self) -> int:
        """0 if all claims hold, 1 if one fails, 2 if something is malformed."""
        if self.problems:
            return 2
        return 1 if any(outcome.status == FAILS for outcome in self.outcomes) else 0


def run(names: Sequence[str], shipped: bool = False, fix: bool = False, limits: Limits | None = None) -> RunResult:
    """Verify the claims that `names` locate, with `shipped` also those of the literature.

    `fix` rewrites stale figures in texts, and `limits` bounds the networks. Raises `DescriptionError` if a name is
    unknown or a text cannot be written; a malformed claim is one of the result's problems.
    """
    publications, problems = find_claims(names, shipped)
    library = Library(publications, limits)
    near_misses = NearMisses(library)
    stale: list[Outcome] = list(verify(publications, library)) if fix else []
    if count := rewrite_files(stale):
        publications, problems = find_claims(names, shipped)
    # Right behind its verification: the report of a network is not kept for long.
    outcomes = [near_misses.added(outcome) for outcome in verify(publications, library)]
    left = left_alone(outcomes) if fix else []
    problems += [problem for outcome in outcomes if outcome.status == BROKEN for problem in outcome.problems]
    problems = sorted(dict.fromkeys(problems), key=lambda problem: (problem.mark.path, *problem.mark[1:]))
    malformed = [claim for publication in publications for claim in publication.malformed]
    return RunResult(outcomes, problems, count, left, malformed, near_misses.skipped)
