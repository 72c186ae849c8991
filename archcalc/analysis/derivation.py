"""How a number was reached: the rule itself, evaluated with symbols that remember, so that no formula stands twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from archcalc.analysis.conventions import convention
from archcalc.analysis.depth import longest_path
from archcalc.analysis.layer_report import SUMMED, LayerReport
from archcalc.analysis.paths import arrows
from archcalc.analysis.quantities import quantity
from archcalc.analysis.receptive_field.intervals import Affine, Undefined, slide
from archcalc.analysis.report import Report
from archcalc.analysis.walk import as_symbols
from archcalc.arithmetic.term import Number, Term, sum_, term
from archcalc.errors import call_error, suggest
from archcalc.layers._base import Volume, field_metadata
from archcalc.layers._fields import AXIS_NAMES, Symbol, numbers, symbolic
from archcalc.layers._window import Window

RECEPTIVE_FIELD = "receptive_field"
DEPTH = "depth"
_ALREADY_COUNTED = ("mult-adds", "flops")
"""Conventions whose number every report carries under its own name."""
LARGE = 60
"""Layers above which a total is explained block by block."""
MAX_SUMMANDS = 500
MAX_PATH = 24
"""Layers of the longest path that are named; of a longer one its two ends."""
ALIASES = {"macs": "mult_adds", "rf": RECEPTIVE_FIELD, "shape": "output", "parameters": "params"}


@dataclass(frozen=True)
class Derivation:
    """One quantity of a layer: a sum that remembers its steps, or a sentence where there is no sum."""

    quantity: str
    label: str
    sum: Term | None = None
    sentence: str = ""
    unit: str = ""


@dataclass(frozen=True)
class SymbolDefinition:
    """What the letters in the sums stand for."""

    letters: tuple[str, ...]
    meaning: str
    value: str

    @property
    def letter(self) -> str:
        """The letters as a legend shows them."""
        return ", ".join(self.letters)


def derive(report: Report, layer: LayerReport, wanted: str | None = None) -> list[Derivation]:
    """The derivations of a layer's numbers, or of one quantity of it; raises SpecError if it has no such quantity."""
    found = [*_output(layer), *_counts(report, layer), *_field(report, layer)]
    if wanted is not None:
        found += _rest(report, layer, {one.quantity for one in found})
    return _chosen(found, wanted, f"{layer.id} ({layer.op})")


def derive_totals(report: Report, wanted: str | None = None, block: str | None = None) -> list[Derivation]:
    """The totals of a network, or of a block in it, as sums over its layers."""
    layers = report.layers if block is None else report.block(block)
    found: list[Derivation] = []
    same = report.options.convention.name in _ALREADY_COUNTED
    for name in SUMMED:
        if name == "operations" and same:
            continue
        parts = _summands(layers, name, block)
        if len(parts) > MAX_SUMMANDS:
            number = sum(number for _, number in parts)
            sentence = f"{number:,}: the sum of {len(parts):,} layers and blocks"
            found.append(Derivation(name, _words(name), sentence=sentence, unit=_unit(report, name)))
        elif parts:
            derived = term(sum_(Term(number, identity) for identity, number in parts))
            found.append(Derivation(name, _words(name), derived, unit=_unit(report, name)))
        elif wanted is not None:  # told only to who asks
            found.append(Derivation(name, _words(name), sentence="0: no layer has any"))
    found.append(_depth(longest_path(report.layers, None if block is None else frozenset(layers))))
    return _chosen(found, wanted, report.name if block is None else block)


def _depth(path: tuple[LayerReport, ...]) -> Derivation:
    """The depth and the path that has it, elided in the middle if it is long."""
    shown = arrows([layer.id for layer in path], MAX_PATH)
    sentence = f"{len(path):,}: {shown}" if path else "0: no layer is counted"
    return Derivation(DEPTH, DEPTH, sentence=sentence, unit="layers")


def _summands(layers: tuple[LayerReport, ...], name: str, block: str | None) -> list[tuple[str, int]]:
    """What adds up to a total: the layers of a small network; of a large one or a block, its outermost level."""
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


