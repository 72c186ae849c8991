"""The check: what is altered is marked, and nothing else; bad input ends in sentences."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from archcalc.analysis.report import analyze
from archcalc.errors import DescriptionError
from archcalc.graph import Graph
from archcalc.reference import check as room
from archcalc.reference.check import Check, Options
from archcalc.reference.result import CheckResult
from tests.support import describe, graph_of

CONV = {"op": "conv", "out_channels": 4, "kernel_size": 3, "padding": 1}
CHAIN = describe(
    [3, 12, 12],
    {"id": "a", **CONV},
    {"id": "b", **CONV},
    {"id": "side", "op": "relu", "inputs": ["a"]},
    {"id": "c", **CONV, "inputs": ["b"]},
    {"id": "pool", "op": "global_avg_pool"},
    {"op": "flatten", "id": "flat"},
    {"id": "fc", "op": "linear", "out_features": 3},
)
QUICK = Options(device="cpu", repeats=0)


def checked(text: str, options: Options = QUICK, dtype: str = "float32", **altered: dict[str, Any]) -> CheckResult:
    """The check of a description against a network in which some layers' fields were altered after it was built."""
    report, built = analyze(graph_of(text), dtype=dtype), analyze(graph_of(text)).graph
    alter(built, altered)
    return Check(report, options, built).run()


def alter(graph: Graph, altered: dict[str, dict[str, Any]]) -> None:
    for node in graph.nodes:
        if node.id in altered:
            assert node.layer is not None
            node.layer = node.layer.replace(**altered[node.id])


def marked(result: CheckResult) -> dict[str, set[str]]:
    return {row.id: set(row.differing) for row in result.differing}


def test_all_agrees() -> None:
    result = checked(CHAIN)
    assert result.agrees
    assert result.finished
    assert set(result.rows[0].cells) == {
        "output",
        "params",
        "trainable",
        "buffers",
        "mult_adds",
        "weight_bytes",
        "output_bytes",
        "receptive field",
    }


@pytest.mark.parametrize("device", ["cpu", "meta"])
def test_an_altered_stride_marks_the_layer_and_those_it_reaches(device: str) -> None:
    result = checked(CHAIN, Options(device=device, repeats=0), b={"stride": 2})
    found = marked(result)
    # The pooling gives one position a map, whatever its size: behind it nothing differs.
    assert set(found) == {"b", "c"}
    assert {"output", "mult_adds", "output_bytes"} <= found["b"]
    assert "params" not in found["b"]
    assert not result.agrees


def test_a_dropped_bias_marks_its_layer_alone() -> None:
    result = checked(CHAIN, b={"bias": False})
    assert marked(result) == {"b": {"params", "trainable", "weight_bytes"}}
    assert not result.totals["params"].agrees


def test_groups_that_are_not_there_are_seen_by_the_gradient() -> None:
    text = describe([4, 6, 6], {"id": "a", **CONV, "groups": 2})
    assert checked(text).agrees
    assert checked(text).rows[0].cells["connected maps"].measured == [[0, 1], [0, 1], [2, 3], [2, 3]]
    assert "connected maps" in marked(checked(text, a={"groups": 1}))["a"]


def test_lenets_table_is_seen_map_by_map() -> None:
    text = describe([3, 6, 6], {"id": "a", "op": "conv", "kernel_size": 3, "connections": [[0, 1], [1, 2], [0, 2], [0, 1, 2]]})
    assert checked(text).rows[0].cells["connected maps"].measured == [[0, 1], [1, 2], [0, 2], [0, 1, 2]]


def test_what_pytorch_refuses_is_told_and_what_stands_before_it_checked() -> None:
    result = checked(CHAIN, c={"kernel_size": 20})
    assert [problem.code for problem in result.refused] == ["ARC503"]
    assert "error[ARC503] c (conv): PyTorch refuses it" in result.to_dict()["refused"][0]
    assert [row.id for row in result.rows] == ["a", "b", "side"]
    assert not result.agrees
    assert "4 layers from c on" in result.not_measured[0]


