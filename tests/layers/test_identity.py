"""The identity."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # He et al. 2015, §3.2: identity shortcuts add neither parameters nor computation.
    Case([[64, 56, 56]], {}, [64, 56, 56]),
]
REFUSED = [
    ([[4], [4]], {}, "reads 2 volumes"),
    ([[4]], {"slope": 1}, "slope"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("identity", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("identity", inputs, fields, fragment)
