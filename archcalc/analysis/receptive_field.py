"""Receptive fields: which positions of the network's input a unit can see, along each axis, exactly.

Along a chain of windows the field of unit u is the interval [u·S − P, u·S − P + r − 1]: size r, effective stride S and
effective padding P (Araujo, Norris & Sim 2019, Distill). Transposed convolution, unpooling and interpolation give
units of different phases different intervals, which repeat after a period. Where paths meet, a unit sees the hull of
what it sees along each. A rule for one layer knows nothing of this; here alone fields compose.
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm
from typing import Any, NamedTuple, TypeAlias

from archcalc.graph import Graph
from archcalc.layers._base import Volume
from archcalc.layers._reach import Reach
from archcalc.layers._window import Window
from archcalc.quantity import Number
from archcalc.spec.expressions import MAX_DIGITS

_LARGEST = 10**MAX_DIGITS
MAX_PERIOD = 4096
"""Phases that are followed one by one; beyond, the field is unknown."""


class Regular(NamedTuple):
    """Unit u sees [u·stride − padding, u·stride − padding + size − 1] on the plane of a network input."""

    size: int = 1
    stride: int = 1
    padding: int = 0
    aligned: bool = True
    plane: int = 0


class Phased(NamedTuple):
    """Unit u sees spans[u mod period], moved by ⌊u / period⌋·shift; a span is None where a unit sees nothing."""

    shift: int
    spans: tuple[tuple[int, int] | None, ...]
    aligned: bool = True
    plane: int = 0

    @property
    def period(self) -> int:
        return len(self.spans)

    def span(self, unit: int) -> tuple[int, int] | None:
        cycle, phase = divmod(unit, len(self.spans))
        span = self.spans[phase]
        return None if span is None else (span[0] + cycle * self.shift, span[1] + cycle * self.shift)


class Lost(NamedTuple):
    """No interval describes the field: it is the whole input, or its paths have no common stride, or is unknown."""

    status: str
    reason: str = ""


Field: TypeAlias = Regular | Phased | Lost

WHOLE = Lost("whole input")
NOTHING = Regular()


class ReceptiveField(NamedTuple):
    """Along each axis of the network's input: the size of the largest field, effective stride and effective padding.

    Values are None where the status is `whole input`, `unaligned` without a common stride, or `unknown`.
    """

    axes: tuple[Field, ...]

    @property
    def status(self) -> str:
        """The least precise of all axes: exact, per phase, unaligned, whole input or unknown."""
        order = ("exact", "per phase", "unaligned", "whole input", "unknown")
        found = [_status(axis) for axis in self.axes]
        return max(found, key=order.index) if found else "whole input"

    @property
    def reason(self) -> str:
        """Why nothing more precise can be said."""
        return next((axis.reason for axis in self.axes if isinstance(axis, Lost) and axis.reason), "")

    @property
    def size(self) -> list[int | None]:
        return [_size(axis) for axis in self.axes]

    @property
    def stride(self) -> list[int | Fraction | None]:
        return [_stride(axis) for axis in self.axes]

    @property
    def padding(self) -> list[int | None]:
        """How far before the input's first position the field of unit 0 begins."""
        return [_padding(axis) for axis in self.axes]

    def box(self, unit: tuple[int, ...]) -> list[tuple[int, int] | None]:
        """First and last input position a unit sees along each axis, padding included; None where not known."""
        return [None if isinstance(axis, Lost) else as_phased(axis).span(at)
                for axis, at in zip(self.axes, unit, strict=True)]


def _status(axis: Field) -> str:
    if isinstance(axis, Lost):
        return axis.status
    if not axis.aligned:
        return "unaligned"
    return "exact" if isinstance(axis, Regular) else "per phase"


def _size(axis: Field) -> int | None:
    if isinstance(axis, Regular):
        return axis.size
    if isinstance(axis, Phased):
        return max((span[1] - span[0] + 1 for span in axis.spans if span), default=0)
    return None


def _stride(axis: Field) -> int | Fraction | None:
    if isinstance(axis, Regular):
        return axis.stride
    if isinstance(axis, Phased):
        stride = Fraction(axis.shift, axis.period)
        return stride.numerator if stride.denominator == 1 else stride
    return None


def _padding(axis: Field) -> int | None:
    if isinstance(axis, Regular):
        return axis.padding
    if isinstance(axis, Phased):
        span = next((span for span in axis.spans if span), None)
        return -span[0] if span else None
    return None


def slide(size: Number, stride: Number, padding: Number, window: Window) -> tuple[Number, Number, Number]:
    """One window further along a chain: r + d·(k − 1)·S, S·s and P + p·S."""
    return size + window.reach * stride, stride * window.stride, padding + window.before * stride


