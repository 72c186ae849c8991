"""What a unit reads, layer by layer back to the input: the cone of its receptive field."""

from __future__ import annotations

from archcalc.analysis.layer_report import LayerReport
from archcalc.analysis.report import Report
from archcalc.errors import call_error

Interval = tuple[int, int]
"""First and last unit; what lies outside the map is padding."""


def chosen(report: Report, identity: str | None) -> LayerReport:
    """The layer that was asked for, or the last one whose units have a field of known size."""
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
    found = next((layer for layer in reversed(report.layers) if _known(layer)), None)
    if found is None:
        raise call_error("ARC483", f"no layer of {report.name} has a receptive field on a map")
    return found


def _known(layer: LayerReport) -> bool:
    return bool(layer.output.spatial) and None not in layer.receptive_field.size


def unit_of(layer: LayerReport, unit: tuple[int, ...] | None) -> tuple[int, ...]:
    """The unit that was asked for, or the middle one."""
    sizes = [int(size) for size in layer.output.spatial]
    if unit is None:
        return tuple(size // 2 for size in sizes)
    unit = unit * len(sizes) if len(unit) == 1 else unit
    if len(unit) != len(sizes) or any(not 0 <= at < size for at, size in zip(unit, sizes, strict=True)):
        raise call_error(
            "ARC483",
            f"{layer.id} has no unit {', '.join(map(str, unit))}",
            f"its map is {'×'.join(map(str, sizes))}, counted from 0",
        )
    return unit


def cone(report: Report, target: LayerReport, unit: tuple[int, ...]) -> list[tuple[Interval | None, ...] | None]:
    """For each layer up to the target and each axis, the units that are read; None for layers it does not stand on.

    The last entries are those of the network inputs. Units in the padding count, as in the size of a receptive field.
    """
    last = report.layers.index(target)
    inputs = len(report.input_volumes)
    need: list[tuple[Interval | None, ...] | None] = [None] * (last + 1 + inputs)
    need[last] = tuple((at, at) for at in unit)
    for at in range(last, -1, -1):
        wanted = need[at]
        if wanted is None:
            continue
        layer = report.layers[at]
        receptive_window = layer.counts.layer.receptive_window(*layer.counts.inputs)
        read = (
            wanted
            if receptive_window is None
            else tuple(_read(one, axis) for one, axis in zip(wanted, receptive_window, strict=True))
        )
        for source in layer.node.sources:
            place = source if source >= 0 else last - source
            need[place] = _hull(need[place], read)
    return need


def _read(wanted: Interval | None, receptive_window: object) -> Interval | None:
    if wanted is None:
        return None
    first, last = wanted
    # Units beyond a period from either end add nothing to the hull.
    period = receptive_window.period  # type: ignore[attr-defined]
    ends = {*range(first, min(first + period, last) + 1), *range(max(last - period, first), last + 1)}
    spans = [span for one in ends if (span := receptive_window.reads(one))]  # type: ignore[attr-defined]
    return (min(span[0] for span in spans), max(span[-1] for span in spans)) if spans else None


def _hull(one: tuple[Interval | None, ...] | None, other: tuple[Interval | None, ...]) -> tuple[Interval | None, ...]:
    if one is None:
        return other
    return tuple(
        a if b is None else b if a is None else (min(a[0], b[0]), max(a[1], b[1])) for a, b in zip(one, other, strict=True)
    )
