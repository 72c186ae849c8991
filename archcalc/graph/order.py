"""An order of the layers in which each stands after what it reads. The only home of networkx, which names a cycle."""

from __future__ import annotations

import heapq
from collections.abc import Iterator

from archcalc.graph.expansion import Expansion
from archcalc.graph.nodes import Node

MAX_SHOWN = 10
"""Layers of a circle that are named."""


def ordered(work: Expansion) -> list[Node]:
    """The nodes, each after all it reads, otherwise as written; what lies on a cycle is reported and left out."""
    nodes = work.nodes
    if all(source < at for at, node in enumerate(nodes) for source in _reads(node)):
        return nodes
    readers: dict[int, list[int]] = {}
    waiting = []
    for at, node in enumerate(nodes):
        needs = {source for source in _reads(node) if source >= 0}
        waiting.append(len(needs))
        for source in needs:
            readers.setdefault(source, []).append(at)
    ready = [at for at, count in enumerate(waiting) if count == 0]
    order: list[int] = []
    while ready:
        at = heapq.heappop(ready)
        order.append(at)
        for reader in readers.get(at, ()):
            waiting[reader] -= 1
            if waiting[reader] == 0:
                heapq.heappush(ready, reader)
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
