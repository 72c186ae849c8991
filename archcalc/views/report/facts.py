"""What the templates show, as plain values: rows of tables, derivations, where the cost sits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from archcalc.analysis.derivation import derive
from archcalc.analysis.layer_report import LayerReport
from archcalc.analysis.report import Report
from archcalc.views.tables.folding import describe
from archcalc.views.units import bytes_, rounded, share

MOST_DERIVED = 1000
"""Layers whose derivations a page carries."""
COUNTED = (
    ("params", "Parameters"),
    ("mult_adds", "Multiply-adds"),
    ("activations", "Activations"),
    ("connections", "Connections"),
)


@dataclass(frozen=True)
class Number:
    """A number of a table: exact, rounded, its size against the largest, and where its derivation stands."""

    value: int
    share: float
    told: str
    link: str


@dataclass(frozen=True)
class ReportRow:
    """A layer in the table."""

    at: int
    layer: LayerReport
    kind: str
    numbers: tuple[Number, ...]
    field: str
    field_value: int
    field_link: str


@dataclass(frozen=True)
class ExplainedNumber:
    """A derivation: its anchor, what it derives, and the steps or the sentence."""

    anchor: str
    label: str
    unit: str
    steps: tuple[str, ...]


def rows(report: Report, prefix: str) -> list[ReportRow]:
    """The table of a network, every layer once."""
    totals = {name: getattr(report.totals, name) for name, _ in COUNTED}
    largest = {name: max(getattr(layer, name) for layer in report.layers) for name, _ in COUNTED}
    found = []
    for at, layer in enumerate(report.layers):
        anchor = f"{prefix}-l{at}-" if at < MOST_DERIVED else ""
        numbers = tuple(
            _number(getattr(layer, name), totals[name], largest[name], _linked(anchor, name, layer)) for name, _ in COUNTED
        )
        sizes = layer.receptive_field.size
        known = bool(sizes) and None not in sizes
        field = "×".join(map(str, sizes)) if known else layer.receptive_field.status
        widest = max((size for size in sizes if size is not None), default=0) if known else 10**12
        found.append(
            ReportRow(at, layer, describe(layer), numbers, field, widest, f"#{anchor}receptive_field" if anchor else "")
        )
    return found


def _linked(anchor: str, name: str, layer: LayerReport) -> str:
    return f"#{anchor}{name}" if anchor and getattr(layer, name) else ""


def _number(value: int, total: int, largest: int, link: str) -> Number:
    return Number(value, value / largest if largest else 0.0, f"{rounded(value)}, {share(value, total)}", link)


def sums(report: Report, prefix: str) -> list[tuple[LayerReport, str, list[ExplainedNumber]]]:
    """For each layer the derivations of its numbers; activations are the elements of the output."""
    found = []
    for at, layer in enumerate(report.layers[:MOST_DERIVED]):
        parts: list[ExplainedNumber] = []
        seen: dict[str, int] = {}
        for one in derive(report, layer):
            seen[one.quantity] = seen.get(one.quantity, 0) + 1
            suffix = "" if seen[one.quantity] == 1 else f"-{seen[one.quantity]}"
            steps = tuple(one.sum.steps()) if one.sum is not None else (one.sentence,)
            parts.append(ExplainedNumber(f"{prefix}-l{at}-{one.quantity}{suffix}", one.label, one.unit, steps))
        found.append((layer, describe(layer), parts))
    return found


def heaviest(report: Report) -> list[dict[str, Any]]:
    """For each quantity the layers that together hold most of it."""
    found = []
    for name, words in COUNTED[:3]:
        total = getattr(report.totals, name)
        order = sorted(report.layers, key=lambda layer: -getattr(layer, name))[:5]
        shown = [(layer.id, share(getattr(layer, name), total)) for layer in order if getattr(layer, name)]
        part = sum(getattr(layer, name) for layer in order)
        found.append({"words": words, "total": total, "layers": shown, "part": share(part, total)})
    return found


def cards(report: Report) -> list[tuple[str, str, str]]:
    """The totals at the head of a network: words, number, rounded."""
    totals = report.totals
    dtype = report.options.dtype
    return [
        ("parameters", f"{totals.params:,}", rounded(totals.params)),
        ("multiply-adds", f"{totals.mult_adds:,}", rounded(totals.mult_adds)),
        ("activations", f"{totals.activations:,}", rounded(totals.activations)),
        (f"weights as {dtype}", bytes_(totals.weight_bytes), f"{totals.weight_bytes:,} B"),
        ("layers", f"{len(report.layers):,}", f"input {' and '.join(map(str, report.input_volumes))}"),
    ]
