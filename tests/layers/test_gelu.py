"""The Gaussian error linear unit against hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # Hendrycks & Gimpel 2016, §2: 0.5·x·(1 + erf(x/√2)), as in ViT-B/16's MLP (Dosovitskiy et al. 2021, table 1: 3,072) at
    # 197 tokens, 605,184 values: x times 1/√2, erf, 1 + erf, times x, times 0.5.
    Case(
        [[3072, 197]],
        {},
        [3072, 197],
        tallies={"error_functions": 605_184, "additions": 605_184, "multiplications": 1_815_552},
    ),
    # 0.5·x·(1 + tanh(√(2/π)·(x + 0.044715·x·x·x))) for 10 values: 2 products for x³, its factor, the sum, its factor; for tanh
    # e²ᵘ, two sums and a quotient; 1 + tanh, times x, times 0.5.
    Case(
        [[10]],
        {"approximate": "tanh"},
        [10],
        tallies={"exponentials": 10, "additions": 40, "divisions": 10, "multiplications": 60},
    ),
]
REFUSED = [
    ([[4], [4]], {}, "reads 2 volumes"),
    ([[4]], {"approximate": "fast"}, "approximate must be none or tanh"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("gelu", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("gelu", inputs, fields, fragment)
