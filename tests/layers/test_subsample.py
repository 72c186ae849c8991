"""LeNet's subsampling against LeCun et al. 1998."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # LeCun et al. 1998, §II.B, S2: 12 parameters and 5,880 connections. 6·14·14 = 1,176 units; each adds up four
    # values (3 additions), multiplies once and adds a bias; 1,176·(4 + 1) = 5,880.
    Case(
        [[6, 28, 28]],
        {"kernel_size": 2},
        [6, 14, 14],
        (6, 6),
        {"additions": 4_704, "multiplications": 1_176},
        connection_count=5_880,
        neurons=1_176,
    ),
    # S4: 32 parameters and 2,000 connections; 16·25 = 400 units.
    Case(
        [[16, 10, 10]],
        {"kernel_size": 2},
        [16, 5, 5],
        (16, 16),
        {"additions": 1_600, "multiplications": 400},
        connection_count=2_000,
        neurons=400,
    ),
]
REFUSED = [
    ([[6, 1, 1]], {"kernel_size": 2}, "the window must fit into the padded map"),
    ([[6, 28, 28]], {}, "kernel_size is missing"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("subsample", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("subsample", inputs, fields, fragment)
