"""Layers that use another's weights, or name another layer: only such as can."""

from __future__ import annotations

import json
import re

import pytest

from archcalc.analysis.sweep import sweep
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


BACK = {"id": "b", "op": "conv_transpose", "out_channels": 3, "kernel_size": 3, "padding": 1, "weights_of": "a"}


def test_kinds_that_share_one_tensor() -> None:
    """A tied autoencoder: PyTorch has a convolution's weights as (out, in, k, k), a transposed one's as (in, out, k, k)."""
    report = report_of(describe([3, 8, 8], {"id": "a", **CONV}, BACK))
    # 4·3·9 weights once, 4 biases of the one and 3 of the other.
    assert [(layer.weights, layer.biases, layer.params) for layer in report.layers] == [(108, 4, 112), (0, 3, 3)]
    assert report.totals.mult_adds == 2 * 64 * 108
    frozen = report_of(describe([3, 8, 8], {"id": "a", **CONV}, BACK), freeze=("b.weight",))
    assert [layer.frozen for layer in frozen.layers] == [108, 0], "frozen where it is counted"
    whole = report_of(describe([3, 8, 8], {"id": "a", **CONV}, BACK), freeze=("b",))
    assert [layer.frozen for layer in whole.layers] == [108, 3]
    text = describe([3, 8, 8], {"id": "a", **CONV, "out_channels": "m"}, BACK, variables={"m": 4})
    found = sweep(json.loads(text), {"m": [2, 4]})
    assert [row.params for row in found.rows] == [2 * 27 + 2 + 3, 115]


def test_a_chain_of_kinds_that_share() -> None:
    """The third layer has the weights of the first, and all else of the second, which is of its kind."""
    third = {**BACK, "id": "c", "weights_of": "b", "inputs": ["a"]}
    report = report_of(describe([3, 8, 8], {"id": "a", **CONV}, BACK, third))
    assert [layer.params for layer in report.layers] == [112, 3, 0]


@pytest.mark.parametrize(
    ("shape", "first", "second", "fragment"),
    [
        (
            [3, 8, 8],
            CONV,
            {**BACK, "kernel_size": 5},
            "conv_transpose with 4×3×5×5 weights and 3 biases; a has conv with 4×3×3×3",
        ),
        ([4, 8, 8], {**CONV, "groups": 2}, {**BACK, "out_channels": 4}, "4×4×3×3 weights"),
        # A dense layer is no 1×1 convolution, whose tensor has two axes more.
        ([4, 1, 1], {**CONV, "kernel_size": 1}, [{"op": "flatten"}, {"op": "linear", "out_features": 4}], "linear with 4×36"),
        # Fixed weights are not shared with trained ones.
        ([4], {"op": "rbf", "out_features": 4}, {"op": "linear", "out_features": 4}, "linear with 4×4 weights"),
        # A scale per channel is no tensor with an order of axes.
        ([4, 8, 8], {"op": "batch_norm"}, {"op": "subsample", "kernel_size": 2}, "subsample with 4 weights"),
    ],
)
def test_kinds_that_do_not_share(shape: list[int], first: dict, second: dict | list[dict], fragment: str) -> None:
    *between, last = second if isinstance(second, list) else [second]
    text = describe(shape, {**first, "id": "a"}, *between, {**last, "id": "b", "weights_of": "a"})
    found = errors_of(text)
    assert "error[ARC204]" in found
    assert fragment in found


@pytest.mark.parametrize(
    ("inputs", "first", "second", "fragment"),
    [
        # As many numbers, in other tensors: those that PyTorch makes are named in the comments.
        (
            "{q: {shape: [6, 4]}, k: {shape: [4, 4]}, v: {shape: [8, 4]}}",
            "op: multihead_attention, num_heads: 2, inputs: [q, k, v]",  # k_proj 6×4, v_proj 6×8
            "op: multihead_attention, num_heads: 2, inputs: [q, v, k]",  # k_proj 6×8, v_proj 6×4
            "multihead_attention with 6×6 + 6×8 + 6×4 + 6×6 weights",
        ),
        (
            "{x: {shape: [18, 4]}, y: {shape: [6, 4]}}",
            "op: lstm, inputs: x, hidden_size: 6, bias: false",  # weight_ih_l0 24×18, weight_hh_l0 24×6
            "op: lstm, inputs: y, hidden_size: 6, bias: false, bidirectional: true",  # each two times 24×6
            "lstm with 2×24×6 + 2×24×6 weights",
        ),
        (
            "{x: {shape: [18, 4]}, y: {shape: [6, 4]}}",
            "op: rnn, inputs: x, hidden_size: 6, bias: false",  # weight_ih_l0 6×18, weight_hh_l0 6×6
            "op: rnn, inputs: y, hidden_size: 6, bias: false, num_layers: 2",  # four times 6×6
            "rnn with 1×6×6 + 1×6×6 + 2×6×6 weights",
        ),
        (
            "{x: {shape: [18, 4]}, y: {shape: [18, 4, 4]}}",
            "op: attention, num_heads: 3, window: 2, continuous_bias: 5, inputs: x",  # 5×1, 3×5
            "op: attention, num_heads: 2, window: 2, continuous_bias: 5, inputs: y",  # 5×2, 2×5
            "attention with 5×2 + 2×5 weights",
        ),
        (
            "{x: {shape: [18, 6]}}",
            "op: attention, num_heads: 3, window: 2, cosine: true, relative_position_bias: true, inputs: x",  # 3, 3×3
            "op: attention, num_heads: 2, window: 3, cosine: true, relative_position_bias: true, inputs: x",  # 2, 2×5
            "attention with 2 + 2×5 weights",
        ),
    ],
)
def test_several_tensors_are_compared_one_by_one(inputs: str, first: str, second: str, fragment: str) -> None:
    found = errors_of(
        f"archcalc: 1\ninputs: {inputs}\nlayers:\n  - {{id: a, {first}}}\n  - {{id: b, weights_of: a, {second}}}\n"
    )
    assert "error[ARC204]" in found
    assert fragment in found


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
