"""JUnit XML: every claim is a test case, and what is malformed is an error."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as Xml

from archcalc.claims.outcome_text import failure_excerpt, failure_line
from archcalc.claims.repository import repository_path
from archcalc.claims.run import RunResult
from archcalc.claims.verify import BROKEN, FAILS, Outcome
from archcalc.errors import Mark, Problem, printable


def render(result: RunResult) -> str:
    """One test suite with a case for each claim, and one for each problem that is not that of a single claim."""
    root = Xml.Element("testsuites", name="archcalc verify")
    suite = Xml.SubElement(root, "testsuite", name="archcalc verify")
    for outcome in result.outcomes:
        case = _case(suite, outcome.claim.id, outcome.publication.name, outcome.claim.mark)
        if outcome.status == FAILS:
            failure = Xml.SubElement(case, "failure", message=printable(failure_line(outcome)))
            failure.text = "\n".join(map(printable, failure_excerpt(outcome)))
        elif outcome.status == BROKEN:
            _error(case, outcome.why, _own(outcome))
    for malformed in result.malformed:
        case = _case(suite, malformed.id, malformed.publication, malformed.mark)
        _error(case, malformed.why, malformed.problems)
    of_claims = {problem for outcome in result.outcomes for problem in _own(outcome)}
    of_claims.update(problem for malformed in result.malformed for problem in malformed.problems)
    for problem in result.problems:
        if problem not in of_claims:
            case = _case(suite, problem.code, problem.mark.path, problem.mark)
            _error(case, problem.message, (problem,))
    for element in (root, suite):
        element.set("tests", str(len(suite)))
        element.set("failures", str(len(suite.findall("testcase/failure"))))
        element.set("errors", str(len(suite.findall("testcase/error"))))
    Xml.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + Xml.tostring(root, encoding="unicode")


def _own(outcome: Outcome) -> tuple[Problem, ...]:
    """The problems of a claim: of those that it shares with others, the ones that are at its place."""
    return tuple(p for p in outcome.problems if not outcome.is_shared or p.mark == outcome.claim.mark)


def _error(case: Xml.Element, message: str, problems: Sequence[Problem]) -> None:
    """The error of a case, with what is wrong as its text."""
    text = "\n".join(map(str, problems)) or printable(message)
    Xml.SubElement(case, "error", message=printable(message)).text = text


def _case(suite: Xml.Element, name: str, classname: str, mark: Mark) -> Xml.Element:
    attributes = {"name": name, "classname": classname, "file": repository_path(mark.path), "line": str(mark.line)}
    return Xml.SubElement(suite, "testcase", {key: printable(value) for key, value in attributes.items()})
