"""Sweeps: each row of the array arithmetic is the plain report of its variant."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archcalc import sweep
from archcalc.analysis.loading import load
from archcalc.analysis.report import analyze
from archcalc.errors import ArchcalcError, DescriptionError
from tests.analysis.test_zoo import MOBILENET
from tests.support import describe


def plain(name: str, values: dict[str, Any], input: list[int] | None = None) -> tuple[Any, ...] | str:
    """Output, params and mult-adds of one variant by the plain arithmetic, or that it is refused."""
    try:
        report = analyze(load(name, values, input))
    except ArchcalcError:
        return "refused"
    return tuple(report.output), report.totals.params, report.totals.mult_adds


def agree(name: str, grid: dict[str, list[Any]], input: list[int] | None = None) -> int:
    """Compare every row with the plain arithmetic; how many work out."""
    done = sweep(name, grid, input=input)
    for row in done.rows:
        got = "refused" if row.problem else (row.output, row.params, row.mult_adds)
        assert got == plain(name, row.values, input), f"{name} {row.values}: {row.problem}"
    return sum(not row.problem for row in done.rows)


def test_mobilenet() -> None:
    """Howard et al. 2017, tables 6 and 7, all 16 from one sweep."""
    grid = {"alpha": [Fraction(a) for a in ("1", "0.75", "0.5", "0.25")], "resolution": [224, 192, 160, 128]}
    rows = sweep("mobilenet_v1", grid).rows
    assert [(str(row.values["alpha"]), row.values["resolution"], row.mult_adds, row.params) for row in rows] == [
        (str(Fraction(alpha)), resolution, macs, params) for alpha, resolution, macs, params, *_ in MOBILENET
    ]


@pytest.mark.parametrize(
    ("name", "grid"),
    [
        ("mobilenet_v1", {"resolution": [224, 32, 31, 1], "alpha": [Fraction(1, 32), Fraction(1, 3), 1, 0]}),
        ("googlenet", {"heads": [0, 1, 2, 3]}),
        ("alexnet", {"groups": [1, 2, 3, 4, 5, 8]}),
        ("resnet50", {"stride_on": [1, 3]}),
        ("deconv_demo", {"output_padding": [0, 1, 2]}),
        ("mlp", {"hidden": [0, 1, 10**12, 10**30]}),
        ("segnet", {"classes": [1, 11, 21]}),
        ("unet", {"classes": [2, 3]}),
    ],
)
def test_each_row_is_the_plain_report(name: str, grid: dict[str, list[Any]]) -> None:
    assert agree(name, grid) > 0


def test_structure_is_split(written: Any) -> None:
    """Variables that decide `when`, `repeat` or a mode, beside one that is only a size."""
    path = written("""
        archcalc: 1
        variables: {deep: 1, width: 4, mode: nearest, extra: false}
        input: {shape: [3, 9, 9]}
        blocks:
          unit: {arguments: {c: required}, layers: [{op: conv, out_channels: c, kernel_size: 3, padding: same}, {op: relu}]}
        layers:
          - {op: unit, c: 2*width, repeat: deep}
          - {op: batch_norm, when: extra}
          - {op: upsample, scale_factor: 2, mode: mode}
          - {op: conv, out_channels: width, kernel_size: 1, when: width >= 3}
    """)
    grid = {"deep": [0, 1, 3], "width": [1, 2, 3, 5], "mode": ["nearest", "bilinear"], "extra": [True, False]}
    done = sweep(path, grid)
    assert len(done) == len(done.rows) == 48
    assert [row.values for row in done.rows][:2] == [
        {"deep": 0, "width": 1, "mode": "nearest", "extra": True},
        {"deep": 0, "width": 1, "mode": "nearest", "extra": False},
    ]
    assert agree(path, grid) == 48


@given(
    st.lists(st.fractions(0, 4, max_denominator=16), min_size=1, max_size=4, unique=True),
    st.lists(st.integers(1, 300), min_size=1, max_size=3, unique=True),
)
@settings(max_examples=15)
def test_random_grids(alphas: list[Fraction], resolutions: list[int]) -> None:
    agree("mobilenet_v1", {"alpha": alphas, "resolution": resolutions})


def test_an_input_from_outside() -> None:
    assert agree("resnet18", {}, [3, 64, 96]) == 1


def one_layer(shape: list[int], variables: dict[str, Any], **layer: Any) -> str:
    return describe(shape, layer, variables=variables) + "\n"


@pytest.mark.parametrize("grid", [{"n": [3]}, {"n": [3], "classes": [10, 100]}, {"n": [3], "classes": [10]}])
def test_one_value_of_a_variable_that_decides_structure(grid: dict[str, list[Any]]) -> None:
    assert agree("resnet_cifar", grid) == len(grid.get("classes", "1"))


@pytest.mark.parametrize("expression", ["10**19 - a", "10**19 // a", "(10**40 + a) // 7", "a * 10**19 - a", "ceil(10**30 / a)"])
def test_expressions_beyond_64_bits(expression: str) -> None:
    """Python's own integers are the oracle: the numbers of a linear layer of 8 inputs."""
    rows = sweep(one_layer([8], {"a": 1}, op="linear", out_features=expression), {"a": [3, 5]}).rows
    for row in rows:
        a = row.values["a"]
        out = eval(expression.replace("ceil(10**30 / a)", "-(-10**30 // a)"), {"a": a})
        assert (row.output, row.mult_adds, row.params) == ((out,), 8 * out, 9 * out)


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        ({"op": "conv_transpose", "out_channels": 5, "kernel_size": 3, "stride": "s", "groups": 2}, "groups must divide in"),
        ({"op": "conv", "out_channels": 5, "kernel_size": 3, "stride": ["s"]}, "stride must have one value for each"),
        ({"op": "max_pool", "kernel_size": "s", "padding": [["s", 1]]}, "padding must have one value for each"),
        ({"op": "conv", "out_channels": "10**101", "kernel_size": "s", "padding": "same"}, "more than 100 digits"),
        ({"op": "conv", "out_channels": "10**99", "kernel_size": "s", "groups": 9}, "groups must divide in_channels"),
        ({"op": "crop", "margins": [4, "s"]}, "output height is 0, must be at least 1"),
        ({"op": "max_pool", "kernel_size": "s/3"}, "kernel_size comes out as"),
    ],
)
def test_a_layer_that_fits_in_no_variant(layer: dict[str, Any], message: str) -> None:
    """The message is that of the variant: with its values, and with a derivation in its numbers."""
    rows = sweep(one_layer([3, 8, 8], {"s": 1}, **layer), {"s": [1, 2]}).rows
    assert all(message in row.problem for row in rows), [row.problem for row in rows]


def test_what_is_refused_is_told() -> None:
    rows = sweep("alexnet", {"groups": [2, 5]}).rows
    assert not rows[0].problem
    assert "groups" in rows[1].problem
    assert (rows[1].output, rows[1].params, rows[1].mult_adds) == ((), 0, 0)


@pytest.mark.parametrize("grid", [{"alfa": [1]}, {"alpha": []}, {"alpha": [1] * 4000, "resolution": [1] * 4000}])
def test_sweeps_that_are_refused(grid: dict[str, list[Any]]) -> None:
    with pytest.raises(DescriptionError):
        _ = sweep("mobilenet_v1", grid).rows


def test_a_factor_may_be_a_fraction(written: Any) -> None:
    """Over integers in one walk, over fractions one by one: ⌊9·f⌋ positions, a 1×1 convolution of 3·2 weights on each."""
    path = written("""
        archcalc: 1
        variables: {f: 2}
        input: {shape: [3, 9]}
        layers:
          - {op: upsample, scale_factor: f}
          - {op: conv, out_channels: 2, kernel_size: 1}
    """)
    found = sweep(path, {"f": [1, 1.5, 2, 1.75]})
    assert [row.mult_adds for row in found.rows] == [6 * positions for positions in (9, 13, 18, 15)]
