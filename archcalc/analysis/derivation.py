"""How a number is derived: the rule itself, evaluated with symbols, so that no formula is written twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from archcalc.analysis.conventions import convention
from archcalc.analysis.layer_report import SUMMED, LayerReport
from archcalc.analysis.misfit import as_symbols
from archcalc.analysis.receptive_field.intervals import Affine, Interval, Undefined, slide
from archcalc.analysis.report import Report
from archcalc.arithmetic.term import Number, Term, sum_, term
from archcalc.errors import call_error
from archcalc.graph import PARTS
from archcalc.layers._base import Volume, field_metadata
from archcalc.layers._fields import AXIS_NAMES, Symbol, numbers, symbolic
from archcalc.layers._grades import Grade
from archcalc.layers._window import Window
from archcalc.suggestions import suggest

RECEPTIVE_FIELD = "receptive_field"
ALREADY_COUNTED = ("mult-adds", "flops")
"""Conventions whose counts every report contains under their own names."""
ALIASES = {"macs": "mult_adds", "rf": RECEPTIVE_FIELD, "shape": "output", "parameters": "params"}
"""Other names of quantities."""


@dataclass(frozen=True)
class Derivation:
    """One quantity of a layer: a formula with its steps (`sum`), or a `sentence` if there is no formula.

    `note` is what to know of the number: that it is stated, or that it is a lower bound and why.
    """

    quantity: str
    label: str
    sum: Term | None = None
    sentence: str = ""
    unit: str = ""
    note: str = ""


@dataclass(frozen=True)
class SymbolDefinition:
    """The definition of symbols in formulas: their meaning and their value in the layer."""

    letters: tuple[str, ...]
    meaning: str
    value: str

    @property
    def letter(self) -> str:
        """The letters as a legend lists them."""
        return ", ".join(self.letters)


def derive(report: Report, layer: LayerReport, quantity: str | None = None) -> list[Derivation]:
    """The derivations of a layer's numbers, or of one quantity.

    Raises `DescriptionError`, with a suggestion, if the layer has no such quantity.
    """
    derivations = [*_output(layer), *_counts(report, layer), *_receptive_field(report, layer)]
    if quantity is not None:
        derivations += _other_quantities(report, layer, {derivation.quantity for derivation in derivations})
    if not layer.is_by_rule:
        derivations = [_graded(layer, derivation) for derivation in derivations]
        derived = {derivation.quantity for derivation in derivations}
        missing = [name for name, grade in layer.grades.items() if grade is Grade.NOT_COUNTED and name in SUMMED]
        derivations += [
            _graded(layer, Derivation(name, quantity_label(name))) for name in missing if name not in {*derived, "operations"}
        ]
    return select_quantity(derivations, quantity, f"{layer.id} ({layer.op})")


def _graded(layer: LayerReport, derivation: Derivation) -> Derivation:
    """The derivation of a quantity that may not be by rule, with how it is known."""
    grade = layer.grade(derivation.quantity)
    if grade is Grade.STATED:
        return replace(derivation, note="as the description states it")
    if grade is Grade.BY_RULE or derivation.quantity in ("output", RECEPTIVE_FIELD):
        return derivation
    if derivation.sum is None:
        return replace(derivation, sentence=not_counted(layer))
    return replace(derivation, note=f"at least; the rest is {not_counted(layer)}")


def not_counted(layer: LayerReport) -> str:
    """Why a number of a layer is not counted."""
    if layer.stands_for:
        return f"not counted: {layer.id} is opaque (was: {layer.stands_for})"
    return f"not counted: how {layer.options.convention.name} counts {layer.op} is not known"


def select_quantity(derivations: list[Derivation], quantity: str | None, subject: str) -> list[Derivation]:
    """The derivations of one quantity, of all without one. Raises `DescriptionError` if there is none."""
    if quantity is None:
        return derivations
    name = ALIASES.get(quantity, quantity).replace("-", "_")
    selected = [derivation for derivation in derivations if derivation.quantity == name]
    if not selected:
        known = dict.fromkeys(derivation.quantity for derivation in derivations)
        raise call_error("ARC153", f"{subject} has no quantity {quantity}", suggest(quantity, [*known, *ALIASES]))
    return selected


def symbol_definitions(layer: LayerReport, derivations: list[Derivation]) -> list[SymbolDefinition]:
    """The symbols that the formulas of a layer use, with their meaning and value."""
    counts = layer.counts
    axes = len(counts.first_input.spatial)
    several = len(counts.inputs) > 1
    definitions = []
    for number, volume in enumerate(counts.inputs, 1):
        meaning = f"input volume {number}" if several else "input volume"
        letters = _names(volume.symbolic(str(number) if several else ""))
        definitions.append(SymbolDefinition(letters, meaning, str(volume)))
    for name, symbol in field_metadata(type(counts.layer), Symbol).items():
        value = getattr(counts.layer, name)
        letters = _names(numbers(symbolic(value, symbol, axes)))
        definitions.append(SymbolDefinition(letters, f"{name} ({symbol.unit})", ", ".join(map(str, numbers(value)))))
    definitions.append(SymbolDefinition(_names(counts.output.symbolic("out")), "output volume", str(counts.output)))
    definitions.append(
        SymbolDefinition(("r", "S", "P"), "receptive field of what it reads", "size, effective stride and padding")
    )
    sums = (derivation.sum for derivation in derivations if derivation.sum is not None)
    used = {name for formula in sums for name in formula.symbols()}
    return [definition for definition in definitions if used.intersection(definition.letters)]


def _names(sizes: Iterable[Number]) -> tuple[str, ...]:
    """The names of the numbers that are symbols."""
    return tuple(number.name for number in sizes if isinstance(number, Term))


def _output(layer: LayerReport) -> Iterator[Derivation]:
    counts = layer.counts
    symbolic_layer, volumes = as_symbols(counts.layer, counts.inputs)
    output = symbolic_layer.output(*volumes)
    names = ("channels", *AXIS_NAMES.get(len(output) - 1, ()))
    for axis_names, size in _merged(list(zip(names, output, strict=True))):
        yield Derivation("output", f"output {axis_names}", term(size))


def _merged(sizes: list[tuple[str, Number]]) -> list[tuple[str, Number]]:
    """Consecutive axes with the same numbers in their formulas as one: height = width."""
    merged: list[tuple[str, Number]] = []
    for name, size in sizes:
        text = term(size).text() if merged else None
        if merged and merged[-1][0] != "channels" and term(merged[-1][1]).text() == text:
            merged[-1] = (f"{merged[-1][0]} = {name}", merged[-1][1])
        else:
            merged.append((name, size))
    return merged


def _counts(report: Report, layer: LayerReport) -> Iterator[Derivation]:
    counts = layer.counts
    symbolic_layer, volumes = as_symbols(counts.layer, counts.inputs)
    y = Volume(counts.output).symbolic("out")
    if layer.tied_to:
        shared = f"0: it uses the weights of {layer.tied_to}, counted there"
        yield Derivation("weights" if layer.params else "params", "weights" if layer.params else "params", sentence=shared)
        for name in ("biases", "params") if layer.params else ():  # of a kind of its own, whose weights alone are shared
            yield Derivation(name, name, term(symbolic_layer.biases(*volumes)), unit=quantity_unit(report, name))
    else:
        for name in ("weights", "biases", "params", "buffers"):
            number = getattr(symbolic_layer, name)(*volumes)
            if getattr(counts, name):
                yield Derivation(name, name, term(number), unit=quantity_unit(report, name))
            elif name == "params":
                yield Derivation(name, name, sentence="0: the kind has none")
    if layer.active_params != layer.params:
        rule = symbolic_layer.active_biases if layer.tied_to else symbolic_layer.active_params
        yield Derivation("active_params", quantity_label("active_params"), term(rule(*volumes)), unit="numbers")
    if counts.neurons:
        yield Derivation("neurons", "neurons", term(symbolic_layer.neurons(y)), unit="units")
    if counts.connections:
        yield Derivation("connections", "connections", term(symbolic_layer.connection_count(y, *volumes)), unit="connections")
    tallies = symbolic_layer.tallies(y, *volumes)
    for name in counts.tallies:
        quantity_name = "mult_adds" if name == "multiply_adds" else name
        yield Derivation(quantity_name, quantity_label(name), term(tallies[name]), unit="operations")
    yield from _operations(report, layer)
    if layer.activations:
        yield Derivation("activations", "activations", term(symbolic_layer.values(y)), unit="values")
    else:
        sentence = "it may overwrite its input, or is a view of it" if layer.inputs else "its output is its weights"
        yield Derivation("activations", "activations", sentence=f"0: {sentence}")
    size = Term(report.options.bytes, "bytes")
    for name, count in (("weight_bytes", layer.params), ("activation_bytes", layer.activations)):
        if count:
            source = "params" if name == "weight_bytes" else "activations"
            yield Derivation(name, quantity_label(name), Term(count, source) * size, unit=f"bytes, {report.options.dtype}")


def _other_quantities(report: Report, layer: LayerReport, derived: set[str]) -> Iterator[Derivation]:
    """Quantities without a formula of their own: parts of the parameters, and those of which a kind has none."""
    for name in SUMMED:
        if name not in derived:
            number = getattr(layer, name)
            if number and name in ("trainable", "frozen", "fixed"):
                yield Derivation(name, name, _part_of_params(layer, name, number), unit=quantity_unit(report, name))
            elif number:
                yield Derivation(name, quantity_label(name), term(number), unit=quantity_unit(report, name))
            else:
                yield Derivation(name, quantity_label(name), sentence="0: this layer has none")


def _part_of_params(layer: LayerReport, name: str, number: int) -> Term:
    """The trainable, frozen or fixed parameters: all, or the weights or biases alone."""
    if number == layer.params:
        return Term(number, "params")
    is_frozen = name == "frozen"
    return Term(number, next(part for part in PARTS if (part in layer.frozen_parts) == is_frozen))


def _operations(report: Report, layer: LayerReport) -> Iterator[Derivation]:
    """The operations of the layer under `flops` and under the report's convention."""
    own = report.options.convention
    for name, rule in (("flops", convention("flops")), ("operations", own)):
        if name == "operations" and own.name in ALREADY_COUNTED:
            continue
        parts = [
            (weight, Term(int(number), what))
            for weight, what, number in rule.parts(layer.op, layer.counts)
            if number and weight
        ]
        if parts:
            derived = sum_(count if weight == 1 else weight * count for weight, count in parts)
            label = name if name == "flops" else f"operations by {own.name}"
            yield Derivation(name, label, term(derived), unit=rule.unit)


