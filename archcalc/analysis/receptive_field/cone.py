"""The units that one unit depends on, layer by layer back to the input: the cone of its receptive field."""

from __future__ import annotations

from archcalc.analysis.layer_report import LayerReport
from archcalc.analysis.report import Report
from archcalc.errors import call_error
from archcalc.layers._receptive_window import ReceptiveWindow

Interval = tuple[int, int]
"""First and last unit along one axis; units outside the map are padding."""


def target_layer(report: Report, identity: str | None) -> LayerReport:
    """The layer with an id, or without one the last layer whose units have a receptive field of known size.

    Raises `DescriptionError` for an unknown layer, and where no such field exists.
    """
    if identity is not None:
        layer = report.layer(identity)
        if not _known(layer):
            field = layer.receptive_field
            raise call_error(
                "ARC483",
                f"{identity} has no field that a cone could show: {field.status}",
                field.reason or "each of its units reads the whole input",
            )
        return layer
    layer_with_field = next((layer for layer in reversed(report.layers) if _known(layer)), None)
    if layer_with_field is None:
        raise call_error("ARC483", f"no layer of {report.name} has a receptive field on a map")
    return layer_with_field


def _known(layer: LayerReport) -> bool:
    return bool(layer.output.spatial) and None not in layer.receptive_field.size


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


def cone(report: Report, target: LayerReport, unit: tuple[int, ...]) -> list[tuple[Interval | None, ...] | None]:
    """For each layer up to the target and each axis, the units that `unit` depends on; None for layers it does not read.

    The last entries are those of the network inputs. Units in the padding count, as in the size of a receptive field.
    """
    last = report.layers.index(target)
    inputs = len(report.input_volumes)
    cone_units: list[tuple[Interval | None, ...] | None] = [None] * (last + 1 + inputs)
    cone_units[last] = tuple((position, position) for position in unit)
    for index in range(last, -1, -1):
        units = cone_units[index]
        if units is None:
            continue
        layer = report.layers[index]
        windows = layer.counts.layer.receptive_window(*layer.counts.inputs)
        read = units if windows is None else tuple(_read(along, window) for along, window in zip(units, windows, strict=True))
        for source in layer.node.sources:
            place = source if source >= 0 else last - source
            cone_units[place] = _hull(cone_units[place], read)
    return cone_units


def _read(units: Interval | None, window: ReceptiveWindow) -> Interval | None:
    """The input positions that a range of units reads along one axis, from the first to the last."""
    if units is None:
        return None
    first, last = units
    # Units beyond a period from either end add nothing to the hull.
    period = window.period
    ends = {*range(first, min(first + period, last) + 1), *range(max(last - period, first), last + 1)}
    spans = [span for unit in ends if (span := window.reads(unit))]
    return (min(span[0] for span in spans), max(span[-1] for span in spans)) if spans else None


def _hull(units: tuple[Interval | None, ...] | None, other: tuple[Interval | None, ...]) -> tuple[Interval | None, ...]:
    """The smallest intervals that contain both, axis by axis."""
    if units is None:
        return other
    return tuple(
        a if b is None else b if a is None else (min(a[0], b[0]), max(a[1], b[1])) for a, b in zip(units, other, strict=True)
    )
