"""The gated recurrent unit against papers, PyTorch's documentation and hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # PyTorch documentation, GRU: weight_ih_l[k] (3·hidden, input), weight_hh_l[k] (3·hidden, hidden), two biases of
    # 3·hidden. Here 9·2 + 9·3 = 45 and 18; 5·45 = 225. Units 15: 3 exponentials, 3 divisions, 3 multiplications, additions
    # 2·1 + 2 + 2 + 1 = 7 and 3·2 for the biases.
    Case(
        [[2, 5]],
        {"hidden_size": 3},
        [3, 5],
        (45, 18),
        {"multiply_adds": 225, "exponentials": 45, "divisions": 45, "multiplications": 45, "additions": 195},
        connection_count=315,
        neurons=15,
    ),
    # Cho et al. 2014, §2.3 (one sum in each gate), and Keras documentation, GRU with reset_after false: bias (3·units).
    # Additions 2·1 + 2 + 2 = 6 and 3 for the bias.
    Case(
        [[2, 5]],
        {"hidden_size": 3, "num_biases": 1},
        [3, 5],
        (45, 9),
        {"multiply_adds": 225, "exponentials": 45, "divisions": 45, "multiplications": 45, "additions": 135},
        connection_count=270,
        neurons=15,
    ),
    # 2 layers of 200 over 35 steps: 2·(600·400) = 480,000 and 2·1,200 = 2,400; 35·480,000; units 14,000.
    Case(
        [[200, 35]],
        {"hidden_size": 200, "num_layers": 2},
        [200, 35],
        (480_000, 2_400),
        {
            "multiply_adds": 16_800_000,
            "exponentials": 42_000,
            "divisions": 42_000,
            "multiplications": 42_000,
            "additions": 182_000,
        },
        connection_count=16_884_000,
        neurons=14_000,
    ),
    # Both ways, 2 layers, no bias: 2·9·(2 + 3) = 90 and 2·9·(6 + 3) = 162. Units 4·12 = 48.
    Case(
        [[2, 4]],
        {"hidden_size": 3, "num_layers": 2, "bidirectional": True, "bias": False},
        [6, 4],
        (252, 0),
        {"multiply_adds": 1_008, "exponentials": 144, "divisions": 144, "multiplications": 144, "additions": 336},
        connection_count=1_008,
        neurons=48,
    ),
]
REFUSED: list[tuple[list[list[int]], dict[str, Any], str]] = [
    ([[2, 5]], {}, "hidden_size is missing"),
    ([[2, 5]], {"hidden_size": 3, "num_layers": 0}, "num_layers must be an integer ≥ 1"),
    ([[2]], {"hidden_size": 3}, "the input must be C×L"),
    ([[2, 5]], {"hidden_size": 3, "num_biases": 3}, "num_biases must be 1 or 2"),
    ([[2, 5]], {"hidden_size": 3, "proj_size": 2}, "proj_size is not a field"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("gru", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("gru", inputs, fields, fragment)
