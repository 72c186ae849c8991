"""The graph of a document under settings from outside: variables, input shape, frozen layers, limits."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

from archcalc.arithmetic.term import Varying
from archcalc.description.document import Document
from archcalc.description.expressions import Expression, ExpressionError
from archcalc.description.source import element
from archcalc.description.values import evaluated, exact, is_word
from archcalc.errors import Mark, call_error, suggest
from archcalc.graph.expansion import Expansion
from archcalc.graph.nodes import Graph, Limits, Node
from archcalc.graph.order import ordered
from archcalc.graph.scope import Scope

MAX_PATTERNS = 200


def build_graph(
    document: Document,
    variables: dict[str, Any] | None = None,
    shape: list[Any] | None = None,
    freeze: tuple[str, ...] = (),
    limits: Limits | None = None,
) -> Graph:
    """The graph of a document; `variables` and `shape` set from outside win over what it says itself."""
    work = Expansion(document, limits or Limits())
    inputs = dict(document.inputs)
    values = _variables(document, dict(variables or {}), shape, work)
    if shape is not None and inputs:
        inputs[next(iter(inputs))] = list(shape)
    work.run(values)
    nodes = ordered(work)
    sizes = {name: _shape(document, name, shape, values, work) for name, shape in inputs.items()}
    frozen = _frozen(document, nodes, freeze, work)
    return Graph(document, nodes, sizes, values, frozen, work.problems)


def _variables(document: Document, given: dict[str, Any], shape: list[Any] | None, work: Expansion) -> dict[str, Any]:
    """The variables' values. An input set from outside also sets a variable that alone forms an axis."""
    if shape is not None and document.inputs:
        own = next(iter(document.inputs.values()))
        if len(own) != len(shape):
            raise call_error(
                "ARC136",
                f"--input has {len(shape)} sizes, the network's input {len(own)}",
                f"its shape is {'×'.join(map(str, own))}",
            )
        for written, size in zip(own, shape, strict=True):
            if isinstance(written, Expression) and written.text in document.variables:
                if written.text in given and given[written.text] != size:
                    raise call_error(
                        "ARC163",
                        f"--input sets {written.text} to {size}, another setting to something else",
                        "give one of the two",
                    )
                given[written.text] = size
    given = {name: exact(value) for name, value in given.items()}
    for name in given:
        if name not in document.variables:
            raise call_error("ARC137", f"the network has no variable {name}", suggest(name, document.variables))
    values: dict[str, Any] = {}
    for name, written in (document.variables | given).items():
        if is_word(written) and written.text not in document.variables:
            values[name] = written.text
            continue
        try:
            values[name] = evaluated(written, Scope(values).lookup())
        except ExpressionError as error:
            mark = document.text.mark(document.nodes[f"variable {name}"])
            work.problems.add("ARC131", mark, f"variable {name}: {error}")
            values[name] = 1
    return values


def _shape(document: Document, name: str, shape: list[Any], values: dict[str, Any], work: Expansion) -> list[Any]:
    """The sizes of a network input, as integers."""
    node = document.nodes[f"input {name}"]
    try:
        sizes = evaluated(shape, Scope(values).lookup())
    except ExpressionError as error:
        work.problems.add("ARC131", document.text.mark(node), f"input {name}: {error}")
        return []
    refused = {
        at: size
        for at, size in enumerate(sizes)
        if not isinstance(size, Varying) and (not isinstance(size, int) or isinstance(size, bool) or size < 1)
    }
    if refused:
        first = min(refused)
        mark = document.text.mark(element(node, [first]) if shape is document.inputs.get(name) else node)
        which = f"sizes {', '.join(map(str, refused.values()))}" if len(refused) > 1 else f"a size {refused[first]}"
        message = f"input {name} has {which}, which {'are' if len(refused) > 1 else 'is'} not an integer ≥ 1"
        work.problems.add("ARC138", mark, message, "sizes are channels first: [3, 224, 224]")
        return []
    return list(sizes)


def _frozen(document: Document, nodes: list[Node], freeze: tuple[str, ...], work: Expansion) -> frozenset[int]:
    """The layers whose id, or that of a block around them, matches a pattern."""
    patterns = [*document.frozen, *freeze]
    if len(patterns) > MAX_PATTERNS:
        raise call_error("ARC143", f"at most {MAX_PATTERNS} patterns of frozen layers are read, not {len(patterns):,}")
    if not patterns:
        return frozenset()
    names = [(*node.blocks, node.id) for node in nodes]
    found: set[int] = set()
    for pattern in patterns:
        hits = {at for at, around in enumerate(names) if any(fnmatchcase(name, pattern) for name in around)}
        if not hits:
            known = (node.id for node in nodes)
            at = document.nodes.get("frozen")
            mark = document.text.mark(at) if pattern in document.frozen and at is not None else Mark("archcalc")
            work.problems.add("ARC140", mark, f"no layer matches {pattern!r}, so nothing is frozen", suggest(pattern, known))
        found |= hits
        # Weights that are used elsewhere too are held where they are counted.
        found |= {owner for at in hits if (owner := nodes[at].tied_to) is not None and owner >= 0}
    return frozenset(found)
