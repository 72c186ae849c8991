"""Derivations of totals: the numbers of a network or a block as sums over its layers, and its depth."""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate

from archcalc.analysis.depth import depth_of, longest_path
from archcalc.analysis.derivation import ALREADY_COUNTED, Derivation, quantity_label, quantity_unit, select_quantity
from archcalc.analysis.grades import total_grade
from archcalc.analysis.layer_report import SUMMED, LayerReport
from archcalc.analysis.paths import path_text
from archcalc.analysis.report import Report
from archcalc.arithmetic.term import Term, sum_, term

DEPTH = "depth"
LARGE = 60
"""With more layers than this, a total is derived block by block."""
MAX_SUMMANDS = 500
"""Summands of a total that are written; a total with more is a sentence."""
MAX_PATH = 24
"""Layers of the longest path that are named; of a longer path the two ends are."""


def derive_totals(report: Report, quantity: str | None = None, block: str | None = None) -> list[Derivation]:
    """The totals of a network, or of a block in it, as sums over its layers; all of them, or one quantity.

    Raises `DescriptionError`, with a suggestion, if there is no such quantity.
    """
    layers = report.layers if block is None else report.block(block)
    derivations: list[Derivation] = []
    for name in SUMMED:
        if name == "operations" and report.options.convention.name in ALREADY_COUNTED:
            continue
        if name == "active_params" and quantity is None and not any(layer.active_params != layer.params for layer in layers):
            continue
        parts, grade = _summands(layers, name, block), total_grade(layers, name)
        label, unit, note = quantity_label(name), quantity_unit(report, name), grade.note
        if len(parts) > MAX_SUMMANDS:
            number = sum(number for _, number in parts)
            sentence = f"{number:,}: the sum of {len(parts):,} layers and blocks"
            derivations.append(Derivation(name, label, sentence=sentence, unit=unit, note=note))
        elif parts:
            derived = term(sum_(Term(number, identity) for identity, number in parts))
            derivations.append(Derivation(name, label, derived, unit=unit, note=note))
        elif not grade.is_complete:
            derivations.append(Derivation(name, label, sentence=grade.sentence))
        elif quantity is not None:  # a total of 0 is derived only on request
            derivations.append(Derivation(name, label, sentence="0: no layer has any"))
    depth = _depth(longest_path(report.layers, None if block is None else frozenset(layers)))
    grade = total_grade(layers, DEPTH)
    derivations.append(replace(depth, note=grade.note))
    return select_quantity(derivations, quantity, report.name if block is None else block)


def _depth(path: tuple[LayerReport, ...]) -> Derivation:
    """The depth and the longest path, elided in the middle if it is long."""
    numbers = [(layer.id, layer.counts.layer.layers_in_depth) for layer in path]
    path_layers = path_text([name if number == 1 else f"{name} ({number:,})" for name, number in numbers], MAX_PATH)
    sentence = f"{depth_of(path):,}: {path_layers}" if path else "0: no layer is counted"
    return Derivation(DEPTH, DEPTH, sentence=sentence, unit="layers")


def _summands(layers: tuple[LayerReport, ...], name: str, block: str | None) -> list[tuple[str, int]]:
    """The summands of a total: the layers of a small network; the outermost level of a large one or of a block."""
    numbers: dict[str, int] = {}
    for layer in layers:
        if number := getattr(layer, name):
            if block is not None:
                key = _name_inside(layer, block)
            else:
                key = layer.path[0] if len(layers) > LARGE else layer.id
            numbers[key] = numbers.get(key, 0) + number
    return list(numbers.items())


def _name_inside(layer: LayerReport, block: str) -> str:
    """The name of the layer, or of the outermost block around it, inside a block."""
    ends = accumulate(len(name) + 1 for name in layer.path)
    return next(name for name, end in zip(layer.path, ends, strict=True) if end > len(block) + 1)