def _chosen(found: list[Derivation], wanted: str | None, what: str) -> list[Derivation]:
    if wanted is None:
        return found
    name = ALIASES.get(wanted, wanted).replace("-", "_")
    chosen = [one for one in found if one.quantity == name]
    if not chosen:
        known = dict.fromkeys(one.quantity for one in found)
        raise call_error("ARC153", f"{what} has no quantity {wanted}", suggest(wanted, [*known, *ALIASES]))
    return chosen


def symbol_definitions(layer: LayerReport, derivations: list[Derivation]) -> list[SymbolDefinition]:
    """The letters that the sums use, with their meaning and value."""
    counts = layer.counts
    axes = len(counts.inputs[0].spatial)
    several = len(counts.inputs) > 1
    found = []
    for at, volume in enumerate(counts.inputs, 1):
        what = f"input volume {at}" if several else "input volume"
        found.append(SymbolDefinition(_names(volume.symbolic(str(at) if several else "")), what, str(volume)))
    for name, symbol in field_metadata(type(counts.layer), Symbol).items():
        value = getattr(counts.layer, name)
        letters = _names(numbers(symbolic(value, symbol, axes)))
        found.append(SymbolDefinition(letters, f"{name} ({symbol.unit})", ", ".join(map(str, numbers(value)))))
    found.append(SymbolDefinition(_names(counts.output.symbolic("out")), "output volume", str(counts.output)))
    found.append(SymbolDefinition(("r", "S", "P"), "receptive field of what it reads", "size, effective stride and padding"))
    used = {name for one in derivations if one.sum is not None for name in one.sum.symbols()}
    return [symbol for symbol in found if used.intersection(symbol.letters)]


def _names(numbers: Iterable[Any]) -> tuple[str, ...]:
    return tuple(number.name for number in numbers if isinstance(number, Term))


def _output(layer: LayerReport) -> Iterator[Derivation]:
    counts = layer.counts
    symbolic, volumes = as_symbols(counts.layer, counts.inputs)
    output = symbolic.output(*volumes)
    names = ("channels", *AXIS_NAMES.get(len(output) - 1, ()))
    for names_, size in _merged(list(zip(names, output, strict=True))):
        yield Derivation("output", f"output {names_}", term(size))


def _merged(sizes: list[tuple[str, Number]]) -> list[tuple[str, Number]]:
    """Axes whose sums read the same but for the letter of the axis are written once: height = width."""
    found: list[tuple[str, Number]] = []
    for name, size in sizes:
        steps = term(size).text() if found else None
        if found and found[-1][0] != "channels" and term(found[-1][1]).text() == steps:
            found[-1] = (f"{found[-1][0]} = {name}", found[-1][1])
        else:
            found.append((name, size))
    return found


def _counts(report: Report, layer: LayerReport) -> Iterator[Derivation]:
    counts = layer.counts
    symbolic, volumes = as_symbols(counts.layer, counts.inputs)
    y = Volume(counts.output).symbolic("out")
    if layer.tied_to:
        yield Derivation("params", "params", sentence=f"0: it uses the weights of {layer.tied_to}, counted there")
    else:
        for name in ("weights", "biases", "params", "buffers"):
            number = getattr(symbolic, name)(*volumes)
            if getattr(counts, name):
                yield Derivation(name, name, term(number), unit=_unit(report, name))
            elif name == "params":
                yield Derivation(name, name, sentence="0: the kind has none")
    if counts.neurons:
        yield Derivation("neurons", "neurons", term(y.elements), unit="units")
    if counts.connections:
        yield Derivation("connections", "connections", term(symbolic.connection_count(y, *volumes)), unit="connections")
    tallies = symbolic.tallies(y, *volumes)
    for name in counts.tallies:
        quantity_ = "mult_adds" if name == "multiply_adds" else name
        yield Derivation(quantity_, _words(name), term(tallies[name]), unit="operations")
    yield from _folds(report, layer)
    if layer.activations:
        yield Derivation("activations", "activations", term(y.elements), unit="values")
    else:
        yield Derivation("activations", "activations", sentence="0: it may overwrite its input, or is a view of it")
    size = Term(report.options.bytes, "bytes")
    for name, count in (("weight_bytes", layer.params), ("activation_bytes", layer.activations)):
        if count:
            source = "params" if name == "weight_bytes" else "activations"
            yield Derivation(name, _words(name), Term(count, source) * size, unit=f"bytes, {report.options.dtype}")


