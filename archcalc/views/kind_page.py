"""The documentation page of a layer kind, made from its file: its words, its fields, its rules worked out."""

from __future__ import annotations

import inspect
from typing import Any

from archcalc.analysis.derivation import Derivation, derive, symbol_definitions
from archcalc.analysis.layer_report import LayerReport
from archcalc.analysis.loading import load_source
from archcalc.analysis.report import Report, analyze
from archcalc.description.model import Entry
from archcalc.description.source import Source
from archcalc.errors import call_error, suggest
from archcalc.layers import find, kinds
from archcalc.layers._base import Layer, field_metadata, field_types, required_fields
from archcalc.layers._fields import LayerReference, Letter
from archcalc.layers._types import expects_with_unit
from archcalc.views.keys import keys_sentence
from archcalc.views.tables.table import Column, Row, Table


def kinds_table() -> Table:
    """All kinds with a line each."""
    lines = []
    for op in kinds():
        kind = _kind(op)
        lines.append(Row([op, kind.summary, ", ".join(field_types(kind))]))
    columns = [Column("Kind", priority=9), Column("What it is", priority=8), Column("Fields", priority=3)]
    return Table("layer kinds", columns, lines, None, ["archcalc layers KIND shows the page of one"])


def kind_page(op: str) -> str:
    """The page of a kind in Markdown."""
    kind = _kind(op)
    lines = [f"# {op}", "", *_words(kind), "", "## Fields", "", *_fields(kind), "", *_example(op, kind)]
    return "\n".join(lines).rstrip() + "\n"


def _kind(op: str) -> type[Layer]:
    kind = find(op)
    if kind is None:
        raise call_error("ARC155", f"there is no layer kind {op}", suggest(op, kinds()))
    return kind


def _words(kind: type[Layer]) -> list[str]:
    """The docstring, whose headings stand alone above indented text."""
    lines = inspect.cleandoc(kind.__doc__ or "").splitlines()
    found: list[str] = []
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        heading = bool(line) and not line.startswith(" ") and after.startswith("    ")
        found += [f"## {line}", ""] if heading else [line.strip()]
    return found


def _fields(kind: type[Layer]) -> list[str]:
    if not field_types(kind):
        return ["None of its own."]
    lines = ["| Field | Symbol | Holds | Default |", "| :--- | :--- | :--- | :--- |"]
    letters = {name: mark.letter for name, mark in field_metadata(kind, Letter).items()}
    for name, held in field_types(kind).items():
        default = "required" if name in required_fields(kind) else _default(kind.model_fields[name].default)
        lines.append(f"| `{name}` | {letters.get(name, '')} | {expects_with_unit(held)} | {default} |")
    lines += ["", f"Besides {keys_sentence(Entry)}, which every layer may have."]
    return lines


def _default(value: Any) -> str:
    if value is None:
        return "none"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _example(op: str, kind: type[Layer]) -> list[str]:
    """The kind's own example, calculated: the formulas come from the rules."""
    report, layer = example(op, kind)
    reads = ", ".join("×".join(map(str, volume)) for volume in kind.example["inputs"])
    lines = ["## Example", "", f"`{written(op, kind.example['fields'])}` reading {reads} gives {layer.output}:", ""]
    lines += ["| Quantity | Rule | In numbers | Result |", "| :--- | :--- | :--- | ---: |"]
    sums = [one for one in derive(report, layer) if one.quantity not in _LEFT_OUT]
    lines += map(_derivation, sums)
    return [*lines, "", *(f"- {symbol.letter}: {symbol.meaning}" for symbol in symbol_definitions(layer, sums))]


_LEFT_OUT = {"weight_bytes", "activation_bytes", "activations", "flops"}


def _derivation(one: Derivation) -> str:
    if one.sum is None:
        return f"| {one.label} | {one.sentence} | | |"
    names, *middle, result = [*one.sum.steps()] if len(one.sum.steps()) > 1 else ["", *one.sum.steps()]
    return f"| {one.label} | {names} | {' = '.join(middle)} | {result} |"


def written(op: str, fields: dict[str, Any]) -> str:
    """A layer as a description writes it."""
    parts = [f"op: {op}", *(f"{name}: {_yaml(value)}" for name, value in fields.items())]
    return "{" + ", ".join(parts) + "}"


def _yaml(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def example(op: str, kind: type[Layer]) -> tuple[Report, LayerReport]:
    """The kind's example as a network of its own. A layer that is named for its volume is an input here."""
    names = [f"x{at}" for at, _ in enumerate(kind.example["inputs"], 1)]
    fields = dict(kind.example["fields"])
    read = names
    for field in field_metadata(kind, LayerReference):
        if field in fields:
            read, fields[field] = names[:1], names[1]
    inputs = ", ".join(f"{name}: {{shape: {shape}}}" for name, shape in zip(names, kind.example["inputs"], strict=True))
    layer = written(op, fields | {"id": "example", "inputs": f"[{', '.join(read)}]"})
    text = f"archcalc: 1\nname: {op}\ninputs: {{{inputs}}}\nlayers:\n  - {layer}\n"
    report = analyze(load_source(Source(f"{op} example", text)))
    return report, report.layers[0]
