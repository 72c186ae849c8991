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
]
REFUSED = [
    ([[4, 2, 2]], {"start_dim": 1}, "start_dim"),
    ([[4], [4]], {}, "reads 2 volumes"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("flatten", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("flatten", inputs, fields, fragment)
