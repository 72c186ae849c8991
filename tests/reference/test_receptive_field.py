"""Receptive fields by gradients: exact where nothing was altered, and marked where something was."""

from __future__ import annotations

from typing import Any

import pytest

from archcalc.analysis.loading import load
from archcalc.analysis.receptive_field.positions import positions_read
from archcalc.analysis.report import analyze
from archcalc.reference.receptive_field import measured_fields
from tests.support import describe, graph_of, report_of


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("alexnet", None),
        ("vgg16", None),
        ("resnet50", None),
        ("googlenet", None),
        ("mobilenet_v1", None),
        ("lenet5", None),
        ("segnet", [3, 90, 120]),
        ("unet", [1, 188, 188]),
        ("deeplab_largefov", [3, 161, 161]),
    ],
)
def test_the_zoo(name: str, shape: list[int] | None) -> None:
    report = analyze(load(name, input=shape))
    measured = {at: seen for at, seen in measured_fields(report) if seen}
    assert len(measured) > len(report.layers) / 2
    assert all(unit.agrees for seen in measured.values() for unit in seen)


def test_a_box_in_the_middle_and_its_holes() -> None:
    report = report_of(describe([1, 15, 15], {"op": "conv", "out_channels": 1, "kernel_size": 3, "dilation": 3}))
    ((_, (seen,)),) = list(measured_fields(report))
    # Unit (4, 4) of 9×9 reads 4, 7 and 10 along each axis: 9 positions of a box of 7·7.
    assert seen.unit == (4, 4)
    assert seen.measured == ((4, 10), (4, 10))
    assert seen.holes == 49 - 9


def test_units_of_different_phase_are_measured() -> None:
    report = report_of(
        describe(
            [1, 6, 6],
            {"op": "conv", "out_channels": 1, "kernel_size": 3, "padding": 1},
            {"op": "conv_transpose", "out_channels": 1, "kernel_size": 3, "stride": 2},
        )
    )
    seen = dict(measured_fields(report))[1]
    assert len(seen) == 2
    assert {unit.measured[0][1] - unit.measured[0][0] + 1 for unit in seen if unit.measured[0]} == {3, 4}
    assert all(unit.agrees for unit in seen)


def test_a_hole_at_the_border() -> None:
    """The first tap falls into the padding, and the box's edge into the hole behind it."""
    report = report_of(
        describe([1, 3], {"op": "max_pool", "kernel_size": 2, "stride": 4, "padding": 1, "dilation": 2, "ceil_mode": True})
    )
    (seen,) = dict(measured_fields(report))[0]
    assert report.layers[0].receptive_field.box((0,)) == [(-1, 1)]
    assert seen.unit == (0,)
    assert seen.measured == seen.predicted == ((1, 1),)
    assert positions_read(report, 0, (0,)) == {-1: (frozenset({1}),)}


def test_an_altered_stride_is_seen_in_all_layers_it_reaches() -> None:
    layers = [{"id": name, "op": "conv", "out_channels": 1, "kernel_size": 3, "padding": 1} for name in "abc"]
    text = describe([1, 16, 16], *layers)
    report, built = report_of(text), graph_of(text)
    analyze(built)
    assert built.nodes[1].layer is not None
    built.nodes[1].layer = built.nodes[1].layer.replace(dilation=2, padding=2)
    assert [all(unit.agrees for unit in seen) for _, seen in measured_fields(report, built)] == [True, False, False]


def test_a_wrong_prediction_inside_the_map_is_not_excused() -> None:
    from archcalc.analysis.receptive_field.fields import Affine, ReceptiveField

    report = report_of(describe([1, 16], {"op": "conv", "out_channels": 1, "kernel_size": 3}))
    report.layers[0].receptive_field = ReceptiveField((Affine(5, 1, 0),))
    (seen,) = dict(measured_fields(report))[0]
    assert not seen.agrees


@pytest.mark.parametrize("margins", [1, [[2, 0], [0, 3]]])
def test_behind_a_crop_padding_begins_at_the_border_of_the_cropped_map(margins: Any) -> None:
    """A window over that border reads padding, though the input goes on there."""
    text = describe(
        [2, 9, 12],
        {"op": "crop", "margins": margins},
        {"op": "conv", "out_channels": 2, "kernel_size": 3, "padding": 1},
        {"op": "conv", "out_channels": 2, "kernel_size": 5, "padding": "same"},
        {"op": "adaptive_avg_pool", "output_size": 5},
    )
    report = analyze(graph_of(text))
    for _, fields in measured_fields(report):
        assert all(unit.agrees for unit in fields), fields


def test_a_crop_that_is_wrong_is_not_excused() -> None:
    text = describe([2, 9, 12], {"id": "a", "op": "crop", "margins": 1}, {"op": "conv", "out_channels": 2, "kernel_size": 3})
    report, built = analyze(graph_of(text)), analyze(graph_of(text)).graph
    node = built.nodes[0]
    assert node.layer is not None
    node.layer = node.layer.replace(margins=((0, 2), (1, 1)))
    assert not all(unit.agrees for _, fields in measured_fields(report, built) for unit in fields)
