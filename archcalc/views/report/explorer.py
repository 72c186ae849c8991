"""The data of the receptive-field explorer: for each layer, axis and unit the first and last position of its field.

All of it is computed here; the page's script does no arithmetic on receptive fields.
"""

from __future__ import annotations

from typing import Any

from archcalc.analysis.layer_report import LayerReport
from archcalc.analysis.receptive_field.intervals import Undefined, as_periodic
from archcalc.analysis.report import Report
from archcalc.errors import printable

MAX_UNITS = 1024
"""Units per axis that a page contains; of a longer axis the first ones."""
MAX_LAYERS = 1500


class _Spans:
    """Lists of spans, each stored once and named by its number."""

    def __init__(self) -> None:
        self.numbers: dict[tuple[Any, ...], int] = {}

    def add(self, spans: list[tuple[int, int] | None]) -> int:
        flat = tuple(part for span in spans for part in (span or (None, None)))
        return self.numbers.setdefault(flat, len(self.numbers))


def data(report: Report) -> dict[str, Any]:
    """The data of a network: `spans` are flat lists start, end, start, end …, to which layers refer by number."""
    spans = _Spans()
    layers = []
    for layer in report.layers[:MAX_LAYERS]:
        if _is_on_a_plane(report, layer):
            layers.append(_layer(report, layer, spans))
    return {
        "inputs": [
            {"name": printable(name), "size": [int(size) for size in volume.spatial]} for name, volume in report.inputs.items()
        ],
        "layers": layers,
        "spans": [list(flat) for flat in spans.numbers],
        "max_units": MAX_UNITS,
    }


def _is_on_a_plane(report: Report, layer: LayerReport) -> bool:
    """Whether units, what each reads of the layer before and their fields are positions along the same axes."""
    axes = len(report.input_volumes[layer.receptive_field.input_index].spatial)
    read = [len(volume.spatial) for volume in layer.inputs[:1]]
    return axes > 0 and read == [axes] and len(layer.output.spatial) == axes and layer.counts.layer.joined_axis is None


def _layer(report: Report, layer: LayerReport, spans: _Spans) -> dict[str, Any]:
    sizes = [int(size) for size in layer.output.spatial]
    axes = layer.receptive_field.axes
    fields: list[int | None] = []
    for size, axis in zip(sizes, axes, strict=True):
        if isinstance(axis, Undefined):
            fields.append(None)
        else:
            periodic = as_periodic(axis)
            fields.append(spans.add([periodic.span(unit) for unit in range(min(size, MAX_UNITS))]))
    return {
        "id": printable(layer.id),
        "size": sizes,
        "plane": layer.receptive_field.input_index,
        "status": layer.receptive_field.status,
        "reason": layer.receptive_field.reason,
        "fields": fields,
        "reads": _reads(layer, sizes, spans),
        "source": _source(report, layer),
    }


def _reads(layer: LayerReport, sizes: list[int], spans: _Spans) -> list[int] | str:
    """The positions of the layer before that a unit reads: lists per axis, or `same` or `all`."""
    rule = layer.counts.layer
    if rule.is_global:
        return "all"
    receptive_window = rule.receptive_window(*layer.counts.inputs)
    if receptive_window is None:
        return "same"
    numbers = []
    for size, axis in zip(sizes, receptive_window, strict=True):
        ranges = (axis.reads(unit) for unit in range(min(size, MAX_UNITS)))
        numbers.append(spans.add([(positions[0], positions[-1]) if positions else None for positions in ranges]))
    return numbers


def _source(report: Report, layer: LayerReport) -> dict[str, Any]:
    source = layer.node.sources[0]
    volume = report.layers[source].output if source >= 0 else report.input_volumes[-1 - source]
    name = report.layers[source].id if source >= 0 else list(report.inputs)[-1 - source]
    return {"name": printable(name), "size": [int(size) for size in volume.spatial]}
