"""A whole run of `verify`: find, judge, mend, and what the exit status is."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from dataclasses import dataclass

from archcalc.claims.files.discovery import find_claims
from archcalc.claims.files.prose import PROSE, fixed
from archcalc.claims.formats import machine, text
from archcalc.claims.library import Library
from archcalc.claims.near_misses import with_near_misses
from archcalc.claims.verify import BROKEN, FAILS, Outcome, verify
from archcalc.description.source import read
from archcalc.errors import Problem, file_error
from archcalc.graph import Limits


@dataclass
class RunResult:
    """All outcomes and all that is malformed."""

    outcomes: list[Outcome]
    problems: list[Problem]
    fixed: int = 0

    @property
    def status(self) -> int:
        """0 if all is well, 1 if a claim fails, 2 if something is malformed."""
        if self.problems:
            return 2
        return 1 if any(outcome.status == FAILS for outcome in self.outcomes) else 0

    def written(self, style: str) -> str:
        """The result in a format, by its name."""
        people = {"text": text.text, "concise": text.concise, "markdown": text.markdown}
        if style in people:
            more = f"\n{self.fixed} figures rewritten" if self.fixed else ""
            return people[style](self.outcomes) + more
        machines = {"json": machine.as_json, "junit": machine.junit, "sarif": machine.sarif, "github": machine.github}
        return machines[style](self.outcomes, self.problems)


def check(names: Sequence[str], shipped: bool = False, fix: bool = False, limits: Limits | None = None) -> RunResult:
    """Judge the claims that a call means; with `fix`, rewrite stale figures in texts. `limits` bounds the networks."""
    publications, problems = find_claims(names, shipped)
    library = Library(publications, limits)
    outcomes = list(verify(publications, library))
    rewritten = 0
    if fix:
        rewritten = _fix([one.path for one in publications if one.path.endswith(PROSE)], outcomes)
        if rewritten:
            publications, problems = find_claims(names, shipped)
            outcomes = list(verify(publications, library))
    problems += [problem for one in outcomes if one.status == BROKEN for problem in one.problems]
    problems = sorted(dict.fromkeys(problems), key=lambda one: (one.mark.path, *one.mark[1:]))
    return RunResult([with_near_misses(one, library) for one in outcomes], problems, rewritten)


def _fix(paths: list[str], outcomes: list[Outcome]) -> int:
    rewritten = 0
    for path in paths:
        source = read(path)
        text, count = fixed(source, [one for one in outcomes if one.claim.mark.path == path])
        rewritten += count
        if count:
            try:
                with open(path, "rb") as file:
                    mark = codecs.BOM_UTF8 if file.read(3) == codecs.BOM_UTF8 else b""
                with open(path, "wb") as file:
                    file.write(mark + text.encode())
            except OSError as error:
                raise file_error("ARC446", path, f"cannot be written: {error.strerror}") from None
    return rewritten
