"""The rectified linear unit with a ceiling against hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # Sandler et al. 2018, §4: behind MobileNetV2's first convolution 32·112·112 = 401,408 values, each compared with 0 and 6.
    Case([[32, 112, 112]], {}, [32, 112, 112], tallies={"comparisons": 802_816}),
    Case([[5]], {}, [5], tallies={"comparisons": 10}),
]
REFUSED = [
    ([[4], [4]], {}, "reads 2 volumes"),
    ([[4]], {"negative_slope": 0.1}, "negative_slope"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("relu6", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("relu6", inputs, fields, fragment)
