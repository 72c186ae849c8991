"""Receptive fields measured: the input positions that the gradient of a unit reaches, against its predicted box.

The gradient runs through a copy of the network with the same windows, one channel, positive weights and float64, so
that nothing cancels out and nothing vanishes: it is different from zero exactly where the unit reads.
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
"""Units of different phases that are measured at a layer, one by one along the diagonal."""

Span = tuple[int, int] | None


class MeasuredField(NamedTuple):
    """What one unit reads along each axis: predicted and clipped at the border, and measured; None for nothing.

    `holes` counts the positions within the measured box that are not read, as a dilated window leaves them out.
    """

    unit: tuple[int, ...]
    predicted: tuple[Span, ...]
    measured: tuple[Span, ...]
    holes: int

    @property
    def agrees(self) -> bool:
        return self.predicted == self.measured


def fields_seen(report: Report, built: Graph | None = None) -> Iterator[tuple[int, list[MeasuredField]]]:
    """For each layer in turn, what some of its units read; nothing where the whole input or no box is predicted.

    `built` may be another graph than the one that was calculated.
    """
    network = Network(built or report.graph, make="geometry").place("cpu", torch.float64)
    inputs = [torch.ones_like(x).requires_grad_() for x in network.example()]
    known: dict[int, tuple[Tensor, ReceptiveField, list[MeasuredField]]] = {}
    with torch.enable_grad():
        for step in network.steps(inputs):
            field = report.layers[step.at].receptive_field
            # A layer that leaves positions alone gives the very tensor it reads; what was measured there holds here.
            tensor, there, seen = known.get(id(step.output), (None, None, []))
            if tensor is not step.output or there != field:
                seen = [_at_border(report, step.at, one) for one in _measure(field, step.output, inputs)]
                known[id(step.output)] = step.output, field, seen
            yield step.at, seen


def _measure(field: ReceptiveField, output: Tensor, inputs: list[Tensor]) -> list[MeasuredField]:
    if not field.axes or any(isinstance(axis, Undefined) for axis in field.axes) or output.dim() - 2 != len(field.axes):
        return []
    input_index = field.axes[0].input_index  # type: ignore[union-attr]  # none of them is lost
    sizes = tuple(inputs[input_index].shape[2:])
    read = [x for x in inputs if tuple(x.shape[2:]) == sizes]
    return [_one(unit, field, output, read, sizes) for unit in _units(field, tuple(output.shape[2:]))]


def _units(field: ReceptiveField, sizes: tuple[int, ...]) -> list[tuple[int, ...]]:
    """The middle unit, and where phases differ its neighbours."""
    periods = [axis.period for axis in field.axes if isinstance(axis, Periodic)]
    count = min(max(periods, default=1), MAX_PHASES)
    units = (tuple(min(size // 2 + step, size - 1) for size in sizes) for step in range(count))
    return list(dict.fromkeys(units))


def _one(
    unit: tuple[int, ...], field: ReceptiveField, output: Tensor, inputs: list[Tensor], sizes: tuple[int, ...]
) -> MeasuredField:
    gradients: tuple[Tensor | None, ...] = (None,)
    if output.requires_grad:
        gradients = torch.autograd.grad(output[(0, 0, *unit)], inputs, retain_graph=True, allow_unused=True)
    reached = torch.zeros(sizes, dtype=torch.bool)
    for gradient in gradients:
        if gradient is not None:
            reached |= gradient[0, 0] != 0
    predicted = _clipped(field.box(unit), sizes)
    return MeasuredField(unit, predicted, *_box(reached))


def _at_border(report: Report, at: int, seen: MeasuredField) -> MeasuredField:
    """Where the box hangs over the border, it is narrowed on that side to the positions that lie on the maps.

    Only there: a box that is wrong inside the map stays as it was predicted, and differs.
    """
    if seen.agrees:
        return seen
    field = report.layers[at].receptive_field
    sizes = tuple(report.input_volumes[field.axes[0].input_index].spatial)  # type: ignore[union-attr]  # boxes have a plane
    positions = [
        found
        for source, found in positions_read(report, at, seen.unit).items()
        if tuple(report.input_volumes[-1 - source].spatial) == sizes
    ]
    boxes = field.box(seen.unit)
    if not positions:
        over = any(box is None or box[0] < 0 or box[1] >= size for box, size in zip(boxes, sizes, strict=True))
        return seen._replace(predicted=(None,) * len(sizes)) if over else seen
    along = [frozenset().union(*axis) for axis in zip(*positions, strict=True)]
    spans = []
    for box, clipped, read, size in zip(boxes, seen.predicted, along, sizes, strict=True):
        if box is None or clipped is None:
            return seen
        first = min(read) if box[0] < 0 else clipped[0]
        spans.append((first, max(read) if box[1] >= size else clipped[1]))
    return seen._replace(predicted=tuple(spans))


def _clipped(box: list[Span], sizes: tuple[int, ...]) -> tuple[Span, ...]:
    """The part of a box that lies on the input; nothing along any axis if it lies beside it along one."""
    spans = [
        (max(span[0], 0), min(span[1], size - 1)) if span is not None else None for span, size in zip(box, sizes, strict=True)
    ]
    if any(span is None or span[0] > span[1] for span in spans):
        return (None,) * len(spans)
    return tuple(spans)


def _box(reached: Tensor) -> tuple[tuple[Span, ...], int]:
    """The box around the positions that are reached, and how many positions in it are not."""
    positions = reached.nonzero()
    if not len(positions):
        return (None,) * reached.dim(), 0
    spans = [(int(axis.min()), int(axis.max())) for axis in positions.unbind(dim=1)]
    volume = 1
    for first, last in spans:
        volume *= last - first + 1
    return tuple(spans), volume - len(positions)
