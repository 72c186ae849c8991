"""Positions as channels."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # Liu et al. 2021, Swin-T, §3.1: patches of 2×2 of 96 channels are 384 channels.
    Case([[96, 56, 56]], {"downscale_factor": 2}, [384, 28, 28]),
    # PyTorch documentation, PixelUnshuffle: 12×12 in patches of 3×3.
    Case([[1, 12, 12]], {"downscale_factor": 3}, [9, 4, 4]),
    Case([[2, 20]], {"downscale_factor": 2}, [4, 10]),
    Case([[1, 4, 6, 8]], {"downscale_factor": 2}, [8, 2, 3, 4]),
]
REFUSED = [
    ([[96, 57, 56]], {"downscale_factor": 2}, "downscale_factor must divide the positions along each axis"),
    ([[96]], {"downscale_factor": 2}, "1 to 3 spatial axes"),
    ([[96, 56, 56]], {}, "downscale_factor is missing"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("pixel_unshuffle", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("pixel_unshuffle", inputs, fields, fragment)
