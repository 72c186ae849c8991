"""Flattening against hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # Simonyan & Zisserman 2014, §2.1: what stands before the first FC layer, 512·7·7 = 25,088.
    Case([[512, 7, 7]], {}, [25088]),
    Case([[120]], {}, [120]),
    Case([[2, 3, 4, 5]], {}, [120]),
    # Dosovitskiy et al. 2021, §3.1: 14×14 patches are 196 tokens.
    Case([[768, 14, 14]], {"start_dim": 2}, [768, 196]),
    Case([[768, 196]], {"start_dim": 2}, [768, 196]),
    Case([[2, 3, 4, 5]], {"start_dim": 3}, [2, 3, 20]),
]
REFUSED = [
    ([[4, 2, 2]], {"start_dim": 0}, "start_dim must be an axis as PyTorch counts them"),
    ([[4]], {"start_dim": 2}, "start_dim 2 must be an axis of the input, which has 1"),
    ([[4, 2, 2]], {"end_dim": 1}, "end_dim"),
    ([[4], [4]], {}, "reads 2 volumes"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("flatten", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("flatten", inputs, fields, fragment)