def extend(field: Field, reach: Reach) -> Field:
    """The field behind a layer that reads units with this field."""
    if isinstance(field, Lost):
        return field
    if isinstance(field, Regular):
        if isinstance(reach, Window):
            size, stride, padding = slide(*field[:3], reach)
            if max(size, stride, padding) >= _LARGEST:
                return Lost("unknown", f"it has more than {MAX_DIGITS} digits")
            return Regular(size, stride, padding, *field[3:])
        if reach.period == 1:
            read = reach.reads(0)
            size = field.size + (len(read) - 1) * read.step * field.stride
            padding = field.padding - read.start * field.stride
            return Regular(size, field.stride * reach.shift, padding, *field[3:])
    phased = as_phased(field)
    cycles = phased.period // gcd(phased.period, reach.shift)
    if cycles * reach.period > MAX_PERIOD:
        return Lost("unknown", f"the fields of units repeat only after more than {MAX_PERIOD:,} of them")
    spans = tuple(_hull(phased, reach.reads(unit)) for unit in range(cycles * reach.period))
    shift = phased.shift * (reach.shift * cycles // phased.period)
    return _simplest(Phased(shift, spans, *phased[2:]))


def _hull(field: Phased, units: range) -> tuple[int, int] | None:
    """From the first position any of the units sees to the last. Spans repeat, so a period from each end is enough."""
    ends = units if len(units) <= 2 * field.period else [*units[: field.period], *units[-field.period :]]
    spans = [span for unit in ends if (span := field.span(unit))]
    return (min(first for first, _ in spans), max(last for _, last in spans)) if spans else None


def as_phased(field: Regular | Phased) -> Phased:
    """A regular field as one of period 1."""
    if isinstance(field, Phased):
        return field
    span = (-field.padding, field.size - field.padding - 1)
    return Phased(field.stride, (span,), *field[3:])


def _simplest(field: Phased) -> Field:
    """Regular if all phases are moved copies of one span."""
    stride, rest = divmod(field.shift, field.period)
    first = field.spans[0]
    if rest or first is None:
        return field
    if any(span != (first[0] + at * stride, first[1] + at * stride) for at, span in enumerate(field.spans)):
        return field
    return Regular(first[1] - first[0] + 1, stride, -first[0], *field[2:])


def meet(fields: list[Field]) -> Field:
    """The field of a unit that several paths lead to: the hull, and whether the paths are centred on each other."""
    first = fields[0]
    if all(field is first or field == first for field in fields):
        return first
    for status in ("unknown", "whole input", "unaligned"):
        lost = next((field for field in fields if isinstance(field, Lost) and field.status == status), None)
        if lost is not None:
            return lost
    parts = [as_phased(field) for field in fields if not isinstance(field, Lost)]
    if len({part.plane for part in parts}) > 1:
        return Lost("unknown", "paths from network inputs of different sizes meet")
    if len({Fraction(part.shift, part.period) for part in parts}) > 1:
        strides = " and ".join(str(Fraction(part.shift, part.period)) for part in parts)
        return Lost("unaligned", f"paths with effective strides {strides} meet, so that each unit sees another extent")
    period = lcm(*(part.period for part in parts))
    if period > MAX_PERIOD:
        return Lost("unknown", f"the fields of units repeat only after more than {MAX_PERIOD:,} of them")
    aligned = all(part.aligned for part in parts)
    spans: list[tuple[int, int] | None] = []
    for unit in range(period):
        seen = [span for part in parts if (span := part.span(unit))]
        aligned = aligned and len({span[0] + span[1] for span in seen}) <= 1
        spans.append((min(s[0] for s in seen), max(s[1] for s in seen)) if seen else None)
    return _simplest(Phased(parts[0].shift * (period // parts[0].period), tuple(spans), aligned, parts[0].plane))


def receptive_fields(graph: Graph, inputs: tuple[Volume, ...], figures: list[Any]) -> list[ReceptiveField]:
    """The receptive field of every layer's units, in the order of the graph; linear in its layers."""
    axes = max((len(volume.spatial) for volume in inputs), default=0)
    planes = [volume.spatial for volume in inputs]
    start = [
        tuple(Regular(plane=planes.index(volume.spatial)) for _ in volume.spatial) or (WHOLE,) * axes
        for volume in inputs
    ]
    everything = ReceptiveField((WHOLE,) * axes)
    unknown = ReceptiveField((Lost("unknown", "a layer before it does not work out"),) * axes)
    fields: list[ReceptiveField] = []
    sources = [ReceptiveField(axis) for axis in start]
    for node, figure in zip(graph.nodes, figures, strict=True):
        if figure is None:
            fields.append(unknown)
            continue
        read = [fields[at] if at >= 0 else sources[-1 - at] for at in node.sources]
        field = read[0]
        if len(read) > 1:
            # Axes of a vector that meets a map: the vector has seen everything.
            several = zip(*(one.axes or everything.axes for one in read), strict=True)
            field = ReceptiveField(tuple(meet(list(axis)) for axis in several))
        if figure.layer.reads_everything:
            field = everything
        elif (reach := figure.layer.reach(*figure.inputs)) is not None:
            field = ReceptiveField(_along(field, reach))
        fields.append(field)
    return fields


def _along(field: ReceptiveField, reach: tuple[Reach, ...]) -> tuple[Field, ...]:
    """Extend each axis; equal axes are worked out once."""
    done: dict[Any, Field] = {}
    for key in zip(field.axes, reach, strict=False):
        if key not in done:
            done[key] = extend(*key)
    return tuple(done[key] for key in zip(field.axes, reach, strict=False))
