"""Small claims files for the tests."""

from __future__ import annotations

from textwrap import dedent, indent

from archcalc.claims.files.reader import read_claims
from archcalc.claims.library import Library
from archcalc.claims.verify import Outcome, verify
from archcalc.description.source import Source

HEAD = "archcalc-claims: 1\ntitle: a paper\nclaims:\n"


def file_of(*claims: str) -> str:
    """A claims file with these claims, each a YAML mapping as text."""
    return HEAD + "".join(f"  - {indent(dedent(one).strip(), '    ').strip()}\n" for one in claims)


def judged(*claims: str) -> tuple[list[Outcome], list[str]]:
    """The outcomes of the claims, and all that is malformed, as it is printed."""
    publication, problems = read_claims(Source("paper.yaml", file_of(*claims)))
    outcomes = list(verify([publication], Library([publication])))
    problems += [problem for one in outcomes for problem in one.problems]
    return outcomes, [str(problem) for problem in problems]


def statuses(*claims: str) -> list[str]:
    """What comes of each claim; nothing may be malformed."""
    outcomes, problems = judged(*claims)
    assert not problems, "\n".join(problems)
    return [f"{one.status} {one.verdict}" for one in outcomes]
