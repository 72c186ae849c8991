"""The documentation page of a layer kind, generated from its file: docstring, fields, and formulas of an example."""

from __future__ import annotations

import inspect
from typing import Any

from archcalc.analysis.derivation import Derivation, derive, symbol_definitions
from archcalc.analysis.layer_report import LayerReport
from archcalc.analysis.loading import load_source
from archcalc.analysis.report import Report, analyze
from archcalc.description.model import Entry
from archcalc.description.source import Source
from archcalc.errors import call_error
from archcalc.layers import find, kinds
from archcalc.layers._base import Layer, field_default, field_metadata, field_types, required_fields
from archcalc.layers._fields import LayerReference, Letter
from archcalc.layers._types import expects_with_unit
from archcalc.suggestions import suggest
from archcalc.views.keys import keys_sentence
from archcalc.views.tables.table import Column, Row, Table

NO_TEXT = "Python has dropped the text of this page, because of -OO or PYTHONOPTIMIZE=2: start it without them."


def kinds_table() -> Table:
    """All kinds with a row each."""
    rows = []
    for op in kinds():
        kind = _kind(op)
        rows.append(Row([op, kind.summary, ", ".join(field_types(kind))]))
    columns = [Column("Kind", priority=9), Column("What it is", priority=8), Column("Fields", priority=3)]
    return Table("layer kinds", columns, rows, None, ["archcalc layers KIND shows the page of one"])


def kind_page(op: str) -> str:
    """The page of a kind in Markdown. Raises `DescriptionError` if there is no such kind."""
    kind = _kind(op)
    lines = [f"# {op}", "", *_docstring(kind), "", "## Fields", "", *_fields(kind), "", *_example(op, kind)]
    return "\n".join(lines).rstrip() + "\n"


def _kind(op: str) -> type[Layer]:
    kind = find(op)
    if kind is None:
        raise call_error("ARC155", f"there is no layer kind {op}", suggest(op, kinds()))
    return kind


def _docstring(kind: type[Layer]) -> list[str]:
    """The docstring in Markdown; a line above indented text is a heading."""
    lines = inspect.cleandoc(kind.__doc__ or NO_TEXT).splitlines()
    markdown: list[str] = []
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        heading = bool(line) and not line.startswith(" ") and after.startswith("    ")
        markdown += [f"## {line}", ""] if heading else [line.strip()]
    return markdown


def _fields(kind: type[Layer]) -> list[str]:
    if not field_types(kind):
        return ["None of its own."]
    lines = ["| Field | Symbol | Value | Default |", "| :--- | :--- | :--- | :--- |"]
    letters = {name: mark.letter for name, mark in field_metadata(kind, Letter).items()}
    for name, field in field_types(kind).items():
        default = "required" if name in required_fields(kind) else _default(field_default(kind, name))
        lines.append(f"| `{name}` | {letters.get(name, '')} | {expects_with_unit(field)} | {default} |")
    lines += ["", f"Besides {keys_sentence(Entry)}, which every layer may have."]
    return lines


def _default(value: Any) -> str:
    if value is None:
        return "none"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _example(op: str, kind: type[Layer]) -> list[str]:
    """The kind's example with the formulas that follow from its rules."""
    report, layer = example(op, kind)
    inputs = ", ".join("×".join(map(str, volume)) for volume in kind.example["inputs"])
    on = f" on {inputs}" if inputs else ""
    lines = ["## Example", "", f"`{as_yaml(op, kind.example['fields'])}`{on} yields {layer.output}:", ""]
    lines += ["| Quantity | Rule | In numbers | Result |", "| :--- | :--- | :--- | ---: |"]
    derivations = [derivation for derivation in derive(report, layer) if derivation.quantity not in _OMITTED]
    lines += map(_derivation, derivations)
    return [*lines, "", *(f"- {symbol.letter}: {symbol.meaning}" for symbol in symbol_definitions(layer, derivations))]


_OMITTED = {"weight_bytes", "activation_bytes", "activations", "flops"}


def _derivation(derivation: Derivation) -> str:
    if derivation.sum is None:
        return f"| {derivation.label} | {derivation.sentence} | | |"
    names, *middle, result = [*derivation.sum.steps()] if len(derivation.sum.steps()) > 1 else ["", *derivation.sum.steps()]
    return f"| {derivation.label} | {names} | {' = '.join(middle)} | {result} |"


def as_yaml(op: str, fields: dict[str, Any]) -> str:
    """A layer in the YAML of a description."""
    parts = [f"op: {op}", *(f"{name}: {_yaml(value)}" for name, value in fields.items())]
    return "{" + ", ".join(parts) + "}"


def _yaml(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def example(op: str, kind: type[Layer]) -> tuple[Report, LayerReport]:
    """The kind's example as a network of its own. A layer that another one refers to is an input here."""
    names = [f"x{number}" for number, _ in enumerate(kind.example["inputs"], 1)]
    fields = dict(kind.example["fields"])
    inputs = names
    for field in field_metadata(kind, LayerReference):
        if field in fields:
            inputs, fields[field] = names[:1], names[1]
    volumes = ", ".join(f"{name}: {{shape: {shape}}}" for name, shape in zip(names, kind.example["inputs"], strict=True))
    layer = as_yaml(op, fields | {"id": "example"} | ({"inputs": f"[{', '.join(inputs)}]"} if inputs else {}))
    unread = "unread: {shape: [1]}"  # a network has an input, even if its only layer reads none
    text = f"archcalc: 1\nname: {op}\ninputs: {{{volumes or unread}}}\nlayers:\n  - {layer}\n"
    report = analyze(load_source(Source(f"{op} example", text)))
    return report, report.layers[0]
