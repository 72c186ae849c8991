"""Max pooling against papers and hand sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.layers.case import Case, check, refused

CASES = [
    # Krizhevsky et al. 2012, §3.4, overlapping: (55 − 3)/2 + 1 = 27; 96·27·27 = 69,984; 9 − 1 = 8 comparisons each.
    Case([[96, 55, 55]], {"kernel_size": 3, "stride": 2}, [96, 27, 27], tallies={"comparisons": 559_872}, taps=629_856),
    # Simonyan & Zisserman 2014, §2.1, 2×2 with stride 2: 64·112·112 = 802,816; 3 comparisons each.
    Case([[64, 224, 224]], {"kernel_size": 2}, [64, 112, 112], tallies={"comparisons": 2_408_448}),
    # Szegedy et al. 2014, table 1, 112 → 56 rounded up: ⌈(112 − 3)/2⌉ + 1 = 56; 64·56·56 = 200,704; ·8.
    Case(
        [[64, 112, 112]], {"kernel_size": 3, "stride": 2, "ceil_mode": True}, [64, 56, 56], tallies={"comparisons": 1_605_632}
    ),
    # Badrinarayanan et al. 2015, SegNet at 360×480, pool4: 45×60 → 23×30; 512·690 = 353,280; ·3.
    Case([[512, 45, 60]], {"kernel_size": 2, "ceil_mode": True}, [512, 23, 30], tallies={"comparisons": 1_059_840}),
    # Chen et al. 2014, DeepLab's pool1: ⌊(321 + 2 − 3)/2⌋ + 1 = 161; 64·161·161 = 1,658,944; ·8.
    Case([[64, 321, 321]], {"kernel_size": 3, "stride": 2, "padding": 1}, [64, 161, 161], tallies={"comparisons": 13_271_552}),
    # PyTorch's rule (documentation of MaxPool1d): a window that would begin in the right padding goes.
    # ⌈(5 + 2 − 2)/2⌉ + 1 = 4 places, the fourth begins at 6 − 1 = 5, behind the map: 3 stay.
    Case([[1, 5]], {"kernel_size": 2, "stride": 2, "padding": 1, "ceil_mode": True}, [1, 3], tallies={"comparisons": 3}),
    # ⌈(3 − 1)/5⌉ + 1 = 2 places, the second begins at 5 > 2: 1 stays, with a single value and nothing to compare.
    Case([[1, 3]], {"kernel_size": 1, "stride": 5, "ceil_mode": True}, [1, 1]),
    # Dilated by hand: (9 − 2·2 − 1)/1 + 1 = 5; 5·2 = 10 comparisons.
    Case([[1, 9]], {"kernel_size": 3, "stride": 1, "dilation": 2}, [1, 5], tallies={"comparisons": 10}),
]
REFUSED = [
    ([[1, 4, 4]], {"kernel_size": 2, "padding": 2}, "padding must be at most half of kernel_size"),
    ([[1, 4, 4]], {"kernel_size": 5}, "the window must fit into the padded map"),
    ([[1, 4, 4]], {"stride": 2}, "kernel_size is missing"),
    ([[16]], {"kernel_size": 2}, "1 to 3 spatial axes"),
    ([[1, 4, 4]], {"kernel_size": 2, "ceil_mode": "yes"}, "ceil_mode"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_counts(case: Case) -> None:
    check("max_pool", case)


@pytest.mark.parametrize(("inputs", "fields", "fragment"), REFUSED)
def test_refusals(inputs: list[list[int]], fields: dict[str, Any], fragment: str) -> None:
    refused("max_pool", inputs, fields, fragment)


@pytest.mark.parametrize(
    ("size", "fields", "out"),
    [
        # PyTorch: MaxPool2d(3, 2, ceil_mode=True) of 2 positions keeps one window, which hangs over the border.
        (2, {"kernel_size": 3, "stride": 2, "ceil_mode": True}, 1),
        # TensorFlow pads a dilated window by d·(k − 1) in all: 2·(3 − 1) = 4, more than half of 3 positions on each side.
        (7, {"kernel_size": 3, "stride": 1, "dilation": 2, "padding": "same"}, 7),
    ],
)
def test_windows_that_hang_over(size: int, fields: dict[str, Any], out: int) -> None:
    # 3·3 − 1 comparisons per output.
    check("max_pool", Case([[1, size, size]], fields, [1, out, out], tallies={"comparisons": 8 * out * out}))


def test_padding_is_held_against_the_window_without_its_holes() -> None:
    # PyTorch's MaxPool2d(2, padding=2, dilation=5): "pad should be smaller than or equal to half of kernel size".
    refused("max_pool", [[1, 9, 9]], {"kernel_size": 2, "padding": 2, "dilation": 5}, "at most half of kernel_size")


def test_a_dilation_for_each_axis() -> None:
    refused("max_pool", [[1, 9, 9]], {"kernel_size": 2, "dilation": [1, 2, 1]}, "dilation must have one value for each")
