"""A graph as one module: shared and frozen weights, several inputs, tensors let go."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path
from typing import Any

import pytest
import torch

from archcalc.errors import DescriptionError
from archcalc.layers import kinds
from archcalc.reference import network as room
from archcalc.reference.builders import builder
from archcalc.reference.network import Network, RefusedError
from tests.conftest import Run
from tests.samples import rows
from tests.support import computed, describe, graph_of, layer_of

CONV = {"op": "conv", "out_channels": 4, "kernel_size": 3, "padding": 1}


BACK = {"id": "b", "op": "conv_transpose", "out_channels": 4, "kernel_size": 3, "weights_of": "a"}


def placed(text: str, batch: int = 1) -> Network:
    return Network(graph_of(text), batch).place("cpu", torch.float32)


def test_shared_weights_are_the_same_weights() -> None:
    net = placed(
        describe([4, 6, 6], {"id": "a", **CONV, "weights_of": "b"}, {"id": "b", **CONV}, {"id": "c", **CONV, "weights_of": "a"})
    )
    a, b, c = net.layers
    assert a.weight is b.weight is c.weight
    assert [len(net.own_parameters(at)) for at in range(3)] == [0, 2, 0]
    assert sum(one.numel() for one in net.parameters()) == 4 * 4 * 9 + 4


@pytest.mark.parametrize("op", [op for op in kinds() if builder(op) is not None])
def test_tensors_that_compare_as_equal_are_pytorchs(op: str) -> None:
    """Of any two of a kind's rows: where the rules see the same weight tensors, PyTorch's modules have the same."""
    seen: dict[Any, list[list[int]]] = {}
    for row in rows(op):
        counts = computed(op, row.inputs, row.fields)
        try:
            with torch.device("meta"):
                module = builder(op).build(layer_of(op, row.fields), *row.inputs)  # type: ignore[union-attr]
        except room.REFUSALS:  # its rows of volumes that PyTorch has no module for
            continue
        tensors = [list(weight.shape) for weight in room._part(module, "weights")]
        assert seen.setdefault(counts.layer.weight_shapes(*counts.inputs), tensors) == tensors


ATTENTION = {"op": "attention", "num_heads": 2, "window": 2}


@pytest.mark.parametrize(
    "layer",
    [
        {**ATTENTION, "relative_position_bias": True},
        {**ATTENTION, "cosine": True, "continuous_bias": 8},
        {"op": "multihead_attention", "num_heads": 2},
        {"op": "lstm", "hidden_size": 4},
        {"op": "l2_norm"},
        {"op": "subsample", "kernel_size": 2},
        {"op": "batch_norm"},
        {"op": "layer_norm"},
        {"op": "prelu"},
    ],
    ids=lambda layer: layer["op"],
)
def test_no_weight_is_what_the_memory_contained(layer: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """On a device a module begins with uninitialised memory; what has no rule of its own is random, and the seed's."""
    empty = torch.empty_like

    def dirty(tensor: torch.Tensor, **options: Any) -> torch.Tensor:
        return empty(tensor, **options).fill_(float("nan") if tensor.is_floating_point() else 99)

    monkeypatch.setattr(torch, "empty_like", dirty)
    shape = [12, 4] if layer["op"] == "lstm" else [12, 4, 4]
    first, second = (placed(describe(shape, layer)).state_dict() for _ in range(2))
    assert first
    for name, tensor in first.items():
        assert torch.isfinite(tensor).all(), name
        assert torch.equal(tensor, second[name]), name


def test_shared_statistics() -> None:
    net = placed(describe([4, 6, 6], {"id": "a", "op": "batch_norm"}, {"id": "b", "op": "batch_norm", "weights_of": "a"}))
    assert net.layers[0].running_mean is net.layers[1].running_mean
    assert [sum(one.numel() for one in net.own_buffers(at)) for at in range(2)] == [8, 0]


def test_frozen_and_fixed_weights_take_no_gradient() -> None:
    net = placed(
        describe(
            [4],
            {"id": "a", "op": "linear", "out_features": 4},
            {"id": "b", "op": "linear", "out_features": 4},
            {"id": "c", "op": "rbf", "out_features": 2},
            frozen=["a"],
        )
    )
    assert [[one.requires_grad for one in layer.parameters()] for layer in net.layers] == [[False] * 2, [True] * 2, [False]]


