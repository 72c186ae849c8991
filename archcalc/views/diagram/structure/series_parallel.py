"""The outline as a tree: steps one after the other, and regions where several paths run side by side.

A step through which every path runs is a cut: in graph theory, a dominator of the output. Between two cuts lies either
nothing (a plain edge) or a region, whose connected parts are its branches; a branch is again a series. What cannot be
taken apart like this (paths that cross) stays a tangle: its steps in order, with all edges among them. What never
reaches the network's output (a classifier that stands beside the line) is a spur.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import networkx as nx

from archcalc.views.diagram.structure.steps import Step, StepGraph

_BEFORE, _END = -1, -2
"""Stand for all that is before a part, and for its ends together."""


@dataclass(frozen=True, eq=False)
class Leaf:
    """A single step, by its number in the outline."""

    at: int
    step: Step


@dataclass(frozen=True, eq=False)
class Parallel:
    """Branches from one cut to the next, and the step where they meet. An empty branch is a plain edge."""

    branches: tuple[Series, ...]
    merge: Leaf
    remembered: int = 0
    """How many of the empty branches carry places, not values; they stand last."""


@dataclass(frozen=True, eq=False)
class Irreducible:
    """Steps whose paths cross, with the cut behind them as the last one; edges by their places (−1: the cut before)."""

    steps: tuple[Leaf, ...]
    edges: tuple[tuple[int, int, bool], ...]


@dataclass(frozen=True, eq=False)
class Repeat:
    """Equal cells one after the other, drawn once."""

    segments: tuple[Segment, ...]
    times: int


@dataclass(frozen=True, eq=False)
class SideOutput:
    """A path that leaves the line at a step and ends in an output of its own; spurs stand last in the whole series."""

    source: Leaf
    segments: Series


Segment: TypeAlias = Leaf | Parallel | Irreducible | Repeat | SideOutput
Series: TypeAlias = tuple[Segment, ...]


def series_parallel(step_graph: StepGraph) -> Series:
    """The tree of an outline."""
    incoming: list[list[tuple[int, bool]]] = [[] for _ in step_graph.steps]
    for source, at, remembered in step_graph.edges:
        incoming[at].append((source, remembered))
    line = _line(step_graph)
    spurs = _side_outputs(step_graph, line, incoming)
    if spurs is None:
        return _series_parallel(step_graph, tuple(range(len(step_graph.steps))), incoming, None, 0)
    return (*_series_parallel(step_graph, sorted(line), incoming, None, 0), *spurs)


def _line(step_graph: StepGraph) -> set[int]:
    """The steps from which the network's output is reached."""
    last = len(step_graph.steps) - 1
    graph = nx.DiGraph((source, at) for source, at, _ in step_graph.edges)
    graph.add_node(last)
    return {last, *nx.ancestors(graph, last)}


def _side_outputs(step_graph: StepGraph, line: set[int], incoming: list[list[tuple[int, bool]]]) -> list[SideOutput] | None:
    """What stands beside the line; None if some of it leaves the line at several steps."""
    spurs = []
    for part in _components([at for at in range(len(step_graph.steps)) if at not in line], incoming):
        sources = {source for at in part for source, _ in incoming[at] if source in line}
        if len(sources) != 1 or not incoming[part[0]]:
            return None
        source = sources.pop()
        spurs.append(
            SideOutput(Leaf(source, step_graph.steps[source]), _series_parallel(step_graph, part, incoming, source, 0))
        )
    return spurs


def _series_parallel(
    step_graph: StepGraph, part: Sequence[int], incoming: list[list[tuple[int, bool]]], before: int | None, level: int
) -> Series:
    """Steps of `part` (in order) from a cut `before` them on."""
    segments: list[Segment] = []
    inner: list[int] = []
    cuts = _cuts(part, incoming)
    for at in part:
        if at not in cuts:
            inner.append(at)
            continue
        last = Leaf(at, step_graph.steps[at])
        if not inner and len(incoming[at]) <= 1:
            segments.append(last)
        else:
            segments.append(_parallel(step_graph, inner, last, incoming, before, level))
        before, inner = at, []
    if inner:
        segments.append(_irreducible(step_graph, inner, incoming, before))
    return tuple(segments)


