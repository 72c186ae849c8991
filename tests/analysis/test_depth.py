"""Depth: what papers print of their networks, gates and shortcuts, and the longest path against networkx."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archcalc.analysis.depth import longest_path
from archcalc.analysis.total_derivation import derive_totals
from archcalc.claims.quantities import value_of
from archcalc.claims.selection import select
from archcalc.layers import find, kinds
from tests.analysis.test_zoo import network
from tests.networks import CLASSICS
from tests.support import describe, report_of

# What the papers print, in words or in a table's head; specs/claims has the sections.
PRINTED = {
    "lenet5": 7,  # "seven layers, not counting the input", its two subsamplings among them
    "alexnet": 8,
    "zfnet": 8,  # Zeiler & Fergus 2013, figure 3: an eight layer convnet
    "vgg11": 11,
    "vgg13": 13,
    "vgg16": 16,
    "vgg19": 19,
    "googlenet": 22,
    "resnet18": 18,
    "resnet34": 34,
    "resnet50": 50,
    "resnet101": 101,
    "resnet152": 152,
    "resnet_cifar": 20,
    "mobilenet_v1": 28,
    "squeezenet": 18,  # Iandola et al. 2016, table 1, the column of depths added up: 1 + 8·2 + 1
    "unet": 23,
    "segnet": 26,  # Badrinarayanan et al. 2015, §3: 13 convolutions in the encoder and as many in the decoder
    "deeplab_largefov": 16,  # VGG16's layers, its dense ones as convolutions
    "mlp": 2,
    "deconv_demo": 1,
}


@pytest.mark.parametrize("name", PRINTED)
def test_zoo(name: str) -> None:
    assert network(name).depth == PRINTED[name]


def test_no_classic_is_left_out() -> None:
    assert set(CLASSICS) <= set(PRINTED)


@pytest.mark.parametrize("n", [3, 5, 18])
def test_residual_networks_for_cifar(n: int) -> None:
    """He et al. 2015, section 4.2: 6n + 2 weighted layers."""
    assert network("resnet_cifar", n=n).depth == 6 * n + 2


def test_which_kinds_are_counted() -> None:
    counted = {op for op in kinds() if (kind := find(op)) is not None and kind.counts_in_depth}
    assert counted == {"conv", "conv_transpose", "gru", "linear", "lstm", "multihead_attention", "rbf", "rnn", "subsample"}


def test_a_recurrence_counts_its_layers_and_not_its_steps() -> None:
    """Zaremba, Sutskever & Vinyals 2014, §4.1: LSTMs of two layers, unrolled for 35 steps; as deep as written one by one."""
    one = {"op": "lstm", "hidden_size": 6}
    dense = {"id": "fc", "op": "linear", "out_features": 5}
    together = report_of(describe([4, 35], {"id": "r", **one, "num_layers": 2, "bidirectional": True}, dense))
    apart = report_of(describe([4, 35], {"id": "r", **one, "repeat": 2}, dense))
    assert together.depth == apart.depth == 3
    assert together.totals.neurons == 2 * apart.totals.neurons - 5 * 35 == 2 * (2 * 6 * 35) + 5 * 35
    (derived,) = derive_totals(together, "depth")
    assert derived.sentence == "3: r (2) → fc"
    assert value_of("depth", select(together, "r")) == 2


CONV: dict[str, Any] = {"op": "conv", "out_channels": 8, "kernel_size": 1}
SQUEEZE = [
    {"id": "pool", "op": "global_avg_pool"},
    {"id": "down", "op": "conv", "out_channels": 2, "kernel_size": 1},
    {"id": "up", "op": "conv", "out_channels": 8, "kernel_size": 1},
    {"id": "gate", "op": "sigmoid"},
]
"""Hu, Shen & Sun 2017, §3: the factors of a squeeze-and-excitation block, two layers with weights beside the line."""


@pytest.mark.parametrize("side", [5, 1])
def test_a_gate_lengthens_nothing(side: int) -> None:
    """Whatever the map's size, 1×1 too: SENet-50 is as deep as ResNet-50."""
    report = report_of(
        describe(
            [3, side, side],
            {"id": "a", **CONV},
            *SQUEEZE,
            {"id": "scaled", "op": "multiply", "inputs": ["a", "gate"]},
            {"id": "b", **CONV},
        )
    )
    assert [layer.id for layer in longest_path(report.layers)] == ["a", "b"]


