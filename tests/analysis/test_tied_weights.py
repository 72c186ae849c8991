"""Layers that use another's weights, or name another layer: only such as can."""

from __future__ import annotations

import pytest

from tests.support import describe, errors_of, report_of

CONV = {"op": "conv", "out_channels": 4, "kernel_size": 3, "padding": 1}


def test_weights_are_counted_where_they_belong() -> None:
    report = report_of(describe([4, 8, 8], {"id": "a", **CONV}, {"id": "b", **CONV, "weights_of": "a"}))
    # 4 filters of 4·3·3 weights and a bias: 148, once.
    assert [layer.params for layer in report.layers] == [148, 0]


@pytest.mark.parametrize(
    ("shape", "first", "second", "fragment"),
    [
        ([3, 8, 8], {"id": "a", **CONV}, {"id": "b", **CONV, "weights_of": "a"}, "conv with 4×4×3×3 weights and 4 biases"),
        ([4, 8, 8], {"id": "a", **CONV}, {"id": "b", **CONV, "bias": False, "weights_of": "a"}, "and 0 biases"),
        # As many numbers, and yet others: a row of three is no column of three.
        (
            [4, 8, 8],
            {"id": "a", **CONV, "kernel_size": [1, 3]},
            {"id": "b", **CONV, "kernel_size": [3, 1], "weights_of": "a"},
            "conv with 4×4×3×1 weights",
        ),
        ([4, 8, 8], {"id": "a", "op": "relu"}, {"id": "b", **CONV, "weights_of": "a"}, "cannot use the weights of a"),
    ],
)
def test_weights_that_cannot_be_shared(shape: list[int], first: dict, second: dict, fragment: str) -> None:
    assert fragment in errors_of(describe(shape, first, second))


def test_unpooling_names_a_layer_that_remembers_places() -> None:
    text = describe([4, 8, 8], {"id": "a", "op": "avg_pool", "kernel_size": 2}, {"op": "unpool", "pool": "a"})
    assert "pool: a is not a layer that returns indices" in errors_of(text)


def test_what_is_unpooled_has_the_size_that_the_pooling_gave() -> None:
    # 9 positions are pooled to 4; 5 could come from 9 too, rounded up, but no place was remembered for the fifth.
    layers = (
        {"id": "p", "op": "max_pool", "kernel_size": 2},
        {"op": "pad", "padding": [[0, 1], [0, 1]]},
        {"op": "unpool", "pool": "p"},
    )
    assert "reverses p, whose output is 2×4×4, but its input is 2×5×5" in errors_of(describe([2, 9, 9], *layers))


def test_an_unpooling_is_held_against_its_own_pooling_each_time() -> None:
    """A block used twice: equal layers at equal inputs, but the second pooling gave another size."""
    text = """\
archcalc: 1
input: {shape: [4, 8, 8]}
blocks:
  b:
    arguments: {s: required}
    layers:
      - {id: p, op: max_pool, kernel_size: 2, stride: s}
      - {id: c, op: conv, out_channels: 4, kernel_size: 2, stride: 2, inputs: input}
      - {id: u, op: unpool, pool: p}
layers:
  - {id: good, op: b, s: 2}
  - {id: bad, op: b, s: 4}
"""
    assert "bad.u (unpool): reverses bad.p, whose output is 4×2×2, but its input is 4×4×4" in errors_of(text)
