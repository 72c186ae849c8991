"""Products of matrices against papers and hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # Qi et al. 2017, PointNet, §4.2: a transform of 3×3 at 1,024 points, 3·3·1,024 = 9,216.
    Case([[3, 3], [3, 1024]], {}, [3, 1024], tallies={"multiply_adds": 9_216}),
    # Kipf & Welling 2017, Cora: 16 features over 2,708 nodes with 13,264 edges and loops, 16·13,264 = 212,224.
    Case([[16, 2708], [2708, 2708]], {"nonzeros": 13264}, [16, 2708], tallies={"multiply_adds": 212_224}),
    # The values of 12 heads by 197×197 probabilities each: 768·197·197.
    Case([[768, 197], [2364, 197]], {"groups": 12}, [768, 197], tallies={"multiply_adds": 29_805_312}),
    # A sparse first matrix: 100 values, for each of 7 columns; a vector is one column.
    Case([[50, 40], [40, 7]], {"nonzeros": 100, "sparse": "left"}, [50, 7], tallies={"multiply_adds": 700}),
    Case([[4, 3], [3]], {}, [4], tallies={"multiply_adds": 12}),
]
REFUSED = [
    ([[3, 4], [3, 1024]], {}, "the positions of the first volume must be the channels of the second"),
    ([[3, 3, 3], [3, 1024]], {}, "the first volume must be a matrix C×K"),
    ([[3], [3, 1024]], {}, "the first volume must be a matrix C×K"),
    ([[4, 3], [9, 5]], {"groups": 3}, "groups must divide the channels"),
    ([[4, 3], [3, 5]], {"nonzeros": 16}, "nonzeros cannot be more than the values of the matrix"),
    ([[4, 3], [3, 5]], {"sparse": "left"}, "sparse: left needs nonzeros"),
    ([[4, 3]], {}, "reads 1 volume"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("matmul", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("matmul", inputs, fields, fragment)
