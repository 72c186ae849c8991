"""Claims as tests: `pytest --archcalc lecture` verifies printed figures, one test item per claim.

`--archcalc` and the ini option `archcalc` take files, folders and names of shipped publications or networks; without
them, the claims are those that `[tool.archcalc] claims` in pyproject.toml names. As with other tests, files in the call
select: `pytest paper.yaml::total` runs one claim, `pytest tests` none of the claims of the project that lie elsewhere.
pytest loads this file by its entry point; archcalc itself is imported only where there are claims.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

if TYPE_CHECKING:
    from archcalc.claims.model import Claim, Publication
    from archcalc.claims.near_misses import NearMisses
    from archcalc.errors import Problem


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option `--archcalc` and the ini option `archcalc`."""
    purpose = "verify the printed figures of a claims file, a folder, or a shipped publication or network"
    parser.getgroup("archcalc").addoption("--archcalc", action="append", metavar="NAME", default=[], help=purpose)
    parser.addini("archcalc", f"{purpose}, one per line", type="linelist", default=[])


class ClaimError(Exception):
    """A claim does not hold, or is malformed; the report shows its text."""


class Located(NamedTuple):
    """The claims of a run: the items of each file by its real path, and the near misses with the library that verifies them."""

    publications: dict[str, Publication]
    problems: dict[str, list[Problem]]
    near_misses: NearMisses


class ClaimsFile(pytest.File):
    """The claims of one file, and its problems."""

    def collect(self) -> Iterator[pytest.Item]:
        """An item for each claim and each problem."""
        located = self.config.stash[LOCATED]
        path = os.path.realpath(self.path)
        publication = located.publications.get(path)
        for claim in publication.claims if publication else ():
            yield ClaimItem.from_parent(
                self, name=claim.id, claim=claim, publication=publication, near_misses=located.near_misses
            )
        for problem in located.problems.get(path, ()):
            yield ProblemItem.from_parent(self, name=f"{problem.code}-{problem.mark.line}", problem=problem)


class ClaimItem(pytest.Item):
    """One claim."""

    def __init__(self, *, claim: Claim, publication: Publication, near_misses: NearMisses, **rest: Any) -> None:
        super().__init__(**rest)
        self.claim = claim
        self.publication = publication
        self.near_misses = near_misses

    def runtest(self) -> None:
        """Verify the claim. Raises `ClaimError` with an excerpt if it does not hold."""
        from archcalc.claims.outcome_text import failure_excerpt
        from archcalc.claims.verify import verify_claim

        outcome = self.near_misses.added(verify_claim(self.claim, self.publication, self.near_misses.library))
        if not outcome.ok:
            raise ClaimError("\n".join(map(str, outcome.problems) if outcome.problems else failure_excerpt(outcome)))

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


LOCATED = pytest.StashKey[Located]()


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Generator[None, Any, Any]:
    """Add the files with claims to what the session collects. Raises `pytest.UsageError` for an unknown name."""
    if not isinstance(collector, pytest.Session):
        return (yield)
    names = _names(collector.config)
    if names:
        collector.config.stash[LOCATED] = located = _located(names)
    report = yield
    if names and report.passed and not any(map(collector.isinitpath, map(Path, _paths(located)))):
        report.result.extend(_file(collector, path) for path in _paths(located) if _is_selected(collector.config, path))
    return report


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> ClaimsFile | None:
    """The claims of a file that the call names, so that `paper.yaml::total` selects one of them."""
    located = parent.config.stash.get(LOCATED, None)
    if located is None or not parent.session.isinitpath(file_path) or os.path.realpath(file_path) not in _paths(located):
        return None
    return _file(parent, str(file_path))


def _names(config: pytest.Config) -> list[str]:
    """Where claims are: as the call or the settings of pytest name them, else as the project does for `archcalc verify`."""
    names = [*config.getoption("archcalc"), *config.getini("archcalc")]
    settings = config.rootpath / "pyproject.toml"
    if names or not settings.is_file() or "[tool.archcalc]" not in settings.read_text(encoding="utf-8", errors="replace"):
        return names
    from archcalc.claims.files.discovery import configured_claims
    from archcalc.errors import ArchcalcError

    try:
        return configured_claims(str(settings))
    except ArchcalcError as error:
        raise pytest.UsageError(str(error)) from None


def _located(names: list[str]) -> Located:
    from archcalc.claims.files.discovery import find_claims
    from archcalc.claims.library import Library
    from archcalc.claims.near_misses import NearMisses
    from archcalc.errors import ArchcalcError

    try:
        publications, problems = find_claims(names)
    except ArchcalcError as error:
        raise pytest.UsageError(str(error)) from None
    by_path: dict[str, list[Problem]] = {}
    for problem in problems:
        by_path.setdefault(os.path.realpath(problem.mark.path), []).append(problem)
    return Located({os.path.realpath(one.path): one for one in publications}, by_path, NearMisses(Library(publications)))


def _paths(located: Located) -> list[str]:
    """The files with claims or problems."""
    return list(dict.fromkeys([*located.publications, *located.problems]))


def _is_selected(config: pytest.Config, path: str) -> bool:
    """Whether a file belongs to the call: named by `--archcalc`, or in the folders of the call where it names some."""
    folders = [os.path.realpath(config.invocation_params.dir / name) for name in config.option.file_or_dir]
    return (
        bool(config.getoption("archcalc"))
        or not folders
        or any(f"{path}{os.sep}".startswith(f"{one}{os.sep}") for one in folders)
    )


def _file(parent: pytest.Collector, path: str) -> ClaimsFile:
    """The collector of a file; the id of one outside of the project is its name."""
    inside = Path(path).is_relative_to(parent.config.rootpath)
    nodeid = Path(path).relative_to(parent.config.rootpath).as_posix() if inside else os.path.basename(path)
    file: ClaimsFile = ClaimsFile.from_parent(parent, path=Path(path), nodeid=nodeid)
    return file
