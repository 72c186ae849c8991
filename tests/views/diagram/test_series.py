"""The tree of a figure: its cuts are the steps without which the output is not reached, found by leaving each one out."""

from __future__ import annotations

from typing import Any

import networkx
from hypothesis import example, given
from hypothesis import strategies as st

from archcalc.views.diagram.structure.series_parallel import Irreducible, Leaf, Parallel, Segment, leaves, series_parallel
from archcalc.views.diagram.structure.steps import StepGraph, step_graph
from tests.analysis.test_zoo import network
from tests.support import describe, report_of


def outlined(reads: list[list[str]], **top: Any) -> StepGraph:
    """Layers l0, l1 … that each have a step of their own, by what they read."""
    layers = [
        {
            "id": f"l{index}",
            **({"op": "add"} if len(names) > 1 else {"op": "conv", "out_channels": 2, "kernel_size": 1}),
            "inputs": names,
        }
        for index, names in enumerate(reads)
    ]
    return step_graph(report_of(describe([2, 2, 2], *layers, **top)))


def cuts(segments: tuple[Segment, ...]) -> list[int]:
    """The steps that the top of a series takes for cuts."""
    cuts = []
    for segment in segments:
        if isinstance(segment, Leaf):
            cuts.append(segment.index)
        elif isinstance(segment, Parallel):
            cuts.append(segment.merge.index)
        elif isinstance(segment, Irreducible):
            cuts.append(segment.steps[-1].index)
    return cuts


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.booleans()), min_size=1, max_size=14))
@example([(0, 0, False), (1, 0, False), (0, 0, False), (0, 0, False), (0, 0, False), (4, 0, False), (0, 1, True)])
def test_without_a_cut_the_output_is_not_reached(draws: list[tuple[int, int, bool]]) -> None:
    names = ["input", *(f"l{index}" for index in range(len(draws)))]
    reads = [
        [names[max(index - first, 0)], *([names[max(index - second, 0)]] if twice else [])]
        for index, (first, second, twice) in enumerate(draws)
    ]
    graph = outlined(reads)
    segments = series_parallel(graph)
    edges = networkx.DiGraph((source, index) for source, index, _ in graph.edges)
    last = len(graph.steps) - 1
    line = {last, *networkx.ancestors(edges, last)}
    position = {leaf.index: number for number, leaf in enumerate(leaves(segments))}
    assert sorted(leaf.index for leaf in leaves(segments) if leaf.index in line) == sorted(line), "every step of the line, once"
    assert all(position[source] < position[target] for source, target in edges.edges if target in line), "in topological order"
    if set(edges) != line:
        return  # what stands beside the line may end in an output of its own
    needed = [
        index
        for index in sorted(line)
        if index in (0, last) or not networkx.has_path(networkx.restricted_view(edges, [index], []), 0, last)
    ]
    assert cuts(segments) == needed


def test_branches_are_the_connected_parts() -> None:
    """An inception block: four branches, the concatenation behind them."""
    regions = [segment for segment in series_parallel(step_graph(network("googlenet"))) if isinstance(segment, Parallel)]
    assert len(regions) == 9
    for region in regions:
        assert [[one.step.name.rpartition(".")[2] for one in leaves(branch)] for branch in region.branches] == [
            ["conv1x1"],
            ["conv3x3_reduce", "conv3x3"],
            ["conv5x5_reduce", "conv5x5"],
            ["pool", "pool_proj"],
        ]


def test_a_branch_that_forks_at_once() -> None:
    """Queries, keys and values of an attention around which its input is added: branches inside a branch."""
    graph = outlined([["input"], ["l0"], ["l0"], ["l0"], ["l1", "l2", "l3"], ["l4"], ["l0", "l5"]])
    *_, outer = series_parallel(graph)
    assert isinstance(outer, Parallel)
    attention, shortcut = outer.branches
    assert shortcut == ()
    inner, last = attention
    assert isinstance(inner, Parallel)
    assert [[leaf.step.name for leaf in leaves(branch)] for branch in inner.branches] == [["l1"], ["l2"], ["l3"]]
    assert isinstance(last, Leaf)


def test_long_chains() -> None:
    """No recursion, and time that grows with the edges."""
    graph = outlined([["input"], *([f"l{index}"] for index in range(3_000))])
    assert cuts(series_parallel(graph)) == list(range(3_002))


def test_a_folded_block_is_read_once_however_many_of_its_layers_are() -> None:
    """The skips of both layers in a cycle are one line to the sum; a block that is read twice by one name has two."""
    cycle = {"layers": [{"id": "l", "op": "conv", "out_channels": 2, "kernel_size": 1, "repeat": 2}]}
    layers = [{"id": "cycle", "op": "cycle"}, {"id": "sum", "op": "add", "inputs": ["cycle.l.1", "cycle.l.2"]}]
    graph = step_graph(report_of(describe([2, 2, 2], *layers, blocks={"cycle": cycle})), depth=1)
    assert graph.inputs == ((), (0,), (1,))
    layers[1] = {"id": "sum", "op": "add", "inputs": ["cycle", "cycle"]}
    assert step_graph(report_of(describe([2, 2, 2], *layers, blocks={"cycle": cycle})), depth=1).inputs[2] == (1, 1)
