"""The report as a networkx graph: the same layers, edges and numbers, and what GraphML holds of them."""

from __future__ import annotations

import io

import networkx
import pytest

from archcalc.analysis.layer_report import SUMMED
from tests.analysis.test_zoo import network
from tests.networks import NETWORKS
from tests.support import describe, report_of

CONV = {"op": "conv", "out_channels": 2, "kernel_size": 1}


@pytest.mark.parametrize("name", NETWORKS)
def test_it_is_the_network(name: str) -> None:
    report = network(name)
    graph = report.to_networkx()
    assert list(graph) == [*report.inputs, *(layer.id for layer in report.layers)]
    assert networkx.is_directed_acyclic_graph(graph)
    for quantity in SUMMED:
        assert sum(graph.nodes[layer.id][quantity] for layer in report.layers) == getattr(report.totals, quantity)
    for source, layer, data in graph.edges(data=True):
        assert data["volume"].split(" ")[0] == str(report.layer(layer).counts.inputs[data["slot"]])
        if data["carries"] != "indices":
            assert data["volume"] == graph.nodes[source]["output"]


@pytest.mark.parametrize("name", NETWORKS)
def test_graphml_holds_all_of_it(name: str) -> None:
    graph = network(name).to_networkx()
    file = io.BytesIO()
    networkx.write_graphml(graph, file)
    read = networkx.parse_graphml(file.getvalue().decode(), force_multigraph=True, edge_key_type=int)
    assert dict(read.nodes(data=True)) == dict(graph.nodes(data=True))
    assert sorted(read.edges(data="slot")) == sorted(graph.edges(data="slot"))
    assert {kind for _, data in graph.nodes(data=True) for kind in map(type, data.values())} == {int, str}


def test_a_source_that_is_read_twice() -> None:
    graph = report_of(describe([2, 4, 4], {"id": "a", **CONV}, {"id": "sum", "op": "add", "inputs": ["a", "a"]})).to_networkx()
    assert sorted(graph["a"]["sum"]) == [0, 1]
    assert graph.edges["a", "sum", 1] == {"slot": 1, "volume": "2×4×4", "elements": 32, "carries": "values"}


def test_layers_that_are_only_named() -> None:
    graph = report_of(
        describe(
            [2, 4, 4],
            {"id": "pool", "op": "max_pool", "kernel_size": 2},
            {"id": "up", "op": "unpool", "kernel_size": 2, "pool": "pool"},
            {"id": "cut", "op": "crop", "like": "pool"},
        )
    ).to_networkx()
    assert graph.edges["pool", "up", 0]["carries"] == "values"
    assert graph.edges["pool", "up", 1] == {"slot": 1, "volume": "2×4×4", "elements": 32, "carries": "indices"}
    assert graph.edges["pool", "cut", 1]["carries"] == "size"


def test_blocks_and_shared_weights() -> None:
    graph = report_of(
        describe(
            [2, 4, 4],
            {"id": "x", "op": "b"},
            {"id": "y", "op": "b", "weights_of": "x"},
            blocks={"b": {"layers": [{"id": "c", **CONV}]}},
        )
    ).to_networkx()
    assert (graph.nodes["x.c"]["block"], graph.nodes["x.c"]["name"], graph.nodes["x.c"]["weights_of"]) == ("x", "c", "")
    assert (graph.nodes["y.c"]["params"], graph.nodes["y.c"]["weights_of"]) == (0, "x.c")


def test_depth_is_a_question_that_networkx_answers_too() -> None:
    graph = networkx.DiGraph(network("googlenet").to_networkx())
    for _, layer, data in graph.edges(data=True):
        data["weight"] = int(graph.nodes[layer]["weights"] > 0)
    assert networkx.dag_longest_path_length(graph) == network("googlenet").depth


def test_control_characters_are_pictures() -> None:
    """XML has no control characters: every writer takes the graph, and both layers remain."""
    layers = [{"id": "\x01", "op": "relu"}, {"id": "\x1b[31m", "op": "add", "inputs": ["\x01", "\x01"]}]
    report = report_of(describe([3, 4, 4], *layers))
    graph = report.to_networkx()
    assert list(graph) == ["input", "␁", "␛[31m"]
    file = io.BytesIO()
    networkx.write_graphml(graph, file)
    assert networkx.read_graphml(io.BytesIO(file.getvalue())).number_of_edges() == 3
