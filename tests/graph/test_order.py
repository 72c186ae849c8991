"""The order of layers: against the plain rule, that of all which may come next the first as written does."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archcalc.graph.order import topological_order
from tests.support import describe, graph_of

EDGES = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=25)


def plainly(count: int, edges: list[tuple[int, int]]) -> list[int]:
    """Again and again the first number that waits for nothing."""
    order: list[int] = []
    while True:
        ready = [
            at for at in range(count) if at not in order and all(source in order for source, target in edges if target == at)
        ]
        if not ready:
            return order
        order.append(ready[0])


@given(EDGES)
def test_each_after_what_it_reads_otherwise_as_written(edges: list[tuple[int, int]]) -> None:
    assert topological_order(12, edges) == plainly(12, edges)


@pytest.mark.parametrize(
    ("count", "edges", "order"),
    [
        (3, [], [0, 1, 2]),
        (4, [(2, 0), (0, 1)], [2, 0, 1, 3]),
        (4, [(1, 2), (2, 1), (2, 3)], [0]),  # a cycle, and what is behind it
    ],
)
def test_by_hand(count: int, edges: list[tuple[int, int]], order: list[int]) -> None:
    assert topological_order(count, edges) == order


def test_a_description_written_backwards() -> None:
    layers: list[dict[str, Any]] = [{"id": f"l{at}", "op": "relu", "inputs": [f"l{at + 1}"]} for at in range(2_000)]
    graph = graph_of(describe([2, 2, 2], *layers, {"id": "l2000", "op": "tanh", "inputs": ["input"]}))
    assert [node.id for node in graph.nodes] == [f"l{at}" for at in range(2_000, -1, -1)]
    assert all(source < at for at, node in enumerate(graph.nodes) for source in node.sources)
