"""Layer normalisation against papers and hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # Ba et al. 2016, §3; in ViT-B/16 768 channels at 197 tokens (Dosovitskiy et al. 2021, table 1), 151,296 values. At a token:
    # 767 + 767 sums, 768 differences, 768 squares, ε, two means, a root, 768 quotients; then γ and β.
    Case(
        [[768, 197]],
        {},
        [768, 197],
        (768, 768),
        {"additions": 604_987, "multiplications": 302_592, "divisions": 151_690, "square_roots": 197},
    ),
    # PyTorch documentation of LayerNorm, `bias=False`: 12 values at 4 positions, of 3 channels.
    Case(
        [[3, 2, 2]],
        {"bias": False},
        [3, 2, 2],
        (3, 0),
        {"additions": 32, "multiplications": 24, "divisions": 20, "square_roots": 4},
    ),
    # Neither scale nor shift, on a vector.
    Case(
        [[10]],
        {"elementwise_affine": False},
        [10],
        (0, 0),
        {"additions": 29, "multiplications": 10, "divisions": 12, "square_roots": 1},
    ),
    # PyTorch documentation of LayerNorm, `LayerNorm([5, 10, 10])`: 500 of each, one mean and one variance.
    Case(
        [[5, 10, 10]],
        {"over": "all"},
        [5, 10, 10],
        (500, 500),
        {"additions": 1_999, "multiplications": 1_000, "divisions": 502, "square_roots": 1},
    ),
]
REFUSED = [
    ([[3, 2, 2]], {"eps": -1}, "eps must be a number ≥ 0"),
    ([[3, 2, 2]], {"over": "width"}, "over must be channels or all"),
    ([[3], [3]], {}, "reads 2 volumes"),
    ([[3]], {"bias": "maybe"}, "bias"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("layer_norm", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("layer_norm", inputs, fields, fragment)