def _cuts(part: Sequence[int], incoming: list[list[tuple[int, bool]]]) -> set[int]:
    """The steps of `part` through which every path runs: the dominators of its ends, seen from what is before it."""
    inside = set(part)
    graph = nx.DiGraph()
    for at in part:
        sources = {source for source, _ in incoming[at]} or {_BEFORE}
        graph.add_edges_from((source if source in inside else _BEFORE, at) for source in sources)
    graph.add_edges_from([(at, _END) for at in part if not graph.out_degree(at)])
    dominator = nx.immediate_dominators(graph, _BEFORE)
    cuts: set[int] = set()
    at = dominator[_END]
    while at != _BEFORE:
        cuts.add(at)
        at = dominator[at]
    return cuts


def _parallel(
    step_graph: StepGraph,
    inner: list[int],
    last: Leaf,
    incoming: list[list[tuple[int, bool]]],
    before: int | None,
    level: int,
) -> Segment:
    direct = sorted(remembered for source, remembered in incoming[last.at] if source == before)
    parts = _components(inner, incoming)
    # A branch leaves the cut once and reaches the merge once; a part that cannot be taken apart further is a tangle.
    branches: list[Series] = []
    for part in parts:
        branch = _branch(step_graph, part, incoming, before, last.at, level)
        if branch is None:
            return _irreducible(step_graph, [*inner, last.at], incoming, before)
        branches.append(branch)
    if before is None and parts:
        return _irreducible(step_graph, [*inner, last.at], incoming, before)
    return Parallel((*branches, *(() for _ in direct)), last, sum(direct))


def _branch(
    step_graph: StepGraph,
    part: list[int],
    incoming: list[list[tuple[int, bool]]],
    before: int | None,
    merge: int,
    level: int,
) -> Series | None:
    inside = set(part)
    entries = [at for at in part if any(source not in inside for source, _ in incoming[at])]
    exits = {source for source, _ in incoming[merge] if source in inside}
    read = {source for at in part for source, _ in incoming[at]}
    ends = [at for at in part if at not in read and at not in exits]
    if len(exits) != 1 or len(entries) != 1 or entries[0] != part[0] or exits != {part[-1]} or ends or level > 60:
        return None
    if sum(source == part[-1] for source, _ in incoming[merge]) > 1:
        return None
    return _series_parallel(step_graph, part, incoming, before, level + 1)


def _components(inner: list[int], incoming: list[list[tuple[int, bool]]]) -> list[list[int]]:
    """Connected parts of the steps between two cuts, each in order."""
    graph = nx.Graph()
    graph.add_nodes_from(inner)
    inside = set(inner)
    graph.add_edges_from((source, at) for at in inner for source, _ in incoming[at] if source in inside)
    return [sorted(part) for part in nx.connected_components(graph)]


def _irreducible(
    step_graph: StepGraph, inner: list[int], incoming: list[list[tuple[int, bool]]], before: int | None
) -> Irreducible:
    place = {at: index for index, at in enumerate(inner)}
    steps = tuple(Leaf(at, step_graph.steps[at]) for at in inner)
    edges = tuple(
        (place.get(source, -1), index, remembered) for index, at in enumerate(inner) for source, remembered in incoming[at]
    )
    return Irreducible(steps, edges)


def leaves(segments: Series) -> list[Leaf]:
    """All steps of a series in order; of a repetition, those of one copy."""
    found: list[Leaf] = []
    stack: list[Segment] = list(reversed(segments))
    while stack:
        segment = stack.pop()
        match segment:
            case Leaf():
                found.append(segment)
            case Irreducible():
                found += segment.steps
            case Repeat() | SideOutput():
                stack += reversed(segment.segments)
            case Parallel():
                stack.append(segment.merge)
                stack += [inner for branch in reversed(segment.branches) for inner in reversed(branch)]
    return found
