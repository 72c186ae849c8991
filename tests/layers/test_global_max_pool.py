"""Global max pooling against hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # Qi et al. 2017, §4.2: the largest of 1,024 values for each of 1,024 features, 1,023 comparisons each.
    Case([[1024, 1024]], {}, [1024, 1], tallies={"comparisons": 1_047_552}, taps=1_048_576),
    Case([[3, 2, 4]], {}, [3, 1, 1], tallies={"comparisons": 21}),
]
REFUSED = [
    ([[1024]], {}, "1 to 3 spatial axes"),
    ([[4, 2, 2]], {"kernel_size": 2}, "kernel_size"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("global_max_pool", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("global_max_pool", inputs, fields, fragment)
