"""The confusions that kinds invite: each is what another layer, counted by its own rules, would give."""

from __future__ import annotations

from typing import Any

import pytest

from archcalc.layers import find, kinds
from tests.support import computed

X = [12, 9, 9]


def confused(op: str, shape: list[int], fields: dict[str, Any]) -> dict[str, dict[str, int]]:
    layer_counts = computed(op, [shape], fields)
    found = layer_counts.layer.miscounts(layer_counts.output, *layer_counts.inputs)
    return {one.name: {name: int(count) for name, count in one.counts.items()} for one in found}


# What a layer is taken for, and the layer that it is taken for, which is the oracle.
TAKEN = [
    ("max_pool", {"kernel_size": 2}, "charged as a convolution with bias",
     "conv", {"out_channels": 12, "kernel_size": 2, "stride": 2}),
    ("avg_pool", {"kernel_size": 3, "stride": 2}, "charged as a convolution without bias",
     "conv", {"out_channels": 12, "kernel_size": 3, "stride": 2, "bias": False}),
    ("max_pool", {"kernel_size": [2, 3]}, "charged as a depthwise convolution with bias",
     "conv", {"out_channels": 12, "kernel_size": [2, 3], "stride": [2, 3], "groups": 12}),
    ("conv", {"out_channels": 8, "kernel_size": 3, "groups": 4}, "groups ignored", "conv", {"out_channels": 8, "kernel_size": 3}),
    ("conv", {"out_channels": 24, "kernel_size": 3, "groups": 12}, "depthwise counted as a full convolution",
     "conv", {"out_channels": 24, "kernel_size": 3}),
    ("conv", {"kernel_size": 3, "connections": [[0, 1], [2, 3, 4]]}, "connection table ignored",
     "conv", {"out_channels": 2, "kernel_size": 3}),
    ("conv", {"out_channels": 8, "kernel_size": 3}, "bias left out", "conv", {"out_channels": 8, "kernel_size": 3, "bias": False}),
    ("conv", {"out_channels": 8, "kernel_size": 3, "bias": False}, "bias added", "conv", {"out_channels": 8, "kernel_size": 3}),
    ("conv", {"out_channels": 8, "kernel_size": 3, "dilation": 2, "padding": 2}, "dilation taken into the kernel",
     "conv", {"out_channels": 8, "kernel_size": 5, "padding": 2}),
    ("conv_transpose", {"out_channels": 8, "kernel_size": 3, "groups": 4}, "groups ignored",
     "conv_transpose", {"out_channels": 8, "kernel_size": 3}),
    ("subsample", {"kernel_size": 2}, "taken for plain pooling", "avg_pool", {"kernel_size": 2}),
]  # fmt: skip


@pytest.mark.parametrize(("op", "fields", "name", "other", "others"), TAKEN)
def test_taken_for_another_layer(op: str, fields: dict[str, Any], name: str, other: str, others: dict[str, Any]) -> None:
    counts = confused(op, X, fields)[name]
    oracle = computed(other, [X], others)
    for quantity, count in counts.items():
        assert count == getattr(oracle, quantity), f"{op} {name}: {quantity}"


def test_input_side_taken_for_output_side() -> None:
    """A 3×3 at stride 2 on 8×8 gives 4×4: four times as many positions on the input side."""
    counts = confused("conv", [3, 8, 8], {"out_channels": 4, "kernel_size": 3, "stride": 2, "padding": 1})
    assert counts["input side taken for the output side"]["mult_adds"] == 4 * 16 * 4 * 27


def test_slopes() -> None:
    """PyTorch's default is one slope for all channels, the paper's one for each."""
    assert confused("prelu", [64, 8, 8], {}) == {
        "slopes left out": {"weights": 0},
        "one slope for each channel": {"weights": 64},
    }
    assert confused("prelu", [64, 8, 8], {"num_parameters": 64})["one slope for all channels"] == {"weights": 1}


def test_norms_and_fixed_weights() -> None:
    norm = confused("batch_norm", [16, 4, 4], {})
    assert norm["moving statistics counted as parameters"] == {"weights": 48}
    assert norm["scale and shift left out"] == {"weights": 0, "biases": 0}
    tracked = confused("instance_norm", [16, 4, 4], {"track_running_stats": True})  # no scale; a mean and a variance each
    assert tracked["moving statistics counted as parameters"] == {"weights": 2 * 16}
    layer = confused("layer_norm", [768, 197], {"bias": False})
    assert layer["scale and shift left out"] == {"weights": 0, "biases": 0}
    assert "scale and shift left out" not in confused("instance_norm", [16, 4, 4], {})
    rms = confused("rms_norm", [4096, 8], {})
    assert rms == {"taken for layer normalisation, with a shift": {"biases": 4096}, "scale left out": {"weights": 0}}
    rbf = confused("rbf", [84], {"out_features": 10})  # LeNet's 840, and 850 as a dense layer
    assert rbf["fixed weights counted as trained"] == {"trainable": 840}
    assert rbf["taken for a dense layer"]["trainable"] == 850


@pytest.mark.parametrize(
    ("op", "fields"),
    [
        ("layer_norm", {}),
        ("group_norm", {"num_groups": 4}),
        ("instance_norm", {"affine": True}),
        ("batch_norm", {"track_running_stats": False}),
    ],
)
def test_no_statistics_are_counted_where_none_are_stored(op: str, fields: dict[str, Any]) -> None:
    assert "moving statistics counted as parameters" not in confused(op, [16, 4, 4], fields)


@pytest.mark.parametrize("op", kinds())
def test_confusions_change_something(op: str) -> None:
    """Each kind's example: names are unique, counts are known quantities, and no confusion leaves all as it is."""
    kind = find(op)
    assert kind is not None
    layer_counts = computed(op, kind.example["inputs"], kind.example["fields"])
    known = {"weights", "biases", "trainable", "connections", "mult_adds", "neurons"}
    found = list(layer_counts.layer.miscounts(layer_counts.output, *layer_counts.inputs))
    assert len({one.name for one in found}) == len(found)
    for one in found:
        assert set(one.counts) <= known, f"{op}: {one.name} changes a quantity that diagnosis does not know"
        now = {name: getattr(layer_counts, name, layer_counts.weights) for name in one.counts}
        assert {**now, "fixed": 0} != {**one.counts, "fixed": 0} or kind.has_fixed_weights, f"{op}: {one.name} changes nothing"
