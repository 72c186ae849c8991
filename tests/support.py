"""What several tests use: small descriptions from Python, and one layer worked out by itself."""

from __future__ import annotations

import json
from textwrap import dedent
from typing import Any

from archcalc.analysis.counts import LayerCounts
from archcalc.analysis.loading import load_source
from archcalc.analysis.misfit import RELATIONS
from archcalc.analysis.report import Report, analyze
from archcalc.description.binding import BindError, bind, loc_text
from archcalc.description.source import Source
from archcalc.errors import ArchcalcError
from archcalc.graph import Graph
from archcalc.layers import find
from archcalc.layers._base import Layer, Volume, field_metadata
from archcalc.layers._fields import LayerReference


def describe(shape: list[Any], *layers: dict[str, Any], **top: Any) -> str:
    """A description as text; JSON is YAML."""
    return json.dumps({"archcalc": 1, "input": {"shape": shape}, "layers": list(layers), **top}, ensure_ascii=False)


def graph_of(text: str, **options: Any) -> Graph:
    """The graph of a description given as text."""
    return load_source(Source("net.yaml", dedent(text)), **options)


def report_of(text: str, convention: str = "mult-adds", **options: Any) -> Report:
    """The report of a description given as text."""
    return analyze(graph_of(text, **options), convention)


def errors_of(text: str, **options: Any) -> str:
    """All that is wrong with a description, as it is printed; fails if nothing is."""
    try:
        analyze(graph_of(text, **options))
    except ArchcalcError as error:
        return str(error)
    raise AssertionError(f"this description must be refused, and is not:\n{text}")


def calls_of(monkeypatch: Any, target: str, function: Any) -> list[tuple[Any, ...]]:
    """The arguments of each call of a function, or of a class, that `target` names; it grows as these are made."""
    calls: list[tuple[Any, ...]] = []

    def counted(*arguments: Any) -> Any:
        calls.append(arguments)
        return function(*arguments)

    monkeypatch.setattr(target, counted)
    return calls


def layer_of(op: str, fields: dict[str, Any]) -> Layer:
    """A layer with its fields as they are written in a description."""
    kind = find(op)
    assert kind is not None, f"there is no kind {op}"
    return bind(kind, fields)


def refusals(op: str, inputs: list[list[int]], fields: dict[str, Any]) -> list[str]:
    """Why a layer is refused: sentences about its fields, requirements that fail, sizes below 1; empty if it is not."""
    try:
        layer = layer_of(op, fields)
    except BindError as error:
        return [f"{loc_text(place)} {sentence}" for place, sentence in error.refused]
    models = sum(name in fields for name in field_metadata(type(layer), LayerReference))
    read = len(inputs) - models
    if read < layer.min_inputs or (layer.max_inputs is not None and read > layer.max_inputs):
        return [f"reads {read} volumes"]
    volumes = [Volume(x) for x in inputs]
    failing = [
        sentence for left, relation, right, sentence in layer.requirements(*volumes) if not RELATIONS[relation][0](left, right)
    ]
    if failing:
        return failing
    return [f"output {size} is below 1" for size in layer.output(*volumes) if size < 1]


def computed(op: str, inputs: list[list[int]], fields: dict[str, Any]) -> LayerCounts:
    """The figures of one layer at given inputs; those that only give a volume stand last."""
    why = refusals(op, inputs, fields)
    assert not why, f"{op} {fields} at {inputs} is refused: {why}"
    layer = layer_of(op, fields)
    volumes = tuple(Volume(x) for x in inputs)
    return LayerCounts(layer, volumes, layer.output(*volumes))
