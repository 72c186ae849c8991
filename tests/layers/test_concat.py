"""Concatenation against papers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # Szegedy et al. 2014, table 1, inception (3a): 64 + 128 + 32 + 32 = 256 channels.
    Case([[64, 28, 28], [128, 28, 28], [32, 28, 28], [32, 28, 28]], {}, [256, 28, 28]),
    # Ronneberger et al. 2015, figure 1: 512 cropped and 512 upsampled maps of 56×56 make 1,024.
    Case([[512, 56, 56], [512, 56, 56]], {}, [1024, 56, 56]),
    Case([[3], [4]], {}, [7]),
    # Dosovitskiy et al. 2021, equation 1: a class token before 196 patches makes 197 tokens.
    Case([[768, 1], [768, 196]], {"dim": 2}, [768, 197]),
    Case([[8, 3, 5], [8, 3, 2]], {"dim": 3}, [8, 3, 7]),
]
REFUSED = [
    ([[64, 28, 28], [64, 14, 14]], {}, "the volumes must have equal sizes"),
    ([[64, 28, 28], [64, 28]], {}, "all volumes must have the same number of axes"),
    ([[768, 1], [512, 196]], {"dim": 2}, "the volumes must have equal sizes"),
    ([[768, 1], [768, 1]], {"dim": 3}, "dim 3 must be an axis of the input, which has 2"),
    ([[768, 1], [768, 1]], {"dim": 0}, "dim must be an axis as PyTorch counts them"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("concat", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("concat", inputs, fields, fragment)
