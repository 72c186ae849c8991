"""Receptive fields: which positions of the network's input the value of a unit depends on, along each axis, exactly.

The rule of one layer is its window (`Layer.receptive_window`); here the windows compose along the paths of a network.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from fractions import Fraction
from math import lcm
from typing import Any, NamedTuple

from archcalc.analysis.counts import LayerCounts
from archcalc.analysis.receptive_field.intervals import (
    MAX_PERIOD,
    NOTHING,
    WHOLE,
    Affine,
    Interval,
    Periodic,
    Undefined,
    compose,
    joined,
    merge,
    period_after,
)
from archcalc.graph import Graph, Node
from archcalc.layers._base import Volume
from archcalc.layers._receptive_window import ReceptiveWindow

MAX_PHASES = 250_000
"""Phases in all layers of a network together; beyond, fields with phases are unknown."""
_STATUSES = ("nothing", "exact", "per phase", "unaligned", "whole input", "unknown")


class ReceptiveField(NamedTuple):
    """Along each axis of the network's input: the size of the largest field, effective stride and effective padding.

    Values are None where the status is `whole input`, `unaligned` without a common stride, or `unknown`.
    """

    axes: tuple[Interval, ...]
    ungated: tuple[Interval, ...] = ()
    """The same without the paths through gates, where only these make it the whole input; else empty."""

    @property
    def status(self) -> str:
        """The least precise of all axes: nothing, exact, per phase, unaligned, whole input or unknown."""
        return max((axis.status for axis in self.axes), key=_STATUSES.index, default="whole input")

    @property
    def has_phases(self) -> bool:
        """Whether units of different phases see extents of different size or at uneven distances, along some axis."""
        return any(isinstance(axis, Periodic) for axis in self.axes)

    @property
    def reason(self) -> str:
        """Why the status is not more precise; empty if there is nothing to explain."""
        return next((axis.reason for axis in self.axes if isinstance(axis, Undefined) and axis.reason), "")

    @property
    def qualifier(self) -> str:
        """What follows the status in words: its reason, and the size without gates where only these widen the field."""
        reason = f": {self.reason}" if self.reason else ""
        sizes = list(dict.fromkeys(str(axis.size) for axis in self.ungated))
        return f"{reason}; {'×'.join(sizes)} without gates" if sizes else reason

    @property
    def size(self) -> list[int | None]:
        """Along each axis the input positions of the largest field of a unit."""
        return [axis.size for axis in self.axes]

    @property
    def stride(self) -> list[int | Fraction | None]:
        """Along each axis the input positions between neighbouring units (the effective stride, or jump)."""
        return [axis.stride for axis in self.axes]

    @property
    def padding(self) -> list[int | None]:
        """Along each axis how far before the input's first position the field of unit 0 begins."""
        return [axis.padding for axis in self.axes]

    @property
    def input_index(self) -> int:
        """Which network input the positions belong to, by its index; 0 where no axis has an interval."""
        return next((axis.input_index for axis in self.axes if not isinstance(axis, Undefined)), 0)

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
        if self.ungated:
            data["without_gates"] = ReceptiveField(self.ungated).to_dict()
        if self.has_phases:
            data["phases"] = [
                {"shift": axis.shift, "spans": [list(span) if span else None for span in axis.spans]}
                if isinstance(axis, Periodic)
                else None
                for axis in self.axes
            ]
        return data

    def box(self, unit: tuple[int, ...]) -> list[tuple[int, int] | None]:
        """First and last input position of a unit's field along each axis, padding included; None where it is unknown.

        `unit` is its position in the layer's map, (row, column) for C×H×W, counted from 0.
        """
        return [axis.span(position) for axis, position in zip(self.axes, unit, strict=True)]


def receptive_fields(graph: Graph, inputs: tuple[Volume, ...], counts: list[LayerCounts | None]) -> list[ReceptiveField]:
    """The receptive field of every layer's units, in the order of the graph; linear in its layers."""
    fields = _fields(graph, inputs, counts, gates=True)
    if not any(one is not None and one.gates for one in counts):
        return fields
    ungated = _fields(graph, inputs, counts, gates=False)
    return [
        field._replace(ungated=other.axes) if field.status == "whole input" and None not in other.size else field
        for field, other in zip(fields, ungated, strict=True)
    ]


def _fields(graph: Graph, inputs: tuple[Volume, ...], counts: list[LayerCounts | None], gates: bool) -> list[ReceptiveField]:
    """The fields through all paths, or without those through gates."""
    axes = max((len(volume.spatial) for volume in inputs), default=0)
    sizes = [volume.spatial for volume in inputs]
    unknown = ReceptiveField((Undefined("unknown", "a layer before it is invalid"),) * axes)
    sources = [
        ReceptiveField(tuple(Affine(input_index=sizes.index(volume.spatial)) for _ in volume.spatial) or (WHOLE,) * axes)
        for volume in inputs
    ]
    fields: list[ReceptiveField] = []
    opaque: dict[int, str] = {}
    known = _KnownFields()
    for node, layer_counts in zip(graph.nodes, counts, strict=True):
        if layer_counts is None:
            fields.append(unknown)
            continue
        count = len(layer_counts.output.spatial) or axes
        read = [fields[index] if index >= 0 else sources[-1 - index] for index in node.sources]
        for slot in () if gates else layer_counts.gates:
            read[slot] = ReceptiveField((NOTHING,) * count)
        if reason := _opacity(node, layer_counts, opaque):
            opaque[len(fields)] = reason
            fields.append(ReceptiveField((Undefined("unknown", reason),) * count))
        else:
            fields.append(_field(known, read, layer_counts, count))
    return fields


