"""One axis of a receptive field: an interval that shifts with the unit, and how such intervals compose.

Along a chain of windows the field of unit u is the interval [u·S − P, u·S − P + r − 1]: size r, effective stride S and
effective padding P (Araujo, Norris & Sim 2019, Distill). Transposed convolution, unpooling and interpolation give
units of different phases different intervals, which repeat after a period. Where paths meet, the field of a unit is the
hull of its fields along each path.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from math import gcd, lcm
from typing import NamedTuple, TypeAlias

from archcalc.arithmetic.term import MAX_DIGITS, NUMBER_LIMIT, Number
from archcalc.layers._receptive_window import ReceptiveWindow
from archcalc.layers._window import Window

MAX_PERIOD = 4096
"""Phases of one field; a field with more is undefined."""

Span: TypeAlias = tuple[int, int]
"""First and last position."""


class Affine(NamedTuple):
    """The field of unit u is [u·stride − padding, u·stride − padding + size − 1], in positions of a network input.

    `aligned` says whether the paths it was merged from are centred on each other.
    """

    size: int = 1
    stride: int = 1
    padding: int = 0
    aligned: bool = True
    input_index: int = 0

    @property
    def status(self) -> str:
        """`exact`, or `unaligned`."""
        return "exact" if self.aligned else "unaligned"

    @property
    def period(self) -> int:
        """Units after which the fields repeat: 1."""
        return 1

    def span(self, unit: int) -> Span | None:
        """The field of a unit: its first and last position."""
        first = unit * self.stride - self.padding
        return first, first + self.size - 1

    def __str__(self) -> str:
        return f"size {self.size}, stride {self.stride}, padding {self.padding}"


@dataclass(frozen=True)
class Periodic:
    """The field of unit u is spans[u mod period], shifted by ⌊u / period⌋·shift; a span is None for an empty field.

    `ordered` says that neither end ever moves back from one unit to the next; `aligned` is that of `Affine`.
    """

    shift: int
    spans: tuple[Span | None, ...]
    ordered: bool
    aligned: bool = True
    input_index: int = 0

    @property
    def status(self) -> str:
        """`per phase`, or `unaligned`."""
        return "per phase" if self.aligned else "unaligned"

    @property
    def period(self) -> int:
        """Units after which the fields repeat."""
        return len(self.spans)

    @cached_property
    def size(self) -> int:
        """Positions of the largest span."""
        return max((span[1] - span[0] + 1 for span in self.spans if span), default=0)

    @property
    def stride(self) -> int | Fraction:
        """Input positions per unit, averaged over a period."""
        stride = Fraction(self.shift, self.period)
        return stride.numerator if stride.denominator == 1 else stride

    @property
    def padding(self) -> int | None:
        """How far before position 0 the first field begins that is not empty; None if all are."""
        span = next((span for span in self.spans if span), None)
        return -span[0] if span else None

    def span(self, unit: int) -> Span | None:
        """The field of a unit: its first and last position; None if it is empty."""
        cycle, phase = divmod(unit, len(self.spans))
        span = self.spans[phase]
        return None if span is None else (span[0] + cycle * self.shift, span[1] + cycle * self.shift)

    def __str__(self) -> str:
        spans = ", ".join(f"[{span[0]}, {span[1]}]" if span else "nothing" for span in self.spans[:8])
        more = f" and {self.period - 8} more" if self.period > 8 else ""
        return f"units 0 … {self.period - 1} see {spans}{more}; {self.period} units on, {self.shift} positions on"


class Undefined(NamedTuple):
    """No interval describes the field: it is the whole input or nothing, its paths have no common stride, or it is unknown."""

    status: str
    reason: str = ""
    size: None = None
    stride: None = None
    padding: None = None

    @property
    def period(self) -> int:
        """0: the fields do not repeat."""
        return 0

    def span(self, unit: int) -> Span | None:
        """None: the field of a unit is undefined."""
        return None

    def __str__(self) -> str:
        return self.status


Interval: TypeAlias = Affine | Periodic | Undefined

NOTHING = Undefined("nothing", "it reads no input of the network")
WHOLE = Undefined("whole input")
JOINED = Undefined("unknown", "units of the parts that are joined along this axis have different fields")
TOO_LARGE = Undefined("unknown", f"it has more than {MAX_DIGITS} digits")
TOO_LONG = Undefined("unknown", f"the fields of units repeat only after more than {MAX_PERIOD:,} of them")


def slide(size: Number, stride: Number, padding: Number, window: Window) -> tuple[Number, Number, Number]:
    """Size, stride and padding after one more window: r + d·(k − 1)·S, S·s and P + p·S."""
    return size + window.last_tap * stride, stride * window.stride, padding + window.before * stride


def compose(field: Interval, window: ReceptiveWindow) -> Interval:
    """The field after a layer that reads units with this field through a window."""
    if isinstance(field, Undefined):
        return field
    if isinstance(field, Affine):
        if isinstance(window, Window):
            size, stride, padding = slide(*field[:3], window)
            return _bounded(field._replace(size=size, stride=stride, padding=padding))
        if window.period == 1:
            read = window.reads(0)
            size = field.size + (read[-1] - read[0]) * field.stride
            padding = field.padding - read[0] * field.stride
            return _bounded(field._replace(size=size, stride=field.stride * window.shift, padding=padding))
    period = period_after(field, window)
    if period > MAX_PERIOD:
        return TOO_LONG
    periodic = as_periodic(field)
    spans = tuple(_hull(periodic, window.reads(unit)) for unit in range(period))
    return _periodic(
        periodic.shift * (window.shift * (period // window.period) // periodic.period), spans, field.aligned, field.input_index
    )


def period_after(field: Affine | Periodic, window: ReceptiveWindow) -> int:
    """Units after which the fields behind a window repeat."""
    return field.period // gcd(field.period, window.shift) * window.period


def _bounded(field: Affine) -> Interval:
    return TOO_LARGE if max(field.size, field.stride, abs(field.padding)) >= NUMBER_LIMIT else field


def _hull(field: Periodic, units: range) -> Span | None:
    """The hull of the fields of several units. Spans repeat, so that a period from each end is enough; where they are
    ordered, so are the first and the last field that is not empty.
    """
    period = field.period
    ends = units if not units[2 * period :] else [*units[:period], *units[-period:]]
    if field.ordered:
        first = next((span for unit in ends if (span := field.span(unit))), None)
        last = next((span for unit in reversed(ends) if (span := field.span(unit))), None)
        return (first[0], last[1]) if first and last else None
    spans = [span for unit in ends if (span := field.span(unit))]
    return (min(first for first, _ in spans), max(last for _, last in spans)) if spans else None


def as_periodic(field: Affine | Periodic) -> Periodic:
    """An affine field as a periodic one of period 1."""
    if isinstance(field, Periodic):
        return field
    return Periodic(field.stride, (field.span(0),), True, field.aligned, field.input_index)


def _periodic(shift: int, spans: tuple[Span | None, ...], aligned: bool, input_index: int) -> Interval:
    """The field with these spans; an affine one if all phases are shifted copies of one span."""
    stride, rest = divmod(shift, len(spans))
    first = spans[0]
    if first and not rest and all(span == (first[0] + i * stride, first[1] + i * stride) for i, span in enumerate(spans)):
        return _bounded(Affine(first[1] - first[0] + 1, stride, -first[0], aligned, input_index))
    nonempty = [span for span in spans if span]
    if any(max(abs(span[0]), abs(span[1])) >= NUMBER_LIMIT for span in nonempty):
        return TOO_LARGE
    one_period = [*nonempty, *((span[0] + shift, span[1] + shift) for span in nonempty[:1])]
    ordered = all(a[0] <= b[0] and a[1] <= b[1] for a, b in pairwise(one_period))
    return Periodic(shift, spans, ordered, aligned, input_index)


def joined(fields: list[Interval]) -> Interval:
    """The field along an axis on which the units of several paths follow one another.

    Where all units of all paths read the whole input, so does each that reads anything; else their fields differ.
    """
    reading = [field for field in fields if field != NOTHING]
    unknown = next((field for field in reading if field.status == "unknown"), None)
    if unknown is None and all(field.status == "whole input" for field in reading):
        return merge(fields)
    return unknown or JOINED


def _undefined(fields: list[Interval]) -> Undefined | None:
    """The field without an interval that the hull of several is, if any of them has none.

    The whole input includes every other one; where it has a reason, as a causal one has, it does not include all of it.
    """
    undefined = [field for field in fields if isinstance(field, Undefined)]
    if WHOLE in undefined:
        return WHOLE
    for status in ("unknown", "whole input", "unaligned"):
        if found := next((field for field in undefined if field.status == status), None):
            return found
    return None


def merge(fields: list[Interval]) -> Interval:
    """The field of a unit where several paths meet: their hull, and whether they are centred on each other.

    A path on which nothing is read is left out.
    """
    first = fields[0]
    if all(field is first or field == first for field in fields):
        return first
    fields = [field for field in fields if field != NOTHING]
    if undefined := _undefined(fields):
        return undefined
    parts = [field for field in fields if not isinstance(field, Undefined)]
    if len({part.input_index for part in parts}) > 1:
        return Undefined("unknown", "paths from network inputs of different sizes meet")
    if len({part.stride for part in parts}) > 1:
        strides = " and ".join(dict.fromkeys(str(part.stride) for part in parts))
        return Undefined("unaligned", f"paths with effective strides {strides} meet, so that each unit sees another extent")
    period = lcm(*(part.period for part in parts))
    if period > MAX_PERIOD:
        return TOO_LONG
    aligned = all(part.aligned for part in parts)
    spans: list[Span | None] = []
    for unit in range(period):
        fields_of_unit = [span for part in parts if (span := part.span(unit))]
        aligned = aligned and len({span[0] + span[1] for span in fields_of_unit}) <= 1
        hull = (min(span[0] for span in fields_of_unit), max(span[1] for span in fields_of_unit)) if fields_of_unit else None
        spans.append(hull)
    merged = _periodic(int(parts[0].stride * period), tuple(spans), aligned, parts[0].input_index)
    # Where one path contains the others the result is its field itself, so that equal fields remain one object.
    return next((part for part in parts if part == merged), merged)