def test_training_counts_per_layer() -> None:
    result = checked(CHAIN, Options(device="cpu", repeats=0, train=True, batch=2))
    assert result.agrees
    cells = result.rows[1].cells
    assert cells["mult_adds to inputs"].measured == cells["mult_adds to weights"].measured == 2 * 144 * 4 * 36
    assert result.rows[0].cells["mult_adds to inputs"].measured == 0
    assert result.totals["mult_adds backward"].agrees


def test_meta_says_what_it_cannot_know() -> None:
    result = checked(CHAIN, Options(device="meta", train=True))
    assert result.agrees
    assert any("the device meta has only shapes" in what for what in result.not_measured)
    assert "receptive field" not in result.rows[0].cells


def test_times_and_what_bounds_a_layer() -> None:
    result = checked(CHAIN, Options(device="cpu", repeats=2))
    timing = result.rows[0].timing
    assert timing["seconds"] > 0
    assert timing["bound"] in ("arithmetic", "memory")
    # 3 + 4 maps of 144 values and 112 parameters, 4 bytes each, for 2 operations a multiply-add and one a bias.
    operations = 2 * 144 * 4 * 27 + 4 * 144
    assert timing["bytes_per_operation"] == pytest.approx(4 * (7 * 144 + 112) / operations)
    assert result.timing["ceilings"]["operations_per_second"] > 0
    flat = next(row for row in result.rows if row.id == "flat")
    assert flat.timing["bound"] is None


def test_other_data_types() -> None:
    for dtype, size in (("float64", 8), ("bfloat16", 2)):
        result = checked(CHAIN, dtype=dtype)
        assert result.agrees
        assert result.totals["weight_bytes"].measured == size * result.totals["params"].measured


def test_values_that_are_not_numbers_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    text = describe([3, 4, 4], {"id": "a", **CONV}, {"id": "b", "op": "relu"})
    place = room.Network.place

    def spoiled(self: Any, *given: Any) -> Any:
        net = place(self, *given)
        if not self.geometry:
            with torch.no_grad():
                net.layers[0].weight[0, 0, 0, 0] = float("nan")
        return net

    monkeypatch.setattr(room.Network, "place", spoiled)
    assert marked(checked(text))["a"] == {"finite values"}


def test_a_batch_that_does_not_fit_is_refused_before_it_runs() -> None:
    with pytest.raises(DescriptionError, match=r"does not fit into the memory of cpu: it needs about [\d,]+ bytes") as error:
        checked(CHAIN, Options(device="cpu", batch=10**9))
    assert "lower --batch" in str(error.value)


@pytest.mark.parametrize(
    "raised",
    [
        torch.OutOfMemoryError("CUDA out of memory"),
        MemoryError(),
        RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried …"),
    ],
)
def test_memory_that_runs_out_on_the_way(raised: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Any, x: Any) -> Any:
        if x.device.type == "meta":
            return right(self, x)
        raise raised

    right = torch.nn.ReLU.forward
    monkeypatch.setattr(torch.nn.ReLU, "forward", full)
    with pytest.raises(DescriptionError, match="does not fit"):
        checked(CHAIN)


@pytest.mark.parametrize(
    ("device", "dtype", "fragment"),
    [
        ("cuda:7", "float32", "there is no device cuda:7 here"),
        ("tpu", "float32", "there is no device tpu"),
        ("cpu", "int8", "does not run networks in int8"),
    ],
)
def test_devices_and_types_that_are_not_there(device: str, dtype: str, fragment: str) -> None:
    with pytest.raises(DescriptionError, match=fragment):
        checked(CHAIN, Options(device=device), dtype=dtype)


def test_a_run_that_is_broken_off_leaves_its_part() -> None:
    calls = []

    def interrupt(stage: str, done: int, of: int) -> None:
        calls.append((stage, done, of))
        if len(calls) == 3:
            raise KeyboardInterrupt

    work = Check(analyze(graph_of(CHAIN)), QUICK, progress=interrupt)
    with pytest.raises(KeyboardInterrupt):
        work.run()
    assert not work.result.finished
    assert [row.id for row in work.result.rows] == ["a", "b", "side"]
    assert calls == [("layers", 1, 7), ("layers", 2, 7), ("layers", 3, 7)]


