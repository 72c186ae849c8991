"""Transposed convolution against papers and hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

DEMO = {"out_channels": 1, "kernel_size": 3, "stride": 2, "padding": 1, "bias": False}
CASES = [
    # Dumoulin & Visin 2016, §4.4: 2·(2 − 1) + 3 − 2·1 = 3. Four inputs meet nine weights: 36 multiply-adds.
    Case([[1, 2, 2]], DEMO, [1, 3, 3], (9, 0), {"multiply_adds": 36}, connection_count=36, neurons=9, taps=36),
    # The same with output_padding 1, relation 14: 4×4. The four inputs still meet nine weights each.
    Case([[1, 2, 2]], DEMO | {"output_padding": 1}, [1, 4, 4], (9, 0), {"multiply_adds": 36}, connection_count=36, neurons=16),
    # Ronneberger et al. 2015, figure 1, first up-convolution: 2·27 + 2 = 56; 1,024·4·512 = 2,097,152, + 512;
    # 28·28·2,097,152 = 1,644,167,168; 512·56·56 = 1,605,632.
    Case(
        [[1024, 28, 28]],
        {"out_channels": 512, "kernel_size": 2, "stride": 2},
        [512, 56, 56],
        (2_097_152, 512),
        {"multiply_adds": 1_644_167_168, "additions": 1_605_632},
        connection_count=1_645_772_800,
        neurons=1_605_632,
    ),
    # Long et al. 2015, §4.1, FCN-32s in its published network: 15·32 + 64 = 544; 21·21·64·64 = 1,806,336;
    # 16·16·1,806,336 = 462,422,016.
    Case(
        [[21, 16, 16]],
        {"out_channels": 21, "kernel_size": 64, "stride": 32, "bias": False},
        [21, 544, 544],
        (1_806_336, 0),
        {"multiply_adds": 462_422_016},
        connection_count=462_422_016,
        neurons=6_214_656,
    ),
    # The same, each class for itself: 21·64·64 = 86,016; 256·86,016 = 22,020,096.
    Case(
        [[21, 16, 16]],
        {"out_channels": 21, "kernel_size": 64, "stride": 32, "groups": 21, "bias": False},
        [21, 544, 544],
        (86_016, 0),
        {"multiply_adds": 22_020_096},
        connection_count=22_020_096,
        neurons=6_214_656,
    ),
    # One axis, dilated (PyTorch documentation of ConvTranspose1d): (5 − 1) + 2·(3 − 1) + 1 = 9; 2·3·3 = 18, + 3;
    # 5·18 = 90; 3·9 = 27 biases; connections 90 + 27 = 117.
    Case(
        [[2, 5]],
        {"out_channels": 3, "kernel_size": 3, "dilation": 2},
        [3, 9],
        (18, 3),
        {"multiply_adds": 90, "additions": 27},
        connection_count=117,
        neurons=27,
    ),
    # Keras documentation, Conv2DTranspose: with padding same the output is stride times the input, 4·2 = 8, whatever the
    # kernel. Isola et al. 2017, pix2pix: kernel 4, stride 2. 2·16·3 = 96; 16·96 = 1,536; 3·64 = 192 biases.
    Case(
        [[2, 4, 4]],
        {"out_channels": 3, "kernel_size": 4, "stride": 2, "padding": "same"},
        [3, 8, 8],
        (96, 3),
        {"multiply_adds": 1_536, "additions": 192},
        connection_count=1_728,
        neurons=192,
    ),
    # The same with a kernel smaller than its stride: 4·3 = 12. 4·2 = 8.
    Case(
        [[1, 4]],
        {"out_channels": 1, "kernel_size": 2, "stride": 3, "padding": "same", "bias": False},
        [1, 12],
        (2, 0),
        {"multiply_adds": 8},
        connection_count=8,
        neurons=12,
    ),
    # Pairs: (4 − 1)·2 + 4 = 10, without one before and two after the map 7.
    Case(
        [[1, 4]],
        {"out_channels": 1, "kernel_size": 4, "stride": 2, "padding": [[1, 2]], "bias": False},
        [1, 7],
        (4, 0),
        {"multiply_adds": 16},
        connection_count=16,
        neurons=7,
    ),
]
REFUSED = [
    ([[1, 2, 2]], DEMO | {"output_padding": 2}, "output_padding must be smaller than stride or dilation"),
    ([[3, 2, 2]], DEMO | {"out_channels": 4, "groups": 2}, "groups must divide in_channels"),
    ([[4, 2, 2]], DEMO | {"out_channels": 3, "groups": 2}, "groups must divide out_channels"),
    ([[1, 1, 1]], DEMO | {"padding": 2}, "is below 1"),
    ([[1, 2, 2]], {"kernel_size": 2}, "out_channels is missing"),
    ([[1, 2, 2]], DEMO | {"padding": "full"}, "padding must be"),
    ([[1, 2, 2]], DEMO | {"padding": [[0, 1]]}, "padding must have one value for each spatial axis"),
    ([[1, 1, 1]], DEMO | {"padding": [[2, 1], [0, 0]]}, "is below 1"),
    ([[1, 2, 2]], DEMO | {"padding": "same", "output_padding": 1}, "output_padding cannot be combined with padding same"),
    ([[4]], DEMO, "1 to 3 spatial axes"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("conv_transpose", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("conv_transpose", inputs, fields, fragment)
