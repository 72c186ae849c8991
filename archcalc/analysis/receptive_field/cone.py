"""The cone of one unit: along one path back to the input, the units that it reads of each map, and where the map lies."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from archcalc.analysis.layer_report import LayerReport
from archcalc.analysis.receptive_field.positions import Positions, sources_read, units_read
from archcalc.analysis.report import Report
from archcalc.errors import DescriptionError, call_error
from archcalc.layers._receptive_window import ReceptiveWindow

Span = tuple[int, int]
"""First and last unit along one axis; units outside the map are padding."""


class ConeMap(NamedTuple):
    """A map on the path: that of the layer or network input (−1 − i) with the index `place`.

    Unit u of its last axis lies at position `first` + u·`step` of the input, both counted from the middle of position 0.
    """

    place: int
    read: tuple[Span, ...]
    """The units that the chosen unit depends on along each axis, those in the padding included."""
    inside: tuple[Span, ...] | None
    """Those of them on the map whose values matter; None if all are in the padding."""
    first: Fraction
    step: Fraction


class Cone(NamedTuple):
    """The maps from the target to the input along the path with the largest field, one of `paths`."""

    maps: tuple[ConeMap, ...]
    paths: int


def target_layer(report: Report, identity: str | None) -> LayerReport:
    """The layer with an id; without one the last window on a map whose units see less than the input.

    Raises `DescriptionError` for an unknown layer, and where no unit has a field that a cone could show.
    """
    if identity is not None:
        layer = report.layer(identity)
        if not _known(layer):
            field = layer.receptive_field
            reads = "nothing of the input" if field.status == "nothing" else "the whole input"
            raise _refused(identity, field.status, field.reason or f"each of its units reads {reads}")
        return layer
    known = [layer for layer in report.layers if _known(layer)]
    windows = [layer for layer in known if _has_window(layer)]
    small = [layer for layer in windows if max(layer.output.spatial) > 1 and _sees_less(report, layer)]
    for candidates in (small, windows, known):
        if candidates:
            return candidates[-1]
    raise call_error("ARC483", f"no layer of {report.name} has a receptive field on a map")


def _refused(subject: str, status: str, reason: str) -> DescriptionError:
    return call_error("ARC483", f"{subject} has no field that a cone could show: {status}", f"{reason}; name another --layer")


def _known(layer: LayerReport) -> bool:
    return bool(layer.output.spatial) and layer.receptive_field.status not in ("nothing", "whole input", "unknown")


def _has_window(layer: LayerReport) -> bool:
    return layer.counts.layer.receptive_window(*layer.counts.inputs) is not None


def _sees_less(report: Report, layer: LayerReport) -> bool:
    """Whether the field is smaller than the input along each axis."""
    field = layer.receptive_field
    sizes = report.input_volumes[field.input_index].spatial
    return all(size is not None and size < int(whole) for size, whole in zip(field.size, sizes, strict=True))


def unit_of(layer: LayerReport, unit: tuple[int, ...] | None) -> tuple[int, ...]:
    """A unit of the layer's map, (row, column) for C×H×W, counted from 0; the middle unit if none is named.

    One number stands for all axes. Raises `DescriptionError` if the map has no such unit.
    """
    sizes = [int(size) for size in layer.output.spatial]
    if unit is None:
        return tuple(size // 2 for size in sizes)
    unit = unit * len(sizes) if len(unit) == 1 else unit
    if len(unit) != len(sizes) or any(not 0 <= position < size for position, size in zip(unit, sizes, strict=True)):
        raise call_error(
            "ARC483",
            f"{layer.id} has no unit {', '.join(map(str, unit))}",
            f"its map is {'×'.join(map(str, sizes))}, counted from 0",
        )
    return unit


def cone(report: Report, target: LayerReport, unit: tuple[int, ...]) -> Cone:
    """The cone of a unit of `target`.

    Raises `DescriptionError` if the unit reads nothing, or if a map on the path has no extent on the input.
    """
    last = report.layers.index(target)
    read = units_read(report, last, unit, padded=True)
    inside = units_read(report, last, unit)
    path, paths = _path(report, last, read)
    if path[-1] >= 0:
        raise _refused(
            f"unit ({', '.join(map(str, unit))}) of {target.id}",
            "empty",
            f"no tap of {report.layers[path[-1]].id} meets a value",
        )
    grids = _grids(report, path)
    if any(step == 0 for _, step in grids):
        raise _refused(target.id, "no grid", "all units of a map on its path lie at one position")
    maps = (
        ConeMap(place, _spans(read[place]), _spans(inside[place]) if place in inside else None, *grid)
        for place, grid in zip(path, grids, strict=True)
    )
    return Cone(tuple(maps), paths)


def _spans(units: Positions) -> tuple[Span, ...]:
    return tuple((min(along), max(along)) for along in units)


def _path(report: Report, last: int, units: dict[int, Positions]) -> tuple[list[int], int]:
    """The path back to the input that follows, where several maps are read, the one with the largest field of those that
    read the input, and how many paths there are; the path ends in a layer if no map on the way reads the input.
    """
    reads = {index: [source for source, _ in sources_read(report, index, units[index], True)] for index in units if index >= 0}
    paths = {last: 1}
    windows: dict[int, int] = {}
    for index in sorted(reads, reverse=True):
        for source in dict.fromkeys(reads[index]):
            paths[source] = paths.get(source, 0) + paths.get(index, 0)
    to_input: set[int] = set()
    for index in sorted(reads):
        windows[index] = max((windows.get(source, 0) for source in reads[index]), default=0) + _has_window(report.layers[index])
        if any(source < 0 or source in to_input for source in reads[index]):
            to_input.add(index)

    def extent(source: int) -> tuple[bool, float, int]:
        size = report.layers[source].receptive_field.size[-1] if source >= 0 else 1
        reads_input = source < 0 or source in to_input
        return reads_input, float("inf") if size is None else size, windows.get(source, 0)

    path = [last]
    while path[-1] >= 0 and reads[path[-1]]:
        path.append(max(reads[path[-1]], key=extent))
    return path, sum(number for index, number in paths.items() if index < 0)


def _grids(report: Report, path: list[int]) -> list[tuple[Fraction, Fraction]]:
    """For each map on a path the position of its unit 0 on the input along the last axis, and the distance of its units."""
    first, step = Fraction(0), Fraction(1)
    grids = [(first, step)]
    for index in reversed(path[:-1]):
        layer = report.layers[index]
        windows = layer.counts.layer.receptive_window(*layer.counts.inputs)
        if windows is not None:
            offset, ratio = _placement(windows[-1])
            first, step = first + step * offset, step * ratio
        grids.append((first, step))
    return grids[::-1]


def _placement(window: ReceptiveWindow) -> tuple[Fraction, Fraction]:
    """The position of unit 0 between the units that are read, and the distance of two units.

    It is the mean of i − o·distance over all pairs of a unit o and a position i that it reads: d·(k − 1)/2 − p for a
    convolution, and for a transposed one, where each position is read by the units it is written to, its inverse.
    """
    distance = Fraction(window.shift, window.period)
    total, pairs = Fraction(0), 0
    for unit in range(window.period):
        if positions := window.reads(unit):
            count = (positions[-1] - positions[0]) // positions.step + 1
            total += count * (Fraction(positions[0] + positions[-1], 2) - unit * distance)
            pairs += count
    return total / pairs, distance