def test_a_gate_per_position_lengthens_nothing() -> None:
    mask = {"id": "mask", "op": "conv", "out_channels": 1, "kernel_size": 1}
    report = report_of(describe([3, 5, 5], {"id": "a", **CONV}, mask, {"op": "multiply", "inputs": ["a", "mask"]}))
    assert report.depth == 1
    report = report_of(
        describe(
            [3, 5, 5],
            {"id": "a", **CONV},
            mask,
            {"id": "m", "op": "multiply", "inputs": ["a", "mask"]},
            {"id": "b", **CONV},
            {"id": "c", **CONV},
        )
    )
    assert [layer.id for layer in longest_path(report.layers)] == ["a", "b", "c"]


@pytest.mark.parametrize("op", ["multiply", "add"])
@pytest.mark.parametrize("shape", [[3, 5, 5], [3, 1, 16], [3, 16, 1], [3, 16]])
def test_a_whole_map_is_no_gate(op: str, shape: list[int]) -> None:
    report = report_of(
        describe(
            shape,
            {"id": "a", **CONV},
            {"id": "b", **CONV},
            {"id": "c", **CONV},
            {"op": op, "inputs": ["a", "c"]},
            {"id": "d", **CONV},
        )
    )
    assert report.depth == 4


def test_a_projection_on_a_shortcut_lengthens_nothing() -> None:
    report = report_of(
        describe(
            [3, 5, 5],
            {"id": "a", **CONV},
            {"id": "b", **CONV},
            {"id": "short", **CONV, "inputs": ["input"]},
            {"op": "add", "inputs": ["short", "b"]},
        )
    )
    assert [layer.id for layer in longest_path(report.layers)] == ["a", "b"]


def test_the_deepest_output_decides() -> None:
    """A head beside the last layer is an output too."""
    report = report_of(describe([3, 5, 5], {"id": "a", **CONV}, {"id": "b", **CONV}, {"id": "c", **CONV, "inputs": ["input"]}))
    assert [layer.id for layer in longest_path(report.layers)] == ["a", "b"]


def test_nothing_is_counted() -> None:
    report = report_of(describe([3, 5, 5], {"op": "relu"}))
    assert (report.depth, longest_path(report.layers)) == (0, ())


def test_within_a_block_only_its_layers_count() -> None:
    report = network("googlenet")
    path = longest_path(report.layers, frozenset(report.block("inception_3a")))
    assert [layer.id for layer in path] == ["inception_3a.conv3x3_reduce", "inception_3a.conv3x3"]


@given(
    st.lists(
        st.tuples(st.sampled_from(["conv", "relu", "add"]), st.integers(0, 99), st.integers(0, 99)), min_size=1, max_size=25
    )
)
def test_the_longest_path_is_that_of_networkx(draws: list[tuple[str, int, int]]) -> None:
    layers: list[dict[str, Any]] = [{"id": "l0", **CONV}]
    graph = networkx.DiGraph()
    graph.add_edge("input", "l0", weight=1)
    for at, (op, first, second) in enumerate(draws, 1):
        names = [f"l{first % at}", *([f"l{second % at}"] if op == "add" else [])]
        layers.append({"id": f"l{at}", **(CONV if op == "conv" else {"op": op}), "inputs": names})
        graph.add_edges_from(((name, f"l{at}") for name in names), weight=int(op == "conv"))
    report = report_of(describe([8, 2, 2], *layers))
    path = longest_path(report.layers)
    assert report.depth == len(path) == networkx.dag_longest_path_length(graph)
    for one, following in pairwise(path):
        assert networkx.has_path(graph, one.id, following.id)


def test_long_chains() -> None:
    """A chain of 20,000 layers: no recursion."""
    report = report_of(describe([8, 2, 2], {"id": "a", **CONV, "repeat": 20_000}))
    assert report.depth == 20_000
