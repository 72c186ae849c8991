"""Root mean square normalisation against papers and hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # Zhang & Sennrich 2019, equation 4; in LLaMA-7B 4,096 channels (Touvron et al. 2023, table 2), here at 3 tokens, 12,288
    # values. At a token: 4,096 squares, 4,095 sums and ε, a mean, a root, 4,096 quotients; then γ.
    Case(
        [[4096, 3]],
        {},
        [4096, 3],
        (4096, 0),
        {"additions": 12_288, "multiplications": 24_576, "divisions": 12_291, "square_roots": 3},
    ),
    Case(
        [[10]],
        {"elementwise_affine": False},
        [10],
        (0, 0),
        {"additions": 10, "multiplications": 10, "divisions": 11, "square_roots": 1},
    ),
    # PyTorch documentation of RMSNorm, `RMSNorm([2, 3])`: one set of 6 values.
    Case(
        [[2, 3]],
        {"over": "all", "eps": 1e-6},
        [2, 3],
        (6, 0),
        {"additions": 6, "multiplications": 12, "divisions": 7, "square_roots": 1},
    ),
]
REFUSED = [
    ([[3, 2]], {"eps": -1}, "eps must be a number ≥ 0"),
    ([[3, 2]], {"bias": True}, "bias"),
    ([[3], [3]], {}, "reads 2 volumes"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("rms_norm", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("rms_norm", inputs, fields, fragment)
