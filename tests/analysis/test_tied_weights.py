"""Layers that use another's weights, or name another layer: only such as can."""

from __future__ import annotations

import re

import pytest

from archcalc.graph import Node
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


@pytest.mark.parametrize(("last", "errors"), [("own", 0), ("nothing", 1), ("w0", 2000), ("input", 2000)])
def test_a_long_chain_of_weights_is_followed_once(last: str, errors: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """2,000 layers, each with the weights of the next, the last one with its own, with none, or with those of the first."""
    linear = {"op": "linear", "out_features": 4}
    layers = [{"id": f"w{index}", **linear, "weights_of": f"w{index + 1}"} for index in range(1999)]
    text = describe([4], *layers, {"id": "w1999", **linear, **({} if last == "own" else {"weights_of": last})})
    looked_up = 0

    def counted(self: Node) -> int | None:
        nonlocal looked_up
        looked_up += 1
        value: int | None = tied_to.__get__(self)
        return value

    tied_to = Node.__dict__["tied_to"]
    monkeypatch.setattr(Node, "tied_to", property(counted, tied_to.__set__))
    if errors:
        message = errors_of(text)
        assert message.count("error[") + sum(map(int, re.findall(r"and ([\d,]+) more", message.replace(",", "")))) == errors
    else:
        assert report_of(text).totals.params == 20
    assert looked_up < 20 * 2000


def test_a_frozen_chain_freezes_the_layer_with_the_weights() -> None:
    linear = {"op": "linear", "out_features": 4}
    layers = {"id": "a", **linear}, {"id": "b", **linear, "weights_of": "a"}, {"id": "c", **linear, "weights_of": "b"}
    assert report_of(describe([4], *layers, frozen=["c"])).totals.trainable == 0
