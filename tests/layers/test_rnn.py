"""The simple recurrent layer against PyTorch's documentation and hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # PyTorch documentation, RNN: weight_ih_l[k] (hidden, input), weight_hh_l[k] (hidden, hidden), two biases. 3·2 + 3·3 = 15
    # and 6; 5·15 = 75. Units 15: 1 exponential, 1 division, additions 2 and 2 for the biases.
    Case(
        [[2, 5]],
        {"hidden_size": 3},
        [3, 5],
        (15, 6),
        {"multiply_adds": 75, "exponentials": 15, "divisions": 15, "additions": 60},
        connection_count=105,
        neurons=15,
    ),
    # Elman 1990 with one bias for each unit, here with ReLU.
    Case(
        [[2, 5]],
        {"hidden_size": 3, "num_biases": 1, "nonlinearity": "relu"},
        [3, 5],
        (15, 3),
        {"multiply_adds": 75, "comparisons": 15, "additions": 15},
        connection_count=90,
        neurons=15,
    ),
    # Both ways, 3 layers, no bias: 2·3·(2 + 3) = 30, twice 2·3·(6 + 3) = 54. Units 4·18 = 72.
    Case(
        [[2, 4]],
        {"hidden_size": 3, "num_layers": 3, "bidirectional": True, "bias": False},
        [6, 4],
        (138, 0),
        {"multiply_adds": 552, "exponentials": 72, "divisions": 72, "additions": 144},
        connection_count=552,
        neurons=72,
    ),
]
REFUSED: list[tuple[list[list[int]], dict[str, Any], str]] = [
    ([[2, 5]], {}, "hidden_size is missing"),
    ([[2, 5]], {"hidden_size": 3, "nonlinearity": "gelu"}, "nonlinearity must be tanh or relu"),
    ([[2, 5, 5]], {"hidden_size": 3}, "the input must be C×L"),
    ([[2, 5]], {"hidden_size": 3, "num_biases": 3}, "num_biases must be 1 or 2"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("rnn", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("rnn", inputs, fields, fragment)