def _field(known: _KnownFields, read: list[ReceptiveField], counts: LayerCounts, count: int) -> ReceptiveField:
    """The field of a layer's units, over `count` axes, from those of what it reads."""
    layer = counts.layer
    if all(axis == NOTHING for field in read for axis in field.axes):
        if not read or any(field.axes for field in read):
            return ReceptiveField((NOTHING,) * count)
    if reason := layer.unknown_field(*counts.inputs):
        return ReceptiveField((Undefined("unknown", reason),) * count)
    if layer.is_global:
        is_whole = any(axis == WHOLE for field in read for axis in field.axes)
        return ReceptiveField((WHOLE if is_whole else Undefined("whole input", layer.global_reason),) * count)
    field = read[0] if len(read) == 1 else _merge(known, read, counts, count)
    windows = layer.receptive_window(*counts.inputs)
    if windows is None:
        return field
    return ReceptiveField(tuple(known.compose(*pair) for pair in zip(field.axes, windows, strict=False)))


def _opacity(node: Node, counts: LayerCounts, opaque: dict[int, str]) -> str:
    """Why it is not known which positions the layer reads: it, or a layer before it, is not understood; else empty."""
    if was := counts.layer.stands_for:
        return f"{node.id} is opaque (was: {was})"
    return next((opaque[source] for source in node.sources if source in opaque), "") if opaque else ""


class _KnownFields:
    """The fields computed so far: equal ones are computed once, and all their phases together are bounded."""

    def __init__(self) -> None:
        self.known: dict[Hashable, tuple[Interval, object]] = {}
        self.phases = 0

    def compose(self, field: Interval, window: ReceptiveWindow) -> Interval:
        """The field after a window."""
        if isinstance(field, Undefined):
            return field
        return self._once((_key(field), window), (field, window), period_after(field, window), compose)

    def merge(self, paths: list[Interval]) -> Interval:
        """The field where several paths meet."""
        # The period is at most the product; of paths with one period, as nearly all are, it is that.
        period = lcm(*(path.period or 1 for path in paths))
        return self._once(tuple(map(_key, paths)), (paths,), period, merge)

    def _once(self, key: Hashable, operands: Any, period: int, compute: Callable[..., Interval]) -> Interval:
        beyond = Undefined("unknown", f"the network has more than {MAX_PHASES:,} phases")
        if key not in self.known:
            if 1 < period <= MAX_PERIOD and self.phases + period > MAX_PHASES:
                return beyond
            # The operands are stored too: an `id` belongs to an object only as long as that exists.
            self.known[key] = compute(*operands), operands
        result = self.known[key][0]
        self.phases += result.period if result.period > 1 else 0
        return result if self.phases <= MAX_PHASES or result.period <= 1 else beyond


def _key(field: Interval) -> Hashable:
    """What equal fields have in common; many phases are compared by identity, since to hash them takes as long as a layer."""
    return id(field) if isinstance(field, Periodic) else field


def _merge(known: _KnownFields, read: list[ReceptiveField], counts: LayerCounts, count: int) -> ReceptiveField:
    """The field where several paths meet or, along an axis on which they are joined, follow one another; axis by axis."""
    joined_axis = counts.layer.joined_axis
    paths = [
        [
            axis if i == joined_axis else _repeated(axis, i, volume, counts.output)
            for i, axis in enumerate(_fit(field.axes, count))
        ]
        for field, volume in zip(read, counts.inputs)
    ]
    along = [[path[i] for path in paths] for i in range(count)]
    return ReceptiveField(tuple(joined(axes) if i == joined_axis else known.merge(axes) for i, axes in enumerate(along)))


def _fit(axes: tuple[Interval, ...], count: int) -> tuple[Interval, ...]:
    """The axes of a path in a layer with `count` axes: a vector depends on the whole of every axis."""
    if len(axes) == count:
        return axes
    return (axes[0] if axes and isinstance(axes[0], Undefined) else WHOLE,) * count


def _repeated(field: Interval, axis: int, volume: Volume, output: Volume) -> Interval:
    """A volume of size 1 along an axis is repeated over it: all units have the field of its only unit."""
    is_repeated = axis < len(volume.spatial) and volume.spatial[axis] == 1 != output.spatial[axis]
    if not is_repeated or isinstance(field, Undefined):
        return field
    first, last = field.span(0) or (0, -1)
    return Affine(last - first + 1, 0, -first, field.aligned, field.input_index)
