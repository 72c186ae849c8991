"""Long short-term memory against papers, PyTorch's documentation and hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # PyTorch documentation, LSTM: weight_ih_l[k] (4·hidden, input), weight_hh_l[k] (4·hidden, hidden), two biases of
    # 4·hidden. Here 12·2 + 12·3 = 60 and 2·12 = 24; 5·60 = 300. Units over the steps 5·3 = 15: exponentials 15·5 = 75,
    # divisions as many, multiplications 15·3 = 45, additions 15·(3·1 + 2·2 + 1) = 120 and 15·4·2 = 120 for the biases.
    Case(
        [[2, 5]],
        {"hidden_size": 3},
        [3, 5],
        (60, 24),
        {"multiply_adds": 300, "exponentials": 75, "divisions": 75, "multiplications": 45, "additions": 240},
        connection_count=420,
        neurons=15,
    ),
    # Keras documentation, LSTM: kernel (input, 4·units), recurrent kernel (units, 4·units), one bias (4·units). additions
    # 120 + 15·4 = 180; connections 5·72.
    Case(
        [[2, 5]],
        {"hidden_size": 3, "num_biases": 1},
        [3, 5],
        (60, 12),
        {"multiply_adds": 300, "exponentials": 75, "divisions": 75, "multiplications": 45, "additions": 180},
        connection_count=360,
        neurons=15,
    ),
    # Zaremba, Sutskever & Vinyals 2014, §4.1, small network: 2 layers of 200, 35 steps; with PyTorch's two biases.
    # 2·(800·400) = 640,000 and 2·1,600 = 3,200; 35·640,000. Units 35·400 = 14,000: ·5, ·5, ·3, ·(8 + 8).
    Case(
        [[200, 35]],
        {"hidden_size": 200, "num_layers": 2},
        [200, 35],
        (640_000, 3_200),
        {
            "multiply_adds": 22_400_000,
            "exponentials": 70_000,
            "divisions": 70_000,
            "multiplications": 42_000,
            "additions": 224_000,
        },
        connection_count=22_512_000,
        neurons=14_000,
    ),
    # Both ways, 2 layers: first 2·12·(2 + 3) = 120, second 2·12·(6 + 3) = 216, no bias. Units 4·12 = 48 over 4 steps.
    Case(
        [[2, 4]],
        {"hidden_size": 3, "num_layers": 2, "bidirectional": True, "bias": False},
        [6, 4],
        (336, 0),
        {"multiply_adds": 1_344, "exponentials": 240, "divisions": 240, "multiplications": 144, "additions": 384},
        connection_count=1_344,
        neurons=48,
    ),
    # PyTorch documentation, LSTM: with proj_size W_hh is (4·hidden, proj), W_hr (proj, hidden), and a further layer reads
    # proj. First 12·(4 + 2) + 2·3 = 78, second 12·(2 + 2) + 6 = 54; biases 2·2·12 = 48. Units 5·2·3 = 30.
    Case(
        [[4, 5]],
        {"hidden_size": 3, "proj_size": 2, "num_layers": 2},
        [2, 5],
        (132, 48),
        {"multiply_adds": 660, "exponentials": 150, "divisions": 150, "multiplications": 90, "additions": 480},
        connection_count=900,
        neurons=20,
    ),
]
REFUSED: list[tuple[list[list[int]], dict[str, Any], str]] = [
    ([[2, 5]], {}, "hidden_size is missing"),
    ([[2, 5]], {"hidden_size": 0}, "hidden_size must be an integer ≥ 1"),
    ([[2]], {"hidden_size": 3}, "the input must be C×L"),
    ([[2, 5, 5]], {"hidden_size": 3}, "the input must be C×L"),
    ([[2, 5]], {"hidden_size": 3, "proj_size": 3}, "proj_size must be smaller than hidden_size"),
    ([[2, 5]], {"hidden_size": 3, "num_biases": 3}, "num_biases must be 1 or 2"),
    ([[2, 5]], {"hidden_size": 3, "nonlinearity": "relu"}, "nonlinearity is not a field"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("lstm", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("lstm", inputs, fields, fragment)
