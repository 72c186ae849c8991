"""Measures receptive fields: the input positions with a gradient of a unit, compared with its predicted box.

The gradient runs through a copy of the network with the same windows, one channel, positive weights and float64, so
that nothing cancels out or vanishes: it differs from zero exactly where the unit reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor

from archcalc.analysis.receptive_field.fields import ReceptiveField
from archcalc.analysis.receptive_field.intervals import Periodic, Undefined
from archcalc.analysis.receptive_field.positions import positions_read
from archcalc.analysis.report import Report
from archcalc.graph import Graph
from archcalc.reference.network import Network

MAX_PHASES = 4
"""Units of different phases that are measured at a layer, consecutive ones along the diagonal."""

Span = tuple[int, int] | None
Limits = tuple[tuple[int, int], ...]


class MeasuredField(NamedTuple):
    """The first and last input position of a unit along each axis, predicted and measured; None for nothing.

    `holes` counts the positions within the measured box that are not read, as a dilated window leaves them out.
    """

    unit: tuple[int, ...]
    predicted: tuple[Span, ...]
    measured: tuple[Span, ...]
    holes: int

    @property
    def agrees(self) -> bool:
        """Whether the unit reads exactly the predicted box."""
        return self.predicted == self.measured


def measured_fields(report: Report, graph: Graph | None = None) -> Iterator[tuple[int, list[MeasuredField]]]:
    """For each layer, what some of its units read; empty where the whole input or no box is predicted.

    `graph` may differ from the graph of the report.
    """
    indices = _measurable(report)
    network = Network(_part(graph or report.graph, indices), geometry=True).place("cpu", torch.float64)
    inputs = [torch.ones_like(x).requires_grad_() for x in network.example()]
    known: dict[int, tuple[Tensor, ReceptiveField, list[MeasuredField]]] = {}
    limits: dict[int, Limits] = {}
    with torch.enable_grad():
        for step in network.steps(inputs):
            index = indices[step.index]
            field = report.layers[index].receptive_field
            # A layer that does not change positions returns its input tensor, which was measured before.
            tensor, known_field, measured = known.get(id(step.output), (None, None, []))
            limits[index] = limit = _limits(report, index, limits)
            if tensor is not step.output or known_field != field:
                measured = [_at_border(report, index, unit, limit) for unit in _measure(field, step.output, inputs, limit)]
                known[id(step.output)] = step.output, field, measured
            yield index, measured


def _measurable(report: Report) -> list[int]:
    """The layers whose fields have a box, and what they need: one channel says nothing of positions that become channels."""
    nodes = report.graph.nodes
    needed: set[int] = set()
    for index in reversed(range(len(nodes))):
        if index in needed or _has_box(report.layers[index].receptive_field):
            needed.update((index, *nodes[index].sources, *(source for source, _ in nodes[index].shape_sources)))
    return sorted(index for index in needed if index >= 0)


def _part(graph: Graph, indices: list[int]) -> Graph:
    """The graph with only some layers, which read none of the others."""
    new_index = {old: new for new, old in enumerate(indices)}
    nodes = []
    for old in indices:
        node = copy(graph.nodes[old])
        node.sources = tuple(new_index.get(source, source) for source in node.sources)
        node.shape_sources = tuple((new_index.get(source, source), volume) for source, volume in node.shape_sources)
        node.tied_to = new_index.get(node.tied_to) if node.tied_to is not None else None
        nodes.append(node)
    return replace(graph, nodes=nodes, frozen={})


def _measure(field: ReceptiveField, output: Tensor, inputs: list[Tensor], limits: Limits) -> list[MeasuredField]:
    if not _has_box(field) or output.dim() - 2 != len(field.axes):
        return []
    sizes = tuple(inputs[field.input_index].shape[2:])
    read = [x for x in inputs if tuple(x.shape[2:]) == sizes]
    return [_measure_unit(unit, field, output, read, limits) for unit in _units(field, tuple(output.shape[2:]))]


def _has_box(field: ReceptiveField) -> bool:
    return bool(field.axes) and not any(isinstance(axis, Undefined) for axis in field.axes)


def _limits(report: Report, index: int, known: dict[int, Limits]) -> Limits:
    """The first and last input positions, along each axis, that the units of a layer can read.

    Behind a crop they are not all: a window that extends over the border of the cropped map reads padding there.
    """
    layer = report.layers[index]
    field = layer.receptive_field
    sizes = report.input_volumes[field.input_index].spatial
    limits: Limits = tuple((0, int(size) - 1) for size in sizes)
    if not _has_box(field) or len(field.axes) != len(sizes) or len(layer.output) != len(sizes) + 1:
        return limits
    sources = [known.get(source, ()) for source in report.graph.nodes[index].sources]
    if all(len(along) == len(sizes) for along in sources):  # none is an input of the network, or of another kind of map
        limits = tuple((min(low for low, _ in along), max(high for _, high in along)) for along in zip(*sources, strict=True))
    spans = [
        [axis.span(unit) for unit in {*range(min(axis.period, count)), *range(max(count - axis.period, 0), count)}]
        for axis, count in zip(field.axes, map(int, layer.output[1:]), strict=True)
    ]
    return tuple(
        (max(low, min(span[0] for span in along if span)), min(high, max(span[1] for span in along if span)))
        if any(along)
        else (low, high)
        for (low, high), along in zip(limits, spans, strict=True)
    )


def _units(field: ReceptiveField, sizes: tuple[int, ...]) -> list[tuple[int, ...]]:
    """The middle unit, and where phases differ its neighbours."""
    periods = [axis.period for axis in field.axes if isinstance(axis, Periodic)]
    count = min(max(periods, default=1), MAX_PHASES)
    units = (tuple(min(size // 2 + step, size - 1) for size in sizes) for step in range(count))
    return list(dict.fromkeys(units))


def _measure_unit(
    unit: tuple[int, ...], field: ReceptiveField, output: Tensor, inputs: list[Tensor], limits: Limits
) -> MeasuredField:
    gradients: tuple[Tensor | None, ...] = (None,)
    if output.requires_grad:
        gradients = torch.autograd.grad(output[(0, 0, *unit)], inputs, retain_graph=True, allow_unused=True)
    is_read = torch.zeros(inputs[0].shape[2:], dtype=torch.bool)
    for gradient in gradients:
        if gradient is not None:
            is_read |= gradient[0, 0] != 0
    predicted = _clipped(field.box(unit), limits)
    return MeasuredField(unit, predicted, *_box(is_read))


def _at_border(report: Report, index: int, unit: MeasuredField, limits: Limits) -> MeasuredField:
    """Where the box exceeds the limits, it is narrowed on that side to the positions on the maps.

    Only there: a box that is wrong inside the map remains as predicted, and differs.
    """
    if unit.agrees:
        return unit
    field = report.layers[index].receptive_field
    sizes = tuple(report.input_volumes[field.input_index].spatial)
    positions = [
        read
        for source, read in positions_read(report, index, unit.unit).items()
        if tuple(report.input_volumes[-1 - source].spatial) == sizes
    ]
    boxes = field.box(unit.unit)
    if not positions:
        outside = any(box is None or box[0] < low or box[1] > high for box, (low, high) in zip(boxes, limits, strict=True))
        return unit._replace(predicted=(None,) * len(sizes)) if outside else unit
    read_along = [frozenset().union(*axis) for axis in zip(*positions, strict=True)]
    spans = []
    for box, clipped, read, (low, high) in zip(boxes, unit.predicted, read_along, limits, strict=True):
        if box is None or clipped is None:
            return unit
        first = min(read) if box[0] < low else clipped[0]
        spans.append((first, max(read) if box[1] > high else clipped[1]))
    return unit._replace(predicted=tuple(spans))


def _clipped(box: list[Span], limits: Limits) -> tuple[Span, ...]:
    """The part of a box within the limits; None along all axes if it is outside along one."""
    spans = [
        (max(span[0], low), min(span[1], high)) if span is not None else None
        for span, (low, high) in zip(box, limits, strict=True)
    ]
    if any(span is None or span[0] > span[1] for span in spans):
        return (None,) * len(spans)
    return tuple(spans)


def _box(read: Tensor) -> tuple[tuple[Span, ...], int]:
    """The box around the positions that are true, and how many positions in it are false."""
    positions = read.nonzero()
    if not len(positions):
        return (None,) * read.dim(), 0
    spans = [(int(axis.min()), int(axis.max())) for axis in positions.unbind(dim=1)]
    volume = 1
    for first, last in spans:
        volume *= last - first + 1
    return tuple(spans), volume - len(positions)
