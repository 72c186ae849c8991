"""The values that the templates show: rows of tables, derivations, the layers with the highest cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from archcalc.analysis.derivation import derive
from archcalc.analysis.layer_report import LayerReport
from archcalc.analysis.report import Report
from archcalc.layers._grades import Grade
from archcalc.views.tables.folding import describe
from archcalc.views.tables.table import cell_text, graded_cell
from archcalc.views.units import bytes_, rounded, share

MAX_DERIVED = 1000
"""Layers whose derivations a page contains."""
QUANTITIES = (
    ("params", "Parameters"),
    ("mult_adds", "Multiply-adds"),
    ("activations", "Activations"),
    ("connections", "Connections"),
)


@dataclass(frozen=True)
class Number:
    """A number of a table: its value, its share of the column's largest, its tooltip, and the link to its derivation.

    `text` is what the table shows: the value, a lower bound, or unknown.
    """

    value: int
    text: str
    share: float
    tooltip: str
    link: str


@dataclass(frozen=True)
class ReportRow:
    """The row of a layer in the table."""

    index: int
    layer: LayerReport
    kind: str
    numbers: tuple[Number, ...]
    field: str
    field_value: int
    field_link: str


@dataclass(frozen=True)
class ExplainedNumber:
    """A derivation: its anchor, the quantity and its unit, and the steps or the sentence."""

    anchor: str
    label: str
    unit: str
    steps: tuple[str, ...]


def rows(report: Report, prefix: str) -> list[ReportRow]:
    """The table of a network, every layer once."""
    totals = {name: _whole(report, name) for name, _ in QUANTITIES}
    largest = {name: max(getattr(layer, name) for layer in report.layers) for name, _ in QUANTITIES}
    result = []
    for index, layer in enumerate(report.layers):
        anchor = f"{prefix}-l{index}-" if index < MAX_DERIVED else ""
        numbers = tuple(_number(layer, name, totals[name], largest[name], _link(anchor, name, layer)) for name, _ in QUANTITIES)
        sizes = layer.receptive_field.size
        known = bool(sizes) and None not in sizes
        field = "×".join(map(str, sizes)) if known else layer.receptive_field.status
        widest = max((size for size in sizes if size is not None), default=0) if known else 10**12
        result.append(
            ReportRow(index, layer, describe(layer), numbers, field, widest, f"#{anchor}receptive_field" if anchor else "")
        )
    return result


def _whole(report: Report, name: str) -> int:
    """The total of which shares are computed; 0 if it is only a lower bound, of which there are none."""
    return getattr(report.totals, name) if report.totals.grade(name).is_complete else 0


def _link(anchor: str, name: str, layer: LayerReport) -> str:
    return f"#{anchor}{name}" if anchor and (getattr(layer, name) or layer.grade(name) is Grade.NOT_COUNTED) else ""


def _number(layer: LayerReport, name: str, total: int, largest: int, link: str) -> Number:
    value = getattr(layer, name)
    text = cell_text(graded_cell(value, layer.grade(name) is not Grade.NOT_COUNTED))
    tooltip = ", ".join(filter(None, (rounded(value), share(value, total))))
    return Number(value, text, value / largest if largest else 0.0, tooltip, link)


def sums(report: Report, prefix: str) -> list[tuple[LayerReport, str, list[ExplainedNumber]]]:
    """For each layer, up to `MAX_DERIVED`, its kind and the derivations of its numbers."""
    result = []
    for index, layer in enumerate(report.layers[:MAX_DERIVED]):
        numbers: list[ExplainedNumber] = []
        count: dict[str, int] = {}
        for derivation in derive(report, layer):
            quantity = derivation.quantity
            count[quantity] = count.get(quantity, 0) + 1
            suffix = "" if count[quantity] == 1 else f"-{count[quantity]}"
            steps = tuple(derivation.sum.steps()) if derivation.sum is not None else (derivation.sentence,)
            unit = "; ".join(filter(None, (derivation.unit, derivation.note)))
            anchor = f"{prefix}-l{index}-{quantity}{suffix}"
            numbers.append(ExplainedNumber(anchor, derivation.label, unit, steps))
        result.append((layer, describe(layer), numbers))
    return result


def heaviest(report: Report) -> list[dict[str, Any]]:
    """For each quantity the five layers with the largest numbers, and their share of the total."""
    result = []
    for name, label in QUANTITIES[:3]:
        total = _whole(report, name)
        order = sorted(report.layers, key=lambda layer: -getattr(layer, name))[:5]
        layers = [(layer.id, share(getattr(layer, name), total)) for layer in order if total and getattr(layer, name)]
        part = sum(getattr(layer, name) for layer in order)
        result.append({"label": label, "total": total, "layers": layers, "part": share(part, total)})
    return result


def cards(report: Report) -> list[tuple[str, str, str]]:
    """The totals of a network: name, number, and a rounded reading."""
    totals = report.totals
    dtype = report.options.dtype
    return [
        ("parameters", totals.text("params"), _rounded_with_grade(report, "params")),
        ("multiply-adds", totals.text("mult_adds"), _rounded_with_grade(report, "mult_adds")),
        ("activations", f"{totals.activations:,}", rounded(totals.activations)),
        (f"weights as {dtype}", totals.grade("weight_bytes").words + bytes_(totals.weight_bytes), f"{totals.weight_bytes:,} B"),
        ("layers", f"{len(report.layers):,}", f"input {' and '.join(map(str, report.input_volumes))}"),
    ]


def _rounded_with_grade(report: Report, name: str) -> str:
    """A total rounded, and what is stated or not counted in it."""
    return "; ".join(filter(None, (rounded(getattr(report.totals, name)), report.totals.grade(name).sentence)))
