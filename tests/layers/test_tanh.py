"""The hyperbolic tangent against hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # (e²ˣ − 1) / (e²ˣ + 1): one exponential, two sums, one division for each of 84 values (LeCun et al. 1998, F6).
    Case([[84]], {}, [84], tallies={"exponentials": 84, "additions": 168, "divisions": 84}),
    # LeCun et al. 1998, appendix A, A·tanh(S·x): times S before and times A behind.
    Case(
        [[84]], {"scaled": True}, [84], tallies={"exponentials": 84, "additions": 168, "divisions": 84, "multiplications": 168}
    ),
]
REFUSED = [
    ([[4], [4]], {}, "reads 2 volumes"),
    ([[84]], {"scaled": 1.7}, "scaled"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("tanh", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("tanh", inputs, fields, fragment)
