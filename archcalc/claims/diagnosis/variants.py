"""Variants of a whole network: other inputs, other variables, paddings left out, another rounding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from archcalc.analysis.layer_report import LayerReport
from archcalc.analysis.report import Report
from archcalc.claims.diagnosis.deltas import REWRITTEN, SETTING, Confusion, layers_of
from archcalc.claims.selection import QuantityError
from archcalc.claims.verdicts import value_text
from archcalc.claims.what_if import changed_graph
from archcalc.description.document import Document
from archcalc.errors import ArchcalcError
from archcalc.graph import Graph, Limits, build_graph

SIDES = (
    28, 32, 64, 96, 112, 128, 160, 192, 224, 225, 227, 231, 240, 256, 260, 288, 299, 300, 320, 321, 331, 384, 416, 448, 512,
    513, 572,
)  # fmt: skip
"""Sides of input images in common use."""
VALUES = (
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 16, 18, 20, 21, 32, 64, 100, 101, 120, 200, 365, 1000, 1001, Fraction(1, 4),
    Fraction(1, 3), Fraction(1, 2), Fraction(3, 4), Fraction(5, 4), Fraction(7, 5), Fraction(3, 2),
)  # fmt: skip
"""Values of variables in common use: depths, groups, classes, multipliers."""

NetworkOverrides = tuple[dict[str, Any], tuple[int, ...] | None]
"""Variables and an input shape, C×H×W; None leaves the shape as it is."""
NetworkVariant = tuple[Confusion, tuple[LayerReport, ...]]


def other_settings(report: Report, settings: Iterable[NetworkOverrides] = ()) -> Iterator[NetworkVariant]:
    """The network under other settings: the given ones and common ones."""
    document, own = report.graph.document, report.graph.variables
    tried = set()
    for variables, shape in (*settings, *_common_settings(report)):
        key = tuple(sorted(variables.items())), shape
        if key in tried or (not shape and all(own.get(name) == value for name, value in variables.items())):
            continue
        tried.add(key)
        graph = _rebuilt(document, own | variables, shape, report)
        layers = layers_of(graph, report.options) if graph is not None else None
        if layers:
            changes = [f"{name} = {_text(value)}" for name, value in variables.items() if own.get(name) != value]
            changes += [f"input {'×'.join(map(str, shape))}"] if shape else []
            yield Confusion(f"with {', '.join(changes)}", SETTING), layers


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else value_text(value)


def _common_settings(report: Report) -> Iterator[NetworkOverrides]:
    for name, value in report.graph.variables.items():
        if isinstance(value, bool):
            yield {name: not value}, None
        elif isinstance(value, (int, Fraction)):
            for other in VALUES:
                if other != value and (value / 4 <= other <= 4 * value or max(value, other) <= 4):
                    yield {name: other}, None
    first = tuple(report.input_volumes[0])
    if len(first) == 3:
        for side in SIDES:
            if first[1] / 4 <= side <= 4 * first[1] and first[1:] != (side, side):
                yield {}, (first[0], side, side)


def _rebuilt(document: Document, variables: dict[str, Any], shape: tuple[int, ...] | None, report: Report) -> Graph | None:
    """The graph under another setting; None if it is not valid there, or makes a much larger network."""
    if shape is not None:  # a variable that is an axis of the input follows the input
        axes = {str(axis) for axis in next(iter(document.inputs.values()))}
        variables = {name: value for name, value in variables.items() if name not in axes}
    try:
        limits = Limits(layers=4 * len(report.layers) + 100)
        graph = build_graph(document, variables, list(shape) if shape else None, (), limits)
    except ArchcalcError:
        return None
    return None if graph.problems else graph


def other_fields(report: Report) -> Iterator[NetworkVariant]:
    """The network with another value of a field: in all layers that have it, or in one of them."""
    graph = report.graph
    everywhere: dict[str, dict[int, dict[str, Any]]] = {}
    single: list[tuple[str, dict[int, dict[str, Any]]]] = []
    for index, layer in enumerate(report.layers):
        for name, rewrite in layer.counts.layer.rewrites():
            change = {index: {name: rewrite.value}}
            if rewrite.per_layer:
                single.append((f"{layer.id} ({layer.op}) {rewrite.text}", change))
            else:
                everywhere.setdefault(rewrite.text, {}).update(change)
    for text, changes in [*everywhere.items(), *single]:
        layers = _changed(graph, changes, report)
        if layers:
            yield Confusion(text if len(changes) == 1 else f"{text} in {len(changes)} layers", REWRITTEN), layers


def _changed(graph: Graph, changes: dict[int, dict[str, Any]], report: Report) -> tuple[LayerReport, ...] | None:
    try:
        return layers_of(changed_graph(graph, changes), report.options)
    except (QuantityError, ArchcalcError):
        return None
