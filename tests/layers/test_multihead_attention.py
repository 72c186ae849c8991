"""Multi-head attention against papers and hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # Vaswani et al. 2017, §3.2.2, in ViT-B/16: 4·768² weights, 4·768 biases; 4·768²·197 + 2·768·197² = 524,391,936.
    Case(
        [[768, 197]],
        {"num_heads": 12},
        [768, 197],
        (2_359_296, 3_072),
        {
            "multiply_adds": 524_391_936,
            "multiplications": 465_708,
            "exponentials": 465_708,
            "additions": 1_068_528,
            "divisions": 465_708,
        },
        connection_count=465_386_496,
        neurons=151_296,
    ),
    # PyTorch documentation, kdim and vdim: 512·(512 + 256 + 128) + 512²; 2·512²·10 + 512·384·20 + 2·512·10·20.
    Case(
        [[512, 10], [256, 20], [128, 20]],
        {"num_heads": 8, "kdim": 256, "vdim": 128},
        [512, 10],
        (720_896, 2_048),
        {
            "multiply_adds": 9_379_840,
            "multiplications": 1_600,
            "exponentials": 1_600,
            "additions": 32_240,
            "divisions": 1_600,
        },
        connection_count=9_205_760,
        neurons=5_120,
    ),
    # Without biases, causal, not halved: 4·64²·3 + 2·64·3² = 50,304.
    Case(
        [[64, 3]],
        {"num_heads": 2, "bias": False, "is_causal": True},
        [64, 3],
        (16_384, 0),
        {"multiply_adds": 50_304, "multiplications": 18, "exponentials": 18, "additions": 12, "divisions": 18},
        connection_count=49_152,
        neurons=192,
    ),
]
REFUSED = [
    ([[768, 197]], {"num_heads": 10}, "num_heads must divide the channels of the queries"),
    ([[64, 5], [64, 5]], {"num_heads": 4}, "reads one volume, or three"),
    ([[64, 5], [64, 7], [64, 6]], {"num_heads": 4}, "keys and values must have equal lengths"),
    ([[64, 5], [64, 7], [64, 7]], {"num_heads": 4, "is_causal": True}, "a causal mask needs as many keys as queries"),
    ([[64, 5], [32, 7], [64, 7]], {"num_heads": 4, "kdim": 64}, "kdim must be the channels of that input"),
    ([[64]], {"num_heads": 4}, "1 to 3 spatial axes"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("multihead_attention", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("multihead_attention", inputs, fields, fragment)
