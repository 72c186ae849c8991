"""Claims as tests: `pytest --archcalc lecture` verifies printed figures, one test item per claim.

`--archcalc` and the ini option `archcalc` take files, folders and names of shipped publications or networks. pytest
loads this file by its entry point; archcalc itself is imported only when one of the two is used.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from archcalc.claims.library import Library
    from archcalc.claims.model import Claim, Publication
    from archcalc.errors import Problem


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option `--archcalc` and the ini option `archcalc`."""
    purpose = "verify the printed figures of a claims file, a folder, or a shipped publication or network"
    parser.getgroup("archcalc").addoption("--archcalc", action="append", metavar="NAME", default=[], help=purpose)
    parser.addini("archcalc", f"{purpose}, one per line", type="linelist", default=[])


class ClaimError(Exception):
    """A claim does not hold, or is malformed; the report shows its text."""


class Claims(pytest.Collector):
    """The claims of one file."""

    def collect(self) -> Iterator[pytest.Item]:
        """Nothing: `pytest_collection_modifyitems` adds the items."""
        return iter(())


class ClaimItem(pytest.Item):
    """One claim."""

    def __init__(self, *, claim: Claim, publication: Publication, library: Library, **rest: Any) -> None:
        super().__init__(**rest)
        self.claim = claim
        self.publication = publication
        self.library = library

    def runtest(self) -> None:
        """Verify the claim. Raises `ClaimError` with an excerpt if it does not hold."""
        from archcalc.claims.near_misses import with_near_misses
        from archcalc.claims.outcome_text import excerpt
        from archcalc.claims.verify import verify_claim

        outcome = with_near_misses(verify_claim(self.claim, self.publication, self.library), self.library)
        if not outcome.ok:
            raise ClaimError("\n".join(map(str, outcome.problems) if outcome.problems else excerpt(outcome)))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The excerpt alone, without the plugin's own stack."""
        return str(excinfo.value) if isinstance(excinfo.value, ClaimError) else super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[str, int, str]:
        """The claim's own file and line."""
        return self.claim.mark.path, max(self.claim.mark.line - 1, 0), f"{self.publication.name}::{self.claim.id}"


class ProblemItem(pytest.Item):
    """A problem of a claims file."""

    def __init__(self, *, problem: Problem, **rest: Any) -> None:
        super().__init__(**rest)
        self.problem = problem

    def runtest(self) -> None:
        """Fail with the problem: raises `ClaimError`."""
        raise ClaimError(str(self.problem))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The problem as archcalc prints it."""
        return str(excinfo.value) if isinstance(excinfo.value, ClaimError) else super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[str, int, str]:
        """The file and line of the problem."""
        return self.problem.mark.path, max(self.problem.mark.line - 1, 0), self.name


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Add an item for each claim, before other plugins select items. Raises `pytest.UsageError` for an unknown name."""
    names = [*config.getoption("archcalc"), *config.getini("archcalc")]
    if not names:
        return
    from archcalc.claims.files.discovery import find_claims
    from archcalc.claims.library import Library
    from archcalc.errors import ArchcalcError

    try:
        publications, problems = find_claims(names)
    except ArchcalcError as error:
        raise pytest.UsageError(str(error)) from None
    library = Library(publications)
    for publication in publications:
        file = _file(session, publication.path)
        for claim in publication.claims:
            items.append(ClaimItem.from_parent(file, name=claim.id, claim=claim, publication=publication, library=library))
    for problem in problems:
        file = _file(session, problem.mark.path)
        items.append(ProblemItem.from_parent(file, name=f"{problem.code}-{problem.mark.line}", problem=problem))


def _file(session: pytest.Session, path: str) -> Claims:
    shown = os.path.relpath(path)
    name = os.path.basename(path) if shown.startswith("..") else shown
    file: Claims = Claims.from_parent(session, name=name, nodeid=name.replace(os.sep, "/"), path=Path(path).absolute())
    return file
