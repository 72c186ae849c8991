"""Cropping against U-Net and hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # Ronneberger et al. 2015, figure 1: 64×64 is cropped to 56×56, four positions from each side.
    Case([[512, 64, 64], [1024, 56, 56]], {"like": "up4"}, [512, 56, 56]),
    Case([[512, 64, 64]], {"margins": 4}, [512, 56, 56]),
    # Of 7 positions 1 goes before and 2 behind; of the other axis 3 behind.
    Case([[1, 7, 7]], {"margins": [[1, 2], [0, 3]]}, [1, 4, 4]),
]
REFUSED = [
    ([[512, 56, 56], [512, 64, 64]], {"like": "up4"}, "at least as large as the size it is cropped to"),
    ([[512, 56, 56], [512, 64]], {"like": "up4"}, "as many axes"),
    ([[1, 4, 4]], {"margins": 2}, "is below 1"),
    ([[1, 4, 4]], {}, "exactly one of like and margins"),
    ([[1, 4, 4], [1, 2, 2]], {"like": "a", "margins": 1}, "exactly one of like and margins"),
    ([[1, 4, 4]], {"margins": [[1, 2]]}, "one value for each spatial axis"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("crop", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("crop", inputs, fields, fragment)
