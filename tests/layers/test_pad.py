"""Padding as a layer."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # Keras' MobileNet pads 224 to 225 behind the map before its strided layers; PyTorch documentation, ZeroPad2d.
    Case([[3, 224, 224]], {"padding": [[0, 1], [0, 1]]}, [3, 225, 225]),
    Case([[1, 4]], {"padding": 2}, [1, 8]),
    Case([[1, 4, 4, 4]], {"padding": [1, 0, 2]}, [1, 6, 4, 8]),
]
REFUSED = [
    ([[3, 4, 4]], {"padding": -1}, "padding must be an integer ≥ 0"),
    ([[3, 4, 4]], {"padding": [[0, 1]]}, "one value for each spatial axis"),
    ([[3, 4, 4]], {"padding": [1, 1, 1]}, "one value for each spatial axis"),
    ([[3, 4, 4]], {}, "padding is missing"),
    ([[3]], {"padding": 1}, "1 to 3 spatial axes"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("pad", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("pad", inputs, fields, fragment)
