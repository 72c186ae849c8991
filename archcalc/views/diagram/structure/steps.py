"""The network as a figure shows it: steps (a layer with the pointwise layers behind it, or a whole block) and edges.

Steps are in topological order; the first ones are the network's inputs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from archcalc.analysis.layer_report import LayerReport
from archcalc.analysis.report import Report
from archcalc.errors import call_error
from archcalc.graph import Group
from archcalc.graph.order import topological_order
from archcalc.suggestions import suggest
from archcalc.views.diagram.structure.step import Step

MAX_ATTACHED = 12
"""Pointwise layers that are attached to one step; further ones begin a step of their own."""


class Edge(NamedTuple):
    """From one step to another, by their indices; `carries_indices`: the pooling indices of max-unpooling, not values."""

    source: int
    target: int
    carries_indices: bool = False


@dataclass(frozen=True, eq=False)
class StepGraph:
    """Steps and, for each, the indices of the steps whose values it reads, and of those whose pooling indices it reads."""

    report: Report
    steps: tuple[Step, ...]
    inputs: tuple[tuple[int, ...], ...]
    index_inputs: tuple[tuple[int, ...], ...]
    scope: str = ""
    """The part of the network that it shows, if not all of it."""

    @property
    def edges(self) -> list[Edge]:
        """All edges, in the order of the steps they lead to."""
        return [
            Edge(source, target, carries_indices)
            for target in range(len(self.steps))
            for carries_indices, sources in ((False, self.inputs[target]), (True, self.index_inputs[target]))
            for source in sources
        ]


def step_graph(report: Report, depth: int | None = None, only: str | None = None) -> StepGraph:
    """The steps of a network, blocks deeper than `depth` folded into one step each, restricted to `only` = A..B.

    Raises `DescriptionError` if `only` names no layers, or if a folded block would read its own output.
    """
    first, last = _range(report, only)
    layers = report.layers
    owner = _owners(report, depth, first, last)
    # Each layer belongs to the step of its owner; inputs and what the range reads from before it are steps without layers.
    members: dict[int, list[int]] = {}
    for index in range(first, last + 1):
        members.setdefault(owner[index], []).append(index)
    read = {source for index in range(first, last + 1) for source in layers[index].node.sources if source < first}
    outside = [*sorted((source for source in read if source < 0), reverse=True), *sorted(s for s in read if s >= 0)]
    step_of = {source: number for number, source in enumerate(outside)}
    steps = [_outside(report, source) for source in outside]
    for lead in sorted(members):
        for index in members[lead]:
            step_of[index] = len(steps)
        steps.append(_step(report, members[lead], depth))
    inputs, index_inputs = _inputs(report, step_of, steps, first, last)
    scope = f"{layers[first].id} to {layers[last].id}" if only else ""
    return _sorted(StepGraph(report, tuple(steps), inputs, index_inputs, scope))


def _range(report: Report, only: str | None) -> tuple[int, int]:
    """The first and the last layer of A..B; a name may be that of a block."""
    if only is None:
        return 0, len(report.layers) - 1
    first, dots, last = only.partition("..")
    last = last if dots else first
    start = min(_layers_named(report, first)) if first else 0
    end = max(_layers_named(report, last)) if last else len(report.layers) - 1
    if start > end:
        raise call_error("ARC473", f"only: {first} comes after {last}", f"write {last}..{first}")
    return start, end


def _layers_named(report: Report, name: str) -> list[int]:
    """The layers of a block, or the layer, with a name."""
    layers = report.graph.blocks.get(name) or [index for index, layer in enumerate(report.layers) if layer.id == name]
    if not layers:
        raise call_error("ARC473", f"{report.name} has no layer or block {name}", suggest(name, report.by_id))
    return layers


def _owners(report: Report, depth: int | None, first: int, last: int) -> list[int]:
    """For each layer the layer whose step it belongs to: itself, the one it is attached to, or its block's first.

    A layer that reads nothing, such as a trained tensor, belongs to the only one that reads it.
    """
    graph = report.graph
    owners: list[int] = []
    blocks: dict[Group, int] = {}
    attached: dict[int, int] = {}
    for index, layer in enumerate(report.layers):
        group = _folded_block(layer, depth)
        source = next(iter(layer.node.sources), index)
        if group is not None:
            owners.append(blocks.setdefault(group, index))
        elif (
            source < index
            and first < index <= last
            and source >= first
            and graph.readers[source] == [index]
            and (source not in graph.named_by and is_pointwise(layer) and _folded_block(report.layers[source], depth) is None)
            and report.layers[source].node.groups == layer.node.groups[: len(report.layers[source].node.groups)]
            and attached.get(owners[source], 0) < MAX_ATTACHED
        ):
            owners.append(owners[source])
            attached[owners[source]] = attached.get(owners[source], 0) + 1
        else:
            owners.append(index)
    for index in range(last, first - 1, -1):
        readers = graph.readers.get(index, [])
        if not report.layers[index].node.sources and len(readers) == 1 and readers[0] <= last and owners[index] == index:
            owners[index] = owners[readers[0]]
    return owners


def is_pointwise(layer: LayerReport) -> bool:
    """Each output value depends on the one input value at its position: an activation, a norm, a view."""
    counts = layer.counts
    rule = counts.layer
    if len(layer.node.sources) != 1 or layer.node.shape_sources or layer.mult_adds or rule.has_neurons:
        return False
    same = int(layer.output.elements) == int(counts.first_input.elements)
    return same and (rule.in_place or rule.receptive_window(*counts.inputs) is None)


def _folded_block(layer: LayerReport, depth: int | None) -> Group | None:
    """The block around a layer that is folded at a depth, if any."""
    groups = layer.node.groups
    return groups[depth - 1] if depth is not None and len(groups) >= depth else None


def _outside(report: Report, source: int) -> Step:
    if source >= 0:
        layer = report.layers[source]
        return Step(layer.id, input=layer.output)
    name = list(report.inputs)[-1 - source]
    return Step(name, input=report.input_volumes[-1 - source])


def _step(report: Report, members: list[int], depth: int | None) -> Step:
    # The step is named by the layer that reads what comes before it.
    layers = tuple(sorted((report.layers[index] for index in members), key=lambda layer: not layer.node.sources))
    block = _folded_block(layers[0], depth)
    return Step(".".join(block.path) if block else layers[0].id, layers, block=block)


def _inputs(
    report: Report, step_of: dict[int, int], steps: list[Step], first: int, last: int
) -> tuple[tuple[tuple[int, ...], ...], tuple[tuple[int, ...], ...]]:
    """For each step the steps whose values, and those whose pooling indices, it reads."""
    inputs: list[list[tuple[int, int]]] = [[] for _ in steps]
    index_inputs: list[list[tuple[int, int]]] = [[] for _ in steps]
    for index in range(first, last + 1):
        node, step = report.layers[index].node, step_of[index]
        inputs[step] += [(step_of[source], source) for source in node.sources if step_of[source] != step]
        # A layer that takes another one's input for its shape reverses it and needs its indices; other ones need a size only.
        index_inputs[step] += [
            (step_of[source], source)
            for source, volume in node.shape_sources
            if volume == "input" and source >= first and step_of[source] != step
        ]
    return _read_once(inputs, steps), _read_once(index_inputs, steps)


def _read_once(inputs: list[list[tuple[int, int]]], steps: list[Step]) -> tuple[tuple[int, ...], ...]:
    """The inputs of each step, of pairs of a step and the layer in it that is read.

    A folded block reads a step once, however many of its layers read it; and is read once, however many layers in it are.
    """
    read: list[tuple[int, ...]] = []
    for step, pairs in zip(steps, inputs, strict=True):
        first_read = dict(reversed(pairs))
        in_block = [source for source, layer in pairs if not steps[source].block or layer == first_read[source]]
        read.append(tuple(dict.fromkeys(in_block) if step.block else in_block))
    return tuple(read)


def _sorted(graph: StepGraph) -> StepGraph:
    """The graph in topological order, which folding blocks may have broken."""
    if all(edge.source < edge.target for edge in graph.edges):
        return graph
    order = topological_order(len(graph.steps), ((edge.source, edge.target) for edge in graph.edges))
    if len(order) < len(graph.steps):
        raise call_error("ARC474", "a folded block would read its own output", "choose a greater --depth, or none")
    new_index = {old: new for new, old in enumerate(order)}
    inputs = [tuple(new_index[source] for source in graph.inputs[old]) for old in order]
    return with_steps(graph, [graph.steps[old] for old in order], inputs, new_index)


def with_steps(
    graph: StepGraph, steps: Sequence[Step], inputs: Sequence[tuple[int, ...]], new_index: Mapping[int, int]
) -> StepGraph:
    """The graph with other steps and inputs, among which its own have new indices; their pooling indices go with them."""
    index_inputs: list[tuple[int, ...]] = [()] * len(steps)
    for old, sources in enumerate(graph.index_inputs):
        index_inputs[new_index[old]] = tuple(new_index[source] for source in sources)
    return StepGraph(graph.report, tuple(steps), tuple(inputs), tuple(index_inputs), graph.scope)
