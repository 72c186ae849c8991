"""The series-parallel decomposition of a step graph: segments one after the other, with parallel branches inside.

A step on every path to the output is a cut. Between two cuts is either nothing (a plain edge) or a parallel segment, whose
branches are its connected components; a branch is again a series. Several inputs begin parallel branches that no cut
precedes. Where paths cross, the segment is irreducible: its steps in order, with all edges among them. Steps from which the
network's output is not reached (an auxiliary classifier) form side outputs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from archcalc.views.diagram.structure.step import Step
from archcalc.views.diagram.structure.steps import Edge, StepGraph

_MAX_DEPTH = 60
"""Parallel segments inside one another; deeper ones stay irreducible."""


@dataclass(frozen=True, eq=False, slots=True)
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
    from_inputs: bool = False
    """No cut precedes the branches: each begins with inputs of the network."""


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
    """A path to an output of its own, from a step of the main line, or from an input that the main line does not read.

    Side outputs are last in the whole series.
    """

    source: Leaf | None
    segments: Series
    drawn_source: Leaf | None = None
    """The step in place of steps left out, if the source is one of them."""

    @property
    def start(self) -> int | None:
        """The index of the step from which the path is drawn."""
        source = self.drawn_source or self.source
        return None if source is None else source.index


Segment: TypeAlias = Leaf | Parallel | Irreducible | Repeat | SideOutput
Series: TypeAlias = tuple[Segment, ...]


def series_parallel(step_graph: StepGraph) -> Series:
    """The decomposition of a step graph; every step is in it once."""
    return _Decomposition(step_graph).run()


class _Decomposition:
    def __init__(self, step_graph: StepGraph) -> None:
        self.steps = step_graph.steps
        self.incoming: list[list[Edge]] = [[] for _ in self.steps]
        for edge in step_graph.edges:
            self.incoming[edge.target].append(edge)

    def run(self) -> Series:
        main_line = self.main_line()
        side_outputs = self.side_outputs(main_line)
        if side_outputs is None:
            return self.series(range(len(self.steps)), None, 0)
        return (*self.series(sorted(main_line), None, 0), *side_outputs)

    def main_line(self) -> set[int]:
        """The steps from which the network's output is reached."""
        line = {len(self.steps) - 1}
        for index in reversed(range(len(self.steps))):
            if index in line:
                line.update(edge.source for edge in self.incoming[index])
        return line

    def side_outputs(self, main_line: set[int]) -> list[SideOutput] | None:
        """The components beside the main line; None if one of them leaves it at several steps."""
        side_outputs = []
        for part in self.components([index for index in range(len(self.steps)) if index not in main_line]):
            sources = {edge.source for index in part for edge in self.incoming[index] if edge.source in main_line}
            if len(sources) > 1:
                return None
            source = sources.pop() if sources else None
            side_outputs.append(SideOutput(None if source is None else self.leaf(source), self.series(part, source, 0)))
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
        """The steps of `part` through which every path runs: in topological order, those that no edge passes over.

        Paths begin before the first step and end behind the last one: at each step that reads nothing of `part`, or that
        nothing of `part` reads.
        """
        position = {index: number for number, index in enumerate(part)}
        furthest = [len(part)] * len(part)
        before = 0
        for index in part:
            inside = [position[edge.source] for edge in self.incoming[index] if edge.source in position]
            for number in inside:
                target = position[index]
                furthest[number] = target if furthest[number] == len(part) else max(furthest[number], target)
            if len(inside) < max(1, len(self.incoming[index])):
                before = max(before, position[index])
        cuts = set()
        for number, index in enumerate(part):
            if before <= number:
                cuts.add(index)
            before = max(before, furthest[number])
        return cuts

    def parallel(self, inner: list[int], merge: int, before: int | None, depth: int) -> Segment:
        """The segment between two cuts, the second of which is `merge`."""
        direct = sorted(edge.carries_indices for edge in self.incoming[merge] if edge.source == before)
        branches: list[Series] = []
        for part in self.components(inner):
            branch = self.branch(part, before, merge, depth)
            if branch is None:
                return self.irreducible([*inner, merge])
            branches.append(branch)
        return Parallel((*branches, *(() for _ in direct)), self.leaf(merge), sum(direct), before is None)

    def branch(self, part: list[int], before: int | None, merge: int, depth: int) -> Series | None:
        """A component as a series, which may fork at the cut; None if it does not reach the merge once, from its last step."""
        inside = set(part)
        entries = [index for index in part if any(edge.source not in inside for edge in self.incoming[index])]
        exits = [edge.source for edge in self.incoming[merge] if edge.source in inside]
        read = {edge.source for index in part for edge in self.incoming[index]}
        ends = [index for index in part if index not in read and index not in exits]
        if (before is None and entries) or exits != part[-1:] or ends or depth > _MAX_DEPTH:
            return None
        return self.series(part, before, depth + 1)

    def components(self, inner: list[int]) -> list[list[int]]:
        """The connected components of the steps between two cuts, each in order, by their first steps."""
        leader = {index: index for index in inner}

        def find(index: int) -> int:
            while leader[index] != index:
                leader[index] = leader[leader[index]]
                index = leader[index]
            return index

        for index in inner:
            for edge in self.incoming[index]:
                if edge.source in leader:
                    first, second = sorted((find(edge.source), find(index)))
                    leader[second] = first
        parts: dict[int, list[int]] = {}
        for index in inner:
            parts.setdefault(find(index), []).append(index)
        return list(parts.values())

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
