"""What the receptive-field explorer looks up: for each layer, axis and unit the first and last position it sees.

All of it is worked out here; the page's script does no arithmetic on fields.
"""

from __future__ import annotations

from typing import Any

from archcalc.analysis.layer_report import LayerReport
from archcalc.analysis.receptive_field.intervals import Undefined, as_periodic
from archcalc.analysis.report import Report
from archcalc.errors import printable

MOST_UNITS = 1024
"""Units per axis that a page carries; of a longer axis the first ones."""
MOST_LAYERS = 1500


class _Spans:
    """Equal lists are kept once."""

    def __init__(self) -> None:
        self.known: dict[tuple[Any, ...], int] = {}

    def add(self, spans: list[tuple[int, int] | None]) -> int:
        flat = tuple(part for span in spans for part in (span or (None, None)))
        return self.known.setdefault(flat, len(self.known))


def data(report: Report) -> dict[str, Any]:
    """The tables of a network: `spans` are flat lists start, end, start, end …; layers name theirs by number."""
    spans = _Spans()
    layers = []
    for layer in report.layers[:MOST_LAYERS]:
        if layer.output.spatial:
            layers.append(_layer(report, layer, spans))
    return {
        "inputs": [
            {"name": printable(name), "size": [int(size) for size in volume.spatial]} for name, volume in report.inputs.items()
        ],
        "layers": layers,
        "spans": [list(one) for one in spans.known],
        "most": MOST_UNITS,
    }


def _layer(report: Report, layer: LayerReport, spans: _Spans) -> dict[str, Any]:
    sizes = [int(size) for size in layer.output.spatial]
    axes = layer.receptive_field.axes
    fields: list[int | None] = []
    for size, axis in zip(sizes, axes, strict=True):
        if isinstance(axis, Undefined):
            fields.append(None)
        else:
            phased = as_periodic(axis)
            fields.append(spans.add([phased.span(unit) for unit in range(min(size, MOST_UNITS))]))
    return {
        "id": printable(layer.id),
        "size": sizes,
        "plane": next((axis.input_index for axis in axes if not isinstance(axis, Undefined)), 0),
        "status": layer.receptive_field.status,
        "reason": layer.receptive_field.reason,
        "fields": fields,
        "reads": _reads(layer, sizes, spans),
        "source": _source(report, layer),
    }


def _reads(layer: LayerReport, sizes: list[int], spans: _Spans) -> list[int] | str:
    """What a unit reads of the layer before: lists per axis, or `same` or `all`."""
    rule = layer.counts.layer
    if rule.is_global:
        return "all"
    receptive_window = rule.receptive_window(*layer.counts.inputs)
    if receptive_window is None:
        return "same"
    found = []
    for size, axis in zip(sizes, receptive_window, strict=True):
        ranges = (axis.reads(unit) for unit in range(min(size, MOST_UNITS)))
        found.append(spans.add([(read[0], read[-1]) if len(read) else None for read in ranges]))
    return found


def _source(report: Report, layer: LayerReport) -> dict[str, Any]:
    at = layer.node.sources[0]
    volume = report.layers[at].output if at >= 0 else report.input_volumes[-1 - at]
    name = report.layers[at].id if at >= 0 else list(report.inputs)[-1 - at]
    return {"name": printable(name), "size": [int(size) for size in volume.spatial]}
