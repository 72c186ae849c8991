"""Outcomes for machines: JSON, JUnit, SARIF and the annotations of GitHub."""

from __future__ import annotations

import os
from collections.abc import Sequence
from fractions import Fraction
from typing import Any
from xml.etree import ElementTree as Xml

from archcalc.claims.formats.text import excerpt, problem_line, summary, worst_first
from archcalc.claims.verdicts import Value, difference, relative_error
from archcalc.claims.verify import BROKEN, FAILS, Outcome
from archcalc.errors import Mark, Problem, printable
from archcalc.json_writer import dump

SCHEMA = 1
MOST_ANNOTATIONS = 10
"""GitHub shows no more errors for one step."""


def as_json(outcomes: Sequence[Outcome], problems: Sequence[Problem]) -> str:
    """One document: every claim with its outcome, problems as data, counts."""
    counts = {status: sum(one.status == status for one in outcomes) for status in ("holds", "erratum", "fails", "broken")}
    data = {
        "schema": SCHEMA,
        "claims": [_claim(one) for one in outcomes],
        "problems": [_problem(one) for one in problems],
        "summary": counts | {"claims": len(outcomes), "text": summary(outcomes)},
    }
    return dump(data)


def _claim(outcome: Outcome) -> dict[str, Any]:
    claim, value = outcome.claim, outcome.computed
    setting = claim.setting
    return {
        "id": claim.id,
        "publication": outcome.publication.name,
        "network": setting.network,
        "variables": {name: _number(one) for name, one in setting.variables},
        "input": list(setting.input) if setting.input else None,
        "convention": setting.convention,
        "quantity": claim.quantity,
        "of": claim.of,
        "at": claim.place,
        "path": claim.mark.path,
        "line": claim.mark.line,
        "column": claim.mark.column,
        "printed": claim.printed.text,
        "value": _number(claim.printed.volume or claim.printed.value),
        "computed": _number(value),
        "status": outcome.status,
        "verdict": outcome.verdict,
        "difference": None if value is None else _number(difference(claim.printed, value)),
        "relative_error": None if value is None else relative_error(claim.printed, value),
        "why": outcome.why,
        "nearest": list(outcome.near_misses),
    }


def _number(value: Value | None) -> Any:
    """Counts as integers, sizes as lists, other fractions as text, so that nothing is rounded."""
    if isinstance(value, tuple):
        return [_number(one) for one in value]
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else str(value)
    return value


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "code": problem.code,
        "message": problem.message,
        "path": problem.mark.path,
        "line": problem.mark.line,
        "column": problem.mark.column,
        "details": list(problem.details),
    }


def junit(outcomes: Sequence[Outcome], problems: Sequence[Problem]) -> str:
    """Every claim is a test case; what is malformed is an error."""
    root = Xml.Element("testsuites", name="archcalc verify", tests=str(len(outcomes) + len(problems)))
    suite = Xml.SubElement(
        root,
        "testsuite",
        name="archcalc verify",
        tests=str(len(outcomes) + len(problems)),
        failures=str(sum(one.status == FAILS for one in outcomes)),
        errors=str(len(problems)),
    )
    for outcome in outcomes:
        claim = outcome.claim
        case = Xml.SubElement(
            suite,
            "testcase",
            name=printable(claim.id),
            classname=printable(outcome.publication.name),
            file=printable(claim.mark.path),
            line=str(claim.mark.line),
        )
        if outcome.status == FAILS:
            failure = Xml.SubElement(case, "failure", message=printable(problem_line(outcome)))
            failure.text = "\n".join(map(printable, excerpt(outcome)))
        elif outcome.status == BROKEN:
            case.set("status", "not worked out")
    for problem in problems:
        case = Xml.SubElement(
            suite,
            "testcase",
            name=printable(problem.code),
            classname=printable(problem.mark.path),
            file=printable(problem.mark.path),
            line=str(problem.mark.line),
        )
        Xml.SubElement(case, "error", message=printable(problem.message)).text = str(problem)
    Xml.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + Xml.tostring(root, encoding="unicode")


def sarif(outcomes: Sequence[Outcome], problems: Sequence[Problem]) -> str:
    """Defects only, as SARIF 2.1.0 wants it."""
    results = [_result("ARC450", problem_line(one).split("] ", 1)[1], one.claim.mark) for one in worst_first(outcomes)]
    results += [_result(one.code, one.message, one.mark) for one in problems]
    rules = [
        {"id": code, "shortDescription": {"text": _RULES.get(code, "a claims file is malformed")}}
        for code in sorted({str(one["ruleId"]) for one in results})
    ]
    driver = {
        "name": "archcalc",
        "informationUri": "https://pypi.org/project/archcalc/",
        "rules": rules,
    }
    data = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": results}],
    }
    return dump(data)


_RULES = {"ARC450": "a printed figure does not hold"}


def _result(code: str, message: str, mark: Mark) -> dict[str, Any]:
    region = {"startLine": max(mark.line, 1), "startColumn": max(mark.column, 1)}
    place = {"artifactLocation": {"uri": _relative(mark.path)}, "region": region}
    return {
        "ruleId": code,
        "level": "error",
        "message": {"text": printable(message)},
        "locations": [{"physicalLocation": place}],
    }


def _relative(path: str) -> str:
    from urllib.parse import quote

    return quote(os.path.relpath(path).replace(os.sep, "/"))


def github(outcomes: Sequence[Outcome], problems: Sequence[Problem]) -> str:
    """Annotations, worst first and at most ten, and how many more there are."""
    notes = [(one.mark, one.code, one.message) for one in problems]
    notes += [(one.claim.mark, "ARC450", problem_line(one).split("] ", 1)[1]) for one in worst_first(outcomes)]
    lines = [_annotation(*note) for note in notes[:MOST_ANNOTATIONS]]
    if len(notes) > MOST_ANNOTATIONS:
        lines.append(f"{len(notes) - MOST_ANNOTATIONS} more are not annotated")
    return "\n".join([*lines, printable(summary(outcomes))])


def _annotation(mark: Mark, code: str, message: str) -> str:
    def data(text: str) -> str:
        return printable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

    def name(text: str) -> str:
        return data(text).replace(":", "%3A").replace(",", "%2C")

    place = f"file={name(os.path.relpath(mark.path))},line={max(mark.line, 1)},col={max(mark.column, 1)}"
    return f"::error {place},title=archcalc {code}::{data(message)}"
