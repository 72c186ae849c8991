"""JUnit XML: every claim is a test case, and what is malformed is an error."""

from __future__ import annotations

from xml.etree import ElementTree as Xml

from archcalc.claims.outcome_text import excerpt, failure_line
from archcalc.claims.repository import repository_path
from archcalc.claims.run import RunResult
from archcalc.claims.verify import BROKEN, FAILS
from archcalc.errors import Mark, printable


def render(result: RunResult) -> str:
    """One test suite with a case for each claim, and one for each problem that is not that of a single claim."""
    root = Xml.Element("testsuites", name="archcalc verify")
    suite = Xml.SubElement(root, "testsuite", name="archcalc verify")
    for outcome in result.outcomes:
        case = _case(suite, outcome.claim.id, outcome.publication.name, outcome.claim.mark)
        if outcome.status == FAILS:
            failure = Xml.SubElement(case, "failure", message=printable(failure_line(outcome)))
            failure.text = "\n".join(map(printable, excerpt(outcome)))
        elif outcome.status == BROKEN:
            error = Xml.SubElement(case, "error", message=printable(outcome.why))
            error.text = printable(outcome.why) if outcome.is_shared else "\n".join(map(str, outcome.problems))
    of_claims = {problem for outcome in result.outcomes if not outcome.is_shared for problem in outcome.problems}
    for problem in result.problems:
        if problem not in of_claims:
            case = _case(suite, problem.code, problem.mark.path, problem.mark)
            Xml.SubElement(case, "error", message=printable(problem.message)).text = str(problem)
    for element in (root, suite):
        element.set("tests", str(len(suite)))
        element.set("failures", str(len(suite.findall("testcase/failure"))))
        element.set("errors", str(len(suite.findall("testcase/error"))))
    Xml.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + Xml.tostring(root, encoding="unicode")


def _case(suite: Xml.Element, name: str, classname: str, mark: Mark) -> Xml.Element:
    attributes = {"name": name, "classname": classname, "file": repository_path(mark.path), "line": str(mark.line)}
    return Xml.SubElement(suite, "testcase", {key: printable(value) for key, value in attributes.items()})
