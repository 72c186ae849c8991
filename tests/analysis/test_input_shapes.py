"""Channels last and a batch in the shape: a warning with the likely shape, and none on what is meant."""

from __future__ import annotations

from typing import Any

import pytest

from archcalc import load
from archcalc.analysis.report import analyze
from archcalc.errors import ArchcalcError
from tests.networks import NETWORKS
from tests.support import describe, report_of

CONV = {"op": "conv", "out_channels": 8, "kernel_size": 3, "padding": 1}
SHAPE_CODES = {"ARC308", "ARC309"}


def warnings(shape: list[int], *layers: dict[str, Any], **top: Any) -> list[str]:
    report = report_of(describe(shape, *(layers or (CONV,)), **top))
    return [f"{one.code} {one.message}" for one in report.diagnostics if one.code in SHAPE_CODES]


@pytest.mark.parametrize(
    ("shape", "code", "likely"),
    [
        ([28, 28, 1], "ARC308", "[1, 28, 28]"),
        ([32, 32, 3], "ARC308", "[3, 32, 32]"),
        ([224, 224, 3], "ARC308", "[3, 224, 224]"),
        ([480, 640, 3], "ARC308", "[3, 480, 640]"),
        ([256, 256, 4], "ARC308", "[4, 256, 256]"),
        ([8, 8, 1], "ARC308", "[1, 8, 8]"),
        ([64, 3, 32, 32], "ARC309", "[3, 32, 32]"),
        ([1, 3, 224, 224], "ARC309", "[3, 224, 224]"),
        ([128, 1, 28, 28], "ARC309", "[1, 28, 28]"),
        ([32, 28, 28, 1], "ARC309", "[1, 28, 28]"),
    ],
)
def test_the_likely_shape_is_named(shape: list[int], code: str, likely: str) -> None:
    (found,) = warnings(shape)
    assert found.startswith(code)
    assert found.endswith(likely)


@pytest.mark.parametrize(
    "shape",
    [
        [784],
        [3, 32, 32],
        [1, 28, 28],
        [4, 2, 2],
        [2, 2, 1],
        [3, 1000],
        [1000, 3],
        [512, 7, 7],
        [512, 7, 4],
        [16, 8, 4],
        [64, 1, 1],
        [3, 16, 112, 112],
        [1, 64, 64, 64],
        [16, 16, 3, 3],
        [2, 3, 4, 4],
    ],
)
def test_a_shape_that_may_be_meant_is_silent(shape: list[int]) -> None:
    assert not warnings(shape, {"op": "relu"})


def test_fields_for_three_axes_say_that_the_network_has_them() -> None:
    video = {"op": "conv", "out_channels": 8, "kernel_size": [3, 3, 3], "padding": 1}
    assert not warnings([16, 3, 112, 112], video)
    (found,) = warnings([16, 112, 112, 3], video)
    assert found.startswith("ARC308")
    assert found.endswith("[3, 16, 112, 112]")


@pytest.mark.parametrize("name", NETWORKS)
def test_no_network_of_the_zoo_is_warned_about(name: str) -> None:
    assert not {one.code for one in analyze(load(name)).diagnostics} & SHAPE_CODES


def test_the_warning_is_shown_beside_the_error() -> None:
    with pytest.raises(ArchcalcError) as caught:
        report_of(describe([28, 28, 1], CONV, {"op": "max_pool", "kernel_size": 2}))
    assert [one.severity for one in caught.value.problems] == ["warning", "error"]
    with pytest.raises(ArchcalcError) as caught:
        report_of(describe([64, 16, 32, 32], {**CONV, "kernel_size": [3, 3]}, {"op": "cnov"}))
    assert "probably [16, 32, 32]" in str(caught.value)


def test_a_shape_of_the_call_is_warned_about_at_the_call() -> None:
    with pytest.raises(ArchcalcError) as caught:
        analyze(load("vgg16", input="224x224x3"))
    assert str(caught.value).startswith("archcalc: warning[ARC308]")
    with pytest.raises(ArchcalcError, match="leave the batch out: --input 3x224x224"):
        load("vgg16", input="64x3x224x224")


def test_a_description_can_ignore_it() -> None:
    assert not warnings([28, 28, 1], ignore=["ARC308"])
    with pytest.raises(ArchcalcError) as caught:
        report_of(describe([28, 28, 1], {"op": "conv", "out_channels": 1, "kernel_size": 3}, ignore="ARC308"))
    assert [one.code for one in caught.value.problems] == ["ARC201"]
