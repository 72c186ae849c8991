"""The series-parallel decomposition of a step graph: segments one after the other, with parallel branches inside.

A step on every path to the output is a cut: in graph theory, a dominator of the output. Between two cuts is either
nothing (a plain edge) or a parallel segment, whose branches are its connected components; a branch is again a series.
Where paths cross, the segment is irreducible: its steps in order, with all edges among them. Steps from which the
network's output is not reached (an auxiliary classifier) form side outputs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import networkx as nx

from archcalc.views.diagram.structure.steps import Edge, Step, StepGraph

_ENTRY, _EXIT = -1, -2
"""Virtual nodes for all that precedes a part, and for its ends together."""
_MAX_DEPTH = 60
"""Parallel segments inside one another; deeper ones stay irreducible."""


@dataclass(frozen=True, eq=False)
class Leaf:
    """A single step, by its index in the step graph."""

    index: int
    step: Step


@dataclass(frozen=True, eq=False)
class Parallel:
    """Branches from one cut to the next, and the step where they merge. An empty branch is a plain edge."""

    branches: tuple[Series, ...]
    merge: Leaf
    index_edges: int = 0
    """How many of the empty branches carry pooling indices, not values; they are the last ones."""


@dataclass(frozen=True, eq=False)
class Irreducible:
    """Steps whose paths cross, the cut behind them last; edges by their position in `steps` (−1: the cut before)."""

    steps: tuple[Leaf, ...]
    edges: tuple[Edge, ...]


@dataclass(frozen=True, eq=False)
class Repeat:
    """Equal segments one after the other, drawn once."""

    segments: tuple[Segment, ...]
    times: int


@dataclass(frozen=True, eq=False)
class SideOutput:
    """A path from a step of the main line to an output of its own; side outputs are last in the whole series."""

    source: Leaf
    segments: Series


Segment: TypeAlias = Leaf | Parallel | Irreducible | Repeat | SideOutput
Series: TypeAlias = tuple[Segment, ...]


def series_parallel(step_graph: StepGraph) -> Series:
    """The decomposition of a step graph; every step is in it once."""
    return _Decomposition(step_graph).run()


class _Decomposition:
    def __init__(self, step_graph: StepGraph) -> None:
        self.steps = step_graph.steps
        self.edges = step_graph.edges
        self.incoming: list[list[Edge]] = [[] for _ in self.steps]
        for edge in self.edges:
            self.incoming[edge.target].append(edge)

    def run(self) -> Series:
        main_line = self.main_line()
        side_outputs = self.side_outputs(main_line)
        if side_outputs is None:
            return self.series(range(len(self.steps)), None, 0)
        return (*self.series(sorted(main_line), None, 0), *side_outputs)

    def main_line(self) -> set[int]:
        """The steps from which the network's output is reached."""
        last = len(self.steps) - 1
        graph = nx.DiGraph((edge.source, edge.target) for edge in self.edges)
        graph.add_node(last)
        return {last, *nx.ancestors(graph, last)}

    def side_outputs(self, main_line: set[int]) -> list[SideOutput] | None:
        """The components beside the main line; None if one of them leaves it at several steps."""
        side_outputs = []
        for part in self.components([index for index in range(len(self.steps)) if index not in main_line]):
            sources = {edge.source for index in part for edge in self.incoming[index] if edge.source in main_line}
            if len(sources) != 1 or not self.incoming[part[0]]:
                return None
            source = sources.pop()
            side_outputs.append(SideOutput(self.leaf(source), self.series(part, source, 0)))
        return side_outputs

    def leaf(self, index: int) -> Leaf:
        return Leaf(index, self.steps[index])

    def series(self, part: Sequence[int], before: int | None, depth: int) -> Series:
        """The segments of `part` (in order), which follows the cut `before`."""
        segments: list[Segment] = []
        inner: list[int] = []
        cuts = self.cuts(part)
        for index in part:
            if index not in cuts:
                inner.append(index)
                continue
            if not inner and len(self.incoming[index]) <= 1:
                segments.append(self.leaf(index))
            else:
                segments.append(self.parallel(inner, index, before, depth))
            before, inner = index, []
        if inner:
            segments.append(self.irreducible(inner))
        return tuple(segments)

    def cuts(self, part: Sequence[int]) -> set[int]:
        """The steps of `part` through which every path runs: the dominators of its ends, seen from what precedes it."""
        inside = set(part)
        graph = nx.DiGraph()
        for index in part:
            sources = {edge.source for edge in self.incoming[index]} or {_ENTRY}
            graph.add_edges_from((source if source in inside else _ENTRY, index) for source in sources)
        graph.add_edges_from([(index, _EXIT) for index in part if not graph.out_degree(index)])
        dominator = nx.immediate_dominators(graph, _ENTRY)
        cuts: set[int] = set()
        index = dominator[_EXIT]
        while index != _ENTRY:
            cuts.add(index)
            index = dominator[index]
        return cuts

    def parallel(self, inner: list[int], merge: int, before: int | None, depth: int) -> Segment:
        """The segment between two cuts, the second of which is `merge`."""
        direct = sorted(edge.carries_indices for edge in self.incoming[merge] if edge.source == before)
        parts = self.components(inner)
        branches: list[Series] = []
        for part in parts:
            branch = self.branch(part, before, merge, depth)
            if branch is None:
                return self.irreducible([*inner, merge])
            branches.append(branch)
        if before is None and parts:
            return self.irreducible([*inner, merge])
        return Parallel((*branches, *(() for _ in direct)), self.leaf(merge), sum(direct))

    def branch(self, part: list[int], before: int | None, merge: int, depth: int) -> Series | None:
        """A component as a series; None if it does not leave the cut once and reach the merge once."""
        inside = set(part)
        entries = [index for index in part if any(edge.source not in inside for edge in self.incoming[index])]
        exits = [edge.source for edge in self.incoming[merge] if edge.source in inside]
        read = {edge.source for index in part for edge in self.incoming[index]}
        ends = [index for index in part if index not in read and index not in exits]
        if entries != part[:1] or exits != part[-1:] or ends or depth > _MAX_DEPTH:
            return None
        return self.series(part, before, depth + 1)

    def components(self, inner: list[int]) -> list[list[int]]:
        """The connected components of the steps between two cuts, each in order."""
        graph = nx.Graph()
        graph.add_nodes_from(inner)
        inside = set(inner)
        graph.add_edges_from((edge.source, index) for index in inner for edge in self.incoming[index] if edge.source in inside)
        return [sorted(part) for part in nx.connected_components(graph)]

    def irreducible(self, inner: list[int]) -> Irreducible:
        position = {index: number for number, index in enumerate(inner)}
        edges = tuple(
            Edge(position.get(edge.source, -1), position[index], edge.carries_indices)
            for index in inner
            for edge in self.incoming[index]
        )
        return Irreducible(tuple(map(self.leaf, inner)), edges)


def leaves(segments: Series) -> list[Leaf]:
    """All steps of a series, each after those it reads; of a repetition, those of one copy."""
    result: list[Leaf] = []
    stack: list[Segment] = list(reversed(segments))
    while stack:
        segment = stack.pop()
        match segment:
            case Leaf():
                result.append(segment)
            case Irreducible():
                result += segment.steps
            case Repeat() | SideOutput():
                stack += reversed(segment.segments)
            case Parallel():
                stack.append(segment.merge)
                stack += [inner for branch in reversed(segment.branches) for inner in reversed(branch)]
    return result
