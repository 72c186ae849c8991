"""Receptive fields: which positions of the network's input a unit can see, along each axis, exactly.

A rule for one layer knows what it adds (`Layer.reach`); here alone fields compose along the paths of a network.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

from archcalc.analysis.fields import WHOLE, Field, Lost, Regular, extend, meet
from archcalc.graph import Graph
from archcalc.layers._base import Volume
from archcalc.layers._reach import Reach

MAX_PHASES = 1_000_000
"""Phases that are followed in all layers of a network together; beyond, fields with phases are unknown."""
_STATUSES = ("exact", "per phase", "unaligned", "whole input", "unknown")


class ReceptiveField(NamedTuple):
    """Along each axis of the network's input: the size of the largest field, effective stride and effective padding.

    Values are None where the status is `whole input`, `unaligned` without a common stride, or `unknown`.
    """

    axes: tuple[Field, ...]

    @property
    def status(self) -> str:
        """The least precise of all axes: exact, per phase, unaligned, whole input or unknown."""
        return max((axis.status for axis in self.axes), key=_STATUSES.index, default="whole input")

    @property
    def reason(self) -> str:
        """Why nothing more precise can be said."""
        return next((axis.reason for axis in self.axes if isinstance(axis, Lost) and axis.reason), "")

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

    def box(self, unit: tuple[int, ...]) -> list[tuple[int, int] | None]:
        """First and last input position that a unit sees along each axis, padding included; None where not known.

        `unit` is its place in the layer's map, (row, column) for C×H×W, counted from 0.
        """
        return [axis.span(at) for axis, at in zip(self.axes, unit, strict=True)]


def receptive_fields(graph: Graph, inputs: tuple[Volume, ...], figures: list[Any]) -> list[ReceptiveField]:
    """The receptive field of every layer's units, in the order of the graph; linear in its layers."""
    axes = max((len(volume.spatial) for volume in inputs), default=0)
    planes = [volume.spatial for volume in inputs]
    unknown = ReceptiveField((Lost("unknown", "a layer before it does not work out"),) * axes)
    sources = [
        ReceptiveField(tuple(Regular(plane=planes.index(volume.spatial)) for _ in volume.spatial) or (WHOLE,) * axes)
        for volume in inputs
    ]
    fields: list[ReceptiveField] = []
    phases = 0
    for node, figure in zip(graph.nodes, figures, strict=True):
        if figure is None:
            fields.append(unknown)
            continue
        count = len(figure.output.spatial) or axes
        read = [fields[at] if at >= 0 else sources[-1 - at] for at in node.sources]
        field = read[0] if len(read) == 1 else _meet(read, figure.inputs, figure.output, count)
        if figure.layer.reads_everything:
            field = ReceptiveField((WHOLE,) * count)
        elif (reach := figure.layer.reach(*figure.inputs)) is not None:
            field = ReceptiveField(_along(field, reach))
        if (more := sum(axis.period for axis in field.axes)) > len(field.axes):
            phases += more
            if phases > MAX_PHASES:
                field = ReceptiveField((Lost("unknown", f"the network has more than {MAX_PHASES:,} phases"),) * count)
        fields.append(field)
    return fields


def _meet(
    read: list[ReceptiveField], inputs: tuple[Volume, ...], output: Volume, count: int
) -> ReceptiveField:
    """The hull of what several paths see, axis by axis."""
    paths = [
        [_repeated(axis, at, volume, output) for at, axis in enumerate(_fit(one.axes, count))]
        for one, volume in zip(read, inputs)
    ]
    return ReceptiveField(tuple(meet([path[at] for path in paths]) for at in range(count)))


def _fit(axes: tuple[Field, ...], count: int) -> tuple[Field, ...]:
    """The axes of a path as those of the layer where it arrives: a vector has seen all of every axis."""
    if len(axes) == count:
        return axes
    return (axes[0] if axes and isinstance(axes[0], Lost) else WHOLE,) * count


def _repeated(field: Field, at: int, volume: Volume, output: Volume) -> Field:
    """A volume of size 1 along an axis is repeated over it: all units see what its only one does."""
    narrow = at < len(volume.spatial) and volume.spatial[at] == 1 != output.spatial[at]
    if not narrow or isinstance(field, Lost):
        return field
    first, last = field.span(0) or (0, -1)
    return Regular(last - first + 1, 0, -first, field.aligned, field.plane)


def _along(field: ReceptiveField, reach: tuple[Reach, ...]) -> tuple[Field, ...]:
    """Extend each axis; equal axes are worked out once."""
    done: dict[Any, Field] = {}
    for key in zip(field.axes, reach, strict=False):
        if key not in done:
            done[key] = extend(*key)
    return tuple(done[key] for key in zip(field.axes, reach, strict=False))
