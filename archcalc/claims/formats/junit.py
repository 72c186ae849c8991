"""JUnit XML: every claim is a test case, and what is malformed is an error."""

from __future__ import annotations

from xml.etree import ElementTree as Xml

from archcalc.claims.outcome_text import excerpt, failure_line
from archcalc.claims.run import RunResult
from archcalc.claims.verify import BROKEN, FAILS
from archcalc.errors import Mark, printable


def render(result: RunResult) -> str:
    """One test suite with a case for each claim and each problem."""
    tests = str(len(result.outcomes) + len(result.problems))
    failures = str(sum(outcome.status == FAILS for outcome in result.outcomes))
    counts = {"tests": tests, "failures": failures, "errors": str(len(result.problems))}
    root = Xml.Element("testsuites", name="archcalc verify", tests=tests)
    suite = Xml.SubElement(root, "testsuite", {"name": "archcalc verify"} | counts)
    for outcome in result.outcomes:
        claim = outcome.claim
        case = _case(suite, claim.id, outcome.publication.name, claim.mark)
        if outcome.status == FAILS:
            failure = Xml.SubElement(case, "failure", message=printable(failure_line(outcome)))
            failure.text = "\n".join(map(printable, excerpt(outcome)))
        elif outcome.status == BROKEN:
            case.set("status", "not computed")
    for problem in result.problems:
        case = _case(suite, problem.code, problem.mark.path, problem.mark)
        Xml.SubElement(case, "error", message=printable(problem.message)).text = str(problem)
    Xml.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + Xml.tostring(root, encoding="unicode")


def _case(suite: Xml.Element, name: str, classname: str, mark: Mark) -> Xml.Element:
    attributes = {"name": name, "classname": classname, "file": mark.path, "line": str(mark.line)}
    return Xml.SubElement(suite, "testcase", {key: printable(value) for key, value in attributes.items()})
