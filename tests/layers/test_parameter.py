"""Trained tensors against papers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # Dosovitskiy et al. 2021, §3.1: a class token of 768 values, and a position for each of 197 tokens, 768·197 = 151,296.
    Case([], {"shape": [768, 1]}, [768, 1], (768, 0)),
    Case([], {"shape": [768, 197]}, [768, 197], (151_296, 0)),
    # Liu et al. 2022, "A ConvNet for the 2020s": a factor for each of 96 channels.
    Case([], {"shape": [96]}, [96], (96, 0)),
    Case([], {"shape": [2, 3, 4, 5]}, [2, 3, 4, 5], (120, 0)),
]
REFUSED = [
    ([], {}, "shape is missing"),
    ([], {"shape": []}, "shape must be a list of 1 to 4 sizes"),
    ([], {"shape": [1, 2, 3, 4, 5]}, "shape must be a list of 1 to 4 sizes"),
    ([], {"shape": [4, 0]}, "shape[1] must be an integer ≥ 1"),
    ([], {"shape": 4}, "shape must be a list of 1 to 4 sizes"),
    ([[4]], {"shape": [4]}, "reads 1 volume"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("parameter", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("parameter", inputs, fields, fragment)
