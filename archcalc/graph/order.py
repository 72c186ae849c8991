"""An order of the layers in which each is after what it reads. networkx sorts what was written out of order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress

from archcalc.graph.expansion import Expansion
from archcalc.graph.nodes import Node

MAX_SHOWN = 10
"""Layers of a circle that are named."""


def ordered(work: Expansion) -> list[Node]:
    """The nodes, each after all it reads, otherwise as written; what lies on a cycle is reported and left out."""
    nodes = work.nodes
    if all(source < at for at, node in enumerate(nodes) for source in _reads(node)):
        return nodes
    edges = ((source, at) for at, node in enumerate(nodes) for source in _reads(node) if source >= 0)
    order = topological_order(len(nodes), edges)
    if len(order) < len(nodes):
        _report_cycle(nodes, set(order), work)
    position = {old: new for new, old in enumerate(order)}
    for old in order:
        node = nodes[old]
        node.sources = tuple(position.get(source, source) for source in node.sources)
        node.shape_sources = tuple((position.get(at, at), gives) for at, gives in node.shape_sources)
        # An input keeps its number; a layer that was left out can share nothing.
        node.tied_to = position.get(node.tied_to, min(node.tied_to, -1)) if node.tied_to is not None else None
    return [nodes[old] for old in order]


def topological_order(count: int, edges: Iterable[tuple[int, int]]) -> list[int]:
    """The numbers 0 … count − 1, each after those from which an edge leads to it, and otherwise in their own order.

    What is on a cycle, or behind one, is left out.
    """
    import networkx as nx

    graph = nx.DiGraph()
    graph.add_nodes_from(range(count))
    graph.add_edges_from(edges)
    order: list[int] = []
    with suppress(nx.NetworkXUnfeasible):  # raised behind all that is on no cycle
        for at in nx.lexicographical_topological_sort(graph):
            order.append(at)
    return order


def _reads(node: Node) -> Iterator[int]:
    yield from node.sources
    yield from (at for at, _ in node.shape_sources)


def _report_cycle(nodes: list[Node], sorted_out: set[int], work: Expansion) -> None:
    import networkx

    graph = networkx.DiGraph(
        (source, at)
        for at, node in enumerate(nodes)
        if at not in sorted_out
        for source in _reads(node)
        if source not in sorted_out
    )
    cycle = [source for source, _ in networkx.find_cycle(graph)]
    shown = [nodes[at].id for at in cycle]
    if len(shown) > MAX_SHOWN:
        shown[MAX_SHOWN - 1 :] = [f"… {len(shown) - MAX_SHOWN + 1:,} more"]
    names = " → ".join([*shown, nodes[cycle[0]].id])
    work.problems.add("ARC139", nodes[cycle[0]].entry.at("inputs"), f"the layers form a cycle: {names}")