def _receptive_field(report: Report, layer: LayerReport) -> Iterator[Derivation]:
    field = layer.receptive_field
    if any(isinstance(axis, Undefined) for axis in field.axes) or not field.axes:
        yield Derivation(RECEPTIVE_FIELD, "receptive field", sentence=f"{field.status}{field.qualifier}")
        return
    before = _field_before(report, layer)
    if before is None:
        sentence = f"the hull of {len(layer.node.sources)} paths: {field.axes[0]}"
        yield Derivation(RECEPTIVE_FIELD, "receptive field", sentence=sentence)
        return
    windows = layer.counts.layer.receptive_window(*layer.counts.inputs)
    symbolic_layer, volumes = as_symbols(layer.counts.layer, layer.counts.inputs)
    symbolic_windows = symbolic_layer.receptive_window(*volumes) or ()
    formulas: list[tuple[str, tuple[Number, ...]]] = []
    for i, (name, axis) in enumerate(zip(AXIS_NAMES[len(field.axes)], field.axes, strict=True)):
        start, window = before[i], symbolic_windows[i] if windows is not None else None
        if isinstance(start, Affine) and isinstance(window, Window):
            symbols = (Term(start.size, "r"), Term(start.stride, "S"), Term(start.padding, "P"))
            formulas.append((name, slide(*symbols, window)))
        else:
            sentence = f"{'unchanged: ' if windows is None else ''}{axis}"
            yield Derivation(RECEPTIVE_FIELD, f"receptive field, {name}", sentence=sentence)
    for i, part in enumerate(("size", "stride", "padding")):
        for axis_names, derived in _merged([(name, sums[i]) for name, sums in formulas]):
            yield Derivation(RECEPTIVE_FIELD, f"receptive field {part}, {axis_names}", term(derived), unit="positions")


def _field_before(report: Report, layer: LayerReport) -> tuple[Interval, ...] | None:
    """The receptive field of what the layer reads, axis by axis; None if several paths meet in it."""
    if len(layer.node.sources) > 1:
        return None
    source = layer.node.sources[0]
    if source >= 0:
        return report.layers[source].receptive_field.axes
    return tuple(Affine() for _ in layer.receptive_field.axes)


def quantity_label(name: str) -> str:
    """The words for a quantity."""
    return {"mult_adds": "mult-adds", "multiply_adds": "mult-adds", "flops": "FLOPs"}.get(name, name.replace("_", " "))


def quantity_unit(report: Report, name: str) -> str:
    """The unit of a quantity."""
    if name.endswith("bytes"):
        return f"bytes, {report.options.dtype}"
    return {
        "neurons": "units",
        "connections": "connections",
        "activations": "values",
        "mult_adds": "mult-adds",
        "flops": "FLOPs",
        "operations": report.options.convention.unit,
        "buffers": "numbers",
    }.get(name, "numbers")
