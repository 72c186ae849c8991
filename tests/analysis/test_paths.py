"""Where two paths diverged: against all paths of small networks, as networkx lists them."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archcalc.analysis.paths import path_text, since_divergence
from tests.support import describe, graph_of


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), min_size=2, max_size=15), st.integers(0, 99))
def test_paths_begin_at_the_nearest_common_layer(draws: list[tuple[int, int]], pick: int) -> None:
    layers: list[dict[str, Any]] = [{"id": "l0", "op": "relu"}]
    layers += [
        {"id": f"l{at}", "op": "add", "inputs": [f"l{first % at}", f"l{second % at}"]}
        for at, (first, second) in enumerate(draws, 1)
    ]
    graph = graph_of(describe([2, 2, 2], *layers))
    edges = networkx.DiGraph((source, at) for at, node in enumerate(graph.nodes) for source in node.sources)
    ends = len(layers) - 1, pick % (len(layers) - 1)
    paths = since_divergence(graph, *ends)
    for path, end in zip(paths, ends, strict=True):
        assert path[-1] == end
        assert all(edges.has_edge(*step) for step in pairwise(path))
        assert len(path) - 1 == networkx.shortest_path_length(edges, path[0], end)
    (start,) = {path[0] for path in paths}
    assert set(paths[0]) & set(paths[1]) == {start}, "behind the divergence the paths share nothing"


def test_paths_from_different_inputs() -> None:
    graph = graph_of("""
        archcalc: 1
        inputs: {x: {shape: [2, 4, 4]}, y: {shape: [2, 4, 4]}}
        layers:
          - {id: a, op: relu, inputs: [x]}
          - {id: b, op: relu}
          - {id: c, op: tanh, inputs: [y]}
          - {op: add, inputs: [b, c]}
        """)
    assert since_divergence(graph, 1, 2) == ([-1, 0, 1], [-2, 2])


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (1, "0"),
        (4, "0 → 1 → 2 → 3"),
        (5, "0 → … 3 more … → 4"),
        (1_500, "0 → … 1,498 more … → 1499"),
    ],
)
def test_path_text(count: int, text: str) -> None:
    assert path_text([str(at) for at in range(count)], 4) == text
