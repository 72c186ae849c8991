"""The swish of straight pieces against hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # Howard et al. 2019, §5.2: x·ReLU6(x + 3) / 6 behind MobileNetV3's first convolution, 16·112·112 = 200,704 values.
    Case(
        [[16, 112, 112]],
        {},
        [16, 112, 112],
        tallies={"additions": 200_704, "comparisons": 401_408, "multiplications": 200_704, "divisions": 200_704},
    ),
]
REFUSED = [
    ([[4], [4]], {}, "reads 2 volumes"),
    ([[4]], {"slope": 0.2}, "slope"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("hardswish", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("hardswish", inputs, fields, fragment)
