"""Channels as positions."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # Shi et al. 2016, equation 4: 3·3² channels become 3 of three times the size.
    Case([[27, 64, 64]], {"upscale_factor": 3}, [3, 192, 192]),
    # PyTorch documentation, PixelShuffle: 9 channels of 4×4.
    Case([[9, 4, 4]], {"upscale_factor": 3}, [1, 12, 12]),
    Case([[4, 10]], {"upscale_factor": 2}, [2, 20]),
    Case([[8, 2, 3, 4]], {"upscale_factor": 2}, [1, 4, 6, 8]),
]
REFUSED = [
    ([[8, 4, 4]], {"upscale_factor": 3}, "upscale_factor, for each axis, must divide the channels"),
    ([[9]], {"upscale_factor": 3}, "1 to 3 spatial axes"),
    ([[9, 4, 4]], {}, "upscale_factor is missing"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("pixel_shuffle", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("pixel_shuffle", inputs, fields, fragment)
