"""The rectified linear unit with trained slopes against hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # He et al. 2015, §2.1, channel-wise: one slope for each of 64 maps; 64·112·112 = 802,816 values.
    Case(
        [[64, 112, 112]],
        {"num_parameters": 64},
        [64, 112, 112],
        (64, 0),
        {"comparisons": 802_816, "multiplications": 802_816},
    ),
    # Channel-shared: one slope; so it is by default (PyTorch documentation of PReLU).
    Case([[6, 5]], {}, [6, 5], (1, 0), {"comparisons": 30, "multiplications": 30}),
    Case([[3]], {"num_parameters": 3}, [3], (3, 0), {"comparisons": 3, "multiplications": 3}),
]
REFUSED = [
    ([[6, 5]], {"num_parameters": 5}, "num_parameters must be 1 or the number of channels"),
    ([[6, 5]], {"num_parameters": 0}, "num_parameters must be an integer ≥ 1"),
    ([[4], [4]], {}, "reads 2 volumes"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("prelu", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("prelu", inputs, fields, fragment)
