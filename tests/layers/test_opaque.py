"""A layer that is not understood: only what its description states is counted."""

from __future__ import annotations

from typing import Any

import pytest

from archcalc.layers._grades import Grade
from tests.layers.case import Case, check, refused
from tests.support import layer_of

CASES = [
    # Dai et al. 2017, "Deformable Convolutional Networks", 3×3 with 64 maps in and 128 out: 128·64·3·3 = 73,728 weights.
    Case([[64, 56, 56]], {"was": "DeformConv2d", "shape": [128, 56, 56], "params": 73728}, [128, 56, 56], params=(73_728, 0)),
    # Nothing is known of it but its output.
    Case([[16], [8, 4]], {"was": "einsum: ij,jk->ik", "shape": [5, 7]}, [5, 7]),
    Case([[16]], {"was": "12", "shape": [10], "mult_adds": 5000}, [10], tallies={"multiply_adds": 5_000}),
    Case([[4]], {"was": "x", "shape": [1, 2, 3, 4], "params": 0, "mult_adds": 0}, [1, 2, 3, 4]),
]
REFUSED = [
    ([[4]], {"was": "x", "shape": []}, "shape must be a list of 1 to 4 sizes ≥ 1, channels first"),
    ([[4]], {"was": "x", "shape": [1, 2, 3, 4, 5]}, "shape must be a list of 1 to 4 sizes ≥ 1, channels first"),
    ([[4]], {"was": "x", "shape": [0]}, "shape[0] must be an integer ≥ 1"),
    ([[4]], {"was": "x", "shape": [4], "params": -1}, "params must be an integer ≥ 0"),
    ([[4]], {"was": "x", "shape": [4], "mult_adds": 1.5}, "mult_adds must be an integer ≥ 0"),
    ([[4]], {"was": "", "shape": [4]}, "was must be a text of 1 to 2,000 characters"),
    ([[4]], {"shape": [4]}, "was is missing"),
    ([], {"was": "x", "shape": [4]}, "reads 0 volumes"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("opaque", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("opaque", inputs, fields, fragment)


def test_grades() -> None:
    layer = layer_of("opaque", {"was": "x", "shape": [4], "params": 0})
    assert layer.stands_for == "x"
    assert layer.grade("params") == layer.grade("weights") == Grade.STATED, "0 may be stated"
    assert layer.grade("mult_adds") == layer.grade("biases") == layer.grade("tallies") == Grade.NOT_COUNTED
    assert layer.grade("activations") == Grade.BY_RULE, "they follow from the shape"
    assert layer_of("relu", {}).grade("params") == Grade.BY_RULE
