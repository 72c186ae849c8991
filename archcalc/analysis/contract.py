"""The Report as plain data, version 1 of the JSON contract: shapes are lists, channels first; counts are integers."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from archcalc.analysis.receptive_field.fields import ReceptiveField
from archcalc.analysis.receptive_field.intervals import Periodic
from archcalc.graph import name_of, number_or_word

if TYPE_CHECKING:
    from archcalc.analysis.report import LayerReport, Report

SCHEMA = 1


def to_dict(report: Report) -> dict[str, Any]:
    """The whole report."""
    from archcalc.analysis.report import SUMMED

    options = report.options
    return {
        "schema": SCHEMA,
        "name": report.name,
        "source": report.source,
        "input": {name: list(volume) for name, volume in report.inputs.items()},
        "variables": {name: number_or_word(value) for name, value in report.graph.variables.items()},
        "convention": {"name": options.convention.name, "unit": options.convention.unit},
        "dtype": options.dtype,
        "inplace": options.inplace,
        "depth": report.depth,
        "layers": [_layer(report, layer) for layer in report.layers],
        "totals": {name: getattr(report.totals, name) for name in SUMMED}
        | {"tallies": report.totals.tallies, "input_elements": report.input_elements, "layers": len(report.layers)},
        "findings": [diagnostic.to_dict() for diagnostic in report.diagnostics],
    }


def _layer(report: Report, layer: LayerReport) -> dict[str, Any]:
    from archcalc.analysis.report import SUMMED

    return {
        "id": layer.id,
        "op": layer.op,
        "path": list(layer.path),
        "reads": [name_of(report.graph, at) for at in layer.node.sources],
        "inputs": [list(volume) for volume in layer.inputs],
        "output": list(layer.output),
        **{name: getattr(layer, name) for name in SUMMED},
        "tallies": layer.tallies,
        "weights_of": layer.tied_to,
        "receptive_field": _field(layer.receptive_field),
    }


def _field(field: ReceptiveField) -> dict[str, Any]:
    data: dict[str, Any] = {
        "size": field.size,
        "stride": [_plain(stride) for stride in field.stride],
        "padding": field.padding,
        "status": field.status,
    }
    if field.reason:
        data["reason"] = field.reason
    if any(isinstance(axis, Periodic) for axis in field.axes):
        data["phases"] = [
            {"shift": axis.shift, "spans": [list(span) if span else None for span in axis.spans]}
            if isinstance(axis, Periodic)
            else None
            for axis in field.axes
        ]
    return data


def _plain(number: int | Fraction | None) -> int | str | None:
    """A fractional stride as text, so that nothing is rounded."""
    return str(number) if isinstance(number, Fraction) else number