def test_a_part_is_frozen() -> None:
    net = placed(describe([4, 6, 6], {"id": "a", **CONV}, {"id": "b", **CONV}, frozen=["a.weight", "*.bias"]))
    assert [[one.requires_grad for one in layer.parameters()] for layer in net.layers] == [[False] * 2, [True, False]]


def test_kinds_that_share_one_tensor() -> None:
    net = placed(describe([4, 6, 6], {"id": "a", **CONV}, BACK, frozen=["a.weight", "b.bias"]))
    assert net.layers[1].weight is net.layers[0].weight
    assert [[one.requires_grad for one in net.own_parameters(at)] for at in range(2)] == [[False, True], [False]]
    assert [sum(one.numel() for one in net.own_parameters(at)) for at in range(2)] == [4 * 4 * 9 + 4, 4]


def test_several_inputs_and_outputs() -> None:
    text = """\
        archcalc: 1
        inputs: {image: {shape: [3, 8, 8]}, depth: {shape: [1, 8, 8]}}
        layers:
          - {id: both, op: concat, inputs: [image, depth]}
          - {id: left, op: conv, out_channels: 2, kernel_size: 3, inputs: [both]}
          - {id: right, op: global_avg_pool, inputs: [both]}
        """
    outputs = placed(text, 2).run()
    assert [tuple(one.shape) for one in outputs] == [(2, 2, 6, 6), (2, 4, 1, 1)]


def test_the_same_seed_gives_the_same_network() -> None:
    text = describe([4, 6, 6], CONV, {"op": "batch_norm"})
    one, two = placed(text).run()[0], placed(text).run()[0]
    assert torch.equal(one, two)
    other = Network(graph_of(text)).place("cpu", torch.float32, seed=1).run()[0]
    assert not torch.equal(one, other)


def test_a_tensor_is_let_go_after_its_last_reader() -> None:
    net = placed(
        describe(
            [4, 6, 6],
            {"id": "a", **CONV},
            {"id": "b", **CONV},
            {"id": "c", **CONV},
            {"id": "d", "op": "add", "inputs": ["c", "b"]},
        )
    )
    alive: list[weakref.ref[torch.Tensor]] = []
    seen = []
    with torch.no_grad():
        for step in net.steps(net.example()):
            alive.append(weakref.ref(step.output))
            del step
            gc.collect()
            seen.append([one() is not None for one in alive])
    # While c is at hand, b still waits for d; a is gone.
    assert seen[2] == [False, True, True]


def test_a_kind_without_a_builder_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    known = room.builder
    monkeypatch.setattr(room, "builder", lambda op: None if op in ("relu", "softmax") else known(op))
    with pytest.raises(DescriptionError) as error:
        placed(describe([4], {"op": "relu"}, {"op": "sigmoid"}, {"op": "softmax"}))
    assert [problem.code for problem in error.value.problems] == ["ARC502", "ARC502"]
    assert "relu1: the kind relu has no PyTorch builder" in str(error.value)


def test_a_layer_that_is_not_understood_is_named_before_anything_runs(run: Run, tmp_path: Path) -> None:
    text = describe([4], {"op": "relu"}, {"id": "a", "op": "opaque", "was": "Gauss", "shape": [4], "params": 3})
    path = tmp_path / "net.yaml"
    path.write_text(text, encoding="utf-8")
    done = run("check", str(path), "--device", "cpu")
    assert (done.status, done.out) == (2, "")
    assert "error[ARC502] a: it was Gauss, which is not understood, so that PyTorch has nothing to run" in done.err
    assert "check the network without the layer" in done.err


def test_what_pytorch_refuses_has_its_layer() -> None:
    graph = graph_of(describe([4, 6, 6], {"id": "a", "op": "relu"}, {"id": "b", **CONV}))
    node = graph.nodes[1]
    assert node.layer is not None
    node.layer = node.layer.replace(kernel_size=9, padding=0)
    with pytest.raises(RefusedError) as error:
        Network(graph)
    assert error.value.index == 1
    assert "b (conv): PyTorch refuses it" in str(error.value)
