"""The text of receptive fields, of one layer and of the copies that a row or a box shows."""

from __future__ import annotations

import pytest

from archcalc import analyze, load
from archcalc.views.folded_field import folded_field

VGG = analyze(load("vgg16"))


@pytest.mark.parametrize(
    ("layers", "text", "brief"),
    [
        (["conv5_1"], "132×132", "132"),
        # Simonyan & Zisserman 2015, column D: three 3×3 windows at stride 16 see 32 more positions each.
        (["conv5_1", "conv5_2", "conv5_3"], "132×132…196×196", "132…196"),
        (["conv5_3", "fc6"], "196×196…whole input", "196…whole input"),
    ],
)
def test_copies_are_first_to_last(layers: list[str], text: str, brief: str) -> None:
    fields = [VGG.layer(layer).receptive_field for layer in layers]
    assert folded_field(fields) == text
    assert folded_field(fields, brief=True) == brief


def test_unequal_axes_are_both_written() -> None:
    report = analyze(load({"archcalc": 1, "input": {"shape": [1, 9, 9]}, "layers": [
        {"id": "c", "op": "conv", "out_channels": 1, "kernel_size": [3, 5], "repeat": 2},
    ]}))  # fmt: skip
    assert folded_field([layer.receptive_field for layer in report.layers], brief=True) == "3×5…5×9"
