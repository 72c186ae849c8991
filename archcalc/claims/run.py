"""Runs `verify`: discover claims, evaluate them, rewrite stale figures if asked, and decide the exit status."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from dataclasses import dataclass

from archcalc.claims.files.discovery import find_claims
from archcalc.claims.files.prose import PROSE, rewritten
from archcalc.claims.library import Library
from archcalc.claims.near_misses import with_near_misses
from archcalc.claims.verify import BROKEN, FAILS, Outcome, verify
from archcalc.description.source import read
from archcalc.errors import Problem, file_error
from archcalc.graph import Limits


@dataclass
class RunResult:
    """The outcomes of all claims, the problems of malformed ones, and how many figures were rewritten."""

    outcomes: list[Outcome]
    problems: list[Problem]
    fixed: int = 0

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
    outcomes = list(verify(publications, library))
    count = 0
    if fix:
        count = _fix([publication.path for publication in publications if publication.path.endswith(PROSE)], outcomes)
        if count:
            publications, problems = find_claims(names, shipped)
            outcomes = list(verify(publications, library))
    outcomes = [with_near_misses(outcome, library) for outcome in outcomes]
    problems += [problem for outcome in outcomes if outcome.status == BROKEN for problem in outcome.problems]
    problems = sorted(dict.fromkeys(problems), key=lambda problem: (problem.mark.path, *problem.mark[1:]))
    return RunResult(outcomes, problems, count)


def _fix(paths: list[str], outcomes: list[Outcome]) -> int:
    """Rewrite the stale figures of the texts and return how many there were."""
    total = 0
    for path in paths:
        text, count = rewritten(read(path), [outcome for outcome in outcomes if outcome.claim.mark.path == path])
        total += count
        if count:
            _write(path, text)
    return total


def _write(path: str, text: str) -> None:
    try:
        with open(path, "rb") as file:
            byte_order_mark = codecs.BOM_UTF8 if file.read(3) == codecs.BOM_UTF8 else b""
        with open(path, "wb") as file:
            file.write(byte_order_mark + text.encode())
    except OSError as error:
        raise file_error("ARC446", path, f"cannot be written: {error.strerror}") from None
