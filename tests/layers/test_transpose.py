"""Channels and positions exchanged."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # Tolstikhin et al. 2021, MLP-Mixer, equation 1: 196 patches of 768 features.
    Case([[768, 196]], {}, [196, 768]),
    # Two matrices of 3×4 become two of 4×3.
    Case([[6, 4]], {"groups": 2}, [8, 3]),
]
REFUSED = [
    ([[768]], {}, "the input must be a matrix C×L: leave out a flatten before it, or put reshape"),
    ([[3, 8, 8]], {}, "the input must be a matrix C×L: put flatten with start_dim: 2"),
    ([[6, 4]], {"groups": 4}, "groups must divide the channels"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("transpose", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("transpose", inputs, fields, fragment)
