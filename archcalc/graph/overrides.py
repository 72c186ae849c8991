"""Builds the graph of a document with overrides: variables, input shape, frozen layers, limits."""

from __future__ import annotations

from typing import Any

from archcalc.arithmetic.term import Varying
from archcalc.description.document import Document
from archcalc.description.expressions import Expression
from archcalc.description.operators import ExpressionError
from archcalc.description.values import NOWHERE, Word, evaluated, exact
from archcalc.errors import Problems, call_error
from archcalc.graph.freezing import frozen_parts
from archcalc.graph.nodes import Graph, Limits
from archcalc.graph.order import ordered
from archcalc.graph.resolution import resolve
from archcalc.graph.scope import Scope, report_no_value, with_words
from archcalc.graph.side_by_side import ExpansionWithCopies
from archcalc.suggestions import suggest


def build_graph(
    document: Document,
    variables: dict[str, Any] | None = None,
    shape: list[Any] | None = None,
    freeze: tuple[str, ...] = (),
    limits: Limits | None = None,
) -> Graph:
    """The graph of a document; `variables` and `shape` override what the document says.

    Problems of the document are in the graph's `problems`. Raises `DescriptionError` where an override is malformed.
    """
    problems = Problems()
    values = _variables(document, dict(variables or {}), shape, problems)
    expansion = ExpansionWithCopies(document, values, limits or Limits(), problems)
    expansion.run()
    nodes = ordered(resolve(expansion), problems)
    sizes = _sizes(document, values, shape, problems)
    graph = Graph(document, nodes, sizes, _all_plain(values), {}, problems)
    graph.frozen = frozen_parts(graph, freeze, problems)
    return graph


def settings(document: Document, variables: dict[str, Any], shape: list[Any] | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """The variables' values and the inputs' sizes that a graph with these overrides has, without building it.

    Raises `DescriptionError` where an override is malformed.
    """
    problems = Problems()
    values = _variables(document, variables, shape, problems)
    return _all_plain(values), _sizes(document, values, shape, problems)


def _all_plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    """A variable's value with its words as plain texts."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, Word) else value


def _variables(document: Document, overrides: dict[str, Any], shape: list[Any] | None, problems: Problems) -> dict[str, Any]:
    """The variables' values. A shape also overrides a variable that is one of the input's sizes by itself."""
    if shape is not None and document.inputs:
        overrides = _with_sizes(document, overrides, shape)
    overrides = {name: exact(value) for name, value in overrides.items()}
    for name in overrides:
        if name not in document.variables:
            out = suggest(name, document.variables) if document.variables else "it has none"
            raise call_error("ARC137", f"the network has no variable {name}", out)
    values: dict[str, Any] = {}
    for name, written in (document.variables | overrides).items():
        mark = NOWHERE if name in overrides else document.mark(f"variable {name}")
        scope = Scope(values, own=name, declared=document.variables)
        written = with_words(written, name, mark, scope)
        try:
            values[name] = evaluated(written, scope.lookup())
        except ExpressionError as error:
            report_no_value(problems, name, mark, error, f"variable {name}")
            values[name] = None
    return values


def _with_sizes(document: Document, overrides: dict[str, Any], shape: list[Any]) -> dict[str, Any]:
    """The overrides with the variables that are sizes of the (first) input by themselves."""
    own = next(iter(document.inputs.values()))
    if len(own) != len(shape):
        message = f"--input has {len(shape)} sizes, the network's input {len(own)}"
        batch = f"leave the batch out: --input {'x'.join(map(str, shape[1:]))}" if len(shape) == len(own) + 1 else ""
        raise call_error("ARC136", message, f"its shape is {'×'.join(map(str, own))}", *([batch] if batch else ()))
    overrides = dict(overrides)
    for written, size in zip(own, shape, strict=True):
        if isinstance(written, Expression) and written.text in document.variables:
            if overrides.get(written.text, size) != size:
                message = f"--input sets {written.text} to {size}, another setting to something else"
                raise call_error("ARC163", message, "give one of the two")
            overrides[written.text] = size
    return overrides


def _sizes(document: Document, values: dict[str, Any], shape: list[Any] | None, problems: Problems) -> dict[str, Any]:
    """The sizes of the inputs, by their names; a shape overrides that of the first."""
    inputs = dict(document.inputs)
    if shape is not None and inputs:
        inputs[next(iter(inputs))] = list(shape)
    return {name: _shape(document, name, written, values, problems) for name, written in inputs.items()}


def _shape(document: Document, name: str, shape: list[Any], values: dict[str, Any], problems: Problems) -> list[Any]:
    """The sizes of a network input, as integers; none, with a problem, where one is invalid."""
    key = f"input {name}"
    try:
        sizes: list[Any] = evaluated(shape, Scope(values).lookup())
    except ExpressionError as error:
        report_no_value(problems, name, document.mark(key), error, key)
        return []
    invalid = {
        axis: size
        for axis, size in enumerate(sizes)
        if not isinstance(size, Varying) and (not isinstance(size, int) or isinstance(size, bool) or size < 1)
    }
    if invalid:
        first = min(invalid)
        mark = document.mark(key, *([first] if shape is document.inputs.get(name) else []))
        several = len(invalid) > 1
        which = f"sizes {', '.join(map(str, invalid.values()))}" if several else f"a size {invalid[first]}"
        message = f"input {name} has {which}, which {'are' if several else 'is'} not an integer ≥ 1"
        problems.add("ARC138", mark, message, "sizes are channels first: [3, 224, 224]")
        return []
    return sizes
