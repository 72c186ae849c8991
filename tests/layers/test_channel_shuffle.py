"""Channels in another order."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # Zhang et al. 2017, ShuffleNet, table 1, g = 3: 240 channels at stage 2.
    Case([[240, 28, 28]], {"groups": 3}, [240, 28, 28]),
    Case([[8]], {"groups": 2}, [8]),
]
REFUSED = [
    ([[240, 28, 28]], {"groups": 7}, "groups must divide the channels"),
    ([[240, 28, 28]], {}, "groups is missing"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("channel_shuffle", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("channel_shuffle", inputs, fields, fragment)
