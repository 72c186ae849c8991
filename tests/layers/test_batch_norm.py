"""Batch normalisation against papers and hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # Ioffe & Szegedy 2015, algorithms 1 and 2; behind MobileNet's conv1: γ and β for 32 maps, two moving statistics
    # each. 32·112·112 = 401,408 values: minus the mean, over √(variance + ε), times γ, plus β; 32 square roots.
    Case(
        [[32, 112, 112]],
        {},
        [32, 112, 112],
        (32, 32),
        {"additions": 802_816, "multiplications": 401_408, "divisions": 401_408, "square_roots": 32},
        buffers=64,
    ),
    # Without γ and β only the mean and the root are left.
    Case([[3, 2, 2]], {"affine": False}, [3, 2, 2], (0, 0), {"additions": 12, "divisions": 12, "square_roots": 3}, buffers=6),
    # Keras' BatchNormalization(scale=False): β, mean and variance, so that 96 maps have 288 numbers, of which 96 are trained.
    Case(
        [[96, 2, 2]],
        {"scale": False},
        [96, 2, 2],
        (0, 96),
        {"additions": 768, "divisions": 384, "square_roots": 96},
        buffers=192,
    ),
    # PyTorch documentation of BatchNorm2d: without moving statistics those of the input, as in algorithm 1. In each of 8 maps of
    # 16 values 15 + 15 sums, 16 differences, 16 squares, ε, two means, a root, 16 quotients; then γ and β.
    Case(
        [[8, 4, 4]],
        {"track_running_stats": False},
        [8, 4, 4],
        (8, 8),
        {"additions": 504, "multiplications": 256, "divisions": 144, "square_roots": 8},
    ),
    # A vector's mean is the value itself: a difference, a square, ε, two means, a root, a quotient; then γ and β.
    Case(
        [[10]],
        {"track_running_stats": False},
        [10],
        (10, 10),
        {"additions": 30, "multiplications": 20, "divisions": 30, "square_roots": 10},
    ),
]
REFUSED = [
    ([[3, 2, 2]], {"eps": -1}, "eps must be a number ≥ 0"),
    ([[3, 2, 2]], {"momentum": 2}, "momentum must be a number ≥ 0 and ≤ 1"),
    ([[3, 2, 2]], {"affine": "maybe"}, "affine"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("batch_norm", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("batch_norm", inputs, fields, fragment)
