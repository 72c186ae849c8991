"""Dropout against hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # Hinton et al. 2012; Krizhevsky et al. 2012, §4.2: at test time the values pass on, nothing is computed.
    Case([[4096]], {"p": 0.5}, [4096]),
    Case([[3, 4, 5]], {}, [3, 4, 5]),
]
REFUSED = [
    ([[4096]], {"p": 1.5}, "p must be a number ≥ 0 and ≤ 1"),
    ([[4096]], {"p": float("nan")}, "p must be a number"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("dropout", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("dropout", inputs, fields, fragment)