def _rest(report: Report, layer: LayerReport, reported: set[str]) -> Iterator[Derivation]:
    """What is asked for and has no sum of its own: parts of the parameters, and what a kind has none of."""
    for name in SUMMED:
        if name not in reported:
            number = getattr(layer, name)
            if number and name in ("trainable", "frozen", "fixed"):
                yield Derivation(name, name, Term(number, "params"), unit=_unit(report, name))
            elif number:
                yield Derivation(name, _words(name), term(number), unit=_unit(report, name))
            else:
                yield Derivation(name, _words(name), sentence="0: this layer has none")


def _folds(report: Report, layer: LayerReport) -> Iterator[Derivation]:
    """The operations of the layer under `flops` and under the report's convention."""
    chosen = report.options.convention
    for name, rule in (("flops", convention("flops")), ("operations", chosen)):
        if name == "operations" and chosen.name in _ALREADY_COUNTED:
            continue
        parts = [(weight, what) for weight, what, number in rule.parts(layer.op, layer.counts) if number and weight]
        if parts:
            derived = sum_(
                (
                    Term(int(quantity(layer.counts, what)), what)
                    if weight == 1
                    else weight * Term(int(quantity(layer.counts, what)), what)
                )
                for weight, what in parts
            )
            label = name if name == "flops" else f"operations by {chosen.name}"
            yield Derivation(name, label, term(derived), unit=rule.unit)


def _field(report: Report, layer: LayerReport) -> Iterator[Derivation]:
    field = layer.receptive_field
    if any(isinstance(axis, Undefined) for axis in field.axes) or not field.axes:
        why = f": {field.reason}" if field.reason else ""
        yield Derivation(RECEPTIVE_FIELD, "receptive field", sentence=f"{field.status}{why}")
        return
    before = _field_before(report, layer)
    receptive_window: Any = layer.counts.layer.receptive_window(*layer.counts.inputs)
    if before is None:
        yield Derivation(
            RECEPTIVE_FIELD, "receptive field", sentence=f"the hull of {len(layer.node.sources)} paths: {field.axes[0]}"
        )
        return
    symbolic, volumes = as_symbols(layer.counts.layer, layer.counts.inputs)
    names = AXIS_NAMES[len(field.axes)]
    steps: list[tuple[str, Any, tuple[Number, ...]]] = []
    for at, axis in enumerate(field.axes):
        if receptive_window is None or not isinstance(before[at], Affine) or not isinstance(receptive_window[at], Window):
            sentence = "unchanged: " if receptive_window is None else ""
            yield Derivation(RECEPTIVE_FIELD, f"receptive field, {names[at]}", sentence=sentence + str(axis))
            continue
        window = symbolic.receptive_window(*volumes)[at]  # type: ignore[index]  # a window in numbers is one in symbols
        start = before[at]
        assert isinstance(start, Affine)
        symbols_ = (Term(start.size, "r"), Term(start.stride, "S"), Term(start.padding, "P"))
        steps.append((names[at], window, slide(*symbols_, window)))  # type: ignore[arg-type]
    for what, position in (("size", 0), ("stride", 1), ("padding", 2)):
        for axis_names, derived in _merged([(name, sums[position]) for name, _, sums in steps]):
            yield Derivation(RECEPTIVE_FIELD, f"receptive field {what}, {axis_names}", term(derived), unit="positions")


def _field_before(report: Report, layer: LayerReport) -> tuple[Any, ...] | None:
    """The field of what the layer reads; None where several paths meet."""
    if len(layer.node.sources) > 1:
        return None
    at = layer.node.sources[0]
    if at >= 0:
        return report.layers[at].receptive_field.axes
    return tuple(Affine() for _ in layer.receptive_field.axes)


def _words(name: str) -> str:
    return {"mult_adds": "mult-adds", "multiply_adds": "mult-adds", "flops": "FLOPs"}.get(name, name.replace("_", " "))


def _unit(report: Report, name: str) -> str:
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
