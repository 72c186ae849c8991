"""The values that the templates show: rows of tables, derivations, the layers with the highest cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from archcalc.analysis.derivation import derive
from archcalc.analysis.layer_report import LayerReport
from archcalc.analysis.report import Report
from archcalc.views.tables.folding import describe
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
    """A number of a table: its value, its share of the column's largest, its tooltip, and the link to its derivation."""

    value: int
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
    totals = {name: getattr(report.totals, name) for name, _ in QUANTITIES}
    largest = {name: max(getattr(layer, name) for layer in report.layers) for name, _ in QUANTITIES}
    result = []
    for index, layer in enumerate(report.layers):
        anchor = f"{prefix}-l{index}-" if index < MAX_DERIVED else ""
        numbers = tuple(
            _number(getattr(layer, name), totals[name], largest[name], _link(anchor, name, layer)) for name, _ in QUANTITIES
        )
        sizes = layer.receptive_field.size
        known = bool(sizes) and None not in sizes
        field = "×".join(map(str, sizes)) if known else layer.receptive_field.status
        widest = max((size for size in sizes if size is not None), default=0) if known else 10**12
        result.append(
            ReportRow(index, layer, describe(layer), numbers, field, widest, f"#{anchor}receptive_field" if anchor else "")
        )
    return result


def _link(anchor: str, name: str, layer: LayerReport) -> str:
    return f"#{anchor}{name}" if anchor and getattr(layer, name) else ""


def _number(value: int, total: int, largest: int, link: str) -> Number:
    return Number(value, value / largest if largest else 0.0, f"{rounded(value)}, {share(value, total)}", link)


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
            anchor = f"{prefix}-l{index}-{quantity}{suffix}"
            numbers.append(ExplainedNumber(anchor, derivation.label, derivation.unit, steps))
        result.append((layer, describe(layer), numbers))
    return result


def heaviest(report: Report) -> list[dict[str, Any]]:
    """For each quantity the five layers with the largest numbers, and their share of the total."""
    result = []
    for name, label in QUANTITIES[:3]:
        total = getattr(report.totals, name)
        order = sorted(report.layers, key=lambda layer: -getattr(layer, name))[:5]
        layers = [(layer.id, share(getattr(layer, name), total)) for layer in order if getattr(layer, name)]
        part = sum(getattr(layer, name) for layer in order)
        result.append({"label": label, "total": total, "layers": layers, "part": share(part, total)})
    return result


def cards(report: Report) -> list[tuple[str, str, str]]:
    """The totals of a network: name, number, and a rounded reading."""
    totals = report.totals
    dtype = report.options.dtype
    return [
        ("parameters", f"{totals.params:,}", rounded(totals.params)),
        ("multiply-adds", f"{totals.mult_adds:,}", rounded(totals.mult_adds)),
        ("activations", f"{totals.activations:,}", rounded(totals.activations)),
        (f"weights as {dtype}", bytes_(totals.weight_bytes), f"{totals.weight_bytes:,} B"),
        ("layers", f"{len(report.layers):,}", f"input {' and '.join(map(str, report.input_volumes))}"),
    ]
