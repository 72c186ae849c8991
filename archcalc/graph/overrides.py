"""Builds the graph of a document with overrides: variables, input shape, frozen layers, limits."""

from __future__ import annotations

import re
from collections.abc import Collection
from fnmatch import translate
from functools import partial
from typing import Any

from archcalc.arithmetic.term import Varying
from archcalc.description.document import Document
from archcalc.description.expressions import Expression
from archcalc.description.operators import ExpressionError
from archcalc.description.source import part_node
from archcalc.description.values import NOWHERE, Word, evaluated, exact, is_word
from archcalc.errors import Problems, call_error
from archcalc.graph.expansion import Expansion
from archcalc.graph.nodes import Graph, Limits, Node, weight_owners
from archcalc.graph.order import ordered
from archcalc.graph.resolution import resolve
from archcalc.graph.scope import Scope, report_no_value
from archcalc.suggestions import suggest

MAX_PATTERNS = 200
"""Patterns of frozen layers in a description and a call, together."""
MAX_COMPARED = 20_000_000
"""Characters of ids that patterns with signs are compared with, over all patterns."""


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
    inputs = dict(document.inputs)
    values = _variables(document, dict(variables or {}), shape, problems)
    if shape is not None and inputs:
        inputs[next(iter(inputs))] = list(shape)
    expansion = Expansion(document, values, limits or Limits(), problems)
    expansion.run()
    nodes = ordered(resolve(expansion), problems)
    sizes = {name: _shape(document, name, shape, values, problems) for name, shape in inputs.items()}
    frozen = _frozen(document, nodes, freeze, problems)
    plain = {name: str(value) if isinstance(value, Word) else value for name, value in values.items()}
    return Graph(document, nodes, sizes, plain, frozen, problems)


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
        mark = NOWHERE if name in overrides else document.origin.mark(document.nodes[f"variable {name}"])
        scope = Scope(values, own=name, declared=document.variables)
        if is_word(written, scope.knows):
            values[name] = Word(written.text, name, mark, scope)
            continue
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


def _shape(document: Document, name: str, shape: list[Any], values: dict[str, Any], problems: Problems) -> list[Any]:
    """The sizes of a network input, as integers; none, with a problem, where one is invalid."""
    node = document.nodes[f"input {name}"]
    try:
        sizes: list[Any] = evaluated(shape, Scope(values).lookup())
    except ExpressionError as error:
        report_no_value(problems, name, document.origin.mark(node), error, f"input {name}")
        return []
    invalid = {
        axis: size
        for axis, size in enumerate(sizes)
        if not isinstance(size, Varying) and (not isinstance(size, int) or isinstance(size, bool) or size < 1)
    }
    if invalid:
        first = min(invalid)
        mark = document.origin.mark(part_node(node, [first]) if shape is document.inputs.get(name) else node)
        several = len(invalid) > 1
        which = f"sizes {', '.join(map(str, invalid.values()))}" if several else f"a size {invalid[first]}"
        message = f"input {name} has {which}, which {'are' if several else 'is'} not an integer ≥ 1"
        problems.add("ARC138", mark, message, "sizes are channels first: [3, 224, 224]")
        return []
    return sizes


def _frozen(document: Document, nodes: list[Node], freeze: tuple[str, ...], problems: Problems) -> frozenset[int]:
    """The layers whose id, or that of a block around them, matches a pattern."""
    patterns = list(dict.fromkeys([*document.frozen, *freeze]))
    if len(patterns) > MAX_PATTERNS:
        raise call_error("ARC143", f"at most {MAX_PATTERNS} patterns of frozen layers are read, not {len(patterns):,}")
    if not patterns:
        return frozenset()
    inside: dict[str, list[int]] = {}
    for index, node in enumerate(nodes):
        for name in (*node.blocks, node.id):
            inside.setdefault(name, []).append(index)
    wild = sum(any(sign in pattern for sign in "*?[") for pattern in patterns)
    if wild > 1 and wild * sum(map(len, inside)) > MAX_COMPARED:
        message = f"{wild} patterns with * are too many to compare with {len(inside):,} ids"
        raise call_error("ARC143", message, "name blocks, or use fewer patterns")
    frozen: set[int] = set()
    owners = weight_owners(nodes)
    for pattern in patterns:
        matches = {index for name in _matching(pattern, inside) for index in inside[name]}
        if not matches:
            written = document.nodes.get("frozen")
            mark = document.origin.mark(written) if pattern in document.frozen and written is not None else NOWHERE
            out = partial(_similar_id, pattern, nodes)
            problems.add("ARC140", mark, f"no layer matches {pattern!r}, so nothing is frozen", out)
        frozen |= matches
        # Weights that other layers use too are frozen where they are counted.
        frozen |= {owner for index in matches if (owner := owners[index]) is not None}
    return frozenset(frozen)


def _similar_id(pattern: str, nodes: list[Node]) -> str:
    return suggest(pattern, (node.id for node in nodes))


def _matching(pattern: str, names: Collection[str]) -> list[str]:
    """The names that match a pattern; one without signs is looked up."""
    if not any(sign in pattern for sign in "*?["):
        return [pattern] if pattern in names else []
    match = re.compile(translate(pattern)).match
    return [name for name in names if match(name)]
