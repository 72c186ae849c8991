"""Parts of volumes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # Ma et al. 2018, ShuffleNet V2, §3.2: half of 116 channels.
    Case([[116, 28, 28]], {"length": 58}, [58, 28, 28]),
    Case([[116, 28, 28]], {"start": 58, "length": 58}, [58, 28, 28]),
    # Dosovitskiy et al. 2021, equation 4: the class token.
    Case([[768, 197]], {"dim": 2, "length": 1}, [768, 1]),
    Case([[8, 5, 6]], {"dim": 3, "start": 2, "length": 3}, [8, 5, 3]),
]
REFUSED = [
    ([[116, 28, 28]], {"start": 59, "length": 58}, "start + length must be within the input"),
    ([[116, 28, 28]], {"dim": 4, "length": 1}, "dim 4 must be an axis of the input, which has 3"),
    ([[116]], {}, "length is missing"),
    ([[116]], {"length": 0}, "length must be an integer ≥ 1"),
    ([[116]], {"length": 1, "start": -1}, "start must be an integer ≥ 0"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("narrow", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("narrow", inputs, fields, fragment)
