"""LeNet's output layer against LeCun et al. 1998."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # LeCun et al. 1998, §II.B, equation 7: ten units of 84 fixed weights. Each takes 84 differences, 84 squares and
    # 83 sums: 10·167 = 1,670 additions; 10·84 = 840 of the rest.
    Case(
        [[84]],
        {"out_features": 10},
        [10],
        (840, 0),
        {"additions": 1_670, "multiplications": 840},
        connection_count=840,
        neurons=10,
    ),
]
REFUSED = [
    ([[84, 1, 1]], {"out_features": 10}, "put flatten before it"),
    ([[84]], {}, "out_features is missing"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("rbf", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("rbf", inputs, fields, fragment)
