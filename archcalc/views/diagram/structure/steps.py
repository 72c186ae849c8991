"""The network as a figure sees it: steps (a layer with the pointwise layers behind it, or a whole block) and edges.

Steps stand in an order in which each comes after what it reads. Step 0 … are the network's inputs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from archcalc.analysis.layer_report import LayerReport
from archcalc.analysis.report import Report
from archcalc.errors import call_error, suggest
from archcalc.graph import Group
from archcalc.graph.order import topological_order
from archcalc.layers._base import Volume


@dataclass(frozen=True, eq=False)
class Step:
    """What one box stands for: an input, a layer with what is attached to it, a folded block, or elided layers."""

    name: str
    layers: tuple[LayerReport, ...] = ()
    input: Volume | None = None
    block: Group | None = None
    elided: int = 0
    """How many steps are left out here."""

    @property
    def head(self) -> LayerReport:
        return self.layers[0]

    @property
    def output(self) -> Volume:
        """The volume that leaves it; a map that is flattened behind it is shown as the map."""
        if self.input is not None:
            return self.input
        last = self.layers[-1].output
        return self.head.output if self.attached and self.head.output.spatial and not last.spatial else last

    @property
    def family(self) -> str:
        if self.input is not None:
            return "input"
        return "other" if self.block or self.elided else self.head.counts.layer.family

    @property
    def merge_sign(self) -> str:
        """The sign of a merge that needs no box."""
        return "" if self.input is not None or self.block or self.elided else self.head.counts.layer.merge_sign

    @property
    def attached(self) -> tuple[LayerReport, ...]:
        return () if self.block or self.elided else self.layers[1:]

    def sum(self, quantity: str) -> int:
        """A number of the Report over its layers."""
        return sum(getattr(layer, quantity) for layer in self.layers)

    @property
    def signature(self) -> tuple[object, ...]:
        """Steps with equal signatures are equal: same kinds, fields and volumes, layer by layer."""
        if self.input is not None or self.elided:
            return (id(self),)
        return (self.block.op if self.block else "", *(layer.signature for layer in self.layers))


@dataclass(frozen=True, eq=False)
class StepGraph:
    """Steps and, for each, the steps it reads. `remembered` edges carry places, not values (max-unpooling)."""

    report: Report
    steps: tuple[Step, ...]
    reads: tuple[tuple[int, ...], ...]
    remembered: tuple[tuple[int, ...], ...]
    scope: str = ""
    """What part of the network it shows, if not all of it."""

    @property
    def edges(self) -> list[tuple[int, int, bool]]:
        """From, to, and whether it is a remembered one."""
        return [
            (source, at, kind)
            for at in range(len(self.steps))
            for kind, sources in ((False, self.reads[at]), (True, self.remembered[at]))
            for source in sources
        ]


def step_graph(report: Report, depth: int | None = None, only: str | None = None) -> StepGraph:
    """The steps of a network, blocks deeper than `depth` folded into one, restricted to `only` = A..B."""
    first, last = _range(report, only)
    layers = report.layers
    owner = _owners(report, depth, first, last)
    # Each layer in the step of its owner; inputs and what stands before the range are steps without layers.
    members: dict[int, list[int]] = {}
    for at in range(first, last + 1):
        members.setdefault(owner[at], []).append(at)
    outside = sorted({s for at in range(first, last + 1) for s in layers[at].node.sources if s < first})
    number = {source: at for at, source in enumerate(outside)}
    steps = [_outside(report, source) for source in outside]
    for lead in sorted(members):
        for at in members[lead]:
            number[at] = len(steps)
        steps.append(_step(report, members[lead], depth))
    reads, remembered = _edges(report, number, len(steps), first, last)
    scope = f"{layers[first].id} to {layers[last].id}" if only else ""
    return _sorted(StepGraph(report, tuple(steps), reads, remembered, scope))


def _range(report: Report, only: str | None) -> tuple[int, int]:
    """The layers of A..B; a name may be that of a block."""
    if only is None:
        return 0, len(report.layers) - 1
    first, dots, last = only.partition("..")
    last = last if dots else first
    found = [_find(report, name) for name in (first, last)]
    start, end = (min(found[0]) if first else 0), (max(found[1]) if last else len(report.layers) - 1)
    if start > end:
        raise call_error("ARC473", f"only: {first} comes after {last}", f"write {last}..{first}")
    return start, end


def _find(report: Report, name: str) -> list[int]:
    if not name:
        return []
    hits = report.graph.blocks.get(name) or [at for at, layer in enumerate(report.layers) if layer.id == name]
    if not hits:
        raise call_error("ARC473", f"{report.name} has no layer or block {name}", suggest(name, report.by_id))
    return hits


def _owners(report: Report, depth: int | None, first: int, last: int) -> list[int]:
    """For each layer the layer whose step it belongs to: itself, the one it is attached to, or its block's first."""
    graph = report.graph
    owners: list[int] = []
    blocks: dict[Group, int] = {}
    for at, layer in enumerate(report.layers):
        group = _at_depth(layer, depth)
        source = layer.node.sources[0]
        if group is not None:
            owners.append(blocks.setdefault(group, at))
        elif (
            first < at <= last
            and source >= first
            and graph.readers[source] == [at]
            and (source not in graph.named_by and pointwise(layer) and _at_depth(report.layers[source], depth) is None)
        ):
            owners.append(owners[source])
        else:
            owners.append(at)
    return owners


