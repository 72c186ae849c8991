"""Convolution against papers and hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

LENET_TABLE = [
    # LeCun et al. 1998, table I, read by columns: which maps of S2 feed each map of C3.
    [0, 1, 2],
    [1, 2, 3],
    [2, 3, 4],
    [3, 4, 5],
    [0, 4, 5],
    [0, 1, 5],
    [0, 1, 2, 3],
    [1, 2, 3, 4],
    [2, 3, 4, 5],
    [0, 3, 4, 5],
    [0, 1, 4, 5],
    [0, 1, 2, 5],
    [0, 1, 3, 4],
    [1, 2, 4, 5],
    [0, 2, 3, 5],
    [0, 1, 2, 3, 4, 5],
]
CASES = [
    # LeCun et al. 1998, §II.B, C1: 156 parameters and 122,304 connections. 6·5·5 = 150, + 6; 28·28·156 = 122,304;
    # multiply-adds 28·28·150 = 117,600, biases added 6·28·28 = 4,704 times.
    Case(
        [[1, 32, 32]],
        {"out_channels": 6, "kernel_size": 5},
        [6, 28, 28],
        (150, 6),
        {"multiply_adds": 117_600, "additions": 4_704},
        connection_count=122_304,
        neurons=4_704,
        taps=117_600,
    ),
    # LeCun et al. 1998, §II.B, C3: 1,516 parameters, 151,600 connections. 60 entries in table I: 60·25 = 1,500, + 16;
    # 10·10·1,516 = 151,600; 10·10·1,500 = 150,000.
    Case(
        [[6, 14, 14]],
        {"kernel_size": 5, "connections": LENET_TABLE},
        [16, 10, 10],
        (1_500, 16),
        {"multiply_adds": 150_000, "additions": 1_600},
        connection_count=151_600,
        neurons=1_600,
    ),
    # Krizhevsky et al. 2012, §3.5, conv1: (227 − 11)/4 + 1 = 55; 96·11·11·3 = 34,848, + 96 = 34,944;
    # 55·55·34,848 = 105,415,200; 55·55·96 = 290,400 neurons.
    Case(
        [[3, 227, 227]],
        {"out_channels": 96, "kernel_size": 11, "stride": 4},
        [96, 55, 55],
        (34_848, 96),
        {"multiply_adds": 105_415_200, "additions": 290_400},
        connection_count=105_705_600,
        neurons=290_400,
    ),
    # Krizhevsky et al. 2012, §3.5, conv2 on two GPUs: 256·5·5·48 = 307,200, + 256; 27·27·307,200 = 223,948,800;
    # 27·27·256 = 186,624 neurons; connections 27·27·307,456 = 224,135,424.
    Case(
        [[96, 27, 27]],
        {"out_channels": 256, "kernel_size": 5, "padding": 2, "groups": 2},
        [256, 27, 27],
        (307_200, 256),
        {"multiply_adds": 223_948_800, "additions": 186_624},
        connection_count=224_135_424,
        neurons=186_624,
    ),
    # Howard et al. 2017, §3.1 and table 1, first depthwise layer: 32·3·3 = 288 weights; 112·112·288 = 3,612,672.
    Case(
        [[32, 112, 112]],
        {"out_channels": 32, "kernel_size": 3, "padding": 1, "groups": 32, "bias": False},
        [32, 112, 112],
        (288, 0),
        {"multiply_adds": 3_612_672},
        connection_count=3_612_672,
        neurons=401_408,
    ),
    # The same network as Keras has it, conv1 with `same` at stride 2: ⌈224/2⌉ = 112; 32·27 = 864;
    # 112·112·864 = 10,838,016.
    Case(
        [[3, 224, 224]],
        {"out_channels": 32, "kernel_size": 3, "stride": 2, "padding": "same", "bias": False},
        [32, 112, 112],
        (864, 0),
        {"multiply_adds": 10_838_016},
        connection_count=10_838_016,
        neurons=401_408,
    ),
    # Simonyan & Zisserman 2014, table 1, conv1-64: 64·27 = 1,728, + 64; 224·224 = 50,176; 50,176·1,728 = 86,704,128;
    # 50,176·1,792 = 89,915,392.
    Case(
        [[3, 224, 224]],
        {"out_channels": 64, "kernel_size": 3, "padding": 1},
        [64, 224, 224],
        (1_728, 64),
        {"multiply_adds": 86_704_128, "additions": 3_211_264},
        connection_count=89_915_392,
        neurons=3_211_264,
    ),
    # Chen et al. 2014, §3.1, fc6 of LargeFOV: taps 12 apart, 41 + 24 − 24 = 41; 1,024·9·512 = 4,718,592;
    # 41·41 = 1,681; 1,681·4,718,592 = 7,931,953,152; 1,681·1,024 = 1,721,344.
    Case(
        [[512, 41, 41]],
        {"out_channels": 1024, "kernel_size": 3, "padding": 12, "dilation": 12},
        [1024, 41, 41],
        (4_718_592, 1_024),
        {"multiply_adds": 7_931_953_152, "additions": 1_721_344},
        connection_count=7_933_674_496,
        neurons=1_721_344,
    ),
    # Szegedy et al. 2015, arXiv 1512.00567, figure 6, a 1×7 layer: 128·7·128 = 114,688; 17·17·114,688 = 33,144,832.
    Case(
        [[128, 17, 17]],
        {"out_channels": 128, "kernel_size": [1, 7], "padding": [0, 3], "bias": False},
        [128, 17, 17],
        (114_688, 0),
        {"multiply_adds": 33_144_832},
        connection_count=33_144_832,
        neurons=36_992,
    ),
    # Tran et al. 2015, C3D, §3.2, conv1a over 16 frames: 64·27·3 = 5,184, + 64; 16·112·112 = 200,704;
    # 200,704·5,184 = 1,040,449,536; 200,704·64 = 12,845,056.
    Case(
        [[3, 16, 112, 112]],
        {"out_channels": 64, "kernel_size": 3, "padding": 1},
        [64, 16, 112, 112],
        (5_184, 64),
        {"multiply_adds": 1_040_449_536, "additions": 12_845_056},
        connection_count=1_053_294_592,
        neurons=12_845_056,
    ),
    # One axis, padded by 1 before and 2 behind (Dumoulin & Visin 2016, relation 6, by hand):
    # ⌊(10 + 3 − 3)/2⌋ + 1 = 6; 8·3·4 = 96; 6·96 = 576; 6·(96 + 8) = 624.
    Case(
        [[4, 10]],
        {"out_channels": 8, "kernel_size": 3, "stride": 2, "padding": [[1, 2]]},
        [8, 6],
        (96, 8),
        {"multiply_adds": 576, "additions": 48},
        connection_count=624,
        neurons=48,
    ),
    # `valid` is no padding: 8 − 3 + 1 = 6; 2·9 = 18; 36·18 = 648; 36·20 = 720.
    Case(
        [[1, 8, 8]],
        {"out_channels": 2, "kernel_size": 3, "padding": "valid"},
        [2, 6, 6],
        (18, 2),
        {"multiply_adds": 648, "additions": 72},
        connection_count=720,
        neurons=72,
    ),
    # PyTorch documentation, Conv2d: padding_mode counts as zeros do. CycleGAN (Zhu et al. 2017, §7): reflection padding,
    # 7×7 with padding 3. 3·3·49 = 441, + 3; 8·8·441 = 28,224; 64·3 = 192 biases.
    Case(
        [[3, 8, 8]],
        {"out_channels": 3, "kernel_size": 7, "padding": 3, "padding_mode": "reflect"},
        [3, 8, 8],
        (441, 3),
        {"multiply_adds": 28_224, "additions": 192},
        connection_count=28_416,
        neurons=192,
    ),
    # As much as the map itself, on one side: 4 + 4 − 2 = 6 and one more. 1·2 = 2, 7·2 = 14.
    Case(
        [[1, 4]],
        {"out_channels": 1, "kernel_size": 2, "padding": [[4, 0]], "padding_mode": "circular", "bias": False},
        [1, 7],
        (2, 0),
        {"multiply_adds": 14},
        connection_count=14,
        neurons=7,
    ),
]
REFUSED = [
    ([[3, 8, 8]], {"out_channels": 4, "kernel_size": 3, "groups": 2}, "groups must divide in_channels"),
    ([[4, 8, 8]], {"out_channels": 3, "kernel_size": 3, "groups": 2}, "groups must divide out_channels"),
    ([[2, 8, 8]], {"kernel_size": 3, "connections": [[0, 1], [2]]}, "input maps that exist"),
    ([[2, 8, 8]], {"kernel_size": 3, "connections": [[0, 0]]}, "different integers"),
    ([[2, 8, 8]], {"kernel_size": 3, "connections": []}, "connections must be"),
    ([[4, 8, 8]], {"kernel_size": 3, "connections": [[0, 1], [2, 3]], "groups": 2}, "groups"),
    ([[4, 8, 8]], {"kernel_size": 3, "connections": [[0, 1], [2, 3]], "out_channels": 3}, "out_channels"),
    ([[3, 8, 8]], {"kernel_size": 3}, "out_channels"),
    ([[3, 8, 8]], {"out_channels": 4}, "kernel_size is missing"),
    ([[3, 8, 8]], {"out_channels": 4, "kernel_size": 0}, "kernel_size must be an integer ≥ 1"),
    ([[3, 8, 8]], {"out_channels": 4, "kernel_size": True}, "kernel_size must be an integer"),
    ([[3, 8, 8]], {"out_channels": 4, "kernel_size": 3, "stride": -1}, "stride must be"),
    ([[3, 8, 8]], {"out_channels": 4, "kernel_size": 3, "padding": "full"}, "padding must be"),
    ([[3, 8, 8]], {"out_channels": 4, "kernel_size": [3, 3, 3]}, "one value for each spatial axis"),
    ([[3, 8, 8]], {"out_channels": 4, "kernel_size": 9}, "is below 1"),
    ([[3, 8, 8]], {"out_channels": 4, "kernel_size": 3, "bias": 1}, "bias"),
    ([[3, 8, 8]], {"out_channels": 4, "kernel_size": 3, "padding_mode": "mirror"}, "padding_mode must be zeros or reflect"),
    (
        [[3, 8, 3]],
        {"out_channels": 4, "kernel_size": 3, "padding": 3, "padding_mode": "reflect"},
        "padding_mode reflect needs a padding smaller than the map",
    ),
    (
        [[3, 8, 3]],
        {"out_channels": 4, "kernel_size": 3, "padding": 4, "padding_mode": "circular"},
        "padding_mode circular needs a padding no larger than the map",
    ),
    ([[192]], {"out_channels": 4, "kernel_size": 3}, "1 to 3 spatial axes"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("conv", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("conv", inputs, fields, fragment)
