"""The Report as plain data, version 1 of the JSON contract: shapes are lists, channels first; counts are integers."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from archcalc.analysis.fields import Phased
from archcalc.analysis.receptive_field import ReceptiveField
from archcalc.graph import name_of, number_or_word

if TYPE_CHECKING:
    from archcalc.analysis.report import LayerReport, Report

SCHEMA = 1


def as_data(report: Report) -> dict[str, Any]:
    """The whole report."""
    from archcalc.analysis.report import SUMMED

    settings = report.settings
    return {
        "schema": SCHEMA,
        "name": report.name,
        "source": report.source,
        "input": {name: list(volume) for name, volume in report.inputs.items()},
        "variables": {name: number_or_word(value) for name, value in report.graph.variables.items()},
        "convention": {"name": settings.convention.name, "unit": settings.convention.unit},
        "dtype": settings.dtype,
        "inplace": settings.inplace,
        "layers": [_layer(report, layer) for layer in report.layers],
        "totals": {name: getattr(report.totals, name) for name in SUMMED}
        | {"tallies": report.totals.tallies, "input_elements": report.input_elements, "layers": len(report.layers)},
        "findings": [finding.as_data() for finding in report.findings],
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
        "weights_of": layer.shares,
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
    if any(isinstance(axis, Phased) for axis in field.axes):
        data["phases"] = [
            {"shift": axis.shift, "spans": [list(span) if span else None for span in axis.spans]}
            if isinstance(axis, Phased) else None
            for axis in field.axes
        ]
    return data


def _plain(number: int | Fraction | None) -> int | str | None:
    """A fractional stride as text, so that nothing is rounded."""
    return str(number) if isinstance(number, Fraction) else number
