"""SARIF 2.1.0: failing claims and malformed files as results of a static analysis."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

from archcalc.claims.outcome_text import defects
from archcalc.claims.repository import repository_path
from archcalc.claims.run import RunResult
from archcalc.codes import pages
from archcalc.errors import Mark, printable
from archcalc.json_writer import dump


def render(result: RunResult) -> str:
    """The defects only, in one run."""
    results = [_result(*defect) for defect in defects(result)]
    rules = [
        {"id": code, "shortDescription": {"text": pages()[code].title}}
        for code in sorted({str(entry["ruleId"]) for entry in results})
    ]
    driver = {"name": "archcalc", "rules": rules}
    data = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": results}],
    }
    return dump(data)


def _result(mark: Mark, code: str, message: str) -> dict[str, Any]:
    region = {"startLine": max(mark.line, 1), "startColumn": max(mark.column, 1)}
    location = {"artifactLocation": {"uri": _uri(mark.path)}, "region": region}
    return {
        "ruleId": code,
        "level": "error",
        "message": {"text": printable(message)},
        "locations": [{"physicalLocation": location}],
    }


def _uri(path: str) -> str:
    path = repository_path(path)
    return Path(path).as_uri() if os.path.isabs(path) else quote(path)
