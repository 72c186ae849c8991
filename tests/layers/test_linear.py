"""The dense layer against papers and hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # Simonyan & Zisserman 2014, table 1, the first FC-4096: 25,088·4,096 = 102,760,448, + 4,096.
    Case(
        [[25088]],
        {"out_features": 4096},
        [4096],
        (102_760_448, 4_096),
        {"multiply_adds": 102_760_448, "additions": 4_096},
        connection_count=102_764_544,
        neurons=4_096,
    ),
    # LeCun et al. 1998, §II.B, F6: 10,164 parameters and connections. 84·120 = 10,080, + 84.
    Case(
        [[120]],
        {"out_features": 84},
        [84],
        (10_080, 84),
        {"multiply_adds": 10_080, "additions": 84},
        connection_count=10_164,
        neurons=84,
    ),
    # Without a bias: 3·2 = 6.
    Case([[3]], {"out_features": 2, "bias": False}, [2], (6, 0), {"multiply_adds": 6}, connection_count=6, neurons=2),
]
REFUSED = [
    ([[512, 7, 7]], {"out_features": 10}, "put flatten before it"),
    ([[512]], {}, "out_features is missing"),
    ([[512]], {"out_features": 0}, "out_features must be an integer ≥ 1"),
    ([[512]], {"out_features": [10, 10]}, "out_features must be"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("linear", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("linear", inputs, fields, fragment)
