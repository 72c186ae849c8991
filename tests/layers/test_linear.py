"""The dense layer against papers and hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # Simonyan & Zisserman 2014, table 1, the first FC-4096: 25,088·4,096 = 102,760,448, + 4,096.
    Case(
        [[25088]],
        {"out_features": 4096},
        [4096],
        (102_760_448, 4_096),
        {"multiply_adds": 102_760_448, "additions": 4_096},
        connection_count=102_764_544,
        neurons=4_096,
    ),
    # LeCun et al. 1998, §II.B, F6: 10,164 parameters and connections. 84·120 = 10,080, + 84.
    Case(
        [[120]],
        {"out_features": 84},
        [84],
        (10_080, 84),
        {"multiply_adds": 10_080, "additions": 84},
        connection_count=10_164,
        neurons=84,
    ),
    # Without a bias: 3·2 = 6.
    Case([[3]], {"out_features": 2, "bias": False}, [2], (6, 0), {"multiply_adds": 6}, connection_count=6, neurons=2),
    # Vaswani et al. 2017, §3.3, the first layer of the feed-forward network at each of 10 positions: 512·2,048 = 1,048,576.
    Case(
        [[512, 10]],
        {"out_features": 2048},
        [2048, 10],
        (1_048_576, 2_048),
        {"multiply_adds": 10_485_760, "additions": 20_480},
        connection_count=10_506_240,
        neurons=20_480,
    ),
    # Liu et al. 2022, "A ConvNet for the 2020s", at each position of the map: 96·384 = 36,864 for 56·56 = 3,136 positions.
    Case(
        [[96, 56, 56]],
        {"out_features": 384, "positionwise": True},
        [384, 56, 56],
        (36_864, 384),
        {"multiply_adds": 115_605_504, "additions": 1_204_224},
        connection_count=116_809_728,
        neurons=1_204_224,
    ),
]
REFUSED = [
    ([[512, 7, 7]], {"out_features": 10}, "put flatten before it, or set positionwise: true"),
    ([[512, 7, 7]], {"out_features": 10, "positionwise": 1}, "positionwise must be true or false"),
    ([[512]], {}, "out_features is missing"),
    ([[512]], {"out_features": 0}, "out_features must be an integer ≥ 1"),
    ([[512]], {"out_features": [10, 10]}, "out_features must be"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("linear", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("linear", inputs, fields, fragment)
