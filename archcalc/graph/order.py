"""Orders the layers so that each comes after what it reads. networkx sorts what was written out of order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress

from archcalc.errors import Problems
from archcalc.graph.nodes import Node

MAX_NAMES = 10
"""Layers of a cycle that a message names."""


def ordered(nodes: list[Node], problems: Problems) -> list[Node]:
    """The nodes, each after all it reads, otherwise as written; what is on a cycle, or after one, is left out.

    A cycle is added to the problems.
    """
    if all(source < index for index, node in enumerate(nodes) for source in _read_indices(node)):
        return nodes
    edges = ((source, index) for index, node in enumerate(nodes) for source in _read_indices(node) if source >= 0)
    order = topological_order(len(nodes), edges)
    if len(order) < len(nodes):
        _report_cycle(nodes, set(order), problems)
    position = {old: new for new, old in enumerate(order)}
    for old in order:
        node = nodes[old]
        node.sources = tuple(position.get(source, source) for source in node.sources)
        node.shape_sources = tuple((position.get(source, source), volume) for source, volume in node.shape_sources)
        # An input keeps its number; weights of a layer that was left out cannot be shared.
        node.tied_to = position.get(node.tied_to, min(node.tied_to, -1)) if node.tied_to is not None else None
    return [nodes[old] for old in order]


def topological_order(count: int, edges: Iterable[tuple[int, int]]) -> list[int]:
    """The numbers 0 … count − 1, each after those from which an edge leads to it, and otherwise in their own order.

    What is on a cycle, or after one, is left out.
    """
    import networkx as nx

    graph = nx.DiGraph()
    graph.add_nodes_from(range(count))
    graph.add_edges_from(edges)
    order: list[int] = []
    with suppress(nx.NetworkXUnfeasible):  # raised once only cycles, and what comes after them, are left
        for index in nx.lexicographical_topological_sort(graph):
            order.append(index)
    return order


def _read_indices(node: Node) -> Iterator[int]:
    yield from node.sources
    yield from (index for index, _ in node.shape_sources)


def _report_cycle(nodes: list[Node], sorted_indices: set[int], problems: Problems) -> None:
    import networkx

    graph = networkx.DiGraph(
        (source, index)
        for index, node in enumerate(nodes)
        if index not in sorted_indices
        for source in _read_indices(node)
        if source not in sorted_indices
    )
    cycle = [source for source, _ in networkx.find_cycle(graph)]
    names = [nodes[index].id for index in cycle]
    if len(names) > MAX_NAMES:
        names[MAX_NAMES - 1 :] = [f"… {len(names) - MAX_NAMES + 1:,} more"]
    path = " → ".join([*names, nodes[cycle[0]].id])
    problems.add("ARC139", nodes[cycle[0]].entry.mark("inputs"), f"the layers form a cycle: {path}")
