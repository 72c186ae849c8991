"""Claims about totals in which a layer is not counted: only what follows from a lower bound is decided."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.analysis.test_grades import HALF
from tests.conftest import Run


@pytest.mark.parametrize(
    ("claim", "status", "words"),
    [
        ("quantity: params, printed: '2728'", "broken", "params of total is at least 2,728: of which 1,234 stated by s"),
        ("quantity: params, printed: '9000'", "broken", "not counted: u (was: Einsum)"),
        ("quantity: params, at_least: 2000", "holds", ""),
        ("quantity: params, at_least: 3000", "broken", "at least 2,728"),
        ("quantity: params, at_most: 3000", "broken", "at least 2,728"),
        ("quantity: params, at_most: 2000", "fails", "out of bounds"),
        ("quantity: params / 2, at_least: 1000", "broken", "at least 2,728"),
        ("quantity: depth, printed: '3'", "broken", "depth of total is at least 3"),
        ("quantity: additions, printed: '3'", "broken", "not counted"),
        ("quantity: params, of: s, printed: '1,234'", "holds", ""),
        ("quantity: activations, printed: '14356'", "holds", ""),
    ],
)
def test_claims(claim: str, status: str, words: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "half.yaml").write_text(HALF, encoding="utf-8")
    paper = tmp_path / "paper.yaml"
    paper.write_text(f"archcalc-claims: 1\nclaims:\n  - {{network: half.yaml, {claim}}}\n", encoding="utf-8")
    result = run("verify", str(paper), "-f", "json")
    (found,) = json.loads(result.out)["claims"]
    assert found["status"] == status
    assert words in result.out + result.err
