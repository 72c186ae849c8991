"""What a graph knows of itself: who reads a layer, which blocks are around it; against the ids and the edges themselves."""

from __future__ import annotations

import pytest

from tests.analysis.test_zoo import network
from tests.networks import NETWORKS
from tests.support import describe, graph_of

CONV = {"op": "conv", "out_channels": 2, "kernel_size": 1}
BLOCKS = {
    "pair": {"layers": [{"id": "a", **CONV, "repeat": 2}, {"id": "r", "op": "relu"}]},
    "outer": {"layers": [{"id": "p", "op": "pair", "repeat": 2}, {"id": "b", **CONV}]},
}


def test_blocks_are_those_around_the_layers() -> None:
    graph = graph_of(describe([2, 4, 4], {"id": "x", "op": "outer"}, {"id": "y", **CONV}, blocks=BLOCKS))
    names = {block: [graph.nodes[at].id for at in inside] for block, inside in graph.blocks.items()}
    first, second = ([f"x.p.{copy}.{name}" for name in ("a.1", "a.2", "r")] for copy in (1, 2))
    assert (
        names
        == {
            "x": [*first, *second, "x.b"],
            "x.p": [*first, *second],  # all copies of a repeated block …
            "x.p.1": first,
            "x.p.2": second,
            "x.p.1.a": first[:2],
            "x.p.2.a": second[:2],  # … and of a repeated layer
        }
    )
    inner = graph.nodes[0]
    assert [group.name for group in inner.groups] == ["x", "p.1"]
    assert inner.group is not None
    assert [group.name for group in inner.group.ancestors] == ["x"]
    assert inner.path == ("x", "p.1", "a.1")
    assert graph.nodes[-1].groups == graph.nodes[-1].blocks == ()


@pytest.mark.parametrize("name", NETWORKS)
def test_blocks_are_prefixes_of_ids(name: str) -> None:
    graph = network(name).graph
    for block, inside in graph.blocks.items():
        assert inside == [at for at, node in enumerate(graph.nodes) if node.id.startswith(f"{block}.")]
    assert {".".join(node.group.path) for node in graph.nodes if node.group} <= set(graph.blocks)


@pytest.mark.parametrize("name", NETWORKS)
def test_readers_are_the_edges_turned_round(name: str) -> None:
    graph = network(name).graph
    edges = {(source, at) for at, node in enumerate(graph.nodes) for source in node.sources}
    assert {(source, at) for source, readers in graph.readers.items() for at in readers} == edges
    assert all(readers == sorted(set(readers)) for readers in graph.readers.values())


def test_a_layer_that_reads_twice_is_one_reader() -> None:
    graph = graph_of(describe([2, 4, 4], {"id": "a", **CONV}, {"op": "add", "inputs": ["a", "a"]}))
    assert graph.readers == {-1: [0], 0: [1]}


def test_who_names_a_layer_for_its_size_does_not_read_it() -> None:
    graph = graph_of(
        describe(
            [2, 4, 4],
            {"id": "pool", "op": "max_pool", "kernel_size": 2},
            {"id": "up", "op": "unpool", "kernel_size": 2, "pool": "pool", "inputs": ["pool"]},
        )
    )
    assert graph.named_by == {0: [1]}
    assert graph.readers == {-1: [0], 0: [1]}
