"""Softmax against hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # Krizhevsky et al. 2012, §3.5, 1000-way: 1,000 exponentials, 999 sums, 1,000 divisions.
    Case([[1000]], {}, [1000], tallies={"exponentials": 1_000, "additions": 999, "divisions": 1_000}),
    # Over the channels of a map (Long et al. 2015, §3): 41·41 = 1,681 places; 1,681·20 = 33,620 sums.
    Case([[21, 41, 41]], {}, [21, 41, 41], tallies={"exponentials": 35_301, "additions": 33_620, "divisions": 35_301}),
    # The 197 keys of each of 12 heads (Dosovitskiy et al. 2021): 12·196 sums for each of 197 queries.
    Case(
        [[2364, 197]],
        {"groups": 12},
        [2364, 197],
        tallies={"exponentials": 465_708, "additions": 463_344, "divisions": 465_708},
    ),
    # With β every value is multiplied first.
    Case([[10]], {"beta": 2}, [10], tallies={"exponentials": 10, "additions": 9, "divisions": 10, "multiplications": 10}),
]
REFUSED = [
    ([[10]], {"beta": "hot"}, "beta must be a number"),
    ([[10], [10]], {}, "reads 2 volumes"),
    ([[10]], {"groups": 3}, "groups must divide the channels"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("softmax", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("softmax", inputs, fields, fragment)
