"""Receptive fields: which positions of the network's input a unit can see, along each axis, exactly.

A rule for one layer knows what it adds (`Layer.receptive_window`); here alone fields compose along the paths of a network.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

from archcalc.analysis.receptive_field.intervals import WHOLE, Affine, Interval, Periodic, Undefined, compose, merge
from archcalc.graph import Graph
from archcalc.layers._base import Volume
from archcalc.layers._receptive_window import ReceptiveWindow

MAX_PHASES = 1_000_000
"""Phases that are followed in all layers of a network together; beyond, fields with phases are unknown."""
_STATUSES = ("exact", "per phase", "unaligned", "whole input", "unknown")


class ReceptiveField(NamedTuple):
    """Along each axis of the network's input: the size of the largest field, effective stride and effective padding.

    Values are None where the status is `whole input`, `unaligned` without a common stride, or `unknown`.
    """

    axes: tuple[Interval, ...]

    @property
    def status(self) -> str:
        """The least precise of all axes: exact, per phase, unaligned, whole input or unknown."""
        return max((axis.status for axis in self.axes), key=_STATUSES.index, default="whole input")

    @property
    def reason(self) -> str:
        """Why nothing more precise can be said."""
        return next((axis.reason for axis in self.axes if isinstance(axis, Undefined) and axis.reason), "")

    @property
    def size(self) -> list[int | None]:
        return [axis.size for axis in self.axes]

    @property
    def stride(self) -> list[int | Fraction | None]:
        return [axis.stride for axis in self.axes]

    @property
    def padding(self) -> list[int | None]:
        """How far before the input's first position the field of unit 0 begins."""
        return [axis.padding for axis in self.axes]

    def to_dict(self) -> dict[str, Any]:
        """The field in the JSON contract: lists per axis, a fractional stride as text, phases where they differ."""
        data: dict[str, Any] = {
            "size": self.size,
            "stride": [str(stride) if isinstance(stride, Fraction) else stride for stride in self.stride],
            "padding": self.padding,
            "status": self.status,
        }
        if self.reason:
            data["reason"] = self.reason
        if any(isinstance(axis, Periodic) for axis in self.axes):
            data["phases"] = [
                {"shift": axis.shift, "spans": [list(span) if span else None for span in axis.spans]}
                if isinstance(axis, Periodic)
                else None
                for axis in self.axes
            ]
        return data

    def box(self, unit: tuple[int, ...]) -> list[tuple[int, int] | None]:
        """First and last input position that a unit sees along each axis, padding included; None where not known.

        `unit` is its place in the layer's map, (row, column) for C×H×W, counted from 0.
        """
        return [axis.span(at) for axis, at in zip(self.axes, unit, strict=True)]


def receptive_fields(graph: Graph, inputs: tuple[Volume, ...], counts: list[Any]) -> list[ReceptiveField]:
    """The receptive field of every layer's units, in the order of the graph; linear in its layers."""
    axes = max((len(volume.spatial) for volume in inputs), default=0)
    planes = [volume.spatial for volume in inputs]
    unknown = ReceptiveField((Undefined("unknown", "a layer before it does not work out"),) * axes)
    sources = [
        ReceptiveField(tuple(Affine(input_index=planes.index(volume.spatial)) for _ in volume.spatial) or (WHOLE,) * axes)
        for volume in inputs
    ]
    fields: list[ReceptiveField] = []
    phases = 0
    for node, one_counts in zip(graph.nodes, counts, strict=True):
        if one_counts is None:
            fields.append(unknown)
            continue
        count = len(one_counts.output.spatial) or axes
        read = [fields[at] if at >= 0 else sources[-1 - at] for at in node.sources]
        field = read[0] if len(read) == 1 else _merge(read, one_counts.inputs, one_counts.output, count)
        if one_counts.layer.is_global:
            field = ReceptiveField((WHOLE,) * count)
        elif (receptive_window := one_counts.layer.receptive_window(*one_counts.inputs)) is not None:
            field = ReceptiveField(_along(field, receptive_window))
        if (more := sum(axis.period for axis in field.axes)) > len(field.axes):
            phases += more
            if phases > MAX_PHASES:
                field = ReceptiveField((Undefined("unknown", f"the network has more than {MAX_PHASES:,} phases"),) * count)
        fields.append(field)
    return fields


def _merge(read: list[ReceptiveField], inputs: tuple[Volume, ...], output: Volume, count: int) -> ReceptiveField:
    """The hull of what several paths see, axis by axis."""
    paths = [
        [_repeated(axis, at, volume, output) for at, axis in enumerate(_fit(one.axes, count))]
        for one, volume in zip(read, inputs)
    ]
    return ReceptiveField(tuple(merge([path[at] for path in paths]) for at in range(count)))


def _fit(axes: tuple[Interval, ...], count: int) -> tuple[Interval, ...]:
    """The axes of a path as those of the layer where it arrives: a vector has seen all of every axis."""
    if len(axes) == count:
        return axes
    return (axes[0] if axes and isinstance(axes[0], Undefined) else WHOLE,) * count


def _repeated(field: Interval, at: int, volume: Volume, output: Volume) -> Interval:
    """A volume of size 1 along an axis is repeated over it: all units see what its only one does."""
    narrow = at < len(volume.spatial) and volume.spatial[at] == 1 != output.spatial[at]
    if not narrow or isinstance(field, Undefined):
        return field
    first, last = field.span(0) or (0, -1)
    return Affine(last - first + 1, 0, -first, field.aligned, field.input_index)


def _along(field: ReceptiveField, receptive_window: tuple[ReceptiveWindow, ...]) -> tuple[Interval, ...]:
    """Extend each axis; equal axes are worked out once."""
    done: dict[Any, Interval] = {}
    for key in zip(field.axes, receptive_window, strict=False):
        if key not in done:
            done[key] = compose(*key)
    return tuple(done[key] for key in zip(field.axes, receptive_window, strict=False))
