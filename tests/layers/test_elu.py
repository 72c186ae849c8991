"""The exponential linear unit against hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # Clevert et al. 2015, §3: 64·8 = 512 values, each compared with 0; eˣ − 1 is an exponential and an addition.
    Case([[64, 8]], {}, [64, 8], tallies={"comparisons": 512, "exponentials": 512, "additions": 512}),
    # With α ≠ 1 times α.
    Case(
        [[10]],
        {"alpha": 0.5},
        [10],
        tallies={"comparisons": 10, "exponentials": 10, "additions": 10, "multiplications": 10},
    ),
]
REFUSED = [
    ([[4], [4]], {}, "reads 2 volumes"),
    ([[4]], {"alpha": "steep"}, "alpha must be a number"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("elu", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("elu", inputs, fields, fragment)