@pytest.mark.parametrize(
    "text",
    [
        describe([8], {"op": "linear", "out_features": 4}, {"op": "batch_norm"}),
        describe(
            [3, 6, 6], {"op": "conv", "out_channels": 4, "kernel_size": 3}, {"op": "global_avg_pool"}, {"op": "batch_norm"}
        ),
        describe([8], {"op": "batch_norm", "eps": 0}),
        describe([3, 1, 1], {"op": "batch_norm", "affine": False}, {"op": "dropout"}),
    ],
)
@pytest.mark.parametrize("train", [False, True])
def test_a_norm_of_one_value_for_each_channel(text: str, train: bool) -> None:
    """Modules are as at inference from the start: a norm has its moving statistics."""
    assert checked(text, Options(device="cpu", repeats=0, train=train)).agrees


def test_a_norm_with_the_statistics_of_its_input_is_seen_to_read_the_whole_map() -> None:
    """Predicted as one with moving statistics, it differs in what it reads, and so does what follows."""
    text = describe(
        [3, 16, 16],
        {"id": "a", "op": "conv", "out_channels": 4, "kernel_size": 3},
        {"id": "n", "op": "batch_norm"},
        {"id": "b", **CONV},
    )
    result = checked(text, n={"track_running_stats": False})
    assert marked(result) == {"n": {"buffers", "receptive field"}, "b": {"receptive field"}}
    assert result.rows[1].cells["receptive field"].measured == [[[7, 7], [[0, 15], [0, 15]]]]


def test_a_norm_with_moving_statistics_reads_its_own_position() -> None:
    text = describe(
        [3, 16, 16], {"id": "a", "op": "conv", "out_channels": 4, "kernel_size": 3}, {"id": "n", "op": "batch_norm"}
    )
    result = checked(text)
    assert result.agrees
    assert result.rows[1].cells["receptive field"].measured == [[[7, 7], [[7, 9], [7, 9]]]]


POINTWISE = [{"op": op} for op in ("gelu", "silu", "mish", "elu", "selu", "softplus", "hardswish", "hardsigmoid", "relu6")]
OWN_POSITION = [{"op": "prelu"}, {"op": "layer_norm"}, {"op": "rms_norm"}, {"op": "l2_norm"}, {"op": "log_softmax"}]
OF_GROUPS = [{"op": "group_norm", "num_groups": 2}, {"op": "layer_norm", "over": "all"}, {"op": "prelu", "num_parameters": 4}]
OF_MAPS = [
    {"op": "instance_norm", "affine": True},
    {"op": "instance_norm", "track_running_stats": True},
    {"op": "adaptive_max_pool", "output_size": 2},
    {"op": "global_max_pool"},
]


@pytest.mark.parametrize("shape", [[8], [3, 9], [3, 6, 5], [3, 4, 5, 4]])
@pytest.mark.parametrize("train", [False, True])
def test_norms_and_activations_on_any_number_of_axes(shape: list[int], train: bool) -> None:
    """Their counts, and with `train` their gradients by finite differences and what is saved for them."""
    maps: dict[str, Any] = {"op": "conv", "out_channels": 8, "kernel_size": 3, "padding": 1}
    first = maps if len(shape) > 1 else {"op": "linear", "out_features": 8}
    last = OF_MAPS if len(shape) > 1 else []
    text = describe(shape, first, *POINTWISE, *OWN_POSITION, {"op": "glu"}, *OF_GROUPS, *last)
    result = checked(text, Options(device="cpu", repeats=0, train=train))
    assert result.agrees, [row.notes for row in result.differing]
    assert not result.refused
    if train:
        assert result.totals["kept bytes"].measured >= result.totals["kept bytes"].predicted > 0


@pytest.mark.parametrize("device", ["cpu", "meta"])
def test_a_batch_beyond_all_memory(device: str) -> None:
    """The limit is PyTorch's own; the device is not to blame, and meta is no way out."""
    with pytest.raises(DescriptionError, match="ARC505") as error:
        checked(CHAIN, Options(device=device, repeats=0, batch=10**23))
    assert "more than the 4,611,686,018,427,387,904 (2^62) that PyTorch's sizes allow on any device" in str(error.value)
    assert "lower --batch, or set a smaller --input" in str(error.value)
    assert "meta" not in str(error.value)
