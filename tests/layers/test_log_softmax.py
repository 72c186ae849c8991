"""The logarithm of the softmax against hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # PyTorch documentation of LogSoftmax, ten classes: 10 exponentials, 9 sums, one logarithm, 10 differences.
    Case([[10]], {}, [10], tallies={"exponentials": 10, "additions": 19, "logarithms": 1}),
    # At each of 6 positions over 4 channels: 3 sums, one logarithm, 4 differences.
    Case([[4, 2, 3]], {}, [4, 2, 3], tallies={"exponentials": 24, "additions": 42, "logarithms": 6}),
]
REFUSED = [
    ([[10], [10]], {}, "reads 2 volumes"),
    ([[10]], {"beta": 2}, "beta"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("log_softmax", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("log_softmax", inputs, fields, fragment)
