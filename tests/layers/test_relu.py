"""The rectified linear unit against hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # Krizhevsky et al. 2012, §3.1; behind VGG's conv1_1: 64·224·224 = 3,211,264 values, one comparison each.
    Case([[64, 224, 224]], {}, [64, 224, 224], tallies={"comparisons": 3_211_264}),
    Case([[4096]], {}, [4096], tallies={"comparisons": 4_096}),
]
REFUSED = [
    ([[4], [4]], {}, "reads 2 volumes"),
    ([[4]], {"slope": 1}, "slope"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("relu", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("relu", inputs, fields, fragment)