def pointwise(layer: LayerReport) -> bool:
    """Each value that leaves it comes from the one value at its place: an activation, a norm, a view."""
    counts = layer.counts
    rule = counts.layer
    if len(layer.node.sources) != 1 or layer.node.shape_sources or layer.mult_adds or rule.has_neurons:
        return False
    same = int(layer.output.elements) == int(counts.inputs[0].elements)
    return same and (rule.in_place or rule.receptive_window(*counts.inputs) is None)


def _at_depth(layer: LayerReport, depth: int | None) -> Group | None:
    """The block around a layer that a depth folds, if any."""
    groups = layer.node.groups
    return groups[depth - 1] if depth is not None and len(groups) >= depth else None


def _outside(report: Report, source: int) -> Step:
    if source >= 0:
        layer = report.layers[source]
        return Step(layer.id, input=layer.output)
    name = list(report.inputs)[-1 - source]
    return Step(name, input=report.input_volumes[-1 - source])


def _step(report: Report, members: list[int], depth: int | None) -> Step:
    layers = tuple(report.layers[at] for at in members)
    block = _at_depth(layers[0], depth)
    return Step(".".join(block.path) if block else layers[0].id, layers, block=block)


def _edges(
    report: Report, number: dict[int, int], steps: int, first: int, last: int
) -> tuple[tuple[tuple[int, ...], ...], tuple[tuple[int, ...], ...]]:
    reads: list[list[int]] = [[] for _ in range(steps)]
    remembered: list[list[int]] = [[] for _ in range(steps)]
    for at in range(first, last + 1):
        node, own = report.layers[at].node, number[at]
        for source in node.sources:
            if number[source] != own:
                reads[own].append(number[source])
        for source, gives in node.shape_sources:
            # What names a layer for its input undoes it, and needs what it remembered; otherwise only a size is asked.
            if gives == "input" and source >= first and number[source] != own:
                remembered[own].append(number[source])
    return tuple(map(tuple, reads)), tuple(map(tuple, remembered))


def _sorted(found: StepGraph) -> StepGraph:
    """In an order in which each step stands behind what it reads; a folded block may have been out of it."""
    if all(source < at for source, at, _ in found.edges):
        return found
    order = topological_order(len(found.steps), ((source, at) for source, at, _ in found.edges))
    if len(order) < len(found.steps):
        raise call_error("ARC474", "a folded block would read what reads it", "choose a greater --depth, or none")
    return reordered(found, order)


def reordered(found: StepGraph, order: Iterable[int]) -> StepGraph:
    """The outline with its steps in another order."""
    order = list(order)
    place = {old: new for new, old in enumerate(order)}
    return StepGraph(
        found.report,
        tuple(found.steps[old] for old in order),
        tuple(tuple(place[s] for s in found.reads[old]) for old in order),
        tuple(tuple(place[s] for s in found.remembered[old]) for old in order),
        found.scope,
    )
