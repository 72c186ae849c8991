"""Measures receptive fields: the input positions with a gradient of a unit, compared with its predicted box.

The gradient runs through a copy of the network with the same windows, one channel, positive weights and float64, so
that nothing cancels out or vanishes: it differs from zero exactly where the unit reads.
"""

from __future__ import annotations

from collections.abc import Iterator
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
    network = Network(graph or report.graph, geometry=True).place("cpu", torch.float64)
    inputs = [torch.ones_like(x).requires_grad_() for x in network.example()]
    known: dict[int, tuple[Tensor, ReceptiveField, list[MeasuredField]]] = {}
    with torch.enable_grad():
        for step in network.steps(inputs):
            field = report.layers[step.index].receptive_field
            # A layer that does not change positions returns its input tensor, which was measured before.
            tensor, known_field, measured = known.get(id(step.output), (None, None, []))
            if tensor is not step.output or known_field != field:
                measured = [_at_border(report, step.index, unit) for unit in _measure(field, step.output, inputs)]
                known[id(step.output)] = step.output, field, measured
            yield step.index, measured


def _measure(field: ReceptiveField, output: Tensor, inputs: list[Tensor]) -> list[MeasuredField]:
    if not field.axes or any(isinstance(axis, Undefined) for axis in field.axes) or output.dim() - 2 != len(field.axes):
        return []
    input_index = field.input_index
    sizes = tuple(inputs[input_index].shape[2:])
    read = [x for x in inputs if tuple(x.shape[2:]) == sizes]
    return [_measure_unit(unit, field, output, read, sizes) for unit in _units(field, tuple(output.shape[2:]))]


def _units(field: ReceptiveField, sizes: tuple[int, ...]) -> list[tuple[int, ...]]:
    """The middle unit, and where phases differ its neighbours."""
    periods = [axis.period for axis in field.axes if isinstance(axis, Periodic)]
    count = min(max(periods, default=1), MAX_PHASES)
    units = (tuple(min(size // 2 + step, size - 1) for size in sizes) for step in range(count))
    return list(dict.fromkeys(units))


def _measure_unit(
    unit: tuple[int, ...], field: ReceptiveField, output: Tensor, inputs: list[Tensor], sizes: tuple[int, ...]
) -> MeasuredField:
    gradients: tuple[Tensor | None, ...] = (None,)
    if output.requires_grad:
        gradients = torch.autograd.grad(output[(0, 0, *unit)], inputs, retain_graph=True, allow_unused=True)
    is_read = torch.zeros(sizes, dtype=torch.bool)
    for gradient in gradients:
        if gradient is not None:
            is_read |= gradient[0, 0] != 0
    predicted = _clipped(field.box(unit), sizes)
    return MeasuredField(unit, predicted, *_box(is_read))


def _at_border(report: Report, index: int, unit: MeasuredField) -> MeasuredField:
    """Where the box exceeds the border, it is narrowed on that side to the positions on the maps.

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
        outside = any(box is None or box[0] < 0 or box[1] >= size for box, size in zip(boxes, sizes, strict=True))
        return unit._replace(predicted=(None,) * len(sizes)) if outside else unit
    read_along = [frozenset().union(*axis) for axis in zip(*positions, strict=True)]
    spans = []
    for box, clipped, read, size in zip(boxes, unit.predicted, read_along, sizes, strict=True):
        if box is None or clipped is None:
            return unit
        first = min(read) if box[0] < 0 else clipped[0]
        spans.append((first, max(read) if box[1] >= size else clipped[1]))
    return unit._replace(predicted=tuple(spans))


def _clipped(box: list[Span], sizes: tuple[int, ...]) -> tuple[Span, ...]:
    """The part of a box on the input; None along all axes if it is outside along one."""
    spans = [
        (max(span[0], 0), min(span[1], size - 1)) if span is not None else None for span, size in zip(box, sizes, strict=True)
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
