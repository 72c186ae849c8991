"""Scaled dot-product attention against papers and hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # Dosovitskiy et al. 2021, ViT-B/16 at 224: 197² = 38,809 scores a head; 2·768·38,809; 12·38,809; 12·197·196.
    Case(
        [[2304, 197]],
        {"num_heads": 12},
        [768, 197],
        tallies={
            "multiply_adds": 59_610_624,
            "multiplications": 465_708,
            "exponentials": 465_708,
            "additions": 463_344,
            "divisions": 465_708,
        },
    ),
    # Vaswani et al. 2017, the base model, 10 words that read 20: 2·512·10·20; 8·10·20; 8·10·19.
    Case(
        [[512, 10], [512, 20], [512, 20]],
        {"num_heads": 8},
        [512, 10],
        tallies={
            "multiply_adds": 204_800,
            "multiplications": 1_600,
            "exponentials": 1_600,
            "additions": 1_520,
            "divisions": 1_600,
        },
    ),
    # Ainslie et al. 2023, as in Llama 3 8B: 8 heads of keys for 32 of queries, each of 128; 2·4,096·16² (not halved).
    Case(
        [[4096, 16], [1024, 16], [1024, 16]],
        {"num_heads": 32, "is_causal": True},
        [4096, 16],
        tallies={
            "multiply_adds": 2_097_152,
            "multiplications": 8_192,
            "exponentials": 8_192,
            "additions": 7_680,
            "divisions": 8_192,
        },
    ),
    Case(
        [[6144, 16]],
        {"num_heads": 32, "kv_channels": 1024},
        [4096, 16],
        tallies={
            "multiply_adds": 2_097_152,
            "multiplications": 8_192,
            "exponentials": 8_192,
            "additions": 7_680,
            "divisions": 8_192,
        },
    ),
    # Liu et al. 2021, equation 4, Swin-T, stage 1: 3,136 positions read 49 each, 2·96·3,136·49; a bias of 3·13² = 507.
    Case(
        [[288, 56, 56]],
        {"num_heads": 3, "window": 7, "shift": 3, "relative_position_bias": True},
        [96, 56, 56],
        (507, 0),
        {
            "multiply_adds": 29_503_488,
            "multiplications": 460_992,
            "exponentials": 460_992,
            "additions": 912_576,
            "divisions": 460_992,
        },
    ),
    # Swin v2-T, stage 1, at 256: 4,096 positions read 64 each, 2·96·4,096·64. Of 15² = 225 distances in two axes the bias:
    # 225·(2·512 + 512·3) = 576,000. Weights 2·512 + 512·3 + 3. 786,432 scores; 3·64² = 12,288 biases, 115,200 hidden values;
    # twice 393,216 values of 3·4,096 lengths are normalised.
    Case(
        [[288, 64, 64]],
        {"num_heads": 3, "window": 8, "shift": 4, "cosine": True, "continuous_bias": 512},
        [96, 64, 64],
        (2_563, 512),
        {
            "multiply_adds": 50_331_648 + 576_000,
            "multiplications": 786_432 + 2 * 393_216 + 12_288,
            "exponentials": 786_432 + 3 + 12_288,
            "additions": 774_144 + 786_432 + 2 * 380_928 + 115_200 + 12_288,
            "divisions": 786_432 + 2 * 393_216 + 12_288,
            "square_roots": 2 * 12_288,
            "comparisons": 115_200,
        },
    ),
    # Tu et al. 2022, MaxViT-T, stage 1: a grid of 7×7 counts as a window of 7×7 does: 2·64·3,136·49; 2·13² = 338.
    Case(
        [[192, 56, 56]],
        {"num_heads": 2, "grid": 7, "relative_position_bias": True},
        [64, 56, 56],
        (338, 0),
        {
            "multiply_adds": 19_668_992,
            "multiplications": 307_328,
            "exponentials": 307_328,
            "additions": 608_384,
            "divisions": 307_328,
        },
    ),
    # A cosine with grouped keys, two heads of four: 2·8·3² products; 24 values of queries, 12 of keys; 12 + 6 lengths.
    Case(
        [[8, 3], [4, 3], [4, 3]],
        {"num_heads": 4, "cosine": True},
        [8, 3],
        (4, 0),
        {
            "multiply_adds": 144,
            "multiplications": 36 + 24 + 12,
            "exponentials": 36 + 4,
            "additions": 24 + 12 + 6,
            "divisions": 36 + 24 + 12,
            "square_roots": 18,
        },
    ),
    # Values of another width: 64·5·7 for the scores, 128·5·7 for the values.
    Case(
        [[64, 5], [64, 7], [128, 7]],
        {"num_heads": 4},
        [128, 5],
        tallies={
            "multiply_adds": 6_720,
            "multiplications": 140,
            "exponentials": 140,
            "additions": 120,
            "divisions": 140,
        },
    ),
]
REFUSED = [
    ([[2304, 197]], {"num_heads": 10}, "num_heads must divide the channels of the queries"),
    ([[2305, 197]], {"num_heads": 12}, "queries, keys and values must be three equal parts"),
    ([[2304, 197]], {"num_heads": 12, "kv_channels": 1152}, "must leave channels for the queries"),
    ([[64, 5], [64, 5]], {"num_heads": 4}, "reads one volume, in which queries, keys and values follow one another, or three"),
    ([[64, 5], [64, 7], [64, 6]], {"num_heads": 4}, "keys and values must have equal lengths"),
    ([[64, 5], [64, 7], [64, 7]], {"num_heads": 4, "is_causal": True}, "a causal mask needs as many keys as queries"),
    ([[64, 5], [48, 5], [48, 5]], {"num_heads": 4}, "the channels of the keys must divide those of the queries"),
    ([[64, 5], [8, 5], [8, 5]], {"num_heads": 4}, "the heads of the keys must have as many channels as those of the queries"),
    ([[64, 5], [64, 5], [6, 5]], {"num_heads": 4}, "the heads of the keys must divide the channels of the values"),
    ([[64, 5], [64, 5], [64, 5]], {"num_heads": 4, "kv_channels": 64}, "kv_channels is for one volume"),
    ([[64], [64], [64]], {"num_heads": 4}, "1 to 3 spatial axes"),
    ([[96, 50, 50]], {"num_heads": 4, "window": 7}, "the window must divide the positions along each axis"),
    ([[96, 4, 4]], {"num_heads": 4, "window": 7}, "the window must divide the positions along each axis"),
    ([[96, 8, 8]], {"num_heads": 4, "window": 4, "shift": 4}, "shift must be smaller than the window"),
    ([[96, 8, 8]], {"num_heads": 4, "window": [4]}, "window must have one value for each spatial axis"),
    ([[96, 8, 8]], {"num_heads": 4, "shift": 2}, "shift needs a window"),
    ([[96, 8, 8]], {"num_heads": 4, "relative_position_bias": True}, "relative_position_bias needs a window"),
    ([[96, 8, 8]], {"num_heads": 4, "window": 4, "is_causal": True}, "is_causal cannot be combined with a window"),
    ([[96, 8, 8]], {"num_heads": 4, "continuous_bias": 512}, "continuous_bias needs a window or a grid"),
    ([[96, 8, 8]], {"num_heads": 4, "window": 4, "grid": 4}, "window and grid exclude each other"),
    ([[96, 8, 8]], {"num_heads": 4, "grid": 4, "shift": 2}, "shift needs a window"),
    ([[96, 8, 8]], {"num_heads": 4, "grid": 3}, "the grid must divide the positions along each axis"),
    ([[96, 8, 8]], {"num_heads": 4, "grid": [4]}, "grid must have one value for each spatial axis"),
    (
        [[96, 8, 8]],
        {"num_heads": 4, "window": 4, "relative_position_bias": True, "continuous_bias": 512},
        "relative_position_bias and continuous_bias exclude each other",
    ),
    ([[32, 8], [32, 4], [32, 4]], {"num_heads": 4, "window": 4}, "must have the same positions"),
    ([[2304, 197]], {}, "num_heads is missing"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("attention", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("attention", inputs, fields, fragment)
